//! What the admin can do. The screen sends one of these and gets a new view; nothing else comes in.

use serde::Deserialize;

use crate::{error::Phase, secret::Secret};

/// One click or one entered value. Ids are those of the view that is shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Action {
    /// To the list of connections. A running task goes on.
    Home,
    /// To the choice of target and identity provider.
    NewSetup {
        /// In the practice world.
        practice: bool,
    },
    /// Chooses where the accounts go.
    ChooseTarget {
        /// Id of the target's recipe.
        target: String,
    },
    /// Chooses where the accounts come from.
    ChooseIdp {
        /// Id of the identity provider's recipe.
        idp: String,
    },
    /// Opens a setup at the step where it was left.
    OpenSetup {
        /// Id of the setup.
        setup: String,
    },
    /// Removes a setup and its secrets from this computer. Nothing changes at the target or the identity provider.
    RemoveSetup {
        /// Id of the setup.
        setup: String,
    },
    /// One screen back. Input stays.
    Back,
    /// Proves what is open on this screen, and goes on if all of it holds.
    Continue,
    /// To another step of the open setup.
    GoTo {
        /// The step.
        phase: Phase,
    },
    /// A value for an input block.
    Type {
        /// The block.
        block: String,
        /// Its new value.
        value: String,
    },
    /// A value for a secret block: typed, or put in by the shell from the clipboard.
    FillSecret {
        /// The block.
        block: String,
        /// The value.
        #[cfg_attr(test, ts(type = "string"))]
        secret: Secret,
    },
    /// Uses the token of another slot for this one, where the screen offers it.
    UseSecret {
        /// The block.
        block: String,
    },
    /// Takes a secret out again.
    ClearSecret {
        /// The block.
        block: String,
    },
    /// Tries once more to save a secret that the keyring refused.
    SaveSecret {
        /// The block.
        block: String,
    },
    /// An answer to a choice block.
    Choose {
        /// The block.
        block: String,
        /// The option.
        option: String,
    },
    /// A tick in a mapping table or of a confirmation.
    Tick {
        /// The block.
        block: String,
        /// The row; empty for a confirmation.
        row: String,
        /// Ticked or not.
        done: bool,
    },
    /// Runs a check, or does what the block's button says.
    Run {
        /// The block.
        block: String,
    },
    /// Stops waiting for a check. What was issued stays.
    Cancel {
        /// The block.
        block: String,
    },
    /// Takes over the base URL that was tried instead and answered, and runs the check once more.
    Correct {
        /// The block.
        block: String,
    },
    /// Says which part of an unknown answer is the token.
    Pick {
        /// The block.
        block: String,
        /// The candidate.
        candidate: String,
    },
    /// Begins to replace the token of a setup, or goes on with it.
    Rotate {
        /// Id of the setup.
        setup: String,
    },
    /// Stops the rotation that is open; the old token stays in use, if the target still accepts it.
    CancelRotation,
    /// Asks every SCIM endpoint whether it accepts the token in use.
    CheckAll,
    /// Stops that.
    StopCheckAll,
    /// The day on which a token ends, as the admin knows it.
    SetEnd {
        /// Id of the setup.
        setup: String,
        /// As `YYYY-MM-DD`; empty if it is not known after all.
        day: String,
    },
    /// Writes reminders for the calendar (`.ics`) to the documents folder.
    SaveReminders,
    /// Writes the runbook (Markdown, no secrets) to the documents folder.
    SaveRunbook,
    /// Begins to look at a file or a text; its bytes follow by [`crate::App::feed`].
    Examine {
        /// The intake.
        intake: String,
        /// What the file is called.
        name: String,
        /// Its bytes, if that is known.
        #[cfg_attr(test, ts(type = "number | null"))]
        size: Option<u64>,
    },
    /// Stops looking at it, or puts away what was found.
    PutAway {
        /// The intake.
        intake: String,
    },
    /// A file cannot be read any further, by whose fault ever.
    BreakOff {
        /// The examination that takes its bytes.
        serial: u32,
    },
    /// To what can go wrong: the page of one class, or a place for an error text or a log.
    Doctor {
        /// The class, by its slug.
        class: Option<String>,
    },
    /// To what this program is, and where it keeps what.
    About,
    /// To the comparison of who should have arrived with who did.
    Arrived {
        /// Id of the setup.
        setup: String,
    },
    /// What a group is called whose file does not say it.
    NameGroup {
        /// The file.
        file: String,
        /// The group's name, as the target has it.
        name: String,
    },
    /// Reads the target, and compares it with what was handed over.
    Compare,
    /// Stops that. What an earlier comparison found stays.
    StopComparing,
    /// Writes what the comparison found (CSV) to the documents folder.
    SaveDifferences,
    /// Takes a notice away.
    Dismiss {
        /// The notice.
        notice: String,
    },
    /// Tries again what the blocked screen is about.
    TryAgain,
}

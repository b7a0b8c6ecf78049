//! The parts of a step, one kind each, as the screen draws them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Arrivals, Intake, Source, Span, Tone, Toned};
use crate::{error::Problem, systems::probe::State as StageState};

/// A part of a step. There is one component for each kind and none for a system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Block {
    /// A heading inside a step.
    Heading {
        /// Its id.
        id: String,
        /// The words.
        text: String,
    },
    /// One thing to do.
    Text {
        /// Its id.
        id: String,
        /// Its number in the list of things to do.
        number: u8,
        /// The words.
        text: Vec<Span>,
        /// What an older or newer console calls it, or what another guide says.
        variants: Vec<Variant>,
    },
    /// A remark that is not an action.
    Note {
        /// Its id.
        id: String,
        /// Warn or neutral.
        tone: Tone,
        /// The words.
        text: Vec<Span>,
    },
    /// Opens a page in the browser.
    Link {
        /// For `open_link`.
        id: String,
        /// The button's words.
        label: String,
        /// The host, so that the admin sees where it leads.
        host: String,
    },
    /// A value to copy into a console.
    Copy {
        /// For `copy`.
        id: String,
        /// The console's own name of the field.
        label: String,
        /// The value as copied.
        value: String,
        /// A remark.
        note: Option<String>,
    },
    /// A secret: to be filled by the admin, or kept and copied.
    Secret {
        /// For `paste`, `copy`, `reveal`.
        id: String,
        /// What it is.
        label: String,
        /// Whether the admin fills it here; else it is only copied.
        fillable: bool,
        /// Offers the token of another slot: the words of the button.
        offer: Option<String>,
        /// Empty or filled.
        state: SecretState,
        /// Why what was entered cannot be it.
        problem: Option<Problem>,
        /// A remark.
        note: Option<String>,
    },
    /// One of several answers.
    Choice {
        /// Its id.
        id: String,
        /// The question.
        label: String,
        /// The answers.
        options: Vec<ChoiceOption>,
        /// What the chosen answer means, if it is not the good one.
        problem: Option<Problem>,
        /// What the chosen answer means, if there is more to say.
        note: Option<Vec<Span>>,
    },
    /// A value to type.
    Input {
        /// Its id.
        id: String,
        /// The question.
        label: String,
        /// What was typed.
        value: String,
        /// An example.
        placeholder: String,
        /// Why it is asked.
        note: Option<String>,
        /// Why what was typed cannot be it.
        problem: Option<Problem>,
        /// What is to be said about it, although it may be right.
        warning: Option<Problem>,
    },
    /// Something only the admin can see; a later step proves it.
    Confirm {
        /// Its id.
        id: String,
        /// What the admin says.
        label: String,
        /// Ticked.
        done: bool,
        /// "Step 3 proves it", or what proved it.
        proof: Toned,
    },
    /// Mapping tables to work through.
    Mapping {
        /// Its id.
        id: String,
        /// Users and groups.
        tables: Vec<MappingTable>,
        /// Rows and object actions done.
        done: u32,
        /// Rows and object actions in all.
        total: u32,
    },
    /// A file or a text to hand over, looked at on this computer.
    Intake(Intake),
    /// Something Usher does and proves.
    Check {
        /// Its id.
        id: String,
        /// What is proved or done, as a heading.
        label: String,
        /// The button's words.
        button: String,
        /// What the button changes, if anything: "replaces nothing; safe to do".
        note: Option<String>,
        /// Whether pressing Continue runs it too.
        runs_on_continue: bool,
        /// Whether it can be pressed now.
        enabled: bool,
        /// How it stands.
        state: CheckState,
        /// Who arrived so far, for a check that watches.
        arrivals: Option<Arrivals>,
    },
}

impl Block {
    /// Its id, whatever it is.
    pub fn id(&self) -> &str {
        match self {
            Self::Heading { id, .. }
            | Self::Text { id, .. }
            | Self::Note { id, .. }
            | Self::Link { id, .. }
            | Self::Copy { id, .. }
            | Self::Secret { id, .. }
            | Self::Choice { id, .. }
            | Self::Input { id, .. }
            | Self::Confirm { id, .. }
            | Self::Mapping { id, .. }
            | Self::Intake(Intake { id, .. })
            | Self::Check { id, .. } => id,
        }
    }
}

/// What an older or newer console, or another guide, says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Variant {
    /// "My screen looks different", "An older guide says otherwise".
    pub label: String,
    /// The words.
    pub text: Vec<Span>,
    /// Where they come from.
    pub source: Option<Source>,
}

/// Whether a secret is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SecretState {
    /// Not yet.
    Empty,
    /// There.
    Filled {
        /// For recognising it again.
        last_four: String,
        /// Whether the keyring holds it; if not, it is only in memory and must be copied.
        saved: bool,
        /// What is known about it: "saved in your system keyring", "for ada@example.com".
        facts: Vec<String>,
        /// Its end, if known.
        #[cfg_attr(test, ts(type = "string | null"))]
        expires_at: Option<Timestamp>,
        /// The end in words: "expires 22 November 2027 (365 days)", "its end is not known".
        expires: Toned,
    },
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChoiceOption {
    /// For [`crate::Action::Choose`].
    pub id: String,
    /// The words, often a console's own.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One mapping of the console.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MappingTable {
    /// "Users" or "Groups".
    pub title: String,
    /// Head of the target's column, in the console's words.
    pub target_heading: String,
    /// Head of the source's column.
    pub source_heading: String,
    /// Object actions to tick or untick.
    pub actions: Vec<ObjectAction>,
    /// The rows.
    pub rows: Vec<MappingRow>,
}

/// Create, Update or Delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ObjectAction {
    /// For [`crate::Action::Tick`].
    pub id: String,
    /// The console's word.
    pub name: String,
    /// Whether it must be ticked in the console.
    pub wanted: bool,
    /// Whether the admin has done it.
    pub done: bool,
}

/// One row of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MappingRow {
    /// For [`crate::Action::Tick`]; `<block>/<row>/target` and `<block>/<row>/source` for `copy`.
    pub id: String,
    /// The attribute at the target.
    pub target: String,
    /// The attribute or expression at the identity provider.
    pub source: String,
    /// What is to be done with it.
    pub verb: Verb,
    /// A remark: "matching 1", "was mail".
    pub note: Option<String>,
    /// Whether the admin has done it.
    pub done: bool,
}

/// What to do with a mapping row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Verb {
    /// Leave it.
    Keep,
    /// Not there by default: add it.
    Add,
    /// There with another source: change it.
    Change,
    /// Take it out.
    Delete,
}

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum CheckState {
    /// Not run, or what it proved has changed since.
    Waiting,
    /// Running.
    Running {
        /// What it is doing.
        doing: String,
        /// Since when.
        #[cfg_attr(test, ts(type = "string"))]
        since: Timestamp,
        /// Whether Cancel is offered; what issues something is not cancelled.
        cancellable: bool,
        /// The stages of a check that has some, in order.
        stages: Vec<StageShown>,
    },
    /// It holds.
    Passed {
        /// What was proved.
        proof: String,
        /// When.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
        /// The evidence, line by line.
        findings: Vec<Finding>,
    },
    /// It does not.
    Failed {
        /// Who refused, what, why, and what next.
        problem: Problem,
        /// When.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
        /// The evidence, line by line.
        findings: Vec<Finding>,
        /// Parts of an unknown answer, one of which is the token.
        candidates: Vec<Candidate>,
        /// The base URL that was tried instead and answered, for [`crate::Action::Correct`].
        correction: Option<String>,
    },
}

/// One stage of a check that has some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StageShown {
    /// Its name.
    pub title: String,
    /// How it stands.
    pub state: StageState,
    /// What was found; empty while it waits.
    pub words: String,
}

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// Name: a request, an attribute.
    pub name: String,
    /// Value: its answer.
    pub value: String,
    /// Whether it is as it should be.
    pub good: bool,
    /// Whether it is worth knowing all the same.
    #[serde(default)]
    pub warn: bool,
}

impl Finding {
    /// One that is as it should be, or not.
    pub fn new(name: impl Into<String>, value: impl Into<String>, good: bool) -> Self {
        Self { name: name.into(), value: value.into(), good, warn: false }
    }
}

/// A part of an answer that may be the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Candidate {
    /// For [`crate::Action::Pick`].
    pub id: String,
    /// Where it stands in the answer.
    pub path: String,
    /// Masked, with the last four.
    pub masked: String,
}

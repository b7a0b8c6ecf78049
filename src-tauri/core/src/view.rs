//! What the screen shows, complete: the window draws this and decides nothing. Every string is ready to read,
//! every id can be sent back in an [`crate::Action`]. No secret and no address to open is in it.

use jiff::Timestamp;
use serde::Serialize;

use crate::error::{Phase, Problem};

/// One screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct View {
    /// Grows with each change; an older view that arrives late is dropped by the screen.
    pub revision: u32,
    /// In practice: the sentence across the top.
    pub banner: Option<String>,
    /// What concerns the whole window: progress that could not be saved, a locked keyring.
    pub notices: Vec<Notice>,
    /// To be read aloud by a screen reader, politely, when its serial is new.
    pub announcement: Option<Announcement>,
    /// The screen itself.
    pub screen: Screen,
}

/// Something about the whole window.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
    /// For [`crate::Action::Dismiss`].
    pub id: String,
    /// How it is coloured; the words alone say the same.
    pub tone: Tone,
    /// The problem with its hints.
    pub problem: Problem,
    /// Whether it can be taken away.
    pub dismissible: bool,
}

/// A text for the live region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Announcement {
    /// New text, new number.
    pub serial: u32,
    /// The words.
    pub text: String,
}

/// How grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// Proven.
    Good,
    /// Soon to act on.
    Warn,
    /// Broken.
    Bad,
}

/// Which screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Screen {
    /// The list of connections, or the first start.
    Home(Home),
    /// Choice of target and identity provider.
    NewSetup(NewSetup),
    /// What the admin needs before the first step.
    Needs(Needs),
    /// One of the six.
    Step(Step),
    /// All six proven.
    Finish(Finish),
    /// Usher cannot work: open twice, no data directory.
    Blocked(Blocked),
}

/// The list of connections.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Home {
    /// Heading.
    pub title: String,
    /// One sentence: what Usher does (first start) or what the list is.
    pub lead: String,
    /// Connections, the one touched last first.
    pub setups: Vec<SetupCard>,
    /// Files that could not be read; they are kept.
    pub unreadable: Vec<Problem>,
}

/// One connection on Home.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupCard {
    /// For [`crate::Action::OpenSetup`].
    pub id: String,
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// In the practice world.
    pub practice: bool,
    /// Step reached, or health, and when it was proven last.
    pub status: String,
    /// Days left, or that the end is not known.
    pub token: Toned,
    /// "Continue" or "Open".
    pub open: String,
}

/// A short text with a tone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Toned {
    /// The words.
    pub text: String,
    /// The colour.
    pub tone: Tone,
}

/// Choice of the pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewSetup {
    /// In the practice world.
    pub practice: bool,
    /// Where accounts can go.
    pub targets: Vec<Choosable>,
    /// Where they can come from; empty until a target is chosen.
    pub idps: Vec<Choosable>,
    /// Continue, when both are chosen and there is a guide.
    pub forward: Forward,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Choosable {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One line about it, or why it cannot be chosen.
    pub note: String,
    /// Whether it can be chosen.
    pub available: bool,
    /// Whether it is.
    pub chosen: bool,
}

/// What the admin needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Needs {
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// One sentence.
    pub lead: String,
    /// The rights and things.
    pub needs: Vec<Need>,
    /// A request to send to the person who must act; copied by this id.
    pub request: Option<CopyField>,
    /// To the first step.
    pub forward: Forward,
}

/// One right or thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Need {
    /// The right.
    pub what: Vec<Span>,
    /// At which console.
    pub place: String,
    /// For how long.
    pub how_long: String,
    /// Who has it or gives it.
    pub who: String,
}

/// A value to copy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CopyField {
    /// For `copy`.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Shown as it is copied.
    pub value: String,
}

/// The button that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Forward {
    /// "Continue", "Finish" …
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
    /// If not: what is missing, in words.
    pub missing: Option<String>,
}

/// One of the six steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Step {
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// The six, with their state.
    pub rail: Vec<RailItem>,
    /// Which one is shown.
    pub phase: Phase,
    /// 1 to 6.
    pub number: u8,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub why: Vec<Span>,
    /// Where the guide's words come from.
    pub sources: Vec<Source>,
    /// What is to be done, top to bottom.
    pub blocks: Vec<Block>,
    /// Continue.
    pub forward: Forward,
}

/// One line of the rail.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RailItem {
    /// For [`crate::Action::GoTo`].
    pub phase: Phase,
    /// The step's name, in the target's words.
    pub title: String,
    /// How far it is.
    pub state: RailState,
    /// Whether it is the one shown.
    pub current: bool,
    /// Whether it can be opened now.
    pub reachable: bool,
    /// A line below: days left, "proven by step 3", "not needed here".
    pub note: Option<Toned>,
    /// The end of a short-lived token; the screen counts down to it.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub ends_at: Option<Timestamp>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RailState {
    /// Not begun or not complete.
    Open,
    /// Done by the admin's word; a later step proves it.
    Unproven,
    /// Proven.
    Proven,
    /// Was done and is not any more: a token ended, a right was refused.
    Reopened,
    /// This target has no need for it.
    NotNeeded,
}

/// Where a guide's words come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Source {
    /// Id of the link, for `open_link`; absent if it has no page.
    pub link: Option<String>,
    /// Its title.
    pub title: String,
    /// Its date, as `YYYY-MM-DD`.
    pub date: String,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "style", content = "text", rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Span {
    /// As it is.
    Plain(String),
    /// A console's own words.
    Strong(String),
    /// A value to be typed or compared letter by letter.
    Code(String),
}

/// A part of a step. There is one component for each kind and none for a system.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// What an older or newer console, or another guide, says.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    },
}

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// Name: a request, an attribute.
    pub name: String,
    /// Value: its answer.
    pub value: String,
    /// Whether it is as it should be.
    pub good: bool,
}

/// A part of an answer that may be the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// Who arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Arrivals {
    /// Users at the target.
    pub users: u32,
    /// Groups at the target.
    pub groups: u32,
    /// The newest names.
    pub newest: Vec<String>,
    /// Anything else worth saying: when the next cycle is due.
    pub note: String,
}

/// The end of a set-up.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finish {
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub lead: String,
    /// The six steps with what proved each.
    pub proofs: Vec<ProvenStep>,
    /// By which token, until when, the next date to act on.
    pub facts: Vec<Fact>,
    /// Where the runbook was saved.
    pub runbook: Option<String>,
}

/// A step and what proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProvenStep {
    /// Which.
    pub phase: Phase,
    /// Its name.
    pub title: String,
    /// Whether something proved it; what is not proven is said to be so.
    pub proven: bool,
    /// What proved it.
    pub proof: String,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Soon to act on?
    pub tone: Tone,
}

/// Usher cannot work.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Blocked {
    /// Why, and what to do.
    pub problem: Problem,
}

/// What a copy button did; the answer to `copy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Copied {
    /// What was copied, by its label.
    pub what: String,
    /// After how many seconds a secret leaves the clipboard; absent for what is no secret.
    pub clears_in: Option<u32>,
}

//! What the screen shows, complete: the window draws this and decides nothing. Every string is ready to read,
//! every id can be sent back in an [`crate::Action`]. No secret and no address to open is in it.

mod about;
mod arrived;
mod block;
mod ledger;
mod sheet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::about::{About, AboutPoint};
pub use self::arrived::{
    Arrived, CompareDoor, Compared, Comparison, DifferenceRow, GroupFile, GroupFileState, GroupFiles, KindCount,
    RowFilter, Rows,
};
pub use self::block::{
    Block, Candidate, CheckState, ChoiceOption, Finding, MappingRow, MappingTable, ObjectAction, SecretState,
    StageShown, Variant, Verb,
};
pub use self::ledger::{
    CheckAll, EndField, EndOffer, Fact, Finish, HistoryLine, Home, Progress, ProvenStep, Reminders, Rotation, SetupCard,
};
pub use self::sheet::{ClassLink, Doctor, Intake, IntakeState, Point, Section, Sheet, SheetRow};
use crate::error::{Phase, Problem};

/// One screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Announcement {
    /// New text, new number.
    pub serial: u32,
    /// The words.
    pub text: String,
}

/// How grave something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// What an error means.
    Doctor(Doctor),
    /// The program itself.
    About(About),
    /// Who arrived, compared with who should have.
    Arrived(Box<Arrived>),
    /// Usher cannot work: open twice, no data directory.
    Blocked(Blocked),
}

/// A short text with a tone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Toned {
    /// The words.
    pub text: String,
    /// The colour.
    pub tone: Tone,
}

/// Choice of the pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Set while a token is being rotated: these are then the steps of the rotation.
    pub rotation: Option<Rotation>,
    /// The way to the comparison of who arrived, once somebody may have.
    pub compare: Option<CompareDoor>,
}

/// One line of the rail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Who arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Usher cannot work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Blocked {
    /// Why, and what to do.
    pub problem: Problem,
}

/// What a copy button did; the answer to `copy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Copied {
    /// What was copied, by its label.
    pub what: String,
    /// After how many seconds a secret leaves the clipboard; absent for what is no secret.
    pub clears_in: Option<u32>,
}

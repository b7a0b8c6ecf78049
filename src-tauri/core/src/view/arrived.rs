//! Who arrived: what is handed over, how far the comparison is, and the rows of what it found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Intake, Point, Span, Tone, Toned};
use crate::error::Problem;

/// What should have arrived at the target, compared with what did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Arrived {
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub lead: String,
    /// The list of people.
    pub people: Intake,
    /// The groups with their members.
    pub groups: GroupFiles,
    /// Why nothing can be compared yet.
    pub missing: Option<String>,
    /// How the comparison stands.
    pub comparison: Comparison,
}

/// A place for the groups, one file after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupFiles {
    /// For [`crate::Action::Examine`].
    pub id: String,
    /// What is handed over, as a heading.
    pub label: String,
    /// What to hand over, and from where.
    pub note: Vec<Span>,
    /// What was handed over, the first first; of very many, those that are to be seen to and the newest.
    pub files: Vec<GroupFile>,
    /// What is not shown: "and 4,900 more files".
    pub more: Option<String>,
}

/// One file of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupFile {
    /// For [`crate::Action::NameGroup`] and [`crate::Action::PutAway`].
    pub id: String,
    /// What the file is called.
    pub file: String,
    /// The group's name, where the file does not say it: taken from the file's name, for the admin to correct.
    pub name: Option<String>,
    /// How it stands.
    pub state: GroupFileState,
}

/// How far a file of groups is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum GroupFileState {
    /// It is being read.
    Reading {
        /// The examination that takes the bytes.
        serial: u32,
        /// How far, in words.
        doing: String,
    },
    /// It was read.
    Done {
        /// "20 members".
        holds: String,
        /// What is worth knowing about it.
        remarks: Vec<String>,
    },
    /// It could not be read.
    Failed {
        /// Why, and what to hand over instead.
        problem: Problem,
    },
}

/// How the comparison stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Comparison {
    /// Not begun.
    Waiting,
    /// The target is being read.
    Running {
        /// How far, how fast and how long still, in words.
        doing: String,
        /// What the server asks to wait for.
        waits: Option<String>,
        /// How far, in hundredths, once that is known.
        percent: Option<u8>,
    },
    /// Compared.
    Done(Compared),
    /// It could not be compared.
    Failed {
        /// Who refused, what, why, and what next.
        problem: Problem,
        /// When.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
    },
}

/// What came of it; the rows are asked for by [`crate::App::rows`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Compared {
    /// Which comparison; a later one has another number.
    pub serial: u32,
    /// When.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Timestamp,
    /// One sentence.
    pub verdict: Toned,
    /// How much was read and in which time, in some words each; that a file was changed since.
    pub remarks: Vec<String>,
    /// What was assumed, and what could not be compared.
    pub notes: Vec<String>,
    /// Whether everything could be compared.
    pub complete: bool,
    /// Differences in all.
    pub total: u32,
    /// How many of each kind, the gravest first; none that there are none of.
    pub kinds: Vec<KindCount>,
    /// Where the file was saved.
    pub saved: Option<String>,
}

/// Differences of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KindCount {
    /// For [`RowFilter`].
    pub kind: String,
    /// What it is, in words.
    pub title: String,
    /// How grave.
    pub tone: Tone,
    /// How many.
    pub count: u32,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowFilter {
    /// Kinds by their slugs; all, if none is named.
    pub kinds: Vec<String>,
    /// What has to stand in the row, letter case aside; anything, if empty.
    pub text: String,
}

/// Some rows of what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rows {
    /// Rows that the filter leaves, in all.
    pub total: u32,
    /// Place of the first one here among them, from 0.
    pub from: u32,
    /// The rows.
    pub rows: Vec<DifferenceRow>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DifferenceRow {
    /// Its kind, in words.
    pub kind: String,
    /// How grave.
    pub tone: Tone,
    /// Whom it is about.
    pub who: String,
    /// The group or the attribute.
    pub what: String,
    /// What the identity provider's list says.
    pub expected: String,
    /// What the target has.
    pub found: String,
    /// The probable cause, in few words.
    pub cause: String,
    /// What to know about it: cause, what to do, the next click.
    pub points: Vec<Point>,
    /// For [`crate::Action::Doctor`]: the page that says more.
    pub class: Option<String>,
}

/// The way to the comparison, where there is something to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompareDoor {
    /// For [`crate::Action::Arrived`].
    pub setup: String,
    /// The block of the step below which it stands; empty elsewhere.
    pub below: String,
    /// What came of the last one.
    pub last: Option<Toned>,
}

//! What was found in a file or a text that the admin handed over: a sheet to read, the same for every kind.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Source, Span, Tone, Toned};
use crate::error::Problem;

/// A place to hand over a file or a text, and what was found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Intake {
    /// For [`crate::Action::Examine`].
    pub id: String,
    /// What is looked at, as a heading.
    pub label: String,
    /// What to hand over, and from where.
    pub note: Vec<Span>,
    /// What the field for a pasted text says while it is empty.
    pub placeholder: String,
    /// How it stands.
    pub state: IntakeState,
}

/// How far an examination is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum IntakeState {
    /// Nothing was handed over.
    #[default]
    Empty,
    /// It is being read.
    Reading {
        /// Name of the file, or what a pasted text is called.
        name: String,
        /// The examination that takes the bytes; a later one has another.
        serial: u32,
        /// How far, in words.
        doing: String,
        /// How far, in hundredths, if the size is known.
        percent: Option<u8>,
    },
    /// It was read.
    Done {
        /// Name of the file.
        name: String,
        /// When.
        #[cfg_attr(test, ts(type = "string"))]
        at: Timestamp,
        /// What was found.
        sheet: Sheet,
    },
    /// It could not be read.
    Failed {
        /// Name of the file.
        name: String,
        /// Why, and what to hand over instead.
        problem: Problem,
    },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sheet {
    /// One sentence.
    pub verdict: Toned,
    /// How it was read, and what is worth knowing about it.
    pub remarks: Vec<String>,
    /// What was found, the gravest first.
    pub sections: Vec<Section>,
}

impl Sheet {
    /// Of a part only, because the admin stopped.
    pub(crate) fn stopped(mut self) -> Self {
        self.remarks.insert(0, "Stopped before the end: this is about the part that was read until then.".into());
        if self.verdict.tone == Tone::Good {
            self.verdict.tone = Tone::Neutral;
        }
        self
    }
}

/// Things of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Section {
    /// Unique on its sheet.
    pub id: String,
    /// What it is.
    pub title: String,
    /// How grave.
    pub tone: Tone,
    /// How many, or how sure: a short word beside the title.
    pub badge: String,
    /// What to know about all of them: cause, what to do, the next click.
    pub points: Vec<Point>,
    /// Where that comes from.
    pub source: Option<Source>,
    /// For [`crate::Action::Doctor`]: the page that says more.
    pub class: Option<String>,
    /// Heads of the columns; none where there are no rows.
    pub columns: Vec<String>,
    /// One line each.
    pub rows: Vec<SheetRow>,
    /// What is not shown: "and 1,204 more".
    pub more: Option<String>,
}

/// A sentence with its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Point {
    /// The heading: "Cause".
    pub label: String,
    /// The words.
    pub text: Vec<Span>,
}

/// One line of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SheetRow {
    /// Unique in its section.
    pub id: String,
    /// How grave.
    pub tone: Tone,
    /// What to do with it, in a word; drawn in its colour. May be empty.
    pub tag: String,
    /// The cells, as many as there are columns.
    pub cells: Vec<String>,
    /// Why, below the line.
    pub note: String,
}

/// What can go wrong, explained; and a place to hand over an error text or a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Doctor {
    /// Heading.
    pub title: String,
    /// One sentence.
    pub lead: String,
    /// The page of one class, if one is open.
    pub page: Option<Box<Section>>,
    /// Where a text or a log is handed over.
    pub intake: Intake,
    /// Every class that has a page.
    pub classes: Vec<ClassLink>,
}

/// The way to a class's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClassLink {
    /// For [`crate::Action::Doctor`].
    pub class: String,
    /// Its title.
    pub title: String,
}

//! What the mapping check found, ready to be drawn as tables: every text is a sentence, every row has a stable id.

use serde::Serialize;

use crate::{class::Class, view::Toned};

/// The whole finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The target's full name.
    pub target: String,
    /// The identity provider's full name.
    pub idp: String,
    /// What was read, in words.
    pub source: String,
    /// Whether it is all of the mapping: what was copied from a page may be a part.
    pub whole: bool,
    /// One sentence.
    pub verdict: Toned,
    /// Users, then groups; a table that was not in the input is missing here, and a note says so.
    pub tables: Vec<Table>,
    /// What concerns the whole.
    pub notes: Vec<Note>,
}

/// The mapping of users or of groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// `users` or `groups`.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Head of the target's column.
    pub target_heading: String,
    /// Head of the source's column.
    pub source_heading: String,
    /// In the input's order; what has to be added comes last.
    pub rows: Vec<Row>,
    /// The object actions, in the console's order.
    pub actions: Vec<Action>,
    /// What concerns this table.
    pub notes: Vec<Note>,
}

/// One attribute at the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Unique in the report; that of the same row in the guide's table.
    pub id: String,
    /// At the target.
    pub attribute: String,
    /// Its source in the input; nothing if the row is not there or has none.
    pub found: Option<String>,
    /// Its source as the guide has it; nothing if the guide does not have the row.
    pub wanted: Option<String>,
    /// What to do.
    pub verb: Verb,
    /// How much it matters.
    pub severity: Severity,
    /// Why, and the next click.
    pub why: String,
    /// The class of trouble that it leads to.
    pub class: Option<Class>,
}

/// What to do with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Nothing.
    Keep,
    /// It has to go.
    Delete,
    /// It is missing.
    Add,
    /// It is filled from something else.
    WrongSource,
    /// People or groups are found again by another attribute.
    WrongMatching,
    /// It is sent at the wrong times.
    WrongApply,
    /// It is there and filled from nothing.
    Unmapped,
    /// It is there a second time.
    Duplicate,
    /// It is there, and the input does not say what it is filled from.
    Unclear,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know; there is nothing to do.
    Note,
    /// It works without, but not as it should.
    Should,
    /// People or groups do not arrive, or not all, or stay when they leave.
    Must,
}

/// One object action of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// Unique in the report; that of the same action in the guide's table.
    pub id: String,
    /// The console's word.
    pub name: String,
    /// Whether it is on; nothing if the input does not say.
    pub found: Option<bool>,
    /// Whether it has to be.
    pub wanted: bool,
    /// How much it matters.
    pub severity: Severity,
    /// What it means; empty if there is nothing to say.
    pub why: String,
    /// The class of trouble that it leads to.
    pub class: Option<Class>,
}

/// What concerns a whole table, or all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Unique in its list.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The words.
    pub text: String,
    /// The class of trouble that it leads to.
    pub class: Option<Class>,
}

impl Report {
    /// How many things have to be done, and how many should be.
    pub fn to_do(&self) -> (usize, usize) {
        let of = |wanted| self.severities().filter(|severity| *severity == wanted).count();
        (of(Severity::Must), of(Severity::Should))
    }

    /// Whether everything is as wanted; there may be notes.
    pub fn is_fine(&self) -> bool {
        self.to_do() == (0, 0)
    }

    /// The rows that are there once the advice was followed, with their table. What may be added and need not is not
    /// among them.
    pub fn remaining(&self) -> impl Iterator<Item = (&Table, &Row)> {
        self.tables.iter().flat_map(|table| table.rows.iter().filter(|row| row.remains()).map(move |row| (table, row)))
    }

    fn severities(&self) -> impl Iterator<Item = Severity> {
        let notes = self.notes.iter().chain(self.tables.iter().flat_map(|table| &table.notes));
        let rows = self.tables.iter().flat_map(|table| &table.rows).map(|row| row.severity);
        let actions = self.tables.iter().flat_map(|table| &table.actions).map(|action| action.severity);
        rows.chain(actions).chain(notes.map(|note| note.severity))
    }
}

impl Row {
    /// Whether it is there once the advice was followed.
    pub fn remains(&self) -> bool {
        match self.verb {
            Verb::Keep | Verb::WrongSource | Verb::WrongMatching | Verb::WrongApply | Verb::Unclear => true,
            Verb::Delete | Verb::Duplicate => false,
            Verb::Add | Verb::Unmapped => self.severity > Severity::Note,
        }
    }
}

//! Looks at what the admin hands over, whatever it is about, and puts what was found on a sheet.

use std::{collections::BTreeMap, io::Read, ops::ControlFlow};

use crate::{
    error::{Code, Problem},
    people::Existing,
    recipe::{Guide, Subject},
    view::Sheet,
};

mod sheets;

pub(crate) use crate::number::grouped;

/// How far the reading is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// Rows with something wrong.
    pub(crate) found: u64,
}

impl Reading {
    /// "12,000 rows read, 37 with something wrong".
    pub(crate) fn words(&self) -> String {
        let Self { bytes, rows, found } = *self;
        match (rows, found) {
            (0, _) => format!("{} KB read", bytes / 1_000),
            (rows, 0) => format!("{} rows read", grouped(rows)),
            (rows, found) => format!("{} rows read, {} with something wrong", grouped(rows), grouped(found)),
        }
    }
}

/// Whom the target has already.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// Nobody asked.
    NotAsked,
    /// It could not be found out, and why.
    Unasked(String),
    /// These people.
    These(Existing),
}

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) sheet: Sheet,
    /// What it shows of rows and object actions of the mapping table: done or not, by their ids.
    pub(crate) ticks: BTreeMap<String, bool>,
}

impl From<Sheet> for Found {
    fn from(sheet: Sheet) -> Self {
        Self { sheet, ticks: BTreeMap::new() }
    }
}

/// Looks at it. `watch` hears how far it is, and can stop it.
///
/// # Errors
/// Why it cannot be read, and what to hand over instead.
pub(crate) fn examine(
    subject: Subject,
    guide: Option<&Guide>,
    input: impl Read,
    known: &Known,
    watch: impl FnMut(&Reading) -> ControlFlow<()>,
) -> Result<Found, Problem> {
    match (subject, guide) {
        (Subject::Trouble, _) => sheets::trouble(input, watch).map(Found::from),
        (Subject::Mapping, Some(guide)) => sheets::mapping(input, guide, watch),
        (Subject::People, Some(guide)) => sheets::people(input, guide, known, watch).map(Found::from),
        (Subject::Mapping | Subject::People, None) => {
            Err(Problem::new(Code::WrongInput, "This can be looked at only within a connection."))
        }
    }
}

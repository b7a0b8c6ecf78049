//! What the people check says: a sentence, the kinds of trouble with true counts, and some examples of each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{rules::Attribute, words};
use crate::{class::Class, error::Problem};

/// Examples that are kept of each kind; the counts are of all.
pub const EXAMPLES: usize = 20;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The person would not arrive, or could not sign in.
    WouldFail,
    /// It may go well; it is worth a look.
    Warn,
}

/// Who would fail and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Nobody would fail, everybody was looked at, and no needed column is missing.
    pub ok: bool,
    /// The result in one sentence.
    pub verdict: String,
    /// People in the list.
    pub rows: u32,
    /// People who would fail; each counts once.
    pub would_fail: u32,
    /// People who would not fail, with something worth a look.
    pub warned: u32,
    /// The kinds of trouble, the worst first.
    pub kinds: Vec<Kind>,
    /// What the columns were taken for.
    pub columns: Vec<Column>,
    /// What Usher assumed about the file.
    pub notes: Vec<String>,
    /// The name of the encoding.
    pub encoding: String,
    /// The separator in words.
    pub separator: String,
    /// Why the list was not read to its end; what was found before counts.
    pub stopped: Option<Problem>,
}

/// One kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kind {
    /// Stable: `missing-family-name`.
    pub id: String,
    /// The class of trouble.
    pub class: Class,
    /// Heading.
    pub title: String,
    /// How many rows; of missing columns, how many columns.
    pub count: u32,
    /// How bad.
    pub severity: Severity,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The first ones.
    pub examples: Vec<Finding>,
}

/// One row with one trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The line in the file, from 1; 0 for the whole file.
    pub line: u32,
    /// The line of the other one, of two that clash.
    pub other_line: Option<u32>,
    /// The person, as far as the row tells.
    pub who: String,
    /// The column, as the file names it.
    pub column: Option<String>,
    /// The value, with everything in it that cannot be seen written out.
    pub value: Option<String>,
    /// What it is.
    pub says: String,
}

/// What a column was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// As the file names it; `column 2` if it does not.
    pub header: String,
    /// What it was taken for.
    pub attribute: String,
    /// The attribute at the identity provider that the mapping reads.
    pub source: Option<String>,
}

/// What can be wrong. The order is that of the report, among those of one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    NoColumn,
    Missing(Attribute),
    DuplicateUserName,
    DuplicateEmail,
    ForbiddenInName,
    Invisible,
    NotAnAddress,
    TooLong,
    Reserved,
    Clash,
    ExtraCells,
    Quote,
    SharedEmail,
    ForbiddenElsewhere,
    InvisibleInName,
    InvisibleElsewhere,
    LostLetter,
    Blanks,
    Guest,
    NotTheEmail,
    OddEmail,
    AlreadyThere,
    Disabled,
    Lookalike,
    Composed,
    Placeholder,
    Formula,
    InnerGroup,
    FewCells,
    EmptyRow,
    Sample,
}

/// Counts, and keeps the first examples.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<Flaw, (u32, Vec<Finding>)>);

impl Tally {
    /// `finding` is made only while examples are kept.
    pub(crate) fn add(&mut self, flaw: Flaw, finding: impl FnOnce() -> Finding) {
        let (count, examples) = self.0.entry(flaw).or_default();
        *count = count.saturating_add(1);
        if examples.len() < EXAMPLES {
            examples.push(finding());
        }
    }

    pub(crate) fn count(&self, flaw: Flaw) -> u32 {
        self.0.get(&flaw).map_or(0, |(count, _)| *count)
    }

    /// The kinds, those first of which people fail.
    pub(crate) fn kinds(self, words: &words::Words<'_>) -> Vec<Kind> {
        let mut kinds: Vec<Kind> =
            self.0.into_iter().map(|(flaw, (count, examples))| words.kind(flaw, count, examples)).collect();
        kinds.sort_by_key(|kind| kind.severity);
        kinds
    }
}

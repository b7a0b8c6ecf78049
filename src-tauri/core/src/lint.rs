//! The mapping check: what the console exports or shows, compared row by row with what the target wants. Pure; what a
//! target is peculiar about stands in its recipe. How a table is drawn is the window's and the command line's.

mod actions;
mod compare;
mod document;
mod entra;
mod expression;
mod found;
mod mapped;
mod okta;
mod pasted;
mod path;
mod read;
mod report;
mod row;
mod unknown;
mod verdict;

use std::io::Read;

use crate::{error::Problem, recipe::Guide};

pub use report::{Action, Note, Report, Row, Severity, Table, Verb};

/// Reads an export of the identity provider's mapping, or the table as copied from its console, and says what to do with
/// each row.
///
/// # Errors
/// What the input is instead, or where it stops making sense, and what to export.
pub fn check(input: impl Read, guide: &Guide) -> Result<Report, Problem> {
    let found = read::text(input, guide).and_then(|text| found::recognise(&text, guide))?;
    Ok(compare::report(&found, guide))
}

/// Whether two names mean the same attribute of the target.
pub(crate) fn same_attribute(one: &str, other: &str) -> bool {
    path::same(one, other)
}

#[cfg(test)]
mod tests;

//! The people check: reads a list of people as a console exports it, row by row, and says who would fail at the target and
//! why. Pure: no network, no clock. Of the names, only hashes are kept, and some examples of each kind of trouble.

mod characters;
mod columns;
mod known;
mod listed;
mod quote;
mod report;
mod row;
mod rules;
mod seen;
mod words;

use std::{io::Read, ops::ControlFlow};

use csv::ByteRecord;

pub(crate) use listed::{Listed, Sources, Who, each, title};
pub(crate) use report::Flaw;
pub use report::{Column, EXAMPLES, Finding, Kind, Report, Severity};
pub use rules::{Attribute, Existing, Rules};
pub(crate) use seen::AsIs;

use crate::{
    error::{Code, Problem},
    table::{self, Table},
};
use columns::Columns;
use row::Checker;
use words::Words;

/// Rows between two looks at the watch.
const PACE: u32 = 1_000;
/// Rows by which is told what the columns are.
const SAMPLE: usize = 8;
/// People of one list; directories are smaller, and every person costs some bytes.
const MOST_ROWS: u32 = 2_000_000;

/// How far the check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read.
    pub bytes: u64,
    /// People looked at.
    pub rows: u32,
    /// How many of them would fail.
    pub would_fail: u32,
}

/// Checks a list. `watch` is asked about every 1,000 rows whether to go on; what was found until then is reported.
///
/// # Errors
/// What is not a list of people at all.
pub fn check(
    input: impl Read,
    rules: &Rules,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
) -> Result<Report, Problem> {
    let (mut table, columns) = open(input, rules)?;
    let mut checker = Checker::new(rules, &columns, table.separator());
    let stopped = read(&mut table, &mut checker, watch, |_, _| {});
    if checker.rows == 0 {
        return Err(stopped.unwrap_or_else(words::nobody_in_it));
    }
    Ok(report(&table, checker, stopped))
}

/// The table, before its first person, and what its columns are.
fn open<R: Read>(input: R, rules: &Rules) -> Result<(Table<R>, Columns), Problem> {
    let mut table = table::open(input)?;
    let columns = columns(&mut table, rules)?;
    if columns.first_is_a_row {
        table.first_is_a_row();
    }
    Ok((table, columns))
}

/// What the columns are, by the first rows.
fn columns<R: Read>(table: &mut Table<R>, rules: &Rules) -> Result<Columns, Problem> {
    table.look_ahead(SAMPLE);
    let below = columns::names_below(table.headers(), &table.ahead());
    if let Some(place) = below {
        table.names_stand_ahead(place);
        table.look_ahead(SAMPLE);
    }
    let mut columns = columns::find(table.headers(), &table.ahead(), rules)?;
    if below.is_some() {
        columns.notes.push(words::names_below(table.first_line()));
    }
    Ok(columns)
}

/// Every row; why not every one, if so. `see` hears of each after it was judged.
fn read<R: Read>(
    table: &mut Table<R>,
    checker: &mut Checker<'_>,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    mut see: impl FnMut(&Checker<'_>, &ByteRecord),
) -> Option<Problem> {
    let (mut row, mut one) = (ByteRecord::new(), ByteRecord::new());
    let mut until_next = PACE;
    loop {
        match table.read(&mut row) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(problem) => return Some(problem),
        }
        if checker.columns.addresses_only {
            for address in row.iter().map(<[u8]>::trim_ascii).filter(|cell| !cell.is_empty()) {
                one.clear();
                one.push_field(address);
                checker.row(&one, table.line(), table.last_line());
                see(checker, &one);
            }
        } else {
            checker.row(&row, table.line(), table.last_line());
            see(checker, &row);
        }
        until_next -= 1;
        if until_next > 0 {
            continue;
        }
        until_next = PACE;
        if checker.rows >= MOST_ROWS {
            return Some(words::too_many_rows(MOST_ROWS));
        }
        let progress = Progress { bytes: table.bytes(), rows: checker.rows, would_fail: checker.would_fail };
        if watch(&progress).is_break() {
            return Some(Problem::new(Code::Cancelled, format!("Stopped after {}.", words::people(checker.rows))));
        }
    }
}

fn report<R: Read>(table: &Table<R>, checker: Checker<'_>, stopped: Option<Problem>) -> Report {
    let words = Words { rules: checker.rules };
    let Checker { columns, rows, would_fail, warned, mut tally, .. } = checker;
    for (attribute, source) in &columns.absent {
        tally.add(Flaw::NoColumn, || words.no_column(*attribute, source));
    }
    let (absent, inner_groups) = (tally.count(Flaw::NoColumn), tally.count(Flaw::InnerGroup));
    Report {
        ok: would_fail == 0 && absent == 0 && inner_groups == 0 && stopped.is_none(),
        verdict: words.verdict((rows, would_fail, warned), &columns.absent, inner_groups, stopped.as_ref()),
        rows,
        would_fail,
        warned,
        kinds: tally.kinds(&words),
        columns: columns.shown.clone(),
        notes: columns.notes.clone(),
        encoding: table.encoding().to_owned(),
        separator: words::separator(table.separator()).to_owned(),
        stopped,
    }
}

/// A value with everything in it that cannot be seen written out, and what is forbidden set off.
pub(crate) fn show_value(text: &str, forbidden: &str) -> String {
    words::value(text, forbidden)
}

/// The first character that is refused or cannot be seen, in words.
pub(crate) fn describe_character(text: &str, forbidden: &str) -> Option<String> {
    let (odd, oddity) = text.chars().find_map(|c| characters::oddity(c, forbidden).map(|oddity| (c, oddity)))?;
    Some(words::character(odd, text, oddity))
}

#[cfg(test)]
mod tests;

//! A quote that is opened by mistake and closed by a later one takes in the rows between: what looks like rows inside a
//! cell is found here. Addresses and notes of several lines are ordinary, and are no rows.

use csv::ByteRecord;

use super::columns::{Columns, is_address};
use crate::table::shown;

/// Below so many columns, a sentence with commas has as many cells as a row.
const FEW_COLUMNS: usize = 4;

/// Lines that were taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// Where the quote stands.
    pub(super) opened: u32,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// The lines in the first cell that has what look like rows in it.
pub(super) fn rows_taken_in(cells: &ByteRecord, line: u32, separator: char, columns: &Columns) -> Option<Taken> {
    let mut opened = line;
    for cell in cells.iter().filter(|cell| cell.contains(&b'\n')) {
        let text = shown(cell);
        let mut rows =
            (opened + 1..).zip(text.split('\n').skip(1)).filter(|(_, text)| is_row(text, separator, columns));
        if let Some((first, _)) = rows.next() {
            return Some(Taken { opened, first, last: rows.last().map_or(first, |(last, _)| last) });
        }
        opened = opened.saturating_add(u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX));
    }
    None
}

/// As many cells as a row has, or an address where the user name stands. After the commas of a sentence comes a blank.
fn is_row(line: &str, separator: char, columns: &Columns) -> bool {
    let wants = columns.width.saturating_sub(1);
    let cuts = line.split(separator).skip(1).filter(|cell| !cell.starts_with(' ')).count();
    if columns.width >= FEW_COLUMNS && cuts >= wants {
        return true;
    }
    // The last line of a cell can end in the quote that begins the next cell but one, or the row itself.
    let cut_off = || line.ends_with('"');
    let name = line.split(separator).nth(columns.user_name).unwrap_or_default();
    (wants == 0 || cuts > 0 || cut_off()) && is_address(name.trim().trim_matches('"').as_bytes())
}

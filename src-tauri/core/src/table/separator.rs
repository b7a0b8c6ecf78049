//! What separates the cells: what the file itself says, or what cuts its first lines into equal numbers of cells.

use std::collections::BTreeMap;

/// In the order in which they win a draw.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are looked at.
const ROWS: usize = 60;

/// Excel's own line `sep=;`, and its length with the line break.
pub(super) fn announced(text: &[u8]) -> Option<(u8, usize)> {
    let end = text.iter().take(16).position(|byte| *byte == b'\n')?;
    let line = &text[..end];
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, rest) = line.split_at_checked(4)?;
    match rest {
        // Excel fills the line with separators if it has other columns.
        [separator, ..] if name.eq_ignore_ascii_case(b"sep=") && is_separator(*separator) => {
            Some((*separator, end + 1))
        }
        _ => None,
    }
}

fn is_separator(byte: u8) -> bool {
    byte == b'\t' || byte.is_ascii_punctuation() && byte != b'"'
}

/// The candidate that cuts most rows into the same number of cells; of several, the one with more cells.
pub(super) fn sniffed(text: &[u8], whole: bool) -> u8 {
    let judged = CANDIDATES.iter().rev().map(|candidate| (agreement(text, *candidate, whole), *candidate));
    match judged.max_by_key(|(agreement, _)| *agreement) {
        Some(((rows, _), candidate)) if rows > 0 => candidate,
        _ => b',',
    }
}

/// How many rows have the same number of separators, and that number.
fn agreement(text: &[u8], separator: u8, whole: bool) -> (usize, usize) {
    let mut counts = counts(text, separator);
    if !whole && counts.len() > 1 && counts.len() < ROWS {
        // The last row may be cut.
        counts.pop();
    }
    let mut rows_by_count: BTreeMap<usize, usize> = BTreeMap::new();
    for count in counts.into_iter().filter(|count| *count > 0) {
        *rows_by_count.entry(count).or_default() += 1;
    }
    rows_by_count.into_iter().map(|(count, rows)| (rows, count)).max().unwrap_or_default()
}

/// Separators in each of the first rows, outside quotes.
fn counts(text: &[u8], separator: u8) -> Vec<usize> {
    let (mut all, mut count) = (Vec::new(), 0);
    let mut place = Place::Start;
    for byte in text {
        place = match (place, *byte) {
            (Place::Start | Place::Closed, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) => Place::Quoted,
            (_, b'\n') => {
                all.push(std::mem::take(&mut count));
                if all.len() == ROWS {
                    return all;
                }
                Place::Start
            }
            (_, byte) if byte == separator => {
                count += 1;
                Place::Start
            }
            _ => Place::Plain,
        };
    }
    all.push(count);
    all
}

/// Where in a cell.
#[derive(Clone, Copy)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// After a quote inside quotes: one more, and it was a quote that belongs to the cell.
    Closed,
}

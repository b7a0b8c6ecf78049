//! What a file is that is no table, and what is wrong with one that is, in words.

use crate::error::{Code, Problem};

/// Names what is no table, by its first bytes.
pub(super) fn not_a_table(raw: &[u8], text: &[u8]) -> Option<Problem> {
    if raw.starts_with(b"PK") && raw.get(2..4).is_some_and(|next| matches!(next, [3, 4] | [5, 6] | [7, 8])) {
        return Some(
            wrong("This is an Excel workbook or a ZIP archive, not a CSV file.")
                .hint("In Excel, choose **File › Save As** and the type **CSV UTF-8 (comma delimited)**. A ZIP has to be unpacked first."),
        );
    }
    if raw.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Some(
            wrong("This is a workbook of an older Excel, not a CSV file.")
                .hint("In Excel, choose **File › Save As** and the type **CSV UTF-8 (comma delimited)**."),
        );
    }
    if raw.starts_with(b"%PDF") {
        return Some(wrong("This is a PDF, not a CSV file.").hint(EXPORT));
    }
    if raw.starts_with(&[0x1f, 0x8b]) {
        return Some(wrong("This file is compressed (gzip).").hint("Unpack it first."));
    }
    let text = text.trim_ascii_start();
    let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()));
    match () {
        () if text.is_empty() => Some(empty()),
        () if ["<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<!--"].iter().any(|with| begins(with)) => {
            Some(wrong("This is a web page (HTML or XML), not a CSV file.").hint(
                "A download that ends on a sign-in page is saved like this. Sign in to the console again, and export once more.",
            ))
        }
        () if is_json(text) => Some(
            wrong("This is JSON, not a CSV file.")
                .hint("Export as CSV; in PowerShell, end the command with **Export-Csv**."),
        ),
        () if begins("{\\rtf") => Some(wrong("This is a text document (RTF), not a CSV file.").hint(EXPORT)),
        () if is_binary(text) => Some(wrong("This file does not hold text, so it is no CSV file.").hint(EXPORT)),
        () => None,
    }
}

const EXPORT: &str = "Export the users again in the console of the identity provider, as CSV.";

fn wrong(message: impl Into<String>) -> Problem {
    Problem::new(Code::WrongInput, message)
}

fn is_json(text: &[u8]) -> bool {
    let Some((first @ (b'{' | b'['), rest)) = text.split_first() else { return false };
    matches!(
        (first, rest.trim_ascii_start().first()),
        (b'{', Some(b'"' | b'}')) | (b'[', Some(b'{' | b'[' | b']' | b'"')) | (_, None)
    )
}

/// A stray NUL is a matter of its row; many control characters are no text.
fn is_binary(text: &[u8]) -> bool {
    let strange = text.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    strange * 50 > text.len()
}

pub(super) fn empty() -> Problem {
    wrong("There is nothing in it: no line with text.").hint(EXPORT)
}

pub(super) fn only_a_header() -> Problem {
    wrong("It has one line only, with the names of the columns and no row.")
        .hint("Check the filter of the list in the console before you export: it may have shown nobody.")
}

pub(super) fn too_wide(columns: usize, line: u64) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("The first row (line {line}) has {columns} cells; a list of people has some dozens."),
    )
    .hint("It may be a table turned on its side. Export one row for each person.")
}

/// A row that goes on and on.
pub(super) fn too_long(line: u64) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("The row that begins on line {line} is longer than 1 MiB. Most likely a cell in it begins with a quote (\") that is not closed."),
    )
    .hint(format!("Look at line {line}: close the quote, or take it out, and try again."))
}

/// A row that took the rest of the file.
pub(super) fn unclosed(line: u64) -> Problem {
    wrong(format!(
        "In the row that begins on line {line}, a cell begins with a quote (\") that is not closed. Everything after it was read as part of that cell."
    ))
    .hint(format!("Look at line {line}: close the quote, or take it out, and try again."))
}

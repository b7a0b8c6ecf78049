//! Reads a table as a console exports it or as it is pasted: any encoding, any of the usual separators, row by row.
//! What is no table is named (a workbook, a page of HTML, JSON); one row is bounded, so that a quote which is never
//! closed cannot swallow the file. What the columns mean is deliberately elsewhere.

mod separator;
mod text;
mod what;

use std::{borrow::Cow, collections::VecDeque, io::Read};

use csv::ByteRecord;

use self::text::Text;
use crate::error::{Code, Problem};

/// Cells of the first row; exports have some dozens.
const MOST_COLUMNS: usize = 2_000;
/// Lines above the names of the columns.
const MOST_PREFACES: usize = 4;
/// Characters of a column's name that are kept.
const LONGEST_NAME: usize = 200;

/// A table, open for reading.
pub(crate) struct Table<R: Read> {
    reader: csv::Reader<Text<R>>,
    separator: u8,
    headers: Vec<String>,
    first: Ahead,
    /// The first row is a row like any other, and not read yet.
    first_waits: bool,
    /// Rows that were looked at before they are read, and what ended that.
    ahead: VecDeque<Ahead>,
    failed: Option<Problem>,
    /// Lines before the part that is read as a table.
    skipped: u64,
    line: u64,
    last_line: u64,
    rows: u64,
}

/// A row and its lines.
#[derive(Default)]
struct Ahead {
    cells: ByteRecord,
    line: u64,
    last_line: u64,
}

/// Opens what may be a table and reads its first row.
pub(crate) fn open<R: Read>(input: R) -> Result<Table<R>, Problem> {
    let mut text = Text::open(input).map_err(|error| unreadable(&error))?;
    if let Some(problem) = what::not_a_table(text.first_bytes(), text.decoded()) {
        return Err(problem);
    }
    let (separator, skipped) = match separator::announced(text.decoded()) {
        Some((separator, length)) => {
            text.skip(length);
            (separator, 1)
        }
        None => (separator::sniffed(text.decoded(), text.is_whole()), 0),
    };
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(text::CHUNK)
        .from_reader(text);
    let mut table = Table {
        reader,
        separator,
        headers: Vec::new(),
        first: Ahead::default(),
        first_waits: false,
        ahead: VecDeque::new(),
        failed: None,
        skipped,
        line: 0,
        last_line: 0,
        rows: 0,
    };
    table.read_headers()?;
    Ok(table)
}

impl<R: Read> Table<R> {
    /// The names of the columns, as written.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The name of the encoding, as far as it is known by now.
    pub(crate) fn encoding(&self) -> &'static str {
        self.reader.get_ref().encoding()
    }

    /// The separator.
    pub(crate) fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// The line, from 1, on which the row read last begins.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The line on which it ends.
    pub(crate) fn last_line(&self) -> u64 {
        self.last_line
    }

    /// Bytes of the file read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.reader.get_ref().bytes()
    }

    /// The first row names no columns: it is read as a row, and the columns have no names.
    pub(crate) fn first_is_a_row(&mut self) {
        self.headers.fill(String::new());
        self.first_waits = true;
    }

    /// Reads the next rows, for a look at them; they are still to be read.
    pub(crate) fn look_ahead(&mut self, most: usize) {
        while self.ahead.len() < most && self.failed.is_none() {
            let mut cells = ByteRecord::new();
            match self.next(&mut cells) {
                Ok(true) => self.ahead.push_back(Ahead { cells, line: self.line, last_line: self.last_line }),
                Ok(false) => return,
                Err(problem) => self.failed = Some(problem),
            }
        }
    }

    /// The cells of the rows that were looked at, without blanks around them.
    pub(crate) fn ahead(&self) -> Vec<Vec<String>> {
        let text = |cell: &[u8]| shown(cell).trim().to_owned();
        self.ahead.iter().map(|row| row.cells.iter().map(text).collect()).collect()
    }

    /// The names of the columns stand in one of the rows ahead; what is above it is left out.
    pub(crate) fn names_stand_ahead(&mut self, place: usize) {
        self.ahead.drain(..place);
        if let Some(first) = self.ahead.pop_front() {
            self.name_columns(first);
        }
    }

    /// The line on which the names of the columns stand, or the first row.
    pub(crate) fn first_line(&self) -> u64 {
        self.first.line
    }

    /// The next row; `false` at the end. Cells are UTF-8, except for what was broken in a UTF-8 file: see [`shown`].
    pub(crate) fn read(&mut self, row: &mut ByteRecord) -> Result<bool, Problem> {
        if std::mem::take(&mut self.first_waits) {
            row.clone_from(&self.first.cells);
            (self.line, self.last_line, self.rows) = (self.first.line, self.first.last_line, 1);
            return Ok(true);
        }
        if let Some(ahead) = self.ahead.pop_front() {
            *row = ahead.cells;
            (self.line, self.last_line) = (ahead.line, ahead.last_line);
            self.rows += 1;
            return Ok(true);
        }
        // Asked for every row, and a problem is large: looked at before it is taken.
        if self.failed.is_some() {
            return self.failed.take().map_or(Ok(false), Err);
        }
        let more = self.next(row)?;
        match more {
            true => self.rows += 1,
            false if self.rows == 0 => return Err(what::only_a_header()),
            false => {}
        }
        Ok(more)
    }

    fn next(&mut self, row: &mut ByteRecord) -> Result<bool, Problem> {
        let (begins, more) = loop {
            let begins = self.reader.position().line() + self.skipped;
            self.reader.get_mut().allow_a_row();
            let more = self.reader.read_byte_record(row).map_err(|error| self.broken(&error, begins))?;
            if row.as_slice() != [text::CTRL_Z] {
                break (begins, more);
            }
        };
        if !more || (self.reader.get_ref().is_over() && row.as_slice() == &text::END[1..]) {
            return Ok(false);
        }
        // Each row ends with a line break, and that is read already. Blank lines before it are skipped by the reader.
        self.last_line = (self.reader.position().line() + self.skipped).saturating_sub(1);
        self.line = self.last_line;
        if self.last_line > begins {
            let inside = row.as_slice().iter().filter(|byte| **byte == b'\n').count();
            self.line = self.last_line.saturating_sub(inside as u64).max(begins);
        }
        if row.as_slice().ends_with(text::END) && self.reader.get_ref().is_over() {
            return Err(what::unclosed(self.line));
        }
        Ok(true)
    }

    fn broken(&self, error: &csv::Error, line: u64) -> Problem {
        match error.kind() {
            csv::ErrorKind::Io(error) if text::is_too_long(error) => what::too_long(line),
            csv::ErrorKind::Io(error) => unreadable(error),
            _ => Problem::new(Code::WrongInput, format!("The row on line {line} cannot be read as a row of a table.")),
        }
    }

    fn read_headers(&mut self) -> Result<(), Problem> {
        let mut row = ByteRecord::new();
        for _ in 0..MOST_PREFACES {
            if !self.next(&mut row)? {
                return Err(what::empty());
            }
            if !is_preface(&row) {
                break;
            }
        }
        if row.len() > MOST_COLUMNS {
            return Err(what::too_wide(row.len(), self.line));
        }
        self.name_columns(Ahead { cells: row, line: self.line, last_line: self.last_line });
        Ok(())
    }

    fn name_columns(&mut self, first: Ahead) {
        self.headers = first.cells.iter().map(|cell| shown(cell).chars().take(LONGEST_NAME).collect()).collect();
        self.first = first;
    }
}

/// A cell as text. Bytes that are none become U+FFFD.
pub(crate) fn shown(cell: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(cell)
}

/// What some consoles write above the names of the columns: Entra's templates a version, PowerShell a type.
fn is_preface(row: &ByteRecord) -> bool {
    let mut cells = row.iter();
    let first = cells.next().unwrap_or_default();
    let starts = |with: &[u8]| first.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    (starts(b"version:") || starts(b"#TYPE ")) && cells.all(<[u8]>::is_empty)
}

fn unreadable(error: &std::io::Error) -> Problem {
    Problem::new(Code::UnreadableFile, format!("The file could not be read to its end: {error}."))
        .hint("Check that it is still there and that you may open it.")
}

#[cfg(test)]
mod tests;

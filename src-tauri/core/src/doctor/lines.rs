//! Cuts a text log into its entries. What is no log stays one text.

use std::sync::LazyLock;

use regex::Regex;

use super::forms;

/// Entries from which on a text is a log and not an error with its surroundings.
const ENOUGH: usize = 20;

/// Bytes of one entry that are kept.
const LONGEST_ENTRY: usize = 32 * 1024;

/// A time, a level, or the name of a field with one of them.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the pattern is compiled by the tests")]
    Regex::new(
        r#"(?i)^[\[({<"'\s]{0,4}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}[T ,]+\d|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*,? +\w+,? +(?:\w+ +)?\d|\d\d:\d\d:\d\d|(?:time|ts|timestamp|level|t|date)["']?[=:]|(?:trace|debug|info|warn|warning|error|fatal|notice|err|crit)\b[\]:\s|\[])"#,
    )
    .expect("BUG: the pattern is valid")
});

/// Whether the text is obviously a log.
pub(super) fn is_log(head: &str) -> bool {
    let (mut lines, mut beginnings) = (0_usize, 0_usize);
    for line in head.lines().filter(|line| !line.trim().is_empty()) {
        lines += 1;
        beginnings += usize::from(begins(line));
    }
    beginnings >= ENOUGH && beginnings * 4 >= lines
}

fn begins(line: &str) -> bool {
    BEGINNING.is_match(&line[..line.floor_char_boundary(120)])
}

/// Collects lines to entries; an entry ends where the next one begins.
#[derive(Debug, Default)]
pub(super) struct Entries {
    line: Vec<u8>,
    entry: String,
}

impl Entries {
    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut impl FnMut(&str)) {
        let mut pieces = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            let room = LONGEST_ENTRY.saturating_sub(self.line.len()).min(piece.len());
            self.line.extend_from_slice(&piece[..room]);
            if pieces.peek().is_some() {
                self.end_line(each);
            }
        }
    }

    pub(super) fn finish(mut self, each: &mut impl FnMut(&str)) {
        self.end_line(each);
        if !self.entry.trim().is_empty() {
            each(&self.entry);
        }
    }

    fn end_line(&mut self, each: &mut impl FnMut(&str)) {
        let line = String::from_utf8_lossy(&self.line);
        if begins(&line) {
            if !self.entry.trim().is_empty() {
                each(&self.entry);
            }
            self.entry.clear();
        }
        if self.entry.len() + line.len() <= LONGEST_ENTRY {
            self.entry.push_str(&line);
            self.entry.push('\n');
        }
        self.line.clear();
    }
}

/// The beginning and the end of a text of any length.
#[derive(Debug, Default)]
pub(super) struct Ends {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Ends {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let room = (forms::LONGEST / 2).saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.tail.extend_from_slice(&bytes[room..]);
        if self.tail.len() > forms::LONGEST {
            self.tail.drain(..self.tail.len() - forms::LONGEST / 2);
        }
    }

    pub(super) fn text(mut self) -> String {
        self.head.append(&mut self.tail);
        String::from_utf8_lossy(&self.head).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Ends, Entries, is_log};

    #[test]
    fn an_entry_ends_where_the_next_begins() {
        let mut all = Vec::new();
        let mut entries = Entries::default();
        let text = "2024-05-01 10:00:00 one\n  more of one\n[2024-05-01T10:00:01Z] two\ntime=\"x\" three";
        for byte in text.as_bytes() {
            entries.feed(&[*byte], &mut |entry: &str| all.push(entry.to_owned()));
        }
        entries.finish(&mut |entry: &str| all.push(entry.to_owned()));
        assert_eq!(
            all,
            ["2024-05-01 10:00:00 one\n  more of one\n", "[2024-05-01T10:00:01Z] two\n", "time=\"x\" three\n"]
        );
    }

    #[test]
    fn a_letter_with_a_few_times_in_it_is_no_log() {
        assert!(is_log(&"2024-05-01 10:00:00 x\n".repeat(30)));
        assert!(!is_log(&"2024-05-01 10:00:00 x\n".repeat(5)));
        assert!(!is_log(&"Hello,\nwe see this.\nWhat can it be?\n".repeat(30)));
    }

    #[test]
    fn of_a_long_text_both_ends_stay() {
        let mut ends = Ends::default();
        ends.feed(b"begin");
        for _ in 0..100 {
            ends.feed(&[b'x'; 5_000]);
        }
        ends.feed(b"end");
        let text = ends.text();
        assert!(text.starts_with("begin") && text.ends_with("end") && text.len() < 110_000);
    }
}

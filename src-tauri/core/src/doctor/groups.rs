//! The rows of a log, grouped by what the rules say about them.

use std::{collections::HashMap, sync::LazyLock};

use jiff::Timestamp;
use regex::Regex;

use super::{
    Confidence, Finding, Seen,
    judge::{Verdict, judge, rule},
    named::Named,
    page,
    row::{Outcome, Row},
    unrecognised,
};
use crate::{Class, http::redact};

/// Characters of a row that are shown.
const EXCERPT: usize = 300;

/// Verdicts that are remembered: the same refusal comes a thousand times, with other names in it.
const REMEMBERED: usize = 2_000;

/// Kinds of rows that are not recognised and are told apart.
const UNKNOWN_KINDS: usize = 20;

/// What rows say together.
#[derive(Debug, Default)]
pub(super) struct Groups {
    known: HashMap<String, Verdict>,
    groups: Vec<(Key, Seen)>,
    pub(super) rows: u64,
    pub(super) succeeded: u64,
    pub(super) nothing_to_do: u64,
    pub(super) other: u64,
    pub(super) unrecognised: u64,
}

/// Rows of one key stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// The row itself says that it succeeded.
    Good,
    Rules(Verdict),
    /// Not recognised, beginning with these words.
    Unknown(String),
}

impl Groups {
    /// Takes a row in.
    pub(super) fn add(&mut self, row: &Row) {
        self.rows += 1;
        match row.outcome {
            Outcome::Other => {
                self.other += 1;
                return;
            }
            Outcome::Succeeded => {
                self.succeeded += 1;
                self.count(Key::Good, row);
                return;
            }
            Outcome::Failed | Outcome::Skipped | Outcome::Open => {}
        }
        let verdict = self.verdict(&row.text);
        let first = verdict.first().and_then(|number| rule(*number));
        match (first.map(|rule| rule.class), row.outcome) {
            (Some(Class::Success), Outcome::Open) => {
                self.succeeded += 1;
                self.count(Key::Rules(verdict), row);
            }
            (Some(Class::Success), _) => {
                self.nothing_to_do += 1;
                self.count(Key::Rules(verdict), row);
            }
            (None, Outcome::Open) => self.other += 1,
            (None, _) => {
                self.unrecognised += 1;
                self.count(Key::Unknown(kind_of(&row.text)), row);
            }
            (Some(_), _) => self.count(Key::Rules(verdict), row),
        }
    }

    fn verdict(&mut self, text: &str) -> Verdict {
        let without_names = without_names(text);
        if let Some(known) = self.known.get(&without_names) {
            return known.clone();
        }
        let verdict = judge(text);
        if self.known.len() < REMEMBERED && without_names.len() < 16_384 {
            self.known.insert(without_names, verdict.clone());
        }
        verdict
    }

    fn count(&mut self, key: Key, row: &Row) {
        let unknown = self.groups.iter().filter(|(key, _)| matches!(key, Key::Unknown(_))).count();
        let key = match key {
            Key::Unknown(_) if unknown >= UNKNOWN_KINDS && !self.groups.iter().any(|(known, _)| *known == key) => {
                Key::Unknown(String::new())
            }
            key => key,
        };
        let Some((_, seen)) = self.groups.iter_mut().find(|(known, _)| *known == key) else {
            let excerpt = excerpt(&row.text);
            self.groups.push((key, Seen { count: 1, first: row.at, last: row.at, excerpt, alternative: false }));
            return;
        };
        seen.count += 1;
        widen(seen, row.at, row.at);
    }

    /// What the rows say, most frequent first, each followed by what else it may be.
    pub(super) fn findings(mut self, whom: Option<Named>) -> Vec<Finding> {
        self.groups.sort_by_key(|(key, seen)| (key.place(), std::cmp::Reverse(seen.count)));
        let mut findings: Vec<Finding> = Vec::new();
        for (key, seen) in &self.groups {
            match key {
                Key::Rules(verdict) => {
                    for (place, number) in verdict.iter().enumerate() {
                        let Some(rule) = rule(*number) else { continue };
                        let mut finding = Finding::says(&rule.says, rule.confidence, whom);
                        finding.seen = Some(Seen { alternative: place > 0, ..seen.clone() });
                        put(&mut findings, finding);
                    }
                }
                Key::Unknown(_) => findings.push(Finding { seen: Some(seen.clone()), ..unrecognised() }),
                Key::Good => {
                    let finding = Finding::says(&page(Class::Success), Confidence::Certain, whom);
                    findings.push(Finding { seen: Some(seen.clone()), ..finding });
                }
            }
        }
        if findings.is_empty() {
            findings.push(unrecognised());
        }
        findings
    }
}

impl Key {
    /// Trouble first, then what is not known, then what is well.
    fn place(&self) -> u8 {
        let first = |verdict: &Verdict| verdict.first().and_then(|number| rule(*number)).map(|rule| rule.class);
        match self {
            Self::Rules(verdict) if first(verdict) == Some(Class::Success) => 3,
            Self::Rules(_) => 0,
            Self::Unknown(_) => 1,
            Self::Good => 2,
        }
    }
}

/// Adds to what is there for the same cause, or as something new.
fn put(findings: &mut Vec<Finding>, new: Finding) {
    let same = |known: &&mut Finding| known.class == new.class && known.cause == new.cause;
    let Some(known) = findings.iter_mut().find(same) else {
        findings.push(new);
        return;
    };
    if let (Some(known_seen), Some(seen)) = (&mut known.seen, &new.seen) {
        known_seen.count += seen.count;
        known_seen.alternative &= seen.alternative;
        widen(known_seen, seen.first, seen.last);
        known.confidence = known.confidence.min(new.confidence);
    }
}

fn widen(seen: &mut Seen, first: Option<Timestamp>, last: Option<Timestamp>) {
    seen.first = [seen.first, first].into_iter().flatten().min();
    seen.last = [seen.last, last].into_iter().flatten().max();
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "every pattern here is compiled by the tests")]
    Regex::new(text).expect("BUG: the pattern is valid")
}

/// The beginning of a row, without secrets, e-mail addresses and the names that consoles put in quotes.
pub(super) fn excerpt(text: &str) -> String {
    static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)[\w.+'#%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+|(\b(?:user|group|benutzer|gruppe|utilisateur|usuario)\s+)(?:'[^']{1,200}'|"[^"]{1,200}")"#,
        )
    });
    let beginning = &text[..text.floor_char_boundary(EXCERPT * 8)];
    let unnamed = PEOPLE.replace_all(beginning, "${1}[name]");
    redact::redact(&unnamed, &[], EXCERPT)
}

/// What two rows have in common that differ in whom they are about.
fn without_names(text: &str) -> String {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"[\w.+#%-]+@[\w.-]+|\b[0-9a-f]{16,64}\b|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{18,27}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*Z?",
        )
    });
    NAMES.replace_all(text, "~").into_owned()
}

/// The first words, by which rows that are not recognised are told apart.
fn kind_of(text: &str) -> String {
    without_names(text).chars().filter(|character| !character.is_ascii_digit()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_names_nobody() {
        let shown = excerpt(
            "Failed to create User 'Ada Lovelace'; ada.lovelace@example.com: Bearer abcdefghij0123456789abcdefghij01",
        );
        assert_eq!(shown, "Failed to create User [name]; [name]: Bearer [redacted]");
    }
}

//! Texts from the field with what they are: how often the doctor is right is measured, and it is never wrong for certain.
//! The texts were held back while the rules were written; where one was not recognised, its cause got a better rule.

use std::fmt::Write as _;

use serde::Deserialize;

use super::{
    super::{Confidence, Finding, diagnose},
    mangled,
};
use crate::Class;

/// Collected when the rules were written, and later by somebody who had not seen them.
const COLLECTIONS: &[(&str, &str)] = &[
    ("field.toml", include_str!("field.toml")),
    ("fresh.toml", include_str!("fresh.toml")),
    ("second.toml", include_str!("second.toml")),
    ("third.toml", include_str!("third.toml")),
    ("fourth.toml", include_str!("fourth.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    text: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    source: String,
    class: Class,
    #[serde(default)]
    or: Vec<Class>,
    text: String,
}

/// How a text was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// What it is comes first.
    Right,
    /// What it is, is among what is said.
    Contained,
    /// Nothing is said.
    Silent,
    /// Something else is said, as likely or possible.
    Wrong,
    /// Something else is said for certain.
    CertainlyWrong,
}

fn answer(text: &Text, findings: &[Finding]) -> Answer {
    let right = |class: Class| class == text.class || text.or.contains(&class);
    // That a job is in quarantine is said beside its cause.
    let certainly_wrong = |finding: &Finding| {
        finding.confidence == Confidence::Certain && !right(finding.class) && finding.class != Class::Quarantine
    };
    let Some(first) = findings.first() else { return Answer::Silent };
    match () {
        () if findings.iter().any(certainly_wrong) => Answer::CertainlyWrong,
        () if right(first.class) => Answer::Right,
        () if findings.iter().any(|finding| right(finding.class)) => Answer::Contained,
        () if first.class == Class::Unrecognised => Answer::Silent,
        () => Answer::Wrong,
    }
}

/// How many texts were answered in which way, and each that was not answered right.
#[derive(Default)]
struct Measured {
    counts: [usize; 5],
    report: String,
}

impl Measured {
    fn add(&mut self, text: &Text, how: &str, shown: &str) {
        let findings = diagnose(shown);
        let answer = answer(text, &findings);
        if answer != Answer::Right {
            let said: Vec<_> = findings.iter().map(|finding| (finding.class.slug(), finding.confidence)).collect();
            let _ = writeln!(
                self.report,
                "{answer:?} ({how}): {} is {}, said was {said:?}: {shown:.80?}",
                text.source, text.class
            );
        }
        self.counts[answer as usize] += 1;
    }

    fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    fn said(&self, what: &str) -> String {
        let [right, contained, silent, wrong, certainly_wrong] = self.counts;
        format!(
            "{what}, of {}: right {right}, contained {contained}, silent {silent}, wrong {wrong}, wrong for certain {certainly_wrong}\n{}",
            self.total(),
            self.report
        )
    }
}

fn texts(content: &str) -> Vec<Text> {
    toml::from_str::<Field>(content).unwrap_or_else(|error| panic!("{error}")).text
}

fn held(measured: &Measured, what: &str) {
    let said = measured.said(what);
    let [right, _, _, wrong, certainly_wrong] = measured.counts;
    if std::env::var_os("USHER_FIELD_REPORT").is_some() {
        panic!("{said}");
    }
    assert_eq!(certainly_wrong, 0, "{said}");
    assert!(right * 100 >= measured.total() * 97, "{said}");
    assert!(wrong * 100 <= measured.total(), "{said}");
}

#[test]
fn the_field_is_recognised_and_never_wrongly_for_certain() {
    let mut all = Measured::default();
    for (name, content) in COLLECTIONS {
        for text in &texts(content) {
            all.add(text, name, &text.text);
        }
    }
    held(&all, "as they are");
}

#[test]
fn the_field_is_recognised_however_it_arrives() {
    let mut all = Measured::default();
    for (_, content) in COLLECTIONS {
        for text in &texts(content) {
            for (how, shown) in mangled(&text.text) {
                all.add(text, how, &shown);
            }
        }
    }
    held(&all, "mangled");
}

/// A part may say less than the whole; it may not say something else for certain.
#[test]
fn a_part_of_what_the_field_says_is_never_wrong_for_certain() {
    let mut all = Measured::default();
    for (_, content) in COLLECTIONS {
        for text in &texts(content) {
            let characters: Vec<char> = text.text.chars().collect();
            for (from, to) in [(0, 65), (0, 85), (15, 100), (35, 100), (10, 90)] {
                let part: String =
                    characters[characters.len() * from / 100..characters.len() * to / 100].iter().collect();
                all.add(text, "cut off", &part);
            }
        }
    }
    let said = all.said("cut off");
    if std::env::var_os("USHER_FIELD_REPORT").is_some() {
        panic!("{said}");
    }
    assert_eq!(all.counts[Answer::CertainlyWrong as usize], 0, "{said}");
}

//! Texts from the field with what they are: how often the doctor is right is measured, and it is never wrong for certain.
//! The texts were held back while the rules were written; where one was not recognised, its cause got a better rule.

use std::fmt::Write as _;

use serde::Deserialize;

use super::super::{Confidence, Finding, diagnose};
use crate::Class;

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
#[derive(Debug, PartialEq, Eq)]
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

#[test]
fn the_field_is_recognised_and_never_wrongly_for_certain() {
    let field: Field = toml::from_str(include_str!("field.toml")).unwrap_or_else(|error| panic!("{error}"));
    let (mut counts, mut report) = ([0_usize; 5], String::new());
    for text in &field.text {
        let findings = diagnose(&text.text);
        let answer = answer(text, &findings);
        if answer != Answer::Right {
            let said: Vec<_> = findings.iter().map(|finding| (finding.class.slug(), finding.confidence)).collect();
            let _ = writeln!(report, "{answer:?}: {} is {}, said was {said:?}", text.source, text.class);
        }
        counts[answer as usize] += 1;
    }
    let [right, contained, silent, wrong, certainly_wrong] = counts;
    let measured = format!(
        "of {}: right {right}, contained {contained}, silent {silent}, wrong {wrong}, wrong for certain {certainly_wrong}\n{report}",
        field.text.len()
    );
    if std::env::var_os("USHER_FIELD_REPORT").is_some() {
        panic!("{measured}");
    }
    assert_eq!(certainly_wrong, 0, "{measured}");
    assert!(right * 100 >= field.text.len() * 97, "{measured}");
    assert!(wrong * 100 <= field.text.len(), "{measured}");
}

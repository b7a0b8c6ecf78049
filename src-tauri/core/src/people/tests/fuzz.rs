//! Arbitrary bytes and damaged lists: an answer or a clear refusal, never a panic, and bounded.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{Rules, aws, crowd, rules};
use crate::{
    error::Problem,
    fuzz::{damaged, for_a_while},
    http::redact::is_invisible,
    people::{EXAMPLES, Report, check},
};

/// What has to hold of every answer.
fn judge(bytes: &[u8], rules: &Rules) {
    let answer: Result<Report, Problem> = check(bytes, rules, &mut |_| ControlFlow::Continue(()));
    let shown = match answer {
        Ok(report) => {
            assert!(report.would_fail + report.warned <= report.rows, "nobody counts twice");
            assert!(!report.ok || report.would_fail == 0);
            assert!(
                report
                    .kinds
                    .iter()
                    .all(|kind| kind.examples.len() <= EXAMPLES && kind.count as usize >= kind.examples.len())
            );
            let lines = u32::try_from(bytes.len()).unwrap_or(u32::MAX) + 2;
            assert!(report.kinds.iter().flat_map(|kind| &kind.examples).all(|finding| finding.line <= lines));
            serde_json::to_value(&report)
        }
        Err(problem) => {
            assert!(!problem.message.is_empty());
            serde_json::to_value(&problem)
        }
    };
    let shown = shown.expect("JSON").to_string();
    assert!(shown.len() < 2_000_000, "{} bytes", shown.len());
    let harmless = |c: char| !c.is_control() && !is_invisible(c);
    assert!(shown.chars().all(harmless), "{shown}");
    assert!(!shown.contains("\\u001b") && !shown.contains("\\u0000"), "{shown}");
}

#[test]
fn whatever_bytes_come_there_is_an_answer() {
    let rules = [aws(), rules("azion", "entra"), rules("hpe-greenlake", "okta")];
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..2_000),
        "(\\PC|[,;\t\"\r\n@#=])*".prop_map(String::into_bytes),
        "[a-c@.,;\"\r\n\t ]{0,400}"
            .prop_map(|text| format!("userPrincipalName,surname,givenName\n{text}").into_bytes()),
        "sep=.\n[a-c,;|\"\n]{0,200}".prop_map(String::into_bytes),
    ];
    for_a_while((bytes, 0..3_usize), |(bytes, which)| judge(bytes, &rules[*which]));
}

#[test]
fn a_damaged_list_gets_an_answer() {
    let (rules, list) = (aws(), crowd::crowd(300, 7, 3).csv);
    for_a_while(damaged(vec![list]), |bytes| judge(bytes, &rules));
}

//! Lists of people as consoles export them, and what has to be found in them.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod cold;
mod crowd;
mod fuzz;
mod lists;

use std::{collections::BTreeMap, ops::ControlFlow};

use super::{EXAMPLES, Existing, Finding, Kind, Report, Rules, Severity, check};
use crate::{
    class::Class,
    error::{Code, Problem},
    recipe::{Purpose, Recipes},
};

fn rules(target: &str, idp: &str) -> Rules {
    let recipes = Recipes::builtin().expect("the recipes are right");
    let guide = recipes.guide(target, idp, Purpose::Setup, None, &BTreeMap::new()).expect("there is such a pair");
    Rules::of(&guide)
}

fn aws() -> Rules {
    rules("aws-identity-center", "entra")
}

fn checked(text: &[u8], rules: &Rules) -> Result<Report, Problem> {
    check(text, rules, &mut |_| ControlFlow::Continue(()))
}

fn report(text: &str, rules: &Rules) -> Report {
    checked(text.as_bytes(), rules).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"))
}

fn kind<'a>(report: &'a Report, id: &str) -> &'a Kind {
    report.kinds.iter().find(|kind| kind.id == id).unwrap_or_else(|| panic!("no {id} in {report:#?}"))
}

fn example<'a>(report: &'a Report, id: &str) -> &'a Finding {
    &kind(report, id).examples[0]
}

const HEADER: &str = "userPrincipalName,displayName,surname,mail,givenName,accountEnabled";

fn ada(surname: &str) -> String {
    format!("{HEADER}\nada@example.com,Ada,{surname},ada@example.com,Ada,True\n")
}

#[test]
fn every_trouble_that_was_put_in_is_found_on_its_line_and_nothing_else() {
    let crowd = crowd::crowd(5_000, 13, 1);
    let report = checked(&crowd.csv, &aws()).expect("a list");
    let mut wanted: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (kind, line) in &crowd.placed {
        wanted.entry(kind).or_default().push(*line);
    }
    // Of the reserved names, all but the first are the same name again; a name that a letter was put into, or a guest, is no longer
    // the address beside it, which AWS does not mind.
    let reserved = wanted["reserved-name"].clone();
    wanted.entry("duplicate-user-name").or_default().extend(&reserved[1..]);
    wanted.entry("duplicate-user-name").or_default().sort_unstable();
    // Null is a surname here, and worth a look.
    let nulls = kind(&report, "placeholder").clone();
    assert!(nulls.examples.iter().all(|finding| finding.value.as_deref() == Some("Null")));
    let found: Vec<&Kind> = report.kinds.iter().filter(|kind| kind.id != "placeholder").collect();
    assert_eq!(found.len(), wanted.len(), "{:?}", found.iter().map(|kind| &kind.id).collect::<Vec<_>>());
    for kind in found {
        let lines = &wanted[kind.id.as_str()];
        assert_eq!(kind.count as usize, lines.len(), "{}", kind.id);
        let first: Vec<u32> = kind.examples.iter().map(|finding| finding.line).collect();
        assert_eq!(first, lines[..lines.len().min(EXAMPLES)], "{}", kind.id);
        let class: Class = kind.class;
        assert!(!kind.title.is_empty() && !kind.fix.is_empty() && !kind.why.is_empty(), "{} {class}", kind.id);
    }
    assert_eq!((report.rows, report.would_fail, report.ok), (5_000, crowd.fail, false));
    assert!(
        report.verdict.starts_with(&format!("{} of 5,000 people would fail at AWS.", crowd.fail)),
        "{}",
        report.verdict
    );
}

#[test]
fn a_list_without_trouble_is_fine() {
    let report = report(&ada("Lovelace"), &aws());
    assert!(report.ok && report.kinds.is_empty() && report.notes.is_empty(), "{report:#?}");
    assert_eq!((report.rows, report.would_fail, report.warned), (1, 0, 0));
    assert_eq!((report.encoding.as_str(), report.separator.as_str()), ("UTF-8", "comma"));
    let columns: Vec<(&str, &str)> =
        report.columns.iter().map(|column| (column.header.as_str(), column.attribute.as_str())).collect();
    assert_eq!(
        columns,
        [
            ("userPrincipalName", "user name"),
            ("mail", "e-mail address"),
            ("givenName", "given name"),
            ("surname", "surname"),
            ("displayName", "display name"),
            ("accountEnabled", "state of the account"),
        ]
    );
}

#[test]
fn a_character_is_shown_as_what_it_is_and_where() {
    for (surname, value, says) in [
        ("Love\u{200b}lace", "Love⟨U+200B⟩lace", "U+200B ZERO WIDTH SPACE at place 5."),
        ("\u{202e}ecalevoL", "⟨U+202E⟩ecalevoL", "U+202E RIGHT-TO-LEFT OVERRIDE at the beginning."),
        ("Lovelace\t", "Lovelace⟨U+0009⟩", "U+0009 TAB at the end."),
        ("\"Love\nlace\"", "Love⟨U+000A⟩lace", "U+000A LINE BREAK at place 5."),
        ("L\u{e000}", "L⟨U+E000⟩", "U+E000 (cannot be seen) at the end."),
    ] {
        let report = report(&ada(surname), &aws());
        let finding = example(&report, "invisible-character");
        assert_eq!((finding.value.as_deref(), finding.says.as_str()), (Some(value), says), "{surname:?}");
        assert_eq!(
            (finding.line, finding.who.as_str(), finding.column.as_deref()),
            (2, "ada@example.com", Some("surname"))
        );
        assert_eq!(kind(&report, "invisible-character").severity, Severity::WouldFail);
    }
    let report = report(&ada("O;Connor"), &aws());
    let finding = example(&report, "forbidden-character");
    assert_eq!((finding.value.as_deref(), finding.says.as_str()), (Some("O⟨;⟩Connor"), "“;” (U+003B) at place 2."));
}

#[test]
fn what_one_target_refuses_another_takes() {
    let text = ada("O;Connor");
    assert_eq!(report(&text, &aws()).would_fail, 1);
    assert_eq!(report(&text, &rules("generic-scim", "entra")).would_fail, 0);
}

#[test]
fn duplicates_name_both_lines() {
    let text = format!(
        "{HEADER}\nada@example.com,Ada,L,ada@example.com,Ada,True\ngrace@example.com,Grace,H,grace@example.com,Grace,True\n\
         ADA@Example.com,Ada,L,other@example.com,Ada,True\nlast@example.com,Last,One,GRACE@example.com,Last,True\n\
         grace@example.com,Grace,H,grace@example.com,Grace,True\nJÜRGEN@example.com,J,M,,J,True\njürgen@example.com,J,M,,J,True\n"
    );
    let report = report(&text, &aws());
    let names = kind(&report, "duplicate-user-name");
    let lines: Vec<(u32, Option<u32>, &str)> =
        names.examples.iter().map(|finding| (finding.line, finding.other_line, finding.says.as_str())).collect();
    assert_eq!(
        lines,
        [
            (4, Some(2), "This user name is the same but for letter case as on line 2."),
            (6, Some(3), "This user name is the same as on line 3."),
            (8, Some(7), "This user name is the same but for letter case as on line 7."),
        ]
    );
    let mails = kind(&report, "duplicate-email");
    assert_eq!(
        (mails.count, mails.examples[0].line, mails.examples[0].other_line),
        (1, 5, Some(3)),
        "told once for each row"
    );
    assert_eq!((mails.class, mails.severity), (Class::Duplicate, Severity::WouldFail));
    let elsewhere = super::tests::report(&text, &rules("generic-scim", "entra"));
    assert_eq!(kind(&elsewhere, "shared-email").severity, Severity::Warn, "not documented for any service");
}

#[test]
fn a_user_name_has_to_be_an_address_where_people_sign_in_with_it() {
    let text = format!(
        "{HEADER}\nada,Ada,Lovelace,ada@example.com,Ada,True\ngrace@corp.example,Grace,Hopper,grace@example.com,Grace,True\n"
    );
    for target in ["azion", "hpe-greenlake"] {
        let report = report(&text, &rules(target, "entra"));
        assert_eq!(kind(&report, "user-name-not-an-email").class, Class::NameidMismatch);
        assert_eq!((report.would_fail, example(&report, "user-name-not-an-email").line), (1, 2));
        assert_eq!(example(&report, "user-name-differs-from-email").line, 3);
    }
    for target in ["aws-identity-center", "generic-scim"] {
        assert!(report(&text, &rules(target, "entra")).ok, "{target}");
    }
    for (address, is) in [
        ("ada@example.com", true),
        ("ada.l+x@sub.example.co.uk", true),
        ("jürgen@müller.de", true),
        ("ada", false),
        ("ada@", false),
        ("@example.com", false),
        ("ada@example", false),
        ("ada@@example.com", false),
        ("ada@example..com", false),
        ("ada@example.com.", false),
        ("Ada <ada@example.com>", false),
        ("ada @example.com", false),
        ("ada.@example.com", false),
    ] {
        assert_eq!(super::columns::is_address(address.as_bytes()), is, "{address}");
    }
}

#[test]
fn who_is_at_the_target_already_is_named() {
    let mut existing = Existing::default();
    existing.add("ada@example.com", ["ada@example.com"]);
    existing.add("Grace@example.com", ["grace@example.com"]);
    existing.add("boss@example.com", ["alan@example.com"]);
    assert_eq!(existing.len(), 3);
    let text = format!(
        "{HEADER}\nada@example.com,A,L,ada@example.com,A,True\ngrace@example.com,G,H,,G,True\nalan@example.com,A,T,Alan@example.com,A,True\n\
         new@example.com,N,N,new@example.com,N,True\n"
    );
    let at_aws = report(&text, &aws().with_existing(existing.clone()));
    assert_eq!((kind(&at_aws, "already-there").severity, kind(&at_aws, "already-there").count), (Severity::Warn, 1));
    let clash = kind(&at_aws, "clash-at-target");
    assert_eq!((clash.severity, clash.class), (Severity::WouldFail, Class::Duplicate));
    let says: Vec<&str> = clash.examples.iter().map(|finding| finding.says.as_str()).collect();
    assert_eq!(
        says,
        [
            "Somebody is there as `Grace@example.com`, in another letter case.",
            "This e-mail address belongs to `boss@example.com` there.",
        ]
    );
    assert_eq!((at_aws.would_fail, at_aws.warned), (2, 1));
    let elsewhere = report(&text, &rules("generic-scim", "entra").with_existing(existing));
    assert_eq!((elsewhere.would_fail, kind(&elsewhere, "already-there").count), (0, 3));
}

#[test]
fn each_person_counts_once() {
    let text = format!("{HEADER}\n,,,,,True\n x\u{200b}; ,,,not an address,,True\n");
    let report = report(&text, &aws());
    assert_eq!((report.rows, report.would_fail, report.warned), (2, 2, 0));
    assert_eq!(kind(&report, "missing-family-name").count, 2);
    assert!(report.verdict.starts_with("All of 2 people would fail at AWS."), "{}", report.verdict);
}

#[test]
fn rows_that_are_none_are_left_out() {
    let text = format!(
        "{HEADER}\n,,,,,\nExample: chris@contoso.com,Chris,Green,,Chris,No\n , ,,,,\nada@example.com,Ada,L,,Ada,True\n"
    );
    let report = report(&text, &aws());
    assert_eq!((report.rows, report.would_fail), (1, 0));
    assert_eq!((kind(&report, "empty-row").count, kind(&report, "example-row").count), (2, 1));
    let nobody = checked(format!("{HEADER}\n,,,,,\n").as_bytes(), &aws()).expect_err("nobody");
    assert!(nobody.message.contains("nobody in them"), "{nobody}");
}

#[test]
fn a_watcher_can_stop_it_and_keeps_what_was_found() {
    let crowd = crowd::crowd(20_000, 13, 2);
    let mut seen = Vec::new();
    let report = check(&crowd.csv[..], &aws(), &mut |progress| {
        seen.push(*progress);
        if progress.rows >= 5_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .expect("what was found");
    assert_eq!(seen.len(), 5, "asked every thousand rows");
    assert!(seen.windows(2).all(|two| two[0].bytes <= two[1].bytes && two[0].rows < two[1].rows));
    assert_eq!((report.rows, seen[4].would_fail), (5_000, report.would_fail));
    assert_eq!(report.stopped.as_ref().map(|problem| problem.code), Some(Code::Cancelled));
    assert!(
        !report.ok && report.would_fail > 0 && report.verdict.contains("stopped before the end"),
        "{}",
        report.verdict
    );
}

#[test]
fn what_was_found_before_a_broken_place_is_kept() {
    let mut text = format!("{HEADER}\nada@example.com,Ada,,ada@example.com,Ada,True\n\"grace@example.com,Grace\n");
    text.push_str(&"x@example.com,X,X,x@example.com,X,True\n".repeat(100));
    let report = report(&text, &aws());
    let stopped = report.stopped.as_ref().expect("it could not be read to its end");
    assert!(stopped.message.contains("line 3,"), "{stopped}");
    assert_eq!(kind(&report, "missing-family-name").count, 1);
    assert!(!report.ok);
}

#[test]
fn what_looks_like_a_token_is_not_shown() {
    let token = "canary0Zk9aP3xT7vB2mN8cL5rJ1wY6uE4sD0fG9hK";
    let text = format!("{HEADER}\n{token};,Ada,Lovelace,{token}%,Ada,True\n");
    let report = report(&text, &aws());
    let json = serde_json::to_string(&report).expect("JSON");
    assert!(report.would_fail == 1 && !json.contains("canary"), "{json}");
}

#[test]
fn nothing_in_a_report_acts_on_a_terminal_or_a_page() {
    let text = "userPrincipalName,\u{202e}surname\u{1b}[31m,givenName\n\u{1b}]0;x\u{7}ada@example.com,\u{202e}x\u{200b},\u{9b}2J\n";
    let report = report(text, &aws());
    let json = serde_json::to_value(&report).expect("JSON").to_string();
    let harmless = |c: char| !c.is_control() && !crate::http::redact::is_invisible(c);
    assert!(json.chars().all(harmless), "{json}");
    assert!(!json.contains("\\u001b") && !json.contains("\\u0007"), "{json}");
}

#[test]
fn memory_does_not_grow_with_findings() {
    let text = format!("{HEADER}\n{}", "a@example.com,,,,,\n".repeat(3_000));
    let report = report(&text, &aws());
    assert_eq!(kind(&report, "missing-family-name").count, 3_000);
    assert!(report.kinds.iter().all(|kind| kind.examples.len() <= EXAMPLES));
}

//! The text, and that nothing is written over.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::fs;

use insta::assert_snapshot;

use super::{save, text};
use crate::{
    error::{Code, Phase},
    view::{Fact, Finish, MappingRow, MappingTable, ObjectAction, ProvenStep, Tone, Verb},
};

fn finish() -> Finish {
    let step = |phase: Phase, proof: &str| ProvenStep {
        phase,
        title: format!("Step {}", phase.number()),
        proven: !proof.is_empty(),
        not_needed: false,
        proof: proof.into(),
    };
    let fact = |name: &str, value: &str| Fact { name: name.into(), value: value.into(), tone: Tone::Neutral };
    Finish {
        id: "hpe-greenlake-entra-1".into(),
        rotate: "Rotate token".into(),
        attention: false,
        reminders: None,
        history: vec![crate::view::HistoryLine {
            at: "today, 11:02".into(),
            text: "The connection\nwas begun.".into(),
        }],
        target: "HPE GreenLake".into(),
        idp: "Entra".into(),
        title: String::new(),
        lead: String::new(),
        proofs: vec![
            step(Phase::Role, "The role\nis in place."),
            step(Phase::AccessToken, ""),
            step(Phase::Provisioning, "The group \"A | B\" arrived."),
        ],
        facts: vec![fact("Token", "ending in 3f9c"), fact("A | name", "a\nvalue")],
        runbook: None,
        compare: None,
    }
}

fn table() -> MappingTable {
    let row = |target: &str, source: &str, verb| MappingRow {
        id: target.into(),
        target: target.into(),
        source: source.into(),
        verb,
        note: None,
        done: true,
    };
    let action = |name: &str, wanted| ObjectAction { id: name.into(), name: name.into(), wanted, done: true };
    MappingTable {
        title: "Users".into(),
        target_heading: "customappsso attribute".into(),
        source_heading: "Microsoft Entra ID attribute".into(),
        actions: vec![action("Create", true), action("Update", false), action("Delete", true)],
        rows: vec![
            row("userName", "userPrincipalName", Verb::Keep),
            row("active", "Switch([IsSoftDeleted], , \"False\", \"True\")", Verb::Delete),
            row("externalId", "IIF(a, b | c)", Verb::Add),
        ],
    }
}

#[test]
fn it_says_what_keeps_the_connection_alive() {
    assert_snapshot!("practice", text(&finish(), &[table()], true));
    assert!(!text(&finish(), &[table()], false).contains("practice"));
}

#[test]
fn an_older_runbook_is_never_replaced() {
    let folder = tempfile::tempdir().expect("BUG: there is room");
    let names = ["one", "two", "three"].map(|words| {
        let path = save(folder.path(), "Usher runbook", "md", words).expect("BUG: it can be written");
        assert_eq!(fs::read_to_string(&path).expect("BUG: it is there"), words);
        path.file_name().expect("BUG: it has a name").to_string_lossy().into_owned()
    });
    assert_eq!(names, ["Usher runbook.md", "Usher runbook 2.md", "Usher runbook 3.md"]);
    assert_eq!(fs::read_to_string(folder.path().join(&names[0])).expect("BUG: it is there"), "one");
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().expect("BUG: there is room");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("BUG: there is room");
    let problem = save(&file, "Usher runbook", "md", "words").expect_err("BUG: a file is in the way");
    assert_eq!(problem.code, Code::Disk);
    assert!(problem.message.contains(&file.display().to_string()) && !problem.hints.is_empty());
}

#[test]
fn a_typed_name_cannot_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = save(folder.path(), "Usher runbook ../../a:b\\c from Okta", "md", "text").expect("it is saved");
    assert_eq!(path.parent(), Some(folder.path()));
    assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("Usher runbook ------a-b-c from Okta.md"));
}

#[cfg(unix)]
#[test]
fn what_is_saved_is_for_this_account_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("BUG: there is room");
    let path = save(folder.path(), "Usher runbook", "md", "text").expect("it is saved");
    assert_eq!(fs::metadata(path).expect("it is there").permissions().mode() & 0o777, 0o600);
}

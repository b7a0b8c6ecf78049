//! `usher-cli diagnose` as a process. What the rules say about which text stands in the core.

use std::{collections::BTreeSet, fs};

use serde_json::Value;
use usher_core::Class;

use crate::program::{Run, TOKEN, program, run, run_with};

const DUPLICATE: &str = r#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"Refused to create a new, duplicate resource.","status":"409"}"#;

fn diagnose(arguments: &[&str], input: &[u8]) -> Run {
    run_with(program().arg("diagnose").args(arguments), input)
}

fn objects(run: &Run) -> Vec<Value> {
    run.stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {run:#?}")))
        .collect()
}

#[test]
fn an_error_text_is_told_by_cause_fix_next_and_source() {
    let said = diagnose(&[], DUPLICATE.as_bytes());
    assert_eq!(said.code, Some(0), "{said:#?}");
    for word in ["duplicate  (certain)", "Cause", "Fix", "Next", "Source", "https://"] {
        assert!(said.stdout.contains(word), "{word}: {said:#?}");
    }
}

#[test]
fn json_is_an_object_with_the_six_keys_for_each_finding() {
    let said =
        diagnose(&["--json", "-"], b"Error: Request is unparsable, syntactically incorrect, or violates schema.");
    let all = objects(&said);
    assert!(all.len() > 2, "{said:#?}");
    for object in &all {
        let keys: BTreeSet<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, BTreeSet::from(["class", "cause", "fix", "next", "source", "confidence"]));
        assert!(object.as_object().expect("an object").values().all(Value::is_string), "{object}");
    }
    assert_eq!((all[0]["class"].as_str(), all[0]["confidence"].as_str()), (Some("missing-attribute"), Some("likely")));
}

#[test]
fn a_log_in_a_file_is_counted_and_shows_no_secret() {
    let folder = tempfile::tempdir().expect("there is room");
    let row = serde_json::json!({"activityDateTime": "2026-05-01T10:00:00Z", "provisioningStatusInfo": {"status": "failure",
        "errorInformation": {"errorCode": "DuplicateTargetEntries", "reason": format!("User 'ada@example.com' Bearer {TOKEN}")}}});
    let path = folder.path().join("log.json");
    fs::write(&path, serde_json::json!({"value": [row, row, row]}).to_string()).expect("there is room");
    let path = path.to_string_lossy();
    let said = diagnose(&["--json", &path], b"");
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert_eq!((said.json()["class"].as_str(), said.json()["count"].as_u64()), (Some("duplicate"), Some(3)));
    let readable = diagnose(&[&path], b"");
    assert!(readable.stdout.contains("rows: 3."), "{readable:#?}");
    for said in [said, readable] {
        assert!(!said.stdout.contains(TOKEN) && !said.stdout.contains("ada@"), "{said:#?}");
    }
}

#[test]
fn the_exit_code_says_whether_anything_was_recognised() {
    for (arguments, input, code) in [
        (&[][..], "The supplied credentials are authorized to enable provisioning", 0),
        (&[], "How do I bake bread?", 1),
        (&[], "", 1),
        (&["--json"], "How do I bake bread?", 1),
        (&["/no/such/file"], "", 2),
        (&["/"], "", 2),
        (&["--class", "tokenexpired"], "", 2),
        (&["--classes", "--class", "tls"], "", 2),
        (&[], "PK\u{3}\u{4} a workbook", 2),
    ] {
        let said = diagnose(arguments, input.as_bytes());
        assert_eq!(said.code, Some(code), "{arguments:?} {input:?}: {said:#?}");
    }
}

#[test]
fn every_class_can_be_looked_up() {
    let list = run(program().args(["diagnose", "--classes"]));
    for class in Class::ALL {
        assert!(list.stdout.lines().any(|line| line.split_whitespace().next() == Some(class.slug())), "{class}");
    }
    let page = run(program().args(["diagnose", "--class", "token-expired"]));
    assert_eq!(page.code, Some(0));
    assert!(page.stdout.starts_with("token-expired: "), "{page:#?}");
    let json = run(program().args(["diagnose", "--class", "token-expired", "--json"])).json();
    assert_eq!(json["class"], "token-expired");
    let near = run(program().args(["diagnose", "--class", "token-expird"]));
    assert!(near.stderr.contains("token-expired"), "{near:#?}");
}

#[test]
fn a_page_names_the_faults_that_show_it() {
    let page = run(program().args(["diagnose", "--class", "two-token-limit"]));
    assert!(page.stdout.contains("usher-cli sandbox --fault token-limit"), "{page:?}");
}

//! `usher-cli lint` as a process.

use std::path::PathBuf;

use serde_json::Value;

use crate::program::{Run, program, run, run_with};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/lint/fixtures")).join(name)
}

fn lint(target: &str, idp: &str, file: &str, more: &[&str]) -> Run {
    run(program().args(["lint", "--target", target, "--idp", idp]).arg(fixture(file)).args(more))
}

/// The four of HPE's guide and nothing else, with Update off.
fn right_for_greenlake() -> String {
    let text = std::fs::read_to_string(fixture("entra-non-gallery.json")).expect("the fixture is there");
    let mut schema: Value = serde_json::from_str(&text).expect("the fixture is JSON");
    let users = &mut schema["synchronizationRules"][0]["objectMappings"][1];
    assert_eq!(users["sourceObjectName"], "User");
    users["flowTypes"] = "Add, Delete".into();
    let kept = ["userName", "displayName", "name.givenName", "name.familyName"];
    let rows = users["attributeMappings"].as_array_mut().expect("a list");
    rows.retain(|row| kept.iter().any(|name| row["targetAttributeName"] == *name));
    schema.to_string()
}

#[test]
fn the_default_rows_of_entra_are_something_to_do() {
    let said = lint("hpe-greenlake", "entra", "entra-non-gallery.json", &[]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(1), ""), "{said:#?}");
    let line = |begin: &str| {
        said.stdout.lines().find(|line| line.trim_start().starts_with(begin)).unwrap_or_default().to_owned()
    };
    assert!(line("The mapping does not fit").contains("18 rows to delete"), "{}", said.stdout);
    for (verb, attribute) in
        [("keep", "userName"), ("delete", "active"), ("delete", "title"), ("keep", "name.givenName")]
    {
        let found = said.stdout.lines().any(|line| line.split_whitespace().take(2).eq([verb, attribute]));
        assert!(found, "{verb} {attribute}: {}", said.stdout);
    }
    assert!(line("Update").contains("turn off"), "{}", said.stdout);
    assert!(said.stdout.contains("remove the account there"), "what a missing active means: {}", said.stdout);
    assert!(!said.stdout.contains("**") && !said.stdout.contains('`'), "no marks: {}", said.stdout);
}

#[test]
fn a_right_mapping_is_no_work_from_a_file_and_from_a_pipe() {
    let mut command = program();
    command.args(["lint", "--target", "hpe-greenlake", "--idp", "entra", "-"]);
    let said = run_with(&mut command, right_for_greenlake().as_bytes());
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{said:#?}");
    assert!(said.stdout.contains("nothing to do"), "{}", said.stdout);
    let said = lint("aws-identity-center", "entra", "entra-aws-gallery.json", &[]);
    assert_eq!(said.code, Some(0), "{said:#?}");
}

#[test]
fn a_function_of_which_only_the_name_is_there_is_something_to_look_at() {
    let rows = r#"[{"TargetAttributeName":"userName","MatchingPriority":1,"Source":{"Expression":"[userPrincipalName]"}},
        {"TargetAttributeName":"active","Source":{"Expression":null,"Name":"Not","Type":"Function","Parameters":[]}}]"#;
    let mut command = program();
    command.args(["lint", "--target", "generic-scim", "--idp", "entra", "-"]);
    let said = run_with(&mut command, rows.as_bytes());
    assert_eq!((said.code, said.stderr.as_str()), (Some(1), ""), "{said:#?}");
    let active = said.stdout.lines().find(|line| line.contains(" active ")).unwrap_or_default();
    assert!(active.contains("look at it") && active.contains("Not(…)"), "{}", said.stdout);
}

#[test]
fn a_script_gets_one_object() {
    let said = lint("azion", "entra", "entra-non-gallery.json", &["--json"]);
    assert_eq!((said.code, said.stderr.as_str(), said.stdout.lines().count()), (Some(1), "", 1), "{said:#?}");
    let report = said.json();
    let keys: Vec<_> = report.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["ok", "must", "should", "remaining", "target", "idp", "source", "whole", "verdict", "tables", "notes"]
    );
    let remaining: Vec<_> = report["remaining"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let wanted = ["users-userName", "users-active", "users-name-givenName", "users-name-familyName"];
    assert_eq!(remaining[..4].iter().collect::<std::collections::BTreeSet<_>>(), wanted.iter().collect());
    assert_eq!((&report["ok"], &report["must"], &report["should"]), (&false.into(), &18.into(), &0.into()));
    let users =
        report["tables"].as_array().expect("a list").iter().find(|table| table["id"] == "users").expect("users");
    let row = users["rows"].as_array().expect("a list").iter().find(|row| row["attribute"] == "title").expect("title");
    assert_eq!((&row["verb"], &row["severity"], &row["found"]), (&"delete".into(), &"must".into(), &"jobTitle".into()));
    assert_eq!((&row["wanted"], &row["class"]), (&Value::Null, &"unsupported-attribute".into()));
}

#[test]
fn okta_is_compared_too() {
    let export = lint("hpe-greenlake", "okta", "okta-scim2testapp.json", &["--json"]);
    let page = lint("hpe-greenlake", "okta", "okta-page.txt", &["--json"]);
    assert_eq!((export.code, page.code), (Some(1), Some(1)));
    let sorted = |run: &Run| {
        let mut ids: Vec<String> = serde_json::from_value(run.json()["remaining"].clone()).expect("a list of ids");
        ids.sort();
        ids
    };
    assert_eq!(sorted(&export).len(), 7);
    assert_eq!(sorted(&export), sorted(&page));
}

#[test]
fn a_wrong_name_is_understood() {
    for (target, idp, words) in [
        ("hpe-grenlake", "entra", "Did you mean hpe-greenlake?"),
        ("greenlake", "entra", "Did you mean hpe-greenlake?"),
        ("aws", "entra", "Did you mean aws-identity-center?"),
        ("salesforce", "entra", "Known are: aws-identity-center, azion, generic-scim, hpe-greenlake."),
        ("azion", "entre", "Did you mean entra?"),
        ("azion", "okta", "azion has one with: entra."),
    ] {
        let said = lint(target, idp, "entra-non-gallery.json", &[]);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:#?}");
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
}

#[test]
fn what_is_no_mapping_is_named_with_the_way_to_the_right_export() {
    let mut command = program();
    command.args(["lint", "--target", "azion", "--idp", "entra", "-", "--json"]);
    let said = run_with(&mut command, b"<html><body>Sign in</body></html>");
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(
        said.stderr.contains("saved web page") && said.stderr.contains("Review your schema here"),
        "{}",
        said.stderr
    );
    let refusal = said.json();
    assert_eq!(refusal["ok"], false);
    assert!(refusal["message"].as_str().is_some_and(|text| text.contains("saved web page")), "{refusal}");
    for file in ["no-such-file.json", "."] {
        let said = lint("azion", "entra", file, &[]);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{said:#?}");
        assert!(said.stderr.contains("cannot be read") || said.stderr.contains("is a folder"), "{}", said.stderr);
    }
    let said = run(program().args(["lint", "--target", "azion", "--json"]));
    assert_eq!((said.code, &said.json()["ok"]), (Some(2), &false.into()), "{said:#?}");
}

/// A file that somebody sent must not act on the terminal.
#[test]
fn nothing_reaches_the_terminal_that_it_would_act_on() {
    let text = right_for_greenlake().replace("[givenName]", "[give\\u001b]0;owned\\u0007\\u202eName");
    assert!(text.contains("owned"));
    let mut command = program();
    command.args(["lint", "--target", "hpe-greenlake", "--idp", "entra", "-"]);
    let said = run_with(&mut command, text.as_bytes());
    assert_eq!(said.code, Some(1), "{said:#?}");
    let harmless = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
    assert!(said.stdout.chars().all(harmless), "{:?}", said.stdout);
}

#[test]
fn what_it_says_of_itself_names_files_and_exit_codes() {
    let said = run(program().args(["lint", "--help"]));
    assert_eq!(said.code, Some(0));
    for word in [
        "--target",
        "--idp",
        "--json",
        "Review your schema here",
        "GET /api/v1/mappings/{id}",
        "Exit codes: 0",
        "2 wrong use",
    ] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
}

/// The practice console's own export, before and after its administrator followed the advice.
#[tokio::test]
async fn what_the_practice_console_exports_can_be_rehearsed() {
    let world = usher_sandbox::Sandbox::start(usher_sandbox::Options::default()).await.expect("a world");
    let console = format!("{}/entra/apps", world.addresses().api_base_url);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let answer = client.post(format!("{console}{path}")).form(fields).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    };
    let advice = async || {
        let export = client.get(format!("{console}/a1/schema")).send().await.expect("an answer");
        assert!(export.headers()["content-disposition"].to_str().is_ok_and(|text| text.contains("attachment")));
        let schema = export.bytes().await.expect("a file");
        let mut command = program();
        command.args(["lint", "--target", "hpe-greenlake", "--idp", "entra", "-", "--json"]);
        run_with(&mut command, &schema)
    };
    post("/create", &[("name", "GreenLake"), ("kind", "non-gallery")]).await;
    let before = advice().await;
    let report = before.json();
    assert_eq!((before.code, &report["must"], &report["should"]), (Some(1), &18.into(), &1.into()), "{report}");
    let rows = report["tables"][0]["rows"].as_array().expect("a list");
    for row in rows.iter().filter(|row| row["verb"] == "delete") {
        let page = client.get(format!("{console}/a1/mapping/users")).send().await.expect("an answer");
        let page = page.text().await.expect("a page").replace("&quot;", "\"");
        let attribute = row["attribute"].as_str().expect("a name");
        let rest = page.split(&format!("data-target=\"{attribute}\"")).nth(1).expect("the row is there");
        let id = rest.split("/rows/").nth(1).and_then(|rest| rest.split(['"', '/']).next()).expect("its id");
        post(&format!("/a1/mapping/users/rows/{id}/delete"), &[]).await;
    }
    post("/a1/mapping/users", &[("enabled", "on"), ("create", "on"), ("delete", "on")]).await;
    let after = advice().await;
    assert_eq!(after.code, Some(0), "{after:#?}");
    assert_eq!(after.json()["remaining"], report["remaining"], "what remains is what was said to remain");
}

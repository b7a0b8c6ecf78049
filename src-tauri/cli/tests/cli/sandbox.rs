//! `usher-cli sandbox` as a process: the first thing it says, that it says the truth, and that it stops.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::Value;

use crate::program::{program, run, run_with};

const KEYS: [&str; 9] = [
    "target",
    "api_base_url",
    "personal_access_token",
    "scim_base_url",
    "scim_token",
    "entra_url",
    "okta_url",
    "portal_url",
    "control_url",
];

/// A running sandbox, stopped when the test ends, however it ends.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child =
            program().arg("sandbox").args(arguments).stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("BUG: it is piped"));
        Self { child, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        line
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_line_says_where_everything_is_and_the_token_works() {
    for (target, has_personal_token) in
        [("hpe-greenlake", true), ("aws-identity-center", false), ("azion", true), ("generic", false)]
    {
        let mut running = Running::start(&["--json", "--target", target]);
        let places: Value = serde_json::from_str(&running.line()).expect("one object on one line");
        let keys: Vec<&String> = places.as_object().expect("an object").keys().collect();
        assert_eq!(keys, KEYS);
        assert_eq!(places["target"], target);
        assert_eq!(places["personal_access_token"].is_string(), has_personal_token, "{target}");
        let base = places["api_base_url"].as_str().expect("a URL").trim_end_matches('/').to_owned();
        for key in KEYS.iter().filter(|key| key.ends_with("_url")) {
            assert!(places[key].as_str().is_some_and(|url| url.starts_with(&base)), "{target}: {key}");
        }
        let (url, token) =
            (places["scim_base_url"].as_str().expect("a URL"), places["scim_token"].as_str().expect("a token"));
        for idp in ["entra", "okta"] {
            let run = run_with(program().args(["check", "--json", "--idp", idp, "--url", url]), token.as_bytes());
            assert_eq!(run.json()["code"], "ok", "{target}: {run:#?}");
        }
        let refused = run_with(program().args(["check", "--json", "--idp", "entra", "--url", url]), b"not-this-token");
        assert_eq!(refused.json()["code"], "unauthorized", "{target}: {refused:#?}");
    }
}

#[test]
fn people_get_a_page_of_text_first() {
    let mut running = Running::start(&["--target", "azion"]);
    let first = running.line();
    assert!(first.starts_with("Target ") && first.contains("azion"), "{first}");
}

#[test]
fn a_port_can_be_asked_for_and_may_be_taken() {
    let mut running = Running::start(&["--json"]);
    let places: Value = serde_json::from_str(&running.line()).expect("one object");
    let url = places["api_base_url"].as_str().expect("a URL");
    let port = url.rsplit(':').next().expect("a port").trim_end_matches('/').to_owned();
    let run = run(program().args(["sandbox", "--port", &port]));
    assert_eq!(run.code, Some(1), "{run:#?}");
    assert!(run.stderr.contains(&port) && run.stderr.contains("--port") && run.stdout.is_empty(), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn it_stops_on_both_signals() {
    use std::io::Read as _;

    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&["--json"]);
        running.line();
        let sent = std::process::Command::new("kill").arg(signal).arg(running.child.id().to_string()).status();
        assert!(sent.expect("kill is there").success());
        let mut rest = String::new();
        running.output.read_to_string(&mut rest).expect("the output ends");
        assert_eq!(running.child.wait().expect("it ends").code(), Some(0), "{signal}");
        assert_eq!(rest, "", "nothing but the first line");
    }
}

#[test]
fn a_fault_can_be_asked_for() {
    let mut running = Running::start(&["--json", "--fault", "scim-forbidden", "--fault", "api-html"]);
    let places: Value = serde_json::from_str(&running.line()).expect("one object");
    let (url, token) =
        (places["scim_base_url"].as_str().expect("a URL"), places["scim_token"].as_str().expect("a token"));
    let run = run_with(program().args(["check", "--json", "--idp", "entra", "--url", url]), token.as_bytes());
    assert_eq!(run.json()["code"], "forbidden", "{run:#?}");
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    for (arguments, known) in
        [(["--target", "hpe-grenlake"], "hpe-greenlake"), (["--fault", "api-silnt"], "api-silent")]
    {
        let run = run(program().arg("sandbox").args(arguments));
        assert_eq!(run.code, Some(2), "{run:#?}");
        assert!(run.stderr.contains("similar") && run.stderr.contains(known), "{run:#?}");
    }
}

#[test]
fn help_lists_the_targets_and_a_fault_that_cannot_show_is_wrong_use() {
    let help = run(program().args(["sandbox", "--help"]));
    for target in ["hpe-greenlake", "aws-identity-center", "azion", "generic"] {
        assert!(help.stdout.contains(&format!("\n  {target} ")), "{help:#?}");
    }
    let run = run(program().args(["sandbox", "--target", "generic", "--fault", "plan-missing"]));
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:#?}");
    assert!(run.stderr.contains("plan-missing") && run.stderr.contains("azion"), "{run:#?}");
}

/// What the exports and the gaps hold, by name.
fn exported(folder: &std::path::Path) -> Vec<(String, usize)> {
    let lines = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let lines = std::fs::read_to_string(&path).expect("text").lines().count();
        (path.file_name().expect("a name").to_string_lossy().into_owned(), lines)
    };
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(lines).collect();
    files.sort();
    files
}

#[test]
fn a_company_can_be_asked_for_with_its_exports() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let mut running = Running::start(&["--json", "--target", "generic", "--people", "60", "--exports", path]);
    let places: Value = serde_json::from_str(&running.line()).expect("one object");
    let (url, token) =
        (places["scim_base_url"].as_str().expect("a URL"), places["scim_token"].as_str().expect("a token"));
    for idp in ["entra", "okta"] {
        let run = run_with(program().args(["check", "--json", "--idp", idp, "--url", url]), token.as_bytes());
        assert_eq!(run.json()["code"], "ok", "{run:#?}");
    }
    let expected = [("gaps.json", 1), ("groups.csv", 61), ("people.csv", 61)];
    let seen = exported(folder.path());
    assert_eq!(seen.iter().map(|(name, lines)| (name.as_str(), *lines)).collect::<Vec<_>>(), expected);

    let again = run(program().args(["sandbox", "--people", "60", "--exports", path]));
    assert_eq!(again.code, Some(1), "{again:#?}");
    assert!(again.stderr.contains("already") && again.stdout.is_empty(), "{again:#?}");
    assert_eq!(exported(folder.path()), seen);
}

#[test]
fn a_company_that_cannot_be_is_refused() {
    for (arguments, code, word) in [
        (&["--people", "7", "--gaps", "137"][..], 2, "137 gaps"),
        (&["--people", "7", "--exports", "/nowhere/at/all"], 1, "no folder"),
        (&["--gaps", "3"], 2, "--people"),
        (&["--people", "many"], 2, "invalid"),
    ] {
        let run = run(program().arg("sandbox").args(arguments));
        assert_eq!(run.code, Some(code), "{run:#?}");
        assert!(run.stderr.contains(word) && run.stdout.is_empty(), "{word}: {run:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_large_company_says_so_and_can_be_interrupted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path");
    let mut child = program()
        .args(["sandbox", "--people", "3000000", "--exports", path])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut error = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    error.read_line(&mut line).expect("a line");
    assert_eq!(line, "Making 3,000,000 people…\n");
    let sent = std::process::Command::new("kill").arg("-INT").arg(child.id().to_string()).status();
    assert!(sent.expect("kill is there").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(exported(folder.path()), []);
}

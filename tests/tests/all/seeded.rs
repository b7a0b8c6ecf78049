//! A made-up company with known gaps at every practice target: `usher-cli verify` finds exactly what the practice world says
//! is different. The two do not know each other; between them are HTTP, two exports and `gaps.json`.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::support::tools::built;

const GAPS: usize = 137;
const KINDS: [&str; 8] = [
    "missing",
    "unexpected",
    "attribute",
    "disabled",
    "group-missing",
    "group-unexpected",
    "member-missing",
    "member-unexpected",
];

/// A running `usher-cli sandbox`.
struct Company {
    child: Child,
    scim: String,
    token: String,
}

impl Company {
    fn of(target: &str, folder: &Path) -> Self {
        let mut command = Command::new(built("usher-cli"));
        command.args(["sandbox", "--json", "--target", target, "--people", "2000", "--gaps", &GAPS.to_string()]);
        command.arg("--exports").arg(folder).stdout(Stdio::piped()).stdin(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its addresses");
        let addresses: Value = serde_json::from_str(&line).expect("they are JSON");
        let text = |name: &str| addresses[name].as_str().expect("it is named").to_owned();
        Self { child, scim: text("scim_base_url"), token: text("scim_token") }
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        // It may have ended by itself, and then the test says so.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How often each difference stands there: kind, person, group, and the attribute where it is what differs.
fn counted<'a>(all: impl IntoIterator<Item = &'a Value>) -> BTreeMap<[String; 4], usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let attribute = if one["kind"] == "attribute" { text("attribute") } else { String::new() };
        *counts.entry([text("kind"), text("who"), text("group"), attribute]).or_default() += 1;
    }
    counts
}

#[test]
fn exactly_the_seeded_differences_are_found_at_every_target() {
    for target in ["generic", "hpe-greenlake", "aws-identity-center", "azion"] {
        let folder = tempfile::tempdir().expect("there is room");
        let company = Company::of(target, folder.path());
        let mut verify = Command::new(built("usher-cli"));
        verify.args(["verify", "--json", "--url", &company.scim]).env("USHER_TOKEN", &company.token);
        verify.arg("--people").arg(folder.path().join("people.csv"));
        verify.arg("--groups").arg(folder.path().join("groups.csv"));
        let output = verify.stdin(Stdio::null()).output().expect("it starts");
        let said = String::from_utf8(output.stdout).expect("it is text");
        let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON Lines")).collect();
        let found = counted(lines.iter().filter(|line| line["kind"].is_string()));
        let gaps = fs::read_to_string(folder.path().join("gaps.json")).expect("it was written");
        let gaps: Vec<Value> = serde_json::from_str(&gaps).expect("it is a list");
        let seeded = counted(&gaps);
        assert_eq!(gaps.len(), GAPS, "{target}");
        for kind in KINDS {
            let of_it = seeded.keys().filter(|key| key[0] == kind).count();
            assert!(of_it >= GAPS / KINDS.len(), "{target}: {kind} was seeded {of_it} times");
        }
        assert_eq!(found, seeded, "{target}");
        assert_eq!(output.status.code(), Some(1), "{target}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

//! `usher-cli verify` as a process: what differs, in words, in JSON and in a file, with the exit code of each.

use std::path::{Path, PathBuf};

use crate::{
    program::{Run, TOKEN, program, run},
    server::{Server, refusal, reply, scim},
};

const ALL_THERE: &str = "userPrincipalName,displayName\nADA@example.com,\n";
const TWO: &str = "userPrincipalName,displayName,surname\nada@example.com,,\ngrace@example.com,Grace Hopper,Hopper\n";

/// A folder with these files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("it can be written");
        }
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn verify(server: &Server, people: &Path, more: &[&str]) -> Run {
    let mut program = program();
    program
        .args(["verify", "--url", &server.url("/scim"), "--people"])
        .arg(people)
        .args(more)
        .env("USHER_TOKEN", TOKEN);
    run(&mut program)
}

#[test]
fn nothing_differs() {
    let (server, folder) = (Server::start(scim), Folder::with(&[("people.csv", ALL_THERE)]));
    let run = verify(&server, &folder.file("people.csv"), &[]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert!(run.stdout.starts_with("Nothing differs between the export (1 person) and the target."), "{run:#?}");
    assert!(run.stderr.is_empty() && !run.stdout.contains(TOKEN), "{run:#?}");
}

#[test]
fn what_differs_has_a_cause_and_a_next_click() {
    let folder = Folder::with(&[("people.csv", TWO), ("Staff.csv", "userPrincipalName\nada@example.com\n")]);
    let server = Server::start(scim);
    let groups = folder.file("Staff.csv");
    let run = verify(
        &server,
        &folder.file("people.csv"),
        &["--groups", groups.to_str().expect("text"), "--target", "hpe-greenlake", "--idp", "entra"],
    );
    assert_eq!(run.code, Some(1), "{run:#?}");
    for part in [
        "2 differences between the export (2 people and 1 group) and HPE GreenLake.",
        "In the export, not at HPE GreenLake: 1 (missing)",
        "Probably not assigned",
        "Users and groups › Add user/group",
        "grace@example.com",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
}

#[test]
fn json_has_a_line_for_each_difference_and_one_for_all() {
    let folder = Folder::with(&[("people.csv", TWO)]);
    let server = Server::start(scim);
    let saved = folder.file("differences.csv");
    let run = verify(&server, &folder.file("people.csv"), &["--json", "--save", saved.to_str().expect("text")]);
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((run.code, lines.len()), (Some(1), 2), "{run:#?}");
    assert_eq!(lines[0]["kind"], "missing");
    assert_eq!(
        (&lines[0]["who"], &lines[0]["cause"], &lines[0]["class"]),
        (&"grace@example.com".into(), &"not-assigned".into(), &"not-assigned".into())
    );
    assert_eq!(
        (&lines[1]["ok"], &lines[1]["differences"], &lines[1]["kinds"][0]["count"]),
        (&false.into(), &1.into(), &1.into())
    );
    let saved = std::fs::read_to_string(saved).expect("it was saved");
    assert!(saved.starts_with("kind,person,") && saved.contains("missing,grace@example.com"), "{saved}");
}

#[test]
fn what_is_no_list_or_no_server_is_told() {
    let folder =
        Folder::with(&[("people.csv", ALL_THERE), ("page.csv", "<!doctype html><html>"), ("table.csv", "a,b\n1,2\n")]);
    let server = Server::start(scim);
    for (file, more, code, words) in [
        ("page.csv", &[][..], 2, "web page"),
        ("table.csv", &[], 2, "recognised as the user name"),
        ("no-such.csv", &[], 2, "cannot be read"),
        ("people.csv", &["--match", "externalId"], 2, "no column for it"),
        ("people.csv", &["--target", "azion", "--idp", "okta"], 2, "There is no guide"),
        ("people.csv", &["--target", "azion"], 2, "--idp"),
        ("people.csv", &["--groups", "no-such.csv"], 2, "cannot be read"),
        ("people.csv", &["--save", "/no/such/folder/x.csv"], 2, "cannot be written"),
    ] {
        let run = verify(&server, &folder.file(file), more);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == Some(code) && said.contains(words), "{file} {more:?}: {run:#?}");
    }
    type Case = (fn(&str) -> Vec<u8>, &'static str);
    let cases: [Case; 3] = [
        (|_| refusal("401 Unauthorized", "No."), "does not accept the token"),
        (|_| reply("200 OK", "text/html", "<html>Sign in</html>"), "login page"),
        (|_| refusal("404 Not Found", "Nothing here."), "404"),
    ];
    for (answer, words) in cases {
        let run = verify(&Server::start(answer), &folder.file("people.csv"), &[]);
        assert!(run.code == Some(1) && run.stdout.contains(words) && !run.stdout.contains(TOKEN), "{words}: {run:#?}");
    }
}

#[test]
fn the_lists_and_the_token_cannot_all_come_through_standard_input() {
    let server = Server::start(scim);
    let run = run(program().args(["verify", "--url", &server.url("/scim"), "--people", "-"]).env_remove("USHER_TOKEN"));
    assert!(run.code == Some(2) && run.stdout.contains("one thing only"), "{run:#?}");
}

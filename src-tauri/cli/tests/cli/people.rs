//! `usher-cli people` as a process: who would fail, in words and in JSON, with the exit code of each.

use crate::{
    program::{Run, TOKEN, program, run, run_with},
    server::{Server, refusal, reply},
};

const LIST: &str = "userPrincipalName,displayName,surname,mail,givenName,accountEnabled\n\
                    ada@example.com,Ada Lovelace,Lovelace,ada@example.com,Ada,True\n\
                    grace@example.com,Grace Hopper,,grace@example.com,Grace,True\n\
                    alan@example.com,Alan Turing,Tur\u{200b}ing,alan@example.com,Alan,True\n\
                    ADA@example.com,Ada L,Lovelace,ada.l@example.com,Ada,True\n\
                    gone@example.com,Gone One,,gone@example.com,Gone,False\n";

fn people(list: &str, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("users.csv");
    std::fs::write(&file, list).expect("it can be written");
    run(program().args(["people", "--target", "aws-identity-center", "--idp", "entra"]).arg(&file).args(more))
}

#[test]
fn who_would_fail_stands_there_with_line_and_reason() {
    let run = people(LIST, &[]);
    assert_eq!(run.code, Some(1), "{run:#?}");
    for part in [
        "3 of 5 people would fail at AWS.",
        "No surname: 1 (missing-attribute)",
        "line 3  grace@example.com",
        "surname: Tur⟨U+200B⟩ing  U+200B ZERO WIDTH SPACE at place 4.",
        "This user name is the same but for letter case as on line 2.",
        "Read as UTF-8, separated by comma: userPrincipalName as user name",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(run.stderr.is_empty(), "{run:#?}");
}

#[test]
fn json_is_one_object_for_scripts() {
    let run = people(LIST, &["--json"]);
    let json = run.json();
    assert_eq!((run.code, json["ok"].as_bool()), (Some(1), Some(false)));
    assert_eq!(
        (json["rows"].as_u64(), json["wouldFail"].as_u64(), json["warned"].as_u64()),
        (Some(5), Some(3), Some(1))
    );
    let kinds: Vec<(&str, u64)> = json["kinds"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|kind| (kind["id"].as_str().expect("an id"), kind["count"].as_u64().expect("a count")))
        .collect();
    assert_eq!(
        kinds,
        [("missing-family-name", 1), ("duplicate-user-name", 1), ("invisible-character", 1), ("disabled", 1)]
    );
    let well = people(&LIST.lines().take(2).collect::<Vec<_>>().join("\n"), &["--json"]);
    assert_eq!((well.code, well.json()["ok"].as_bool()), (Some(0), Some(true)), "{well:#?}");
}

#[test]
fn rows_can_be_piped_in() {
    let run = run_with(
        program().args(["people", "--target", "azion", "--idp", "entra", "-"]),
        "ada@example.com;Ada;Lovelace\r\ngrace;Grace;Hopper\r\n".as_bytes(),
    );
    assert_eq!(run.code, Some(1), "{run:#?}");
    assert!(run.stdout.contains("1 of 2 people would fail at Azion."), "{run:#?}");
    assert!(run.stdout.contains("The first row does not name the columns"), "{run:#?}");
}

#[test]
fn what_cannot_be_checked_is_wrong_use_with_a_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.csv");
    let web = folder.path().join("users.csv");
    std::fs::write(&web, "<!DOCTYPE html><html>Sign in</html>").expect("it can be written");
    for (target, file, word) in [
        ("aws-identity-center", missing.as_path(), "cannot be read"),
        ("aws-identity-center", folder.path(), "is a folder"),
        ("aws-identity-center", web.as_path(), "web page"),
        ("nowhere", web.as_path(), "There is no target \"nowhere\""),
    ] {
        let run = run(program().args(["people", "--json", "--target", target, "--idp", "entra"]).arg(file));
        let json = run.json();
        assert_eq!((run.code, json["code"].as_str()), (Some(2), Some("wrong_use")), "{run:#?}");
        assert!(json["message"].as_str().is_some_and(|message| message.contains(word)), "{word}: {run:#?}");
        assert!(json["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{run:#?}");
    }
    let unclear = run(program().args(["people", "--json", "--target", "azion"]));
    assert_eq!((unclear.code, unclear.json()["code"].as_str()), (Some(2), Some("wrong_use")), "{unclear:#?}");
}

#[test]
fn who_is_there_already_is_asked_at_the_target() {
    let users = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"startIndex":1,"itemsPerPage":2,"Resources":[
        {"id":"1","userName":"Ada@example.com","emails":[{"value":"ada@example.com","primary":true}]},
        {"id":"2","userName":"boss@example.com","emails":[{"value":"grace@example.com"}]}]}"#;
    let list = "userPrincipalName,displayName,surname,mail,givenName\nada@example.com,A,L,,A\ngrace@example.com,G,H,grace@example.com,G\n";
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("users.csv");
    std::fs::write(&file, list).expect("it can be written");
    let ask = |server: &Server| {
        let url = server.url("/scim");
        let mut command = program();
        command
            .args(["people", "--json", "--target", "aws-identity-center", "--idp", "entra", "--url", &url])
            .arg(&file);
        run_with(&mut command, TOKEN.as_bytes())
    };
    let server = Server::start(move |_| reply("200 OK", "application/scim+json", users));
    let run = ask(&server);
    let clash = run.json()["kinds"][0].clone();
    assert_eq!(
        (run.code, clash["id"].as_str(), clash["count"].as_u64()),
        (Some(1), Some("clash-at-target"), Some(2)),
        "{run:#?}"
    );
    assert!(server.heads()[0].starts_with("GET /scim/Users?"), "{:?}", server.heads());
    let refusing = Server::start(|_| refusal("401 Unauthorized", "No."));
    let run = ask(&refusing);
    assert_eq!((run.code, run.json()["code"].as_str()), (Some(1), Some("unauthorized")), "{run:#?}");
    assert!(!format!("{run:?}").contains(TOKEN), "the token is shown: {run:#?}");
}

#[test]
fn an_address_with_an_endpoint_at_its_end_is_offered_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("users.csv");
    std::fs::write(&file, LIST).expect("it can be written");
    let server = Server::start(|_| refusal("404 Not Found", "No."));
    for (path, offered) in [("/scim/v2/Users", true), ("/scim/v2/", false)] {
        let url = server.url(path);
        let mut command = program();
        command
            .args(["people", "--json", "--target", "aws-identity-center", "--idp", "entra", "--url", &url])
            .arg(&file);
        let run = run_with(&mut command, TOKEN.as_bytes());
        let shorter = server.url("/scim/v2");
        let hints = run.json()["hints"].clone();
        let hints = hints.as_array().expect("a list");
        let ends = hints
            .iter()
            .filter_map(|hint| hint.as_str())
            .any(|hint| hint.contains("Enter it as") && hint.contains(&shorter));
        assert_eq!((run.json()["code"].as_str(), ends), (Some("not_found"), offered), "{run:#?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_shows_what_was_found_until_then() {
    use std::{
        io::{Read as _, Write as _},
        process::Stdio,
    };

    let mut command = program();
    command.args(["people", "--json", "--target", "aws-identity-center", "--idp", "entra", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(LIST.as_bytes()).expect("it is read");
    let row = "x,X,,x@example.com,X,True\n".repeat(1_000);
    // More than a pipe holds: when it is written, the check has begun, and listens.
    (0..40).for_each(|_| input.write_all(row.as_bytes()).expect("it is read"));
    // It reads on and on; after the signal it has to end although the list does not.
    let feeder = std::thread::spawn(move || while input.write_all(row.as_bytes()).is_ok() {});
    let signalled = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(signalled.is_ok_and(|status| status.success()));
    let mut output = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut output).expect("it can be read");
    let code = child.wait().expect("it ends").code();
    feeder.join().expect("the feeder ends");
    let json: serde_json::Value = serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
    assert_eq!((code, json["stopped"]["code"].as_str()), (Some(1), Some("cancelled")), "{output}");
    assert!(json["wouldFail"].as_u64().is_some_and(|count| count >= 3), "{output}");
}

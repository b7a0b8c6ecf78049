//! `usher-cli status` as a process, on a machine without a keyring. What the endpoints say, with a keyring, stands in
//! `tests/tests/all/ledger.rs`.

use std::{fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use usher_core::{
    Phase,
    setup::{Place, Setup, SlotFacts},
    store::Store,
};

use crate::program::{Run, program, run};

const TOKEN: &str = "scim-token";

/// Usher's data folder with connections in it.
struct Folder(TempDir);

impl Folder {
    fn with(setups: &[Setup]) -> Self {
        let folder = Self(tempfile::tempdir().expect("there is room"));
        for setup in setups {
            let text = serde_json::to_string_pretty(setup).expect("a setup is data");
            folder.write(&format!("{}.json", setup.id), &text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("there is room");
    }

    fn status(&self, arguments: &[&str]) -> Run {
        status(self.0.path(), arguments)
    }

    /// Where no endpoint is asked.
    fn offline(&self, arguments: &[&str]) -> Run {
        self.status(&[&["--offline"], arguments].concat())
    }
}

/// With a message bus that leads nowhere, and therefore without a keyring.
fn status(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = program();
    command.arg("status").args(arguments).env("USHER_DATA_DIR", folder);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/usher-has-no-bus");
    run(&mut command)
}

/// A finished connection of a service that is called like its id, whose token ends after so many hours, if that is known.
fn finished(id: &str, hours: Option<i64>) -> Setup {
    let now = Timestamp::now();
    let facts = SlotFacts {
        last_four: "3f9c".into(),
        entered_at: now - SignedDuration::from_hours(24 * 100),
        expires_at: hours.map(|hours| now + SignedDuration::from_hours(hours)),
        end_entered: false,
        saved: true,
        about: Vec::new(),
    };
    let mut setup = Setup::new(id.into(), "generic-scim".into(), "entra".into(), false, facts.entered_at);
    setup.place = Place::Finish;
    setup.phase = Phase::Provisioning;
    setup.finished_at = Some(facts.entered_at);
    setup.learned.insert("service".into(), format!("Wiki {id}"));
    setup.learned.insert("scim".into(), "http://127.0.0.1:9/scim".into());
    setup.slots.insert(TOKEN.into(), facts);
    setup
}

fn days(count: i64) -> Option<i64> {
    // Some hours more, so that it stays so many days while the test runs.
    Some(24 * count + 6)
}

/// The only line of the output.
fn only_line(run: &Run) -> &str {
    assert_eq!(run.stderr, "", "{run:#?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 1, "{run:#?}");
    lines[0]
}

fn states(run: &Run) -> Vec<(String, String)> {
    let report = run.json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let lines = report["connections"].as_array().expect("a list");
    lines.iter().map(|line| (text(&line["setup"]), text(&line["state"]))).collect()
}

#[test]
fn without_a_connection_all_is_well() {
    let folder = Folder::with(&[]);
    let said = folder.status(&[]);
    assert_eq!((said.code, only_line(&said)), (Some(0), "There is no connection on this computer."));
    let said = folder.status(&["--json"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), "{\"ok\":true,\"connections\":[]}\n"));
    assert_eq!(fs::read_dir(folder.0.path()).expect("it is there").count(), 0, "it leaves nothing behind");
}

/// A scheduler that runs as somebody else must not hear that all is well.
#[test]
fn a_folder_that_is_not_there_is_named_and_not_made() {
    let parent = tempfile::tempdir().expect("there is room");
    for path in [parent.path().join("not/there"), parent.path().join("file")] {
        fs::write(parent.path().join("file"), "not a folder").expect("there is room");
        let said = status(&path, &["--offline"]);
        assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""), "{said:#?}");
        assert!(said.stderr.contains(&path.display().to_string()), "{said:#?}");
        assert!(!path.is_dir(), "{}", path.display());
        let said = status(&path, &["--offline", "--json"]);
        let report = said.json();
        assert_eq!((said.code, &report["ok"]), (Some(1), &false.into()), "{said:#?}");
        assert!(report["problem"].as_str().is_some_and(|problem| problem.contains("cannot be read")), "{said:#?}");
    }
}

#[test]
fn the_end_of_the_token_decides() {
    for (hours, within, code, mark, state, words) in [
        (days(300), "30d", 0, "ok ", "well", "The token ends in 300 days."),
        (days(10), "30d", 1, "attention", "ending", "The token ends in 10 days."),
        (days(10), "5d", 0, "ok ", "well", "The token ends in 10 days."),
        (days(10), "1w", 0, "ok ", "well", "The token ends in 10 days."),
        (days(10), "2w", 1, "attention", "ending", "The token ends in 10 days."),
        (days(10), "247h", 1, "attention", "ending", "The token ends in 10 days."),
        (days(10), "245h", 0, "ok ", "well", "The token ends in 10 days."),
        (days(-3), "0d", 1, "attention", "ended", "The token ended 3 days ago."),
        (None, "30d", 0, "ok ", "well", "The token's end is not known."),
    ] {
        let said = Folder::with(&[finished("a", hours)]).offline(&["--within", within]);
        let line = only_line(&said);
        let pair = "  Wiki a <- Microsoft Entra ID  …3f9c  ";
        assert_eq!(line, format!("{mark:<9}  {state:<11}{pair}{words}"), "{hours:?} hours, --within {within}");
        assert_eq!(said.code, Some(code), "{hours:?} hours, --within {within}");
    }
}

#[test]
fn without_being_told_a_month_is_soon() {
    for (left, code) in [(29, 1), (30, 0)] {
        assert_eq!(Folder::with(&[finished("a", days(left))]).offline(&[]).code, Some(code), "{left} days");
    }
}

#[test]
fn what_is_not_finished_is_no_alarm() {
    let mut setup = finished("a", days(-3));
    setup.finished_at = None;
    setup.place = Place::Step;
    let mut begun = Setup::new("b".into(), "hpe-greenlake".into(), "okta".into(), false, Timestamp::now());
    begun.phase = Phase::Role;
    let said = Folder::with(&[setup, begun]).offline(&["--json"]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    let expected = [("a", "unfinished"), ("b", "unfinished")].map(|(id, state)| (id.to_owned(), state.to_owned()));
    let mut found = states(&said);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_shown() {
    let well = finished("well", days(300));
    let whole = serde_json::to_string_pretty(&well).expect("a setup is data");
    let newer = whole.replacen("\"version\": 1", "\"version\": 2", 1).replacen("\"well\"", "\"broken\"", 1);
    let unknown = whole.replace("generic-scim", "no-such-system").replacen("\"well\"", "\"broken\"", 1);
    assert!(newer != whole && unknown != whole);
    for (text, words) in [
        (&whole[..whole.len() / 2], "broken.json in Usher's data folder is cut off or damaged"),
        ("", "broken.json in Usher's data folder is cut off or damaged"),
        (&newer, "broken.json was written by a newer version of Usher"),
        (&whole, "broken.json in Usher's data folder names another connection inside"),
        (&unknown, "no guide for"),
    ] {
        let folder = Folder::with(std::slice::from_ref(&well));
        folder.write("broken.json", text);
        let said = folder.offline(&[]);
        assert_eq!((said.code, said.stderr.as_str()), (Some(1), ""), "{said:#?}");
        let lines: Vec<&str> = said.stdout.lines().collect();
        assert!(lines[0].starts_with("attention  unreadable ") && lines[0].contains(words), "{words}: {said:#?}");
        assert!(lines[1].starts_with("ok         well ") && lines.len() == 2, "{said:#?}");
        assert_eq!(fs::read_to_string(folder.0.path().join("broken.json")).expect("it is kept"), text);
        assert!(states(&folder.offline(&["--json"]))[0].1 == "unreadable", "{said:#?}");
    }
}

#[test]
fn practice_and_rotations_are_no_connections_of_their_own() {
    let practice = Setup { practice: true, ..finished("practice", days(-3)) };
    let mut rotation = finished("well.rotation", days(-3));
    rotation.rotates = Some("well".into());
    (rotation.finished_at, rotation.place) = (None, Place::Step);
    let mut orphan = rotation.clone();
    orphan.id = "gone.rotation".into();
    orphan.rotates = Some("gone".into());
    let said = Folder::with(&[practice, rotation, orphan, finished("well", days(300))]).offline(&["--json"]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert_eq!(states(&said), [("well".to_owned(), "well".to_owned())]);
}

#[test]
fn a_new_token_counts_from_when_the_identity_provider_has_it() {
    let mut rotation = finished("a.rotation", days(300));
    rotation.rotates = Some("a".into());
    (rotation.finished_at, rotation.place) = (None, Place::Step);
    rotation.slots.get_mut(TOKEN).expect("it is there").last_four = "77aa".into();
    let said = Folder::with(&[finished("a", days(-3)), rotation.clone()]).offline(&[]);
    assert!(said.code == Some(1) && only_line(&said).contains("  …3f9c  The token ended 3 days ago."), "{said:#?}");
    rotation.reached.insert(Phase::Provisioning);
    let said = Folder::with(&[finished("a", days(-3)), rotation]).offline(&[]);
    assert!(said.code == Some(0) && only_line(&said).contains("  …77aa  The token ends in 300 days."), "{said:#?}");
}

#[test]
fn a_finished_connection_whose_token_was_lost_is_no_good_news() {
    let mut lost = finished("a", None);
    lost.slots.clear();
    let said = Folder::with(&[lost]).offline(&[]);
    assert_eq!(said.code, Some(1));
    assert!(only_line(&said).starts_with("attention  no-token "), "{said:#?}");
    assert!(only_line(&said).contains("was lost on this computer"), "{said:#?}");
}

#[test]
fn the_most_urgent_comes_first() {
    let setups =
        [finished("far", days(300)), finished("unknown", None), finished("near", days(3)), finished("over", days(-3))];
    let found = states(&Folder::with(&setups).offline(&["--json"]));
    let found: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(found[..2], ["over", "near"]);
    assert_eq!(found.len(), 4);
}

#[test]
fn wrong_use_is_told_apart_from_bad_news() {
    for arguments in [
        &["--within", "banana"][..],
        &["--within=-3d"],
        &["--within", ""],
        &["--unknown"],
        &["--timeout", "0"],
        &["--timeout", "soon"],
        &["a-name"],
    ] {
        let said = Folder::with(&[finished("a", days(-3))]).status(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{arguments:?}: {said:#?}");
        assert!(said.stderr.contains(arguments[0].trim_end_matches("=-3d")), "{said:#?}");
    }
}

#[test]
fn a_script_gets_these_names_and_no_others() {
    let said = Folder::with(&[finished("a", days(10)), finished("b", None)]).offline(&["--json"]);
    assert_eq!((said.code, said.stderr.as_str(), said.stdout.lines().count()), (Some(1), "", 1), "{said:#?}");
    let report = said.json();
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["ok", "connections"]);
    assert_eq!(report["ok"], false);
    let (first, second) = (&report["connections"][0], &report["connections"][1]);
    let names = ["setup", "target", "idp", "token", "ends_at", "days_left", "state", "attention", "message"];
    assert_eq!(keys(first), names);
    assert_eq!(keys(second), names);
    let end: Timestamp = first["ends_at"].as_str().and_then(|text| text.parse().ok()).expect("a moment");
    assert_eq!(end.duration_since(Timestamp::now()).as_hours(), 24 * 10 + 5);
    assert_eq!(
        (&first["setup"], &first["target"], &first["idp"], &first["token"]),
        (&"a".into(), &"Wiki a".into(), &"Microsoft Entra ID".into(), &"3f9c".into())
    );
    assert_eq!(
        (&first["days_left"], &first["state"], &first["attention"], &first["message"]),
        (&10.into(), &"ending".into(), &true.into(), &"The token ends in 10 days.".into())
    );
    assert_eq!(
        (&second["ends_at"], &second["days_left"], &second["state"], &second["attention"]),
        (&Value::Null, &Value::Null, &"well".into(), &false.into())
    );
    let ended = Folder::with(&[finished("a", days(-3))]).offline(&["--json"]).json();
    assert_eq!(ended["connections"][0]["days_left"], -3);
}

#[test]
fn an_open_window_is_not_disturbed() {
    let folder = Folder::with(&[finished("a", days(10))]);
    let window = Store::open(folder.0.path()).expect("nobody else has it");
    let before = fs::read_to_string(folder.0.path().join("a.json")).expect("it is there");
    let said = folder.offline(&[]);
    assert_eq!(said.code, Some(1));
    assert!(only_line(&said).starts_with("attention  ending "), "{said:#?}");
    assert_eq!(fs::read_to_string(folder.0.path().join("a.json")).expect("it is there"), before);
    assert!(Store::open(folder.0.path()).is_err(), "the window still has it");
    drop(window);
    assert!(Store::open(folder.0.path()).is_ok(), "the command left no lock behind");
}

/// Not so on macOS and Windows: their keyring needs no message bus.
#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_it_says_so_and_asks_nobody() {
    use std::time::Instant;

    use crate::server::{Server, scim};

    let server = Server::start(scim);
    let mut setup = finished("a", days(300));
    setup.learned.insert("scim".into(), server.url("/scim"));
    let folder = Folder::with(&[setup, Setup { finished_at: None, ..finished("b", None) }]);
    for bus in ["disabled:", "unix:path=/nowhere/usher-has-no-bus", ""] {
        let began = Instant::now();
        let mut command = program();
        command.args(["status", "--json"]).env("USHER_DATA_DIR", folder.0.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", bus).env("XDG_RUNTIME_DIR", "/nowhere");
        let said = run(&mut command);
        // It may ask for at most 20 seconds.
        assert!(began.elapsed().as_secs() < 15, "{:?} with {bus:?}", began.elapsed());
        assert_eq!((said.code, said.stderr.as_str()), (Some(1), ""), "{said:#?}");
        let line = &said.json()["connections"][0];
        assert_eq!((&line["setup"], &line["state"], &line["code"]), (&"a".into(), &"no-token".into(), &"vault".into()));
        let message = line["message"].as_str().unwrap_or_default();
        assert!(message.contains("keyring") && message.ends_with("The token ends in 300 days."), "{message}");
        assert_eq!(states(&said)[1].1, "unfinished");
    }
    assert_eq!(server.heads(), [""; 0]);
}

/// A name is typed by somebody, and so is a file's.
#[test]
fn nothing_reaches_the_terminal_that_it_would_act_on() {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\r\n\u{202e}gpj";
    let mut setup = finished("a", days(10));
    setup.learned.insert("service".into(), format!("Wiki{evil}"));
    setup.slots.get_mut(TOKEN).expect("it is there").last_four = evil.into();
    let folder = Folder::with(&[setup]);
    #[cfg(unix)]
    folder.write("evil\u{1b}]0;owned\u{7}\u{202e}.json", "{");
    let said = folder.offline(&[]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(1), ""));
    let harmless = |character: char| character == '\n' || !(character.is_control() || character == '\u{202e}');
    assert!(said.stdout.chars().all(harmless), "{:?}", said.stdout);
    assert_eq!(said.stdout.lines().count(), if cfg!(unix) { 2 } else { 1 }, "{:?}", said.stdout);
    assert!(said.stdout.contains("Wiki[2J"), "{:?}", said.stdout);
    let json = folder.offline(&["--json"]);
    assert_eq!(json.stdout.trim_end().chars().find(|character| character.is_ascii_control()), None);
    assert!(json.json()["connections"].is_array());
}

#[test]
fn what_it_says_of_itself_names_states_and_exit_codes() {
    let said = run(program().args(["status", "--help"]));
    assert_eq!(said.code, Some(0));
    for word in ["well, ending, ended", "no-token", "--within", "--offline", "--json", "Exit codes: 0", "2 wrong use"] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
}

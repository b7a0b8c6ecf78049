//! `usher-cli rehearse` as a process: six proven steps for every pair. What goes wrong stands in [`crate::faults`].

use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use serde_json::Value;

use crate::program::{program, run, run_for_nobody};

const PHASES: [&str; 6] = ["role", "access-token", "scim-token", "idp-credentials", "mappings", "provisioning"];
/// Every pair with a guide, as the command goes through them.
pub(crate) const PAIRS: [(&str, &str); 7] = [
    ("aws-identity-center", "entra"),
    ("aws-identity-center", "okta"),
    ("azion", "entra"),
    ("generic-scim", "entra"),
    ("generic-scim", "okta"),
    ("hpe-greenlake", "entra"),
    ("hpe-greenlake", "okta"),
];
/// Seconds for all of them together, on a machine that has other work too.
const BOUND: u64 = 60;

#[test]
fn six_steps_of_every_pair_are_proven_and_people_arrive_in_groups() {
    let began = Instant::now();
    let run = run(program().args(["rehearse", "--json"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    assert!(began.elapsed().as_secs() < BOUND, "{:?}", began.elapsed());
    let pairs: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object on each line")).collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names: Vec<(String, String)> = pairs.iter().map(|pair| (text(&pair["target"]), text(&pair["idp"]))).collect();
    assert_eq!(names, PAIRS.map(|(target, idp)| (target.to_owned(), idp.to_owned())));
    pairs.iter().for_each(is_proven);
}

fn is_proven(pair: &Value) {
    let keys: Vec<&String> = pair.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["target", "idp", "steps", "arrived", "requests", "seconds"]);
    let steps = pair["steps"].as_array().expect("a list");
    assert_eq!(steps.iter().map(|step| step["phase"].as_str().unwrap_or_default()).collect::<Vec<_>>(), PHASES);
    for step in steps {
        let keys: Vec<&String> = step.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["phase", "proven", "proof"], "{pair:#}");
        assert_eq!(step["proven"], true, "{pair:#}");
        assert!(step["proof"].as_str().is_some_and(|proof| proof.len() > 10), "{pair:#}");
    }
    let arrived = |what: &str| pair["arrived"][what].as_u64();
    assert!(arrived("users") >= Some(3) && arrived("groups") >= Some(1) && arrived("members") >= Some(3), "{pair:#}");
    assert!(pair["requests"].as_u64() > Some(20) && pair["seconds"].is_f64(), "{pair:#}");
}

/// For months on the practice world's clock, which takes seconds for each pair: two pairs at a time.
#[test]
fn no_cycle_fails_while_a_token_is_replaced_and_without_it_people_stop_arriving() {
    // Those that go both ways are begun first, hence stand last.
    let open = Mutex::new(Vec::from(PAIRS));
    let next = || open.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || {
        while let Some((target, idp)) = next() {
            rotates(target, idp);
        }
    };
    thread::scope(|scope| [scope.spawn(work), scope.spawn(work)].map(|worker| worker.join().expect("as it should be")));
}

fn rotates(target: &str, idp: &str) {
    let run = run(program().args(["rehearse", target, idp, "--rotate", "--json"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    let all: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object on each line")).collect();
    let ways: Vec<&str> = all.iter().filter_map(|one| one["way"].as_str()).collect();
    assert_eq!(ways, if target == "hpe-greenlake" { &["gapless", "at-once"][..] } else { &["gapless"] });
    for one in &all {
        let keys: Vec<&String> = one.as_object().expect("an object").keys().collect();
        let names = ["target", "idp", "way", "steps", "cycles", "before", "after", "without", "ok", "seconds"];
        assert_eq!(keys, names, "{one:#}");
        assert_eq!((&one["target"], &one["idp"], &one["ok"]), (&target.into(), &idp.into(), &true.into()), "{one:#}");
        // For weeks, with something to send on every day.
        let most = u64::from(one["way"] == "at-once");
        let cycles = &one["cycles"];
        assert!(cycles["run"].as_u64() > Some(20), "{one:#}");
        assert!(cycles["failed"].as_u64() <= Some(most) && cycles["last_ok"] == true, "{one:#}");
        assert_eq!((&one["before"]["state"], &one["after"]["state"]), (&"ending".into(), &"well".into()), "{one:#}");
        assert_ne!(one["before"]["token"], one["after"]["token"], "{one:#}");
        let steps = one["steps"].as_array().expect("a list");
        assert_eq!(steps.last().map(|step| &step["phase"]), Some(&"old-token".into()), "{one:#}");
        let without = &one["without"];
        assert_eq!((&without["exit"], &without["status"]["state"]), (&1.into(), &"ended".into()), "{one:#}");
        assert!(without["cycles"]["failed"].as_u64() > Some(0) && without["cycles"]["last_ok"] == false, "{one:#}");
        assert_eq!(without["quarantined"], idp == "entra", "{one:#}");
    }
}

#[test]
fn people_get_a_line_for_each_step_and_scripts_nothing_else() {
    let run = run(program().args(["rehearse", "generic-scim", "okta"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 8, "{run:#?}");
    for (number, line) in (1..=6).zip(&lines[1..7]) {
        let state = if number <= 2 { " not needed " } else { " proven " };
        assert!(line.starts_with(&format!("  {number} ")) && line.contains(state), "{line}");
    }
    assert!(lines[7].starts_with("All six steps are proven"), "{run:#?}");
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    for (arguments, wanted) in [
        (
            vec!["hpe-grenlake", "entra"],
            vec!["Did you mean hpe-greenlake?", "Known are: aws-identity-center, azion, generic-scim, hpe-greenlake."],
        ),
        (vec!["hpe-greenlake", "entraa"], vec!["Did you mean entra?", "Known are: entra"]),
        (vec!["azion", "okta"], vec!["cannot be rehearsed"]),
        (vec!["hpe-greenlake", "entra", "--fault", "api-slient"], vec!["api-silent", "similar", "quarantine"]),
        (vec!["hpe-greenlake"], vec!["<IDP>"]),
        (vec!["--rotate", "--fault", "role-missing"], vec!["--rotate", "cannot be used with", "--fault"]),
        (vec!["azion", "okta", "--rotate"], vec!["cannot be rehearsed"]),
    ] {
        let run = run(program().arg("rehearse").args(&arguments));
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:#?}");
        for words in wanted {
            assert!(run.stderr.contains(words), "{words}: {run:#?}");
        }
    }
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let run = run_for_nobody(program().args(["rehearse", "azion", "entra"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn interrupted_it_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = program()
        .args(["rehearse", "hpe-greenlake", "entra", "--fault", "api-silent"])
        .env("TMPDIR", folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = String::new();
    let output = child.stdout.as_mut().expect("BUG: it is piped");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut first).expect("a line");
    assert!(std::fs::read_dir(folder.path()).expect("readable").next().is_some(), "it works in a folder of its own");
    let sent = std::process::Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
    assert!(sent.expect("kill is there").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert!(std::fs::read_dir(folder.path()).expect("readable").next().is_none(), "the folder is cleared away");
}

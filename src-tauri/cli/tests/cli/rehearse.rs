//! `usher-cli rehearse` as a process: six proven steps, and for every fault the right one that is not.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::program::{Run, program, run, run_for_nobody};

const PHASES: [&str; 6] = ["role", "access-token", "scim-token", "idp-credentials", "mappings", "provisioning"];
/// However silent the practice world is told to be.
const BOUND: Duration = Duration::from_secs(120);

fn rehearse(more: &[&str]) -> Run {
    run(program().args(["rehearse", "hpe-greenlake", "entra", "--json"]).args(more))
}

#[test]
fn six_steps_are_proven_and_people_arrive() {
    let run = rehearse(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    let json = run.json();
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["target", "idp", "steps", "arrived", "requests", "seconds"]);
    assert_eq!((&json["target"], &json["idp"]), (&Value::from("hpe-greenlake"), &Value::from("entra")));
    let steps = json["steps"].as_array().expect("a list");
    assert_eq!(steps.iter().map(|step| step["phase"].as_str().unwrap_or_default()).collect::<Vec<_>>(), PHASES);
    for step in steps {
        let keys: Vec<&String> = step.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["phase", "proven", "proof"]);
        assert_eq!(step["proven"], true, "{step}");
        assert!(step["proof"].as_str().is_some_and(|proof| proof.len() > 10), "{step}");
    }
    assert!(json["arrived"]["users"].as_u64() >= Some(3) && json["arrived"]["groups"].as_u64() >= Some(1), "{json}");
    assert!(json["requests"].as_u64() > Some(20) && json["seconds"].is_f64(), "{json}");
}

#[test]
fn people_get_a_line_for_each_step_and_scripts_nothing_else() {
    let run = run(program().arg("rehearse"));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 8, "{run:#?}");
    for (number, line) in (1..=6).zip(&lines[1..7]) {
        assert!(line.starts_with(&format!("  {number} ")) && line.contains(" proven "), "{line}");
    }
    assert!(lines[7].starts_with("All six steps are proven"), "{run:#?}");
}

/// The fault, the first step that is not proven, the step that has the problem, and words that name the cause.
const FAULTS: [(&str, &str, &str, &str); 34] = [
    ("role-missing", "role", "role", "SCIM Proxy Token Contributor"),
    ("token-exists", "role", "scim-token", "exists already"),
    ("access-token-expired", "role", "access-token", "ended"),
    ("api-not-found", "role", "scim-token", "404"),
    ("api-html", "role", "scim-token", "web page"),
    ("api-truncated", "role", "scim-token", "cut off"),
    ("api-huge", "role", "scim-token", "broke off"),
    ("api-silent", "role", "scim-token", "did not answer"),
    ("api-redirect", "role", "scim-token", "points to another place"),
    ("api-server-error", "role", "scim-token", "500"),
    ("api-rate-limited", "role", "scim-token", "too many requests"),
    ("api-rate-limited-date", "role", "scim-token", "too many requests"),
    ("api-rate-limited-bare", "role", "scim-token", "too many requests"),
    ("token-odd", "role", "scim-token", "which part of its answer is the token"),
    ("scim-unauthorized", "scim-token", "scim-token", "does not accept the token"),
    ("scim-forbidden", "scim-token", "scim-token", "does not allow"),
    ("scim-not-found", "scim-token", "scim-token", "404"),
    ("scim-html", "scim-token", "scim-token", "page"),
    ("scim-truncated", "scim-token", "scim-token", "ends in the middle"),
    ("scim-huge", "scim-token", "scim-token", "larger than"),
    ("scim-silent", "scim-token", "scim-token", "did not answer"),
    ("scim-redirect", "scim-token", "scim-token", "points to another place"),
    ("scim-server-error", "scim-token", "scim-token", "500"),
    ("scim-rate-limited", "scim-token", "scim-token", "too many requests"),
    ("filter-ignored", "scim-token", "scim-token", "ignores the filter"),
    ("groups-broken", "scim-token", "scim-token", "groups cannot"),
    ("paging-ignored", "provisioning", "provisioning", "page"),
    ("totals-lie", "provisioning", "provisioning", "sends only"),
    ("ids-repeat", "provisioning", "provisioning", "same id"),
    ("users-refused", "idp-credentials", "provisioning", "Required property"),
    ("console-refuses", "idp-credentials", "idp-credentials", "invalid credentials"),
    ("nothing-arrives", "idp-credentials", "provisioning", "not assigned"),
    ("members-lost", "provisioning", "provisioning", "without members"),
    ("quarantine", "provisioning", "provisioning", "Quarantine"),
];

#[test]
fn each_fault_is_found_at_its_step_and_named() {
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(row) = FAULTS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = judge(row) {
                        wrong.lock().expect("no thread panics in here").push(why);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread panics in here");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn judge((fault, first, at, words): &(&str, &str, &str, &str)) -> Result<(), String> {
    let began = Instant::now();
    let run = rehearse(&["--fault", fault]);
    let say = |what: &str| Err(format!("{fault}: {what}: {run:#?}"));
    if run.code != Some(1) || !run.stderr.is_empty() {
        return say("exit 1 and a quiet standard error are wanted");
    }
    if began.elapsed() > BOUND {
        return say("it took too long");
    }
    let json = run.json();
    let steps = json["steps"].as_array().cloned().unwrap_or_default();
    let open = steps.iter().find(|step| step["proven"] == false).map(|step| step["phase"].clone());
    if steps.len() != 6 || open != Some(Value::from(*first)) {
        return say(&format!("the first step that is not proven should be {first}"));
    }
    let problem =
        steps.iter().find(|step| step["phase"] == *at).map(|step| step["problem"].clone()).unwrap_or_default();
    if !problem["message"].as_str().is_some_and(|message| message.contains(words)) {
        return say(&format!("the problem at {at} should contain \"{words}\""));
    }
    if problem["hints"].as_array().is_none_or(Vec::is_empty) || !problem["code"].is_string() {
        return say("a code and a hint are wanted");
    }
    Ok(())
}

#[test]
fn a_mapping_that_is_ignored_leads_back_to_the_mapping() {
    let run = rehearse(&["--fault", "mapping-ignored"]);
    let json = run.json();
    assert_eq!(run.code, Some(1), "{run:#?}");
    for phase in [4, 5] {
        let message = json["steps"][phase]["problem"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("should be deleted: "), "{run:#?}");
    }
    assert_eq!(json["steps"][2]["proven"], true, "{run:#?}");
}

#[test]
fn help_lists_every_fault_and_the_tests_know_them_all() {
    let run = run(program().args(["rehearse", "--help"]));
    assert_eq!(run.code, Some(0));
    let list = run.stdout.split("Faults:\n").nth(1).unwrap_or_default();
    let listed: Vec<&str> =
        list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(listed.len() > 30, "{listed:?}");
    for fault in &listed {
        assert!(*fault == "mapping-ignored" || FAULTS.iter().any(|row| row.0 == *fault), "no test for {fault}");
    }
}

#[test]
fn two_faults_at_once_and_the_first_one_counts() {
    let run = rehearse(&["--fault", "scim-forbidden", "--fault", "api-html"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.json()["steps"][2]["problem"]["message"].as_str().is_some_and(|message| message.contains("web page")),
        "{run:#?}"
    );
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    for (arguments, wanted) in [
        (vec!["hpe-grenlake", "entra"], vec!["Did you mean hpe-greenlake?", "Known are: hpe-greenlake"]),
        (vec!["hpe-greenlake", "entraa"], vec!["Did you mean entra?", "Known are: entra"]),
        (vec!["hpe-greenlake", "entra", "--fault", "api-slient"], vec!["api-silent", "similar", "quarantine"]),
        (vec!["hpe-greenlake"], vec!["<IDP>"]),
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
    let run = run_for_nobody(program().args(["rehearse"]));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn interrupted_it_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = program()
        .args(["rehearse", "--fault", "api-silent"])
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

//! The whole rehearsal, as a script would run it: the real program, the practice world, the consoles over HTTP.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::support::tools::built;

/// Exit code and the JSON of the pair.
async fn rehearse(arguments: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(built("usher-cli"))
        .args(["rehearse", "hpe-greenlake", "entra", "--json"])
        .args(arguments)
        .env("USHER_LOG", "trace")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_secs(300), output).await.expect("it ends").expect("it starts");
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {log}"));
    (output.status.code(), json, log)
}

fn proven(json: &Value) -> Vec<(&str, bool)> {
    let steps = json["steps"].as_array().expect("there are steps");
    steps.iter().map(|step| (step["phase"].as_str().unwrap_or("?"), step["proven"] == true)).collect()
}

const PHASES: [&str; 6] = ["role", "access-token", "scim-token", "idp-credentials", "mappings", "provisioning"];

#[tokio::test]
async fn all_six_steps_are_proven_and_people_arrive() {
    let (code, json, log) = rehearse(&[]).await;
    assert_eq!(proven(&json), PHASES.map(|phase| (phase, true)), "{json:#}");
    assert_eq!(code, Some(0));
    assert_eq!((json["target"].as_str(), json["idp"].as_str()), (Some("hpe-greenlake"), Some("entra")));
    assert!(json["steps"].as_array().expect("there are steps").iter().all(|step| step["proof"] != ""), "{json:#}");
    assert!(json["arrived"]["users"].as_u64() >= Some(3) && json["arrived"]["groups"].as_u64() >= Some(1), "{json:#}");
    assert!(json["requests"].as_u64() > Some(20) && json["seconds"].as_f64() > Some(0.0), "{json:#}");
    // JWTs begin like this; both tokens of the practice world are some.
    assert!(log.contains("/v1alpha1/proxytoken"), "the log says what was asked");
    assert!(!log.contains("eyJ"), "a token stands in the log");
}

#[tokio::test]
async fn a_fault_leaves_the_right_step_unproven_and_is_named() {
    for (fault, step, words) in [
        ("role-missing", "role", "SCIM Proxy Token Contributor"),
        ("scim-unauthorized", "scim-token", "401"),
        ("mapping-ignored", "mappings", "not as the mapping"),
        ("members-lost", "provisioning", "without members"),
    ] {
        let (code, json, _) = rehearse(&["--fault", fault]).await;
        assert_eq!(code, Some(1), "{fault}: {json:#}");
        let steps = proven(&json);
        assert!(steps.contains(&(step, false)), "{fault}: {json:#}");
        assert!(json.to_string().contains(words), "{fault}: {json:#}");
    }
}

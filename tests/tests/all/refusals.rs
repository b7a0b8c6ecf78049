//! The target refuses, or cannot be reached: each time a sentence, a next step, and nothing lost. The statuses are those
//! that facts/targets.md A2 infers (401 token ended, 403 role missing); bodies are shown under Details whatever they say.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use insta::assert_snapshot;
use usher_core::{Code, Phase, Problem, view::SecretState};

use crate::support::{
    look,
    stage::{ACCESS, CREATE, Home, Stage, TEST, run, to_step_3},
    target::{Asked, Reply, Target, json, nobody},
};

const TOKEN: &str = "scim-0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij3f9c";

fn with(status: u16, name: &'static str, value: &str) -> Reply {
    Reply::Whole(status, vec![(name, value.to_owned())], String::new())
}

/// Message and hints, with the steps that they lead to.
fn words(problem: &Problem, target: &Target) -> String {
    let host = target.address.trim_start_matches("http://");
    let hints = problem.hints.iter().map(|hint| {
        let go = hint.go.map_or_else(String::new, |phase| format!(" -> step {}", phase.number()));
        format!("\n  - {}{go}", hint.text)
    });
    format!("{:?}: {}{}", problem.code, problem.message, hints.collect::<String>()).replace(host, "[host]")
}

#[tokio::test]
async fn each_refusal_of_the_token_api_has_a_sentence_and_a_next_step() {
    type Answer = fn() -> Reply;
    let table: [(&str, Answer, Code, Option<Phase>); 12] = [
        ("401", || json(401, r#"{"detail":"Invalid token"}"#), Code::Unauthorized, Some(Phase::AccessToken)),
        ("403", || json(403, r#"{"detail":"The caller has no role"}"#), Code::RoleMissing, Some(Phase::Role)),
        ("404", || json(404, ""), Code::NotFound, Some(Phase::Role)),
        ("409", || json(409, ""), Code::Conflict, None),
        ("429 with seconds", || with(429, "retry-after", "3600"), Code::RateLimited, None),
        ("429 with a date", || with(429, "retry-after", "Wed, 21 Oct 2099 07:28:00 GMT"), Code::RateLimited, None),
        ("429 with nothing", || json(429, ""), Code::RateLimited, None),
        ("500", || json(500, r#"{"message":"oops"}"#), Code::ServerError, None),
        (
            "503 as a page",
            || Reply::Whole(503, vec![("content-type", "text/html".into())], "<h1>Down</h1>".into()),
            Code::ServerError,
            None,
        ),
        (
            "redirect to another host",
            || with(302, "location", "https://login.example.com/?next=/"),
            Code::Redirect,
            None,
        ),
        ("redirect on itself", || with(307, "location", "/v1alpha1/proxytoken/"), Code::Redirect, None),
        ("418", || json(418, ""), Code::Refused, None),
    ];
    let mut said = Vec::new();
    for (name, answer, code, way) in table {
        let stage = Stage::at_step_3(Target::start(move |_| answer()).await).await;
        let view = stage.run(CREATE).await;
        let problem = look::problem(&view, CREATE);
        assert_eq!(problem.code, code, "{name}: {}", problem.message);
        assert!(!problem.hints.is_empty(), "{name}");
        assert_eq!(look::ways(problem).first().copied(), way, "{name}");
        assert!(problem.docs.is_some(), "{name} leads to the guide");
        assert!(matches!(look::secret_or_none(&view, "proxy-token"), None | Some(SecretState::Empty)), "{name}");
        let (sent, spent) = (stage.target.tokens(), stage.target.asked());
        assert!(sent.iter().all(|token| token == ACCESS) && spent.len() <= 2, "{name}: {spent:?}");
        said.push(format!("{name}\n{}", words(problem, &stage.target)));
        // And the access token is still there for another try.
        assert_eq!(stage.home.holds("access-token").as_deref(), Some(ACCESS), "{name}");
    }
    assert_snapshot!("refusals", said.join("\n\n"));
}

#[tokio::test]
async fn a_missing_role_leads_back_to_step_1_in_one_click() {
    let stage = Stage::at_step_3(Target::start(|_| json(403, "")).await).await;
    let view = stage.run(CREATE).await;
    let way = look::ways(look::problem(&view, CREATE))[0];
    let view = stage.app.act(usher_core::Action::GoTo { phase: way }).await;
    assert_eq!(look::step(&view).phase, Phase::Role);
}

#[tokio::test]
async fn a_line_that_breaks_after_the_request_says_that_a_token_may_have_been_issued() {
    let silent = Duration::from_secs(1);
    for (reply, code) in [((|| Reply::Silence) as fn() -> Reply, Code::Timeout), (|| Reply::HangUp, Code::Connect)] {
        let target = Target::start(move |_| reply()).await;
        let home = Home::new();
        let app = home.open_with(target.addresses(), |config| config.limits.total = silent);
        to_step_3(&app, ACCESS).await;
        let view = run(&app, CREATE).await;
        let problem = look::problem(&view, CREATE);
        assert_eq!(problem.code, code, "{}", problem.message);
        assert!(problem.hints.iter().any(|hint| hint.text.contains("may or may not have issued")), "{problem:#?}");
        assert_eq!(target.asked().len(), 1, "what issues something is not sent twice");
    }
}

#[tokio::test]
async fn nobody_at_the_address() {
    let target = Target::start(|_| nobody()).await;
    let addresses = target.addresses();
    let dead = target.address.clone();
    let home = Home::new();
    let app = home.open(addresses);
    to_step_3(&app, ACCESS).await;
    drop(target);
    let view = run(&app, CREATE).await;
    let problem = look::problem(&view, CREATE);
    assert_eq!(problem.code, Code::Connect, "{}", problem.message);
    assert!(problem.message.contains(dead.trim_start_matches("http://")), "{}", problem.message);
    assert!(!problem.hints.is_empty());
}

/// The addresses of a practice world can be wrong, too; nothing leaves this computer all the same.
#[tokio::test]
async fn practice_asks_nobody_else() {
    let target = Target::start(|_| nobody()).await;
    let mut addresses = target.addresses();
    addresses.insert("api_base_url".into(), "https://sps.usher-test.invalid".into());
    let home = Home::new();
    let app = home.open(addresses);
    to_step_3(&app, ACCESS).await;
    let view = run(&app, CREATE).await;
    let problem = look::problem(&view, CREATE);
    assert_eq!(problem.code, Code::Practice, "{}", problem.message);
    assert!(problem.message.contains("sps.usher-test.invalid"), "{}", problem.message);
    assert!(!problem.hints.is_empty());
}

/// Answers with an error the first times, then as it should.
fn heals_after(errors: usize, status: u16) -> impl Fn(&Asked) -> Reply {
    let seen = Arc::new(AtomicUsize::new(0));
    move |asked| {
        if seen.fetch_add(1, Ordering::SeqCst) < errors {
            return json(status, "");
        }
        if asked.method == "POST" { json(201, format!(r#"{{"token":"{TOKEN}"}}"#)) } else { nobody() }
    }
}

#[tokio::test]
async fn after_an_error_of_the_server_the_next_click_gets_the_token() {
    let stage = Stage::at_step_3(Target::start(heals_after(1, 500)).await).await;
    let view = stage.run(CREATE).await;
    assert_eq!(look::problem(&view, CREATE).code, Code::ServerError);
    assert_eq!(stage.target.asked().len(), 1, "it is not sent again by itself: a token may have been issued");
    let view = stage.run(CREATE).await;
    look::proof(&view, CREATE);
    stage.assert_safe(TOKEN).await;
}

#[tokio::test]
async fn too_many_requests_heal_by_themselves() {
    let stage = Stage::at_step_3(Target::start(heals_after(1, 429)).await).await;
    let view = stage.run(CREATE).await;
    look::proof(&view, CREATE);
    stage.assert_safe(TOKEN).await;
    assert_eq!(stage.target.asked().len(), 2);
}

#[tokio::test]
async fn reading_goes_on_after_an_error_of_the_server() {
    let reads = Arc::new(AtomicUsize::new(0));
    let answer = move |asked: &Asked| match (asked.method.as_str(), &reads) {
        ("POST", _) => json(201, format!(r#"{{"token":"{TOKEN}"}}"#)),
        (_, reads) if reads.fetch_add(1, Ordering::SeqCst) == 0 => json(500, ""),
        _ => nobody(),
    };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    stage.run(CREATE).await;
    let view = stage.run(TEST).await;
    look::proof(&view, TEST);
}

#[tokio::test]
async fn a_refused_scim_token_leads_to_another_and_the_other_is_offered() {
    let answer = |asked: &Asked| match asked.method.as_str() {
        "POST" => json(201, format!(r#"{{"token":"{TOKEN}"}}"#)),
        _ => json(401, r#"{"detail":"Unauthorized"}"#),
    };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    stage.run(CREATE).await;
    let view = stage.run(TEST).await;
    let problem = look::problem(&view, TEST);
    assert_eq!(problem.code, Code::Unauthorized);
    // No dead end: creating can be asked for again.
    let view = stage.run(CREATE).await;
    look::proof(&view, CREATE);
    assert_eq!(stage.target.asked().iter().filter(|asked| asked.starts_with("POST")).count(), 2);
}

//! A token that the target issued is never lost, whatever its answer looks like. The answers' shapes are those that
//! facts/targets.md A2 tells a tolerant client to accept; HPE documents none (A2: "everything about responses" unknown).

use std::time::{Duration, Instant};

use usher_core::{
    Action, Code,
    view::{Block, CheckState, SecretState},
};

use crate::support::{
    look,
    stage::{ACCESS, CREATE, Home, ROTATE, Stage, TEST, at, limits, run, to_step_3},
    target::{Asked, Reply, Target, json, nobody},
};

const TOKEN: &str = "scim-0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij3f9c";

/// With `exp` 2027-11-22T10:00:00Z; facts A1: other HPE GreenLake tokens are JWTs with an expiry in Unix seconds.
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE4MjY4Nzc2MDB9.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU";

/// Issues a token with this answer, and answers searches with nobody.
async fn stage(create: impl Fn() -> Reply + Send + Sync + 'static) -> Stage {
    Stage::at_step_3(Target::start(move |asked| if asked.method == "POST" { create() } else { nobody() }).await).await
}

#[tokio::test]
async fn every_documented_guess_of_an_answer_is_read() {
    let end = Some("2027-11-22T10:00:00Z");
    // The token's names, in A2's order; also under data; a JSON string; bare text.
    let names = ["token", "proxyToken", "proxy_token", "access_token", "accessToken", "bearerToken", "value"];
    let mut answers: Vec<(String, &str, Option<&str>)> =
        names.iter().map(|name| (format!(r#"{{"id":"7","{name}":"{TOKEN}"}}"#), TOKEN, None)).collect();
    answers.extend([
        (format!(r#"{{"data":{{"token":"{TOKEN}"}}}}"#), TOKEN, None),
        (format!("\"{TOKEN}\""), TOKEN, None),
        (TOKEN.to_owned(), TOKEN, None),
        (format!("{TOKEN}\n"), TOKEN, None),
        (JWT.to_owned(), JWT, end),
        (format!(r#"{{"token":"{JWT}"}}"#), JWT, end),
        // A2's suggestion for a simulator.
        (
            format!(r#"{{"id":"0b9e1a52-1f0e-4d0c-9a5e-3d8f3c1b7a01","token":"{TOKEN}","created_at":"2026-11-22T10:00:00Z","expires_at":"2027-11-22T10:00:00Z"}}"#),
            TOKEN,
            end,
        ),
    ]);
    // The end's names, in A2's order.
    for name in ["expiresAt", "expires_at", "expiry", "expiration"] {
        answers.push((format!(r#"{{"token":"{TOKEN}","{name}":"2027-11-22T10:00:00Z"}}"#), TOKEN, end));
    }
    answers.push((format!(r#"{{"token":"{TOKEN}","exp":1826877600}}"#), TOKEN, end));
    for (body, token, end) in answers {
        let shown = body.replace(token, "TOKEN");
        for status in [200, 201] {
            let body = body.clone();
            let stage = stage(move || json(status, body.clone())).await;
            let view = stage.run(CREATE).await;
            assert!(look::proof(&view, CREATE).contains("issued a token"), "{shown}");
            assert_eq!(stage.home.holds("scim-token").as_deref(), Some(token), "{shown}");
            let SecretState::Filled { expires_at, saved: true, .. } = look::secret(&view, "proxy-token").0 else {
                panic!("{shown} is not saved");
            };
            assert_eq!(*expires_at, end.map(at), "{shown}");
            let copied = stage.app.copyable("proxy-token").await.expect("it can be copied");
            assert_eq!(copied.value.expose(), token);
        }
    }
}

#[tokio::test]
async fn remaining_seconds_count_from_now() {
    fn now() -> jiff::Timestamp {
        at("2026-11-22T10:00:00Z")
    }
    let target = Target::start(|_| json(201, format!(r#"{{"access_token":"{TOKEN}","expires_in":3600}}"#))).await;
    let home = Home::new();
    let app = home.open_with(target.addresses(), |config| config.now = std::sync::Arc::new(now));
    to_step_3(&app, ACCESS).await;
    let view = run(&app, CREATE).await;
    let SecretState::Filled { expires_at, .. } = look::secret(&view, "proxy-token").0 else { panic!("it is there") };
    assert_eq!(*expires_at, Some(at("2026-11-22T11:00:00Z")));
}

#[tokio::test]
async fn the_access_token_goes_to_the_target_once_and_as_a_bearer() {
    let stage = stage(|| json(201, format!(r#"{{"token":"{TOKEN}"}}"#))).await;
    stage.run(CREATE).await;
    assert_eq!(stage.target.asked(), ["POST /v1alpha1/proxytoken"]);
    assert_eq!(stage.target.tokens(), [ACCESS]);
    // The new one is what the endpoint is asked with.
    let view = stage.run(TEST).await;
    look::proof(&view, TEST);
    assert!(stage.target.asked().len() > 1);
    assert!(stage.target.tokens()[1..].iter().all(|token| token == TOKEN));
}

#[tokio::test]
async fn an_unknown_answer_lets_the_admin_choose_the_token() {
    let id = "0b9e1a52-1f0e-4d0c-9a5e-3d8f3c1b7a01";
    let other = "another-long-value-0123456789";
    let body = format!(r#"{{"id":"{id}","scimSecret":"{TOKEN}","note":"{other}"}}"#);
    let stage = stage(move || json(201, body.clone())).await;
    let view = stage.run(CREATE).await;
    stage.assert_safe(TOKEN).await;
    let CheckState::Failed { problem, candidates, .. } = look::check(&view, CREATE) else { panic!("not read") };
    assert_eq!(problem.code, Code::TokenNotRecognised);
    let paths: Vec<_> = candidates.iter().map(|found| (found.path.as_str(), found.masked.as_str())).collect();
    assert_eq!(paths, [("scimSecret", "••••3f9c"), ("note", "••••6789")]);
    assert!(!serde_json::to_string(&view).expect("a view is data").contains(TOKEN));
    let view = stage.app.act(Action::Pick { block: CREATE.into(), candidate: candidates[0].id.clone() }).await;
    assert_eq!(look::proof(&view, CREATE), "You chose the token that ends in 3f9c from the answer.");
    assert_eq!(stage.home.holds("scim-token").as_deref(), Some(TOKEN));
    assert!(stage.home.holds("unread-answer").is_some(), "it may have been the wrong part");
    look::proof(&stage.run(TEST).await, TEST);
    assert_eq!(stage.home.holds("unread-answer"), None, "the rest is no longer needed");
}

/// A gateway's or login page's answer; the token may still stand in it.
#[tokio::test]
async fn a_web_page_with_status_200_is_no_token_but_is_kept() {
    let page = format!("<!doctype html><title>Done</title><p>{TOKEN}</p>");
    let html = || vec![("content-type", "text/html".to_owned())];
    let stage = stage(move || Reply::Whole(200, html(), page.clone())).await;
    let view = stage.run(CREATE).await;
    let problem = look::problem(&view, CREATE);
    assert_eq!(problem.code, Code::TokenNotRecognised);
    assert!(problem.message.contains("web page"), "{}", problem.message);
    assert!(problem.hints.iter().any(|hint| hint.text.contains("**Replace the token**")), "{:?}", problem.hints);
    assert!(look::ways(problem).is_empty(), "no button to where one is already");
    stage.assert_safe(TOKEN).await;
}

#[tokio::test]
async fn json_that_is_cut_off_after_the_token_still_gives_the_token() {
    let stage = stage(|| Reply::CutOff(format!(r#"{{"id":"7","token":"{TOKEN}","created_at":"20"#))).await;
    let view = stage.run(CREATE).await;
    stage.assert_safe(TOKEN).await;
    let CheckState::Failed { problem, candidates, .. } = look::check(&view, CREATE) else { panic!("it is cut off") };
    assert_eq!(problem.code, Code::TokenNotRecognised);
    assert!(problem.message.contains("broke off"), "{}", problem.message);
    assert_eq!(candidates[0].path, "token");
    stage.app.act(Action::Pick { block: CREATE.into(), candidate: candidates[0].id.clone() }).await;
    assert_eq!(stage.home.holds("scim-token").as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn json_that_is_cut_off_inside_the_token_says_that_it_may_be_incomplete() {
    let half = &TOKEN[..30];
    let stage = stage(move || Reply::CutOff(format!(r#"{{"id":"7","token":"{half}"#))).await;
    let view = stage.run(CREATE).await;
    let problem = look::problem(&view, CREATE);
    assert!(problem.message.contains("may be incomplete"), "{}", problem.message);
    assert!(problem.hints.iter().any(|hint| hint.text.contains("**Replace the token**")), "{:?}", problem.hints);
    stage.assert_safe(half).await;
    assert_eq!(stage.home.holds("scim-token"), None, "half a token is not taken for one");
}

#[tokio::test]
async fn an_answer_of_a_gigabyte_is_bounded_and_its_beginning_is_kept() {
    let body = 65_536;
    let start = format!(r#"{{"token":"{TOKEN}","#);
    let target = Target::start(move |_| Reply::Endless(start.clone())).await;
    let home = Home::new();
    let app = home.open_with(target.addresses(), |config| config.limits.body = body);
    to_step_3(&app, ACCESS).await;
    let began = Instant::now();
    let view = run(&app, CREATE).await;
    assert!(began.elapsed() < limits().total, "it stops at the bound, not at the time limit");
    assert_eq!(look::problem(&view, CREATE).code, Code::TokenNotRecognised);
    assert!(target.sent() < 100_000_000, "{} bytes were taken", target.sent());
    let kept = home.holds("unread-answer").expect("the beginning is kept");
    assert!(kept.len() <= body && kept.contains(TOKEN));
}

#[tokio::test]
async fn an_answer_that_never_ends_keeps_what_came_before_the_silence() {
    // The length promises more than comes; the line stays open until the limit.
    let target = Target::start(|_| Reply::CutOff(format!(r#"{{"token":"{TOKEN}""#))).await;
    let home = Home::new();
    let app = home.open_with(target.addresses(), |config| config.limits.total = Duration::from_secs(2));
    to_step_3(&app, ACCESS).await;
    let view = run(&app, CREATE).await;
    assert_eq!(look::problem(&view, CREATE).code, Code::TokenNotRecognised);
    assert!(home.holds("unread-answer").is_some_and(|kept| kept.contains(TOKEN)));
}

/// facts A2 [inferred]: 409 when a token exists; both ways of rotating are documented, with a hyphen in the curl line.
#[tokio::test]
async fn an_existing_token_is_rotated_in_the_way_that_was_chosen() {
    for (mode, query) in [(None, "false"), (Some("keep-current"), "false"), (Some("remove-current"), "true")] {
        let stage = Stage::at_step_3(Target::start(existing).await).await;
        let view = stage.run(CREATE).await;
        let problem = look::problem(&view, CREATE);
        assert_eq!(problem.code, Code::Conflict);
        assert!(look::check_or_none(&view, ROTATE).is_some());
        if let Some(mode) = mode {
            stage.app.act(Action::Choose { block: "rotate-mode".into(), option: mode.into() }).await;
        }
        let view = stage.run(ROTATE).await;
        assert!(look::proof(&view, CREATE).contains("issued a new token"), "it stands for creating");
        let wanted = format!("POST /v1alpha1/proxytoken/rotate?remove-current={query}");
        assert_eq!(stage.target.asked(), ["POST /v1alpha1/proxytoken".to_owned(), wanted]);
        stage.assert_safe(TOKEN).await;
    }
}

fn existing(asked: &Asked) -> Reply {
    match asked.path.contains("rotate") {
        true => json(200, format!(r#"{{"token":"{TOKEN}"}}"#)),
        false => json(409, r#"{"detail":"A SCIM proxy token exists already."}"#),
    }
}

/// facts A2 [inferred]: rotate answers 404 if there is none, for example because somebody deleted it meanwhile.
#[tokio::test]
async fn rotating_where_no_token_exists_leads_back_to_creating() {
    let answer = |asked: &Asked| match asked.path.contains("rotate") {
        true => json(404, r#"{"detail":"There is no SCIM proxy token to rotate."}"#),
        false => json(409, r#"{"detail":"A SCIM proxy token exists already."}"#),
    };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    stage.run(CREATE).await;
    let view = stage.run(ROTATE).await;
    let problem = look::problem(&view, ROTATE);
    assert_eq!(problem.code, Code::NotFound);
    assert!(!problem.hints.is_empty());
    let create = look::step(&view).blocks.iter().find(|block| matches!(block, Block::Check { id, .. } if id == CREATE));
    assert!(matches!(create, Some(Block::Check { enabled: true, .. })), "creating can be tried again");
}

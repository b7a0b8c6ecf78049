//! A token that was issued is found again: after the wrong part of an answer was picked, after a kill, after the file
//! or the keyring forgot it.

use std::fs;

use usher_core::{
    Action, App, Code, Phase, Secret,
    vault::Vault,
    view::{Candidate, CheckState, SecretState},
};

use crate::support::{
    look,
    stage::{ACCESS, CREATE, Home, ROTATE, Stage, TEST, run, to_step_3, until},
    target::{Asked, Reply, Target, json, nobody},
};

const TOKEN: &str = "scim-0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij3f9c";
const OTHER: &str = "another-long-value-0123456789";

/// Issues a token under an unknown name, and accepts that token only.
fn odd(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.token.as_deref()) {
        ("POST", _) => json(201, format!(r#"{{"scimSecret":"{TOKEN}","note":"{OTHER}"}}"#)),
        (_, Some(TOKEN)) => nobody(),
        _ => json(401, r#"{"detail":"no"}"#),
    }
}

/// Issues a token as the guides would have it; a second one is a conflict.
fn plain(asked: &Asked) -> Reply {
    if asked.method == "POST" { json(201, format!(r#"{{"token":"{TOKEN}"}}"#)) } else { nobody() }
}

fn candidates(app: &App) -> Vec<Candidate> {
    match look::check(&app.view(), CREATE) {
        CheckState::Failed { candidates, .. } => candidates.clone(),
        other => panic!("nothing is offered: {other:?}"),
    }
}

async fn pick(app: &App, path: &str) {
    let chosen = candidates(app).into_iter().find(|found| found.path == path).expect("it is offered");
    app.act(Action::Pick { block: CREATE.into(), candidate: chosen.id }).await;
}

async fn reopen(home: &Home, target: &Target) -> App {
    let app = home.open(target.addresses());
    app.act(Action::OpenSetup { setup: home.setup() }).await;
    app
}

#[tokio::test]
async fn the_wrong_part_of_an_answer_can_be_taken_back() {
    let stage = Stage::at_step_3(Target::start(odd).await).await;
    stage.run(CREATE).await;
    pick(&stage.app, "note").await;
    let view = stage.run(TEST).await;
    assert_eq!(look::problem(&view, TEST).code, Code::Unauthorized);
    pick(&stage.app, "scimSecret").await;
    let view = stage.run(TEST).await;
    look::proof(&view, TEST);
    assert_eq!(stage.home.holds("scim-token").as_deref(), Some(TOKEN));
    assert_eq!(stage.home.holds("unread-answer"), None, "the rest is no longer needed");
}

#[tokio::test]
async fn an_answer_that_was_not_read_is_offered_again_after_a_kill() {
    let Stage { app, home, target } = Stage::at_step_3(Target::start(odd).await).await;
    run(&app, CREATE).await;
    drop(app);
    let app = reopen(&home, &target).await;
    assert_eq!(candidates(&app).len(), 2);
    pick(&app, "scimSecret").await;
    look::proof(&run(&app, TEST).await, TEST);
}

#[tokio::test]
async fn a_token_that_only_the_keyring_knows_is_taken_up() {
    let Stage { app, home, target } = Stage::at_step_3(Target::start(plain).await).await;
    let before = fs::read_to_string(&home.setups()[0]).expect("the file is there");
    assert!(!before.contains("scim-token\": {"), "the token is not there yet");
    run(&app, CREATE).await;
    let file = home.setups()[0].clone();
    drop(app);
    // As if Usher had been killed between the keyring and the disk.
    fs::write(file, before).expect("it can be written");
    let app = reopen(&home, &target).await;
    let view = app.view();
    assert!(look::proof(&view, CREATE).contains("found in your keyring"));
    assert!(matches!(look::secret(&view, "proxy-token").0, SecretState::Filled { saved: true, .. }));
    look::proof(&run(&app, TEST).await, TEST);
}

#[tokio::test]
async fn a_token_that_the_keyring_lost_is_asked_for_again() {
    let stage = Stage::at_step_3(Target::start(plain).await).await;
    stage.run(CREATE).await;
    stage.home.vault.remove(&format!("{}/scim-token", stage.home.setup())).expect("it can be removed");
    stage.app.act(Action::Run { block: TEST.into() }).await;
    let view = until(&stage.app, "the word about it", |view| !view.notices.is_empty()).await;
    let notice = &view.notices[0].problem;
    assert!(notice.message.contains("no longer in your system's keyring"), "{notice}");
    assert_eq!(look::ways(notice), [Phase::ScimToken]);
    look::proof(&stage.run(CREATE).await, CREATE);
    assert_eq!(stage.home.holds("scim-token").as_deref(), Some(TOKEN));
}

/// What the identity provider said leads back to step 3; there the token can be replaced although a test accepts it.
#[tokio::test]
async fn a_token_in_doubt_can_be_replaced() {
    let (home, target) = (Home::new(), Target::start(plain).await);
    let app = home.open(target.addresses());
    to_step_3(&app, ACCESS).await;
    run(&app, CREATE).await;
    assert!(look::check_or_none(&app.view(), ROTATE).is_none(), "nobody doubts it yet");
    app.act(Action::Continue).await;
    until(&app, "step 4", |view| look::step(view).phase == Phase::IdpCredentials).await;
    app.act(Action::Choose { block: "console-said".into(), option: "unavailable".into() }).await;
    app.act(Action::GoTo { phase: Phase::ScimToken }).await;
    assert!(look::check_or_none(&app.view(), ROTATE).is_some(), "it is offered");
    let view = run(&app, ROTATE).await;
    assert!(look::proof(&view, CREATE).contains("issued a new token"));
    assert!(look::check_or_none(&view, ROTATE).is_none(), "the new one is not in doubt");
}

#[tokio::test]
async fn a_fresh_access_token_does_not_hide_an_answer_that_was_not_read() {
    let stage = Stage::at_step_3(Target::start(odd).await).await;
    stage.run(CREATE).await;
    stage
        .app
        .act(Action::FillSecret { block: "access-token".into(), secret: Secret::new(ACCESS.replace("1234", "9876")) })
        .await;
    assert_eq!(candidates(&stage.app).len(), 2);
    // Another answer would take its place.
    stage.app.act(Action::Run { block: CREATE.into() }).await;
    assert_eq!(candidates(&stage.app).len(), 2);
    assert_eq!(stage.target.asked().len(), 1);
}

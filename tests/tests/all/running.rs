//! While something runs: the window stays usable, Cancel stops what only reads, and what issues a token goes on whatever
//! the admin does meanwhile.

use std::sync::Arc;

use tokio::sync::Notify;
use usher_core::{
    Action, Code, Phase,
    view::{Block, CheckState, Screen},
};

use crate::support::{
    look,
    stage::{CREATE, Stage, TEST, until},
    target::{Asked, Reply, Target, json, nobody},
};

const TOKEN: &str = "scim-0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij3f9c";

fn issued() -> Reply {
    json(201, format!(r#"{{"token":"{TOKEN}"}}"#))
}

/// At step 3, where creating waits for the gate.
async fn gated() -> (Stage, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let held = gate.clone();
    let answer = move |asked: &Asked| match asked.method.as_str() {
        "POST" => Reply::Gated(held.clone(), Box::new(issued())),
        _ => nobody(),
    };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    let view = stage.app.act(Action::Run { block: CREATE.into() }).await;
    let CheckState::Running { doing, cancellable: false, .. } = look::check(&view, CREATE) else {
        panic!("{:?}", look::check(&view, CREATE));
    };
    assert!(doing.contains("HPE GreenLake"), "{doing}");
    assert_eq!(look::step(&view).forward.missing.as_deref(), Some("A check is running."));
    (stage, gate)
}

#[tokio::test]
async fn leaving_the_step_does_not_lose_the_token_that_comes_later() {
    let (stage, gate) = gated().await;
    stage.app.act(Action::Cancel { block: CREATE.into() }).await;
    stage.app.act(Action::Back).await;
    let view = stage.app.act(Action::Home).await;
    assert!(matches!(view.screen, Screen::Home(_)));
    gate.notify_one();
    let saved = |view: &usher_core::View| match &view.screen {
        Screen::Home(home) => home.setups[0].token.text != "No token yet",
        _ => false,
    };
    until(&stage.app, "the token on Home", saved).await;
    stage.app.act(Action::OpenSetup { setup: stage.home.setup() }).await;
    stage.app.act(Action::GoTo { phase: Phase::ScimToken }).await;
    until(&stage.app, "the proof", |view| matches!(look::check(view, CREATE), CheckState::Passed { .. })).await;
    assert_eq!(stage.home.holds("scim-token").as_deref(), Some(TOKEN));
}

#[tokio::test]
async fn a_second_click_does_not_ask_twice() {
    let (stage, gate) = gated().await;
    stage.app.act(Action::Run { block: CREATE.into() }).await;
    gate.notify_one();
    until(&stage.app, "the token", |view| matches!(look::check(view, CREATE), CheckState::Passed { .. })).await;
    stage.app.act(Action::Run { block: CREATE.into() }).await;
    assert_eq!(stage.target.asked(), ["POST /v1alpha1/proxytoken"]);
}

#[tokio::test]
async fn a_connection_is_not_removed_while_its_token_is_being_issued() {
    let (stage, gate) = gated().await;
    let remove = || Action::RemoveSetup { setup: stage.home.setup() };
    let view = stage.app.act(remove()).await;
    assert_eq!(look::notice(&view, "remove").map(|problem| problem.code), Some(Code::Conflict));
    gate.notify_one();
    until(&stage.app, "the token", |view| matches!(look::check(view, CREATE), CheckState::Passed { .. })).await;
    stage.assert_safe(TOKEN).await;
    stage.app.act(remove()).await;
    assert!(stage.home.setups().is_empty());
}

#[tokio::test]
async fn a_check_that_only_reads_can_be_cancelled_and_run_again() {
    let silent = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let quiet = silent.clone();
    let answer = move |asked: &Asked| match asked.method.as_str() {
        "POST" => issued(),
        _ if quiet.load(std::sync::atomic::Ordering::SeqCst) => Reply::Silence,
        _ => nobody(),
    };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    stage.run(CREATE).await;
    let view = stage.app.act(Action::Run { block: TEST.into() }).await;
    assert!(matches!(look::check(&view, TEST), CheckState::Running { cancellable: true, .. }));
    let view = stage.app.act(Action::Cancel { block: TEST.into() }).await;
    assert_eq!(*look::check(&view, TEST), CheckState::Waiting);
    assert_eq!(view.announcement.as_ref().map(|said| said.text.as_str()), Some("Cancelled."));
    silent.store(false, std::sync::atomic::Ordering::SeqCst);
    look::proof(&stage.run(TEST).await, TEST);
}

#[tokio::test]
async fn continue_proves_what_is_open_and_goes_on_by_itself() {
    let answer = |asked: &Asked| if asked.method == "POST" { issued() } else { nobody() };
    let stage = Stage::at_step_3(Target::start(answer).await).await;
    let view = stage.run(CREATE).await;
    let open = look::step(&view)
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Check { id, state: CheckState::Waiting, .. } if id == TEST));
    assert!(open && look::step(&view).forward.enabled);
    stage.app.act(Action::Continue).await;
    let next = |view: &usher_core::View| look::step(view).phase == Phase::IdpCredentials;
    until(&stage.app, "step 4", next).await;
}

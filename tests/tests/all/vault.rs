//! A keyring that is locked or refuses: the token stays in the window, can be copied, and is saved when it can be.

use usher_core::{
    Action, Code, Phase, Secret, View,
    view::{Screen, SecretState},
};

use crate::support::{
    look,
    stage::{ACCESS, CREATE, Home, Stage, TEST, paste, run, to_step_2, to_step_2_of, to_step_3, until},
    target::{Asked, Reply, Target, json, nobody},
};

const TOKEN: &str = "scim-0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij3f9c";

fn works(asked: &Asked) -> Reply {
    if asked.method == "POST" { json(201, format!(r#"{{"token":"{TOKEN}"}}"#)) } else { nobody() }
}

/// At step 3 with an access token, and from then on the vault is locked.
async fn locked() -> (usher_core::App, Home, Target) {
    let (home, target) = (Home::new(), Target::start(works).await);
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    home.vault.lock(true);
    let view = paste(&app, ACCESS).await;
    let (state, _) = look::secret(&view, "access-token");
    assert!(matches!(state, SecretState::Filled { saved: false, .. }), "{state:?}");
    app.act(Action::Continue).await;
    until(&app, "step 3", |view| look::step(view).phase == Phase::ScimToken).await;
    (app, home, target)
}

#[tokio::test]
async fn a_token_that_cannot_be_saved_is_said_to_be_so_and_can_be_copied_and_used() {
    let (app, home, target) = locked().await;
    let view = run(&app, CREATE).await;
    look::proof(&view, CREATE);
    assert!(matches!(look::secret(&view, "proxy-token").0, SecretState::Filled { saved: false, .. }));
    let notice = look::notice(&view, "vault").expect("it is said");
    assert!(notice.message.contains("could not be saved"), "{notice}");
    assert!(notice.hints[0].text.starts_with("Copy the token now"), "{notice:#?}");
    assert!(view.announcement.is_some());
    for id in ["proxy-token", "secret-token"] {
        assert_eq!(app.copyable(id).await.expect("it can be copied").value.expose(), TOKEN);
    }
    assert_eq!(app.reveal("proxy-token").await.expect("it can be shown").expose(), TOKEN);
    look::proof(&run(&app, TEST).await, TEST);
    assert_eq!(target.tokens().last().map(String::as_str), Some(TOKEN));
    assert_eq!(home.holds("scim-token"), None);
}

#[tokio::test]
async fn saving_can_be_tried_again_when_the_keyring_is_unlocked() {
    let (app, home, _target) = locked().await;
    run(&app, CREATE).await;
    let again = || Action::SaveSecret { block: "proxy-token".into() };
    let view = app.act(again()).await;
    assert!(look::notice(&view, "vault").is_some(), "still locked");
    home.vault.lock(false);
    let view = app.act(again()).await;
    assert!(matches!(look::secret(&view, "proxy-token").0, SecretState::Filled { saved: true, .. }));
    assert_eq!(home.holds("scim-token").as_deref(), Some(TOKEN));
    assert!(look::notice(&view, "vault").is_none());
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_nor_saved_can_still_be_chosen_from() {
    let body = format!(r#"{{"scimSecret":"{TOKEN}"}}"#);
    let stage = Stage::at_step_3(Target::start(move |_| json(201, body.clone())).await).await;
    // Reading the access token works once more, keeping the answer does not: a keyring that locks itself in between.
    paste(&stage.app, ACCESS).await;
    stage.home.vault.lock(true);
    stage.app.act(Action::GoTo { phase: Phase::AccessToken }).await;
    paste(&stage.app, ACCESS).await;
    stage.app.act(Action::GoTo { phase: Phase::ScimToken }).await;
    let view = stage.run(CREATE).await;
    assert_eq!(look::problem(&view, CREATE).code, Code::TokenNotRecognised);
    assert!(look::notice(&view, "vault").is_some());
    stage.app.act(Action::Pick { block: CREATE.into(), candidate: "0".into() }).await;
    stage.assert_safe(TOKEN).await;
}

#[tokio::test]
async fn saving_one_secret_does_not_hide_that_another_is_not_saved() {
    let (app, home, _target) = locked().await;
    run(&app, CREATE).await;
    home.vault.lock(false);
    app.act(Action::GoTo { phase: Phase::AccessToken }).await;
    let view = paste(&app, ACCESS).await;
    assert_eq!(home.holds("access-token").as_deref(), Some(ACCESS));
    assert!(look::notice(&view, "vault").is_some(), "the SCIM token is still only in this window");
    app.act(Action::GoTo { phase: Phase::ScimToken }).await;
    let view = app.act(Action::SaveSecret { block: "proxy-token".into() }).await;
    assert!(look::notice(&view, "vault").is_none());
}

#[tokio::test]
async fn a_locked_keyring_that_must_be_read_is_named_and_nothing_is_asked() {
    let target = Target::start(works).await;
    let stage = Stage::at_step_3(target).await;
    stage.home.vault.lock(true);
    let view = stage.run(CREATE).await;
    assert_eq!(look::problem(&view, CREATE).code, Code::Vault);
    assert!(stage.target.asked().is_empty());
    stage.home.vault.lock(false);
    look::proof(&stage.run(CREATE).await, CREATE);
    stage.assert_safe(TOKEN).await;
}

#[tokio::test]
async fn closed_before_it_was_saved_it_is_lost_and_that_is_said() {
    let (app, home, target) = locked().await;
    run(&app, CREATE).await;
    let setup = home.setup();
    drop(app);
    home.vault.lock(false);
    let app = home.open(target.addresses());
    let view = app.view();
    let id = format!("lost-{setup}");
    let notice = look::notice(&view, &id).expect("it is said on the first screen");
    assert!(notice.message.contains("HPE GreenLake") && notice.message.contains("was lost"), "{notice}");
    assert!(notice.hints.iter().any(|hint| hint.text.contains("step 3")), "{notice:#?}");
    let view = app.act(Action::OpenSetup { setup }).await;
    assert!(look::secret_or_none(&view, "proxy-token").is_none());
    assert_eq!(look::step(&view).phase, Phase::ScimToken, "where it was left");
    let view = app.act(Action::Dismiss { notice: id.clone() }).await;
    assert!(look::notice(&view, &id).is_none());
}

/// The open step without the lines of evidence, which are not kept on disk.
fn without_evidence(view: &View) -> serde_json::Value {
    let mut step = serde_json::to_value(look::step(view)).expect("a view is data");
    for block in step["blocks"].as_array_mut().into_iter().flatten() {
        if let Some(state) = block.get_mut("state").and_then(serde_json::Value::as_object_mut) {
            state.remove("findings");
        }
    }
    step
}

#[tokio::test]
async fn closed_after_it_was_saved_nothing_is_lost() {
    let (home, target) = (Home::new(), Target::start(works).await);
    let app = home.open(target.addresses());
    to_step_3(&app, ACCESS).await;
    let before = run(&app, CREATE).await;
    let setup = home.setup();
    drop(app);
    let app = home.open(target.addresses());
    assert!(app.view().notices.is_empty(), "{:?}", app.view().notices);
    assert!(matches!(app.view().screen, Screen::Home(_)));
    let after = app.act(Action::OpenSetup { setup }).await;
    assert_eq!(without_evidence(&after), without_evidence(&before));
    assert_eq!(app.copyable("proxy-token").await.expect("it is in the vault").value.expose(), TOKEN);
}

#[tokio::test]
async fn a_removed_setup_takes_its_secrets_along_or_stays() {
    let (home, target) = (Home::new(), Target::start(works).await);
    let app = home.open(target.addresses());
    // A real one; up to step 2 nobody is asked anything.
    to_step_2_of(&app, false).await;
    paste(&app, ACCESS).await;
    let setup = home.setup();
    home.vault.lock(true);
    let view = app.act(Action::RemoveSetup { setup: setup.clone() }).await;
    assert!(look::notice(&view, "remove").is_some());
    assert_eq!(home.setups().len(), 1);
    home.vault.lock(false);
    let view = app.act(Action::RemoveSetup { setup: setup.clone() }).await;
    assert!(matches!(&view.screen, Screen::Home(shown) if shown.setups.is_empty()));
    assert!(home.setups().is_empty());
    assert_eq!(home.vault.holds(&format!("{setup}/access-token")), None);
}

#[tokio::test]
async fn a_removed_practice_leaves_nothing_in_the_vault() {
    let (home, target) = (Home::new(), Target::start(works).await);
    let app = home.open(target.addresses());
    to_step_3(&app, ACCESS).await;
    run(&app, CREATE).await;
    let setup = home.setup();
    let slots = ["access-token", "scim-token", "practice-seed"];
    assert!(slots.iter().all(|slot| home.holds(slot).is_some()));
    app.act(Action::RemoveSetup { setup: setup.clone() }).await;
    assert!(home.setups().is_empty());
    for slot in slots {
        assert_eq!(home.vault.holds(&format!("{setup}/{slot}")), None, "{slot}");
    }
}

#[tokio::test]
async fn a_cleared_access_token_leaves_the_vault() {
    let (home, target) = (Home::new(), Target::start(works).await);
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    app.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new(ACCESS) }).await;
    assert_eq!(home.holds("access-token").as_deref(), Some(ACCESS));
    let view = app.act(Action::ClearSecret { block: "access-token".into() }).await;
    assert_eq!(*look::secret(&view, "access-token").0, SecretState::Empty);
    assert_eq!(home.holds("access-token"), None);
}

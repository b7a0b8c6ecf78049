//! What is pasted as an access token and is none is named as what it is; what copying adds is taken off.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use usher_core::{
    Code, Phase,
    view::{RailState, SecretState},
};

use crate::support::{
    look,
    stage::{ACCESS, CREATE, Home, at, paste, run, to_step_2, to_step_3, until},
    target::{Target, json},
};

fn jwt(ends: Timestamp) -> String {
    claims(&format!(r#"{{"email":"ada@example.com","exp":{}}}"#, ends.as_second()))
}

fn claims(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part(&"signature".repeat(6)))
}

#[tokio::test]
async fn what_copying_adds_is_taken_off() {
    let half = ACCESS.len() / 2;
    for raw in [
        format!("Bearer {ACCESS}"),
        format!("bearer {ACCESS}\r\n"),
        format!("  \"{ACCESS}\"  "),
        format!("export BEARER_TOKEN={ACCESS}"),
        format!("export BEARER_TOKEN=\"{ACCESS}\"\n"),
        format!("Authorization: Bearer {ACCESS}"),
        format!("{}\n{}", &ACCESS[..half], &ACCESS[half..]),
    ] {
        let home = Home::new();
        let target = Target::start(|_| json(500, "")).await;
        let app = home.open(target.addresses());
        to_step_2(&app).await;
        let view = paste(&app, &raw).await;
        let (state, problem) = look::secret(&view, "access-token");
        assert!(matches!(state, SecretState::Filled { saved: true, .. }), "{raw:?}: {problem:?}");
        assert_eq!(home.holds("access-token").as_deref(), Some(ACCESS), "{raw:?}");
    }
}

#[tokio::test]
async fn what_is_no_access_token_is_named_and_not_kept() {
    let now = Timestamp::now();
    let year = jwt(now + SignedDuration::from_hours(24 * 365));
    let ended = jwt(now - SignedDuration::from_mins(3));
    // Issued in the future: this computer's clock is behind.
    let soon = (now + SignedDuration::from_hours(3)).as_second();
    let skewed = claims(&format!(r#"{{"iat":{soon},"exp":{}}}"#, soon + 900));
    let table = [
        (&*skewed, Code::ClockSkew, "becomes valid only in"),
        ("https://common.cloud.hpe.com/profile", Code::WrongInput, "web address"),
        (&*year, Code::WrongInput, "looks like a SCIM token"),
        (&*ended, Code::Expired, "ended 3 minutes ago"),
        ("ada@example.com", Code::WrongInput, "e-mail address"),
        ("••••••••••••••••3f9c", Code::WrongInput, "hides a part"),
        ("", Code::WrongInput, "no personal access token here"),
    ];
    let home = Home::new();
    let target = Target::start(|_| json(500, "")).await;
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    for (raw, code, words) in table {
        let view = paste(&app, raw).await;
        let (state, problem) = look::secret(&view, "access-token");
        let problem = problem.unwrap_or_else(|| panic!("{raw} is accepted"));
        assert_eq!(problem.code, code, "{raw}: {}", problem.message);
        assert!(problem.message.contains(words), "{raw}: {}", problem.message);
        assert!(look::ways(problem).is_empty(), "{raw}: no button to where one is already");
        assert!(!problem.hints.is_empty(), "{raw}");
        assert_eq!(*state, SecretState::Empty);
        assert!(!look::step(&view).forward.enabled);
        assert!(home.holds("access-token").is_none() && target.asked().is_empty());
    }
}

static MINUTES: AtomicI64 = AtomicI64::new(0);

#[tokio::test]
async fn a_token_that_ends_while_step_3_is_open_is_asked_for_again() {
    fn now() -> Timestamp {
        at("2026-11-22T10:00:00Z") + SignedDuration::from_mins(MINUTES.load(Ordering::SeqCst))
    }
    let target = Target::start(|_| json(500, "")).await;
    let home = Home::new();
    let app = home.open_with(target.addresses(), |config| config.now = std::sync::Arc::new(now));
    let view = to_step_3(&app, ACCESS).await;
    assert_eq!(look::step(&view).rail[1].ends_at, Some(at("2026-11-22T10:15:00Z")), "15 minutes from pasting");
    MINUTES.store(15, Ordering::SeqCst);
    let view = app.view();
    assert_eq!(look::step(&view).rail[1].state, RailState::Reopened);
    let notice = look::notice(&view, "ended").expect("it is said on every step");
    assert_eq!((notice.code, look::ways(notice)), (Code::Expired, vec![Phase::AccessToken]));
    assert_eq!(look::ways(look::problem(&view, CREATE)), [Phase::AccessToken]);
    run(&app, CREATE).await;
    assert!(target.asked().is_empty(), "an ended token is not sent");
    // A fresh one, and on it goes.
    app.act(usher_core::Action::GoTo { phase: Phase::AccessToken }).await;
    paste(&app, ACCESS).await;
    app.act(usher_core::Action::Continue).await;
    let view = until(&app, "step 3", |view| look::step(view).phase == Phase::ScimToken).await;
    assert!(look::notice(&view, "ended").is_none());
    run(&app, CREATE).await;
    assert_eq!(target.asked().len(), 1);
}

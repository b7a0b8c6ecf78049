//! What the step machine promises, one rule each.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{
    CREATE, FIND, PLAN, READ, ROTATE, TEST, TEST_AGAIN, WATCH, Walk, access_token, facts, failed, issued, passed,
    started,
};
use crate::{
    action::Action,
    error::{Code, Phase},
    operation::Operation,
    secret::Secret,
    session::Task,
    setup::Place,
    view::{Block, CheckState, RailState},
};

#[test]
fn an_access_token_that_ends_on_step_3_reopens_step_2_and_nothing_else() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    let end = walk.now + SignedDuration::from_mins(15);
    let before = walk.session.setup.clone();
    // The window is woken two minutes before the end, and at the end.
    let warning = end - SignedDuration::from_mins(2);
    assert_eq!(walk.session.next_wake(walk.now), Some(warning));
    assert_eq!(walk.session.next_wake(warning), Some(end));
    assert_eq!(walk.session.next_wake(end), None);
    walk.now = warning;
    assert_eq!(walk.step().rail[1].state, RailState::Unproven);
    walk.now = end;
    assert_snapshot!("access-token-ended", walk.sketch());
    assert_eq!(walk.session.setup, before, "nothing is lost");
    // Pressing the button all the same says why not, and where to go.
    assert!(started(&walk.act(Action::Run { block: CREATE.into() })).is_none());
    let failure = &walk.session.failures[CREATE].problem;
    assert_eq!((failure.code, failure.hints[0].go), (Code::Expired, Some(Phase::AccessToken)));
    // A fresh one mends it.
    walk.act(Action::GoTo { phase: Phase::AccessToken });
    assert_snapshot!("access-token-wanted-again", walk.sketch());
    walk.paste(&access_token(walk.now + SignedDuration::from_mins(15)));
    walk.act(Action::Continue);
    walk.passes(READ);
    assert_eq!(walk.session.setup.phase, Phase::ScimToken);
    walk.run(CREATE);
}

#[test]
fn an_access_token_that_has_done_its_work_may_end() {
    let mut walk = Walk::up_to(Phase::IdpCredentials);
    walk.minutes_later(600);
    let month = walk.now + SignedDuration::from_hours(24 * 30);
    assert!(walk.session.next_wake(walk.now).is_some_and(|wake| wake > month), "only the long-lived one is waited for");
    assert_eq!(walk.step().rail[1].state, RailState::Proven);
    walk.act(Action::GoTo { phase: Phase::AccessToken });
    assert_snapshot!("access-token-no-longer-needed", walk.sketch());
}

#[test]
fn a_conflict_offers_to_rotate_and_rotating_stands_for_creating() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    assert!(walk.block(ROTATE).is_none(), "nothing to rotate is offered before the conflict");
    walk.run(CREATE);
    walk.fails(CREATE, Code::Conflict);
    assert_snapshot!("conflict", walk.sketch());
    walk.choose("rotate-mode", "remove-current");
    // A fresh access token does not take the offer away.
    walk.paste(&access_token(walk.now + SignedDuration::from_mins(14)));
    assert!(walk.block(ROTATE).is_some());
    walk.run(ROTATE);
    walk.issues(ROTATE, "9b1d");
    assert!(walk.session.passed(Operation::GreenlakeCreateToken));
    assert_snapshot!("rotated", walk.sketch());
    assert!(started(&walk.act(Action::Continue)).is_some_and(|(block, _)| block == TEST));
    walk.passes(TEST);
    assert_eq!(walk.session.setup.phase, Phase::IdpCredentials);
}

#[test]
fn no_other_refusal_offers_to_rotate() {
    for code in [Code::RoleMissing, Code::Unauthorized, Code::ServerError, Code::TokenNotRecognised] {
        let mut walk = Walk::up_to(Phase::ScimToken);
        walk.run(CREATE);
        walk.fails(CREATE, code);
        assert!(walk.block(ROTATE).is_none(), "{code:?}");
        assert!(walk.act(Action::Run { block: ROTATE.into() }).is_empty(), "{code:?}");
    }
}

#[test]
fn the_late_result_of_a_cancelled_run_is_ignored() {
    let mut walk = Walk::up_to(Phase::AccessToken);
    walk.paste(&access_token(walk.now + SignedDuration::from_mins(15)));
    let old = walk.run(READ);
    let tasks = walk.act(Action::Cancel { block: READ.into() });
    assert!(matches!(&tasks[..], [Task::Stop { block }] if block == READ));
    let cancelled = walk.session.setup.clone();
    for late in [passed(), failed(Code::Timeout, walk.now)] {
        walk.session.finished(READ, old, late, walk.now);
        assert_eq!(walk.session.setup, cancelled);
        assert!(walk.session.failures.is_empty());
    }
    // Nor does it end a later run; that one's own result does.
    let new = walk.run(READ);
    assert_ne!(old, new);
    walk.session.finished(READ, old, passed(), walk.now);
    assert!(walk.session.running.contains_key(READ));
    walk.session.finished(READ, new, passed(), walk.now);
    assert!(walk.session.setup.proofs.contains_key(READ));
}

#[test]
fn a_late_token_counts_and_issuing_is_not_cancelled() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    let serial = walk.run(CREATE);
    assert!(walk.act(Action::Cancel { block: CREATE.into() }).is_empty());
    assert!(walk.session.running.contains_key(CREATE), "it goes on");
    // Even if the run were forgotten, the token is not.
    walk.session.running.clear();
    walk.session.finished(CREATE, serial, issued("3f9c", walk.now), walk.now);
    assert_eq!(walk.session.setup.slots["scim-token"].last_four, "3f9c");
    assert!(walk.session.setup.proofs.contains_key(CREATE));
}

#[test]
fn another_token_makes_tests_and_the_consoles_answer_void() {
    let mut walk = Walk::up_to(Phase::Mappings);
    assert!(walk.session.complete(Phase::IdpCredentials, walk.now));
    let now = walk.now;
    walk.session.adopted(CREATE, "scim-token", facts("0000", now), now);
    for gone in [TEST, TEST_AGAIN] {
        assert!(!walk.session.setup.proofs.contains_key(gone), "{gone}");
    }
    assert!(!walk.session.setup.answers.contains_key("console-said"));
    assert!(walk.session.setup.proofs.contains_key(CREATE), "what was issued stays issued");
    assert!(walk.session.setup.proofs.contains_key(READ));
    let states: Vec<_> = walk.step().rail.iter().map(|item| item.state).collect();
    use RailState::{Open, Proven, Reopened};
    assert_eq!(states, [Proven, Proven, Reopened, Reopened, Open, Open]);
}

#[test]
fn a_running_check_of_the_old_token_is_stopped() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    walk.run(CREATE);
    walk.issues(CREATE, "3f9c");
    let serial = walk.run(TEST);
    let tasks = walk.session.adopted(CREATE, "scim-token", facts("0000", walk.now), walk.now);
    assert!(matches!(&tasks[..], [Task::Stop { block }] if block == TEST));
    walk.session.finished(TEST, serial, passed(), walk.now);
    assert!(!walk.session.setup.proofs.contains_key(TEST));
}

#[test]
fn another_person_is_another_question() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.work();
    walk.type_into("sample-user", "ada@example.com");
    assert!(walk.session.setup.proofs.contains_key(FIND), "the same name changes nothing");
    walk.type_into("sample-user", "grace@example.com");
    assert!(!walk.session.setup.proofs.contains_key(FIND));
    assert!(walk.session.setup.proofs.contains_key(WATCH), "the group is the same");
    walk.type_into("sample-group", "Another");
    assert!(!walk.session.setup.proofs.contains_key(WATCH));
}

#[test]
fn continue_runs_the_open_checks_in_order_and_then_goes_on() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    assert!(walk.act(Action::Continue).is_empty(), "the names are still missing");
    assert!(walk.session.announcement.take().is_some_and(|text| text.contains("Display name")));
    walk.type_into("sample-group", "SCIM pilot");
    walk.type_into("sample-user", "ada@example.com");
    assert_eq!(started(&walk.act(Action::Continue)).map(|(block, _)| block).as_deref(), Some(PLAN));
    assert_eq!(started(&walk.passes(PLAN)).map(|(block, _)| block).as_deref(), Some(FIND));
    assert!(walk.act(Action::Continue).is_empty(), "pressed again while it runs");
    assert_eq!(started(&walk.passes(FIND)).map(|(block, _)| block).as_deref(), Some(WATCH));
    assert_eq!(walk.session.setup.place, Place::Step);
    walk.passes(WATCH);
    assert_eq!(walk.session.setup.place, Place::Finish);
}

#[test]
fn continue_stops_at_the_first_check_that_fails() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.type_into("sample-group", "SCIM pilot");
    walk.type_into("sample-user", "ada@example.com");
    walk.act(Action::Continue);
    walk.passes(PLAN);
    assert!(started(&walk.fails(FIND, Code::NotArrived)).is_none());
    assert_eq!(walk.session.setup.place, Place::Step);
    assert!(walk.session.announcement.take().is_some_and(|text| text.starts_with("Not proven.")));
}

#[test]
fn continue_never_issues_a_token() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    assert!(walk.act(Action::Continue).is_empty());
    assert_eq!(walk.step().forward.missing.as_deref(), Some("Not done yet: Create the token"));
    assert!(!walk.session.running.contains_key(CREATE));
}

#[test]
fn a_token_is_not_issued_twice() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    walk.run(CREATE);
    assert!(walk.act(Action::Run { block: CREATE.into() }).is_empty(), "while it runs");
    walk.issues(CREATE, "3f9c");
    assert!(matches!(walk.block(CREATE), Some(Block::Check { enabled: false, .. })));
    assert!(walk.act(Action::Run { block: CREATE.into() }).is_empty(), "after it has passed");
}

#[test]
fn an_input_that_looks_like_a_token_is_refused_and_not_stored() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.type_into("sample-user", "ada@example.com");
    let token = access_token(walk.now);
    walk.type_into("sample-user", &token);
    let Some(Block::Input { value, problem, .. }) = walk.block("sample-user") else { panic!("BUG: it is there") };
    assert_eq!(value, "");
    assert_eq!(problem.map(|problem| problem.code), Some(Code::WrongInput));
    assert!(!serde_json::to_string(&walk.session.setup).expect("BUG: it is data").contains(&token[..40]));
    assert!(walk.step().forward.missing.is_some());
    walk.type_into("sample-user", "ada@example.com");
    assert!(walk.session.input_problems.is_empty());
}

#[test]
fn a_wrong_secret_is_named_and_the_one_before_it_stays() {
    let mut walk = Walk::up_to(Phase::AccessToken);
    let good = access_token(walk.now + SignedDuration::from_mins(15));
    walk.paste(&good);
    for wrong in ["https://console.example.com/", &access_token(walk.now - SignedDuration::from_mins(5)), "short"] {
        assert!(walk.paste(wrong).is_empty(), "{wrong} is not kept");
        let Some(Block::Secret { problem, .. }) = walk.block("access-token") else { panic!("BUG: it is there") };
        assert!(problem.is_some(), "{wrong}");
        assert!(walk.session.setup.slots.contains_key("access-token"));
    }
    walk.act(Action::ClearSecret { block: "access-token".into() });
    assert!(!walk.session.setup.slots.contains_key("access-token"));
}

#[test]
fn ids_that_are_not_on_the_screen_change_nothing() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.work();
    let before = walk.session.setup.clone();
    let (no, text) = (|| "no-such-block".to_owned(), || "anything".to_owned());
    let wrong = [
        Action::Type { block: no(), value: text() },
        Action::Type { block: "console-said".into(), value: text() },
        Action::FillSecret { block: no(), secret: Secret::new("x".repeat(40)) },
        Action::FillSecret { block: "proxy-token".into(), secret: Secret::new("x".repeat(40)) },
        Action::ClearSecret { block: "proxy-token".into() },
        Action::SaveSecret { block: "sample-user".into() },
        Action::Choose { block: no(), option: text() },
        Action::Choose { block: "console-said".into(), option: text() },
        Action::Tick { block: no(), row: String::new(), done: true },
        Action::Tick { block: "mapping".into(), row: text(), done: true },
        Action::Tick { block: "role-assigned".into(), row: text(), done: true },
        Action::Run { block: no() },
        Action::Run { block: "proxy-token".into() },
        Action::Cancel { block: no() },
        Action::OpenSetup { setup: text() },
        Action::Dismiss { notice: text() },
        Action::TryAgain,
    ];
    for action in wrong {
        let shown = format!("{action:?}");
        assert!(walk.act(action).is_empty(), "{shown}");
        assert_eq!(walk.session.setup, before, "{shown}");
    }
    // The same kind with an id that is there does change something.
    walk.act(Action::Tick { block: "role-assigned".into(), row: String::new(), done: false });
    assert_ne!(walk.session.setup, before);
}

#[test]
fn a_step_that_was_never_reached_cannot_be_opened() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    walk.act(Action::GoTo { phase: Phase::Mappings });
    assert_eq!(walk.session.setup.phase, Phase::ScimToken);
    walk.act(Action::GoTo { phase: Phase::Role });
    assert_eq!(walk.session.setup.phase, Phase::Role);
}

#[test]
fn a_secret_that_was_never_saved_is_gone_with_the_window_and_so_is_its_proof() {
    let mut walk = Walk::up_to(Phase::Mappings);
    walk.session.kept("scim-token", false);
    let mut again = walk.reopened();
    assert_eq!(again.session.lost, ["scim-token"]);
    assert!(!again.session.setup.slots.contains_key("scim-token"));
    for gone in [CREATE, TEST, TEST_AGAIN] {
        assert!(!again.session.setup.proofs.contains_key(gone), "{gone}");
    }
    assert!(again.session.setup.proofs.contains_key(READ));
    assert!(again.session.setup.slots.contains_key("access-token"), "that one was saved");
    again.act(Action::GoTo { phase: Phase::ScimToken });
    assert_snapshot!("token-lost", again.sketch());
}

#[test]
fn after_the_finish_a_lost_token_leads_back_to_its_step() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.work();
    walk.act(Action::Continue);
    assert_eq!(walk.reopened().session.setup.place, Place::Finish);
    walk.session.kept("scim-token", false);
    let again = walk.reopened();
    assert_eq!((again.session.setup.place, again.session.setup.phase), (Place::Step, Phase::ScimToken));
    // The access token is of no use any more; losing it is not worth a word.
    walk.session.kept("scim-token", true);
    walk.session.kept("access-token", false);
    let again = walk.reopened();
    assert_eq!(again.session.setup.place, Place::Finish);
    assert!(again.session.lost.is_empty());
}

#[test]
fn a_token_that_the_target_refuses_can_be_issued_again() {
    let mut walk = Walk::up_to(Phase::IdpCredentials);
    walk.run(TEST_AGAIN);
    walk.fails(TEST_AGAIN, Code::Unauthorized);
    walk.act(Action::GoTo { phase: Phase::ScimToken });
    assert!(matches!(walk.block(CREATE), Some(Block::Check { enabled: true, .. })), "{}", walk.sketch());
    walk.run(CREATE);
    walk.fails(CREATE, Code::Conflict);
    assert!(walk.block(ROTATE).is_some());
    assert!(walk.session.setup.slots.contains_key("scim-token"), "the token that is there stays until another is");
    // The access token may have ended meanwhile; then that is what stands there.
    walk.minutes_later(20);
    walk.run_refused(ROTATE, Code::Expired);
}

#[test]
fn an_announcement_has_no_marks() {
    let mut walk = Walk::up_to(Phase::ScimToken);
    walk.run(CREATE);
    walk.issues(CREATE, "3f9c");
    let announced = walk.session.announcement.take();
    assert_eq!(announced.as_deref(), Some("HPE GreenLake issued a token that ends in 3f9c."));
    assert!(matches!(walk.block(CREATE), Some(Block::Check { state: CheckState::Passed { .. }, .. })));
}

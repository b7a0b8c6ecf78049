//! Any sequence of actions: nothing panics, nothing secret gets into what is written to disk, and the end is only
//! reached by proofs.

use jiff::SignedDuration;
use proptest::{prelude::*, sample::select};

use super::{GUIDE, Walk, access_token, failed, issued, passed};
use crate::{
    action::Action,
    error::{Code, Phase},
    secret::Secret,
    session::Task,
    setup::Place,
};

/// Stands in every secret that is fed in, so that one search finds all of them.
const CANARY: &str = "c4n4ryC4N4RYc4n4ryC4N4RYc4n4ryC4N4RYc4n4ryC4N4RYc4n4ry";

#[derive(Debug, Clone)]
enum Event {
    Act(Action),
    Ends { block: String, how: u8 },
    Minutes(i64),
    Reopen,
}

fn secrets() -> impl Strategy<Value = String> {
    let valid = access_token("2026-11-22T10:15:00Z".parse().expect("BUG: a moment"));
    let jwt = format!("{}{CANARY}", valid.trim_end_matches('s'));
    select(vec![
        CANARY.to_owned(),
        format!("Bearer {CANARY}"),
        format!("  \"{jwt}\"\n"),
        format!("export BEARER_TOKEN={jwt}"),
        format!("https://example.com/?token={CANARY}"),
        format!("{{\"token\": \"{CANARY}\"}}"),
        jwt,
    ])
}

/// Block ids of the guide, and one that is none.
fn blocks() -> impl Strategy<Value = String> + Clone {
    let mut ids: Vec<String> =
        GUIDE.phases.iter().flat_map(|phase| &phase.blocks).map(|block| block.id.clone()).collect();
    ids.retain(|id| !id.chars().any(|c| c.is_ascii_digit()));
    ids.push("no-such-block".into());
    select(ids)
}

fn actions() -> impl Strategy<Value = Action> {
    let block = blocks();
    let words = || prop_oneof![secrets(), "[ -~]{0,30}", Just("ada@example.com".to_owned())];
    let options =
        || select(vec!["success", "greyed-out", "keep-current", "remove-current", "none"]).prop_map(str::to_owned);
    let rows = select(Walk::new().session.mapping_rows().into_iter().chain([String::new()]).collect::<Vec<_>>());
    prop_oneof![
        6 => Just(Action::Continue),
        1 => Just(Action::Back),
        2 => select(Phase::ALL.to_vec()).prop_map(|phase| Action::GoTo { phase }),
        3 => (block.clone(), words()).prop_map(|(block, value)| Action::Type { block, value }),
        2 => (block.clone(), secrets()).prop_map(|(block, secret)| Action::FillSecret { block, secret: Secret::new(secret) }),
        2 => secrets().prop_map(|secret| Action::FillSecret { block: "access-token".into(), secret: Secret::new(secret) }),
        1 => block.clone().prop_map(|block| Action::ClearSecret { block }),
        1 => block.clone().prop_map(|block| Action::SaveSecret { block }),
        2 => (block.clone(), options()).prop_map(|(block, option)| Action::Choose { block, option }),
        4 => (block.clone(), rows, any::<bool>()).prop_map(|(block, row, done)| Action::Tick { block, row, done }),
        4 => block.clone().prop_map(|block| Action::Run { block }),
        1 => block.clone().prop_map(|block| Action::Cancel { block }),
        1 => block.prop_map(|block| Action::Pick { block, candidate: "0".into() }),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => actions().prop_map(Event::Act),
        6 => (blocks(), any::<u8>()).prop_map(|(block, how)| Event::Ends { block, how }),
        1 => (0_i64..30).prop_map(Event::Minutes),
        1 => Just(Event::Reopen),
    ]
}

fn happens(walk: &mut Walk, event: Event) -> Vec<Task> {
    match event {
        Event::Act(action) => walk.act(action),
        Event::Ends { block, how } => {
            let serial = walk.session.running.get(&block).map_or(u32::from(how), |running| running.serial);
            let ended = match how % 4 {
                0 => failed(Code::Conflict, walk.now),
                1 => failed(Code::Timeout, walk.now),
                2 if walk.session.running.get(&block).is_some_and(|running| running.operation.issues()) => {
                    issued("3f9c", walk.now)
                }
                _ => passed(),
            };
            walk.session.finished(&block, serial, ended, walk.now)
        }
        Event::Minutes(minutes) => {
            walk.now += SignedDuration::from_mins(minutes);
            Vec::new()
        }
        Event::Reopen => {
            *walk = walk.reopened();
            Vec::new()
        }
    }
}

/// Begins somewhere on the way, so that all steps get their share.
fn beginnings() -> impl Strategy<Value = Option<Phase>> {
    prop_oneof![Just(None), select(Phase::ALL.to_vec()).prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_no_secret_is_stored(begin in beginnings(), events in prop::collection::vec(events(), 1..60)) {
        let mut walk = begin.map_or_else(Walk::new, Walk::up_to);
        for event in events {
            let shown = format!("{event:?}");
            let tasks = happens(&mut walk, event);
            let stored = serde_json::to_string(&walk.session.setup).expect("BUG: it is data");
            prop_assert!(!stored.contains(CANARY), "{shown} let a secret into {stored}");
            prop_assert!(!format!("{tasks:?}{:?}", walk.session.announcement).contains(CANARY), "{shown}");
            let sketch = walk.sketch();
            prop_assert!(!sketch.contains(CANARY), "{shown} let a secret into {sketch}");
            if walk.session.setup.place == Place::Finish {
                prop_assert!(walk.session.setup.finished_at.is_some(), "{shown}");
            }
            prop_assert!(walk.session.reachable(walk.session.setup.phase, walk.now), "{shown}");
        }
    }
}

#[test]
fn the_search_for_secrets_can_find() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.type_into("sample-user", "ada@example.com");
    assert!(serde_json::to_string(&walk.session.setup).expect("BUG: it is data").contains("ada@example.com"));
    // And the secrets do get in: one of them becomes the access token.
    let mut walk = Walk::up_to(Phase::AccessToken);
    let tasks = walk.paste(CANARY);
    assert!(tasks.iter().any(|task| matches!(task, Task::Keep { secret, .. } if secret.expose() == CANARY)));
}

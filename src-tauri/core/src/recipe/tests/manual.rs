//! A target by one file of manual steps: it joins with Entra and can be walked, without a line of code.

use std::{collections::BTreeMap, sync::Arc};

use super::{ENTRA, EXAMPLE};
use crate::{
    action::Action,
    error::Phase,
    recipe::{Guide, Purpose, Recipes},
    secret::Secret,
    session::{Ended, Session, Task},
    setup::{Place, Proof, Setup},
    view::Verb,
};

fn guide() -> Guide {
    let recipes = Recipes::load(&[("example", EXAMPLE)], &[("entra", ENTRA)]);
    recipes
        .and_then(|recipes| recipes.guide("example", "entra", Purpose::Setup, None, &BTreeMap::new()))
        .expect("BUG: the example holds")
}

#[test]
fn it_is_filled_and_has_all_six_phases() {
    let guide = guide();
    assert_eq!(guide.values["scim"], "https://eu.example.com/scim/v2");
    let phases: Vec<_> = guide.phases.iter().map(|phase| (phase.phase, phase.not_needed.is_some())).collect();
    assert_eq!(phases, Phase::ALL.map(|phase| (phase, phase < Phase::ScimToken)));
    assert_eq!(guide.phases[1].not_needed.as_deref(), Some("Example has no such token."));
    let users = crate::mapping::work(&guide.mappings[0]);
    let kept: Vec<_> =
        users.iter().filter(|row| row.verb != Verb::Delete).map(|row| (&*row.target, row.verb)).collect();
    assert_eq!(kept, [("userName", Verb::Change)]);
}

#[test]
fn without_a_part_for_a_pair_there_is_no_guide() {
    let alone = &EXAMPLE[..EXAMPLE.find("[idp.entra").expect("BUG: it is there")];
    let recipes = Recipes::load(&[("example", alone)], &[("entra", ENTRA)]).expect("BUG: it holds");
    assert!(!recipes.has_guide("example", "entra"));
    assert!(recipes.pairs().is_empty());
}

#[test]
fn it_can_be_walked_to_the_end() {
    let mut now = "2026-11-22T10:00:00Z".parse().expect("BUG: a moment");
    let setup = Setup::new("example".into(), "example".into(), "entra".into(), false, now);
    let mut session = Session::new(setup, Arc::new(guide()));
    for _ in 0..40 {
        if session.setup.place == Place::Finish {
            break;
        }
        now += jiff::SignedDuration::from_secs(1);
        let mut tasks = work(&session).into_iter().flat_map(|action| session.act(action, now)).collect::<Vec<_>>();
        tasks.extend(session.act(Action::Continue, now));
        // Whatever runs, passes; and what follows from it, too.
        while let Some(task) = tasks.pop() {
            if let Task::Run { block, serial, .. } = task {
                let ended = Ended::new(Ok(Proof::new(now, "It holds.".into())));
                tasks.extend(session.finished(&block, serial, ended, now));
            }
        }
    }
    assert_eq!(session.setup.place, Place::Finish, "stuck in {:?}", session.setup.phase);
    assert!(Phase::ALL.into_iter().all(|phase| session.proven(phase, now)));
}

/// Everything that the recipes' blocks ask for.
fn work(session: &Session) -> Vec<Action> {
    let tick = |block: &str, row: String| Action::Tick { block: block.into(), row, done: true };
    let mut work = vec![
        Action::Choose { block: "console-said".into(), option: "success".into() },
        Action::Type { block: "sample-group".into(), value: "SCIM pilot".into() },
        Action::Type { block: "sample-user".into(), value: "ada@example.com".into() },
        tick("mappings-saved", String::new()),
    ];
    work.extend(session.mapping_rows().into_iter().map(|row| tick("mapping", row)));
    if !session.setup.slots.contains_key("scim-token") {
        work.push(Action::FillSecret { block: "scim-token".into(), secret: Secret::new("t".repeat(40)) });
    }
    work
}

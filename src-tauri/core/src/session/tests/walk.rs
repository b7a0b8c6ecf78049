//! The whole way through the six steps, screen by screen.

use insta::assert_snapshot;

use super::Walk;
use crate::{action::Action, error::Phase};

#[test]
fn all_six_steps_from_the_first_screen_to_the_last() {
    let mut walk = Walk::new();
    assert_snapshot!("0-needs", walk.sketch());
    walk.act(Action::Continue);
    for (phase, before, after) in [
        (Phase::Role, "1-role", "1-role-done"),
        (Phase::AccessToken, "2-access-token", "2-access-token-done"),
        (Phase::ScimToken, "3-scim-token", "3-scim-token-done"),
        (Phase::IdpCredentials, "4-idp-credentials", "4-idp-credentials-done"),
        (Phase::Mappings, "5-mappings", "5-mappings-done"),
        (Phase::Provisioning, "6-provisioning", "6-provisioning-done"),
    ] {
        assert_eq!(walk.session.setup.phase, phase);
        assert_snapshot!(before, walk.sketch());
        walk.work();
        assert_snapshot!(after, walk.sketch());
        walk.minutes_later(1);
        walk.act(Action::Continue);
    }
    assert_snapshot!("7-finish", walk.sketch());
    assert_eq!(walk.session.setup.finished_at, Some(walk.now));
}

#[test]
fn closed_and_opened_again_it_is_where_it_was_left() {
    for phase in Phase::ALL {
        let walk = Walk::up_to(phase);
        assert_eq!(walk.reopened().sketch(), walk.sketch(), "{phase:?}");
    }
}

#[test]
fn going_back_to_the_first_screen_and_on_again_loses_nothing() {
    let mut walk = Walk::up_to(Phase::Provisioning);
    walk.work();
    let before = walk.session.setup.clone();
    for _ in 0..6 {
        walk.act(Action::Back);
    }
    assert_snapshot!("back-at-needs", walk.sketch());
    for _ in 0..6 {
        walk.act(Action::Continue);
    }
    assert_eq!(walk.session.setup, before);
}

//! Ways to look at a view. Asking for what is not on the screen fails the test with the screen.

use usher_core::{
    Phase, Problem, View,
    view::{Block, CheckState, Screen, SecretState, Step},
};

pub(crate) fn step(view: &View) -> &Step {
    match &view.screen {
        Screen::Step(step) => step,
        other => panic!("no step is shown but {other:#?}"),
    }
}

pub(crate) fn check<'a>(view: &'a View, id: &str) -> &'a CheckState {
    check_or_none(view, id).unwrap_or_else(|| panic!("there is no check {id} in {:#?}", step(view).blocks))
}

pub(crate) fn check_or_none<'a>(view: &'a View, id: &str) -> Option<&'a CheckState> {
    step(view).blocks.iter().find_map(|block| match block {
        Block::Check { id: own, state, .. } if own == id => Some(state),
        _ => None,
    })
}

/// Why a check failed.
pub(crate) fn problem<'a>(view: &'a View, id: &str) -> &'a Problem {
    match check(view, id) {
        CheckState::Failed { problem, .. } => problem,
        other => panic!("{id} did not fail: {other:?}"),
    }
}

/// What a check proved.
pub(crate) fn proof<'a>(view: &'a View, id: &str) -> &'a str {
    match check(view, id) {
        CheckState::Passed { proof, .. } => proof,
        other => panic!("{id} did not pass: {other:?}"),
    }
}

/// A secret block: its state and what is wrong with the input.
pub(crate) fn secret<'a>(view: &'a View, id: &str) -> (&'a SecretState, Option<&'a Problem>) {
    let found = step(view).blocks.iter().find_map(|block| match block {
        Block::Secret { id: own, state, problem, .. } if own == id => Some((state, problem.as_ref())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("there is no secret {id} in {:#?}", step(view).blocks))
}

pub(crate) fn notice<'a>(view: &'a View, id: &str) -> Option<&'a Problem> {
    view.notices.iter().find(|notice| notice.id == id).map(|notice| &notice.problem)
}

/// The steps that a problem's hints lead to.
pub(crate) fn ways(problem: &Problem) -> Vec<Phase> {
    problem.hints.iter().filter_map(|hint| hint.go).collect()
}

pub(crate) fn secret_or_none<'a>(view: &'a View, id: &str) -> Option<&'a SecretState> {
    step(view).blocks.iter().find_map(|block| match block {
        Block::Secret { id: own, state, .. } if own == id => Some(state),
        _ => None,
    })
}

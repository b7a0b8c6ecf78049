//! A screen as some lines of text, so that a snapshot can be reviewed at a glance. Texts, notes and links are left out:
//! they come from the recipe as they stand there.

use crate::{
    error::Problem,
    view::{Block, CheckState, Finish, Forward, Screen, SecretState, Step},
};

pub(super) fn sketch(screen: &Screen) -> String {
    match screen {
        Screen::Needs(needs) => format!("Needs: {} things; request: {}", needs.needs.len(), needs.request.is_some()),
        Screen::Step(step) => steps(step),
        Screen::Finish(finish) => end(finish),
        Screen::Home(_)
        | Screen::NewSetup(_)
        | Screen::Blocked(_)
        | Screen::Doctor(_)
        | Screen::About(_)
        | Screen::Arrived(_) => {
            panic!("BUG: no screen of a session")
        }
    }
}

fn steps(step: &Step) -> String {
    let rail = step.rail.iter().map(|item| {
        let here = if item.current { '>' } else { ' ' };
        let state = format!("{:?}", item.state);
        let lock = if item.reachable { "" } else { " (locked)" };
        let note = item.note.as_ref().map_or_else(String::new, |note| format!(" | {:?}: {}", note.tone, note.text));
        let ends = item.ends_at.map_or_else(String::new, |end| format!(" | until {end}"));
        format!("{here} {} {state:8} {}{lock}{note}{ends}", item.phase.number(), item.title)
    });
    let mut lines = vec![format!("# {} {}", step.number, step.title)];
    lines.extend(rail);
    lines.push(String::new());
    lines.extend(step.blocks.iter().filter_map(block));
    lines.push(forward(&step.forward));
    lines.join("\n")
}

fn forward(forward: &Forward) -> String {
    match (&forward.missing, forward.enabled) {
        (None, true) => format!("[ {} ]", forward.label),
        (Some(missing), false) => format!("( {} ) {missing}", forward.label),
        other => panic!("a button that is {other:?}"),
    }
}

fn block(block: &Block) -> Option<String> {
    let id = block.id();
    Some(match block {
        Block::Heading { text, .. } => format!("-- {text}"),
        // What is handed over is not needed to go on.
        Block::Text { .. } | Block::Note { .. } | Block::Link { .. } | Block::Copy { .. } | Block::Intake(_) => {
            return None;
        }
        Block::Secret { fillable, state, problem: wrong, .. } => {
            let how = if *fillable { "fill" } else { "copy" };
            format!("secret {id} ({how}): {}{}", secret(state), problem(wrong.as_ref()))
        }
        Block::Choice { options, problem: wrong, .. } => {
            let chosen = options.iter().find(|option| option.chosen).map_or("?", |option| option.id.as_str());
            format!("choice {id}: {chosen}{}", problem(wrong.as_ref()))
        }
        Block::Input { value, problem: wrong, .. } => format!("input {id}: {value:?}{}", problem(wrong.as_ref())),
        Block::Confirm { done, proof, .. } => {
            format!("confirm {id}: [{}] {:?}: {}", if *done { 'x' } else { ' ' }, proof.tone, proof.text)
        }
        Block::Mapping { done, total, .. } => format!("mapping {id}: {done} of {total}"),
        Block::Check { enabled, state, .. } => {
            format!("check {id}{}: {}", if *enabled { "" } else { " (off)" }, check(state))
        }
    })
}

fn secret(state: &SecretState) -> String {
    match state {
        SecretState::Empty => "empty".into(),
        SecretState::Filled { last_four, saved, facts, expires, .. } => {
            let saved = if *saved { "saved" } else { "NOT saved" };
            format!("ends in {last_four}, {saved}, {:?}: {} {facts:?}", expires.tone, expires.text)
        }
    }
}

fn check(state: &CheckState) -> String {
    match state {
        CheckState::Waiting => "waiting".into(),
        CheckState::Running { doing, cancellable, .. } => {
            format!("{doing}{}", if *cancellable { " (Cancel)" } else { "" })
        }
        CheckState::Passed { proof, .. } => format!("passed: {proof}"),
        CheckState::Failed { problem: wrong, .. } => format!("failed{}", problem(Some(wrong))),
    }
}

/// With the steps that its hints lead to.
fn problem(problem: Option<&Problem>) -> String {
    let Some(problem) = problem else { return String::new() };
    let ways: Vec<String> =
        problem.hints.iter().filter_map(|hint| hint.go).map(|go| format!(" -> step {}", go.number())).collect();
    format!(" !{:?}: {}{}", problem.code, problem.message, ways.concat())
}

fn end(finish: &Finish) -> String {
    let proofs = finish.proofs.iter().map(|step| {
        let proven = if step.proven { "proven" } else { "NOT proven" };
        format!("{} {} {proven}: {}", step.phase.number(), step.title, step.proof)
    });
    let facts = finish.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value));
    let mut lines = vec![format!("# {}", finish.title)];
    lines.extend(proofs);
    lines.extend(facts);
    lines.join("\n")
}

//! Reads a step's screen as the administrator does: what is there, what is proven, what is in the way.

use usher_core::{
    Code, Phase, Problem, View,
    view::{Block, CheckState, RailState, Screen, Span, Step, Tone},
};

/// What there is on a step; nothing on any other screen.
pub(crate) fn blocks(view: &View) -> &[Block] {
    match &view.screen {
        Screen::Step(step) => &step.blocks,
        _ => &[],
    }
}

/// The step, if it is the one of this phase that is shown.
pub(crate) fn shown(view: &View, phase: Phase) -> Option<Step> {
    match &view.screen {
        Screen::Step(step) if step.phase == phase => Some(step.clone()),
        _ => None,
    }
}

/// What was proved on this step and, for what only a later step can prove, what that one proved.
pub(crate) fn proof(step: &Step) -> String {
    let proofs = step.blocks.iter().filter_map(|block| match block {
        Block::Check { state: CheckState::Passed { proof, .. }, .. } => Some(proof.as_str()),
        Block::Confirm { proof, .. } if proof.tone == Tone::Good => Some(proof.text.as_str()),
        _ => None,
    });
    let mut different: Vec<&str> = Vec::new();
    for proof in proofs {
        if !different.contains(&proof) {
            different.push(proof);
        }
    }
    let proofs = different.join(" ");
    // A step that is not needed says why in place of what there is to do.
    let needless = || step.rail.iter().any(|item| item.phase == step.phase && item.state == RailState::NotNeeded);
    if proofs.is_empty() && needless() { words(&step.why) } else { proofs }
}

fn words(spans: &[Span]) -> String {
    let word = |span: &Span| match span {
        Span::Plain(text) | Span::Strong(text) | Span::Code(text) => text.clone(),
    };
    spans.iter().map(word).collect()
}

/// What the guide says against what was entered in this block, and what it warns of.
pub(crate) fn objection(view: &View, id: &str) -> (Option<Problem>, Option<Problem>) {
    let said = blocks(view).iter().find(|block| block.id() == id).map(|block| match block {
        Block::Secret { problem, .. } | Block::Choice { problem, .. } => (problem.clone(), None),
        Block::Input { problem, warning, .. } => (problem.clone(), warning.clone()),
        _ => (None, None),
    });
    said.unwrap_or_default()
}

/// Why a step does not let the administrator go on.
pub(crate) fn obstacle(step: &Step) -> Problem {
    let said = step.blocks.iter().find_map(|block| match block {
        Block::Check { state: CheckState::Failed { problem, .. }, .. } => Some(problem.clone()),
        Block::Secret { problem, .. } | Block::Choice { problem, .. } | Block::Input { problem, .. } => problem.clone(),
        _ => None,
    });
    said.unwrap_or_else(|| {
        let missing =
            step.forward.missing.clone().unwrap_or_else(|| "The step does not go on, and does not say why.".to_owned());
        Problem::new(Code::WrongInput, missing).hint("Open the practice in the window to see the step.")
    })
}

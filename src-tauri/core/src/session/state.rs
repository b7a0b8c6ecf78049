//! What is proved, what is missing, what can be pressed: questions to a session, none of which changes it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Missing, Session};
use crate::{
    error::{Code, Phase, Problem},
    mapping,
    operation::Operation,
    recipe::{BlockGuide, BlockKind, InputGuide, OptionGuide, SecretGuide, SlotKind},
    setup::{OLD_TOKEN_SLOT, Offer, Proof, Setup, TOKEN_SLOT},
};

impl Session {
    /// Whether an operation has been proved, by itself or by one that stands for it.
    pub fn passed(&self, operation: Operation) -> bool {
        self.proof_of(operation).is_some()
    }

    /// The proof of an operation, by itself or by one that stands for it.
    pub fn proof_of(&self, operation: Operation) -> Option<&Proof> {
        self.guide
            .checks()
            .filter(|(_, _, own, stands_for)| *own == operation || *stands_for == Some(operation))
            .find_map(|(_, block, _, _)| self.setup.proofs.get(&block.id))
    }

    /// Whether nothing is missing in a phase.
    pub fn complete(&self, phase: Phase, now: Timestamp) -> bool {
        self.missing(phase, now).is_empty()
    }

    /// Whether a phase is complete and, where only a later check can prove it, that one has passed.
    pub fn proven(&self, phase: Phase, now: Timestamp) -> bool {
        let later = self.guide.phase(phase).proven_by;
        self.complete(phase, now) && later.is_none_or(|operation| self.firmly(operation))
    }

    /// Whether an operation has been proved in a way that proves earlier steps too.
    pub fn firmly(&self, operation: Operation) -> bool {
        self.proof_of(operation).is_some_and(|proof| !proof.weak)
    }

    /// What proves a phase, in words; empty while nothing does.
    pub fn proof(&self, phase: Phase) -> String {
        let guide = self.guide.phase(phase);
        if let Some(reason) = &guide.not_needed {
            return reason.clone();
        }
        let own =
            guide.blocks.iter().filter_map(|block| self.setup.proofs.get(&block.id)).map(|proof| proof.text.clone());
        let later = guide.proven_by.filter(|operation| self.firmly(*operation)).and(guide.proof.clone());
        let mut texts: Vec<String> = own.chain(later).collect();
        // One check can stand for another, and has its words then.
        texts.dedup();
        texts.join(" ")
    }

    /// Whether a step can be opened.
    pub fn reachable(&self, phase: Phase, now: Timestamp) -> bool {
        let earlier = || self.guide.phases.iter().map(|guide| guide.phase).take_while(|earlier| *earlier != phase);
        self.guide.has(phase)
            && (self.setup.reached.contains(&phase) || earlier().all(|earlier| self.complete(earlier, now)))
    }

    /// When the token of a setup, or of its rotation, was last seen at work.
    pub(crate) fn proved_with_token(&self, setup: &Setup) -> Option<Timestamp> {
        let with_it = |block: &String| {
            let mut checks = self.guide.checks();
            checks.any(|(_, own, operation, _)| own.id == *block && operation.reads().contains(&TOKEN_SLOT))
        };
        setup.proofs.iter().filter(|(block, _)| with_it(block)).map(|(_, proof)| proof.at).max()
    }

    /// Whether this replaces the token of a setup.
    pub fn rotates(&self) -> bool {
        self.setup.rotates.is_some()
    }

    /// Whether somebody may have arrived who can be asked for.
    pub fn comparable(&self) -> bool {
        let started = self.setup.finished_at.is_some() || self.setup.reached.contains(&Phase::Provisioning);
        started && !self.rotates() && self.setup.token().is_some()
    }

    /// The input whose address was wrong at a failed check, and the base URL that answered instead.
    pub(crate) fn correction(&self, block: &str) -> Option<(String, String)> {
        let url = self.failures.get(block)?.corrected.clone()?;
        let mut inputs = self.guide.blocks().filter(
            |block| matches!(&block.kind, BlockKind::Input(InputGuide { gives: Some(gives), .. }) if gives == "scim"),
        );
        inputs.next().map(|input| (input.id.clone(), url))
    }

    /// Whether a block is shown.
    pub fn visible(&self, block: &BlockGuide) -> bool {
        let failed_so = block.after.is_none_or(|(operation, code)| {
            let mut checks = self.guide.checks().filter(|(_, _, own, _)| *own == operation);
            checks.any(|(_, check, _, _)| {
                self.failures.get(&check.id).is_some_and(|failure| failure.problem.code == code)
                    // A token that is there and in doubt is as good as a conflict foretold.
                    || code == Code::Conflict && self.issued(operation) && self.doubted(operation)
            })
        });
        let there = match &block.kind {
            BlockKind::Secret(SecretGuide { slot, fill: false, .. }) => self.setup.slots.contains_key(slot),
            BlockKind::Choice { from: Some(_), .. } => self.setup.offers.contains_key(&block.id),
            // What a check has shown need not be confirmed.
            BlockKind::Confirm(_) => self.ticked(&block.id, "") || !self.shown_by_a_check(&block.id),
            // Nothing can be asked with an old token that is in no vault.
            BlockKind::Check { operation: Operation::ScimOldTokenRefused, .. } => {
                self.setup.slots.contains_key(OLD_TOKEN_SLOT)
            }
            _ => true,
        };
        // While its check runs, the failure that made it appear is gone; it stays all the same.
        (failed_so || self.running.contains_key(&block.id)) && there
    }

    /// Whether a slot's secret is still of use.
    pub fn needed(&self, slot: &str) -> bool {
        let until = self.guide.slots.get(slot).and_then(|guide| guide.needed_until);
        until.is_none_or(|operation| !self.passed(operation))
    }

    /// Whether the identity provider uses this slot's token: it was taken over for another slot.
    pub fn taken_over(&self, slot: &str) -> bool {
        let blocks = self.guide.blocks();
        let mut takers = blocks.filter_map(|block| match &block.kind {
            BlockKind::Secret(SecretGuide { slot: taker, or_from: Some(from), .. }) if from == slot => Some(taker),
            _ => None,
        });
        let own = self.setup.slots.get(slot).map(|facts| &facts.last_four);
        own.is_some() && takers.any(|taker| self.setup.slots.get(taker).map(|facts| &facts.last_four) == own)
    }

    /// Whether a slot's secret has ended.
    pub fn ended(&self, slot: &str, now: Timestamp) -> bool {
        self.setup.slots.get(slot).and_then(|facts| facts.expires_at).is_some_and(|end| end <= now)
    }

    /// The chosen option of a choice: the admin's, else the preselected one.
    pub fn chosen<'a>(&self, block: &str, options: &'a [OptionGuide]) -> Option<&'a OptionGuide> {
        match self.setup.answers.get(block) {
            Some(answer) => options.iter().find(|option| option.id == *answer),
            None => options.iter().find(|option| option.default),
        }
    }

    /// The options of a choice: those of the recipe, or what an operation found.
    pub fn options(&self, block: &BlockGuide) -> Vec<OptionGuide> {
        let BlockKind::Choice { options, from, .. } = &block.kind else { return Vec::new() };
        let Some((_, unusable)) = from else { return options.clone() };
        let found = self.setup.offers.get(&block.id).map(Vec::as_slice).unwrap_or_default();
        let option = |offer: &Offer| OptionGuide {
            id: offer.id.clone(),
            label: offer.label.clone(),
            problem: if offer.usable { None } else { unusable.clone() },
            note: None,
            default: false,
        };
        found.iter().map(option).collect()
    }

    /// A value of the recipe, as it was typed or answered since; empty while it is not known.
    pub fn value(&self, name: &str) -> &str {
        let learned = self.setup.learned.get(name);
        learned.or_else(|| self.guide.values.get(name)).map_or("", String::as_str)
    }

    /// The answer to an input, or the chosen or preselected option of a choice.
    pub fn chosen_or_typed(&self, block: &str) -> Option<String> {
        match &self.guide.block(block)?.1.kind {
            BlockKind::Choice { .. } => {
                let options = self.options(self.guide.block(block)?.1);
                self.chosen(block, &options).map(|option| option.id.clone())
            }
            _ => self.setup.answers.get(block).cloned(),
        }
    }

    /// Every tick of a mapping block: rows and object actions, by `<table>-<row>`.
    pub fn mapping_rows(&self) -> BTreeSet<String> {
        self.guide
            .mappings
            .iter()
            .flat_map(|guide| {
                let rows = mapping::work(guide).into_iter().map(|row| format!("{}-{}", guide.id, row.id));
                rows.chain(guide.actions.iter().map(|action| format!("{}-action-{action}", guide.id)))
            })
            .collect()
    }

    /// What is missing in a phase, in the order of the page.
    pub(crate) fn missing(&self, phase: Phase, now: Timestamp) -> Vec<Missing> {
        let guide = self.guide.phase(phase);
        if guide.not_needed.is_some() {
            return Vec::new();
        }
        guide
            .blocks
            .iter()
            .filter(|block| self.visible(block) && !self.excused(&block.id))
            .filter_map(|block| self.missing_in(block, now))
            .collect()
    }

    fn shown_by_a_check(&self, confirm: &str) -> bool {
        self.guide.blocks().any(|block| {
            let its = matches!(&block.kind, BlockKind::Check { or: Some(id), .. } if id == confirm);
            its && self.setup.proofs.contains_key(&block.id)
        })
    }

    fn replaces_a_check(&self, confirm: &str) -> bool {
        let shown = self.guide.blocks().filter(|block| self.visible(block));
        shown
            .map(|block| &block.kind)
            .any(|kind| matches!(kind, BlockKind::Check { or: Some(id), .. } if id == confirm))
    }

    /// Whether a check and a confirmation can each take the place of the other, and one of them is there. What only the
    /// check needs is not needed then either.
    fn excused(&self, id: &str) -> bool {
        self.guide.blocks().any(|block| match &block.kind {
            BlockKind::Check { operation, or: Some(confirm), .. } => {
                let concerned = block.id == id || confirm == id || operation.answers().contains(&id);
                concerned && (self.ticked(confirm, "") || self.setup.proofs.contains_key(&block.id))
            }
            _ => false,
        })
    }

    fn missing_in(&self, block: &BlockGuide, now: Timestamp) -> Option<Missing> {
        let deed = |text: String| Some(Missing::Deed(text));
        match &block.kind {
            BlockKind::Secret(SecretGuide { slot, fill: true, .. }) if self.needed(slot) => {
                let label = self.slot_label(slot);
                if !self.setup.slots.contains_key(slot) {
                    deed(format!("The {label} is still missing."))
                } else if self.ended(slot, now) {
                    deed(format!("The {label} has ended. Paste a fresh one."))
                } else {
                    None
                }
            }
            BlockKind::Choice { label, .. } => match self.chosen(&block.id, &self.options(block)) {
                None => deed(format!("Not answered yet: {label}")),
                Some(option) if option.problem.is_some() => {
                    deed("The answer that is chosen has to be mended first.".into())
                }
                Some(_) => None,
            },
            BlockKind::Input(InputGuide { label, .. }) => {
                let empty = self.setup.answers.get(&block.id).is_none_or(|answer| answer.trim().is_empty());
                if empty || self.input_problem(&block.id).is_some() {
                    deed(format!("Not filled in yet: {label}"))
                } else {
                    None
                }
            }
            BlockKind::Confirm(label) => {
                // Continue runs the check whose place it could take.
                if self.ticked(&block.id, "") || self.replaces_a_check(&block.id) {
                    None
                } else {
                    deed(format!("Not ticked yet: {}", label.trim_end_matches('.')))
                }
            }
            BlockKind::Mapping => {
                let open = self.mapping_rows().iter().filter(|row| !self.ticked(&block.id, row)).count();
                match open {
                    0 => None,
                    1 => deed("One tick is missing in the list.".into()),
                    _ => deed(format!("{open} ticks are missing in the list.")),
                }
            }
            BlockKind::Check { operation, button, stands_for, .. } => {
                let reads = operation.reads();
                // What was planned for a group that has arrived no longer matters.
                let arrived = *operation == Operation::GroupsPlan && self.passed(Operation::ScimWatchArrivals);
                let needless = arrived || !reads.is_empty() && reads.iter().all(|slot| !self.needed(slot));
                if self.setup.proofs.contains_key(&block.id)
                    || needless
                    || self.issued(*operation)
                    || stands_for.is_some_and(|other| self.passed(other))
                {
                    None
                } else if operation.changes() {
                    deed(format!("Not done yet: {button}"))
                } else {
                    Some(Missing::Check(block.id.clone()))
                }
            }
            BlockKind::Heading(_)
            | BlockKind::Text(..)
            | BlockKind::Note(..)
            | BlockKind::Link(_)
            | BlockKind::Copy { .. }
            | BlockKind::Intake(_)
            | BlockKind::Secret(SecretGuide { .. }) => None,
        }
    }

    /// Why a check cannot be run now.
    pub(crate) fn not_ready(&self, operation: Operation, now: Timestamp) -> Option<Problem> {
        for slot in operation.reads() {
            let label = self.slot_label(slot);
            let home = self.home_of(slot);
            if !self.setup.slots.contains_key(*slot) {
                return Some(go(Problem::new(Code::WrongInput, format!("The {label} is still missing.")), home));
            }
            if self.guide.slots.get(*slot).is_some_and(|guide| guide.kind == SlotKind::AccessToken)
                && self.ended(slot, now)
            {
                return Some(go(
                    Problem::new(
                        Code::Expired,
                        format!("The {label} has ended. A fresh one is needed; nothing else is lost."),
                    ),
                    home,
                ));
            }
        }
        if let Some(problem) = operation.values().iter().find_map(|name| self.address_missing(name)) {
            return Some(problem);
        }
        if operation.values().iter().any(|name| self.value(name).is_empty()) {
            let text = format!("The address of {} is not known yet.", self.guide.target_short);
            return Some(Problem::new(Code::WrongInput, text).hint("The things to do above this check bring it."));
        }
        operation.answers().iter().find_map(|answer| {
            let (_, block) = self.guide.block(answer)?;
            match self.missing_in(block, now) {
                Some(Missing::Deed(text)) => Some(Problem::new(Code::WrongInput, text)),
                Some(Missing::Check(_)) | None => None,
            }
        })
    }

    /// Whether a token is being issued right now. Then nothing may end the session: the answer would be lost.
    pub(crate) fn issuing(&self) -> bool {
        self.running.values().any(|running| running.operation.issues())
    }

    /// Whether an operation has issued its token; then it does not issue another, unless the token is refused.
    pub(crate) fn issued(&self, operation: Operation) -> bool {
        operation.issues() && self.passed(operation)
    }

    /// Whether there is a reason to replace the token that an operation issues: a test says that the target does not
    /// accept it, or the admin answered that the identity provider did not.
    pub(crate) fn doubted(&self, operation: Operation) -> bool {
        let Some(slot) = operation.fills() else { return false };
        let tests = self.guide.checks().filter(|(_, _, other, _)| other.reads().contains(&slot));
        let refused = tests
            .filter_map(|(_, block, ..)| self.failures.get(&block.id))
            .any(|failure| matches!(failure.problem.code, Code::Unauthorized | Code::Forbidden));
        let blocks = self.guide.blocks();
        let mut answers = blocks.filter_map(|block| match &block.kind {
            BlockKind::Choice { options, about: Some(about), .. } if about == slot => self.chosen(&block.id, options),
            _ => None,
        });
        refused || answers.any(|option| option.problem.is_some())
    }

    /// The phase where a slot is filled or issued.
    pub(crate) fn home_of(&self, slot: &str) -> Option<Phase> {
        let holds =
            |block: &BlockGuide| matches!(&block.kind, BlockKind::Secret(SecretGuide { slot: own, .. }) if own == slot);
        self.guide.phases.iter().find(|guide| guide.blocks.iter().any(holds)).map(|guide| guide.phase)
    }

    pub(crate) fn slot_label(&self, slot: &str) -> String {
        let label = self.guide.slots.get(slot).map_or(slot, |guide| guide.label.as_str());
        // "Personal access token" inside a sentence; "SCIM proxy token" stays as it is.
        let mut letters = label.chars();
        match (letters.next(), letters.next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                first.to_lowercase().chain(label.chars().skip(1)).collect()
            }
            _ => label.to_owned(),
        }
    }

    pub(crate) fn ticked(&self, block: &str, row: &str) -> bool {
        self.setup.ticks.get(block).is_some_and(|rows| rows.contains(row))
    }
}

fn go(problem: Problem, home: Option<Phase>) -> Problem {
    match home {
        Some(phase) => problem.hint_go("Get it in the step that asks for it.", phase),
        None => problem,
    }
}

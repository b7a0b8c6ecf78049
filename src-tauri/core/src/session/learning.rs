//! What is learnt on the way: values of the recipe that are typed or answered, options to choose from, and the recipe's
//! advice for what failed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Session, Task, input::address};
use crate::{
    error::{Code, Problem},
    operation::Operation,
    recipe::{BlockGuide, BlockKind, Fit},
    setup::Offer,
};

/// Pieces of advice where a recipe has its own.
const MOST_HINTS: usize = 3;

impl Session {
    /// The values that a typed address fills, if it can be one.
    pub(super) fn given_by(&self, block: &str) -> BTreeMap<String, String> {
        let Some(input) = self.guide.input(block) else { return BTreeMap::new() };
        let Some(text) = self.setup.answers.get(block).map(|text| text.trim()) else { return BTreeMap::new() };
        if text.is_empty() || self.input_problem(block).is_some() {
            return BTreeMap::new();
        }
        if let Some(name) = &input.names {
            return [(name.clone(), text.to_owned())].into();
        }
        let Some(name) = &input.gives else { return BTreeMap::new() };
        let Ok(base) = address(input, text) else { return BTreeMap::new() };
        let mut given = match input.form.as_ref().map(|form| form.fit(base.url())) {
            Some(Fit::Whole(parts) | Fit::OtherHost(parts)) => parts,
            Some(Fit::No) | None => BTreeMap::new(),
        };
        given.insert(name.clone(), base.text());
        given
    }

    /// A value that is new: what was proved with the old one says nothing about it.
    pub(super) fn learn(&mut self, name: &str, value: String) -> Vec<Task> {
        if self.value(name) == value {
            return Vec::new();
        }
        self.setup.learned.insert(name.to_owned(), value);
        self.doubt_value(name)
    }

    /// What was proved or answered with a value falls.
    pub(super) fn doubt_value(&mut self, name: &str) -> Vec<Task> {
        let stale: Vec<(String, Operation)> = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| !operation.issues() && operation.values().contains(&name))
            .map(|(_, block, operation, _)| (block.id.clone(), operation))
            .collect();
        let slots: BTreeSet<&str> = stale.iter().flat_map(|(_, operation)| operation.reads()).copied().collect();
        for slot in slots {
            self.forget_answers_about(slot);
        }
        stale.into_iter().filter_map(|(id, _)| self.unproven(id)).collect()
    }

    /// Why the address that a value comes from is not there, if it is typed on this setup's pages.
    pub(super) fn address_missing(&self, name: &str) -> Option<Problem> {
        let blocks = self.guide.blocks();
        let mut asking = blocks.filter_map(|block| match &block.kind {
            BlockKind::Input(input) if input.gives.as_deref() == Some(name) => Some((&block.id, input)),
            _ => None,
        });
        let (block, input) = asking.next()?;
        let empty = self.setup.answers.get(block).is_none_or(|text| text.trim().is_empty());
        let missing = || Problem::new(Code::WrongInput, format!("Not filled in yet: {}", input.label));
        if empty { Some(self.input_problem(block).unwrap_or_else(missing)) } else { self.input_problem(block) }
    }

    /// What there is to choose from now. A choice that is no longer among it is forgotten.
    pub(super) fn take_offers(&mut self, block: &str, offers: Vec<Offer>) {
        let Some(operation) = self.operation_of(block).filter(|operation| operation.offers()) else { return };
        for id in self.choices_from(operation) {
            if self.setup.answers.get(&id).is_some_and(|chosen| offers.iter().all(|offer| offer.id != *chosen)) {
                self.setup.answers.remove(&id);
                self.answer_changed(&id);
            }
            self.setup.offers.insert(id, offers.clone());
        }
    }

    /// Another token may be another account's, with other things to choose from.
    pub(super) fn forget_offers_of(&mut self, slot: &str) {
        let operations: Vec<Operation> = self.guide.checks().map(|(_, _, operation, _)| operation).collect();
        for operation in operations.into_iter().filter(|one| one.offers() && one.reads().contains(&slot)) {
            for id in self.choices_from(operation) {
                self.setup.offers.remove(&id);
                self.setup.answers.remove(&id);
            }
        }
    }

    fn choices_from(&self, operation: Operation) -> Vec<String> {
        let blocks = self.guide.blocks();
        let choices = blocks.filter(
            |block| matches!(&block.kind, BlockKind::Choice { from: Some((from, _)), .. } if *from == operation),
        );
        choices.map(|block| block.id.clone()).collect()
    }

    /// Whether something is being changed at the target with what stands in this block: then it stays until that is
    /// over, because the change cannot be called back.
    pub(super) fn held(&self, block: &str) -> bool {
        let slot = self.slot_of(block);
        self.running.values().map(|running| running.operation).filter(|operation| operation.changes()).any(
            |operation| {
                operation.answers().contains(&block)
                    || slot.as_ref().is_some_and(|slot| operation.reads().contains(&slot.as_str()))
            },
        )
    }

    /// Puts the recipe's own advice for this failure first. What is said in general gives way where it gets long, but
    /// for one step to go to.
    pub(super) fn advise(&self, block: &str, problem: &mut Problem) {
        if let Some((_, BlockGuide { kind: BlockKind::Check { hints, .. }, .. })) = self.guide.block(block)
            && let Some(own) = hints.get(&problem.code)
        {
            let general = std::mem::replace(&mut problem.hints, own.clone());
            let way = general.iter().find(|hint| hint.go.is_some()).cloned();
            problem.hints.extend(general.into_iter().take(MOST_HINTS.saturating_sub(own.len())));
            if problem.hints.iter().all(|hint| hint.go.is_none()) {
                problem.hints.extend(way);
            }
        }
    }
}

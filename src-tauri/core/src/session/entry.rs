//! What comes in: answers, ticks, secrets; and what falls because of it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Failure, Session, Task};
use crate::{
    error::{Code, Phase, Problem},
    guard,
    operation::Operation,
    recipe::{BlockGuide, BlockKind, SecretGuide, SlotKind},
    secret::Secret,
    setup::{Place, Proof, SlotFacts, TOKEN_SLOT},
    token,
};

impl Session {
    pub(super) fn answer(&mut self, block: &str, value: String) -> Vec<Task> {
        let Some(input) = self.guide.input(block) else { return Vec::new() };
        let addressed = input.gives.clone();
        // An input is written to disk: a token that lands here by mistake must not be.
        let secret = match addressed {
            Some(_) => guard::address_with_a_secret(&value),
            None => guard::looks_like_a_secret(&value),
        };
        if let Some(problem) = secret {
            self.input_problems.insert(block.to_owned(), problem);
            self.setup.answers.remove(block);
        } else {
            self.input_problems.remove(block);
            if self.setup.answers.get(block) == Some(&value) {
                return Vec::new();
            }
            self.setup.answers.insert(block.to_owned(), value);
        }
        let mut tasks = self.answer_changed(block);
        let given = self.given_by(block);
        // What was proved with an address that no longer stands here says nothing.
        if let Some(name) = addressed.filter(|name| !given.contains_key(name)) {
            tasks.extend(self.doubt_value(&name));
        }
        for (name, value) in given {
            tasks.extend(self.learn(&name, value));
        }
        tasks
    }

    pub(super) fn choose(&mut self, block: &str, option: &str) -> Vec<Task> {
        let known = match self.guide.block(block) {
            Some((_, found @ BlockGuide { kind: BlockKind::Choice { .. }, .. })) => {
                self.options(found).iter().any(|known| known.id == option)
            }
            _ => false,
        };
        if !known {
            return Vec::new();
        }
        self.setup.answers.insert(block.to_owned(), option.to_owned());
        self.answer_changed(block)
    }

    /// What a check proved with the old answer says nothing about the new one.
    pub(super) fn answer_changed(&mut self, answer: &str) -> Vec<Task> {
        let reads = |operation: &Operation| {
            let plan = *operation == Operation::GroupsPlan && operation.also_reads().contains(&answer);
            !operation.issues() && (operation.answers().contains(&answer) || plan)
        };
        let stale: Vec<String> =
            self.guide.checks().filter(|(_, _, own, _)| reads(own)).map(|(_, block, ..)| block.id.clone()).collect();
        stale.into_iter().filter_map(|id| self.unproven(id)).collect()
    }

    /// What the admin had confirmed there turned out not to hold.
    pub(super) fn untick(&mut self, phase: Phase) {
        let confirms = |block: &&BlockGuide| matches!(block.kind, BlockKind::Confirm(_));
        if !self.guide.has(phase) {
            return;
        }
        let ids: Vec<String> =
            self.guide.phase(phase).blocks.iter().filter(confirms).map(|block| block.id.clone()).collect();
        for id in ids {
            self.setup.ticks.remove(&id);
        }
    }

    /// Takes back what a check said, and stops it if it runs.
    pub(super) fn unproven(&mut self, block: String) -> Option<Task> {
        self.setup.proofs.remove(&block);
        self.failures.remove(&block);
        self.running.remove(&block).map(|_| Task::Stop { block })
    }

    pub(super) fn tick(&mut self, block: String, row: String, done: bool) {
        let known = match self.guide.block(&block).map(|(_, found)| &found.kind) {
            Some(BlockKind::Mapping) => self.mapping_rows().contains(&row),
            Some(BlockKind::Confirm(_)) => row.is_empty(),
            _ => false,
        };
        if !known {
            return;
        }
        let rows = self.setup.ticks.entry(block).or_default();
        if done {
            rows.insert(row);
        } else {
            rows.remove(&row);
        }
    }

    /// Ticks the rows of the mapping that are known to be done, and takes the ticks off those that are not.
    pub(crate) fn tick_mapping(&mut self, ticks: &BTreeMap<String, bool>) {
        let blocks = self.guide.blocks().filter(|block| matches!(block.kind, BlockKind::Mapping));
        let blocks: Vec<String> = blocks.map(|block| block.id.clone()).collect();
        for block in blocks {
            for (row, done) in ticks {
                self.tick(block.clone(), row.clone(), *done);
            }
        }
    }

    pub(crate) fn slot_of(&self, block: &str) -> Option<String> {
        match &self.guide.block(block)?.1.kind {
            BlockKind::Secret(SecretGuide { slot, .. }) => Some(slot.clone()),
            _ => None,
        }
    }

    pub(super) fn fill(&mut self, block: &str, raw: &Secret, now: Timestamp) -> Vec<Task> {
        let Some((_, BlockGuide { kind: BlockKind::Secret(SecretGuide { slot, fill: true, .. }), .. })) =
            self.guide.block(block)
        else {
            return Vec::new();
        };
        let slot = slot.clone();
        let Some(guide) = self.guide.slots.get(&slot) else {
            return Vec::new();
        };
        let lifetime = guide.lifetime_minutes.map(|minutes| SignedDuration::from_mins(i64::from(minutes)));
        let judged = match guide.kind {
            SlotKind::AccessToken => token::judge_access_token(raw.expose(), now, lifetime)
                .map(|token| (guard::about(&token.reading), token.secret, token.expires_at)),
            SlotKind::ScimToken => token::judge_scim_token(raw.expose(), now)
                .map(|token| (guard::about(&token.reading), token.secret, token.expires_at)),
        };
        match judged {
            Err(problem) => {
                self.announcement = Some(crate::template::plain(&problem.message));
                self.input_problems.insert(block.to_owned(), problem);
                Vec::new()
            }
            Ok((about, secret, expires_at)) => {
                self.input_problems.remove(block);
                let last_four = secret.last_four();
                if guide.kind == SlotKind::ScimToken {
                    let text = format!("The {} ending in {last_four} was entered.", self.slot_label(&slot));
                    self.setup.note(now, text);
                }
                let facts =
                    SlotFacts { last_four, entered_at: now, expires_at, end_entered: false, saved: false, about };
                let mut tasks = self.slot_filled(&slot, facts);
                tasks.push(Task::Keep { slot, secret });
                tasks
            }
        }
    }

    /// A rotation was given the token that it is to replace.
    pub(crate) fn refuse_the_old_one(&mut self, block: &str) {
        let problem = Problem::new(Code::WrongInput, "This is the token in use, which is to be replaced.")
            .hint("Copy the new token from the console, and paste it here.");
        self.announcement = Some(problem.message.clone());
        self.input_problems.insert(block.to_owned(), problem);
    }

    /// The token of another slot, where the recipe offers it.
    pub(super) fn use_from(&self, block: String) -> Vec<Task> {
        match self.guide.block(&block) {
            Some((_, BlockGuide { kind: BlockKind::Secret(SecretGuide { or_from: Some(from), .. }), .. }))
                if self.setup.slots.contains_key(from) =>
            {
                vec![Task::UseFrom { from: from.clone(), block }]
            }
            _ => Vec::new(),
        }
    }

    /// A new secret in a slot: what was proved with the old one falls, what was issued stays issued.
    pub(crate) fn slot_filled(&mut self, slot: &str, facts: SlotFacts) -> Vec<Task> {
        self.setup.lost.remove(slot);
        let before = self.setup.slots.insert(slot.to_owned(), facts.clone());
        // The same token once more, now with what the vault said: nothing that was learnt of it in between falls.
        if before.is_some_and(|before| SlotFacts { saved: facts.saved, ..before } == facts) {
            return Vec::new();
        }
        self.slot_changed(slot, false)
    }

    /// In a rotation, what was confirmed later was about the token that was there then.
    fn confirmed_for_another(&mut self, slot: &str) {
        let Some(home) = self.home_of(slot).filter(|_| self.rotates() && slot == TOKEN_SLOT) else { return };
        let guide = self.guide.clone();
        let later = guide.phases.iter().map(|guide| guide.phase).skip_while(|phase| *phase != home).skip(1);
        later.for_each(|phase| self.untick(phase));
    }

    /// What is `gone` takes nothing back that was changed with it at the target.
    pub(super) fn slot_changed(&mut self, slot: &str, gone: bool) -> Vec<Task> {
        let touched: Vec<(String, Operation)> = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| operation.reads().contains(&slot))
            .map(|(_, block, operation, _)| (block.id.clone(), operation))
            .collect();
        let mut tasks = Vec::new();
        for (id, operation) in touched {
            let stays = operation.issues() || gone && operation.changes();
            if !stays {
                tasks.extend(self.unproven(id));
            } else if self.failures.get(&id).is_some_and(|failure| !stands(failure)) {
                self.failures.remove(&id);
            }
        }
        if !gone {
            self.forget_offers_of(slot);
            self.confirmed_for_another(slot);
        }
        self.forget_answers_about(slot);
        tasks
    }

    /// What the admin answered about a token says nothing about another one, or about another address.
    pub(super) fn forget_answers_about(&mut self, slot: &str) {
        let about = self
            .guide
            .blocks()
            .filter(|block| matches!(&block.kind, BlockKind::Choice { about: Some(about), .. } if about == slot));
        for id in about.map(|block| block.id.clone()).collect::<Vec<_>>() {
            self.setup.answers.remove(&id);
        }
    }

    pub(super) fn clear(&mut self, block: &str) -> Vec<Task> {
        self.input_problems.remove(block);
        let Some((_, BlockGuide { kind: BlockKind::Secret(SecretGuide { slot, fill: true, .. }), .. })) =
            self.guide.block(block)
        else {
            return Vec::new();
        };
        let slot = slot.clone();
        self.setup.slots.remove(&slot);
        let mut tasks = self.slot_changed(&slot, true);
        tasks.push(Task::Forget { slot });
        tasks
    }

    /// A secret is gone: what it proved falls, and the step that gets it opens again.
    pub(crate) fn lose(&mut self, slot: String) {
        let needed = self.needed(&slot);
        self.setup.slots.remove(&slot);
        self.setup.lost.insert(slot.clone());
        self.slot_changed(&slot, true);
        self.forget_proofs_of(&slot);
        if !needed {
            return;
        }
        if self.setup.place == Place::Finish {
            self.setup.place = Place::Step;
            self.setup.phase = self.home_of(&slot).unwrap_or(self.setup.phase);
        }
        self.lost.push(slot);
    }

    /// Takes a token that the admin picked from an answer which Usher could not read. The answer is kept until a test
    /// shows that it was the right part.
    pub fn adopted(&mut self, block: &str, slot: &str, facts: SlotFacts, now: Timestamp) -> Vec<Task> {
        let text = format!("You chose the token that ends in {} from the answer.", facts.last_four);
        self.unread =
            self.failures.get(block).map(|failure| (block.to_owned(), failure.clone())).or(self.unread.take());
        let tasks = self.slot_filled(slot, facts);
        self.passed_check(block, Proof::new(now, text));
        tasks
    }

    /// An answer that Usher could not read, found again in the vault.
    pub fn answer_found(&mut self, block: &str, failure: Failure) {
        self.failures.insert(block.to_owned(), failure);
    }

    /// A token found again in the vault, that the file on disk does not know of.
    pub fn token_found(&mut self, slot: &str, facts: SlotFacts, now: Timestamp) -> Vec<Task> {
        let text = format!("The token that ends in {} was found in your keyring.", facts.last_four);
        let filling = || self.guide.checks().filter(|(_, _, operation, _)| operation.fills() == Some(slot));
        let issuing = filling().find(|(_, _, _, stands_for)| stands_for.is_none()).or_else(|| filling().next());
        let block = issuing.map(|(_, block, ..)| block.id.clone());
        self.setup.note(now, text.clone());
        let tasks = self.slot_filled(slot, facts);
        if let Some(block) = block {
            self.passed_check(&block, Proof::new(now, text));
        }
        tasks
    }

    /// A refused token that was picked from an answer: the other parts are offered again.
    pub(super) fn reopen_answer(&mut self, failure: &Failure, block: &str) {
        let reads_token = self.operation_of(block).is_some_and(|operation| operation.reads().contains(&"scim-token"));
        if failure.problem.code == Code::Unauthorized
            && reads_token
            && let Some((issuing, unread)) = self.unread.take()
        {
            self.forget_proofs_of("scim-token");
            self.failures.insert(issuing, unread);
        }
    }

    pub(super) fn operation_of(&self, block: &str) -> Option<Operation> {
        self.guide.checks().find(|(_, own, ..)| own.id == block).map(|(_, _, operation, _)| operation)
    }

    pub(super) fn fills(&self, block: &str) -> Option<&'static str> {
        self.operation_of(block).and_then(Operation::fills)
    }

    /// A new token, or a refusal to issue one, says that what was issued before is past.
    pub(super) fn forget_proofs_of(&mut self, slot: &str) {
        let filling = self.guide.checks().filter(|(_, _, operation, _)| operation.fills() == Some(slot));
        for id in filling.map(|(_, block, ..)| block.id.clone()).collect::<Vec<_>>() {
            self.setup.proofs.remove(&id);
        }
    }
}

/// What a fresh access token does not mend: a token exists already, or stands somewhere in an answer.
fn stands(failure: &Failure) -> bool {
    matches!(failure.problem.code, Code::Conflict | Code::TokenNotRecognised)
}

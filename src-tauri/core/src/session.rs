//! The step machine: `(session, action, now) → (session, tasks)`. Pure: no clock, no network, no disk, no vault.
//! What the admin sees of it is made in `present`.

mod entry;
mod input;
mod learning;
mod run;
mod state;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use crate::{
    action::Action,
    error::{Code, Phase, Problem},
    operation::Operation,
    recipe::{BlockGuide, BlockKind, Guide},
    setup::{Checked, OLD_TOKEN_SLOT, Place, Proof, Setup},
    view::{Arrivals, IntakeState},
};

pub(crate) use run::Missing;
pub use run::{Ended, Failure, Running, Task};

/// Where an answer rests in which Usher did not find the token.
pub(crate) const UNREAD: &str = "unread-answer";

/// One open setup.
#[derive(Debug, Clone)]
pub struct Session {
    /// What rests on disk.
    pub setup: Setup,
    /// The recipe.
    pub guide: Arc<Guide>,
    /// Checks that run, by block.
    pub running: BTreeMap<String, Running>,
    /// Checks that failed, by block.
    pub failures: BTreeMap<String, Failure>,
    /// What was entered and cannot be it, by block.
    pub input_problems: BTreeMap<String, Problem>,
    /// What was handed over to be looked at, by block. In memory only: people's names are in it.
    pub intakes: BTreeMap<String, IntakeState>,
    /// Who arrived so far.
    pub arrivals: Option<Arrivals>,
    /// To be read aloud.
    pub announcement: Option<String>,
    /// Slots whose secret was only in memory and is gone with the window that held it.
    pub lost: Vec<String>,
    /// An answer from which the admin picked a token that is not tested yet, with the block that got it.
    unread: Option<(String, Failure)>,
    /// Continue was pressed: go on when the open checks pass.
    continuing: bool,
    serial: u32,
}

impl Session {
    /// Opens a setup. A secret that was only in memory is gone with the window that held it; so is what it proved.
    pub fn new(setup: Setup, guide: Arc<Guide>) -> Self {
        let lost: Vec<String> = setup
            .slots
            .iter()
            .filter(|(slot, facts)| !facts.saved && *slot != OLD_TOKEN_SLOT)
            .map(|(slot, _)| slot.clone())
            .collect();
        let mut session = Self {
            setup,
            guide,
            running: BTreeMap::new(),
            failures: BTreeMap::new(),
            input_problems: BTreeMap::new(),
            intakes: BTreeMap::new(),
            arrivals: None,
            announcement: None,
            lost: Vec::new(),
            unread: None,
            continuing: false,
            serial: 0,
        };
        for slot in lost {
            session.lose(slot);
        }
        session
    }

    /// Does what the admin asked. Actions about other screens, and ids that are not on this one, change nothing.
    pub fn act(&mut self, action: Action, now: Timestamp) -> Vec<Task> {
        self.setup.touched_at = now;
        match action {
            Action::Back => self.back(),
            Action::Continue => return self.forward(now),
            Action::GoTo { phase } => self.go_to(phase, now),
            Action::Type { block, .. }
            | Action::Choose { block, .. }
            | Action::FillSecret { block, .. }
            | Action::ClearSecret { block }
            | Action::UseSecret { block }
                if self.held(&block) => {}
            Action::Type { block, value } => return self.answer(&block, value),
            Action::Choose { block, option } => return self.choose(&block, &option),
            Action::Tick { block, row, done } => self.tick(block, row, done),
            Action::FillSecret { block, secret } => return self.fill(&block, &secret, now),
            Action::ClearSecret { block } => return self.clear(&block),
            Action::UseSecret { block } => return self.use_from(block),
            Action::SaveSecret { block } => {
                return self.slot_of(&block).map(|slot| vec![Task::KeepAgain { slot }]).unwrap_or_default();
            }
            Action::Run { block } => {
                self.continuing = false;
                return self.run(&block, now).into_iter().collect();
            }
            Action::Cancel { block } => return self.cancel(&block),
            Action::Correct { block } => return self.correct(&block, now),
            Action::Pick { block, candidate } => return vec![Task::Adopt { block, candidate }],
            Action::Home
            | Action::Rotate { .. }
            | Action::CancelRotation
            | Action::CheckAll
            | Action::StopCheckAll
            | Action::SetEnd { .. }
            | Action::SaveReminders
            | Action::NewSetup { .. }
            | Action::ChooseTarget { .. }
            | Action::ChooseIdp { .. }
            | Action::OpenSetup { .. }
            | Action::RemoveSetup { .. }
            | Action::SaveRunbook
            | Action::Examine { .. }
            | Action::PutAway { .. }
            | Action::BreakOff { .. }
            | Action::Doctor { .. }
            | Action::Dismiss { .. }
            | Action::About
            | Action::Arrived { .. }
            | Action::NameGroup { .. }
            | Action::Compare
            | Action::StopComparing
            | Action::SaveDifferences
            | Action::TryAgain => {}
        }
        Vec::new()
    }

    /// Takes the result of a run in.
    pub fn finished(&mut self, block: &str, serial: u32, ended: Ended, now: Timestamp) -> Vec<Task> {
        // A result of a run that was stopped or repeated says nothing about now; a token it issued counts all the same.
        let current = self.running.get(block).is_some_and(|running| running.serial == serial);
        if !current && ended.issued.is_none() {
            return Vec::new();
        }
        self.running.remove(block);
        self.setup.touched_at = now;
        let mut tasks = Vec::new();
        if let Some((slot, facts)) = ended.issued {
            let text = format!(
                "{} issued the {} ending in {}.",
                self.guide.target_short,
                self.slot_label(&slot),
                facts.last_four
            );
            self.setup.note(now, text);
            self.forget_proofs_of(&slot);
            tasks.extend(self.slot_filled(&slot, facts));
        }
        if let Some(offers) = ended.offers {
            self.take_offers(block, offers);
        }
        for (name, value) in ended.learned {
            tasks.extend(self.learn(&name, value));
        }
        match ended.result {
            Ok(proof) => {
                let at = proof.at;
                self.passed_check(block, proof);
                if self.operation_of(block) == Some(Operation::ScimTestConnection) && !self.rotates() {
                    self.setup.checked = Some(Checked { at, worked_at: Some(at), problem: None });
                }
                if self.operation_of(block).is_some_and(|operation| operation == Operation::ScimTestConnection) {
                    tasks.extend(self.unread.take().map(|_| Task::Forget { slot: UNREAD.into() }));
                }
            }
            Err(mut failure) => {
                if let Some(slot) = self.fills(block) {
                    self.forget_proofs_of(slot);
                }
                self.reopen_answer(&failure, block);
                if failure.problem.code == Code::RoleMissing {
                    self.untick(Phase::Role);
                }
                self.advise(block, &mut failure.problem);
                failure.problem.docs.get_or_insert_with(|| "docs-target".into());
                self.announcement = Some(format!("Not proven. {}", crate::template::plain(&failure.problem.message)));
                self.setup.proofs.remove(block);
                self.failures.insert(block.to_owned(), failure);
                self.continuing = false;
            }
        }
        if self.continuing {
            tasks.extend(self.forward(now));
        }
        tasks
    }

    /// What the vault said about a secret that was to be kept.
    pub fn kept(&mut self, slot: &str, saved: bool) {
        if let Some(facts) = self.setup.slots.get_mut(slot) {
            facts.saved = saved;
        }
    }

    /// When the screen changes by itself next: two minutes before and at the end of a short-lived token.
    pub fn next_wake(&self, now: Timestamp) -> Option<Timestamp> {
        self.setup
            .slots
            .iter()
            .filter(|(slot, _)| self.needed(slot))
            .filter_map(|(_, facts)| facts.expires_at)
            .flat_map(|end| [end.checked_sub(SignedDuration::from_mins(2)).unwrap_or(end), end])
            .filter(|at| *at > now)
            .min()
    }

    // What the admin does.

    fn back(&mut self) {
        self.continuing = false;
        match (self.setup.place, self.guide.previous(self.setup.phase)) {
            (Place::Finish, _) => self.setup.place = Place::Step,
            (Place::Step, Some(previous)) => self.setup.phase = previous,
            (Place::Step, None) => self.setup.place = Place::Needs,
            (Place::Needs, _) => {}
        }
    }

    /// Runs the checks of this step that are open, one after the other, then goes on.
    fn forward(&mut self, now: Timestamp) -> Vec<Task> {
        self.continuing = false;
        match self.setup.place {
            Place::Needs => {
                self.setup.place = Place::Step;
                self.setup.reached.insert(self.setup.phase);
                return Vec::new();
            }
            Place::Finish => return Vec::new(),
            Place::Step => {}
        }
        let missing = self.missing(self.setup.phase, now);
        if let Some(deed) = missing.iter().find_map(|missing| match missing {
            Missing::Deed(text) => Some(text.clone()),
            Missing::Check(_) => None,
        }) {
            self.announcement = Some(deed);
            return Vec::new();
        }
        if let Some(Missing::Check(block)) = missing.into_iter().next() {
            if self.running.contains_key(&block) {
                self.continuing = true;
                return Vec::new();
            }
            let task = self.run(&block, now);
            self.continuing = task.is_some();
            return task.into_iter().collect();
        }
        self.next_step(now);
        Vec::new()
    }

    fn next_step(&mut self, now: Timestamp) {
        if let Some(next) = self.guide.next(self.setup.phase) {
            self.step_done(now);
            self.setup.phase = next;
            self.setup.reached.insert(next);
            self.setup.open_since.insert(next, now);
            return;
        }
        let open = self.guide.phases.iter().map(|guide| guide.phase).find(|phase| !self.complete(*phase, now));
        match open {
            Some(open) => self.setup.phase = open,
            None => {
                self.step_done(now);
                self.setup.place = Place::Finish;
                if self.setup.finished_at.is_none() && !self.rotates() {
                    self.setup.note(now, "All six steps are done.");
                }
                self.setup.finished_at.get_or_insert(now);
            }
        }
    }

    /// For the journal, the first time that a step is left by its end.
    fn step_done(&mut self, now: Timestamp) {
        let guide = self.guide.phase(self.setup.phase);
        let next = self.guide.next(guide.phase);
        if guide.not_needed.is_some() || next.is_some_and(|next| self.setup.reached.contains(&next)) {
            return;
        }
        let number = self.guide.number(guide.phase);
        let of = if self.rotates() { "of the rotation " } else { "" };
        let text = format!("Step {number} {of}is done: {}.", guide.name);
        self.setup.note(now, text);
    }

    fn go_to(&mut self, phase: Phase, now: Timestamp) {
        if self.reachable(phase, now) {
            self.continuing = false;
            self.setup.place = Place::Step;
            self.setup.phase = phase;
            self.setup.reached.insert(phase);
            self.setup.open_since.entry(phase).or_insert(now);
        }
    }

    fn run(&mut self, block: &str, now: Timestamp) -> Option<Task> {
        let (operation, visible) = match self.guide.block(block)? {
            (_, found @ BlockGuide { kind: BlockKind::Check { operation, .. }, .. }) => {
                (*operation, self.visible(found))
            }
            _ => return None,
        };
        let again = self.issued(operation) && !self.doubted(operation);
        // An answer in which the token stands would be lost behind the next one.
        let unread = self.failures.get(block).is_some_and(|failure| !failure.candidates.is_empty());
        if self.running.contains_key(block) || !visible || again || unread {
            return None;
        }
        if let Some(problem) = self.not_ready(operation, now) {
            self.failures.insert(block.to_owned(), Failure::new(problem, now));
            return None;
        }
        if operation == Operation::ScimWatchArrivals {
            self.arrivals = None;
        }
        self.serial += 1;
        let doing = operation.doing(&self.guide.target_short);
        self.failures.remove(block);
        self.running.insert(
            block.to_owned(),
            Running { serial: self.serial, operation, doing, since: now, stages: Vec::new() },
        );
        Some(Task::Run { block: block.to_owned(), serial: self.serial, operation })
    }

    /// Takes the base URL over that was tried and answered, and runs the check with it.
    fn correct(&mut self, block: &str, now: Timestamp) -> Vec<Task> {
        let Some((input, url)) = self.correction(block).filter(|(input, _)| !self.held(input)) else {
            return Vec::new();
        };
        self.continuing = false;
        let mut tasks = self.answer(&input, url);
        tasks.extend(self.run(block, now));
        tasks
    }

    fn cancel(&mut self, block: &str) -> Vec<Task> {
        self.continuing = false;
        match self.running.get(block) {
            Some(running) if !running.operation.changes() => {
                self.running.remove(block);
                self.announcement = Some("Cancelled.".into());
                vec![Task::Stop { block: block.to_owned() }]
            }
            _ => Vec::new(),
        }
    }

    fn passed_check(&mut self, block: &str, proof: Proof) {
        self.announcement = Some(proof.text.clone());
        self.failures.remove(block);
        let stands_for = self.guide.checks().find(|(_, own, _, _)| own.id == block).and_then(|(_, _, _, other)| other);
        let also: Vec<String> = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| Some(*operation) == stands_for)
            .map(|(_, block, _, _)| block.id.clone())
            .collect();
        for id in also {
            self.failures.remove(&id);
            self.setup.proofs.insert(id, proof.clone());
        }
        self.setup.proofs.insert(block.to_owned(), proof);
    }
}

#[cfg(test)]
mod tests;

//! The step machine: `(session, action, now) → (session, tasks)`. Pure: no clock, no network, no disk, no vault.
//! What the admin sees of it is made in `present`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    action::Action,
    error::{Code, Phase, Problem},
    guard, mapping,
    operation::Operation,
    recipe::{BlockGuide, BlockKind, Guide, OptionGuide, SlotKind},
    secret::Secret,
    setup::{Place, Proof, Setup, SlotFacts},
    token,
    view::{Arrivals, Candidate, Finding},
};

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
    /// Who arrived so far.
    pub arrivals: Option<Arrivals>,
    /// To be read aloud.
    pub announcement: Option<String>,
    /// Slots whose secret was only in memory and is gone with the window that held it.
    pub lost: Vec<String>,
    /// Continue was pressed: go on when the open checks pass.
    continuing: bool,
    serial: u32,
}

/// A check that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Tells a result from that of an earlier run.
    pub serial: u32,
    /// What it does.
    pub operation: Operation,
    /// What it is doing, in words.
    pub doing: String,
    /// Since when.
    pub since: Timestamp,
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// In words.
    pub problem: Problem,
    /// When.
    pub at: Timestamp,
    /// Line by line.
    pub findings: Vec<Finding>,
    /// Parts of an unknown answer.
    pub candidates: Vec<Candidate>,
}

/// What the machine wants done.
#[derive(Debug, Clone)]
pub enum Task {
    /// Run an operation and report with [`Session::finished`].
    Run {
        /// The block.
        block: String,
        /// To be handed back.
        serial: u32,
        /// What to do.
        operation: Operation,
    },
    /// Stop waiting for a run.
    Stop {
        /// The block.
        block: String,
    },
    /// Put a secret into the vault and report with [`Session::kept`].
    Keep {
        /// The slot.
        slot: String,
        /// The secret.
        secret: Secret,
    },
    /// Take a secret out of the vault.
    Forget {
        /// The slot.
        slot: String,
    },
    /// Try again to put a secret from memory into the vault.
    KeepAgain {
        /// The slot.
        slot: String,
    },
    /// Take a candidate as the token.
    Adopt {
        /// The block whose answer it is from.
        block: String,
        /// The candidate.
        candidate: String,
    },
}

/// The end of a run.
#[derive(Debug, Clone)]
pub struct Ended {
    /// What was proved, or why not.
    pub result: Result<(String, Vec<Finding>), Failure>,
    /// A token that was issued; it is in the vault or in memory by now.
    pub issued: Option<(String, SlotFacts)>,
}

/// What is still missing before Continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Something that the admin must do.
    Deed(String),
    /// A check that Continue can run.
    Check(String),
}

impl Session {
    /// Opens a setup. A secret that was only in memory is gone with the window that held it; so is what it proved.
    pub fn new(setup: Setup, guide: Arc<Guide>) -> Self {
        let lost: Vec<String> =
            setup.slots.iter().filter(|(_, facts)| !facts.saved).map(|(slot, _)| slot.clone()).collect();
        let mut session = Self {
            setup,
            guide,
            running: BTreeMap::new(),
            failures: BTreeMap::new(),
            input_problems: BTreeMap::new(),
            arrivals: None,
            announcement: None,
            lost: Vec::new(),
            continuing: false,
            serial: 0,
        };
        for slot in lost {
            session.lose(slot);
        }
        session
    }

    fn lose(&mut self, slot: String) {
        let needed = self.needed(&slot);
        self.setup.slots.remove(&slot);
        self.slot_changed(&slot);
        let issued = self.guide.checks().filter(|(_, _, operation, _)| operation.fills() == Some(slot.as_str()));
        for id in issued.map(|(_, block, _, _)| block.id.clone()).collect::<Vec<_>>() {
            self.setup.proofs.remove(&id);
        }
        if !needed {
            return;
        }
        if self.setup.place == Place::Finish {
            self.setup.place = Place::Step;
            self.setup.phase = self.home_of(&slot).unwrap_or(self.setup.phase);
        }
        self.lost.push(slot);
    }

    /// Does what the admin asked. Actions about other screens, and ids that are not on this one, change nothing.
    pub fn act(&mut self, action: Action, now: Timestamp) -> Vec<Task> {
        self.setup.touched_at = now;
        match action {
            Action::Back => self.back(),
            Action::Continue => return self.forward(now),
            Action::GoTo { phase } => self.go_to(phase, now),
            Action::Type { block, value } => self.answer(&block, value),
            Action::Choose { block, option } => self.choose(&block, &option),
            Action::Tick { block, row, done } => self.tick(block, row, done),
            Action::FillSecret { block, secret } => return self.fill(&block, &secret, now),
            Action::ClearSecret { block } => return self.clear(&block),
            Action::SaveSecret { block } => {
                return self.slot_of(&block).map(|slot| vec![Task::KeepAgain { slot }]).unwrap_or_default();
            }
            Action::Run { block } => {
                self.continuing = false;
                return self.run(&block, now).into_iter().collect();
            }
            Action::Cancel { block } => return self.cancel(&block),
            Action::Pick { block, candidate } => return vec![Task::Adopt { block, candidate }],
            Action::Home
            | Action::NewSetup { .. }
            | Action::ChooseTarget { .. }
            | Action::ChooseIdp { .. }
            | Action::OpenSetup { .. }
            | Action::RemoveSetup { .. }
            | Action::SaveRunbook
            | Action::Dismiss { .. }
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
            tasks.extend(self.slot_filled(&slot, facts));
        }
        match ended.result {
            Ok((text, findings)) => self.passed_check(block, Proof { at: now, text, findings }),
            Err(mut failure) => {
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

    /// Takes a token that the admin picked from an answer which Usher could not read.
    pub fn adopted(&mut self, block: &str, slot: &str, facts: SlotFacts, now: Timestamp) -> Vec<Task> {
        let text = format!("You chose the token that ends in {} from the answer.", facts.last_four);
        let tasks = self.slot_filled(slot, facts);
        self.passed_check(block, Proof { at: now, text, findings: Vec::new() });
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
            .flat_map(|end| [end - SignedDuration::from_mins(2), end])
            .filter(|at| *at > now)
            .min()
    }

    // What the screen needs to know.

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
        self.complete(phase, now) && later.is_none_or(|operation| self.passed(operation))
    }

    /// What proves a phase, in words; empty while nothing does.
    pub fn proof(&self, phase: Phase) -> String {
        let guide = self.guide.phase(phase);
        if let Some(reason) = &guide.not_needed {
            return reason.clone();
        }
        let own =
            guide.blocks.iter().filter_map(|block| self.setup.proofs.get(&block.id)).map(|proof| proof.text.clone());
        let later = guide.proven_by.filter(|operation| self.passed(*operation)).and(guide.proof.clone());
        own.chain(later).collect::<Vec<_>>().join(" ")
    }

    /// Whether a step can be opened.
    pub fn reachable(&self, phase: Phase, now: Timestamp) -> bool {
        self.setup.reached.contains(&phase)
            || Phase::ALL.into_iter().take_while(|earlier| *earlier < phase).all(|earlier| self.complete(earlier, now))
    }

    /// Whether a block is shown.
    pub fn visible(&self, block: &BlockGuide) -> bool {
        let failed_so = block.after.is_none_or(|(operation, code)| {
            let mut checks = self.guide.checks().filter(|(_, _, own, _)| *own == operation);
            checks.any(|(_, check, _, _)| {
                self.failures.get(&check.id).is_some_and(|failure| failure.problem.code == code)
            })
        });
        let there = match &block.kind {
            BlockKind::Secret { slot, fill: false, .. } => self.setup.slots.contains_key(slot),
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

    /// The answer to an input, or the chosen or preselected option of a choice.
    pub fn chosen_or_typed(&self, block: &str) -> Option<String> {
        match &self.guide.block(block)?.1.kind {
            BlockKind::Choice { options, .. } => self.chosen(block, options).map(|option| option.id.clone()),
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
            .filter(|block| self.visible(block))
            .filter_map(|block| self.missing_in(block, now))
            .collect()
    }

    fn missing_in(&self, block: &BlockGuide, now: Timestamp) -> Option<Missing> {
        let deed = |text: String| Some(Missing::Deed(text));
        match &block.kind {
            BlockKind::Secret { slot, fill: true, .. } if self.needed(slot) => {
                let label = self.slot_label(slot);
                if !self.setup.slots.contains_key(slot) {
                    deed(format!("The {label} is still missing."))
                } else if self.ended(slot, now) {
                    deed(format!("The {label} has ended. Paste a fresh one."))
                } else {
                    None
                }
            }
            BlockKind::Choice { label, options, .. } => match self.chosen(&block.id, options) {
                None => deed(format!("Not answered yet: {label}")),
                Some(option) if option.problem.is_some() => {
                    deed("The answer that is chosen has to be mended first.".into())
                }
                Some(_) => None,
            },
            BlockKind::Input { label, .. } => {
                let empty = self.setup.answers.get(&block.id).is_none_or(|answer| answer.trim().is_empty());
                if empty || self.input_problems.contains_key(&block.id) {
                    deed(format!("Not filled in yet: {label}"))
                } else {
                    None
                }
            }
            BlockKind::Confirm(_) => {
                if self.ticked(&block.id, "") {
                    None
                } else {
                    deed("The tick at the end is still missing.".into())
                }
            }
            BlockKind::Mapping => {
                let open = self.mapping_rows().iter().filter(|row| !self.ticked(&block.id, row)).count();
                match open {
                    0 => None,
                    1 => deed("One row of the mapping is not ticked yet.".into()),
                    _ => deed(format!("{open} rows of the mapping are not ticked yet.")),
                }
            }
            BlockKind::Check { operation, button, .. } => {
                let needless = operation.reads().iter().all(|slot| !self.needed(slot));
                if self.setup.proofs.contains_key(&block.id) || needless || self.issued(*operation) {
                    None
                } else if operation.issues() {
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
            | BlockKind::Secret { .. } => None,
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
        operation.answers().iter().find_map(|answer| {
            let (_, block) = self.guide.block(answer)?;
            match self.missing_in(block, now) {
                Some(Missing::Deed(text)) => Some(Problem::new(Code::WrongInput, text)),
                Some(Missing::Check(_)) | None => None,
            }
        })
    }

    /// Whether an operation has issued its token; then it does not issue another, unless the token is refused.
    pub(crate) fn issued(&self, operation: Operation) -> bool {
        operation.issues() && self.passed(operation)
    }

    /// Whether the last test of a token that an operation issues says that the target does not accept it.
    pub(crate) fn token_refused(&self, operation: Operation) -> bool {
        self.guide
            .checks()
            .filter(|(_, _, other, _)| operation.fills().is_some_and(|slot| other.reads().contains(&slot)))
            .filter_map(|(_, block, _, _)| self.failures.get(&block.id))
            .any(|failure| matches!(failure.problem.code, Code::Unauthorized | Code::Forbidden))
    }

    /// The phase where a slot is filled or issued.
    pub(crate) fn home_of(&self, slot: &str) -> Option<Phase> {
        let holds = |block: &BlockGuide| matches!(&block.kind, BlockKind::Secret { slot: own, .. } if own == slot);
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

    // What the admin does.

    fn back(&mut self) {
        self.continuing = false;
        match (self.setup.place, self.setup.phase.previous()) {
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
        if let Some(next) = self.setup.phase.next() {
            self.setup.phase = next;
            self.setup.reached.insert(next);
            return;
        }
        match Phase::ALL.into_iter().find(|phase| !self.proven(*phase, now)) {
            Some(open) => self.setup.phase = open,
            None => {
                self.setup.place = Place::Finish;
                self.setup.finished_at.get_or_insert(now);
            }
        }
    }

    fn go_to(&mut self, phase: Phase, now: Timestamp) {
        if self.reachable(phase, now) {
            self.continuing = false;
            self.setup.place = Place::Step;
            self.setup.phase = phase;
            self.setup.reached.insert(phase);
        }
    }

    fn answer(&mut self, block: &str, value: String) {
        if !matches!(self.guide.block(block), Some((_, BlockGuide { kind: BlockKind::Input { .. }, .. }))) {
            return;
        }
        // An input is written to disk: a token that lands here by mistake must not be.
        if let Some(problem) = guard::looks_like_a_secret(&value) {
            self.input_problems.insert(block.to_owned(), problem);
            self.setup.answers.remove(block);
        } else {
            self.input_problems.remove(block);
            if self.setup.answers.get(block) == Some(&value) {
                return;
            }
            self.setup.answers.insert(block.to_owned(), value);
        }
        self.answer_changed(block);
    }

    fn choose(&mut self, block: &str, option: &str) {
        if let Some((_, BlockGuide { kind: BlockKind::Choice { options, .. }, .. })) = self.guide.block(block)
            && options.iter().any(|known| known.id == option)
        {
            self.setup.answers.insert(block.to_owned(), option.to_owned());
            self.answer_changed(block);
        }
    }

    /// What a check proved with the old answer says nothing about the new one.
    fn answer_changed(&mut self, answer: &str) {
        let stale = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| !operation.issues() && operation.answers().contains(&answer));
        for id in stale.map(|(_, block, _, _)| block.id.clone()).collect::<Vec<_>>() {
            self.setup.proofs.remove(&id);
            self.failures.remove(&id);
        }
    }

    fn tick(&mut self, block: String, row: String, done: bool) {
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

    fn slot_of(&self, block: &str) -> Option<String> {
        match &self.guide.block(block)?.1.kind {
            BlockKind::Secret { slot, .. } => Some(slot.clone()),
            _ => None,
        }
    }

    fn fill(&mut self, block: &str, raw: &Secret, now: Timestamp) -> Vec<Task> {
        let Some((_, BlockGuide { kind: BlockKind::Secret { slot, fill: true, .. }, .. })) = self.guide.block(block)
        else {
            return Vec::new();
        };
        let slot = slot.clone();
        let Some(guide) = self.guide.slots.get(&slot) else {
            return Vec::new();
        };
        let lifetime = SignedDuration::from_mins(i64::from(guide.lifetime_minutes.unwrap_or(15)));
        let judged = match guide.kind {
            SlotKind::AccessToken => token::judge_access_token(raw.expose(), now, lifetime)
                .map(|token| (guard::about(&token.reading), token.secret, Some(token.expires_at))),
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
                let facts =
                    SlotFacts { last_four: secret.last_four(), entered_at: now, expires_at, saved: false, about };
                let mut tasks = self.slot_filled(&slot, facts);
                tasks.push(Task::Keep { slot, secret });
                tasks
            }
        }
    }

    /// A new secret in a slot: what was proved with the old one falls, what was issued stays issued.
    fn slot_filled(&mut self, slot: &str, facts: SlotFacts) -> Vec<Task> {
        self.setup.slots.insert(slot.to_owned(), facts);
        self.slot_changed(slot)
    }

    fn slot_changed(&mut self, slot: &str) -> Vec<Task> {
        let touched: Vec<(String, Operation)> = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| operation.reads().contains(&slot))
            .map(|(_, block, operation, _)| (block.id.clone(), operation))
            .collect();
        let mut tasks = Vec::new();
        for (id, operation) in touched {
            if operation.issues() {
                // A conflict does not go away with a fresh access token; what it offers must stay open.
                if self.failures.get(&id).is_some_and(|failure| failure.problem.code != Code::Conflict) {
                    self.failures.remove(&id);
                }
                continue;
            }
            self.failures.remove(&id);
            self.setup.proofs.remove(&id);
            if self.running.remove(&id).is_some() {
                tasks.push(Task::Stop { block: id });
            }
        }
        let about = self
            .guide
            .phases
            .iter()
            .flat_map(|guide| &guide.blocks)
            .filter(|block| matches!(&block.kind, BlockKind::Choice { about: Some(about), .. } if about == slot));
        for id in about.map(|block| block.id.clone()).collect::<Vec<_>>() {
            self.setup.answers.remove(&id);
        }
        tasks
    }

    fn clear(&mut self, block: &str) -> Vec<Task> {
        self.input_problems.remove(block);
        let Some((_, BlockGuide { kind: BlockKind::Secret { slot, fill: true, .. }, .. })) = self.guide.block(block)
        else {
            return Vec::new();
        };
        let slot = slot.clone();
        self.setup.slots.remove(&slot);
        let mut tasks = self.slot_changed(&slot);
        tasks.push(Task::Forget { slot });
        tasks
    }

    fn run(&mut self, block: &str, now: Timestamp) -> Option<Task> {
        let (operation, visible) = match self.guide.block(block)? {
            (_, found @ BlockGuide { kind: BlockKind::Check { operation, .. }, .. }) => {
                (*operation, self.visible(found))
            }
            _ => return None,
        };
        let again = self.issued(operation) && !self.token_refused(operation);
        if self.running.contains_key(block) || !visible || again {
            return None;
        }
        if let Some(problem) = self.not_ready(operation, now) {
            let failure = Failure { problem, at: now, findings: Vec::new(), candidates: Vec::new() };
            self.failures.insert(block.to_owned(), failure);
            return None;
        }
        self.serial += 1;
        let doing = operation.doing(&self.guide.target_short);
        self.failures.remove(block);
        self.running.insert(block.to_owned(), Running { serial: self.serial, operation, doing, since: now });
        Some(Task::Run { block: block.to_owned(), serial: self.serial, operation })
    }

    fn cancel(&mut self, block: &str) -> Vec<Task> {
        self.continuing = false;
        match self.running.get(block) {
            Some(running) if !running.operation.issues() => {
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

fn go(problem: Problem, home: Option<Phase>) -> Problem {
    match home {
        Some(phase) => problem.hint_go("Get it in the step that asks for it.", phase),
        None => problem,
    }
}

#[cfg(test)]
mod tests;

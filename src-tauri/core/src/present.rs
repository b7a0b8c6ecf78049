//! Makes the view of a session: words, states, what can be pressed. Reads only; nothing here changes anything.

mod arrived;
mod dates;
mod doctor;
mod frame;
mod ledger;
mod rail;

pub(crate) use arrived::{arrived, compared, difference, verdict_of};
pub(crate) use doctor::{doctor, link_id, points};
pub(crate) use ledger::Beside;

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    class::Class,
    error::{Code, Phase, Problem},
    mapping,
    operation::Operation,
    recipe::{BlockGuide, BlockKind, MappingGuide, PhaseGuide, SecretGuide, SourceGuide},
    session::{Missing, Session},
    setup::{Place, SlotFacts},
    systems::probe::StageLine,
    token,
    view::{
        Block, CheckState, ChoiceOption, CompareDoor, Forward, Intake, MappingRow, MappingTable, ObjectAction, Screen,
        SecretState, Source, StageShown, Step, Tone, Toned, Variant,
    },
};

/// A session with the moment and the place it is shown at.
pub(crate) struct Stage<'a> {
    pub(crate) session: &'a Session,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    /// The rotation of this setup's token, if one is under way.
    pub(crate) rotation: Option<&'a Session>,
    /// What came of the last comparison of who arrived.
    pub(crate) compared: Option<Toned>,
}

impl<'a> Stage<'a> {
    /// A session that nothing else belongs to.
    pub(crate) fn new(session: &'a Session, now: Timestamp, zone: TimeZone) -> Self {
        Self { session, now, zone, rotation: None, compared: None }
    }

    /// The screen that the setup has open.
    pub(crate) fn screen(&self) -> Screen {
        match self.session.setup.place {
            Place::Needs => Screen::Needs(self.needs()),
            Place::Step => Screen::Step(self.step()),
            Place::Finish => Screen::Finish(self.finish(self.rotation.is_some())),
        }
    }

    fn step(&self) -> Step {
        let session = self.session;
        let guide = session.guide.phase(session.setup.phase);
        let mut number = 0;
        Step {
            target: session.guide.target_name.clone(),
            idp: session.guide.idp_name.clone(),
            rail: session.guide.phases.iter().map(|guide| self.rail(guide.phase)).collect(),
            phase: guide.phase,
            number: session.guide.number(guide.phase),
            title: guide.title.clone(),
            why: guide.not_needed.as_ref().map_or_else(|| guide.why.clone(), |reason| crate::template::spans(reason)),
            sources: guide.sources.iter().map(source).collect(),
            blocks: guide
                .blocks
                .iter()
                .filter(|block| session.visible(block))
                .map(|block| self.block(block, &mut number))
                .collect(),
            forward: self.forward(),
            rotation: session.rotates().then(|| self.rotation()),
            compare: self.watch_of(guide).and_then(|watch| self.compare_door(watch)),
        }
    }

    /// The watch of a step that has one, once it was begun.
    fn watch_of(&self, guide: &PhaseGuide) -> Option<String> {
        let is_watch = |block: &&BlockGuide| match &block.kind {
            BlockKind::Check { operation: Operation::ScimWatchArrivals, .. } => {
                self.check_state(&block.id, Operation::ScimWatchArrivals) != CheckState::Waiting
            }
            _ => false,
        };
        guide.blocks.iter().find(is_watch).map(|block| block.id.clone())
    }

    /// The way to the comparison of who arrived.
    fn compare_door(&self, below: String) -> Option<CompareDoor> {
        let session = self.session;
        session.comparable().then(|| CompareDoor {
            setup: session.setup.id.clone(),
            below,
            last: self.compared.clone(),
        })
    }

    fn forward(&self) -> Forward {
        let session = self.session;
        let phase = session.setup.phase;
        let label = if session.guide.next(phase).is_none() { "Finish" } else { "Continue" }.to_owned();
        let missing = session.missing(phase, self.now);
        let running = session.guide.phase(phase).blocks.iter().any(|block| session.running.contains_key(&block.id));
        let deed = missing.iter().find_map(|missing| match missing {
            Missing::Deed(text) => Some(text.clone()),
            Missing::Check(_) => None,
        });
        match (running, deed) {
            (true, _) => Forward { label, enabled: false, missing: Some("A check is running.".into()) },
            (false, Some(deed)) => Forward { label, enabled: false, missing: Some(deed) },
            (false, None) => Forward { label, enabled: true, missing: None },
        }
    }

    fn block(&self, block: &BlockGuide, number: &mut u8) -> Block {
        let id = block.id.clone();
        match &block.kind {
            BlockKind::Heading(text) => Block::Heading { id, text: text.clone() },
            BlockKind::Text(text, variants) => {
                *number = number.saturating_add(1);
                let variants = variants.iter().map(|variant| Variant {
                    label: variant.label.to_owned(),
                    text: variant.text.clone(),
                    source: variant.source.as_ref().map(source),
                });
                Block::Text { id, number: *number, text: text.clone(), variants: variants.collect() }
            }
            BlockKind::Note(text, warn) => {
                Block::Note { id, tone: if *warn { Tone::Warn } else { Tone::Neutral }, text: text.clone() }
            }
            BlockKind::Link(label) => {
                let url = self.session.guide.links.get(&id);
                let host = url.and_then(|url| {
                    url.host_str().map(|host| match url.port() {
                        Some(port) => format!("{host}:{port}"),
                        None => host.to_owned(),
                    })
                });
                Block::Link { id, label: label.clone(), host: host.unwrap_or_default() }
            }
            BlockKind::Copy { label, value, note } => {
                Block::Copy { id, label: label.clone(), value: value.clone(), note: note.clone() }
            }
            BlockKind::Secret(secret) => self.secret(id, secret),
            BlockKind::Choice { label, .. } => {
                let options = self.session.options(block);
                let chosen = self.session.chosen(&id, &options);
                Block::Choice {
                    label: label.clone(),
                    options: options
                        .iter()
                        .map(|option| ChoiceOption {
                            id: option.id.clone(),
                            label: option.label.clone(),
                            chosen: chosen.is_some_and(|chosen| chosen.id == option.id),
                        })
                        .collect(),
                    problem: chosen.and_then(|option| option.problem.as_ref()).map(|problem| self.with_ways(problem)),
                    note: chosen.and_then(|option| option.note.clone()),
                    id,
                }
            }
            BlockKind::Input(input) => Block::Input {
                label: input.label.clone(),
                value: self.session.setup.answers.get(&id).cloned().unwrap_or_default(),
                placeholder: input.placeholder.clone(),
                note: input.note.clone(),
                problem: self.session.input_problem(&id).map(|problem| self.with_ways(&problem)),
                warning: self.session.input_warning(&id).map(|problem| self.with_ways(&problem)),
                id,
            },
            BlockKind::Confirm(label) => self.confirm(id, label),
            BlockKind::Mapping => self.mapping(id),
            BlockKind::Intake(intake) => Block::Intake(Intake {
                label: intake.label.clone(),
                note: intake.note.clone(),
                placeholder: intake.placeholder.clone(),
                state: self.session.intakes.get(&id).cloned().unwrap_or_default(),
                id,
            }),
            BlockKind::Check { operation, label, button, remark, .. } => Block::Check {
                label: label.clone(),
                button: button.clone(),
                note: remark.clone(),
                runs_on_continue: !operation.changes(),
                enabled: !self.session.running.contains_key(&id)
                    && self.session.failures.get(&id).is_none_or(|failure| failure.candidates.is_empty())
                    && (!self.session.issued(*operation) || self.session.doubted(*operation))
                    && self.session.not_ready(*operation, self.now).is_none(),
                state: self.check_state(&id, *operation),
                arrivals: (*operation == Operation::ScimWatchArrivals).then(|| self.session.arrivals.clone()).flatten(),
                id,
            },
        }
    }

    /// Names the doctor's page, and offers a step to go to only where there is one: another than this, that can be opened and has something to do,
    /// and each once.
    fn with_ways(&self, problem: &Problem) -> Problem {
        let session = self.session;
        let mut offered = BTreeSet::new();
        let mut problem = problem.clone();
        problem.class = problem.class.or_else(|| Class::of(problem.code));
        for hint in &mut problem.hints {
            hint.go = hint.go.filter(|phase| {
                *phase != session.setup.phase
                    && session.reachable(*phase, self.now)
                    && session.guide.phase(*phase).not_needed.is_none()
                    && offered.insert(*phase)
            });
        }
        problem
    }

    fn check_state(&self, id: &str, operation: Operation) -> CheckState {
        let session = self.session;
        if let Some(running) = session.running.get(id) {
            let cancellable = !running.operation.changes();
            let stage = |line: &StageLine| StageShown {
                title: line.stage.title().to_owned(),
                state: line.state,
                words: line.words.clone(),
            };
            return CheckState::Running {
                doing: running.doing.clone(),
                since: running.since,
                cancellable,
                stages: running.stages.iter().map(stage).collect(),
            };
        }
        if let Some(failure) = session.failures.get(id) {
            return CheckState::Failed {
                problem: self.with_ways(&failure.problem),
                at: failure.at,
                findings: failure.findings.clone(),
                candidates: failure.candidates.clone(),
                correction: session.correction(id).map(|(_, url)| url),
            };
        }
        // An ended token is no fault of the check, but the reason why it cannot be pressed; and what was read from it
        // then says nothing about now.
        let of_use = operation.reads().iter().any(|slot| session.needed(slot)) || session.doubted(operation);
        if let Some(problem) = session.not_ready(operation, self.now)
            && problem.code == Code::Expired
            && of_use
        {
            let problem = self.with_ways(&problem);
            return CheckState::Failed {
                problem,
                at: self.now,
                findings: Vec::new(),
                candidates: Vec::new(),
                correction: None,
            };
        }
        match session.setup.proofs.get(id) {
            Some(proof) => {
                CheckState::Passed { proof: proof.text.clone(), at: proof.at, findings: proof.findings.clone() }
            }
            None => CheckState::Waiting,
        }
    }

    fn secret(&self, id: String, secret: &SecretGuide) -> Block {
        let session = self.session;
        let SecretGuide { slot, label, fill, note, or_from } = secret;
        let (fill, other) = (*fill, or_from.as_ref().filter(|other| session.setup.slots.contains_key(*other)));
        let own = session.guide.slots.get(slot).map_or(slot.as_str(), |guide| guide.label.as_str());
        let ended = fill && session.needed(slot) && session.ended(slot, self.now);
        let problem = session.input_problems.get(&id).cloned().or_else(|| {
            ended.then(|| {
                let ago = session.setup.slots.get(slot).and_then(|facts| facts.expires_at);
                let ago = ago.map_or(String::new(), |end| token::left_in_words(token::left(end, self.now)));
                Problem::new(Code::Expired, format!("This token {ago}. Nothing else is lost."))
                    .hint("Copy a fresh one from the console and paste it here.")
            })
        });
        let state = session.setup.slots.get(slot).map_or(SecretState::Empty, |facts| SecretState::Filled {
            last_four: facts.last_four.clone(),
            saved: facts.saved,
            facts: facts.about.clone(),
            expires_at: facts.expires_at,
            expires: self.expires(slot, facts),
        });
        Block::Secret {
            label: label.clone().unwrap_or_else(|| own.to_owned()),
            fillable: fill,
            offer: other.filter(|_| fill).map(|other| format!("Use the {}", session.slot_label(other))),
            state,
            problem: problem.map(|problem| self.with_ways(&problem)),
            note: note.clone(),
            id,
        }
    }

    fn confirm(&self, id: String, label: &str) -> Block {
        let session = self.session;
        let home = session.guide.block(&id).map_or(Phase::Role, |(phase, _)| phase);
        let guide = session.guide.phase(home);
        let proof = match guide.proven_by {
            Some(operation) if session.firmly(operation) => {
                Toned { text: guide.proof.clone().unwrap_or_else(|| "Proven.".into()), tone: Tone::Good }
            }
            Some(operation) => {
                let later =
                    session.guide.checks().find(|(_, _, own, _)| *own == operation).map_or(home, |(phase, ..)| phase);
                let text = format!("Usher cannot see this from here; step {} proves it.", session.guide.number(later));
                Toned { text, tone: Tone::Neutral }
            }
            None => Toned { text: "Usher cannot see this; it takes your word.".into(), tone: Tone::Neutral },
        };
        Block::Confirm { done: session.ticked(&id, ""), label: label.to_owned(), proof, id }
    }

    /// The mapping tables, as worked through.
    pub(crate) fn tables(&self) -> Vec<MappingTable> {
        let guide = &self.session.guide;
        let block =
            guide.phases.iter().flat_map(|phase| &phase.blocks).find(|block| matches!(block.kind, BlockKind::Mapping));
        let id = block.map_or("", |block| block.id.as_str());
        guide.mappings.iter().map(|mapping| self.table(id, mapping)).collect()
    }

    fn mapping(&self, id: String) -> Block {
        let tables = self.tables();
        let total = tables.iter().map(|table| table.rows.len() + table.actions.len()).sum::<usize>();
        let done = tables.iter().map(|table| {
            table.rows.iter().filter(|row| row.done).count() + table.actions.iter().filter(|action| action.done).count()
        });
        let done = done.sum::<usize>();
        Block::Mapping { id, tables, done: count(done), total: count(total) }
    }

    fn table(&self, block: &str, guide: &MappingGuide) -> MappingTable {
        let action = |name: &String| {
            let id = format!("{}-action-{name}", guide.id);
            let done = self.session.ticked(block, &id);
            ObjectAction { id, name: name.clone(), wanted: guide.wanted_actions.contains(name), done }
        };
        let row = |row: mapping::RowWork| {
            let id = format!("{}-{}", guide.id, row.id);
            let done = self.session.ticked(block, &id);
            MappingRow { id, target: row.target, source: row.source, verb: row.verb, note: row.note, done }
        };
        MappingTable {
            title: guide.title.clone(),
            target_heading: guide.target_heading.clone(),
            source_heading: guide.source_heading.clone(),
            actions: guide.actions.iter().map(action).collect(),
            rows: mapping::work(guide).into_iter().map(row).collect(),
        }
    }

    fn expires(&self, slot: &str, facts: &SlotFacts) -> Toned {
        let Some(end) = facts.expires_at else {
            return Toned { text: "its end is not known".into(), tone: Tone::Neutral };
        };
        let left = token::left(end, self.now);
        let short = self.session.guide.slots.get(slot).is_some_and(|guide| guide.lifetime_minutes.is_some());
        let text = match (left.is_positive(), short) {
            (true, true) => format!("ends at {}", dates::time(end, &self.zone)),
            (true, false) => format!("expires {} ({})", dates::day(end, &self.zone), token::left_in_words(left)),
            (false, _) => token::left_in_words(left),
        };
        let tone = if short && left.is_positive() { Tone::Neutral } else { self.days_left(facts).tone };
        Toned { text, tone }
    }

    fn days_left(&self, facts: &SlotFacts) -> Toned {
        let Some(end) = facts.expires_at else {
            return Toned { text: "end not known".into(), tone: Tone::Neutral };
        };
        let left = token::left(end, self.now);
        let tone = match left.as_hours() / 24 {
            _ if !left.is_positive() => Tone::Bad,
            0..30 => Tone::Warn,
            _ => Tone::Neutral,
        };
        let words = token::left_in_words(left);
        Toned { text: if left.is_positive() { format!("{words} left") } else { words }, tone }
    }

    fn day_and_time(&self, at: Timestamp) -> String {
        dates::day_and_time(at, self.now, &self.zone)
    }
}

/// "ends on 22 November 2027", for what is written down.
pub(crate) fn end_in_words(end: Option<Timestamp>) -> String {
    match end {
        Some(end) => format!("ends on {}", dates::day(end, &TimeZone::system())),
        None => "has no known end".to_owned(),
    }
}

fn source(guide: &SourceGuide) -> Source {
    Source { link: guide.link.clone(), title: guide.title.clone(), date: guide.date.clone() }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

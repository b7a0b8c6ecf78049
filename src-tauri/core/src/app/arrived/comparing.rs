//! The comparison itself: the files as they were handed over against the target, in the background, with a way to stop it.

use std::{sync::Arc, time::Instant};

use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::{super::intake::broke_off, App, Front, State, pace};
use crate::{
    class::Class,
    error::{Code, Problem},
    http::{Http, Journal, Limits},
    number::counted,
    people::Rules,
    present,
    setup::TOKEN_SLOT,
    systems::scim::Scim,
    verify::{self, Expected, Outcome, Progress, Stage},
    view::{Compared, Comparison, IntakeState},
};

/// How it stands.
#[derive(Default)]
pub(super) enum Comparing {
    #[default]
    Waiting,
    Running(Running),
    Done(Kept),
    Failed {
        problem: Problem,
        at: Timestamp,
    },
}

/// One that runs.
pub(super) struct Running {
    serial: u32,
    stop: CancellationToken,
    doing: String,
    waits: Option<String>,
    percent: Option<u8>,
    /// What was announced last.
    said: Option<(Stage, u8)>,
    /// What an earlier one found; it stays if this one is stopped.
    before: Option<Kept>,
}

/// What was found.
pub(super) struct Kept {
    pub(super) serial: u32,
    at: Timestamp,
    pub(super) outcome: Arc<Outcome>,
    remarks: Vec<String>,
    /// Of the files that it was compared with.
    pub(super) version: u32,
    pub(super) saved: Option<String>,
}

/// What is to be compared.
struct Order {
    setup: String,
    serial: u32,
    version: u32,
    rules: Rules,
    target: String,
    /// What the list of people is called.
    name: String,
    list: Arc<Vec<u8>>,
    /// Each with the group's name.
    groups: Vec<(Arc<Vec<u8>>, String)>,
}

impl Comparing {
    pub(super) fn kept(&self) -> Option<&Kept> {
        match self {
            Self::Done(kept) => Some(kept),
            Self::Waiting | Self::Running(_) | Self::Failed { .. } => None,
        }
    }

    pub(super) fn kept_mut(&mut self) -> Option<&mut Kept> {
        match self {
            Self::Done(kept) => Some(kept),
            Self::Waiting | Self::Running(_) | Self::Failed { .. } => None,
        }
    }

    fn running(&mut self, serial: u32) -> Option<&mut Running> {
        match self {
            Self::Running(running) if running.serial == serial => Some(running),
            Self::Waiting | Self::Running(_) | Self::Done(_) | Self::Failed { .. } => None,
        }
    }

    /// Stops one that runs, and keeps what an earlier one found.
    pub(super) fn stop(self) -> Self {
        match self {
            Self::Running(running) => {
                running.stop.cancel();
                running.before.map_or(Self::Waiting, Self::Done)
            }
            other => other,
        }
    }
}

impl Running {
    pub(super) fn shown(&self) -> Comparison {
        Comparison::Running { doing: self.doing.clone(), waits: self.waits.clone(), percent: self.percent }
    }
}

impl Kept {
    /// `changed`: the files are others by now.
    pub(super) fn shown(&self, changed: bool) -> Compared {
        let mut remarks = self.remarks.clone();
        if changed {
            remarks.push("The files were changed since: compare again.".into());
        }
        Compared {
            serial: self.serial,
            at: self.at,
            remarks,
            saved: self.saved.clone(),
            ..present::compared(&self.outcome)
        }
    }
}

impl App {
    /// Begins to compare, if everything is there and nothing runs.
    pub(in crate::app) async fn compare(&self) {
        let stop = CancellationToken::new();
        let Some(order) = self.state().begin_comparing(&stop) else { return };
        let (setup, serial) = (order.setup.clone(), order.serial);
        let run = tokio::spawn(self.clone().carry_out_comparison(order, stop));
        let app = self.clone();
        tokio::spawn(async move {
            if run.await.is_err() {
                app.compared(&setup, serial, Err(broke_off()));
            }
        });
    }

    /// Stops it. What an earlier one found is shown again.
    pub(in crate::app) fn stop_comparing(&self) {
        let mut state = self.state();
        let Some(setup) = state.arrived_setup().map(str::to_owned) else { return };
        let Some(arrived) = state.arrived.get_mut(&setup) else { return };
        if matches!(arrived.comparing, Comparing::Running(_)) {
            arrived.comparing = std::mem::take(&mut arrived.comparing).stop();
            state.announce("Stopped.".into());
        }
    }

    async fn carry_out_comparison(self, order: Order, stop: CancellationToken) {
        let (setup, serial, version, began) = (order.setup.clone(), order.serial, order.version, Instant::now());
        let with = order.with();
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = self.ask_target(order, &stop) => outcome,
        };
        let kept = outcome.map(|outcome| Kept {
            serial,
            at: self.now(),
            remarks: vec![read_in(&outcome, began.elapsed().as_secs()), with],
            outcome: Arc::new(outcome),
            version,
            saved: None,
        });
        self.compared(&setup, serial, kept);
    }

    async fn ask_target(&self, order: Order, stop: &CancellationToken) -> Result<Outcome, Problem> {
        let (setup, serial, target) = (order.setup.clone(), order.serial, order.target.clone());
        self.wake(&setup).await?;
        let (address, holder) = {
            let state = self.state();
            let session = state.sessions.get(&setup).ok_or_else(gone)?;
            (session.value("scim").to_owned(), session.setup.in_use(state.rotation_of(&setup)).id.clone())
        };
        let token = self.secret(&holder, TOKEN_SLOT).await?.ok_or_else(no_token)?;
        let limits = Limits { loopback_only: self.practice(&setup), ..self.inner.config.limits.clone() };
        let scim = Scim::new(&Http::with(limits)?, &address, &token, &Journal::new())?;
        let until = stop.clone();
        let expected = spawn_blocking(move || order.read(&until)).await.map_err(|_| broke_off())??;
        let mut told = |progress: &Progress| self.heard_of_comparison(&setup, serial, &target, progress);
        verify::run(&scim, expected, self.now(), &mut told, stop).await
    }

    fn heard_of_comparison(&self, setup: &str, serial: u32, target: &str, progress: &Progress) {
        {
            let mut state = self.state();
            let arrived = state.arrived.get_mut(setup);
            let Some(running) = arrived.and_then(|arrived| arrived.comparing.running(serial)) else { return };
            // Before the first page, there is nothing to count.
            if progress.people.read > 0 {
                running.doing = pace::words(progress);
            }
            running.percent = pace::percent(progress);
            running.waits = pace::waits(progress, target);
            let quarter =
                pace::quarter(progress).filter(|(stage, quarter, _)| running.said != Some((*stage, *quarter)));
            if let Some((stage, quarter, text)) = quarter {
                running.said = Some((stage, quarter));
                state.announce(text);
            }
        }
        self.inner.changed.send_modify(|revision| *revision += 1);
    }

    fn compared(&self, setup: &str, serial: u32, found: Result<Kept, Problem>) {
        let now = self.now();
        {
            let mut state = self.state();
            let problem = found.as_ref().err().map(|problem| state.of_comparison(setup, problem.clone(), now));
            let Some(arrived) = state.arrived.get_mut(setup) else { return };
            // Stopped, or the setup is gone.
            if arrived.comparing.running(serial).is_none() {
                return;
            }
            let (comparing, spoken) = match (found, problem) {
                (Ok(kept), _) => {
                    let spoken = kept.outcome.verdict();
                    (Comparing::Done(kept), spoken)
                }
                (Err(problem), known) => {
                    let problem = known.unwrap_or(problem);
                    let spoken = problem.message.clone();
                    (Comparing::Failed { problem, at: now }, spoken)
                }
            };
            arrived.comparing = comparing;
            state.announce(crate::template::plain(&spoken));
        }
        self.settle();
    }
}

impl Order {
    /// The files once more, each group by its name as it is now.
    fn read(&self, stop: &CancellationToken) -> Result<Expected, Problem> {
        let mut watch = |_: &crate::people::Progress| match stop.is_cancelled() {
            true => std::ops::ControlFlow::Break(()),
            false => std::ops::ControlFlow::Continue(()),
        };
        let mut expected = Expected::read_people(self.list.as_slice(), &self.rules, None, &mut watch)?;
        for (bytes, name) in &self.groups {
            expected.read_groups(bytes.as_slice(), name, &mut watch)?;
        }
        Ok(expected)
    }

    /// "compared with people.csv and 3 files of groups".
    fn with(&self) -> String {
        let groups = match self.groups.len() {
            0 => String::new(),
            count => format!(" and {}", counted(count as u64, "file of groups", "files of groups")),
        };
        format!("compared with {}{groups}", self.name)
    }
}

impl State {
    fn begin_comparing(&mut self, stop: &CancellationToken) -> Option<Order> {
        let Front::Arrived { setup, .. } = &self.front else { return None };
        let (setup, guide) = (setup.clone(), self.sessions.get(setup)?.guide.clone());
        let arrived = self.arrived.get_mut(&setup)?;
        if arrived.missing().is_some() || matches!(arrived.comparing, Comparing::Running(_)) {
            return None;
        }
        let list = arrived.list.clone()?;
        self.compared += 1;
        let before = match std::mem::take(&mut arrived.comparing) {
            Comparing::Done(kept) => Some(kept),
            Comparing::Waiting | Comparing::Running(_) | Comparing::Failed { .. } => None,
        };
        arrived.comparing = Comparing::Running(Running {
            serial: self.compared,
            stop: stop.clone(),
            doing: format!("Asking {} who is there", guide.target_short),
            waits: None,
            percent: None,
            said: None,
            before,
        });
        let name = match &arrived.people {
            IntakeState::Done { name, .. } => name.clone(),
            IntakeState::Empty | IntakeState::Reading { .. } | IntakeState::Failed { .. } => String::new(),
        };
        let order = Order {
            setup,
            serial: self.compared,
            version: arrived.version,
            rules: Rules::of(&guide),
            target: guide.target_short.clone(),
            name,
            list,
            groups: arrived.groups.iter().map(|group| (Arc::clone(&group.bytes), group.name.clone())).collect(),
        };
        self.announce("Comparing.".into());
        Some(order)
    }

    /// What is to be done about it here, where no step can be gone to.
    fn of_comparison(&self, setup: &str, mut problem: Problem, now: Timestamp) -> Problem {
        problem.class = problem.class.or_else(|| Class::of(problem.code));
        problem.docs = None;
        match self.sessions.get(setup) {
            Some(session) => self.stage(session, now).without_ways(problem),
            None => problem,
        }
    }
}

/// "2,013 people and 9 groups read in 3 seconds".
fn read_in(outcome: &Outcome, seconds: u64) -> String {
    let counts = outcome.counts();
    let groups = match counts.found_groups {
        0 => String::new(),
        count => format!(" and {}", counted(count.into(), "group", "groups")),
    };
    let read = format!("{}{groups} read", counted(counts.found_people.into(), "person", "people"));
    if seconds == 0 { read } else { format!("{read} in {}", pace::time(seconds)) }
}

fn gone() -> Problem {
    Problem::new(Code::Cancelled, "The connection was removed.")
}

fn no_token() -> Problem {
    Problem::new(Code::Vault, "The token is not in your system's keyring, so its endpoint was not asked.")
}

//! The stages of the preflight, each shown as it passes: from the host's name to the clocks.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use serde::{Deserialize, Serialize};

use crate::class::Class;

/// One thing that has to hold, in the order in which the next depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Stage {
    /// The host's name has an address.
    Name,
    /// A connection comes about, directly or through a proxy.
    Connection,
    /// It is encrypted, and the certificate can be trusted.
    Tls,
    /// The base URL is the right one.
    Path,
    /// The token is accepted.
    Authorised,
    /// What answers is SCIM, and its lists hold together.
    Scim,
    /// A search finds those whom it should, and nobody else.
    Filter,
    /// The same for groups.
    Groups,
    /// This computer's clock and the server's agree.
    Clock,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Connection,
        Self::Tls,
        Self::Path,
        Self::Authorised,
        Self::Scim,
        Self::Filter,
        Self::Groups,
        Self::Clock,
    ];

    /// What it is called on a screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Connection => "Connection",
            Self::Tls => "TLS",
            Self::Path => "Base URL",
            Self::Authorised => "Token",
            Self::Scim => "SCIM",
            Self::Filter => "Filter",
            Self::Groups => "Groups",
            Self::Clock => "Clock",
        }
    }
}

/// How it stands with a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "StageState"))]
pub enum State {
    /// Its turn has not come.
    Waiting,
    /// Under way.
    Running,
    /// It holds.
    Passed,
    /// It holds, but something about it is worth knowing.
    Warned,
    /// It does not hold.
    Failed,
    /// It could not be looked at, or there is nothing to look at.
    Skipped,
}

impl State {
    fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Running => true,
            Self::Passed | Self::Warned | Self::Failed | Self::Skipped => false,
        }
    }
}

/// One stage and what was found there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StageLine {
    /// Which.
    pub stage: Stage,
    /// How it stands.
    pub state: State,
    /// What was found, in a few words; empty while it waits.
    pub words: String,
    /// What kind of trouble it is, where it failed or warns.
    pub class: Option<Class>,
    /// Milliseconds that it took; stages overlap.
    pub ms: u64,
}

/// Hears the whole list whenever a stage has changed.
pub type Watch<'a> = dyn Fn(&[StageLine]) + Send + Sync + 'a;

/// The stages of one preflight under way.
pub(super) struct Board<'a> {
    rows: Mutex<Vec<Row>>,
    began: Instant,
    watch: &'a Watch<'a>,
}

#[derive(Clone)]
struct Row {
    line: StageLine,
    began: Option<Instant>,
}

impl<'a> Board<'a> {
    pub(super) fn new(watch: &'a Watch<'a>) -> Self {
        let row = |stage| Row {
            line: StageLine { stage, state: State::Waiting, words: String::new(), class: None, ms: 0 },
            began: None,
        };
        Self { rows: Mutex::new(Stage::ALL.map(row).to_vec()), began: Instant::now(), watch }
    }

    /// It is under way, if its turn had not come before.
    pub(super) fn begin(&self, stage: Stage) {
        let waits = self.rows().iter().any(|row| row.line.stage == stage && row.line.state == State::Waiting);
        if waits {
            self.set(stage, State::Running, String::new(), None);
        }
    }

    pub(super) fn pass(&self, stage: Stage, words: impl Into<String>) {
        self.set(stage, State::Passed, words.into(), None);
    }

    pub(super) fn warn(&self, stage: Stage, class: Option<Class>, words: impl Into<String>) {
        self.set(stage, State::Warned, words.into(), class);
    }

    pub(super) fn fail(&self, stage: Stage, class: Class, words: impl Into<String>) {
        self.set(stage, State::Failed, words.into(), Some(class));
    }

    pub(super) fn skip(&self, stage: Stage, words: impl Into<String>) {
        self.set(stage, State::Skipped, words.into(), None);
    }

    /// Whether nothing was decided about it yet.
    pub(super) fn is_open(&self, stage: Stage) -> bool {
        self.rows().iter().any(|row| row.line.stage == stage && row.line.state.is_open())
    }

    pub(super) fn has_passed(&self, stage: Stage) -> bool {
        self.rows().iter().any(|row| row.line.stage == stage && row.line.state == State::Passed)
    }

    /// Whatever is open from here on was not looked at.
    pub(super) fn skip_the_rest(&self, words: &str) {
        for stage in Stage::ALL.into_iter().filter(|stage| self.is_open(*stage)) {
            self.skip(stage, words);
        }
    }

    /// The list as it stands, and how long it has taken.
    pub(super) fn finished(self) -> (Vec<StageLine>, u64) {
        let ms = milliseconds(self.began);
        (self.rows().iter().map(|row| row.line.clone()).collect(), ms)
    }

    fn set(&self, stage: Stage, state: State, words: String, class: Option<Class>) {
        let mut rows = self.rows();
        let Some(row) = rows.iter_mut().find(|row| row.line.stage == stage) else { return };
        let began = *row.began.get_or_insert_with(Instant::now);
        row.line = StageLine { stage, state, words, class, ms: milliseconds(began) };
        let lines: Vec<StageLine> = rows.iter().map(|row| row.line.clone()).collect();
        drop(rows);
        (self.watch)(&lines);
    }

    fn rows(&self) -> std::sync::MutexGuard<'_, Vec<Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

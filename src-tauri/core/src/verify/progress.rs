//! How far a comparison is: counts, the rate and the time left.

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use tokio::time::Instant;

use crate::systems::scim::pages::Pace;

/// Between two words about it.
const PACE: Duration = Duration::from_millis(100);

/// What is being read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Stage {
    /// People.
    #[default]
    People,
    /// Groups.
    Groups,
    /// Members, one by one, at targets that do not list them.
    Members,
    /// Everything was read.
    Done,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Counted {
    /// Read by now.
    pub read: u64,
    /// In all, if the target says so.
    pub total: Option<u64>,
}

/// How far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// What is being read.
    pub stage: Stage,
    /// People.
    pub people: Counted,
    /// Groups.
    pub groups: Counted,
    /// Members who are asked for one by one.
    pub members: Counted,
    /// Entries of this stage a second.
    pub rate: u64,
    /// Seconds until this stage ends, if the total is known.
    pub seconds_left: Option<u64>,
    /// Seconds for which the target asks to wait.
    pub waits: Option<u64>,
}

impl Progress {
    /// How far the present stage is.
    pub fn counted(&self) -> Counted {
        match self.stage {
            Stage::People => self.people,
            Stage::Groups => self.groups,
            Stage::Members => self.members,
            Stage::Done => Counted::default(),
        }
    }
}

/// Keeps count, and tells.
pub(super) struct Course<'a> {
    progress: Progress,
    pace: &'a Arc<Pace>,
    told: &'a mut (dyn FnMut(&Progress) + Send),
    began: Instant,
    last: Option<Instant>,
}

impl<'a> Course<'a> {
    pub(super) fn new(pace: &'a Arc<Pace>, told: &'a mut (dyn FnMut(&Progress) + Send)) -> Self {
        let mut course = Self { progress: Progress::default(), pace, told, began: Instant::now(), last: None };
        course.tell();
        course
    }

    pub(super) fn people(&mut self, more: usize, total: Option<u64>) {
        add(&mut self.progress.people, more, total);
        self.tick();
    }

    pub(super) fn groups(&mut self, more: usize, total: Option<u64>) {
        add(&mut self.progress.groups, more, total);
        self.tick();
    }

    pub(super) fn members(&mut self, more: usize, total: u64) {
        add(&mut self.progress.members, more, Some(total));
        self.tick();
    }

    /// The part before is over.
    pub(super) fn next(&mut self, stage: Stage) {
        self.tell();
        self.progress.stage = stage;
        self.began = Instant::now();
        self.tell();
    }

    pub(super) fn tick(&mut self) {
        if self.last.is_none_or(|last| last.elapsed() >= PACE) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let counted = self.progress.counted();
        let seconds = self.began.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 { counted.read as f64 / seconds } else { 0.0 };
        let left = counted.total.map(|total| total.saturating_sub(counted.read));
        self.progress.rate = rate as u64;
        self.progress.seconds_left = left.filter(|_| rate >= 0.1).map(|left| (left as f64 / rate).ceil() as u64);
        self.progress.waits = self.pace.waits().map(|wait| wait.as_secs() + 1);
        self.last = Some(Instant::now());
        (self.told)(&self.progress);
    }
}

fn add(counted: &mut Counted, more: usize, total: Option<u64>) {
    counted.read += more as u64;
    counted.total = total;
}

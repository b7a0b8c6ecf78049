//! The practice Microsoft Entra ID: a directory, enterprise apps, and the provisioning engine behind them.

mod advice;
pub(crate) mod console;
mod cycle;
mod directory;
pub(crate) mod engine;
mod export;
mod expression;
pub(crate) mod lists;
mod mapping;
mod object;
mod on_demand;
mod probe;
mod target;
pub(crate) mod wire;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The same people live in the other directory.
pub(crate) use self::directory::{Person as DirectoryPerson, people};
use self::{
    directory::{Directory, Group, People, Person},
    mapping::{Kind, Mapping},
    on_demand::OnDemand,
};
use crate::{Target, secret::Secret, tokens::Seed};

/// Facts 5: fixed, about 40 minutes.
pub(crate) const INTERVAL: SignedDuration = SignedDuration::from_mins(40);
/// With the fault, how many may be deleted in a cycle before the job asks.
pub(crate) const DELETE_THRESHOLD: usize = 0;
pub(crate) const TOO_MANY_DELETES: &str = "TooManyDeletes";
const KEPT_LOGS: usize = 400;
/// Enough to count a rehearsal of some hundred cycles whole.
const KEPT_CYCLES: usize = 1000;
const MOST_APPS: usize = 20;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Entra {
    pub apps: Vec<App>,
    pub people: People,
    last_app: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AppKind {
    NonGallery,
    /// The gallery's app for AWS IAM Identity Center.
    AwsIdentityCenter,
    /// An app registration for sign-in: provisioning is not offered (facts row 18).
    Registration,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub id: String,
    pub name: String,
    pub kind: AppKind,
    /// What stands in the form: kept, so that nothing typed is lost.
    pub typed: Connection,
    /// Whether the latest test of what stands in the form succeeded.
    #[serde(default)]
    pub tested: bool,
    /// What was saved after a successful test.
    pub saved: Option<Connection>,
    pub users: Edited,
    pub groups: Edited,
    /// Keys of people and groups of the directory.
    pub assigned: Vec<String>,
    pub job: Job,
    pub on_demand: Option<OnDemand>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Connection {
    /// On disk without anything that could be a token.
    #[serde(serialize_with = "crate::outbound::address_only")]
    pub tenant_url: String,
    pub secret: Secret,
}

/// A mapping as it is saved, and as it stands on the page with changes that are not saved yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Edited {
    pub saved: Mapping,
    pub draft: Option<Mapping>,
}

impl Edited {
    pub(crate) fn shown(&self) -> &Mapping {
        self.draft.as_ref().unwrap_or(&self.saved)
    }

    pub(crate) fn edit(&mut self) -> &mut Mapping {
        let saved = &self.saved;
        self.draft.get_or_insert_with(|| saved.clone())
    }
}

/// The provisioning job of an app.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Job {
    pub on: bool,
    /// The next cycle reads everything.
    pub initial: bool,
    pub next_cycle: Option<Timestamp>,
    #[serde(skip)]
    pub running: Option<Progress>,
    pub quarantine: Option<Quarantine>,
    /// Allow deletes was chosen: the next cycle holds nothing back.
    #[serde(default)]
    pub deletes_allowed: bool,
    /// A connection was saved while a cycle ran with the one before.
    #[serde(skip)]
    pub renewed: bool,
    pub cycles: Vec<CycleRecord>,
    pub logs: Vec<LogEntry>,
    /// What this job has put into the target, by directory key.
    pub links: BTreeMap<String, Link>,
    pub cycle_count: u64,
}

#[derive(Clone, Default)]
pub(crate) struct Progress {
    pub done: usize,
    pub total: usize,
    pub initial: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Quarantine {
    pub since: Timestamp,
    pub retries: usize,
    pub code: String,
    pub message: String,
}

impl Quarantine {
    /// Facts D2: after 6, 12 and 24 hours, then daily; after 28 days the job is switched off.
    pub(crate) fn wait(&self) -> SignedDuration {
        SignedDuration::from_hours(*[6, 12].get(self.retries).unwrap_or(&24))
    }

    pub(crate) fn is_about_deletes(&self) -> bool {
        self.code == TOO_MANY_DELETES
    }

    /// Facts 1.3: one of the reasons of Microsoft Graph.
    pub(crate) fn reason(&self) -> &'static str {
        if self.is_about_deletes() { TOO_MANY_DELETES } else { "EncounteredQuarantineException" }
    }

    pub(crate) fn ends(&self) -> Timestamp {
        self.since + SignedDuration::from_hours(28 * 24)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Link {
    pub id: String,
    pub name: String,
    /// What was sent last: attribute and value, or `members` and directory keys.
    pub sent: Vec<(String, String)>,
    pub members: Vec<String>,
    pub disabled: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CycleRecord {
    pub number: u64,
    pub initial: bool,
    pub began: Timestamp,
    pub ended: Timestamp,
    pub succeeded: usize,
    pub failed: usize,
    pub skipped: usize,
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Success,
    Failure,
    Skipped,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Success => "Success",
            Status::Failure => "Failure",
            Status::Skipped => "Skipped",
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct LogEntry {
    #[serde(default)]
    pub id: String,
    pub at: Timestamp,
    /// 0 is a provisioning on demand.
    pub cycle: u64,
    /// User or Group.
    pub kind: String,
    /// In the directory.
    #[serde(default)]
    pub key: String,
    pub name: String,
    /// Create, Update, Disable, Delete, StagedDelete or Other.
    pub action: String,
    pub status: Status,
    pub code: String,
    pub reason: String,
    pub changes: Vec<(String, String)>,
    /// Whether the target had it already; `None` if that was not found out.
    #[serde(default)]
    pub matched: Option<bool>,
}

impl Job {
    pub(crate) fn log(&mut self, entry: LogEntry) {
        self.logs.push(entry);
        let surplus = self.logs.len().saturating_sub(KEPT_LOGS);
        self.logs.drain(..surplus);
    }

    pub(crate) fn record(&mut self, record: CycleRecord) {
        self.cycles.push(record);
        let surplus = self.cycles.len().saturating_sub(KEPT_CYCLES);
        self.cycles.drain(..surplus);
    }

    pub(crate) fn start(&mut self, now: Timestamp) {
        self.on = true;
        self.initial = true;
        self.quarantine = None;
        self.next_cycle = Some(now);
    }

    /// Facts 5: what was held back is removed with the next cycle, which comes at once.
    pub(crate) fn allow_deletes(&mut self, now: Timestamp) {
        self.deletes_allowed = true;
        self.quarantine = None;
        self.next_cycle = self.on.then_some(now);
    }

    /// Assumption: a job in quarantine does not wait for its next attempt once a connection is saved whose test succeeded. One that the
    /// quarantine switched off stays off until Start. Says whether it tries again.
    pub(crate) fn connection_saved(&mut self, now: Timestamp) -> bool {
        self.renewed = self.running.is_some();
        let tries_again = self.on && self.quarantine.is_some();
        if tries_again {
            self.next_cycle = Some(now);
        }
        tries_again
    }

    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.on && self.next_cycle.is_some_and(|at| at <= now)
    }

    /// A cycle under way runs to its end (facts 5).
    pub(crate) fn stop(&mut self) {
        self.on = false;
        self.next_cycle = None;
    }

    pub(crate) fn state(&self) -> &'static str {
        match (&self.running, &self.quarantine, self.on) {
            (Some(_), _, _) => "Running",
            (None, Some(_), true) => "Quarantine",
            (None, None, true) => "On",
            (None, _, false) => "Stopped",
        }
    }
}

impl Entra {
    pub(crate) fn create(&mut self, name: &str, kind: AppKind) -> Option<&App> {
        if self.apps.len() >= MOST_APPS {
            return None;
        }
        self.last_app += 1;
        self.apps.push(App {
            id: format!("a{}", self.last_app),
            name: name.to_owned(),
            kind,
            typed: Connection::default(),
            tested: false,
            saved: None,
            users: Edited { saved: Kind::Users.default_mapping(kind), draft: None },
            groups: Edited { saved: Kind::Groups.default_mapping(kind), draft: None },
            assigned: Vec::new(),
            job: Job::default(),
            on_demand: None,
        });
        self.apps.last()
    }

    pub(crate) fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    pub(crate) fn is_quarantined(&self) -> bool {
        self.apps.iter().any(|app| app.job.quarantine.is_some())
    }

    /// A cycle stays due until it is running, and is running until its end is written down: there is no moment in between.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        !self.apps.iter().any(|app| app.job.running.is_some() || app.job.is_due(now))
    }

    pub(crate) fn recall_secrets(&mut self, seed: &Seed, target: Target) {
        for app in &mut self.apps {
            app.typed.secret.recall(seed, target);
            if let Some(saved) = &mut app.saved {
                saved.secret.recall(seed, target);
            }
        }
    }

    pub(crate) fn summary(&self) -> Value {
        self.apps
            .iter()
            .map(|app| {
                json!({
                    "id": app.id,
                    "name": app.name,
                    "connected": app.saved.is_some(),
                    "state": app.job.state(),
                    "next_cycle": app.job.next_cycle,
                    "quarantine": app.job.quarantine.as_ref().map(|quarantine| &quarantine.code),
                })
            })
            .collect()
    }

    pub(crate) fn cycles(&self) -> Value {
        let all = self.apps.iter().flat_map(|app| {
            app.job.cycles.iter().map(|cycle| {
                let mut object = json!(cycle);
                object["app"] = json!(app.id);
                object
            })
        });
        all.collect()
    }
}

impl App {
    /// Directly assigned people and direct members of assigned groups. Groups in groups are not looked into (facts 5).
    pub(crate) fn people_in_scope(&self, directory: &Directory) -> Vec<Person> {
        let mut keys: Vec<&str> = Vec::new();
        for key in &self.assigned {
            match directory.group(key) {
                Some(group) => keys.extend(group.members),
                None => keys.push(key),
            }
        }
        directory::people()
            .into_iter()
            .filter(|person| keys.contains(&person.key) && !directory.is_deleted(person.key))
            .collect()
    }

    pub(crate) fn groups_in_scope(&self, directory: &Directory) -> Vec<Group> {
        self.assigned.iter().filter_map(|key| directory.group(key)).collect()
    }
}

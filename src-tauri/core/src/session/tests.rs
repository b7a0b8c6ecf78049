//! The step machine alone: actions and results in, sketches of the view out. No clock, no network, no vault.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod learning;
mod random;
mod rules;
mod sketch;
mod walk;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Ended, Failure, Session, Task};
use crate::{
    action::Action,
    error::{Code, Phase, Problem},
    present::Stage,
    recipe::{Guide, Purpose, Recipes},
    secret::Secret,
    setup::{Proof, Setup, SlotFacts},
    view::{Block, Screen, Step},
};

const READ: &str = "token-read";
const CREATE: &str = "greenlake-create-token";
const ROTATE: &str = "greenlake-rotate-token";
const TEST: &str = "scim-test-connection";
const TEST_AGAIN: &str = "test-again";
const PLAN: &str = "groups-plan";
const FIND: &str = "scim-find-user";
const WATCH: &str = "scim-watch-arrivals";

/// HPE GreenLake × Entra, with the real addresses.
static GUIDE: LazyLock<Arc<Guide>> = LazyLock::new(|| {
    let guide = Recipes::builtin()
        .and_then(|recipes| recipes.guide("hpe-greenlake", "entra", Purpose::Setup, None, &BTreeMap::new()));
    Arc::new(guide.expect("BUG: the recipes hold"))
});

/// A session with its own clock.
struct Walk {
    session: Session,
    now: Timestamp,
}

impl Walk {
    /// HPE GreenLake × Entra, at the screen that says what is needed, on 22 November 2026 at ten.
    fn new() -> Self {
        let now = "2026-11-22T10:00:00Z".parse().expect("BUG: a moment");
        let setup = Setup::new("walk".into(), "hpe-greenlake".into(), "entra".into(), false, now);
        Self { session: Session::new(setup, GUIDE.clone()), now }
    }

    /// Goes as far as the given step, everything before it done.
    fn up_to(phase: Phase) -> Self {
        let mut walk = Self::new();
        walk.act(Action::Continue);
        while walk.session.setup.phase < phase {
            walk.work();
            walk.act(Action::Continue);
        }
        assert_eq!(walk.session.setup.phase, phase);
        walk
    }

    /// Does what the open step asks for; leaves Continue.
    fn work(&mut self) {
        match self.session.setup.phase {
            Phase::Role => self.tick("role-assigned", ""),
            Phase::AccessToken => {
                self.paste(&access_token(self.now + SignedDuration::from_mins(15)));
                self.run(READ);
                self.passes(READ);
            }
            Phase::ScimToken => {
                self.run(CREATE);
                self.issues(CREATE, "3f9c");
                self.run(TEST);
                self.passes(TEST);
            }
            Phase::IdpCredentials => {
                self.run(TEST_AGAIN);
                self.passes(TEST_AGAIN);
                self.choose("console-said", "success");
            }
            Phase::Mappings => {
                for row in self.session.mapping_rows() {
                    self.tick("mapping", &row);
                }
                self.tick("mappings-saved", "");
            }
            Phase::Provisioning => {
                self.type_into("sample-group", "SCIM pilot");
                self.run(PLAN);
                self.passes(PLAN);
                self.type_into("sample-user", "ada@example.com");
                self.run(FIND);
                self.passes(FIND);
                self.run(WATCH);
                self.passes(WATCH);
            }
            Phase::OldToken => unreachable!("BUG: a setup has no such step"),
        }
    }

    /// Acts; secrets are kept as a vault that works would.
    fn act(&mut self, action: Action) -> Vec<Task> {
        let tasks = self.session.act(action, self.now);
        for task in &tasks {
            if let Task::Keep { slot, .. } = task {
                self.session.kept(slot, true);
            }
        }
        tasks
    }

    fn tick(&mut self, block: &str, row: &str) {
        self.act(Action::Tick { block: block.into(), row: row.into(), done: true });
    }

    fn choose(&mut self, block: &str, option: &str) {
        self.act(Action::Choose { block: block.into(), option: option.into() });
    }

    fn type_into(&mut self, block: &str, value: &str) {
        self.act(Action::Type { block: block.into(), value: value.into() });
    }

    fn paste(&mut self, token: &str) -> Vec<Task> {
        self.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new(token) })
    }

    /// Presses the button of a check; returns the number of its run.
    fn run(&mut self, block: &str) -> u32 {
        let tasks = self.act(Action::Run { block: block.into() });
        started(&tasks).unwrap_or_else(|| panic!("{block} did not start:\n{}", self.sketch())).1
    }

    /// Presses the button of a check that cannot be run now.
    fn run_refused(&mut self, block: &str, code: Code) {
        assert!(started(&self.act(Action::Run { block: block.into() })).is_none());
        assert_eq!(self.session.failures[block].problem.code, code, "{}", self.sketch());
    }

    fn serial(&self, block: &str) -> u32 {
        self.session.running.get(block).unwrap_or_else(|| panic!("{block} does not run")).serial
    }

    fn passes(&mut self, block: &str) -> Vec<Task> {
        let serial = self.serial(block);
        self.session.finished(block, serial, passed(), self.now)
    }

    fn fails(&mut self, block: &str, code: Code) -> Vec<Task> {
        let serial = self.serial(block);
        self.session.finished(block, serial, failed(code, self.now), self.now)
    }

    fn issues(&mut self, block: &str, last_four: &str) -> Vec<Task> {
        let serial = self.serial(block);
        self.session.finished(block, serial, issued(last_four, self.now), self.now)
    }

    fn minutes_later(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Closed and opened again.
    fn reopened(&self) -> Self {
        Self { session: Session::new(self.session.setup.clone(), self.session.guide.clone()), now: self.now }
    }

    fn screen(&self) -> Screen {
        Stage::new(&self.session, self.now, TimeZone::UTC).screen()
    }

    fn step(&self) -> Step {
        match self.screen() {
            Screen::Step(step) => step,
            other => panic!("no step: {other:?}"),
        }
    }

    fn block(&self, id: &str) -> Option<Block> {
        self.step().blocks.into_iter().find(|block| block.id() == id)
    }

    fn sketch(&self) -> String {
        sketch::sketch(&self.screen())
    }
}

/// Block and number of the run that was asked for.
fn started(tasks: &[Task]) -> Option<(String, u32)> {
    tasks.iter().find_map(|task| match task {
        Task::Run { block, serial, .. } => Some((block.clone(), *serial)),
        _ => None,
    })
}

fn passed() -> Ended {
    Ended::new(Ok(Proof::new(Timestamp::UNIX_EPOCH, "It holds.".into())))
}

fn failed(code: Code, now: Timestamp) -> Ended {
    let problem = Problem::new(code, "It does not hold.");
    Ended::new(Err(Failure::new(problem, now)))
}

fn issued(last_four: &str, now: Timestamp) -> Ended {
    let proof = Proof::new(now, format!("HPE GreenLake issued a token that ends in {last_four}."));
    Ended { issued: Some(("scim-token".into(), facts(last_four, now))), ..Ended::new(Ok(proof)) }
}

fn facts(last_four: &str, now: Timestamp) -> SlotFacts {
    SlotFacts {
        last_four: last_four.into(),
        entered_at: now,
        expires_at: Some(now + SignedDuration::from_hours(365 * 24)),
        end_entered: false,
        saved: true,
        about: Vec::new(),
    }
}

/// A personal access token that says whose it is and when it ends.
fn access_token(ends: Timestamp) -> String {
    let claims = format!(r#"{{"email":"ada@example.com","tenant":"Contoso","exp":{}}}"#, ends.as_second());
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(r#"{"alg":"RS256","typ":"JWT"}"#), part(&claims), "s".repeat(86))
}

//! The whole state of the world, its clock, and the one place where it is changed and saved.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    StartError,
    edge::Records,
    entra::Entra,
    fault::{AccessTokenForm, Fault, Hiccup, TokenShape},
    greenlake::Greenlake,
    scim::store::Store,
    tokens::Seed,
};

/// Everything that is remembered. It is written to disk as it stands, so its types hold no secret once serialised.
#[derive(Serialize, Deserialize)]
pub(crate) struct World {
    pub version: u32,
    pub port: Option<u16>,
    pub clock_offset_seconds: i64,
    pub switches: Switches,
    pub greenlake: Greenlake,
    pub scim: Store,
    pub entra: Entra,
}

const VERSION: u32 = 1;
/// Far enough for any rehearsal, near enough for every date format.
const FURTHEST: i64 = 20 * 365 * 24 * 3600;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Switches {
    pub faults: BTreeSet<Fault>,
    pub hiccups: Vec<Hiccup>,
    pub token_shape: TokenShape,
    pub access_token_form: AccessTokenForm,
}

impl Switches {
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub(crate) fn set(&mut self, fault: Fault, on: bool) {
        if on {
            self.faults.insert(fault);
        } else {
            self.faults.remove(&fault);
        }
    }

    /// All that is going wrong now or will at the next request, one sentence each.
    pub(crate) fn wrong(&self) -> Vec<&'static str> {
        let faults = self.faults.iter().map(|fault| fault.description());
        faults.chain(self.hiccups.iter().map(|hiccup| hiccup.description())).collect()
    }

    pub(crate) fn arm(&mut self, hiccup: Hiccup) {
        if self.hiccups.len() < 20 {
            self.hiccups.push(hiccup);
        }
    }

    pub(crate) fn take_hiccup(&mut self) -> Option<Hiccup> {
        (!self.hiccups.is_empty()).then(|| self.hiccups.remove(0))
    }
}

impl World {
    fn fresh() -> World {
        World {
            version: VERSION,
            port: None,
            clock_offset_seconds: 0,
            switches: Switches::default(),
            greenlake: Greenlake::default(),
            scim: Store::with_people(Timestamp::now()),
            entra: Entra::default(),
        }
    }

    /// The world of the state file; a fresh one where there is none, or where it cannot be read.
    pub(crate) fn load(path: Option<&Path>, seed: &Seed) -> World {
        let Some(mut world) = path.and_then(read) else { return World::fresh() };
        world.switches.faults.clear();
        world.switches.hiccups.clear();
        world.entra.recall_secrets(seed);
        world
    }

    /// The role assigned and a SCIM token issued, unless a usable one is there.
    pub(crate) fn prepare(&mut self) {
        let now = self.now();
        self.greenlake.prepare(now);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.clock_offset_seconds)
    }
}

fn read(path: &Path) -> Option<World> {
    let text = std::fs::read(path).ok()?;
    match serde_json::from_slice::<World>(&text) {
        Ok(world) if world.version == VERSION => Some(world),
        Ok(_) => {
            tracing::warn!("the practice world's state is of another version; starting afresh");
            None
        }
        Err(error) => {
            tracing::warn!(line = error.line(), "the practice world's state cannot be read; starting afresh");
            None
        }
    }
}

/// What the listener, the engine and the owner share.
pub(crate) struct Shared {
    world: Mutex<World>,
    pub seed: Seed,
    pub records: Records,
    pub port: u16,
    pub base: String,
    pub delay: Option<Duration>,
    /// Rings when a provisioning cycle may be due.
    pub wake: Notify,
    pub stop: CancellationToken,
    /// The engine's own way out: no proxy, no redirects, bounded waiting.
    pub client: reqwest::Client,
    state_file: Option<PathBuf>,
}

impl Shared {
    pub(crate) fn new(
        world: World,
        seed: Seed,
        port: u16,
        state_file: Option<PathBuf>,
        delay: Option<Duration>,
    ) -> Result<Shared, StartError> {
        Ok(Shared {
            world: Mutex::new(world),
            seed,
            records: Records::default(),
            port,
            base: format!("http://127.0.0.1:{port}"),
            delay,
            wake: Notify::new(),
            stop: CancellationToken::new(),
            client: crate::entra::wire::client().map_err(|error| StartError::Client(error.to_string()))?,
            state_file,
        })
    }

    pub(crate) fn scim_base(&self) -> String {
        format!("{}/v1alpha1/scimproxy", self.base)
    }

    pub(crate) fn control_path(&self) -> String {
        format!("/control/{}/", self.seed.control_key())
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the world and saves it. A state file that cannot be written is reported, not fatal: the rehearsal goes on in memory.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.lock();
        let result = act(&mut world);
        if let Err(error) = self.write(&world) {
            tracing::warn!(%error, "the practice world's state could not be written");
        }
        result
    }

    pub(crate) fn save(&self) -> Result<(), StartError> {
        self.write(&self.lock())
            .map_err(|source| StartError::State { path: self.state_file.clone().unwrap_or_default(), source })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.read(World::now)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(FURTHEST);
        self.change(|world| {
            world.clock_offset_seconds = world.clock_offset_seconds.saturating_add(seconds).min(FURTHEST);
        });
        self.wake.notify_one();
    }

    pub(crate) fn issue_access_token(&self) -> String {
        self.change(|world| {
            let now = world.now();
            let expired = world.switches.has(Fault::AccessTokenExpired);
            let form = world.switches.access_token_form;
            let token = world.greenlake.issue_access_token(now, form, expired);
            token.text(&self.seed)
        })
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, world: &World) -> io::Result<()> {
        let Some(path) = &self.state_file else { return Ok(()) };
        let text = serde_json::to_vec_pretty(world)?;
        let beside = path.with_extension("tmp");
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, path)
    }
}

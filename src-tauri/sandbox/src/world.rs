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
    StartError, Target,
    activity::Activities,
    astray::Astray,
    aws::{self, Aws},
    azion::{self, Azion},
    bearers::{Bearer, Bearers},
    edge::Records,
    entra::Entra,
    fault::{AccessTokenForm, Fault, Hiccup, TokenShape},
    greenlake::Greenlake,
    html::Notices,
    okta::Okta,
    scim::{
        profile::{self, Profile},
        store::Store,
    },
    service,
    tokens::{self, Seed},
};

/// Everything that is remembered. It is written to disk as it stands, so its types hold no secret once serialised.
#[derive(Serialize, Deserialize)]
pub(crate) struct World {
    pub version: u32,
    pub target: Target,
    pub port: Option<u16>,
    pub clock_offset_seconds: i64,
    pub switches: Switches,
    pub greenlake: Greenlake,
    pub notices: Notices,
    /// The tokens of the other targets.
    pub bearers: Bearers,
    pub aws: Aws,
    pub azion: Azion,
    pub scim: Store,
    pub entra: Entra,
    pub okta: Okta,
    /// Since the start, like the list of requests.
    #[serde(skip)]
    pub activities: Activities,
}

const VERSION: u32 = 2;
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

    /// With a fault: how much life a new long-lived token has left. One that ended, ended yesterday.
    pub(crate) fn left_of_a_token(&self) -> Option<SignedDuration> {
        const DAY: SignedDuration = SignedDuration::from_hours(24);
        if self.has(Fault::ScimTokenExpired) { Some(-DAY) } else { self.has(Fault::TokenEndsSoon).then_some(DAY * 10) }
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
    fn fresh(target: Target) -> World {
        World {
            version: VERSION,
            target,
            port: None,
            clock_offset_seconds: 0,
            switches: Switches::default(),
            greenlake: Greenlake::default(),
            notices: Notices::default(),
            bearers: Bearers::default(),
            aws: Aws::default(),
            azion: Azion::default(),
            scim: Store::with_people(profile::of(target), Timestamp::now()),
            entra: Entra::default(),
            okta: Okta::default(),
            activities: Activities::default(),
        }
    }

    /// The world of the state file; a fresh one where there is none, or where it cannot be read.
    pub(crate) fn load(path: Option<&Path>, target: Target, seed: &Seed) -> World {
        let known = path.and_then(read).filter(|world| world.target == target);
        let Some(mut world) = known else { return World::fresh(target) };
        world.switches.faults.clear();
        world.switches.hiccups.clear();
        world.entra.recall_secrets(seed, target);
        world.okta.recall_secrets(seed, target);
        world
    }

    /// The role assigned and a SCIM token issued, unless a usable one is there.
    pub(crate) fn prepare(&mut self) {
        let now = self.now();
        match self.target {
            Target::HpeGreenlake => {
                self.greenlake.prepare(now);
                if let Some(left) = self.switches.left_of_a_token() {
                    self.greenlake.age_newest(now, left);
                }
            }
            Target::AwsIdentityCenter => aws::prepare(self),
            Target::Azion => azion::prepare(self, now),
            Target::Generic => service::prepare(self),
        }
    }

    /// Whether a SCIM request with this token is let in without a change to the world: the common case.
    pub(crate) fn lets_in(&self, seed: &Seed, token: &str) -> bool {
        match self.target {
            Target::HpeGreenlake => self.greenlake.is_sole_live(seed, token, self.now()),
            Target::AwsIdentityCenter | Target::Azion | Target::Generic => {
                self.bearers.accepts(seed, self.target, token, self.now()).is_some()
            }
        }
    }

    /// The serial number of one of this target's long-lived tokens, whether or not it still counts.
    pub(crate) fn serial_of(&self, seed: &Seed, token: &str) -> Option<u64> {
        match self.target {
            Target::HpeGreenlake => self.greenlake.serial(seed, token),
            Target::AwsIdentityCenter | Target::Azion | Target::Generic => {
                self.bearers.serial(seed, self.target, token)
            }
        }
    }

    /// The last guard of the state file: a token can be pasted into a name, a label or any other field.
    fn without_tokens(&self, seed: &Seed, text: String) -> String {
        let known: Vec<String> = match self.target {
            Target::HpeGreenlake => self.greenlake.texts(seed).collect(),
            Target::AwsIdentityCenter | Target::Azion | Target::Generic => {
                self.bearers.texts(seed, self.target).collect()
            }
        };
        tokens::cut_out(text, &known)
    }

    pub(crate) fn newest_scim_token(&self, seed: &Seed) -> Option<String> {
        match self.target {
            Target::HpeGreenlake => self.greenlake.newest(seed),
            Target::AwsIdentityCenter | Target::Azion | Target::Generic => {
                self.bearers.newest().map(|one| tokens::scim_token(seed, self.target, one.serial))
            }
        }
    }

    /// How this target's SCIM server differs from another's.
    pub(crate) fn profile(&self) -> &'static Profile {
        profile::of(self.target)
    }

    /// A long-lived token of a target whose console shows it; with the fault, one that ended yesterday.
    pub(crate) fn issue_bearer(&mut self, name: &str, life: Option<SignedDuration>) -> Bearer {
        let now = self.now();
        let Some(left) = self.switches.left_of_a_token() else { return self.bearers.issue(name, now, life) };
        let life = life.unwrap_or(SignedDuration::from_hours(30 * 24));
        self.bearers.issue(name, now + left - life, Some(life))
    }

    /// A fault on or off, with what must be there for it to show.
    pub(crate) fn set_fault(&mut self, fault: Fault, on: bool) {
        self.switches.set(fault, on);
        if self.target == Target::AwsIdentityCenter && self.switches.has(Fault::TokenLimit) {
            aws::fill(self);
        }
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
    pub target: Target,
    pub records: Records,
    pub port: u16,
    pub base: String,
    /// The addresses that the target's console shows with a fault in place of the own one.
    pub astray: Astray,
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
        astray: Astray,
        state_file: Option<PathBuf>,
        delay: Option<Duration>,
    ) -> Result<Shared, StartError> {
        Ok(Shared {
            target: world.target,
            world: Mutex::new(world),
            seed,
            records: Records::default(),
            port,
            base: format!("http://127.0.0.1:{port}"),
            astray,
            delay,
            wake: Notify::new(),
            stop: CancellationToken::new(),
            client: crate::outbound::client().map_err(|error| StartError::Client(error.to_string()))?,
            state_file,
        })
    }

    /// As the target's console shows it.
    pub(crate) fn scim_base(&self, world: &World) -> String {
        format!("{}{}", self.scim_origin(world), self.scim_path())
    }

    /// Scheme, host and port of the SCIM endpoint as the target's console shows them.
    pub(crate) fn scim_origin(&self, world: &World) -> String {
        match (world.switches.has(Fault::ScimUnreachable), world.switches.has(Fault::ScimTls)) {
            (true, _) => self.astray.nobody(),
            (false, true) => self.astray.distrusted(),
            (false, false) => self.base.clone(),
        }
    }

    pub(crate) fn tls_port(&self) -> Option<u16> {
        self.astray.tls_port()
    }

    /// Where the SCIM endpoint is, without a slash at the end.
    pub(crate) fn scim_path(&self) -> String {
        match self.target {
            Target::HpeGreenlake => "/v1alpha1/scimproxy".to_owned(),
            Target::AwsIdentityCenter => aws::scim_path(&self.seed),
            Target::Azion => azion::scim_path(&self.seed),
            Target::Generic => "/scim/v2".to_owned(),
        }
    }

    pub(crate) fn portal_path(&self) -> &'static str {
        match self.target {
            Target::HpeGreenlake => "/greenlake/",
            Target::AwsIdentityCenter => "/aws/",
            Target::Azion => "/azion/",
            Target::Generic => "/service/",
        }
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

    /// A fresh personal access token, where the target has such a thing and this world knows how to make one.
    pub(crate) fn issue_access_token(&self) -> Option<String> {
        match self.target {
            Target::HpeGreenlake => Some(self.issue_greenlake_access_token()),
            Target::Azion => Some(azion::issue_personal_token(self)),
            Target::AwsIdentityCenter | Target::Generic => None,
        }
    }

    pub(crate) fn issue_greenlake_access_token(&self) -> String {
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
        let text = world.without_tokens(&self.seed, serde_json::to_string_pretty(world)?);
        let beside = path.with_extension("tmp");
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, path)
    }
}

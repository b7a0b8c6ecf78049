//! The practice world on loopback: a target (its API, SCIM server and console), the consoles and engines of Entra and Okta, and a clock that
//! can be moved.
//! It is a third party to the rest of the workspace and shares no type with it.

mod activity;
mod arrivals;
mod astray;
mod aws;
mod azion;
mod bearers;
mod company;
mod control;
mod edge;
mod entra;
mod fault;
mod greenlake;
mod html;
mod mischief;
mod okta;
mod outbound;
mod portal;
mod scim;
mod secret;
mod service;
mod sign_in;
mod table;
mod token_api;
mod tokens;
mod turned_away;
mod world;

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinHandle;

pub use crate::{
    activity::Activity,
    company::{Company, ExportError, Idp, Plan, TooManyGaps},
    edge::{Door, RequestRecord},
    fault::{AccessTokenForm, Fault, Hiccup, Target, TokenShape, UnknownName},
};
use crate::{
    astray::Astray,
    scim::store::Store,
    tokens::Seed,
    world::{Shared, World},
};

/// How a world begins.
pub struct Options {
    pub target: Target,
    /// 0 means a free one. When resuming, the port of the state file is tried first, then a free one.
    pub port: u16,
    /// `None` means fresh and random. Every token is derived from the seed, so a resumed world needs no secret on disk.
    pub seed: Option<[u8; 32]>,
    /// Loaded if it exists, written after each change. Holds no secret.
    pub state_file: Option<PathBuf>,
    pub faults: Vec<Fault>,
    /// True: a usable SCIM token is there, and whatever it needs at this target (a role, provisioning enabled). False: the administrator
    /// does everything.
    pub prepared: bool,
    /// A pause before each answer of the token API and the SCIM endpoint.
    pub delay: Option<Duration>,
    /// Has arrived at the target, in place of the two who are there otherwise. It is not part of the state file.
    pub company: Option<Company>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            target: Target::HpeGreenlake,
            port: 0,
            seed: None,
            state_file: None,
            faults: Vec::new(),
            prepared: false,
            delay: None,
            company: None,
        }
    }
}

/// Why a world could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("The practice world could not listen on 127.0.0.1 port {port}: {source}")]
    Listen { port: u16, source: std::io::Error },
    #[error("The operating system gave no random bytes for the practice world's secrets: {0}")]
    Random(String),
    #[error("The practice world's HTTP client could not be set up: {0}")]
    Client(String),
    #[error("The practice world's own certificate could not be read: {0}")]
    Certificate(String),
    #[error("The company was made up for {made_for}, and this practice world plays {plays}")]
    OtherTarget { made_for: Target, plays: Target },
    #[error("The practice world's state could not be written to {path}: {source}")]
    State { path: PathBuf, source: std::io::Error },
}

/// Where everything is. Two of the fields are practice secrets; Debug leaves them out.
#[derive(Clone, Serialize)]
pub struct Addresses {
    pub target: Target,
    pub api_base_url: String,
    /// Only where the target has such a token.
    pub personal_access_token: Option<String>,
    pub scim_base_url: String,
    /// Only in a prepared world.
    pub scim_token: Option<String>,
    /// The practice Microsoft Entra admin center.
    pub entra_url: String,
    /// The practice Okta Admin Console.
    pub okta_url: String,
    /// The practice console of the target.
    pub portal_url: String,
    pub control_url: String,
}

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Addresses")
            .field("target", &self.target)
            .field("api_base_url", &self.api_base_url)
            .field("personal_access_token", &self.personal_access_token.as_ref().map(|_| "[redacted]"))
            .field("scim_token", &self.scim_token.as_ref().map(|_| "[redacted]"))
            .finish_non_exhaustive()
    }
}

/// A running world. Its listener and its engine stop when it is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    addresses: Addresses,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    pub async fn start(options: Options) -> Result<Sandbox, StartError> {
        let seed = Seed::new(options.seed)?;
        let mut world = World::load(options.state_file.as_deref(), options.target, &seed);
        let listener = edge::listen(world.port, options.port).await?;
        let port = listener.local_addr().map_err(|source| StartError::Listen { port: options.port, source })?.port();
        world.port = Some(port);
        if let Some(company) = options.company {
            if company.target() != options.target {
                return Err(StartError::OtherTarget { made_for: company.target(), plays: options.target });
            }
            world.scim = Store::with_company(company, world.now());
        }
        options.faults.into_iter().for_each(|fault| world.set_fault(fault, true));
        let (astray, distrusted) = Astray::begin().await?;
        let shared = Arc::new(Shared::new(world, seed, port, astray, options.state_file, options.delay)?);
        if options.prepared {
            shared.change(World::prepare);
        }
        shared.save()?;
        let addresses = addresses(&shared, options.prepared);
        let tasks = vec![
            tokio::spawn(edge::serve(listener, shared.clone())),
            tokio::spawn(astray::serve(distrusted, shared.clone())),
            tokio::spawn(entra::engine::run(shared.clone())),
            tokio::spawn(okta::engine::run(shared.clone())),
        ];
        Ok(Sandbox { shared, addresses, tasks })
    }

    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Issues a fresh one, as the portal's own page does; `None` where the target has no such token.
    pub fn personal_access_token(&self) -> Option<String> {
        self.shared.issue_access_token()
    }

    /// Moves the world's clock forward; provisioning cycles that fall due are run.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(by);
    }

    pub fn now(&self) -> Timestamp {
        self.shared.now()
    }

    pub fn set_fault(&self, fault: Fault, on: bool) {
        self.shared.change(|world| world.set_fault(fault, on));
    }

    /// Arms something that goes wrong once.
    pub fn hiccup(&self, hiccup: Hiccup) {
        self.shared.change(|world| world.switches.arm(hiccup));
    }

    pub fn set_token_shape(&self, shape: TokenShape) {
        self.shared.change(|world| world.switches.token_shape = shape);
    }

    pub fn set_access_token_form(&self, form: AccessTokenForm) {
        self.shared.change(|world| world.switches.access_token_form = form);
    }

    /// The latest requests, oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.records.all()
    }

    /// How many requests there were since the start, including those no longer in the list.
    pub fn request_count(&self) -> u64 {
        self.shared.records.count()
    }

    /// What the identity providers sent since the start, oldest first: the latest 2,000.
    pub fn activity(&self) -> Vec<Activity> {
        self.shared.read(|world| world.activities.all())
    }

    /// Whether a provisioning job of Entra is in quarantine, or was switched off by it.
    pub fn quarantined(&self) -> bool {
        self.shared.read(|world| world.entra.is_quarantined())
    }

    /// Whether neither identity provider has anything due or under way: what a move of the clock made due has been done.
    pub fn is_idle(&self) -> bool {
        self.shared.read(|world| world.entra.is_idle(world.now()) && okta::engine::is_idle(world))
    }

    pub async fn stop(mut self) {
        self.shared.stop.cancel();
        for task in std::mem::take(&mut self.tasks) {
            // A task that panicked has ended as well, which is all that is asked for here.
            let _ = task.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl Addresses {
    /// Every address by its name, without the secrets: what a recipe may name.
    pub fn places(&self) -> std::collections::BTreeMap<String, String> {
        [
            ("api_base_url", &self.api_base_url),
            ("scim_base_url", &self.scim_base_url),
            ("entra_url", &self.entra_url),
            ("okta_url", &self.okta_url),
            ("portal_url", &self.portal_url),
        ]
        .into_iter()
        .map(|(name, address)| (name.to_owned(), address.clone()))
        .collect()
    }
}

fn addresses(shared: &Shared, prepared: bool) -> Addresses {
    let base = &shared.base;
    Addresses {
        target: shared.target,
        api_base_url: base.clone(),
        personal_access_token: shared.issue_access_token(),
        scim_base_url: shared.read(|world| shared.scim_base(world)),
        scim_token: prepared.then(|| shared.read(|world| world.newest_scim_token(&shared.seed))).flatten(),
        entra_url: format!("{base}/entra/"),
        okta_url: format!("{base}/okta/"),
        portal_url: format!("{base}{}", shared.portal_path()),
        control_url: format!("{base}{}", shared.control_path()),
    }
}

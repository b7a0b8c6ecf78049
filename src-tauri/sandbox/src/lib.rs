//! The practice world on loopback: a target (token API, SCIM server, portal), an Entra console with an engine, and a clock that can be moved.
//! It is a third party to the rest of the workspace and shares no type with it.

mod control;
mod edge;
mod entra;
mod fault;
mod greenlake;
mod html;
mod mischief;
mod portal;
mod scim;
mod token_api;
mod tokens;
mod world;

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinHandle;

pub use crate::{
    edge::{Door, RequestRecord},
    fault::{AccessTokenForm, Fault, Hiccup, Target, TokenShape, UnknownName},
};
use crate::{
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
    /// True: the role is assigned and a SCIM token issued. False: the administrator does everything.
    pub prepared: bool,
    /// A pause before each answer of the token API and the SCIM endpoint.
    pub delay: Option<Duration>,
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
    #[error("The practice world's state could not be written to {path}: {source}")]
    State { path: PathBuf, source: std::io::Error },
}

/// Where everything is. Two of the fields are practice secrets; Debug leaves them out.
#[derive(Clone, Serialize)]
pub struct Addresses {
    pub target: Target,
    pub api_base_url: String,
    pub personal_access_token: String,
    pub scim_base_url: String,
    /// Only in a prepared world.
    pub scim_token: Option<String>,
    pub console_url: String,
    pub portal_url: String,
    pub control_url: String,
}

impl std::fmt::Debug for Addresses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Addresses")
            .field("target", &self.target)
            .field("api_base_url", &self.api_base_url)
            .field("personal_access_token", &"[redacted]")
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
        let mut world = World::load(options.state_file.as_deref(), &seed);
        let listener = edge::listen(world.port, options.port).await?;
        let port = listener.local_addr().map_err(|source| StartError::Listen { port: options.port, source })?.port();
        world.port = Some(port);
        world.switches.faults.extend(options.faults);
        let shared = Arc::new(Shared::new(world, seed, port, options.state_file, options.delay)?);
        if options.prepared {
            shared.change(World::prepare);
        }
        shared.save()?;
        let addresses = addresses(&shared, options.target, options.prepared);
        let tasks =
            vec![tokio::spawn(edge::serve(listener, shared.clone())), tokio::spawn(entra::engine::run(shared.clone()))];
        Ok(Sandbox { shared, addresses, tasks })
    }

    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Issues a fresh one, as the portal's "Get token" does.
    pub fn personal_access_token(&self) -> String {
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
        self.shared.change(|world| world.switches.set(fault, on));
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

fn addresses(shared: &Shared, target: Target, prepared: bool) -> Addresses {
    let base = &shared.base;
    Addresses {
        target,
        api_base_url: base.clone(),
        personal_access_token: shared.issue_access_token(),
        scim_base_url: shared.scim_base(),
        scim_token: prepared.then(|| shared.read(|world| world.greenlake.newest(&shared.seed))).flatten(),
        console_url: format!("{base}/entra/"),
        portal_url: format!("{base}/greenlake/"),
        control_url: format!("{base}{}", shared.control_path()),
    }
}

//! The stage of a rehearsal: an `App` with empty vaults in memory, a folder that goes away, and a practice world.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tempfile::TempDir;
use usher_core::{
    App, Code, Problem,
    app::{Config, PracticeRequest, StartPractice, World},
    http::Limits,
    vault::MemoryVault,
};
use usher_sandbox::{Fault, Options, Sandbox};

/// How long to watch for arrivals: the practice console's first cycle begins at once and takes about a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long what is due at the identity providers may take.
const LONGEST_WORK: Duration = Duration::from_secs(30);

/// Everything that a rehearsal needs. Dropping it leaves nothing behind.
pub(crate) struct Stage {
    pub(crate) app: App,
    world: Arc<Mutex<Option<Arc<Sandbox>>>>,
    _folder: TempDir,
}

impl Stage {
    pub(crate) fn set(faults: &[Fault]) -> Result<Self, Problem> {
        let folder = tempfile::tempdir().map_err(|error| {
            Problem::new(Code::Disk, format!("No temporary folder can be made for the rehearsal: {error}."))
                .hint("Make room in the temporary folder, or set TMPDIR to another one.")
        })?;
        let world = Arc::default();
        let app = App::open(config(folder.path(), faults.to_vec(), &world));
        Ok(Self { app, world, _folder: folder })
    }

    /// Lets time pass, and waits until the identity providers have done what was due.
    pub(crate) async fn wait(&self, time: Duration) {
        let Some(sandbox) = self.sandbox() else { return };
        // What is under way ends in its own time.
        self.settled().await;
        sandbox.advance(time);
        self.settled().await;
    }

    /// Waits until the identity providers have nothing to do.
    pub(crate) async fn settled(&self) {
        let Some(sandbox) = self.sandbox() else { return };
        let began = tokio::time::Instant::now();
        while !sandbox.is_idle() && began.elapsed() < LONGEST_WORK {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The practice world, once a practice setup has been begun.
    pub(crate) fn sandbox(&self) -> Option<Arc<Sandbox>> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn config(folder: &Path, faults: Vec<Fault>, world: &Arc<Mutex<Option<Arc<Sandbox>>>>) -> Config {
    let (vault, practice_vault) = (Arc::new(MemoryVault::default()), Arc::new(MemoryVault::default()));
    let clock = world.clone();
    Config {
        practice: Some(start(faults, world.clone())),
        // The practice world's clock can be moved, and Usher's goes with it.
        now: Arc::new(move || {
            let world = clock.lock().unwrap_or_else(PoisonError::into_inner);
            world.as_ref().map_or_else(Timestamp::now, |world| world.now())
        }),
        limits: limits(),
        patience: PATIENCE,
        ..Config::new(folder.join("data"), folder.join("documents"), vault, practice_vault)
    }
}

/// The practice world is on this machine: whoever keeps silent for seconds does so on purpose.
fn limits() -> Limits {
    Limits { total: Duration::from_secs(6), retries: 1, longest_wait: Duration::from_secs(2), ..Limits::default() }
}

fn start(faults: Vec<Fault>, world: Arc<Mutex<Option<Arc<Sandbox>>>>) -> StartPractice {
    Arc::new(move |request| {
        let (faults, world) = (faults.clone(), world.clone());
        Box::pin(async move {
            let sandbox = Arc::new(begin(request, faults).await?);
            *world.lock().unwrap_or_else(PoisonError::into_inner) = Some(sandbox.clone());
            Ok(World { addresses: sandbox.addresses().places(), guard: Box::new(sandbox) })
        })
    })
}

async fn begin(request: PracticeRequest, faults: Vec<Fault>) -> Result<Sandbox, Problem> {
    let refused = |why: String| Problem::new(Code::Practice, format!("The practice world could not be started: {why}"));
    let target = request.target.parse().map_err(|error: usher_sandbox::UnknownName| refused(error.to_string()))?;
    let options = Options {
        target,
        seed: Some(request.seed),
        state_file: Some(request.state_file),
        faults,
        ..Options::default()
    };
    Sandbox::start(options).await.map_err(|error| refused(error.to_string()))
}

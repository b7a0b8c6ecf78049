//! The only async glue: owns the open setups, runs tasks, and hands out views. One `App` for each window or command.

mod about;
mod arrived;
mod front;
mod intake;
mod ledger;
mod open;
mod reach;
mod reminders;
mod removal;
mod rotation;
mod shown;
mod tokens;
mod work;

use std::{
    any::Any,
    collections::BTreeMap,
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    about::Surroundings,
    action::Action,
    error::{Code, Problem},
    http::Limits,
    recipe::{RecipeError, Recipes},
    secret::Secret,
    session::Session,
    setup::Setup,
    store::Store,
    vault::Vault,
    view::{Announcement, IntakeState, Toned, View},
};

/// The longest that nothing is looked at.
const LONGEST_NAP: Duration = Duration::from_secs(60 * 60);

/// Where an [`App`] keeps things and how it reaches the practice world.
pub struct Config {
    /// One JSON file for each setup; created when missing.
    pub data_dir: PathBuf,
    /// Where runbooks are saved.
    pub documents_dir: PathBuf,
    /// Secrets of real setups.
    pub vault: Arc<dyn Vault>,
    /// Secrets of practice setups.
    pub practice_vault: Arc<dyn Vault>,
    /// Starts a practice world; `None` where there is none.
    pub practice: Option<StartPractice>,
    /// Bounds of every request.
    pub limits: Limits,
    /// How long to watch for arrivals before saying that nothing came.
    pub patience: Duration,
    /// The recipes; those that are compiled in, but for a test.
    pub recipes: fn() -> Result<Recipes, RecipeError>,
    /// The clock.
    pub now: Clock,
}

/// What time it is: this machine's, or that of a rehearsal that lets months pass.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Config {
    /// The usual bounds: requests as [`Limits::default`], an hour of watching, this machine's clock.
    pub fn new(
        data_dir: PathBuf,
        documents_dir: PathBuf,
        vault: Arc<dyn Vault>,
        practice_vault: Arc<dyn Vault>,
    ) -> Self {
        Self {
            data_dir,
            documents_dir,
            vault,
            practice_vault,
            practice: None,
            limits: Limits::default(),
            patience: Duration::from_secs(60 * 60),
            recipes: Recipes::builtin,
            now: Arc::new(Timestamp::now),
        }
    }
}

/// What a practice world is to be.
#[derive(Debug, Clone)]
pub struct PracticeRequest {
    /// The sandbox's own id of the target, from the recipe.
    pub target: String,
    /// All its tokens are derived from this, so that a world can be resumed without a secret on disk.
    pub seed: [u8; 32],
    /// Where it may keep its state.
    pub state_file: PathBuf,
}

/// A running practice world. It stops when this is dropped.
pub struct World {
    /// Addresses by name, to fill the `[practice]` values of the recipes.
    pub addresses: BTreeMap<String, String>,
    /// Keeps it running.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// Starts a practice world.
pub type StartPractice =
    Arc<dyn Fn(PracticeRequest) -> Pin<Box<dyn Future<Output = Result<World, Problem>> + Send>> + Send + Sync>;

/// Something for the clipboard.
#[derive(Debug, Clone)]
pub struct Copyable {
    /// What it is, for "Copied: …".
    pub label: String,
    /// The value; `Secret` also where it is none, so that nothing is logged by accident.
    pub value: Secret,
    /// Whether it must leave the clipboard again.
    pub secret: bool,
}

pub(crate) use arrived::{GROUPS as GROUPS_INTAKE, PEOPLE as PEOPLE_INTAKE};
use front::Front;
pub(crate) use intake::DOCTOR as DOCTOR_INTAKE;
pub use reminders::Notification;

/// Everything behind the window.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    changed: watch::Sender<u32>,
    state: Mutex<State>,
    /// One action at a time; the state itself is never held across an await.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    recipes: Option<Recipes>,
    store: Option<Store>,
    blocked: Option<Problem>,
    front: Front,
    sessions: BTreeMap<String, Session>,
    worlds: BTreeMap<String, World>,
    unreadable: Vec<Problem>,
    notices: BTreeMap<String, Problem>,
    announcement: Option<Announcement>,
    /// Secrets that the vault refused, and the parts of answers that could not be read.
    memory: BTreeMap<String, Secret>,
    tasks: BTreeMap<(String, String), CancellationToken>,
    saved: BTreeMap<String, Setup>,
    checking: Option<ledger::Checking>,
    check_result: Option<Toned>,
    /// Ends of tokens that were entered and cannot be it, by setup.
    end_problems: BTreeMap<String, (String, Problem)>,
    /// Files and texts on their way, by serial.
    examinations: BTreeMap<u32, intake::Examination>,
    examined: u32,
    /// What was handed over on the doctor's screen.
    doctor: IntakeState,
    /// What was handed over to compare, and what came of it, by setup.
    arrived: BTreeMap<String, arrived::Arrived>,
    compared: u32,
    wake: Option<tokio::task::AbortHandle>,
    /// What only the shell knows.
    around: Surroundings,
    /// Set once the screen about the program was opened.
    looked: Option<about::Looked>,
}

impl App {
    /// Opens the data directory. Never fails: what is wrong is shown on the first screen.
    /// Must be called inside a tokio runtime.
    pub fn open(config: Config) -> Self {
        let app = Self {
            inner: Arc::new(Inner {
                config,
                changed: watch::channel(1).0,
                state: Mutex::default(),
                turn: tokio::sync::Mutex::default(),
            }),
        };
        app.load();
        app
    }

    /// The screen as it is now.
    pub fn view(&self) -> View {
        self.shown()
    }

    /// Does one thing and returns the screen after it. Long work goes on in the background and announces itself by
    /// [`App::changes`].
    pub async fn act(&self, action: Action) -> View {
        let turn = self.inner.turn.lock().await;
        self.dispatch(action).await;
        drop(turn);
        self.settle();
        self.shown()
    }

    /// The view's revision; changes whenever there is something new to draw.
    pub fn changes(&self) -> watch::Receiver<u32> {
        self.inner.changed.subscribe()
    }

    /// Whether the window may close. While a token is being issued it may not: the answer would be lost. Where a token
    /// rests in this window only, it is said once, and asking again closes.
    pub fn may_close(&self) -> bool {
        let mut state = self.state();
        let issuing = state.sessions.values().any(Session::issuing);
        let unsaved = state.unsaved() && !state.notices.contains_key("closing");
        if !issuing && !unsaved {
            return true;
        }
        let problem = if issuing {
            Problem::new(Code::Conflict, "A token is being issued right now. Closing now would lose it.")
                .hint("It takes some seconds. Then close the window again.")
        } else {
            Problem::new(Code::Vault, "A token rests in this window only, because the keyring did not take it.")
                .hint("Copy it, or try to save it again. Closing the window again loses it.")
        };
        state.announce(problem.message.clone());
        state.notices.insert("closing".into(), problem);
        drop(state);
        self.settle();
        false
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.inner.config.now)()
    }

    async fn dispatch(&self, action: Action) {
        if self.state().blocked.is_some() {
            if matches!(action, Action::TryAgain) {
                self.load();
            }
            return;
        }
        self.complete_rotations().await;
        match action {
            Action::Home => self.state().front = Front::Home,
            Action::Rotate { setup } => self.rotate(&setup).await,
            Action::CancelRotation => self.cancel_rotation().await,
            Action::CheckAll => self.check_all().await,
            Action::StopCheckAll => self.stop_check_all(),
            Action::SetEnd { setup, day } => self.set_end(&setup, &day),
            Action::SaveReminders => self.save_reminders(),
            Action::Examine { intake, name, size } => self.examine(&intake, &name, size),
            Action::PutAway { intake } => self.put_away(&intake),
            Action::BreakOff { serial } => self.break_off(serial),
            Action::Doctor { class } => self.state().open_doctor(class.as_deref()),
            Action::About => self.open_about(),
            Action::Arrived { setup } => self.state().open_arrived(&setup),
            Action::NameGroup { file, name } => self.state().name_group(&file, &name),
            Action::Compare => self.compare().await,
            Action::StopComparing => self.stop_comparing(),
            Action::SaveDifferences => self.save_differences().await,
            Action::NewSetup { practice } => {
                self.state().front = Front::NewSetup { practice, target: None, idp: None };
            }
            Action::ChooseTarget { target } => self.choose_target(target),
            Action::ChooseIdp { idp } => self.choose_idp(idp),
            Action::OpenSetup { setup } => self.open_setup(&setup).await,
            Action::RemoveSetup { setup } => self.remove_setup(&setup).await,
            Action::SaveRunbook => self.save_runbook(),
            Action::Dismiss { notice } => {
                self.state().notices.retain(|id, _| *id != notice);
            }
            Action::TryAgain => {}
            Action::Continue if matches!(self.state().front, Front::NewSetup { .. }) => self.begin().await,
            Action::Back if self.state().leave() => {}
            Action::Back if self.at_the_beginning() => self.state().front = Front::Home,
            other => self.in_session(other).await,
        }
    }

    /// Whether Back leads to Home from here.
    fn at_the_beginning(&self) -> bool {
        let state = self.state();
        match &state.front {
            Front::Home | Front::About | Front::NewSetup { .. } | Front::Doctor { .. } | Front::Arrived { .. } => true,
            Front::Setup(id) => {
                let first = |session: &Session| {
                    session.rotates() && session.guide.previous(session.setup.phase).is_none()
                        || session.setup.place == crate::setup::Place::Needs
                };
                state.sessions.get(id).is_none_or(first)
            }
        }
    }

    async fn in_session(&self, action: Action) {
        if let Action::FillSecret { block, secret } = &action
            && self.is_the_old_token(block, secret).await
        {
            return;
        }
        let now = self.now();
        let (id, tasks) = {
            let mut state = self.state();
            let Front::Setup(id) = state.front.clone() else {
                return;
            };
            let Some(session) = state.sessions.get_mut(&id) else {
                return;
            };
            (id.clone(), session.act(action, now))
        };
        self.perform(&id, tasks).await;
        self.complete_rotations().await;
    }

    /// After each change: save what changed, take announcements over, set the timer, tell the window.
    fn settle(&self) {
        let now = self.now();
        let mut state = self.state();
        state.refill();
        state.save_all(&self.inner.config.data_dir);
        state.take_announcements();
        if let Some(old) = state.wake.take() {
            old.abort();
        }
        let wakes = state.sessions.values().flat_map(|session| [session.next_wake(now), reminders::next(session, now)]);
        let next = wakes.flatten().min();
        // A machine that slept does not count the time: looked at once an hour, nothing is much too late.
        let wait = next.map_or(LONGEST_NAP, |at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
        let wait = wait.min(LONGEST_NAP) + Duration::from_millis(50);
        // The timer must not keep a closed window's data directory locked.
        let inner = Arc::downgrade(&self.inner);
        let timer = tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            if let Some(inner) = inner.upgrade() {
                Self { inner }.settle();
            }
        });
        state.wake = Some(timer.abort_handle());
        drop(state);
        self.inner.changed.send_modify(|revision| *revision += 1);
    }
}

impl State {
    fn save_all(&mut self, folder: &Path) {
        if self.blocked.is_some() {
            return;
        }
        // A folder that could not be used at the start may have been mended since.
        let store = match self.store.take().map_or_else(|| Store::open(folder), Ok) {
            Ok(store) => self.store.insert(store),
            Err(problem) => {
                self.notices.insert("disk".into(), problem);
                return;
            }
        };
        let mut failed = None;
        for (id, session) in &self.sessions {
            if self.saved.get(id) == Some(&session.setup) {
                continue;
            }
            match store.save(&session.setup) {
                Ok(()) => {
                    self.saved.insert(id.clone(), session.setup.clone());
                }
                Err(problem) => failed = Some(problem),
            }
        }
        match failed {
            Some(problem) => {
                self.notices.insert("disk".into(), problem);
            }
            None => {
                self.notices.remove("disk");
            }
        }
    }

    fn take_announcements(&mut self) {
        let texts: Vec<String> = self.sessions.values_mut().filter_map(|session| session.announcement.take()).collect();
        for text in texts {
            self.announce(text);
        }
    }

    fn announce(&mut self, text: String) {
        let serial = self.announcement.as_ref().map_or(1, |last| last.serial + 1);
        self.announcement = Some(Announcement { serial, text });
    }

    fn current(&self) -> Option<&Session> {
        match &self.front {
            Front::Setup(id) => self.sessions.get(id),
            Front::Home | Front::About | Front::NewSetup { .. } | Front::Doctor { .. } | Front::Arrived { .. } => None,
        }
    }
}

//! An app with its own folder, driven by actions. Its practice world is whatever addresses a test gives.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tempfile::TempDir;
use tokio::time::timeout;
use usher_core::{
    Action, App, Phase, Secret, View,
    app::{Config, World},
    http::Limits,
    view::{CheckState, Screen, SecretState},
};

use super::{look, target::Target, vaults::Lockable};

pub(crate) const CREATE: &str = "greenlake-create-token";
pub(crate) const ROTATE: &str = "greenlake-rotate-token";
pub(crate) const TEST: &str = "scim-test-connection";
/// A personal access token that says nothing about itself.
pub(crate) const ACCESS: &str = "pat-AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ1234";

/// Short enough for a test, long enough for a busy machine.
pub(crate) fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        total: Duration::from_secs(10),
        pause: Duration::from_millis(10),
        longest_wait: Duration::from_secs(2),
        ..Limits::default()
    }
}

/// Where an app lives.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) vault: Arc<Lockable>,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room"), vault: Lockable::new() }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn config(&self) -> Config {
        let documents = self.folder.path().join("documents");
        Config {
            limits: limits(),
            patience: Duration::from_secs(20),
            ..Config::new(self.data_dir(), documents, self.vault.clone(), self.vault.clone())
        }
    }

    /// An app whose practice world is at these addresses.
    pub(crate) fn open(&self, addresses: BTreeMap<String, String>) -> App {
        self.open_with(addresses, |_| {})
    }

    pub(crate) fn open_with(&self, addresses: BTreeMap<String, String>, change: impl FnOnce(&mut Config)) -> App {
        let mut config = self.config();
        config.practice = Some(Arc::new(move |_| {
            let addresses = addresses.clone();
            Box::pin(async move { Ok(World { addresses, guard: Box::new(()) }) })
        }));
        change(&mut config);
        App::open(config)
    }

    /// The files of setups.
    pub(crate) fn setups(&self) -> Vec<PathBuf> {
        json_files(&self.data_dir())
    }

    /// The id of the only setup.
    pub(crate) fn setup(&self) -> String {
        let files = self.setups();
        assert_eq!(files.len(), 1, "one setup");
        files[0].file_stem().expect("it has a name").to_string_lossy().into_owned()
    }

    /// What the vault holds for a slot of the only setup.
    pub(crate) fn holds(&self, slot: &str) -> Option<String> {
        self.vault.holds(&format!("{}/{slot}", self.setup()))
    }
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    all.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

/// An app on a target, at step 3 with an access token.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) home: Home,
    pub(crate) target: Target,
}

impl Stage {
    pub(crate) async fn at_step_3(target: Target) -> Self {
        let home = Home::new();
        let app = home.open(target.addresses());
        to_step_3(&app, ACCESS).await;
        Self { app, home, target }
    }

    /// Presses a check's button and waits for its end.
    pub(crate) async fn run(&self, block: &str) -> View {
        run(&self.app, block).await
    }

    /// The token is in the vault, or can be copied and it is said that it is not saved.
    pub(crate) async fn assert_safe(&self, token: &str) {
        for slot in ["scim-token", "unread-answer"] {
            if self.home.holds(slot).is_some_and(|held| held.contains(token)) {
                return;
            }
        }
        let copied = self.app.copyable("proxy-token").await.expect("what is not in the vault can be copied");
        assert_eq!(copied.value.expose(), token);
        let view = self.app.view();
        let state = look::secret(&view, "proxy-token").0;
        assert!(matches!(state, SecretState::Filled { saved: false, .. }), "{state:?}");
        let notice = look::notice(&view, "vault").expect("a notice says so");
        assert!(notice.message.contains("could not be saved"), "{}", notice.message);
    }
}

/// A new practice setup, at the screen that says what is needed.
pub(crate) async fn begin(app: &App) -> View {
    begin_one(app, true).await
}

async fn begin_one(app: &App, practice: bool) -> View {
    app.act(Action::NewSetup { practice }).await;
    app.act(Action::ChooseTarget { target: "hpe-greenlake".into() }).await;
    app.act(Action::ChooseIdp { idp: "entra".into() }).await;
    let view = app.act(Action::Continue).await;
    assert!(matches!(view.screen, Screen::Needs(_)), "{:#?}", view.screen);
    view
}

/// To the step that asks for the access token.
pub(crate) async fn to_step_2(app: &App) -> View {
    to_step_2_of(app, true).await
}

pub(crate) async fn to_step_2_of(app: &App, practice: bool) -> View {
    begin_one(app, practice).await;
    app.act(Action::Continue).await;
    app.act(Action::Tick { block: "role-assigned".into(), row: String::new(), done: true }).await;
    let view = app.act(Action::Continue).await;
    assert_eq!(look::step(&view).phase, Phase::AccessToken);
    view
}

pub(crate) async fn paste(app: &App, token: &str) -> View {
    app.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new(token) }).await
}

pub(crate) async fn to_step_3(app: &App, access: &str) -> View {
    to_step_2(app).await;
    paste(app, access).await;
    app.act(Action::Continue).await;
    until(app, "step 3", |view| matches!(&view.screen, Screen::Step(step) if step.phase == Phase::ScimToken)).await
}

pub(crate) async fn run(app: &App, block: &str) -> View {
    app.act(Action::Run { block: block.into() }).await;
    let ended = |view: &View| !matches!(look::check_or_none(view, block), Some(CheckState::Running { .. }));
    until(app, &format!("the end of {block}"), ended).await;
    // What follows the end, such as a secret that is no longer needed, belongs to the same turn.
    app.act(Action::TryAgain).await
}

/// Waits for a view that is as wanted.
pub(crate) async fn until(app: &App, what: &str, holds: impl Fn(&View) -> bool) -> View {
    let mut changes = app.changes();
    let seen = async {
        loop {
            changes.borrow_and_update();
            let view = app.view();
            if holds(&view) {
                return view;
            }
            changes.changed().await.expect("the app lives");
        }
    };
    let seen = timeout(Duration::from_secs(60), seen).await;
    seen.unwrap_or_else(|_| panic!("waited in vain for {what}; there is {:#?}", app.view().screen))
}

/// A moment that a test can hold on to.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

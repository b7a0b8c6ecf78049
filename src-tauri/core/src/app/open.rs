//! Opening: the data directory, a new setup, an existing one, its practice world; and removing.

use std::{collections::BTreeMap, fs, sync::Arc};

use url::Url;

use super::{App, Front, PracticeRequest, State, tokens::blocking};
use crate::{
    error::{Code, Problem},
    recipe::{Guide, Purpose, RecipeError, Recipes},
    secret::Secret,
    session::Session,
    setup::Setup,
    store::Store,
    vault::Vault,
    view::Screen,
};

impl App {
    pub(super) fn load(&self) {
        let mut state = self.state();
        *state = State::default();
        match (self.inner.config.recipes)() {
            Ok(recipes) => state.recipes = Some(recipes),
            Err(error) => {
                let problem =
                    Problem::new(Code::UnreadableFile, format!("A recipe of this version cannot be used: {error}"));
                state.blocked =
                    Some(problem.hint("Install another version of Usher, and tell its makers what stands here."));
                return;
            }
        }
        match Store::open(&self.inner.config.data_dir) {
            Ok(store) => {
                let (setups, unreadable) = store.load();
                state.store = Some(store);
                state.unreadable = unreadable;
                for setup in setups {
                    state.admit(setup);
                }
                state.set_strays_aside();
            }
            // Without a folder Usher still works, and says that nothing is saved.
            Err(problem) if problem.code == Code::Disk => {
                state.notices.insert("disk".into(), problem);
            }
            Err(problem) => state.blocked = Some(problem),
        }
    }

    pub(super) fn choose_target(&self, chosen: String) {
        let mut state = self.state();
        let fits = |recipes: &Recipes, practice: bool| !practice || recipes.practice(&chosen).is_some();
        let known = state
            .recipes
            .as_ref()
            .map(|recipes| (recipes.targets().iter().any(|t| t.id == chosen), fits(recipes, true)));
        if let Front::NewSetup { practice, target, idp } = &mut state.front
            && let Some((true, practised)) = known
            && (practised || !*practice)
        {
            *target = Some(chosen);
            *idp = None;
        }
    }

    pub(super) fn choose_idp(&self, chosen: String) {
        let mut state = self.state();
        let has_guide = |state: &State| match &state.front {
            Front::NewSetup { target: Some(target), .. } => {
                state.recipes.as_ref().is_some_and(|recipes| recipes.has_guide(target, &chosen))
            }
            _ => false,
        };
        if has_guide(&state)
            && let Front::NewSetup { idp, .. } = &mut state.front
        {
            *idp = Some(chosen);
        }
    }

    /// Makes the chosen setup and opens it.
    pub(super) async fn begin(&self) {
        let now = self.now();
        let setup = {
            let mut state = self.state();
            let Front::NewSetup { practice, target: Some(target), idp: Some(idp) } = state.front.clone() else {
                return;
            };
            let id = format!("{target}-{idp}-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
            let mut setup = Setup::new(id, target, idp, practice, now);
            setup.note(now, "The connection was begun.");
            state.admit(setup.clone());
            setup
        };
        self.open_setup(&setup.id).await;
        // A practice world that cannot start leaves no empty setup behind.
        if matches!(self.state().front, Front::NewSetup { .. }) {
            self.state().sessions.remove(&setup.id);
        }
    }

    pub(super) async fn open_setup(&self, id: &str) {
        let (practice, owner) = {
            let state = self.state();
            let Some(session) = state.sessions.get(id) else {
                return;
            };
            let owner = session.setup.owner().to_owned();
            (session.setup.practice && !state.worlds.contains_key(&owner), owner)
        };
        if practice && let Err(problem) = self.start_world(&owner).await {
            self.state().notices.insert("practice".into(), problem);
            return;
        }
        self.recover(id).await;
        let mut state = self.state();
        state.notices.remove("practice");
        state.front = Front::Setup(id.to_owned());
    }

    pub(super) async fn start_world(&self, id: &str) -> Result<(), Problem> {
        let no_world = || Problem::new(Code::Practice, "There is no practice world in this version of Usher.");
        let (target, state_file) = {
            let state = self.state();
            let setup = state.sessions.get(id).map(|session| session.setup.clone()).ok_or_else(no_world)?;
            let target =
                state.recipes.as_ref().and_then(|recipes| recipes.practice(&setup.target)).ok_or_else(no_world)?;
            // Without a data folder the practice world lives in a place of its own until the window closes.
            let fallback = || std::env::temp_dir().join(format!("usher-{id}.json"));
            (target.to_owned(), state.store.as_ref().map_or_else(fallback, |store| store.practice_state(id)))
        };
        if let Some(folder) = state_file.parent() {
            // If this fails, the practice world says so itself.
            let _ = fs::create_dir_all(folder);
        }
        let seed = self.practice_seed(id).await?;
        let start = self.inner.config.practice.clone().ok_or_else(no_world)?;
        let world = start(PracticeRequest { target, seed, state_file }).await?;
        let mut state = self.state();
        state.enter(id, &world.addresses)?;
        state.worlds.insert(id.to_owned(), world);
        Ok(())
    }

    /// From the vault, or new. If the vault refuses a new one, the practice world cannot be resumed later; that is all.
    /// A world that was used is never given another seed: every token in it would change.
    async fn practice_seed(&self, id: &str) -> Result<[u8; 32], Problem> {
        let key = format!("{id}/practice-seed");
        let vault = self.inner.config.practice_vault.clone();
        let known = blocking(&vault, {
            let key = key.clone();
            move |vault| vault.get(&key)
        })
        .await;
        let fresh = self.state().sessions.get(id).is_none_or(|session| session.setup.reached.is_empty());
        match known {
            Ok(Some(secret)) => {
                if let Some(seed) = seed_of(&secret) {
                    return Ok(seed);
                }
            }
            Err(problem) if !fresh => return Err(problem),
            Ok(None) if !fresh => return Err(no_seed()),
            Ok(None) | Err(_) => {}
        }
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| Problem::new(Code::Practice, "This system gave no random numbers."))?;
        let hex = Secret::new(seed.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let _ = blocking(&vault, move |vault| vault.put(&key, &hex)).await;
        Ok(seed)
    }

    pub(super) fn vault(&self, practice: bool) -> Arc<dyn Vault> {
        let config = &self.inner.config;
        if practice { config.practice_vault.clone() } else { config.vault.clone() }
    }

    pub(super) fn save_runbook(&self) {
        let Screen::Finish(finish) = self.shown().screen else {
            return;
        };
        let now = self.now();
        let mut state = self.state();
        let Some(session) = state.current() else {
            return;
        };
        let stage = state.stage(session, now);
        let text = crate::runbook::text(&finish, &stage.tables(), session.setup.practice);
        let name = format!("Usher runbook {} from {}", session.guide.target_short, session.guide.idp_short);
        let id = session.setup.id.clone();
        match crate::runbook::save(&self.inner.config.documents_dir, &name, "md", &text) {
            Ok(path) => {
                let path = path.display().to_string();
                state.announce(format!("Runbook saved in {path}."));
                state.notices.remove("runbook");
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.setup.runbook = Some(path);
                    session.setup.note(now, "The runbook was saved.");
                }
            }
            Err(problem) => {
                state.notices.insert("runbook".into(), problem);
            }
        }
    }
}

/// A practice world that was resumed may listen on another port; what was typed and learnt of it moves with it.
fn moved(setup: &mut Setup, world: &Url) {
    for text in setup.learned.values_mut().chain(setup.answers.values_mut()) {
        let Ok(mut url) = Url::parse(text) else { continue };
        if crate::http::is_loopback(&url) && url.port() != world.port() && url.set_port(world.port()).is_ok() {
            *text = url.into();
        }
    }
}

fn no_seed() -> Problem {
    Problem::new(Code::Practice, "The key of this practice world is not in your keyring, so it cannot be opened again.")
        .hint("Remove this practice connection and begin a new one. Nothing real is lost.")
}

impl State {
    /// Takes a setup into the list, with the real addresses or those of its running practice world; one that starts later
    /// replaces them.
    pub(super) fn admit(&mut self, setup: Setup) {
        let addresses = self.worlds.get(setup.owner()).map(|world| &world.addresses);
        let guide = self.recipes.as_ref().map(|recipes| guide(recipes, &setup, addresses));
        match guide {
            Some(Ok(guide)) => {
                let session = Session::new(setup, Arc::new(guide));
                if let Some(slot) = session.lost.first() {
                    self.notices.insert(format!("lost-{}", session.setup.id), lost(&session, slot));
                }
                self.sessions.insert(session.setup.id.clone(), session);
            }
            Some(Err(_)) | None => self.unreadable.push(
                Problem::new(
                    Code::UnreadableFile,
                    format!(
                        "The connection {} is between systems that this version of Usher has no guide for.",
                        setup.id
                    ),
                )
                .hint("Its file was left as it is; the version that made it can open it."),
            ),
        }
    }

    /// A rotation whose setup could not be read waits until that can be.
    fn set_strays_aside(&mut self) {
        let known: Vec<String> = self.sessions.keys().cloned().collect();
        let strays: Vec<String> = self
            .sessions
            .values()
            .filter(|session| !known.iter().any(|id| id == session.setup.owner()))
            .map(|session| session.setup.id.clone())
            .collect();
        for id in strays {
            self.sessions.remove(&id);
            let problem = Problem::new(
                Code::UnreadableFile,
                format!(
                    "The file {id}.json is about the rotation of a token, and the connection that it belongs to is not there."
                ),
            );
            self.unreadable.push(problem.hint("It was left as it is, and its new token in the keyring too."));
        }
    }

    /// The addresses of a practice world, for its setup and for the rotation of its token.
    fn enter(&mut self, owner: &str, addresses: &BTreeMap<String, String>) -> Result<(), Problem> {
        let Some(recipes) = self.recipes.as_ref() else { return Ok(()) };
        let world = addresses.get("api_base_url").and_then(|address| Url::parse(address).ok());
        for session in self.sessions.values_mut().filter(|session| session.setup.owner() == owner) {
            if let Some(world) = &world {
                moved(&mut session.setup, world);
            }
            let guide = guide(recipes, &session.setup, Some(addresses)).map_err(|error| {
                Problem::new(Code::Practice, format!("The practice world does not fit its recipe: {error}"))
            })?;
            session.guide = Arc::new(guide);
        }
        Ok(())
    }

    /// Fills the recipe anew where values were typed or answered since.
    pub(super) fn refill(&mut self) {
        let Some(recipes) = &self.recipes else { return };
        for session in self.sessions.values_mut() {
            let setup = &session.setup;
            if setup.learned.iter().all(|(name, value)| session.guide.values.get(name) == Some(value)) {
                continue;
            }
            let addresses = self.worlds.get(setup.owner()).map(|world| &world.addresses);
            match guide(recipes, setup, addresses) {
                Ok(guide) => session.guide = Arc::new(guide),
                Err(error) => tracing::error!(%error, "a value that was learnt does not fit the recipe"),
            }
        }
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.sessions.remove(id);
        self.worlds.remove(id);
        self.saved.remove(id);
        let prefix = format!("{id}/");
        self.memory.retain(|key, _| !key.starts_with(&prefix));
        let running: Vec<_> = self.tasks.keys().filter(|(setup, _)| setup == id).cloned().collect();
        for key in running {
            if let Some(stop) = self.tasks.remove(&key) {
                stop.cancel();
            }
        }
        self.stop_examining_for(id);
        self.forget_arrived(id);
        self.front.replace(&Front::Setup(id.to_owned()), Front::Home);
    }
}

/// The six steps, or those of the rotation.
fn guide(recipes: &Recipes, setup: &Setup, addresses: Option<&BTreeMap<String, String>>) -> Result<Guide, RecipeError> {
    let purpose = if setup.rotates.is_some() { Purpose::Rotation } else { Purpose::Setup };
    recipes.guide(&setup.target, &setup.idp, purpose, addresses, &setup.learned)
}

/// A secret that the keyring had refused is gone with the window that held it.
fn lost(session: &Session, slot: &str) -> Problem {
    let Guide { target_name, idp_name, .. } = &*session.guide;
    let (label, step) = (session.slot_label(slot), session.home_of(slot).map_or(1, |home| session.guide.number(home)));
    Problem::new(
        Code::Vault,
        format!("The {label} of {target_name} ← {idp_name} could not be saved and was lost when Usher was closed."),
    )
    .hint(format!("Open the connection: step {step} gets a new one. What was proved without it stays proved."))
    .hint("If you copied it to a safe place, the token itself still works where it is in use.")
}

fn seed_of(secret: &Secret) -> Option<[u8; 32]> {
    let hex = secret.expose();
    let mut seed = [0; 32];
    for (index, byte) in seed.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(seed)
}

//! The screen about the program itself: opened, and what is told there gathered.

use std::sync::Arc;

use jiff::Timestamp;

use super::{App, Front, State, tokens::blocking};
use crate::{
    about::{self, Computer, Connection, Known, Surroundings, Trouble},
    class::Class,
    error::Problem,
    http,
    session::Session,
    setup::Setup,
    status::{self, Question},
    view,
};

/// A name under which nothing is ever stored: looking for it says whether the keyring answers. A keyring that is locked
/// has nothing to unlock for it.
const NEVER_STORED: &str = "diagnostics/never-stored";

/// What was found out when the screen was opened.
#[derive(Clone)]
pub(super) struct Looked {
    at: Timestamp,
    computer: Computer,
    proxy: String,
    log: bool,
    /// `None` while it is asked.
    keyring: Option<Result<(), Problem>>,
}

impl App {
    /// What only the shell knows. To be called again when it changes.
    pub fn surrounded_by(&self, change: impl FnOnce(&mut Surroundings)) {
        let mut state = self.state();
        let before = state.around.clone();
        change(&mut state.around);
        let changed = state.around != before && state.front == Front::About;
        drop(state);
        if changed {
            self.settle();
        }
    }

    /// The keyring is asked in the background: it may take its time.
    pub(super) fn open_about(&self) {
        let looked = Looked {
            at: self.now(),
            computer: Computer::this(),
            proxy: http::proxy_setting(),
            log: std::env::var_os("USHER_LOG").is_some(),
            keyring: None,
        };
        {
            let mut state = self.state();
            state.front = Front::About;
            state.looked = Some(looked);
        }
        let (inner, vault) = (Arc::downgrade(&self.inner), self.vault(false));
        tokio::spawn(async move {
            let answer = blocking(&vault, |vault| vault.get(NEVER_STORED)).await.map(drop);
            let Some(inner) = inner.upgrade() else { return };
            let app = Self { inner };
            if let Some(looked) = &mut app.state().looked {
                looked.keyring = Some(answer);
            }
            app.settle();
        });
    }
}

impl State {
    pub(super) fn about(&self, config: &super::Config) -> view::About {
        let text = self.diagnostics(config).unwrap_or_default();
        about::screen(&config.data_dir, &config.documents_dir, &self.around, text)
    }

    /// As it is shown; nothing before the screen was opened.
    pub(super) fn diagnostics(&self, config: &super::Config) -> Option<String> {
        let looked = self.looked.as_ref()?;
        let own = || self.sessions.values().filter(|session| !session.rotates());
        Some(about::text(&Known {
            now: looked.at,
            computer: looked.computer.clone(),
            around: self.around.clone(),
            data_folder: about::data_folder(&config.data_dir),
            keyring: looked.keyring.clone(),
            proxy: looked.proxy.clone(),
            log: looked.log,
            connections: own().map(|session| self.without_names(session, looked.at)).collect(),
            rotations: self.sessions.values().filter(|session| session.rotates()).count(),
            unreadable: self.unreadable.len(),
            practice_worlds: self.worlds.len(),
            troubles: self.sessions.values().flat_map(troubles).collect(),
            notices: self.notices.values().map(|problem| problem.code).collect(),
        }))
    }

    fn without_names(&self, session: &Session, now: Timestamp) -> Connection {
        let Setup { id, target, idp, practice, phase, checked, .. } = &session.setup;
        let question = Question { within: status::SOON, ask: None, now };
        let asked = checked.as_ref().map(|checked| checked.problem.clone().map_or(Ok(()), Err));
        let line = status::line(&session.setup, self.rotation_of(id), &session.guide, asked.as_ref(), &question);
        Connection {
            target: target.clone(),
            idp: idp.clone(),
            practice: *practice,
            state: Connection::state(line.state, *phase),
            days_left: line.days_left,
        }
    }
}

/// Checks that failed and are open, and what the last check of the token said.
fn troubles(session: &Session) -> Vec<Trouble> {
    let setup = &session.setup;
    let trouble = |problem: &Problem, at: Timestamp| Trouble {
        at,
        code: problem.code,
        class: problem.class.or_else(|| Class::of(problem.code)),
        target: setup.target.clone(),
        idp: setup.idp.clone(),
    };
    let open = session.failures.values().map(|failure| trouble(&failure.problem, failure.at));
    let checked = setup.checked.as_ref().and_then(|checked| Some(trouble(checked.problem.as_ref()?, checked.at)));
    open.chain(checked).collect()
}

//! A setup taken off this computer, with the rotation of its token.

use super::{App, State, tokens::blocking};
use crate::{
    error::{Code, Problem},
    session::{Session, UNREAD},
    setup::Setup,
};

impl App {
    /// Its secrets first, so that none is left behind unnoticed; those of its rotation with them, because one of the two
    /// alone would be of no use.
    pub(super) async fn remove_setup(&self, id: &str) {
        let rotation = Setup::rotation_id(id);
        let (keys, practice) = {
            let mut state = self.state();
            let Some(session) = state.sessions.get(id) else { return };
            let practice = session.setup.practice;
            let both = [id, &rotation];
            let issuing = |id: &&str| state.sessions.get(*id).is_some_and(Session::issuing);
            if both.iter().any(issuing) {
                let problem = Problem::new(Code::Conflict, "A token is being issued for this connection right now.")
                    .hint("Wait until it is there, then remove the connection.");
                state.notices.insert("remove".into(), problem);
                return;
            }
            (both.iter().flat_map(|id| state.keys(id)).collect::<Vec<_>>(), practice)
        };
        let vault = self.vault(practice);
        let removed = blocking(&vault, move |vault| keys.iter().try_for_each(|key| vault.remove(key))).await;
        let mut state = self.state();
        if let Err(problem) = removed
            && (state.holds_saved(id) || state.holds_saved(&rotation))
        {
            let problem = problem.hint("The connection stays in the list until its secrets are gone.");
            state.notices.insert("remove".into(), problem);
            return;
        }
        let store = state.store.as_ref();
        let removed = store.map_or(Ok(()), |store| store.remove(id).and_then(|()| store.remove(&rotation)));
        if let Err(problem) = removed {
            state.notices.insert("remove".into(), problem);
            return;
        }
        state.notices.remove("remove");
        state.forget(&rotation);
        state.forget(id);
        state.announce("Removed from this computer.".into());
    }
}

impl State {
    /// Every key that a setup can have in the vault.
    pub(super) fn keys(&self, id: &str) -> Vec<String> {
        let slots = self.sessions.get(id).map(|session| session.guide.slots.keys().cloned().collect());
        let slots: Vec<String> = slots.unwrap_or_default();
        let own = ["practice-seed", UNREAD].map(str::to_owned);
        slots.into_iter().chain(own).map(|slot| format!("{id}/{slot}")).collect()
    }

    /// Whether a secret of the setup rests in the vault, as far as is known without asking it. What practice leaves
    /// there opens nothing.
    fn holds_saved(&self, id: &str) -> bool {
        let session = self.sessions.get(id);
        session.is_some_and(|session| !session.setup.practice && session.setup.slots.values().any(|slot| slot.saved))
    }
}

//! A token replaced by another one: begun, gone on with, completed or stopped. A rotation is a session of its own beside
//! its setup's, in a file and with vault keys of its own, so that the setup and its token stay as they are until
//! everything is proved.

use std::time::Duration;

use super::{App, Front, State, tokens::SCIM_TOKEN, tokens::blocking};
use crate::{
    error::{Code, Phase, Problem},
    health,
    recipe::OLD_TOKEN,
    session::{Session, UNREAD},
    setup::{Checked, OLD_TOKEN_SLOT, Place, Setup},
};

/// How long stopping waits for the target's word on the old token.
const PATIENCE: Duration = Duration::from_secs(10);

impl App {
    /// Begins to replace the token of a setup, or goes on with it.
    pub(super) async fn rotate(&self, setup: &str) {
        let rotation = Setup::rotation_id(setup);
        {
            let mut state = self.state();
            if !state.can_rotate(setup) {
                return;
            }
            if !state.sessions.contains_key(&rotation) {
                state.begin_rotation(setup, self.now());
            }
        }
        // A practice world has to run before its addresses are known.
        self.open_setup(setup).await;
        if self.state().front == Front::Setup(setup.to_owned()) {
            self.open_setup(&rotation).await;
        }
    }

    /// Hands everything that is done over to its setup: the new token first, its file last, so that a stop in between
    /// finds at least one of the two whole, and can be gone on with.
    pub(super) async fn complete_rotations(&self) {
        let done: Vec<String> = {
            let state = self.state();
            let done =
                state.sessions.values().filter(|session| session.rotates() && session.setup.place == Place::Finish);
            done.map(|session| session.setup.id.clone()).collect()
        };
        for rotation in done {
            self.complete(&rotation).await;
        }
    }

    async fn complete(&self, rotation: &str) {
        let Some((owner, unsaved)) = ({
            let mut state = self.state();
            state.save_all(&self.inner.config.data_dir);
            let facts = state.sessions.get(rotation).map(|session| &session.setup);
            facts.map(|setup| (setup.owner().to_owned(), setup.slots.get(SCIM_TOKEN).is_some_and(|facts| !facts.saved)))
        }) else {
            return;
        };
        match self.secret(rotation, SCIM_TOKEN).await {
            Ok(Some(secret)) => {
                // Where the keyring has refused it all along, the window keeps it as before.
                let put = if unsaved {
                    Ok(self.keep(&owner, SCIM_TOKEN, secret).await)
                } else {
                    let key = format!("{owner}/{SCIM_TOKEN}");
                    let vault = self.vault(self.practice(rotation));
                    blocking(&vault, move |vault| vault.put(&key, &secret)).await.map(|()| true)
                };
                match put {
                    Ok(saved) => self.hand_over(rotation, &owner, saved),
                    Err(problem) => return self.not_complete(rotation, problem),
                }
            }
            // It was handed over before the window was closed.
            Ok(None) if self.state().has_new_token(rotation, &owner) => {}
            Ok(None) => {
                self.gone_from_vault(rotation, SCIM_TOKEN);
                return;
            }
            Err(problem) => return self.not_complete(rotation, problem),
        }
        {
            let mut state = self.state();
            if state.front == Front::Setup(rotation.to_owned()) {
                state.front = Front::Setup(owner.clone());
            }
            state.announce("The token is replaced.".into());
        }
        self.clear_away(rotation, &owner).await;
    }

    fn hand_over(&self, rotation: &str, owner: &str, saved: bool) {
        let now = self.now();
        let mut state = self.state();
        if state.has_new_token(rotation, owner) {
            return;
        }
        let Some(done) = state.sessions.get(rotation).map(|session| session.setup.clone()) else { return };
        let Some(session) = state.sessions.get_mut(owner) else { return };
        session.take_over(&done, saved, now);
        state.save_all(&self.inner.config.data_dir);
    }

    /// The keyring did not take the new token over: the last step stays open.
    fn not_complete(&self, rotation: &str, problem: Problem) {
        let mut state = self.state();
        if let Some(session) = state.sessions.get_mut(rotation) {
            session.setup.place = Place::Step;
            session.setup.finished_at = None;
        }
        let problem =
            Problem { message: format!("The new token is not in its place yet. {}", problem.message), ..problem };
        let problem = problem.hint("Nothing is lost: both tokens are kept. Then press **Finish** once more.");
        state.announce(problem.message.clone());
        state.notices.insert("vault".into(), problem);
    }

    /// Stops the rotation that is open. The old token stays, if the target says that it still counts.
    pub(super) async fn cancel_rotation(&self) {
        let Some((rotation, owner, made)) = ({
            let state = self.state();
            let open = state.current().filter(|session| session.rotates());
            open.map(|session| {
                let setup = &session.setup;
                (setup.id.clone(), setup.owner().to_owned(), setup.slots.contains_key(SCIM_TOKEN))
            })
        }) else {
            return;
        };
        if let Some(problem) = self.cannot_stop(&rotation, made).await {
            let mut state = self.state();
            state.announce(crate::template::plain(&problem.message));
            state.notices.insert("rotation".into(), problem);
            return;
        }
        let now = self.now();
        {
            let mut state = self.state();
            let Some(stopped) = state.sessions.get(&rotation).map(|session| session.setup.clone()) else { return };
            let words = state.sessions.get(&rotation).map(stopped_words);
            if let Some(session) = state.sessions.get_mut(&owner) {
                session.setup.journal.extend(stopped.journal.iter().cloned());
                let old = session.setup.slots.get(SCIM_TOKEN).map_or("", |facts| &facts.last_four).to_owned();
                session.setup.note(now, format!("The rotation was stopped. The token ending in {old} stays in use."));
            }
            state.notices.remove("rotation");
            if let (Some(problem), true) = (words, made) {
                state.notices.insert("rotation".into(), problem);
            }
            state.announce("The rotation was stopped. The old token stays in use.".into());
            state.save_all(&self.inner.config.data_dir);
        }
        self.clear_away(&rotation, &owner).await;
        self.state().front = Front::Setup(owner);
    }

    async fn cannot_stop(&self, rotation: &str, made: bool) -> Option<Problem> {
        let (issuing, guide, scim) = {
            let state = self.state();
            let session = state.sessions.get(rotation)?;
            let issuing = session.running.values().any(|running| running.operation.issues());
            (issuing, session.guide.clone(), session.value("scim").to_owned())
        };
        if issuing {
            let problem = Problem::new(Code::Conflict, "A token is being issued for this connection right now.");
            return Some(problem.hint("Wait until it is there; then the rotation can be stopped."));
        }
        if !made {
            return None;
        }
        let old = match self.secret(rotation, OLD_TOKEN_SLOT).await {
            Ok(Some(old)) => old,
            Ok(None) => {
                let problem = Problem::new(Code::Vault, "The old token is no longer in your system's keyring.");
                return Some(problem.hint("Go on with the rotation: the new token is kept."));
            }
            Err(problem) => return Some(problem),
        };
        let limits = self.limits(rotation, PATIENCE);
        let problem = health::ask(&guide, &scim, &old, limits, self.now()).await.err()?;
        Some(match problem.code {
            Code::Unauthorized | Code::Forbidden => Problem::new(
                Code::Unauthorized,
                format!(
                    "The rotation cannot be stopped any more: {} no longer accepts the old token.",
                    guide.target_short
                ),
            )
            .hint("Go on: the new token is kept, and is the one that works."),
            _ => Problem {
                message: format!(
                    "Whether {} still accepts the old token could not be asked. {}",
                    guide.target_short, problem.message
                ),
                ..problem
            }
            .hint("Nothing was changed. Stop the rotation once more when the endpoint can be reached."),
        })
    }

    /// Takes what only the rotation had out of the vault and off the disk.
    async fn clear_away(&self, rotation: &str, owner: &str) {
        let keys = [SCIM_TOKEN, "access-token", UNREAD].map(|slot| format!("{rotation}/{slot}"));
        let gone = self.state().superseded(owner);
        let keys: Vec<String> = keys.into_iter().chain(gone.iter().map(|slot| format!("{owner}/{slot}"))).collect();
        let vault = self.vault(self.practice(rotation));
        let removed = blocking(&vault, move |vault| keys.iter().try_for_each(|key| vault.remove(key))).await;
        let mut state = self.state();
        if let Err(problem) = removed {
            // The file stays, so that the next start tries again.
            state.notices.entry("vault".into()).or_insert(problem);
            return;
        }
        for slot in gone {
            if let Some(session) = state.sessions.get_mut(owner) {
                session.setup.slots.remove(&slot);
            }
        }
        if let Some(Err(problem)) = state.store.as_ref().map(|store| store.remove(rotation)) {
            state.notices.insert("remove".into(), problem);
            return;
        }
        state.forget(rotation);
    }
}

/// What is left to do at the consoles when a rotation was stopped after the new token was made.
fn stopped_words(session: &Session) -> Problem {
    let (target, idp) = (&session.guide.target_short, &session.guide.idp_short);
    let new = session.setup.slots.get(SCIM_TOKEN).map_or("", |facts| facts.last_four.as_str());
    let problem = Problem::new(Code::Cancelled, "The rotation was stopped. The old token stays in use.")
        .hint(format!("Delete the new token ending in {new} at {target}, if it can be deleted there: nobody uses it."));
    if session.setup.reached.contains(&Phase::IdpCredentials) {
        return problem.hint(format!(
            "If the new token was already entered in {idp}, enter the old one there again before you delete the new one: step 4 of the setup has it."
        ));
    }
    problem
}

impl State {
    /// Whether there is a token in use that can be replaced.
    pub(super) fn can_rotate(&self, setup: &str) -> bool {
        self.sessions.get(setup).is_some_and(|session| {
            !session.rotates() && session.setup.finished_at.is_some() && session.setup.slots.contains_key(SCIM_TOKEN)
        })
    }

    fn begin_rotation(&mut self, setup: &str, now: jiff::Timestamp) {
        let Some(session) = self.sessions.get_mut(setup) else { return };
        let Some(old) = session.setup.slots.get(SCIM_TOKEN).cloned() else { return };
        session.setup.note(now, format!("The rotation of the token ending in {} was begun.", old.last_four));
        let of = &session.setup;
        let mut rotation = Setup::new(Setup::rotation_id(setup), of.target.clone(), of.idp.clone(), of.practice, now);
        rotation.rotates = Some(setup.to_owned());
        rotation.place = Place::Step;
        rotation.learned = of.learned.clone();
        let since = old.entered_at.to_zoned(jiff::tz::TimeZone::system()).strftime("%-d %B %Y").to_string();
        rotation.learned.extend(OLD_TOKEN.map(str::to_owned).into_iter().zip([old.last_four.clone(), since]));
        rotation.slots.insert(OLD_TOKEN_SLOT.to_owned(), old);
        let answers = of.answers.clone();
        let id = rotation.id.clone();
        self.admit(rotation);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        // What was typed once need not be typed again.
        let guide = session.guide.clone();
        session.setup.answers = answers.into_iter().filter(|(block, _)| guide.input(block).is_some()).collect();
        if let Some(first) = guide.phases.first() {
            session.setup.phase = first.phase;
            session.setup.reached.insert(first.phase);
        }
    }

    /// Whether the setup has the token that its rotation brought.
    fn has_new_token(&self, rotation: &str, owner: &str) -> bool {
        let facts = |id: &str| self.sessions.get(id)?.setup.slots.get(SCIM_TOKEN);
        let (new, current) = (facts(rotation), facts(owner));
        new.zip(current)
            .is_some_and(|(new, current)| new.last_four == current.last_four && new.entered_at == current.entered_at)
    }

    /// Other slots of a setup with the token that was replaced: it had been taken over from there.
    fn superseded(&self, owner: &str) -> Vec<String> {
        let rotation = self.sessions.get(&Setup::rotation_id(owner)).map(|session| &session.setup);
        let done = rotation.filter(|setup| setup.place == Place::Finish);
        let Some(old) = done.and_then(|setup| setup.slots.get(OLD_TOKEN_SLOT)) else { return Vec::new() };
        let slots = self.sessions.get(owner).map(|session| &session.setup.slots).into_iter().flatten();
        let same = slots.filter(|(slot, facts)| *slot != SCIM_TOKEN && facts.last_four == old.last_four);
        same.filter(|(_, facts)| !facts.last_four.is_empty()).map(|(slot, _)| slot.clone()).collect()
    }
}

impl Session {
    /// The token that a rotation brought, with what it proved. The steps of the setup stay proved.
    fn take_over(&mut self, done: &Setup, saved: bool, now: jiff::Timestamp) {
        let Some(new) = done.slots.get(SCIM_TOKEN).cloned() else { return };
        let old = self.setup.slots.get(SCIM_TOKEN).map_or_else(String::new, |facts| facts.last_four.clone());
        for (block, proof) in &done.proofs {
            if self.setup.proofs.contains_key(block) {
                self.setup.proofs.insert(block.clone(), proof.clone());
            }
        }
        let kept = done.answers.iter().filter(|(block, _)| self.guide.input(block).is_some());
        self.setup.answers.extend(kept.map(|(block, answer)| (block.clone(), answer.clone())));
        self.failures.clear();
        self.setup.checked = Some(Checked { at: now, worked_at: Some(now), problem: None });
        self.setup.journal.extend(done.journal.iter().cloned());
        let end = crate::present::end_in_words(new.expires_at);
        let text =
            format!("The token ending in {old} was replaced by the one ending in {}, which {end}.", new.last_four);
        self.setup.note(now, text);
        self.setup.notified = None;
        self.setup.place = Place::Finish;
        self.setup.slots.insert(SCIM_TOKEN.to_owned(), crate::setup::SlotFacts { saved, ..new });
    }
}

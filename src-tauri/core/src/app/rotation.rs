//! A token replaced by another one: begun, gone on with, completed or stopped. A rotation is a session of its own beside
//! its setup's, in a file and with vault keys of its own, so that the setup and its token stay as they are until
//! everything is proved.

use std::time::Duration;

use jiff::Timestamp;

use super::{App, Front, State, tokens::blocking};
use crate::{
    error::{Code, Phase, Problem},
    health,
    http::{Http, Journal},
    recipe::OLD_TOKEN,
    secret::Secret,
    session::Session,
    setup::{Checked, OLD_TOKEN_SLOT, Place, Setup, SlotFacts, TOKEN_SLOT},
    token,
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
        // One that is done has no step to go on with; only its remains could not be cleared away yet.
        let goes_on = self.state().rotation_of(setup).is_some_and(|rotation| rotation.place != Place::Finish);
        if goes_on && self.state().front == Front::Setup(setup.to_owned()) {
            self.open_setup(&rotation).await;
        }
    }

    /// Whether a rotation is given the token that it is to replace; then it is refused with a word.
    pub(super) async fn is_the_old_token(&self, block: &str, given: &Secret) -> bool {
        let rotation = {
            let state = self.state();
            let open = state.current().filter(|session| session.rotates());
            let own = open.filter(|session| session.slot_of(block).as_deref() == Some(TOKEN_SLOT));
            let Some(session) = own else { return false };
            session.setup.id.clone()
        };
        let old = self.secret(&rotation, OLD_TOKEN_SLOT).await;
        let same = matches!(old, Ok(Some(old)) if old == token::clean(given.expose()));
        if let (true, Some(session)) = (same, self.state().sessions.get_mut(&rotation)) {
            session.refuse_the_old_one(block);
        }
        same
    }

    /// Hands everything that is done over to its setup: the new token first, its file last, so that a stop in between
    /// finds at least one of the two whole, and can be gone on with.
    pub(super) async fn complete_rotations(&self) {
        let done: Vec<(String, String)> = {
            let state = self.state();
            let done =
                state.sessions.values().filter(|session| session.rotates() && session.setup.place == Place::Finish);
            done.map(|session| (session.setup.id.clone(), session.setup.owner().to_owned())).collect()
        };
        for (rotation, owner) in done {
            self.complete(&rotation, &owner).await;
        }
    }

    async fn complete(&self, rotation: &str, owner: &str) {
        let handed_over = self.state().took_over(rotation, owner);
        if !handed_over && let Err(problem) = self.hand_over(rotation, owner).await {
            return self.not_complete(rotation, problem);
        }
        {
            let mut state = self.state();
            state.front.replace(&Front::Setup(rotation.to_owned()), Front::Setup(owner.to_owned()));
            state.save_all(&self.inner.config.data_dir);
            // Its file is all that knows of the new token as long as that of the setup does not. The notice about the
            // disk says so; the next action tries again.
            if !state.on_disk(owner) {
                return;
            }
        }
        if self.clear_away(rotation, owner).await {
            self.state().announce("The token is replaced.".into());
        }
    }

    /// The new token into the place of the old one, then what is known of it.
    async fn hand_over(&self, rotation: &str, owner: &str) -> Result<(), Problem> {
        let unsaved = {
            let mut state = self.state();
            // That everything is done must be known before the old token is overwritten.
            state.save_all(&self.inner.config.data_dir);
            if !state.on_disk(rotation) {
                return Err(Problem::new(Code::Disk, "Usher could not save that the rotation is done.")
                    .hint("Make room on the disk, or mend the data folder."));
            }
            let facts = state.sessions.get(rotation).and_then(|session| session.setup.token());
            facts.is_some_and(|facts| !facts.saved)
        };
        let Some(secret) = self.secret(rotation, TOKEN_SLOT).await? else {
            return Err(self.gone_from_vault(rotation, TOKEN_SLOT));
        };
        // Where the keyring has refused it all along, the window keeps it as before.
        let saved = if unsaved {
            self.keep(owner, TOKEN_SLOT, secret).await
        } else {
            let key = format!("{owner}/{TOKEN_SLOT}");
            let vault = self.vault(self.practice(rotation));
            let put = key.clone();
            blocking(&vault, move |vault| vault.put(&put, &secret)).await?;
            // An older one may rest there since the keyring refused it.
            self.state().memory.remove(&key);
            true
        };
        let now = self.now();
        let mut state = self.state();
        let done = state.sessions.get(rotation).map(|session| session.setup.clone());
        if let (Some(done), Some(session)) = (done, state.sessions.get_mut(owner)) {
            session.take_over(&done, saved, now);
        }
        Ok(())
    }

    /// The new token is not in its place: the last step stays open.
    fn not_complete(&self, rotation: &str, problem: Problem) {
        let mut state = self.state();
        // Where the new token is gone, the step that gets one is open already, and a notice says so.
        let done = state.sessions.get_mut(rotation).filter(|session| session.setup.place == Place::Finish);
        let Some(session) = done else { return };
        session.setup.place = Place::Step;
        session.setup.finished_at = None;
        let message = format!("The new token is not in its place yet. {}", problem.message);
        let problem = Problem { message, ..problem }.hint("Nothing is lost. Then press **Finish** once more.");
        state.announce(crate::template::plain(&problem.message));
        state.notices.insert("vault".into(), problem);
    }

    /// Stops the rotation that is open. The old token stays, if the target says that it still counts.
    pub(super) async fn cancel_rotation(&self) {
        let Some((rotation, owner)) = ({
            let state = self.state();
            let open = state.current().filter(|session| session.rotates());
            open.map(|session| (session.setup.id.clone(), session.setup.owner().to_owned()))
        }) else {
            return;
        };
        if let Some(problem) = self.cannot_stop(&rotation).await {
            let mut state = self.state();
            state.announce(crate::template::plain(&problem.message));
            state.notices.insert("rotation".into(), problem);
            return;
        }
        let Some((stopped, left)) = ({
            let state = self.state();
            state.sessions.get(&rotation).map(|session| (session.setup.clone(), left_to_do(session)))
        }) else {
            return;
        };
        if !self.clear_away(&rotation, &owner).await {
            return;
        }
        let now = self.now();
        let mut state = self.state();
        if let Some(session) = state.sessions.get_mut(&owner) {
            let old = session.setup.token().map_or("", |facts| &facts.last_four).to_owned();
            session.remember(&stopped);
            session.setup.note(now, format!("The rotation was stopped. The token ending in {old} stays in use."));
        }
        state.notices.remove("rotation");
        if let Some(problem) = left {
            state.notices.insert("rotation".into(), problem);
        }
        state.announce("The rotation was stopped. The old token stays in use.".into());
        state.front = Front::Setup(owner);
    }

    async fn cannot_stop(&self, rotation: &str) -> Option<Problem> {
        let (guide, scim) = {
            let state = self.state();
            let session = state.sessions.get(rotation)?;
            if session.issuing() {
                let problem = Problem::new(Code::Conflict, "A token is being issued for this connection right now.");
                return Some(problem.hint("Wait until it is there; then the rotation can be stopped."));
            }
            if !session.may_have_new_token() {
                return None;
            }
            (session.guide.clone(), session.value("scim").to_owned())
        };
        let old = match self.secret(rotation, OLD_TOKEN_SLOT).await {
            Ok(old) => old,
            Err(problem) => return Some(problem),
        };
        let Some(old) = old else {
            let problem = Problem::new(Code::Vault, "The old token is no longer in your system's keyring.");
            return Some(problem.hint("Go on with the rotation: the new token is kept."));
        };
        let asked = async {
            let http = Http::with(self.limits(rotation, PATIENCE))?;
            health::lets_in(&http, &scim, &old, &Journal::new()).await
        };
        let target = &guide.target_short;
        match asked.await {
            Ok(true) => None,
            Ok(false) => Some(
                Problem::new(
                    Code::Unauthorized,
                    format!("The rotation cannot be stopped any more: {target} no longer accepts the old token."),
                )
                .hint("Go on with it: what there is of the new token is kept."),
            ),
            Err(problem) => {
                let message =
                    format!("Whether {target} still accepts the old token could not be asked. {}", problem.message);
                let problem = Problem { message, hints: Vec::new(), ..problem };
                Some(problem.hint("Nothing was changed. Stop the rotation once more when the endpoint can be reached."))
            }
        }
    }

    /// Takes what only the rotation had out of the vault and off the disk. Whether that succeeded.
    async fn clear_away(&self, rotation: &str, owner: &str) -> bool {
        let (keys, gone) = {
            let state = self.state();
            let own = state.keys(rotation).into_iter();
            let gone = state.superseded(owner);
            (own.chain(gone.iter().map(|slot| format!("{owner}/{slot}"))).collect::<Vec<_>>(), gone)
        };
        let vault = self.vault(self.practice(rotation));
        let removed = blocking(&vault, move |vault| keys.iter().try_for_each(|key| vault.remove(key))).await;
        let mut state = self.state();
        // Where there is no keyring, nothing rests there either.
        if let (Err(problem), true) = (removed, state.rests_in_vault(rotation, owner, &gone)) {
            state.announce(crate::template::plain(&problem.message));
            state.notices.insert("vault".into(), problem);
            return false;
        }
        for slot in gone {
            if let Some(session) = state.sessions.get_mut(owner) {
                session.setup.slots.remove(&slot);
            }
        }
        if let Some(Err(problem)) = state.store.as_ref().map(|store| store.remove(rotation)) {
            state.notices.insert("remove".into(), problem);
            return false;
        }
        state.forget(rotation);
        for notice in ["rotation".to_owned(), format!("gone-{rotation}"), format!("lost-{rotation}")] {
            state.notices.remove(&notice);
        }
        if !state.unsaved() {
            state.notices.remove("vault");
        }
        true
    }
}

/// What is left to do at the consoles when a rotation was stopped after the new token was made.
fn left_to_do(session: &Session) -> Option<Problem> {
    let Some(new) = session.setup.token() else {
        let text = format!(
            "A new token may have been made at {}; delete it there if it can be told apart.",
            session.guide.target_short
        );
        let stopped = || Problem::new(Code::Cancelled, "The rotation was stopped. The old token stays in use.");
        return session.may_have_new_token().then(|| stopped().hint(text));
    };
    let (target, idp, last_four) = (&session.guide.target_short, &session.guide.idp_short, &new.last_four);
    let made = new.entered_at.to_zoned(jiff::tz::TimeZone::system()).strftime("%-d %B %Y");
    let problem = Problem::new(Code::Cancelled, "The rotation was stopped. The old token stays in use.");
    let delete = format!(
        "Delete the new token at {target}, the one of {made} ending in {last_four}, if it can be deleted there."
    );
    if !session.setup.reached.contains(&Phase::IdpCredentials) {
        return Some(problem.hint(delete));
    }
    let first = format!(
        "If the new token was already saved in {idp}, enter the old one there again first: step 4 of the setup has it."
    );
    Some(problem.hint(first).hint(delete))
}

impl State {
    /// Whether there is a token in use that can be replaced, or a rotation to go on with.
    pub(super) fn can_rotate(&self, setup: &str) -> bool {
        let under_way = self.sessions.contains_key(&Setup::rotation_id(setup));
        let own = self.sessions.get(setup).filter(|session| !session.rotates());
        own.is_some_and(|session| under_way || session.setup.can_be_asked())
    }

    fn begin_rotation(&mut self, setup: &str, now: Timestamp) {
        let Some(session) = self.sessions.get_mut(setup) else { return };
        let Some(old) = session.setup.token().cloned() else { return };
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

    fn took_over(&self, rotation: &str, owner: &str) -> bool {
        let setup = |id: &str| self.sessions.get(id).map(|session| &session.setup);
        setup(owner).zip(setup(rotation)).is_some_and(|(owner, rotation)| owner.took_over(rotation))
    }

    /// Whether this is the token that the rotation began with. A keyring that answered late may hold the new one in its
    /// place already.
    pub(super) fn is_still_old(&self, rotation: &str, secret: &Secret) -> bool {
        let facts = self.sessions.get(rotation).and_then(|session| session.setup.slots.get(OLD_TOKEN_SLOT));
        facts.is_some_and(|facts| facts.last_four == secret.last_four())
    }

    /// Whether a setup rests on the disk as it is now; also where there is no folder to rest in, which was said.
    fn on_disk(&self, id: &str) -> bool {
        self.store.is_none() || self.saved.get(id) == self.sessions.get(id).map(|session| &session.setup)
    }

    /// Whether the keyring holds something of a rotation, or of what it leaves behind, as far as is known.
    fn rests_in_vault(&self, rotation: &str, owner: &str, gone: &[String]) -> bool {
        let saved = |id: &str, wanted: &dyn Fn(&String) -> bool| {
            let slots = self.sessions.get(id).map(|session| &session.setup.slots);
            slots.into_iter().flatten().any(|(slot, facts)| wanted(slot) && facts.saved)
        };
        saved(rotation, &|slot| slot != OLD_TOKEN_SLOT) || saved(owner, &|slot| gone.contains(slot))
    }

    /// Other slots of a setup with the token that was replaced: it had been taken over from there.
    fn superseded(&self, owner: &str) -> Vec<String> {
        let done = self.rotation_of(owner).filter(|setup| setup.place == Place::Finish);
        let Some(old) = done.and_then(|setup| setup.slots.get(OLD_TOKEN_SLOT)) else { return Vec::new() };
        let slots = self.sessions.get(owner).map(|session| &session.setup.slots).into_iter().flatten();
        let same = slots.filter(|(slot, facts)| *slot != TOKEN_SLOT && facts.last_four == old.last_four);
        same.filter(|(_, facts)| !facts.last_four.is_empty()).map(|(slot, _)| slot.clone()).collect()
    }
}

impl Session {
    /// Whether the target may have issued a new token, be it that its answer was lost or could not be read.
    pub(crate) fn may_have_new_token(&self) -> bool {
        let issues = self.guide.checks().any(|(_, _, operation, _)| operation.issues());
        self.setup.token().is_some() || issues && self.setup.reached.contains(&Phase::ScimToken)
    }

    /// The token that a rotation brought, with what it proved. The steps of the setup stay proved.
    fn take_over(&mut self, done: &Setup, saved: bool, now: Timestamp) {
        let Some(new) = done.token().cloned() else { return };
        let old = self.setup.token().map_or_else(String::new, |facts| facts.last_four.clone());
        for (block, proof) in &done.proofs {
            if self.setup.proofs.contains_key(block) {
                self.setup.proofs.insert(block.clone(), proof.clone());
            }
        }
        let kept = done.answers.iter().filter(|(block, _)| self.guide.input(block).is_some());
        self.setup.answers.extend(kept.map(|(block, answer)| (block.clone(), answer.clone())));
        self.failures.clear();
        // What still asks with the old token says nothing.
        self.running.clear();
        let proved = self.proved_with_token(done);
        self.setup.checked = proved.map(|at| Checked { at, worked_at: Some(at), problem: None });
        self.remember(done);
        let end = crate::present::end_in_words(new.expires_at);
        let text =
            format!("The token ending in {old} was replaced by the one ending in {}, which {end}.", new.last_four);
        self.setup.note(now, text);
        self.setup.notified = None;
        // A clock that was set back must not make it happen twice.
        self.setup.rotated_at = Some(done.finished_at.map_or(now, |at| at.max(now)));
        self.setup.place = Place::Finish;
        self.setup.slots.insert(TOKEN_SLOT.to_owned(), SlotFacts { saved, ..new });
    }

    /// What happened in a rotation is a part of what happened.
    fn remember(&mut self, rotation: &Setup) {
        self.setup.journal.extend(rotation.journal.iter().cloned());
        self.setup.journal.sort_by_key(|event| event.at);
    }
}

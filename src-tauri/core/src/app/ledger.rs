//! The ledger on Home: every setup with its token, the end that the admin enters, and "Check all now".

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{App, State};
use crate::{
    error::{Code, Problem},
    health,
    http::Limits,
    secret::Secret,
    setup::{Checked, Setup, SlotFacts, TOKEN_SLOT},
    status::{self, Line, Question},
    vault::Refusals,
    view::{Progress, Tone, Toned},
};

/// Endpoints that are asked at the same time.
pub(crate) const AT_ONCE: usize = 8;
/// How long one may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// What the keyring refused, while all are checked.
type Keyring = tokio::sync::Mutex<Refusals>;

/// "Check all now", while it runs.
pub(super) struct Checking {
    pub(super) progress: Progress,
    pub(super) setups: Vec<String>,
    stop: CancellationToken,
    bad: u32,
}

impl App {
    /// Asks every SCIM endpoint whether it accepts the token in use. Goes on in the background.
    pub(super) async fn check_all(&self) {
        let setups = {
            let mut state = self.state();
            let setups: Vec<String> = state.checkable().map(|setup| setup.id.clone()).collect();
            if state.checking.is_some() || setups.is_empty() {
                return;
            }
            let total = u32::try_from(setups.len()).unwrap_or(u32::MAX);
            let progress = Progress { done: 0, total };
            let stop = CancellationToken::new();
            state.checking = Some(Checking { progress, setups: setups.clone(), stop: stop.clone(), bad: 0 });
            state.check_result = None;
            (setups, stop)
        };
        tokio::spawn(self.clone().check_each(setups.0, setups.1));
    }

    pub(super) fn stop_check_all(&self) {
        let mut state = self.state();
        if let Some(checking) = state.checking.take() {
            checking.stop.cancel();
            let Progress { done, total } = checking.progress;
            state.check_result = Some(Toned { text: format!("Stopped after {done} of {total}."), tone: Tone::Neutral });
            state.announce("Stopped.".into());
        }
    }

    async fn check_each(self, setups: Vec<String>, stop: CancellationToken) {
        let gate = Arc::new(Semaphore::new(AT_ONCE));
        let keyring = Arc::default();
        let mut all = JoinSet::new();
        for id in setups {
            let (app, gate, keyring) = (self.clone(), gate.clone(), Arc::clone(&keyring));
            all.spawn(async move {
                let _turn = gate.acquire().await;
                let result = app.check_one(&id, &keyring).await;
                (id, result)
            });
        }
        loop {
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                next = all.join_next() => next,
            };
            let Some(ended) = next else { break };
            let Ok((id, result)) = ended else { continue };
            let now = self.now();
            {
                let mut state = self.state();
                // Stopped at this very moment.
                let Some(checking) = &mut state.checking else { return };
                checking.progress.done += 1;
                checking.bad += u32::from(result.1.is_err());
                checking.setups.retain(|open| *open != id);
                state.checked(&id, result, now);
            }
            self.settle();
        }
        {
            let mut state = self.state();
            if let Some(Checking { progress, bad, .. }) = state.checking.take() {
                let result = summary(progress.total, bad);
                state.announce(result.text.clone());
                state.check_result = Some(result);
            }
        }
        self.settle();
    }

    /// What the endpoint says, and to which token.
    async fn check_one(&self, id: &str, keyring: &Keyring) -> (Option<SlotFacts>, Result<(), Problem>) {
        if let Err(problem) = self.wake(id).await {
            return (None, Err(problem));
        }
        let (guide, scim, holder, facts) = {
            let state = self.state();
            let Some(session) = state.sessions.get(id) else { return (None, Err(gone())) };
            let holder = session.setup.in_use(state.rotation_of(id));
            let (guide, scim) = (session.guide.clone(), session.value("scim").to_owned());
            (guide, scim, holder.id.clone(), holder.token().cloned())
        };
        let asked = async {
            let token = self.token_of(&holder, keyring).await?.ok_or_else(|| {
                Problem::new(Code::Vault, "The token is not in your system's keyring, so its endpoint was not asked.")
            })?;
            health::ask(&guide, &scim, &token, self.limits(id, PATIENCE), self.now()).await
        };
        (facts, asked.await)
    }

    /// Starts the practice world of a setup, if it has one that does not run.
    pub(super) async fn wake(&self, id: &str) -> Result<(), Problem> {
        // Nobody else may start the same practice world meanwhile.
        let _turn = self.inner.turn.lock().await;
        if self.state().sleeps(id) { self.start_world(id).await } else { Ok(()) }
    }

    /// One after the other, so that a keyring that refuses is not asked by several at once.
    async fn token_of(&self, setup: &str, keyring: &Keyring) -> Result<Option<Secret>, Problem> {
        let mut refusals = keyring.lock().await;
        let token = match refusals.enough() {
            Some(problem) => Err(problem),
            None => self.secret(setup, TOKEN_SLOT).await,
        };
        refusals.hear(&token);
        token
    }

    /// How every setup stands, those of practice too: for a rehearsal. No endpoint is asked anew; what the last check
    /// said counts.
    pub fn status(&self, within: jiff::SignedDuration) -> Vec<Line> {
        let question = Question { within, ask: None, now: self.now() };
        let state = self.state();
        let lines = state.sessions.values().filter(|session| !session.rotates()).map(|session| {
            let checked = session.setup.checked.as_ref();
            let asked = checked.map(|checked| checked.problem.clone().map_or(Ok(()), Err));
            let rotation = state.rotation_of(&session.setup.id);
            status::line(&session.setup, rotation, &session.guide, asked.as_ref(), &question)
        });
        lines.collect()
    }

    /// The bounds of one question about one setup.
    pub(super) fn limits(&self, id: &str, patience: Duration) -> Limits {
        let own = &self.inner.config.limits;
        let total = own.total.min(patience);
        Limits { loopback_only: self.practice(id), total, retries: own.retries.min(1), ..own.clone() }
    }

    /// The day on which a token ends, as the admin knows it.
    pub(super) fn set_end(&self, id: &str, day: &str) {
        let now = self.now();
        let mut state = self.state();
        state.end_problems.remove(id);
        let Some(session) = state.sessions.get_mut(id) else { return };
        let Some(facts) = session.setup.slots.get_mut(TOKEN_SLOT) else { return };
        // What the token or the target says itself is not overwritten.
        if facts.expires_at.is_some() && !facts.end_entered {
            return;
        }
        let last_four = facts.last_four.clone();
        match end_of(day, facts.entered_at, now) {
            Ok(None) => {
                (facts.expires_at, facts.end_entered) = (None, false);
                session.setup.note(now, format!("The end of the token ending in {last_four} is not known."));
            }
            Ok(Some(end)) => {
                (facts.expires_at, facts.end_entered) = (Some(end), true);
                let shown = crate::present::end_in_words(Some(end));
                session.setup.note(now, format!("It was entered that the token ending in {last_four} {shown}."));
                state.announce(format!("Saved: the token {shown}."));
            }
            Err(problem) => {
                state.announce(problem.message.clone());
                state.end_problems.insert(id.to_owned(), (day.to_owned(), problem));
            }
        }
    }
}

/// The end of a day in the admin's zone; `None` for no day.
fn end_of(day: &str, since: Timestamp, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let day = day.trim();
    if day.is_empty() {
        return Ok(None);
    }
    let wrong = |text: &str| Problem::new(Code::WrongInput, text);
    let date: Date =
        day.parse().map_err(|_| wrong("This is not a day. Write it as year-month-day, such as 2027-11-22."))?;
    // The morning of that day: a token that ends at noon must not be thought to live until the evening.
    let zoned = date.to_zoned(TimeZone::system()).map_err(|_| wrong("This day is out of range."))?;
    let end = zoned.timestamp();
    let furthest = now.checked_add(jiff::SignedDuration::from_hours(24 * 366 * 20)).unwrap_or(Timestamp::MAX);
    if end < since {
        return Err(wrong("This day lies before the token was entered here."));
    }
    if end > furthest {
        return Err(wrong("This day is more than twenty years away."));
    }
    Ok(Some(end))
}

/// Takes the result of a check in; what has changed by it stands in the journal. What the server sent along does not
/// rest on the disk: names of people can stand in it.
fn checked(setup: &mut Setup, last_four: &str, result: Result<(), Problem>, now: Timestamp) {
    let before = setup.checked.take();
    let was_bad = before.as_ref().is_some_and(|checked| checked.problem.is_some());
    let worked_at = before.and_then(|checked| checked.worked_at);
    setup.checked = Some(match result {
        Ok(()) => {
            if was_bad {
                setup.note(now, format!("The endpoint accepts the token ending in {last_four} again."));
            }
            Checked { at: now, worked_at: Some(now), problem: None }
        }
        Err(problem) => {
            if !was_bad {
                let why = crate::template::plain(&problem.message);
                setup.note(now, format!("The token ending in {last_four} was not confirmed. {why}"));
            }
            Checked { at: now, worked_at, problem: Some(Problem { details: None, ..problem }) }
        }
    });
}

fn summary(total: u32, bad: u32) -> Toned {
    let (text, tone) = match (total, bad) {
        (1, 0) => ("The connection works.".to_owned(), Tone::Good),
        (_, 0) => (format!("All {total} connections work."), Tone::Good),
        (1, _) => ("The connection was not confirmed.".to_owned(), Tone::Bad),
        _ => (format!("{bad} of {total} connections were not confirmed."), Tone::Bad),
    };
    Toned { text, tone }
}

fn gone() -> Problem {
    Problem::new(Code::Cancelled, "The connection was removed.")
}

impl State {
    /// Setups with a token that can be asked for.
    pub(super) fn checkable(&self) -> impl Iterator<Item = &Setup> {
        let own = self.sessions.values().filter(|session| !session.rotates()).map(|session| &session.setup);
        own.filter(|setup| setup.can_be_asked())
    }

    /// The rotation of a setup's token, if one is under way.
    pub(super) fn rotation_of(&self, setup: &str) -> Option<&Setup> {
        self.sessions.get(&Setup::rotation_id(setup)).map(|session| &session.setup)
    }

    /// A result about a token that is no longer the one in use says nothing.
    fn checked(&mut self, id: &str, (asked, result): (Option<SlotFacts>, Result<(), Problem>), now: Timestamp) {
        let rotation = self.rotation_of(id).cloned();
        let Some(session) = self.sessions.get_mut(id) else { return };
        let current = session.setup.in_use(rotation.as_ref()).token().cloned();
        match (&asked, &current) {
            (Some(asked), Some(current)) if !asked.same_token(current) => {}
            (_, current) => {
                let last_four = current.as_ref().map_or("", |facts| &facts.last_four);
                checked(&mut session.setup, last_four, result, now);
            }
        }
    }

    /// A practice world that does not run yet.
    fn sleeps(&self, id: &str) -> bool {
        self.sessions.get(id).is_some_and(|session| session.setup.practice) && !self.worlds.contains_key(id)
    }
}

//! Secrets between the machine and the vault: keeping, finding again, and never losing one that was issued.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{App, State};
use crate::{
    action::Action,
    error::{Code, Hint, Problem},
    secret::Secret,
    session::{Ended, Failure, Task, UNREAD},
    setup::{OLD_TOKEN_SLOT, Proof, SlotFacts, TOKEN_SLOT},
    systems::greenlake::{self, Answer, Candidate},
    task::{Report, Token},
    token,
    vault::Vault,
    view,
};

/// How long the system's keyring may take: it may be asking the person to unlock it.
const PATIENCE: Duration = Duration::from_secs(20);
/// An end before this is a placeholder, not a date.
const EARLIEST_END: Timestamp = Timestamp::constant(946_684_800, 0);

impl App {
    /// Into the vault; if that refuses, into memory, with a notice that says so.
    pub(super) async fn keep(&self, setup: &str, slot: &str, secret: Secret) -> bool {
        let key = format!("{setup}/{slot}");
        // Memory first: whatever happens to the vault, the admin can still copy it.
        self.state().memory.insert(key.clone(), secret.clone());
        let practice = self.practice(setup);
        let put = blocking(&self.vault(practice), {
            let key = key.clone();
            move |vault| vault.put(&key, &secret)
        })
        .await;
        let mut state = self.state();
        match put {
            Ok(()) => {
                state.memory.remove(&key);
                if !state.unsaved() {
                    state.notices.remove("vault");
                }
                true
            }
            Err(problem) => {
                let problem = not_saved(slot, problem);
                state.announce(problem.message.clone());
                state.notices.insert("vault".into(), problem);
                false
            }
        }
    }

    pub(super) async fn drop_secret(&self, setup: &str, slot: &str) {
        let key = format!("{setup}/{slot}");
        self.state().memory.remove(&key);
        let practice = self.practice(setup);
        if let Err(problem) = blocking(&self.vault(practice), move |vault| vault.remove(&key)).await {
            // A notice about a token that is not saved says more.
            self.state().notices.entry("vault".into()).or_insert(problem);
        }
    }

    pub(super) fn practice(&self, setup: &str) -> bool {
        self.state().sessions.get(setup).is_some_and(|session| session.setup.practice)
    }

    /// From memory, where it was refused, else from the vault. The old token of a rotation rests with its setup, as long as
    /// nothing else has taken its place there.
    pub(super) async fn secret(&self, setup: &str, slot: &str) -> Result<Option<Secret>, Problem> {
        if slot != OLD_TOKEN_SLOT {
            return self.resting(format!("{setup}/{slot}"), self.practice(setup)).await;
        }
        let owner = self.state().sessions.get(setup).map(|session| session.setup.owner().to_owned());
        let Some(owner) = owner else { return Ok(None) };
        let found = self.resting(format!("{owner}/{TOKEN_SLOT}"), self.practice(setup)).await?;
        Ok(found.filter(|secret| self.state().is_still_old(setup, secret)))
    }

    async fn resting(&self, key: String, practice: bool) -> Result<Option<Secret>, Problem> {
        if let Some(secret) = self.state().memory.get(&key) {
            return Ok(Some(secret.clone()));
        }
        blocking(&self.vault(practice), move |vault| vault.get(&key)).await
    }

    /// A secret that the file knows of and the vault does not have: the step that gets it opens again.
    pub(super) fn gone_from_vault(&self, setup: &str, slot: &str) -> Problem {
        let mut state = self.state();
        let problem = Problem::new(Code::Vault, "This token is no longer in your system's keyring.");
        let Some(session) = state.sessions.get_mut(setup) else { return problem };
        let home = session.home_of(slot);
        session.lose(slot.to_owned());
        let problem = match home {
            Some(home) => problem.hint_go("Get a new one in the step that asks for it.", home),
            None => problem,
        };
        state.notices.insert(format!("gone-{setup}"), problem.clone());
        problem
    }

    /// A token goes onto the screen and into the vault before anything else happens with the report.
    pub(super) async fn ended(&self, setup: &str, block: &str, mut report: Report) -> Ended {
        let now = self.now();
        let mut problem_hint = None;
        let findings = report.kept_findings();
        let issued = match report.issued {
            Some(Token::Known { secret, expires_at }) => {
                Some((TOKEN_SLOT.to_owned(), self.keep_issued(setup, secret, expires_at).await))
            }
            Some(Token::Unread(raw)) => {
                let service = self.vault(self.practice(setup)).service();
                if let (true, Some(service)) = (self.keep(setup, UNREAD, raw).await, service) {
                    problem_hint =
                        Some(format!("What came of the answer is in your keyring: `{service}`, `{setup}/{UNREAD}`."));
                }
                None
            }
            None => None,
        };
        let (learned, offers) = (report.learned, report.offers);
        let result = match report.result {
            Ok(text) => Ok(Proof { at: now, text, findings, weak: report.weak }),
            Err(mut problem) => {
                problem.hints.extend(problem_hint.map(|text| Hint { text, go: None }));
                let candidates = self.remember(setup, block, report.candidates);
                Err(Failure { problem, at: now, findings, candidates, corrected: report.corrected })
            }
        };
        Ended { result, issued, learned, offers }
    }

    async fn keep_issued(&self, setup: &str, secret: Secret, expires_at: Option<Timestamp>) -> SlotFacts {
        let mut facts = facts(&secret, expires_at, self.now());
        self.state().memory.insert(format!("{setup}/{TOKEN_SLOT}"), secret.clone());
        // On the screen first: the keyring may ask a question that nobody sees.
        let tasks = {
            let mut state = self.state();
            let session = state.sessions.get_mut(setup);
            session.map(|session| session.slot_filled(TOKEN_SLOT, facts.clone())).unwrap_or_default()
        };
        self.perform(setup, tasks).await;
        self.settle();
        facts.saved = self.keep(setup, TOKEN_SLOT, secret).await;
        facts
    }

    /// The secret of one slot for another one, as if it had been pasted there.
    pub(super) async fn use_from(&self, setup: &str, block: String, from: &str) -> Vec<Task> {
        match self.secret(setup, from).await {
            Ok(Some(secret)) => {
                let now = self.now();
                let mut state = self.state();
                let session = state.sessions.get_mut(setup);
                session.map(|session| session.act(Action::FillSecret { block, secret }, now)).unwrap_or_default()
            }
            Ok(None) => {
                self.gone_from_vault(setup, from);
                Vec::new()
            }
            Err(problem) => {
                self.state().notices.insert("vault".into(), problem);
                Vec::new()
            }
        }
    }

    /// Looks in the vault for what the file on disk does not know: the window was killed between the two.
    pub(super) async fn recover(&self, setup: &str) {
        let (issuing, practice) = {
            let state = self.state();
            let Some(session) = state.sessions.get(setup) else { return };
            // One that was lost with a window was a newer one than what the vault may still have.
            if session.setup.slots.contains_key(TOKEN_SLOT) || session.setup.lost.contains(TOKEN_SLOT) {
                return;
            }
            let mut checks = session.guide.checks();
            let issuing =
                checks.find(|(_, _, operation, other)| operation.fills() == Some(TOKEN_SLOT) && other.is_none());
            // Where a rotation asks for the token, it may stand for another check.
            let any = || session.guide.checks().find(|(_, _, operation, _)| operation.fills() == Some(TOKEN_SLOT));
            (issuing.or_else(any).map(|(_, block, ..)| block.id.clone()), session.setup.practice)
        };
        let keys = [TOKEN_SLOT, UNREAD].map(|slot| format!("{setup}/{slot}"));
        let found =
            blocking(&self.vault(practice), move |vault| Ok((vault.get(&keys[0])?, vault.get(&keys[1])?))).await;
        let now = self.now();
        match (found, issuing) {
            (Ok((Some(secret), _)), _) => {
                let facts = SlotFacts { saved: true, ..facts(&secret, None, now) };
                if let Some(session) = self.state().sessions.get_mut(setup) {
                    session.token_found(TOKEN_SLOT, facts, now);
                }
            }
            (Ok((None, Some(raw))), Some(block)) => self.offer_again(setup, &block, &raw),
            // A keyring that does not answer says so as soon as something is needed from it.
            (Ok((None, _)) | Err(_), _) => {}
        }
    }

    fn offer_again(&self, setup: &str, block: &str, raw: &Secret) {
        let now = self.now();
        let candidates = match greenlake::read_answer(raw.expose(), None, now) {
            Answer::Unrecognised { candidates, .. } => candidates,
            Answer::Token { secret, .. } => vec![Candidate { path: "token".into(), secret }],
        };
        let problem = Problem::new(
            Code::TokenNotRecognised,
            "An earlier answer holds a token, but Usher does not know which part of it that is.",
        )
        .hint("Choose the part that is the token; the test below shows whether it was the right one.");
        let candidates = self.remember(setup, block, candidates);
        if let Some(session) = self.state().sessions.get_mut(setup) {
            session.answer_found(block, Failure { candidates, ..Failure::new(problem, now) });
        }
    }

    fn remember(&self, setup: &str, block: &str, candidates: Vec<Candidate>) -> Vec<view::Candidate> {
        let mut state = self.state();
        let number = |(index, candidate): (usize, Candidate)| {
            let shown = view::Candidate {
                id: index.to_string(),
                path: candidate.path,
                masked: format!("••••{}", candidate.secret.last_four()),
            };
            state.memory.insert(format!("{setup}/{block}/candidate/{index}"), candidate.secret);
            shown
        };
        candidates.into_iter().take(20).enumerate().map(number).collect()
    }

    /// Takes a part of an answer as the token. The other parts stay until a test has passed.
    pub(super) async fn adopt(&self, setup: &str, block: &str, candidate: &str) -> Vec<Task> {
        let found = self.state().memory.get(&format!("{setup}/{block}/candidate/{candidate}")).cloned();
        let Some(secret) = found else {
            return Vec::new();
        };
        let now = self.now();
        let expires_at = match token::read(&secret, now).form {
            token::Form::Jwt { expires_at, .. } => expires_at,
            token::Form::Opaque => None,
        };
        let facts = self.keep_issued(setup, secret, expires_at).await;
        let mut state = self.state();
        let session = state.sessions.get_mut(setup);
        session.map(|session| session.adopted(block, TOKEN_SLOT, facts, now)).unwrap_or_default()
    }
}

impl State {
    /// Whether a secret that is of use rests in this window only.
    pub(super) fn unsaved(&self) -> bool {
        self.memory.keys().filter_map(|key| key.split_once('/')).any(|(setup, slot)| {
            let session = self.sessions.get(setup);
            let held = |slot: &str| {
                session.is_some_and(|session| session.setup.slots.contains_key(slot) && session.needed(slot))
            };
            slot == UNREAD || held(slot)
        })
    }
}

fn facts(secret: &Secret, expires_at: Option<Timestamp>, now: Timestamp) -> SlotFacts {
    let reading = token::read(secret, now);
    let own = match &reading.form {
        token::Form::Jwt { expires_at, .. } => *expires_at,
        token::Form::Opaque => None,
    };
    SlotFacts {
        last_four: secret.last_four(),
        entered_at: now,
        expires_at: expires_at.or(own).filter(|end| *end > EARLIEST_END),
        end_entered: false,
        saved: false,
        about: crate::guard::about(&reading),
    }
}

fn not_saved(slot: &str, problem: Problem) -> Problem {
    let why = &problem.message;
    let message =
        format!("The token could not be saved. {why} It is kept in this window only, and gone when the window closes.");
    let mut problem = Problem { message, ..problem };
    if slot == TOKEN_SLOT {
        let hint =
            "Copy the token now and enter it where it is needed, or keep it in your password manager.".to_owned();
        problem.hints.insert(0, Hint { text: hint, go: None });
    }
    problem.hint("When the keyring is ready, press **Try to save again** beside the token.")
}

/// Calls the vault on a thread that may wait: the system may ask the person to unlock it.
pub(super) async fn blocking<T: Send + 'static>(
    vault: &Arc<dyn Vault>,
    call: impl FnOnce(&dyn Vault) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let vault = vault.clone();
    let answer = tokio::task::spawn_blocking(move || call(vault.as_ref()));
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Problem::new(Code::Vault, "Asking the keyring broke off.")),
        Err(_) => Err(Problem::new(Code::Vault, "Your system's keyring has not answered for 20 seconds.")
            .hint("It may be asking you something in a window of its own, perhaps behind this one.")),
    }
}

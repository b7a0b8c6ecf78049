//! Performs the tasks of the step machine: secrets into the vault, operations in the background.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
};

use tokio_util::sync::CancellationToken;

use super::{App, open::blocking};
use crate::{
    error::{Code, Hint, Problem},
    http::Http,
    operation::Operation,
    secret::Secret,
    session::{Ended, Failure, Task},
    setup::SlotFacts,
    systems::greenlake::Candidate,
    task::{Job, Report, Token},
    token, view,
};

impl App {
    /// Boxed, because what follows a run may start the next one.
    pub(super) fn perform<'a>(
        &'a self,
        setup: &'a str,
        tasks: Vec<Task>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(self.perform_all(setup, tasks))
    }

    async fn perform_all(&self, setup: &str, tasks: Vec<Task>) {
        let mut open = VecDeque::from(tasks);
        while let Some(task) = open.pop_front() {
            match task {
                Task::Keep { slot, secret } => {
                    let saved = self.keep(setup, &slot, secret).await;
                    if let Some(session) = self.state().sessions.get_mut(setup) {
                        session.kept(&slot, saved);
                    }
                }
                Task::KeepAgain { slot } => {
                    let secret = self.state().memory.get(&format!("{setup}/{slot}")).cloned();
                    if let Some(secret) = secret {
                        open.push_front(Task::Keep { slot, secret });
                    }
                }
                Task::Forget { slot } => self.drop_secret(setup, &slot).await,
                Task::Stop { block } => {
                    if let Some(stop) = self.state().tasks.remove(&(setup.to_owned(), block)) {
                        stop.cancel();
                    }
                }
                Task::Adopt { block, candidate } => open.extend(self.adopt(setup, &block, &candidate).await),
                Task::Run { block, serial, operation } => self.start(setup, block, serial, operation).await,
            }
        }
    }

    /// Into the vault; if that refuses, into memory, with a notice that says so.
    async fn keep(&self, setup: &str, slot: &str, secret: Secret) -> bool {
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
                state.notices.remove("vault");
                true
            }
            Err(mut problem) => {
                problem.message = format!(
                    "The token could not be saved. {} It is kept in this window only, and gone when the window closes.",
                    problem.message
                );
                if slot == "scim-token" {
                    let hint = "Copy the token now and keep it in your password manager.".to_owned();
                    problem.hints.insert(0, Hint { text: hint, go: None });
                }
                state.announce(problem.message.clone());
                state.notices.insert("vault", problem);
                false
            }
        }
    }

    async fn drop_secret(&self, setup: &str, slot: &str) {
        let key = format!("{setup}/{slot}");
        self.state().memory.remove(&key);
        let practice = self.practice(setup);
        if let Err(problem) = blocking(&self.vault(practice), move |vault| vault.remove(&key)).await {
            self.state().notices.insert("vault", problem);
        }
    }

    fn practice(&self, setup: &str) -> bool {
        self.state().sessions.get(setup).is_some_and(|session| session.setup.practice)
    }

    /// From memory, where it was refused, else from the vault.
    pub(super) async fn secret(&self, setup: &str, slot: &str) -> Result<Option<Secret>, Problem> {
        let key = format!("{setup}/{slot}");
        if let Some(secret) = self.state().memory.get(&key) {
            return Ok(Some(secret.clone()));
        }
        blocking(&self.vault(self.practice(setup)), move |vault| vault.get(&key)).await
    }

    async fn start(&self, setup: &str, block: String, serial: u32, operation: Operation) {
        let job = match self.job(setup, operation).await {
            Ok(job) => job,
            Err(problem) => {
                let ended = self.ended(setup, &block, Err(problem).into()).await;
                let now = self.now();
                if let Some(session) = self.state().sessions.get_mut(setup) {
                    session.finished(&block, serial, ended, now);
                }
                return;
            }
        };
        let stop = CancellationToken::new();
        self.state().tasks.insert((setup.to_owned(), block.clone()), stop.clone());
        let (app, setup) = (self.clone(), setup.to_owned());
        tokio::spawn(app.carry_out(setup, block, serial, job, stop));
    }

    async fn job(&self, setup: &str, operation: Operation) -> Result<Job, Problem> {
        let http = Http::with(self.inner.config.limits.clone())?;
        let (guide, answers) = {
            let state = self.state();
            let session = state.sessions.get(setup).ok_or_else(gone)?;
            let answer = |block: &&str| session.chosen_or_typed(block).map(|answer| ((*block).to_owned(), answer));
            (session.guide.clone(), operation.answers().iter().filter_map(answer).collect())
        };
        let mut secrets = BTreeMap::new();
        for slot in operation.reads() {
            if let Some(secret) = self.secret(setup, slot).await? {
                secrets.insert((*slot).to_owned(), secret);
            }
        }
        let config = &self.inner.config;
        Ok(Job { operation, guide, secrets, answers, http, patience: config.patience, now: config.now })
    }

    async fn carry_out(self, setup: String, block: String, serial: u32, job: Job, stop: CancellationToken) {
        let issues = job.operation.issues();
        let heard = {
            let (app, setup) = (self.clone(), setup.clone());
            move |arrivals| app.heard(&setup, arrivals)
        };
        let run = job.run(heard);
        let report = if issues {
            // What issues something is never dropped half-way: the token would be lost.
            run.await
        } else {
            tokio::select! {
                report = run => report,
                () = stop.cancelled() => return,
            }
        };
        let ended = self.ended(&setup, &block, report).await;
        let turn = self.inner.turn.lock().await;
        let now = self.now();
        let tasks = {
            let mut state = self.state();
            let key = (setup.clone(), block.clone());
            state.tasks.remove(&key);
            state.sessions.get_mut(&setup).map(|session| session.finished(&block, serial, ended, now))
        };
        self.perform(&setup, tasks.unwrap_or_default()).await;
        drop(turn);
        self.settle();
    }

    fn heard(&self, setup: &str, arrivals: view::Arrivals) {
        let changed = {
            let mut state = self.state();
            let session = state.sessions.get_mut(setup);
            session.is_some_and(|session| session.arrivals.replace(arrivals.clone()) != Some(arrivals))
        };
        if changed {
            self.inner.changed.send_modify(|revision| *revision += 1);
        }
    }

    /// A token goes into the vault before anything else happens with the report.
    async fn ended(&self, setup: &str, block: &str, report: Report) -> Ended {
        let now = self.now();
        let issued = match report.issued {
            Some(Token::Known { secret, expires_at }) => {
                Some(("scim-token".to_owned(), self.keep_issued(setup, secret, expires_at).await))
            }
            Some(Token::Unread(raw)) => {
                self.keep(setup, "unread-answer", raw).await;
                None
            }
            None => None,
        };
        let result = report.result.map(|proof| (proof, report.findings.clone())).map_err(|problem| Failure {
            problem,
            at: now,
            findings: report.findings,
            candidates: self.remember(setup, block, report.candidates),
        });
        Ended { result, issued }
    }

    async fn keep_issued(&self, setup: &str, secret: Secret, expires_at: Option<jiff::Timestamp>) -> SlotFacts {
        let now = self.now();
        let about = crate::guard::about(&token::read(&secret, now));
        let last_four = secret.last_four();
        let saved = self.keep(setup, "scim-token", secret).await;
        SlotFacts { last_four, entered_at: now, expires_at, saved, about }
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

    async fn adopt(&self, setup: &str, block: &str, candidate: &str) -> Vec<Task> {
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
        self.drop_secret(setup, "unread-answer").await;
        let mut state = self.state();
        let prefix = format!("{setup}/{block}/candidate/");
        state.memory.retain(|key, _| !key.starts_with(&prefix));
        let session = state.sessions.get_mut(setup);
        session.map(|session| session.adopted(block, "scim-token", facts, now)).unwrap_or_default()
    }
}

fn gone() -> Problem {
    Problem::new(Code::Cancelled, "The connection was removed.")
}

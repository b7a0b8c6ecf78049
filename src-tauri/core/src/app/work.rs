//! Performs the tasks of the step machine: secrets into the vault, operations in the background.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
};

use tokio_util::sync::CancellationToken;

use super::App;
use crate::{
    error::{Code, Problem},
    http::{Http, Limits},
    operation::Operation,
    session::Task,
    systems::probe::StageLine,
    task::Job,
    view,
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
                Task::UseFrom { block, from } => open.extend(self.use_from(setup, block, &from).await),
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
        let run = tokio::spawn(app.clone().carry_out(setup.clone(), block.clone(), serial, job, stop));
        tokio::spawn(async move {
            if run.await.is_err() {
                app.broke(&setup, &block, serial).await;
            }
        });
    }

    async fn job(&self, setup: &str, operation: Operation) -> Result<Job, Problem> {
        let loopback_only = self.practice(setup);
        let http = Http::with(Limits { loopback_only, ..self.inner.config.limits.clone() })?;
        let (guide, answers, values, token_since, open_since) = {
            let state = self.state();
            let session = state.sessions.get(setup).ok_or_else(gone)?;
            let answer = |block: &&str| session.chosen_or_typed(block).map(|answer| ((*block).to_owned(), answer));
            let since = session.setup.slots.get("scim-token").map(|facts| facts.entered_at);
            let answers = operation.answers().iter().chain(operation.also_reads()).filter_map(answer).collect();
            let value = |name: &&str| ((*name).to_owned(), session.value(name).to_owned());
            let open_since = session.setup.open_since.get(&session.setup.phase).copied();
            (session.guide.clone(), answers, operation.values().iter().map(value).collect(), since, open_since)
        };
        let mut secrets = BTreeMap::new();
        for slot in operation.reads() {
            match self.secret(setup, slot).await? {
                Some(secret) => {
                    secrets.insert((*slot).to_owned(), secret);
                }
                None => return Err(self.gone_from_vault(setup, slot)),
            }
        }
        let config = &self.inner.config;
        Ok(Job {
            operation,
            guide,
            values,
            secrets,
            answers,
            http,
            patience: config.patience,
            token_since,
            now: config.now.clone(),
            open_since,
        })
    }

    async fn carry_out(self, setup: String, block: String, serial: u32, job: Job, stop: CancellationToken) {
        let changes = job.operation.changes();
        let heard = {
            let (app, setup) = (self.clone(), setup.clone());
            move |arrivals| app.heard(&setup, arrivals)
        };
        let passed = {
            let (app, setup, block) = (self.clone(), setup.clone(), block.clone());
            move |stages: &[StageLine]| app.passed(&setup, &block, serial, stages)
        };
        let run = job.run(heard, &passed);
        let report = if changes {
            // What changes something is never dropped half-way: its answer would be lost.
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
        self.complete_rotations().await;
        drop(turn);
        self.settle();
    }

    /// A run that ended by a fault of Usher's own must not look as if it went on.
    async fn broke(&self, setup: &str, block: &str, serial: u32) {
        let problem = Problem::new(Code::Cancelled, "This check broke off because of a fault in Usher.")
            .hint("Press the button again. If it happens once more, tell Usher's makers what you did before.");
        let ended = self.ended(setup, block, Err(problem).into()).await;
        let now = self.now();
        if let Some(session) = self.state().sessions.get_mut(setup) {
            session.finished(block, serial, ended, now);
        }
        self.settle();
    }

    fn passed(&self, setup: &str, block: &str, serial: u32, stages: &[StageLine]) {
        {
            let mut state = self.state();
            let running = state.sessions.get_mut(setup).and_then(|session| session.running.get_mut(block));
            match running.filter(|running| running.serial == serial) {
                Some(running) => running.stages = stages.to_vec(),
                None => return,
            }
        }
        self.inner.changed.send_modify(|revision| *revision += 1);
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
}

fn gone() -> Problem {
    Problem::new(Code::Cancelled, "The connection was removed.")
}

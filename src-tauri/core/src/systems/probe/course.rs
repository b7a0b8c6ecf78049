//! How the requests of one probe follow each other: how long they may take, what is asked again alone, and when all of
//! it ends.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::RwLock,
    time::{Instant, timeout, timeout_at},
};

use super::ask::{Clock, Pace};
use crate::{
    error::{Code, Problem},
    http::{Answer, seconds},
};

/// All of it takes no longer, unless one answer may.
const LONGEST: Duration = Duration::from_secs(30);
/// An overlapping request is given this long before it is asked again alone.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(2);

/// What the requests of one probe share.
pub(super) struct Course {
    pub(super) clock: OnceLock<Clock>,
    /// How long the first answer took.
    first: OnceLock<Duration>,
    end: Instant,
    most: Duration,
    /// Held by all that overlap; by one alone to be alone.
    line: RwLock<()>,
    /// The server takes one connection at a time, it seems.
    alone: AtomicBool,
    /// Something was asked alone and got no answer either: it is not the overlapping.
    in_vain: AtomicBool,
}

impl Course {
    /// `limit`: what one answer may take.
    pub(super) fn of(limit: Duration) -> Self {
        let most = (limit * 3).min(LONGEST).max(limit);
        Self {
            clock: OnceLock::new(),
            first: OnceLock::new(),
            end: Instant::now() + most,
            most,
            line: RwLock::new(()),
            alone: AtomicBool::new(false),
            in_vain: AtomicBool::new(false),
        }
    }

    /// Whether there was an answer.
    pub(super) fn heard(&self) -> bool {
        self.first.get().is_some()
    }

    /// How long all of it may take, if that time is over.
    pub(super) fn over_after(&self) -> Option<Duration> {
        (Instant::now() >= self.end).then_some(self.most)
    }

    /// Sends, and once more alone where it overlapped and got no answer though another did: some servers take one
    /// connection at a time and keep it open (Python's `http.server.HTTPServer`).
    pub(super) async fn ask<F>(&self, pace: Pace, host: &str, send: impl Fn() -> F) -> Result<Answer, Problem>
    where
        F: Future<Output = Result<Answer, Problem>>,
    {
        let began = Instant::now();
        let asked = async {
            match pace {
                Pace::OneByOne => send().await,
                Pace::Together => self.together(&send).await,
            }
        };
        let answer = timeout_at(self.end, Box::pin(asked)).await.unwrap_or_else(|_| Err(self.ended(host)))?;
        self.first.get_or_init(|| began.elapsed());
        Ok(answer)
    }

    async fn together<F>(&self, send: &impl Fn() -> F) -> Result<Answer, Problem>
    where
        F: Future<Output = Result<Answer, Problem>>,
    {
        let mut unanswered = None;
        if !self.alone.load(Ordering::Relaxed) {
            let others = self.line.read().await;
            let asked = match self.first.get() {
                None => Some(send().await),
                Some(first) => timeout((*first * 5).max(SHORTEST_PATIENCE), send()).await.ok(),
            };
            drop(others);
            match asked {
                Some(Err(problem)) if self.heard() && no_answer(&problem) => unanswered = Some(problem),
                None => {}
                Some(asked) => return asked,
            }
            self.alone.store(true, Ordering::Relaxed);
        }
        let _alone = self.line.write().await;
        if let Some(problem) = unanswered.filter(|_| self.in_vain.load(Ordering::Relaxed)) {
            return Err(problem);
        }
        let answer = send().await;
        self.in_vain.fetch_or(answer.as_ref().is_err_and(no_answer), Ordering::Relaxed);
        answer
    }

    fn ended(&self, host: &str) -> Problem {
        let message =
            format!("{host} did not answer everything within {}, and Usher stopped asking.", seconds(self.most));
        Problem::new(Code::Timeout, message).hint("Try again in a minute.")
    }
}

fn no_answer(problem: &Problem) -> bool {
    matches!(problem.code, Code::Timeout | Code::Connect)
}

//! Asks for one page: tried again where that helps, asked in smaller parts where a page is too large, and slowed down for
//! everybody where the server asks for that.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    BODY, Pace, Plan,
    decode::{self, Page},
    entries::Entries,
    pace::LONGEST_WAIT,
};
use crate::{
    error::{Code, Problem},
    http::{Answer, End, Request, host},
    systems::scim::{ACCEPT, Scim, refusal},
};

/// Further tries of a page that failed on the way or at the server.
const TRIES: u32 = 3;
/// The same where the server asks to wait.
const PATIENCE: u32 = 8;
/// Before another try, doubled each time.
const PAUSE: Duration = Duration::from_millis(500);

/// Where a page begins.
#[derive(Debug, Clone)]
pub(super) enum Start {
    Index(u64),
    Cursor(String),
}

/// What is asked of one list.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    scim: Scim,
    pub(super) path: &'static str,
    pub(super) plan: Arc<Plan>,
    pub(super) pace: Arc<Pace>,
    /// What `attributes=` says, unless the server is better asked without.
    pub(super) attributes: Option<String>,
}

/// What becomes of one try.
enum Turn {
    Done(Box<Answer>),
    Again(Duration),
    /// Too much at once.
    Less(Problem),
    Failed(Problem),
}

impl Ask {
    pub(super) fn new(scim: &Scim, path: &'static str, plan: Arc<Plan>, pace: Arc<Pace>, attributes: String) -> Self {
        let scim = Scim { http: scim.http.for_long_lists(BODY), ..scim.clone() };
        Self { scim, path, plan, pace, attributes: Some(attributes) }
    }

    #[cfg(test)]
    pub(super) fn bounded(mut self, body: usize) -> Self {
        self.scim.http = self.scim.http.for_long_lists(body);
        self
    }

    pub(super) fn host(&self) -> String {
        host(self.scim.base.url())
    }

    /// At most `count` entries, fewer where so many are too much at once.
    pub(super) async fn page<E: Entries>(&self, start: &Start, count: u64) -> Result<Page<E>, Problem> {
        let (mut count, mut tries) = (count, 0);
        loop {
            self.pace.ready().await;
            let began = Instant::now();
            match self.turn(start, count, tries).await {
                Turn::Done(answer) => {
                    self.pace.answered(began.elapsed(), answer.body.len());
                    return self.decoded(*answer).await;
                }
                Turn::Less(_) if count > 1 => count /= 2,
                Turn::Again(wait) => {
                    tries += 1;
                    sleep(wait).await;
                }
                Turn::Less(problem) | Turn::Failed(problem) => return Err(problem),
            }
        }
    }

    async fn turn(&self, start: &Start, count: u64, tries: u32) -> Turn {
        let again = |problem: Problem| match tries < TRIES {
            true => Turn::Again(PAUSE * 2_u32.pow(tries)),
            false => Turn::Failed(problem),
        };
        let request = Request::get(self.url(start, count)).bearer(&self.scim.token).accept(ACCEPT);
        let answer = match self.scim.http.send_keeping(request, &self.scim.journal).await {
            Ok(answer) => answer,
            Err(unanswered) => {
                let problem = Problem::from(unanswered);
                return match problem.code {
                    Code::Timeout if count > 1 => Turn::Less(problem),
                    Code::Timeout | Code::Connect => again(problem),
                    _ => Turn::Failed(problem),
                };
            }
        };
        if answer.status == 429 || (answer.status == 503 && answer.retry_after.is_some()) {
            return self.wait(&answer, tries);
        }
        let end = answer.end;
        let answer = match (end, answer.status, answer.whole()) {
            (_, 500 | 502 | 503 | 504, Ok(answer)) => return again(refusal(&answer)),
            (_, _, Ok(answer)) => answer,
            (End::TooLarge(_) | End::TimedOut(_), _, Err(problem)) => return Turn::Less(problem),
            (End::CutOff | End::Whole, _, Err(problem)) => return again(problem),
        };
        if answer.is_success() { Turn::Done(Box::new(answer)) } else { Turn::Failed(refusal(&answer)) }
    }

    /// The wait is for all that is under way; [`Pace::ready`] waits it out.
    fn wait(&self, answer: &Answer, tries: u32) -> Turn {
        let wait = answer.retry_after.unwrap_or_else(|| Duration::from_secs(1) * 2_u32.pow(tries.min(6)));
        if tries >= PATIENCE || wait > LONGEST_WAIT {
            return Turn::Failed(refusal(answer));
        }
        self.pace.slow_down(wait);
        Turn::Again(Duration::ZERO)
    }

    /// Large answers are read beside the threads that wait for others.
    async fn decoded<E: Entries>(&self, answer: Answer) -> Result<Page<E>, Problem> {
        let plan = Arc::clone(&self.plan);
        let read = tokio::task::spawn_blocking(move || decode::read(&answer, &plan)).await;
        read.unwrap_or_else(|_| Err(Problem::new(Code::Cancelled, "The list was not read to its end.")))
    }

    fn url(&self, start: &Start, count: u64) -> url::Url {
        let (index, count) =
            (if let Start::Index(index) = start { index.to_string() } else { String::new() }, count.to_string());
        let mut pairs = match start {
            Start::Index(_) => vec![("startIndex", index.as_str())],
            Start::Cursor(cursor) => vec![("cursor", cursor.as_str())],
        };
        pairs.push(("count", &count));
        if let Some(attributes) = &self.attributes {
            pairs.push(("attributes", attributes));
        }
        self.scim.base.with_query(&[self.path], &pairs)
    }
}

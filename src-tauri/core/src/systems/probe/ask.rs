//! The questions that every style asks, and the sorting of their answers.

use std::{
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use url::Url;

use super::{
    course::Course,
    report::Finding,
    stage::{Board, Stage},
    way, wrong_place,
};
use crate::{
    class::Class,
    error::{Code, Problem},
    http::{Answer, Http, Journal, Line, Request, host},
    secret::Secret,
    systems::scim::{self, ACCEPT, BaseUrl, Listing, equals},
};

/// One probe under way. Its requests may overlap.
#[derive(Clone, Copy)]
pub(super) struct Prober<'a> {
    pub(super) http: &'a Http,
    pub(super) base: &'a BaseUrl,
    pub(super) token: &'a Secret,
    pub(super) journal: &'a Journal,
    pub(super) now: Timestamp,
    pub(super) board: &'a Board<'a>,
    pub(super) pace: Pace,
    pub(super) course: &'a Course,
    /// Whether it was written with a slash too many: that is for a question of its own to judge.
    pub(super) has_slashes: bool,
}

/// Whether somebody waits for it, or it is one of many that are asked in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// What does not depend on another answer is asked at the same time.
    Together,
    /// One request at a time.
    OneByOne,
}

/// How the first answer's clock differs from ours.
pub(super) struct Clock {
    /// Server's clock minus this machine's.
    skew: SignedDuration,
    /// What to say if it matters.
    hint: Option<String>,
}

/// Users or groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Users,
    Groups,
}

impl Kind {
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
        }
    }

    /// The attribute that identity providers search by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Users => "userName",
            Self::Groups => "displayName",
        }
    }
}

impl Prober<'_> {
    pub(super) fn host(&self) -> String {
        host(self.base.url())
    }

    pub(super) fn may_ask(&self) -> bool {
        self.journal.left() != Some(0)
    }

    /// The first question, and at the same time the walk to the host, which shows the first three stages.
    pub(super) async fn first(
        &self,
        question: impl Future<Output = Result<Answer, Problem>>,
        hints: &mut Vec<String>,
    ) -> Result<Answer, Finding> {
        let url = self.base.url();
        if self.course.heard() {
            return Ok(question.await?);
        }
        let seen = Mutex::new(Line::default());
        let see = |line: &Line| {
            way::show(self.board, url, line, self.now);
            line.clone_into(&mut seen.lock().unwrap_or_else(PoisonError::into_inner));
        };
        see(&Line::default());
        let (mut walk, mut question) = (pin!(self.http.walk(url, see)), pin!(question));
        let (line, answer) = tokio::select! {
            line = &mut walk => (Some(line), question.await),
            // With an answer, the walk is only for more words: a server may not take a second connection.
            answer = &mut question => {
                let longest = if answer.is_ok() { Duration::from_secs(1) } else { self.http.longest_answer() };
                (timeout(longest, walk).await.ok(), answer)
            }
        };
        let line = line.unwrap_or_else(|| seen.lock().unwrap_or_else(PoisonError::into_inner).clone());
        hints.extend(way::hints(url, &line, self.now));
        let answer = answer.map_err(|problem| way::explained(problem, url, &line, self.now))?;
        self.line_is_good();
        self.board.begin(Stage::Path);
        self.board.begin(Stage::Authorised);
        Ok(answer)
    }

    /// Both, as the pace allows.
    pub(super) async fn both<A, B>(&self, one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
        match self.pace {
            Pace::Together => tokio::join!(one, other),
            Pace::OneByOne => (one.await, other.await),
        }
    }

    /// There was an answer, whatever the walk came across.
    pub(super) fn line_is_good(&self) {
        for stage in [Stage::Name, Stage::Connection, Stage::Tls] {
            if self.board.is_open(stage) {
                self.board.pass(stage, "good enough for an answer");
            }
        }
    }

    /// GET below a base URL.
    pub(super) async fn get(
        &self,
        base: &BaseUrl,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, Problem> {
        self.get_url(if query.is_empty() { base.join(segments) } else { base.with_query(segments, query) }).await
    }

    /// GET of a URL on the host that was named.
    pub(super) async fn get_url(&self, url: Url) -> Result<Answer, Problem> {
        let send =
            || Box::pin(self.http.send(Request::get(url.clone()).bearer(self.token).accept(ACCEPT), self.journal));
        let answer = self.course.ask(self.pace, &self.host(), send).await?;
        if let Some(skew) = answer.skew(self.now) {
            self.course.clock.get_or_init(|| Clock { skew, hint: answer.clock_hint(self.now) });
        }
        Ok(answer)
    }

    /// The stage about the clocks, and what to say about them.
    pub(super) fn judge_clock(&self) -> Option<String> {
        let Some(Clock { skew, hint }) = self.course.clock.get() else {
            self.board.skip(Stage::Clock, "no answer has told the server's time");
            return None;
        };
        let apart = crate::token::words(skew.abs());
        match hint {
            None if skew.abs() < SignedDuration::from_secs(2) => self.board.pass(Stage::Clock, "as the server's"),
            None => self.board.pass(Stage::Clock, format!("{apart} from the server's")),
            Some(_) => {
                let side = if skew.is_positive() { "behind" } else { "ahead of" };
                let words = format!("this computer is {apart} {side} the server");
                self.board.warn(Stage::Clock, Some(Class::ClockSkew), words);
            }
        }
        hint.clone()
    }

    pub(super) fn path_is_good(&self) {
        self.board.pass(Stage::Path, format!("{} answers", wrong_place::shown(self.base)));
    }

    /// `GET /<kind>?startIndex=…&count=…`.
    pub(super) async fn page(&self, kind: Kind, start: u64, count: u64) -> Result<Answer, Problem> {
        let (start, count) = (start.to_string(), count.to_string());
        self.get(self.base, &[kind.path()], &[("startIndex", &start), ("count", &count)]).await
    }

    /// A search by name; `more` goes before the filter.
    pub(super) async fn search(&self, kind: Kind, name: &str, more: &[(&str, &str)]) -> Result<Answer, Problem> {
        let filter = equals(kind.name(), name);
        let query: Vec<_> = more.iter().copied().chain([("filter", filter.as_str())]).collect();
        self.get(self.base, &[kind.path()], &query).await
    }

    /// The list in an answer of a user request, or what the refusal means.
    pub(super) async fn list(&self, answer: &Answer) -> Result<Listing, Finding> {
        if answer.is_success() {
            let listing = match Listing::read(answer) {
                Ok(listing) => listing,
                Err(problem) if answer.is_html() => return Err(wrong_place::web_page(self, answer, problem).await),
                Err(problem) => return Err(problem.into()),
            };
            if answer.redirected_from.is_some() {
                return Err(wrong_place::redirected(self, answer));
            }
            if self.board.is_open(Stage::Authorised) {
                if !self.has_slashes {
                    self.path_is_good();
                }
                self.board.pass(Stage::Authorised, "accepted");
            }
            return Ok(listing);
        }
        Err(match answer.status {
            401 => wrong_place::unauthorized(self, answer).await,
            404 | 410 => wrong_place::not_found(self, answer).await,
            _ => {
                let mut problem = scim::refusal(answer);
                if answer.status == 400 && self.base.url().scheme() == "http" && wants_https(answer) {
                    problem =
                        problem.hint(format!("This port wants TLS: write https://{} instead of http://.", self.host()));
                }
                if answer.status == 400 && wants_certificate(answer) {
                    problem = problem.hint("The server asks for a client certificate (mutual TLS). The identity providers have none: tell the team that runs the server that the token alone must do.");
                }
                match super::consoles::about_the_region(self.base.url(), problem.code) {
                    Some(region) => problem.hint(region).into(),
                    None => problem.into(),
                }
            }
        })
    }
}

/// As nginx and Go say it.
fn wants_https(answer: &Answer) -> bool {
    let said = answer.text().to_lowercase();
    said.contains("https port") || said.contains("https server")
}

/// As nginx says it: "No required SSL certificate was sent".
fn wants_certificate(answer: &Answer) -> bool {
    answer.text().to_lowercase().contains("ssl certificate")
}

/// A name that nobody has.
pub(super) fn nobody() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A search for a name that nobody has must find nobody.
pub(super) fn expect_nobody(found: &Listing, answer: &Answer, kind: Kind) -> Result<(), Finding> {
    if !found.items.is_empty() {
        return Err(ignored(scim::filter_ignored(&host(&answer.url), kind.path()).details(answer.details()), kind));
    }
    match found.total {
        None | Some(0) => Ok(()),
        Some(total) => Err(ignored(Problem::new(
            Code::FilterIgnored,
            format!("{} says that a search in /{} for a name that nobody has finds {total}: it ignores the filter or counts wrong.", host(&answer.url), kind.path()),
        )
        .hint("Do not start provisioning: the identity provider would believe that everybody exists already.")
        .hint("Tell the team that runs the server that filters with “eq” must be honoured (RFC 7644, section 3.4.2.2).")
        .details(answer.details()), kind)),
    }
}

/// A filter that is not honoured, at the stage of those that were searched.
pub(super) fn ignored(problem: Problem, kind: Kind) -> Finding {
    let stage = match kind {
        Kind::Users => Stage::Filter,
        Kind::Groups => Stage::Groups,
    };
    Finding::from(problem).at(stage, Class::FilterIgnored)
}

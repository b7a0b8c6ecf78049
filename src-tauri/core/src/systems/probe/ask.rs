//! The questions that every style asks, and the sorting of their answers.

use jiff::Timestamp;

use super::{Finding, wrong_place};
use crate::{
    error::{Code, Problem},
    http::{Answer, Http, Journal, Request, host},
    secret::Secret,
    systems::scim::{self, ACCEPT, BaseUrl, Listing, equals},
};

/// One probe under way.
pub(super) struct Prober<'a> {
    http: &'a Http,
    pub(super) base: &'a BaseUrl,
    token: &'a Secret,
    journal: &'a Journal,
    now: Timestamp,
    /// What is worth knowing whatever comes out.
    pub(super) hints: Vec<String>,
    clock: Option<String>,
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

impl<'a> Prober<'a> {
    pub(super) fn new(
        http: &'a Http,
        base: &'a BaseUrl,
        token: &'a Secret,
        journal: &'a Journal,
        now: Timestamp,
    ) -> Self {
        Self { http, base, token, journal, now, hints: Vec::new(), clock: None }
    }

    pub(super) fn into_hints(self) -> Vec<String> {
        self.hints.into_iter().chain(self.clock).collect()
    }

    pub(super) fn host(&self) -> String {
        host(self.base.url())
    }

    pub(super) fn may_ask(&self) -> bool {
        self.journal.left() != Some(0)
    }

    /// GET below a base URL.
    pub(super) async fn get(
        &mut self,
        base: &BaseUrl,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Answer, Problem> {
        let url = if query.is_empty() { base.join(segments) } else { base.with_query(segments, query) };
        let answer = self.http.send(Request::get(url).bearer(self.token).accept(ACCEPT), self.journal).await?;
        self.clock = self.clock.take().or_else(|| answer.clock_hint(self.now));
        Ok(answer)
    }

    /// `GET /<kind>?startIndex=…&count=…`.
    pub(super) async fn page(&mut self, kind: Kind, start: u64, count: u64) -> Result<Answer, Problem> {
        let (start, count) = (start.to_string(), count.to_string());
        self.get(self.base, &[kind.path()], &[("startIndex", &start), ("count", &count)]).await
    }

    /// A search by name; `more` goes before the filter.
    pub(super) async fn search(&mut self, kind: Kind, name: &str, more: &[(&str, &str)]) -> Result<Answer, Problem> {
        let filter = equals(kind.name(), name);
        let query: Vec<_> = more.iter().copied().chain([("filter", filter.as_str())]).collect();
        self.get(self.base, &[kind.path()], &query).await
    }

    /// The list in an answer of a user request, or what the refusal means.
    pub(super) async fn list(&mut self, answer: &Answer) -> Result<Listing, Finding> {
        if answer.is_success() {
            return Listing::read(answer).map_err(Finding::from);
        }
        Err(match answer.status {
            401 => wrong_place::unauthorized(self, answer).await,
            404 | 410 => wrong_place::not_found(self, answer).await,
            _ => scim::refusal(answer).into(),
        })
    }
}

/// A name that nobody has.
pub(super) fn nobody() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A search for a name that nobody has must find nobody.
pub(super) fn expect_nobody(found: &Listing, answer: &Answer, kind: Kind) -> Result<(), Finding> {
    if !found.items.is_empty() {
        return Err(scim::filter_ignored(&host(&answer.url), kind.path()).details(answer.details()).into());
    }
    match found.total {
        None | Some(0) => Ok(()),
        Some(total) => Err(Problem::new(
            Code::FilterIgnored,
            format!("{} says that a search in /{} for a name that nobody has finds {total}: it ignores the filter or counts wrong.", host(&answer.url), kind.path()),
        )
        .hint("Do not start provisioning: the identity provider would believe that everybody exists already.")
        .hint("Tell the team that runs the server that filters with “eq” must be honoured (RFC 7644, section 3.4.2.2).")
        .details(answer.details())
        .into()),
    }
}

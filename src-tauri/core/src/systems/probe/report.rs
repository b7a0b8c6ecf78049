//! What a preflight found: one verdict, one word for scripts, the stages, and every request that was made.

use serde::Serialize;

use super::stage::{Stage, StageLine, State};
use crate::{
    class::Class,
    error::{Code, Hint, Problem},
    http::RequestLine,
};

/// What came of it; one word for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportCode {
    /// The identity provider's test will pass as far as can be seen from here.
    Ok,
    /// The token is not accepted.
    Unauthorized,
    /// The token is known and not allowed to read.
    Forbidden,
    /// Nothing at this path; or a search without a hit is answered with 404, which Entra does not accept.
    NotFound,
    /// The base URL has something too much or too little; also an http scheme outside loopback.
    WrongPath,
    /// Something answers that is not SCIM, or breaks off.
    NotScim,
    /// Too many requests.
    RateLimited,
    /// The server failed.
    ServerError,
    /// The answer points to another host.
    Redirect,
    /// No answer in time.
    Timeout,
    /// The host name does not resolve.
    Dns,
    /// No connection.
    Connect,
    /// No trustworthy TLS connection.
    Tls,
    /// The company's proxy.
    Proxy,
    /// More bytes than belong here.
    TooLarge,
    /// A filter finds everybody.
    FilterIgnored,
    /// /Groups does not work.
    GroupsBroken,
    /// Lists repeat, or their totals cannot be used.
    PagingBroken,
    /// Another refusal.
    Refused,
    /// What was given is not a base URL or a token.
    WrongUse,
}

impl ReportCode {
    /// The same word for a problem's code.
    pub(super) fn of(code: Code) -> Self {
        match code {
            Code::Unauthorized | Code::Expired => Self::Unauthorized,
            Code::Forbidden | Code::RoleMissing => Self::Forbidden,
            Code::NotFound => Self::NotFound,
            Code::WrongPath => Self::WrongPath,
            Code::NotScim => Self::NotScim,
            Code::RateLimited => Self::RateLimited,
            Code::ServerError => Self::ServerError,
            Code::Redirect => Self::Redirect,
            Code::Timeout => Self::Timeout,
            Code::Dns => Self::Dns,
            Code::Connect => Self::Connect,
            Code::Tls => Self::Tls,
            Code::Proxy => Self::Proxy,
            Code::TooLarge => Self::TooLarge,
            Code::FilterIgnored => Self::FilterIgnored,
            Code::GroupsBroken => Self::GroupsBroken,
            Code::PagingBroken => Self::PagingBroken,
            Code::WrongInput => Self::WrongUse,
            Code::Refused
            | Code::Conflict
            | Code::TokenNotRecognised
            | Code::NotArrived
            | Code::StillAccepted
            | Code::MappingDiffers
            | Code::MembersMissing
            | Code::ConsoleRefused
            | Code::Vault
            | Code::Disk
            | Code::ClockSkew
            | Code::AlreadyOpen
            | Code::UnreadableFile
            | Code::Cancelled
            | Code::Practice => Self::Refused,
        }
    }
}

/// The finding, with every request that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether the identity provider's test will pass.
    pub ok: bool,
    /// One word.
    pub code: ReportCode,
    /// The class of the trouble; with `ok`, of the first thing that is worth knowing.
    pub class: Option<Class>,
    /// One or two sentences.
    pub message: String,
    /// What to do next; with `ok`, what is worth knowing. At least one if not `ok`.
    pub hints: Vec<String>,
    /// The base URL to use instead. It was tried, and it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_url: Option<String>,
    /// All nine, in order.
    pub stages: Vec<StageLine>,
    /// Milliseconds that all of it took.
    pub ms: u64,
    /// From where it was asked, and what the identity provider may see differently.
    pub seen_from: String,
    /// Every request, retries included, in order; one without an answer has the status `null`.
    pub requests: Vec<RequestLine>,
    /// The same as a problem, unless `ok`.
    pub problem: Option<Problem>,
}

/// Why the test will fail.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) problem: Box<Problem>,
    pub(super) corrected_url: Option<String>,
    pub(super) stage: Stage,
    pub(super) class: Class,
    /// What to write at the stage, if not the message.
    pub(super) words: Option<String>,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        let (stage, class) = place(problem.code);
        Self { problem: Box::new(problem), corrected_url: None, stage, class, words: None }
    }
}

impl Finding {
    pub(super) fn at(self, stage: Stage, class: Class) -> Self {
        Self { stage, class, ..self }
    }

    pub(super) fn in_words(self, words: impl Into<String>) -> Self {
        Self { words: Some(words.into()), ..self }
    }
}

/// Where a problem belongs if nothing more is known about it.
pub(super) fn place(code: Code) -> (Stage, Class) {
    match code {
        Code::Dns => (Stage::Name, Class::Unreachable),
        Code::Connect | Code::Timeout => (Stage::Connection, Class::Unreachable),
        Code::Proxy => (Stage::Connection, Class::Proxy),
        Code::Tls => (Stage::Tls, Class::Tls),
        Code::WrongPath | Code::NotFound | Code::Redirect | Code::WrongInput => (Stage::Path, Class::WrongPath),
        Code::Unauthorized => (Stage::Authorised, Class::BadCredentials),
        Code::Expired => (Stage::Authorised, Class::TokenExpired),
        Code::Forbidden | Code::RoleMissing => (Stage::Authorised, Class::RoleMissing),
        Code::RateLimited => (Stage::Authorised, Class::RateLimited),
        Code::NotScim | Code::TooLarge => (Stage::Scim, Class::NotScim),
        Code::ServerError => (Stage::Scim, Class::TargetError),
        Code::PagingBroken => (Stage::Scim, Class::PagingBroken),
        Code::FilterIgnored => (Stage::Filter, Class::FilterIgnored),
        Code::GroupsBroken => (Stage::Groups, Class::NotScim),
        Code::ClockSkew => (Stage::Clock, Class::ClockSkew),
        Code::Refused
        | Code::Conflict
        | Code::TokenNotRecognised
        | Code::NotArrived
        | Code::StillAccepted
        | Code::MappingDiffers
        | Code::MembersMissing
        | Code::ConsoleRefused
        | Code::Vault
        | Code::Disk
        | Code::AlreadyOpen
        | Code::UnreadableFile
        | Code::Cancelled
        | Code::Practice => (Stage::Scim, Class::TargetRejected),
    }
}

/// What is known whatever came of it.
pub(super) struct Facts {
    pub(super) hints: Vec<String>,
    pub(super) stages: Vec<StageLine>,
    pub(super) ms: u64,
    pub(super) seen_from: String,
    pub(super) requests: Vec<RequestLine>,
}

impl Report {
    /// The same as a problem, unless `ok`.
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    pub(super) fn passed(message: String, facts: Facts) -> Self {
        let warned = facts.stages.iter().filter(|line| line.state == State::Warned).find_map(|line| line.class);
        Self {
            ok: true,
            code: ReportCode::Ok,
            class: warned,
            message,
            hints: facts.hints,
            corrected_url: None,
            stages: facts.stages,
            ms: facts.ms,
            seen_from: facts.seen_from,
            requests: facts.requests,
            problem: None,
        }
    }

    pub(super) fn failed(finding: Finding, facts: Facts) -> Self {
        let mut problem = *finding.problem;
        problem.hints.extend(facts.hints.into_iter().map(|text| Hint { text, go: None }));
        Self {
            ok: false,
            code: ReportCode::of(problem.code),
            class: Some(finding.class),
            message: problem.message.clone(),
            hints: problem.hints.iter().map(|hint| hint.text.clone()).collect(),
            corrected_url: finding.corrected_url,
            stages: facts.stages,
            ms: facts.ms,
            seen_from: facts.seen_from,
            requests: facts.requests,
            problem: Some(problem),
        }
    }
}

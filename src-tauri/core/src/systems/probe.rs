//! Asks a SCIM server what the identity provider's own test will ask, and says in words what is wrong. It only reads,
//! makes at most 20 requests, and lists each of them. It asks from this computer: what a firewall does to the identity
//! provider's requests cannot be seen from here (facts/failures.md 16).

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    error::{Code, Phase, Problem},
    http::{Http, Journal, RequestLine},
    secret::Secret,
    systems::scim::BaseUrl,
    token,
};

mod ask;
mod checks;
mod paging;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hostile;
mod wrong_place;

use ask::Prober;

/// Requests that one probe may make, retries included.
const BUDGET: usize = 20;

/// Whose test is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdpStyle {
    /// Microsoft Entra ID: "Test Connection" (facts/targets.md D2).
    Entra,
    /// Okta: "Test API Credentials" (facts/targets.md D3).
    Okta,
}

impl IdpStyle {
    fn name(self) -> &'static str {
        match self {
            Self::Entra => "Microsoft Entra ID",
            Self::Okta => "Okta",
        }
    }
}

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
    fn of(code: Code) -> Self {
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
    /// One or two sentences.
    pub message: String,
    /// What to do next; with `ok`, what is worth knowing. At least one if not `ok`.
    pub hints: Vec<String>,
    /// The base URL to use instead, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_url: Option<String>,
    /// Every request, retries included, in order; one without an answer has the status `null`.
    pub requests: Vec<RequestLine>,
    /// The same as a problem, unless `ok`.
    pub problem: Option<Problem>,
}

impl Report {
    /// The same as a problem, unless `ok`.
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    fn passed(message: String, hints: Vec<String>, requests: Vec<RequestLine>) -> Self {
        Self { ok: true, code: ReportCode::Ok, message, hints, corrected_url: None, requests, problem: None }
    }

    fn failed(finding: Finding, also: Vec<String>, requests: Vec<RequestLine>) -> Self {
        let mut problem = finding.problem;
        problem.hints.extend(also.into_iter().map(|text| crate::error::Hint { text, go: None }));
        Self {
            ok: false,
            code: ReportCode::of(problem.code),
            message: problem.message.clone(),
            hints: problem.hints.iter().map(|hint| hint.text.clone()).collect(),
            corrected_url: finding.corrected_url,
            requests,
            problem: Some(problem),
        }
    }
}

/// Why the test will fail.
#[derive(Debug)]
struct Finding {
    problem: Problem,
    corrected_url: Option<String>,
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        Self { problem, corrected_url: None }
    }
}

/// Asks. At most 20 requests, all GET, none to another host than that of `base_url`. `now` is this computer's clock.
pub async fn probe(http: &Http, base_url: &str, token: &Secret, style: IdpStyle, now: Timestamp) -> Report {
    let base = match base_of(base_url) {
        Ok(base) => base,
        Err(finding) => return Report::failed(finding, Vec::new(), Vec::new()),
    };
    probe_as_given(http, &base, token, style, now).await
}

/// As [`probe`], also under a base URL that ends like an endpoint: for one that a vendor documents like that.
pub async fn probe_as_given(http: &Http, base: &BaseUrl, token: &Secret, style: IdpStyle, now: Timestamp) -> Report {
    let journal = Journal::bounded(BUDGET);
    let token = match cleaned(token) {
        Ok(token) => token,
        Err(finding) => return Report::failed(finding, Vec::new(), Vec::new()),
    };
    let mut prober = Prober::new(http, base, &token.secret, &journal, now);
    prober.hints.extend(token.hint);
    let outcome = match style {
        IdpStyle::Entra => checks::entra(&mut prober).await,
        IdpStyle::Okta => checks::okta(&mut prober).await,
    };
    let hints = prober.into_hints();
    match outcome {
        Ok(()) => Report::passed(passed_message(base, style, &hints), hints, journal.lines()),
        Err(finding) => Report::failed(finding, hints, journal.lines()),
    }
}

fn passed_message(base: &BaseUrl, style: IdpStyle, hints: &[String]) -> String {
    let host = crate::http::host(base.url());
    let read = match (style, hints.is_empty()) {
        (IdpStyle::Entra, true) => "users and groups can be read and searched.",
        (IdpStyle::Okta, true) => "users and groups can be read, and users searched.",
        (IdpStyle::Entra | IdpStyle::Okta, false) => "users and groups can be read. Something else is worth knowing.",
    };
    format!("{host} answers as the test of {} expects: the token is accepted, {read}", style.name())
}

/// The token as it is sent.
struct Given {
    secret: Secret,
    hint: Option<String>,
}

/// Looks at what was given before anything is asked.
fn base_of(base_url: &str) -> Result<BaseUrl, Finding> {
    let base = BaseUrl::parse(base_url)?;
    match base.without_endpoint() {
        Some(shorter) => Err(wrong_place::endpoint_in_url(&base, &shorter)),
        None => Ok(base),
    }
}

fn cleaned(token: &Secret) -> Result<Given, Finding> {
    let secret = token::clean(token.expose());
    if secret.is_empty() {
        let problem = Problem::new(Code::WrongInput, "There is no token to ask with.");
        return Err(problem.hint_go("Copy the SCIM token again and pass it on.", Phase::ScimToken).into());
    }
    let hint = (secret != *token).then(|| "There were blanks, quotes or words such as “Bearer” around the token; Usher left them out. Give the identity provider the token alone.".to_owned());
    Ok(Given { secret, hint })
}

//! HPE GreenLake Flex Solutions: creates and rotates the SCIM proxy token. The two calls are documented as curl lines
//! only (facts/targets.md A2); what they answer is not, so answers are read tolerantly and never dropped.

use jiff::Timestamp;
use url::Url;

use crate::{
    error::{Code, Phase, Problem},
    http::{Answer as HttpAnswer, End, Http, Journal, Request, Unanswered},
    secret::Secret,
};

mod answer;
mod refusal;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Candidate, read_answer};

/// What came of asking for a token. A 2xx answer is never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issued {
    /// The token.
    Token {
        /// The token.
        secret: Secret,
        /// Its end, if the answer or the token says so.
        expires_at: Option<Timestamp>,
    },
    /// Something was issued, but which part of it is the token is not clear. Keep `raw` in the vault.
    Unread {
        /// Parts that may be the token, likeliest first; may be empty.
        candidates: Vec<Candidate>,
        /// The whole answer as it came; may be empty.
        raw: Secret,
        /// Says so to the admin.
        problem: Problem,
    },
}

/// Asks for a token: `POST {api}/v1alpha1/proxytoken` without a body. Sent once; a second time only after 429.
///
/// # Errors
/// [`Code::Unauthorized`] (access token wrong or ended), [`Code::RoleMissing`], [`Code::Conflict`] (a proxy token exists
/// already), [`Code::NotFound`], [`Code::RateLimited`], [`Code::ServerError`], [`Code::Refused`], and those of
/// [`Http::send`]. After a timeout, a broken line or a 5xx the hints say that a token may have been issued.
pub async fn create_token(
    http: &Http,
    api: &Url,
    access: &Secret,
    journal: &Journal,
    now: Timestamp,
) -> Result<Issued, Problem> {
    ask(http, endpoint(api, &["proxytoken"], None), access, journal, now, Call::Create).await
}

/// Asks for a new token: `POST {api}/v1alpha1/proxytoken/rotate?remove-current=true|false`. With `true` the current
/// token ends at once; with `false` only after the new one takes effect (facts/targets.md A2).
///
/// # Errors
/// As [`create_token`]; [`Code::NotFound`] means that there is no token to rotate.
pub async fn rotate_token(
    http: &Http,
    api: &Url,
    access: &Secret,
    remove_current: bool,
    journal: &Journal,
    now: Timestamp,
) -> Result<Issued, Problem> {
    ask(http, endpoint(api, &["proxytoken", "rotate"], Some(remove_current)), access, journal, now, Call::Rotate).await
}

/// Which of the two was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Create,
    Rotate,
}

fn endpoint(api: &Url, path: &[&str], remove_current: Option<bool>) -> Url {
    let mut url = api.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push("v1alpha1").extend(path);
    }
    if let Some(remove) = remove_current {
        url.set_query(Some(&format!("remove-current={remove}")));
    }
    url
}

async fn ask(
    http: &Http,
    url: Url,
    access: &Secret,
    journal: &Journal,
    now: Timestamp,
    call: Call,
) -> Result<Issued, Problem> {
    match http.send_keeping(Request::post(url).bearer(access), journal).await {
        Ok(answer) if answer.is_success() => Ok(issued(&answer, now)),
        Ok(answer) => Err(refusal::refusal(&answer, call, now)),
        Err(unanswered) => Err(without_answer(unanswered)),
    }
}

fn without_answer(unanswered: Unanswered) -> Problem {
    if unanswered.maybe_processed { refusal::maybe_issued(unanswered.problem) } else { unanswered.problem }
}

/// Reads a 2xx answer; also one that was cut off.
fn issued(answer: &HttpAnswer, now: Timestamp) -> Issued {
    let text = answer.text();
    match read_answer(&text, answer.content_type.as_deref(), now) {
        Answer::Token { secret, expires_at } if answer.end == End::Whole || starts_json(&text) => {
            Issued::Token { secret, expires_at }
        }
        Answer::Token { secret, .. } => {
            let candidates = vec![Candidate { path: "the beginning of the answer".to_owned(), secret }];
            Issued::Unread { candidates, raw: Secret::new(text), problem: unread_problem(answer, true) }
        }
        Answer::Unrecognised { candidates, raw } => {
            let problem = unread_problem(answer, !candidates.is_empty());
            Issued::Unread { candidates, raw, problem }
        }
    }
}

/// JSON that could be read is complete, wherever the line broke.
fn starts_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[', '"'])
}

/// The details show the status only: a part of the body may be the token.
fn unread_problem(answer: &HttpAnswer, candidates: bool) -> Problem {
    let details =
        crate::error::Details { body: format!("{} bytes, kept in the vault", answer.body.len()), ..answer.details() };
    let problem = Problem::new(Code::TokenNotRecognised, what_came(answer));
    let problem = if candidates {
        problem.hint("Choose the part of the answer that is the token. The whole answer is kept for you.")
    } else {
        problem
    };
    problem
        .hint_go("A token may have been issued all the same. If creating again says that one exists, press **Replace the token**.", Phase::ScimToken)
        .details(details)
}

fn what_came(answer: &HttpAnswer) -> String {
    if answer.end != End::Whole {
        return "HPE GreenLake said yes, but its answer broke off before the end, so the token may be incomplete."
            .to_owned();
    }
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return "HPE GreenLake said yes, but its answer is empty: there is no token in it.".to_owned();
    }
    if answer.is_html() {
        return "A web page came back instead of a token, probably from a login page or a proxy in between.".to_owned();
    }
    if begins_as_json(&answer.body) && serde_json::from_slice::<serde::de::IgnoredAny>(&answer.body).is_err() {
        return "HPE GreenLake said yes, but its answer is cut off or damaged, so the token may be incomplete."
            .to_owned();
    }
    "HPE GreenLake said yes, but Usher does not know which part of its answer is the token.".to_owned()
}

fn begins_as_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

//! What came back, and what it means when it is not what was asked for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{
    failure::{Failure, Kind, host, shown_url},
    redact::{SHOWN, redact},
};
use crate::{
    error::{Code, Details, Problem},
    secret::Secret,
};

/// From this difference on, a clock is worth a hint.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Whole,
    /// The line broke before the end.
    CutOff,
    /// Time ran out before the end, after this many seconds.
    TimedOut(Duration),
    /// More bytes than this limit.
    TooLarge(usize),
}

/// An answer with any status. Its `Debug` shows no body.
#[derive(Clone)]
pub struct Answer {
    /// `GET`, `POST` …
    pub method: String,
    /// What was asked last (after same-host redirects).
    pub url: Url,
    /// What was asked first, if redirects on the same host led to another URL.
    pub redirected_from: Option<Url>,
    /// The HTTP status.
    pub status: u16,
    /// The media type, lower case, without parameters.
    pub content_type: Option<String>,
    /// What came of the body.
    pub body: Vec<u8>,
    /// How the body ended.
    pub end: End,
    /// The server's clock, from `Date`.
    pub date: Option<Timestamp>,
    /// How long the server asks to wait, from `Retry-After`; at most a day.
    pub retry_after: Option<Duration>,
    pub(super) secrets: Vec<Secret>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Answer {{ {} {}: {}, {} bytes, {:?} }}",
            self.method,
            host(&self.url),
            self.status,
            self.body.len(),
            self.end
        )
    }
}

impl Answer {
    /// 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A web page instead of an answer for programs.
    pub fn is_html(&self) -> bool {
        matches!(self.content_type.as_deref(), Some("text/html" | "application/xhtml+xml")) || is_html(&self.body)
    }

    /// A web page with a password field or the word for it.
    pub fn is_login_page(&self) -> bool {
        let page = self.text().to_lowercase();
        self.is_html()
            && [
                "type=\"password\"",
                "type='password'",
                "type=password",
                "log in",
                "login",
                "sign in",
                "sign-in",
                "signin",
                "saml",
            ]
            .iter()
            .any(|sign| page.contains(sign))
    }

    /// The body as text; wrong bytes are replaced. Not for showing: see [`Answer::details`].
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Itself, if the body ended as it should.
    ///
    /// # Errors
    /// [`Code::NotScim`] if it was cut off, [`Code::TooLarge`], [`Code::Timeout`].
    pub fn whole(self) -> Result<Self, Problem> {
        let kind = match self.end {
            End::Whole => return Ok(self),
            End::CutOff => Kind::CutOff,
            End::TimedOut(limit) => Kind::Timeout(limit),
            End::TooLarge(limit) => Kind::TooLarge(limit),
        };
        let problem = Failure {
            kind,
            method: self.method.clone(),
            url: self.url.clone(),
            status: Some(self.status),
            proxy: None,
            signed_in: false,
        }
        .problem();
        Err(problem.details(self.details()))
    }

    /// The body as JSON of a type.
    ///
    /// # Errors
    /// [`Code::NotScim`], with the JSON path at which it differs.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if self.is_html() {
            return Err(self.page_problem());
        }
        let mut reader =
            serde_json::Deserializer::from_slice(self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body));
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            self.json_problem(&path, &error.into_inner())
        })?;
        reader.end().map_err(|error| self.json_problem(".", &error))?;
        Ok(value)
    }

    /// What a body that is not the JSON it should be means.
    pub(crate) fn not_json(&self, error: &serde_json::Error) -> Problem {
        if self.is_html() { self.page_problem() } else { self.json_problem(".", error) }
    }

    fn page_problem(&self) -> Problem {
        let host = host(&self.url);
        let what = if self.is_login_page() { "a login page" } else { "a web page" };
        Problem::new(Code::NotScim, format!("{host} answered with {what} instead of data."))
            .hint("Check the URL: it must be the address for programs, not that of a console.")
            .hint("If the URL is right, a proxy or firewall that wants a login may be in between.")
            .details(self.details())
    }

    fn json_problem(&self, path: &str, error: &serde_json::Error) -> Problem {
        let host = host(&self.url);
        let message = match error.classify() {
            _ if self.body.iter().all(u8::is_ascii_whitespace) => {
                format!("{host} answered with nothing where data was expected.")
            }
            serde_json::error::Category::Eof => {
                format!("The answer of {host} ends in the middle of its JSON.")
            }
            serde_json::error::Category::Data => {
                let why = redact(&error.to_string(), &self.secrets, 200);
                format!("The answer of {host} is not what was expected at {}: {why}.", shown_path(path, &self.secrets))
            }
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                format!("The answer of {host} is not JSON.")
            }
        };
        Problem::new(Code::NotScim, message)
            .hint("Check that the URL is the one that the console shows for SCIM.")
            .hint("If it is, send the details to the team that runs the server.")
            .details(self.details())
    }

    /// Method, URL, status and the redacted body.
    pub fn details(&self) -> Details {
        Details {
            method: self.method.clone(),
            url: redact(&shown_url(&self.url), &self.secrets, 1_000),
            status: Some(self.status),
            body: redact(&self.text(), &self.secrets, SHOWN),
        }
    }

    /// The server's own words about an error, redacted and cut to 300 characters. Looks where SCIM (`detail`, also an
    /// array: facts/measured.md) and other APIs (`message`, `error_description`, `error`, `errors`) put them.
    pub fn said(&self) -> Option<String> {
        let value: Value = serde_json::from_slice(&self.body).ok()?;
        let words = words(&value, 0)?;
        let words = redact(words.trim(), &self.secrets, 300);
        (!words.is_empty()).then_some(words)
    }

    /// Server's clock minus this machine's; positive if the server is ahead.
    pub fn skew(&self, now: Timestamp) -> Option<SignedDuration> {
        self.date.map(|date| date.duration_since(now))
    }

    /// A sentence about this machine's clock if it differs from the server's by more than five minutes.
    pub fn clock_hint(&self, now: Timestamp) -> Option<String> {
        let skew = self.skew(now).filter(|skew| skew.abs() > SKEW)?;
        let side = if skew.is_positive() { "behind" } else { "ahead of" };
        let apart = crate::token::words(skew.abs());
        Some(format!(
            "This computer's clock is {apart} {side} the clock of {}. Correct the date and time: tokens are judged by them.",
            host(&self.url)
        ))
    }
}

fn is_html(body: &[u8]) -> bool {
    let start: String = String::from_utf8_lossy(&body[..body.len().min(1_024)])
        .trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t'])
        .to_lowercase();
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && start.contains("<html"))
}

fn words(value: &Value, depth: u8) -> Option<String> {
    if depth > 3 {
        return None;
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let all: Vec<String> = items.iter().take(3).filter_map(|item| words(item, depth + 1)).collect();
            (!all.is_empty()).then(|| all.join("; "))
        }
        Value::Object(fields) => ["detail", "message", "error_description", "error", "errors", "Errors", "title"]
            .iter()
            .find_map(|key| fields.get(*key).and_then(|inner| words(inner, depth + 1))),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn shown_path(path: &str, secrets: &[Secret]) -> String {
    if path == "." { "its top level".to_owned() } else { redact(path, secrets, 200) }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
impl Answer {
    /// One that nobody sent.
    pub(crate) fn of_test(status: u16, body: Vec<u8>) -> Self {
        Self {
            method: "GET".to_owned(),
            url: Url::parse("https://scim.example.com/v2/Users").expect("BUG: this is an address"),
            redirected_from: None,
            status,
            content_type: None,
            body,
            end: End::Whole,
            date: None,
            retry_after: None,
            secrets: Vec::new(),
        }
    }
}

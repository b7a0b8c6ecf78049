//! An answer with a status that says no, in general words. Systems put their own words first where they know more.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Answer, failure::host};
use crate::error::{Code, Problem};

impl Answer {
    /// The refusal in general words, by status; `who` names the one who refused ("HPE GreenLake", a host). For the
    /// statuses 200 to 299 use [`Answer::json`] instead.
    pub fn refusal(&self, who: &str) -> Problem {
        let problem = match self.status {
            401 => Problem::new(
                Code::Unauthorized,
                format!("{who} does not accept the token (401 Unauthorized).{}", self.quote()),
            )
            .hint("Copy the token again, whole, and check that it has not ended or been deleted.")
            .hint("Check that token and URL come from the same place in the console."),
            403 => Problem::new(
                Code::Forbidden,
                format!("{who} knows the token but does not allow this (403 Forbidden).{}", self.quote()),
            )
            .hint("Check the rights of the account that made the token."),
            404 => {
                Problem::new(Code::NotFound, format!("{who} has nothing at this path (404 Not Found).{}", self.quote()))
                    .hint("Compare the URL letter by letter with the one in the console.")
            }
            407 => Problem::new(
                Code::Proxy,
                format!("A proxy between this computer and {} wants a login (407).", host(&self.url)),
            )
            .hint(
                "Ask your network team how programs sign in to the proxy, and enter it in the system's proxy settings.",
            ),
            409 => Problem::new(
                Code::Conflict,
                format!("{who} says that it exists already (409 Conflict).{}", self.quote()),
            )
            .hint("Look in the console for what is there already."),
            429 => self.too_many(who),
            500..=599 => {
                Problem::new(Code::ServerError, format!("{who} failed ({}).{}", self.named_status(), self.quote()))
                    .hint("Try again in a few minutes; check the vendor's status page if it goes on.")
            }
            _ => Problem::new(
                Code::Refused,
                format!("{who} did not do what was asked ({}).{}", self.named_status(), self.quote()),
            )
            .hint("Look at the details for what the server says about it."),
        };
        problem.details(self.details())
    }

    /// 429 in words, with the time that the server asks for.
    pub(crate) fn too_many(&self, who: &str) -> Problem {
        let wait = self.retry_after.map(wait_words);
        let asked = wait.as_deref().map_or(String::new(), |wait| format!(" It asks to wait {wait}."));
        let hint =
            wait.map_or_else(|| "Wait a minute, then try again.".to_owned(), |wait| format!("Try again in {wait}."));
        Problem::new(
            Code::RateLimited,
            format!("{who} received too many requests and answers no more for now (429 Too Many Requests).{asked}"),
        )
        .hint(hint)
        .details(self.details())
    }

    /// " It says: “…”", or nothing.
    pub(crate) fn quote(&self) -> String {
        self.said().map_or(String::new(), |words| format!(" It says: “{words}”"))
    }

    /// "503 Service Unavailable", or the bare number of an unregistered status with the word "status".
    pub(crate) fn named_status(&self) -> String {
        match http::StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason()) {
            Some(reason) => format!("{} {reason}", self.status),
            None => format!("status {}", self.status),
        }
    }
}

fn wait_words(wait: Duration) -> String {
    crate::token::words(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX))
}

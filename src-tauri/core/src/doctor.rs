//! The doctor: what an error text or a provisioning log says, by cause, with what to do about it. It knows what
//! `recipes/doctor.toml` says and nothing else, works offline, and says "not recognised" where it would have to guess.

mod class_of;
mod decoded;
mod examine;
mod forms;
mod groups;
mod judge;
mod lines;
mod lists;
mod named;
mod patterns;
mod raw;
mod row;
mod rows;
mod rules;
mod sheet;
mod statuses;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

pub use examine::{Diagnosis, Kind, Progress, examine};

use self::named::Named;
use crate::Class;

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Confidence {
    /// The text says it.
    #[default]
    Certain,
    /// The text fits it better than anything else.
    Likely,
    /// The text does not rule it out.
    Possible,
}

/// How much a rule rests on. Of what holds for a text only the best level is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// The text names the cause.
    #[default]
    Cause,
    /// It names who answered with which status.
    Status,
    /// It names only the stage that failed.
    Stage,
    /// It is no failure at all.
    Note,
}

/// The document that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
pub struct Source {
    /// Its name.
    pub title: String,
    /// Where it stands, if it is public.
    pub url: Option<String>,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.url {
            Some(url) => write!(f, "{} ({url})", self.title),
            None => f.write_str(&self.title),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is known about a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page {
    /// Of which class.
    pub class: Class,
    /// A few words.
    pub title: String,
    /// Why it happens.
    pub cause: String,
    /// What mends it.
    pub fix: String,
    /// The next click.
    pub next: String,
    /// Who says so.
    pub source: Source,
}

/// One cause that a text or a log shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// Of which class.
    pub class: Class,
    /// Why it happens.
    pub cause: String,
    /// What mends it.
    pub fix: String,
    /// The next click.
    pub next: String,
    /// Who says so.
    pub source: Source,
    /// How sure that is.
    pub confidence: Confidence,
    /// In a log: how often, when, and one example.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(skip))]
    pub seen: Option<Seen>,
}

/// Where in a log a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Rows that show it.
    pub count: u64,
    /// The earliest of them, where a time is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// The latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// One of them, without secrets and e-mail addresses.
    pub excerpt: String,
    /// The same rows stand under a likelier cause too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alternative: bool,
}

impl Finding {
    fn says(page: &Page, confidence: Confidence, whom: Option<Named>) -> Self {
        let Page { class, title: _, cause, fix, next, source } = named::only_for(whom, page.clone());
        Self { class, cause, fix, next, source, confidence, seen: None }
    }
}

/// What a pasted text says, likeliest cause first. Never empty: what is not recognised is said too.
pub fn diagnose(text: &str) -> Vec<Finding> {
    let mut nobody = |_: &Progress| std::ops::ControlFlow::Continue(());
    examine(text.as_bytes(), &mut nobody).map_or_else(|_| vec![unrecognised()], |diagnosis| diagnosis.findings)
}

/// The page of a class.
pub fn page(class: Class) -> Page {
    #[expect(clippy::expect_used, reason = "the rules do not load without a page for each class")]
    rules::RULES.pages.get(&class).cloned().expect("BUG: every class has a page")
}

/// What is said when nothing is known.
fn unrecognised() -> Finding {
    Finding::says(&page(Class::Unrecognised), Confidence::Possible, None)
}

#[cfg(test)]
mod tests;

//! The shape of `recipes/doctor.toml`. What it means stands in `rules`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Where the sentences come from.
    pub(crate) sources: BTreeMap<String, Source>,
    /// Lists of signals that several rules share.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Vec<Spanned<String>>>,
    /// One page for each class.
    pub(crate) page: Vec<Spanned<Page>>,
    /// The rules, best first where several hold.
    pub(crate) rule: Vec<Spanned<Rule>>,
}

/// A document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) title: String,
    pub(crate) url: Option<String>,
}

/// What is said about a class when no rule knows more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub(crate) class: String,
    pub(crate) title: String,
    pub(crate) cause: String,
    pub(crate) fix: String,
    pub(crate) next: String,
    pub(crate) source: String,
}

/// When which class is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) class: String,
    #[serde(default)]
    pub(crate) level: super::Level,
    #[serde(default)]
    pub(crate) confidence: super::Confidence,
    /// Said beside a better finding too, because it needs a step of its own.
    #[serde(default)]
    pub(crate) also: bool,
    /// Whatever product speaks.
    #[serde(default)]
    pub(crate) anywhere: bool,
    #[serde(default)]
    pub(crate) any: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) all: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) none: Vec<Spanned<String>>,
    pub(crate) cause: Option<String>,
    pub(crate) fix: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) source: Option<String>,
    /// Texts that this rule has to put first.
    #[serde(default)]
    pub(crate) examples: Vec<String>,
    /// Texts that this rule must not hold for.
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests"))]
    pub(crate) counter_examples: Vec<String>,
}

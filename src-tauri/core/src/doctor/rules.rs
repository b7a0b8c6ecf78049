//! Reads `recipes/doctor.toml`, says where and what is wrong with it, and makes of it what can be matched.
//!
//! A signal is one of five things: a phrase, of which only letters and digits count, so that wraps, quotes and markup
//! do not matter; `/a pattern/`, on lower-case text; `#404` or `#5xx`, an HTTP status; `=repeats`, what is wrong with a
//! SCIM list; `@name`, any of a list under `[words]`.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use regex::{RegexSet, RegexSetBuilder};
use toml::Spanned;

use super::{Confidence, Level, Page, Source, forms, lists::Fault, patterns::Patterns, raw};
use crate::{
    Class,
    recipe::{File, RecipeError},
};

/// The shortest phrase: anything shorter is found inside other words.
const SHORTEST: usize = 7;

/// The rules that are compiled in.
pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a test loads the file")]
    Rules::load(include_str!("../../recipes/doctor.toml")).expect("BUG: the rules that are compiled in hold")
});

/// Everything the doctor knows.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) pages: BTreeMap<Class, Page>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) signals: Signals,
    /// Another product speaks.
    foreign: Vec<Signal>,
    /// Provisioning or signing in is spoken of.
    ours: Vec<Signal>,
}

/// A rule whose signals are numbers of [`Signals`].
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) class: Class,
    pub(crate) level: Level,
    pub(crate) confidence: Confidence,
    pub(crate) also: bool,
    anywhere: bool,
    any: Vec<Signal>,
    all: Vec<Vec<Signal>>,
    none: Vec<Signal>,
    pub(crate) says: Page,
    #[cfg(test)]
    pub(crate) examples: Vec<String>,
    #[cfg(test)]
    pub(crate) counter_examples: Vec<String>,
}

impl Rule {
    /// Whether it holds, given which signals are there.
    fn holds(&self, is_there: impl Fn(Signal) -> bool) -> bool {
        let some = |signals: &[Signal]| signals.iter().any(|signal| is_there(*signal));
        (self.any.is_empty() || some(&self.any)) && self.all.iter().all(|one| some(one)) && !some(&self.none)
    }
}

/// One thing to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Its number among the phrases.
    Phrase(usize),
    /// Its number among the patterns.
    Pattern(usize),
    /// From, to.
    Status(u16, u16),
    /// What is wrong with a list.
    List(Fault),
}

/// Every phrase and every pattern of all rules, searched for in one pass each.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) phrases: Vec<String>,
    pub(crate) phrase_set: RegexSet,
    pub(crate) patterns: Patterns,
}

impl Rules {
    /// Parses and checks; the first thing that is wrong ends it.
    pub(crate) fn load(text: &str) -> Result<Self, RecipeError> {
        let file = File { name: "doctor.toml".to_owned(), text: text.to_owned() };
        let raw: raw::File = file.parse()?;
        let mut loader = Loader { file: &file, raw: &raw, phrases: Vec::new(), patterns: Vec::new() };
        let pages = loader.pages()?;
        let mut rules: Vec<Rule> = Vec::with_capacity(raw.rule.len());
        for rule in &raw.rule {
            if rules.iter().any(|known| known.id == rule.get_ref().id) {
                return Err(loader.wrong(
                    rule.span(),
                    &rule.get_ref().id,
                    "this id is there twice",
                    "Give each rule its own.",
                ));
            }
            rules.push(loader.rule(rule, &pages)?);
        }
        let (foreign, ours) = (loader.words("foreign")?, loader.words("ours")?);
        let signals = loader.signals()?;
        Ok(Self { pages, rules, signals, foreign, ours })
    }

    /// Those that hold, given which signals are there, with their numbers.
    pub(crate) fn holding(&self, is_there: impl Fn(Signal) -> bool) -> Vec<(usize, &Rule)> {
        let some = |signals: &[Signal]| signals.iter().any(|signal| is_there(*signal));
        let of_another_product = some(&self.foreign) && !some(&self.ours);
        let asked = self.rules.iter().enumerate().filter(|(_, rule)| rule.anywhere || !of_another_product);
        asked.filter(|(_, rule)| rule.holds(&is_there)).collect()
    }
}

struct Loader<'a> {
    file: &'a File,
    raw: &'a raw::File,
    phrases: Vec<String>,
    patterns: Vec<String>,
}

impl Loader<'_> {
    fn wrong(&self, span: Range<usize>, who: &str, what: &str, instead: &str) -> RecipeError {
        self.file.error(span, format!("rule {who}: {what}"), instead)
    }

    fn pages(&self) -> Result<BTreeMap<Class, Page>, RecipeError> {
        let mut pages = BTreeMap::new();
        for spanned in &self.raw.page {
            let raw = spanned.get_ref();
            let class = self.class(&spanned.span(), &raw.class)?;
            let page = Page {
                class,
                title: raw.title.clone(),
                cause: raw.cause.clone(),
                fix: raw.fix.clone(),
                next: raw.next.clone(),
                source: self.source(&spanned.span(), &raw.source)?,
            };
            if pages.insert(class, page).is_some() {
                return Err(self.file.error(spanned.span(), format!("{class} has two pages"), "Keep one."));
            }
        }
        match Class::ALL.iter().find(|class| !pages.contains_key(*class)) {
            Some(class) => Err(self.file.error(0..0, format!("{class} has no page"), "Add a [[page]] for it.")),
            None => Ok(pages),
        }
    }

    fn class(&self, span: &Range<usize>, slug: &str) -> Result<Class, RecipeError> {
        slug.parse().map_err(|_| {
            let place = self.file.find(span.clone(), slug);
            self.file.error(place, format!("there is no class {slug:?}"), "Use one of class.rs.")
        })
    }

    fn source(&self, span: &Range<usize>, id: &str) -> Result<Source, RecipeError> {
        let found = self.raw.sources.get(id).ok_or_else(|| {
            let place = self.file.find(span.clone(), id);
            self.file.error(place, format!("there is no source {id:?}"), "Add it under [sources].")
        })?;
        Ok(Source { title: found.title.clone(), url: found.url.clone() })
    }

    fn rule(&mut self, spanned: &Spanned<raw::Rule>, pages: &BTreeMap<Class, Page>) -> Result<Rule, RecipeError> {
        let (raw, span) = (spanned.get_ref(), spanned.span());
        let class = self.class(&span, &raw.class)?;
        if raw.any.is_empty() && raw.all.is_empty() {
            return Err(self.wrong(span, &raw.id, "it would hold for every text", "Give it any or all."));
        }
        if raw.examples.is_empty() {
            return Err(self.wrong(span, &raw.id, "it has no example", "Give it a text that it has to recognise."));
        }
        let page =
            pages.get(&class).ok_or_else(|| self.wrong(span.clone(), &raw.id, "its class has no page", "Add one."))?;
        let source = raw.source.as_deref().map(|id| self.source(&span, id)).transpose()?;
        let says = Page {
            class,
            title: page.title.clone(),
            cause: raw.cause.clone().unwrap_or_else(|| page.cause.clone()),
            fix: raw.fix.clone().unwrap_or_else(|| page.fix.clone()),
            next: raw.next.clone().unwrap_or_else(|| page.next.clone()),
            source: source.unwrap_or_else(|| page.source.clone()),
        };
        Ok(Rule {
            id: raw.id.clone(),
            class,
            level: raw.level,
            confidence: raw.confidence,
            also: raw.also,
            anywhere: raw.anywhere,
            any: self.some(&raw.id, &raw.any)?,
            all: raw.all.iter().map(|one| self.signal(&raw.id, one)).collect::<Result<_, _>>()?,
            none: self.some(&raw.id, &raw.none)?,
            says,
            #[cfg(test)]
            examples: raw.examples.clone(),
            #[cfg(test)]
            counter_examples: raw.counter_examples.clone(),
        })
    }

    /// The list of this name; empty where there is none.
    fn words(&mut self, name: &str) -> Result<Vec<Signal>, RecipeError> {
        self.raw.words.get(name).map_or(Ok(Vec::new()), |words| self.some(name, words))
    }

    fn some(&mut self, rule: &str, signals: &[Spanned<String>]) -> Result<Vec<Signal>, RecipeError> {
        let lists: Vec<_> = signals.iter().map(|signal| self.signal(rule, signal)).collect::<Result<_, _>>()?;
        Ok(lists.concat())
    }

    /// What one string of the file stands for; a list of words is many.
    fn signal(&mut self, rule: &str, spanned: &Spanned<String>) -> Result<Vec<Signal>, RecipeError> {
        let (text, span) = (spanned.get_ref().as_str(), spanned.span());
        if let Some(name) = text.strip_prefix('@') {
            let Some(words) = self.raw.words.get(name) else {
                return Err(self.wrong(span, rule, &format!("there is no list {name:?}"), "Add it under [words]."));
            };
            return self.some(rule, words);
        }
        if let Some(name) = text.strip_prefix('=') {
            return match Fault::named(name) {
                Some(fault) => Ok(vec![Signal::List(fault)]),
                None => {
                    Err(self.wrong(span, rule, &format!("{text} is nothing that a list can have"), "See lists.rs."))
                }
            };
        }
        if let Some(status) = text.strip_prefix('#') {
            let whole = (status.parse().ok(), status.parse().ok());
            let hundred = status.strip_suffix("xx").and_then(|digit| digit.parse::<u16>().ok());
            return match (whole, hundred) {
                ((Some(from), Some(to)), _) => Ok(vec![Signal::Status(from, to)]),
                (_, Some(hundred @ 1..=5)) => Ok(vec![Signal::Status(hundred * 100, hundred * 100 + 99)]),
                _ => Err(self.wrong(span, rule, &format!("{text} is no HTTP status"), "Write #404 or #5xx.")),
            };
        }
        if let Some(pattern) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            if let Err(error) = regex::Regex::new(pattern) {
                return Err(self.wrong(
                    span,
                    rule,
                    &format!("not a pattern: {error}"),
                    "See the documentation of the crate regex.",
                ));
            }
            return Ok(vec![Signal::Pattern(number(&mut self.patterns, pattern.to_owned()))]);
        }
        let phrase: String = forms::squeeze(text).collect();
        if phrase.chars().count() < SHORTEST {
            let what = format!("the phrase {text:?} is too short to mean anything");
            return Err(self.wrong(span, rule, &what, "Write more of it, or a /pattern/ with word boundaries."));
        }
        Ok(vec![Signal::Phrase(number(&mut self.phrases, phrase))])
    }

    fn signals(self) -> Result<Signals, RecipeError> {
        let too_much = |error: regex::Error| {
            self.file.error(0..0, format!("the patterns together are too much: {error}"), "Make them simpler.")
        };
        let set = |patterns: Vec<String>| {
            RegexSetBuilder::new(patterns).size_limit(64 << 20).dfa_size_limit(16 << 20).build()
        };
        let escaped = self.phrases.iter().map(|phrase| regex::escape(phrase)).collect();
        Ok(Signals {
            phrase_set: set(escaped).map_err(too_much)?,
            patterns: Patterns::of(&self.patterns, set).map_err(too_much)?,
            phrases: self.phrases,
        })
    }
}

/// The place of `text` in `all`, which it is added to if it is new.
fn number(all: &mut Vec<String>, text: String) -> usize {
    all.iter().position(|known| *known == text).unwrap_or_else(|| {
        all.push(text);
        all.len() - 1
    })
}

//! Which rules hold for a text, and which of them are said.

use std::collections::BTreeSet;

use super::{
    Confidence, Level,
    forms::Forms,
    lists::{self, Fault},
    rules::{RULES, Rule, Rules, Signal},
    statuses::statuses,
};

/// Causes that are named for one text at most.
const CAUSES: usize = 6;

/// Letters and digits that have to be left of a phrase that the end of a text cuts off.
const LEFT_OF_A_PHRASE: usize = 16;

/// Numbers of rules, best first. Empty: nothing is known.
pub(crate) type Verdict = Vec<usize>;

/// The rule with this number.
pub(crate) fn rule(number: usize) -> Option<&'static Rule> {
    RULES.rules.get(number)
}

/// What the rules say about a text.
pub(crate) fn judge(text: &str) -> Verdict {
    judge_by(&RULES, text)
}

pub(crate) fn judge_by(rules: &Rules, text: &str) -> Verdict {
    let holding = holding(rules, text);
    let Some(best) = holding.iter().map(|(_, rule)| rule.level).min() else { return Verdict::new() };
    let mut said: Vec<(usize, &Rule)> =
        holding.into_iter().filter(|(_, rule)| rule.level == best || (rule.also && best != Level::Note)).collect();
    // What is said beside a better finding comes after it; among equals the order of the file decides.
    said.sort_by_key(|(number, rule)| (rule.level, rule.confidence, *number));
    let mut classes = Vec::new();
    said.retain(|(_, rule)| {
        !classes.contains(&rule.class) && {
            classes.push(rule.class);
            true
        }
    });
    // A guess beside a certainty only confuses.
    if said.iter().any(|(_, rule)| rule.confidence == Confidence::Certain && rule.level == best) {
        said.retain(|(_, rule)| rule.confidence == Confidence::Certain || rule.also);
    }
    said.truncate(CAUSES);
    said.into_iter().map(|(number, _)| number).collect()
}

/// Every rule that holds, whether it is said or not.
pub(crate) fn holding<'a>(rules: &'a Rules, text: &str) -> Vec<(usize, &'a Rule)> {
    let seen = Seen::of(rules, text);
    rules.holding(|signal| seen.is_there(signal))
}

struct Seen {
    phrases: Vec<bool>,
    patterns: Vec<bool>,
    statuses: BTreeSet<u16>,
    lists: BTreeSet<Fault>,
}

impl Seen {
    fn of(rules: &Rules, text: &str) -> Self {
        let forms = Forms::of(text);
        let signals = &rules.signals;
        let whole = signals.phrase_set.matches(&forms.squeezed);
        Self {
            phrases: signals
                .phrases
                .iter()
                .enumerate()
                .map(|(number, phrase)| whole.matched(number) || is_cut_off(phrase, &forms.squeezed))
                .collect(),
            patterns: signals.patterns.matching(&forms),
            statuses: statuses(&forms),
            lists: lists::faults(&forms),
        }
    }

    fn is_there(&self, signal: Signal) -> bool {
        match signal {
            Signal::Phrase(number) => self.phrases.get(number).is_some_and(|there| *there),
            Signal::Pattern(number) => self.patterns.get(number).is_some_and(|there| *there),
            Signal::List(fault) => self.lists.contains(&fault),
            Signal::Status(from, to) => self.statuses.range(from..=to).next().is_some(),
        }
    }
}

/// Whether most of the phrase stands at the end or the beginning of the text, which cuts the rest off.
fn is_cut_off(phrase: &str, text: &str) -> bool {
    let least = LEFT_OF_A_PHRASE.max(phrase.len() * 3 / 4);
    let mut places = phrase.char_indices().map(|(place, _)| place);
    places.any(|place| {
        (place >= least && text.ends_with(&phrase[..place]))
            || (place > 0 && phrase.len() - place >= least && text.starts_with(&phrase[place..]))
    })
}

#[cfg(test)]
mod tests {
    use super::is_cut_off;

    #[test]
    fn a_phrase_that_the_end_of_the_text_cuts_off_is_still_found() {
        let phrase = "requestisunparsablesyntacticallyincorrect";
        assert!(is_cut_off(phrase, "badrequestrequestisunparsablesyntacticallyinco"));
        assert!(is_cut_off(phrase, "stisunparsablesyntacticallyincorrect"));
        assert!(!is_cut_off(phrase, "badrequestrequestis"));
        assert!(!is_cut_off(phrase, "incorrectorviolates"));
    }
}

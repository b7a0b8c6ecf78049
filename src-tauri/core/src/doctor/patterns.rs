//! Every pattern of all rules, searched for in one pass; those that stay within a sentence apart from the others.

use regex::RegexSet;

use super::forms::Forms;

/// The patterns, apart by what a dot is to them.
#[derive(Debug)]
pub(crate) struct Patterns {
    count: usize,
    /// Those that stay within a sentence (`[^.]`): for them a dot is an end.
    within: (Vec<usize>, RegexSet),
    /// All others: for them a dot is a dot.
    plain: (Vec<usize>, RegexSet),
}

impl Patterns {
    /// Sorts them; `set` compiles.
    pub(super) fn of(
        patterns: &[String],
        set: impl Fn(Vec<String>) -> Result<RegexSet, regex::Error>,
    ) -> Result<Self, regex::Error> {
        let part = |within: bool| {
            let chosen = patterns.iter().enumerate();
            let (numbers, chosen) = chosen
                .filter(|(_, pattern)| within == stays_within_a_sentence(pattern))
                .map(|(number, pattern)| (number, pattern.clone()))
                .unzip();
            Ok((numbers, set(chosen)?))
        };
        Ok(Self { count: patterns.len(), within: part(true)?, plain: part(false)? })
    }

    /// Which of them match.
    pub(crate) fn matching(&self, forms: &Forms) -> Vec<bool> {
        let mut matching = vec![false; self.count];
        let [spaced, glued] = &forms.sentences;
        for ((numbers, set), texts) in [(&self.within, [spaced, glued]), (&self.plain, [&forms.spaced, &forms.glued])] {
            for found in texts.into_iter().flat_map(|text| set.matches(text)) {
                matching[numbers[found]] = true;
            }
        }
        matching
    }
}

/// Whether `[^.]` in it means the end of a sentence. Where it looks for a dot itself, it has to see all of them.
fn stays_within_a_sentence(pattern: &str) -> bool {
    pattern.contains("[^.]") && !pattern.contains(r"\.")
}

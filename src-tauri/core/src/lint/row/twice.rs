//! Of several rows for one attribute, the best stays.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Judged, shown};
use crate::{
    class::Class,
    lint::report::{Severity, Verb},
};

/// Says of the others that they have to go, and which these are.
pub(super) fn marked(judged: &mut [Judged<'_>]) -> BTreeSet<usize> {
    let mut best: BTreeMap<String, usize> = BTreeMap::new();
    for (index, row) in judged.iter().enumerate() {
        let before = best.entry(row.name.clone()).or_insert(index);
        if rank(row) < rank(&judged[*before]) {
            *before = index;
        }
    }
    let mut surplus = BTreeSet::new();
    for index in 0..judged.len() {
        let Some(kept) = best.get(&judged[index].name).copied().filter(|kept| *kept != index) else { continue };
        let finding = twice(&judged[index], &judged[kept]);
        surplus.insert(index);
        judged[index].finding = finding;
    }
    surplus
}

/// The least is to be done for the first; one of which nothing has to be said is before one that only may stay.
fn rank(row: &Judged<'_>) -> (Severity, bool, bool) {
    (row.finding.severity, row.finding.verb != Verb::Keep, !row.finding.why.is_empty())
}

fn twice(row: &Judged<'_>, kept: &Judged<'_>) -> Finding {
    let differs = kept.found.source.as_deref().filter(|source| row.found.source.as_deref() != Some(source));
    let why = match differs.map(shown).filter(|source| !source.contains('`')) {
        Some(source) if kept.finding.verb == Verb::Keep => {
            format!(
                "There is another row for this attribute. Delete this one, and keep the one that is filled from `{source}`."
            )
        }
        Some(_) | None => "There is another row for this attribute. Delete this one.".to_owned(),
    };
    Finding::new(Verb::Duplicate, Severity::Must, why, Class::MappingInvalid)
}

//! The finding in one sentence.

use super::report::{Report, Severity, Verb};
use crate::{
    recipe::Guide,
    view::{Tone, Toned},
};

/// Before anything was counted.
pub(super) fn nothing_yet() -> Toned {
    Toned { text: String::new(), tone: Tone::Neutral }
}

pub(super) fn of(report: &Report, guide: &Guide) -> Toned {
    let target = &guide.target_short;
    let (must, should) = report.to_do();
    if (must, should) == (0, 0) {
        let unknown = report.tables.iter().flat_map(|table| &table.actions).any(|action| action.found.is_none());
        let text = if unknown {
            format!(
                "The rows are as {target} wants them. The object actions are not in the text: see to them on the page."
            )
        } else {
            format!("The mapping is as {target} wants it: nothing to do.")
        };
        return Toned { text, tone: Tone::Good };
    }
    let (tone, begin) = match must {
        0 => (Tone::Warn, format!("The mapping works with {target} as far as can be seen, and could be better")),
        _ => (Tone::Bad, format!("The mapping does not fit {target} yet")),
    };
    Toned { text: format!("{begin}: {}.", parts(report).join(", ")), tone }
}

/// `17 rows to delete`, `1 row with the wrong source` …
fn parts(report: &Report) -> Vec<String> {
    let to_do = |severity: &Severity| *severity > Severity::Note;
    let rows = || report.tables.iter().flat_map(|table| &table.rows).filter(|row| to_do(&row.severity));
    let of = |verbs: &[Verb]| rows().filter(|row| verbs.contains(&row.verb)).count();
    let actions =
        report.tables.iter().flat_map(|table| &table.actions).filter(|action| to_do(&action.severity)).count();
    let notes = report.notes.iter().chain(report.tables.iter().flat_map(|table| &table.notes));
    let remarks = notes.filter(|note| to_do(&note.severity)).count();
    let counted = [
        (of(&[Verb::Delete, Verb::Duplicate]), "row to delete", "rows to delete"),
        (of(&[Verb::Add]), "row to add", "rows to add"),
        (of(&[Verb::WrongSource, Verb::Unmapped]), "row with another source", "rows with another source"),
        (of(&[Verb::WrongMatching]), "matching attribute to change", "matching attributes to change"),
        (of(&[Verb::WrongApply]), "row sent at the wrong times", "rows sent at the wrong times"),
        (of(&[Verb::Unclear]), "row to look at", "rows to look at"),
        (actions, "object action to change", "object actions to change"),
        (remarks, "thing to look at", "things to look at"),
    ];
    let words = |(count, one, many): (usize, &str, &str)| format!("{count} {}", if count == 1 { one } else { many });
    counted.into_iter().filter(|(count, _, _)| *count > 0).map(words).collect()
}

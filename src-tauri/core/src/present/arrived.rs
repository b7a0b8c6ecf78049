//! Who arrived, in words: the places for the exports, the verdict, the differences.

use super::doctor::points;
use crate::{
    app::{GROUPS_INTAKE, PEOPLE_INTAKE},
    class::Class,
    recipe::Guide,
    template,
    verify::{Difference, Kind, Outcome},
    view::{
        Arrived, Compared, Comparison, DifferenceRow, GroupFile, GroupFiles, Intake, IntakeState, KindCount, Tone,
        Toned,
    },
};

/// The screen. `files` and `more`: of groups, those that are listed and what is said of the others; `missing`: why nothing
/// can be compared yet.
pub(crate) fn arrived(
    guide: &Guide,
    people: IntakeState,
    (files, more): (Vec<GroupFile>, Option<String>),
    missing: Option<String>,
    comparison: Comparison,
) -> Arrived {
    Arrived {
        target: guide.target_name.clone(),
        idp: guide.idp_name.clone(),
        title: "Who arrived".into(),
        lead: format!(
            "Usher compares who should have arrived, by an export of {}, with who is at {}. It only reads, and keeps nothing of the files.",
            guide.idp_short, guide.target_short
        ),
        people: people_intake(guide, people),
        groups: group_files(guide, files, more),
        missing,
        comparison,
    }
}

/// Where the people are handed over.
fn people_intake(guide: &Guide, state: IntakeState) -> Intake {
    Intake {
        id: PEOPLE_INTAKE.into(),
        label: "The people who should have arrived".into(),
        note: guide.exports.people.clone(),
        placeholder: "Paste rows with their headings".into(),
        state,
    }
}

/// Where the groups are handed over.
fn group_files(guide: &Guide, files: Vec<GroupFile>, more: Option<String>) -> GroupFiles {
    GroupFiles {
        id: GROUPS_INTAKE.into(),
        label: "Their groups, if groups are to arrive too".into(),
        note: guide.exports.groups.clone(),
        files,
        more,
    }
}

/// The result in a sentence.
pub(crate) fn verdict_of(outcome: &Outcome) -> Toned {
    let tone = match (outcome.counts().differences, outcome.complete()) {
        (0, true) => Tone::Good,
        (0, false) => Tone::Warn,
        _ => Tone::Bad,
    };
    Toned { text: template::plain(&outcome.verdict()), tone }
}

/// What was found, without what only this run knows.
pub(crate) fn compared(outcome: &Outcome) -> Compared {
    let kinds = outcome.counts().kinds.iter().map(|found| KindCount {
        kind: found.kind.slug().into(),
        title: title(found.kind).into(),
        tone: tone(found.kind),
        count: found.count,
    });
    Compared {
        serial: 0,
        at: jiff::Timestamp::UNIX_EPOCH,
        verdict: verdict_of(outcome),
        remarks: Vec::new(),
        notes: outcome.notes().iter().map(|note| template::plain(note)).collect(),
        complete: outcome.complete(),
        total: outcome.counts().differences,
        kinds: kinds.collect(),
        saved: None,
    }
}

/// One difference as a row.
pub(crate) fn difference(outcome: &Outcome, found: Difference) -> DifferenceRow {
    let Difference { kind, who, group, attribute, expected, found: there, cause, reason, .. } = found;
    let says = outcome.says(kind, cause);
    let short = template::plain(says.strip_prefix("Probably ").unwrap_or(&says));
    let page = cause.class().filter(|class| !matches!(class, Class::Success | Class::Unrecognised));
    // What only repeats the name says nothing.
    let other = |text: String| if text == who { String::new() } else { text };
    let (expected, there) = (other(expected), other(there));
    // A difference of a group names no person.
    let what = attribute.unwrap_or_else(|| group.clone());
    let (who, what) = if who.is_empty() { (group, String::new()) } else { (who, what) };
    DifferenceRow {
        kind: title(kind).into(),
        tone: tone(kind),
        who,
        what,
        expected,
        found: there,
        cause: reason.clone().unwrap_or_else(|| capital(&short)),
        points: points(
            &reason.map_or(says.clone(), |reason| format!("{says} **{reason}**")),
            "",
            &outcome.next(kind, cause),
        ),
        class: page.map(|class| class.slug().to_owned()),
    }
}

/// In a word or two.
fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Missing => "Missing",
        Kind::Unexpected => "Not expected",
        Kind::Duplicate => "Twice",
        Kind::Disabled => "Switched off",
        Kind::Attribute => "Value differs",
        Kind::GroupMissing => "Group missing",
        Kind::GroupUnexpected => "Group not expected",
        Kind::MemberMissing => "Member missing",
        Kind::MemberUnexpected => "Member not expected",
    }
}

fn tone(kind: Kind) -> Tone {
    match kind {
        Kind::Missing | Kind::Duplicate | Kind::Disabled | Kind::GroupMissing | Kind::MemberMissing => Tone::Bad,
        Kind::Unexpected | Kind::Attribute | Kind::GroupUnexpected | Kind::MemberUnexpected => Tone::Warn,
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

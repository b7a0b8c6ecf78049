//! The outcome as a page of text or as JSON Lines, and how far it is in one line.

use serde::Serialize;
use usher_core::verify::{CauseCount, Counts, Difference, Filter, Kind, Outcome, Progress, Stage};

use crate::out;

/// Examples of each cause; --json and --save have all.
const EXAMPLES: usize = 5;
/// Characters of a line with an example.
const LONGEST: usize = 300;

pub(super) fn print(outcome: &Outcome) {
    out::line(&out::sentence(&outcome.verdict()));
    let counts = outcome.counts();
    let groups = match counts.expected_groups {
        0 => String::new(),
        of => format!(" Groups: {of} expected, {} found, {} matched.", counts.found_groups, counts.matched_groups),
    };
    out::line(&format!(
        "People: {} expected, {} found, {} matched.{groups}",
        counts.expected_people, counts.found_people, counts.matched_people
    ));
    outcome.notes().iter().for_each(|note| out::line(&out::sentence(note)));
    for kind in &counts.kinds {
        out::line(&format!("\n{}: {} ({})", out::sentence(&outcome.heading(kind.kind)), kind.count, kind.kind.slug()));
        for cause in counts.causes.iter().filter(|cause| cause.kind == kind.kind) {
            print_cause(outcome, cause);
        }
    }
}

fn print_cause(outcome: &Outcome, cause: &CauseCount) {
    out::line(&format!("  {} · {}", cause.count, out::sentence(&cause.says)));
    out::line(&format!("    - {}", out::sentence(&cause.next)));
    let filter = Filter { kinds: vec![cause.kind], causes: vec![cause.cause], text: String::new() };
    let shown = outcome.page(&filter, 0, EXAMPLES);
    for difference in &shown.rows {
        out::line(&format!("    {}", out::plain(&example(difference), LONGEST)));
    }
    let more = (cause.count as usize).saturating_sub(shown.rows.len());
    if more > 0 {
        out::line(&format!("    … and {more} more"));
    }
}

fn example(difference: &Difference) -> String {
    let Difference { kind, who, group, attribute, expected, found, reason, .. } = difference;
    let reason = reason.as_ref().map_or_else(String::new, |reason| format!("  ({reason})"));
    match kind {
        Kind::Missing | Kind::Unexpected => format!("{who}{reason}"),
        Kind::Duplicate if who.is_empty() => format!("{group}  ({found})"),
        Kind::Duplicate => format!("{who}  and  {found}"),
        Kind::Disabled | Kind::Attribute => {
            let name = attribute.as_deref().unwrap_or_default();
            format!("{who}  {name}: “{expected}” in the export, “{found}” there")
        }
        Kind::GroupMissing | Kind::GroupUnexpected => group.clone(),
        Kind::MemberMissing | Kind::MemberUnexpected => format!("{group}  {who}"),
    }
}

/// The line after all of them.
#[derive(Serialize)]
struct Summary<'a> {
    ok: bool,
    complete: bool,
    verdict: String,
    #[serde(flatten)]
    counts: &'a Counts,
    notes: &'a [String],
}

pub(super) fn json(outcome: &Outcome) {
    out::json_lines(outcome.iter());
    out::json(&Summary {
        ok: outcome.ok(),
        complete: outcome.complete(),
        verdict: out::sentence(&outcome.verdict()),
        counts: outcome.counts(),
        notes: outcome.notes(),
    });
}

/// `People: 12,000 of 100,000, 8,000 a second, 11 s left`
pub(super) fn progress(progress: &Progress) -> String {
    let what = match progress.stage {
        Stage::People => "People",
        Stage::Groups => "Groups",
        Stage::Members => "Members",
        Stage::Done => "Done",
    };
    let counted = progress.counted();
    let of = counted.total.map_or_else(String::new, |total| format!(" of {total}"));
    let left = progress.seconds_left.map_or_else(String::new, |left| format!(", {left} s left"));
    let waits = progress.waits.map_or_else(String::new, |wait| format!(" · the server asks to wait, {wait} s"));
    format!("{what}: {}{of}, {} a second{left}{waits}", counted.read, progress.rate)
}

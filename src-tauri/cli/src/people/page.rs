//! The report of the people check as a page of text.

use usher_core::people::{Finding, Kind, Progress, Report, Severity};

use crate::out;

/// Examples of each kind; JSON has more.
const EXAMPLES: usize = 5;
/// Characters of a line with an example.
const LONGEST: usize = 300;

pub(super) fn print(report: &Report) {
    out::line(&out::sentence(&report.verdict));
    if let Some(problem) = &report.stopped {
        out::line(&out::sentence(&problem.message));
        problem.hints.iter().for_each(|hint| out::line(&format!("  - {}", out::sentence(&hint.text))));
    }
    let columns: Vec<String> =
        report.columns.iter().map(|column| format!("{} as {}", column.header, column.attribute)).collect();
    out::line(&out::plain(
        &format!("Read as {}, separated by {}: {}.", report.encoding, report.separator, columns.join(", ")),
        1_000,
    ));
    report.notes.iter().for_each(|note| out::line(&out::sentence(note)));
    for (severity, heading) in [(Severity::WouldFail, "Would fail"), (Severity::Warn, "Worth a look")] {
        let kinds: Vec<&Kind> = report.kinds.iter().filter(|kind| kind.severity == severity).collect();
        if !kinds.is_empty() {
            out::line(&format!("\n{heading}"));
        }
        kinds.into_iter().for_each(print_kind);
    }
}

fn print_kind(kind: &Kind) {
    out::line(&format!("  {}: {} ({})", out::sentence(&kind.title), kind.count, kind.class));
    out::line(&format!("    {}", out::sentence(&kind.why)));
    out::line(&format!("    - {}", out::sentence(&kind.fix)));
    for finding in kind.examples.iter().take(EXAMPLES) {
        out::line(&format!("    {}", out::plain(&example(finding).replace('`', ""), LONGEST)));
    }
    let more = (kind.count as usize).saturating_sub(EXAMPLES.min(kind.examples.len()));
    if more > 0 {
        out::line(&format!("    … and {more} more"));
    }
}

fn example(finding: &Finding) -> String {
    let mut text = String::new();
    if finding.line > 0 {
        text.push_str(&format!("line {}", finding.line));
    }
    if !finding.who.is_empty() {
        text.push_str(&format!("  {}", finding.who));
    }
    if let (Some(column), Some(value)) =
        (&finding.column, finding.value.as_ref().filter(|value| **value != finding.who))
    {
        text.push_str(&format!("  {column}: {value}"));
    }
    text.push_str(&format!("  {}", finding.says));
    text.trim_start().to_owned()
}

/// `42 %  42000 people, 17 would fail`
pub(super) fn progress(progress: &Progress, size: Option<u64>) -> String {
    let share = size.filter(|size| *size > 0).map(|size| format!("{} %  ", (progress.bytes * 100 / size).min(100)));
    format!("{}{} people, {} would fail", share.unwrap_or_default(), progress.rows, progress.would_fail)
}

//! `usher-cli lint`: an export of the mapping, compared with what the target wants. The comparing is the core's; here are
//! the file and the table on the terminal.

use serde::Serialize;
use usher_core::{
    Problem,
    lint::{self, Action, Note, Report, Row, Severity, Table, Verb},
};

use crate::{Outcome, args, guide, input, out};

/// Characters of an attribute and of a source in the table.
const ATTRIBUTE: usize = 48;
const SOURCE: usize = 80;

/// What a script reads; the report's own names follow.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    ok: bool,
    /// Things that have to be done, and that should be.
    must: usize,
    should: usize,
    /// The ids of the rows that are there once the advice was followed.
    remaining: Vec<&'a str>,
    #[serde(flatten)]
    report: &'a Report,
}

/// Why there is no finding.
#[derive(Serialize)]
struct Refusal {
    ok: bool,
    message: String,
    hints: Vec<String>,
}

pub(crate) fn run(wanted: &args::Lint) -> Outcome {
    let report = guide::find(&wanted.target, &wanted.idp).and_then(|guide| {
        let input = input::open(&wanted.file, "the mapping")?;
        lint::check(input.bytes, &guide)
    });
    match report {
        Ok(report) => {
            let outcome = if report.is_fine() { Outcome::Proven } else { Outcome::Refused };
            if wanted.json {
                out::json(&finding(&report));
            } else {
                readable(&report).iter().for_each(|line| out::line(line));
            }
            outcome
        }
        Err(problem) => {
            refuse(&problem, wanted.json);
            Outcome::WrongUse
        }
    }
}

fn finding(report: &Report) -> Finding<'_> {
    let (must, should) = report.to_do();
    let remaining = report.remaining().map(|(_, row)| row.id.as_str()).collect();
    Finding { ok: report.is_fine(), must, should, remaining, report }
}

fn refuse(problem: &Problem, json: bool) {
    let message = out::sentence(&problem.message);
    let hints: Vec<String> = problem.hints.iter().map(|hint| out::sentence(&hint.text)).collect();
    out::note(&message);
    hints.iter().for_each(|hint| out::note(&format!("  - {hint}")));
    if json {
        out::json(&Refusal { ok: false, message, hints });
    }
}

/// The page of text: what was read, the verdict, the tables, and the reasons under each.
fn readable(report: &Report) -> Vec<String> {
    let mut lines = vec![
        format!("{}, for {} <- {}", out::sentence(&report.source), out::sentence(&report.target), report.idp),
        String::new(),
        out::sentence(&report.verdict.text),
    ];
    lines.extend(report.notes.iter().map(note));
    report.tables.iter().for_each(|table| lines.extend(self::table(table)));
    lines
}

fn table(table: &Table) -> Vec<String> {
    let mut reasons: Vec<&str> = Vec::new();
    let widest = |names: &mut dyn Iterator<Item = &String>| names.map(|name| name_of(name).chars().count()).max();
    let width = widest(&mut table.rows.iter().map(|row| &row.attribute)).unwrap_or_default();
    let action_width = widest(&mut table.actions.iter().map(|action| &action.name)).unwrap_or_default().max(14);
    let mut lines = vec![String::new(), table.title.clone()];
    lines.extend(table.rows.iter().map(|row| line(row, width, &mut reasons)));
    lines.push("  Object actions".to_owned());
    lines.extend(table.actions.iter().map(|one| action(one, action_width, &mut reasons)));
    lines.extend(table.notes.iter().map(note));
    lines.extend(reasons.iter().enumerate().map(|(index, why)| format!("  [{}] {}", index + 1, out::sentence(why))));
    lines
}

/// `  delete  title  <- jobTitle  [1]`
fn line<'a>(row: &'a Row, width: usize, reasons: &mut Vec<&'a str>) -> String {
    let attribute = name_of(&row.attribute);
    let source = row.found.as_ref().or(row.wanted.as_ref()).map_or_else(String::new, |text| out::plain(text, SOURCE));
    let wanted = match (row.verb, &row.found, &row.wanted) {
        (Verb::WrongSource, Some(_), Some(wanted)) => format!(", wanted {}", out::plain(wanted, SOURCE)),
        _ => String::new(),
    };
    let line = format!("  {:<14} {attribute:width$}  <- {source}{wanted}{}", word(row), reason(&row.why, reasons));
    line.trim_end().to_owned()
}

fn action<'a>(action: &'a Action, width: usize, reasons: &mut Vec<&'a str>) -> String {
    let word = match (action.found, action.wanted) {
        (Some(true), true) => "on, as wanted",
        (Some(false), false) => "off, as wanted",
        (Some(false), true) => "turn on",
        (Some(true), false) => "turn off",
        (None, true) => "not known; has to be on",
        (None, false) => "not known; has to be off",
    };
    format!("  {:width$} {word}{}", name_of(&action.name), reason(&action.why, reasons))
}

/// Of a long name the end tells more than the beginning, as in that of an attribute of an extension.
fn name_of(name: &str) -> String {
    let name = out::plain(name, 1_000);
    match name.chars().count().checked_sub(ATTRIBUTE) {
        Some(surplus) if surplus > 0 => format!("…{}", name.chars().skip(surplus + 1).collect::<String>()),
        Some(_) | None => name,
    }
}

/// The number of the reason, which is listed once.
fn reason<'a>(why: &'a str, reasons: &mut Vec<&'a str>) -> String {
    if why.is_empty() {
        return String::new();
    }
    let index = reasons.iter().position(|other| *other == why).unwrap_or_else(|| {
        reasons.push(why);
        reasons.len() - 1
    });
    format!("  [{}]", index + 1)
}

fn note(note: &Note) -> String {
    let word = match note.severity {
        Severity::Note => "Note",
        Severity::Should => "To look at",
        Severity::Must => "To do",
    };
    format!("  {word}: {}", out::sentence(&note.text))
}

fn word(row: &Row) -> &'static str {
    match (row.verb, row.severity) {
        (Verb::Keep, _) => "keep",
        (Verb::Delete, _) => "delete",
        (Verb::Add, Severity::Note) => "may be added",
        (Verb::Add, Severity::Should | Severity::Must) => "add",
        (Verb::WrongSource, _) => "wrong source",
        (Verb::WrongMatching, _) => "wrong matching",
        (Verb::WrongApply, _) => "wrong apply",
        (Verb::Unmapped, _) => "unmapped",
        (Verb::Duplicate, _) => "duplicate",
        (Verb::Unclear, _) => "look at it",
    }
}

//! Reads what was dropped: a log of Microsoft Entra or Okta as JSON or CSV, an answer of their APIs, a text log, or any
//! text. Row by row, so that the size of a log does not matter.

use std::{
    cell::Cell,
    io::{Cursor, Read},
    ops::ControlFlow,
};

use serde::Serialize;

use super::{
    Finding,
    decoded::{self, Watched},
    groups::Groups,
    judge::{judge, rule},
    lines::{self, Ends, Entries},
    named::{self, Named},
    row::{Row, Shape},
    rows::Rows,
    sheet, unrecognised,
};
use crate::{Class, Code, Problem};

/// Objects of an unknown kind up to which they are read together: what one line says explains the next.
const FEW: usize = 20;

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Rows read.
    pub rows: u64,
}

/// What it was that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Kind {
    /// A provisioning log of Microsoft Entra.
    EntraLog,
    /// A system log of Okta.
    OktaLog,
    /// A provisioning job of Microsoft Entra.
    Job,
    /// The answer to provision on demand.
    OnDemand,
    /// Another log.
    Log,
    /// An error text.
    Text,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// What was read.
    pub kind: Kind,
    /// Rows, if it has rows.
    pub rows: u64,
    /// Rows that report success.
    pub succeeded: u64,
    /// Rows in which nothing had to be done.
    pub nothing_to_do: u64,
    /// Rows about something else.
    pub other: u64,
    /// Rows that failed in a way that is not recognised.
    pub unrecognised: u64,
    /// The causes, never empty.
    pub findings: Vec<Finding>,
    /// Why the rest could not be read, if it could not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<String>,
}

impl Diagnosis {
    /// Whether anything was recognised.
    pub fn is_recognised(&self) -> bool {
        self.findings.iter().any(|finding| finding.class != Class::Unrecognised)
    }
}

/// Reads it to its end. `watch` is told after each piece how far that is, and ends it by breaking.
///
/// # Errors
/// What cannot be read, is no text, or was cancelled.
pub fn examine(input: impl Read, watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>) -> Result<Diagnosis, Problem> {
    let (progress, cancelled) = (Cell::new(Progress::default()), Cell::new(false));
    let mut input = Watched { input, progress: &progress, watch, cancelled: &cancelled };
    let read = read(&mut input, &progress);
    match cancelled.get() {
        true => Err(Problem::new(Code::Cancelled, "Reading was cancelled.")),
        false => read,
    }
}

fn read(input: &mut impl Read, progress: &Cell<Progress>) -> Result<Diagnosis, Problem> {
    let head = decoded::head(input).map_err(|error| unreadable(&error))?;
    if let Some(what) = not_text(&head) {
        return Err(
            Problem::new(Code::WrongInput, what).hint("Drop the file that was unpacked from it, or paste the text.")
        );
    }
    let text = decoded::peeked(&head);
    match () {
        () if Rows::looks_like_json(&text) => json(&head, input, progress),
        () if sheet::looks_like_log(&text) => table(&head, input, progress),
        () if lines::is_log(&text) => log(&head, input, progress),
        () => free_text(&head, input),
    }
}

fn json(head: &[u8], input: &mut impl Read, progress: &Cell<Progress>) -> Result<Diagnosis, Problem> {
    let (mut rows, mut groups, mut ends) = (Rows::default(), Groups::default(), Ends::default());
    let mut shapes: Vec<(Shape, u64)> = Vec::new();
    let mut add = |row: &Row| {
        match shapes.iter_mut().find(|(shape, _)| *shape == row.shape) {
            Some((_, count)) => *count += 1,
            None => shapes.push((row.shape, 1)),
        }
        groups.add(row);
        counted(progress);
    };
    let read = decoded::pieces(head, input, |piece| {
        ends.feed(piece);
        rows.feed(piece, &mut |row| add(&Row::of_json(row)));
    });
    let cut_off = rows.rest();
    if let Some(rest) = &cut_off {
        add(&Row::of_json(rest));
    }
    let known = |count: &(Shape, u64)| if count.0 == Shape::Unknown { 0 } else { count.1 };
    let shape = shapes.iter().max_by_key(|count| known(count)).map_or(Shape::Unknown, |(shape, _)| *shape);
    let few = shapes.iter().map(|(_, count)| count).sum::<u64>() <= FEW as u64;
    let incomplete = match (read, cut_off) {
        (Err(error), _) => Some(unreadable(&error).message),
        (Ok(()), Some(_)) => Some("The file ends in the middle of a row.".to_owned()),
        (Ok(()), None) => None,
    };
    let kind = match shape {
        Shape::Entra => Kind::EntraLog,
        Shape::Okta => Kind::OktaLog,
        Shape::Job => Kind::Job,
        Shape::OnDemand => Kind::OnDemand,
        Shape::Unknown if few => return Ok(of_text(&ends.text())),
        Shape::Unknown => Kind::Log,
    };
    Ok(of_groups(kind, groups, incomplete))
}

fn table(head: &[u8], input: &mut impl Read, progress: &Cell<Progress>) -> Result<Diagnosis, Problem> {
    let mut groups = Groups::default();
    let mut kind = Kind::EntraLog;
    let read = sheet::read(Cursor::new(head).chain(input), |row| {
        if row.shape == Shape::Okta {
            kind = Kind::OktaLog;
        }
        groups.add(&row);
        counted(progress);
    });
    match read {
        Ok(incomplete) => Ok(of_groups(kind, groups, incomplete)),
        // Something with commas that is no table after all.
        Err(problem) if problem.code == Code::WrongInput => Ok(of_text(&decoded::peeked(head))),
        Err(problem) => Err(problem),
    }
}

fn log(head: &[u8], input: &mut impl Read, progress: &Cell<Progress>) -> Result<Diagnosis, Problem> {
    let (mut entries, mut groups) = (Entries::default(), Groups::default());
    let mut add = |entry: &str| {
        groups.add(&Row::unknown(entry));
        counted(progress);
    };
    let read = decoded::pieces(head, input, |piece| entries.feed(piece, &mut add));
    entries.finish(&mut add);
    let incomplete = read.err().map(|error| unreadable(&error).message);
    let diagnosis = of_groups(Kind::Log, groups, incomplete);
    // No line says it alone: perhaps they do together.
    Ok(if diagnosis.is_recognised() { diagnosis } else { of_text(&decoded::peeked(head)) })
}

fn free_text(head: &[u8], input: &mut impl Read) -> Result<Diagnosis, Problem> {
    let mut ends = Ends::default();
    decoded::pieces(head, input, |piece| ends.feed(piece)).map_err(|error| unreadable(&error))?;
    Ok(of_text(&ends.text()))
}

fn of_text(text: &str) -> Diagnosis {
    let rules = judge(text).into_iter().filter_map(rule);
    let whom = named::named(text);
    let mut findings: Vec<Finding> = rules.map(|rule| Finding::says(&rule.says, rule.confidence, whom)).collect();
    if findings.is_empty() {
        findings.push(unrecognised());
    }
    Diagnosis {
        kind: Kind::Text,
        rows: 0,
        succeeded: 0,
        nothing_to_do: 0,
        other: 0,
        unrecognised: 0,
        findings,
        incomplete: None,
    }
}

fn of_groups(kind: Kind, groups: Groups, incomplete: Option<String>) -> Diagnosis {
    let Groups { rows, succeeded, nothing_to_do, other, unrecognised, .. } = groups;
    let whom = match kind {
        Kind::EntraLog | Kind::Job | Kind::OnDemand => Some(Named::Entra),
        Kind::OktaLog => Some(Named::Okta),
        Kind::Log | Kind::Text => None,
    };
    Diagnosis { kind, rows, succeeded, nothing_to_do, other, unrecognised, findings: groups.findings(whom), incomplete }
}

fn counted(progress: &Cell<Progress>) {
    let now = progress.get();
    progress.set(Progress { rows: now.rows + 1, ..now });
}

fn unreadable(error: &std::io::Error) -> Problem {
    Problem::new(Code::UnreadableFile, format!("The file could not be read to its end: {error}."))
        .hint("Check that it is still there and that you may open it.")
}

/// What is no text by its first bytes.
fn not_text(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'P', b'K', 3 | 5 | 7, ..] => Some("This is a ZIP archive or an Excel workbook, not a log."),
        [0x1f, 0x8b, ..] => Some("This file is compressed (gzip)."),
        [b'%', b'P', b'D', b'F', ..] => Some("This is a PDF, not a log."),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            Some("This is a picture. Paste the text that it shows.")
        }
        _ => None,
    }
}

//! The mapping check as a sheet.

use std::{collections::BTreeMap, io::Read, ops::ControlFlow};

use super::{Watched, page_of, section};
use crate::{
    error::Problem,
    examine::{Found, Reading},
    lint::{self, Report, Severity, Verb},
    mapping::{self, RowWork},
    recipe::{Guide, MappingGuide},
    template,
    view::{self, Point, Section, Sheet, SheetRow, Tone},
};

pub(in crate::examine) fn mapping(
    input: impl Read,
    guide: &Guide,
    watch: impl FnMut(&Reading) -> ControlFlow<()>,
) -> Result<Found, Problem> {
    let report = lint::check(Watched { input, watch, bytes: 0 }, guide)?;
    Ok(Found { sheet: sheet(&report), ticks: ticks(&report, guide) })
}

/// What the report shows of the rows and object actions of the guide's list. Where it shows neither, the admin's own tick
/// stays.
fn ticks(report: &Report, guide: &Guide) -> BTreeMap<String, bool> {
    let shown = |mapping: &MappingGuide| report.tables.iter().find(|table| table.id == mapping.id);
    let tables = guide.mappings.iter().filter_map(|mapping| shown(mapping).map(|table| (mapping, table)));
    let mut ticks = BTreeMap::new();
    for (mapping, table) in tables {
        let rows = mapping::work(mapping).into_iter().filter_map(|row| {
            let done = done(&row, table, report.whole)?;
            Some((format!("{}-{}", mapping.id, row.id), done))
        });
        ticks.extend(rows);
        let told = |action: &lint::Action| action.found.map(|found| (action.id.clone(), found == action.wanted));
        ticks.extend(table.actions.iter().filter_map(told));
    }
    ticks
}

/// Whether a row of the list is done; nothing, if the report does not show it.
fn done(row: &RowWork, table: &lint::Table, whole: bool) -> Option<bool> {
    // What is missing in a part of a table may be there all the same.
    let shown = |found: &&lint::Row| whole || found.found.is_some() || found.verb == Verb::Unmapped;
    let same = |found: &&lint::Row| lint::same_attribute(&found.attribute, &row.target);
    let found = table.rows.iter().filter(shown).filter(same);
    let (kept, open): (Vec<_>, Vec<_>) = found.partition(|found| found.verb == Verb::Keep);
    match row.verb {
        view::Verb::Delete if !open.is_empty() => Some(false),
        // It is there and does no harm: whether it stays is the admin's to say.
        view::Verb::Delete if !kept.is_empty() => None,
        view::Verb::Delete => whole.then_some(true),
        view::Verb::Keep | view::Verb::Add | view::Verb::Change if open.is_empty() => {
            (!kept.is_empty()).then_some(true)
        }
        // It may be left out, or cannot be read.
        view::Verb::Keep | view::Verb::Add | view::Verb::Change => {
            let must = open.iter().any(|row| row.severity != Severity::Note && row.verb != Verb::Unclear);
            must.then_some(false)
        }
    }
}

fn sheet(report: &Report) -> Sheet {
    let notes = notes(&report.notes);
    let general = (!notes.is_empty()).then(|| {
        let tone = report.notes.iter().map(|note| tone(note.severity)).max_by_key(|tone| weight(*tone));
        Section { points: notes, ..section("general", "Worth knowing", tone.unwrap_or(Tone::Neutral)) }
    });
    let tables = report.tables.iter().flat_map(|table| [rows(table), actions(table)].into_iter().flatten());
    Sheet {
        verdict: report.verdict.clone(),
        remarks: vec![report.source.clone()],
        sections: tables.chain(general).collect(),
    }
}

fn rows(table: &lint::Table) -> Option<Section> {
    let row = |row: &lint::Row| SheetRow {
        id: row.id.clone(),
        tone: if row.verb == Verb::Keep { Tone::Good } else { tone(row.severity) },
        tag: verb(row.verb).into(),
        cells: vec![row.attribute.clone(), row.found.clone().unwrap_or_default()],
        note: template::plain(&row.why),
    };
    let open = table.rows.iter().filter(|row| row.verb != Verb::Keep);
    let worst = open.clone().map(|row| tone(row.severity)).max_by_key(|tone| weight(*tone));
    let count = open.count();
    let shown = !table.rows.is_empty() || !table.notes.is_empty();
    shown.then(|| Section {
        badge: if count == 0 { "as it should be".into() } else { format!("{count} to change") },
        points: notes(&table.notes),
        class: table
            .rows
            .iter()
            .filter(|row| row.severity == Severity::Must)
            .find_map(|row| row.class)
            .and_then(page_of),
        columns: vec![table.target_heading.clone(), table.source_heading.clone()],
        rows: table.rows.iter().map(row).collect(),
        ..section(table.id, table.title.clone(), worst.unwrap_or(Tone::Good))
    })
}

fn actions(table: &lint::Table) -> Option<Section> {
    let row = |action: &lint::Action| {
        let (tag, right) = match (action.found, action.wanted) {
            (None, true) => ("Has to be on", false),
            (None, false) => ("Has to be off", false),
            (Some(found), wanted) if found == wanted => ("Keep", true),
            (Some(_), true) => ("Turn on", false),
            (Some(_), false) => ("Turn off", false),
        };
        let found = action.found.map_or("not told", |on| if on { "on" } else { "off" });
        SheetRow {
            id: action.id.clone(),
            tone: if right { Tone::Good } else { tone(action.severity) },
            tag: tag.into(),
            cells: vec![action.name.clone(), found.into()],
            note: template::plain(&action.why),
        }
    };
    let all: Vec<SheetRow> = table.actions.iter().map(row).collect();
    let worst = all.iter().map(|row| row.tone).max_by_key(|tone| weight(*tone))?;
    Some(Section {
        class: table.actions.iter().find_map(|action| action.class).and_then(page_of),
        columns: vec!["Action".into(), "In the console".into()],
        rows: all,
        ..section(format!("{}-actions", table.id), format!("{}: actions", table.title), worst)
    })
}

fn notes(notes: &[lint::Note]) -> Vec<Point> {
    let label = |severity| match severity {
        Severity::Note => "Note",
        Severity::Should => "Better",
        Severity::Must => "Needed",
    };
    notes.iter().map(|note| Point { label: label(note.severity).into(), text: template::spans(&note.text) }).collect()
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Keep => "Keep",
        Verb::Delete => "Delete",
        Verb::Add => "Add",
        Verb::WrongSource => "Wrong source",
        Verb::WrongMatching => "Wrong matching",
        Verb::WrongApply => "Wrong moment",
        Verb::Unmapped => "Fill it",
        Verb::Duplicate => "Twice",
        Verb::Unclear => "Look at it",
    }
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Note => Tone::Neutral,
        Severity::Should => Tone::Warn,
        Severity::Must => Tone::Bad,
    }
}

fn weight(tone: Tone) -> u8 {
    match tone {
        Tone::Good => 0,
        Tone::Neutral => 1,
        Tone::Warn => 2,
        Tone::Bad => 3,
    }
}

#[cfg(test)]
mod tests;

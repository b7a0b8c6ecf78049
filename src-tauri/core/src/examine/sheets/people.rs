//! The people check as a sheet.

use std::{io::Read, ops::ControlFlow};

use super::{page_of, section};
use crate::{
    error::Problem,
    examine::{Known, Reading, grouped},
    people::{self, Finding, Kind, Report, Rules, Severity},
    recipe::Guide,
    template,
    view::{Point, Section, Sheet, SheetRow, Tone, Toned},
};

pub(in crate::examine) fn people(
    input: impl Read,
    guide: &Guide,
    known: &Known,
    mut watch: impl FnMut(&Reading) -> ControlFlow<()>,
) -> Result<Sheet, Problem> {
    let rules = Rules::of(guide);
    let (rules, compared) = match known {
        Known::NotAsked => (rules, None),
        Known::Unasked(why) => (rules, Some(format!("Not compared with the people at {}: {why}", guide.target_short))),
        Known::These(existing) => {
            let there = format!("Compared with {} people at {}.", grouped(existing.len() as u64), guide.target_short);
            (rules.with_existing(existing.clone()), Some(there))
        }
    };
    let report = people::check(input, &rules, &mut |progress| {
        watch(&Reading { bytes: progress.bytes, rows: progress.rows.into(), found: progress.would_fail.into() })
    })?;
    Ok(sheet(&report, compared))
}

fn sheet(report: &Report, compared: Option<String>) -> Sheet {
    let tone = match (report.ok, report.warned) {
        (false, _) => Tone::Bad,
        (true, 0) => Tone::Good,
        (true, _) => Tone::Warn,
    };
    let read = format!("Read as {}; the separator is: {}.", report.encoding, report.separator);
    let columns = report.columns.iter().map(|column| format!("{} ({})", column.header, column.attribute));
    let columns = format!("Columns: {}.", columns.collect::<Vec<_>>().join(", "));
    let stopped = report.stopped.iter().map(|problem| template::plain(&problem.message));
    Sheet {
        verdict: Toned { text: template::plain(&report.verdict), tone },
        remarks: stopped.chain([read, columns]).chain(report.notes.iter().cloned()).chain(compared).collect(),
        sections: report.kinds.iter().map(kind).collect(),
    }
}

fn kind(kind: &Kind) -> Section {
    let tone = match kind.severity {
        Severity::WouldFail => Tone::Bad,
        Severity::Warn => Tone::Warn,
    };
    let points = [("Why", &kind.why), ("What to do", &kind.fix)];
    let points = points.into_iter().filter(|(_, text)| !text.is_empty());
    let hidden = u64::from(kind.count).saturating_sub(kind.examples.len() as u64);
    Section {
        badge: grouped(kind.count.into()),
        points: points.map(|(label, text)| Point { label: label.into(), text: template::spans(text) }).collect(),
        class: page_of(kind.class),
        columns: ["Line", "Who", "What"].map(Into::into).into(),
        rows: kind.examples.iter().enumerate().map(|(at, finding)| row(at, finding, tone)).collect(),
        more: (hidden > 0).then(|| format!("and {} more", grouped(hidden))),
        ..section(kind.id.clone(), kind.title.clone(), tone)
    }
}

fn row(at: usize, finding: &Finding, tone: Tone) -> SheetRow {
    let line = match (finding.line, finding.other_line) {
        (0, _) => String::new(),
        (line, None) => grouped(line.into()),
        (line, Some(other)) => format!("{} and {}", grouped(other.into()), grouped(line.into())),
    };
    let place = finding.column.iter().zip(&finding.value).map(|(column, value)| format!("{column}: {value}")).next();
    SheetRow {
        id: at.to_string(),
        tone,
        tag: String::new(),
        cells: vec![line, finding.who.clone(), finding.says.clone()],
        note: place.unwrap_or_default(),
    }
}

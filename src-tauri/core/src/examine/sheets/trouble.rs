//! What the doctor says as a sheet.

use std::{io::Read, ops::ControlFlow};

use jiff::Timestamp;

use super::{page_of, section};
use crate::{
    class::Class,
    doctor::{self, Confidence, Diagnosis, Finding, Kind, Seen},
    error::Problem,
    examine::{Reading, grouped},
    present,
    view::{Section, Sheet, SheetRow, Source, Tone, Toned},
};

pub(in crate::examine) fn trouble(
    input: impl Read,
    mut watch: impl FnMut(&Reading) -> ControlFlow<()>,
) -> Result<Sheet, Problem> {
    let diagnosis = doctor::examine(input, &mut |progress| {
        watch(&Reading { bytes: progress.bytes, rows: progress.rows, ..Reading::default() })
    })?;
    Ok(sheet(&diagnosis))
}

fn sheet(diagnosis: &Diagnosis) -> Sheet {
    let incomplete = diagnosis.incomplete.iter().map(|why| format!("Not read to its end: {why}"));
    Sheet {
        verdict: verdict(diagnosis),
        remarks: [read_as(diagnosis)].into_iter().chain(incomplete).collect(),
        sections: diagnosis.findings.iter().enumerate().map(|(at, finding)| finding_section(at, finding)).collect(),
    }
}

fn verdict(diagnosis: &Diagnosis) -> Toned {
    let causes: Vec<&Finding> = diagnosis.findings.iter().filter(|finding| is_cause(finding.class)).collect();
    let alternatives = causes.iter().filter(|finding| is_alternative(finding)).count();
    let fine = diagnosis.succeeded + diagnosis.nothing_to_do;
    let (text, tone) = match (causes.as_slice(), diagnosis.rows) {
        ([], _) if !diagnosis.is_recognised() => {
            ("Usher does not recognise this, and does not guess.".into(), Tone::Neutral)
        }
        ([], 0) => ("This is no failure.".into(), Tone::Good),
        ([], rows) if diagnosis.incomplete.is_some() => {
            (format!("Nothing has failed in the {} that could be read.", counted(rows, "row")), Tone::Neutral)
        }
        ([], rows) => (format!("Nothing has failed in {}.", counted(rows, "row")), Tone::Good),
        ([only], 0) if only.confidence == Confidence::Certain => {
            (format!("{}.", doctor::page(only.class).title), Tone::Bad)
        }
        ([only], 0) => (format!("Probably: {}.", lower_first(&doctor::page(only.class).title)), Tone::Warn),
        (several, 0) => (format!("{} causes are open, the likeliest first.", several.len()), Tone::Warn),
        (several, rows) => {
            let causes = counted((several.len() - alternatives) as u64, "cause");
            (format!("{causes} in {}; {} are fine.", counted(rows, "row"), grouped(fine)), Tone::Bad)
        }
    };
    Toned { text, tone }
}

fn is_cause(class: Class) -> bool {
    !matches!(class, Class::Success | Class::Unrecognised)
}

fn is_alternative(finding: &Finding) -> bool {
    finding.seen.as_ref().is_some_and(|seen| seen.alternative)
}

fn read_as(diagnosis: &Diagnosis) -> String {
    let what = match diagnosis.kind {
        Kind::EntraLog => "a provisioning log of Microsoft Entra ID",
        Kind::OktaLog => "a System Log of Okta",
        Kind::Job => "a provisioning job of Microsoft Entra ID",
        Kind::OnDemand => "the answer of Provision on demand",
        Kind::Log => "a log",
        Kind::Text => "an error text",
    };
    let Diagnosis { succeeded, nothing_to_do, other, unrecognised, .. } = diagnosis;
    let counts = [
        (succeeded, "succeeded"),
        (nothing_to_do, "had nothing to do"),
        (other, "are about something else"),
        (unrecognised, "failed and are not recognised"),
    ];
    let counts =
        counts.iter().filter(|(count, _)| **count > 0).map(|(count, what)| format!("{} {what}", grouped(**count)));
    let counts: Vec<String> = counts.collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" Of its rows, {}.", counts.join(", ")) };
    format!("Read as {what}.{counts}")
}

fn finding_section(at: usize, finding: &Finding) -> Section {
    let page = doctor::page(finding.class);
    let tone = match (finding.class, finding.confidence) {
        (Class::Success, _) => Tone::Good,
        (Class::Unrecognised, _) => Tone::Neutral,
        (_, Confidence::Certain) => Tone::Bad,
        (_, Confidence::Likely | Confidence::Possible) => Tone::Warn,
    };
    let link = finding.source.url.is_some().then(|| present::link_id(finding.class));
    // The link opens the page's own source; where a rule names another one, its name alone is shown.
    let link = link.filter(|_| page.source == finding.source);
    Section {
        badge: badge(finding),
        points: present::points(&finding.cause, &finding.fix, &finding.next),
        source: Some(Source { link, title: finding.source.title.clone(), date: String::new() }),
        // A rule may say more than the page; then the page says what is known in general.
        class: page_of(finding.class).filter(|_| page.cause != finding.cause),
        columns: if finding.seen.is_some() {
            ["First", "Last", "One of the rows"].map(Into::into).into()
        } else {
            Vec::new()
        },
        rows: finding.seen.iter().map(|seen| row(seen, tone)).collect(),
        ..section(format!("{}-{at}", finding.class), page.title, tone)
    }
}

/// "1,204 rows · possible".
fn badge(finding: &Finding) -> String {
    let rows = finding.seen.as_ref().map(|seen| counted(seen.count, "row"));
    let sure = match (is_cause(finding.class), finding.confidence) {
        (false, _) => None,
        (true, Confidence::Certain) => rows.is_none().then(|| "certain".to_owned()),
        (true, Confidence::Likely) => Some("likely".into()),
        (true, Confidence::Possible) => Some("possible".into()),
    };
    rows.into_iter().chain(sure).collect::<Vec<_>>().join(" · ")
}

fn row(seen: &Seen, tone: Tone) -> SheetRow {
    let time = |at: Option<Timestamp>| at.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    SheetRow {
        id: "1".into(),
        tone,
        tag: String::new(),
        cells: vec![time(seen.first), time(seen.last), seen.excerpt.clone()],
        note: String::new(),
    }
}

fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    let second_is_upper = letters.clone().next().is_some_and(char::is_uppercase);
    // "AWS …", "TLS …" stay as they are.
    if second_is_upper { text.to_owned() } else { first + letters.as_str() }
}

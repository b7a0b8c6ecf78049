//! `usher-cli diagnose`: what an error text or a provisioning log says. The rules are the core's; here are the ways in and
//! out.

use std::{
    io::{IsTerminal as _, Read},
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use usher_core::{
    Class, Problem,
    doctor::{self, Confidence, Diagnosis, Finding, Kind, Page, Progress},
};

use crate::{Outcome, args, input, out};

/// How often the terminal is told how far a long log is.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Characters of a sentence of a page that are shown.
const LONGEST: usize = 1_000;

pub(crate) fn run(wanted: &args::Diagnose) -> Outcome {
    if wanted.classes {
        for class in Class::ALL {
            let page = doctor::page(*class);
            if wanted.json { out::json(&page) } else { out::line(&format!("{:<24}  {}", class.slug(), page.title)) }
        }
        return Outcome::Proven;
    }
    if let Some(class) = wanted.class {
        let page = doctor::page(class);
        if wanted.json {
            out::json(&page)
        } else {
            print_page(&page);
            see_it(class);
        }
        return Outcome::Proven;
    }
    match read(wanted.file.as_deref()) {
        Ok(diagnosis) => {
            if wanted.json {
                diagnosis.findings.iter().for_each(out::json)
            } else {
                print(&diagnosis)
            }
            if let Some(why) = &diagnosis.incomplete {
                out::note(&format!("Not everything was read. {}", out::sentence(why)));
            }
            if diagnosis.is_recognised() { Outcome::Proven } else { Outcome::Refused }
        }
        Err(problem) => {
            out::note(&out::sentence(&problem.message));
            problem.hints.iter().for_each(|hint| out::note(&format!("  {}", out::sentence(&hint.text))));
            Outcome::WrongUse
        }
    }
}

/// How to make it happen, for who wants to see it.
fn see_it(class: Class) {
    let faults = usher_cli::classes::faults_of(class);
    if let [first, others @ ..] = faults {
        let others: String = others.iter().map(|fault| format!(", or {fault}")).collect();
        out::line(&format!("\nSee it happen in practice: usher-cli sandbox --fault {first}{others}"));
    }
}

fn read(file: Option<&Path>) -> Result<Diagnosis, Problem> {
    let input = input::open(file.unwrap_or(Path::new("-")), "the text")?;
    examine(input.bytes)
}

fn examine(input: impl Read) -> Result<Diagnosis, Problem> {
    let tell = std::io::stderr().is_terminal();
    let mut told = Instant::now();
    doctor::examine(input, &mut |progress: &Progress| {
        if tell && told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            out::note(&format!("{} MB, {} rows …", progress.bytes / 1_000_000, progress.rows));
        }
        ControlFlow::Continue(())
    })
}

fn print(diagnosis: &Diagnosis) {
    if let Some(summary) = summary(diagnosis) {
        out::line(&summary);
        out::line("");
    }
    for (place, finding) in diagnosis.findings.iter().enumerate() {
        if place > 0 {
            out::line("");
        }
        print_finding(finding);
    }
}

/// `Okta system log: 5 rows. 1 succeeded, 1 needed nothing, 1 is about something else, 1 is not recognised.`
fn summary(diagnosis: &Diagnosis) -> Option<String> {
    let what = match diagnosis.kind {
        Kind::EntraLog => "Microsoft Entra provisioning log",
        Kind::OktaLog => "Okta system log",
        Kind::Log => "Log",
        Kind::Job => "Microsoft Entra provisioning job",
        Kind::OnDemand => "Answer to provision on demand",
        Kind::Text => return None,
    };
    let Diagnosis { rows, succeeded, nothing_to_do, other, unrecognised, .. } = diagnosis;
    Some(format!(
        "{what}, rows: {rows}. Succeeded: {succeeded}. Nothing to do: {nothing_to_do}. About something else: {other}. \
         Failed and not recognised: {unrecognised}."
    ))
}

fn print_finding(finding: &Finding) {
    let sure = match finding.confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely",
        Confidence::Possible => "possible",
    };
    let sure = if finding.class == Class::Unrecognised { String::new() } else { format!("  ({sure})") };
    out::line(&format!("{}{sure}", finding.class));
    if let Some(seen) = &finding.seen {
        let when = match (seen.first, seen.last) {
            (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
            (Some(at), _) | (None, Some(at)) => format!(", {at}"),
            (None, None) => String::new(),
        };
        let also = if seen.alternative { ", the same rows as above" } else { "" };
        field("Rows", &format!("{}{when}{also}", seen.count));
        if !seen.excerpt.is_empty() {
            field("Example", &seen.excerpt);
        }
    }
    field("Cause", &finding.cause);
    field("Fix", &finding.fix);
    field("Next", &finding.next);
    field("Source", &finding.source.to_string());
}

fn print_page(page: &Page) {
    out::line(&format!("{}: {}", page.class, out::sentence(&page.title)));
    field("Cause", &page.cause);
    field("Fix", &page.fix);
    field("Next", &page.next);
    field("Source", &page.source.to_string());
}

fn field(name: &str, text: &str) {
    out::line(&format!("  {name:<8} {}", out::plain(&out::sentence(text), LONGEST)));
}

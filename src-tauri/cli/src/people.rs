//! `usher-cli people`: who of a list would fail at the target. The judging is the core's; here are the ways in (a file,
//! standard input, the target itself) and out (JSON or a page of text), and Ctrl-C.

mod page;

use std::{
    fs::File,
    io::{IsTerminal as _, Read},
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use usher_core::{
    Code, Problem,
    http::{Http, Journal},
    people::{self, Existing, Progress, Report, Rules},
    recipe::{Purpose, Recipes},
    systems::scim::Scim,
};

use crate::{Outcome, args, check, check::Finding, interrupt::Interrupted, out};

/// How long a check that was asked to stop may take until its next look around.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two lines about how far it is.
const PACE: Duration = Duration::from_millis(100);

pub(crate) async fn run(wanted: args::People) -> Outcome {
    let json = wanted.json;
    match find(wanted).await {
        Ok(report) => {
            if json {
                out::json(&report);
            } else {
                page::print(&report);
            }
            if report.ok { Outcome::Proven } else { Outcome::Refused }
        }
        Err(finding) => {
            finding.print(json);
            finding.outcome()
        }
    }
}

async fn find(wanted: args::People) -> Result<Report, Box<Finding>> {
    let mut rules = rules(&wanted)?;
    let (input, size) = open(&wanted.file)?;
    if let Some(url) = &wanted.url {
        rules = rules.with_existing(existing(url, &wanted).await?);
    }
    let interrupted = Interrupted::listen().map_err(|error| {
        Finding::wrong_use(&format!("Ctrl-C cannot be received ({error})."), &["Try again in another terminal."])
    })?;
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let mut work = tokio::task::spawn_blocking(move || {
        let mut told = Told { size, last: Instant::now(), terminal: std::io::stderr().is_terminal() };
        let report = people::check(input, &rules, &mut |progress| told.look(progress, &asked));
        told.clear();
        report
    });
    let ended = tokio::select! {
        ended = &mut work => Some(ended),
        () = interrupted.wait() => {
            stop.store(true, Ordering::Relaxed);
            // A check that waits for standard input cannot look around.
            tokio::time::timeout(PATIENCE, work).await.ok()
        }
    };
    match ended {
        Some(Ok(report)) => report.map_err(|problem| refused(&problem)),
        Some(Err(error)) => {
            Err(refused(&Problem::new(Code::WrongInput, format!("The check ended by itself: {error}."))))
        }
        None => Err(stopped()),
    }
}

fn rules(wanted: &args::People) -> Result<Rules, Box<Finding>> {
    let wrong = |error: &dyn std::fmt::Display| Finding::wrong_use(&error.to_string(), &["This is a fault of Usher."]);
    let recipes = Recipes::builtin().map_err(|error| wrong(&error))?;
    let (target, idp) = (&wanted.target, &wanted.idp);
    if !recipes.has_guide(target, idp) {
        let pairs: Vec<String> = recipes.pairs().iter().map(|(target, idp)| format!("{target} × {idp}")).collect();
        let message = format!("There is no guide for {} with {}.", out::plain(target, 60), out::plain(idp, 60));
        return Err(Finding::wrong_use(&message, &[&format!("Known are: {}.", pairs.join(", "))]));
    }
    let guide = recipes.guide(target, idp, Purpose::Setup, None, &Default::default()).map_err(|error| wrong(&error))?;
    Ok(Rules::of(&guide))
}

/// What is read, and its size if that is known.
type List = (Box<dyn Read + Send>, Option<u64>);

/// The list, and how many bytes it has, if that is known.
fn open(path: &Path) -> Result<List, Box<Finding>> {
    if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            out::note("Paste the rows, then press Ctrl-D.");
        }
        return Ok((Box::new(std::io::stdin()), None));
    }
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    match opened {
        Ok((about, _)) if about.is_dir() => {
            Err(Finding::wrong_use(&format!("{} is a folder.", named(path)), &["Name a CSV file in it."]))
        }
        Ok((about, file)) => Ok((Box::new(file), about.is_file().then_some(about.len()))),
        Err(error) => Err(Finding::wrong_use(
            &format!("{} cannot be opened: {error}.", named(path)),
            &["Check the name, and that you may read it."],
        )),
    }
}

fn named(path: &Path) -> String {
    out::plain(&path.display().to_string(), 200)
}

/// Who is at the target already.
async fn existing(url: &str, wanted: &args::People) -> Result<Existing, Box<Finding>> {
    if wanted.file == Path::new("-") && std::env::var_os("USHER_TOKEN").is_none() {
        return Err(Finding::wrong_use(
            "With the list on standard input, the token has to be in USHER_TOKEN.",
            &["Set USHER_TOKEN, or name the file instead of -."],
        ));
    }
    let token = check::token()?;
    let found = |problem: Problem| Box::new(Finding::from_problem(&problem));
    let http = Http::with(check::limits(wanted.timeout)).map_err(found)?;
    let scim = Scim::new(&http, url, &token, &Journal::default()).map_err(found)?;
    if std::io::stderr().is_terminal() {
        out::note("Asking the endpoint who is there …");
    }
    let mut existing = Existing::default();
    for user in scim.all_users().await.map_err(found)? {
        existing.add(&user.user_name, &user.emails);
    }
    Ok(existing)
}

fn stopped() -> Box<Finding> {
    Box::new(Finding::from_problem(&Problem::new(Code::Cancelled, "Stopped while waiting for the list.")))
}

/// What cannot be read as a list of people is a wrong use of this command.
fn refused(problem: &Problem) -> Box<Finding> {
    let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.text.as_str()).collect();
    Finding::wrong_use(&problem.message, &hints)
}

/// How far the check is, on a terminal.
struct Told {
    size: Option<u64>,
    last: Instant,
    terminal: bool,
}

impl Told {
    fn look(&mut self, progress: &Progress, stop: &AtomicBool) -> ControlFlow<()> {
        if stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if self.terminal && self.last.elapsed() >= PACE {
            self.last = Instant::now();
            out::passing(&page::progress(progress, self.size));
        }
        ControlFlow::Continue(())
    }

    fn clear(&self) {
        if self.terminal {
            out::passing("");
        }
    }
}

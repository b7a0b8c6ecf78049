//! `usher-cli people`: who of a list would fail at the target. The judging is the core's; here are the ways in (a file,
//! standard input, the target itself) and out (JSON or a page of text), and Ctrl-C.

mod page;

use std::{
    io::IsTerminal as _,
    ops::ControlFlow,
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
    systems::scim::{BaseUrl, Scim},
};

use crate::{
    Outcome, args, check,
    check::Finding,
    guide,
    input::{self, Input},
    list, out,
};

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
    let guide = guide::find(&wanted.target, &wanted.idp).map_err(|problem| Finding::not_usable(&problem))?;
    let mut rules = Rules::of(&guide);
    let Input { bytes, size } =
        input::open(&wanted.file, "the rows").map_err(|problem| Finding::not_usable(&problem))?;
    if let Some(url) = &wanted.url {
        rules = rules.with_existing(existing(url, &wanted).await?);
    }
    let mut interrupted = list::interrupted()?;
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let work = tokio::task::spawn_blocking(move || {
        let mut told = Told { size, last: Instant::now(), terminal: std::io::stderr().is_terminal() };
        let report = people::check(bytes, &rules, &mut |progress| told.look(progress, &asked));
        told.clear();
        report
    });
    let stopped = async {
        interrupted.wait().await;
        stop.store(true, Ordering::Relaxed);
    };
    match list::ended(work, stopped).await {
        Some(Ok(report)) => report.map_err(|problem| Finding::not_usable(&problem)),
        Some(Err(error)) => {
            Err(Finding::not_usable(&Problem::new(Code::WrongInput, format!("The check ended by itself: {error}."))))
        }
        None => Err(list::stopped()),
    }
}

/// Who is at the target already.
async fn existing(url: &str, wanted: &args::People) -> Result<Existing, Box<Finding>> {
    if input::is_standard(&wanted.file) && std::env::var_os("USHER_TOKEN").is_none() {
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
    let users = scim.all_users().await.map_err(|problem| found(with_shorter(problem, url)))?;
    Ok(Existing::of(&users))
}

/// Nothing answers below `…/Users`: the address of the service ends before it.
pub(crate) fn with_shorter(problem: Problem, url: &str) -> Problem {
    let shorter = BaseUrl::parse(url).ok().and_then(|base| base.without_endpoint());
    match shorter {
        Some(shorter) if matches!(problem.code, Code::NotFound | Code::NotScim | Code::WrongPath) => {
            problem.hint(format!("The address has something too much at its end. Enter it as `{}`.", shorter.text()))
        }
        _ => problem,
    }
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

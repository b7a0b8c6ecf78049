//! `usher-cli verify`: what should be at the target beside what is there. The comparing is the core's; here are the ways in
//! (the exports, the token) and out (JSON Lines, a page of text, a file), and Ctrl-C.

mod page;
mod save;

use std::{
    io::{BufReader, IsTerminal as _, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use usher_core::{
    Code, Problem,
    http::{Http, Journal},
    people::{self, Rules},
    systems::scim::Scim,
    verify::{self, Expected, Progress, Stage},
};

use crate::{
    Outcome, args,
    check::{self, Finding},
    guide,
    input::{self, Input},
    list, out,
};
use save::Save;

pub(crate) async fn run(wanted: args::Verify) -> Outcome {
    let json = wanted.json;
    match find(wanted).await {
        Ok(outcome) => {
            if json {
                page::json(&outcome)
            } else {
                page::print(&outcome)
            }
            if outcome.ok() { Outcome::Proven } else { Outcome::Refused }
        }
        Err(finding) => {
            finding.print(json);
            finding.outcome()
        }
    }
}

async fn find(wanted: args::Verify) -> Result<verify::Outcome, Box<Finding>> {
    let rules = rules(&wanted)?;
    let groups = wanted.groups.iter().map(|given| named(given)).collect::<Vec<_>>();
    only_one_from_standard_input(&wanted, &groups)?;
    let token = check::token()?;
    let found = |problem: Problem| Box::new(Finding::from_problem(&problem));
    let http = Http::with(check::limits(wanted.timeout)).map_err(found)?;
    let scim = Scim::new(&http, &wanted.url, &token, &Journal::default()).map_err(found)?;
    let save = wanted.save.as_deref().map(Save::prepare).transpose().map_err(|problem| wrong(&problem))?;
    let stop = CancellationToken::new();
    let mut interrupted = list::interrupted()?;
    let asked = stop.clone();
    tokio::spawn(async move {
        interrupted.wait().await;
        asked.cancel();
    });
    let expected = read(wanted, groups, rules, &stop).await?;
    let mut told = Told::new();
    let compared = verify::run(&scim, expected, Timestamp::now(), &mut |progress| told.show(progress), &stop).await;
    told.clear();
    let outcome = compared.map_err(|problem| found(crate::people::with_shorter(problem, &scim.base())))?;
    if let Some(save) = save {
        save.write(&outcome).map_err(found)?;
    }
    Ok(outcome)
}

fn rules(wanted: &args::Verify) -> Result<Rules, Box<Finding>> {
    match (&wanted.target, &wanted.idp) {
        (Some(target), Some(idp)) => Ok(Rules::of(&guide::find(target, idp).map_err(|problem| wrong(&problem))?)),
        _ => Ok(Rules::usual()),
    }
}

/// A list of members: its file, and the name of its group, if its rows do not name it.
struct Members {
    name: String,
    file: PathBuf,
}

/// `NAME=FILE`, or a file whose name is that of the group.
fn named(given: &str) -> Members {
    let is_file = |path: &str| path == "-" || Path::new(path).is_file();
    match given.split_once('=') {
        Some((name, file)) if !is_file(given) => Members { name: name.to_owned(), file: file.into() },
        _ => {
            let file = PathBuf::from(given);
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Members { name, file }
        }
    }
}

fn only_one_from_standard_input(wanted: &args::Verify, groups: &[Members]) -> Result<(), Box<Finding>> {
    let files = std::iter::once(wanted.people.as_path()).chain(groups.iter().map(|group| group.file.as_path()));
    let lists = files.filter(|file| input::is_standard(file)).count();
    let token = usize::from(lists > 0 && std::env::var_os("USHER_TOKEN").is_none());
    match lists + token {
        0 | 1 => Ok(()),
        _ => Err(Finding::wrong_use(
            "Standard input can be one thing only: the token, or one of the lists.",
            &["Set USHER_TOKEN, or name the files instead of -."],
        )),
    }
}

/// Reads the exports, beside the threads that wait.
async fn read(
    wanted: args::Verify,
    groups: Vec<Members>,
    rules: Rules,
    stop: &CancellationToken,
) -> Result<Expected, Box<Finding>> {
    let asked = stop.clone();
    let work = tokio::task::spawn_blocking(move || {
        let mut watch = |_: &people::Progress| match asked.is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let people = open(&wanted.people)?;
        let mut expected = Expected::read_people(people, &rules, wanted.matching.as_deref(), &mut watch)
            .map_err(|problem| about(&wanted.people, problem))?;
        for group in groups {
            let members = open(&group.file)?;
            expected.read_groups(members, &group.name, &mut watch).map_err(|problem| about(&group.file, problem))?;
        }
        Ok::<_, Problem>(expected)
    });
    match list::ended(work, stop.cancelled()).await {
        Some(Ok(read)) => read.map_err(|problem| wrong(&problem)),
        Some(Err(error)) => {
            Err(wrong(&Problem::new(Code::WrongInput, format!("The reading ended by itself: {error}."))))
        }
        None => Err(list::stopped()),
    }
}

fn open(file: &Path) -> Result<BufReader<Box<dyn Read + Send>>, Problem> {
    let Input { bytes, .. } = input::open(file, "the rows")?;
    Ok(BufReader::new(bytes))
}

/// Which of the files it is about.
fn about(file: &Path, problem: Problem) -> Problem {
    if problem.code == Code::Cancelled || input::is_standard(file) {
        return problem;
    }
    let message = format!("{}: {}", out::plain(&file.display().to_string(), 200), problem.message);
    Problem { message, ..problem }
}

/// What cannot be read as a list is a wrong use of this command; what was stopped is not.
fn wrong(problem: &Problem) -> Box<Finding> {
    if problem.code == Code::Cancelled {
        return Box::new(Finding::from_problem(problem));
    }
    Finding::not_usable(problem)
}

/// How far it is, on a terminal.
struct Told {
    terminal: bool,
}

impl Told {
    fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, progress: &Progress) {
        if self.terminal && progress.stage != Stage::Done {
            out::passing(&page::progress(progress));
        }
    }

    fn clear(&self) {
        if self.terminal {
            out::passing("");
        }
    }
}

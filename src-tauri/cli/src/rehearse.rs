//! `usher-cli rehearse`: the six steps of every pair with a guide, against the practice world, unattended.

mod arrivals;
mod pairs;
mod practice;
mod results;
mod rotation;
mod screen;
mod walk;

use std::{
    io::IsTerminal as _,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use usher_cli::admin::Admin;
use usher_core::{Action, App, Code, Phase, Problem, view::Screen};
use usher_sandbox::Fault;

use crate::{Outcome, args, interrupt::Interrupted, out};
use pairs::Pair;
use practice::Stage;
use results::{PairResult, StepLine};
use walk::{StepResult, Walk};

/// The longest that one pair may take, whatever happens.
const LONGEST_PAIR: Duration = Duration::from_secs(300);

/// Interrupted, it clears its temporary folder away before it ends.
pub(crate) async fn run(wanted: args::Rehearse) -> Outcome {
    let mut interrupted = match Interrupted::listen() {
        Ok(interrupted) => interrupted,
        Err(error) => {
            out::note(&format!("The rehearsal could not start: no signals can be received ({error})."));
            return Outcome::Refused;
        }
    };
    tokio::select! {
        outcome = rehearse_all(wanted) => outcome,
        () = interrupted.wait() => {
            out::note("The rehearsal was interrupted. Nothing of it stays.");
            Outcome::Refused
        }
    }
}

async fn rehearse_all(wanted: args::Rehearse) -> Outcome {
    let faults = wanted.faults.faults;
    let pairs = match Stage::set(&[]) {
        Ok(stage) => pairs::wanted(&stage.app, wanted.target.as_deref(), wanted.idp.as_deref(), &faults).await,
        Err(problem) => return stop(&problem),
    };
    let pairs = match pairs {
        Ok(pairs) => pairs,
        Err(message) => {
            out::note(&out::sentence(&message));
            out::note("usher-cli rehearse without names rehearses every pair that has a guide.");
            return Outcome::WrongUse;
        }
    };
    let mut all = !pairs.is_empty();
    for pair in &pairs {
        if wanted.rotate {
            for way in rotation::ways(pair) {
                all &= rotation::rehearse(pair, way, wanted.json, &teller(wanted.json)).await;
            }
        } else {
            all &= rehearse(pair, &faults, wanted.json).await.proven();
        }
    }
    if all { Outcome::Proven } else { Outcome::Refused }
}

fn stop(problem: &Problem) -> Outcome {
    out::note(&out::sentence(&problem.message));
    problem.hints.iter().for_each(|hint| out::note(&format!("  - {}", out::sentence(&hint.text))));
    Outcome::Refused
}

async fn rehearse(pair: &Pair, faults: &[Fault], json: bool) -> PairResult {
    let tell = teller(json);
    let named = if faults.is_empty() { String::new() } else { format!(", with {}", names(faults)) };
    let stage = Stage::set(faults);
    tell(&format!("Rehearsing {} with {}{named}. Nothing here reaches a real system.", pair.target, pair.idp));
    let began = Instant::now();
    let step = move |step: &StepResult| tell(&results::line(step));
    let mut result = PairResult {
        target: pair.target.clone(),
        idp: pair.idp.clone(),
        steps: Vec::new(),
        arrived: results::Arrived::default(),
        requests: 0,
        seconds: 0.0,
    };
    let performed = match &stage {
        Ok(stage) => perform(stage, pair, &step, &mut result).await,
        Err(problem) => Err(problem.clone()),
    };
    if let Err(problem) = performed {
        let failed = StepResult::failed(Phase::Role, problem);
        step(&failed);
        let rest = Phase::ALL.into_iter().skip(1).map(StepResult::open);
        result.steps = std::iter::once(failed).chain(rest).map(|step| StepLine::from(&step)).collect();
    }
    result.seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    tell(&result.summary());
    if json {
        out::json(&result);
    }
    result
}

/// With --json the lines are for whoever watches, not for the script.
fn teller(json: bool) -> impl Fn(&str) + Copy + Sync {
    move |text: &str| match json {
        false => out::line(text),
        true if std::io::stderr().is_terminal() => out::note(text),
        true => {}
    }
}

fn names(faults: &[Fault]) -> String {
    faults.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ")
}

/// Walks, and counts who arrived. An error means that not even the first step was reached.
async fn perform(
    stage: &Stage,
    pair: &Pair,
    tell: &(dyn Fn(&StepResult) + Sync),
    result: &mut PairResult,
) -> Result<(), Problem> {
    begin(&stage.app, pair).await?;
    let sandbox = stage.sandbox().ok_or_else(|| {
        Problem::new(Code::Practice, "The practice setup was begun, and no practice world was started for it.")
            .hint("Run the rehearsal again with USHER_LOG=debug and report what it says.")
    })?;
    let mut walk = Walk::new(&stage.app, Admin::new(sandbox.addresses(), &pair.idp)?, tell);
    if timeout(LONGEST_PAIR, walk.go()).await.is_err() {
        walk.give_up(LONGEST_PAIR);
    }
    walk.steps().iter().filter(|step| !step.proven && step.problem.is_none()).for_each(tell);
    result.steps = walk.steps().iter().map(StepLine::from).collect();
    result.arrived = walk.arrived();
    result.requests = sandbox.request_count();
    Ok(())
}

/// From the first screen to the first step.
async fn begin(app: &App, pair: &Pair) -> Result<(), Problem> {
    app.act(Action::NewSetup { practice: true }).await;
    app.act(Action::ChooseTarget { target: pair.target.clone() }).await;
    app.act(Action::ChooseIdp { idp: pair.idp.clone() }).await;
    app.act(Action::Continue).await;
    let view = app.act(Action::Continue).await;
    match view.screen {
        Screen::Step(_) => Ok(()),
        Screen::Blocked(blocked) => Err(blocked.problem),
        Screen::Home(_)
        | Screen::NewSetup(_)
        | Screen::Needs(_)
        | Screen::Finish(_)
        | Screen::Doctor(_)
        | Screen::About(_)
        | Screen::Arrived(_) => {
            let said = view.notices.into_iter().map(|notice| notice.problem).next();
            Err(said.unwrap_or_else(|| {
                Problem::new(Code::Practice, "The practice does not begin with the first step.")
                    .hint("Run the rehearsal again with USHER_LOG=debug and report what it says.")
            }))
        }
    }
}

//! `usher-cli rehearse --rotate`: sets up, lets the clock go to three weeks before the token's end, replaces the token,
//! lets it go past the old end, and counts the provisioning cycles that failed. The same clock without a rotation shows
//! what would have happened.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use usher_cli::admin::Admin;
use usher_core::{
    Action, Code, Phase, Problem, View,
    status::{Line, State},
    view::{Screen, SetupCard},
};
use usher_sandbox::Activity;

use super::{begin, pairs::Pair, practice::Stage, walk::Walk};
use crate::{out, status::readable};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Before the token's end, when somebody acts.
const AHEAD: SignedDuration = SignedDuration::from_hours(21 * 24);
/// As `usher-cli status` has it.
const WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The token's life in practice where nothing tells it.
const YEAR_IN_DAYS: i64 = 365;

/// How the old token ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// Not before the new one is at work.
    Gapless,
    /// As soon as the new one is issued, where the target offers that.
    AtOnce,
}

/// What a script reads: these names and no others.
#[derive(Debug, Serialize)]
pub(crate) struct Rotated {
    target: String,
    idp: String,
    way: Way,
    steps: Vec<RotationStep>,
    /// From the beginning of the rotation to a week after the old token's end.
    cycles: Cycles,
    before: Option<Line>,
    after: Option<Line>,
    without: Option<Without>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    ok: bool,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct RotationStep {
    phase: Phase,
    title: String,
}

/// What the identity provider sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
struct Cycles {
    run: usize,
    failed: usize,
    /// Whether the last one succeeded.
    last_ok: bool,
}

/// The same clock without a rotation.
#[derive(Debug, Serialize)]
struct Without {
    cycles: Cycles,
    /// In Entra; Okta has no such thing.
    quarantined: bool,
    status: Option<Line>,
    /// What `usher-cli status` would end with.
    exit: u8,
}

impl Cycles {
    fn of(all: &[Activity]) -> Self {
        let failed = all.iter().filter(|one| !one.ok).count();
        Self { run: all.len(), failed, last_ok: all.last().is_some_and(|one| one.ok) }
    }
}

/// One pair, one way. `true` if it is as it should be.
pub(crate) async fn rehearse(pair: &Pair, way: Way, json: bool, tell: &(dyn Fn(&str) + Sync)) -> bool {
    let began = Instant::now();
    let words = if way == Way::AtOnce { ", the old token ending at once" } else { "" };
    tell(&format!(
        "Rotating the token of {} with {}{words}. Nothing here reaches a real system.",
        pair.target, pair.idp
    ));
    let mut result = Rotated {
        target: pair.target.clone(),
        idp: pair.idp.clone(),
        way,
        steps: Vec::new(),
        cycles: Cycles::default(),
        before: None,
        after: None,
        without: None,
        problem: None,
        ok: false,
        seconds: 0.0,
    };
    let done = async {
        rotate(pair, way, &mut result, tell).await?;
        result.without = Some(without(pair).await?);
        Ok::<(), Problem>(())
    };
    match done.await {
        Ok(()) => result.ok = result.holds(),
        Err(problem) => {
            tell(&format!("  not done  {}", out::sentence(&problem.message)));
            problem.hints.iter().for_each(|hint| tell(&format!("      - {}", out::sentence(&hint.text))));
            result.problem = Some(out::sentence(&problem.message));
        }
    }
    result.seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    result.summary().iter().for_each(|line| tell(line));
    if json {
        out::json(&result);
    }
    result.ok
}

impl Rotated {
    /// No cycle fails in the gapless way, one at most in the other, and the next succeeds; without a rotation, the token's
    /// end shows.
    fn holds(&self) -> bool {
        let most = if self.way == Way::Gapless { 0 } else { 1 };
        let well = |line: &Option<Line>| line.as_ref().is_some_and(|line| line.state == State::Well);
        let warned = self.before.as_ref().is_some_and(|line| line.state == State::Ending);
        let shows = self.without.as_ref().is_some_and(|without| {
            let stuck = if self.idp == "entra" { without.quarantined } else { !without.cycles.last_ok };
            stuck && without.exit == 1 && without.cycles.failed > 0
        });
        self.cycles.run > 0 && self.cycles.failed <= most && self.cycles.last_ok && warned && well(&self.after) && shows
    }

    fn summary(&self) -> Vec<String> {
        let Cycles { run, failed, .. } = self.cycles;
        let mut lines = vec![format!("  With the rotation: {failed} of {run} cycles failed.")];
        lines.extend(self.after.iter().map(|line| format!("  status after it    {}", readable(line))));
        if let Some(Without { cycles, quarantined, status, exit }) = &self.without {
            let end = if *quarantined { ", and ended in quarantine" } else { "" };
            lines.push(format!("  Without it: {} of {} cycles failed{end}.", cycles.failed, cycles.run));
            lines.extend(status.iter().map(|line| format!("  status, exit {exit}     {}", readable(line))));
        }
        lines.push(format!(
            "{} in {:.1} s.",
            if self.ok { "As it should be" } else { "Not as it should be" },
            self.seconds
        ));
        lines
    }
}

async fn rotate(pair: &Pair, way: Way, result: &mut Rotated, tell: &(dyn Fn(&str) + Sync)) -> Result<(), Problem> {
    let stage = Stage::set(&[])?;
    let (mut walk, setup) = set_up(&stage, pair).await?;
    let old_end = end(&stage, &setup).await?;
    until(&stage, &mut walk, old_end - AHEAD).await?;
    result.before = look(&stage, &setup).await;
    let from = activity(&stage).len();
    walk.choosing((way == Way::AtOnce).then_some(("rotate-mode", "remove-current")));
    let mut view = stage.app.act(Action::Rotate { setup: setup.clone() }).await;
    while let Screen::Step(step) = &view.screen {
        let (phase, title) = (step.phase, step.title.clone());
        result.steps.push(RotationStep { phase, title: title.clone() });
        walk.step(phase).await?;
        tell(&format!("  {:<22} {}", phase.id(), out::sentence(&title)));
        // People take their time, but not with a token of fifteen minutes in hand.
        if phase != Phase::AccessToken {
            stage.settled().await;
            walk.admin().changes_something().await?;
            stage.wait(HOUR).await;
        }
        view = stage.app.view();
    }
    if !matches!(view.screen, Screen::Finish(_)) {
        return Err(lost("The rotation did not end on the page of the connection."));
    }
    set_end(&stage, &setup).await?;
    until(&stage, &mut walk, old_end + SignedDuration::from_hours(7 * 24)).await?;
    result.cycles = Cycles::of(&activity(&stage)[from..]);
    result.after = look(&stage, &setup).await;
    Ok(())
}

async fn without(pair: &Pair) -> Result<Without, Problem> {
    let stage = Stage::set(&[])?;
    let (mut walk, setup) = set_up(&stage, pair).await?;
    let end = end(&stage, &setup).await?;
    until(&stage, &mut walk, end - AHEAD).await?;
    let from = activity(&stage).len();
    until(&stage, &mut walk, end + SignedDuration::from_hours(7 * 24)).await?;
    let status = look(&stage, &setup).await;
    let quarantined = stage.sandbox().is_some_and(|sandbox| sandbox.quarantined());
    let exit = u8::from(status.as_ref().is_none_or(|line| line.attention));
    Ok(Without { cycles: Cycles::of(&activity(&stage)[from..]), quarantined, status, exit })
}

/// The six steps. Returns the administrator who did them, and the setup.
async fn set_up<'a>(stage: &'a Stage, pair: &Pair) -> Result<(Walk<'a>, String), Problem> {
    begin(&stage.app, pair).await?;
    let sandbox = stage.sandbox().ok_or_else(|| lost("No practice world was started."))?;
    let mut walk = Walk::new(&stage.app, Admin::new(sandbox.addresses(), &pair.idp)?, &|_| {});
    walk.go().await;
    let problem = walk.steps().iter().find(|step| !step.proven).map(|step| step.problem.clone());
    if let Some(problem) = problem {
        return Err(problem.unwrap_or_else(|| lost("A step of the setup was not proven.")));
    }
    let Screen::Finish(finish) = stage.app.view().screen else { return Err(lost("The setup has no last page.")) };
    set_end(stage, &finish.id).await?;
    Ok((walk, finish.id))
}

/// Where nothing tells the token's end, the administrator enters it: the day that is offered, or the one chosen at the
/// console, a year from its creation.
async fn set_end(stage: &Stage, setup: &str) -> Result<(), Problem> {
    let card = card(&stage.app.act(Action::Home).await, setup)?;
    if let Some(field) = card.end {
        let offered = field.offer.map(|offer| offer.value);
        let now = stage.sandbox().map_or_else(Timestamp::now, |sandbox| sandbox.now());
        let day = (now + SignedDuration::from_hours(YEAR_IN_DAYS * 24)).to_zoned(jiff::tz::TimeZone::system()).date();
        let day = offered.unwrap_or_else(|| day.to_string());
        stage.app.act(Action::SetEnd { setup: setup.to_owned(), day }).await;
    }
    Ok(())
}

async fn end(stage: &Stage, setup: &str) -> Result<Timestamp, Problem> {
    let line = stage.app.status(WITHIN).into_iter().find(|line| line.setup == setup);
    line.and_then(|line| line.ends_at).ok_or_else(|| lost("The token's end is not known."))
}

/// Day by day, with something to send on each: a cycle that has nothing to do would prove less.
async fn until(stage: &Stage, walk: &mut Walk<'_>, moment: Timestamp) -> Result<(), Problem> {
    let sandbox = stage.sandbox().ok_or_else(|| lost("No practice world was started."))?;
    while sandbox.now() < moment {
        let left = Duration::try_from(moment.duration_since(sandbox.now())).unwrap_or_default();
        // Months in which nothing is at stake go by in leaps.
        let step = if left > 40 * DAY { left - 30 * DAY } else { DAY.min(left).max(Duration::from_secs(1)) };
        walk.admin().changes_something().await?;
        stage.wait(step).await;
    }
    Ok(())
}

/// "Check all now", then what `usher-cli status` would say.
async fn look(stage: &Stage, setup: &str) -> Option<Line> {
    let mut changes = stage.app.changes();
    stage.app.act(Action::Home).await;
    let mut view = stage.app.act(Action::CheckAll).await;
    while running(&view) {
        changes.changed().await.ok()?;
        view = stage.app.view();
    }
    stage.app.status(WITHIN).into_iter().find(|line| line.setup == setup)
}

fn running(view: &View) -> bool {
    matches!(&view.screen, Screen::Home(home) if home.check.as_ref().is_some_and(|check| check.running.is_some()))
}

fn card(view: &View, setup: &str) -> Result<SetupCard, Problem> {
    let found = match &view.screen {
        Screen::Home(home) => home.setups.iter().find(|card| card.id == setup).cloned(),
        _ => None,
    };
    found.ok_or_else(|| lost("The connection is not on Home."))
}

fn activity(stage: &Stage) -> Vec<Activity> {
    stage.sandbox().map(|sandbox| sandbox.activity()).unwrap_or_default()
}

fn lost(message: &str) -> Problem {
    Problem::new(Code::Practice, message).hint("Run the rehearsal again with USHER_LOG=debug and report what it says.")
}

/// The ways that a target offers.
pub(crate) fn ways(pair: &Pair) -> Vec<Way> {
    if pair.target == "hpe-greenlake" { vec![Way::Gapless, Way::AtOnce] } else { vec![Way::Gapless] }
}

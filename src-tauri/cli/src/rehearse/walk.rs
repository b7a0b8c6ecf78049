//! Goes through the screens of a setup as an administrator would: top to bottom, block by block, by kind. What there
//! is to do at the two consoles is [`Admin`]'s; what is proven is said by the view alone.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::timeout;
use usher_cli::admin::Admin;
use usher_core::{
    Action, App, Code, Phase, Problem, View,
    view::{Block, CheckState, Finish, RailState, Screen, SecretState, Step},
};

use super::{
    arrivals::{Directory, Present},
    results::Arrived,
    screen::{blocks, objection, obstacle, proof, shown},
};

/// The longest that one check may take, whatever the limits of the core are.
const LONGEST_CHECK: Duration = Duration::from_secs(120);
/// How long a screen may take to change after everything on it is done.
const LONGEST_TURN: Duration = Duration::from_secs(5);
/// More blocks than any step has; a step that grows for ever is a fault.
const MOST_BLOCKS: usize = 200;

const REPORT: &str = "Run the rehearsal again with USHER_LOG=debug and report what it says.";

/// How one of the six ended.
#[derive(Debug, Clone)]
pub(crate) struct StepResult {
    pub(crate) phase: Phase,
    pub(crate) title: String,
    pub(crate) proven: bool,
    /// Whether this target has no need for it; then it counts as proven.
    pub(crate) needless: bool,
    pub(crate) proof: String,
    /// What the guide warned of on the way.
    pub(crate) warnings: Vec<Problem>,
    pub(crate) problem: Option<Problem>,
    /// What the consoles say about the problem: it is not Usher's, which sees the target only.
    pub(crate) console_said: Option<String>,
}

impl StepResult {
    /// Nothing is known about it yet.
    pub(crate) fn open(phase: Phase) -> Self {
        let title = phase.id().to_owned();
        Self {
            phase,
            title,
            proven: false,
            needless: false,
            proof: String::new(),
            warnings: Vec::new(),
            problem: None,
            console_said: None,
        }
    }

    /// It could not be proven.
    pub(crate) fn failed(phase: Phase, problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::open(phase) }
    }
}

/// A walk under way.
pub(crate) struct Walk<'a> {
    app: &'a App,
    admin: Admin,
    /// Who was at the target before anybody could arrive.
    before: Option<Present>,
    arrived: Arrived,
    steps: Vec<StepResult>,
    tell: &'a (dyn Fn(&StepResult) + Sync),
    /// A question that is answered otherwise than by default.
    chosen: Option<(&'static str, &'static str)>,
}

impl<'a> Walk<'a> {
    /// The view must show the first step.
    pub(crate) fn new(app: &'a App, admin: Admin, tell: &'a (dyn Fn(&StepResult) + Sync)) -> Self {
        Self {
            app,
            admin,
            before: None,
            arrived: Arrived::default(),
            steps: Phase::ALL.map(StepResult::open).to_vec(),
            tell,
            chosen: None,
        }
    }

    /// To the end, or to the first step that cannot be proven.
    pub(crate) async fn go(&mut self) {
        loop {
            let view = self.app.view();
            match &view.screen {
                Screen::Step(step) => {
                    let phase = step.phase;
                    let done = self.step(phase).await;
                    self.tell_news().await;
                    if let Err(problem) = done {
                        let said = self.admin.looks_into(problem.code).await;
                        if let Err(unread) = self.read_back().await {
                            tracing::debug!(problem = %unread, "who arrived cannot be read back");
                        }
                        return self.fail(phase, problem, said);
                    }
                }
                Screen::Finish(finish) => return self.finish(finish).await,
                Screen::Blocked(blocked) => return self.fail(Phase::Role, blocked.problem.clone(), None),
                Screen::Home(_)
                | Screen::NewSetup(_)
                | Screen::Needs(_)
                | Screen::Doctor(_)
                | Screen::About(_)
                | Screen::Arrived(_) => {
                    return self.fail(Phase::Role, stray(), None);
                }
            }
        }
    }

    /// Answers one question with this option.
    pub(super) fn choosing(&mut self, chosen: Option<(&'static str, &'static str)>) {
        self.chosen = chosen;
    }

    pub(super) fn admin(&mut self) -> &mut Admin {
        &mut self.admin
    }

    pub(crate) fn steps(&self) -> &[StepResult] {
        &self.steps
    }

    /// Who arrived since the SCIM token was there; nobody, as long as that cannot be read.
    pub(crate) fn arrived(&self) -> Arrived {
        self.arrived
    }

    /// Ends a walk that takes too long.
    pub(crate) fn give_up(&mut self, after: Duration) {
        let phase = match &self.app.view().screen {
            Screen::Step(step) => step.phase,
            _ => Phase::Role,
        };
        let text = format!("The rehearsal was given up after {} seconds, with this step still open.", after.as_secs());
        self.fail(phase, Problem::new(Code::Timeout, text).hint(REPORT), None);
    }

    /// `None` as long as there is nothing to ask with.
    fn directory(&self) -> Option<Result<Directory, Problem>> {
        let (url, token) = self.admin.connection()?;
        Some(Directory::new(url.expose(), token))
    }

    /// Looks who is there as soon as that can be asked: nobody can have arrived before the identity provider has the
    /// same address and token.
    async fn look_before(&mut self) {
        if self.before.is_none()
            && let Some(Ok(directory)) = self.directory()
        {
            self.before = directory.present().await.ok();
        }
    }

    /// Reads back who arrived. That nobody did, or that it cannot be read, contradicts the last step.
    async fn read_back(&mut self) -> Result<(), Problem> {
        let Some(directory) = self.directory().transpose()? else { return Err(nobody()) };
        let now = directory.present().await?;
        let Some(before) = &self.before else { return Err(nobody()) };
        self.arrived = directory.arrived(before, &now).await?;
        match self.arrived {
            Arrived { users: 0, .. } | Arrived { groups: 0, .. } => Err(nobody()),
            Arrived { members: 0, .. } => Err(empty_groups()),
            Arrived { .. } => Ok(()),
        }
    }

    /// Everything on one step, then Continue.
    pub(super) async fn step(&mut self, phase: Phase) -> Result<(), Problem> {
        let mut done = BTreeSet::new();
        self.admin.begins_step();
        while let Some(block) = self.next_block(phase, &done) {
            done.insert(block.id().to_owned());
            if done.len() > MOST_BLOCKS {
                return Err(stray());
            }
            self.block(phase, &block).await?;
        }
        self.act(Action::Continue).await?;
        match self.turned(phase).await {
            Some(step) => Err(obstacle(&step)),
            None => Ok(()),
        }
    }

    fn next_block(&self, phase: Phase, done: &BTreeSet<String>) -> Option<Block> {
        let step = shown(&self.app.view(), phase)?;
        step.blocks.into_iter().find(|block| !done.contains(block.id()))
    }

    async fn block(&mut self, phase: Phase, block: &Block) -> Result<(), Problem> {
        self.admin.comes_to(block).await?;
        match block {
            Block::Heading { .. } | Block::Text { .. } | Block::Note { .. } | Block::Intake(_) => Ok(()),
            Block::Link { id, .. } => {
                let address = self.app.link(id)?;
                self.admin.opens(address.as_str()).await
            }
            Block::Secret { state: SecretState::Filled { .. }, fillable: true, .. } => Ok(()),
            Block::Secret { id, fillable: true, offer, .. } => {
                let block = id.clone();
                let entry = match offer {
                    Some(_) => Action::UseSecret { block },
                    None => Action::FillSecret { block, secret: self.admin.secret(id).await? },
                };
                self.enter(phase, id, entry).await
            }
            Block::Copy { id, .. } | Block::Secret { id, .. } => self.copy(id).await,
            Block::Choice { id, .. } if self.chosen.is_some_and(|(block, _)| block == id) => {
                let option = self.chosen.map_or("", |(_, option)| option).to_owned();
                self.enter(phase, id, Action::Choose { block: id.clone(), option }).await
            }
            Block::Choice { id, options, .. } => match self.admin.answers(id, options).await? {
                Some(option) => self.enter(phase, id, Action::Choose { block: id.clone(), option }).await,
                None => Ok(()),
            },
            // What stands there already was typed in the setup.
            Block::Input { value, .. } if !value.is_empty() => Ok(()),
            Block::Input { id, .. } => {
                let value = self.admin.types(id).await?;
                self.enter(phase, id, Action::Type { block: id.clone(), value }).await
            }
            Block::Confirm { id, .. } => {
                if self.admin.does(id).await? {
                    self.tick(id, "").await
                } else {
                    Ok(())
                }
            }
            Block::Mapping { id, tables, .. } => {
                for row in self.admin.maps(tables).await? {
                    self.tick(id, &row).await?;
                }
                Ok(())
            }
            Block::Check { id, enabled, state, .. } => self.check(id, *enabled, state).await,
        }
    }

    async fn copy(&mut self, id: &str) -> Result<(), Problem> {
        let copied = self.app.copyable(id).await?;
        self.admin.note(id, copied.value);
        self.look_before().await;
        Ok(())
    }

    /// Enters something, and hears what the guide says to it.
    async fn enter(&mut self, phase: Phase, id: &str, entry: Action) -> Result<(), Problem> {
        let (problem, warning) = objection(&self.act(entry).await?, id);
        if let Some(kept) = self.steps.iter_mut().find(|kept| kept.phase == phase) {
            kept.warnings.extend(warning);
        }
        problem.map_or(Ok(()), Err)
    }

    async fn tick(&self, block: &str, row: &str) -> Result<(), Problem> {
        self.act(Action::Tick { block: block.to_owned(), row: row.to_owned(), done: true }).await.map(drop)
    }

    async fn check(&mut self, id: &str, enabled: bool, state: &CheckState) -> Result<(), Problem> {
        let waits = matches!(state, CheckState::Waiting);
        if waits && !enabled {
            // Continue says what is missing.
            return Ok(());
        }
        let view = match state {
            CheckState::Waiting => self.act(Action::Run { block: id.to_owned() }).await?,
            CheckState::Running { .. } => self.settled().await?,
            CheckState::Passed { .. } | CheckState::Failed { .. } => self.app.view(),
        };
        for block in blocks(&view) {
            match block {
                Block::Check { id: shown, state: CheckState::Failed { problem, .. }, .. } if shown == id => {
                    return Err(problem.clone());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Acts, and waits until no check is running any more.
    async fn act(&self, action: Action) -> Result<View, Problem> {
        self.app.act(action).await;
        self.settled().await
    }

    async fn settled(&self) -> Result<View, Problem> {
        let mut changes = self.app.changes();
        let quiet = async {
            loop {
                changes.borrow_and_update();
                let view = self.app.view();
                if !blocks(&view)
                    .iter()
                    .any(|block| matches!(block, Block::Check { state: CheckState::Running { .. }, .. }))
                {
                    return view;
                }
                if changes.changed().await.is_err() {
                    return view;
                }
            }
        };
        timeout(LONGEST_CHECK, quiet).await.map_err(|_| endless())
    }

    /// `None` once another screen than that of `phase` is shown; else what still stands there.
    async fn turned(&self, phase: Phase) -> Option<Step> {
        let mut changes = self.app.changes();
        let left = async {
            loop {
                changes.borrow_and_update();
                let view = self.app.view();
                let Some(step) = shown(&view, phase) else { return view };
                // Nothing more will come of it.
                if !step.forward.enabled || changes.changed().await.is_err() {
                    return view;
                }
            }
        };
        let view = timeout(LONGEST_TURN, left).await.unwrap_or_else(|_| self.app.view());
        shown(&view, phase)
    }

    /// Tells of every step that the rail calls proven since the last time. The words of a proof stand on the step's
    /// own page, so that is opened, and then the one that was open before.
    async fn tell_news(&mut self) {
        let Screen::Step(open) = self.app.view().screen else { return };
        let mut turned = false;
        for item in &open.rail {
            let Some(kept) = self.steps.iter().position(|kept| kept.phase == item.phase) else { continue };
            self.steps[kept].title.clone_from(&item.title);
            self.steps[kept].needless = item.state == RailState::NotNeeded;
            if matches!(item.state, RailState::Proven | RailState::NotNeeded) && !self.steps[kept].proven {
                turned = true;
                let view = self.app.act(Action::GoTo { phase: item.phase }).await;
                let proof = shown(&view, item.phase).map(|step| proof(&step)).unwrap_or_default();
                self.proven(kept, proof);
            }
        }
        if turned {
            self.app.act(Action::GoTo { phase: open.phase }).await;
        }
    }

    async fn finish(&mut self, finish: &Finish) {
        let read_back = self.read_back().await;
        for last in &finish.proofs {
            let Some(kept) = self.steps.iter().position(|kept| kept.phase == last.phase) else { continue };
            self.steps[kept].title.clone_from(&last.title);
            if last.phase == Phase::Provisioning && read_back.is_err() {
                continue;
            }
            if last.proven && !self.steps[kept].proven {
                self.proven(kept, last.proof.clone());
            } else {
                self.steps[kept].proven = last.proven;
                self.steps[kept].proof.clone_from(&last.proof);
            }
        }
        if let Err(problem) = read_back {
            self.fail(Phase::Provisioning, problem, None);
        }
    }

    fn proven(&mut self, place: usize, proof: String) {
        let kept = &mut self.steps[place];
        (kept.proven, kept.proof) = (true, proof);
        (self.tell)(kept);
    }

    /// The step that could not be proven gets the problem, and so does the one that its first hint leads back to:
    /// that is where the cause is.
    fn fail(&mut self, phase: Phase, problem: Problem, console_said: Option<String>) {
        let back = problem.hints.first().and_then(|hint| hint.go).filter(|back| *back < phase);
        for kept in &mut self.steps {
            if kept.phase == phase || Some(kept.phase) == back {
                kept.proven = false;
                kept.proof.clear();
                kept.problem = Some(problem.clone());
                kept.console_said.clone_from(&console_said);
                (self.tell)(kept);
            }
        }
    }
}

fn nobody() -> Problem {
    Problem::new(Code::NotArrived, "Read back over SCIM, the target does not show anybody who was not there before.")
        .hint(REPORT)
}

fn empty_groups() -> Problem {
    Problem::new(Code::MembersMissing, "Read back over SCIM, the groups that arrived have no members.").hint(REPORT)
}

fn endless() -> Problem {
    Problem::new(Code::Timeout, format!("A check has not ended after {} seconds.", LONGEST_CHECK.as_secs()))
        .hint(REPORT)
}

fn stray() -> Problem {
    Problem::new(Code::Practice, "The rehearsal found itself on a screen that it does not expect.").hint(REPORT)
}

//! Goes through the screens of a setup as an administrator would: top to bottom, block by block, by kind. What there
//! is to do at the two consoles is [`Admin`]'s; what is proven is said by the view alone.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::timeout;
use usher_core::{
    Action, App, Code, Phase, Problem, View,
    view::{Block, CheckState, Finish, RailState, Screen, SecretState, Step},
};

use super::{admin::Admin, arrivals::Present, results::Arrived};

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
    pub(crate) proof: String,
    pub(crate) problem: Option<Problem>,
}

impl StepResult {
    /// Nothing is known about it yet.
    pub(crate) fn open(phase: Phase) -> Self {
        Self { phase, title: phase.id().to_owned(), proven: false, proof: String::new(), problem: None }
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
    steps: Vec<StepResult>,
    tell: &'a (dyn Fn(&StepResult) + Sync),
}

impl<'a> Walk<'a> {
    /// The view must show the first step.
    pub(crate) fn new(app: &'a App, admin: Admin, tell: &'a (dyn Fn(&StepResult) + Sync)) -> Self {
        Self { app, admin, before: None, steps: Phase::ALL.map(StepResult::open).to_vec(), tell }
    }

    /// To the end, or to the first step that cannot be proven.
    pub(crate) async fn go(&mut self) {
        loop {
            let view = self.app.view();
            match &view.screen {
                Screen::Step(step) => {
                    let phase = step.phase;
                    if let Err(problem) = self.step(phase).await {
                        self.keep_up(&self.app.view());
                        let problem = self.with_the_consoles_words(phase, problem).await;
                        return self.fail(phase, problem);
                    }
                    if phase == Phase::ScimToken {
                        self.before = self.present().await;
                    }
                }
                Screen::Finish(finish) => return self.finish(finish),
                Screen::Blocked(blocked) => return self.fail(Phase::Role, blocked.problem.clone()),
                Screen::Home(_) | Screen::NewSetup(_) | Screen::Needs(_) => return self.fail(Phase::Role, stray()),
            }
        }
    }

    pub(crate) fn steps(&self) -> &[StepResult] {
        &self.steps
    }

    /// Who arrived since the SCIM token was there. Nobody, as long as nobody can be asked.
    pub(crate) async fn arrived(&self) -> Arrived {
        match (&self.before, self.present().await) {
            (Some(before), Some(now)) => now.since(before),
            _ => Arrived::default(),
        }
    }

    /// Ends a walk that takes too long.
    pub(crate) fn give_up(&mut self, after: Duration) {
        let phase = match &self.app.view().screen {
            Screen::Step(step) => step.phase,
            _ => Phase::Role,
        };
        let text = format!("The rehearsal was given up after {} seconds, with this step still open.", after.as_secs());
        self.fail(phase, Problem::new(Code::Timeout, text).hint(REPORT));
    }

    async fn present(&self) -> Option<Present> {
        let token = self.admin.noted("proxy-token")?;
        match Present::read(self.admin.scim_base_url(), token).await {
            Ok(present) => Some(present),
            Err(problem) => {
                tracing::debug!(%problem, "the target cannot be read");
                None
            }
        }
    }

    /// Usher sees the target only; what the identity provider's own pages say about it belongs to the answer.
    async fn with_the_consoles_words(&self, phase: Phase, problem: Problem) -> Problem {
        match self.admin.looks_into(phase).await {
            Some(words) => Problem { message: format!("{} The console says: {words}", problem.message), ..problem },
            None => problem,
        }
    }

    /// Everything on one step, then Continue.
    async fn step(&mut self, phase: Phase) -> Result<(), Problem> {
        let mut done = BTreeSet::new();
        while let Some(block) = self.next_block(phase, &done) {
            done.insert(block.id().to_owned());
            if done.len() > MOST_BLOCKS {
                return Err(stray());
            }
            self.block(&block).await?;
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

    async fn block(&mut self, block: &Block) -> Result<(), Problem> {
        self.admin.comes_to(block).await?;
        match block {
            Block::Heading { .. } | Block::Text { .. } | Block::Note { .. } => Ok(()),
            Block::Link { id, .. } => {
                let address = self.app.link(id)?;
                self.admin.opens(address.as_str()).await
            }
            Block::Secret { id, fillable: true, state, .. } => self.fill(id, state).await,
            Block::Copy { id, .. } | Block::Secret { id, .. } => self.copy(id).await,
            Block::Choice { id, options, .. } => match self.admin.answers(id, options).await? {
                Some(option) => self.act(Action::Choose { block: id.clone(), option }).await.map(drop),
                None => Ok(()),
            },
            Block::Input { id, .. } => {
                let value = self.admin.types(id).await?;
                self.act(Action::Type { block: id.clone(), value }).await.map(drop)
            }
            Block::Confirm { id, .. } => {
                self.admin.does(id).await?;
                self.tick(id, "").await
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
        Ok(())
    }

    async fn fill(&mut self, id: &str, state: &SecretState) -> Result<(), Problem> {
        if matches!(state, SecretState::Filled { .. }) {
            return Ok(());
        }
        let secret = self.admin.secret(id).await?;
        let view = self.act(Action::FillSecret { block: id.to_owned(), secret }).await?;
        let refused = blocks(&view).iter().find_map(|block| match block {
            Block::Secret { id: shown, problem, .. } if shown == id => problem.clone(),
            _ => None,
        });
        refused.map_or(Ok(()), Err)
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
        self.keep_up(&view);
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
                if !blocks(&view).iter().any(|block| matches!(block, Block::Check { state: CheckState::Running { .. }, .. })) {
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
    async fn turned(&mut self, phase: Phase) -> Option<Step> {
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
        self.keep_up(&view);
        shown(&view, phase)
    }

    /// Notes what the rail says about all six, and tells what is new.
    fn keep_up(&mut self, view: &View) {
        let Screen::Step(step) = &view.screen else { return };
        let proof = proof(step);
        for item in &step.rail {
            let Some(kept) = self.steps.iter_mut().find(|kept| kept.phase == item.phase) else { continue };
            kept.title.clone_from(&item.title);
            let proven = matches!(item.state, RailState::Proven | RailState::NotNeeded);
            let note = item.note.as_ref().map(|note| note.text.clone());
            if item.phase == step.phase
                && let Some(proof) = &proof
            {
                kept.proof.clone_from(proof);
            } else if kept.proof.is_empty() && proven {
                kept.proof = note.unwrap_or_default();
            }
            let news = proven && !kept.proven && item.phase != step.phase;
            kept.proven = proven;
            if news {
                (self.tell)(kept);
            }
        }
    }

    fn finish(&mut self, finish: &Finish) {
        for proven in &finish.proofs {
            let Some(kept) = self.steps.iter_mut().find(|kept| kept.phase == proven.phase) else { continue };
            kept.title.clone_from(&proven.title);
            kept.proof.clone_from(&proven.proof);
            let news = proven.proven && !kept.proven;
            kept.proven = proven.proven;
            if news {
                (self.tell)(kept);
            }
        }
    }

    /// The step that could not be proven gets the problem, and so does the one that its first hint leads back to:
    /// that is where the cause is.
    fn fail(&mut self, phase: Phase, problem: Problem) {
        let back = problem.hints.iter().find_map(|hint| hint.go).filter(|back| *back < phase);
        for kept in &mut self.steps {
            if kept.phase == phase || Some(kept.phase) == back {
                kept.proven = false;
                kept.proof.clear();
                kept.problem = Some(problem.clone());
                (self.tell)(kept);
            }
        }
    }
}

fn blocks(view: &View) -> &[Block] {
    match &view.screen {
        Screen::Step(step) => &step.blocks,
        _ => &[],
    }
}

fn shown(view: &View, phase: Phase) -> Option<Step> {
    match &view.screen {
        Screen::Step(step) if step.phase == phase => Some(step.clone()),
        _ => None,
    }
}

/// The last thing that was proved on this step.
fn proof(step: &Step) -> Option<String> {
    step.blocks.iter().rev().find_map(|block| match block {
        Block::Check { state: CheckState::Passed { proof, .. }, .. } => Some(proof.clone()),
        _ => None,
    })
}

/// Why a step does not let the administrator go on.
fn obstacle(step: &Step) -> Problem {
    let said = step.blocks.iter().find_map(|block| match block {
        Block::Check { state: CheckState::Failed { problem, .. }, .. } => Some(problem.clone()),
        Block::Secret { problem, .. } | Block::Choice { problem, .. } | Block::Input { problem, .. } => problem.clone(),
        _ => None,
    });
    said.unwrap_or_else(|| {
        let missing = step.forward.missing.clone().unwrap_or_else(|| "The step does not go on, and does not say why.".to_owned());
        Problem::new(Code::WrongInput, missing).hint("Open the practice in the window to see the step.")
    })
}

fn endless() -> Problem {
    Problem::new(Code::Timeout, format!("A check has not ended after {} seconds.", LONGEST_CHECK.as_secs()))
        .hint(REPORT)
}

fn stray() -> Problem {
    Problem::new(Code::Practice, "The rehearsal found itself on a screen that it does not expect.")
        .hint(REPORT)
}

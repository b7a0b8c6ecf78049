//! What is said about a rehearsal: a line for each step while it happens, and one JSON object for each pair.

use serde::Serialize;
use usher_core::{Code, Phase, Problem};

use super::walk::StepResult;
use crate::out;

/// Users and groups that were not at the target before, and the members of those groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Arrived {
    pub(crate) users: u64,
    pub(crate) groups: u64,
    pub(crate) members: u64,
}

/// What a script reads: these names and no others.
#[derive(Debug, Serialize)]
pub(crate) struct PairResult {
    pub(crate) target: String,
    pub(crate) idp: String,
    pub(crate) steps: Vec<StepLine>,
    pub(crate) arrived: Arrived,
    /// What the practice world answered in all, the consoles' pages included.
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
}

#[derive(Debug, Serialize)]
pub(crate) struct StepLine {
    phase: Phase,
    proven: bool,
    proof: String,
    /// What the guide warned of on the way, although it may be right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<ProblemLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemLine>,
    /// The practice consoles' own words about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    console_said: Option<String>,
}

#[derive(Debug, Serialize)]
struct ProblemLine {
    code: Code,
    message: String,
    hints: Vec<HintLine>,
}

#[derive(Debug, Serialize)]
struct HintLine {
    text: String,
    /// The step that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    go: Option<Phase>,
}

impl PairResult {
    pub(crate) fn proven(&self) -> bool {
        self.steps.len() == Phase::ALL.len() && self.steps.iter().all(|step| step.proven)
    }

    /// The last line.
    pub(crate) fn summary(&self) -> String {
        let Arrived { users, groups, members } = self.arrived;
        let (proven, seconds) = (self.steps.iter().filter(|step| step.proven).count(), self.seconds);
        if self.proven() {
            let (users, groups, members) =
                (counted(users, "user"), counted(groups, "group"), counted(members, "member"));
            format!(
                "All six steps are proven in {seconds:.1} s: {users} and {groups} with {members} arrived, with {} requests.",
                self.requests
            )
        } else {
            format!("{proven} of 6 steps are proven after {seconds:.1} s, with {} requests.", self.requests)
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

impl From<&StepResult> for StepLine {
    fn from(step: &StepResult) -> Self {
        Self {
            phase: step.phase,
            proven: step.proven,
            proof: out::sentence(&step.proof),
            warnings: step.warnings.iter().map(ProblemLine::from).collect(),
            problem: step.problem.as_ref().map(ProblemLine::from),
            console_said: step.console_said.as_deref().map(out::sentence),
        }
    }
}

impl From<&Problem> for ProblemLine {
    fn from(problem: &Problem) -> Self {
        let hints =
            problem.hints.iter().map(|hint| HintLine { text: out::sentence(&hint.text), go: hint.go }).collect();
        Self { code: problem.code, message: out::sentence(&problem.message), hints }
    }
}

/// A step as soon as there is something to say about it.
pub(crate) fn line(step: &StepResult) -> String {
    let head = format!("  {} {:<24}", step.phase.number(), out::sentence(&step.title));
    let mut text = match (&step.problem, step.proven) {
        (Some(problem), _) => format!("{head} not proven  {}", out::sentence(&problem.message)),
        (None, true) => {
            let state = if step.needless { "not needed" } else { "proven" };
            format!("{head} {state:<11} {}", out::sentence(&step.proof)).trim_end().to_owned()
        }
        (None, false) => format!("{head} open"),
    };
    if let Some(words) = &step.console_said {
        text.push_str(&format!("\n      The console says: {}", out::sentence(words)));
    }
    for hint in step.problem.iter().flat_map(|problem| &problem.hints) {
        text.push_str(&format!("\n      - {}", out::sentence(&hint.text)));
    }
    for warning in &step.warnings {
        text.push_str(&format!("\n      ! {}", out::sentence(&warning.message)));
    }
    text
}

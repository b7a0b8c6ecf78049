//! The group plan, from what was answered: what will fail stops here, what may go well is said.

use super::{Job, Report};
use crate::{
    error::{Code, Problem},
    groups::{self, Answer, Group, Plan, Verdict},
    people::Severity,
    template,
    view::Finding,
};

impl Job {
    pub(super) fn plan_groups(&self) -> Report {
        let nested = match self.answer("group-inner") {
            "yes" => Answer::Yes,
            "no" => Answer::No,
            _ => Answer::Unknown,
        };
        // From these numbers on, something is to be said; between them it does not matter.
        let members = match self.answer("group-size") {
            "hundreds" => Some(101),
            "thousands" => Some(5_001),
            _ => None,
        };
        let sent = Group { name: self.answer("sample-group").to_owned(), members, nested };
        let plan = match self.answer("assigned-group") {
            "" => Plan { assigned: vec![sent], pushed: Vec::new() },
            // Where groups are pushed, the one that is assigned is another, and stays here.
            assigned => {
                Plan { assigned: vec![Group { name: assigned.to_owned(), ..Group::default() }], pushed: vec![sent] }
            }
        };
        self.judged_plan(&groups::plan(&plan, &self.guide))
    }

    fn judged_plan(&self, verdicts: &[Verdict]) -> Report {
        let (fails, warnings): (Vec<&Verdict>, Vec<&Verdict>) =
            verdicts.iter().partition(|verdict| verdict.severity == Severity::WouldFail);
        let findings = warnings.iter().map(|verdict| warning(verdict)).collect();
        let result = match fails.as_slice() {
            [] => Ok(match warnings.len() {
                0 => format!("Nothing is known against this plan at {}.", self.guide.target_short),
                1 => "Nothing of this plan fails by what is known; one thing is worth knowing.".into(),
                many => format!("Nothing of this plan fails by what is known; {many} things are worth knowing."),
            }),
            [first, others @ ..] => Err(others
                .iter()
                .fold(problem(first), |problem, other| problem.hint(format!("{} {}", about(other), other.fix)))),
        };
        Report { findings, ..result.into() }
    }
}

fn problem(verdict: &Verdict) -> Problem {
    Problem::new(Code::Refused, about(verdict)).hint(verdict.fix.clone()).class(verdict.class)
}

fn warning(verdict: &Verdict) -> Finding {
    let text = template::plain(&format!("{} {}", about(verdict), verdict.fix));
    Finding { warn: true, ..Finding::new("Worth knowing", text, true) }
}

/// The sentence with the group it is about.
fn about(verdict: &Verdict) -> String {
    match &verdict.group {
        Some(group) => format!("**{group}**: {}", verdict.says),
        None => verdict.says.clone(),
    }
}

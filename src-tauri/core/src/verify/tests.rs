//! Comparisons in memory: exports as text on one side, answers of a target as JSON on the other.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

mod any;
mod causes;
mod reading;
mod table;
mod wire;

use std::{collections::BTreeSet, ops::ControlFlow, sync::Arc};

use jiff::Timestamp;

use super::{Difference, Expected, Outcome, comparison::Comparison};
use crate::{
    people::Rules,
    recipe::{Purpose, Recipes},
    systems::scim::pages::Plan,
};

/// The two sides.
#[derive(Debug, Default)]
struct Sides {
    people: String,
    /// Name and file.
    groups: Vec<(String, String)>,
    /// Users as JSON objects.
    users: Vec<String>,
    at_target: Vec<String>,
}

fn now() -> Timestamp {
    "2026-11-27T12:00:00Z".parse().unwrap()
}

fn rules(target: &str, idp: &str) -> Rules {
    Rules::of(&Recipes::builtin().unwrap().guide(target, idp, Purpose::Setup, None, &Default::default()).unwrap())
}

impl Sides {
    fn expected(&self, rules: &Rules, matching: Option<&str>) -> Expected {
        let go_on = &mut |_: &_| ControlFlow::Continue(());
        let mut expected = Expected::read_people(self.people.as_bytes(), rules, matching, go_on).unwrap();
        for (name, file) in &self.groups {
            expected.read_groups(file.as_bytes(), name, go_on).unwrap();
        }
        expected.settle();
        expected
    }

    fn compare(&self, rules: &Rules, matching: Option<&str>) -> Outcome {
        let expected = self.expected(rules, matching);
        let paths: Vec<_> = expected.sent.iter().map(|sent| sent.path.clone()).collect();
        let plan = Arc::new(Plan::new(&paths));
        let mut comparison = Comparison::new(&expected, Arc::clone(&plan), now());
        // Some pages, as they come.
        for page in self.users.chunks(7) {
            comparison.people(&plan.page_of_test(&list(page)).unwrap());
        }
        for page in self.at_target.chunks(3) {
            comparison.groups(&plan.page_of_test(&list(page)).unwrap());
        }
        comparison.finish()
    }
}

fn list(entries: &[String]) -> String {
    format!(r#"{{"Resources":[{}]}}"#, entries.join(","))
}

/// A difference without what is said about it.
type Told = (&'static str, String, String, Option<String>);

fn told(outcome: &Outcome) -> BTreeSet<Told> {
    let plain = |Difference { kind, who, group, attribute, .. }| (kind_slug(kind), who, group, attribute);
    let all: Vec<Told> = outcome.iter().map(plain).collect();
    let set: BTreeSet<Told> = all.iter().cloned().collect();
    assert_eq!(set.len(), all.len(), "something is told twice: {all:#?}");
    assert_eq!(outcome.counts().differences as usize, all.len());
    set
}

fn kind_slug(kind: super::Kind) -> &'static str {
    kind.slug()
}

fn user(id: &str, name: &str, more: &str) -> String {
    format!(r#"{{"id":"{id}","userName":"{name}","active":true{more}}}"#)
}

//! Looks one person up at the target and compares what arrived with the mapping.

use jiff::SignedDuration;

use super::{Job, Report};
use crate::{
    error::{Code, Phase, Problem},
    mapping::{self, RowWork},
    systems::scim::{self, Inspection},
    view::{Finding, Verb},
};

/// How far the target's clock may be behind this machine's when it says who is new.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Wanted and unwanted attributes, by SCIM path.
struct Wanted {
    all: Vec<String>,
    optional: Vec<String>,
    deleted: Vec<String>,
}

impl Wanted {
    fn of(rows: &[RowWork]) -> Self {
        let paths = |fits: &dyn Fn(&RowWork) -> bool| -> Vec<String> {
            rows.iter().filter(|row| !row.path.is_empty() && fits(row)).map(|row| row.path.clone()).collect()
        };
        let stays = |row: &RowWork| row.verb != Verb::Delete;
        Self {
            all: paths(&stays),
            optional: paths(&|row| stays(row) && row.optional),
            deleted: paths(&|row| row.verb == Verb::Delete),
        }
    }

    fn has(list: &[String], path: &str) -> bool {
        list.iter().any(|one| one.eq_ignore_ascii_case(path))
    }
}

impl Job {
    pub(super) async fn find_user(&self) -> Report {
        let name = self.answer("sample-user");
        let users = self.guide.mappings.iter().find(|mapping| mapping.id == "users");
        let wanted = Wanted::of(&users.map(mapping::work).unwrap_or_default());
        let paths: Vec<&str> = wanted.all.iter().map(String::as_str).collect();
        let found = match self.scim() {
            Ok(scim) => scim::inspect_user(&scim, name, &paths).await,
            Err(problem) => Err(problem),
        };
        match found {
            Err(problem) => Err(self.leading_back(problem)).into(),
            Ok(None) => Err(self.not_there(name)).into(),
            Ok(Some(inspection)) => self.compared(name, &inspection, &wanted),
        }
    }

    fn compared(&self, name: &str, inspection: &Inspection, wanted: &Wanted) -> Report {
        let left: Vec<&str> = inspection
            .unexpected
            .iter()
            .map(String::as_str)
            .filter(|path| Wanted::has(&wanted.deleted, path) && !made_by_servers(path))
            .collect();
        let (empty, missing): (Vec<String>, Vec<String>) =
            inspection.missing.iter().cloned().partition(|path| Wanted::has(&wanted.optional, path));
        let before =
            self.token_since.zip(inspection.user.created).is_some_and(|(since, created)| created < since - TOLERANCE);
        let result = if !missing.is_empty() || !left.is_empty() {
            Err(self.mapping_differs(name, &missing, &left))
        } else if before {
            Ok(format!(
                "{name} is at {} with the mapped attributes, but was there before this token. Whether {} gets through with it, somebody new shows.",
                self.who(),
                self.guide.idp_short
            ))
        } else {
            let count = inspection.present.len();
            Ok(format!("{name} arrived at {} with {count} mapped attributes.", self.who()))
        };
        Report { findings: lines(inspection, &left, &missing, &empty), weak: before, ..result.into() }
    }

    fn not_there(&self, name: &str) -> Problem {
        Problem::new(Code::NotArrived, format!("{} holds nobody whose userName is \"{name}\".", self.who()))
            .hint("Compare the spelling with what was sent as userName.")
            .hint_go("If it was refused for a missing or unknown attribute, look at the mapping.", Phase::Mappings)
    }

    fn mapping_differs(&self, name: &str, missing: &[String], left: &[&str]) -> Problem {
        let mut message = format!("{name} arrived, but not as the mapping should send it.");
        if !left.is_empty() {
            message.push_str(&format!(" Still sent although they should be deleted: {}.", left.join(", ")));
        }
        if !missing.is_empty() {
            message.push_str(&format!(" Did not arrive: {}.", missing.join(", ")));
        }
        Problem::new(Code::MappingDiffers, message)
            .hint_go("Work through the mapping again, save it, and provision this person once more.", Phase::Mappings)
            .hint("If an attribute is empty for this person at the identity provider, choose another person.")
    }
}

fn lines(inspection: &Inspection, left: &[&str], missing: &[String], empty: &[String]) -> Vec<Finding> {
    let value = |path: &str| {
        let found = inspection.user.attributes.iter().find(|(name, _)| name == path);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let line = |name: &str, value: String, good| Finding::new(name, value, good);
    let present = inspection.present.iter().map(|(name, value)| line(name, value.clone(), true));
    let left = left.iter().map(|path| line(path, value(path), false));
    let missing = missing.iter().map(|path| line(path, "did not arrive".into(), false));
    let empty = empty.iter().map(|path| line(path, "nothing arrived; it may be empty".into(), true));
    present.chain(left).chain(missing).chain(empty).collect()
}

/// Attributes that servers fill by themselves, from userName for example; that they are there says nothing about
/// the mapping.
fn made_by_servers(path: &str) -> bool {
    let own = ["active", "externalId", "name.formatted", "emails"];
    own.iter().any(|name| path.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

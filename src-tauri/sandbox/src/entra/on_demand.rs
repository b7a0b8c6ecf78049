//! Provision on demand: one person or group, step by step: Import, Scoping, Matching, Export (facts 1.4).

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    App, Status, cycle,
    directory::{self, Directory},
    mapping::{self, Mapping},
    object::{self, Done, Links},
    wire::Wire,
};
use crate::{
    fault::Fault,
    world::{Shared, World},
};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OnDemand {
    pub at: Timestamp,
    pub subject: String,
    pub name: String,
    pub steps: Vec<Step>,
    pub changes: Vec<(String, String)>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    pub name: String,
    pub status: Status,
    pub text: String,
    pub details: Vec<(String, String)>,
}

impl Step {
    fn new(name: &str, status: Status, text: impl Into<String>, details: Vec<(String, String)>) -> Step {
        Step { name: name.to_owned(), status, text: text.into(), details }
    }
}

impl OnDemand {
    /// The last step decides.
    pub(crate) fn status(&self) -> Status {
        self.steps.last().map_or(Status::Failure, |step| step.status)
    }
}

struct Plan {
    wire: Wire,
    users: Mapping,
    groups: Mapping,
    directory: Directory,
    links: Links,
    in_scope: bool,
    /// With a fault, what comes of it.
    instead: Option<Done>,
    /// What to say of an object that is in scope by way of an inner group only.
    inside: Option<String>,
}

/// Runs it and keeps the result; the error is for the person who asked.
pub(crate) async fn run(shared: &Arc<Shared>, app: &str, subject: &str) -> Result<Status, String> {
    let plan = shared.read(|world| plan(world, shared, app, subject))?;
    let (name, kind, steps, done) = match directory::person(subject) {
        Some(person) => {
            let enabled = plan.directory.is_enabled(&person);
            let values = object::person_values(&plan.users, &person, enabled, &plan.links);
            let scoped = scoping(plan.in_scope && enabled, enabled, plan.inside.as_deref());
            let done = match (scoped.is_none(), plan.instead.clone()) {
                (false, _) => None,
                (true, Some(done)) => Some(done),
                (true, None) => Some(object::user(&plan.wire, &plan.users, &person, enabled, &plan.links).await),
            };
            (person.display_name, "User", steps(values, scoped, done.as_ref()), done)
        }
        None => {
            let group = plan.directory.group(subject).ok_or("Select a user or a group.")?;
            let values = mapping::group_values(&plan.groups, &group);
            let scoped = scoping(plan.in_scope, true, plan.inside.as_deref());
            let done = match (scoped.is_none(), plan.instead.clone()) {
                (false, _) => None,
                (true, Some(done)) => Some(done),
                (true, None) => Some(object::group(&plan.wire, &plan.groups, &group, &plan.links).await),
            };
            (group.display_name, "Group", steps(values, scoped, done.as_ref()), done)
        }
    };
    Ok(shared.change(|world| keep(world, app, subject, name, kind, steps, done)))
}

fn plan(world: &World, shared: &Shared, id: &str, subject: &str) -> Result<Plan, String> {
    let app = world.entra.app(id).ok_or("There is no such application.")?;
    let connection = app.saved.as_ref().ok_or("Save a tested connection under Provisioning first.")?;
    let directory = Directory::of(world);
    Ok(Plan {
        wire: Wire::new(&shared.client, connection)?.on_demand(),
        users: cycle::user_mapping(world, app),
        groups: app.groups.saved.clone(),
        links: app.job.links.clone(),
        in_scope: in_scope(app, &directory, subject) && !world.switches.has(Fault::NothingArrives),
        instead: object::instead(&world.switches),
        inside: inside(app, &directory, subject),
        directory,
    })
}

fn in_scope(app: &App, directory: &Directory, subject: &str) -> bool {
    app.people_in_scope(directory).iter().any(|one| one.key == subject)
        || app.groups_in_scope(directory).iter().any(|one| one.key == subject)
}

/// Facts row 11: a group inside an assigned group, and who is in it, are not read.
fn inside(app: &App, directory: &Directory, subject: &str) -> Option<String> {
    app.groups_in_scope(directory).into_iter().find_map(|outer| {
        let inner = outer.members.iter().filter_map(|key| directory.group(key));
        let mut inner = inner.filter(|inner| inner.key == subject || inner.members.contains(&subject));
        inner.next().map(|inner| {
            format!("“{}” is a group inside “{}”; nested groups are not read.", inner.display_name, outer.display_name)
        })
    })
}

/// The step that ends the matter, for an object that is not in scope.
fn scoping(in_scope: bool, enabled: bool, inside: Option<&str>) -> Option<Step> {
    let details = vec![
        ("IsActive".to_owned(), if enabled { "True" } else { "False" }.to_owned()),
        ("Assigned".to_owned(), if in_scope { "True" } else { "False" }.to_owned()),
        ("SkipReason".to_owned(), "NotEffectivelyEntitled".to_owned()),
    ];
    let mut text =
        "NotEffectivelyEntitled: this object is not assigned to the application, or it is disabled.".to_owned();
    if let Some(inside) = inside {
        text.push_str(&format!(" {inside}"));
    }
    (!in_scope).then(|| Step::new("Scoping", Status::Skipped, text, details))
}

fn steps(values: Vec<(String, String)>, scoped: Option<Step>, done: Option<&Done>) -> Vec<Step> {
    let mut steps = vec![Step::new("Import", Status::Success, "The object was read from the directory.", values)];
    let Some(done) = done else {
        steps.extend(scoped);
        return steps;
    };
    steps.push(Step::new(
        "Scoping",
        Status::Success,
        "The object is assigned to the application.",
        vec![("Assigned".to_owned(), "True".to_owned())],
    ));
    let result = if done.code.is_empty() { done.reason.clone() } else { format!("{}: {}", done.code, done.reason) };
    match done.matched {
        None => {
            steps.push(Step::new("Matching", done.status, result, Vec::new()));
            return steps;
        }
        Some(true) => {
            steps.push(Step::new("Matching", Status::Success, "A matching object was found in the target.", Vec::new()))
        }
        Some(false) => steps.push(Step::new(
            "Matching",
            Status::Success,
            "No matching object was found in the target.",
            Vec::new(),
        )),
    }
    steps.push(Step::new("Export", done.status, result, vec![("Action".to_owned(), done.action.to_owned())]));
    steps
}

fn keep(
    world: &mut World,
    app: &str,
    subject: &str,
    name: &str,
    kind: &str,
    steps: Vec<Step>,
    done: Option<Done>,
) -> Status {
    let at = world.now();
    let changes = done.as_ref().map(|done| done.changes.clone()).unwrap_or_default();
    let result = OnDemand { at, subject: subject.to_owned(), name: name.to_owned(), steps, changes };
    let status = result.status();
    let Some(app) = world.entra.app_mut(app) else { return status };
    app.on_demand = Some(result);
    if let Some(mut done) = done {
        if let Some(link) = done.link.take() {
            app.job.links.insert(subject.to_owned(), link);
        }
        app.job.log(cycle::entry(at, 0, kind, subject, name, done));
    }
    status
}

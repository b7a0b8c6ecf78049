//! Assignments: people and groups, how provisioning went for each person, and Provision User for those who failed.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Shop, Tab, View, act, app_page, asked, gone, groups, principal, views, with_app};
use crate::{
    html::{Fields, Notice, field},
    okta::{
        app::App,
        directory::{Directory, EVERYONE, Profile},
        system_log::{self, Note},
    },
    world::World,
};

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let view = asked(query.as_deref(), "view").unwrap_or_default();
    with_app(&shared, &id, |world, app| {
        let directory = &world.okta.directory;
        let content = html! {
            div.toolbar {
                details.menu {
                    summary.button.primary { "Assign" }
                    ul {
                        li { a href={ "/okta/apps/" (app.id) "/assignments/people" } { "Assign to People" } }
                        li { a href={ "/okta/apps/" (app.id) "/assignments/groups" } { "Assign to Groups" } }
                    }
                }
            }
            (views(&format!("/okta/apps/{}/assignments", app.id), &view, &[("", "All"), ("people", "People"), ("groups", "Groups")]))
            @if app.assigned.is_empty() { p.lead { "Nobody is assigned yet." } } @else {
                @if view != "groups" { (assigned_people(app, directory)) }
                @if view != "people" { (assigned_groups(app, directory)) }
            }
            @if app.saved.is_some() && view != "groups" { (outcomes(app, directory)) }
        };
        let view = View::new("Assignments", Tab::Assignments, query.as_deref()).live(world, app);
        app_page(world, app, &view, &content)
    })
}

/// Everybody who has the app, by a group or by themselves.
fn assigned_people(app: &App, directory: &Directory) -> Markup {
    let people: Vec<Profile> =
        directory.people().into_iter().filter(|one| app.is_assigned(directory, one) || holds(app, one.key())).collect();
    html! {
        h2 { "People" }
        @if people.is_empty() { p.quiet { "Nobody is in the groups that are assigned." } } @else {
            table {
                thead { tr { th { "Person" } th { "Username" } th { "Type" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for one in &people {
                        tr {
                            td { (one.name()) (alarm(app, one)) }
                            td { (app.user_name(one)) }
                            td { @if holds(app, one.key()) { "Individual" } @else { "Group" } }
                            td.actions { @if holds(app, one.key()) { (remove_form(app, one.key(), one.name())) } }
                        }
                    }
                }
            }
        }
    }
}

fn holds(app: &App, key: &str) -> bool {
    app.assigned.iter().any(|one| one == key)
}

/// The red mark beside somebody whom the target refused, with the reason behind it.
fn alarm(app: &App, person: &Profile) -> Markup {
    let error = app.users.get(person.key()).and_then(|user| user.error.as_ref());
    html! {
        @if let Some(error) = error {
            details.alarm { summary { "!" span.hidden { " Not provisioned: " (person.name()) } } p { (error) } }
        }
    }
}

fn remove_form(app: &App, key: &str, name: &str) -> Markup {
    html! {
        form method="post" action={ "/okta/apps/" (app.id) "/assignments/" (key) "/remove" } {
            button.quiet type="submit" { "✕" span.hidden { " Remove " (name) } }
        }
    }
}

fn assigned_groups(app: &App, directory: &Directory) -> Markup {
    let name = |key: &str| directory.name(key).unwrap_or_else(|| key.to_owned());
    let groups: Vec<_> = app.assigned.iter().filter_map(|key| directory.group(key)).collect();
    html! {
        h2 { "Groups" }
        @if groups.is_empty() { p.quiet { "No group is assigned." } } @else {
            table {
                thead { tr { th { "Name" } th { "Type" } th { "Members" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for group in &groups {
                        tr data-principal=(group.key) {
                            td { (group.name) }
                            td { "Group" }
                            td { (group.members.iter().map(|one| name(one)).collect::<Vec<_>>().join(", ")) }
                            td.actions { (remove_form(app, &group.key, &group.name)) }
                        }
                    }
                }
            }
        }
    }
}

type Choices = Vec<(String, String)>;

pub(crate) async fn choose_groups(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let all: Choices = groups(world).into_iter().map(|group| (group.key, group.name)).collect();
        choose(world, app, query.as_deref(), "groups", "Groups", &all)
    })
}

pub(crate) async fn choose_people(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let people = world.okta.directory.people().into_iter().filter(|one| one.active);
        let all: Choices = people.map(|one| (one.key().to_owned(), one.name().to_owned())).collect();
        choose(world, app, query.as_deref(), "people", "People", &all)
    })
}

/// The list with an Assign beside each entry, and Done.
fn choose(world: &World, app: &App, query: Option<&str>, from: &str, what: &str, all: &Choices) -> Response {
    let base = format!("/okta/apps/{}/assignments", app.id);
    let content = html! {
        table {
            thead { tr { th { (what) } th { span.hidden { "Actions" } } } }
            tbody {
                @for (key, name) in all {
                    tr data-principal=(key) {
                        td { (name) @if key == EVERYONE { br; small { "All people of the org" } } }
                        td.actions {
                            @if app.assigned.contains(key) { "Assigned" } @else {
                                form method="post" action=(base) {
                                    input type="hidden" name="principal" value=(key);
                                    input type="hidden" name="from" value=(from);
                                    button type="submit" { "Assign" span.hidden { " " (name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        div.buttons { a.button.primary href=(base) { "Done" } }
    };
    let title = format!("Assign {} to {what}", app.label);
    app_page(world, app, &View::new(&title, Tab::Assignments, query), &content)
}

fn outcomes(app: &App, directory: &Directory) -> Markup {
    let failed = app.users.values().any(|user| user.error.is_some());
    html! {
        h2 { "Provisioning" }
        @if app.users.is_empty() { p.quiet { "Nothing was sent yet." } } @else {
            table {
                thead { tr { th { "Person" } th { "State" } th { "Reason" } } }
                tbody {
                    @for (key, user) in &app.users {
                        @let state = match (&user.error, user.active) { (Some(_), _) => "Error", (None, true) => "Provisioned", (None, false) => "Deactivated" };
                        tr data-person=(key) data-state=(state.to_lowercase()) {
                            td { (directory.name(key).unwrap_or_else(|| key.clone())) }
                            td { (state) }
                            td.reason { @if let Some(error) = &user.error { (error) } }
                        }
                    }
                }
            }
        }
        @if failed {
            form method="post" action={ "/okta/apps/" (app.id) "/assignments/provision" } {
                div.buttons { button type="submit" { "Provision User" } }
                p.quiet { "Tries the failed ones again, as Retry Selected under " a href=(super::TASKS) { "Dashboard › Tasks" } " does." }
            }
        }
    }
}

/// Leads back to the list it was chosen from, if it was.
pub(crate) async fn assign(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    let page = match field(&fields, "from") {
        "groups" => "/assignments/groups",
        "people" => "/assignments/people",
        _ => "/assignments",
    };
    act(&shared, &id, page, |world| {
        let Some(key) = principal(world, field(&fields, "principal")) else {
            return Notice::failure("Select a person or a group to assign.");
        };
        let name = world.okta.directory.name(&key).unwrap_or_default();
        if world.okta.directory.person(&key).is_some_and(|one| !one.active) {
            return Notice::failure(format!("{name} is deactivated and cannot be assigned."));
        }
        let now = world.now();
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        if app.assigned.contains(&key) {
            return Notice::warning(format!("{name} is assigned already."));
        }
        app.assigned.push(key);
        let text = format!("{name} was assigned to {}.", app.label);
        let sends = app.saved.is_some();
        world.okta.log(Note::success(system_log::ASSIGNED, &name).at(now, &id));
        match sends {
            true => Notice::success(text),
            false => Notice::warning(format!("{text} Nothing is sent before API integration is enabled.")),
        }
    })
}

pub(crate) async fn remove(State(shared): Shop, Path((id, key)): Path<(String, String)>) -> Response {
    act(&shared, &id, "/assignments", |world| {
        let now = world.now();
        let name = world.okta.directory.name(&key).unwrap_or_default();
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        let before = app.assigned.len();
        app.assigned.retain(|one| *one != key);
        if app.assigned.len() == before {
            return Notice::warning("This person or group is not assigned.");
        }
        world.okta.log(Note::success(system_log::UNASSIGNED, &name).at(now, &id));
        Notice::success(format!("{name} is no longer assigned."))
    })
}

pub(crate) async fn provision(State(shared): Shop, Path(id): Path<String>) -> Response {
    act(&shared, &id, "/assignments", |world| {
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        match app.retry() {
            0 => Notice::warning("There is nothing to try again."),
            _ => Notice::success("Provisioning is tried again."),
        }
    })
}

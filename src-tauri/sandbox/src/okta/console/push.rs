//! Push Groups: find groups by name, push, push now, unlink.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Shop, Tab, View, act, app_page, asked, gone, group, groups, not_enabled, views, with_app};
use crate::{
    html::{Fields, Notice, clock, field, label, tick, ticked},
    okta::{
        app::{App, Pushed},
        directory::Directory,
    },
    world::World,
};

const PAGE: &str = "/push-groups";

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let errors = asked(query.as_deref(), "view").is_some_and(|view| view == "errors");
    with_app(&shared, &id, |world, app| {
        let failed = app.pushed.iter().filter(|one| one.error.is_some()).count();
        let (base, counted) = (format!("/okta/apps/{}{PAGE}", app.id), format!("Errors ({failed})"));
        let content = html! {
            @if app.saved.is_some() {
                div.toolbar {
                    details.menu {
                        summary.button.primary { "Push Groups" }
                        ul { li { a href={ "/okta/apps/" (app.id) (PAGE) "/find" } { "Find groups by name" } } }
                    }
                }
                (views(&base, if errors { "errors" } else { "" }, &[("", "All"), ("errors", &counted)]))
                @if errors { (error_table(app, &world.okta.directory)) }
                @else { p.lead { "Pushed groups appear in the app with those members who were provisioned to it." } }
                @if errors {} @else if app.pushed.is_empty() { p { "No group is pushed yet." } } @else { (table(app, &world.okta.directory)) }
            } @else { (not_enabled(app)) }
        };
        let view = View::new("Push Groups", Tab::PushGroups, query.as_deref()).live(world, app);
        app_page(world, app, &view, &content)
    })
}

pub(crate) async fn find(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! { @if app.saved.is_some() { (push_form(world, app)) } @else { (not_enabled(app)) } };
        app_page(world, app, &View::new("Push groups by name", Tab::PushGroups, query.as_deref()), &content)
    })
}

/// The view Errors: what the target answered.
fn error_table(app: &App, directory: &Directory) -> Markup {
    let failed: Vec<(&Pushed, &String)> =
        app.pushed.iter().filter_map(|one| Some((one, one.error.as_ref()?))).collect();
    html! {
        @if failed.is_empty() { p { "No group has an error." } } @else {
            form.toolbar method="post" action={ "/okta/apps/" (app.id) (PAGE) "/retry" } { button type="submit" { "Retry All Groups" } }
            table.errors {
                thead { tr { th { "Group in Okta" } th { "Error" } } }
                tbody {
                    @for (one, error) in failed {
                        tr data-group=(one.group) { td { (directory.name(&one.group).unwrap_or_else(|| one.group.clone())) } td.reason { (error) } }
                    }
                }
            }
        }
    }
}

fn table(app: &App, directory: &Directory) -> Markup {
    html! {
        table.pushes {
            thead { tr { th { "Group in Okta" } th { "Group in the app" } th { "Last push" } th { "Push status" } } }
            tbody { @for pushed in &app.pushed { (row(app, directory, pushed)) } }
        }
    }
}

fn row(app: &App, directory: &Directory, pushed: &Pushed) -> Markup {
    let name = directory.name(&pushed.group).unwrap_or_else(|| pushed.group.clone());
    let state = match (&pushed.error, &pushed.id) {
        (Some(_), _) => "Error",
        (None, Some(_)) => "Active",
        (None, None) => "Pushing",
    };
    let base = format!("/okta/apps/{}{PAGE}/{}", app.id, pushed.group);
    html! {
        tr data-group=(pushed.group) data-state=(state.to_lowercase()) {
            td { (name) }
            td { @if pushed.id.is_some() { (name) br; small { (pushed.members.len()) " members" } } @else { "–" } }
            td.number { @if let Some(at) = pushed.last_push { (clock(at)) } @else { "–" } }
            td.reason {
                details {
                    summary { strong { (state) } span.hidden { ": actions for " (name) } }
                    form method="post" action={ (base) "/push" } { div.buttons { button type="submit" { "Push now" } } }
                    form method="post" action={ (base) "/unlink" } {
                        (tick("delete", "Delete the group in the target app (recommended)", true))
                        div.buttons { button type="submit" { "Unlink pushed group" } }
                    }
                }
                @if let Some(error) = &pushed.error { (error) }
            }
        }
    }
}

fn push_form(world: &World, app: &App) -> Markup {
    let free = groups(world).into_iter().filter(|one| !app.pushed.iter().any(|pushed| pushed.group == one.key));
    html! {
        form method="post" action={ "/okta/apps/" (app.id) (PAGE) } {
            (label("group", "Group", None))
            select #group name="group" {
                option value="" { "Select…" }
                @for one in free { option value=(one.key) { (one.name) } }
            }
            label.tick { input type="checkbox" checked disabled; " Push group memberships immediately" }
            p.quiet { "Memberships are always pushed in the practice world. No group of the app is matched: Okta creates one." }
            div.buttons { button.primary type="submit" { "Save" } a.button href={ "/okta/apps/" (app.id) (PAGE) } { "Cancel" } }
        }
    }
}

pub(crate) async fn add(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    act(&shared, &id, PAGE, |world| {
        let Some(key) = group(world, field(&fields, "group")) else {
            return Notice::failure("Select a group to push.");
        };
        let name = world.okta.directory.name(&key).unwrap_or_default();
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        if app.saved.is_none() {
            return Notice::failure("Provisioning must be enabled before groups can be pushed.");
        }
        if app.pushed.iter().any(|one| one.group == key) {
            return Notice::warning(format!("{name} is pushed already."));
        }
        app.pushed.push(Pushed::new(&key));
        Notice::success(format!("{name} is being pushed."))
    })
}

pub(crate) async fn now(State(shared): Shop, Path((id, key)): Path<(String, String)>) -> Response {
    act(&shared, &id, PAGE, |world| {
        let Some(pushed) = world.okta.app_mut(&id).and_then(|app| app.pushed_mut(&key)) else {
            return Notice::failure("This group is not pushed.");
        };
        pushed.asked = true;
        Notice::success("The group is pushed now.")
    })
}

/// Retry All Groups: those that failed.
pub(crate) async fn retry(State(shared): Shop, Path(id): Path<String>) -> Response {
    act(&shared, &id, PAGE, |world| {
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        let mut failed = 0;
        for one in app.pushed.iter_mut().filter(|one| one.error.is_some()) {
            one.asked = true;
            failed += 1;
        }
        match failed {
            0 => Notice::warning("There is nothing to try again."),
            _ => Notice::success("The groups are pushed again."),
        }
    })
}

/// With Delete, the engine deletes it at the target and drops the entry; without, the group stays there as it is.
pub(crate) async fn unlink(
    State(shared): Shop,
    Path((id, key)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    act(&shared, &id, PAGE, |world| {
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        let Some(pushed) = app.pushed_mut(&key) else { return Notice::failure("This group is not pushed.") };
        if ticked(&fields, "delete") {
            pushed.leaving = true;
            return Notice::success("The group is unlinked and deleted in the app.");
        }
        app.pushed.retain(|one| one.group != key);
        Notice::success("The group is unlinked. It stays in the app as it is.")
    })
}

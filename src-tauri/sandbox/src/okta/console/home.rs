//! The page with one's own apps, from which Admin leads into the console, and Dashboard › Tasks.

use axum::{
    Form,
    extract::{RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{APPS, Shop, TASKS, page};
use crate::{
    html::{self as pages, Fields, Frame, Notice},
    world::World,
};

pub(crate) async fn my_apps(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = html! {
            @if world.okta.apps.is_empty() { p.lead { "You have no app yet." } } @else {
                ul.cards { @for app in &world.okta.apps { li { a href={ "/okta/apps/" (app.id) } { (app.label) } p { (app.kind.title()) } } } }
            }
            p.quiet {
                "Apps are added and connected in the Admin Console: choose Admin in the top right corner, then Applications › "
                a href="/okta/catalog" { "Browse App Catalog" } ". In the practice world nobody signs in, and an app opens its settings."
            }
        };
        let frame = Frame {
            product: "Okta",
            home: "/okta/",
            title: "My Apps",
            person: html! { span { "casey.admin@northwind.example" } a.button.primary href=(APPS) { "Admin" } },
            crumbs: html! {},
            navigation: &[],
            refresh: None,
            wrong: world.switches.wrong(),
        };
        pages::page(&frame, world.notices.get(query.as_deref()), &content)
    })
}

/// One person whom an app could not provision.
struct Failed<'a> {
    task: String,
    app: &'a str,
    person: String,
    error: &'a str,
}

fn failed(world: &World) -> Vec<Failed<'_>> {
    let directory = &world.okta.directory;
    let users = world.okta.apps.iter().flat_map(|app| app.users.iter().map(move |(key, user)| (app, key, user)));
    let failed = users.filter_map(|(app, key, user)| {
        let person = directory.name(key).unwrap_or_else(|| key.clone());
        Some(Failed { task: task(&app.id, key), app: &app.label, person, error: user.error.as_ref()? })
    });
    failed.collect()
}

pub(crate) async fn tasks(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let failed = failed(world);
        let content = html! {
            p.lead { "Application assignments that met an error." }
            @if failed.is_empty() { p { "There is no task." } } @else { (table(&failed)) }
        };
        page(world, TASKS, "Tasks", query.as_deref(), &content)
    })
}

fn table(failed: &[Failed<'_>]) -> Markup {
    html! {
        form method="post" action=(TASKS) {
            table.tasks {
                thead { tr { th { "Person" } th { "Application" } th { "Error" } } }
                tbody {
                    @for one in failed {
                        tr data-task=(one.task) {
                            td { label.tick { input type="checkbox" name="task" value=(one.task); " " (one.person) } }
                            td { (one.app) }
                            td.reason { (one.error) }
                        }
                    }
                }
            }
            div.buttons { button type="submit" { "Retry Selected" } }
        }
    }
}

/// As if they had not been tried.
pub(crate) async fn retry(State(shared): Shop, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let chosen = |task: &str| fields.iter().any(|(name, value)| name == "task" && value == task);
        let mut count = 0;
        for app in &mut world.okta.apps {
            let id = app.id.clone();
            app.users.retain(|key, user| {
                if user.error.is_none() || !chosen(&task(&id, key)) {
                    return true;
                }
                count += 1;
                user.error = None;
                user.id.is_some()
            });
        }
        world.okta.wake.notify_one();
        let notice = match count {
            0 => Notice::warning("Select a task to try again."),
            1 => Notice::success("1 task is tried again."),
            _ => Notice::success(format!("{count} tasks are tried again.")),
        };
        world.notices.lead_to(TASKS, notice)
    })
}

fn task(app: &str, person: &str) -> String {
    format!("{app}:{person}")
}

//! The System Log: of one app (View Logs), and of all.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{LOGS, Shop, Tab, View, app_page, missing, page, with_app};
use crate::{
    entra::console::as_file,
    html::clock,
    okta::{Okta, export, system_log::Event},
    table::CSV,
    world::World,
};

/// The files of the download, and what leads to them.
const FILES: [(&str, &str); 2] = [("system_log.json", "Download JSON"), ("system_log.csv", "Download CSV")];

pub(crate) async fn of_app(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let events: Vec<&Event> = world.okta.events.iter().rev().filter(|event| event.app == id).collect();
        let view = View::new("System Log", Tab::Logs, query.as_deref()).live(world, app);
        let content = html! { (downloads(&format!("/okta/apps/{id}/logs"))) (table(&events, &|_| None)) };
        app_page(world, app, &view, &content)
    })
}

pub(crate) async fn all(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let events: Vec<&Event> = world.okta.events.iter().rev().collect();
        let label = |event: &Event| world.okta.app(&event.app).map(|app| app.label.clone());
        let content = html! { (downloads(LOGS)) (table(&events, &label)) };
        page(world, LOGS, "System Log", query.as_deref(), &content)
    })
}

pub(crate) async fn file_of_app(State(shared): Shop, Path((id, file)): Path<(String, String)>) -> Response {
    shared.read(|world| download(world, &file, |okta| okta.events.iter().rev().filter(|one| one.app == id).collect()))
}

pub(crate) async fn file_of_all(State(shared): Shop, Path(file): Path<String>) -> Response {
    shared.read(|world| download(world, &file, |okta| okta.events.iter().rev().collect()))
}

fn download(world: &World, file: &str, events: impl for<'a> FnOnce(&'a Okta) -> Vec<&'a Event>) -> Response {
    let events = events(&world.okta);
    match file {
        "system_log.json" => as_file(file, "application/json", export::json(&world.okta, &events)),
        "system_log.csv" => as_file(file, CSV, export::csv(&world.okta, &events)),
        _ => missing(world),
    }
}

fn downloads(base: &str) -> Markup {
    html! {
        div.toolbar { @for (file, text) in FILES { a.button href={ (base) "/" (file) } download=(file) { (text) } } }
    }
}

/// `label` names the app where events of several stand together.
fn table(events: &[&Event], label: &dyn Fn(&Event) -> Option<String>) -> Markup {
    let badge = |event: &Event| if event.success { ("success", "SUCCESS") } else { ("failure", "FAILURE") };
    html! {
        @if events.is_empty() { p.lead { "There is no event yet." } } @else {
            table {
                thead { tr { th { "Time" } th { "Event" } th { "Target" } th { "Outcome" } th { "Reason" } } }
                tbody {
                    @for event in events {
                        @let (class, outcome) = badge(event);
                        tr data-event=(event.kind) data-status=(class) {
                            td.number { (clock(event.at)) }
                            td { (event.message) br; code { (event.kind) } }
                            td { (event.about) @if let Some(label) = label(event) { br; small { (label) } } }
                            td { span.badge.(class) { (outcome) } }
                            td.reason {
                                (event.reason)
                                @if !event.details.is_empty() { details { summary { "Details" } pre { (event.details) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

//! The System Log: of one app (View Logs), and of all.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{LOGS, Shop, Tab, View, app_page, page, with_app};
use crate::{html::clock, okta::system_log::Event};

pub(crate) async fn of_app(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let events: Vec<&Event> = world.okta.events.iter().rev().filter(|event| event.app == id).collect();
        let view = View::new("System Log", Tab::Logs, query.as_deref()).live(world, app);
        app_page(world, app, &view, &table(&events, &|_| None))
    })
}

pub(crate) async fn all(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let events: Vec<&Event> = world.okta.events.iter().rev().collect();
        let label = |event: &Event| world.okta.app(&event.app).map(|app| app.label.clone());
        page(world, LOGS, "System Log", query.as_deref(), &table(&events, &label))
    })
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

//! The System Log: of one app (View Logs), and of all.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{LOGS, Shop, Tab, View, app_page, page, with_app};
use crate::{html::clock, okta::system_log::Event, world::World};

pub(crate) async fn of_app(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let events: Vec<&Event> = world.okta.events.iter().rev().filter(|event| event.app == id).collect();
        let view = View::new("System Log", Tab::Logs, query.as_deref()).live(world, app);
        app_page(world, app, &view, &table(world, &events))
    })
}

pub(crate) async fn all(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let events: Vec<&Event> = world.okta.events.iter().rev().collect();
        page(world, LOGS, "System Log", query.as_deref(), &table(world, &events))
    })
}

fn table(world: &World, events: &[&Event]) -> Markup {
    let label = |id: &str| world.okta.app(id).map_or_else(String::new, |app| app.label.clone());
    let badge = |event: &Event| if event.success { ("success", "SUCCESS") } else { ("failure", "FAILURE") };
    html! {
        @if events.is_empty() { p.lead { "There is no event yet." } } @else {
            table.logs {
                thead { tr { th { "Time" } th { "Event" } th { "Target" } th { "Outcome" } th { "Reason" } } }
                tbody {
                    @for event in events {
                        @let (class, outcome) = badge(event);
                        tr data-event=(event.kind) data-status=(class) {
                            td.number { (clock(event.at)) }
                            td { (event.message) br; code { (event.kind) } }
                            td { (event.about) br; small { (label(&event.app)) } }
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

//! Scoping filters: who is in scope, to read. Nothing is set here: the scope is always the assignments.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Section, Shop, View, app_page, greyed_out, offers_provisioning, with_app};
use crate::entra::{App, mapping::Kind};

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            @if offers_provisioning(app) {
                p.lead { "Users and groups: scoped by assignment – Sync only assigned users and groups." }
                p { "This page is for reading; in the practice world the scope cannot be changed. Who is assigned stands under " a href={ "/entra/apps/" (app.id) "/assignments" } { "Users and groups" } "." }
                (objects(app, Kind::Users, "Users", app.users.saved.enabled))
                (objects(app, Kind::Groups, "Groups", app.groups.saved.enabled))
            } @else { (greyed_out()) }
        };
        app_page(world, app, &View::new("Scoping filters", Section::Scoping, query.as_deref()), &content)
    })
}

fn objects(app: &App, kind: Kind, name: &str, enabled: bool) -> Markup {
    html! {
        h2 { (name) }
        dl {
            dt { "Scope" } dd { "Sync only assigned users and groups" }
            dt { "Enabled" }
            dd data-enabled=(if enabled { "yes" } else { "no" }) {
                strong { (if enabled { "Yes" } else { "No" }) } ". "
                a href={ "/entra/apps/" (app.id) "/mapping/" (kind.name()) } { "Change it in the mapping of " (name.to_lowercase()) }
            }
        }
    }
}

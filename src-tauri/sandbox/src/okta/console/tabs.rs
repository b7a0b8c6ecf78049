//! The plainer tabs of an app: General, Sign On, Import, and the way into Provisioning.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Shop, Tab, View, act, app_page, catalog::username_field, gone, with_app};
use crate::{
    html::{Fields, Notice, field, label, see_other, tick, ticked},
    okta::app::{App, UsernameFormat},
};

pub(crate) async fn general(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            form method="post" action={ "/okta/apps/" (app.id) } {
                (label("label", "Application label", None))
                input #label type="text" name="label" value=(app.label) maxlength="100" autocomplete="off";
                (tick("auto_login", "Automatically log in when user lands on login page", app.auto_login))
                div.buttons { button.primary type="submit" { "Save" } }
            }
            h2 { "About this integration" }
            dl {
                dt { "Integration" } dd { (app.kind.title()) }
                dt { "Status" } dd { "Active" }
                dt { "Provisioning" } dd { @if app.saved.is_some() { "Enabled" } @else { "Not enabled" } }
            }
        };
        app_page(world, app, &View::new("General", Tab::General, query.as_deref()), &content)
    })
}

pub(crate) async fn save_general(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    act(&shared, &id, "", |world| {
        let text: String = field(&fields, "label").chars().take(100).collect();
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        if text.is_empty() {
            return Notice::failure("Enter a label for the application.");
        }
        app.label = text;
        app.auto_login = ticked(&fields, "auto_login");
        Notice::success("The general settings were saved.")
    })
}

pub(crate) async fn sign_on(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            p.lead { "The practice world has no single sign-on. What counts here is the user name that provisioning sends." }
            form method="post" action={ "/okta/apps/" (app.id) "/sign-on" } {
                h2 { "Credentials Details" }
                (username_field(app.username))
                div.buttons { button.primary type="submit" { "Save" } }
            }
        };
        app_page(world, app, &View::new("Sign On", Tab::SignOn, query.as_deref()), &content)
    })
}

pub(crate) async fn save_sign_on(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    act(&shared, &id, "/sign-on", |world| {
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        let Some(format) = UsernameFormat::parse(field(&fields, "username_format")) else {
            return Notice::failure("Choose the application username format.");
        };
        app.username = format;
        Notice::success("The sign-on settings were saved.")
    })
}

/// The three entries under Settings, and the one chosen beside them.
pub(crate) fn settings(app: &App, current: &str, content: &Markup) -> Markup {
    let entry = |path: &str, text: &str| {
        let here = path == current;
        html! { li { a href={ "/okta/apps/" (app.id) "/provisioning/" (path) } aria-current=[here.then_some("true")] { (text) } } }
    };
    html! {
        div.split {
            nav aria-labelledby="settings" {
                p.quiet #settings { "Settings" }
                ul {
                    @if app.saved.is_some() { (entry("to-app", "To App")) (entry("to-okta", "To Okta")) }
                    (entry("integration", "Integration"))
                }
            }
            div { (content) }
        }
    }
}

pub(crate) async fn provisioning(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        if app.saved.is_some() {
            let query = query.map_or_else(String::new, |query| format!("?{query}"));
            return see_other(&format!("/okta/apps/{id}/provisioning/to-app{query}"));
        }
        let inner = html! {
            p.lead { "Provisioning is not enabled. Enable provisioning to automate " (app.label) " user account creation, deactivation, and updates." }
            div.buttons { a.button.primary href={ "/okta/apps/" (app.id) "/provisioning/integration" } { "Configure API Integration" } }
        };
        let view = View::new("Provisioning", Tab::Provisioning, query.as_deref());
        app_page(world, app, &view, &settings(app, "", &inner))
    })
}

pub(crate) async fn to_okta(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let inner = html! {
            p.lead { "What comes from the app into Okta. This page is for reading: the practice world imports nothing." }
            dl { dt { "Schedule import" } dd { "Never" } dt { "Profile sourcing" } dd { "Off" } }
        };
        let view = View::new("Provisioning › To Okta", Tab::Provisioning, query.as_deref());
        app_page(world, app, &view, &settings(app, "to-okta", &inner))
    })
}

pub(crate) async fn import(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            p.lead { "Import Results" }
            p { "Nothing was imported. This page is for reading: the practice world sends users and groups to the app and brings none back." }
            @if app.saved.as_ref().is_some_and(|saved| saved.import_groups) {
                p.quiet { "Import Groups is ticked under Provisioning › Integration." }
            }
        };
        app_page(world, app, &View::new("Import", Tab::Import, query.as_deref()), &content)
    })
}

//! Provisioning › To App: what may be done with users at the target, and the attribute mappings.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Shop, Tab, View, act_at, app_page, gone, not_enabled, tabs::settings, with_app};
use crate::{
    html::{Fields, Notice, field, label, tick, ticked},
    okta::{
        app::{App, ToApp},
        mapping::{Apply, Row},
    },
    world::Shared,
};

const PAGE: &str = "/provisioning/to-app";

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    shown(&shared, &id, query.as_deref(), false)
}

/// As [`show`], with Edit chosen beside Provisioning to App.
pub(crate) async fn edit(State(shared): Shop, Path(id): Path<String>) -> Response {
    shown(&shared, &id, None, true)
}

fn shown(shared: &Shared, id: &str, query: Option<&str>, editing: bool) -> Response {
    with_app(shared, id, |world, app| {
        let inner = html! {
            @if app.saved.is_some() {
                div.headed {
                    h2 { "Provisioning to App" }
                    @if !editing { a.button href={ "/okta/apps/" (app.id) (PAGE) "/edit" } { "Edit" } }
                }
                @if editing { (features_form(app)) } @else { (features(app)) }
                h2 #mappings { (app.kind.title()) " Attribute Mappings" }
                (rows(app))
                details { summary { "Show Unmapped Attributes" } (unmapped(app)) }
            } @else { (not_enabled(app)) }
        };
        let view = View::new("Provisioning › To App", Tab::Provisioning, query);
        app_page(world, app, &view, &settings(app, "to-app", &inner))
    })
}

const FEATURES: [(&str, &str); 4] = [
    ("create", "Create Users"),
    ("update", "Update User Attributes"),
    ("deactivate", "Deactivate Users"),
    ("password", "Sync Password"),
];

fn states(to_app: ToApp) -> [bool; 4] {
    let ToApp { create, update, deactivate, password } = to_app;
    [create, update, deactivate, password]
}

fn features(app: &App) -> Markup {
    html! {
        table {
            tbody {
                @for ((name, text), on) in FEATURES.into_iter().zip(states(app.to_app)) {
                    tr data-feature=(name) data-on=(if on { "yes" } else { "no" }) {
                        th scope="row" { (text) }
                        td { (if on { "Enabled" } else { "Not enabled" }) }
                    }
                }
            }
        }
    }
}

fn features_form(app: &App) -> Markup {
    html! {
        form method="post" action={ "/okta/apps/" (app.id) (PAGE) } {
            @for ((name, text), on) in FEATURES.into_iter().zip(states(app.to_app)) {
                (tick(name, &format!("{text}: Enable"), on))
            }
            div.buttons { button.primary type="submit" { "Save" } a.button href={ "/okta/apps/" (app.id) (PAGE) } { "Cancel" } }
        }
    }
}

fn rows(app: &App) -> Markup {
    let title = |row: &Row| app.kind.attribute(&row.attribute).map_or("", |one| one.title);
    html! {
        table.rows {
            thead { tr { th { "Attribute" } th { "Value" } th { "Apply on" } th { span.hidden { "Actions" } } } }
            tbody {
                tr data-attribute="userName" {
                    td { "Username" br; code { "userName" } }
                    td { "Configured in " a href={ "/okta/apps/" (app.id) "/sign-on" } { "Sign On settings" } }
                    td {} td {}
                }
                @for row in &app.rows {
                    tr data-attribute=(row.attribute) data-apply=(row.apply.name()) {
                        td id=(anchor(&row.attribute)) { (title(row)) br; code { (row.attribute) } }
                        td { code { (row.expression) } }
                        td { (row.apply.label()) }
                        td.actions {
                            details {
                                summary.sign { "✎" span.hidden { " Edit " (row.attribute) } }
                                form method="post" action={ "/okta/apps/" (app.id) (PAGE) "/rows/" (row.attribute) } {
                                    (value_fields(&row.attribute, &row.expression, row.apply))
                                    div.buttons { button type="submit" { "Save" } }
                                }
                            }
                            details {
                                summary.sign { "✕" span.hidden { " Remove " (row.attribute) } }
                                form method="post" action={ "/okta/apps/" (app.id) (PAGE) "/rows/" (row.attribute) "/delete" } {
                                    p { "Remove the mapping of " (row.attribute) "?" }
                                    button type="submit" { "OK" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn value_fields(id: &str, expression: &str, apply: Apply) -> Markup {
    html! {
        (label(&format!("expression-{id}"), "Attribute value or expression", None))
        input id={ "expression-" (id) } type="text" name="expression" value=(expression) spellcheck="false" autocomplete="off";
        (label(&format!("apply-{id}"), "Apply on", None))
        select id={ "apply-" (id) } name="apply" {
            @for one in [Apply::Create, Apply::CreateAndUpdate] {
                option value=(one.name()) selected[one == apply] { (one.label()) }
            }
        }
    }
}

fn unmapped(app: &App) -> Markup {
    let free = |name: &str| !app.rows.iter().any(|row| row.attribute == name);
    html! {
        form method="post" action={ "/okta/apps/" (app.id) (PAGE) "/rows" } {
            (label("attribute", "Attribute", None))
            select #attribute name="attribute" {
                option value="" { "Select…" }
                @for one in app.kind.attributes().filter(|one| free(one.name)) { option value=(one.name) { (one.title) " (" (one.name) ")" } }
            }
            (value_fields("new", "", Apply::Create))
            div.buttons { button type="submit" { "Save" } }
        }
    }
}

fn anchor(attribute: &str) -> String {
    format!("row-{attribute}")
}

pub(crate) async fn save(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    change_app(&shared, &id, |app| {
        let before = app.to_app;
        app.to_app = ToApp {
            create: ticked(&fields, "create"),
            update: ticked(&fields, "update"),
            deactivate: ticked(&fields, "deactivate"),
            password: ticked(&fields, "password"),
        };
        // Who was assigned before Create Users was on is tried again.
        let again = if app.to_app.create && !before.create { app.retry() } else { 0 };
        let rest = if again > 0 { " Users who were assigned before are provisioned now." } else { "" };
        Ok((format!("The provisioning settings were saved.{rest}"), None))
    })
}

/// Changes the app, or says what is wrong. `change` answers with what was done and the place to go back to.
fn change_app(
    shared: &Shared,
    id: &str,
    change: impl FnOnce(&mut App) -> Result<(String, Option<String>), String>,
) -> Response {
    act_at(shared, id, PAGE, |world| {
        let Some(app) = world.okta.app_mut(id) else { return (gone(), None) };
        if app.saved.is_none() {
            return (Notice::failure("Enable API integration under Integration first."), None);
        }
        match change(app) {
            Ok((text, anchor)) => (Notice::success(text), anchor),
            Err(problem) => (Notice::failure(problem), None),
        }
    })
}

fn set_row(app: &mut App, attribute: &str, fields: &Fields) -> Result<(String, Option<String>), String> {
    let apply = Apply::parse(field(fields, "apply")).ok_or("Choose when the mapping applies.")?;
    app.change_row(attribute, field(fields, "expression"), apply)?;
    Ok((format!("The mapping of {attribute} was saved."), Some(anchor(attribute))))
}

pub(crate) async fn add(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    change_app(&shared, &id, |app| match field(&fields, "attribute") {
        "" => Err("Select an attribute.".to_owned()),
        attribute => set_row(app, attribute, &fields),
    })
}

pub(crate) async fn change(
    State(shared): Shop,
    Path((id, attribute)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    change_app(&shared, &id, |app| {
        if app.rows.iter().any(|row| row.attribute == attribute) {
            set_row(app, &attribute, &fields)
        } else {
            Err("There is no such mapping.".to_owned())
        }
    })
}

pub(crate) async fn delete(State(shared): Shop, Path((id, attribute)): Path<(String, String)>) -> Response {
    change_app(&shared, &id, |app| {
        if attribute == "userName" {
            return Err("The user name is configured in the Sign On settings and cannot be removed here.".to_owned());
        }
        let at = app.rows.iter().position(|row| row.attribute == attribute).ok_or("There is no such mapping.")?;
        app.rows.remove(at);
        let next = app.rows.get(at).or(app.rows.last()).map(|row| anchor(&row.attribute));
        Ok((format!("The mapping of {attribute} was removed."), next))
    })
}

//! Applications: the list, Browse App Catalog, and Add Integration with its two steps.

use axum::{
    Form,
    extract::{Path, Query, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{APPS, Shop, missing, page};
use crate::{
    html::{Fields, Notice, field, label, see_other, tick, ticked},
    okta::{
        app::UsernameFormat,
        catalog::{self, AppKind, Entry},
        system_log::{self, Note},
    },
    world::World,
};

const LONGEST_LABEL: usize = 100;

pub(crate) async fn apps(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let apps = &world.okta.apps;
        let content = html! {
            div.toolbar { a.button.primary href="/okta/catalog" { "Browse App Catalog" } }
            @if apps.is_empty() {
                p.lead { "There is no application yet. “Browse App Catalog” is where one is added." }
            } @else {
                table {
                    thead { tr { th { "Application" } th { "Integration" } th { "Status" } } }
                    tbody {
                        @for app in apps {
                            tr {
                                td { a href={ "/okta/apps/" (app.id) } { (app.label) } }
                                td { (app.kind.title()) }
                                td { "Active" }
                            }
                        }
                    }
                }
            }
        };
        page(world, APPS, "Applications", query.as_deref(), &content)
    })
}

pub(crate) async fn browse(State(shared): Shop, Query(fields): Query<Fields>) -> Response {
    let wanted: String = field(&fields, "q").chars().take(LONGEST_LABEL).collect();
    let found = catalog::search(&wanted);
    shared.read(|world| {
        let content = html! {
            form method="get" action="/okta/catalog" role="search" {
                (label("q", "Search", None))
                input #q type="text" name="q" value=(wanted) autocomplete="off";
                div.buttons { button.primary type="submit" { "Search" } }
            }
            @if found.is_empty() {
                p.lead { "Nothing in the catalog has this name." }
            }
            ul.cards {
                @for entry in &found {
                    li data-app=(entry.name) {
                        a href={ "/okta/catalog/" (entry.name) } { (entry.title) }
                        p { (entry.text) }
                    }
                }
            }
        };
        page(world, APPS, "Browse App Integration Catalog", None, &content)
    })
}

pub(crate) async fn detail(State(shared): Shop, Path(name): Path<String>) -> Response {
    shared.read(|world| {
        let Some(entry) = catalog::entry(&name) else { return missing(world) };
        let content = html! {
            p.lead { (entry.text) }
            @if entry.kind.is_some() {
                div.toolbar { a.button.primary href={ "/okta/catalog/" (entry.name) "/general" } { "Add Integration" } }
            } @else {
                p { "This integration is listed to be told apart; it cannot be added in the practice world." }
            }
            p { a href="/okta/catalog" { "Back to the catalog" } }
        };
        page(world, APPS, entry.title, None, &content)
    })
}

/// An entry that can be added.
fn addable(name: &str) -> Option<(&'static Entry, AppKind)> {
    catalog::entry(name).and_then(|entry| Some((entry, entry.kind?)))
}

pub(crate) async fn general(State(shared): Shop, Path(name): Path<String>) -> Response {
    shared.read(|world| match addable(&name) {
        Some((entry, _)) => general_form(world, entry, entry.title, true, None),
        None => missing(world),
    })
}

fn general_form(world: &World, entry: &Entry, text: &str, auto_login: bool, problem: Option<&Notice>) -> Response {
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        p.quiet { "1 General Settings · 2 Sign-On Options" }
        h2 { "General Settings" }
        form method="post" action={ "/okta/catalog/" (entry.name) "/general" } {
            (label("label", "Application label", None))
            input #label type="text" name="label" value=(text) maxlength=(LONGEST_LABEL) autocomplete="off";
            (tick("auto_login", "Automatically log in when user lands on login page", auto_login))
            div.buttons { button.primary type="submit" { "Next" } a.button href={ "/okta/catalog/" (entry.name) } { "Cancel" } }
        }
    };
    page(world, APPS, &format!("Add {}", entry.title), None, &content)
}

fn typed_label(fields: &Fields) -> String {
    field(fields, "label").chars().take(LONGEST_LABEL).collect()
}

pub(crate) async fn general_done(
    State(shared): Shop,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Response {
    let (text, auto_login) = (typed_label(&fields), ticked(&fields, "auto_login"));
    shared.read(|world| {
        let Some((entry, _)) = addable(&name) else { return missing(world) };
        if text.is_empty() {
            let problem = Notice::failure("Enter a label for the application.");
            return general_form(world, entry, &text, auto_login, Some(&problem));
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("label", &text);
        if auto_login {
            query.append_pair("auto_login", "on");
        }
        see_other(&format!("/okta/catalog/{}/sign-on?{}", entry.name, query.finish()))
    })
}

pub(crate) async fn sign_on(State(shared): Shop, Path(name): Path<String>, Query(fields): Query<Fields>) -> Response {
    shared.read(|world| match addable(&name) {
        Some((entry, _)) => sign_on_form(world, entry, &fields, None),
        None => missing(world),
    })
}

fn sign_on_form(world: &World, entry: &Entry, fields: &Fields, problem: Option<&Notice>) -> Response {
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        p.quiet { "1 General Settings · 2 Sign-On Options" }
        h2 { "Sign-On Options" }
        form method="post" action={ "/okta/catalog/" (entry.name) "/sign-on" } {
            input type="hidden" name="label" value=(typed_label(fields));
            @if ticked(fields, "auto_login") { input type="hidden" name="auto_login" value="on"; }
            p { "Sign-on method: SAML 2.0. It stays as it is; the practice world has no single sign-on." }
            (username_field(UsernameFormat::OktaUsername))
            div.buttons { button.primary type="submit" { "Done" } a.button href={ "/okta/catalog/" (entry.name) "/general" } { "Previous" } }
        }
    };
    page(world, APPS, &format!("Add {}", entry.title), None, &content)
}

pub(crate) fn username_field(current: UsernameFormat) -> Markup {
    html! {
        (label("username_format", "Application username format", None))
        select #username_format name="username_format" {
            @for format in UsernameFormat::ALL {
                option value=(format.name()) selected[format == current] { (format.label()) }
            }
        }
    }
}

pub(crate) async fn done(State(shared): Shop, Path(name): Path<String>, Form(fields): Form<Fields>) -> Response {
    let text = typed_label(&fields);
    shared.change(|world| {
        let Some((entry, kind)) = addable(&name) else { return missing(world) };
        let Some(format) = UsernameFormat::parse(field(&fields, "username_format")) else {
            return sign_on_form(
                world,
                entry,
                &fields,
                Some(&Notice::failure("Choose the application username format.")),
            );
        };
        if text.is_empty() {
            return general_form(
                world,
                entry,
                &text,
                true,
                Some(&Notice::failure("Enter a label for the application.")),
            );
        }
        let now = world.now();
        let switches = &world.switches;
        let Some(app) = world.okta.create(kind, &text, switches) else {
            let problem = Notice::failure("This practice org holds no more than 20 applications.");
            return sign_on_form(world, entry, &fields, Some(&problem));
        };
        app.auto_login = ticked(&fields, "auto_login");
        app.username = format;
        let id = app.id.clone();
        world.okta.log(Note::success(system_log::APP_CREATED, &text).at(now, &id));
        world.notices.lead_to(
            &format!("/okta/apps/{id}/assignments"),
            Notice::success(format!("{text} was added. Its tabs are on the left.")),
        )
    })
}

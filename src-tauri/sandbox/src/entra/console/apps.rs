//! Enterprise apps: the list, the gallery, and Create your own application.

use axum::{
    Form,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Redirect, Response},
};
use maud::html;

use super::{APPS, Shop, page};
use crate::{
    entra::{App, AppKind},
    html::{Fields, Notice, field, label, see_other},
    world::World,
};

const LONGEST_NAME: usize = 120;

pub(crate) async fn home() -> Redirect {
    Redirect::to("/entra/apps")
}

pub(crate) async fn list(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let apps = &world.entra.apps;
        let content = html! {
            div.toolbar { a.button.primary href="/entra/apps/new" { "New application" } }
            @if apps.is_empty() {
                p.lead { "There is no application yet. “New application” begins with the gallery." }
            } @else {
                table {
                    thead { tr { th { "Name" } th { "Kind" } th { "Provisioning" } } }
                    tbody {
                        @for app in apps {
                            tr {
                                td {
                                    a href={ "/entra/apps/" (app.id) } { (app.name) }
                                    @if namesakes(apps, &app.name) > 1 { " " small { (app.id) } }
                                }
                                td { (kind_name(app.kind)) }
                                td { (app.job.state()) }
                            }
                        }
                    }
                }
            }
        };
        page(world, APPS, "Enterprise apps", query.as_deref(), &content)
    })
}

fn namesakes(apps: &[App], name: &str) -> usize {
    apps.iter().filter(|app| app.name.to_lowercase() == name.to_lowercase()).count()
}

fn kind_name(kind: AppKind) -> &'static str {
    match kind {
        AppKind::NonGallery => "Non-gallery",
        AppKind::Registration => "App registration",
    }
}

pub(crate) async fn gallery(State(shared): Shop) -> Response {
    shared.read(|world| {
        let content = html! {
            div.toolbar { a.button.primary href="/entra/apps/create" { "Create your own application" } }
            p.lead { "The gallery holds thousands of prepared applications. HPE GreenLake is not among them, so it needs an application of your own." }
            ul.cards {
                li { strong { "AWS IAM Identity Center" } p { "Not part of this practice world." } }
                li { strong { "Salesforce" } p { "Not part of this practice world." } }
                li { strong { "ServiceNow" } p { "Not part of this practice world." } }
            }
        };
        page(world, APPS, "Browse Microsoft Entra Gallery", None, &content)
    })
}

pub(crate) async fn create_form(State(shared): Shop) -> Response {
    shared.read(|world| form(world, &Fields::new(), None))
}

fn form(world: &World, fields: &Fields, problem: Option<&Notice>) -> Response {
    let choice = |value: &str, text: &str| {
        html! {
            label.tick { input type="radio" name="kind" value=(value) checked[field(fields, "kind") == value]; " " (text) }
        }
    };
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        form method="post" action="/entra/apps/create" {
            (label("name", "What's the name of your app?", None))
            input #name type="text" name="name" value=(field(fields, "name")) maxlength=(LONGEST_NAME) autocomplete="off";
            fieldset {
                legend { "What are you looking to do with your application?" }
                (choice("app-proxy", "Configure Application Proxy for secure remote access to an on-premises application"))
                (choice("registration", "Register an application to integrate with Microsoft Entra ID (App you're developing)"))
                (choice("non-gallery", "Integrate any other application you don't find in the gallery (Non-gallery)"))
            }
            div.buttons { button.primary type="submit" { "Create" } a.button href="/entra/apps/new" { "Cancel" } }
        }
    };
    page(world, APPS, "Create your own application", None, &content)
}

pub(crate) async fn create(State(shared): Shop, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let name: String = field(&fields, "name").chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            return form(world, &fields, Some(&Notice::failure("Enter a name for the application.")));
        }
        let kind = match field(&fields, "kind") {
            "non-gallery" => AppKind::NonGallery,
            "registration" => AppKind::Registration,
            "app-proxy" => {
                let text = "Application Proxy is not part of this practice world. For provisioning choose the non-gallery option.";
                return form(world, &fields, Some(&Notice::warning(text)));
            }
            _ => return form(world, &fields, Some(&Notice::failure("Choose what you are looking to do with your application."))),
        };
        let Some(app) = world.entra.create(&name, kind) else {
            return form(world, &fields, Some(&Notice::failure("This practice tenant holds no more than 20 applications.")));
        };
        let (path, id) = (format!("/entra/apps/{}", app.id), app.id.clone());
        let mut text = format!("Application {name} added successfully");
        if namesakes(&world.entra.apps, &name) > 1 {
            text.push_str(&format!(". An application of this name was there before; this new one is {id}."));
        }
        let number = world.entra.notices.add(Notice::success(text));
        see_other(&path, Some(number)).into_response()
    })
}

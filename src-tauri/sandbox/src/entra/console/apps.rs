//! Enterprise apps: the list, the gallery, and Create your own application.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::{Redirect, Response},
};
use maud::html;

use super::{APPS, Shop, missing, page};
use crate::{
    Target,
    entra::{App, AppKind},
    fault::Fault,
    html::{Fields, Notice, field, label},
    world::World,
};

const LONGEST_NAME: usize = 120;

pub(crate) async fn home() -> Redirect {
    Redirect::to("/entra/apps")
}

/// The app that signs people in to Azion: in a world with Azion it is there from the start, not connected.
const SIGN_IN_APP: &str = "Azion";

fn wants_sign_in_app(world: &World) -> bool {
    world.target == Target::Azion && world.entra.apps.is_empty()
}

/// Where the app signs in: the address that Azion shows for its identity provider.
pub(crate) fn sign_in_url(world: &World, app: &App) -> Option<&'static str> {
    let first = world.entra.apps.iter().find(|one| one.name == SIGN_IN_APP);
    let here = world.target == Target::Azion && first.is_some_and(|one| one.id == app.id);
    here.then_some("https://sign-in.practice.invalid/0/saml2")
}

pub(crate) async fn list(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    if shared.read(wants_sign_in_app) {
        shared.change(|world| {
            if wants_sign_in_app(world) {
                world.entra.create(SIGN_IN_APP, AppKind::NonGallery);
            }
        });
    }
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
        AppKind::AwsIdentityCenter => "Gallery",
        AppKind::Registration => "App registration",
    }
}

/// The one gallery app of this world: its name in the address, in lists, and in full.
const AWS_ENTRY: &str = "aws-iam-identity-center";
const AWS_NAME: &str = "AWS IAM Identity Center";
const AWS_FULL_NAME: &str = "AWS IAM Identity Center (successor to AWS Single Sign-On)";

/// Whether the target of this world is among the prepared applications.
fn whose(target: Target) -> &'static str {
    match target {
        Target::HpeGreenlake => "HPE GreenLake is not among them, so it needs an application of your own.",
        Target::AwsIdentityCenter => "AWS IAM Identity Center is among them.",
        Target::Azion => "Azion is not among them, so it needs an application of your own.",
        Target::Generic => "Yours is not among them, so it needs an application of your own.",
    }
}

pub(crate) async fn gallery(State(shared): Shop) -> Response {
    shared.read(|world| {
        let content = html! {
            div.toolbar { a.button.primary[world.target != Target::AwsIdentityCenter] href="/entra/apps/create" { "Create your own application" } }
            p.lead { "The gallery holds thousands of prepared applications. " (whose(world.target)) }
            ul.cards {
                li { a href={ "/entra/apps/gallery/" (AWS_ENTRY) } { (AWS_FULL_NAME) } p { "With provisioning." } }
                li { strong { "Salesforce" } p { "Not part of this practice world." } }
                li { strong { "ServiceNow" } p { "Not part of this practice world." } }
            }
        };
        page(world, APPS, "Browse Microsoft Entra Gallery", None, &content)
    })
}

pub(crate) async fn gallery_form(State(shared): Shop, Path(entry): Path<String>) -> Response {
    shared.read(|world| match entry.as_str() {
        AWS_ENTRY => entry_form(world, &vec![("name".to_owned(), AWS_NAME.to_owned())], None),
        _ => missing(world),
    })
}

fn entry_form(world: &World, fields: &Fields, problem: Option<&Notice>) -> Response {
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        p.lead { "AWS IAM Identity Center gives your people access to several AWS accounts and applications from one place." }
        dl {
            dt { "Publisher" } dd { "Amazon Web Services, Inc." }
            dt { "Provisioning" } dd { "Automatic provisioning supported" }
        }
        form method="post" action={ "/entra/apps/gallery/" (AWS_ENTRY) } {
            (label("name", "Name", None))
            input #name type="text" name="name" value=(field(fields, "name")) maxlength=(LONGEST_NAME) autocomplete="off";
            div.buttons { button.primary type="submit" { "Create" } a.button href="/entra/apps/new" { "Cancel" } }
        }
    };
    page(world, APPS, AWS_FULL_NAME, None, &content)
}

pub(crate) async fn add_from_gallery(
    State(shared): Shop,
    Path(entry): Path<String>,
    Form(fields): Form<Fields>,
) -> Response {
    shared.change(|world| {
        if entry != AWS_ENTRY {
            return missing(world);
        }
        match add(world, &fields, AppKind::AwsIdentityCenter) {
            Ok(response) => response,
            Err(problem) => entry_form(world, &fields, Some(&problem)),
        }
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
        if field(&fields, "name").is_empty() {
            return form(world, &fields, Some(&Notice::failure(NAMELESS)));
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
        match add(world, &fields, kind) {
            Ok(response) => response,
            Err(problem) => form(world, &fields, Some(&problem)),
        }
    })
}

const NAMELESS: &str = "Enter a name for the application.";

/// Makes the application and leads to it, or says why there is none.
fn add(world: &mut World, fields: &Fields, kind: AppKind) -> Result<Response, Notice> {
    let name: String = field(fields, "name").chars().take(LONGEST_NAME).collect();
    if name.is_empty() {
        return Err(Notice::failure(NAMELESS));
    }
    let kind = if world.switches.has(Fault::AppTypeWrong) { AppKind::Registration } else { kind };
    let app = world.entra.create(&name, kind);
    let app = app.ok_or_else(|| Notice::failure("This practice tenant holds no more than 20 applications."))?;
    let (path, id) = (format!("/entra/apps/{}", app.id), app.id.clone());
    let mut text = format!("Application {name} added successfully");
    if namesakes(&world.entra.apps, &name) > 1 {
        text.push_str(&format!(". An application of this name was there before; this new one is {id}."));
    }
    Ok(world.notices.lead_to(&path, Notice::success(text)))
}

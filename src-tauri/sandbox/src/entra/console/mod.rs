//! The practice Entra console: plain pages and forms. Each form is answered with 303 to the page that shows the result in
//! `<p role="status" data-result="success|failure|warning">`. A wrong field leads back to the form; what was typed is kept.
//!
//! | page | what it shows |
//! |---|---|
//! | `GET /entra/` | the way in |
//! | `GET /entra/apps` | Enterprise apps |
//! | `GET /entra/apps/new` | the gallery, with Create your own application |
//! | `GET /entra/apps/gallery/aws-iam-identity-center` | the gallery app |
//! | `GET /entra/apps/create` | Create your own application |
//! | `GET /entra/apps/{app}` | Overview: state, current cycle, Start, Stop, Restart |
//! | `GET /entra/apps/{app}/provisioning` | New configuration / Connectivity |
//! | `GET /entra/apps/{app}/mapping` | Attribute mapping: the two object types |
//! | `GET /entra/apps/{app}/mapping/{users,groups}` | the rows, Enabled, Target Object Actions |
//! | `GET /entra/apps/{app}/schema` | the export of both mappings, as saved: a file |
//! | `GET /entra/apps/{app}/scoping` | Scoping filters: who is in scope, to read |
//! | `GET /entra/apps/{app}/assignments` | Users and groups |
//! | `GET /entra/apps/{app}/on-demand` | Provision on demand and its latest result |
//! | `GET /entra/apps/{app}/logs` | Provisioning logs, with Download |
//! | `GET /entra/directory` | people and groups |
//!
//! | form | fields |
//! |---|---|
//! | `POST /entra/apps/create` | `name`; `kind` = `non-gallery`, `registration` or `app-proxy` |
//! | `POST /entra/apps/gallery/aws-iam-identity-center` | `name` |
//! | `POST /entra/apps/{app}/provisioning` | `tenant_url`; `secret_token` (empty keeps the one entered before); `action` = `test` or `save` |
//! | `POST /entra/apps/{app}/mapping/{users,groups}` (Save) | `enabled`, `create`, `update`, `delete`: `on` or absent |
//! | `POST …/mapping/{users,groups}/rows` (Add) | `target`, `source`, `matching` (empty or a number) |
//! | `POST …/mapping/{users,groups}/rows/{row}` (Edit) | `target`, `source`, `matching` |
//! | `POST …/mapping/{users,groups}/rows/{row}/delete` | none |
//! | `POST …/mapping/{users,groups}/restore` | none: Restore default mappings, to be saved |
//! | `POST …/mapping/{users,groups}/discard` | none: drops what is not saved |
//! | `POST /entra/apps/{app}/assignments` | `principal`: `u1` … `u8`, `g1` … `g3`, or the display name |
//! | `POST /entra/apps/{app}/assignments/{principal}/remove` | none |
//! | `POST /entra/apps/{app}/on-demand` | `subject`: as `principal` |
//! | `POST /entra/apps/{app}/{start,stop,restart,allow-deletes}` | none |
//! | `POST /entra/directory/{person}/{block,unblock,delete,restore}` | none |
//! | `POST /entra/directory/groups/{group}` | `person`: as `principal`; `action` = `add` or `remove` |

mod apps;
mod assignments;
mod connection;
mod logs;
mod mapping;
mod run;
mod schema;
mod scoping;

pub(crate) use self::logs::as_file;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use maud::{Markup, html};

use super::{App, AppKind};
use crate::{
    html::{self, Entry, Frame, Notice, see_other},
    world::{Shared, World},
};

type Shop = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/entra", get(|| async { see_other("/entra/") }))
        .route("/entra/", get(apps::home))
        .route("/entra/apps", get(apps::list))
        .route("/entra/apps/new", get(apps::gallery))
        .route("/entra/apps/gallery/{entry}", get(apps::gallery_form).post(apps::add_from_gallery))
        .route("/entra/apps/create", get(apps::create_form).post(apps::create))
        .route("/entra/apps/{app}", get(run::overview))
        .route("/entra/apps/{app}/start", post(run::start))
        .route("/entra/apps/{app}/stop", post(run::stop))
        .route("/entra/apps/{app}/restart", post(run::start))
        .route("/entra/apps/{app}/allow-deletes", post(run::allow))
        .route("/entra/apps/{app}/logs", get(logs::show))
        .route("/entra/apps/{app}/logs/{file}", get(logs::download))
        .route("/entra/apps/{app}/on-demand", get(run::on_demand).post(run::provision))
        .route("/entra/apps/{app}/provisioning", get(connection::show).post(connection::submit))
        .route("/entra/apps/{app}/mapping", get(mapping::choose))
        .route("/entra/apps/{app}/mapping/{kind}", get(mapping::show).post(mapping::save))
        .route("/entra/apps/{app}/mapping/{kind}/rows", post(mapping::add))
        .route("/entra/apps/{app}/mapping/{kind}/rows/{row}", post(mapping::change))
        .route("/entra/apps/{app}/mapping/{kind}/rows/{row}/delete", post(mapping::delete))
        .route("/entra/apps/{app}/mapping/{kind}/restore", post(mapping::restore))
        .route("/entra/apps/{app}/mapping/{kind}/discard", post(mapping::discard))
        .route("/entra/apps/{app}/schema", get(schema::download))
        .route("/entra/apps/{app}/scoping", get(scoping::show))
        .route("/entra/apps/{app}/assignments", get(assignments::show).post(assignments::assign))
        .route("/entra/apps/{app}/assignments/{principal}/remove", post(assignments::remove))
        .route("/entra/directory", get(assignments::directory))
        .route("/entra/directory/users.csv", get(assignments::download_users))
        .route("/entra/directory/groups/{group}/members.csv", get(assignments::download_members))
        .route("/entra/directory/groups/{group}", post(assignments::change_group))
        .route("/entra/directory/{person}/{action}", post(assignments::change_person))
}

/// Which entry of an app's menu a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Overview,
    Provisioning,
    OnDemand,
    /// The same page as [`Section::Provisioning`], once there is a connection.
    Connectivity,
    Mapping,
    Scoping,
    Assignments,
    Logs,
}

impl Section {
    /// In the order of the menu: facts 4.1. The style sheet writes the group above its first entry.
    const ALL: [(Section, &'static str, &'static str); 8] = [
        (Section::Overview, "", "Overview"),
        (Section::Provisioning, "/provisioning", "Provisioning"),
        (Section::OnDemand, "/on-demand", "Provision on demand"),
        (Section::Connectivity, "/provisioning#connectivity", "Connectivity"),
        (Section::Mapping, "/mapping", "Attribute mapping"),
        (Section::Scoping, "/scoping", "Scoping filters"),
        (Section::Assignments, "/assignments", "Users and groups"),
        (Section::Logs, "/logs", "Provisioning logs"),
    ];

    fn group(self) -> Option<&'static str> {
        match self {
            Section::Overview | Section::Provisioning | Section::OnDemand => None,
            Section::Connectivity | Section::Mapping | Section::Scoping | Section::Assignments => Some("Manage"),
            Section::Logs => Some("Monitor"),
        }
    }
}

struct View<'a> {
    title: &'a str,
    section: Section,
    query: Option<&'a str>,
    refresh: Option<u32>,
}

impl<'a> View<'a> {
    fn new(title: &'a str, section: Section, query: Option<&'a str>) -> View<'a> {
        View { title, section, query, refresh: None }
    }
}

fn app_page(world: &World, app: &App, view: &View<'_>, content: &Markup) -> Response {
    let shown = |section: &Section| *section != Section::Connectivity || app.saved.is_some();
    let entry = |(section, path, label)| Entry {
        path: format!("/entra/apps/{}{path}", app.id),
        label,
        older: None,
        current: section == view.section,
    };
    let navigation: Vec<Entry> = Section::ALL.into_iter().filter(|(section, ..)| shown(section)).map(entry).collect();
    let crumbs = html! {
        a href="/entra/apps" { "Enterprise apps" } " › " a href={ "/entra/apps/" (app.id) } { (app.name) }
        @if let Some(group) = view.section.group() { " › " (group) }
    };
    frame(world, view, crumbs, &navigation, content)
}

const APPS: &str = "/entra/apps";
const DIRECTORY: &str = "/entra/directory";

/// A page outside an app, below one of the two entries [`APPS`] and [`DIRECTORY`].
fn page(world: &World, current: &str, title: &str, query: Option<&str>, content: &Markup) -> Response {
    let navigation =
        html::entries(current, [(APPS, "Enterprise apps"), (DIRECTORY, "Users and groups of the directory")]);
    frame(world, &View::new(title, Section::Overview, query), html! {}, &navigation, content)
}

fn frame(world: &World, view: &View<'_>, crumbs: Markup, navigation: &[Entry], content: &Markup) -> Response {
    let frame = Frame {
        product: "Microsoft Entra admin center",
        home: "/entra/",
        title: view.title,
        person: html! { "casey.admin@northwind.example" },
        crumbs,
        navigation,
        refresh: view.refresh,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, world.notices.get(view.query), content)
}

fn missing(world: &World) -> Response {
    let content =
        html! { p { "This application is not here. Go back to " a href="/entra/apps" { "Enterprise apps" } "." } };
    (StatusCode::NOT_FOUND, page(world, APPS, "Not found", None, &content)).into_response()
}

/// Shows something about an app.
fn with_app(shared: &Shared, id: &str, show: impl FnOnce(&World, &App) -> Response) -> Response {
    shared.read(|world| match world.entra.app(id) {
        Some(app) => show(world, app),
        None => missing(world),
    })
}

/// Does something to an app and leads to the page that shows the result.
fn act(shared: &Shared, id: &str, page: &str, act: impl FnOnce(&mut World) -> Notice) -> Response {
    act_at(shared, id, page, |world| (act(world), None))
}

/// As [`act`], to a place within the page perhaps.
fn act_at(shared: &Shared, id: &str, page: &str, act: impl FnOnce(&mut World) -> (Notice, Option<String>)) -> Response {
    shared.change(|world| {
        if world.entra.app(id).is_none() {
            return missing(world);
        }
        let (notice, anchor) = act(world);
        let place = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
        world.notices.lead_to(&format!("/entra/apps/{id}{page}{place}"), notice)
    })
}

/// Said instead of a form where provisioning is not offered (facts row 18).
fn greyed_out() -> Markup {
    html! {
        div.notice.warning {
            p role="status" data-result="warning" {
                "Provisioning is not available for this application. Out of the box automatic provisioning to it is not supported today. It was made as an app registration; provisioning needs a non-gallery enterprise application. Create one under "
                a href="/entra/apps/create" { "Create your own application" } "."
            }
        }
    }
}

fn offers_provisioning(app: &App) -> bool {
    match app.kind {
        AppKind::NonGallery | AppKind::AwsIdentityCenter => true,
        AppKind::Registration => false,
    }
}

/// The choices of a select field: groups first.
fn options(keys: &[(&str, &str)]) -> Markup {
    html! {
        option value="" { "Select…" }
        @for (key, name) in keys { option value=(key) { (name) } }
    }
}

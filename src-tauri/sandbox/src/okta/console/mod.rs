//! The practice Okta Admin Console: plain pages and forms, as listed in the crate's README. Each form is answered with 303 to the page that shows
//! the result in `<p role="status" data-result="success|failure|warning">`.

mod assignments;
mod catalog;
mod directory;
mod home;
mod integration;
mod log;
mod push;
mod tabs;
mod to_app;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use maud::{Markup, html};

use super::app::App;
use crate::{
    fault::Fault,
    html::{self, Entry, Frame, Notice, see_other},
    world::{Shared, World},
};

type Shop = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/okta", get(|| async { see_other("/okta/") }))
        .route("/okta/", get(home::my_apps))
        .route(TASKS, get(home::tasks).post(home::retry))
        .route(APPS, get(catalog::apps))
        .route("/okta/catalog", get(catalog::browse))
        .route("/okta/catalog/{name}", get(catalog::detail))
        .route("/okta/catalog/{name}/general", get(catalog::general).post(catalog::general_done))
        .route("/okta/catalog/{name}/sign-on", get(catalog::sign_on).post(catalog::done))
        .route("/okta/apps/{app}", get(tabs::general).post(tabs::save_general))
        .route("/okta/apps/{app}/sign-on", get(tabs::sign_on).post(tabs::save_sign_on))
        .route("/okta/apps/{app}/import", get(tabs::import))
        .route("/okta/apps/{app}/provisioning", get(tabs::provisioning))
        .route("/okta/apps/{app}/provisioning/to-okta", get(tabs::to_okta))
        .route("/okta/apps/{app}/provisioning/integration", get(integration::show).post(integration::submit))
        .route("/okta/apps/{app}/provisioning/to-app", get(to_app::show).post(to_app::save))
        .route("/okta/apps/{app}/provisioning/to-app/edit", get(to_app::edit))
        .route("/okta/apps/{app}/provisioning/to-app/rows", post(to_app::add))
        .route("/okta/apps/{app}/provisioning/to-app/rows/{attribute}", post(to_app::change))
        .route("/okta/apps/{app}/provisioning/to-app/rows/{attribute}/delete", post(to_app::delete))
        .route("/okta/apps/{app}/assignments", get(assignments::show).post(assignments::assign))
        .route("/okta/apps/{app}/assignments/people", get(assignments::choose_people))
        .route("/okta/apps/{app}/assignments/groups", get(assignments::choose_groups))
        .route("/okta/apps/{app}/assignments/provision", post(assignments::provision))
        .route("/okta/apps/{app}/assignments/{principal}/remove", post(assignments::remove))
        .route("/okta/apps/{app}/push-groups", get(push::show).post(push::add))
        .route("/okta/apps/{app}/push-groups/find", get(push::find))
        .route("/okta/apps/{app}/push-groups/retry", post(push::retry))
        .route("/okta/apps/{app}/push-groups/{group}/push", post(push::now))
        .route("/okta/apps/{app}/push-groups/{group}/unlink", post(push::unlink))
        .route("/okta/apps/{app}/logs", get(log::of_app))
        .route("/okta/apps/{app}/logs/{file}", get(log::file_of_app))
        .route(LOGS, get(log::all))
        .route("/okta/logs/{file}", get(log::file_of_all))
        .route(PEOPLE, get(directory::people))
        .route("/okta/directory/people/{person}/{action}", post(directory::change_person))
        .route("/okta/directory/people.csv", get(directory::accounts_report))
        .route(GROUPS, get(directory::groups))
        .route("/okta/directory/groups.csv", get(directory::membership_report))
        .route("/okta/directory/groups/{group}/members", post(directory::add_member))
        .route("/okta/directory/groups/{group}/members/{person}/remove", post(directory::remove_member))
}

const TASKS: &str = "/okta/tasks";
const APPS: &str = "/okta/apps";
const PEOPLE: &str = "/okta/directory/people";
const GROUPS: &str = "/okta/directory/groups";
const LOGS: &str = "/okta/logs";

/// Which tab of an app a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    General,
    SignOn,
    Provisioning,
    Import,
    Assignments,
    PushGroups,
    Logs,
}

impl Tab {
    /// View Logs is no tab: it stands at the top of the app.
    const ALL: [(Tab, &'static str, &'static str); 6] = [
        (Tab::General, "", "General"),
        (Tab::SignOn, "/sign-on", "Sign On"),
        (Tab::Provisioning, "/provisioning", "Provisioning"),
        (Tab::Import, "/import", "Import"),
        (Tab::Assignments, "/assignments", "Assignments"),
        (Tab::PushGroups, "/push-groups", "Push Groups"),
    ];
}

struct View<'a> {
    title: &'a str,
    tab: Tab,
    query: Option<&'a str>,
    refresh: Option<u32>,
}

impl<'a> View<'a> {
    fn new(title: &'a str, tab: Tab, query: Option<&'a str>) -> View<'a> {
        View { title, tab, query, refresh: None }
    }

    /// Shown anew while something is still being sent.
    fn live(self, world: &World, app: &App) -> View<'a> {
        View { refresh: super::engine::is_busy(world, &app.id).then_some(2), ..self }
    }
}

fn app_page(world: &World, app: &App, view: &View<'_>, content: &Markup) -> Response {
    let navigation = Tab::ALL.map(|(tab, path, label)| Entry {
        path: format!("/okta/apps/{}{path}", app.id),
        label,
        older: None,
        current: tab == view.tab,
    });
    let crumbs = html! {
        a href=(APPS) { "Applications" } " › " a href={ "/okta/apps/" (app.id) } { (app.label) }
        span.aside { "Active · " a href={ "/okta/apps/" (app.id) "/logs" } aria-current=[(view.tab == Tab::Logs).then_some("page")] { "View Logs" } }
    };
    frame(world, view, crumbs, &navigation, content)
}

/// A page outside an app, below one of the console's own entries.
fn page(world: &World, current: &str, title: &str, query: Option<&str>, content: &Markup) -> Response {
    let entry = |path: &str, label, older| Entry { path: path.to_owned(), label, older, current: path == current };
    let navigation = [
        entry(TASKS, "Tasks", Some("Dashboard › Tasks")),
        entry(APPS, "Applications", Some("Applications and Resources › Applications")),
        entry(PEOPLE, "People", Some("Directory › People")),
        entry(GROUPS, "Groups", Some("Directory › Groups")),
        entry(LOGS, "System Log", Some("Reports › System Log")),
    ];
    frame(world, &View::new(title, Tab::General, query), html! {}, &navigation, content)
}

fn frame(world: &World, view: &View<'_>, crumbs: Markup, navigation: &[Entry], content: &Markup) -> Response {
    let frame = Frame {
        product: "Okta Admin Console",
        home: "/okta/",
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
    let content = html! { p { "This page is not here. Go back to " a href=(APPS) { "Applications" } "." } };
    (StatusCode::NOT_FOUND, page(world, APPS, "Not found", None, &content)).into_response()
}

/// What the address asks for under this name.
fn asked(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query?.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The views that a tab has, as links above it.
fn views(path: &str, current: &str, all: &[(&str, &str)]) -> Markup {
    html! {
        ul.views aria-label="Filters" {
            @for (view, text) in all {
                @let href = if view.is_empty() { path.to_owned() } else { format!("{path}?view={view}") };
                li { a href=(href) aria-current=[(*view == current).then_some("true")] { (text) } }
            }
        }
    }
}

/// Shows something about an app.
fn with_app(shared: &Shared, id: &str, show: impl FnOnce(&World, &App) -> Response) -> Response {
    shared.read(|world| match world.okta.app(id) {
        Some(app) => show(world, app),
        None => missing(world),
    })
}

/// Does something to an app, wakes the engine, and leads to the page that shows the result.
fn act(shared: &Shared, id: &str, page: &str, act: impl FnOnce(&mut World) -> Notice) -> Response {
    act_at(shared, id, page, |world| (act(world), None))
}

/// As [`act`], to a place within the page perhaps.
fn act_at(shared: &Shared, id: &str, page: &str, act: impl FnOnce(&mut World) -> (Notice, Option<String>)) -> Response {
    shared.change(|world| {
        if world.okta.app(id).is_none() {
            return missing(world);
        }
        let (notice, anchor) = act(world);
        world.okta.wake.notify_one();
        let place = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
        world.notices.lead_to(&format!("/okta/apps/{id}{page}{place}"), notice)
    })
}

fn gone() -> Notice {
    Notice::failure("This application is not here.")
}

/// The key of a person or a group, from its key or its name.
fn principal(world: &World, text: &str) -> Option<String> {
    group(world, text).or_else(|| {
        let people = world.okta.directory.people();
        let same = |name: &str| name.eq_ignore_ascii_case(text);
        people.iter().find(|one| one.key() == text || same(one.name())).map(|one| one.key().to_owned())
    })
}

fn group(world: &World, text: &str) -> Option<String> {
    let groups = groups(world);
    groups.into_iter().find(|one| one.key == text || one.name.eq_ignore_ascii_case(text)).map(|one| one.key)
}

/// With the fault, the directory has one group besides Everyone.
fn groups(world: &World) -> Vec<super::directory::Group> {
    world.okta.directory.groups(world.switches.has(Fault::SameGroup))
}

/// Said where something needs the connection first.
fn not_enabled(app: &App) -> Markup {
    html! {
        p.lead { "Provisioning is not enabled for the app instance." }
        p { "Enable it under " a href={ "/okta/apps/" (app.id) "/provisioning" } { "Provisioning" } " first." }
    }
}

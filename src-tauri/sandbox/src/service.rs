//! A service that keeps to the standard: a page that shows its SCIM base URL and makes tokens, and who has arrived.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, RawQuery, State},
    response::Response,
    routing::{any, get, post},
};
use jiff::SignedDuration;
use maud::{Markup, html};

use crate::{
    arrivals,
    html::{self, Fields, Frame, Notice, clock, field, label, see_other},
    scim::routes,
    tokens,
    world::{Shared, World},
};

type App = State<Arc<Shared>>;

const MOST_TOKENS: usize = 20;
const LONGEST_NAME: usize = 60;

/// In days; the first is chosen unless another is.
const EXPIRIES: [(&str, Option<i64>, &str); 4] = [
    ("never", None, "Never"),
    ("30", Some(30), "In 30 days"),
    ("90", Some(90), "In 90 days"),
    ("365", Some(365), "In 1 year"),
];

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/scim/v2", any(routes::answer))
        .route("/scim/v2/{*rest}", any(routes::answer))
        .route("/service", get(|| async { see_other("/service/") }))
        .route("/service/", get(provisioning))
        .route("/service/tokens", post(create))
        .route("/service/tokens/close", post(close))
        .route("/service/tokens/{serial}/delete", post(delete))
        .route("/service/users", get(users))
        .route("/service/users/{id}", get(user))
        .route("/service/groups", get(groups))
}

/// A token, unless a usable one is there.
pub(crate) fn prepare(world: &mut World) {
    let now = world.now();
    if world.bearers.issued.len() < MOST_TOKENS && !world.bearers.issued.iter().any(|one| one.is_live(now)) {
        world.issue_bearer("Prepared", None);
    }
}

fn page(world: &World, title: &str, current: &str, query: Option<&str>, content: &Markup) -> Response {
    let navigation = html::entries(
        current,
        [("/service/", "Provisioning"), ("/service/users", "Users"), ("/service/groups", "Groups")],
    );
    let frame = Frame {
        product: "Generic service",
        home: "/service/",
        title,
        person: html! { span { "Alex Admin" } },
        crumbs: html! {},
        navigation: &navigation,
        refresh: None,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, world.notices.get(query), content)
}

async fn provisioning(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = html! {
            p.lead { "The target of your rehearsal: a service that takes users and groups by SCIM 2.0. Enter both values in your identity provider." }
            (html::copied("scim-base-url", "scim_base_url", "SCIM base URL", &shared.scim_base(world)))
            @if let Some(serial) = fresh(world, query.as_deref()) {
                (html::secret("access-token", "access_token", "Token", &tokens::scim_token(&shared.seed, shared.target, serial)))
                p.quiet { "This is the only time that the token is shown." }
                form method="post" action="/service/tokens/close" { div.buttons { button type="submit" { "Close" } } }
            }
            h2 { "Tokens" }
            form method="post" action="/service/tokens" {
                (label("name", "Name", Some("such as the identity provider that will use it")))
                input type="text" id="name" name="name" maxlength=(LONGEST_NAME) autocomplete="off";
                (label("expires", "Expires", None))
                select #expires name="expires" { @for (value, _, text) in EXPIRIES { option value=(value) { (text) } } }
                div.buttons { button.primary type="submit" { "Create token" } }
            }
            (table(world))
        };
        page(world, "Provisioning", "/service/", query.as_deref(), &content)
    })
}

/// The serial number of the token that was just made, if the address names it.
fn fresh(world: &World, query: Option<&str>) -> Option<u64> {
    let serial: u64 = query?.strip_prefix("token=")?.parse().ok()?;
    world.bearers.issued.iter().map(|one| one.serial).find(|one| *one == serial && world.bearers.fresh == Some(serial))
}

fn table(world: &World) -> Markup {
    let now = world.now();
    html! {
        @if world.bearers.issued.is_empty() { p { "There is no token." } } @else {
            table.tokens {
                thead { tr { th { "Name" } th { "Created" } th { "Expires" } th { "Status" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for one in &world.bearers.issued {
                        @let state = if one.is_live(now) { "Active" } else { "Expired" };
                        tr data-token=(one.serial) data-status=(state) {
                            td { (one.name) }
                            td.number { (clock(one.issued_at)) }
                            td.number { @match one.expires_at { Some(end) => (clock(end)), None => "Never" } }
                            td { (state) }
                            td.actions {
                                form method="post" action={ "/service/tokens/" (one.serial) "/delete" } { button.quiet type="submit" { "Delete" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

async fn create(State(shared): App, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let problem = match life(field(&fields, "expires")) {
            None => "Select when the token expires.",
            Some(_) if world.bearers.issued.len() >= MOST_TOKENS => {
                "There are twenty tokens. Delete one that is not in use first."
            }
            Some(life) => return made(world, &fields, life),
        };
        world.notices.lead_to("/service/", Notice::failure(problem))
    })
}

/// How long a token lives, as chosen: nothing at all if that is no choice. Without one it never ends.
fn life(chosen: &str) -> Option<Option<SignedDuration>> {
    let chosen = if chosen.is_empty() { "never" } else { chosen };
    let (_, days, _) = EXPIRIES.iter().find(|(value, ..)| *value == chosen)?;
    Some(days.map(|days| SignedDuration::from_hours(days * 24)))
}

fn made(world: &mut World, fields: &Fields, life: Option<SignedDuration>) -> Response {
    let name: String = field(fields, "name").chars().take(LONGEST_NAME).collect();
    let bearer = world.issue_bearer(if name.is_empty() { "Token" } else { &name }, life);
    world.bearers.fresh = Some(bearer.serial);
    see_other(&format!("/service/?token={}", bearer.serial))
}

async fn close(State(shared): App) -> Response {
    shared.change(|world| world.bearers.fresh = None);
    see_other("/service/")
}

async fn delete(State(shared): App, Path(serial): Path<u64>) -> Response {
    shared.change(|world| {
        let notice = if world.bearers.remove(serial) {
            Notice::success("The token is deleted.")
        } else {
            Notice::failure("This token is not there any more.")
        };
        world.notices.lead_to("/service/", notice)
    })
}

async fn users(State(shared): App) -> Response {
    shared.read(|world| page(world, "Users", "/service/users", None, &arrivals::users(world, "/service/users/")))
}

async fn user(State(shared): App, Path(id): Path<String>) -> Response {
    shared.read(|world| {
        arrivals::user_page(world, &id, ("/service/users", "Users"), |title, _, current, content| {
            page(world, title, current, None, content)
        })
    })
}

async fn groups(State(shared): App) -> Response {
    shared.read(|world| page(world, "Groups", "/service/groups", None, &arrivals::groups(world)))
}

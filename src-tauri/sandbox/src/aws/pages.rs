//! The practice console of IAM Identity Center: Settings with automatic provisioning, its access tokens, and who has arrived.
//! Labels as in facts B2. The pages and forms are listed in the crate's README.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, RawQuery, State},
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use maud::{Markup, html};

use super::Refusal;
use crate::{
    arrivals,
    bearers::Bearer,
    fault::Fault,
    html::{self, Fields, Frame, Notice, clock, field, label, see_other},
    scim::store::Kind,
    tokens,
    world::{Shared, World},
};

type App = State<Arc<Shared>>;

const SETTINGS: &str = "/aws/settings";
const INBOUND: &str = "/aws/settings/inbound";
const PROVISIONING: &str = "/aws/settings/provisioning";

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/aws", get(|| async { see_other("/aws/") }))
        .route("/aws/", get(home))
        .route("/aws/users", get(users))
        .route("/aws/users/{id}", get(user))
        .route("/aws/groups", get(groups))
        .route("/aws/settings", get(settings))
        .route("/aws/settings/enable", post(enable))
        .route("/aws/settings/disable", post(disable))
        .route("/aws/settings/inbound", get(inbound))
        .route("/aws/settings/close", post(close))
        .route("/aws/settings/provisioning", get(provisioning))
        .route("/aws/settings/provisioning/generate", post(generate))
        .route("/aws/settings/provisioning/token", get(generated))
        .route("/aws/settings/provisioning/tokens/{serial}/delete", post(delete))
}

struct Page<'a> {
    title: &'a str,
    crumbs: Markup,
    current: &'a str,
    query: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// One that the navigation leads to.
    fn top(title: &'a str, path: &'a str) -> Page<'a> {
        Page { title, crumbs: html! {}, current: path, query: None }
    }

    fn below_settings(title: &'a str) -> Page<'a> {
        Page { title, crumbs: html! { a href=(SETTINGS) { "Settings" } }, current: SETTINGS, query: None }
    }

    fn asked(self, query: Option<&'a str>) -> Page<'a> {
        Page { query, ..self }
    }
}

fn page(world: &World, page: &Page<'_>, content: &Markup) -> Response {
    let navigation = html::entries(
        page.current,
        [("/aws/", "Dashboard"), ("/aws/users", "Users"), ("/aws/groups", "Groups"), (SETTINGS, "Settings")],
    );
    let frame = Frame {
        product: "AWS IAM Identity Center",
        home: "/aws/",
        title: page.title,
        person: html! { span data-region=(region(world)) { (region(world)) } span { "alex.admin" } },
        crumbs: page.crumbs.clone(),
        navigation: &navigation,
        refresh: None,
        wrong: world.switches.wrong(),
    };
    let health = format!("AWS Health: {}", super::HEALTH_EVENT);
    let reminder = super::reminder(world, world.now()).map(|text| Notice::warning(text).with_details(health));
    html::page(&frame, world.notices.get(page.query).or(reminder.as_ref()), content)
}

/// The Region chosen in the console: the one that the endpoint names, with the fault as well.
fn region(world: &World) -> &'static str {
    if world.switches.has(Fault::WrongRegion) { super::WRONG_REGION } else { super::REGION }
}

async fn home(State(shared): App) -> Response {
    shared.read(|world| {
        let content = html! {
            @if world.switches.has(Fault::WrongRegion) { (another_region().show()) }
            p.lead { "The target of your rehearsal. In AWS you come here from the AWS Management Console by opening the service “IAM Identity Center”." }
            ul.cards {
                li { a href="/aws/users" { "Users" } p { (world.scim.count(Kind::User)) " users." } }
                li { a href="/aws/groups" { "Groups" } p { (world.scim.count(Kind::Group)) " groups." } }
                li { a href=(SETTINGS) { "Settings" } p { "Identity source and automatic provisioning." } }
            }
        };
        page(world, &Page::top("Dashboard", "/aws/"), &content)
    })
}

/// Assumption: the wording. An instance of IAM Identity Center belongs to one Region.
fn another_region() -> Notice {
    Notice::warning(format!(
        "IAM Identity Center is not enabled in this Region ({}). It is enabled in {}: choose that Region.",
        super::WRONG_REGION,
        super::REGION
    ))
}

async fn users(State(shared): App) -> Response {
    shared.read(|world| page(world, &Page::top("Users", "/aws/users"), &arrivals::users(world, "/aws/users/")))
}

async fn user(State(shared): App, Path(id): Path<String>) -> Response {
    shared.read(|world| {
        arrivals::user_page(world, &id, ("/aws/users", "Users"), |title, crumbs, current, content| {
            page(world, &Page { title, crumbs, current, query: None }, content)
        })
    })
}

async fn groups(State(shared): App) -> Response {
    shared.read(|world| page(world, &Page::top("Groups", "/aws/groups"), &arrivals::groups(world)))
}

/// The tabs of Settings: as the address names them, and what they say.
const TABS: [(&str, &str); 3] =
    [("", "Identity source"), ("authentication", "Authentication"), ("management", "Management")];

async fn settings(State(shared): App, RawQuery(query): RawQuery) -> Response {
    let asked = query.as_deref().and_then(|query| query.strip_prefix("tab="));
    let (tab, name) = *TABS.iter().find(|(tab, _)| Some(*tab) == asked).unwrap_or(&TABS[0]);
    shared.read(|world| {
        let content = html! {
            @if !world.aws.enabled {
                section.state {
                    h2 { "Automatic provisioning" }
                    p { "Your identity provider can send users and groups to IAM Identity Center by SCIM." }
                    form method="post" action="/aws/settings/enable" { button.primary type="submit" { "Enable" } }
                }
            }
            ul.views.tabs aria-label="Tabs" {
                @for (one, text) in TABS {
                    @let href = if one.is_empty() { SETTINGS.to_owned() } else { format!("{SETTINGS}?tab={one}") };
                    li { a href=(href) aria-current=[(one == tab).then_some("true")] { (text) } }
                }
            }
            h2 { (name) }
            @if tab.is_empty() { (identity_source(world)) } @else { p.quiet { "This tab is not part of the practice world." } }
        };
        page(world, &Page::top("Settings", SETTINGS).asked(query.as_deref()), &content)
    })
}

fn identity_source(world: &World) -> Markup {
    html! {
        @if world.aws.enabled {
            div.toolbar {
                details.menu {
                    summary.button { "Actions" }
                    ul { li { a href=(PROVISIONING) { "Manage provisioning" } } }
                }
            }
        }
        dl {
            dt { "Identity source" } dd { "External identity provider" }
            dt { "Provisioning" } dd { @if world.aws.enabled { "SCIM" } @else { "Manual" } }
        }
    }
}

/// To the page that shows the new token, or back with the reason why there is none.
fn lead(world: &mut World, result: Result<Bearer, Refusal>, shown_on: &str, back: &str) -> Response {
    match result {
        Ok(bearer) => see_other(&format!("{shown_on}?token={}", bearer.serial)),
        Err(refusal) => world.notices.lead_to(back, Notice::failure(refusal.text())),
    }
}

async fn enable(State(shared): App) -> Response {
    shared.change(|world| {
        // A second press of the button leads to the page where everything is already.
        if world.aws.enabled {
            return see_other(PROVISIONING);
        }
        let result = super::enable(world);
        lead(world, result, INBOUND, SETTINGS)
    })
}

async fn generate(State(shared): App) -> Response {
    shared.change(|world| {
        if !world.aws.enabled {
            return see_other(SETTINGS);
        }
        let result = super::generate(world);
        lead(world, result, "/aws/settings/provisioning/token", PROVISIONING)
    })
}

/// The token that was just generated, if the address names it and the dialog was not closed.
fn fresh<'a>(world: &'a World, query: Option<&str>) -> Option<&'a Bearer> {
    let serial: u64 = query?.strip_prefix("token=")?.parse().ok()?;
    world.bearers.issued.iter().find(|one| one.serial == serial && world.bearers.fresh == Some(serial))
}

/// Both dialogs with a token end with Close, after which it cannot be seen again.
fn dialog(shared: &Shared, bearer: &Bearer) -> Markup {
    html! {
        details.opening {
            summary.button { "Show token" }
            (html::secret("access-token", "access_token", "Access token", &tokens::scim_token(&shared.seed, shared.target, bearer.serial)))
        }
        p.quiet {
            "This is the only time that the token can be shown. Its token ID is " code { (token_id(shared, bearer)) }
            @if let Some(end) = bearer.expires_at { "; it expires on " (end.strftime("%Y-%m-%d")) } "."
        }
        form method="post" action="/aws/settings/close" { div.buttons { button.primary type="submit" { "Close" } } }
    }
}

fn endpoint(shared: &Shared, world: &World) -> Markup {
    html::copied("scim-endpoint", "scim_endpoint", "SCIM endpoint", &super::shown_endpoint(shared, world))
}

async fn inbound(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let Some(bearer) = fresh(world, query.as_deref()) else { return see_other(PROVISIONING) };
        let content = html! {
            p.lead { "Automatic provisioning is enabled. Enter both values in your identity provider." }
            (endpoint(&shared, world))
            (dialog(&shared, bearer))
        };
        page(world, &Page::below_settings("Inbound automatic provisioning"), &content)
    })
}

async fn generated(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let Some(bearer) = fresh(world, query.as_deref()) else { return see_other(PROVISIONING) };
        page(world, &Page::below_settings("Generate new access token"), &dialog(&shared, bearer))
    })
}

async fn close(State(shared): App) -> Response {
    shared.change(|world| world.bearers.fresh = None);
    see_other(PROVISIONING)
}

async fn provisioning(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        if !world.aws.enabled {
            return see_other(SETTINGS);
        }
        let content = html! {
            (endpoint(&shared, world))
            h2 { "Access tokens" }
            form.toolbar method="post" action="/aws/settings/provisioning/generate" { button.primary type="submit" { "Generate token" } }
            (table(&shared, world))
            @if world.bearers.issued.is_empty() {
                h2 { "Disable automatic provisioning" }
                form method="post" action="/aws/settings/disable" {
                    (label("disable", "To confirm, type DISABLE", None))
                    input type="text" id="disable" name="confirm" size="12" autocomplete="off";
                    div.buttons { button type="submit" { "Disable" } }
                }
            }
        };
        page(world, &Page::below_settings("Automatic provisioning").asked(query.as_deref()), &content)
    })
}

fn table(shared: &Shared, world: &World) -> Markup {
    let now = world.now();
    html! {
        @if world.bearers.issued.is_empty() { p { "There is no access token." } } @else {
            table.tokens {
                thead { tr { th { "Token ID" } th { "Created" } th { "Expires" } th { "Status" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for bearer in &world.bearers.issued {
                        tr data-token=(bearer.serial) data-status=(state(bearer, now)) {
                            td { code { (token_id(shared, bearer)) } }
                            td.number { (clock(bearer.issued_at)) }
                            td.number { @if let Some(end) = bearer.expires_at { (clock(end)) } }
                            td { (state(bearer, now)) }
                            td.actions { (delete_form(bearer.serial)) }
                        }
                    }
                }
            }
        }
    }
}

fn delete_form(serial: u64) -> Markup {
    let id = format!("delete-{serial}");
    html! {
        details {
            summary { "Delete" }
            form method="post" action={ "/aws/settings/provisioning/tokens/" (serial) "/delete" } {
                p { "Whoever still uses this token is refused from then on." }
                (label(&id, "To confirm, type DELETE", None))
                input type="text" id=(id) name="confirm" size="12" autocomplete="off";
                div.buttons { button type="submit" { "Delete" } }
            }
        }
    }
}

/// Assumption: how the console writes an ID is not documented.
fn token_id(shared: &Shared, bearer: &Bearer) -> String {
    shared.seed.uuid("aws-token-id", bearer.serial)
}

fn state(bearer: &Bearer, now: Timestamp) -> &'static str {
    if bearer.is_live(now) { "Active" } else { "Expired" }
}

async fn delete(State(shared): App, Path(serial): Path<u64>, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let result = super::delete(world, serial, field(&fields, "confirm"));
        tell(world, result, "The access token is deleted.", PROVISIONING)
    })
}

async fn disable(State(shared): App, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let result = super::disable(world, field(&fields, "confirm"));
        let back = if result.is_ok() { SETTINGS } else { PROVISIONING };
        tell(world, result, "Automatic provisioning is disabled.", back)
    })
}

fn tell(world: &mut World, result: Result<(), Refusal>, done: &str, path: &str) -> Response {
    let notice = match result {
        Ok(()) => Notice::success(done),
        Err(refusal) => Notice::failure(refusal.text()),
    };
    world.notices.lead_to(path, notice)
}

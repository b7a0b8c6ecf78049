//! The practice Azion Console (older: Real-Time Manager): personal tokens, identity providers, who has arrived, and one's own account.
//! Labels as in Azion's guide. The pages and forms are listed in the crate's README.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::{DAY, Protocol, Provider};
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

const OWNER: &str = "owner@azion.example";
const ACCOUNT: &str = "/azion/account";
const TOKENS: &str = "/azion/personal-tokens";
const PROVIDERS: &str = "/azion/identity-providers";
const USERS: &str = "/azion/users";
const TEAMS: &str = "/azion/teams";

const MOST_TOKENS: usize = 100;
const LONGEST_NAME: usize = 60;
/// Facts C3: days, as a form sends them, and what the page says.
const EXPIRIES: [(&str, i64, &str); 6] = [
    ("1", 1, "1 day"),
    ("7", 7, "7 days"),
    ("15", 15, "15 days"),
    ("30", 30, "30 days"),
    ("90", 90, "90 days"),
    ("365", 365, "1 year"),
];

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/azion", get(|| async { see_other("/azion/") }))
        .route("/azion/", get(home))
        .route(ACCOUNT, get(account))
        .route(TOKENS, get(personal_tokens).post(create))
        .route("/azion/personal-tokens/close", post(close))
        .route("/azion/personal-tokens/{serial}/delete", post(delete))
        .route(PROVIDERS, get(identity_providers))
        .route("/azion/identity-providers/{uuid}", get(identity_provider))
        .route("/azion/identity-providers/{uuid}/{action}", post(switch))
        .route(USERS, get(users))
        .route("/azion/users/{id}", get(user))
        .route(TEAMS, get(teams))
}

fn page(world: &World, title: &str, current: &str, query: Option<&str>, content: &Markup) -> Response {
    page_with(world, title, current, query, html! {}, content)
}

fn page_with(
    world: &World,
    title: &str,
    current: &str,
    query: Option<&str>,
    crumbs: Markup,
    content: &Markup,
) -> Response {
    let navigation = html::entries(
        current,
        [
            ("/azion/", "Home"),
            (ACCOUNT, "Account Settings"),
            (PROVIDERS, "SSO Management"),
            (USERS, "Users Management"),
            (TEAMS, "Teams"),
            (TOKENS, "Personal Tokens"),
        ],
    );
    let frame = Frame {
        product: "Azion Console",
        home: "/azion/",
        title,
        person: html! {
            details.menu {
                summary { "Account menu" }
                ul {
                    li { (OWNER) }
                    li { a href=(ACCOUNT) { "Account Settings" } }
                    li { a href=(PROVIDERS) { "SSO Management" } }
                    li { a href=(USERS) { "Users Management" } }
                    li { a href=(TEAMS) { "Teams" } }
                    li { a href=(TOKENS) { "Personal Tokens" } }
                }
            }
        },
        crumbs,
        navigation: &navigation,
        refresh: None,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, world.notices.get(query), content)
}

async fn home(State(shared): App) -> Response {
    shared.read(|world| {
        let content = html! {
            p.lead { "The target of your rehearsal. Older guides call this console Real-Time Manager (RTM)." }
            ul.cards {
                li { a href=(PROVIDERS) { "SSO Management" } p { "The identity providers of this account." } }
                li { a href=(TOKENS) { "Personal Tokens" } p { "A token for the API and for the SCIM endpoint." } }
                li { a href=(USERS) { "Users Management" } p { (world.scim.count(Kind::User)) " users." } }
                li { a href=(TEAMS) { "Teams" } p { (world.scim.count(Kind::Group)) " teams." } }
            }
        };
        page(world, "Home", "/azion/", None, &content)
    })
}

async fn account(State(shared): App) -> Response {
    shared.read(|world| {
        let faults = &world.switches;
        let role = if faults.has(Fault::RoleMissing) { "Member of a team" } else { "Account Owner" };
        let plan = if faults.has(Fault::PlanMissing) { "Business" } else { "Enterprise" };
        let content = html! {
            dl {
                dt { "Account" } dd { "Practice account" }
                dt { "Signed in as" } dd { (OWNER) }
                dt { "Role" } dd data-role=(role) { strong { (role) } }
                dt { "Support plan" } dd data-plan=(plan) { strong { (plan) } }
            }
            p.quiet {
                "Identity providers and SCIM need the support plan Enterprise or Mission-Critical; "
                "only the Account Owner configures them."
            }
        };
        page(world, "Account Settings", ACCOUNT, None, &content)
    })
}

async fn identity_providers(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = match world.barred() {
            Some(barred) => Notice::warning(barred.text()).show(),
            None => html! {
                p.lead { "Where your people sign in. SCIM is switched on by the API, for one identity provider." }
                @if world.identity_providers().is_empty() { p { "There is no identity provider in this account." } } @else {
                    table.providers {
                        thead { tr { th { "Name" } th { "Protocol" } th { "State" } th { "SCIM" } th { span.hidden { "Actions" } } } }
                        tbody { @for one in world.identity_providers() { (row(world, &shared, one)) } }
                    }
                }
            },
        };
        page(world, "SSO Management", PROVIDERS, query.as_deref(), &content)
    })
}

fn row(world: &World, shared: &Shared, one: &Provider) -> Markup {
    let uuid = one.uuid(&shared.seed);
    let active = world.is_active(one);
    let state = if active { "Active" } else { "Inactive" };
    let (action, text) = if active { ("deactivate", "Deactivate") } else { ("activate", "Activate") };
    html! {
        tr data-provider=(uuid) data-state=(state.to_lowercase()) {
            td { a href={ (PROVIDERS) "/" (uuid) } { (one.name) } br; small { code { (uuid) } } }
            td { (one.protocol.name()) }
            td { (state) }
            td {
                @match one.protocol {
                    Protocol::Oidc => { "–" }
                    Protocol::Saml => { (if world.has_scim(one) { "On" } else { "Off" }) }
                }
            }
            td.actions {
                form method="post" action={ (PROVIDERS) "/" (uuid) "/" (action) } {
                    button.quiet type="submit" { (text) span.hidden { " " (one.name) } }
                }
            }
        }
    }
}

/// One identity provider, to be compared with the app that signs people in.
async fn identity_provider(State(shared): App, Path(uuid): Path<String>) -> Response {
    shared.read(|world| {
        let crumbs = html! { a href=(PROVIDERS) { "SSO Management" } };
        match (world.barred(), world.identity_provider(&shared.seed, &uuid)) {
            (Some(barred), _) => {
                page_with(world, "Identity provider", PROVIDERS, None, crumbs, &Notice::warning(barred.text()).show())
            }
            (None, Some(one)) => page_with(world, one.name, PROVIDERS, None, crumbs, &details(world, one, &uuid)),
            (None, None) => {
                let content = html! { p { "This identity provider is not here any more. Go back to " a href=(PROVIDERS) { "SSO Management" } "." } };
                (StatusCode::NOT_FOUND, page(world, "Not found", "", None, &content)).into_response()
            }
        }
    })
}

fn details(world: &World, one: &Provider, uuid: &str) -> Markup {
    html! {
        dl {
            dt { "Name" } dd { (one.name) }
            dt { "Protocol" } dd { (one.protocol.name()) }
            dt { "State" } dd { (if world.is_active(one) { "Active" } else { "Inactive" }) }
            dt { "UUID" } dd { code { (uuid) } }
            @if one.protocol == Protocol::Saml { dt { "Sign-in URL" } dd { code { (sign_in_url(one)) } } }
        }
        @if one.number == 0 { p.quiet { "The app “Azion” in the practice Entra has the same sign-in URL." } }
    }
}

/// As the API says it too.
fn sign_in_url(one: &Provider) -> String {
    format!("https://sign-in.practice.invalid/{}/saml2", one.number)
}

async fn switch(State(shared): App, Path((uuid, action)): Path<(String, String)>) -> Response {
    shared.change(|world| {
        let notice = match (world.barred(), world.identity_provider(&shared.seed, &uuid), action.as_str()) {
            (Some(barred), ..) => Notice::failure(barred.text()),
            (None, None, _) => Notice::failure("This identity provider is not here any more."),
            (None, Some(one), "activate") => {
                world.azion.active[one.number] = Some(true);
                Notice::success(format!("{} is active.", one.name))
            }
            (None, Some(one), "deactivate") => {
                world.azion.active[one.number] = Some(false);
                Notice::success(format!("{} is not active any more.", one.name))
            }
            (None, Some(_), _) => Notice::failure("An identity provider can be activated and deactivated."),
        };
        world.notices.lead_to(PROVIDERS, notice)
    })
}

async fn personal_tokens(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| token_page(world, &shared, query.as_deref(), &Fields::new(), None))
}

fn token_page(
    world: &World,
    shared: &Shared,
    query: Option<&str>,
    fields: &Fields,
    problem: Option<&Notice>,
) -> Response {
    let fresh = world.bearers.issued.iter().find(|one| Some(one.serial) == world.bearers.fresh);
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        @match fresh {
            Some(bearer) => { (shown_once(shared, bearer)) }
            None => { (create_form(fields)) }
        }
        h2 { "Your tokens" }
        (table(world))
    };
    page(world, "Personal Tokens", TOKENS, query, &content)
}

fn shown_once(shared: &Shared, bearer: &Bearer) -> Markup {
    let text = tokens::scim_token(&shared.seed, shared.target, bearer.serial);
    html! {
        h2 { "Personal token “" (bearer.name) "”" }
        details.opening {
            summary.button { "Show" span.hidden { " the personal token" } }
            (html::secret("personal-token", "personal_token", "Personal token", &text))
        }
        p.quiet {
            "This is the only time that the token can be shown."
            @if let Some(end) = bearer.expires_at { " It expires on " (clock(end)) "." }
        }
        form method="post" action={ (TOKENS) "/close" } { div.buttons { button.primary type="submit" { "Close" } } }
    }
}

fn create_form(fields: &Fields) -> Markup {
    let begun = !fields.is_empty();
    html! {
        p.lead { "A personal token opens the API with your own permissions. It cannot be changed later and is shown once." }
        details.opening open[begun] {
            summary.button.primary { "+ Personal Token" }
            form method="post" action=(TOKENS) {
                (label("name", "Name", None))
                input #name type="text" name="name" value=(field(fields, "name")) maxlength=(LONGEST_NAME) autocomplete="off";
                (label("expires", "Expires within", None))
                select #expires name="expires" {
                    option value="" { "Select…" }
                    @for (value, _, text) in EXPIRIES {
                        option value=(value) selected[field(fields, "expires") == value] { (text) }
                    }
                }
                div.buttons { button.primary type="submit" { "Save" } }
            }
        }
    }
}

fn table(world: &World) -> Markup {
    let now: Timestamp = world.now();
    let state = |bearer: &Bearer| if bearer.is_live(now) { "Active" } else { "Expired" };
    html! {
        @if world.bearers.issued.is_empty() { p { "There is no personal token." } } @else {
            table.tokens {
                thead { tr { th { "Name" } th { "Created" } th { "Expires" } th { "Status" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for bearer in &world.bearers.issued {
                        tr data-token=(bearer.serial) data-status=(state(bearer).to_lowercase()) {
                            td { (bearer.name) }
                            td.number { (clock(bearer.issued_at)) }
                            td.number { @if let Some(end) = bearer.expires_at { (clock(end)) } }
                            td { (state(bearer)) }
                            td.actions {
                                details {
                                    summary { "Delete…" span.hidden { " " (bearer.name) } }
                                    p { "Whoever still uses this token is refused from then on." }
                                    form method="post" action={ (TOKENS) "/" (bearer.serial) "/delete" } { button type="submit" { "Delete" } }
                                }
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
        let name: String = field(&fields, "name").chars().take(LONGEST_NAME).collect();
        let days = EXPIRIES.iter().find(|(value, ..)| *value == field(&fields, "expires")).map(|(_, days, _)| *days);
        let problem = match (name.is_empty(), days) {
            (true, _) => "Enter a name for the token.",
            (false, None) => "Select when the token expires.",
            (false, Some(_)) if world.bearers.issued.len() >= MOST_TOKENS => {
                "Delete a token first; this practice account holds 100."
            }
            (false, Some(days)) => {
                let bearer = super::issue(world, &name, SignedDuration::from_secs(days * DAY.as_secs()));
                world.bearers.fresh = Some(bearer.serial);
                return world.notices.lead_to(TOKENS, Notice::success("The personal token was created. Copy it now."));
            }
        };
        token_page(world, &shared, None, &fields, Some(&Notice::failure(problem)))
    })
}

async fn close(State(shared): App) -> Response {
    shared.change(|world| world.bearers.fresh = None);
    see_other(TOKENS)
}

async fn delete(State(shared): App, Path(serial): Path<u64>) -> Response {
    shared.change(|world| {
        let notice = if world.bearers.remove(serial) {
            Notice::success("The personal token was deleted.")
        } else {
            Notice::failure("This personal token is not here any more.")
        };
        world.notices.lead_to(TOKENS, notice)
    })
}

async fn users(State(shared): App) -> Response {
    shared.read(|world| page(world, "Users Management", USERS, None, &arrivals::users(world, "/azion/users/")))
}

async fn user(State(shared): App, Path(id): Path<String>) -> Response {
    shared.read(|world| {
        arrivals::user_page(world, &id, (USERS, "Users Management"), |title, crumbs, current, content| {
            page_with(world, title, current, None, crumbs, content)
        })
    })
}

/// Facts C4: a group of the identity provider is a team here.
async fn teams(State(shared): App) -> Response {
    shared.read(|world| {
        let content = html! {
            p.lead { "Groups of your identity provider arrive as teams. Users have permissions only through a team." }
            (arrivals::groups(world))
        };
        page(world, "Teams", TEAMS, None, &content)
    })
}

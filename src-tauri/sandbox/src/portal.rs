//! The practice GreenLake portal: user management with role assignments, API access, and who has arrived.
//! Labels as in HPE's guide of July 2024. The pages and forms are listed in the crate's README.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Form, Router,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use maud::{Markup, html};

use crate::{
    arrivals::{self, SHOWN, name, rest, status},
    fault::Fault,
    greenlake::{ADMIN_EMAIL, ADMIN_NAME, ROLE, SCOPE, SPACE},
    html::{self, Fields, Frame, Notice, clock, field, label, see_other, tick, ticked},
    scim::store::{Kind, Resource},
    world::{Shared, World},
};

type App = State<Arc<Shared>>;

const ROLES: [&str; 4] = [ROLE, "IAM User Viewer", "Tenant Contributor", "SCIM Proxy Token Viewer"];
const SPACES: [&str; 2] = [SPACE, "Default"];
const SCOPES: [&str; 3] = [SCOPE, "greenlake.service.system", "greenlake.tenant"];

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/greenlake", get(|| async { see_other("/greenlake/") }))
        .route("/greenlake/", get(home))
        .route("/greenlake/users", get(users))
        .route("/greenlake/users/{id}", get(user))
        .route("/greenlake/users/{id}/assignment", get(assignment_form).post(assign))
        .route("/greenlake/groups", get(groups))
        .route("/greenlake/api-access", get(api_access).post(get_token))
}

struct Page<'a> {
    title: &'a str,
    crumbs: Markup,
    current: &'a str,
}

fn page(world: &World, query: Option<&str>, page: &Page<'_>, content: &Markup) -> Response {
    let navigation = html::entries(
        page.current,
        [
            ("/greenlake/", "Dashboard"),
            ("/greenlake/users", "User Management"),
            ("/greenlake/groups", "User Groups"),
            ("/greenlake/api-access", "API Access"),
        ],
    );
    let frame = Frame {
        product: "HPE GreenLake Flex Solutions",
        home: "/greenlake/",
        title: page.title,
        person: html! {
            a href="/greenlake/users" { "User Management" }
            details.menu {
                summary { (ADMIN_NAME) }
                ul { li { a href="/greenlake/api-access" { "API Access" } } li { (ADMIN_EMAIL) } }
            }
        },
        crumbs: page.crumbs.clone(),
        navigation: &navigation,
        refresh: None,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, world.notices.get(query), content)
}

async fn home(State(shared): App) -> Response {
    shared.read(|world| {
        let content = html! {
            p.lead { "The target of your rehearsal. In HPE GreenLake you come here from common.cloud.hpe.com by opening the service “HPE GreenLake Flex Solutions”." }
            ul.cards {
                li { a href="/greenlake/users" { "User Management" } p { (world.scim.count(Kind::User)) " users. Give roles here, and see who has arrived." } }
                li { a href="/greenlake/groups" { "User Groups" } p { (world.scim.count(Kind::Group)) " groups." } }
                li { a href="/greenlake/api-access" { "API Access" } p { "A personal access token for the API, valid for 15 minutes." } }
            }
        };
        page(world, None, &Page { title: "Dashboard", crumbs: html! {}, current: "/greenlake/" }, &content)
    })
}

async fn users(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = html! {
            p.lead { "Everybody in this tenant, those who arrived by SCIM among them." }
            table {
                thead { tr { th { "Name" } th { "User name" } th { "Status" } th { "Arrived" } th { "Roles" } } }
                tbody {
                    @for one in world.scim.page(Kind::User, 0, SHOWN) {
                        tr {
                            td { a href={ "/greenlake/users/" (one.id) } { (name(&one)) } }
                            td { (one.text("userName")) }
                            td { (status(&one)) }
                            td.number { @if one.is_native() { "–" } @else { (clock(one.created)) } }
                            td { @if world.greenlake.has_role(one.text("userName")) { (ROLE) } @else { "–" } }
                        }
                    }
                }
            }
            (rest(world, Kind::User))
        };
        page(
            world,
            query.as_deref(),
            &Page { title: "User Management", crumbs: html! {}, current: "/greenlake/users" },
            &content,
        )
    })
}

async fn user(State(shared): App, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let Ok(one) = world.scim.get(Kind::User, &id) else { return nobody() };
        let email = one.text("userName").to_lowercase();
        let assignments: Vec<_> = world.greenlake.assignments.iter().filter(|given| given.user == email).collect();
        let content = html! {
            div.toolbar {
                details.menu {
                    summary { "Actions" }
                    ul { li { a href={ "/greenlake/users/" (id) "/assignment" } { "Create Assignment" } } }
                }
            }
            h2 { "Assignments" }
            @if assignments.is_empty() {
                p { "No role is assigned to this user." }
            } @else {
                table {
                    thead { tr { th { "Role" } th { "Space" } th { "Scope" } } }
                    tbody { @for one in assignments { tr { td { (one.role) } td { (one.space) } td { code { (one.scope) } } } } }
                }
            }
            h2 { "What SCIM knows" }
            pre { (serde_json::to_string_pretty(&one.body).unwrap_or_default()) }
        };
        let page_of = Page { title: name(&one), crumbs: html! { a href="/greenlake/users" { "User Management" } }, current: "/greenlake/users" };
        page(world, query.as_deref(), &page_of, &content)
    })
}

fn nobody() -> Response {
    let content = html! { p { "This user or group is not here any more. Go back to " a href="/greenlake/users" { "User Management" } "." } };
    let frame = Frame {
        product: "HPE GreenLake Flex Solutions",
        home: "/greenlake/",
        title: "Not found",
        person: html! {},
        crumbs: html! {},
        navigation: &[],
        refresh: None,
        wrong: Vec::new(),
    };
    (axum::http::StatusCode::NOT_FOUND, html::page(&frame, None, &content)).into_response()
}

async fn assignment_form(State(shared): App, Path(id): Path<String>) -> Response {
    shared.read(|world| match world.scim.get(Kind::User, &id) {
        Ok(one) => form_page(world, &one, &Fields::new(), None),
        Err(_) => nobody(),
    })
}

fn form_page(world: &World, one: &Resource, fields: &Fields, problem: Option<&Notice>) -> Response {
    let select = |name: &str, options: &[&str]| {
        html! {
            select id=(name) name=(name) {
                option value="" { "Select…" }
                @for option in options { option value=(option) selected[field(fields, name) == *option] { (option) } }
            }
        }
    };
    let content = html! {
        @if let Some(problem) = problem { (problem.show()) }
        form method="post" action={ "/greenlake/users/" (one.id) "/assignment" } {
            p { "For " strong { (name(one)) } ", " (one.text("userName")) }
            (label("role", "Role", None)) (select("role", &ROLES))
            (label("space", "Space", None)) (select("space", &SPACES))
            (label("scope", "Scope", Some("older guides: greenlake.service.system"))) (select("scope", &SCOPES))
            (tick("confirm", "I confirm that I want to create the assignments listed above", ticked(fields, "confirm")))
            div.buttons { button.primary type="submit" { "Create Assignment" } a.button href={ "/greenlake/users/" (one.id) } { "Cancel" } }
        }
    };
    let crumbs = html! { a href="/greenlake/users" { "User Management" } " › " a href={ "/greenlake/users/" (one.id) } { (name(one)) } };
    page(world, None, &Page { title: "Create Assignment", crumbs, current: "/greenlake/users" }, &content)
}

async fn assign(State(shared): App, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let Ok(one) = world.scim.get(Kind::User, &id).map(Cow::into_owned) else { return nobody() };
        if let Some(problem) = problem(&fields) {
            return form_page(world, &one, &fields, Some(&Notice::failure(problem)));
        }
        // With the fault the portal says yes and nothing comes of it.
        if field(&fields, "role") == ROLE && !world.switches.has(Fault::RoleMissing) {
            world.greenlake.assign(one.text("userName"));
        }
        let text = format!("The role {} is assigned to {}.", field(&fields, "role"), name(&one));
        world.notices.lead_to(&format!("/greenlake/users/{id}"), Notice::success(text))
    })
}

/// Assumption: the real console's wording of its refusals is not known.
fn problem(fields: &Fields) -> Option<String> {
    let chosen = |name: &str, options: &[&str]| options.contains(&field(fields, name));
    if !chosen("role", &ROLES) {
        return Some("Select a role.".to_owned());
    }
    if !chosen("space", &SPACES) {
        return Some("Select a space.".to_owned());
    }
    if !chosen("scope", &SCOPES) {
        return Some("Select a scope.".to_owned());
    }
    if field(fields, "role") == ROLE && (field(fields, "space") != SPACE || field(fields, "scope") != SCOPE) {
        return Some(format!("The role {ROLE} can be assigned in the space {SPACE} with the scope {SCOPE} only."));
    }
    (!ticked(fields, "confirm")).then(|| "Confirm that you want to create the assignments listed above.".to_owned())
}

async fn groups(State(shared): App) -> Response {
    shared.read(|world| {
        let content = arrivals::groups(world);
        page(world, None, &Page { title: "User Groups", crumbs: html! {}, current: "/greenlake/groups" }, &content)
    })
}

/// Shows the token whose serial number the address names, if it was issued and still counts. Loading the page issues nothing.
async fn api_access(State(shared): App, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let serial = query.as_deref().and_then(|query| query.strip_prefix("token=")).and_then(|serial| serial.parse::<u64>().ok());
        let token = serial.and_then(|serial| world.greenlake.access_tokens.iter().find(|one| one.serial == serial));
        let content = html! {
            p.lead { "A personal access token lets you call the API as " (ADMIN_EMAIL) ". It is valid for 15 minutes after it is generated." }
            form method="post" action="/greenlake/api-access" {
                div.buttons { button.primary[token.is_none()] type="submit" { "Get token" } }
            }
            @if let Some(token) = token {
                (label("access-token", "API access token", None))
                textarea.secret id="access-token" name="access_token" rows="8" readonly spellcheck="false" { (token.text(&shared.seed)) }
                div.buttons {
                    button.primary type="button" data-copy="access-token" hidden { "Copy" }
                    span #access-token-copied role="status" {}
                    span.quiet { "Valid until " (token.expires_at.strftime("%H:%M:%S")) " UTC" }
                }
            }
        };
        page(world, None, &Page { title: "API Access", crumbs: html! {}, current: "/greenlake/api-access" }, &content)
    })
}

async fn get_token(State(shared): App) -> Response {
    shared.issue_greenlake_access_token();
    let serial = shared.read(|world| world.greenlake.access_tokens.last().map(|token| token.serial));
    see_other(&format!("/greenlake/api-access?token={}", serial.unwrap_or_default()))
}

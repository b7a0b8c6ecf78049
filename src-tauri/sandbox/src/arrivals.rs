//! Who has arrived by SCIM, as every target's console shows it.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};

use crate::{
    fault::Fault,
    html::clock,
    scim::store::{Kind, Resource},
    world::World,
};

/// As many as a page shows.
pub(crate) const SHOWN: usize = 500;

pub(crate) fn name(one: &Resource) -> &str {
    let name = one.text("displayName");
    if name.is_empty() { one.text("userName") } else { name }
}

pub(crate) fn status(one: &Resource) -> &'static str {
    if one.body.get("active").is_some_and(|active| active == false) { "Disabled" } else { "Active" }
}

/// Each name leads to the page of that user, below `path`.
pub(crate) fn users(world: &World, path: &str) -> Markup {
    html! {
        table {
            thead { tr { th { "Name" } th { "User name" } th { "Status" } th { "Arrived" } } }
            tbody {
                @for one in world.scim.page(Kind::User, 0, SHOWN) {
                    tr {
                        td { a href={ (path) (one.id) } { (name(&one)) } }
                        td { (one.text("userName")) }
                        td { (status(&one)) }
                        td.number { @if one.is_native() { "–" } @else { (clock(one.created)) } }
                    }
                }
            }
        }
        (rest(world, Kind::User))
    }
}

/// That there are more than a page shows.
pub(crate) fn rest(world: &World, kind: Kind) -> Markup {
    let all = world.scim.count(kind);
    html! { @if all > SHOWN { p { "The first " (SHOWN) " of " (all) "." } } }
}

pub(crate) fn user(one: &Resource) -> Markup {
    html! {
        h2 { "What SCIM knows" }
        pre { (serde_json::to_string_pretty(&one.body).unwrap_or_default()) }
    }
}

/// The page of one user, or that there is none any more. `list` is the path and the name of the list above it; `page`
/// frames a title, its crumbs, the list's path and what is shown.
pub(crate) fn user_page(
    world: &World,
    id: &str,
    list: (&str, &str),
    page: impl Fn(&str, Markup, &str, &Markup) -> Response,
) -> Response {
    let (path, name_of_list) = list;
    let way_back = html! { a href=(path) { (name_of_list) } };
    match world.scim.get(Kind::User, id) {
        Ok(one) => page(name(&one), way_back, path, &user(&one)),
        Err(_) => {
            let content = html! { p { "This user is not here any more. Go back to " (way_back) "." } };
            (StatusCode::NOT_FOUND, page("Not found", html! {}, "", &content)).into_response()
        }
    }
}

/// Every group with its members.
pub(crate) fn groups(world: &World) -> Markup {
    let hidden = world.switches.has(Fault::MembersLost);
    let who = |id: &str| {
        let one = world.scim.get(Kind::User, id).or_else(|_| world.scim.get(Kind::Group, id));
        one.map_or_else(|_| id.to_owned(), |one| name(&one).to_owned())
    };
    html! {
        @if world.scim.count(Kind::Group) == 0 { p.lead { "No group has arrived yet." } }
        @for group in world.scim.page(Kind::Group, 0, SHOWN) {
            section {
                h2 { (group.text("displayName")) }
                @let members: Vec<String> = group.members().filter(|_| !hidden).map(who).collect();
                @if members.is_empty() { p { "No members." } } @else { ul { @for member in members { li { (member) } } } }
            }
        }
        (rest(world, Kind::Group))
    }
}

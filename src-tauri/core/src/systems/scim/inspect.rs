//! Compares what arrived for one person with what the mapping should send.

use super::{Scim, User};
use crate::error::Problem;

/// A user against what the mapping should send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Who.
    pub user: User,
    /// Wanted and there, as (path, value).
    pub present: Vec<(String, String)>,
    /// Wanted and not there.
    pub missing: Vec<String>,
    /// There and not wanted.
    pub unexpected: Vec<String>,
}

/// Looks a user up by userName and compares; `None` if nobody has that name.
///
/// # Errors
/// As [`Scim::find_user`].
pub async fn inspect_user(scim: &Scim, user_name: &str, wanted: &[&str]) -> Result<Option<Inspection>, Problem> {
    let Some(found) = scim.find_user(user_name).await? else {
        return Ok(None);
    };
    Ok(Some(compare(found, wanted)))
}

/// The comparison alone. `wanted` holds SCIM paths such as `userName`, `name.givenName`, `emails[type eq "work"].value`
/// or `urn:…:User:department`; a bare `emails` means any part of it. What servers set themselves is never unexpected:
/// `id`, `meta`, `schemas`, `groups`, `active` = true, `name.formatted`, and `type`, `primary` and `display` beside a
/// wanted value.
pub fn compare(user: User, wanted: &[&str]) -> Inspection {
    let is_wanted = |path: &str| wanted.iter().any(|wish| meets(path, wish));
    let present = user.attributes.iter().filter(|(path, _)| is_wanted(path)).cloned().collect();
    let missing = wanted
        .iter()
        .filter(|wish| !user.attributes.iter().any(|(path, _)| meets(path, wish)))
        .map(|wish| (*wish).to_owned())
        .collect();
    let unexpected = user
        .attributes
        .iter()
        .filter(|(path, value)| !is_wanted(path) && !by_server(path, value) && !beside(path, wanted))
        .map(|(path, _)| path.clone())
        .collect();
    Inspection { user, present, missing, unexpected }
}

/// A path in its parts: `emails[type eq "work"].value` is `emails`, `type eq "work"`, `value`.
struct Parts {
    head: String,
    selector: Option<String>,
    tail: String,
}

fn parts(path: &str) -> Parts {
    let lower = path.to_lowercase();
    match lower.split_once('[').and_then(|(head, rest)| Some((head, rest.split_once(']')?))) {
        Some((head, (selector, tail))) => Parts {
            head: head.to_owned(),
            selector: Some(selector.split_whitespace().collect::<Vec<_>>().join(" ")),
            tail: tail.trim_start_matches('.').to_owned(),
        },
        None => Parts { head: lower, selector: None, tail: String::new() },
    }
}

/// Whether the attribute at `path` is what `wish` asks for.
fn meets(path: &str, wish: &str) -> bool {
    let (have, want) = (parts(path), parts(wish));
    if have.selector.is_none() || want.selector.is_none() {
        return below(&path.to_lowercase(), &want.head);
    }
    have.head == want.head && selectors_agree(&have, &want) && (want.tail.is_empty() || below(&have.tail, &want.tail))
}

/// A position stands for any selector: the server did not say the type.
fn selectors_agree(have: &Parts, want: &Parts) -> bool {
    have.selector == want.selector
        || have.selector.as_deref().is_some_and(is_position)
        || want.selector.as_deref().is_some_and(|selector| is_position(selector) || selector.starts_with("primary eq"))
}

fn is_position(selector: &str) -> bool {
    !selector.is_empty() && selector.bytes().all(|byte| byte.is_ascii_digit())
}

fn below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
}

fn by_server(path: &str, value: &str) -> bool {
    let path = path.to_lowercase();
    ["id", "meta", "schemas", "groups"].iter().any(|root| below(&path, root))
        || (path == "active" && value.eq_ignore_ascii_case("true"))
        || path == "name.formatted"
}

/// `type`, `primary` or `display` of an entry whose value is wanted.
fn beside(path: &str, wanted: &[&str]) -> bool {
    let have = parts(path);
    matches!(have.tail.as_str(), "type" | "primary" | "display" | "$ref")
        && wanted.iter().map(|wish| parts(wish)).any(|want| want.head == have.head && selectors_agree(&have, &want))
}

//! The SCIM server's HTTP edge: who may come in, which operation is meant, and the answer's form.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    profile::{self, Profile},
    schema,
    store::{Kind, Refused, Resource, as_object},
    trouble,
    view::{self, Query, Shown},
};
use crate::{
    fault::Target,
    tokens,
    world::{Shared, World},
};

struct Reply {
    status: StatusCode,
    body: Option<Value>,
    location: Option<String>,
}

impl Reply {
    fn ok(body: Value) -> Reply {
        Reply { status: StatusCode::OK, body: Some(body), location: None }
    }

    fn empty() -> Reply {
        Reply { status: StatusCode::NO_CONTENT, body: None, location: None }
    }
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let prefix = shared.scim_path();
    answer_below(&shared, &prefix, &method, &uri, &headers, &body)
}

/// As [`answer`], for an endpoint at this path.
pub(crate) fn answer_below(
    shared: &Shared,
    prefix: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let profile = profile::of(shared.target);
    let below = uri.path().strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let Some(below) = below.filter(|_| let_in(shared, headers)) else {
        return if below.is_some() || profile.elsewhere == 401 {
            unauthorized(shared)
        } else {
            error(shared, &nothing())
        };
    };
    let path: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    let reply = (profile.offers)(method, below, headers)
        .and_then(|()| route(shared, method, &path, uri.query().unwrap_or_default(), body));
    match reply {
        Ok(reply) => write(profile, reply, &request_id()),
        Err(refusal) => error(shared, &refusal),
    }
}

/// The token must be a live one. Reading decides the common case, so that a request does not rewrite the state file.
fn let_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let Some(token) = tokens::bearer(headers) else { return false };
    if shared.read(|world| world.lets_in(&shared.seed, token)) {
        return true;
    }
    // GreenLake retires an older token at the first use of a newer one.
    let now = shared.now();
    shared.target == Target::HpeGreenlake && shared.change(|world| world.greenlake.accept(&shared.seed, token, now))
}

fn route(shared: &Shared, method: &Method, path: &[&str], query: &str, body: &Bytes) -> Result<Reply, Refused> {
    let (base, profile) = (shared.read(|world| shared.scim_base(world)), profile::of(shared.target));
    match path {
        ["ServiceProviderConfig"] => only_get(method, || Ok(schema::service_provider_config(profile, &base))),
        ["Schemas"] => only_get(method, || Ok(all(schema::schemas(profile, &base)))),
        ["Schemas", id] => only_get(method, || pick(schema::schemas(profile, &base), id)),
        ["ResourceTypes"] => only_get(method, || Ok(all(schema::resource_types(profile, &base)))),
        ["ResourceTypes", id] => only_get(method, || pick(schema::resource_types(profile, &base), id)),
        [".search"] => search(shared, method, &[Kind::User, Kind::Group], body),
        [endpoint, rest @ ..] => {
            let kind =
                [Kind::User, Kind::Group].into_iter().find(|kind| kind.endpoint() == *endpoint).ok_or_else(nothing)?;
            match rest {
                [] => collection(shared, method, kind, query, body),
                [".search"] => search(shared, method, &[kind], body),
                [id] => single(shared, method, kind, id, query, body),
                _ => Err(nothing()),
            }
        }
        [] => Err(nothing()),
    }
}

fn collection(shared: &Shared, method: &Method, kind: Kind, query: &str, body: &Bytes) -> Result<Reply, Refused> {
    let profile = profile::of(shared.target);
    match *method {
        Method::GET => {
            let query = from_pairs(query)?;
            listed(shared, &[kind], &query)
        }
        Method::POST => {
            let body = json_body(body)?;
            trouble::creating(shared, kind, &body)?;
            let shown = shown(profile, query)?;
            shared.change(|world| {
                let now = world.now();
                let id = uuid::Uuid::new_v4().to_string();
                let one = world.scim.create(profile, kind, &body, id, now)?.clone();
                let whole = view::resource(world, &one, &shared.scim_base(world));
                let location = whole["meta"]["location"].as_str().map(str::to_owned);
                Ok(Reply { status: StatusCode::CREATED, body: Some(view::cut(whole, &shown)), location })
            })
        }
        _ => Err(not_allowed()),
    }
}

fn single(shared: &Shared, method: &Method, kind: Kind, id: &str, query: &str, body: &Bytes) -> Result<Reply, Refused> {
    let profile = profile::of(shared.target);
    trouble::touching(shared, kind, id)?;
    let shown = shown(profile, query)?;
    let show = |world: &World, one: &Resource| {
        let whole = view::resource(world, one, &shared.scim_base(world));
        Reply::ok(view::cut(whole, &shown))
    };
    match *method {
        Method::GET => shared.read(|world| world.scim.get(kind, id).map(|one| show(world, &one))),
        Method::PUT => {
            let body = json_body(body)?;
            shared.change(|world| {
                let now = world.now();
                let one = world.scim.replace(profile, kind, id, &body, now)?.clone();
                Ok(show(world, &one))
            })
        }
        Method::PATCH => {
            let body = json_body(body)?;
            trouble::changing(shared, kind, &body)?;
            shared.change(|world| {
                let now = world.now();
                let one = world.scim.patch(profile, kind, id, &body, now)?.clone();
                Ok(if profile.silent_patch.contains(&kind) { Reply::empty() } else { show(world, &one) })
            })
        }
        Method::DELETE => {
            shared.change(|world| {
                let now = world.now();
                world.scim.delete(kind, id, now)
            })?;
            Ok(Reply::empty())
        }
        _ => Err(not_allowed()),
    }
}

fn search(shared: &Shared, method: &Method, kinds: &[Kind], body: &Bytes) -> Result<Reply, Refused> {
    if *method != Method::POST {
        return Err(not_allowed());
    }
    let body = json_body(body)?;
    let body = as_object(&body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| body.get(name).and_then(Value::as_i64).map(|number| usize::try_from(number).unwrap_or(0));
    let list = |name: &str| match body.get(name) {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(names)) => comma(names),
        _ => Vec::new(),
    };
    let query = Query {
        filter: text("filter"),
        start_index: number("startIndex").unwrap_or(1),
        count: number("count"),
        cursor: None,
        sort_by: text("sortBy"),
        descending: text("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("descending")),
        shown: Shown { only: list("attributes"), without: list("excludedAttributes") },
    };
    listed(shared, kinds, &query)
}

fn listed(shared: &Shared, kinds: &[Kind], query: &Query) -> Result<Reply, Refused> {
    shared.read(|world| (world.profile().list)(world, kinds, query, &shared.scim_base(world))).map(Reply::ok)
}

/// The attributes asked for, where the server minds them.
fn shown(profile: &Profile, query: &str) -> Result<Shown, Refused> {
    if profile.cuts { from_pairs(query).map(|query| query.shown) } else { Ok(Shown::default()) }
}

fn from_pairs(query: &str) -> Result<Query, Refused> {
    let mut result = Query { start_index: 1, ..Query::default() };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        // A negative number counts as the lowest one (RFC 7644 3.4.2.4).
        let number = || {
            let wrong = || Refused::new(400, Some("invalidValue"), &format!("{name} must be a whole number."));
            value.parse::<i64>().map(|number| usize::try_from(number).unwrap_or(0)).map_err(|_| wrong())
        };
        match name.to_ascii_lowercase().as_str() {
            "filter" => result.filter = Some(value.into_owned()),
            "startindex" => result.start_index = number()?,
            "cursor" => result.cursor = Some(value.into_owned()),
            "count" => result.count = Some(number()?),
            "sortby" => result.sort_by = Some(value.into_owned()),
            "sortorder" => result.descending = value.eq_ignore_ascii_case("descending"),
            "attributes" => result.shown.only.extend(comma(&value)),
            "excludedattributes" => result.shown.without.extend(comma(&value)),
            // Unknown parameters, such as Entra's aadOptscim062020, are ignored.
            _ => {}
        }
    }
    Ok(result)
}

fn comma(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn json_body(body: &Bytes) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|_| {
        Refused::new(400, Some("invalidSyntax"), "Request is unparsable, syntactically incorrect, or violates schema.")
    })
}

fn only_get(method: &Method, body: impl FnOnce() -> Result<Value, Refused>) -> Result<Reply, Refused> {
    if *method == Method::GET { body().map(Reply::ok) } else { Err(not_allowed()) }
}

fn all(resources: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

fn pick(resources: Vec<Value>, id: &str) -> Result<Value, Refused> {
    resources.into_iter().find(|one| one["id"] == id).ok_or_else(nothing)
}

fn nothing() -> Refused {
    Refused::new(404, None, "There is nothing at this path.")
}

fn not_allowed() -> Refused {
    Refused::new(405, None, "This method is not offered here.")
}

pub(crate) fn unauthorized(shared: &Shared) -> Response {
    let mut response = error(shared, &Refused::new(401, None, "The bearer token is missing, unknown or expired."));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    response
}

/// A SCIM error as this target writes it. HPE's extension of it (facts A4) is left out: strict clients refuse unknown members.
pub(crate) fn error(shared: &Shared, refusal: &Refused) -> Response {
    let profile = profile::of(shared.target);
    let id = request_id();
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = (profile.error)(refusal, &id, shared.now());
    write(profile, Reply { status, body: Some(body), location: None }, &id)
}

fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn write(profile: &Profile, reply: Reply, request_id: &str) -> Response {
    let mut response = match reply.body {
        Some(body) => (reply.status, [(header::CONTENT_TYPE, profile.content_type)], body.to_string()).into_response(),
        None => reply.status.into_response(),
    };
    if let Some(location) = reply.location.and_then(|text| text.parse().ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if let Some(name) = profile.request_id
        && let Ok(value) = request_id.parse()
    {
        response.headers_mut().insert(name, value);
    }
    response
}

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
    schema,
    store::{Kind, Refused, Resource, as_object},
    view::{self, Query, Shown},
};
use crate::{
    fault::Fault,
    tokens,
    world::{Shared, World},
};

const PREFIX: &str = "/v1alpha1/scimproxy";

struct Reply {
    status: StatusCode,
    body: Option<Value>,
    location: Option<String>,
}

impl Reply {
    fn ok(body: Value) -> Reply {
        Reply { status: StatusCode::OK, body: Some(body), location: None }
    }
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !let_in(&shared, &headers) {
        return unauthorized();
    }
    let path: Vec<&str> = uri.path().trim_start_matches(PREFIX).split('/').filter(|part| !part.is_empty()).collect();
    match route(&shared, &method, &path, uri.query().unwrap_or_default(), &body) {
        Ok(reply) => write(reply),
        Err(refusal) => error(&refusal),
    }
}

/// The token must be a live proxy token. Reading decides the common case, so that a request does not rewrite the state file.
fn let_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let Some(token) = tokens::bearer(headers) else { return false };
    let now = shared.now();
    if shared.read(|world| world.greenlake.is_sole_live(&shared.seed, token, now)) {
        return true;
    }
    shared.change(|world| world.greenlake.accept(&shared.seed, token, now))
}

fn route(shared: &Shared, method: &Method, path: &[&str], query: &str, body: &Bytes) -> Result<Reply, Refused> {
    let base = shared.scim_base();
    match path {
        ["ServiceProviderConfig"] => {
            only_get(method, || Ok(schema::service_provider_config(&base, view::MOST_RESULTS)))
        }
        ["Schemas"] => only_get(method, || Ok(all(schema::schemas(&base)))),
        ["Schemas", id] => only_get(method, || pick(schema::schemas(&base), id)),
        ["ResourceTypes"] => only_get(method, || Ok(all(schema::resource_types(&base)))),
        ["ResourceTypes", id] => only_get(method, || pick(schema::resource_types(&base), id)),
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
    match *method {
        Method::GET => {
            let query = from_pairs(query)?;
            shared
                .read(|world| view::list(&world.scim, &[kind], &query, &shared.scim_base(), &world.switches))
                .map(Reply::ok)
        }
        Method::POST => {
            if kind == Kind::User && shared.read(|world| world.switches.has(Fault::UsersRefused)) {
                return Err(schema::missing("name.familyName"));
            }
            let body = json_body(body)?;
            let shown = from_pairs(query)?.shown;
            shared.change(|world| {
                let now = world.now();
                let id = uuid::Uuid::new_v4().to_string();
                let one = world.scim.create(kind, &body, id, now)?.clone();
                let whole = view::resource(&world.scim, &one, &shared.scim_base(), &world.switches);
                let location = whole["meta"]["location"].as_str().map(str::to_owned);
                Ok(Reply { status: StatusCode::CREATED, body: Some(view::cut(whole, &shown)), location })
            })
        }
        _ => Err(not_allowed()),
    }
}

fn single(shared: &Shared, method: &Method, kind: Kind, id: &str, query: &str, body: &Bytes) -> Result<Reply, Refused> {
    let shown = from_pairs(query)?.shown;
    let show = |world: &World, one: &Resource| {
        let whole = view::resource(&world.scim, one, &shared.scim_base(), &world.switches);
        Reply::ok(view::cut(whole, &shown))
    };
    match *method {
        Method::GET => shared.read(|world| world.scim.get(kind, id).map(|one| show(world, one))),
        Method::PUT => {
            let body = json_body(body)?;
            shared.change(|world| {
                let now = world.now();
                let one = world.scim.replace(kind, id, &body, now)?.clone();
                Ok(show(world, &one))
            })
        }
        Method::PATCH => {
            let body = json_body(body)?;
            shared.change(|world| {
                let now = world.now();
                let one = world.scim.patch(kind, id, &body, now)?.clone();
                Ok(show(world, &one))
            })
        }
        Method::DELETE => {
            shared.change(|world| world.scim.delete(kind, id))?;
            Ok(Reply { status: StatusCode::NO_CONTENT, body: None, location: None })
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
        sort_by: text("sortBy"),
        descending: text("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("descending")),
        shown: Shown { only: list("attributes"), without: list("excludedAttributes") },
    };
    shared.read(|world| view::list(&world.scim, kinds, &query, &shared.scim_base(), &world.switches)).map(Reply::ok)
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

pub(crate) fn unauthorized() -> Response {
    let mut response = error(&Refused::new(401, None, "The bearer token is missing, unknown or expired."));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    response
}

/// A plain SCIM error. HPE's extension of it (facts A4) is left out here: strict clients refuse unknown members.
pub(crate) fn error(refusal: &Refused) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    write(Reply { status, body: Some(error_body(refusal)), location: None })
}

pub(crate) fn error_body(refusal: &Refused) -> Value {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": refusal.status.to_string(),
        "detail": refusal.detail,
    });
    if let Some(scim_type) = refusal.scim_type {
        body["scimType"] = json!(scim_type);
    }
    body
}

fn write(reply: Reply) -> Response {
    let Some(body) = reply.body else { return reply.status.into_response() };
    let mut response =
        (reply.status, [(header::CONTENT_TYPE, "application/scim+json")], body.to_string()).into_response();
    if let Some(location) = reply.location.and_then(|text| text.parse().ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

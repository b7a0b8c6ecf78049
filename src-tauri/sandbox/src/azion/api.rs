//! The API of the identity providers: `GET /iam/identity_providers`, `GET` and `PATCH /iam/identity_providers/saml2/<uuid>`.
//! Facts C1 and C5. Facts C4 know four shapes of an error body and not which of them comes when: that is an assumption throughout.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use serde_json::{Map, Value, json};

use super::{Barred, Protocol, Provider};
use crate::world::{Shared, World};

/// Why there is no answer.
enum Refusal {
    NoToken,
    UnknownToken,
    ExpiredToken,
    Barred(Barred),
    Method(Method),
    MediaType,
    Json,
    /// A field and what is wrong with it.
    Field(&'static str, &'static str),
    NotFound,
}

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/iam/{*rest}", any(answer))
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    let result = admit(&shared, &headers).and_then(|()| match path.as_slice() {
        ["iam", "identity_providers"] => match method {
            Method::GET => Ok(list(&shared)),
            _ => Err(Refusal::Method(method)),
        },
        ["iam", "identity_providers", "saml2", uuid] => match method {
            Method::GET => shared.read(|world| find(world, &shared, uuid).map(|one| details(world, &shared, one))),
            Method::PATCH => patch(&shared, uuid, &headers, &body),
            _ => Err(Refusal::Method(method)),
        },
        _ => Err(Refusal::NotFound),
    });
    match result {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

/// Facts C1 and C3: the word before the token is `Token`; `Bearer` is for the SCIM endpoint alone.
fn admit(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = value.and_then(|value| value.split_once(' ')).ok_or(Refusal::NoToken)?;
    if !scheme.eq_ignore_ascii_case("token") {
        return Err(Refusal::NoToken);
    }
    shared.read(|world| {
        let token = token.trim();
        if world.bearers.accepts(&shared.seed, world.target, token, world.now()).is_some() {
            return world.barred().map_or(Ok(()), |barred| Err(Refusal::Barred(barred)));
        }
        let serial = world.bearers.serial(&shared.seed, world.target, token);
        let known = world.bearers.issued.iter().any(|one| Some(one.serial) == serial);
        Err(if known { Refusal::ExpiredToken } else { Refusal::UnknownToken })
    })
}

/// Facts C5: an array, as the console's code reads it; the guide shows one object.
fn list(shared: &Shared) -> Value {
    shared.read(|world| {
        world
            .identity_providers()
            .iter()
            .map(|one| {
                let mut object = common(world, shared, one);
                object.insert("protocol".to_owned(), json!(one.protocol.name()));
                Value::Object(object)
            })
            .collect()
    })
}

fn common(world: &World, shared: &Shared, one: &Provider) -> Map<String, Value> {
    let (base, path) = (&shared.base, one.scim_path(&shared.seed));
    // Facts C1 and C5: with /Users at its end, and null before.
    let scim_url = world.has_scim(one).then(|| format!("{}{path}/Users", shared.scim_origin(world)));
    let members = [
        ("uuid", json!(one.uuid(&shared.seed))),
        ("name", json!(one.name)),
        ("is_active", json!(world.is_active(one))),
        ("login_url", json!(format!("{base}{path}/login"))),
        ("scim_integration", json!(world.has_scim(one))),
        ("scim_url", json!(scim_url)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn details(world: &World, shared: &Shared, one: &Provider) -> Value {
    let (base, path) = (&shared.base, one.scim_path(&shared.seed));
    let elsewhere = format!("https://sign-in.practice.invalid/{}", one.number);
    let mut object = common(world, shared, one);
    for (name, value) in [
        ("sign_in_url", format!("{elsewhere}/saml2")),
        ("entity_id_url", format!("{elsewhere}/entity")),
        ("metadata_url", format!("{base}{path}/metadata")),
        ("acs_url", format!("{base}{path}/login")),
        ("signature_algorithm", "sha-256".to_owned()),
    ] {
        object.insert(name.to_owned(), json!(value));
    }
    Value::Object(object)
}

fn find(world: &World, shared: &Shared, uuid: &str) -> Result<&'static Provider, Refusal> {
    let one = world.identity_provider(&shared.seed, uuid);
    one.filter(|one| one.protocol == Protocol::Saml).ok_or(Refusal::NotFound)
}

fn patch(shared: &Shared, uuid: &str, headers: &HeaderMap, body: &Bytes) -> Result<Value, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    shared.change(|world| {
        let one = find(world, shared, uuid)?;
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::MediaType);
        }
        let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::Json)?;
        let object = body.as_object().ok_or(Refusal::Json)?;
        let active = boolean(object, "is_active")?;
        let scim = boolean(object, "scim_integration")?;
        if scim == Some(true) && !active.unwrap_or(world.is_active(one)) {
            return Err(Refusal::Field(
                "scim_integration",
                "The identity provider must be active to enable SCIM integration.",
            ));
        }
        if let Some(active) = active {
            world.azion.active[one.number] = Some(active);
        }
        if let Some(scim) = scim {
            world.azion.scim[one.number] = scim;
        }
        Ok(details(world, shared, one))
    })
}

/// Members that are not named stay as they are.
fn boolean(object: &Map<String, Value>, name: &'static str) -> Result<Option<bool>, Refusal> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::Bool(yes)) => Ok(Some(*yes)),
        Some(_) => Err(Refusal::Field(name, "Must be a valid boolean.")),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let detail = |text: &str| json!({ "detail": text });
    let (status, body) = match refusal {
        Refusal::NoToken => (StatusCode::UNAUTHORIZED, detail("Authentication credentials were not provided.")),
        Refusal::UnknownToken => (StatusCode::UNAUTHORIZED, detail("Invalid token.")),
        Refusal::ExpiredToken => (StatusCode::UNAUTHORIZED, detail("Token has expired.")),
        Refusal::Barred(barred @ Barred::Role) => (StatusCode::FORBIDDEN, detail(barred.text())),
        Refusal::Barred(barred @ Barred::Plan) => (StatusCode::FORBIDDEN, json!({ "detail": [barred.text()] })),
        Refusal::Method(method) => {
            (StatusCode::METHOD_NOT_ALLOWED, detail(&format!("Method \"{method}\" not allowed.")))
        }
        Refusal::MediaType => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, detail("Unsupported media type. Send application/json."))
        }
        Refusal::Json => (StatusCode::BAD_REQUEST, json!({ "detail": ["The body is not a JSON object."] })),
        Refusal::Field(name, text) => {
            (StatusCode::BAD_REQUEST, Value::Object(Map::from_iter([((*name).to_owned(), json!([text]))])))
        }
        Refusal::NotFound => (StatusCode::NOT_FOUND, not_found()),
    };
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Token"));
    }
    response
}

/// The shape of the v4 API.
fn not_found() -> Value {
    json!({ "errors": [{
        "status": "404",
        "code": "10004",
        "title": "Not Found",
        "detail": "There is no identity provider of this kind with this identifier.",
        "source": { "pointer": "/uuid" },
    }] })
}

//! The token API's HTTP edge: `/v1alpha1/proxytoken` and `/v1alpha1/proxytoken/rotate`.
//! Facts A2: only the two POST lines are documented. Status codes, answer shapes and error bodies are assumptions.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
    routing::any,
};
use serde_json::{Value, json};

use crate::{
    fault::{Fault, TokenShape},
    greenlake::{ProxyToken, Refusal},
    scim::{profile, routes, store::Refused},
    tokens,
    world::{Shared, World},
};

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1alpha1/scimproxy", any(routes::answer))
        .route("/v1alpha1/scimproxy/{*rest}", any(routes::answer))
        .route("/v1alpha1/{*rest}", any(answer))
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let rotates = match request.uri().path() {
        "/v1alpha1/proxytoken" => false,
        "/v1alpha1/proxytoken/rotate" => true,
        _ => return refused(&Refused::new(404, None, "There is nothing at this path.")),
    };
    if request.method() != Method::POST {
        // Facts A2: reading and deleting a token are not documented.
        return refused(&Refused::new(405, None, "Only POST is offered here."));
    }
    let remove_current = match request.uri().query().map(remove_current) {
        None => false,
        Some(Ok(yes)) => yes,
        Some(Err(refusal)) => return refused(&refusal),
    };
    let token = tokens::bearer(request.headers());
    let issued = shared.change(|world| issue(world, &shared, token, rotates, remove_current));
    match issued {
        Ok(token) => write(&shared, &token),
        Err(refusal) => refused(&explain(&refusal)),
    }
}

/// `remove-current`, as in the documented curl line. The prose's `remove_current` is ignored like any unknown parameter, and without
/// a value the gentle way is taken: both are assumptions (facts A2).
fn remove_current(query: &str) -> Result<bool, Refused> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    match pairs.into_iter().filter(|(name, _)| name == "remove-current").last() {
        None => Ok(false),
        Some((_, value)) => match value.to_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Refused::new(400, None, "remove-current must be true or false.")),
        },
    }
}

fn issue(
    world: &mut World,
    shared: &Shared,
    token: Option<&str>,
    rotates: bool,
    remove_current: bool,
) -> Result<ProxyToken, Refusal> {
    let now = world.now();
    world.greenlake.admit(&shared.seed, token, now)?;
    if world.switches.has(Fault::RoleMissing) {
        return Err(Refusal::RoleMissing);
    }
    let claimed = world.switches.has(Fault::TokenExists);
    let issued = match rotates {
        // With the fault there is said to be a token, so there is one to rotate as well.
        true => match world.greenlake.rotate(now, remove_current) {
            Err(Refusal::NoToken) if claimed => world.greenlake.create(now),
            result => result,
        },
        false if claimed => Err(Refusal::TokenExists),
        false => world.greenlake.create(now),
    };
    match world.switches.left_of_a_token() {
        Some(left) => issued.map(|_| world.greenlake.age_newest(now, left)),
        None => issued,
    }
}

fn explain(refusal: &Refusal) -> Refused {
    let (status, detail) = match refusal {
        Refusal::NotSignedIn => (401, "The access token is missing or not valid."),
        Refusal::Expired => (401, "The access token has expired."),
        Refusal::RoleMissing => (403, "The caller does not have the role SCIM Proxy Token Contributor."),
        Refusal::TokenExists => (409, "A SCIM proxy token exists already for this tenant. Rotate it instead."),
        Refusal::NoToken => (404, "There is no SCIM proxy token to rotate."),
    };
    Refused::new(status, None, detail)
}

/// The error body that facts A4 document for HPE's platform API; for this one it is an assumption.
pub(crate) fn refused(refusal: &Refused) -> Response {
    const EXTENSION: &str = "urn:ietf:params:scim:schemas:extensions:hpe-greenlake:2.0:Error";
    let mut body = profile::plain_error(refusal);
    if let Some(schemas) = body["schemas"].as_array_mut() {
        schemas.push(json!(EXTENSION));
    }
    body[EXTENSION] = json!({
        "httpStatusCode": refusal.status,
        "errorCode": error_code(refusal.status),
        "message": refusal.detail,
        "debugId": uuid::Uuid::new_v4().to_string(),
    });
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

fn error_code(status: u16) -> &'static str {
    match status {
        400 => "HPE_GL_IDENTITY_BAD_REQUEST",
        401 => "HPE_GL_IDENTITY_UNAUTHORIZED",
        403 => "HPE_GL_IDENTITY_FORBIDDEN",
        404 => "HPE_GL_IDENTITY_NOT_FOUND",
        405 => "HPE_GL_IDENTITY_METHOD_NOT_ALLOWED",
        409 => "HPE_GL_IDENTITY_CONFLICT",
        429 => "HPE_GL_IDENTITY_TOO_MANY_REQUESTS",
        _ => "HPE_GL_IDENTITY_INTERNAL_SERVER_ERROR",
    }
}

fn write(shared: &Shared, issued: &ProxyToken) -> Response {
    let (shape, odd) = shared.read(|world| (world.switches.token_shape, world.switches.has(Fault::TokenOdd)));
    if odd {
        return (StatusCode::CREATED, Json(json!({ "result": "ok", "status": { "code": 0 } }))).into_response();
    }
    let token = tokens::proxy_token(&shared.seed, issued.serial);
    if shape == TokenShape::PlainText {
        return (StatusCode::CREATED, token).into_response();
    }
    let id = shared.seed.uuid("proxy-id", issued.serial);
    (StatusCode::CREATED, Json(shaped(shape, issued, &id, token))).into_response()
}

fn shaped(shape: TokenShape, issued: &ProxyToken, id: &str, token: String) -> Value {
    let (from, until) = (issued.issued_at, issued.expires_at);
    let object = json!({ "id": id, "token": token, "created_at": from, "expires_at": until });
    match shape {
        TokenShape::Object => object,
        TokenShape::CamelCase => json!({ "id": id, "proxyToken": token, "createdAt": from, "expiresAt": until }),
        TokenShape::Nested => json!({ "data": object }),
        TokenShape::JsonString | TokenShape::PlainText => Value::String(token),
        TokenShape::UnknownKey => json!({ "id": id, "scimSecret": token, "validUntil": until }),
        TokenShape::ExpiresIn => {
            json!({ "access_token": token, "token_type": "Bearer", "expires_in": until.as_second() - from.as_second() })
        }
        TokenShape::WithoutExpiry => json!({ "token": token }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hyphen_counts_and_the_underscore_is_ignored() {
        assert_eq!(remove_current("remove-current=true").ok(), Some(true));
        assert_eq!(remove_current("remove-current=false").ok(), Some(false));
        assert_eq!(remove_current("remove_current=true").ok(), Some(false));
        assert_eq!(remove_current("remove-current=perhaps").err().map(|refusal| refusal.status), Some(400));
    }
}

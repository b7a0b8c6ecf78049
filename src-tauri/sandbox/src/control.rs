//! The control API: JSON under an unguessable path, for tests and for whoever shows the practice world around.

use std::{str::FromStr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    fault::{AccessTokenForm, Fault, Hiccup, TokenShape, UnknownName},
    scim::store::Kind,
    world::{Shared, World},
};

type Answer = Result<Json<Value>, Refusal>;

/// A status and a sentence.
type Refusal = (StatusCode, Json<Value>);

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/control/{key}/", get(overview))
        .route("/control/{key}/requests", get(requests))
        .route("/control/{key}/{action}", post(act))
}

/// The path's random part is the only key.
fn admit(shared: &Shared, key: &str) -> Result<(), Refusal> {
    let known = shared.seed.control_key();
    if key == known { Ok(()) } else { Err(refusal(StatusCode::NOT_FOUND, "There is nothing at this path.")) }
}

async fn overview(State(shared): State<Arc<Shared>>, Path(key): Path<String>) -> Answer {
    admit(&shared, &key)?;
    let count = shared.records.count();
    Ok(Json(shared.read(|world| describe(world, count))))
}

fn describe(world: &World, requests: u64) -> Value {
    json!({
        "now": world.now(),
        "faults": world.switches.faults,
        "hiccups": world.switches.hiccups,
        "token_shape": world.switches.token_shape,
        "access_token_form": world.switches.access_token_form,
        "requests": requests,
        "users": world.scim.count(Kind::User),
        "groups": world.scim.count(Kind::Group),
        "proxy_tokens": world.greenlake.proxy_tokens.len(),
        "tokens": world.bearers.issued.len(),
        "apps": world.entra.summary(),
        "cycles": world.entra.cycles(),
        "activity": world.activities.counts(),
    })
}

async fn requests(State(shared): State<Arc<Shared>>, Path(key): Path<String>) -> Answer {
    admit(&shared, &key)?;
    Ok(Json(json!({ "count": shared.records.count(), "requests": shared.records.all() })))
}

async fn act(
    State(shared): State<Arc<Shared>>,
    Path((key, action)): Path<(String, String)>,
    body: Option<Json<Value>>,
) -> Answer {
    admit(&shared, &key)?;
    let body = body.map(|Json(body)| body).unwrap_or_default();
    match action.as_str() {
        "clock" => {
            let seconds = body["advance_seconds"].as_u64();
            let seconds =
                seconds.ok_or_else(|| wrong("advance_seconds must be a whole number of seconds, 0 or more."))?;
            shared.advance(Duration::from_secs(seconds));
        }
        "fault" => {
            let fault: Fault = named(&body, "name")?;
            let on = body["on"].as_bool().ok_or_else(|| wrong("on must be true or false."))?;
            shared.change(|world| world.set_fault(fault, on));
        }
        "hiccup" => {
            let hiccup: Hiccup = named(&body, "name")?;
            shared.change(|world| world.switches.arm(hiccup));
        }
        "token-shape" => {
            let shape: TokenShape = named(&body, "shape")?;
            shared.change(|world| world.switches.token_shape = shape);
        }
        "access-token-form" => {
            let form: AccessTokenForm = named(&body, "form")?;
            shared.change(|world| world.switches.access_token_form = form);
        }
        "personal-access-token" => {
            return Ok(Json(json!({ "personal_access_token": shared.issue_access_token() })));
        }
        _ => {
            let known = "clock, fault, hiccup, token-shape, access-token-form, personal-access-token";
            return Err(refusal(StatusCode::NOT_FOUND, &format!("Known actions are: {known}.")));
        }
    }
    let count = shared.records.count();
    Ok(Json(shared.read(|world| describe(world, count))))
}

fn named<T: FromStr<Err = UnknownName>>(body: &Value, field: &str) -> Result<T, Refusal> {
    body[field].as_str().unwrap_or_default().parse().map_err(|error: UnknownName| wrong(&error.to_string()))
}

fn wrong(text: &str) -> Refusal {
    refusal(StatusCode::BAD_REQUEST, text)
}

fn refusal(status: StatusCode, text: &str) -> Refusal {
    (status, Json(json!({ "error": text })))
}

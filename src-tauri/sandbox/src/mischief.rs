//! Faults and hiccups that replace a whole answer of the token API or the SCIM endpoint. Faults inside an answer live beside that answer.

use std::time::Duration;

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jiff::SignedDuration;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::{
    edge::Door,
    fault::{Fault, Hiccup, Target},
    scim::{routes, store::Refused},
    token_api,
    world::Shared,
};

const SLOW: Duration = Duration::from_secs(3);
const PIECE: usize = 64 * 1024;
/// 1 GB.
const HUGE: u64 = 1 << 30;

/// The answer given instead of the real one, if something is wrong today.
pub(crate) async fn instead(shared: &Shared, door: Door, path: &str) -> Option<Response> {
    if !matches!(door, Door::Api | Door::Scim) {
        return None;
    }
    if let Some(delay) = shared.delay {
        tokio::time::sleep(delay).await;
    }
    let armed = shared.read(|world| !world.switches.hiccups.is_empty());
    if armed && let Some(hiccup) = shared.change(|world| world.switches.take_hiccup()) {
        match hiccup {
            Hiccup::ServerErrorOnce => return Some(server_error(shared, door)),
            Hiccup::RateLimitedOnce => return Some(rate_limited(shared, door, Some("1".to_owned()))),
            Hiccup::Slow => tokio::time::sleep(SLOW).await,
        }
    }
    let faults = shared.read(|world| world.switches.faults.clone());
    for fault in faults {
        if let Some(answer) = whole_answer(shared, fault, door, path).await {
            return Some(answer);
        }
    }
    None
}

async fn whole_answer(shared: &Shared, fault: Fault, door: Door, path: &str) -> Option<Response> {
    let api = door == Door::Api;
    let scim = door == Door::Scim;
    Some(match fault {
        Fault::ApiNotFound if api => refusal(shared, door, 404, "Not found."),
        Fault::ScimNotFound if scim => refusal(shared, door, 404, "Not found."),
        Fault::ApiHtml if api => web_page(),
        Fault::ScimHtml if scim => web_page(),
        Fault::ApiTruncated if api => truncated(r#"{"id":"2c9d1f60-97d5-4d35-8a7e-0d0d5d2f","tok"#),
        Fault::ScimTruncated if scim => truncated(r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResp"#),
        Fault::ApiHuge if api => huge(),
        Fault::ScimHuge if scim => huge(),
        Fault::ApiSilent if api => std::future::pending().await,
        Fault::ScimSilent if scim => std::future::pending().await,
        Fault::ApiRedirect if api => elsewhere(path),
        Fault::ScimRedirect if scim => elsewhere(path),
        Fault::ApiServerError if api => server_error(shared, door),
        Fault::ScimServerError if scim => server_error(shared, door),
        Fault::ApiRateLimited if api => rate_limited(shared, door, Some("3600".to_owned())),
        Fault::ScimRateLimited if scim => rate_limited(shared, door, Some("3600".to_owned())),
        Fault::ApiRateLimitedDate if api => rate_limited(shared, door, Some(an_hour_from_now(shared))),
        Fault::ApiRateLimitedBare if api => rate_limited(shared, door, None),
        Fault::ScimUnauthorized if scim => routes::unauthorized(shared),
        Fault::ScimForbidden if scim => {
            refusal(shared, door, 403, "You do not have permission to perform this operation.")
        }
        Fault::ProxyRefuses => proxy(),
        // As the libraries say that read such tokens.
        Fault::ClockSkew if api => refusal(shared, door, 401, "Token used before issued"),
        Fault::GroupsBroken if scim && (path.ends_with("/Groups") || path.contains("/Groups/")) => {
            server_error(shared, door)
        }
        _ => return None,
    })
}

fn refusal(shared: &Shared, door: Door, status: u16, detail: &str) -> Response {
    let refusal = Refused::new(status, None, detail);
    match shared.target {
        _ if door == Door::Scim => routes::error(shared, &refusal),
        // Facts C4: the plainest of its forms.
        Target::Azion => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, axum::Json(json!({ "detail": detail }))).into_response()
        }
        Target::HpeGreenlake | Target::AwsIdentityCenter | Target::Generic => token_api::refused(&refusal),
    }
}

fn server_error(shared: &Shared, door: Door) -> Response {
    refusal(shared, door, 500, "An internal error occurred. Please try again later.")
}

fn rate_limited(shared: &Shared, door: Door, retry_after: Option<String>) -> Response {
    let mut response = refusal(shared, door, 429, "Too many requests.");
    if let Some(value) = retry_after.and_then(|text| text.parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn an_hour_from_now(shared: &Shared) -> String {
    httpdate::fmt_http_date((shared.now() + SignedDuration::from_hours(1)).into())
}

fn web_page() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1><p>Your session has ended.</p></body></html>";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// What Squid answers, in short.
fn proxy() -> Response {
    let page = "<!DOCTYPE html><html><head><title>ERROR: Cache Access Denied</title></head><body><h1>ERROR</h1><h2>Cache Access Denied.</h2><p>Sorry, you are not currently allowed to request this page from this cache until you have authenticated yourself.</p></body></html>";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::PROXY_AUTHENTICATE, "Basic realm=\"proxy.practice.invalid\""),
        (header::VIA, "1.1 proxy.practice.invalid (squid/6.6)"),
    ];
    (StatusCode::PROXY_AUTHENTICATION_REQUIRED, headers, page).into_response()
}

fn truncated(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn huge() -> Response {
    let spaces = tokio::io::repeat(b' ').take(HUGE);
    let body = Body::from_stream(ReaderStream::with_capacity(spaces, PIECE));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn elsewhere(path: &str) -> Response {
    // `.invalid` never resolves: whoever follows carries the token nowhere.
    let location = format!("http://elsewhere.invalid:8443{path}");
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response()
}

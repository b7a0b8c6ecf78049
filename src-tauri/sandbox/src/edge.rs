//! The one port: listening, routing by path, the guards at the door, and the list of requests. What a path answers stands elsewhere.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::{
    Fault, StartError, Target, aws, azion, control, entra, html, mischief, okta, portal, service, sign_in, token_api,
    turned_away, world::Shared,
};

const LARGEST_BODY: usize = 1024 * 1024;
const KEPT_RECORDS: usize = 2000;
const LONGEST_PATH: usize = 600;
const SLOW_BY: SignedDuration = SignedDuration::from_hours(3);

/// Which part of the world a request reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// The target's own API.
    Api,
    Scim,
    /// The target's practice console.
    Portal,
    /// The identity provider's practice console.
    Console,
    Control,
    Other,
}

impl Door {
    fn of(path: &str) -> Door {
        let under =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if ["/v1alpha1/scimproxy", "/scim", "/regions", "/v4/users/scim"].into_iter().any(under) {
            Door::Scim
        } else if under("/v1alpha1") || under("/iam") {
            Door::Api
        } else if ["/greenlake", "/aws", "/azion", "/service"].into_iter().any(under) {
            Door::Portal
        } else if under("/entra") || under("/okta") {
            Door::Console
        } else if under("/control") {
            Door::Control
        } else {
            Door::Other
        }
    }
}

/// One request, without header values and bodies. The control API's path is cut, because it is a secret.
#[derive(Debug, Clone, Serialize)]
pub struct RequestRecord {
    pub at: Timestamp,
    pub door: Door,
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub status: u16,
}

#[derive(Default)]
pub(crate) struct Records(Mutex<(VecDeque<RequestRecord>, u64)>);

impl Records {
    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.iter().cloned().collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    fn add(&self, record: RequestRecord) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.0.len() == KEPT_RECORDS {
            records.0.pop_front();
        }
        records.0.push_back(record);
        records.1 += 1;
    }
}

/// The port asked for; else the remembered one, if it is free; else any free one.
pub(crate) async fn listen(remembered: Option<u16>, asked: u16) -> Result<TcpListener, StartError> {
    if asked == 0
        && let Some(port) = remembered
        && let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await
    {
        return Ok(listener);
    }
    TcpListener::bind(("127.0.0.1", asked)).await.map_err(|source| StartError::Listen { port: asked, source })
}

pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let stop = shared.stop.clone().cancelled_owned();
    let app = Router::new()
        .route("/", get(html::front_page))
        .route("/practice/style.css", get(html::style))
        .route("/practice/copy.js", get(html::script))
        .merge(match shared.target {
            Target::HpeGreenlake => token_api::router().merge(portal::router()),
            Target::AwsIdentityCenter => aws::router(),
            Target::Azion => azion::router(),
            Target::Generic => service::router(),
        })
        .merge(control::router())
        .merge(entra::console::router())
        .merge(okta::router())
        .merge(sign_in::router())
        .fallback(html::not_found)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(shared.clone(), guard))
        .with_state(shared);
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the practice world stopped listening");
    }
}

/// Everything that holds for every request: who may knock, what is wrong today, how long it may take, what is noted.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut record = note(&shared, &request);
    let answer = async {
        if let Some(refusal) = refuse(&shared, &request) {
            return refusal;
        }
        if let Some(page) = turned_away::instead(&shared, &request) {
            return page;
        }
        match mischief::instead(&shared, record.door, request.uri().path()).await {
            Some(answer) => answer,
            None => next.run(request).await,
        }
    };
    let mut response = tokio::select! {
        response = answer => response,
        () = shared.stop.cancelled() => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    dress(&shared, record.door, &mut response);
    record.status = response.status().as_u16();
    shared.records.add(record);
    response
}

fn note(shared: &Shared, request: &Request) -> RequestRecord {
    let short = |text: &str| text.chars().take(LONGEST_PATH).collect::<String>();
    let door = Door::of(request.uri().path());
    let path = request.uri().path();
    RequestRecord {
        at: shared.now(),
        door,
        method: request.method().to_string(),
        path: match (door, path.splitn(4, '/').nth(3)) {
            (Door::Control, Some(rest)) => format!("/control/…/{}", short(rest)),
            (Door::Control, None) => "/control/…".to_owned(),
            _ => short(path),
        },
        query: request.uri().query().filter(|_| door != Door::Control).map(short),
        status: 0,
    }
}

/// A page elsewhere must not reach this server through the browser, neither by another host name nor by a form.
fn refuse(shared: &Shared, request: &Request) -> Option<Response> {
    let headers = request.headers();
    let host = request.uri().authority().map(|authority| authority.as_str()).or_else(|| text(headers, header::HOST));
    let port = shared.port;
    let ports = [Some(port), shared.tls_port()].into_iter().flatten();
    let own: Vec<String> = ports.flat_map(|port| [format!("127.0.0.1:{port}"), format!("localhost:{port}")]).collect();
    let Some(host) = own.iter().find(|own| host.is_some_and(|host| own.eq_ignore_ascii_case(host))) else {
        let text = format!(
            "The practice world does not answer under this address. Open http://127.0.0.1:{port}/ or http://localhost:{port}/ instead.\n"
        );
        return Some((StatusCode::MISDIRECTED_REQUEST, text).into_response());
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let foreign = text(headers, header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host))
        || headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
    (!reads && foreign).then(|| {
        (StatusCode::FORBIDDEN, "This request comes from a page that is not part of the practice world.\n")
            .into_response()
    })
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn dress(shared: &Shared, door: Door, response: &mut Response) {
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(clock_of(shared, door).into())) {
        headers.insert(header::DATE, date);
    }
}

/// The time as whoever answers has it.
fn clock_of(shared: &Shared, door: Door) -> Timestamp {
    let slow = matches!(door, Door::Api | Door::Scim) && shared.read(|world| world.switches.has(Fault::ClockSkew));
    if slow { shared.now() - SLOW_BY } else { shared.now() }
}

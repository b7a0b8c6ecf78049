//! The one door to the network: every request of the core goes through here, so that there is one place for TLS,
//! proxy, limits, redirects, retries, redaction and the list of requests. What an answer means to a system stands
//! in [`crate::systems`].

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::time::{Instant, sleep, timeout_at};
use url::{Host, Url};

use crate::error::{Code, Problem};

mod answer;
mod certificate;
mod failure;
mod headers;
mod journal;
mod line;
mod proxy;
pub(crate) mod redact;
mod refusal;
mod request;
mod tls_fault;
mod trust;
mod tunnel;
mod witness;

#[cfg(test)]
pub(crate) mod hostile;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_tls;

pub use answer::{Answer, End};
pub(crate) use certificate::Certificate;
pub(crate) use failure::{host, proxy_password, seconds, shown_url};
pub use journal::{Journal, RequestLine};
#[cfg(test)]
pub(crate) use line::Secured;
pub(crate) use line::{Line, Name, Reached, Unsecured};
pub(crate) use proxy::setting as proxy_setting;
pub use redact::{REDACTED, redact};
pub use request::Request;
pub(crate) use tls_fault::{TlsFault, tls_problem};
pub(crate) use tunnel::Tunnel;

use failure::{Failure, Kind};
use trust::Trust;

/// Same-host redirects that are followed.
const HOPS: u8 = 3;

/// How long and how much. The defaults are those of the app; tests take shorter ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For the whole answer.
    pub total: Duration,
    /// Bytes of a body; reading stops there.
    pub body: usize,
    /// Further tries of a GET.
    pub retries: u32,
    /// The longest `Retry-After` that is waited for.
    pub longest_wait: Duration,
    /// The wait before another try when the server names none; doubled at the second.
    pub pause: Duration,
    /// Nothing leaves this computer: for practice.
    pub loopback_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(20),
            body: 4 << 20,
            retries: 2,
            longest_wait: Duration::from_secs(5),
            pause: Duration::from_millis(500),
            loopback_only: false,
        }
    }
}

/// The client. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Http {
    outside: reqwest::Client,
    loopback: reqwest::Client,
    proxies: Arc<Matcher>,
    trust: Arc<Trust>,
    limits: Limits,
}

impl Http {
    /// With the app's limits, the operating system's trust store and its proxy settings.
    ///
    /// # Errors
    /// [`Code::Tls`] if the trust store cannot be read.
    pub fn new() -> Result<Self, Problem> {
        Self::with(Limits::default())
    }

    /// With other limits.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn with(limits: Limits) -> Result<Self, Problem> {
        let here = [SocketAddr::from(([127, 0, 0, 1], 0)), SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 0))];
        let trust = Arc::new(Trust::of_this_system()?);
        let builder = || builder(&limits).tls_backend_preconfigured(trust.config.clone());
        let outside = builder().build().map_err(|_| no_trust_store())?;
        let loopback =
            builder().no_proxy().resolve_to_addrs("localhost", &here).build().map_err(|_| no_trust_store())?;
        Ok(Self { outside, loopback, proxies: Arc::new(Matcher::from_system()), trust, limits })
    }

    /// The same for long lists: with larger bodies, and nothing tried again, because whoever asks knows better when.
    pub(crate) fn for_long_lists(&self, body: usize) -> Self {
        Self { limits: Limits { body, retries: 0, ..self.limits.clone() }, ..self.clone() }
    }

    /// Sends it. Any status is an answer; a body that does not end as it should is a failure.
    ///
    /// # Errors
    /// [`Code::Dns`], [`Code::Connect`], [`Code::Tls`], [`Code::Timeout`], [`Code::Proxy`], [`Code::Redirect`],
    /// [`Code::TooLarge`], [`Code::NotScim`] (cut off or not HTTP), [`Code::WrongPath`] (plain http outside loopback),
    /// [`Code::WrongInput`] (a token that no header can hold), [`Code::Refused`] (budget of the journal spent).
    pub async fn send(&self, request: Request, journal: &Journal) -> Result<Answer, Problem> {
        self.send_keeping(request, journal).await.map_err(Problem::from)?.whole()
    }

    /// Sends it, and gives what there is of a body that did not end as it should: look at [`Answer::end`].
    ///
    /// # Errors
    /// As [`Http::send`], without those about the body.
    pub async fn send_keeping(&self, request: Request, journal: &Journal) -> Result<Answer, Unanswered> {
        check_scheme(&request.url).map_err(Unanswered::before)?;
        if self.limits.loopback_only && !is_loopback(&request.url) {
            return Err(Unanswered::before(stays_here(&request.url)));
        }
        let mut url = request.url.clone();
        let (mut tries, mut hops) = (0, 0);
        loop {
            let answer = match self.once(&request, &url, journal).await {
                Ok(answer) => answer,
                Err(Fault::Line(failure))
                    if request.only_reads() && failure.kind.may_pass() && self.may_retry(tries, journal) =>
                {
                    sleep(self.limits.pause * 2_u32.pow(tries)).await;
                    tries += 1;
                    continue;
                }
                Err(fault) => return Err(fault.unanswered()),
            };
            if let Some(target) = answer.redirect {
                // "See other" after a POST usually means that it was done.
                let maybe_processed = !request.only_reads();
                url =
                    follow(&request, &url, target, hops).map_err(|problem| Unanswered { problem, maybe_processed })?;
                hops += 1;
                continue;
            }
            let Some(wait) = self.wait(&request, &answer.answer, tries, journal) else {
                return Ok(answer.answer);
            };
            sleep(wait).await;
            tries += 1;
        }
    }

    /// How long to wait before this is sent again; `None`: the answer stands.
    fn wait(&self, request: &Request, answer: &Answer, tries: u32, journal: &Journal) -> Option<Duration> {
        let again = match answer.status {
            429 => request.only_reads() || tries == 0,
            500 | 502 | 503 | 504 => request.only_reads(),
            _ => request.only_reads() && answer.end == End::CutOff,
        };
        if !again || !self.may_retry(tries, journal) {
            return None;
        }
        let wait = answer.retry_after.unwrap_or(self.limits.pause * 2_u32.pow(tries));
        (wait <= self.limits.longest_wait).then_some(wait)
    }

    fn may_retry(&self, tries: u32, journal: &Journal) -> bool {
        tries < self.limits.retries && journal.left() != Some(0)
    }

    async fn once(&self, request: &Request, url: &Url, journal: &Journal) -> Result<Once, Fault> {
        let wire = self.wire(request, url).map_err(Fault::Ours)?;
        let line = journal
            .open(request.method.as_str(), &path_and_query(url))
            .ok_or_else(|| Fault::Ours(budget_spent(url)))?;
        let deadline = Instant::now() + self.limits.total;
        let client = if is_loopback(url) { &self.loopback } else { &self.outside };
        let sent = timeout_at(deadline, client.execute(wire)).await;
        let result = match sent {
            Ok(Ok(response)) => {
                line.answered(response.status().as_u16());
                Ok(self.read(request, url, response, deadline).await)
            }
            Ok(Err(error)) => Err(self.fault(request, url, Kind::of(&error, self.limits.connect, self.limits.total))),
            Err(_) => Err(self.fault(request, url, Kind::Timeout(self.limits.total))),
        };
        trace(request, url, result.as_ref().ok().map(|once| once.answer.status), line.elapsed());
        result
    }

    fn wire(&self, request: &Request, url: &Url) -> Result<reqwest::Request, Problem> {
        let mut wire = reqwest::Request::new(request.method.clone(), url.clone());
        let headers = wire.headers_mut();
        headers.insert(ACCEPT, http::HeaderValue::from_static(request.accept));
        if let Some(authorization) = request.authorization() {
            headers.insert(AUTHORIZATION, authorization.map_err(|_| not_a_header())?);
        }
        if let Some(body) = &request.body {
            headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(body.content_type));
            *wire.body_mut() = Some(body.text.expose().to_owned().into());
        }
        Ok(wire)
    }

    async fn read(&self, request: &Request, url: &Url, mut response: reqwest::Response, deadline: Instant) -> Once {
        let headers = response.headers();
        let redirect = headers::redirect(response.status(), headers.get(LOCATION), url);
        let date = headers::date(headers);
        let answer = Answer {
            method: request.method.to_string(),
            url: url.clone(),
            redirected_from: (*url != request.url).then(|| request.url.clone()),
            status: response.status().as_u16(),
            content_type: headers::content_type(headers),
            retry_after: headers::retry_after(headers, date),
            date,
            body: Vec::new(),
            end: End::Whole,
            secrets: request.secrets(),
        };
        let (body, end) = self.body(&mut response, deadline).await;
        Once { answer: Answer { body, end, ..answer }, redirect }
    }

    async fn body(&self, response: &mut reqwest::Response, deadline: Instant) -> (Vec<u8>, End) {
        // Promised, and perhaps not kept: room costs nothing until it is used.
        let promised = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let mut body = Vec::with_capacity(promised.min(self.limits.body));
        loop {
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    let room = self.limits.body.saturating_sub(body.len());
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        return (body, End::TooLarge(self.limits.body));
                    }
                }
                Ok(Ok(None)) => return (body, End::Whole),
                Ok(Err(_)) => return (body, End::CutOff),
                Err(_) => return (body, End::TimedOut(self.limits.total)),
            }
        }
    }

    fn fault(&self, request: &Request, url: &Url, kind: Kind) -> Fault {
        let proxy = self.intercept(url);
        Fault::Line(Failure {
            kind,
            method: request.method.to_string(),
            url: url.clone(),
            status: None,
            signed_in: proxy.as_ref().is_some_and(|proxy| proxy.basic_auth().is_some()),
            proxy: proxy.as_ref().map(tunnel::place),
        })
    }

    /// The variable that should name a proxy for this URL and cannot be read.
    pub(crate) fn unreadable_proxy(&self, url: &Url) -> Option<&'static str> {
        if is_loopback(url) { None } else { tunnel::unreadable(|name| std::env::var(name).ok()) }
    }

    /// How long one answer may take.
    pub(crate) fn longest_answer(&self) -> Duration {
        self.limits.total
    }

    /// The proxy that this URL goes through.
    fn intercept(&self, url: &Url) -> Option<Intercept> {
        if is_loopback(url) {
            return None;
        }
        self.proxies.intercept(&url.as_str().parse().ok()?)
    }
}

/// One request's answer and where it points to.
struct Once {
    answer: Answer,
    redirect: Option<Url>,
}

/// Why one request has no answer.
enum Fault {
    Line(Failure),
    Ours(Problem),
}

impl Fault {
    fn unanswered(self) -> Unanswered {
        match self {
            Self::Line(failure) => {
                Unanswered { maybe_processed: failure.kind.maybe_processed(), problem: failure.problem() }
            }
            Self::Ours(problem) => Unanswered::before(problem),
        }
    }
}

/// A request without an answer.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// Why, in words.
    pub problem: Problem,
    /// Whether the server may have done what was asked all the same.
    pub maybe_processed: bool,
}

impl Unanswered {
    fn before(problem: Problem) -> Self {
        Self { problem, maybe_processed: false }
    }
}

impl From<Unanswered> for Problem {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.problem
    }
}

fn builder(limits: &Limits) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("Usher/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
}

/// 127.0.0.0/8, ::1 and `localhost`, which always resolves to these here.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

fn stays_here(url: &Url) -> Problem {
    let message =
        format!("This is practice, and {} is not part of the practice world. Nothing was sent there.", host(url));
    Problem::new(Code::Practice, message).hint("Copy the address from the practice console in your browser.")
}

/// https, or http to loopback.
///
/// # Errors
/// [`Code::WrongPath`], with the https form as a hint.
pub fn check_scheme(url: &Url) -> Result<(), Problem> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(Problem::new(Code::WrongPath, format!("The URL of {} starts with http://, which would send the token unprotected. Usher did not send anything.", host(url)))
            .hint(format!("Use https://{}{} instead.", host(url), redact::cut(url.path(), 300)))),
        _ => Err(Problem::new(Code::WrongPath, "The URL does not start with https://. Usher did not send anything.")
            .hint("Copy the URL from the console again; it starts with https://.")),
    }
}

/// The URL to ask next, if it may be asked.
fn follow(request: &Request, from: &Url, target: Url, hops: u8) -> Result<Url, Problem> {
    let problem = |message: String| {
        let details = crate::error::Details {
            method: request.method.to_string(),
            url: shown_url(from),
            status: None,
            body: format!("redirect to {}", shown_url(&target)),
        };
        Problem::new(Code::Redirect, message).details(crate::error::Details {
            body: redact(&details.body, &request.secrets(), redact::SHOWN),
            ..details
        })
    };
    let from_host = host(from);
    if target.origin() != from.origin() {
        let place = format!("{}://{}", redact::cut(target.scheme(), 20), host(&target));
        return Err(problem(format!(
            "{from_host} points to another place, {place}. Usher did not follow: the token is not sent there."
        ))
        .hint("Compare the URL with the one in the console; also http or https and the port.")
        .hint(format!("If {place} is right, use the URL that the console shows for it.")));
    }
    if !request.only_reads() || hops >= HOPS {
        return Err(problem(format!("{from_host} answers with a redirect on itself instead of doing what was asked."))
            .hint("Compare the URL letter by letter with the one in the console.")
            .hint("A login that a proxy or a gateway wants can be the reason; ask your network team."));
    }
    Ok(target)
}

fn path_and_query(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

/// Names of the query only: a filter may hold a person's name.
fn trace(request: &Request, url: &Url, status: Option<u16>, ms: u64) {
    let keys: Vec<_> = url.query_pairs().map(|(key, _)| redact::cut(&redact::one_line(&key), 40)).collect();
    tracing::debug!(method = %request.method, host = %host(url), path = url.path(), query = %keys.join("&"), status, ms, "request");
}

fn budget_spent(url: &Url) -> Problem {
    Problem::new(
        Code::Refused,
        format!("Usher stopped asking {}: this needs more requests than it allows itself.", host(url)),
    )
    .hint("Try again; if it happens again, send the list of requests to the team that runs the server.")
}

fn not_a_header() -> Problem {
    Problem::new(Code::WrongInput, "The token has characters that cannot be sent. Usher did not send anything.")
        .hint("Copy the token again, with the console's own copy button if there is one.")
}

fn no_trust_store() -> Problem {
    Problem::new(Code::Tls, "Usher found no trusted certificates on this computer, so it cannot check whom it talks to.")
        .hint("Install the system's package of root certificates (ca-certificates), or set SSL_CERT_FILE, then start Usher again.")
}

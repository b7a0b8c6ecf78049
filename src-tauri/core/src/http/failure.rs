//! Why there is no answer, told apart and put into words.

use std::{error::Error, io, time::Duration};

use url::Url;

use super::tls_fault::{TlsFault, tls_problem};
use crate::error::{Code, Details, Problem};

/// What went wrong on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Dns,
    Refused,
    Unreachable,
    Reset,
    Tls(TlsFault),
    ConnectTimeout(Duration),
    Timeout(Duration),
    ProxyPassword,
    ProxyFailed,
    NotHttp,
    CutOff,
    TooLarge(usize),
}

/// A request without a usable answer.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) status: Option<u16>,
    /// Host and port of the proxy that this request went to.
    pub(super) proxy: Option<String>,
    /// Whether the proxy was given a name and a password.
    pub(super) signed_in: bool,
}

impl Kind {
    /// Finds the class of a reqwest error by walking its sources.
    pub(super) fn of(error: &reqwest::Error, connect: Duration, total: Duration) -> Self {
        let chain = chain(error);
        if chain.iter().any(|cause| cause.to_string().contains("proxy authorization required")) {
            return Self::ProxyPassword;
        }
        if chain.iter().any(|cause| cause.to_string().starts_with("tunnel error")) {
            return Self::ProxyFailed;
        }
        if let Some(fault) = chain.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::Tls(TlsFault::of(fault));
        }
        if error.is_timeout() {
            return if error.is_connect() { Self::ConnectTimeout(connect) } else { Self::Timeout(total) };
        }
        if chain.iter().any(|cause| cause.to_string().starts_with("dns error")) {
            return Self::Dns;
        }
        // The outer ones may only say that something failed.
        if let Some(kind) = chain.iter().filter_map(|cause| cause.downcast_ref::<io::Error>()).find_map(Self::of_io) {
            return kind;
        }
        if chain.iter().filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse) {
            return Self::NotHttp;
        }
        if error.is_connect() { Self::Unreachable } else { Self::Reset }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Some(Self::Reset),
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable => {
                Some(Self::Unreachable)
            }
            _ => None,
        }
    }

    /// Whether the request may have reached the server.
    pub(super) fn maybe_processed(&self) -> bool {
        match self {
            Self::Reset | Self::Timeout(_) | Self::NotHttp | Self::CutOff | Self::TooLarge(_) => true,
            // An alert can come in the middle, too.
            Self::Tls(TlsFault::Alert) => true,
            Self::Dns
            | Self::Refused
            | Self::Unreachable
            | Self::Tls(_)
            | Self::ConnectTimeout(_)
            | Self::ProxyPassword
            | Self::ProxyFailed => false,
        }
    }

    /// Worth another try of a request that only reads.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Reset | Self::CutOff)
    }
}

/// The error and everything below it. `io::Error` hides what it wraps from `source`, so it is unwrapped by hand.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut all: Vec<&'a (dyn Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(current) = next {
        all.push(current);
        next = match current.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => current.source(),
        };
        if all.len() > 30 {
            break;
        }
    }
    all
}

impl Failure {
    /// In words, with what to do next.
    pub(super) fn problem(&self) -> Problem {
        let host = host(&self.url);
        let problem = match &self.kind {
            Kind::ProxyPassword | Kind::ProxyFailed => self.proxy_problem(&host),
            Kind::Dns | Kind::Refused | Kind::Unreachable | Kind::ConnectTimeout(_) if self.proxy.is_some() => {
                self.proxy_problem(&host)
            }
            Kind::Tls(fault) => tls_problem(*fault, &host),
            other => line_problem(other, &host, self.url.scheme()),
        };
        problem.details(Details {
            method: self.method.clone(),
            url: shown_url(&self.url),
            status: self.status,
            body: String::new(),
        })
    }

    fn proxy_problem(&self, host: &str) -> Problem {
        let proxy = self.proxy.as_deref().unwrap_or("of this network");
        if self.kind == Kind::ProxyPassword {
            return proxy_password(proxy, host, self.signed_in);
        }
        Problem::new(Code::Proxy, format!("The proxy {proxy} did not open a connection to {host}."))
            .hint(format!("Ask your network team to allow {host} in the proxy."))
            .hint("If this computer needs no proxy, take it out of the system's proxy settings and start Usher again.")
    }
}

/// The words for a proxy that wants a password, or another one.
pub(crate) fn proxy_password(proxy: &str, host: &str, signed_in: bool) -> Problem {
    if signed_in {
        return Problem::new(Code::Proxy, format!("The proxy {proxy} does not accept the user name and password that Usher has for it, and does not let it through to {host}."))
            .hint("Correct them in the variable HTTPS_PROXY or in the system's proxy settings, and start Usher again. Characters such as @ : / in the password are written with a percent sign there: %40 %3A %2F.");
    }
    Problem::new(Code::Proxy, format!("The proxy {proxy} wants a user name and a password before it lets Usher through to {host}."))
        .hint(format!("Put them in front of the proxy's address, in the system's proxy settings or in the variable HTTPS_PROXY: http://user:password@{proxy}. Then start Usher again."))
        .hint("Ask your network team how programs sign in to the proxy, if you do not know a name and a password for it.")
}

fn line_problem(kind: &Kind, host: &str, scheme: &str) -> Problem {
    let reachable = format!(
        "Check in a browser on this computer whether {scheme}://{host} can be reached; a firewall may be in between."
    );
    match kind {
        Kind::Dns => Problem::new(Code::Dns, format!("The name {host} could not be found."))
            .hint("Compare the host name letter by letter with the one in the console.")
            .hint("If it is right, check this computer's network connection or VPN."),
        Kind::Refused => Problem::new(Code::Connect, format!("Nobody answers at {host}: the connection was refused."))
            .hint("Check the host name and the port in the URL.")
            .hint(reachable),
        Kind::Reset => maybe_tls(
            Problem::new(Code::Connect, format!("{host} closed the connection without an answer.")),
            host,
            scheme,
        )
        .hint("Try again in a minute.")
        .hint(reachable),
        Kind::ConnectTimeout(limit) => {
            Problem::new(Code::Timeout, format!("{host} did not accept a connection within {}.", seconds(*limit)))
                .hint(reachable)
                .hint("Check the host name and the port in the URL.")
        }
        Kind::Timeout(limit) => {
            Problem::new(Code::Timeout, format!("{host} did not answer within {}.", seconds(*limit)))
                .hint("Try again in a minute.")
                .hint(reachable)
        }
        Kind::NotHttp => {
            maybe_tls(Problem::new(Code::NotScim, format!("What {host} answered is not HTTP.")), host, scheme)
                .hint("Check the port in the URL: another program may be listening there.")
        }
        Kind::CutOff => Problem::new(Code::NotScim, format!("The answer of {host} broke off before its end."))
            .hint("Try again in a minute.")
            .hint("If it happens again, a proxy or firewall in between may be cutting answers short."),
        Kind::TooLarge(limit) => Problem::new(
            Code::TooLarge,
            format!("The answer of {host} is larger than {}, more than belongs here.", bytes(*limit)),
        )
        .hint("Check the URL: it may point to a download or to a page of another kind."),
        Kind::Unreachable | Kind::Tls(_) | Kind::ProxyPassword | Kind::ProxyFailed => {
            Problem::new(Code::Connect, format!("{host} cannot be reached from this computer."))
                .hint("Check this computer's network connection or VPN.")
                .hint(reachable)
        }
    }
}

/// A port for TLS answers plain http with bytes of its own, or hangs up.
fn maybe_tls(problem: Problem, host: &str, scheme: &str) -> Problem {
    match scheme {
        "http" => problem.hint(format!("If this port speaks TLS, write https://{host} instead of http://.")),
        _ => problem,
    }
}

/// Host, with the port if it is not the usual one. Always plain ASCII.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The URL without user, password and fragment, cut to what can be read.
pub(crate) fn shown_url(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    super::redact::cut(&format!("{}://{}{}{query}", url.scheme(), host(url), url.path()), 1_000)
}

/// "3 seconds".
pub(crate) fn seconds(limit: Duration) -> String {
    match limit.as_secs() {
        0 => "a moment".to_owned(),
        1 => "1 second".to_owned(),
        more => format!("{more} seconds"),
    }
}

fn bytes(limit: usize) -> String {
    const MEBIBYTE: usize = 1 << 20;
    if limit >= MEBIBYTE { format!("{} MiB", limit / MEBIBYTE) } else { format!("{limit} bytes") }
}

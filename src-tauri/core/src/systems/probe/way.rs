//! The first three stages in words: what the walk to the host found, and what it knows better than the request that failed.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use url::{Host, Url};

use super::{
    inspecting,
    report::Finding,
    stage::{Board, Stage},
};
use crate::{
    class::Class,
    error::{Code, Hint, Problem},
    http::{
        Certificate, Line, Name, Reached, TlsFault, Tunnel, Unsecured, host, is_loopback, proxy_password, tls_problem,
    },
};

/// A certificate that ends sooner than this is worth a word.
const ENDS_SOON: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Addresses that are named.
const SHOWN: usize = 4;

/// Shows what is good so far; what is not is for the request to say. Called after each step.
pub(super) fn show(board: &Board<'_>, url: &Url, line: &Line, now: Timestamp) {
    board.begin(Stage::Name);
    let Some(name) = &line.name else { return };
    if board.is_open(Stage::Name) {
        show_name(board, url, name);
    }
    if !board.is_open(Stage::Name) {
        board.begin(Stage::Connection);
    }
    if let (Some(reached), true) = (&line.reached, board.is_open(Stage::Connection)) {
        show_reached(board, url, reached);
    }
    if board.is_open(Stage::Connection) {
        return;
    }
    board.begin(Stage::Tls);
    match &line.secured {
        _ if !board.is_open(Stage::Tls) => {}
        None if url.scheme() == "http" => board.skip(Stage::Tls, "plain http, which stays on this computer"),
        Some(Ok(secured)) => show_secured(board, url, secured.version, &secured.chain, now),
        None | Some(Err(_)) => {}
    }
    if !board.is_open(Stage::Tls) {
        board.begin(Stage::Path);
    }
}

/// What is worth knowing about the way, whatever comes out.
pub(super) fn hints(url: &Url, line: &Line, now: Timestamp) -> Vec<String> {
    let host = url.host_str().unwrap_or_default();
    let mut hints = Vec::new();
    if let Some(only) = line.name.as_ref().and_then(|name| unreachable_from_outside(url, name)) {
        hints.push(format!("{host} has only {only}. An identity provider in the cloud cannot reach it there, unless it uses a provisioning agent inside your network."));
    }
    if let Some(Reached::Direct { silent, .. }) = line.reached.as_ref().filter(|_| !is_loopback(url))
        && let Some(first) = silent.first()
    {
        hints.push(format!("{host} also has the address {}, which does not take connections from here. Who tries that one first waits, or fails. Tell the team that runs it.", first.ip()));
    }
    if let Some(Ok(secured)) = &line.secured {
        if let Some(who) = inspecting::recognised(&secured.chain, host) {
            hints.push(looks_into(&who));
        }
        if let Some(words) = secured.chain.first().and_then(|certificate| ends_soon(certificate, now)) {
            hints.push(format!("The certificate of {host} {words}. Tell the team that runs it."));
        }
    }
    hints
}

/// A request that got no answer, put where the walk says that it ended.
pub(super) fn explained(problem: Problem, url: &Url, line: &Line, now: Timestamp) -> Finding {
    let known = matches!(line.secured, Some(Err(Unsecured { fault: Some(_), .. })));
    match problem.code {
        Code::Tls => untrusted(problem, url, line, now),
        Code::Connect | Code::Timeout if known => untrusted(problem, url, line, now),
        Code::Proxy => refused_by_proxy(problem, url, line),
        Code::Connect | Code::Timeout => {
            let words = super::first_sentence(&problem.message);
            Finding::from(problem).at(end_of(url, line), Class::Unreachable).in_words(words)
        }
        _ => problem.into(),
    }
}

/// What the proxy answered to the walk; the client only says that it did not let through.
fn refused_by_proxy(problem: Problem, url: &Url, line: &Line) -> Finding {
    let Some(Reached::Proxy { place, signed_in, tunnel }) = &line.reached else { return problem.into() };
    match tunnel {
        Tunnel::Password => {
            let words = if *signed_in { "does not accept the password" } else { "wants a password" };
            let better = proxy_password(place, &host(url), *signed_in);
            Finding::from(Problem { details: problem.details, ..better }).in_words(format!("the proxy {place} {words}"))
        }
        Tunnel::Refused(status @ 500..) => {
            let better = Problem::new(
                Code::Connect,
                format!("The proxy {place} cannot reach {}: it answered {status}.", host(url)),
            )
            .hint("Check the host name and the port in the URL: what they name may not exist, or not answer.")
            .hint(format!("If they are right, ask your network team whether the proxy can reach {}.", host(url)));
            Finding::from(Problem { details: problem.details, ..better })
                .in_words(format!("the proxy {place} cannot reach it ({status}): check host name and port"))
        }
        Tunnel::Refused(status) => {
            let hint = format!("The proxy answered {status} when it was asked for a way to {}.", host(url));
            Finding::from(problem.hint(hint)).in_words(format!("the proxy {place} refuses ({status})"))
        }
        Tunnel::Unreachable => {
            let text =
                format!("Nobody answers as a proxy at {place}: compare the address with the one of your network.");
            let mut problem = problem;
            problem.hints.insert(0, Hint { text, go: None });
            Finding::from(problem).in_words(format!("no proxy answers at {place}"))
        }
        Tunnel::Open | Tunnel::Unseen => problem.into(),
    }
}

/// The first stage that the walk did not get past; if it got past all three, nobody answered the first question.
fn end_of(url: &Url, line: &Line) -> Stage {
    let named = matches!(line.name, Some(Name::Address(_) | Name::Addresses(_) | Name::ByProxy(_)));
    let reached = match &line.reached {
        Some(Reached::Direct { .. }) => true,
        Some(Reached::Proxy { tunnel, .. }) => matches!(tunnel, Tunnel::Open | Tunnel::Unseen),
        Some(Reached::Nowhere) | None => false,
    };
    match () {
        () if !named => Stage::Name,
        () if !reached => Stage::Connection,
        () if url.scheme() == "https" && !matches!(line.secured, Some(Ok(_))) => Stage::Tls,
        () => Stage::Path,
    }
}

fn show_name(board: &Board<'_>, url: &Url, name: &Name) {
    let host = url.host_str().unwrap_or_default();
    let words = match name {
        Name::Address(address) => format!("{address} is an address already"),
        Name::Addresses(all) => format!("{host} has {}", listed(all)),
        Name::ByProxy(_) if !matches!(url.host(), Some(Host::Domain(_))) => {
            format!("{host} is an address already")
        }
        Name::ByProxy(proxy) => format!("the proxy {proxy} looks up {host}"),
        Name::Unknown | Name::NoAnswer => return,
    };
    match unreachable_from_outside(url, name) {
        Some(only) => board.warn(Stage::Name, Some(Class::Unreachable), format!("{words}: {only}")),
        None => board.pass(Stage::Name, words),
    }
}

/// "2 addresses (IPv4 203.0.113.7, IPv6 2001:db8::1)".
fn listed(all: &[IpAddr]) -> String {
    let family = |address: &IpAddr| format!("{} {address}", if address.is_ipv6() { "IPv6" } else { "IPv4" });
    let mut shown = all.iter().take(SHOWN).map(family).collect::<Vec<_>>().join(", ");
    if all.len() > SHOWN {
        shown.push_str(&format!(" and {} more", all.len() - SHOWN));
    }
    format!("{} ({shown})", if all.len() == 1 { "1 address".to_owned() } else { format!("{} addresses", all.len()) })
}

/// What kind of addresses these are, if none of them can be reached from outside. That loopback is this computer, who
/// writes it knows.
fn unreachable_from_outside(url: &Url, name: &Name) -> Option<&'static str> {
    let all = match name {
        Name::Address(address) => std::slice::from_ref(address),
        Name::Addresses(all) => all.as_slice(),
        Name::ByProxy(_) | Name::Unknown | Name::NoAnswer => return None,
    };
    match () {
        () if is_loopback(url) || all.is_empty() => None,
        () if all.iter().all(IpAddr::is_loopback) => Some("an address of this computer itself"),
        () if all.iter().all(is_private) => Some("a private address, inside your own network"),
        () => None,
    }
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            let shared = first == 100 && (64..128).contains(&second);
            four.is_private() || four.is_link_local() || four.is_loopback() || shared
        }
        IpAddr::V6(six) => six.is_unique_local() || six.is_unicast_link_local() || six.is_loopback(),
    }
}

fn show_reached(board: &Board<'_>, url: &Url, reached: &Reached) {
    match reached {
        Reached::Direct { address, silent } if silent.is_empty() || is_loopback(url) => {
            board.pass(Stage::Connection, format!("directly to {address}"));
        }
        Reached::Direct { address, silent } => {
            let silent = silent.iter().take(2).map(|other| other.ip().to_string()).collect::<Vec<_>>().join(", ");
            let words = format!("directly to {address}; {silent} does not take connections");
            board.warn(Stage::Connection, Some(Class::Unreachable), words);
        }
        Reached::Proxy { place, signed_in, tunnel: Tunnel::Open } => {
            let login = if *signed_in { ", with a user name and a password" } else { "" };
            board.pass(Stage::Connection, format!("through the proxy {place}{login}"));
        }
        Reached::Proxy { .. } | Reached::Nowhere => {}
    }
}

fn show_secured(board: &Board<'_>, url: &Url, version: &str, chain: &[Certificate], now: Timestamp) {
    let host = url.host_str().unwrap_or_default();
    let Some(certificate) = chain.first() else { return board.pass(Stage::Tls, version) };
    let words = format!("{version}, {}", about(certificate));
    match (inspecting::recognised(chain, host), ends_soon(certificate, now)) {
        (Some(who), _) => {
            board.warn(Stage::Tls, Some(Class::Tls), format!("{words}. {who} looks into the connection"));
        }
        (None, Some(soon)) => board.warn(Stage::Tls, Some(Class::Tls), format!("{words}. It {soon}")),
        (None, None) => board.pass(Stage::Tls, words),
    }
}

/// "certificate of Example CA for *.example.com until 3 March 2027".
fn about(certificate: &Certificate) -> String {
    let until = certificate.not_after.map_or_else(String::new, |end| format!(" until {}", day(end)));
    format!("certificate of {} for {}{until}", certificate.issuer_words(), certificate.names_words())
}

fn ends_soon(certificate: &Certificate, now: Timestamp) -> Option<String> {
    let left = certificate.not_after?.duration_since(now);
    (left.is_positive() && left < ENDS_SOON).then(|| format!("ends in {}", crate::token::words(left)))
}

fn looks_into(who: &str) -> String {
    format!(
        "The certificate comes from {who}: your company's proxy (or a virus scanner) looks into the connection from this computer. The identity provider comes another way and will see another certificate."
    )
}

/// A TLS failure with what is known about the certificate.
fn untrusted(problem: Problem, url: &Url, line: &Line, now: Timestamp) -> Finding {
    let Some(Err(Unsecured { fault: Some(fault), chain })) = &line.secured else { return problem.into() };
    let mut better = Problem { details: problem.details, ..tls_problem(*fault, &host(url)) };
    let Some(certificate) = chain.first() else { return Finding::from(better).in_words(short(*fault)) };
    let text = |text: String| Hint { text, go: None };
    let issuer = certificate.issuer_words();
    match fault {
        TlsFault::WrongName => {
            better.hints.insert(0, text(format!("The certificate is for {}.", certificate.names_words())));
        }
        TlsFault::Expired | TlsFault::NotYetValid => better.hints.insert(0, text(validity(certificate, now))),
        TlsFault::UnknownIssuer | TlsFault::AuthoritysOwn | TlsFault::Revoked | TlsFault::OtherCertificate => {
            let who = if certificate.self_signed { "itself".to_owned() } else { issuer };
            better
                .hints
                .insert(0, text(format!("The certificate for {} is signed by {who}.", certificate.names_words())));
        }
        TlsFault::TooOld
        | TlsFault::PlainHttp
        | TlsFault::NotTls
        | TlsFault::ClientCertificate
        | TlsFault::NothingInCommon
        | TlsFault::NameRefused
        | TlsFault::Alert => return Finding::from(better).in_words(short(*fault)),
    }
    if let Some(who) = inspecting::recognised(chain, url.host_str().unwrap_or_default()) {
        better.hints.insert(
            0,
            text(format!("{} Have its root certificate installed in this computer's trust store.", looks_into(&who))),
        );
    }
    let short = match fault {
        TlsFault::UnknownIssuer if certificate.self_signed => "self-signed",
        other => short(*other),
    };
    Finding::from(better).in_words(format!("{short}: {}", about(certificate)))
}

fn validity(certificate: &Certificate, now: Timestamp) -> String {
    let from = certificate.not_before.map_or_else(|| "?".to_owned(), day);
    let until = certificate.not_after.map_or_else(|| "?".to_owned(), day);
    format!(
        "The certificate is valid from {from} until {until}, and this computer's clock says {}. If that is not today, correct the clock: it alone can cause this.",
        day(now)
    )
}

fn short(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::Expired => "expired",
        TlsFault::NotYetValid => "not valid yet",
        TlsFault::UnknownIssuer => "from an issuer that this computer does not know",
        TlsFault::AuthoritysOwn => "self-signed, and marked as an authority's own",
        TlsFault::WrongName => "for another name",
        TlsFault::Revoked => "revoked",
        TlsFault::OtherCertificate => "a certificate that cannot be checked",
        TlsFault::TooOld => "only TLS 1.1 or older",
        TlsFault::PlainHttp => "plain http, not TLS",
        TlsFault::NotTls => "not the TLS that is needed (1.2 or newer)",
        TlsFault::ClientCertificate => "asks for a client certificate",
        TlsFault::NothingInCommon => "no common cipher or version of TLS",
        TlsFault::NameRefused => "nothing under this name",
        TlsFault::Alert => "refused with an alert of TLS",
    }
}

pub(super) fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

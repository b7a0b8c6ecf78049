//! The way to the host in words: addresses that the identity provider cannot reach, a silent family, a certificate that
//! ends soon.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::net::IpAddr;

use jiff::SignedDuration;
use url::Url;

use super::{Board, Class, Stage, State, tests::now, way};
use crate::http::{Certificate, Line, Name, Reached, Secured};

/// State, words and class of one stage.
type Shown = (State, String, Option<Class>);

fn shown(url: &str, line: &Line) -> (Vec<Shown>, Vec<String>) {
    let url: Url = url.parse().unwrap();
    let board = Board::new(&|_| {});
    way::show(&board, &url, line, now());
    let (lines, _) = board.finished();
    (lines.into_iter().map(|line| (line.state, line.words, line.class)).collect(), way::hints(&url, line, now()))
}

fn at(addresses: &[&str]) -> Line {
    let all: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Line { name: Some(Name::Addresses(all)), ..Line::default() }
}

#[test]
fn addresses_that_an_identity_provider_cannot_reach() {
    for (addresses, private) in [
        (["10.0.0.7"].as_slice(), true),
        (&["192.168.1.1", "fd00::7"], true),
        (&["100.64.3.2"], true),
        (&["169.254.1.1"], true),
        (&["127.0.0.1"], true),
        (&["172.31.255.1", "203.0.113.7"], false),
        (&["172.32.0.1"], false),
        (&["203.0.113.7", "2001:db8::1"], false),
    ] {
        let (stages, hints) = shown("https://scim.example.com/scim/v2", &at(addresses));
        let (state, words, class) = &stages[Stage::Name as usize];
        let expected = if private { State::Warned } else { State::Passed };
        assert_eq!(
            (*state, class.is_some(), hints.len()),
            (expected, private, usize::from(private)),
            "{addresses:?} {words}"
        );
        assert!(hints.iter().all(|hint| hint.contains("provisioning agent")), "{hints:?}");
    }
    let (stages, hints) = shown("http://localhost:7000/scim/v2", &at(&["127.0.0.1", "::1"]));
    assert_eq!((stages[0].0, hints.len()), (State::Passed, 0), "who writes localhost means this computer");
}

#[test]
fn what_is_found_stands_in_the_words() {
    let (stages, _) = shown("https://scim.example.com/", &at(&["203.0.113.7", "2001:db8::1"]));
    assert_eq!(stages[0].1, "scim.example.com has 2 addresses (IPv4 203.0.113.7, IPv6 2001:db8::1)");
    assert_eq!((stages[1].0, stages[2].0), (State::Running, State::Waiting), "the next is under way");
    let by_proxy = Line { name: Some(Name::ByProxy("proxy.corp:3128".to_owned())), ..Line::default() };
    assert_eq!(
        shown("https://scim.example.com/", &by_proxy).0[0].1,
        "the proxy proxy.corp:3128 looks up scim.example.com"
    );
}

#[test]
fn a_family_of_addresses_that_does_not_answer_is_a_warning() {
    let reached = Reached::Direct {
        address: "203.0.113.7:443".parse().unwrap(),
        silent: vec!["[2001:db8::1]:443".parse().unwrap()],
    };
    let line = Line { reached: Some(reached), ..at(&["203.0.113.7", "2001:db8::1"]) };
    let (stages, hints) = shown("https://scim.example.com/", &line);
    let (state, words, class) = &stages[Stage::Connection as usize];
    assert_eq!((*state, *class), (State::Warned, Some(Class::Unreachable)), "{words}");
    assert!(words.contains("203.0.113.7:443") && words.contains("2001:db8::1 does not"), "{words}");
    assert!(hints.iter().any(|hint| hint.contains("2001:db8::1")), "{hints:?}");
}

#[test]
fn a_certificate_that_ends_soon_is_a_warning() {
    for (hours, warned) in [(24 * 3, true), (24 * 40, false)] {
        let certificate = Certificate {
            names: vec!["*.example.com".to_owned()],
            issuer: vec!["Example".to_owned(), "Example CA".to_owned()],
            self_signed: false,
            not_before: None,
            not_after: Some(now() + SignedDuration::from_hours(hours)),
        };
        let reached = Reached::Direct { address: "203.0.113.7:443".parse().unwrap(), silent: Vec::new() };
        let secured = Some(Ok(Secured { version: "TLS 1.3", chain: vec![certificate] }));
        let line = Line { reached: Some(reached), secured, ..at(&["203.0.113.7"]) };
        let (stages, hints) = shown("https://scim.example.com/", &line);
        let (state, words, _) = &stages[Stage::Tls as usize];
        assert_eq!((*state == State::Warned, hints.len()), (warned, usize::from(warned)), "{words} {hints:?}");
        assert!(words.starts_with("TLS 1.3, certificate of Example CA (Example) for *.example.com until "), "{words}");
    }
}

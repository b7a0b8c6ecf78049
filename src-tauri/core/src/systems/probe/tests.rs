//! The probe against servers as they should be, and against wrong tokens and wrong places.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use jiff::Timestamp;

use super::{BUDGET, IdpStyle, Report, ReportCode, probe};
use crate::{
    Secret,
    http::{
        Http, Limits,
        hostile::{Ask, Hostile, Reply, json, status},
    },
};

pub(super) const TOKEN: &str = "canary-token-4711";
pub(super) const EMPTY: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#;
pub(super) const STYLES: [IdpStyle; 2] = [IdpStyle::Entra, IdpStyle::Okta];

pub(super) fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub(super) async fn ask(base: &str, style: IdpStyle) -> Report {
    let limits = Limits {
        total: Duration::from_millis(1_500),
        body: 100_000,
        pause: Duration::from_millis(1),
        ..Limits::default()
    };
    let report = probe(&Http::with(limits).unwrap(), base, &Secret::new(TOKEN), style, now()).await;
    assert_eq!(report.ok, report.problem.is_none());
    assert_eq!(report.ok, report.code == ReportCode::Ok);
    assert!(report.ok || !report.hints.is_empty(), "{report:?}");
    assert!(report.requests.len() <= BUDGET && report.requests.iter().all(|line| line.method == "GET"), "{report:?}");
    assert!(!serde_json::to_string(&report).unwrap().contains("canary"), "{report:?}");
    assert!(report.message.chars().count() < 1_000 && !report.message.chars().any(char::is_control), "{report:?}");
    report
}

/// A list of these userNames with the right total.
pub(super) fn list(names: &[&str], total: usize) -> String {
    let all: Vec<String> = names
        .iter()
        .map(|name| format!(r#"{{"id":"id-{name}","userName":"{name}","displayName":"{name}"}}"#))
        .collect();
    format!(r#"{{"totalResults":{total},"Resources":[{}]}}"#, all.join(","))
}

/// A server with three users and no groups that does everything right.
pub(super) fn good(ask: &Ask) -> Reply {
    let path = ask.path.as_str();
    let people = ["ada", "ben", "cleo"];
    let number = |key: &str| {
        path.split_once(&format!("{key}=")).and_then(|(_, rest)| rest.split('&').next()?.parse::<usize>().ok())
    };
    if !["Users", "Groups", "ServiceProviderConfig"].iter().any(|end| path.starts_with(&format!("/scim/v2/{end}"))) {
        return status(404, r#"{"detail":"no such page"}"#);
    }
    if !ask.head.contains("authorization: bearer canary-token-4711") {
        return status(401, "{}");
    }
    if path.contains("/Groups") || path.contains("/ServiceProviderConfig") {
        return json(EMPTY);
    }
    if let Some((_, filter)) = path.split_once("filter=") {
        let found: Vec<&str> = people.into_iter().filter(|name| filter.contains(&format!("%22{name}%22"))).collect();
        return json(&list(&found, found.len()));
    }
    let start = number("startIndex").unwrap_or(1) - 1;
    let end = (start + number("count").unwrap_or(100)).min(3);
    json(&list(&people[start.min(3)..end], 3))
}

#[tokio::test]
async fn a_good_server_is_ok() {
    let server = Hostile::start(good).await;
    for style in STYLES {
        for base in [server.base(), format!("  {}/ \n", server.base()), format!("{}?aadOptscim062020", server.base())] {
            let report = ask(&base, style).await;
            assert!(report.ok && report.hints.is_empty(), "{report:?}");
            assert!(report.requests.iter().all(|line| line.status == Some(200)), "{report:?}");
        }
    }
}

#[tokio::test]
async fn what_each_style_asks() {
    let server = Hostile::start(good).await;
    for (style, shapes) in [
        (
            IdpStyle::Entra,
            [
                "/Users?filter=userName",
                "/Users?startIndex=1&count=2",
                "/Users?startIndex=2&count=1",
                "/Users?filter=userName",
                "/Groups?excludedAttributes=members&filter=displayName",
                "/Groups?startIndex=1&count=2",
            ]
            .as_slice(),
        ),
        (
            IdpStyle::Okta,
            [
                "/Users?startIndex=1&count=2",
                "/Users?startIndex=2&count=1",
                "/Users?filter=userName",
                "/Users?filter=userName",
                "/Groups?startIndex=1&count=100",
            ]
            .as_slice(),
        ),
    ] {
        let report = ask(&server.base(), style).await;
        // After the first answer, what does not depend on another goes out at the same time.
        let (first, mut rest) = shapes.split_first().map(|(first, rest)| (first, rest.to_vec())).unwrap();
        assert!(report.requests[0].path.starts_with(&format!("/scim/v2{first}")), "{report:?}");
        for line in &report.requests[1..] {
            let known = rest.iter().position(|shape| line.path.starts_with(&format!("/scim/v2{shape}")));
            rest.remove(known.unwrap_or_else(|| panic!("{} is not expected: {rest:?}", line.path)));
        }
        assert!(rest.is_empty(), "{rest:?} was not asked: {report:?}");
    }
}

#[tokio::test]
async fn an_empty_server_is_ok_with_a_remark() {
    let server = Hostile::start(|_| json(EMPTY)).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.ok && report.hints[0].contains("no users yet"), "{report:?}");
    }
}

#[tokio::test]
async fn a_wrong_token_is_told_from_a_wrong_path() {
    type Case = (fn(&Ask) -> Reply, &'static str);
    let cases: [Case; 3] = [
        (
            |ask| if ask.path.contains("ServiceProviderConfig") { json("{\"patch\":{}}") } else { status(401, "{}") },
            "The path is right",
        ),
        (|_| status(401, "{}"), "cannot be told"),
        (
            |ask| if ask.path.contains("ServiceProviderConfig") { json("<html>") } else { status(401, "{}") },
            "path may be wrong",
        ),
    ];
    for (answer, words) in cases {
        let server = Hostile::start(answer).await;
        for style in STYLES {
            let report = ask(&server.base(), style).await;
            assert_eq!((report.code, report.requests.len()), (ReportCode::Unauthorized, 2));
            assert!(report.hints.iter().any(|hint| hint.contains(words)), "{report:?}");
        }
    }
}

#[tokio::test]
async fn likely_corrections_are_found() {
    let server = Hostile::start(good).await;
    for wrong in ["", "scim", "scim/v2/x", "scim/v1", "far/away/from/it"] {
        for style in STYLES {
            let report = ask(&format!("{}{wrong}", server.url), style).await;
            assert_eq!(report.code, ReportCode::WrongPath, "{wrong}: {report:?}");
            assert_eq!(report.corrected_url.as_deref(), Some(server.base().as_str()), "{wrong}");
            assert!(report.hints.iter().any(|hint| hint.contains(&server.base())), "{report:?}");
        }
    }
    let elsewhere = Hostile::start(|ask| match ask.path.strip_prefix("/tenant/one") {
        Some(rest) => good(&Ask { path: rest.to_owned(), ..ask.clone() }),
        None => status(404, "{}"),
    })
    .await;
    let report = ask(&format!("{}far/away/from/it", elsewhere.url), IdpStyle::Entra).await;
    assert_eq!(report.code, ReportCode::NotFound, "{report:?}");
}

#[tokio::test]
async fn endpoints_in_the_url_are_named_and_the_rest_is_tried() {
    let server = Hostile::start(|_| json(EMPTY)).await;
    for end in ["Users", "Groups", "Users/", "Users?aadOptscim062020"] {
        let report = ask(&format!("{}/{end}", server.base()), IdpStyle::Entra).await;
        assert_eq!((report.code, report.requests.len()), (ReportCode::WrongPath, 1));
        assert_eq!(report.corrected_url, Some(server.base()));
    }
    let refusing = Hostile::start(|_| status(401, "{}")).await;
    let report = ask(&format!("{}/Users", refusing.base()), IdpStyle::Entra).await;
    assert_eq!((report.code, report.corrected_url.as_ref()), (ReportCode::WrongPath, None), "{report:?}");
    assert!(report.hints.iter().any(|hint| hint.contains("401 Unauthorized")), "{report:?}");
}

#[tokio::test]
async fn wrong_use_asks_nobody() {
    let cases = [
        ("", ReportCode::WrongUse),
        ("hello", ReportCode::WrongUse),
        ("http://scim.example.com/v2", ReportCode::WrongPath),
        ("https://x.example/?a=b", ReportCode::WrongPath),
    ];
    for (base, code) in cases {
        let report = ask(base, IdpStyle::Okta).await;
        assert_eq!((report.code, report.requests.len()), (code, 0), "{base}");
    }
    let blank = probe(&Http::new().unwrap(), "https://x.example", &Secret::new(" "), IdpStyle::Okta, now()).await;
    assert_eq!(blank.code, ReportCode::WrongUse);
}

#[tokio::test]
async fn a_token_with_its_prefix_is_used_and_named() {
    let server = Hostile::start(good).await;
    let report =
        probe(&Http::new().unwrap(), &server.base(), &Secret::new(format!("Bearer {TOKEN} ")), IdpStyle::Entra, now())
            .await;
    assert!(report.ok && report.hints.iter().any(|hint| hint.contains("token alone")), "{report:?}");
}

//! The probe against servers that misbehave.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{
    IdpStyle, ReportCode,
    tests::{EMPTY, STYLES, ask, good, list},
};
use crate::http::hostile::{Ask, Hostile, Reply, json, status};

fn is_search(ask: &Ask) -> bool {
    ask.path.contains("filter=")
}

fn html(_: &Ask) -> Reply {
    Reply::Http(
        200,
        vec![("content-type", "text/html".to_owned())],
        "<html><form><input type=\"password\"></form></html>".to_owned(),
    )
}

#[tokio::test]
async fn every_kind_of_trouble_has_its_word() {
    type Case = (&'static str, fn(&Ask) -> Reply, ReportCode, &'static str);
    let cases: [Case; 17] = [
        ("silent", |_| Reply::Silent, ReportCode::Timeout, "did not answer"),
        ("closes", |_| Reply::Close, ReportCode::Connect, "closed the connection"),
        (
            "cut off",
            |_| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"Res".to_vec()),
            ReportCode::NotScim,
            "broke off",
        ),
        ("garbage", |_| Reply::Raw(b"SSH-2.0-OpenSSH\r\n".to_vec()), ReportCode::NotScim, "not HTTP"),
        ("flood", |_| Reply::Flood, ReportCode::TooLarge, "larger than"),
        ("login page", html, ReportCode::NotScim, "a login page"),
        ("other JSON", |_| json(r#"{"hello":"world"}"#), ReportCode::NotScim, "not SCIM"),
        ("broken JSON", |_| json(r#"{"Resources":["#), ReportCode::NotScim, "ends in the middle"),
        (
            "bytes",
            |_| Reply::Raw(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\0\xff\xfe\x80".to_vec()),
            ReportCode::NotScim,
            "not JSON",
        ),
        (
            "elsewhere",
            |_| {
                Reply::Http(
                    302,
                    vec![("location", "https://login.example.com/?t=eyJhbGciOiJSUzI1NiJ9.e30.c2ln".to_owned())],
                    String::new(),
                )
            },
            ReportCode::Redirect,
            "https://login.example.com",
        ),
        (
            "429",
            |_| Reply::Http(429, vec![("retry-after", "600".to_owned())], "{}".to_owned()),
            ReportCode::RateLimited,
            "10 minutes",
        ),
        ("429 without a time", |_| status(429, "slow down"), ReportCode::RateLimited, "too many requests"),
        ("500", |_| status(500, r#"{"status":500,"detail":["boom","bang"]}"#), ReportCode::ServerError, "boom; bang"),
        ("403", |_| status(403, r#"{"message":"nope"}"#), ReportCode::Forbidden, "nope"),
        ("404", |_| status(404, "{}"), ReportCode::NotFound, "no SCIM at"),
        (
            "400",
            |_| status(400, r#"{"detail":"\u001b[31mfilter\u001b[0m \u202eevil","scimType":"invalidFilter"}"#),
            ReportCode::Refused,
            "“filter evil”",
        ),
        ("301 without a target", |_| Reply::Http(301, vec![], String::new()), ReportCode::Refused, "did not do"),
    ];
    for (name, answer, code, words) in cases {
        let server = Hostile::start(answer).await;
        for style in STYLES {
            let report = ask(&server.base(), style).await;
            assert_eq!(report.code, code, "{name} {style:?}: {report:?}");
            assert!(report.message.contains(words), "{name} {style:?}: {}", report.message);
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_to_another_port() {
    let other = Hostile::start(good).await;
    let target = format!("{}/Users", other.base());
    let server = Hostile::start(move |_| Reply::Http(307, vec![("location", target.clone())], String::new())).await;
    for style in STYLES {
        assert_eq!(ask(&server.base(), style).await.code, ReportCode::Redirect);
    }
    assert!(other.asks().is_empty());
}

#[tokio::test]
async fn an_ignored_filter_is_never_ok() {
    let one = |ask: &Ask| if ask.path.contains("Groups") { json(EMPTY) } else { json(&list(&["ada"], 1)) };
    let many =
        |ask: &Ask| if ask.path.contains("Groups") { json(EMPTY) } else { json(&list(&["ada", "ben", "cleo"], 3)) };
    let counts = |ask: &Ask| if is_search(ask) { json(r#"{"totalResults":9}"#) } else { good(ask) };
    for answer in [one, many, counts] {
        let server = Hostile::start(answer).await;
        for style in STYLES {
            assert_eq!(ask(&server.base(), style).await.code, ReportCode::FilterIgnored);
        }
    }
    let groups =
        Hostile::start(|ask| if ask.path.contains("Groups") { json(&list(&["g"], 1)) } else { good(ask) }).await;
    let report = ask(&groups.base(), IdpStyle::Entra).await;
    assert!(report.code == ReportCode::FilterIgnored && report.message.contains("/Groups"), "{report:?}");
}

#[tokio::test]
async fn a_miss_as_404_is_wrong_for_entra_and_allowed_for_okta() {
    let server = Hostile::start(|ask| {
        if is_search(ask) && !ask.path.contains("%22ada%22") { status(404, r#"{"status":"404"}"#) } else { good(ask) }
    })
    .await;
    let entra = ask(&server.base(), IdpStyle::Entra).await;
    assert!(entra.code == ReportCode::NotFound && entra.message.contains("200 with an empty list"), "{entra:?}");
    assert!(ask(&server.base(), IdpStyle::Okta).await.ok);
}

#[tokio::test]
async fn broken_groups_are_named() {
    for answer in [
        |_: &Ask| status(404, "{}"),
        |_: &Ask| status(500, "{}"),
        |_: &Ask| status(501, "{}"),
        |_: &Ask| status(403, "{}"),
        html,
        |_: &Ask| json("[]"),
    ] {
        let server =
            Hostile::start(move |ask| if ask.path.contains("/Groups") { answer(ask) } else { good(ask) }).await;
        for style in STYLES {
            let report = ask(&server.base(), style).await;
            assert!(report.code == ReportCode::GroupsBroken && report.message.contains("groups cannot"), "{report:?}");
        }
    }
}

#[tokio::test]
async fn paging_that_does_not_break_the_test_is_a_hint() {
    let people = ["ada", "ben", "cleo"];
    let all = move |ask: &Ask| {
        if is_search(ask) || ask.path.contains("Groups") { good(ask) } else { json(&list(&people, 3)) }
    };
    let server = Hostile::start(all).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.ok, "{report:?}");
        for words in ["ignores “count”", "cannot page: it ignores “startIndex”"] {
            assert!(report.hints.iter().any(|hint| hint.contains(words)), "{words}: {report:?}");
        }
    }
}

#[tokio::test]
async fn totals_and_ids_matter_to_okta() {
    let cases = [
        (r#"{"Resources":[{"id":"1","userName":"ada"}]}"#, "totalResults"),
        (r#"{"totalResults":"1","Resources":[{"id":"1","userName":"ada"}]}"#, "as a text"),
        (
            r#"{"totalResults":2,"Resources":[{"id":"1","userName":"ada"},{"id":"1","userName":"ben"}]}"#,
            "same id twice",
        ),
        (
            r#"{"totalResults":1,"Resources":[{"id":"1","userName":"ada"},{"id":"2","userName":"ben"}]}"#,
            "a total of 1, but sends 2",
        ),
        (r#"{"totalResults":9,"Resources":[]}"#, "sends nobody"),
    ];
    for (page, words) in cases {
        let server = Hostile::start(
            move |ask| if is_search(ask) || ask.path.contains("Groups") { good(ask) } else { json(page) },
        )
        .await;
        let okta = ask(&server.base(), IdpStyle::Okta).await;
        assert!(okta.code == ReportCode::PagingBroken && okta.message.contains(words), "{okta:?}");
        let entra = ask(&server.base(), IdpStyle::Entra).await;
        assert!(entra.ok && entra.hints.iter().any(|hint| hint.contains(words)), "{entra:?}");
    }
}

#[tokio::test]
async fn a_search_that_never_finds_is_a_hint() {
    let server = Hostile::start(|ask| if is_search(ask) { json(EMPTY) } else { good(ask) }).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.ok && report.hints[0].contains("does not find a person"), "{report:?}");
    }
}

/// django-scim2 does so (facts/measured.md). Okta makes groups without looking for them.
#[tokio::test]
async fn groups_that_are_never_found_are_a_hint_for_entra() {
    let pilot = r#"{"totalResults":1,"Resources":[{"id":"g1","displayName":"SCIM pilot"}]}"#;
    let other = r#"{"totalResults":1,"Resources":[{"id":"g2","displayName":"Another"}]}"#;
    let server = |found: &'static str| {
        Hostile::start(move |ask| match ask.path.contains("/Groups") {
            true if ask.path.contains("SCIM") => json(found),
            true if is_search(ask) => json(EMPTY),
            true => json(pilot),
            false => good(ask),
        })
    };
    let (finds, misses, lies) = (server(pilot).await, server(EMPTY).await, server(other).await);
    for style in STYLES {
        let report = ask(&finds.base(), style).await;
        assert!(report.ok && report.hints.is_empty(), "{report:?}");
    }
    let entra = ask(&misses.base(), IdpStyle::Entra).await;
    assert!(entra.ok && entra.hints.len() == 1 && entra.hints[0].contains("does not find a group"), "{entra:?}");
    assert!(ask(&misses.base(), IdpStyle::Okta).await.hints.is_empty());
    let entra = ask(&lies.base(), IdpStyle::Entra).await;
    assert!(entra.code == ReportCode::FilterIgnored && entra.message.contains("/Groups"), "{entra:?}");
}

#[tokio::test]
async fn a_bad_moment_is_listed_and_passes() {
    let count = AtomicUsize::new(0);
    let server = Hostile::start(
        move |ask| if count.fetch_add(1, Ordering::SeqCst) == 0 { status(500, "{}") } else { good(ask) },
    )
    .await;
    let report = ask(&server.base(), IdpStyle::Entra).await;
    assert!(report.ok && report.requests[0].status == Some(500) && report.requests.len() == 7, "{report:?}");
}

#[tokio::test]
async fn twenty_requests_are_the_end() {
    let server =
        Hostile::start(|ask| if ask.path.starts_with("/a/b/c/Users") { status(404, "{}") } else { status(503, "{}") })
            .await;
    let report = ask(&format!("{}a/b/c", server.url), IdpStyle::Entra).await;
    assert_eq!((report.code, report.requests.len(), server.asks().len()), (ReportCode::NotFound, 20, 20), "{report:?}");
}

#[tokio::test]
async fn a_wrong_clock_is_a_hint() {
    let server = Hostile::start(|ask| match good(ask) {
        Reply::Http(status, mut headers, body) => {
            headers.push(("date", "Sun, 22 Nov 2026 09:00:00 GMT".to_owned()));
            Reply::Http(status, headers, body)
        }
        other => other,
    })
    .await;
    let report = ask(&server.base(), IdpStyle::Entra).await;
    assert!(report.ok && report.hints[0].contains("3 hours ahead of"), "{report:?}");
}

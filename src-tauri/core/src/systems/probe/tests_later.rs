//! What happens after the first answer: redirects, requests that hang, servers that take one connection, refused filters.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{
    Class, IdpStyle, Report, ReportCode, Stage, State,
    tests::{EMPTY, STYLES, ask, good},
};
use crate::http::hostile::{Ask, Hostile, Reply, json, status};

/// Stage, class and words of the one stage that failed.
fn failed(report: &Report) -> (Stage, Option<Class>, &str) {
    let all: Vec<_> = report.stages.iter().filter(|line| line.state == State::Failed).collect();
    assert_eq!((all.len(), all.first().map(|line| line.class)), (1, Some(report.class)), "{report:#?}");
    (all[0].stage, report.class, &all[0].words)
}

fn state(report: &Report, stage: Stage) -> State {
    report.stages[stage as usize].state
}

fn moved(to: String) -> Reply {
    Reply::Http(308, vec![("location", to)], String::new())
}

#[tokio::test]
async fn what_answers_only_after_a_redirect_is_a_wrong_path() {
    let server = Hostile::start(|ask| match ask.path.strip_prefix("/old") {
        Some(rest) => moved(format!("/scim/v2{rest}")),
        None => good(ask),
    })
    .await;
    let hops = Hostile::start(|ask| match ask.path.split_once("/Users") {
        Some(("/one", rest)) => moved(format!("/two/Users{rest}")),
        Some(("/two", rest)) => moved(format!("/three/Users{rest}")),
        Some(("/three", rest)) => moved(format!("/scim/v2/Users{rest}")),
        _ => good(ask),
    })
    .await;
    for style in STYLES {
        for (server, wrong) in [(&server, "old"), (&hops, "three"), (&hops, "one")] {
            let report = ask(&format!("{}{wrong}", server.url), style).await;
            assert_eq!((failed(&report).0, failed(&report).1), (Stage::Path, Some(Class::WrongPath)), "{report:#?}");
            assert_eq!(report.corrected_url, Some(server.base()), "{report:#?}");
            assert!(report.message.contains("redirect"), "{}", report.message);
        }
    }
}

#[tokio::test]
async fn a_correction_that_is_a_redirect_is_offered_as_where_it_leads() {
    let server = Hostile::start(|ask| match ask.path.strip_prefix("/app/scim/v2") {
        Some(rest) => moved(format!("/scim/v2{rest}")),
        None => good(ask),
    })
    .await;
    let report = ask(&format!("{}app", server.url), IdpStyle::Okta).await;
    assert_eq!((report.code, report.corrected_url.as_deref()), (ReportCode::WrongPath, Some(&*server.base())));
}

#[tokio::test]
async fn a_redirect_to_the_same_with_a_slash_is_no_success_either() {
    let server = Hostile::start(|ask| match ask.path.split_once("/Users?") {
        Some((base, query)) => moved(format!("{base}/Users/?{query}")),
        None => good(&Ask { path: ask.path.replace("/?", "?"), ..ask.clone() }),
    })
    .await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert_eq!((failed(&report).0, report.corrected_url.as_ref()), (Stage::Path, None), "{report:#?}");
        assert!(report.message.contains("/Users/"), "{}", report.message);
    }
}

#[tokio::test]
async fn what_hangs_after_the_first_answer_fails_where_it_was_asked() {
    type Case = (&'static str, fn(&Ask) -> bool, Stage, &'static str);
    let cases: [Case; 3] = [
        ("groups", |ask| ask.path.contains("/Groups"), Stage::Groups, "/Groups"),
        ("second page", |ask| ask.path.contains("startIndex=2"), Stage::Scim, "/Users"),
        ("search", |ask| ask.path.contains("%22ada%22"), Stage::Filter, "search in /Users"),
    ];
    for reply in [|| Reply::Silent, || Reply::Close] {
        for (name, hangs, stage, words) in cases {
            let server = Hostile::start(move |ask| if hangs(ask) { reply() } else { good(ask) }).await;
            for style in STYLES {
                let report = ask(&server.base(), style).await;
                let (at, class, said) = failed(&report);
                assert_eq!((at, class), (stage, Some(Class::TargetError)), "{name}: {report:#?}");
                assert!(said.contains(words), "{name}: {said}");
                for good in [Stage::Name, Stage::Connection, Stage::Path, Stage::Authorised] {
                    assert_eq!(state(&report, good), State::Passed, "{name}: {report:#?}");
                }
                assert!(report.ms < 5_500, "{name}: {} ms", report.ms);
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_in_the_middle_leaves_what_has_passed() {
    for number in [401, 403, 404, 429, 500] {
        let server = Hostile::start(move |ask| match ask.path.contains("startIndex=2") {
            true => Reply::Http(number, vec![("retry-after", "600".to_owned())], "{}".to_owned()),
            false => good(ask),
        })
        .await;
        for style in STYLES {
            let report = ask(&server.base(), style).await;
            assert_eq!(failed(&report).0, Stage::Scim, "{number}: {report:#?}");
            assert_eq!(state(&report, Stage::Authorised), State::Passed, "{number}: {report:#?}");
        }
    }
}

/// As Python's `http.server.HTTPServer` with HTTP/1.1: one connection at a time, kept open.
async fn one_connection_at_a_time() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/scim/v2", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            while stream.read_buf(&mut bytes).await.is_ok_and(|length| length > 0) {
                if !bytes.ends_with(b"\r\n\r\n") {
                    continue;
                }
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let path = text.split_whitespace().nth(1).unwrap().to_owned();
                let Reply::Http(status, _, body) =
                    good(&Ask { method: "GET".to_owned(), path, head: text.to_lowercase() })
                else {
                    return;
                };
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                bytes.clear();
            }
        }
    });
    base
}

#[tokio::test]
async fn a_server_that_takes_one_connection_is_asked_one_by_one() {
    for style in STYLES {
        let report = ask(&one_connection_at_a_time().await, style).await;
        assert!(report.ok && report.ms < 5_000, "{report:#?}");
    }
}

#[tokio::test]
async fn a_refused_filter_fails_at_the_filter() {
    for (number, class) in [(400, Class::NotScim), (501, Class::NotScim), (500, Class::TargetError)] {
        let server = Hostile::start(move |ask| match ask.path.contains("/Users") && ask.path.contains("filter=") {
            true => status(number, r#"{"detail":"filters are not supported here"}"#),
            false => good(ask),
        })
        .await;
        for style in STYLES {
            let report = ask(&server.base(), style).await;
            let (at, found, words) = failed(&report);
            assert_eq!((at, found), (Stage::Filter, Some(class)), "{number} {style:?}: {report:#?}");
            assert!(words.contains("the server refuses the filter"), "{words}");
            assert!(report.message.contains("filters are not supported here"), "{}", report.message);
            for good in [Stage::Path, Stage::Authorised] {
                assert_eq!(state(&report, good), State::Passed, "{report:#?}");
            }
        }
        let groups = Hostile::start(move |ask| match ask.path.contains("/Groups") && ask.path.contains("filter=") {
            true => status(number, "{}"),
            false => good(ask),
        })
        .await;
        let report = ask(&groups.base(), IdpStyle::Entra).await;
        assert_eq!((failed(&report).0, failed(&report).1), (Stage::Groups, Some(class)), "{number}: {report:#?}");
        assert!(report.message.contains("Groups can be listed"), "{}", report.message);
        assert!(ask(&groups.base(), IdpStyle::Okta).await.ok, "Okta does not search groups");
    }
}

#[tokio::test]
async fn one_verdict_about_the_filter() {
    let server = Hostile::start(|ask| match ask.path.contains("filter=") && !ask.path.contains("%22ada%22") {
        true => Reply::Late(Duration::from_millis(200), Box::new(json(r#"{"totalResults":9}"#))),
        false => good(ask),
    })
    .await;
    let report = ask(&server.base(), IdpStyle::Okta).await;
    assert_eq!((failed(&report).0, failed(&report).1), (Stage::Filter, Some(Class::FilterIgnored)), "{report:#?}");
    let empty = Hostile::start(|_| json(EMPTY)).await;
    assert!(ask(&empty.base(), IdpStyle::Okta).await.ok);
}

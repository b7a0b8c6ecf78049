//! The door against servers that misbehave.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use super::{
    End, Http, Journal, Limits, Request,
    hostile::{Ask, Hostile, Reply, json, status},
    is_loopback,
};
use crate::{Code, Problem, Secret};

fn limits() -> Limits {
    Limits { total: Duration::from_millis(1_000), body: 50_000, pause: Duration::from_millis(1), ..Limits::default() }
}

fn http() -> Http {
    Http::with(limits()).unwrap()
}

async fn get(server: &Hostile, journal: &Journal) -> Result<super::Answer, Problem> {
    http().send(Request::get(server.url.clone()).bearer(&Secret::new("canary-4711-token")), journal).await
}

/// The statuses in the journal.
fn statuses(journal: &Journal) -> Vec<Option<u16>> {
    journal.lines().iter().map(|line| line.status).collect()
}

#[tokio::test]
async fn what_goes_out() {
    let server = Hostile::start(|_| json("{}")).await;
    let journal = Journal::new();
    assert!(get(&server, &journal).await.unwrap().is_success());
    let head = server.asks()[0].head.clone();
    assert!(head.contains("authorization: bearer canary-4711-token"), "{head}");
    assert!(head.contains("user-agent: usher/"), "{head}");
    assert_eq!(statuses(&journal), [Some(200)]);
}

#[tokio::test]
async fn failures_are_told_apart() {
    type Case = (&'static str, fn(&Ask) -> Reply, Code, &'static str, usize);
    let cases: [Case; 7] = [
        ("silent", |_| Reply::Silent, Code::Timeout, "did not answer within", 1),
        ("closes", |_| Reply::Close, Code::Connect, "closed the connection without an answer", 3),
        ("garbage", |_| Reply::Raw(b"\0\xff\xfegarbage\r\n\r\n".to_vec()), Code::NotScim, "is not HTTP", 1),
        ("floods", |_| Reply::Flood, Code::TooLarge, "larger than", 1),
        (
            "cut off",
            |_| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":".to_vec()),
            Code::NotScim,
            "broke off",
            3,
        ),
        (
            "ends inside the chunks",
            |_| Reply::Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n".to_vec()),
            Code::NotScim,
            "broke off",
            3,
        ),
        (
            "silent in the body",
            |_| Reply::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":".to_vec()),
            Code::Timeout,
            "did not answer within",
            1,
        ),
    ];
    for (name, answer, code, words, requests) in cases {
        let server = Hostile::start(answer).await;
        let journal = Journal::new();
        let problem = get(&server, &journal).await.expect_err(name);
        assert_eq!(problem.code, code, "{name}: {problem:?}");
        assert!(problem.message.contains(words), "{name}: {}", problem.message);
        assert!(!problem.hints.is_empty() && problem.details.is_some(), "{name}");
        assert_eq!(journal.lines().len(), requests, "{name}");
    }
}

#[tokio::test]
async fn refused_and_unknown_names() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for (url, code) in [
        (format!("http://127.0.0.1:{free}/"), Code::Connect),
        ("https://no-such-host.invalid/".to_owned(), Code::Dns),
        ("http://example.com/".to_owned(), Code::WrongPath),
        ("ftp://example.com/".to_owned(), Code::WrongPath),
    ] {
        let journal = Journal::new();
        let problem = http().send(Request::get(url.parse().unwrap()), &journal).await.expect_err(&url);
        assert_eq!(problem.code, code, "{url}");
        assert!(!problem.hints.is_empty());
        assert!(statuses(&journal).iter().all(Option::is_none));
    }
}

#[tokio::test]
async fn only_reading_is_tried_again() {
    type Case = (u16, &'static [(&'static str, &'static str)], usize, usize);
    let cases: [Case; 8] = [
        (429, &[], 3, 2),
        (429, &[("retry-after", "0")], 3, 2),
        (429, &[("retry-after", "120")], 1, 1),
        (429, &[("date", "Sun, 22 Nov 2026 10:00:00 GMT"), ("retry-after", "Sun, 22 Nov 2026 10:05:00 GMT")], 1, 1),
        (503, &[], 3, 1),
        (500, &[], 3, 1),
        (501, &[], 1, 1),
        (401, &[], 1, 1),
    ];
    for (code, headers, gets, posts) in cases {
        let server = Hostile::start(move |_| {
            Reply::Http(
                code,
                headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
                "{}".to_owned(),
            )
        })
        .await;
        for (request, expected) in
            [(Request::get(server.url.clone()), gets), (Request::post(server.url.clone()), posts)]
        {
            let journal = Journal::new();
            let answer = http().send(request, &journal).await.unwrap();
            assert_eq!(answer.status, code);
            assert_eq!(journal.lines().len(), expected, "{code} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_post_without_an_answer_goes_out_once() {
    for answer in [|_: &Ask| Reply::Silent, |_: &Ask| Reply::Close] {
        let server = Hostile::start(answer).await;
        let journal = Journal::new();
        let unanswered = http().send_keeping(Request::post(server.url.clone()), &journal).await.expect_err("no answer");
        assert!(unanswered.maybe_processed);
        assert_eq!(statuses(&journal), [None]);
    }
}

#[tokio::test]
async fn asked_to_wait_says_how_long() {
    let server = Hostile::start(|_| Reply::Http(429, vec![("retry-after", "300".to_owned())], "{}".to_owned())).await;
    let problem = get(&server, &Journal::new()).await.unwrap().refusal("Example Cloud");
    assert_eq!(problem.code, Code::RateLimited);
    assert!(problem.message.contains("5 minutes") && problem.hints[0].text.contains("5 minutes"), "{problem:?}");
}

#[tokio::test]
async fn a_bad_moment_passes() {
    let count = AtomicUsize::new(0);
    let server = Hostile::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => status(503, "{}"),
        1 => Reply::Close,
        _ => json("{}"),
    })
    .await;
    let journal = Journal::new();
    assert_eq!(get(&server, &journal).await.unwrap().status, 200);
    assert_eq!(statuses(&journal), [Some(503), None, Some(200)]);
}

#[tokio::test]
async fn another_port_is_another_host() {
    let other = Hostile::start(|_| json("{}")).await;
    let target = other.url.to_string();
    let server = Hostile::start(move |_| Reply::Http(307, vec![("location", target.clone())], String::new())).await;
    for request in [Request::get(server.url.clone()), Request::post(server.url.clone())] {
        let problem = http()
            .send(request.bearer(&Secret::new("canary-4711-token")), &Journal::new())
            .await
            .expect_err("redirect");
        assert_eq!(problem.code, Code::Redirect);
        assert!(problem.message.contains(&other.url.port().unwrap().to_string()), "{}", problem.message);
    }
    assert!(other.asks().is_empty(), "nothing was sent there");
}

#[tokio::test]
async fn same_host_is_followed_by_get_only_and_not_for_ever() {
    let server = Hostile::start(|ask| match ask.path.as_str() {
        "/" => Reply::Http(302, vec![("location", "/there".to_owned())], String::new()),
        "/round" => Reply::Http(302, vec![("location", "/round".to_owned())], String::new()),
        _ => json("{}"),
    })
    .await;
    let journal = Journal::new();
    assert_eq!(get(&server, &journal).await.unwrap().url.path(), "/there");
    assert_eq!(statuses(&journal), [Some(302), Some(200)]);
    let post = http().send(Request::post(server.url.clone()), &Journal::new()).await.expect_err("not followed");
    assert_eq!(post.code, Code::Redirect);
    let round =
        http().send(Request::get(server.url.join("round").unwrap()), &Journal::new()).await.expect_err("no end");
    assert_eq!(round.code, Code::Redirect);
    assert_eq!(server.asks().iter().filter(|ask| ask.path == "/round").count(), 4);
}

#[tokio::test]
async fn the_budget_holds() {
    let server = Hostile::start(|_| status(500, "{}")).await;
    let journal = Journal::bounded(2);
    assert_eq!(get(&server, &journal).await.unwrap().status, 500);
    assert_eq!(journal.lines().len(), 2);
    assert_eq!(get(&server, &journal).await.expect_err("spent").code, Code::Refused);
    assert_eq!(server.asks().len(), 2);
}

#[tokio::test]
async fn what_was_cancelled_stays_listed() {
    let server = Hostile::start(|_| Reply::Silent).await;
    let journal = Journal::new();
    let http = http();
    let begun = Instant::now();
    let _ =
        tokio::time::timeout(Duration::from_millis(50), http.send(Request::get(server.url.clone()), &journal)).await;
    assert!(begun.elapsed() < Duration::from_millis(900));
    assert_eq!(statuses(&journal), [None]);
    assert!(journal.lines()[0].ms >= 20);
}

#[tokio::test]
async fn a_body_that_broke_off_can_be_kept() {
    let server =
        Hostile::start(|_| Reply::Raw(b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"token\":\"abc".to_vec()))
            .await;
    let answer = http().send_keeping(Request::post(server.url.clone()), &Journal::new()).await.unwrap();
    assert_eq!((answer.end, answer.text().as_str()), (End::CutOff, "{\"token\":\"abc"));
}

#[tokio::test]
async fn wrong_json_names_the_place() {
    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only read")]
        items: Vec<u32>,
    }
    let bodies = [
        (r#"{"items":[1,"x"]}"#, "items[1]"),
        (r#"{"items":[1"#, "ends in the middle"),
        ("{]", "not JSON"),
        ("", "nothing where data was expected"),
        ("<!DOCTYPE html><form>Sign in</form>", "a login page"),
        ("<html><body>hello</body></html>", "a web page"),
    ];
    for (body, words) in bodies {
        let server = Hostile::start(move |_| json(body)).await;
        let problem = get(&server, &Journal::new()).await.unwrap().json::<Wanted>().expect_err(body);
        assert_eq!(problem.code, Code::NotScim);
        assert!(problem.message.contains(words), "{body}: {}", problem.message);
    }
}

#[tokio::test]
async fn a_byte_order_mark_does_no_harm() {
    let server = Hostile::start(|_| json("\u{feff}{\"a\":1}")).await;
    let value: serde_json::Value = get(&server, &Journal::new()).await.unwrap().json().unwrap();
    assert_eq!(value["a"], 1);
}

#[tokio::test]
async fn the_servers_words_are_made_safe() {
    let bodies = [
        (r#"{"detail":"no \u001b[31mcanary-4711-token\u001b[0m \u202eevil"}"#, "no [redacted] evil"),
        (r#"{"detail":["one","two"],"status":400}"#, "one; two"),
        (r#"{"message":"only a message"}"#, "only a message"),
        (r#"{"errors":[{"title":"t","detail":"inner"}]}"#, "inner"),
        (r#"{"error":{"message":"graph"}}"#, "graph"),
    ];
    for (body, said) in bodies {
        let server = Hostile::start(move |_| status(400, body)).await;
        let answer = get(&server, &Journal::new()).await.unwrap();
        assert_eq!(answer.said().as_deref(), Some(said));
        let shown = answer.details().body;
        assert!(!shown.contains("canary") && !shown.contains('\u{1b}'), "{shown}");
        assert!(!format!("{answer:?}").contains("detail"));
    }
}

#[tokio::test]
async fn clocks_that_differ_are_said() {
    let server = Hostile::start(|_| {
        Reply::Http(200, vec![("date", "Sun, 22 Nov 2026 10:00:00 GMT".to_owned())], "{}".to_owned())
    })
    .await;
    let answer = get(&server, &Journal::new()).await.unwrap();
    for (now, words) in [
        ("2026-11-22T10:04:00Z", None),
        ("2026-11-22T11:30:00Z", Some("90 minutes ahead of")),
        ("2026-11-20T10:00:00Z", Some("2 days behind")),
    ] {
        let hint = answer.clock_hint(now.parse().unwrap());
        assert_eq!(hint.is_some(), words.is_some(), "{now}");
        assert!(hint.unwrap_or_default().contains(words.unwrap_or_default()));
    }
}

#[test]
fn loopback_is_what_it_is() {
    for (url, loopback) in [
        ("http://127.0.0.1:1/", true),
        ("http://127.9.9.9/", true),
        ("http://[::1]:8080/", true),
        ("http://localhost/", true),
        ("http://LOCALHOST/", true),
        ("http://localhost.example.com/", false),
        ("http://127.0.0.1.nip.io/", false),
        ("http://128.0.0.1/", false),
    ] {
        assert_eq!(is_loopback(&url.parse().unwrap()), loopback, "{url}");
    }
}

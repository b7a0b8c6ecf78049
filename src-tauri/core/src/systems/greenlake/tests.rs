//! Answers nobody documented, and refusals. All shapes are assumptions (facts/targets.md A2).
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::{any, proptest};

use super::{Answer, Issued, create_token, read_answer, rotate_token};
use crate::{
    Code, Phase, Problem, Secret,
    http::{
        Http, Journal, Limits,
        hostile::{Ask, Hostile, Reply, json, status},
    },
};

const TOKEN: &str = "proxy-0123456789abcdef-XYZ";

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

#[test]
fn every_shape_with_a_token() {
    let cases = [
        (
            format!(r#"{{"id":"x","token":"{TOKEN}","expires_at":"2027-11-22T12:00:00Z"}}"#),
            Some("2027-11-22T12:00:00Z"),
        ),
        (format!(r#"{{"proxyToken":"{TOKEN}","expiresAt":1826884800}}"#), Some("2027-11-22T12:00:00Z")),
        (format!(r#"{{"proxy_token":"{TOKEN}","expiry":1826884800000}}"#), Some("2027-11-22T12:00:00Z")),
        (
            format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","expires_in":3600}}"#),
            Some("2026-11-22T13:00:00Z"),
        ),
        (format!(r#"{{"accessToken":"Bearer {TOKEN}","expires_in":"3600"}}"#), Some("2026-11-22T13:00:00Z")),
        (format!(r#"{{"bearerToken":"{TOKEN}"}}"#), None),
        (format!(r#"{{"value":"{TOKEN}"}}"#), None),
        (
            format!(r#"{{"data":{{"value":"{TOKEN}","expiration":"2027-11-22T12:00:00Z"}}}}"#),
            Some("2027-11-22T12:00:00Z"),
        ),
        (format!(r#"{{"data":[{{"attributes":{{"token":"{TOKEN}"}}}}]}}"#), None),
        (format!(r#"{{"token":{{"value":"{TOKEN}","exp":1826884800}}}}"#), Some("2027-11-22T12:00:00Z")),
        (format!(r#"[{{"token":"{TOKEN}"}}]"#), None),
        (format!("\"{TOKEN}\""), None),
        (TOKEN.to_owned(), None),
        (format!("{TOKEN}\n"), None),
        (format!("\u{feff}{{\"token\":\"{TOKEN}\"}}"), None),
    ];
    for (body, end) in cases {
        let expected = Answer::Token { secret: Secret::new(TOKEN), expires_at: end.map(|end| end.parse().unwrap()) };
        assert_eq!(read_answer(&body, Some("application/json"), now()), expected, "{body}");
    }
}

#[test]
fn the_end_stands_in_the_token_itself() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE4MjY4ODQ4MDB9.c2ln";
    let Answer::Token { expires_at, .. } = read_answer(&format!(r#"{{"token":"{token}"}}"#), None, now()) else {
        panic!("a token")
    };
    assert_eq!(expires_at.unwrap().as_second(), 1_826_884_800);
}

#[test]
fn what_is_no_token_gives_candidates() {
    let cases: [(String, Vec<&str>); 10] = [
        ("<!DOCTYPE html><html>login</html>".to_owned(), vec![]),
        (String::new(), vec![]),
        ("{}".to_owned(), vec![]),
        ("42".to_owned(), vec![]),
        (format!(r#"{{"id":"x","token":"{TOKEN}","expires"#), vec!["token"]),
        (format!(r#"{{"id":"x","token":"{}"#, &TOKEN[..20]), vec![]),
        (
            format!(r#"{{"secret":{{"key":"{TOKEN}"}},"id":"0b6a3c1e-8f3e-4b1a-9b3e-0123456789ab"}}"#),
            vec!["secret.key"],
        ),
        (
            format!(r#"{{"a":{{"token":"{TOKEN}"}},"b":{{"token":"other-0123456789abcdef-XYZ"}}}}"#),
            vec!["a.token", "b.token"],
        ),
        (format!("Your token is {TOKEN} keep it"), vec!["text"]),
        (r#"{"token":"no blanks in tokens please ok"}"#.to_owned(), vec![]),
    ];
    for (body, paths) in cases {
        let Answer::Unrecognised { candidates, raw } = read_answer(&body, None, now()) else { panic!("{body}") };
        let mut found: Vec<_> = candidates.iter().map(|candidate| candidate.path.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, paths, "{body}");
        assert_eq!(raw.expose(), body);
    }
}

proptest! {
    #[test]
    fn no_body_panics(body in any::<String>()) {
        let _ = read_answer(&body, None, now());
        let _ = read_answer(&format!("{{\"token\":{body}"), None, now());
    }
}

fn http() -> Http {
    Http::with(Limits { total: Duration::from_millis(1_000), pause: Duration::from_millis(1), ..Limits::default() })
        .unwrap()
}

async fn create(answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> (Result<Issued, Problem>, Hostile, Journal) {
    let (server, journal) = (Hostile::start(answer).await, Journal::new());
    let issued = create_token(&http(), &server.url, &Secret::new("canary-access-4711"), &journal, now()).await;
    (issued, server, journal)
}

#[tokio::test]
async fn the_documented_calls() {
    let (issued, server, _) = create(|_| status(201, r#"{"token":"proxy-0123456789abcdef-XYZ"}"#)).await;
    assert_eq!(issued.unwrap(), Issued::Token { secret: Secret::new(TOKEN), expires_at: None });
    for remove in [true, false] {
        rotate_token(&http(), &server.url, &Secret::new("a"), remove, &Journal::new(), now()).await.unwrap();
    }
    let asked: Vec<_> = server.asks().into_iter().map(|ask| format!("{} {}", ask.method, ask.path)).collect();
    assert_eq!(
        asked,
        [
            "POST /v1alpha1/proxytoken",
            "POST /v1alpha1/proxytoken/rotate?remove-current=true",
            "POST /v1alpha1/proxytoken/rotate?remove-current=false"
        ]
    );
    assert!(server.asks()[0].head.contains("authorization: bearer canary-access-4711"));
}

#[tokio::test]
async fn refusals_name_the_step_that_mends_them() {
    let cases = [
        (401, Code::Unauthorized, Phase::AccessToken, "does not accept the personal access token"),
        (403, Code::RoleMissing, Phase::Role, "SCIM Proxy Token Contributor"),
        (409, Code::Conflict, Phase::ScimToken, "exists already"),
        (404, Code::NotFound, Phase::Role, "does not offer proxy tokens"),
        (405, Code::NotFound, Phase::Role, "does not offer proxy tokens"),
        (500, Code::ServerError, Phase::ScimToken, "failed"),
    ];
    for (code, expected, phase, words) in cases {
        let (issued, server, journal) = create(move |_| status(code, r#"{"message":"no canary-access-4711"}"#)).await;
        let problem = issued.expect_err(words);
        assert_eq!(problem.code, expected, "{code}");
        assert!(problem.message.contains(words) && problem.message.contains("HPE GreenLake"), "{}", problem.message);
        assert!(problem.hints.iter().any(|hint| hint.go == Some(phase)), "{code}: {:?}", problem.hints);
        assert!(!format!("{problem:?}").contains("canary"), "{problem:?}");
        assert_eq!((server.asks().len(), journal.lines().len()), (1, 1), "{code}: sent once");
    }
}

#[tokio::test]
async fn rotating_nothing_leads_to_creating() {
    let server = Hostile::start(|_| status(404, "{}")).await;
    let problem =
        rotate_token(&http(), &server.url, &Secret::new("a"), false, &Journal::new(), now()).await.expect_err("404");
    assert!(
        problem.message.contains("no proxy token to rotate") && problem.hints[0].text.contains("Create"),
        "{problem:?}"
    );
}

#[tokio::test]
async fn without_an_answer_a_token_may_exist() {
    for answer in [|_: &Ask| Reply::Silent, |_: &Ask| Reply::Close, |_: &Ask| status(503, "{}")] {
        let (issued, server, _) = create(answer).await;
        let problem = issued.expect_err("no token");
        assert!(
            problem
                .hints
                .iter()
                .any(|hint| hint.text.contains("may or may not") && hint.text.contains("Replace the token")),
            "{problem:?}"
        );
        assert_eq!(server.asks().len(), 1);
    }
}

#[tokio::test]
async fn a_yes_is_never_dropped() {
    let cut = b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"id\":\"x\",\"token\":\"proxy-0123456789abcdef-XYZ\",\"exp".to_vec();
    let half = b"HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\nproxy-0123456789abc".to_vec();
    type Case = (Box<dyn Fn(&Ask) -> Reply + Send + Sync>, usize, &'static str);
    let cases: [Case; 5] = [
        (Box::new(move |_| Reply::Raw(cut.clone())), 1, "broke off"),
        (Box::new(move |_| Reply::Raw(half.clone())), 1, "broke off"),
        (Box::new(|_| status(204, "")), 0, "empty"),
        (
            Box::new(|_| {
                Reply::Http(200, vec![("content-type", "text/html".to_owned())], "<html>Sign in</html>".to_owned())
            }),
            0,
            "web page",
        ),
        (Box::new(|_| json(r#"{"credential":"proxy-0123456789abcdef-XYZ"}"#)), 1, "which part"),
    ];
    for (answer, count, words) in cases {
        let (issued, ..) = create(answer).await;
        let Issued::Unread { candidates, problem, .. } = issued.unwrap() else { panic!("{words}") };
        assert_eq!(candidates.len(), count, "{words}");
        assert_eq!(problem.code, Code::TokenNotRecognised);
        assert!(problem.message.contains(words) && !problem.hints.is_empty(), "{problem:?}");
        assert!(!format!("{problem:?}").contains("proxy-0123"), "{problem:?}");
    }
}

#[tokio::test]
async fn told_to_wait_it_says_how_long() {
    let (issued, ..) = create(|_| Reply::Http(429, vec![("retry-after", "90".to_owned())], "{}".to_owned())).await;
    let problem = issued.expect_err("429");
    assert!(problem.code == Code::RateLimited && problem.message.contains("1 minute"), "{problem:?}");
}

#[tokio::test]
async fn a_wrong_clock_is_named_with_401() {
    let (issued, ..) =
        create(|_| Reply::Http(401, vec![("date", "Sun, 22 Nov 2026 13:00:00 GMT".to_owned())], "{}".to_owned())).await;
    assert!(issued.expect_err("401").hints.iter().any(|hint| hint.text.contains("60 minutes behind")));
}

//! What is sent, every shape of list that facts/targets.md C1 and C5 name, and a yes that is none.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use proptest::prelude::{any, proptest};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

use super::{IdentityProvider, enable_scim, endpoint, identity_provider, list_identity_providers, provider};
use crate::{
    Code, Problem, Secret,
    http::{
        Http, Journal, Limits,
        hostile::{Ask, Hostile, Reply, json, status},
    },
};

const TOKEN: &str = "Canary-Azion-4711";
const UUID: &str = "1234abc4567";
/// The guide's answers (facts/targets.md C1).
const LISTED: &str = r#"{"name":"Microsoft Entra IdP","is_active":true,"protocol":"SAML","uuid":"1234abc4567","login_url":"https://api.azion.com/v4/users/scim/1234abc4567/login","scim_integration":false,"scim_url":null}"#;
const OFF: &str = r#"{"uuid":"1234abc4567","name":"Microsoft Entra IdP","is_active":true,"signature_algorithm":"sha-256","scim_integration":false,"scim_url":null}"#;
const ON: &str = r#"{"uuid":"1234abc4567","name":"Microsoft Entra IdP","is_active":true,"signature_algorithm":"sha-256","scim_integration":true,"scim_url":"https://api.azion.com/v4/users/scim/1234abc4567/Users"}"#;
const SCIM_URL: &str = "https://api.azion.com/v4/users/scim/1234abc4567/Users";

fn off() -> IdentityProvider {
    IdentityProvider {
        uuid: UUID.to_owned(),
        name: "Microsoft Entra IdP".to_owned(),
        protocol: "SAML".to_owned(),
        active: true,
        scim: false,
        scim_url: None,
    }
}

fn on() -> IdentityProvider {
    IdentityProvider { scim: true, scim_url: Some(SCIM_URL.to_owned()), ..off() }
}

fn http() -> Http {
    let limits = Limits {
        total: Duration::from_millis(1_000),
        pause: Duration::from_millis(1),
        body: 256 << 10,
        ..Limits::default()
    };
    Http::with(limits).unwrap()
}

fn token() -> Secret {
    Secret::new(TOKEN)
}

pub(super) async fn list_at(server: &Hostile) -> Result<Vec<IdentityProvider>, Problem> {
    list_identity_providers(&http(), &server.url, &token(), &Journal::new()).await
}

async fn list(body: &str) -> Result<Vec<IdentityProvider>, Problem> {
    let body = body.to_owned();
    list_at(&Hostile::start(move |_| json(&body)).await).await
}

async fn read(body: &str) -> Result<IdentityProvider, Problem> {
    let body = body.to_owned();
    let server = Hostile::start(move |_| json(&body)).await;
    identity_provider(&http(), &server.url, &token(), UUID, &Journal::new()).await
}

pub(super) async fn enable(
    answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static,
) -> (Result<IdentityProvider, Problem>, Vec<Ask>) {
    let server = Hostile::start(answer).await;
    let enabled = enable_scim(&http(), &server.url, &token(), UUID, &Journal::new()).await;
    (enabled, server.asks())
}

/// Says what went over the line, letter by letter, head and body.
async fn line(answer: &'static str) -> (Url, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut text, mut chunk) = (String::new(), [0; 4_096]);
        while !text.contains("\r\n\r\n") || (text.starts_with("PATCH") && !text.ends_with('}')) {
            let length = stream.read(&mut chunk).await.unwrap();
            assert!(length > 0, "the line broke after {text}");
            text.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
        stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
        text
    });
    (url, task)
}

#[tokio::test]
async fn the_list_is_asked_for_with_the_scheme_token() {
    let (url, sent) = line("[]").await;
    let api = url.join("/base/?old=1").unwrap();
    assert_eq!(list_identity_providers(&http(), &api, &token(), &Journal::new()).await.unwrap(), []);
    let sent = sent.await.unwrap();
    assert!(sent.starts_with("GET /base/iam/identity_providers HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\nauthorization: Token Canary-Azion-4711\r\n"), "{sent}");
    assert!(sent.contains("\r\naccept: application/json\r\n"), "{sent}");
}

#[tokio::test]
async fn scim_is_switched_on_by_a_real_patch() {
    let (url, sent) = line(ON).await;
    assert_eq!(enable_scim(&http(), &url, &token(), UUID, &Journal::new()).await.unwrap(), on());
    let sent = sent.await.unwrap();
    assert!(sent.starts_with("PATCH /iam/identity_providers/saml2/1234abc4567 HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\nauthorization: Token Canary-Azion-4711\r\n"), "{sent}");
    assert!(sent.contains("\r\ncontent-type: application/json\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"scim_integration\":true}"), "{sent}");
}

#[tokio::test]
async fn every_shape_of_list() {
    for body in [
        LISTED.to_owned(),
        format!("[{LISTED}]"),
        format!(r#"{{"count":1,"total_pages":1,"results":[{LISTED}]}}"#),
        format!(r#"{{"results":{LISTED}}}"#),
        format!(r#"{{"data":[{LISTED}]}}"#),
        format!(r#"{{"state":"executed","data":{LISTED}}}"#),
        format!(r#"{{"data":{{"results":[{LISTED}]}}}}"#),
        format!("\u{feff}[{LISTED}]"),
        format!(r#"[null,4,"x",{{}},{{"name":"without"}},{{"uuid":""}},{{"uuid":".."}},{LISTED},{LISTED}]"#),
    ] {
        assert_eq!(list(&body).await.unwrap(), [off()], "{body}");
    }
    for body in ["[]", r#"{"results":[]}"#, r#"{"count":0,"results":null}"#, r#"{"data":[]}"#] {
        assert_eq!(list(body).await.unwrap(), [], "{body}");
    }
}

#[tokio::test]
async fn missing_fields_are_borne() {
    let bare = IdentityProvider { name: "77".to_owned(), uuid: "77".to_owned(), protocol: String::new(), ..off() };
    for body in [
        r#"[{"uuid":"77"}]"#,
        r#"[{"uuid":77,"name":null,"is_active":null,"protocol":null,"scim_integration":null,"scim_url":null}]"#,
        r#"[{"uuid":"77","name":" \u202e\u0007 ","is_active":[],"protocol":3,"scim_integration":"false","scim_url":""}]"#,
    ] {
        assert_eq!(list(body).await.unwrap(), std::slice::from_ref(&bare), "{body}");
    }
    let inactive = list(r#"[{"uuid":"77","is_active":false},{"uuid":"78","is_active":"False"}]"#).await.unwrap();
    assert!(inactive.iter().all(|provider| !provider.active), "{inactive:?}");
    let without_flag = list(&format!(r#"{{"uuid":"77","scim_url":"{SCIM_URL}"}}"#)).await.unwrap();
    assert!(without_flag[0].scim && without_flag[0].scim_url.as_deref() == Some(SCIM_URL), "{without_flag:?}");
}

#[tokio::test]
async fn without_any_identifier_it_says_so() {
    for body in ["{}", r#"[{"name":"a"},{"uuid":null,"name":"b"}]"#, r#"{"data":[{"name":"a"}]}"#, "[1]"] {
        let problem = list(body).await.expect_err(body);
        assert_eq!(problem.code, Code::NotScim, "{body}");
        assert!(problem.message.contains("no usable identity provider"), "{body}: {}", problem.message);
    }
    let problem = list(r#"{"detail":"Plan without SSO."}"#).await.expect_err("no provider");
    assert!(problem.message.ends_with("It says: “Plan without SSO.”"), "{}", problem.message);
}

#[tokio::test]
async fn names_are_plain_bounded_and_without_secrets() {
    let name = format!("Evil\\u202e\\u001b[31m {TOKEN} {}", "x ".repeat(500));
    let found = list(&format!(r#"[{{"uuid":"7","name":"{name}"}}]"#)).await.unwrap();
    assert!(found[0].name.starts_with("Evil [redacted] x x"), "{}", found[0].name);
    assert_eq!(found[0].name.chars().count(), 200);
    let many: Vec<String> = (0..500).map(|number| format!(r#"{{"uuid":"{number}"}}"#)).collect();
    assert_eq!(list(&format!("[{}]", many.join(","))).await.unwrap().len(), 200);
    let long = "7".repeat(201);
    assert_eq!(list(&format!(r#"[{{"uuid":"{long}"}},{{"uuid":"7"}}]"#)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_is_read_by_its_uuid() {
    assert_eq!(read(OFF).await.unwrap(), off());
    assert_eq!(read(ON).await.unwrap(), on());
    for body in [
        format!(r#"{{"data":{ON}}}"#),
        format!("[{ON}]"),
        ON.replace("1234abc4567\",\"name", "1234ABC4567\",\"name"),
        ON.replace("\"uuid\":\"1234abc4567\",", ""),
        format!(r#"[{{"uuid":"other","name":"o"}},{ON}]"#),
    ] {
        assert_eq!(read(&body).await.unwrap(), on(), "{body}");
    }
    for body in [
        "{}".to_owned(),
        "[]".to_owned(),
        "true".to_owned(),
        r#"{"detail":"x"}"#.to_owned(),
        OFF.replace(UUID, "other"),
        r#"[{"name":"a"},{"name":"b"}]"#.to_owned(),
    ] {
        let problem = read(&body).await.expect_err(&body);
        assert_eq!(problem.code, Code::NotScim, "{body}");
        assert!(problem.message.contains("not about the identity provider"), "{body}: {}", problem.message);
    }
}

#[tokio::test]
async fn the_uuid_is_one_segment_of_the_path() {
    for (uuid, path) in [
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("a b?c#d;e", "a%20b%3Fc%23d;e"),
        ("ü", "%C3%BC"),
        ("...", "..."),
    ] {
        let server = Hostile::start(|_| status(404, "{}")).await;
        identity_provider(&http(), &server.url, &token(), uuid, &Journal::new()).await.expect_err("404");
        assert_eq!(server.asks()[0].path, format!("/iam/identity_providers/saml2/{path}"), "{uuid}");
    }
    for uuid in ["", " ", ".", "..", ".\t.", "a\nb", "a\u{202e}b", &"7".repeat(201)] {
        let server = Hostile::start(|_| json(ON)).await;
        let journal = Journal::new();
        let problem = enable_scim(&http(), &server.url, &token(), uuid, &journal).await.expect_err("refused");
        assert_eq!((problem.code, server.asks().len()), (Code::WrongInput, 0), "{uuid:?}");
    }
}

#[tokio::test]
async fn a_yes_alone_does_not_switch_scim_on() {
    let inactive = OFF.replace("\"is_active\":true", "\"is_active\":false");
    let without_url = ON.replace(&format!("\"{SCIM_URL}\""), "null");
    let cases = [
        (OFF.to_owned(), Code::Refused, "still off"),
        (inactive, Code::Refused, "still off"),
        (ON.replace("\"scim_integration\":true", "\"scim_integration\":false"), Code::Refused, "still off"),
        (without_url.clone(), Code::Refused, "no SCIM URL"),
        (without_url.replace("null", "\" \""), Code::Refused, "no SCIM URL"),
        (ON.replace("https://", "http://"), Code::WrongPath, "http://api.azion.com"),
        (ON.replace("https://", "https://user:password@"), Code::WrongPath, "not an https URL"),
        (ON.replace("https://", "javascript:"), Code::WrongPath, "not an https URL"),
        (ON.replace("https://api", "https://a\\npi"), Code::WrongPath, "not an https URL"),
        (ON.replace("/Users", "/Users#x"), Code::WrongPath, "not an https URL"),
        (ON.replace("/Users", &"/Users".repeat(400)), Code::WrongPath, "not an https URL"),
    ];
    for (body, code, words) in cases {
        let answer = body.clone();
        let (enabled, asks) = enable(move |_| json(&answer)).await;
        let problem = enabled.expect_err(words);
        assert_eq!((problem.code, asks.len()), (code, 1), "{body}");
        assert!(problem.message.contains(words) && problem.message.contains("Microsoft Entra IdP"), "{problem:?}");
        assert_eq!(
            problem.hints.iter().any(|hint| hint.text.contains("is not active")),
            body.contains("\"is_active\":false"),
            "{problem:?}"
        );
        assert!(problem.docs.is_some() && problem.details.is_some(), "{problem:?}");
    }
}

#[tokio::test]
async fn a_scim_url_on_loopback_may_be_plain_http() {
    let local = ON.replace("https://api.azion.com", "http://127.0.0.1:8080");
    let (enabled, _) = enable(move |_| json(&local)).await;
    assert_eq!(enabled.unwrap().scim_url.unwrap(), "http://127.0.0.1:8080/v4/users/scim/1234abc4567/Users");
    let outside = read(&ON.replace("https://", "http://")).await.unwrap();
    assert!(outside.scim && outside.scim_url.is_none(), "not used, and switching on says why: {outside:?}");
}

proptest! {
    #[test]
    fn nothing_that_comes_panics(text in any::<String>(), key in "uuid|name|scim_url|is_active|data|results|detail") {
        let body = serde_json::json!([{ key: text, "uuid": text }]);
        let found = provider::usable(&provider::entries(body).unwrap(), &token());
        assert!(found.iter().all(|one| !one.name.is_empty() && !one.name.chars().any(char::is_control)));
        let api: Url = "https://api.azionapi.net".parse().unwrap();
        if provider::is_usable_uuid(&text) {
            assert_eq!(endpoint(&api, &["saml2", &text]).path_segments().unwrap().count(), 4, "{text:?}");
        }
    }
}

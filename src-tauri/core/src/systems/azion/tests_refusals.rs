//! Every shape of error that facts/targets.md C4 names, and answers that do not come from Azion at all.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::tests::{enable, list_at};
use crate::{
    Code, Phase,
    http::hostile::{Ask, Hostile, Reply, json, status},
};

#[tokio::test]
async fn refusals_name_the_step_that_mends_them() {
    let cases = [
        (401, Code::Unauthorized, Some(Phase::AccessToken), "does not accept the personal token"),
        (403, Code::RoleMissing, Some(Phase::Role), "refuses to show the identity providers"),
        (404, Code::NotFound, None, "does not offer the list"),
        (410, Code::NotFound, None, "does not offer the list"),
        (400, Code::Refused, None, "did not list the identity providers (400 Bad Request)"),
        (406, Code::Refused, None, "(406 Not Acceptable)"),
        (422, Code::Refused, None, "(422 Unprocessable Entity)"),
        (500, Code::ServerError, None, "failed (500 Internal Server Error)"),
    ];
    for (number, code, first, words) in cases {
        let server = Hostile::start(move |_| status(number, r#"{"detail":"no Canary-Azion-4711"}"#)).await;
        let problem = list_at(&server).await.expect_err(words);
        assert_eq!(problem.code, code, "{number}");
        assert!(problem.message.contains(words) && problem.message.starts_with("Azion "), "{}", problem.message);
        assert!(problem.message.ends_with("It says: “no [redacted]”"), "{}", problem.message);
        assert_eq!(problem.hints[0].go, first, "{number}");
        assert_eq!(problem.docs.as_deref(), Some("docs-target"), "{number}");
        assert!(!format!("{problem:?}").contains("Canary"), "{problem:?}");
        assert_eq!(problem.details.unwrap().status, Some(number));
    }
    let moved = list_at(&Hostile::start(|_| status(410, "")).await).await.expect_err("410");
    assert!(moved.hints[0].text.contains("API v4") && moved.hints[0].text.contains("not documented whether"));
    let plan = list_at(&Hostile::start(|_| status(403, "")).await).await.expect_err("403");
    assert!(plan.hints[0].text.contains("**Account Owner**") && plan.hints[1].text.contains("**Mission-Critical**"));
}

#[tokio::test]
async fn one_that_is_gone_leads_back_to_the_list() {
    for number in [404, 410] {
        let (enabled, asks) = enable(move |_| status(number, r#"{"detail":"Not found."}"#)).await;
        let problem = enabled.expect_err("gone");
        assert_eq!((problem.code, asks.len()), (Code::NotFound, 1));
        assert!(problem.message.contains("any more") && problem.message.contains("Not found."), "{}", problem.message);
        assert_eq!(problem.hints[0].go, Some(Phase::ScimToken));
    }
    let (enabled, _) = enable(|_| status(403, "{}")).await;
    assert!(enabled.expect_err("403").message.contains("refuses to change"));
}

#[tokio::test]
async fn every_shape_of_error_is_quoted() {
    for (body, words) in [
        (r#"{"detail":"No rights."}"#, Some("No rights.")),
        (r#"{"detail":["No rights.","Really."]}"#, Some("No rights.; Really.")),
        (r#"{"scim_integration":["Needs a plan."]}"#, Some("scim_integration: Needs a plan.")),
        (r#"{"non_field_errors":["Needs a plan."]}"#, Some("Needs a plan.")),
        (
            r#"{"errors":[{"status":"400","code":"10001","title":"Invalid","detail":"Needs a plan.","source":{"pointer":"/data/scim_integration"}}]}"#,
            Some("Needs a plan. (/data/scim_integration)"),
        ),
        (r#"{"errors":[{"code":1,"title":"Invalid"},{"detail":["a","b"]}]}"#, Some("Invalid; a; b")),
        (r#"{"errors":["Odd."]}"#, Some("Odd.")),
        (r#"{"message":"From a gateway."}"#, Some("From a gateway.")),
        (r#"{"detail":"two\u000alines\u001b[31m \u202ered"}"#, Some("two lines red")),
        (r#"{"a":[],"b":[1],"detail":"  "}"#, None),
        ("[]", None),
        ("nothing to read", None),
        ("", None),
    ] {
        let (enabled, _) = enable(move |_| status(400, body)).await;
        let problem = enabled.expect_err(body);
        let quote = words.map_or(String::new(), |words| format!(" It says: “{words}”"));
        assert_eq!(problem.message, format!("Azion did not switch SCIM on (400 Bad Request).{quote}"), "{body}");
    }
    let long = format!(r#"{{"detail":["{}"]}}"#, "no ".repeat(2_000));
    let (enabled, _) = enable(move |_| status(400, &long)).await;
    assert!(enabled.expect_err("400").message.chars().count() < 400);
}

#[tokio::test]
async fn what_is_no_answer_of_azion() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n[{\"uuid\":\"1234abc4567\"".to_vec();
    let page = || {
        Reply::Http(
            200,
            vec![("content-type", "text/html".to_owned())],
            "<html><input type=password></html>".to_owned(),
        )
    };
    type Case = (Box<dyn Fn(&Ask) -> Reply + Send + Sync>, Code, &'static str);
    let cases: [Case; 7] = [
        (Box::new(move |_| page()), Code::NotScim, "login page"),
        (Box::new(move |_| Reply::Raw(cut.clone())), Code::NotScim, "broke off"),
        (Box::new(|_| json(r#"[{"uuid":"1234"#)), Code::NotScim, "middle of its JSON"),
        (Box::new(|_| json("uuid: 1")), Code::NotScim, "not JSON"),
        (Box::new(|_| status(204, "")), Code::NotScim, "nothing"),
        (Box::new(|_| json("\"uuid\"")), Code::NotScim, "not a list of identity providers"),
        (Box::new(|_| Reply::Flood), Code::TooLarge, "larger than"),
    ];
    for (answer, code, words) in cases {
        let problem = list_at(&Hostile::start(answer).await).await.expect_err(words);
        assert_eq!(problem.code, code, "{words}");
        assert!(problem.message.contains(words) && !problem.hints.is_empty(), "{problem:?}");
        assert_eq!(problem.docs.as_deref(), Some("docs-target"), "{words}");
    }
    let gateway = Hostile::start(|_| status(403, "<!doctype html><html>Blocked</html>")).await;
    let problem = list_at(&gateway).await.expect_err("403");
    assert!(problem.hints.iter().any(|hint| hint.text.contains("proxy or firewall")), "{problem:?}");
}

#[tokio::test]
async fn without_a_clear_answer_scim_may_be_on() {
    for (answer, maybe) in [
        ((|_: &Ask| Reply::Silent) as fn(&Ask) -> Reply, true),
        (|_: &Ask| Reply::Close, true),
        (|_: &Ask| status(503, "{}"), true),
        (|_: &Ask| status(204, ""), true),
        (|_: &Ask| json("{}"), true),
        (|_: &Ask| status(401, "{}"), false),
    ] {
        let (enabled, asks) = enable(answer).await;
        let problem = enabled.expect_err("not on");
        let says = problem.hints.iter().any(|hint| hint.text.contains("all the same") && hint.go.is_some());
        assert_eq!((says, asks.len()), (maybe, 1), "sent once: {problem:?}");
    }
}

#[tokio::test]
async fn told_to_wait_it_says_how_long() {
    let server =
        Hostile::start(|_| Reply::Http(429, vec![("retry-after", "90".to_owned())], r#"{"detail":"x"}"#.to_owned()))
            .await;
    let problem = list_at(&server).await.expect_err("429");
    assert!(problem.code == Code::RateLimited && problem.message.contains("1 minute"), "{problem:?}");
    assert_eq!(server.asks().len(), 1, "longer than is waited for");
}

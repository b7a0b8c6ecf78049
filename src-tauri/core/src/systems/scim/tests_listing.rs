//! Lists that lie, repeat or do not end.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::{Scim, arrivals};
use crate::{
    Code, Problem, Secret,
    http::{
        Http, Journal,
        hostile::{Ask, Hostile, json},
    },
};

/// Users `from..until` with that total.
fn users(from: u64, until: u64, total: Option<u64>) -> String {
    let all: Vec<String> = (from..until).map(|id| format!(r#"{{"id":"{id}","userName":"u{id}"}}"#)).collect();
    let total = total.map(|total| format!(r#""totalResults":{total},"#)).unwrap_or_default();
    format!(r#"{{{total}"Resources":[{}]}}"#, all.join(","))
}

fn number(ask: &Ask, key: &str) -> Option<u64> {
    let (_, rest) = ask.path.split_once(&format!("{key}="))?;
    rest.split('&').next()?.parse().ok()
}

async fn list(answer: impl Fn(&Ask) -> String + Send + Sync + 'static) -> (Result<usize, Problem>, usize) {
    let server = Hostile::start(move |ask| json(&answer(ask))).await;
    let scim = Scim::new(&Http::new().unwrap(), &server.base(), &Secret::new("t"), &Journal::new()).unwrap();
    let listed = scim.all_users().await.map(|all| all.len());
    (listed, server.asks().len())
}

#[tokio::test]
async fn honest_lists_are_read_to_their_end() {
    let (listed, requests) = list(|ask| {
        let start = number(ask, "startIndex").unwrap();
        users(start, (start + 100).min(251), Some(250))
    })
    .await;
    assert_eq!((listed.unwrap(), requests), (250, 3));
    let (capped, requests) = list(|ask| {
        let start = number(ask, "startIndex").unwrap();
        users(start, (start + 20).min(51), Some(50))
    })
    .await;
    assert_eq!((capped.unwrap(), requests), (50, 3));
    let (empty, _) =
        list(|_| r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}"#.to_owned())
            .await;
    assert_eq!(empty.unwrap(), 0);
}

#[tokio::test]
async fn without_totals_the_end_is_still_found() {
    let (ends, _) = list(|ask| {
        let start = number(ask, "startIndex").unwrap();
        users(start, (start + 100).min(131), None)
    })
    .await;
    assert_eq!(ends.unwrap(), 130);
    let (begins_anew, _) = list(|_| users(1, 4, None)).await;
    assert_eq!(begins_anew.unwrap(), 3);
}

#[tokio::test]
async fn cursors_are_followed_where_start_index_is_ignored() {
    let (listed, requests) =
        list(|ask| match ask.path.split_once("cursor=").map(|(_, rest)| rest.split('&').next().unwrap_or_default()) {
            None => users(1, 101, Some(150)),
            Some("") => users(1, 101, None).replacen('{', r#"{"nextCursor":"c1","#, 1),
            Some(_) => users(101, 151, None),
        })
        .await;
    assert_eq!((listed.unwrap(), requests), (150, 5));
}

#[tokio::test]
async fn broken_lists_end_with_a_reason() {
    type Case = (fn(&Ask) -> String, &'static str);
    let cases: [Case; 6] = [
        (|_| users(1, 101, Some(500)), "ignores “startIndex”"),
        (|_| users(1, 101, None), "ignores “startIndex”"),
        (
            |ask| {
                let start = number(ask, "startIndex").unwrap();
                users(start.saturating_sub(10).max(1), start + 90, Some(500))
            },
            "the same id twice",
        ),
        (
            |_| r#"{"totalResults":2,"Resources":[{"id":"1","userName":"a"},{"id":"1","userName":"b"}]}"#.to_owned(),
            "the same id twice",
        ),
        (
            |ask| if number(ask, "startIndex") == Some(1) { users(1, 51, Some(500)) } else { users(1, 1, Some(500)) },
            "sends only 50",
        ),
        (|_| users(1, 51, Some(3)), "but sends more"),
    ];
    for (answer, words) in cases {
        let (listed, requests) = list(answer).await;
        let problem = listed.expect_err(words);
        assert_eq!(problem.code, Code::PagingBroken, "{words}");
        assert!(problem.message.contains(words), "{}", problem.message);
        assert!(requests <= 4 && !problem.hints.is_empty(), "{words}");
    }
}

#[tokio::test]
async fn an_endless_list_is_stopped() {
    let (listed, requests) = list(|ask| {
        let start = number(ask, "startIndex").unwrap();
        users(start, start + 10_000, Some(u64::MAX))
    })
    .await;
    assert!(listed.expect_err("endless").message.contains("does not end"));
    assert!(requests <= 12);
}

#[tokio::test]
async fn what_is_no_list_is_said() {
    for (body, words) in [
        ("[]", "not a list"),
        ("{\"ok\":true}", "without “totalResults”"),
        (r#"{"Resources":{}}"#, "not a list"),
        (r#"{"Resources":[{"id":"1"},5]}"#, "Resources[1]"),
        ("<html>", "web page"),
    ] {
        let (listed, _) = list(move |_| body.to_owned()).await;
        let problem = listed.expect_err(body);
        assert!(problem.code == Code::NotScim && problem.message.contains(words), "{body}: {}", problem.message);
    }
}

/// A server that sends one page whatever is asked for, as scimmy does on express 5 (facts/measured.md).
#[tokio::test]
async fn arrivals_are_counted_where_pages_cannot_be_asked_for() {
    type Case = (fn(&Ask) -> String, Option<(u64, &'static str)>);
    let cases: [Case; 2] = [
        (|_| users(1, 21, Some(45)), Some((45, "u20"))),
        // Its total is contradicted by what it sends.
        (
            |ask| {
                if number(ask, "startIndex") == Some(1) { users(1, 21, Some(45)) } else { users(1, 1, Some(45)) }
            },
            None,
        ),
    ];
    for (answer, expected) in cases {
        let groups = r#"{"totalResults":3,"Resources":[{"id":"g","displayName":"G"}]}"#.to_owned();
        let server =
            Hostile::start(move |ask| json(&if ask.path.contains("/Groups") { groups.clone() } else { answer(ask) }))
                .await;
        let scim = Scim::new(&Http::new().unwrap(), &server.base(), &Secret::new("t"), &Journal::new()).unwrap();
        match (arrivals(&scim).await, expected) {
            (Ok(found), Some((count, newest))) => {
                assert_eq!((found.users, found.groups, found.newest[0].as_str()), (count, 3, newest));
            }
            (Err(problem), None) => assert_eq!(problem.code, Code::PagingBroken),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
        assert!(server.asks().len() <= 6, "{}", server.asks().len());
    }
}

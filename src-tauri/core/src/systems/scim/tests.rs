//! Base URLs, what servers send for one person, and the comparison with a mapping.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::{any, proptest};
use serde_json::{Value, json};

use super::{BaseUrl, Group, Resource, Scim, User, arrivals, compare, inspect_user};
use crate::{
    Code, Secret,
    http::{
        Http, Journal,
        hostile::{self, Hostile, Reply, status},
    },
};

#[test]
fn base_urls_are_understood() {
    let plain = "https://scim.example.com/scim/v2";
    for raw in [
        plain,
        "  https://scim.example.com/scim/v2 \n",
        "https://scim.example.com/scim/v2/",
        "https://scim.example.com//scim//v2//",
        "\"https://scim.example.com/scim/v2\"",
        "„https://scim.example.com/scim/v2“",
        "<https://scim.example.com/scim/v2>",
        "\u{feff}https://scim.example.com/scim/v2\u{200b}",
        "HTTPS://SCIM.EXAMPLE.COM/scim/v2",
        "https://scim.example.com:443/scim/v2",
        "https://scim.example.com/scim/v2?aadOptscim062020",
        "https://scim.example.com/scim/v2/?aadOptscim062020",
        "https://scim.example.com/scim/v2?AADOPTSCIM062020=",
    ] {
        let base = BaseUrl::parse(raw).unwrap();
        assert_eq!(base.text(), plain, "{raw:?}");
        assert_eq!(base.flag().is_some(), raw.to_lowercase().contains("optscim"), "{raw:?}");
        assert_eq!(base.join(&["Users", "a/b?c"]).as_str(), format!("{plain}/Users/a%2Fb%3Fc"));
        assert_eq!(base.without_endpoint(), None);
    }
    assert_eq!(BaseUrl::parse("https://h.example").unwrap().join(&["Users"]).as_str(), "https://h.example/Users");
}

#[test]
fn base_urls_are_refused() {
    let cases = [
        ("", Code::WrongInput),
        ("scim", Code::WrongInput),
        ("scim.example.com/v2", Code::WrongInput),
        ("https://a b/", Code::WrongInput),
        ("https://", Code::WrongInput),
        ("http://scim.example.com/v2", Code::WrongPath),
        ("ftp://scim.example.com", Code::WrongPath),
        ("https://x.example/?tenant=5", Code::WrongPath),
        ("https://u:p@x.example/", Code::WrongPath),
        ("https://x.example/#/home", Code::WrongPath),
        ("file:///etc/passwd", Code::WrongPath),
        ("javascript://x/", Code::WrongPath),
    ];
    for (raw, code) in cases {
        let problem = BaseUrl::parse(raw).expect_err(raw);
        assert_eq!(problem.code, code, "{raw}");
        assert!(!problem.hints.is_empty(), "{raw}");
    }
}

#[test]
fn endpoints_do_not_belong_to_it() {
    for raw in [
        "https://x.example/scim/Users",
        "https://x.example/scim/Users/",
        "https://x.example/scim/groups",
        "https://x.example/scim/Groups?aadOptscim062020",
    ] {
        assert_eq!(BaseUrl::parse(raw).unwrap().without_endpoint().unwrap().text(), "https://x.example/scim", "{raw}");
    }
}

fn ada() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "7", "userName": "ada@example.com", "externalId": "e-1", "active": "True",
        "name": {"givenName": "Ada", "familyName": "Lovelace", "formatted": "Ada Lovelace"}, "displayName": "Ada \u{1b}[31mL\u{202e}",
        "emails": [{"value": "b@x.org", "type": "home"}, {"value": "a@x.org", "type": "work", "primary": true}],
        "roles": ["x"], "nickName": "", "title": null, "groups": [{"value": "g"}], "meta": {"created": "2026-11-22T12:00:00Z"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D"}
    })
}

#[test]
fn a_user_is_read_with_every_attribute() {
    let user = User::from_value(&ada()).unwrap();
    assert_eq!((user.id.as_str(), user.user_name.as_str(), user.active), ("7", "ada@example.com", Some(true)));
    assert_eq!(user.display_name.as_deref(), Some("Ada L"));
    assert_eq!(user.emails, ["a@x.org", "b@x.org"]);
    let get = |path: &str| user.attributes.iter().find(|(name, _)| name == path).map(|(_, value)| value.as_str());
    assert_eq!(get("name.givenName"), Some("Ada"));
    assert_eq!(get("emails[type eq \"work\"].value"), Some("a@x.org"));
    assert_eq!(get("roles[0]"), Some("x"));
    assert_eq!(get("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"), Some("R&D"));
    assert_eq!((get("nickName"), get("title")), (None, None));
}

#[test]
fn odd_servers_are_read() {
    let user = User::from_value(&json!({"ID": 42, "username": "ada", "emails": ["a@x.org"], "active": false})).unwrap();
    assert_eq!(
        (user.id.as_str(), user.user_name.as_str(), user.active, user.emails.len()),
        ("42", "ada", Some(false), 1)
    );
    assert_eq!(User::from_value(&json!({"userName": "ada"})).unwrap().id, "ada");
    for wrong in [json!([]), json!("x"), json!({}), json!({"id": null})] {
        assert!(User::from_value(&wrong).is_err(), "{wrong}");
    }
    let group = Group::from_value(
        &json!({"id": "g", "displayName": "Engineers", "members": [{"value": "7", "display": "Ada"}, "8", {}]}),
    )
    .unwrap();
    assert_eq!(group.members.unwrap().len(), 2);
    assert_eq!(Group::from_value(&json!({"id": "g", "displayName": "E"})).unwrap().members, None);
}

#[test]
fn hostile_users_are_bounded() {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!({ "a": deep });
    }
    let many: serde_json::Map<String, Value> =
        (0..5_000).map(|index| (format!("k{index}"), json!("v".repeat(3_000)))).collect();
    let user = User::from_value(&json!({"id": "1", "deep": deep, "many": many, "bad\u{1b}[31mkey": "v"})).unwrap();
    assert!(user.attributes.len() <= 501);
    assert!(
        user.attributes
            .iter()
            .all(|(path, value)| value.chars().count() <= 1_000 && !path.chars().any(char::is_control))
    );
}

#[test]
fn a_mapping_is_compared() {
    let user = User::from_value(&ada()).unwrap();
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let all = [
        "userName",
        "displayName",
        "name.givenName",
        "name.familyName",
        "emails[type eq \"work\"].value",
        "externalId",
        "roles",
        enterprise,
    ];
    let found = compare(user.clone(), &all);
    assert_eq!(
        (found.missing.len(), found.unexpected),
        (0, vec!["emails[type eq \"home\"].value".to_owned(), "emails[type eq \"home\"].type".to_owned()])
    );
    let few = compare(user, &["userName", "title", "emails", "active"]);
    assert_eq!(few.missing, ["title"]);
    assert!(few.unexpected.contains(&"name.givenName".to_owned()) && few.unexpected.contains(&enterprise.to_owned()));
    assert!(few.present.iter().any(|(path, _)| path == "active"));
    assert!(!few.unexpected.iter().any(|path| path.starts_with("meta") || path.starts_with("groups") || path == "id"));
}

#[test]
fn an_untyped_address_counts_as_the_wanted_one() {
    let user = User::from_value(
        &json!({"id": "1", "userName": "a", "emails": [{"value": "a@x.org", "primary": true}], "active": false}),
    )
    .unwrap();
    let found = compare(user, &["userName", "emails[type eq \"work\"].value"]);
    assert_eq!((found.missing.len(), found.unexpected), (0, vec!["active".to_owned()]));
}

proptest! {
    #[test]
    fn no_url_panics(raw in any::<String>()) {
        let _ = BaseUrl::parse(&raw);
        let _ = BaseUrl::parse(&format!("https://x.example/{raw}"));
    }
}

async fn client(answer: impl Fn(&hostile::Ask) -> Reply + Send + Sync + 'static) -> (Scim, Hostile) {
    let server = Hostile::start(answer).await;
    let scim =
        Scim::new(&Http::new().unwrap(), &server.base(), &Secret::new("canary-token-4711"), &Journal::new()).unwrap();
    (scim, server)
}

#[tokio::test]
async fn a_person_is_looked_up_with_care() {
    let (scim, server) = client(|ask| match ask.path.as_str() {
        path if path.contains("nobody") => status(404, "{}"),
        path if path.contains("other") => hostile::json(r#"{"Resources":[{"id":"1","userName":"x"}]}"#),
        _ => hostile::json(r#"{"totalResults":1,"Resources":[{"id":"1","userName":"ADA\"@x"}]}"#),
    })
    .await;
    assert_eq!(scim.find_user("ada\"@x").await.unwrap().unwrap().id, "1");
    assert!(
        server.asks()[0].path.ends_with("?filter=userName%20eq%20%22ada%5C%22%40x%22"),
        "{}",
        server.asks()[0].path
    );
    assert_eq!(scim.find_user("nobody").await.unwrap(), None);
    assert_eq!(scim.find_user("other").await.expect_err("ignored").code, Code::FilterIgnored);
    assert!(inspect_user(&scim, "nobody", &["userName"]).await.unwrap().is_none());
}

#[tokio::test]
async fn refusals_are_in_words_and_hide_the_token() {
    for (code, expected) in [(401, Code::Unauthorized), (403, Code::Forbidden), (400, Code::Refused)] {
        let (scim, _server) =
            client(move |_| status(code, r#"{"detail":["bad canary-token-4711"],"status":400}"#)).await;
        let problem = scim.list_users(1, 2).await.expect_err("refused");
        assert_eq!(problem.code, expected);
        assert!(problem.message.contains("[redacted]") && !format!("{problem:?}").contains("canary"), "{problem:?}");
    }
}

#[tokio::test]
async fn arrivals_trust_only_honest_totals() {
    let honest = r#"{"totalResults":2,"Resources":[{"id":"1","userName":"old","meta":{"created":"2026-01-01T00:00:00Z"}},{"id":"2","userName":"new","meta":{"created":"2026-02-01T00:00:00Z"}}]}"#;
    let (scim, server) = client(move |ask| {
        hostile::json(if ask.path.contains("Groups") {
            r#"{"totalResults":7,"Resources":[{"id":"g","displayName":"G"}]}"#
        } else {
            honest
        })
    })
    .await;
    let found = arrivals(&scim).await.unwrap();
    assert_eq!((found.users, found.groups, found.newest), (2, 7, vec!["new".to_owned(), "old".to_owned()]));
    assert_eq!(server.asks().len(), 2);
    let (scim, _server) = client(|ask| {
        hostile::json(if ask.path.contains("startIndex=1&") {
            r#"{"Resources":[{"id":"1","userName":"a"}]}"#
        } else {
            "{\"Resources\":[]}"
        })
    })
    .await;
    let found = arrivals(&scim).await.unwrap();
    assert_eq!((found.users, found.groups), (1, 1));
}

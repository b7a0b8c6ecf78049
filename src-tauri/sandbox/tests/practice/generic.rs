//! The service that keeps to the standard: its page, and what Okta's and Microsoft's own test suites ask of a SCIM server.

use crate::support::{Admin, Page};
use reqwest::Method;
use serde_json::{Value, json};
use usher_sandbox::{Fault, Options, Target};

fn options() -> Options {
    Options { target: Target::Generic, ..Options::default() }
}

async fn prepared() -> (Admin, String) {
    let admin = Admin::new(Options { prepared: true, ..options() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    (admin, token)
}

async fn call(admin: &Admin, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", admin.sandbox.addresses().scim_base_url);
    let response = admin.client.request(method, url).bearer_auth(token).json(&body).send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

fn token_on(page: &Page) -> String {
    let rest = page.text.split("id=\"access-token\"").nth(1).and_then(|rest| rest.split_once('>'));
    rest.and_then(|(_, rest)| rest.split('<').next()).expect("a token").to_owned()
}

#[tokio::test]
async fn the_page_shows_the_address_and_makes_tokens() {
    let admin = Admin::new(options()).await;
    let base = admin.sandbox.addresses().scim_base_url.clone();
    assert!(admin.get("/service").await.text.contains(&format!("value=\"{base}\"")));
    let made = admin.post("/service/tokens", &[("name", "Okta")]).await;
    let token = token_on(&made);
    assert_eq!(admin.scim("/Users", &token).await["totalResults"], 2);
    assert!(made.text.contains("<td>Okta</td>") && made.text.contains("Never"));
    admin.post("/service/tokens/close", &[]).await;
    assert!(!admin.get("/service/?token=1").await.text.contains(&token));
    assert!(admin.get("/service/users").await.text.contains("sam.field@service.example"));
    assert!(admin.get("/service/groups").await.text.contains("No group has arrived yet."));
    assert_eq!(admin.post("/service/tokens/1/delete", &[]).await.result(), "success");
    assert_eq!(admin.scim("/Users", &token).await["status"], "401");

    admin.sandbox.set_fault(Fault::ScimTokenExpired, true);
    let expired = admin.post("/service/tokens", &[]).await;
    assert!(expired.text.contains("data-status=\"Expired\""));
    assert_eq!(admin.scim("/Users", &token_on(&expired)).await["status"], "401");
}

#[tokio::test]
async fn the_front_page_leads_to_the_target_and_both_identity_providers() {
    let admin = Admin::new(options()).await;
    let front = admin.get("/").await.text;
    for path in ["/service/", "/entra/", "/okta/"] {
        assert!(front.contains(&format!("href=\"{path}\"")), "{path}");
    }
    assert!(!front.contains("/greenlake/"));
}

#[tokio::test]
async fn what_oktas_own_suite_asks() {
    let (admin, token) = prepared().await;
    let list = admin.scim("/Users?startIndex=1&count=2", &token).await;
    assert_eq!((&list["startIndex"], &list["itemsPerPage"], &list["totalResults"]), (&json!(1), &json!(2), &json!(2)));
    assert_eq!(list["Resources"].as_array().map(Vec::len), Some(2));
    let (status, missing) = call(&admin, &token, Method::GET, "/Users/00000000", Value::Null).await;
    assert_eq!((status, &missing["schemas"][0]), (404, &json!("urn:ietf:params:scim:api:messages:2.0:Error")));

    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "zoe@example.com",
        "name": { "givenName": "Zoë", "familyName": "O'Connor" },
        "emails": [{ "primary": true, "value": "zoe@example.com", "type": "work" }],
        "displayName": "Zoë", "locale": "en-US", "externalId": "00u1", "groups": [], "password": "secret", "active": true,
    });
    let (status, made) = call(&admin, &token, Method::POST, "/Users", body.clone()).await;
    assert!(status == 201 && made["userName"] == "zoe@example.com" && made.get("password").is_none());
    let (status, twice) = call(&admin, &token, Method::POST, "/Users", body).await;
    assert_eq!((status, &twice["scimType"]), (409, &json!("uniqueness")));
    let path = format!("/Users/{}", made["id"].as_str().expect("an id"));
    let off = json!({ "Operations": [{ "op": "replace", "value": { "active": false } }] });
    let (status, off) = call(&admin, &token, Method::PATCH, &path, off).await;
    assert_eq!((status, &off["active"]), (200, &json!(false)));
    let (status, put) =
        call(&admin, &token, Method::PUT, &path, json!({ "userName": "zoe@example.com", "active": true })).await;
    assert!(status == 200 && put["active"] == true && put.get("displayName").is_none());

    let group = json!({ "displayName": "G", "members": [{ "value": made["id"], "display": "zoe@example.com" }] });
    let (status, group) = call(&admin, &token, Method::POST, "/Groups", group).await;
    assert_eq!((status, group["members"].as_array().map(Vec::len)), (201, Some(1)));
    let path = format!("/Groups/{}", group["id"].as_str().expect("an id"));
    let rename = json!({ "Operations": [{ "op": "replace", "value": { "id": group["id"], "displayName": "H" } }] });
    assert_eq!(call(&admin, &token, Method::PATCH, &path, rename).await.1["displayName"], "H");
    let emptied = json!({ "displayName": "H", "members": [] });
    assert!(call(&admin, &token, Method::PUT, &path, emptied).await.1.get("members").is_none());
    assert_eq!(call(&admin, &token, Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(call(&admin, &token, Method::DELETE, &path, Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_microsofts_acceptance_list_asks() {
    let (admin, token) = prepared().await;
    let schemas = admin.scim("/Schemas", &token).await.to_string();
    for name in
        ["core:2.0:Group", "enterprise:2.0:User", "\"department\"", "\"manager\"", "\"phoneNumbers\"", "\"members\""]
    {
        assert!(schemas.contains(name), "{name}");
    }
    assert!(!schemas.contains("hpe-greenlake"));
    // Nothing but a user name is asked for.
    for number in 0..12 {
        let body = json!({ "userName": format!("u{number}@example.com") });
        assert_eq!(call(&admin, &token, Method::POST, "/Users", body).await.0, 201);
    }
    let mut seen = std::collections::BTreeSet::new();
    for start in [1, 6, 11] {
        let page = admin.scim(&format!("/Users?startIndex={start}&count=5"), &token).await;
        assert_eq!((&page["startIndex"], &page["totalResults"]), (&json!(start), &json!(14)));
        seen.extend(page["Resources"].as_array().expect("users").iter().map(|one| one["id"].to_string()));
    }
    assert_eq!(seen.len(), 14);

    let (_, user) =
        call(&admin, &token, Method::POST, "/Users", json!({ "userName": "a@example.com", "title": "T" })).await;
    let path = format!("/Users/{}", user["id"].as_str().expect("an id"));
    let change = async |operation: Value| {
        call(&admin, &token, Method::PATCH, &path, json!({ "Operations": [operation] })).await.1
    };
    let work = "emails[type eq \"work\"].value";
    assert_eq!(
        change(json!({ "op": "aDD", "path": work, "value": "a@example.com" })).await["emails"][0]["value"],
        "a@example.com"
    );
    assert!(change(json!({ "op": "Replace", "path": work, "value": null })).await.get("emails").is_none());
    change(json!({ "op": "Replace", "path": "title", "value": "" })).await;
    assert!(change(json!({ "op": "Replace", "path": "title", "value": null })).await.get("title").is_none());
    assert_eq!(change(json!({ "op": "REPLACE", "path": "active", "value": "False" })).await["active"], false);
    assert_eq!(admin.scim("/Users?filter=userName%20eq%20%22A%40EXAMPLE.com%22", &token).await["totalResults"], 1);
}

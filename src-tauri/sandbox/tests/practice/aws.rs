//! IAM Identity Center from outside: the console's pages, and what its SCIM endpoint refuses (facts B1 to B4).

use std::time::Duration;

use crate::support::{Admin, Page};
use reqwest::Method;
use serde_json::{Value, json};
use usher_sandbox::{Fault, Options, Target};

const PROVISIONING: &str = "/aws/settings/provisioning";
const UNPARSABLE: &str = "Request is unparsable, syntactically incorrect, or violates schema.";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn options() -> Options {
    Options { target: Target::AwsIdentityCenter, ..Options::default() }
}

/// A prepared world, and how to call its SCIM endpoint.
struct Caller {
    admin: Admin,
    token: String,
}

struct Answer {
    status: u16,
    body: Value,
    content_type: String,
    request_id: String,
}

impl Caller {
    async fn new() -> Caller {
        let admin = Admin::new(Options { prepared: true, ..options() }).await;
        let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
        Caller { admin, token }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.admin.sandbox.addresses().scim_base_url);
        ask(self.admin.client.request(method, url).bearer_auth(&self.token).header("user-agent", "test"), body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.call(Method::PATCH, path, Some(json!({ "Operations": operations }))).await
    }

    async fn made(&self, path: &str, body: Value) -> String {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().expect("an id").to_owned()
    }
}

async fn ask(request: reqwest::RequestBuilder, body: Option<Value>) -> Answer {
    let request = if let Some(body) = body { request.json(&body) } else { request };
    let response = request.send().await.expect("an answer");
    let header =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (status, content_type, request_id) =
        (response.status().as_u16(), header("content-type"), header("x-amzn-requestid"));
    Answer { status, body: response.json().await.unwrap_or_default(), content_type, request_id }
}

fn user(name: &str) -> Value {
    json!({
        "userName": name,
        "displayName": "Zoë O'Connor",
        "name": { "givenName": "Zoë", "familyName": "O'Connor" },
        "emails": [{ "value": format!("{name}@example.com"), "type": "work", "primary": true }],
        "active": true,
    })
}

/// `user` with some attributes changed; null takes one away.
fn with(changes: Value) -> Value {
    let mut body = user("zoe");
    for (name, value) in changes.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn shown(page: &Page, id: &str) -> String {
    let rest = page.text.split(&format!("id=\"{id}\"")).nth(1).unwrap_or_else(|| panic!("no {id} on {}", page.path));
    let (tag, rest) = rest.split_once('>').expect("a tag");
    match tag.split_once("value=\"") {
        Some((_, value)) => value.split('"').next().unwrap_or_default().to_owned(),
        None => rest.split('<').next().unwrap_or_default().to_owned(),
    }
}

#[tokio::test]
async fn the_console_from_enable_to_the_second_token() {
    let admin = Admin::new(options()).await;
    assert_eq!(admin.sandbox.addresses().personal_access_token, None);
    assert!(admin.get("/aws/settings").await.text.contains("Automatic provisioning"));
    let dialog = admin.post("/aws/settings/enable", &[]).await;
    assert_eq!(dialog.path, "/aws/settings/inbound");
    assert!(dialog.text.contains("Inbound automatic provisioning"));
    let endpoint = shown(&dialog, "scim-endpoint");
    assert_eq!(endpoint, format!("{}/", admin.sandbox.addresses().scim_base_url));
    let first = shown(&dialog, "access-token");
    assert_eq!(admin.scim("/Users", &first).await["totalResults"], 2);

    admin.post("/aws/settings/close", &[]).await;
    let closed = admin.get("/aws/settings/inbound?token=1").await;
    assert!(closed.path == PROVISIONING && !closed.text.contains(&first));

    let second = shown(&admin.post("/aws/settings/provisioning/generate", &[]).await, "access-token");
    assert_ne!(first, second);
    let third = admin.post("/aws/settings/provisioning/generate", &[]).await;
    assert_eq!((third.path.as_str(), third.result()), (PROVISIONING, "failure"));
    assert!(third.text.contains("Delete the one that is not in use") && third.text.matches("data-token=").count() == 2);

    let delete = "/aws/settings/provisioning/tokens/1/delete";
    assert_eq!(admin.post(delete, &[("confirm", "yes")]).await.result(), "failure");
    assert_eq!(admin.post(delete, &[("confirm", "DELETE")]).await.result(), "success");
    assert_eq!(admin.post(delete, &[("confirm", "DELETE")]).await.result(), "failure");
    assert_eq!(admin.scim("/Users", &first).await["status"], "401");
    assert_eq!(admin.scim("/Users", &second).await["totalResults"], 2);

    assert_eq!(admin.post("/aws/settings/disable", &[("confirm", "DISABLE")]).await.result(), "failure");
    admin.post("/aws/settings/provisioning/tokens/2/delete", &[("confirm", "DELETE")]).await;
    assert_eq!(admin.post("/aws/settings/disable", &[("confirm", "DISABLE")]).await.path, "/aws/settings");
}

#[tokio::test]
async fn a_token_lives_for_a_year_and_the_console_reminds_of_its_end() {
    let caller = Caller::new().await;
    let day = 24 * 3600;
    assert!(!caller.admin.get("/aws/settings").await.text.contains("access token expires on"));
    caller.admin.sandbox.advance(Duration::from_secs(300 * day));
    assert!(caller.admin.get("/aws/settings").await.text.contains("access token expires on"));
    assert_eq!(caller.get("/Users").await.status, 200);
    caller.admin.sandbox.advance(Duration::from_secs(66 * day));
    assert_eq!(caller.get("/Users").await.status, 401);
    assert!(caller.admin.get(PROVISIONING).await.text.contains("data-status=\"Expired\""));
}

#[tokio::test]
async fn the_address_counts_as_much_as_the_token() {
    let caller = Caller::new().await;
    assert_eq!(caller.get("/Users/").await.status, 200);
    assert_eq!(caller.get("//Users").await.status, 404);
    let base = caller.admin.sandbox.addresses().scim_base_url.clone();
    let tenant = base.split('/').rev().nth(2).expect("a tenant").to_owned();
    for wrong in [base.replace("eu-central-1", "us-east-1"), base.replace(&tenant, "9067729b3d")] {
        assert_ne!(wrong, base);
        let answer = ask(caller.admin.client.get(format!("{wrong}/Users")).bearer_auth(&caller.token), None).await;
        assert_eq!(answer.status, 401, "{wrong}");
    }
    let answer = ask(caller.admin.client.get(format!("{base}/Users")).bearer_auth("wrong"), None).await;
    assert_eq!((answer.status, answer.content_type.as_str()), (401, "application/json"));
    assert_eq!(answer.body["schema"], answer.body["schemas"]);
    assert_eq!(answer.body["status"], "401");
    assert!(answer.body.get("timeStamp").is_some() && answer.body.get("scimType").is_none());
    assert!(!answer.request_id.is_empty() && answer.body["exceptionRequestId"] == answer.request_id);
}

#[tokio::test]
async fn new_users_are_refused_for_the_documented_reasons() {
    let caller = Caller::new().await;
    let unsupported = |name: &str| format!("Unsupported user attribute: {name}");
    let single = "Currently list attributes only allow single item".to_owned();
    let email = |more: Value| {
        let mut one = json!({ "value": "z@example.com", "primary": true });
        one.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({ "emails": [one] })
    };
    let table = [
        (json!({ "displayName": null }), UNPARSABLE.to_owned()),
        (json!({ "name": { "familyName": "A" } }), UNPARSABLE.to_owned()),
        (json!({ "name": { "givenName": "A" } }), UNPARSABLE.to_owned()),
        (json!({ "userName": "" }), UNPARSABLE.to_owned()),
        (json!({ "phoneNumbers": [{ "value": "1" }, { "value": "2" }] }), single),
        (email(json!({ "primary": false })), UNPARSABLE.to_owned()),
        (email(json!({ "display": "Z" })), unsupported("emails.display")),
        (json!({ "groups": [{ "value": "1" }] }), unsupported("groups")),
        (json!({ "ims": [{ "value": "1" }] }), unsupported("ims")),
        (json!({ "photos": [{ "value": "https://x" }] }), unsupported("photos")),
        (json!({ "x509Certificates": [{ "value": "AA" }] }), unsupported("x509Certificates")),
        (json!({ "entitlements": [{ "value": "1" }] }), unsupported("entitlements")),
        (json!({ "password": "secret" }), unsupported("password")),
        (json!({ ENTERPRISE: { "manager": { "displayName": "M" } } }), unsupported("manager.displayName")),
        (json!({ "displayName": "A <B>" }), UNPARSABLE.to_owned()),
        (json!({ "title": "A\u{200b}B" }), UNPARSABLE.to_owned()),
    ];
    for (change, detail) in table {
        let answer = caller.post("/Users", with(change.clone())).await;
        assert_eq!((answer.status, answer.body["detail"].as_str()), (400, Some(detail.as_str())), "{change}");
    }
    // What is empty does no harm: Okta and Entra send such lists.
    caller
        .made("/Users", with(json!({ "groups": [], "roles": [], "profileUrl": "https://example.com/z?a=1%20" })))
        .await;
    let again = caller.post("/Users", with(json!({ "emails": null, "userName": "ZOE" }))).await;
    assert_eq!(
        (again.status, again.body["detail"].as_str()),
        (409, Some("Refused to create a new, duplicate resource"))
    );
    let same_email = caller.post("/Users", with(json!({ "userName": "other" }))).await;
    assert_eq!(same_email.status, 409);
    assert_eq!(caller.post("/Groups", json!({ "externalId": "1" })).await.status, 400);
}

#[tokio::test]
async fn lists_know_few_filters_and_page_by_cursor() {
    let caller = Caller::new().await;
    let zoe =
        caller.made("/Users", with(json!({ ENTERPRISE: { "manager": { "value": "m1" } }, "externalId": "e1" }))).await;
    let group =
        caller.made("/Groups", json!({ "displayName": "G", "externalId": "g1", "members": [{ "value": zoe }] })).await;
    let total = async |path: &str, filter: &str| {
        let pair = url_pair(filter);
        let answer = caller.get(&format!("{path}?excludedAttributes=members&startIndex=2&filter={pair}")).await;
        (answer.status, answer.body["totalResults"].as_u64(), answer.body["startIndex"].as_u64())
    };
    for (path, filter) in [
        ("/Users", "userName eq \"ZOE\"".to_owned()),
        ("/Users", "externalId Eq \"e1\"".to_owned()),
        ("/Users", format!("groups.value eq \"{group}\"")),
        ("/Users", format!("id eq \"{zoe}\" and {ENTERPRISE}:manager eq \"m1\"")),
        ("/Users", format!("manager eq \"m1\" and id eq \"{zoe}\"")),
        ("/Groups", "displayName eq \"g\"".to_owned()),
        ("/Groups", "externalId eq \"g1\"".to_owned()),
        ("/Groups", format!("members.value eq \"{zoe}\"")),
        ("/Groups", format!("id eq \"{group}\" and members eq \"{zoe}\"")),
        ("/Groups", format!("member eq \"{zoe}\" and id eq \"{group}\"")),
    ] {
        assert_eq!(total(path, &filter).await, (200, Some(1), Some(1)), "{filter}");
    }
    assert_eq!(total("/Users", "userName eq \"nobody\"").await, (200, Some(0), Some(1)));
    for (path, filter) in [
        ("/Users", "userName sw \"z\""),
        ("/Users", "userName eq \"a\" or userName eq \"b\""),
        ("/Users", "title eq \"T\""),
        ("/Users", "id eq \"1\""),
        ("/Users", "active eq true"),
        ("/Users", "emails[type eq \"work\"]"),
        ("/Groups", "displayName co \"g\""),
    ] {
        assert_eq!(total(path, filter).await.0, 400, "{filter}");
    }
    assert_eq!(total("/Groups", "members.value eq \"nobody\"").await.0, 404);

    let listed = caller.get("/Groups").await.body;
    assert_eq!((&listed["Resources"][0]["members"], &listed["totalResults"]), (&json!([]), &json!(1)));
    let one = caller.get(&format!("/Groups/{group}?attributes=displayName")).await.body;
    assert!(one["members"] == json!([]) && one["externalId"] == "g1");
    assert!(caller.get(&format!("/Users/{zoe}")).await.body.get("groups").is_none());
    assert!(
        caller.admin.get("/aws/groups").await.text.contains("Zoë O&#39;Connor")
            || caller.admin.get("/aws/groups").await.text.contains("Zoë O'Connor")
    );

    for count in ["0", "101", "-1", "many"] {
        assert_eq!(caller.get(&format!("/Users?count={count}")).await.status, 400, "{count}");
    }
    // Short, although there is more.
    let first = caller.get("/Users?cursor&count=2").await.body;
    assert!(first.get("totalResults").is_none() && first.get("startIndex").is_none() && first["itemsPerPage"] == 1);
    let cursor = first["nextCursor"].as_str().expect("more");
    let second = caller.get(&format!("/Users?count=2&cursor={cursor}")).await.body;
    assert!(second.get("nextCursor").is_none() && second["Resources"][1]["userName"] == "zoe", "{second}");
    assert_eq!(caller.get("/Users?cursor=%21").await.status, 400);
}

fn url_pair(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn changes_follow_the_rules_of_each_operation() {
    let caller = Caller::new().await;
    let zoe = caller.made("/Users", user("zoe")).await;
    let path = format!("/Users/{zoe}");
    let changed = caller.patch(&path, json!([{ "op": "Replace", "path": "active", "value": "False" }])).await;
    assert_eq!((changed.status, &changed.body["active"]), (200, &json!(false)));
    assert_eq!(caller.patch(&path, json!([{ "op": "replace", "value": { "active": true } }])).await.status, 200);
    let two = caller.patch(&path, json!([{ "op": "replace", "value": { "active": true, "title": "T" } }])).await;
    assert_eq!(two.status, 400);
    assert!(
        two.body["detail"].as_str().is_some_and(|detail| detail.starts_with("Current PATCH support allows omitting"))
    );
    for operations in [
        json!([{ "op": "remove" }]),
        json!([{ "op": "remove", "path": "active" }]),
        json!([{ "op": "add", "path": "roles", "value": [{ "value": "r" }] }]),
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "second@example.com" }] }]),
        json!([{ "op": "replace", "path": "userName", "value": "a" }, { "op": "replace", "path": "userName", "value": "b" }]),
    ] {
        assert_eq!(caller.patch(&path, operations.clone()).await.status, 400, "{operations}");
    }
    let bare = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}{path}", caller.admin.sandbox.addresses().scim_base_url);
    let body = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "T" }] });
    assert_eq!(ask(bare.patch(url).bearer_auth(&caller.token), Some(body)).await.status, 403);
    assert_eq!(caller.call(Method::PUT, &path, Some(with(json!({ "title": "T" })))).await.body["title"], "T");

    let group = caller.made("/Groups", json!({ "displayName": "G" })).await;
    let path = format!("/Groups/{group}");
    let member = json!([{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": zoe }] }]);
    assert_eq!(caller.patch(&path, member).await.status, 204);
    let find = format!("/Groups?filter={}", url_pair(&format!("members.value eq \"{zoe}\"")));
    assert_eq!(caller.get(&find).await.body["totalResults"], 1);
    for operations in [
        json!([{ "op": "replace", "path": "members", "value": [{ "value": zoe }] }]),
        json!([{ "op": "remove", "path": "members" }]),
        json!([{ "op": "replace", "value": { "id": group, "displayName": "H" } }]),
    ] {
        assert_eq!(caller.patch(&path, operations.clone()).await.status, 400, "{operations}");
    }
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "H" }, { "op": "replace", "path": "externalId", "value": "x" }]);
    assert_eq!(caller.patch(&path, rename).await.status, 204);
    let gone = json!([{ "op": "Remove", "path": "members", "value": [{ "value": zoe }] }]);
    assert_eq!(caller.patch(&path, gone).await.status, 204);
    assert_eq!(caller.get(&find).await.body["totalResults"], 0);
    assert_eq!(caller.call(Method::PUT, &path, Some(json!({ "displayName": "H" }))).await.status, 405);

    for path in ["/Me", "/Bulk", "/.search", "/Users/.search"] {
        assert_eq!(caller.post(path, json!({})).await.status, 404, "{path}");
    }
    assert_eq!(caller.call(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(caller.call(Method::DELETE, &path, None).await.status, 404);
    let schemas = caller.get("/Schemas").await.body.to_string();
    assert!(
        !schemas.contains("x509Certificates") && !schemas.contains("hpe-greenlake") && schemas.contains("costCenter")
    );
    let config = caller.get("/ServiceProviderConfig").await.body;
    assert_eq!((&config["patch"]["supported"], &config["bulk"]["supported"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_group_gets_a_hundred_members_at_a_time_and_no_more() {
    let caller = Caller::new().await;
    let mut members = Vec::new();
    for number in 0..101 {
        members.push(json!({ "value": caller.made("/Users", user(&format!("user{number}"))).await }));
    }
    let group = caller.made("/Groups", json!({ "displayName": "By PATCH" })).await;
    let add = |members: &[Value]| json!([{ "op": "add", "path": "members", "value": members }]);
    let path = format!("/Groups/{group}");
    assert_eq!(caller.patch(&path, add(&members)).await.status, 400);
    assert_eq!(caller.patch(&path, add(&members[..100])).await.status, 204);
    assert_eq!(caller.patch(&path, add(&members[100..])).await.status, 204);
    let filter = url_pair(&format!("members.value eq {}", members[100]["value"]));
    assert_eq!(caller.get(&format!("/Groups?filter={filter}")).await.body["totalResults"], 1);
    let new = |name: &str, members: &[Value]| json!({ "displayName": name, "members": members });
    assert_eq!(caller.post("/Groups", new("One too many", &members)).await.status, 400);
    assert_eq!(caller.post("/Groups", new("Full", &members[..100])).await.status, 201);
}

/// Facts B4 say it of updates.
#[tokio::test]
async fn an_address_is_updated_as_a_whole() {
    let caller = Caller::new().await;
    let whole = json!({
        "type": "work",
        "streetAddress": "Calle de Alcalá 48",
        "locality": "Madrid",
        "region": "Madrid",
        "postalCode": "28014",
        "country": "ES",
    });
    let mut parts = whole.clone();
    parts["postalCode"] = "".into();
    let with_address = |address: &Value| with(json!({ "addresses": [address] }));
    let zoe = caller.made("/Users", with_address(&parts)).await;
    let path = format!("/Users/{zoe}");
    let put = async |body: Value| {
        let answer = caller.call(Method::PUT, &path, Some(body)).await;
        (answer.status, answer.body["detail"].as_str().unwrap_or_default().to_owned())
    };
    let part = |name: &str, value: &str| json!([{ "op": "replace", "path": format!("addresses[type eq \"work\"].{name}"), "value": value }]);
    let refused = (400, UNPARSABLE.to_owned());
    assert_eq!(put(with_address(&parts)).await, refused);
    assert_eq!(caller.patch(&path, part("locality", "Toledo")).await.status, 400);
    let title = json!([{ "op": "replace", "path": "title", "value": "T" }]);
    assert_eq!(caller.patch(&path, title).await.status, 200, "no address is touched");
    assert_eq!(caller.patch(&path, part("postalCode", "28014")).await.status, 200);
    assert_eq!(caller.patch(&path, part("locality", "Toledo")).await.status, 200);
    for name in ["streetAddress", "locality", "region", "postalCode", "country"] {
        let mut parts = whole.clone();
        parts.as_object_mut().expect("an object").remove(name);
        assert_eq!(put(with_address(&parts)).await, refused, "{name}");
        let pathless = json!([{ "op": "replace", "value": { "addresses": [parts] } }]);
        assert_eq!(caller.patch(&path, pathless).await.status, 400, "{name}");
    }
    assert_eq!(put(with_address(&whole)).await.0, 200);
    assert_eq!(put(user("zoe")).await.0, 200);
}

#[tokio::test]
async fn two_tokens_that_ended_leave_room_for_a_prepared_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("world.json");
    let begin = |prepared| Options { prepared, seed: Some([5; 32]), state_file: Some(file.clone()), ..options() };
    let first = Admin::new(begin(false)).await;
    first.post("/aws/settings/enable", &[]).await;
    first.post("/aws/settings/provisioning/generate", &[]).await;
    first.sandbox.advance(Duration::from_secs(366 * 24 * 3600));
    first.sandbox.stop().await;
    let again = Admin::new(begin(true)).await;
    let token = again.sandbox.addresses().scim_token.clone().expect("prepared");
    assert_eq!(again.control().await["tokens"], 1);
    assert_eq!(again.scim("/Users", &token).await["totalResults"], 2);
}

#[tokio::test]
async fn the_faults_of_the_console() {
    let admin = Admin::new(Options { faults: vec![Fault::TokenLimit], ..options() }).await;
    let refused = admin.post("/aws/settings/provisioning/generate", &[]).await;
    assert!(refused.result() == "failure" && refused.text.matches("data-token=").count() == 2);
    admin.post("/aws/settings/provisioning/tokens/1/delete", &[("confirm", "DELETE")]).await;
    assert!(!shown(&admin.post("/aws/settings/provisioning/generate", &[]).await, "access-token").is_empty());

    for (prepared, path) in [(false, "/aws/settings/enable"), (true, "/aws/settings/provisioning/generate")] {
        let admin = Admin::new(Options { prepared, faults: vec![Fault::RoleMissing], ..options() }).await;
        let refused = admin.post(path, &[]).await;
        assert_eq!(refused.result(), "failure");
        assert!(refused.text.contains("is not authorized to perform"));
        assert!(refused.text.contains("sso-directory:CreateBearerToken"));
        assert_eq!(admin.control().await["tokens"], u64::from(prepared));
    }

    let admin = Admin::new(Options { faults: vec![Fault::ScimTokenExpired], ..options() }).await;
    let token = shown(&admin.post("/aws/settings/enable", &[]).await, "access-token");
    assert_eq!(admin.scim("/Users", &token).await["status"], "401");
    let list = admin.get(PROVISIONING).await.text;
    assert!(list.contains("data-status=\"Expired\"") && list.contains("An access token expired on"));

    let admin = Admin::new(Options { faults: vec![Fault::WrongRegion], ..options() }).await;
    let dialog = admin.post("/aws/settings/enable", &[]).await;
    let (endpoint, token) = (shown(&dialog, "scim-endpoint"), shown(&dialog, "access-token"));
    assert!(!endpoint.starts_with(&admin.sandbox.addresses().scim_base_url));
    assert_eq!(ask(admin.client.get(format!("{endpoint}Users")).bearer_auth(&token), None).await.status, 401);
    assert_eq!(admin.scim("/Users", &token).await["totalResults"], 2);
}

#[tokio::test]
async fn a_prepared_world_comes_back_with_its_one_token_and_keeps_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("world.json");
    let prepared = || Options { prepared: true, seed: Some([5; 32]), state_file: Some(file.clone()), ..options() };
    let first = Admin::new(prepared()).await;
    let token = first.sandbox.addresses().scim_token.clone().expect("prepared");
    first.sandbox.stop().await;
    assert!(!std::fs::read_to_string(&file).expect("the file").contains(&token));
    let again = Admin::new(prepared()).await;
    assert_eq!(again.sandbox.addresses().scim_token.as_ref(), Some(&token));
    assert_eq!(again.control().await["tokens"], 1);
    assert_eq!(again.scim("/Users", &token).await["totalResults"], 2);
}

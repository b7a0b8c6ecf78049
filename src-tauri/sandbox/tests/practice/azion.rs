//! The practice Azion over real HTTP: its API with every shape of an error, both forms of the SCIM URL, its pages, and a whole set-up.

use std::time::Duration;

use crate::support::Admin;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use usher_sandbox::{Fault, Options, Target};

const LIST: &str = "/iam/identity_providers";

async fn world(prepared: bool, faults: &[Fault]) -> Admin {
    Admin::new(Options { target: Target::Azion, prepared, faults: faults.to_vec(), ..Options::default() }).await
}

async fn ask(admin: &Admin, method: Method, path: &str, authorization: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = admin.client.request(method, admin.url(path)).header("authorization", authorization);
    if let Some(body) = body {
        request = request.json(&body);
    }
    read(request.send().await.expect("an answer")).await
}

async fn read(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

/// The authorization that the API wants, with a fresh token.
fn owner(admin: &Admin) -> String {
    format!("Token {}", admin.access_token())
}

fn place(uuid: &str) -> String {
    format!("{LIST}/saml2/{uuid}")
}

/// The uuid of the identity provider with this name.
async fn uuid(admin: &Admin, name: &str) -> String {
    let (status, list) = ask(admin, Method::GET, LIST, &owner(admin), None).await;
    assert_eq!(status, 200, "{list}");
    let one = list.as_array().expect("an array").iter().find(|one| one["name"] == name).expect("an identity provider");
    one["uuid"].as_str().expect("a uuid").to_owned()
}

async fn enable(admin: &Admin) -> String {
    let uuid = uuid(admin, "Microsoft Entra IdP").await;
    let on = Some(json!({ "scim_integration": true }));
    let (status, one) = ask(admin, Method::PATCH, &place(&uuid), &owner(admin), on).await;
    assert_eq!(status, 200, "{one}");
    one["scim_url"].as_str().expect("a URL").to_owned()
}

/// The status of a search below a base URL, and how many it found.
async fn search(admin: &Admin, base: &str, endpoint: &str, scheme: &str, token: &str) -> (u16, Value) {
    let url = format!("{base}/{endpoint}?filter=userName%20eq%20%22nobody%22");
    let url = if endpoint == "Groups" { url.replace("userName", "displayName") } else { url };
    read(admin.client.get(url).header("authorization", format!("{scheme} {token}")).send().await.expect("an answer"))
        .await
}

#[tokio::test]
async fn the_list_offers_a_choice_and_patch_switches_scim_on() {
    let admin = world(false, &[]).await;
    let (status, list) = ask(&admin, Method::GET, LIST, &owner(&admin), None).await;
    assert_eq!(status, 200);
    let short: Vec<_> = list
        .as_array()
        .expect("an array")
        .iter()
        .map(|one| {
            (one["name"].as_str(), one["protocol"].as_str(), one["is_active"].as_bool(), one["scim_url"].is_null())
        })
        .collect();
    assert_eq!(
        short,
        [
            (Some("Microsoft Entra IdP"), Some("SAML"), Some(true), true),
            (Some("Okta (old)"), Some("SAML"), Some(false), true),
            (Some("Partner sign-in"), Some("OIDC"), Some(true), true),
        ]
    );
    let uuid = list[0]["uuid"].as_str().expect("a uuid");
    let (_, one) = ask(&admin, Method::GET, &place(uuid), &owner(&admin), None).await;
    let mut names: Vec<&str> = one.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "acs_url",
            "entity_id_url",
            "is_active",
            "login_url",
            "metadata_url",
            "name",
            "scim_integration",
            "scim_url",
            "sign_in_url",
            "signature_algorithm",
            "uuid"
        ]
    );
    assert_eq!((&one["scim_integration"], &one["scim_url"]), (&json!(false), &Value::Null));

    let url = enable(&admin).await;
    assert_eq!(url, admin.url(&format!("/v4/users/scim/{uuid}/Users")));
    assert_eq!(url, format!("{}/Users", admin.sandbox.addresses().scim_base_url));
    let off = Some(json!({ "scim_integration": false }));
    let (status, one) = ask(&admin, Method::PATCH, &place(uuid), &owner(&admin), off).await;
    assert_eq!((status, &one["scim_url"]), (200, &Value::Null));
}

#[tokio::test]
async fn each_refusal_has_its_shape() {
    let admin = world(false, &[]).await;
    let entra = place(&uuid(&admin, "Microsoft Entra IdP").await);
    let old = place(&uuid(&admin, "Okta (old)").await);
    let partner = place(&uuid(&admin, "Partner sign-in").await);
    let on = || Some(json!({ "scim_integration": true }));

    let bearer = format!("Bearer {}", admin.access_token());
    assert_eq!(
        ask(&admin, Method::GET, LIST, &bearer, None).await,
        (401, json!({ "detail": "Authentication credentials were not provided." }))
    );
    assert_eq!(ask(&admin, Method::GET, LIST, "Token wrong", None).await, (401, json!({ "detail": "Invalid token." })));

    // The guide's curl names no method, and so posts.
    let (status, body) = ask(&admin, Method::POST, &entra, &owner(&admin), on()).await;
    assert_eq!((status, body), (405, json!({ "detail": "Method \"POST\" not allowed." })));
    let plain = admin.client.patch(admin.url(&entra)).header("authorization", owner(&admin));
    let plain = plain.header("content-type", "text/plain").body("{\"scim_integration\":true}");
    assert_eq!(plain.send().await.expect("an answer").status(), 415);

    let (status, body) = ask(&admin, Method::PATCH, &old, &owner(&admin), on()).await;
    let text = "The identity provider must be active to enable SCIM integration.";
    assert_eq!((status, body), (400, json!({ "scim_integration": [text] })));
    let words = Some(json!({ "scim_integration": "yes" }));
    let (status, body) = ask(&admin, Method::PATCH, &entra, &owner(&admin), words).await;
    assert_eq!((status, body), (400, json!({ "scim_integration": ["Must be a valid boolean."] })));
    let (status, body) = ask(&admin, Method::PATCH, &entra, &owner(&admin), Some(json!([]))).await;
    assert!(status == 400 && body["detail"][0].is_string(), "{body}");

    for path in [&partner, &place("1234abc4567")] {
        let (status, body) = ask(&admin, Method::PATCH, path, &owner(&admin), on()).await;
        assert_eq!(status, 404);
        assert_eq!(body["errors"][0]["status"], "404");
        assert!(["code", "title", "detail"].iter().all(|name| body["errors"][0][name].is_string()), "{body}");
        assert!(body["errors"][0]["source"]["pointer"].is_string());
    }
}

#[tokio::test]
async fn role_plan_and_expiry_are_refused_in_words_of_their_own() {
    let admin = world(false, &[]).await;
    admin.sandbox.set_fault(Fault::PlanMissing, true);
    let (status, plan) = ask(&admin, Method::GET, LIST, &owner(&admin), None).await;
    assert!(status == 403 && plan["detail"][0].as_str().is_some_and(|text| text.contains("support plan")), "{plan}");
    assert!(admin.get("/azion/account").await.text.contains("data-plan=\"Business\""));
    assert!(admin.get("/azion/identity-providers").await.text.contains("not part of your support plan"));
    admin.sandbox.set_fault(Fault::PlanMissing, false);

    admin.sandbox.set_fault(Fault::RoleMissing, true);
    let (status, role) = ask(&admin, Method::GET, LIST, &owner(&admin), None).await;
    assert!(status == 403 && role["detail"].as_str().is_some_and(|text| text.contains("Account Owner")), "{role}");
    assert!(!admin.get("/azion/account").await.text.contains("data-role=\"Account Owner\""));
    admin.sandbox.set_fault(Fault::RoleMissing, false);

    admin.sandbox.set_fault(Fault::AccessTokenExpired, true);
    let expired = ask(&admin, Method::GET, LIST, &owner(&admin), None).await;
    assert_eq!(expired, (401, json!({ "detail": "Token has expired." })));
}

#[tokio::test]
async fn an_inactive_identity_provider_can_be_activated_and_a_missing_one_cannot() {
    let admin = world(false, &[Fault::IdpInactive]).await;
    let uuid = uuid(&admin, "Microsoft Entra IdP").await;
    let on = || Some(json!({ "scim_integration": true }));
    assert_eq!(ask(&admin, Method::PATCH, &place(&uuid), &owner(&admin), on()).await.0, 400);
    let action = |name: &str| format!("/azion/identity-providers/{uuid}/{name}");
    let page = admin.post(&action("activate"), &[]).await;
    assert_eq!(page.result(), "success");
    assert!(page.text.contains(&format!("data-provider=\"{uuid}\" data-state=\"active\"")));
    let url = enable(&admin).await;
    let base = url.trim_end_matches("/Users").to_owned();
    let token = admin.access_token();
    assert_eq!(search(&admin, &base, "Users", "Bearer", &token).await.0, 200);
    admin.post(&action("deactivate"), &[]).await;
    assert_eq!(search(&admin, &base, "Users", "Bearer", &token).await.0, 403);

    admin.sandbox.set_fault(Fault::IdpMissing, true);
    assert_eq!(ask(&admin, Method::GET, LIST, &owner(&admin), None).await, (200, json!([])));
    assert_eq!(ask(&admin, Method::GET, &place(&uuid), &owner(&admin), None).await.0, 404);
    assert!(admin.get("/azion/identity-providers").await.text.contains("There is no identity provider"));
    assert_eq!(admin.post(&action("activate"), &[]).await.result(), "failure");
}

#[tokio::test]
async fn the_scim_endpoint_answers_under_one_of_two_forms() {
    let admin = world(false, &[]).await;
    let token = admin.access_token();
    let base = admin.sandbox.addresses().scim_base_url.clone();
    let (status, refused) = search(&admin, &base, "Users", "Bearer", &token).await;
    assert!(status == 403 && refused["detail"].as_str().is_some_and(|text| text.contains("not enabled")), "{refused}");
    let literal = enable(&admin).await;

    for endpoint in ["Users", "Groups"] {
        let (status, found) = search(&admin, &base, endpoint, "Bearer", &token).await;
        assert_eq!((status, &found["totalResults"]), (200, &json!(0)));
        assert_eq!(search(&admin, &literal, endpoint, "Bearer", &token).await.0, 404, "{endpoint}");
    }
    assert_eq!(search(&admin, &base, "Users", "Token", &token).await.0, 401);
    assert_eq!(search(&admin, &base, "Users", "Bearer", "wrong").await.0, 401);

    admin.sandbox.set_fault(Fault::ScimUrlLiteral, true);
    for endpoint in ["Users", "Groups"] {
        assert_eq!(search(&admin, &base, endpoint, "Bearer", &token).await.0, 404, "{endpoint}");
        let (status, found) = search(&admin, &literal, endpoint, "Bearer", &token).await;
        assert_eq!((status, &found["totalResults"]), (200, &json!(0)));
    }
    let other = base.rsplit_once('/').map(|(head, _)| format!("{head}/somebody-else")).expect("a path");
    assert_eq!(search(&admin, &other, "Users", "Bearer", &token).await.0, 404);
}

/// The token in the page's text area, if there is one.
fn shown(text: &str) -> Option<String> {
    let area = text.split("<textarea").find(|part| part.contains("name=\"personal_token\""))?;
    Some(area.split_once('>')?.1.split('<').next()?.to_owned())
}

#[tokio::test]
async fn a_personal_token_is_shown_once_and_lives_as_long_as_chosen() {
    let admin = world(false, &[]).await;
    let page = "/azion/personal-tokens";
    assert!(admin.get(page).await.text.contains("90 days"));
    let nameless = admin.post(page, &[("name", " "), ("expires", "7")]).await;
    assert_eq!(nameless.result(), "failure");
    let endless = admin.post(page, &[("name", "SCIM"), ("expires", "8")]).await;
    assert!(endless.result() == "failure" && endless.text.contains("value=\"SCIM\""));
    assert_eq!(shown(&endless.text), None);

    let made = admin.post(page, &[("name", "SCIM"), ("expires", "7")]).await;
    assert_eq!(made.result(), "success");
    let token = shown(&made.text).expect("a token");
    let closed = admin.post(&format!("{page}/close"), &[]).await;
    assert!(!closed.text.contains(&token) && closed.text.contains(">SCIM</td>"));

    let authorization = format!("Token {token}");
    let status = async || ask(&admin, Method::GET, LIST, &authorization, None).await.0;
    assert_eq!(status().await, 200);
    admin.sandbox.advance(Duration::from_secs(7 * 24 * 3600 + 1));
    assert_eq!(status().await, 401);
    let list = admin.get(page).await.text;
    let expired = list.split("data-token=\"").find(|row| row.contains(">SCIM</td>")).expect("its row");
    assert!(expired.contains("data-status=\"expired\""), "{expired}");
    let serial = expired.split('"').next().expect("a serial number");
    assert_eq!(admin.post(&format!("{page}/{serial}/delete"), &[]).await.result(), "success");
    assert_eq!(admin.post(&format!("{page}/{serial}/delete"), &[]).await.result(), "failure");
}

#[tokio::test]
async fn a_prepared_world_has_scim_on_and_both_tokens() {
    let admin = world(true, &[]).await;
    let addresses = admin.sandbox.addresses().clone();
    let access = addresses.personal_access_token.expect("a personal token");
    assert_eq!(ask(&admin, Method::GET, LIST, &format!("Token {access}"), None).await.1[0]["scim_integration"], true);
    let token = addresses.scim_token.expect("a SCIM token");
    assert_eq!(search(&admin, &addresses.scim_base_url, "Users", "Bearer", &token).await.0, 200);
    assert!(admin.get("/").await.text.contains("/azion/"));
}

#[tokio::test]
async fn an_untrimmed_mapping_fails_visibly_and_a_trimmed_one_brings_users_and_a_team() {
    let admin = world(true, &[]).await;
    let addresses = admin.sandbox.addresses().clone();
    let token = addresses.scim_token.expect("a SCIM token");
    admin.post("/entra/apps/create", &[("name", "Azion"), ("kind", "non-gallery")]).await;
    let fields = [("tenant_url", addresses.scim_base_url.as_str()), ("secret_token", &token), ("action", "save")];
    assert_eq!(admin.post("/entra/apps/a1/provisioning", &fields).await.result(), "success");
    assert_eq!(admin.post("/entra/apps/a1/assignments", &[("principal", "Azion Users")]).await.result(), "success");
    let demand = admin.post("/entra/apps/a1/on-demand", &[("subject", "u1")]).await;
    assert_eq!(demand.result(), "failure");
    assert!(demand.text.contains("Unsupported user attribute"), "{}", demand.text);

    admin.keep_rows("users", &["userName", "active", "name.givenName", "name.familyName"]).await;
    let actions = [("enabled", "on"), ("create", "on"), ("update", "on"), ("delete", "on")];
    assert_eq!(admin.post("/entra/apps/a1/mapping/users", &actions).await.result(), "success");
    admin.post("/entra/apps/a1/start", &[]).await;
    assert_eq!(admin.cycles(1).await[0]["failed"], 0);
    let users = admin.get("/azion/users").await.text;
    assert!(users.contains("zoe.oconnor-mueller@northwind.example"));
    let teams = admin.get("/azion/teams").await.text;
    assert!(
        teams.contains("<h2>Azion Users</h2>") && teams.contains("<li>xiaolong.li@northwind.example</li>"),
        "{teams}"
    );
}

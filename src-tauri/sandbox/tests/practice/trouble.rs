//! What the faults do that a class of trouble is seen with, beyond their words: those stand with the command line, which knows the
//! classes.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use usher_sandbox::{Fault, Options, Target};

use crate::support::Admin;

async fn world(target: Target, faults: &[Fault]) -> (Admin, String) {
    let admin = Admin::new(Options { target, faults: faults.to_vec(), prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    (admin, token)
}

/// An app at the generic target with its default mapping, and whom it is to provision.
async fn started(faults: &[Fault], principal: &str) -> (Admin, String) {
    let (admin, token) = world(Target::Generic, faults).await;
    admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
    let base = admin.sandbox.addresses().scim_base_url.clone();
    let fields = [("tenant_url", base.as_str()), ("secret_token", token.as_str()), ("action", "save")];
    assert_eq!(admin.post("/entra/apps/a1/provisioning", &fields).await.result(), "success");
    admin.post("/entra/apps/a1/assignments", &[("principal", principal)]).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    (admin, token)
}

async fn send(admin: &Admin, method: reqwest::Method, path: &str, token: &str, body: &Value) -> (StatusCode, Value) {
    let url = format!("{}{path}", admin.sandbox.addresses().scim_base_url);
    // AWS takes no PATCH from somebody without a name.
    let request = admin.client.request(method, url).header("user-agent", "a-test/1").bearer_auth(token);
    let answer = request.json(body).send().await.expect("an answer");
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn the_answers_of_a_target_whose_clock_is_slow_carry_an_old_date_and_the_consoles_do_not() {
    let (admin, token) = world(Target::Generic, &[Fault::ClockSkew]).await;
    let date = async |url: String| {
        let answer = admin.client.get(url).bearer_auth(&token).send().await.expect("an answer");
        let text = answer.headers()["date"].to_str().expect("text").to_owned();
        jiff::fmt::rfc2822::parse(&text).expect("a date").timestamp()
    };
    let behind = |then: jiff::Timestamp| admin.sandbox.now().duration_since(then).as_secs();
    let scim = format!("{}/Users", admin.sandbox.addresses().scim_base_url);
    assert!((3 * 3600..3 * 3600 + 60).contains(&behind(date(scim).await)));
    assert!(behind(date(admin.url("/entra/apps")).await) < 60);
}

#[tokio::test]
async fn a_strict_endpoint_takes_the_same_change_in_the_words_of_the_standard() {
    let (admin, token) = world(Target::Generic, &[Fault::PatchStrict]).await;
    let user = admin.scim("/Users", &token).await["Resources"][0]["id"].as_str().expect("a user").to_owned();
    let change = async |op: &str, active: Value| {
        let body = json!({ "Operations": [{ "op": op, "path": "active", "value": active }] });
        send(&admin, reqwest::Method::PATCH, &format!("/Users/{user}"), &token, &body).await
    };
    let (status, refusal) = change("Replace", json!(false)).await;
    assert_eq!((status, &refusal["scimType"]), (StatusCode::BAD_REQUEST, &json!("invalidSyntax")));
    let (status, refusal) = change("replace", json!("False")).await;
    assert!(
        status == StatusCode::BAD_REQUEST && refusal["detail"].to_string().contains("'False' is not of type 'boolean'")
    );
    assert!(change("replace", json!(false)).await.0.is_success());
}

#[tokio::test]
async fn attributes_and_characters_that_are_refused_are_named_and_others_are_taken() {
    let (admin, token) = world(Target::Generic, &[Fault::AttributesRefused, Fault::CharacterRefused]).await;
    let create = async |body: Value| send(&admin, reqwest::Method::POST, "/Users", &token, &body).await;
    for (more, named) in [
        (json!({ "phoneNumbers": [{ "type": "mobile", "value": "1" }] }), "phoneNumbers[type eq \"mobile\"].value"),
        (json!({ "addresses": [{ "type": "work", "locality": "B" }] }), "addresses[type eq \"work\"].locality"),
        (
            json!({ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "D" } }),
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ),
        (json!({ "name": { "familyName": "O'Brien" } }), "name.familyName"),
        (json!({ "displayName": "Siobhán O'Brien" }), "displayName"),
    ] {
        let mut body = json!({ "userName": "a@b.example" });
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        let (status, refusal) = create(body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{named}");
        assert!(refusal["detail"].as_str().is_some_and(|text| text.contains(named)), "{refusal}");
    }
    let fine = json!({ "userName": "o'brien@b.example", "displayName": "Ann Lee", "name": { "familyName": "Lee" } });
    assert_eq!(create(fine).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn two_members_at_once_are_taken_and_three_are_not() {
    for target in Target::ALL {
        let (admin, token) = world(*target, &[Fault::GroupTooLarge]).await;
        let users = admin.scim("/Users", &token).await;
        let id = users["Resources"][0]["id"].clone();
        let group = json!({ "displayName": "G", "members": [{ "value": id }, { "value": id }] });
        let (status, made) = send(&admin, reqwest::Method::POST, "/Groups", &token, &group).await;
        assert_eq!(status, StatusCode::CREATED, "{target}");
        let path = format!("/Groups/{}", made["id"].as_str().expect("an id"));
        let body =
            json!({ "Operations": [{ "op": "add", "path": "members", "value": vec![json!({ "value": id }); 3] }] });
        let (status, refusal) = send(&admin, reqwest::Method::PATCH, &path, &token, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{target}: {refusal}");
    }
}

#[tokio::test]
async fn deletions_are_held_back_until_they_are_allowed() {
    let (admin, token) = started(&[Fault::ManyDeletes], "g2").await;
    admin.cycles(1).await;
    let there = admin.group("Contractors", &token).await;
    assert!(there.is_some(), "nothing is held back that is not a deletion");
    admin.post("/entra/apps/a1/assignments/g2/remove", &[]).await;
    admin.post("/entra/apps/a1/restart", &[]).await;
    admin.cycles(2).await;
    let state = &admin.control().await["apps"][0];
    assert_eq!((&state["state"], &state["quarantine"]), (&json!("Quarantine"), &json!("TooManyDeletes")));
    assert!(admin.group("Contractors", &token).await.is_some(), "it is still there");
    assert!(admin.get("/entra/apps/a1/logs").await.text.contains("StagedDelete"));
    assert_eq!(admin.post("/entra/apps/a1/allow-deletes", &[]).await.result(), "success");
    admin.cycles(3).await;
    assert!(admin.group("Contractors", &token).await.is_none() && !admin.sandbox.quarantined());
    assert_eq!(admin.post("/entra/apps/a1/allow-deletes", &[]).await.result(), "warning");
}

#[tokio::test]
async fn a_first_cycle_that_runs_on_ends_once_the_fault_is_gone() {
    let (admin, _) = started(&[Fault::FirstCycleSlow], "u1").await;
    while admin.control().await["apps"][0]["state"] != "Running" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(admin.get("/entra/apps/a1").await.text.contains("Initial cycle in progress"));
    assert!(!admin.sandbox.is_idle());
    admin.sandbox.set_fault(Fault::FirstCycleSlow, false);
    admin.cycles(1).await;
    assert!(!admin.get("/entra/apps/a1").await.text.contains("Initial cycle in progress"));
}

#[tokio::test]
async fn a_secret_that_is_too_large_is_tested_and_not_saved() {
    let (admin, token) = world(Target::Generic, &[Fault::SecretTooLarge]).await;
    admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
    let base = admin.sandbox.addresses().scim_base_url.clone();
    for (action, result) in [("test", "success"), ("save", "failure")] {
        let fields = [("tenant_url", base.as_str()), ("secret_token", token.as_str()), ("action", action)];
        assert_eq!(admin.post("/entra/apps/a1/provisioning", &fields).await.result(), result);
    }
    assert_eq!(admin.control().await["apps"][0]["connected"], false);
}

#[tokio::test]
async fn at_sign_in_only_the_name_that_was_provisioned_is_known() {
    let (admin, _) = started(&[], "u1").await;
    admin.cycles(1).await;
    let sign_in = async |person: &str| admin.post("/sign-in", &[("person", person)]).await;
    assert_eq!(sign_in("u1").await.result(), "success");
    assert_eq!(sign_in("u2").await.result(), "failure", "not provisioned");
    assert_eq!(sign_in("nobody").await.result(), "failure");
    admin.sandbox.set_fault(Fault::NameidDiffers, true);
    assert_eq!(sign_in("u1").await.result(), "failure");
}

#[tokio::test]
async fn who_is_turned_away_at_one_console_is_let_into_the_others() {
    let (admin, _) = world(Target::AwsIdentityCenter, &[]).await;
    for (fault, closed) in [(Fault::SignInBlocked, "/entra/apps"), (Fault::SessionExpired, "/aws/settings")] {
        admin.sandbox.set_fault(fault, true);
        for path in ["/entra/apps", "/okta/apps", "/aws/settings", "/"] {
            let page = admin.get(path).await;
            let turned_away = ["AADSTS", "Your session has expired"].iter().any(|words| page.text.contains(words));
            assert_eq!(turned_away, path == closed, "{fault} {path}");
            assert!(page.footer.contains(fault.description()), "{fault} {path}");
        }
        admin.sandbox.set_fault(fault, false);
    }
    admin.sandbox.set_fault(Fault::IdpRoleMissing, true);
    assert!(admin.get("/entra/apps/new").await.text.contains("Create your own application"), "reading is allowed");
    let made = admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
    assert!(made.text.contains("Insufficient privileges"));
    admin.sandbox.set_fault(Fault::IdpRoleMissing, false);
    assert_eq!(admin.control().await["apps"], json!([]), "nothing was made");
}

#[tokio::test]
async fn the_address_astray_is_shown_wherever_the_target_shows_its_address() {
    for target in Target::ALL {
        for (fault, scheme) in [(Fault::ScimUnreachable, "http://"), (Fault::ScimTls, "https://")] {
            let (admin, _) = world(*target, &[fault]).await;
            let addresses = admin.sandbox.addresses();
            assert!(!addresses.scim_base_url.starts_with(&addresses.api_base_url), "{target} {fault}");
            assert!(addresses.scim_base_url.starts_with(scheme), "{target} {fault}");
            if let Some(page) = match target {
                Target::AwsIdentityCenter => Some("/aws/settings/provisioning"),
                Target::Generic => Some("/service/"),
                Target::HpeGreenlake | Target::Azion => None,
            } {
                assert!(admin.get(page).await.text.contains(&addresses.scim_base_url), "{target} {fault}");
            }
        }
    }
}

#[tokio::test]
async fn both_consoles_say_in_their_own_words_why_there_is_no_connection() {
    for (fault, entra, okta) in [
        (Fault::ScimUnreachable, "actively refused it", "Connection refused"),
        (Fault::ScimTls, "The SSL connection could not be established", "PKIX path building failed"),
        (Fault::ProxyRefuses, "ProxyAuthenticationRequired", "Proxy Authentication Required"),
    ] {
        let (admin, token) = world(Target::Generic, &[fault]).await;
        let base = admin.sandbox.addresses().scim_base_url.clone();
        admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
        let fields = [("tenant_url", base.as_str()), ("secret_token", token.as_str()), ("action", "test")];
        let tested = admin.post("/entra/apps/a1/provisioning", &fields).await;
        assert!(tested.result() == "failure" && tested.text.contains(entra), "{fault}: {}", tested.text);
        admin.post("/okta/catalog/scim2testapp/sign-on", &[("label", "A"), ("username_format", "login")]).await;
        let fields = [("enable", "on"), ("base_url", base.as_str()), ("token", token.as_str()), ("action", "test")];
        let tested = admin.post("/okta/apps/0oa1/provisioning/integration", &fields).await;
        assert!(tested.result() == "failure" && tested.text.contains(okta), "{fault}: {}", tested.text);
    }
}

/// With `curl -k`, so to speak.
#[tokio::test]
async fn behind_the_bad_certificate_is_the_same_world() {
    let (admin, token) = world(Target::Generic, &[Fault::ScimTls]).await;
    let url = format!("{}/Users", admin.sandbox.addresses().scim_base_url);
    let careless =
        reqwest::Client::builder().no_proxy().tls_danger_accept_invalid_certs(true).build().expect("a client");
    let list: Value = careless.get(url).bearer_auth(token).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(list["totalResults"], 2);
}

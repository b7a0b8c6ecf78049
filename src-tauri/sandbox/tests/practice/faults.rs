//! Each fault shows where it should, and hiccups heal.

use std::time::Duration;

use crate::support::Admin;
use serde_json::Value;
use usher_sandbox::{Fault, Hiccup, Options, Target};

struct Answer {
    status: u16,
    retry_after: Option<String>,
    location: Option<String>,
    text: String,
}

async fn prepared() -> (Admin, String) {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    (admin, token)
}

/// Asks without following redirects; `None` if there is no whole answer in time, or it is too large.
async fn ask(admin: &Admin, door: Fault, token: &str) -> Option<Answer> {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = client.timeout(Duration::from_millis(500)).build().expect("a client");
    let request = if door.name().starts_with("api") {
        client.post(admin.url("/v1alpha1/proxytoken/rotate")).bearer_auth(admin.access_token())
    } else {
        client.get(admin.url("/v1alpha1/scimproxy/Users?startIndex=2&count=1")).bearer_auth(token)
    };
    let mut response = request.send().await.ok()?;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, retry_after, location) = (response.status().as_u16(), header("retry-after"), header("location"));
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.ok()? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > 4_000_000 {
            return None;
        }
    }
    Some(Answer { status, retry_after, location, text: String::from_utf8(bytes).expect("text") })
}

#[tokio::test]
async fn whole_answers_go_wrong_as_they_are_told_to() {
    let (admin, token) = prepared().await;
    let table: [(Fault, u16); 16] = [
        (Fault::ApiNotFound, 404),
        (Fault::ApiHtml, 200),
        (Fault::ApiTruncated, 200),
        (Fault::ApiRedirect, 307),
        (Fault::ApiServerError, 500),
        (Fault::ApiRateLimited, 429),
        (Fault::ApiRateLimitedDate, 429),
        (Fault::ApiRateLimitedBare, 429),
        (Fault::ScimUnauthorized, 401),
        (Fault::ScimForbidden, 403),
        (Fault::ScimNotFound, 404),
        (Fault::ScimHtml, 200),
        (Fault::ScimTruncated, 200),
        (Fault::ScimRedirect, 307),
        (Fault::ScimServerError, 500),
        (Fault::ScimRateLimited, 429),
    ];
    for (fault, status) in table {
        admin.sandbox.set_fault(fault, true);
        let answer = ask(&admin, fault, &token).await.unwrap_or_else(|| panic!("{fault}: no answer"));
        assert_eq!(answer.status, status, "{fault}");
        if status == 200 {
            assert!(serde_json::from_str::<Value>(&answer.text).is_err(), "{fault}");
        }
        assert_eq!(answer.location.is_some(), status == 307, "{fault}");
        assert_eq!(answer.retry_after.is_some(), status == 429 && fault != Fault::ApiRateLimitedBare, "{fault}");
        admin.sandbox.set_fault(fault, false);
    }
    for fault in [Fault::ApiSilent, Fault::ScimSilent, Fault::ApiHuge, Fault::ScimHuge] {
        admin.sandbox.set_fault(fault, true);
        assert!(ask(&admin, fault, &token).await.is_none(), "{fault}");
        admin.sandbox.set_fault(fault, false);
    }
    let kept = ask(&admin, Fault::ScimHtml, &token).await.expect("an answer");
    assert!(kept.text.contains("\"startIndex\":2") && kept.text.contains("\"totalResults\":2"));
}

#[tokio::test]
async fn lists_lie_as_they_are_told_to() {
    let (admin, token) = prepared().await;
    let list = async |path: &str| admin.scim(path, &token).await;
    let count = |list: &Value| list["Resources"].as_array().map_or(0, Vec::len);
    let nobody = "/Users?filter=userName%20eq%20%22nobody%22";
    assert_eq!(count(&list(nobody).await), 0);
    admin.sandbox.set_fault(Fault::FilterIgnored, true);
    assert_eq!(count(&list(nobody).await), 2);
    admin.sandbox.set_fault(Fault::PagingIgnored, true);
    assert_eq!(count(&list("/Users?startIndex=2&count=1").await), 2);
    admin.sandbox.set_fault(Fault::TotalsLie, true);
    assert_eq!(list("/Users").await["totalResults"], 27);
    admin.sandbox.set_fault(Fault::IdsRepeat, true);
    let repeated = list("/Users").await;
    assert_eq!(repeated["Resources"][0]["id"], repeated["Resources"][1]["id"]);
}

/// What one initial cycle leaves at the target: newcomers, members of the group, and whether the job is in quarantine.
async fn after_a_cycle(fault: Fault) -> (usize, usize, bool, String) {
    let (admin, token) = prepared().await;
    admin.connect(&token).await;
    admin.sandbox.set_fault(fault, true);
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.cycles(1).await;
    let state = admin.control().await;
    let members = admin.scim("/Groups", &token).await["Resources"][0]["members"].as_array().map_or(0, Vec::len);
    let newcomers = state["users"].as_u64().map_or(0, |users| usize::try_from(users).unwrap_or(0) - 2);
    let users = admin.scim("/Users", &token).await.to_string();
    (newcomers, members, !state["apps"][0]["quarantine"].is_null(), users)
}

#[tokio::test]
async fn provisioning_goes_wrong_as_it_is_told_to() {
    let (newcomers, members, quarantine, _) = after_a_cycle(Fault::NothingArrives).await;
    assert_eq!((newcomers, members, quarantine), (0, 0, false));
    let (newcomers, members, ..) = after_a_cycle(Fault::MembersLost).await;
    assert_eq!((newcomers, members), (4, 0));
    let (newcomers, _, _, users) = after_a_cycle(Fault::MappingIgnored).await;
    assert!(newcomers == 4 && users.contains("Head of Infrastructure"));
    let (newcomers, _, quarantine, _) = after_a_cycle(Fault::Quarantine).await;
    assert!(newcomers == 0 && quarantine);
    let (newcomers, _, quarantine, _) = after_a_cycle(Fault::UsersRefused).await;
    assert!(newcomers == 0 && !quarantine);
}

#[tokio::test]
async fn hiccups_heal() {
    let (admin, token) = prepared().await;
    for (hiccup, status) in [(Hiccup::ServerErrorOnce, 500), (Hiccup::RateLimitedOnce, 429)] {
        admin.sandbox.hiccup(hiccup);
        assert_eq!(ask(&admin, Fault::ScimHtml, &token).await.expect("an answer").status, status);
        assert_eq!(ask(&admin, Fault::ScimHtml, &token).await.expect("an answer").status, 200);
    }
}

#[tokio::test]
async fn the_token_api_refuses_as_it_is_told_to() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let create = async || {
        let access = admin.access_token();
        admin
            .client
            .post(admin.url("/v1alpha1/proxytoken"))
            .bearer_auth(access)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(create().await, 409);
    admin.sandbox.set_fault(Fault::RoleMissing, true);
    assert_eq!(create().await, 403);
    admin.sandbox.set_fault(Fault::AccessTokenExpired, true);
    assert_eq!(create().await, 401);
}

#[tokio::test]
async fn a_long_lived_token_can_have_expired_from_the_start() {
    let admin = Admin::new(Options { faults: vec![Fault::ScimTokenExpired], ..Options::default() }).await;
    let token = admin.proxy_token().await;
    assert_eq!(admin.scim("/Users", &token).await["status"], "401");
    admin.sandbox.set_fault(Fault::ScimTokenExpired, false);
    let access = admin.access_token();
    let made =
        admin.client.post(admin.url("/v1alpha1/proxytoken")).bearer_auth(access).send().await.expect("an answer");
    assert_eq!(made.status(), 201);
}

#[tokio::test]
async fn the_server_drops_members_at_every_target() {
    for target in Target::ALL {
        let options =
            Options { target: *target, prepared: true, faults: vec![Fault::MembersLost], ..Options::default() };
        let admin = Admin::new(options).await;
        let (base, token) = (&admin.sandbox.addresses().scim_base_url, admin.sandbox.addresses().scim_token.clone());
        let token = token.expect("prepared");
        let user = admin.scim("/Users", &token).await["Resources"][0]["id"].clone();
        let group = serde_json::json!({ "displayName": "G", "members": [{ "value": user }] });
        let made = admin.client.post(format!("{base}/Groups")).bearer_auth(&token).json(&group).send().await;
        assert_eq!(made.expect("an answer").status(), 201, "{target}");
        let id = user.as_str().unwrap_or_default();
        let found = admin.scim(&format!("/Groups?filter=members.value%20eq%20%22{id}%22"), &token).await;
        assert_eq!(found["totalResults"], 0, "{target}");
    }
}

#[test]
fn each_fault_fits_somewhere_and_not_where_it_cannot_show() {
    let pairs = || Target::ALL.iter().flat_map(|target| [(*target, "entra"), (*target, "okta")]);
    for fault in Fault::ALL {
        assert!(pairs().any(|(target, idp)| fault.fits(target, idp)), "{fault}");
    }
    let where_it_fits = |fault: Fault| pairs().filter(|(target, idp)| fault.fits(*target, idp)).count();
    for (fault, expected) in [
        (Fault::ScimUnauthorized, 8),
        (Fault::MembersLost, 8),
        (Fault::RoleMissing, 6),
        (Fault::ApiHtml, 4),
        (Fault::TokenLimit, 2),
        (Fault::TokenOdd, 2),
        (Fault::PlanMissing, 2),
        (Fault::Quarantine, 4),
        (Fault::EveryoneChosen, 4),
        (Fault::SameGroup, 4),
        (Fault::MappingIgnored, 6),
        (Fault::ClockSkew, 8),
        (Fault::CharacterRefused, 6),
        (Fault::SignInBlocked, 4),
        (Fault::IntegrationOff, 4),
        (Fault::SessionExpired, 2),
    ] {
        assert_eq!(where_it_fits(fault), expected, "{fault}");
    }
    assert!(!Fault::SameGroup.fits(Target::AwsIdentityCenter, "entra"));
}

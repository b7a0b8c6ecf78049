//! A SCIM token nears its end, ends, and is replaced, on a clock that is moved: at every target, with both identity providers.

use std::time::Duration;

use crate::{
    okta::Org,
    support::{Admin, Page},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use usher_sandbox::{Activity, Options, Target};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const TARGETS: [Target; 4] = [Target::HpeGreenlake, Target::AwsIdentityCenter, Target::Azion, Target::Generic];

/// A target with a usable token.
async fn prepared(target: Target) -> (Admin, String) {
    let admin = Admin::new(Options { target, prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    (admin, token)
}

/// A job of Entra whose initial cycle has ended.
async fn provisioned(target: Target) -> (Admin, String) {
    let (admin, token) = prepared(target).await;
    admin.connect(&token).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.idle().await;
    (admin, token)
}

/// The clock moved on, and all done that fell due.
async fn pass(admin: &Admin, seconds: u64) {
    admin.sandbox.advance(Duration::from_secs(seconds));
    admin.idle().await;
}

fn token_on(page: &Page) -> String {
    let rest = page.text.split("id=\"access-token\"").nth(1).and_then(|rest| rest.split_once('>'));
    rest.and_then(|(_, rest)| rest.split('<').next()).expect("a token").to_owned()
}

/// A new token at the generic service, with this end.
async fn generic_token(admin: &Admin, expires: &str) -> String {
    token_on(&admin.post("/service/tokens", &[("name", "Entra"), ("expires", expires)]).await)
}

async fn save(admin: &Admin, token: &str) -> Page {
    let url = admin.sandbox.addresses().scim_base_url.clone();
    let fields = [("tenant_url", url.as_str()), ("secret_token", token), ("action", "save")];
    admin.post("/entra/apps/a1/provisioning", &fields).await
}

async fn state(admin: &Admin) -> Value {
    admin.control().await["apps"][0]["state"].clone()
}

fn outcomes(admin: &Admin) -> Vec<bool> {
    admin.sandbox.activity().iter().map(|one| one.ok).collect()
}

#[tokio::test]
async fn a_token_of_the_generic_service_ends_when_it_was_told_to() {
    let (admin, _) = prepared(Target::Generic).await;
    let page = admin.get("/service/").await.text;
    assert!(page.contains("<select id=\"expires\" name=\"expires\"><option value=\"never\">"), "{page}");
    let refused = admin.post("/service/tokens", &[("name", "X"), ("expires", "31")]).await;
    assert_eq!(refused.result(), "failure");
    for (expires, days) in [("30", 30), ("90", 90), ("365", 365)] {
        let token = generic_token(&admin, expires).await;
        admin.sandbox.advance(Duration::from_secs(days * DAY - 60));
        assert_eq!(admin.scim("/Users", &token).await["totalResults"], 2, "{expires}");
        admin.sandbox.advance(Duration::from_secs(60));
        assert_eq!(admin.scim("/Users", &token).await["status"], "401", "{expires}");
    }
    let lasting = generic_token(&admin, "never").await;
    admin.sandbox.advance(Duration::from_secs(5 * 365 * DAY));
    assert_eq!(admin.scim("/Users", &lasting).await["totalResults"], 2);
}

#[tokio::test]
async fn a_job_recovers_from_quarantine_once_a_new_token_is_saved() {
    let (admin, _) = prepared(Target::Generic).await;
    admin.connect(&generic_token(&admin, "30").await).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.idle().await;
    pass(&admin, 41 * 60).await;
    assert_eq!((outcomes(&admin), admin.sandbox.quarantined()), (vec![true, true], false));

    pass(&admin, 30 * DAY).await;
    assert_eq!((state(&admin).await, admin.sandbox.quarantined()), (json!("Quarantine"), true));
    let dead = admin.sandbox.activity().pop().expect("a cycle");
    assert!(!dead.ok && dead.trouble.contains("CredentialValidationFailure"), "{dead:?}");
    assert_eq!((dead.idp, dead.what.as_str()), ("entra", "cycle 3"));

    // A test alone changes nothing.
    let new = generic_token(&admin, "30").await;
    let url = admin.sandbox.addresses().scim_base_url.clone();
    let fields = [("tenant_url", url.as_str()), ("secret_token", new.as_str()), ("action", "test")];
    assert_eq!(admin.post("/entra/apps/a1/provisioning", &fields).await.result(), "success");
    admin.idle().await;
    assert_eq!(outcomes(&admin).len(), 3);
    let saved = save(&admin, "").await;
    assert!(saved.result() == "success" && saved.text.contains("tries again now"), "{}", saved.text);
    admin.idle().await;
    assert_eq!(outcomes(&admin), [true, true, false, true]);
    assert_eq!((state(&admin).await, admin.sandbox.quarantined()), (json!("On"), false));
    let counts = admin.control().await["activity"].clone();
    assert_eq!(counts, json!({ "entra": { "ok": 3, "failed": 1 }, "okta": { "ok": 0, "failed": 0 } }));

    // Saved without need, it asks for no cycle.
    assert!(!save(&admin, "").await.text.contains("tries again now"));
    admin.idle().await;
    assert_eq!(outcomes(&admin).len(), 4);
}

#[tokio::test]
async fn a_job_that_quarantine_switched_off_stays_off_until_start() {
    let (admin, _) = prepared(Target::Generic).await;
    admin.connect(&generic_token(&admin, "30").await).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.idle().await;
    pass(&admin, 30 * DAY).await;
    pass(&admin, 28 * DAY).await;
    assert_eq!((state(&admin).await, admin.sandbox.quarantined()), (json!("Stopped"), true));
    let new = generic_token(&admin, "never").await;
    assert_eq!(save(&admin, &new).await.result(), "success");
    admin.idle().await;
    assert_eq!((state(&admin).await, outcomes(&admin)), (json!("Stopped"), vec![true, false, false]));
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.idle().await;
    assert_eq!((state(&admin).await, admin.sandbox.quarantined()), (json!("On"), false));
    assert_eq!(outcomes(&admin), [true, false, false, true]);
}

#[tokio::test]
async fn a_hundred_cycles_are_counted_whole() {
    let (admin, _) = provisioned(Target::Generic).await;
    for _ in 0..100 {
        pass(&admin, 41 * 60).await;
    }
    let cycles: Vec<Activity> = admin.sandbox.activity();
    assert_eq!(cycles.len(), 101, "one cycle for each time that it fell due");
    assert!(cycles.iter().all(|one| one.ok) && cycles.is_sorted_by_key(|one| one.at));
    assert_eq!(admin.control().await["cycles"].as_array().map(Vec::len), Some(101));
}

#[tokio::test]
async fn what_okta_sends_is_recorded_and_a_refused_person_is_no_failed_connection() {
    let org = Org::new(Target::HpeGreenlake).await;
    org.set_up().await;
    org.assign_and_push("g1", "g2").await;
    org.done("/assignments", &[("principal", "u7")]).await;
    org.admin.idle().await;
    let all = org.admin.sandbox.activity();
    assert!(all.iter().all(|one| one.ok && one.trouble.is_empty() && one.idp == "okta"), "{all:?}");
    assert!(all.iter().any(|one| one.what == "provisioning of Sukarno"), "{all:?}");
    assert_eq!(all.last().map(|one| one.what.as_str()), Some("push of group Cloud Operators"));

    // The token ends; what changes then is refused, and a push without a change sends nothing.
    let before = all.len();
    pass(&org.admin, 366 * DAY).await;
    org.done("/push-groups/g2/push", &[]).await;
    org.admin.idle().await;
    assert_eq!(outcomes(&org.admin).len(), before);
    org.admin.post("/okta/directory/groups/g2/members/u2/remove", &[]).await;
    org.admin.post("/okta/directory/people/u1/deactivate", &[]).await;
    org.admin.idle().await;
    let failed: Vec<Activity> = org.admin.sandbox.activity().into_iter().skip(before).collect();
    assert!(!failed.is_empty() && failed.iter().all(|one| !one.ok && one.trouble.starts_with("401 ")), "{failed:?}");
    assert_eq!(org.admin.control().await["activity"]["okta"], json!({ "ok": before, "failed": failed.len() }));

    let new = proxy_token(&org.admin, "").await.1["token"].as_str().expect("a token").to_owned();
    assert_eq!(org.integrate(&new, false, "save").await.result(), "success");
    org.done("/push-groups/g2/push", &[]).await;
    org.done("/assignments/provision", &[]).await;
    org.admin.idle().await;
    assert_eq!(org.admin.members("Cloud Operators", &new).await, Some(2));
    assert_eq!(outcomes(&org.admin).last(), Some(&true));
    assert!(!org.admin.sandbox.quarantined());
}

#[tokio::test]
async fn an_unreachable_target_is_a_failed_connection() {
    let org = Org::new(Target::Generic).await;
    org.set_up().await;
    org.admin.sandbox.set_fault(usher_sandbox::Fault::ScimServerError, true);
    org.done("/assignments", &[("principal", "u1")]).await;
    org.admin.idle().await;
    let all = org.admin.sandbox.activity();
    assert!(all.len() == 1 && !all[0].ok && all[0].trouble.starts_with("500 "), "{all:?}");
}

/// A new proxy token of GreenLake, by the token API.
async fn proxy_token(admin: &Admin, path: &str) -> (u16, Value) {
    let url = admin.url(&format!("/v1alpha1/proxytoken{path}"));
    let response = admin.client.post(url).bearer_auth(admin.access_token()).send().await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn the_greenlake_token_ends_at_its_end_and_is_then_created_anew() {
    let (admin, old) = prepared(Target::HpeGreenlake).await;
    admin.sandbox.advance(Duration::from_secs(365 * DAY - 60));
    assert_eq!(admin.scim("/Users", &old).await["totalResults"], 2);
    assert_eq!(proxy_token(&admin, "").await.0, 409);
    admin.sandbox.advance(Duration::from_secs(60));
    assert_eq!(admin.scim("/Users", &old).await["status"], "401");
    for path in ["/rotate?remove-current=true", "/rotate?remove-current=false"] {
        let (status, refusal) = proxy_token(&admin, path).await;
        assert_eq!((status, &refusal["detail"]), (404, &json!("There is no SCIM proxy token to rotate.")));
    }
    let (status, made) = proxy_token(&admin, "").await;
    let new = made["token"].as_str().expect("a token").to_owned();
    assert_eq!((status, &admin.scim("/Users", &new).await["totalResults"]), (201, &json!(2)));
    assert_eq!(admin.scim("/Users", &old).await["status"], "401");

    // In time, it is rotated; the gentle way leaves the old one until the new one is used.
    admin.sandbox.advance(Duration::from_secs(350 * DAY));
    let newer = proxy_token(&admin, "/rotate?remove-current=false").await.1["token"].as_str().expect("one").to_owned();
    for (token, answer) in [(&new, "totalResults"), (&newer, "totalResults"), (&new, "detail")] {
        assert!(admin.scim("/Users", token).await.get(answer).is_some(), "{answer}");
    }
    let newest = proxy_token(&admin, "/rotate?remove-current=true").await.1["token"].as_str().expect("one").to_owned();
    assert_eq!(admin.scim("/Users", &newer).await["status"], "401");
    assert_eq!(admin.scim("/Users", &newest).await["totalResults"], 2);
}

#[tokio::test]
async fn a_token_of_aws_that_ended_takes_up_its_place_until_it_is_deleted() {
    let (admin, first) = prepared(Target::AwsIdentityCenter).await;
    let generate = "/aws/settings/provisioning/generate";
    admin.sandbox.advance(Duration::from_secs(300 * DAY));
    let second = token_on(&admin.post(generate, &[]).await);
    admin.sandbox.advance(Duration::from_secs(65 * DAY));
    assert_eq!(admin.scim("/Users", &first).await["status"], "401");
    assert_eq!(admin.scim("/Users", &second).await["totalResults"], 2);
    let refused = admin.post(generate, &[]).await;
    assert!(refused.result() == "failure" && refused.text.contains("two exist"), "{}", refused.text);
    let deleted = admin.post("/aws/settings/provisioning/tokens/1/delete", &[("confirm", "DELETE")]).await;
    assert_eq!(deleted.result(), "success");
    let third = token_on(&admin.post(generate, &[]).await);
    assert_eq!(admin.scim("/Users", &third).await["totalResults"], 2);
    assert_eq!(admin.control().await["tokens"], 2);
}

/// When a group came and when it was last changed, as the target says.
async fn times(admin: &Admin, group: &str, token: &str) -> (Timestamp, Timestamp) {
    let group = admin.group(group, token).await.expect("a group");
    let at = |name: &str| group["meta"][name].as_str().expect("a time").parse().expect("a time");
    (at("created"), at("lastModified"))
}

fn group_of(target: Target) -> &'static str {
    match target {
        Target::HpeGreenlake => "GreenLake Users",
        Target::AwsIdentityCenter => "AWS Users",
        Target::Azion => "Azion Users",
        Target::Generic => "Service Users",
    }
}

/// How many of them arrive: Sukarno, who has no surname, not everywhere.
fn arrived(target: Target) -> usize {
    match target {
        Target::HpeGreenlake | Target::AwsIdentityCenter => 4,
        Target::Azion | Target::Generic => 5,
    }
}

#[tokio::test]
async fn a_change_in_entra_travels_with_the_next_cycle_and_leaves_its_time() {
    for target in TARGETS {
        let (admin, token) = provisioned(target).await;
        let group = group_of(target);
        let all = arrived(target);
        assert_eq!(admin.members(group, &token).await, Some(all), "{target}");
        let (created, modified) = times(&admin, group, &token).await;
        for (person, action, count) in [("u2", "remove", all - 1), ("u6", "add", all)] {
            let before = times(&admin, group, &token).await.1;
            let changed = [("person", person), ("action", action)];
            assert_eq!(admin.post("/entra/directory/groups/g1", &changed).await.result(), "success");
            admin.idle().await;
            assert_eq!(times(&admin, group, &token).await.1, before, "{target}: it waits for the cycle");
            admin.sandbox.advance(Duration::from_secs(41 * 60));
            let due = admin.sandbox.now();
            admin.idle().await;
            assert_eq!(admin.members(group, &token).await, Some(count), "{target} {person}");
            let after = times(&admin, group, &token).await;
            assert!(after.0 == created && after.1 >= due && after.1 <= admin.sandbox.now(), "{target}: {after:?}");
        }
        assert!(modified >= created && outcomes(&admin) == [true; 3]);
    }
}

#[tokio::test]
async fn a_change_in_okta_travels_at_once_and_leaves_its_time() {
    for target in TARGETS {
        let org = Org::new(target).await;
        org.set_up().await;
        org.keep_six().await;
        org.assign_and_push("g1", "g2").await;
        org.admin.idle().await;
        let (admin, group, token) = (&org.admin, "Cloud Operators", &org.token);
        assert_eq!(admin.members(group, token).await, Some(4), "{target}");
        let created = times(admin, group, token).await.0;
        for (path, fields, count) in [("/u2/remove", vec![], 3), ("", vec![("person", "u2")], 4)] {
            admin.sandbox.advance(Duration::from_secs(DAY));
            let before = admin.sandbox.now();
            let changed = admin.post(&format!("/okta/directory/groups/g2/members{path}"), &fields).await;
            assert_eq!(changed.result(), "success");
            admin.idle().await;
            assert_eq!(admin.members(group, token).await, Some(count), "{target} {path}");
            let after = times(admin, group, token).await;
            assert!(after.0 == created && after.1 >= before && after.1 <= admin.sandbox.now(), "{target}: {after:?}");
        }
    }
}

#[tokio::test]
async fn a_group_is_changed_when_a_member_is_deleted() {
    for target in TARGETS {
        let (admin, token) = provisioned(target).await;
        let group = group_of(target);
        let before = times(&admin, group, &token).await.1;
        admin.sandbox.advance(Duration::from_secs(60));
        let users = admin.scim("/Users", &token).await;
        let found = users["Resources"].as_array().expect("users").iter();
        let zoe = found.clone().find(|one| one["userName"] == "zoe.oconnor-mueller@northwind.example").expect("Zoë");
        let url = format!("{}/Users/{}", admin.sandbox.addresses().scim_base_url, zoe["id"].as_str().expect("an id"));
        assert_eq!(admin.client.delete(url).bearer_auth(&token).send().await.expect("an answer").status(), 204);
        assert_eq!(admin.members(group, &token).await, Some(arrived(target) - 1), "{target}");
        assert!(times(&admin, group, &token).await.1 > before, "{target}");
    }
}

//! The practice Okta over real HTTP: from the catalogue to members who have arrived, and what goes wrong on the way.

use std::time::Duration;

use crate::support::{Admin, Page};
use serde_json::Value;
use usher_sandbox::{Door, Fault, Options, Target};

const SIX: [&str; 6] = ["givenName", "familyName", "email", "emailType", "displayName", "country"];
const AGAINST: &str = "/okta/apps/0oa1";

/// A prepared target, and an app with its integration saved.
pub(crate) struct Org {
    pub(crate) admin: Admin,
    pub(crate) token: String,
}

impl Org {
    pub(crate) async fn new(target: Target) -> Org {
        Org::with(target, &[]).await
    }

    async fn with(target: Target, faults: &[Fault]) -> Org {
        let options = Options { target, prepared: true, faults: faults.to_vec(), ..Options::default() };
        let admin = Admin::new(options).await;
        let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
        let org = Org { admin, token };
        org.add().await;
        org
    }

    fn is_aws(&self) -> bool {
        self.admin.sandbox.addresses().target == Target::AwsIdentityCenter
    }

    async fn add(&self) {
        let (query, name) =
            if self.is_aws() { ("AWS", "aws_iam_identity_center") } else { ("SCIM 2.0", "scim2testapp") };
        let found = self.admin.get(&format!("/okta/catalog?q={}", query.replace(' ', "+"))).await;
        assert!(found.text.contains(&format!("data-app=\"{name}\"")), "{}", found.text);
        let fields = [("label", "Practice SCIM"), ("auto_login", "on")];
        let next = self.admin.post(&format!("/okta/catalog/{name}/general"), &fields).await;
        assert!(next.text.contains("Application username format"), "{}", next.text);
        let fields = [("label", "Practice SCIM"), ("auto_login", "on"), ("username_format", "login")];
        let done = self.admin.post(&format!("/okta/catalog/{name}/sign-on"), &fields).await;
        assert_eq!((done.path.as_str(), done.result()), ("/okta/apps/0oa1/assignments", "success"));
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.admin.post(&format!("{AGAINST}{path}"), fields).await
    }

    pub(crate) async fn done(&self, path: &str, fields: &[(&str, &str)]) {
        let page = self.post(path, fields).await;
        assert_eq!(page.result(), "success", "{path}: {}", page.text);
    }

    pub(crate) async fn integrate(&self, token: &str, import_groups: bool, action: &str) -> Page {
        let url = self.admin.sandbox.addresses().scim_base_url.trim_end_matches('/').to_owned();
        let mut fields = vec![("enable", "on"), ("base_url", url.as_str()), ("token", token), ("action", action)];
        if import_groups {
            fields.push(("import_groups", "on"));
        }
        self.post("/provisioning/integration", &fields).await
    }

    /// Integration and To App as the guides have it.
    pub(crate) async fn set_up(&self) {
        assert_eq!(self.integrate(&self.token, false, "save").await.result(), "success");
        self.done("/provisioning/to-app", &[("create", "on"), ("deactivate", "on")]).await;
    }

    pub(crate) async fn keep_six(&self) {
        let page = self.admin.get(&format!("{AGAINST}/provisioning/to-app")).await;
        let rows: Vec<&str> = page.text.split("<tr data-attribute=\"").skip(1).collect();
        assert!(rows.len() > 20, "{}", page.text);
        for name in rows.iter().filter_map(|row| row.split('"').next()) {
            if name != "userName" && !SIX.contains(&name) {
                self.done(&format!("/provisioning/to-app/rows/{name}/delete"), &[]).await;
            }
        }
    }

    pub(crate) async fn assign_and_push(&self, assigned: &str, pushed: &str) {
        self.done("/assignments", &[("principal", assigned)]).await;
        self.done("/push-groups", &[("group", pushed)]).await;
    }

    /// The page once it says so.
    async fn until(&self, path: &str, wanted: &[&str]) -> String {
        let path = format!("{AGAINST}{path}");
        let mut text = String::new();
        for _ in 0..200 {
            text = self.admin.get(&path).await.text;
            if wanted.iter().all(|one| text.contains(one)) {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{path} never said {wanted:?}:\n{text}");
    }

    async fn people(&self) -> Vec<Value> {
        self.admin.scim("/Users", &self.token).await["Resources"].as_array().cloned().unwrap_or_default()
    }

    async fn person(&self, user_name: &str) -> Value {
        self.people().await.into_iter().find(|one| one["userName"] == user_name).unwrap_or_default()
    }

    async fn members(&self, group: &str) -> Option<usize> {
        self.admin.members(group, &self.token).await
    }

    /// What the engine and the console's test sent: method, path below the base, query.
    fn sent(&self) -> Vec<String> {
        let base = self.admin.sandbox.addresses().scim_base_url.clone();
        let base = base.strip_prefix(&self.admin.sandbox.addresses().api_base_url).unwrap_or_default().to_owned();
        let records = self.admin.sandbox.requests().into_iter().filter(|one| one.door == Door::Scim);
        records
            .map(|one| {
                let path = one.path.strip_prefix(base.trim_end_matches('/')).unwrap_or(&one.path).to_owned();
                let query = one.query.map(|query| format!("?{query}")).unwrap_or_default();
                format!("{} {path}{query} {}", one.method, one.status)
            })
            .collect()
    }
}

const ZOE: &str = "zoe.oconnor-mueller@northwind.example";

#[tokio::test]
async fn the_test_app_takes_the_whole_way() {
    for target in [Target::HpeGreenlake, Target::Generic] {
        let org = Org::new(target).await;
        let tested = org.integrate(&org.token, true, "test").await;
        assert!(tested.text.contains("SCIM 2.0 Test App (OAuth Bearer Token) was verified successfully!"));
        assert!(!tested.text.contains(&org.token));
        assert_eq!(org.sent(), ["GET /Users?startIndex=1&count=2 200", "GET /Groups?startIndex=1&count=100 200"]);
        assert_eq!(org.integrate("", false, "save").await.path, "/okta/apps/0oa1/provisioning/to-app");
        org.done("/provisioning/to-app", &[("create", "on"), ("deactivate", "on")]).await;
        org.keep_six().await;
        org.assign_and_push("Cloud Users", "Cloud Operators").await;
        org.until("/push-groups", &["data-state=\"active\"", "4 members"]).await;
        assert_eq!(org.members("Cloud Operators").await, Some(4), "{target}");

        let sent = org.sent();
        let name = ZOE.replace('@', "%40");
        let lookup = format!("GET /Users?filter=userName%20eq%20%22{name}%22&startIndex=1&count=100 200");
        assert_eq!(
            sent[2..5],
            ["GET /Users?startIndex=1&count=2 200".to_owned(), lookup, "POST /Users 201".to_owned()]
        );
        let groups: Vec<&String> = sent.iter().skip(5).filter(|one| one.contains(" /Groups")).collect();
        assert_eq!(groups[0], "POST /Groups 201");
        assert!(groups[1].starts_with("PATCH /Groups/"), "{sent:?}");
        assert!(!sent.iter().any(|one| one.starts_with("DELETE") || one.starts_with("PUT")));

        let zoe = org.person(ZOE).await;
        assert_eq!(zoe["active"], true);
        assert_eq!(zoe["externalId"], "00uprac1ce0000000u1");
        assert_eq!(zoe["emails"][0]["type"], "work");
        assert_eq!(zoe["addresses"][0]["country"], "DE");
        assert!(zoe.get("title").is_none() && zoe.get("password").is_none());
    }
}

#[tokio::test]
async fn the_one_without_a_last_name_is_refused_and_can_be_tried_again() {
    let org = Org::new(Target::HpeGreenlake).await;
    org.set_up().await;
    org.done("/assignments", &[("principal", "u7")]).await;
    let page = org.until("/assignments", &["data-person=\"u7\" data-state=\"error\""]).await;
    assert!(page.contains(
        "Error while creating user sukarno@northwind.example: Bad Request. Errors reported by remote server:"
    ));
    let log = org.admin.get(&format!("{AGAINST}/logs")).await;
    assert!(log.text.contains("data-event=\"application.provision.user.push\" data-status=\"failure\""));
    org.done("/provisioning/to-app/rows/familyName", &[("expression", "user.displayName"), ("apply", "create")]).await;
    let before = org.sent().len();
    org.done("/assignments/provision", &[]).await;
    org.until("/assignments", &["data-person=\"u7\" data-state=\"provisioned\""]).await;
    assert_eq!(org.sent().len(), before + 2);
    assert_eq!(org.person("sukarno@northwind.example").await["name"]["familyName"], "Sukarno");
}

#[tokio::test]
async fn people_come_and_go() {
    let org = Org::new(Target::HpeGreenlake).await;
    org.set_up().await;
    org.assign_and_push("g1", "g2").await;
    org.until("/push-groups", &["4 members"]).await;
    assert_eq!(org.admin.post("/okta/directory/people/u1/deactivate", &[]).await.result(), "success");
    org.until("/push-groups", &["3 members"]).await;
    assert_eq!(org.person(ZOE).await["active"], false);
    assert_eq!(org.members("Cloud Operators").await, Some(3));
    assert_eq!(org.admin.post("/okta/directory/people/u1/activate", &[]).await.result(), "success");
    org.until("/push-groups", &["4 members"]).await;
    assert_eq!(org.person(ZOE).await["active"], true);
    assert_eq!(org.admin.post("/okta/directory/groups/g2/members/u2/remove", &[]).await.result(), "success");
    org.until("/push-groups", &["3 members"]).await;
    assert_eq!(org.person("xiaolong.li@northwind.example").await["active"], true);

    org.done("/assignments/g1/remove", &[]).await;
    org.until("/push-groups", &["0 members"]).await;
    assert_eq!(org.person(ZOE).await["active"], false);
    assert_eq!(org.people().await.len(), 2 + 4);
    assert!(!org.sent().iter().any(|one| one.starts_with("DELETE /Users")));
}

#[tokio::test]
async fn a_changed_profile_is_read_and_put_back_whole() {
    let org = Org::new(Target::HpeGreenlake).await;
    org.set_up().await;
    org.done("/provisioning/to-app", &[("create", "on"), ("update", "on")]).await;
    org.done("/provisioning/to-app/rows/title", &[("expression", "user.title"), ("apply", "create-update")]).await;
    org.done("/assignments", &[("principal", "u1")]).await;
    org.until("/assignments", &["data-state=\"provisioned\""]).await;
    let saved = org.admin.post("/okta/directory/people/u1/profile", &[("title", "Director")]).await;
    assert_eq!(saved.result(), "success");
    org.until("/logs", &["application.provision.user.push_profile"]).await;
    let zoe = org.person(ZOE).await;
    assert_eq!((&zoe["title"], &zoe["name"]["givenName"]), (&"Director".into(), &"Zoë".into()));
    let sent = org.sent();
    let id = zoe["id"].as_str().expect("an id");
    assert!(
        sent.contains(&format!("GET /Users/{id} 200")) && sent.contains(&format!("PUT /Users/{id} 200")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn unlinking_deletes_the_group_or_leaves_it() {
    let org = Org::new(Target::HpeGreenlake).await;
    org.set_up().await;
    for (fields, left) in [(vec![], Some(0)), (vec![("delete", "on")], None)] {
        let group = if left.is_some() { "g3" } else { "g2" };
        let name = if left.is_some() { "Contractors" } else { "Cloud Operators" };
        org.done("/push-groups", &[("group", group)]).await;
        org.until("/push-groups", &["data-state=\"active\""]).await;
        assert_eq!(org.members(name).await, Some(0));
        org.done(&format!("/push-groups/{group}/unlink"), &fields).await;
        org.until("/push-groups", &["No group is pushed yet."]).await;
        assert_eq!(org.members(name).await, left);
    }
    // The one that was left is in the way of a new one.
    org.done("/push-groups", &[("group", "g3")]).await;
    let page = org.until("/push-groups", &["data-state=\"error\""]).await;
    assert!(page.contains("Error while creating user group Contractors: Conflict."), "{page}");
}

#[tokio::test]
async fn a_connection_that_does_not_hold_is_named() {
    let org = Org::new(Target::HpeGreenlake).await;
    let words = |page: &Page| page.text.split("Error authenticating: ").nth(1).map(|rest| rest[..12].to_owned());
    let refused = org.integrate("not-a-token", false, "test").await;
    assert_eq!((refused.result(), words(&refused).as_deref()), ("failure", Some("Unauthorized")));
    let doubled = org.integrate(&format!("Bearer {}", org.token), false, "save").await;
    assert_eq!((doubled.result(), words(&doubled).as_deref()), ("failure", Some("null. The co")));
    assert!(org.admin.get(&format!("{AGAINST}/provisioning")).await.text.contains("Provisioning is not enabled"));
    org.admin.sandbox.set_fault(Fault::ConsoleRefuses, true);
    assert_eq!(org.integrate(&org.token, false, "test").await.result(), "failure");
    org.admin.sandbox.set_fault(Fault::ConsoleRefuses, false);
    assert_eq!(org.integrate(&org.token, false, "test").await.result(), "success");
    let unticked =
        org.post("/provisioning/integration", &[("base_url", "x"), ("token", "y"), ("action", "save")]).await;
    assert!(unticked.text.contains("Tick Enable API integration first."));
}

#[tokio::test]
async fn the_console_keeps_its_own_rules() {
    let org = Org::new(Target::HpeGreenlake).await;
    let too_early = org.post("/push-groups", &[("group", "g2")]).await;
    assert_eq!(too_early.result(), "failure");
    org.set_up().await;
    let rows = "/provisioning/to-app/rows";
    assert_eq!(org.post(&format!("{rows}/userName/delete"), &[]).await.result(), "failure");
    let wrong = org.post(&format!("{rows}/title"), &[("expression", "user.shoeSize"), ("apply", "create")]).await;
    assert_eq!(wrong.result(), "failure");
    org.done(&format!("{rows}/title/delete"), &[]).await;
    let row = "data-attribute=\"title\" data-apply";
    assert!(!org.admin.get(&format!("{AGAINST}/provisioning/to-app")).await.text.contains(row));
    let again = [("attribute", "title"), ("expression", "user.title"), ("apply", "create-update")];
    org.done(rows, &again).await;
    assert!(org.admin.get(&format!("{AGAINST}/provisioning/to-app")).await.text.contains(row));

    let assigned = org.post("/assignments", &[("principal", "u1"), ("from", "people")]).await;
    assert_eq!((assigned.path.as_str(), assigned.result()), ("/okta/apps/0oa1/assignments/people", "success"));
    assert_eq!(org.post("/assignments", &[("principal", "u1")]).await.result(), "warning");
    assert_eq!(org.post("/assignments", &[("principal", "Jonas Weber")]).await.result(), "failure");
    let basic = org.admin.post("/okta/catalog/scim2testapp_basic/general", &[("label", "X")]).await;
    assert!(basic.text.contains("This page is not here."));
}

#[tokio::test]
async fn nothing_arrives_while_create_users_is_off() {
    let org = Org::new(Target::HpeGreenlake).await;
    assert_eq!(org.integrate(&org.token, false, "save").await.result(), "success");
    org.done("/assignments", &[("principal", "u1")]).await;
    org.until("/assignments", &["Practice SCIM failed: Matching user not found"]).await;
    assert_eq!(org.people().await.len(), 2);
    org.done("/provisioning/to-app", &[("create", "on")]).await;
    org.until("/assignments", &["data-state=\"provisioned\""]).await;
}

#[tokio::test]
async fn provisioning_goes_wrong_as_it_is_told_to() {
    let org = Org::with(Target::HpeGreenlake, &[Fault::NothingArrives]).await;
    org.set_up().await;
    org.assign_and_push("g1", "g2").await;
    org.until("/push-groups", &["data-state=\"active\"", "0 members"]).await;
    org.until("/logs", &["Matching user not found"]).await;
    assert_eq!(org.people().await.len(), 2);

    let org = Org::with(Target::HpeGreenlake, &[Fault::EveryoneChosen]).await;
    org.set_up().await;
    org.until("/push-groups", &["Everyone", "6 members"]).await;
    assert_eq!(org.members("Everyone").await, Some(6));

    let org = Org::with(Target::HpeGreenlake, &[Fault::SameGroup]).await;
    org.set_up().await;
    assert_eq!(org.post("/push-groups", &[("group", "g2")]).await.result(), "failure");
    org.assign_and_push("g1", "g1").await;
    org.until("/push-groups", &["data-state=\"active\"", "4 members"]).await;

    let org = Org::with(Target::HpeGreenlake, &[Fault::MappingIgnored]).await;
    org.set_up().await;
    org.keep_six().await;
    org.done("/assignments", &[("principal", "u1")]).await;
    org.until("/assignments", &["data-state=\"provisioned\""]).await;
    assert_eq!(org.person(ZOE).await["title"], "Head of Infrastructure");

    let org = Org::with(Target::HpeGreenlake, &[Fault::ScimServerError]).await;
    assert_eq!(org.integrate(&org.token, false, "test").await.result(), "failure");
}

#[tokio::test]
async fn the_aws_app_takes_the_whole_way_with_two_groups() {
    let org = Org::new(Target::AwsIdentityCenter).await;
    let real = "https://scim.eu-central-1.amazonaws.com/practice/scim/v2";
    let fields = [("enable", "on"), ("base_url", real), ("token", &org.token), ("action", "save")];
    let refused = org.post("/provisioning/integration", &fields).await;
    assert!(refused.text.contains("This is practice: nothing is sent to scim.eu-central-1.amazonaws.com."));
    let url = format!("{}/", org.admin.sandbox.addresses().scim_base_url.trim_end_matches('/'));
    let fields = [("enable", "on"), ("base_url", &url), ("token", &org.token), ("action", "test")];
    let slash = org.post("/provisioning/integration", &fields).await;
    assert!(slash.text.contains("Base URL: Does not match required pattern"));
    assert!(org.sent().is_empty());
    let tested = org.integrate(&org.token, false, "test").await;
    assert!(tested.text.contains("AWS IAM Identity Center was verified successfully!"), "{}", tested.text);
    org.set_up().await;
    org.assign_and_push("g1", "g2").await;
    org.until("/push-groups", &["data-state=\"active\"", "4 members"]).await;
    assert_eq!(org.members("Cloud Operators").await, Some(4));
    org.done("/assignments/g1/remove", &[]).await;
    org.until("/push-groups", &["0 members"]).await;
    assert_eq!(org.person(ZOE).await["active"], false);
    assert_eq!(org.members("Cloud Operators").await, Some(0));
}

#[tokio::test]
async fn the_aws_app_pushes_no_members_of_the_assigned_group() {
    let org = Org::with(Target::AwsIdentityCenter, &[Fault::SameGroup]).await;
    org.set_up().await;
    org.assign_and_push("g1", "g1").await;
    let page = org.until("/push-groups", &["data-state=\"error\""]).await;
    assert!(page.contains("Using the same Okta group for assignments and for group push is not currently supported."));
    assert_eq!(org.members("Cloud Users").await, Some(0));
    assert_ne!(org.person(ZOE).await, Value::Null);
}

#[tokio::test]
async fn a_resumed_world_goes_on_where_it_was_and_keeps_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("world.json");
    let options =
        || Options { prepared: true, seed: Some([7; 32]), state_file: Some(file.clone()), ..Options::default() };
    let admin = Admin::new(options()).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    let org = Org { admin, token };
    org.add().await;
    org.set_up().await;
    org.done("/assignments", &[("principal", "u1")]).await;
    org.until("/assignments", &["data-state=\"provisioned\""]).await;
    let kept = std::fs::read_to_string(&file).expect("a state");
    assert!(kept.contains("0oa1") && !kept.contains(&org.token));
    let Org { admin, token } = org;
    admin.sandbox.stop().await;

    let org = Org { admin: Admin::new(options()).await, token };
    org.done("/assignments", &[("principal", "u2")]).await;
    org.until("/assignments", &["data-person=\"u2\" data-state=\"provisioned\""]).await;
}

//! The logs as files: their members and columns are the vendors'.

use std::collections::BTreeSet;

use serde_json::Value;
use usher_sandbox::{Fault, Options, Target};

use crate::support::Admin;

/// microsoftgraph/msgraph-metadata, v1.0: provisioningObjectSummary and the types it is made of; `id` comes from entity and
/// identity. An open type may have more.
const SUMMARY: [&str; 17] = [
    "id",
    "activityDateTime",
    "changeId",
    "cycleId",
    "durationInMilliseconds",
    "initiatedBy",
    "jobId",
    "modifiedProperties",
    "provisioningAction",
    "provisioningStatusInfo",
    "provisioningSteps",
    "servicePrincipal",
    "sourceIdentity",
    "sourceSystem",
    "targetIdentity",
    "targetSystem",
    "tenantId",
];
const ERROR: [&str; 5] = ["additionalDetails", "errorCategory", "errorCode", "reason", "recommendedAction"];
const STEP: [&str; 5] = ["description", "details", "name", "provisioningStepType", "status"];
const PROPERTY: [&str; 3] = ["displayName", "newValue", "oldValue"];
const ACTIONS: [&str; 6] = ["other", "create", "delete", "disable", "update", "stagedDelete"];
const RESULTS: [&str; 4] = ["success", "failure", "skipped", "warning"];
const CATEGORIES: [&str; 3] = ["failure", "nonServiceFailure", "success"];
const STEP_TYPES: [&str; 6] = ["import", "scoping", "matching", "processing", "referenceResolution", "export"];

/// okta/okta-management-openapi-spec 2026.06.3: LogEvent.
const EVENT: [&str; 16] = [
    "actor",
    "authenticationContext",
    "client",
    "debugContext",
    "displayMessage",
    "eventType",
    "legacyEventType",
    "outcome",
    "published",
    "request",
    "securityContext",
    "severity",
    "target",
    "transaction",
    "uuid",
    "version",
];
const ENTITY: [&str; 5] = ["alternateId", "detailEntry", "displayName", "id", "type"];

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn same(value: &Value, known: &[&str]) {
    assert_eq!(names(value), known.iter().copied().collect::<BTreeSet<_>>(), "{value}");
}

fn one_of(value: &Value, known: &[&str]) {
    assert!(value.as_str().is_some_and(|text| known.contains(&text)), "{value} is none of {known:?}");
}

async fn file(admin: &Admin, path: &str) -> String {
    let answer = admin.client.get(admin.url(path)).send().await.expect("an answer");
    let disposition = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert!(disposition.starts_with("attachment; filename="), "{disposition}");
    answer.text().await.expect("text")
}

/// A world after a cycle in which somebody arrived, somebody was refused and somebody was passed over.
async fn after_a_cycle() -> Admin {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    admin.connect(&token).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.cycles(1).await;
    admin
}

#[tokio::test]
async fn the_provisioning_log_has_the_members_of_microsoft_graph() {
    let admin = after_a_cycle().await;
    let log: Vec<Value> =
        serde_json::from_str(&file(&admin, "/entra/apps/a1/logs/ProvisioningLogs.json").await).expect("a list");
    for entry in &log {
        same(entry, &SUMMARY);
        one_of(&entry["provisioningAction"], &ACTIONS);
        one_of(&entry["provisioningStatusInfo"]["status"], &RESULTS);
        assert_eq!(names(&entry["initiatedBy"]), ["displayName", "id", "initiatorType"].into(), "{entry}");
        assert!(entry["durationInMilliseconds"].is_i64() && entry["activityDateTime"].is_string(), "{entry}");
        for step in entry["provisioningSteps"].as_array().expect("steps") {
            same(step, &STEP);
            one_of(&step["provisioningStepType"], &STEP_TYPES);
            one_of(&step["status"], &RESULTS);
        }
        entry["modifiedProperties"].as_array().expect("a list").iter().for_each(|one| same(one, &PROPERTY));
        let error = &entry["provisioningStatusInfo"]["errorInformation"];
        assert_eq!(error.is_null(), entry["provisioningStatusInfo"]["status"] == "success", "{entry}");
        if !error.is_null() {
            same(error, &ERROR);
            one_of(&error["errorCategory"], &CATEGORIES);
        }
    }
    let of = |name: &str| log.iter().find(|entry| entry["sourceIdentity"]["displayName"] == name).expect("an entry");
    let refused = &of("Sukarno")["provisioningStatusInfo"];
    assert_eq!(refused["errorInformation"]["errorCode"], "SystemForCrossDomainIdentityManagementBadRequest");
    assert!(refused["errorInformation"]["reason"].as_str().is_some_and(|text| text.contains("name.familyName")));
    assert_eq!(of("Contractors")["provisioningStatusInfo"]["errorInformation"]["errorCode"], "NotEffectivelyEntitled");
    let arrived = of("李小龙");
    assert_eq!(
        (&arrived["provisioningAction"], arrived["targetIdentity"]["id"] == ""),
        (&Value::from("create"), false)
    );
    assert_eq!(arrived["sourceIdentity"]["details"]["UserPrincipalName"], "xiaolong.li@northwind.example");
}

#[tokio::test]
async fn the_three_tables_of_the_portal_belong_together() {
    let admin = after_a_cycle().await;
    let mut changes = Vec::new();
    for (name, column) in [("", 1), ("_ProvisioningSteps", 0), ("_ModifiedProperties", 0)] {
        let text = file(&admin, &format!("/entra/apps/a1/logs/ProvisioningLogs{name}.csv")).await;
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(rows.headers().expect("a heading").get(column), Some("Change ID"));
        let found: BTreeSet<String> = rows.records().map(|row| row.expect("a row")[column].to_owned()).collect();
        assert!(!found.is_empty(), "{name}");
        changes.push(found);
    }
    assert_eq!(changes[0], changes[1], "each entry has steps");
    assert!(changes[2].is_subset(&changes[0]), "and some have properties");
    assert_eq!(admin.get("/entra/apps/a1/logs/passwords.csv").await.text.matches("not here").count(), 1);
}

#[tokio::test]
async fn the_system_log_has_the_members_of_okta() {
    let options = Options { target: Target::Generic, prepared: true, ..Options::default() };
    let admin = Admin::new(options).await;
    let (base, token) = (admin.sandbox.addresses().scim_base_url.clone(), admin.sandbox.addresses().scim_token.clone());
    let token = token.expect("prepared");
    let fields = [("label", "One, \"two\""), ("username_format", "login")];
    admin.post("/okta/catalog/scim2testapp/sign-on", &fields).await;
    let fields = [("enable", "on"), ("base_url", base.as_str()), ("token", token.as_str()), ("action", "save")];
    admin.post("/okta/apps/0oa1/provisioning/integration", &fields).await;
    admin.sandbox.set_fault(Fault::UsersRejected, true);
    admin.post("/okta/apps/0oa1/provisioning/to-app", &[("create", "on")]).await;
    admin.post("/okta/apps/0oa1/assignments", &[("principal", "u1")]).await;
    admin.idle().await;
    let log: Vec<Value> =
        serde_json::from_str(&file(&admin, "/okta/apps/0oa1/logs/system_log.json").await).expect("a list");
    for event in &log {
        same(event, &EVENT);
        same(&event["actor"], &ENTITY);
        event["target"].as_array().expect("targets").iter().for_each(|target| same(target, &ENTITY));
        one_of(&event["outcome"]["result"], &["SUCCESS", "FAILURE"]);
        one_of(&event["severity"], &["DEBUG", "ERROR", "INFO", "WARN"]);
    }
    let failed = log.iter().find(|event| event["outcome"]["result"] == "FAILURE").expect("a refusal");
    assert_eq!(failed["eventType"], "application.provision.user.push");
    assert!(failed["outcome"]["reason"].as_str().is_some_and(|text| text.ends_with("remote server: Bad Request")));
    assert_eq!((&failed["target"][0]["type"], &failed["target"][1]["type"]), (&"User".into(), &"AppInstance".into()));
    let text = file(&admin, "/okta/logs/system_log.csv").await;
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().expect("a heading").clone();
    let place = |name: &str| header.iter().position(|one| one == name).expect("a column");
    let (reason, app) = (place("outcome.reason"), place("target1.alternate_id"));
    let row = rows.records().map(|row| row.expect("a row")).find(|row| !row[reason].is_empty()).expect("a refusal");
    assert_eq!((&row[app], failed["outcome"]["reason"].as_str()), ("One, \"two\"", Some(&row[reason])));
}

#[tokio::test]
async fn a_log_without_entries_is_a_file_all_the_same() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    admin.post("/entra/apps/create", &[("name", "Empty"), ("kind", "non-gallery")]).await;
    assert_eq!(file(&admin, "/entra/apps/a1/logs/ProvisioningLogs.json").await, "[]");
    assert_eq!(file(&admin, "/entra/apps/a1/logs/ProvisioningLogs.csv").await.lines().count(), 1);
    assert_eq!(file(&admin, "/okta/logs/system_log.json").await, "[]");
    assert_eq!(file(&admin, "/okta/logs/system_log.csv").await.lines().count(), 1);
}

#[tokio::test]
async fn people_and_groups_can_be_downloaded_as_they_stand() {
    let admin = Admin::new(Options::default()).await;
    let cells =
        |text: &str| text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect::<Vec<Vec<_>>>();
    let users = cells(&file(&admin, "/entra/directory/users.csv").await);
    // Microsoft Learn: "Download a list of users in Microsoft Entra ID".
    assert_eq!(
        (users[0][0].as_str(), users[0][9].as_str(), users[0].len()),
        ("userPrincipalName", "accountEnabled", 25)
    );
    assert_eq!(users.len(), 9);
    assert!(users.iter().any(|row| row[1] == "Jonas Weber" && row[9] == "False"), "{users:?}");
    admin.post("/entra/directory/u1/delete", &[]).await;
    assert_eq!(cells(&file(&admin, "/entra/directory/users.csv").await).len(), 8, "who is deleted is not in it");
    let members = cells(&file(&admin, "/entra/directory/groups/g1/members.csv").await);
    assert_eq!(
        members[0],
        ["id", "userPrincipalName", "displayName", "objectType", "userType", "isUser", "isGroup", "isGuest"]
    );
    let inner = members.iter().find(|row| row[3] == "Group").expect("the inner group is a line of its own");
    assert_eq!((inner[1].as_str(), inner[6].as_str()), ("", "True"));
    assert_eq!(members.len(), 6, "four people are left, and the group: {members:?}");

    let accounts = cells(&file(&admin, "/okta/directory/people.csv").await);
    assert_eq!((accounts[0][0].as_str(), accounts.len()), ("Okta username", 9));
    let memberships = cells(&file(&admin, "/okta/directory/groups.csv").await);
    assert_eq!(memberships[0][..2], ["Group name", "Okta username"]);
    let of = |group: &str| memberships.iter().filter(|row| row[0] == group).count();
    assert_eq!((of("Cloud Users"), of("Cloud Operators"), of("Contractors"), of("Everyone")), (5, 4, 2, 7));
}

//! The practice Entra's gallery app against the AWS profile, changes of a group's members, and a group that holds another group alone.

use std::time::Duration;

use crate::support::{Admin, Page};
use serde_json::json;
use usher_sandbox::{Fault, Options, Target};

const ENTRY: &str = "/entra/apps/gallery/aws-iam-identity-center";

/// A prepared world with the gallery app, connected, and the group that is offered first assigned.
async fn with_gallery_app() -> Admin {
    let admin = Admin::new(Options { target: Target::AwsIdentityCenter, prepared: true, ..Options::default() }).await;
    let made = admin.post(ENTRY, &[("name", "AWS IAM Identity Center")]).await;
    assert_eq!((made.result(), made.path.as_str()), ("success", "/entra/apps/a1"));
    let addresses = admin.sandbox.addresses();
    let token = addresses.scim_token.clone().expect("prepared");
    let fields = [("tenant_url", addresses.scim_base_url.as_str()), ("secret_token", &token), ("action", "save")];
    let saved = admin.post("/entra/apps/a1/provisioning", &fields).await;
    assert_eq!(saved.result(), "success", "{}", saved.text);
    assert_eq!(admin.post("/entra/apps/a1/assignments", &[("principal", "g1")]).await.result(), "success");
    admin
}

/// The members of the group that the target's console shows.
async fn members(admin: &Admin) -> Vec<String> {
    let page = admin.get("/aws/groups").await.text;
    let section = page.split("<h2>AWS Users</h2>").nth(1).unwrap_or_else(|| panic!("no such group: {page}"));
    let section = section.split("</section>").next().unwrap_or_default();
    section.split("<li>").skip(1).filter_map(|part| part.split('<').next()).map(str::to_owned).collect()
}

fn steps(page: &Page) -> Vec<&str> {
    page.text.split("data-step=\"").skip(1).filter_map(|part| part.split('"').next()).collect()
}

#[tokio::test]
async fn the_gallery_app_comes_with_its_own_mapping() {
    let admin = Admin::new(Options { target: Target::AwsIdentityCenter, ..Options::default() }).await;
    let gallery = admin.get("/entra/apps/new").await.text;
    assert!(gallery.contains(ENTRY) && gallery.contains("(successor to AWS Single Sign-On)"));
    assert!(admin.get(ENTRY).await.text.contains("value=\"AWS IAM Identity Center\""));
    assert_eq!(admin.post(ENTRY, &[("name", " ")]).await.result(), "failure");
    assert_eq!(admin.get("/entra/apps/gallery/salesforce").await.text.matches("is not here").count(), 1);
    admin.post(ENTRY, &[("name", "AWS")]).await;
    admin.post("/entra/apps/create", &[("name", "Own"), ("kind", "non-gallery")]).await;

    let rows = async |app: &str| {
        let page = admin.get(&format!("/entra/apps/{app}/mapping/users")).await.text;
        page.split("<tr data-target=\"")
            .skip(1)
            .filter_map(|row| row.split("\">").next())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (gallery, own) = (rows("a1").await, rows("a2").await);
    let more: Vec<&String> = own.iter().filter(|row| !gallery.contains(row)).collect();
    assert_eq!(more, ["phoneNumbers[type eq &quot;mobile&quot;].value", "phoneNumbers[type eq &quot;fax&quot;].value"]);
    assert!(gallery.iter().all(|row| own.contains(row)));
    let restored = admin.post("/entra/apps/a1/mapping/users/restore", &[]).await;
    assert_eq!(restored.result(), "success");
    assert_eq!(rows("a1").await, gallery);
    assert!(restored.text.contains("Synchronize Microsoft Entra users to AWS IAM Identity Center"));
    assert!(admin.get("/entra/apps").await.text.contains("<td>Gallery</td>"));
}

#[tokio::test]
async fn the_default_mapping_brings_people_and_members_to_aws_and_keeps_them_right() {
    let admin = with_gallery_app().await;
    let demand = admin.post("/entra/apps/a1/on-demand", &[("subject", "u1")]).await;
    assert_eq!(demand.result(), "success", "{}", demand.text);
    assert_eq!(steps(&demand), ["import", "scoping", "matching", "export"]);
    let group = admin.post("/entra/apps/a1/on-demand", &[("subject", "g1")]).await;
    assert_eq!(group.result(), "success", "{}", group.text);
    assert_eq!(members(&admin).await, ["Zoë O'Connor-Müller"]);

    admin.post("/entra/apps/a1/start", &[]).await;
    let first = &admin.cycles(1).await[0];
    // Sukarno has no family name, which AWS cannot do without.
    assert_eq!(
        (&first["error"], &first["failed"]),
        (&json!(null), &json!(1)),
        "{}",
        admin.get("/entra/apps/a1/logs").await.text
    );
    assert_eq!(members(&admin).await.len(), 4);
    let logs = admin.get("/entra/apps/a1/logs").await.text;
    assert!(logs.contains("Request is unparsable, syntactically incorrect, or violates schema."), "{logs}");

    let group = "/entra/directory/groups/g1";
    let change = async |person: &str, action: &str| {
        let page = admin.post(group, &[("person", person), ("action", action)]).await;
        assert_eq!(page.result(), "success");
    };
    change("u2", "remove").await;
    change("u4", "add").await;
    admin.sandbox.advance(Duration::from_secs(41 * 60));
    let second = &admin.cycles(2).await[1];
    assert_eq!((&second["initial"], &second["error"]), (&json!(false), &json!(null)));
    let mut now = members(&admin).await;
    now.sort();
    assert_eq!(now, ["María-José de la Cruz", "Nguyễn Văn An", "Siobhán O'Brien", "Zoë O'Connor-Müller"]);
    let users = admin.get("/aws/users").await.text;
    let row = users.split("<tr>").find(|row| row.contains("李小龙")).expect("the one who left");
    assert!(row.contains("Disabled"), "{row}");

    change("u2", "add").await;
    admin.post("/entra/directory/u3/delete", &[]).await;
    for number in [3, 4] {
        admin.sandbox.advance(Duration::from_secs(41 * 60));
        admin.cycles(number).await;
    }
    let mut now = members(&admin).await;
    now.sort();
    assert_eq!(now, ["María-José de la Cruz", "Siobhán O'Brien", "Zoë O'Connor-Müller", "李小龙"]);
    admin.sandbox.advance(Duration::from_secs(41 * 60));
    let quiet = &admin.cycles(5).await[4];
    assert_eq!((&quiet["succeeded"], &quiet["skipped"]), (&json!(0), &json!(0)), "{quiet}");
}

#[tokio::test]
async fn a_group_that_holds_another_group_alone_brings_nobody() {
    let admin = with_gallery_app().await;
    admin.sandbox.set_fault(Fault::NestedGroup, true);
    let assigned = admin.get("/entra/apps/a1/assignments").await.text;
    assert!(assigned.contains("<td>AWS Users</td><td>Group</td><td>Contractors</td>"), "{assigned}");
    for person in ["u1", "u6"] {
        let demand = admin.post("/entra/apps/a1/on-demand", &[("subject", person)]).await;
        assert_eq!(demand.result(), "warning");
        assert!(demand.text.contains("NotEffectivelyEntitled"), "{}", demand.text);
        let nested = "“Contractors” is a group inside “AWS Users”; nested groups are not read.";
        assert_eq!(demand.text.contains(nested), person == "u6");
    }
    admin.post("/entra/apps/a1/start", &[]).await;
    let cycle = &admin.cycles(1).await[0];
    assert_eq!((&cycle["error"], &cycle["failed"]), (&json!(null), &json!(0)));
    assert!(members(&admin).await.is_empty());
    assert!(!admin.get("/aws/users").await.text.contains("northwind.example"));
    let logs = admin.get("/entra/apps/a1/logs").await.text;
    assert!(
        logs.contains("nested groups are not provisioned") && logs.contains("nested groups are not read"),
        "{logs}"
    );
}

#[tokio::test]
async fn changes_of_a_group_that_make_no_sense_are_refused() {
    let admin = Admin::new(Options::default()).await;
    let group = "/entra/directory/groups/g1";
    for (path, person, action) in [
        ("/entra/directory/groups/g9", "u1", "add"),
        (group, "", "add"),
        (group, "g2", "remove"),
        (group, "u1", "promote"),
    ] {
        let page = admin.post(path, &[("person", person), ("action", action)]).await;
        assert_eq!(page.result(), "failure", "{path} {person} {action}");
    }
}

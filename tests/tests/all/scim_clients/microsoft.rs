//! What Microsoft's list of acceptance tests asks of a SCIM server, in the form in which Entra sends it (facts D2;
//! facts/measured.md, "Testers for our own server").

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};
use usher_sandbox::Target;

use super::World;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const TARGETS: [Target; 2] = [Target::Generic, Target::HpeGreenlake];

/// What Entra's default mapping fills. externalId is left out: it belongs to every resource and to no schema (RFC 7643 3.1).
const MAPPED: [(&str, &[&str]); 3] = [
    (
        USER,
        &[
            "userName",
            "active",
            "displayName",
            "title",
            "preferredLanguage",
            "name.givenName",
            "name.familyName",
            "name.formatted",
            "emails.type",
            "emails.value",
            "addresses.type",
            "addresses.formatted",
            "addresses.streetAddress",
            "addresses.locality",
            "addresses.region",
            "addresses.postalCode",
            "addresses.country",
            "phoneNumbers.type",
            "phoneNumbers.value",
        ],
    ),
    (ENTERPRISE, &["employeeNumber", "department", "manager.value"]),
    (GROUP, &["displayName", "members.value"]),
];

impl World {
    /// As Entra creates a user, with the nulls and empty lists of its sample.
    async fn create(&self, name: &str) -> String {
        let body = json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": name,
            "userName": format!("{name}@example.com"),
            "active": true,
            "displayName": name,
            "title": "Engineer",
            "emails": [{ "primary": true, "type": "work", "value": format!("{name}@example.com") }],
            "meta": { "resourceType": "User" },
            "name": { "formatted": name, "familyName": "Family", "givenName": "Given" },
            "nickName": null,
            "roles": [],
        });
        let (status, created) = self.send(Method::POST, "/Users", Some(&body)).await;
        assert_eq!(status, 201, "{created:#}");
        created["id"].as_str().expect("it has an id").to_owned()
    }

    /// A change in Entra's way; then the resource as it is read.
    async fn change(&self, path: &str, operations: Value) -> Value {
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        let (status, answer) = self.send(Method::PATCH, path, Some(&body)).await;
        assert!(status == 200 || status == 204, "{operations}: {status} {answer:#}");
        self.read(path).await
    }

    async fn read(&self, path: &str) -> Value {
        let (status, answer) = self.send(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {answer:#}");
        answer
    }

    /// Asks for a list, which must be one.
    async fn list(&self, path: &str) -> Value {
        let list = self.read(path).await;
        assert!(list["schemas"] == json!([LIST]) && list["totalResults"].is_u64(), "{path}: {list:#}");
        list
    }
}

#[tokio::test]
async fn every_mapped_attribute_is_in_the_schemas() {
    for target in TARGETS {
        let world = World::start(target).await;
        let list = world.list("/Schemas").await;
        let schemas = list["Resources"].as_array().expect("there are schemas");
        for (id, attributes) in MAPPED {
            let schema = schemas.iter().find(|schema| schema["id"] == id).unwrap_or_else(|| panic!("{id} is missing"));
            assert_eq!(world.read(&format!("/Schemas/{id}")).await["id"], id);
            for path in attributes {
                let (name, part) = path.split_once('.').map_or((*path, None), |(name, part)| (name, Some(part)));
                let named = |all: &Value, name| {
                    all.as_array().and_then(|all| all.iter().find(|one| one["name"] == name)).cloned()
                };
                let found = named(&schema["attributes"], name);
                let found = part.map_or(found.clone(), |part| named(&found?["subAttributes"], part));
                assert!(found.is_some(), "{target}: {path} is missing from {id}");
            }
        }
    }
}

#[tokio::test]
async fn an_attribute_set_to_nothing_is_gone() {
    for target in TARGETS {
        let world = World::start(target).await;
        let path = format!("/Users/{}", world.create("ada").await);
        assert_eq!(world.read(&path).await["title"], "Engineer");
        let emptied = world.change(&path, json!([{ "op": "Replace", "path": "title", "value": "" }])).await;
        assert!(emptied["title"].is_null() || emptied["title"] == "", "{emptied:#}");
        let gone = world.change(&path, json!([{ "op": "Replace", "path": "title", "value": null }])).await;
        assert!(!gone.as_object().expect("it is an object").contains_key("title"), "{gone:#}");
        assert_eq!(gone["displayName"], "ada");
    }
}

#[tokio::test]
async fn pages_of_five_hold_everybody_once() {
    for target in TARGETS {
        let world = World::start(target).await;
        for number in 1..=11 {
            world.create(&format!("person{number}")).await;
        }
        let total = world.list("/Users").await["totalResults"].as_u64().expect("it is a number");
        assert!(total >= 11);
        let mut seen = HashSet::new();
        for start in (1..=total).step_by(5) {
            let page = world.list(&format!("/Users?startIndex={start}&count=5")).await;
            let items = page["Resources"].as_array().expect("there are users");
            assert_eq!((&page["startIndex"], &page["totalResults"]), (&start.into(), &total.into()), "{page:#}");
            assert_eq!(items.len() as u64, 5.min(total - start + 1));
            assert_eq!(page["itemsPerPage"], items.len());
            assert!(items.iter().all(|item| seen.insert(item["id"].clone())), "somebody stands on two pages");
        }
        assert_eq!(seen.len() as u64, total);
        let behind = world.list(&format!("/Users?startIndex={}&count=5", total + 1)).await;
        assert!(behind["Resources"].as_array().is_none_or(Vec::is_empty), "{behind:#}");
    }
}

#[tokio::test]
async fn a_disabled_user_is_inactive_and_still_there() {
    for target in TARGETS {
        let world = World::start(target).await;
        let path = format!("/Users/{}", world.create("ada").await);
        // Entra sends a text, with its flag a boolean (facts D2).
        for (value, active) in [(json!("False"), false), (json!("True"), true), (json!(false), false)] {
            let user = world.change(&path, json!([{ "op": "Replace", "path": "active", "value": value }])).await;
            assert_eq!(user["active"], active, "{value}: {user:#}");
            let found = world.list("/Users?filter=userName eq \"ADA@example.com\"").await;
            assert_eq!((&found["totalResults"], &found["Resources"][0]["active"]), (&1.into(), &active.into()));
        }
        assert_eq!(world.send(Method::DELETE, &path, None).await, (204, Value::Null));
        assert_eq!(world.send(Method::GET, &path, None).await.0, 404);
    }
}

#[tokio::test]
async fn changes_come_with_capital_letters() {
    for target in TARGETS {
        let world = World::start(target).await;
        let boss = world.create("boss").await;
        let path = format!("/Users/{}", world.create("ada").await);
        let user = world
            .change(
                &path,
                json!([
                    { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "new@example.com" },
                    { "op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "+1 555 0100" },
                    { "op": "Replace", "path": "name.familyName", "value": "Lovelace" },
                    { "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Engines" },
                    { "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": boss },
                    { "op": "Remove", "path": "title" },
                ]),
            )
            .await;
        assert_eq!(
            (&user["emails"][0]["value"], &user["emails"][0]["type"]),
            (&"new@example.com".into(), &"work".into())
        );
        assert_eq!(user["phoneNumbers"][0]["value"], "+1 555 0100");
        assert_eq!(user["name"]["familyName"], "Lovelace");
        assert_eq!(user[ENTERPRISE]["department"], "Engines");
        assert_eq!(user[ENTERPRISE]["manager"]["value"], boss);
        assert!(user["title"].is_null());
    }
}

#[tokio::test]
async fn groups_are_made_found_filled_and_emptied() {
    for target in TARGETS {
        let world = World::start(target).await;
        let nobody = "00000000-4711-4711-4711-000000000000";
        for search in ["/Users?filter=userName eq ", "/Groups?excludedAttributes=members&filter=displayName eq "] {
            assert_eq!(world.list(&format!("{search}\"{nobody}\"")).await["totalResults"], 0, "{search}");
        }
        let (ada, ben) = (world.create("ada").await, world.create("ben").await);
        let schemas = [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"];
        let body = json!({
            "schemas": schemas,
            "externalId": nobody,
            "displayName": "Pilot",
            "meta": { "resourceType": "Group" },
        });
        let (status, group) = world.send(Method::POST, "/Groups", Some(&body)).await;
        assert_eq!(status, 201, "{group:#}");
        let path = format!("/Groups/{}", group["id"].as_str().expect("it has an id"));
        let members = |group: &Value| -> HashSet<String> {
            let all = group["members"].as_array().cloned().unwrap_or_default();
            all.iter().filter_map(|one| one["value"].as_str().map(str::to_owned)).collect()
        };
        for id in [&ada, &ben] {
            world
                .change(&path, json!([{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": id }] }]))
                .await;
        }
        let full = world.read(&path).await;
        assert_eq!(members(&full), HashSet::from([ada.clone(), ben.clone()]));
        let found = world.list("/Groups?excludedAttributes=members&filter=displayName eq \"Pilot\"").await;
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&1.into(), &group["id"]));
        let brief = world.read(&format!("{path}?excludedAttributes=members")).await;
        assert!(
            found["Resources"][0].get("members").is_none() && brief.get("members").is_none(),
            "{found:#} {brief:#}"
        );
        let left = world
            .change(&path, json!([{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": ada }] }]));
        assert_eq!(members(&left.await), HashSet::from([ben]));
        let renamed =
            world.change(&path, json!([{ "op": "Replace", "path": "displayName", "value": "Renamed" }])).await;
        assert_eq!(renamed["displayName"], "Renamed");
        assert_eq!(world.send(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(world.send(Method::GET, &path, None).await.0, 404);
    }
}

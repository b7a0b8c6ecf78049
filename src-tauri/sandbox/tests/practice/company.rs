//! A made-up company: what the target lists is what the exports say, but for the gaps. Both sides are read with other
//! means than those that made them: HTTP, and the `csv` crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::AtomicBool,
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use usher_sandbox::{Company, ExportError, Fault, Idp, Options, Plan, StartError, Target};

use crate::support::Admin;

/// A world with a company in it, and its exports.
struct World {
    admin: Admin,
    token: String,
    exports: TempDir,
}

impl World {
    async fn start(target: Target, plan: Plan) -> World {
        World::with(target, plan, Idp::Entra, Vec::new()).await
    }

    async fn with(target: Target, plan: Plan, idp: Idp, faults: Vec<Fault>) -> World {
        let company = company(plan, target);
        let exports = tempfile::tempdir().expect("a folder");
        company.export(exports.path(), idp, &AtomicBool::new(false)).expect("written");
        let options = Options { target, prepared: true, company: Some(company), faults, ..Options::default() };
        let admin = Admin::new(options).await;
        let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
        World { admin, token, exports }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let url = format!("{}{path}", self.admin.sandbox.addresses().scim_base_url);
        let request = self.admin.client.get(url).query(query).bearer_auth(&self.token);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Every page, as this target has them.
    async fn list(&self, path: &str, filter: Option<&str>) -> Vec<Value> {
        let by_cursor = self.admin.sandbox.addresses().target == Target::AwsIdentityCenter;
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let start = (all.len() + 1).to_string();
            let place = if by_cursor { ("cursor", cursor.as_str()) } else { ("startIndex", start.as_str()) };
            let mut query = vec![place, ("count", "70")];
            query.extend(filter.map(|filter| ("filter", filter)));
            let page = self.get(path, &query).await;
            all.extend(page["Resources"].as_array().expect("a list").iter().cloned());
            match page["nextCursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None if by_cursor || page["totalResults"] == all.len() => return all,
                None => assert!(page["itemsPerPage"] != 0, "{path}: {page}"),
            }
        }
    }

    fn rows(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.exports.path().join(file)).expect("a table");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    fn gaps(&self) -> Vec<Value> {
        serde_json::from_slice(&read(self.exports.path(), "gaps.json")).expect("a list")
    }

    /// Who of this kind of gap, in lower case.
    fn who(&self, kind: &str) -> BTreeSet<String> {
        let gaps = self.gaps();
        let who = |gap: &Value| [text(&gap["who"]), text(&gap["group"])].concat().to_lowercase();
        gaps.iter().filter(|gap| gap["kind"] == kind).map(who).collect()
    }
}

fn company(plan: Plan, target: Target) -> Company {
    Company::new(plan, target).unwrap_or_else(|error| panic!("{error}"))
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("a file")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The column of Entra's list, the place at the target, and the attribute's name in the gaps.
const PLACES: [(&str, &str, &str); 9] = [
    ("displayName", "/displayName", "displayName"),
    ("givenName", "/name/givenName", "name.givenName"),
    ("surname", "/name/familyName", "name.familyName"),
    ("mail", "/emails/0/value", "emails[type eq \"work\"].value"),
    ("jobTitle", "/title", "title"),
    (
        "department",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ),
    ("telephoneNumber", "/phoneNumbers/0/value", "phoneNumbers"),
    ("city", "/addresses/0/locality", "addresses.locality"),
    ("country", "/addresses/0/country", "addresses.country"),
];

const TARGETS: [(Target, usize); 4] =
    [(Target::HpeGreenlake, 3), (Target::AwsIdentityCenter, 9), (Target::Azion, 2), (Target::Generic, 4)];

fn plan() -> Plan {
    Plan { gaps: 61, ..Plan::of(400) }
}

#[tokio::test]
async fn people_are_those_of_the_export_but_for_the_gaps() {
    for (target, attributes) in TARGETS {
        let world = World::start(target, plan()).await;
        let mut expected: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
        for row in world.rows("people.csv") {
            let mut values: BTreeMap<&str, String> =
                PLACES.iter().map(|(column, _, name)| (*name, row[*column].clone())).collect();
            values.insert("active", row["accountEnabled"].to_lowercase());
            expected.insert(row["userPrincipalName"].to_lowercase(), values);
        }
        assert_eq!(expected.len(), 400);
        for gap in world.gaps() {
            let (who, name) = (text(&gap["who"]).to_lowercase(), text(&gap["attribute"]));
            if !["attribute", "disabled"].contains(&text(&gap["kind"])) {
                continue;
            }
            let value = expected.get_mut(&who).and_then(|values| values.get_mut(name)).expect("somebody of the export");
            assert_eq!(*value, text(&gap["expected"]), "{gap}");
            assert_ne!(value.to_lowercase(), text(&gap["found"]).to_lowercase(), "{gap}");
            *value = text(&gap["found"]).to_owned();
        }
        for missing in world.who("missing") {
            expected.remove(&missing).expect("somebody of the export");
        }

        let strangers = world.who("unexpected");
        let (mut seen, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for user in world.list("/Users", None).await {
            let user_name = text(&user["userName"]).to_owned();
            assert!(ids.insert(user["id"].to_string()) && seen.insert(user_name.clone()), "{user}");
            if strangers.contains(&user_name) {
                continue;
            }
            let values = expected.remove(&user_name).unwrap_or_else(|| panic!("{target}: nobody expects {user_name}"));
            let held: Vec<_> = PLACES.iter().filter(|(_, place, _)| user.pointer(place).is_some()).collect();
            assert_eq!(held.len(), attributes, "{target}: {user}");
            for (_, place, name) in held {
                assert_eq!(user.pointer(place).map(text), Some(values[name].as_str()), "{target}: {user_name}, {name}");
            }
            assert_eq!(user["active"].to_string(), values["active"], "{target}: {user_name}");
        }
        assert!(expected.is_empty() && strangers.is_subset(&seen), "{target}: {expected:?} did not arrive");
    }
}

#[tokio::test]
async fn groups_are_those_of_the_export_but_for_the_gaps() {
    for (target, _) in TARGETS {
        let world = World::start(target, plan()).await;
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in world.rows("groups.csv") {
            let members = expected.entry(row["group"].clone()).or_default();
            assert!(members.insert(row["userPrincipalName"].to_lowercase()), "{row:?}");
        }
        assert_eq!(expected.len(), 20);
        for gap in world.gaps() {
            let (who, group) = (text(&gap["who"]).to_lowercase(), text(&gap["group"]));
            match text(&gap["kind"]) {
                "member-missing" => assert!(expected.get_mut(group).expect("a group").remove(&who), "{gap}"),
                "member-unexpected" => assert!(expected.get_mut(group).expect("a group").insert(who), "{gap}"),
                "group-missing" => assert!(expected.remove(group).is_some(), "{gap}"),
                _ => {}
            }
        }
        let users = world.list("/Users", None).await;
        let names: BTreeMap<&str, &str> =
            users.iter().map(|user| (text(&user["id"]), text(&user["userName"]))).collect();
        let mut strangers = world.who("group-unexpected");
        for group in world.list("/Groups", None).await {
            let name = text(&group["displayName"]);
            if strangers.remove(&name.to_lowercase()) {
                continue;
            }
            let members: BTreeSet<String> = match target {
                // Facts B3: it lists none, and is asked for those of one group.
                Target::AwsIdentityCenter => {
                    assert_eq!(group["members"], json!([]));
                    let filter = format!("groups.value eq {}", group["id"]);
                    let members = world.list("/Users", Some(&filter)).await;
                    members.iter().map(|user| text(&user["userName"]).to_owned()).collect()
                }
                _ => {
                    let members = group["members"].as_array().expect("members");
                    members.iter().map(|member| names[text(&member["value"])].to_owned()).collect()
                }
            };
            assert_eq!(Some(members), expected.remove(name), "{target}: {name}");
        }
        assert!(expected.is_empty() && strangers.is_empty(), "{target}: {expected:?} {strangers:?}");
    }
}

#[tokio::test]
async fn gaps_are_as_many_as_asked_for_and_spread_over_their_kinds() {
    for (asked, of_each) in [(0, vec![]), (3, vec![1, 1, 1]), (61, vec![8, 8, 8, 8, 8, 7, 7, 7])] {
        let world = World::start(Target::Generic, Plan { gaps: asked, ..plan() }).await;
        let kinds = [
            "missing",
            "unexpected",
            "attribute",
            "disabled",
            "group-missing",
            "group-unexpected",
            "member-missing",
            "member-unexpected",
        ];
        let gaps = world.gaps();
        let count = |kind: &&str| gaps.iter().filter(|gap| gap["kind"] == *kind).count();
        assert_eq!(kinds.iter().map(count).filter(|count| *count > 0).collect::<Vec<_>>(), of_each);
        assert_eq!(gaps.len(), asked as usize);
        let attributes: BTreeSet<&str> =
            gaps.iter().filter(|gap| gap["kind"] == "attribute").map(|gap| text(&gap["attribute"])).collect();
        assert_eq!(attributes.len(), of_each.get(2).map_or(0, |count| 4.min(*count)));
        // Nobody who is missing brings a membership along.
        let missing = world.who("missing");
        assert!(world.rows("groups.csv").iter().all(|row| !missing.contains(&row["userPrincipalName"].to_lowercase())));
    }
    let world = World::start(Target::Generic, Plan { gaps: 9, groups: 0, ..plan() }).await;
    assert!(world.gaps().iter().all(|gap| !text(&gap["kind"]).contains("group")));
    assert_eq!((world.gaps().len(), world.rows("groups.csv").len()), (9, 0));
}

#[tokio::test]
async fn any_size_will_do_and_too_many_gaps_are_refused() {
    for (people, groups) in [(0, 0), (1, 1), (7, 1)] {
        let world = World::start(Target::Generic, Plan::of(people)).await;
        assert_eq!(world.list("/Users", None).await.len(), people as usize);
        assert_eq!(world.list("/Groups", None).await.len(), groups);
        assert_eq!((world.rows("people.csv").len(), world.gaps().len()), (people as usize, 0));
    }
    for (people, gaps) in [(0, 1), (1, 8), (7, 40), (400, 3_000), (400, u32::MAX)] {
        let error = Company::new(Plan { gaps, ..Plan::of(people) }, Target::Generic).err().expect("they do not fit");
        assert!(error.to_string().contains(&format!("{gaps} gaps")), "{error}");
    }
}

#[test]
fn a_seed_gives_one_company_and_another_one_another() {
    let export = |seed: u64| {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = Plan { seed, ..plan() };
        company(plan, Target::AwsIdentityCenter)
            .export(folder.path(), Idp::Entra, &AtomicBool::new(false))
            .expect("written");
        ["people.csv", "groups.csv", "gaps.json"].map(|name| read(folder.path(), name))
    };
    let (one, again, other) = (export(5), export(5), export(6));
    assert!(one == again);
    assert!(one.iter().zip(&other).all(|(one, other)| one != other));
}

#[test]
fn nothing_is_overwritten_and_nothing_half_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let company = company(plan(), Target::Azion);
    let export = |folder: &Path, stop: bool| company.export(folder, Idp::Entra, &AtomicBool::new(stop));
    std::fs::write(folder.path().join("people.csv"), "mine").expect("written");
    assert!(matches!(export(folder.path(), false), Err(ExportError::Exists { path }) if path.ends_with("people.csv")));
    assert_eq!(read(folder.path(), "people.csv"), b"mine");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    std::fs::remove_file(folder.path().join("people.csv")).expect("gone");
    assert!(matches!(export(folder.path(), true), Err(ExportError::Stopped)));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    assert!(matches!(export(&folder.path().join("nowhere"), false), Err(ExportError::NoFolder { .. })));
}

#[tokio::test]
async fn oktas_list_has_oktas_columns() {
    let world = World::with(Target::Generic, plan(), Idp::Okta, Vec::new()).await;
    let rows = world.rows("people.csv");
    let known = |row: &BTreeMap<String, String>| ["ACTIVE", "DEPROVISIONED"].contains(&row["status"].as_str());
    assert!(rows.len() == 400 && rows.iter().all(|row| row["login"].contains('@') && known(row)));
}

#[tokio::test]
async fn a_company_answers_as_any_store_does() {
    let world = World::start(Target::Generic, Plan::of(100)).await;
    let call = async |method: Method, path: &str, body: Value| {
        let url = format!("{}{path}", world.admin.sandbox.addresses().scim_base_url);
        let request = world.admin.client.request(method, url).bearer_auth(&world.token).json(&body);
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let group = world.list("/Groups", None).await.swap_remove(2);
    let member = text(&group["members"][4]["value"]).to_owned();
    let user = world.get(&format!("/Users/{member}"), &[]).await;
    assert_eq!((&user["groups"][0]["value"], &user["groups"][0]["display"]), (&group["id"], &group["displayName"]));

    let shouted = text(&user["userName"]).to_uppercase();
    for filter in [
        format!("userName eq \"{shouted}\""),
        format!("emails.value eq {} and active eq true", user["emails"][0]["value"]),
        format!("id eq \"{member}\" or userName eq \"nobody\""),
        format!("externalId eq {}", user["externalId"]),
    ] {
        let found = world.get("/Users", &[("filter", &filter)]).await;
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &user["id"]), "{filter}");
    }
    let found = world.get("/Groups", &[("filter", &format!("displayName eq {}", group["displayName"]))]).await;
    assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &group["id"]));
    let sorted = world.get("/Users", &[("sortBy", "userName"), ("sortOrder", "descending"), ("count", "200")]).await;
    let names: Vec<&str> =
        sorted["Resources"].as_array().expect("all").iter().map(|one| text(&one["userName"])).collect();
    assert!(names.len() == 100 && names.is_sorted_by(|one, next| one > next));
    let all = world.get("/Users", &[("filter", "userName pr"), ("count", "1"), ("startIndex", "100")]).await;
    assert_eq!((&all["totalResults"], all["Resources"].as_array().map(Vec::len)), (&json!(100), Some(1)));

    let twice = json!({ "userName": shouted });
    assert_eq!(call(Method::POST, "/Users", twice).await.0, 409);
    let path = format!("/Users/{member}");
    let change = json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "Changed" }] });
    assert_eq!(call(Method::PATCH, &path, change).await.1["displayName"], "Changed");
    let changed = world.get(&path, &[]).await;
    assert_eq!((&changed["displayName"], &changed["groups"]), (&json!("Changed"), &user["groups"]));
    assert_eq!(world.list("/Users", None).await.len(), 100);

    assert_eq!(call(Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(call(Method::DELETE, &path, Value::Null).await.0, 404);
    let left = world.get(&format!("/Groups/{}", text(&group["id"])), &[]).await;
    assert_eq!(left["members"].as_array().map(Vec::len), Some(19));
    assert!(!left.to_string().contains(&member));
    assert_eq!((world.list("/Users", None).await.len(), world.list("/Groups", None).await.len()), (99, 5));
    assert_eq!(world.admin.control().await["users"], 99);
    assert!(world.admin.get("/service/users").await.text.contains("@fabrikam.example"));
}

#[tokio::test]
async fn faults_count_for_a_company_as_well() {
    let lies = World::with(Target::Generic, Plan::of(100), Idp::Entra, vec![Fault::TotalsLie]).await;
    assert_eq!(lies.get("/Users", &[]).await["totalResults"], 125);
    let ignores = World::with(Target::Generic, Plan::of(300), Idp::Entra, vec![Fault::PagingIgnored]).await;
    let page = ignores.get("/Users", &[("startIndex", "250"), ("count", "10")]).await;
    assert_eq!((&page["startIndex"], page["Resources"].as_array().map(Vec::len)), (&json!(1), Some(300)));
    let limited = World::with(Target::Generic, Plan::of(100), Idp::Entra, vec![Fault::ScimRateLimited]).await;
    assert_eq!(limited.get("/Users", &[]).await["status"], "429");
    let lost = World::with(Target::Generic, Plan::of(100), Idp::Entra, vec![Fault::MembersLost]).await;
    assert!(lost.list("/Groups", None).await.iter().all(|group| group.get("members").is_none()));
}

#[tokio::test]
async fn a_company_is_not_kept_and_belongs_to_its_target() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("state.json");
    let company = company(Plan::of(1_000), Target::Generic);
    let options = Options {
        target: Target::Generic,
        company: Some(company),
        state_file: Some(state.clone()),
        ..Options::default()
    };
    let admin = Admin::new(options).await;
    assert_eq!(admin.control().await["users"], 1_000);
    assert!(!String::from_utf8_lossy(&read(folder.path(), "state.json")).contains("fabrikam"));

    let company = self::company(Plan::of(1), Target::Azion);
    let options = Options { target: Target::Generic, company: Some(company), ..Options::default() };
    assert!(matches!(usher_sandbox::Sandbox::start(options).await, Err(StartError::OtherTarget { .. })));
}

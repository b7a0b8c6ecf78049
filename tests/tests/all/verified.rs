//! `usher-cli verify` against SCIM servers that nobody here wrote: who was put there is found, and exactly what differs is
//! told. What differs is decided here, beside what is sent to the server, and knows nothing of how it is compared.

use std::{collections::BTreeSet, path::Path, process::Stdio, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{process::Command, task::JoinSet, time::timeout};

use crate::{
    real_servers::server::{GROUP, Kind, Server, TOKEN, name},
    support::tools::built,
};

/// People in the export.
const PEOPLE: u32 = 2_000;
/// Groups in the export, and the members of each.
const GROUPS: u32 = 12;
const MEMBERS: u32 = 20;
/// People who are only there.
const STRANGERS: u32 = 15;
/// Requests under way while the server is filled.
const AT_ONCE: usize = 8;

/// Kind, person, group, attribute.
type Told = (String, String, String, String);

fn told(kind: &str, who: &str, group: &str, attribute: &str) -> Told {
    (kind.to_owned(), who.to_owned(), group.to_owned(), attribute.to_owned())
}

async fn verify(server: &Server, folder: &Path, more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = Command::new(built("usher-cli"))
        .args(["verify", "--url", &server.base, "--json", "--timeout", "300"])
        .arg("--people")
        .arg(folder.join("people.csv"))
        .args(more)
        .env("USHER_TOKEN", TOKEN)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_secs(600), output).await.expect("it ends").expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains(TOKEN) && !complaint.contains(TOKEN), "the token is printed");
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    (output.status.code(), lines.collect())
}

fn differences(lines: &[Value]) -> BTreeSet<Told> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let found = lines.iter().filter(|line| line["kind"].is_string());
    let all: Vec<Told> = found
        .map(|line| (text(line, "kind"), text(line, "who"), text(line, "group"), text(line, "attribute")))
        .collect();
    let set: BTreeSet<Told> = all.iter().cloned().collect();
    assert_eq!(set.len(), all.len(), "something is told twice");
    set
}

/// What of the people is changed on the way: by the last two digits of their number.
fn person(number: u32, wanted: &mut BTreeSet<Told>) -> Option<Value> {
    let name = name(number);
    let mut user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "displayName": format!("Person Nr. {number}"),
        "name": { "givenName": "Person", "familyName": format!("Nr. {number}") },
        "emails": [{ "value": name, "type": "work", "primary": true }],
        "active": true,
    });
    let mut differs = |kind: &str, attribute: &str| wanted.insert(told(kind, &name, "", attribute));
    match number % 100 {
        3 => {
            differs("missing", "");
            return None;
        }
        7 => {
            differs("attribute", "name.familyName");
            user["name"]["familyName"] = json!("Former");
        }
        9 => {
            differs("attribute", "emails[type eq \"work\"].value");
            user["emails"][0]["value"] = json!("former@example.com");
        }
        11 => {
            differs("disabled", "active");
            user["active"] = json!(false);
        }
        // Disabled in the export.
        13 => drop(differs("disabled", "active")),
        14 => user["active"] = json!(false),
        // The same to SCIM.
        15 => user["userName"] = json!(name.to_uppercase()),
        16 => user["displayName"] = json!(format!("PERSON nr. {number}")),
        _ => {}
    }
    Some(user)
}

fn people_csv() -> String {
    let mut csv = "userPrincipalName,displayName,givenName,surname,mail,accountEnabled\r\n".to_owned();
    for number in 1..=PEOPLE {
        let (name, enabled) = (name(number), !matches!(number % 100, 13 | 14));
        csv.push_str(&format!("{name},Person Nr. {number},Person,Nr. {number},{name},{enabled}\r\n"));
    }
    csv
}

/// The people of a group: those whose number ends in the same two digits as others' do not differ.
fn members(group: u32) -> impl Iterator<Item = u32> {
    (1..=MEMBERS).map(move |place| place * 100 - 80 + group)
}

#[tokio::test]
async fn exactly_what_differs_is_found_at_scim2_server() {
    let server = Arc::new(Server::start(Kind::Scim2Server).await);
    let mut wanted = BTreeSet::new();
    let mut users: Vec<(u32, Value)> =
        (1..=PEOPLE).filter_map(|number| Some((number, person(number, &mut wanted)?))).collect();
    for stranger in 1..=STRANGERS {
        let name = format!("stranger{stranger}@example.com");
        wanted.insert(told("unexpected", &name, "", ""));
        users.push((
            PEOPLE + stranger,
            json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name }),
        ));
    }
    let ids = fill(&server, users).await;
    let groups_csv = groups(&server, &ids, &mut wanted).await;
    assert_eq!(wanted.len(), 127);

    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("people.csv"), people_csv()).expect("it can be written");
    let file = folder.path().join("groups.csv");
    std::fs::write(&file, groups_csv).expect("it can be written");
    let saved = folder.path().join("differences.csv");
    let file = file.to_str().expect("its path is text");
    let (code, lines) =
        verify(&server, folder.path(), &["--groups", file, "--save", saved.to_str().expect("text")]).await;
    assert_eq!(differences(&lines), wanted, "{:?}", lines.last());
    let summary = lines.last().expect("there is one");
    assert_eq!((code, &summary["ok"], &summary["complete"]), (Some(1), &false.into(), &true.into()), "{summary:#}");
    assert_eq!(summary["foundPeople"], PEOPLE - 20 + STRANGERS);
    let saved = std::fs::read_to_string(saved).expect("it was saved");
    assert_eq!(saved.lines().count(), wanted.len() + 1);
}

/// Each person is made; ids by number.
async fn fill(server: &Arc<Server>, users: Vec<(u32, Value)>) -> std::collections::HashMap<u32, String> {
    let mut under_way = JoinSet::new();
    let mut ids = std::collections::HashMap::new();
    for (number, user) in users {
        if under_way.len() >= AT_ONCE {
            ids.extend(under_way.join_next().await.map(|made| made.expect("it is made")));
        }
        let server = Arc::clone(server);
        under_way.spawn(async move { (number, server.create("Users", &user).await) });
    }
    while let Some(made) = under_way.join_next().await {
        ids.extend([made.expect("it is made")]);
    }
    ids
}

/// Groups at the server and in the export; some differ.
async fn groups(server: &Server, ids: &std::collections::HashMap<u32, String>, wanted: &mut BTreeSet<Told>) -> String {
    let mut csv = "Group name,Okta username\n".to_owned();
    let schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
    for group in 0..GROUPS {
        let group_name = format!("Group {group}");
        members(group).for_each(|member| csv.push_str(&format!("{group_name},{}\n", name(member))));
        let mut inside: Vec<u32> = members(group).collect();
        match group {
            0..=5 => {
                let lost = inside.remove(group as usize);
                wanted.insert(told("member-missing", &name(lost), &group_name, ""));
            }
            6..=9 => {
                let more = 60 + group;
                inside.push(more);
                wanted.insert(told("member-unexpected", &name(more), &group_name, ""));
            }
            10 => {
                wanted.insert(told("group-missing", "", &group_name, ""));
                continue;
            }
            _ => {}
        }
        let values: Vec<Value> = inside.iter().map(|number| json!({ "value": ids[number] })).collect();
        server.create("Groups", &json!({ "schemas": schemas, "displayName": group_name, "members": values })).await;
    }
    server.create("Groups", &json!({ "schemas": schemas, "displayName": "Only there" })).await;
    wanted.insert(told("group-unexpected", "", "Only there", ""));
    csv
}

/// An export of the people that [`Server::fill`] makes, and of its group.
fn export(folder: &Path, people: u32) -> String {
    let rows: String = (1..=people).map(|number| format!("{0},{0}\n", name(number))).collect();
    std::fs::write(folder.join("people.csv"), format!("userPrincipalName,mail\n{rows}")).expect("it can be written");
    let file = folder.join("members.csv");
    std::fs::write(&file, format!("userPrincipalName\n{}\n{}\n", name(1), name(2))).expect("it can be written");
    format!("{GROUP}={}", file.display())
}

#[tokio::test]
async fn nothing_differs_where_everything_arrived() {
    const PEOPLE: u32 = 120;
    for kind in [Kind::ScimmyExpress4, Kind::DjangoScim2] {
        let server = Server::start(kind).await;
        server.fill(PEOPLE).await;
        let folder = tempfile::tempdir().expect("a folder");
        let groups = export(folder.path(), PEOPLE);
        let (code, lines) = verify(&server, folder.path(), &["--groups", &groups]).await;
        assert_eq!((code, lines.len()), (Some(0), 1), "{kind:?}: {lines:#?}");
        // One more in the export than there is.
        let groups = export(folder.path(), PEOPLE + 1);
        let (code, lines) = verify(&server, folder.path(), &["--groups", &groups]).await;
        let missing = told("missing", &name(PEOPLE + 1), "", "");
        assert_eq!((code, differences(&lines)), (Some(1), [missing].into()), "{kind:?}: {lines:#?}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_page_is_named() {
    let server = Server::start(Kind::ScimmyExpress5).await;
    server.fill(45).await;
    let folder = tempfile::tempdir().expect("a folder");
    export(folder.path(), 45);
    let (code, lines) = verify(&server, folder.path(), &[]).await;
    assert_eq!((code, lines.len(), &lines[0]["code"]), (Some(1), 1, &"paging_broken".into()), "{lines:#?}");
}

//! Two of the reports as files: **User Accounts** and **Group Membership**, as CSV Export gives them. The headings are
//! named after the filters of the reports, which Okta's help lists; the order is from general knowledge.

use serde_json::{Value, json};

use super::directory::{Group, Profile};
use crate::table::{self, Column};

const ACCOUNTS: &[Column] = &[
    ("Okta username", "/login"),
    ("First name", "/firstName"),
    ("Last name", "/lastName"),
    ("User fullname", "/displayName"),
    ("Primary email", "/email"),
    ("Title", "/title"),
    ("Department", "/department"),
    ("Okta user status", "/status"),
];
const MEMBERSHIPS: &[Column] = &[
    ("Group name", "/group"),
    ("Okta username", "/login"),
    ("User fullname", "/displayName"),
    ("Okta user status", "/status"),
    ("Group membership type", "/membership"),
];

pub(crate) fn accounts(people: &[Profile]) -> String {
    table::of(ACCOUNTS, people.iter().map(profile))
}

/// One line for each membership. Who is deactivated is in no group of the report (Okta's help: "doesn't include
/// deprovisioned users").
pub(crate) fn memberships(groups: &[Group], people: &[Profile]) -> String {
    let of = |group: &Group| {
        let members = people.iter().filter(|one| one.active && group.members.iter().any(|key| key == one.key()));
        let row = |one: &Profile| {
            let mut row = profile(one);
            row["group"] = json!(group.name);
            row["membership"] = json!("Direct");
            row
        };
        members.map(row).collect::<Vec<_>>()
    };
    table::of(MEMBERSHIPS, groups.iter().flat_map(of))
}

fn profile(one: &Profile) -> Value {
    let attribute = |name: &str| one.attribute(name).unwrap_or_default();
    json!({
        "login": attribute("login"),
        "firstName": attribute("firstName"),
        "lastName": attribute("lastName"),
        "displayName": attribute("displayName"),
        "email": attribute("email"),
        "title": attribute("title"),
        "department": attribute("department"),
        "status": if one.active { "Active" } else { "Deactivated" },
    })
}

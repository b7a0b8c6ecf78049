//! The directory as files: **Download users** of all users, with the headings that Microsoft Learn lists, and
//! **Download members** of one group, with headings from general knowledge (Learn describes the columns in words).

use serde_json::{Value, json};

use super::directory::{self, Directory, Group, Person};
use crate::table::{self, Column};

/// The headings of **Download users**.
pub(crate) const USERS: &[Column] = &[
    ("userPrincipalName", "/userPrincipalName"),
    ("displayName", "/displayName"),
    ("surname", "/surname"),
    ("mail", "/mail"),
    ("givenName", "/givenName"),
    ("objectId", "/id"),
    ("userType", "/userType"),
    ("jobTitle", "/jobTitle"),
    ("department", "/department"),
    ("accountEnabled", "/accountEnabled"),
    ("usageLocation", "/usageLocation"),
    ("streetAddress", "/streetAddress"),
    ("state", "/state"),
    ("country", "/country"),
    ("physicalDeliveryOfficeName", "/physicalDeliveryOfficeName"),
    ("city", "/city"),
    ("postalCode", "/postalCode"),
    ("telephoneNumber", "/telephoneNumber"),
    ("mobile", "/mobile"),
    ("authenticationAlternativePhoneNumber", "/authenticationAlternativePhoneNumber"),
    ("authenticationEmail", "/authenticationEmail"),
    ("alternateEmailAddress", "/alternateEmailAddress"),
    ("ageGroup", "/ageGroup"),
    ("consentProvidedForMinor", "/consentProvidedForMinor"),
    ("legalAgeGroupClassification", "/legalAgeGroupClassification"),
];
const MEMBERS: &[Column] = &[
    ("id", "/id"),
    ("userPrincipalName", "/userPrincipalName"),
    ("displayName", "/displayName"),
    ("objectType", "/objectType"),
    ("userType", "/userType"),
    ("isUser", "/isUser"),
    ("isGroup", "/isGroup"),
    ("isGuest", "/isGuest"),
];

/// Everybody who is not deleted.
pub(crate) fn users(directory: &Directory) -> String {
    let people = directory::people().into_iter().filter(|person| !directory.is_deleted(person.key));
    table::of(USERS, people.map(|person| user(directory, &person)))
}

fn user(directory: &Directory, person: &Person) -> Value {
    json!({
        "userPrincipalName": person.user_principal_name,
        "displayName": person.display_name,
        "surname": person.surname,
        "mail": person.user_principal_name,
        "givenName": person.given_name,
        "id": person.object_id,
        "userType": "Member",
        "jobTitle": person.job_title,
        "department": person.department,
        "accountEnabled": if directory.is_enabled(person) { "True" } else { "False" },
        "usageLocation": person.country,
        "streetAddress": person.street,
        "state": person.state,
        "country": person.country,
        "city": person.city,
        "postalCode": person.postal_code,
        "telephoneNumber": person.telephone,
    })
}

/// The direct members of a group, people and groups.
pub(crate) fn members(directory: &Directory, group: &Group) -> String {
    let there = group.members.iter().filter(|key| !directory.is_deleted(key));
    table::of(MEMBERS, there.filter_map(|key| member(directory, key)))
}

fn member(directory: &Directory, key: &str) -> Option<Value> {
    if let Some(group) = directory.group(key) {
        return Some(json!({
            "id": group.object_id, "displayName": group.display_name, "objectType": "Group",
            "isUser": "False", "isGroup": "True", "isGuest": "False",
        }));
    }
    let person = directory::person(key)?;
    Some(json!({
        "id": person.object_id, "userPrincipalName": person.user_principal_name, "displayName": person.display_name,
        "objectType": "User", "userType": "Member", "isUser": "True", "isGroup": "False", "isGuest": "False",
    }))
}

//! What a target holds of somebody whom Entra sent with the mapping that this target's guide asks for. Assumption: HPE, whose
//! mapping has no `active`, marks an account as active or not by itself.

use serde_json::{Map, Value, json};

use super::people::{FORMER_DOMAIN, Person};
use crate::{Target, scim::schema::ENTERPRISE};

/// What can differ at the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Attribute {
    DisplayName,
    GivenName,
    FamilyName,
    Email,
    Title,
    Department,
}

impl Attribute {
    /// The attributes that this target holds.
    pub(super) fn of(target: Target) -> &'static [Attribute] {
        use Attribute::{Department, DisplayName, Email, FamilyName, GivenName, Title};
        match target {
            Target::HpeGreenlake => &[DisplayName, GivenName, FamilyName],
            Target::AwsIdentityCenter => &[DisplayName, GivenName, FamilyName, Email, Title, Department],
            Target::Azion => &[GivenName, FamilyName],
            Target::Generic => &[DisplayName, GivenName, FamilyName, Email],
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Attribute::DisplayName => "displayName",
            Attribute::GivenName => "name.givenName",
            Attribute::FamilyName => "name.familyName",
            Attribute::Email => "emails[type eq \"work\"].value",
            Attribute::Title => "title",
            Attribute::Department => "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        }
    }

    /// What the identity provider has.
    pub(super) fn value(self, person: &Person) -> String {
        match self {
            Attribute::DisplayName => person.display.clone(),
            Attribute::GivenName => person.given.to_owned(),
            Attribute::FamilyName => person.family.to_owned(),
            Attribute::Email => person.email.clone(),
            Attribute::Title => person.title.to_owned(),
            Attribute::Department => person.department.to_owned(),
        }
    }

    /// As it was once, and still is at a target that a change did not reach.
    pub(super) fn former(self, person: &Person, (given, family): (&str, &str)) -> String {
        match self {
            Attribute::DisplayName => format!("{}, {}", person.family, person.given),
            Attribute::GivenName => given.to_owned(),
            Attribute::FamilyName => family.to_owned(),
            Attribute::Email => format!("{}@{FORMER_DOMAIN}", person.nickname()),
            Attribute::Title => format!("Trainee, {}", person.title),
            Attribute::Department => format!("{} (until 2024)", person.department),
        }
    }
}

/// A user as the store of this target keeps it, in the schema's order; one attribute may differ.
pub(super) fn user(
    target: Target,
    person: &Person,
    active: bool,
    differs: Option<(Attribute, String)>,
) -> Map<String, Value> {
    let value = |attribute: Attribute| match &differs {
        Some((one, former)) if *one == attribute => former.clone(),
        Some(_) | None => attribute.value(person),
    };
    let (given, family) = (value(Attribute::GivenName), value(Attribute::FamilyName));
    let user = match target {
        Target::HpeGreenlake => json!({
            "userName": person.user_name,
            "name": { "familyName": family, "givenName": given },
            "displayName": value(Attribute::DisplayName),
            "active": active,
        }),
        Target::AwsIdentityCenter => json!({
            "externalId": person.nickname(),
            "userName": person.user_name,
            "name": { "formatted": person.formatted(), "familyName": family, "givenName": given },
            "displayName": value(Attribute::DisplayName),
            "title": value(Attribute::Title),
            "active": active,
            "emails": [{ "value": value(Attribute::Email), "type": "work", "primary": true }],
            "phoneNumbers": [{ "value": person.phone, "type": "work" }],
            "addresses": [{ "locality": person.city, "country": person.place.country, "type": "work" }],
            ENTERPRISE: { "department": value(Attribute::Department) },
        }),
        Target::Azion => json!({
            "userName": person.user_name,
            "name": { "familyName": family, "givenName": given },
            "active": active,
        }),
        Target::Generic => json!({
            "externalId": person.nickname(),
            "userName": person.user_name,
            "name": { "formatted": person.formatted(), "familyName": family, "givenName": given },
            "displayName": value(Attribute::DisplayName),
            "active": active,
            "emails": [{ "value": value(Attribute::Email), "type": "work" }],
        }),
    };
    object(user)
}

pub(super) fn group(name: &str, object_id: &str, members: &[String]) -> Map<String, Value> {
    let mut group = object(json!({ "externalId": object_id, "displayName": name }));
    if !members.is_empty() {
        group.insert("members".to_owned(), members.iter().map(|id| json!({ "value": id })).collect());
    }
    group
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

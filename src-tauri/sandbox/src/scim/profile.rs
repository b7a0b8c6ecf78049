//! What differs from one target's SCIM server to another's, in one place: data, and a few functions where data does not do.

use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    store::{Kind, Refused},
    view::{self, Query},
};
use crate::{Target, aws, azion, greenlake, world::World};

/// What a list or search answers, with the endpoint's address for the resources' locations.
pub(crate) type List = fn(&World, &[Kind], &Query, &str) -> Result<Value, Refused>;

pub(crate) type Check = fn(Kind, &Map<String, Value>, Occasion<'_>) -> Result<(), Refused>;

pub(crate) struct Profile {
    /// Who is there before anything is provisioned: an administrator and a colleague.
    pub people: [Person; 2],
    /// What a user cannot do without; a group always needs its displayName.
    pub required: &'static [&'static str],
    /// No two users have the same value in one of these, no two groups in one of those; the case does not matter.
    pub unique: fn(Kind) -> &'static [&'static str],
    /// Attributes of a user, and parts of them, that the server does not know.
    pub unknown: &'static [&'static str],
    /// Whether a group's members must be there.
    pub known_members: bool,
    /// What has a schema extension: RFC 7643's for users, HPE's for groups.
    pub extended: &'static [Kind],
    /// The authentication scheme's name and description.
    pub scheme: [&'static str; 2],
    pub most_results: usize,
    pub sorts: bool,
    /// Whether `attributes` and `excludedAttributes` count.
    pub cuts: bool,
    pub content_type: &'static str,
    pub request_id: Option<&'static str>,
    /// The status of a path that is not below the endpoint's address.
    pub elsewhere: u16,
    /// What a PATCH answers without a body.
    pub silent_patch: &'static [Kind],
    pub missing: fn(&str) -> String,
    pub duplicate: fn(Kind, &str) -> String,
    /// How many members there were in one request, and how many there may be.
    pub too_many_members: fn(usize, usize) -> String,
    pub error: fn(&Refused, &str, Timestamp) -> Value,
    /// Refuses what the server does not offer, before anything is read; the path is the part below the endpoint's address.
    pub offers: fn(&Method, &str, &HeaderMap) -> Result<(), Refused>,
    /// Refuses a resource for the target's own limits.
    pub check: Check,
    /// Refuses a PATCH for the target's own limits.
    pub check_change: fn(Kind, &Value) -> Result<(), Refused>,
    pub list: List,
    /// The last touch before a resource is shown.
    pub finish: fn(Kind, &mut Map<String, Value>),
}

pub(crate) struct Person {
    pub user_name: &'static str,
    pub email: &'static str,
    pub given: &'static str,
    pub family: &'static str,
}

impl Person {
    const fn new(user_name: &'static str, email: &'static str, given: &'static str, family: &'static str) -> Person {
        Person { user_name, email, given, family }
    }
}

/// When a resource is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion<'a> {
    /// As it was sent, to be created.
    Created,
    /// As it was sent, to replace what is there.
    Replaced,
    /// As it would be after this PATCH.
    Changed(&'a Value),
}

pub(crate) fn of(target: Target) -> &'static Profile {
    match target {
        Target::HpeGreenlake => &HPE_GREENLAKE,
        Target::AwsIdentityCenter => &aws::PROFILE,
        Target::Azion => &AZION,
        Target::Generic => &GENERIC,
    }
}

/// RFC 7643 and 7644, and nothing else.
pub(crate) const GENERIC: Profile = Profile {
    people: [
        Person::new("admin@service.example", "admin@service.example", "Alex", "Admin"),
        Person::new("sam.field@service.example", "sam.field@service.example", "Sam", "Field"),
    ],
    required: &["userName"],
    // Entra takes a group's name for unique (facts D2), so a second one of the same name is refused although the RFC allows it.
    unique: |kind| match kind {
        Kind::User => &["userName"],
        Kind::Group => &["displayName"],
    },
    unknown: &[],
    // The RFC does not ask for it, and third parties' testers count on that.
    known_members: false,
    extended: &[Kind::User],
    scheme: ["OAuth Bearer Token", "A token made on this service's own page."],
    most_results: 200,
    sorts: true,
    cuts: true,
    content_type: "application/scim+json",
    request_id: None,
    elsewhere: 404,
    silent_patch: &[],
    missing: |name| format!("Required property '{name}' not found in JSON."),
    duplicate: |kind, name| format!("A {} with this {name} exists already.", kind.name().to_lowercase()),
    too_many_members: |number, most| format!("Too many members in one request: {number}. At most {most} are accepted."),
    error: |refusal, _, _| plain_error(refusal),
    offers: |_, _, _| Ok(()),
    check: |_, _, _| Ok(()),
    check_change: |_, _| Ok(()),
    list: view::list,
    finish: |_, _| {},
};

/// A strict server with an extension of its own. Assumptions: the required family name (facts row 5 shows it for another target), that
/// members must exist, and the pages of 200 (facts A4 name that number for the platform's lists).
const HPE_GREENLAKE: Profile = Profile {
    people: [
        Person::new(greenlake::ADMIN_EMAIL, greenlake::ADMIN_EMAIL, "Alex", "Admin"),
        Person::new("sam.field@greenlake.example", "sam.field@greenlake.example", "Sam", "Field"),
    ],
    required: &["userName", "name.familyName"],
    known_members: true,
    extended: &[Kind::User, Kind::Group],
    scheme: ["SCIM proxy token", "The long-lived token of the token API, as a bearer token."],
    ..GENERIC
};

/// Nothing is documented of Azion's SCIM server beyond its address, four attributes and the lack of the enterprise schema (facts C4):
/// apart from that it keeps to the standard here.
const AZION: Profile = Profile {
    people: [
        Person::new("owner@azion.example", "owner@azion.example", "Alex", "Owner"),
        Person::new("sam.field@azion.example", "sam.field@azion.example", "Sam", "Field"),
    ],
    scheme: ["OAuth Bearer Token", "A personal token of the Account Owner."],
    known_members: true,
    extended: &[],
    check: azion::check,
    ..GENERIC
};

/// An error of RFC 7644.
pub(crate) fn plain_error(refusal: &Refused) -> Value {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": refusal.status.to_string(),
        "detail": refusal.detail,
    });
    if let Some(scim_type) = refusal.scim_type {
        body["scimType"] = json!(scim_type);
    }
    body
}

//! What IAM Identity Center's SCIM server refuses (facts B3, B4), and how its errors look.

use axum::http::{HeaderMap, Method, header};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::list;
use crate::scim::{
    patch,
    profile::{GENERIC, Occasion, Person, Profile},
    schema::{ENTERPRISE, segments},
    store::{Kind, Refused, as_object},
};

/// Facts B4: the answer to nearly everything.
const UNPARSABLE: &str = "Request is unparsable, syntactically incorrect, or violates schema.";
/// Facts B4, from CloudTrail.
const SINGLE_ITEM: &str = "Currently list attributes only allow single item";
/// Facts B3, observed by a client's authors.
const PATHLESS: &str = "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute.";

const MOST_MEMBERS: usize = 100;
const PLURAL: [&str; 4] = ["emails", "addresses", "phoneNumbers", "roles"];
/// As RFC 7643 calls the parts of an address that an update needs.
const ADDRESS: [&str; 5] = ["streetAddress", "locality", "region", "postalCode", "country"];
const UNSUPPORTED: [&str; 6] = ["groups", "ims", "photos", "x509Certificates", "entitlements", "password"];
const WITHOUT_DISPLAY: [&str; 4] = ["emails", "addresses", "phoneNumbers", "roles"];
/// What the schema does not show: the unsupported attributes, and parts of others.
const UNKNOWN: [&str; 10] = [
    "groups",
    "ims",
    "photos",
    "x509Certificates",
    "entitlements",
    "password",
    "emails.display",
    "phoneNumbers.display",
    "roles.display",
    "manager.displayName",
];
const CHANGEABLE_IN_A_USER: [&str; 16] = [
    "userName",
    "active",
    "externalId",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "name",
    ENTERPRISE,
    "emails",
    "addresses",
    "phoneNumbers",
];
const CHANGEABLE_IN_A_GROUP: [&str; 3] = ["displayName", "members", "externalId"];
/// Assumption: which attributes the forbidden characters are looked for in is not documented. These hold addresses and foreign keys,
/// which could not be written without them.
const FREE_TEXT: [&str; 6] = ["profileUrl", "addresses", "externalId", "members", "schemas", "meta"];

pub(crate) const PROFILE: Profile = Profile {
    people: [
        Person { user_name: "alex.admin", email: "alex.admin@aws.example", given: "Alex", family: "Admin" },
        Person { user_name: "sam.field", email: "sam.field@aws.example", given: "Sam", family: "Field" },
    ],
    required: &["userName", "name.familyName", "name.givenName", "displayName"],
    unique: |kind| match kind {
        Kind::User => &["userName", "emails.value"],
        Kind::Group => &["displayName"],
    },
    unknown: &UNKNOWN,
    known_members: true,
    scheme: ["OAuth Bearer Token", "An access token of automatic provisioning."],
    most_results: list::MOST_RESULTS,
    sorts: false,
    cuts: false,
    content_type: "application/json",
    request_id: Some("x-amzn-requestid"),
    // Facts B1: a wrong tenant is answered as a wrong token is.
    elsewhere: 401,
    // Assumption: facts B3 show a 204 for a group's PATCH and nothing for a user's.
    silent_patch: &[Kind::Group],
    missing: |_| UNPARSABLE.to_owned(),
    // Facts row 9.
    duplicate: |_, _| "Refused to create a new, duplicate resource".to_owned(),
    too_many_members: |_, _| UNPARSABLE.to_owned(),
    error,
    offers,
    check,
    check_change,
    list: list::list,
    finish: list::finish,
    ..GENERIC
};

/// Facts B4: `schema` and `schemas`, and no scimType.
fn error(refusal: &Refused, request_id: &str, now: Timestamp) -> Value {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    json!({
        "schema": schemas,
        "schemas": schemas,
        "detail": refusal.detail,
        "status": refusal.status.to_string(),
        "exceptionRequestId": request_id,
        "timeStamp": now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S.%3f").to_string(),
    })
}

/// Facts B1 and B3. Assumptions: 403 for a PATCH that says nothing of its client, and 405 for a PUT of a group.
fn offers(method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refused> {
    if path.starts_with("//") || path.ends_with("/.search") {
        return Err(Refused::new(404, None, "There is nothing at this path."));
    }
    if *method == Method::PUT && path.starts_with("/Groups/") {
        return Err(Refused::new(405, None, "PUT is not supported for groups."));
    }
    let named = headers.get(header::USER_AGENT).is_some_and(|name| !name.is_empty());
    if *method == Method::PATCH && !named {
        return Err(Refused::new(403, None, "Forbidden"));
    }
    Ok(())
}

fn invalid(detail: &str) -> Refused {
    Refused::new(400, None, detail)
}

fn check(kind: Kind, body: &Map<String, Value>, occasion: Occasion<'_>) -> Result<(), Refused> {
    let whole = !matches!(occasion, Occasion::Changed(_));
    match kind {
        Kind::User => {
            unsupported(body)?;
            for name in PLURAL {
                let values = patch::field(body, name).and_then(Value::as_array);
                if values.is_some_and(|values| values.len() > 1) {
                    return Err(invalid(SINGLE_ITEM));
                }
            }
            // After a PATCH of one part of an address that was not there before, nothing can have said so.
            let emails = patch::field(body, "emails").and_then(Value::as_array);
            let primary = |one: &Value| match &one["primary"] {
                Value::Bool(yes) => *yes,
                Value::String(text) => text.eq_ignore_ascii_case("true"),
                _ => false,
            };
            if whole && emails.is_some_and(|emails| !emails.iter().all(primary)) {
                return Err(invalid(UNPARSABLE));
            }
            // Facts B4 say so of updates alone.
            let updates = match occasion {
                Occasion::Created => false,
                Occasion::Replaced => true,
                Occasion::Changed(change) => changes_address(change),
            };
            if updates && !addresses_are_whole(body) {
                return Err(invalid(UNPARSABLE));
            }
        }
        Kind::Group => {
            let members = patch::field(body, "members").and_then(Value::as_array);
            if whole && members.is_some_and(|members| members.len() > MOST_MEMBERS) {
                return Err(invalid(UNPARSABLE));
            }
        }
    }
    characters(body)
}

/// Facts B4: streetAddress, city, state, zipCode and countryCode, as the console calls them, are all set.
fn addresses_are_whole(body: &Map<String, Value>) -> bool {
    let is_set = |address: &Value, part: &str| {
        let value = address.as_object().and_then(|address| patch::field(address, part));
        value.and_then(Value::as_str).is_some_and(|text| !text.is_empty())
    };
    let addresses = patch::field(body, "addresses").and_then(Value::as_array);
    addresses.into_iter().flatten().all(|address| ADDRESS.iter().all(|part| is_set(address, part)))
}

fn changes_address(change: &Value) -> bool {
    let operations = patch::operations(change).into_iter().flatten().filter_map(Value::as_object);
    operations.into_iter().any(|operation| {
        let op = patch::field(operation, "op").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        only_touched(&op, operation).is_ok_and(|touched| touched.is("addresses"))
    })
}

/// Attributes and parts of attributes that do not exist here; those without a value do no harm.
fn unsupported(body: &Map<String, Value>) -> Result<(), Refused> {
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty) || *value == "";
    let refuse = |path: &str| Err(invalid(&format!("Unsupported user attribute: {path}")));
    for name in UNSUPPORTED {
        if patch::field(body, name).is_some_and(|value| !empty(value)) {
            return refuse(name);
        }
    }
    for name in WITHOUT_DISPLAY {
        let values =
            patch::field(body, name).map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
        let part =
            |one: &Value| one.as_object().and_then(|one| patch::field(one, "display")).is_some_and(|it| !it.is_null());
        if values.is_some_and(|values| values.iter().any(part)) {
            return refuse(&format!("{name}.display"));
        }
    }
    let manager =
        patch::field(body, ENTERPRISE).and_then(Value::as_object).and_then(|inner| patch::field(inner, "manager"));
    if manager.and_then(Value::as_object).is_some_and(|inner| patch::field(inner, "displayName").is_some()) {
        return refuse("manager.displayName");
    }
    Ok(())
}

fn characters(body: &Map<String, Value>) -> Result<(), Refused> {
    fn clean(value: &Value) -> bool {
        match value {
            Value::String(text) => !text.chars().any(is_forbidden),
            Value::Array(values) => values.iter().all(clean),
            Value::Object(object) => {
                object.iter().all(|(name, value)| name == "$ref" || name == "schemas" || clean(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        }
    }
    let checked = body.iter().filter(|(name, _)| !FREE_TEXT.iter().any(|free| free.eq_ignore_ascii_case(name)));
    if checked.into_iter().all(|(_, value)| clean(value)) { Ok(()) } else { Err(invalid(UNPARSABLE)) }
}

/// Facts B4; the invisible ones are what text copied from elsewhere brings along.
fn is_forbidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '<' | '>' | ';' | ':' | '%' | '|')
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// One attribute that an operation acts on.
struct Touched {
    /// The attribute, and perhaps a part of it.
    names: Vec<String>,
    /// Whether only some of its values are meant.
    filtered: bool,
    value: Value,
}

fn touched(path: &str, value: &Value) -> Touched {
    let (head, tail) = path.split_once('[').map_or((path, ""), |(head, rest)| {
        (head, rest.rsplit_once(']').map_or("", |(_, tail)| tail.trim_start_matches('.')))
    });
    let mut names = segments(head);
    names.extend(segments(tail));
    Touched { names, filtered: path.contains('['), value: value.clone() }
}

impl Touched {
    fn is(&self, name: &str) -> bool {
        self.names.first().is_some_and(|first| first.eq_ignore_ascii_case(name))
    }

    /// The value as it would stand in a resource, so that it can be checked like one.
    fn as_body(&self) -> Map<String, Value> {
        let Some((first, rest)) = self.names.split_first() else { return Map::new() };
        let value = rest.iter().rfold(self.value.clone(), |value, name| json!({ name: value }));
        Map::from_iter([(first.clone(), value)])
    }
}

fn check_change(kind: Kind, change: &Value) -> Result<(), Refused> {
    let (mut members, mut once) = (0, Vec::new());
    for operation in patch::operations(change)? {
        let operation = as_object(operation)?;
        let op = patch::field(operation, "op").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let touched = only_touched(&op, operation)?;
        allowed(kind, &touched)?;
        match kind {
            Kind::User => {
                for name in ["userName", "active"].into_iter().filter(|name| touched.is(name)) {
                    if op == "remove" || once.contains(&name) {
                        return Err(invalid(UNPARSABLE));
                    }
                    once.push(name);
                }
                unsupported(&touched.as_body())?;
            }
            Kind::Group if touched.is("members") => {
                let listed = touched.value.as_array().map_or(usize::from(touched.value.is_object()), Vec::len);
                // Facts B3: neither a new list of members nor the removal of all of them.
                if op == "replace" || (op == "remove" && listed == 0 && !touched.filtered) {
                    return Err(invalid(UNPARSABLE));
                }
                members += listed.max(1);
            }
            Kind::Group => {}
        }
        characters(&touched.as_body())?;
    }
    if members > MOST_MEMBERS { Err(invalid(UNPARSABLE)) } else { Ok(()) }
}

/// Without a path, the value may name a single attribute only.
fn only_touched(op: &str, operation: &Map<String, Value>) -> Result<Touched, Refused> {
    let value = patch::field(operation, "value").unwrap_or(&Value::Null);
    if op != "remove" && value.is_null() {
        return Err(invalid(UNPARSABLE));
    }
    match patch::field(operation, "path").and_then(Value::as_str).filter(|path| !path.is_empty()) {
        Some(path) => Ok(touched(path, value)),
        None if op == "remove" => Err(invalid(UNPARSABLE)),
        None => {
            let mut named = as_object(value)?.iter();
            match (named.next(), named.next()) {
                (Some((path, value)), None) => Ok(touched(path, value)),
                _ => Err(invalid(PATHLESS)),
            }
        }
    }
}

fn allowed(kind: Kind, touched: &Touched) -> Result<(), Refused> {
    let (known, what): (&[&str], _) = match kind {
        Kind::User => (&CHANGEABLE_IN_A_USER, "user"),
        Kind::Group => (&CHANGEABLE_IN_A_GROUP, "group"),
    };
    if known.iter().any(|name| touched.is(name)) {
        return Ok(());
    }
    Err(invalid(&format!("Unsupported {what} attribute: {}", touched.names.join("."))))
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn detail(kind: Kind, operations: Value) -> Option<String> {
        check_change(kind, &json!({ "Operations": operations })).err().map(|refusal| refusal.detail)
    }

    #[test]
    fn changes_of_a_user() {
        for fine in [
            json!([{ "op": "Replace", "path": "active", "value": "False" }]),
            json!([{ "op": "replace", "value": { "active": false } }]),
            json!([{ "op": "replace", "value": { "name": { "givenName": "A", "familyName": "B" } } }]),
            json!([{ "op": "Add", "path": "emails[type eq \"work\"].value", "value": "a@x" }]),
            json!([{ "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Sales" }]),
            json!([{ "op": "remove", "path": "title" }]),
        ] {
            assert_eq!(detail(Kind::User, fine.clone()), None, "{fine}");
        }
        let twice = json!([{ "op": "replace", "path": "active", "value": true }, { "op": "replace", "path": "active", "value": false }]);
        for (wrong, expected) in [
            (json!([{ "op": "replace", "value": { "active": false, "title": "T" } }]), PATHLESS),
            (json!([{ "op": "remove", "path": "userName" }]), UNPARSABLE),
            (json!([{ "op": "remove" }]), UNPARSABLE),
            (json!([{ "op": "replace", "path": "title" }]), UNPARSABLE),
            (json!([{ "op": "replace", "path": "title", "value": "a<b" }]), UNPARSABLE),
            (twice, UNPARSABLE),
            (json!([{ "op": "add", "path": "ims", "value": [{ "value": "x" }] }]), "Unsupported user attribute: ims"),
            (
                json!([{ "op": "add", "path": "emails[type eq \"work\"].display", "value": "x" }]),
                "Unsupported user attribute: emails.display",
            ),
        ] {
            assert_eq!(detail(Kind::User, wrong.clone()).as_deref(), Some(expected), "{wrong}");
        }
    }

    #[test]
    fn changes_of_a_group() {
        let many = |count: usize| (0..count).map(|id| json!({ "value": id.to_string() })).collect::<Vec<_>>();
        assert_eq!(detail(Kind::Group, json!([{ "op": "Add", "path": "members", "value": many(100) }])), None);
        assert_eq!(detail(Kind::Group, json!([{ "op": "Remove", "path": "members", "value": many(1) }])), None);
        assert_eq!(detail(Kind::Group, json!([{ "op": "remove", "path": "members[value eq \"1\"]" }])), None);
        for wrong in [
            json!([{ "op": "add", "path": "members", "value": many(101) }]),
            json!([{ "op": "replace", "path": "members", "value": many(1) }]),
            json!([{ "op": "replace", "value": { "members": [] } }]),
            json!([{ "op": "remove", "path": "members" }]),
        ] {
            assert_eq!(detail(Kind::Group, wrong.clone()).as_deref(), Some(UNPARSABLE), "{wrong}");
        }
        let okta = json!([{ "op": "replace", "value": { "id": "1", "displayName": "G" } }]);
        assert_eq!(detail(Kind::Group, okta).as_deref(), Some(PATHLESS));
    }

    #[test]
    fn forbidden_characters_are_looked_for_in_names_and_not_in_addresses() {
        let body = |name: &str, value: &str| as_object(&json!({ name: value })).expect("an object").clone();
        for letter in ['<', '>', ';', ':', '%', '|', '\t', '\n', '\r', '\u{200b}', '\u{feff}'] {
            assert!(characters(&body("displayName", &format!("A{letter}B"))).is_err(), "{letter:?}");
        }
        assert!(characters(&body("displayName", "Zoë O'Connor-Müller (Ops), 李小龙")).is_ok());
        assert!(characters(&body("profileUrl", "https://example.com/zoe?x=1%20")).is_ok());
    }

    #[test]
    fn the_error_of_facts_b4() {
        let at = Timestamp::from_millisecond(1_712_298_732_227).expect("a time");
        insta::assert_snapshot!(error(&invalid("No."), "r", at), @r#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No.","status":"400","exceptionRequestId":"r","timeStamp":"2024-04-05 06:32:12.227"}"#);
    }
}

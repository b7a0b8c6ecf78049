//! PATCH (RFC 7644 3.5.2) on a resource's JSON, as tolerant as Entra's requests need it (facts D2): capitalised operations,
//! a list of values to remove, and a replace without a path whose keys are dotted.

use scim_v2::filter::{AttrExp, CompValue, CompareOp, PatchPath, ValFilter};
use serde_json::{Map, Value};

use super::{
    filter,
    profile::Profile,
    schema,
    store::{Kind, Refused, as_object},
};

const MOST_OPERATIONS: usize = 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// Where an operation acts: an attribute, or the values of one that match a filter, and perhaps a part of those.
struct Place {
    names: Vec<String>,
    filter: Option<ValFilter>,
    part: Option<String>,
}

pub(crate) fn apply(
    profile: &Profile,
    kind: Kind,
    body: &mut Map<String, Value>,
    change: &Value,
) -> Result<(), Refused> {
    let operations = operations(change)?;
    if operations.len() > MOST_OPERATIONS {
        return Err(Refused::new(400, Some("tooMany"), "A PATCH may hold at most 1,000 operations here."));
    }
    operations.iter().try_for_each(|operation| one(profile, kind, body, as_object(operation)?))
}

pub(crate) fn operations(change: &Value) -> Result<&Vec<Value>, Refused> {
    let operations = field(as_object(change)?, "Operations").and_then(Value::as_array);
    operations.ok_or_else(|| syntax("A PATCH needs a list of Operations."))
}

fn one(
    profile: &Profile,
    kind: Kind,
    body: &mut Map<String, Value>,
    operation: &Map<String, Value>,
) -> Result<(), Refused> {
    let name = field(operation, "op").and_then(Value::as_str).unwrap_or_default();
    let op = match name.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(syntax("An operation's op must be add, replace or remove.")),
    };
    let value = field(operation, "value").unwrap_or(&Value::Null);
    match field(operation, "path").and_then(Value::as_str).filter(|path| !path.is_empty()) {
        Some(path) => act(profile, kind, body, op, &place(profile, kind, path)?, value),
        None if op == Op::Remove => Err(Refused::new(400, Some("noTarget"), "A remove operation needs a path.")),
        None => as_object(value)?.iter().try_for_each(|(path, value)| {
            // What is not an attribute that can be set (id, schemas, meta …) is passed over, as in a PUT.
            match place(profile, kind, path) {
                Ok(place) => act(profile, kind, body, op, &place, value),
                Err(_) => Ok(()),
            }
        }),
    }
}

fn place(profile: &Profile, kind: Kind, path: &str) -> Result<Place, Refused> {
    let unknown = || Refused::new(400, Some("invalidPath"), &format!("The path cannot be used: {path}"));
    if let Some((extension, _)) = schema::extension(profile, kind)
        && path.eq_ignore_ascii_case(extension)
    {
        return Ok(Place { names: vec![extension.to_owned()], filter: None, part: None });
    }
    let place = match path.parse::<PatchPath>().map_err(|_| unknown())? {
        PatchPath::Attr(path) => Place { names: filter::names(&path), filter: None, part: None },
        PatchPath::Value(path) => {
            Place { names: filter::names(&path.attr), filter: Some(path.filter), part: path.sub_attr }
        }
    };
    let attribute = schema::find(profile, kind, &place.names).ok_or_else(unknown)?;
    let part_known = place.part.as_ref().is_none_or(|part| attribute.part(part).is_some());
    if attribute.mutability == "readOnly" {
        return Err(Refused::new(400, Some("mutability"), &format!("This attribute is read-only: {path}")));
    }
    if part_known && (place.filter.is_none() || attribute.many) { Ok(place) } else { Err(unknown()) }
}

fn act(
    profile: &Profile,
    kind: Kind,
    body: &mut Map<String, Value>,
    op: Op,
    place: &Place,
    value: &Value,
) -> Result<(), Refused> {
    if place.filter.is_some() {
        return act_on_matches(body, op, place, value);
    }
    let Some((last, above)) = place.names.split_last() else { return Ok(()) };
    let many = schema::find(profile, kind, &place.names).is_some_and(|attribute| attribute.many);
    let removes = op == Op::Remove || value.is_null();
    let mut containers = vec![body];
    for name in above {
        containers = containers.into_iter().flat_map(|object| inside(object, name, !removes)).collect();
    }
    for object in containers {
        let key = key(object, last);
        if removes {
            remove(object, &key, value);
        } else if op == Op::Add && many {
            append(object.entry(key).or_insert_with(|| Value::Array(Vec::new())), value);
        } else {
            set(object, key, value, many);
        }
    }
    Ok(())
}

/// The objects under a name; an absent one is made if something is to be written into it.
fn inside<'a>(object: &'a mut Map<String, Value>, name: &str, make: bool) -> Vec<&'a mut Map<String, Value>> {
    let key = key(object, name);
    if make {
        object.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
    }
    match object.get_mut(&key) {
        Some(Value::Object(inner)) => vec![inner],
        Some(Value::Array(values)) => values.iter_mut().filter_map(Value::as_object_mut).collect(),
        _ => Vec::new(),
    }
}

/// Without a value the attribute goes; with a list of values only those go (Entra's removal of members).
fn remove(object: &mut Map<String, Value>, key: &str, value: &Value) {
    let gone: Vec<&Value> = match value {
        Value::Array(values) => values.iter().collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    };
    if gone.is_empty() {
        object.shift_remove(key);
    } else if let Some(Value::Array(values)) = object.get_mut(key) {
        values.retain(|have| !gone.iter().any(|one| same(have, one)));
    }
}

fn append(have: &mut Value, value: &Value) {
    let Value::Array(have) = have else { return };
    let new = match value {
        Value::Array(values) => values.as_slice(),
        other => std::slice::from_ref(other),
    };
    for one in new {
        if one["primary"] == true {
            have.iter_mut().filter_map(Value::as_object_mut).for_each(|other| {
                other.shift_remove("primary");
            });
        }
        if !have.iter().any(|other| same(other, one)) {
            have.push(one.clone());
        }
    }
}

/// Two values of a list are the same if what they have in value (and type) is, otherwise if they are equal.
fn same(left: &Value, right: &Value) -> bool {
    let bare = |value: &Value| value.get("value").or(value.as_str().map(|_| value)).cloned();
    match (bare(left), bare(right)) {
        (Some(one), Some(other)) => {
            one == other && (left.get("type") == right.get("type") || right.get("type").is_none())
        }
        _ => left == right,
    }
}

fn set(object: &mut Map<String, Value>, key: String, value: &Value, many: bool) {
    match (object.get_mut(&key), value) {
        (Some(Value::Object(have)), Value::Object(new)) if !many => {
            for (name, value) in new {
                let name = self::key(have, name);
                have.insert(name, value.clone());
            }
        }
        _ => {
            object.insert(key, value.clone());
        }
    }
}

fn act_on_matches(body: &mut Map<String, Value>, op: Op, place: &Place, value: &Value) -> Result<(), Refused> {
    let (Some(wanted), Some((last, above))) = (&place.filter, place.names.split_last()) else { return Ok(()) };
    let mut container = body;
    for name in above {
        let key = key(container, name);
        let inner = container.entry(key).or_insert_with(|| Value::Object(Map::new()));
        container = inner.as_object_mut().ok_or_else(|| syntax("The path leads through a plain value."))?;
    }
    let key = key(container, last);
    let values = container.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(values) = values else { return Err(syntax("The path does not lead to a list.")) };
    let removes = op == Op::Remove || value.is_null();
    if removes && place.part.is_none() {
        values.retain(|one| !filter::element_matches(wanted, one));
        return Ok(());
    }
    let mut found = false;
    for one in values.iter_mut().filter(|one| filter::element_matches(wanted, one)) {
        found = true;
        write(one, place, removes, value);
    }
    if removes && place.part.as_deref().is_some_and(|part| part.eq_ignore_ascii_case("value")) {
        // Nothing is left of an e-mail address but its type.
        values.retain(|one| one.get("value").is_some());
    }
    match op {
        _ if found || removes => Ok(()),
        Op::Replace => Err(Refused::new(400, Some("noTarget"), "No value matches the path's filter.")),
        Op::Add | Op::Remove => {
            let mut fresh = Value::Object(implied(wanted));
            write(&mut fresh, place, false, value);
            values.push(fresh);
            Ok(())
        }
    }
}

fn write(one: &mut Value, place: &Place, removes: bool, value: &Value) {
    let Value::Object(object) = one else { return };
    match &place.part {
        Some(part) => {
            let key = key(object, part);
            if removes {
                object.shift_remove(&key);
            } else {
                object.insert(key, value.clone());
            }
        }
        None => object.extend(value.as_object().cloned().unwrap_or_default()),
    }
}

/// What `[type eq "work"]` says about a value that does not exist yet.
fn implied(filter: &ValFilter) -> Map<String, Value> {
    match filter {
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, wanted)) => {
            let value = match wanted {
                CompValue::Str(text) => Value::String(text.clone()),
                CompValue::True => Value::Bool(true),
                CompValue::False => Value::Bool(false),
                CompValue::Number(number) => Value::Number(number.clone()),
                CompValue::Null => return Map::new(),
            };
            Map::from_iter([(path.name.clone(), value)])
        }
        ValFilter::And(all) => all.iter().flat_map(implied).collect(),
        ValFilter::Attr(_) | ValFilter::Not(_) | ValFilter::Or(_) => Map::new(),
    }
}

pub(crate) fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The name as the object spells it already, or as given.
fn key(object: &Map<String, Value>, name: &str) -> String {
    object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned())
}

fn syntax(detail: &str) -> Refused {
    Refused::new(400, Some("invalidSyntax"), detail)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::{super::profile::GENERIC, *};

    fn user() -> Value {
        json!({ "userName": "a", "name": { "familyName": "A" }, "active": true, "emails": [{ "type": "work", "value": "a@x" }] })
    }

    fn after(kind: Kind, before: Value, operations: Value) -> Result<Value, Refused> {
        let Value::Object(mut body) = before else { unreachable!("an object is given") };
        apply(&GENERIC, kind, &mut body, &json!({ "Operations": operations }))?;
        schema::normal(&GENERIC, kind, &body).map(Value::Object)
    }

    #[test]
    fn what_entra_sends() {
        let table = [
            (json!([{ "op": "Replace", "path": "active", "value": "False" }]), json!({ "active": false })),
            (
                json!([{ "op": "replace", "value": { "active": false, "name.givenName": "B" } }]),
                json!({ "active": false, "name": { "familyName": "A", "givenName": "B" } }),
            ),
            (
                json!([{ "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "b@x" }]),
                json!({ "emails": [{ "value": "b@x", "type": "work" }] }),
            ),
            (
                json!([{ "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1" }]),
                json!({ "phoneNumbers": [{ "value": "1", "type": "mobile" }] }),
            ),
            (
                json!([{ "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "S" }]),
                json!({ schema::ENTERPRISE: { "department": "S" } }),
            ),
            (
                json!([{ "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "7" }]),
                json!({ schema::ENTERPRISE: { "manager": { "value": "7" } } }),
            ),
            (json!([{ "op": "Remove", "path": "emails[type eq \"work\"]" }]), json!({ "emails": null })),
        ];
        for (operations, expected) in table {
            let result = after(Kind::User, user(), operations.clone()).expect("a valid operation");
            for (name, value) in expected.as_object().expect("an object") {
                assert_eq!(&result[name], value, "{operations}");
            }
        }
    }

    #[test]
    fn members_come_and_go() {
        let group = || json!({ "displayName": "G", "members": [{ "value": "1" }, { "value": "2" }] });
        let table = [
            (
                json!([{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": "3" }, { "$ref": null, "value": "1" }] }]),
                vec!["1", "2", "3"],
            ),
            (json!([{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": "1" }] }]), vec!["2"]),
            (json!([{ "op": "remove", "path": "members[value eq \"2\"]" }]), vec!["1"]),
            (json!([{ "op": "replace", "path": "members", "value": [{ "value": "9" }] }]), vec!["9"]),
            (json!([{ "op": "remove", "path": "members" }]), vec![]),
        ];
        for (operations, expected) in table {
            let result = after(Kind::Group, group(), operations.clone()).expect("a valid operation");
            let members: Vec<_> =
                result["members"].as_array().into_iter().flatten().filter_map(|one| one["value"].as_str()).collect();
            assert_eq!(members, expected, "{operations}");
        }
    }

    #[test]
    fn refusals_carry_their_scim_type() {
        let table = [
            (json!([{ "op": "upsert", "path": "title", "value": "x" }]), "invalidSyntax"),
            (json!([{ "op": "remove" }]), "noTarget"),
            (json!([{ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x" }]), "noTarget"),
            (json!([{ "op": "replace", "path": "nonsense", "value": "x" }]), "invalidPath"),
            (json!([{ "op": "replace", "path": "groups", "value": [] }]), "mutability"),
            (json!([{ "op": "remove", "path": "userName" }]), "invalidValue"),
        ];
        for (operations, expected) in table {
            let refusal = after(Kind::User, user(), operations.clone()).expect_err("refused");
            assert_eq!(refusal.scim_type, Some(expected), "{operations}");
        }
    }
}

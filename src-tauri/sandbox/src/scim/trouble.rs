//! Faults in the middle of the SCIM server: what it refuses although the request is in order. Faults that replace a whole answer stand in
//! `mischief`.

use serde_json::{Map, Value};

use super::{
    patch,
    profile::{self, Profile},
    schema::{self, ENTERPRISE},
    store::{Kind, Refused, as_object},
};
use crate::{
    Target,
    fault::Fault,
    world::{Shared, Switches},
};

/// With the fault, how many members may come at once.
const FEW: usize = 2;

/// Before a user or a group is created.
pub(super) fn creating(shared: &Shared, kind: Kind, body: &Value) -> Result<(), Refused> {
    let profile = profile::of(shared.target);
    shared.read(|world| match kind {
        Kind::User => new_user(&world.switches, shared.target, profile, as_object(body)?),
        Kind::Group => few(&world.switches, profile, count(patch::field(as_object(body)?, "members"))),
    })
}

/// Before one user or group is read, replaced, changed or deleted.
pub(super) fn touching(shared: &Shared, kind: Kind, id: &str) -> Result<(), Refused> {
    let gone = kind == Kind::Group && shared.read(|world| world.switches.has(Fault::GroupGone));
    if gone { Err(Refused::absent(kind, id)) } else { Ok(()) }
}

/// Before one is changed by a PATCH.
pub(super) fn changing(shared: &Shared, kind: Kind, change: &Value) -> Result<(), Refused> {
    let profile = profile::of(shared.target);
    let operations: Vec<&Map<String, Value>> = patch::operations(change)?.iter().filter_map(Value::as_object).collect();
    shared.read(|world| {
        if world.switches.has(Fault::PatchStrict) {
            operations.iter().enumerate().try_for_each(|(place, operation)| to_the_letter(place, operation))?;
        }
        let members = operations.iter().filter(|one| path(one).to_ascii_lowercase().starts_with("members"));
        let most = members.map(|one| count(patch::field(one, "value"))).max().unwrap_or(0);
        if kind == Kind::Group { few(&world.switches, profile, most) } else { Ok(()) }
    })
}

fn new_user(switches: &Switches, target: Target, profile: &Profile, body: &Map<String, Value>) -> Result<(), Refused> {
    if switches.has(Fault::UsersRefused) {
        return Err(schema::missing(profile, "name.familyName"));
    }
    if switches.has(Fault::UsersExist) {
        return Err(Refused::new(409, Some("uniqueness"), &(profile.duplicate)(Kind::User, "userName")));
    }
    if switches.has(Fault::UsersRejected) {
        return Err(Refused::new(400, None, "Bad Request"));
    }
    if switches.has(Fault::AttributesRefused)
        && let Some(path) = surplus(body)
    {
        return Err(Refused::new(400, Some("invalidValue"), &format!("Unsupported user attribute: {path}")));
    }
    if switches.has(Fault::CharacterRefused)
        && target != Target::AwsIdentityCenter
        && let Some(path) = quoted(body)
    {
        let detail = format!("The attribute {path} contains invalid characters: '");
        return Err(Refused::new(400, Some("invalidValue"), &detail));
    }
    Ok(())
}

/// The first attribute that is too much, as a mapping names it.
fn surplus(body: &Map<String, Value>) -> Option<String> {
    for name in ["addresses", "phoneNumbers"] {
        let Some(Value::Array(values)) = patch::field(body, name) else { continue };
        let Some(Value::Object(first)) = values.first() else { continue };
        let kind = first.get("type").and_then(Value::as_str).unwrap_or("work");
        let part =
            first.keys().find(|key| !["type", "primary"].contains(&key.as_str())).map_or("value", String::as_str);
        return Some(format!("{name}[type eq \"{kind}\"].{part}"));
    }
    let Some(Value::Object(inner)) = patch::field(body, ENTERPRISE) else { return None };
    inner.keys().next().map(|name| format!("{ENTERPRISE}:{name}"))
}

/// The first name with an apostrophe.
fn quoted(body: &Map<String, Value>) -> Option<String> {
    let has = |value: &Value| value.as_str().is_some_and(|text| text.contains('\''));
    if patch::field(body, "displayName").is_some_and(has) {
        return Some("displayName".to_owned());
    }
    let Some(Value::Object(name)) = patch::field(body, "name") else { return None };
    name.iter().find(|(_, value)| has(value)).map(|(part, _)| format!("name.{part}"))
}

/// In the words of a validator that goes by a JSON schema, as many servers in Python do.
fn to_the_letter(place: usize, operation: &Map<String, Value>) -> Result<(), Refused> {
    let wrong = |text: String| Err(Refused::new(400, Some("invalidSyntax"), &text));
    let op = patch::field(operation, "op").and_then(Value::as_str).unwrap_or_default();
    if !["add", "remove", "replace"].contains(&op) {
        return wrong(format!("Operations[{place}].op: '{op}' is not one of ['add', 'remove', 'replace']"));
    }
    match patch::field(operation, "value") {
        Some(Value::String(text)) if path(operation).eq_ignore_ascii_case("active") => {
            wrong(format!("Operations[{place}].value: '{text}' is not of type 'boolean'"))
        }
        _ => Ok(()),
    }
}

fn few(switches: &Switches, profile: &Profile, members: usize) -> Result<(), Refused> {
    if !switches.has(Fault::GroupTooLarge) || members <= FEW {
        return Ok(());
    }
    Err(Refused::new(400, Some("tooMany"), &(profile.too_many_members)(members, FEW)))
}

fn count(value: Option<&Value>) -> usize {
    value.map_or(0, |value| value.as_array().map_or(usize::from(value.is_object()), Vec::len))
}

fn path(operation: &Map<String, Value>) -> &str {
    patch::field(operation, "path").and_then(Value::as_str).unwrap_or_default()
}

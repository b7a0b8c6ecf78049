//! The JSON that Entra's client sends (facts D2): bodies for new users and groups, and PATCHes in its older and newer dialect.

use serde_json::{Map, Value, json};

use super::mapping::Target;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const GROUP_EXTENSION: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Target paths and what they get.
pub(crate) type Values = [(String, String)];

/// The dialect of PATCH: the older one, or the one of the flag `aadOptscim062020` in the Tenant URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Older,
    Newer,
}

impl Dialect {
    pub(crate) fn of(tenant_url: &str) -> Dialect {
        if tenant_url.to_lowercase().contains("aadoptscim062020") { Dialect::Newer } else { Dialect::Older }
    }

    fn op(self, name: &str) -> String {
        match self {
            Dialect::Older => name.to_owned(),
            Dialect::Newer => name.to_lowercase(),
        }
    }
}

pub(crate) fn new_user(values: &Values) -> Value {
    let mut body = object(json!({ "schemas": [USER, ENTERPRISE] }));
    values.iter().for_each(|(path, value)| place(&mut body, path, value));
    body.insert("meta".to_owned(), json!({ "resourceType": "User" }));
    Value::Object(body)
}

/// Without members: those follow in a PATCH of their own.
pub(crate) fn new_group(values: &Values) -> Value {
    let mut body = object(json!({ "schemas": [GROUP, GROUP_EXTENSION] }));
    values.iter().for_each(|(path, value)| place(&mut body, path, value));
    body.insert("meta".to_owned(), json!({ "resourceType": "Group" }));
    Value::Object(body)
}

/// Changed attributes; an empty old value means that the target had none.
pub(crate) fn update(dialect: Dialect, changes: &[(String, Option<String>, String)]) -> Value {
    let operations = match dialect {
        Dialect::Older => changes
            .iter()
            .map(|(path, old, new)| {
                let op = if old.is_some() { "Replace" } else { "Add" };
                json!({ "op": op, "path": path, "value": new })
            })
            .collect(),
        Dialect::Newer => newer_update(changes),
    };
    json!({ "schemas": [PATCH], "Operations": operations })
}

/// Plain attributes go into one replace without a path; those behind a filter keep theirs.
fn newer_update(changes: &[(String, Option<String>, String)]) -> Vec<Value> {
    let mut together = Map::new();
    let mut operations = Vec::new();
    for (path, old, new) in changes {
        if path.contains('[') {
            let op = if old.is_some() { "replace" } else { "add" };
            operations.push(json!({ "op": op, "path": path, "value": new }));
        } else {
            together.insert(path.clone(), typed(path, new));
        }
    }
    if !together.is_empty() {
        operations.insert(0, json!({ "op": "replace", "value": together }));
    }
    operations
}

/// The string "False" in the older dialect, a boolean in the newer (facts D2).
pub(crate) fn disable(dialect: Dialect) -> Value {
    let value = match dialect {
        Dialect::Older => json!("False"),
        Dialect::Newer => json!(false),
    };
    json!({ "schemas": [PATCH], "Operations": [{ "op": dialect.op("Replace"), "path": "active", "value": value }] })
}

pub(crate) fn add_members(dialect: Dialect, ids: &[String]) -> Value {
    let members: Vec<Value> = ids.iter().map(|id| json!({ "$ref": null, "value": id })).collect();
    json!({ "schemas": [PATCH], "Operations": [{ "op": dialect.op("Add"), "path": "members", "value": members }] })
}

pub(crate) fn remove_members(dialect: Dialect, ids: &[String]) -> Value {
    let operations: Vec<Value> = match dialect {
        Dialect::Older => {
            let members: Vec<Value> = ids.iter().map(|id| json!({ "$ref": null, "value": id })).collect();
            vec![json!({ "op": "Remove", "path": "members", "value": members })]
        }
        Dialect::Newer => {
            let path = |id: &String| format!("members[value eq {}]", Value::String(id.clone()));
            ids.iter().map(|id| json!({ "op": "remove", "path": path(id) })).collect()
        }
    };
    json!({ "schemas": [PATCH], "Operations": operations })
}

/// What a resource of the target has at a path, as text.
pub(crate) fn found(resource: &Value, path: &str) -> Option<String> {
    let target = Target::parse(path).ok()?;
    let base = if target.extension { resource.get(ENTERPRISE)? } else { resource };
    let mut value = base.get(&target.name)?;
    if let Some((key, wanted)) = &target.filter {
        value = value.as_array()?.iter().find(|one| one[key.as_str()].as_str() == Some(wanted))?;
    }
    if let Some(part) = &target.part {
        value = value.get(part)?;
    }
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "True" } else { "False" }.to_owned()),
        Value::Object(object) => object.get("value").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

fn place(body: &mut Map<String, Value>, path: &str, value: &str) {
    let Ok(target) = Target::parse(path) else { return };
    let value = typed(path, value);
    let into = if target.extension { inner(body, ENTERPRISE) } else { body };
    match (&target.filter, &target.part) {
        (None, None) if target.extension && target.name == "manager" => {
            into.insert(target.name, json!({ "value": value }));
        }
        (None, None) => {
            into.insert(target.name, value);
        }
        (None, Some(part)) => {
            inner(into, &target.name).insert(part.clone(), value);
        }
        (Some((key, wanted)), part) => {
            let list = into.entry(target.name.clone()).or_insert_with(|| json!([]));
            let Value::Array(list) = list else { return };
            let known = list.iter().position(|one| one[key.as_str()].as_str() == Some(wanted));
            let at = known.unwrap_or_else(|| {
                // Facts D2: the work address is sent as the primary one.
                let primary = target.name == "emails" && wanted == "work";
                list.push(if primary { json!({ "primary": true, key: wanted }) } else { json!({ key: wanted }) });
                list.len() - 1
            });
            if let (Some(part), Value::Object(one)) = (part, &mut list[at]) {
                one.insert(part.clone(), value);
            }
        }
    }
}

fn typed(path: &str, value: &str) -> Value {
    match (path, value) {
        ("active", "True") => Value::Bool(true),
        ("active", "False") => Value::Bool(false),
        _ => Value::String(value.to_owned()),
    }
}

#[expect(clippy::expect_used, reason = "the value is an object by then")]
fn inner<'a>(body: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let value = body.entry(name.to_owned()).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("BUG: it was just made an object")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_user_holds_what_is_mapped_and_nothing_else() {
        let body = new_user(&values(&[
            ("userName", "a@x"),
            ("name.givenName", "A"),
            (r#"emails[type eq "work"].value"#, "a@x"),
            ("active", "True"),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "m1"),
        ]));
        insta::assert_snapshot!(body, @r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"a@x","name":{"givenName":"A"},"emails":[{"primary":true,"type":"work","value":"a@x"}],"active":true,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m1"}},"meta":{"resourceType":"User"}}"#);
        assert_eq!(found(&body, r#"emails[type eq "work"].value"#).as_deref(), Some("a@x"));
        assert_eq!(found(&body, "active").as_deref(), Some("True"));
    }

    #[test]
    fn the_two_dialects() {
        let changes = vec![
            ("title".to_owned(), None, "T".to_owned()),
            ("name.givenName".to_owned(), Some("A".to_owned()), "B".to_owned()),
        ];
        insta::assert_snapshot!(update(Dialect::Older, &changes)["Operations"], @r#"[{"op":"Add","path":"title","value":"T"},{"op":"Replace","path":"name.givenName","value":"B"}]"#);
        insta::assert_snapshot!(update(Dialect::Newer, &changes)["Operations"], @r#"[{"op":"replace","value":{"title":"T","name.givenName":"B"}}]"#);
        insta::assert_snapshot!(disable(Dialect::Older)["Operations"], @r#"[{"op":"Replace","path":"active","value":"False"}]"#);
        insta::assert_snapshot!(disable(Dialect::of("https://x/?aadOptscim062020"))["Operations"], @r#"[{"op":"replace","path":"active","value":false}]"#);
        let ids = ["7".to_owned()];
        insta::assert_snapshot!(add_members(Dialect::Older, &ids)["Operations"], @r#"[{"op":"Add","path":"members","value":[{"$ref":null,"value":"7"}]}]"#);
        insta::assert_snapshot!(remove_members(Dialect::Older, &ids)["Operations"], @r#"[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"7"}]}]"#);
        insta::assert_snapshot!(remove_members(Dialect::Newer, &ids)["Operations"], @r#"[{"op":"remove","path":"members[value eq \"7\"]"}]"#);
    }
}

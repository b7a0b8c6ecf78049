//! Attribute mappings: the rows of an app, what they come to for a person, and the SCIM attributes they become.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    catalog::{AppKind, Place},
    directory::Profile,
    expression,
};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Apply {
    Create,
    CreateAndUpdate,
}

impl Apply {
    pub(crate) fn parse(text: &str) -> Option<Apply> {
        match text {
            "create" => Some(Apply::Create),
            "create-update" => Some(Apply::CreateAndUpdate),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Apply::Create => "create",
            Apply::CreateAndUpdate => "create-update",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Apply::Create => "Create",
            Apply::CreateAndUpdate => "Create and update",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub attribute: String,
    pub expression: String,
    pub apply: Apply,
}

/// Attribute names and what they get; nothing is sent for an empty value.
pub(crate) type Values = Vec<(String, String)>;

pub(crate) fn values(rows: &[Row], profile: &Profile, updates_only: bool) -> Values {
    rows.iter()
        .filter(|row| !updates_only || row.apply == Apply::CreateAndUpdate)
        .filter_map(|row| {
            let expression = expression::parse(&row.expression).ok()?;
            let value = expression::value(&expression, &|name| profile.attribute(name))?;
            (!value.is_empty()).then(|| (row.attribute.clone(), value))
        })
        .collect()
}

/// Puts the values where they belong in a user's body.
pub(crate) fn place(kind: AppKind, values: &Values, body: &mut Map<String, Value>) {
    for (name, value) in values {
        let Some(attribute) = kind.attribute(name) else { continue };
        let value = Value::String(value.clone());
        match attribute.place {
            Place::Plain(name) => {
                body.insert(name.to_owned(), value);
            }
            Place::Part(outer, part) => set(body.entry(outer).or_insert_with(|| json!({})), part, value),
            Place::Primary(list, part) => set(primary(body, list), part, value),
            Place::Enterprise(name) => set(enterprise(body), name, value),
            Place::Manager(part) => {
                let Value::Object(extension) = enterprise(body) else { continue };
                set(extension.entry("manager").or_insert_with(|| json!({})), part, value);
            }
        }
    }
}

fn set(object: &mut Value, part: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(part.to_owned(), value);
    }
}

/// The primary entry of a list, made if there is none.
fn primary<'a>(body: &'a mut Map<String, Value>, list: &str) -> &'a mut Value {
    let list = body.entry(list).or_insert_with(|| json!([]));
    let mut all = list.as_array().cloned().unwrap_or_default();
    let at = all.iter().position(|one| one["primary"] == true).unwrap_or_else(|| {
        all.push(json!({ "primary": true }));
        all.len() - 1
    });
    *list = Value::Array(all);
    &mut list[at]
}

fn enterprise(body: &mut Map<String, Value>) -> &mut Value {
    if let Some(Value::Array(schemas)) = body.get_mut("schemas")
        && !schemas.iter().any(|one| one == ENTERPRISE)
    {
        schemas.push(Value::String(ENTERPRISE.to_owned()));
    }
    body.entry(ENTERPRISE).or_insert_with(|| json!({}))
}

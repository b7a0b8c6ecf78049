//! Users and groups as servers send them: what is known by name, and for users everything as a flat list.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Resource;
use crate::http::redact::{cut, one_line};

/// Longest value that is kept, in characters.
const LONGEST: usize = 1_000;
/// Attributes of one user that are listed.
const MOST: usize = 500;
/// Objects and arrays inside each other.
const DEPTH: usize = 6;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The server's id; some servers send the userName.
    pub id: String,
    /// `userName`; the id if the server sent none.
    pub user_name: String,
    /// `displayName`.
    pub display_name: Option<String>,
    /// `name.givenName`.
    pub given_name: Option<String>,
    /// `name.familyName`.
    pub family_name: Option<String>,
    /// `active`; some servers send a text.
    pub active: Option<bool>,
    /// `externalId`.
    pub external_id: Option<String>,
    /// Addresses, the primary one first.
    pub emails: Vec<String>,
    /// `meta.created`.
    pub created: Option<Timestamp>,
    /// Every attribute with a value as (path, value): `name.givenName`, `emails[type eq "work"].value`, `roles[0]`,
    /// `urn:…:User:department`. Values are cut to 1,000 characters, the list to 500.
    pub attributes: Vec<(String, String)>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The server's id.
    pub id: String,
    /// `displayName`; the id if the server sent none.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// `None` if the server sent no list.
    pub members: Option<Vec<Member>>,
    /// `meta.lastModified`.
    pub modified: Option<Timestamp>,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub value: String,
    /// Its name, if sent.
    pub display: Option<String>,
}

impl Resource for User {
    fn from_value(value: &Value) -> Result<Self, String> {
        let fields = fields(value)?;
        let (id, user_name) = id_and_name(fields, "userName")?;
        let name = field(fields, "name").and_then(Value::as_object);
        let in_name = |key| name.and_then(|name| text(name, key));
        let meta = field(fields, "meta").and_then(Value::as_object);
        Ok(Self {
            id,
            user_name,
            display_name: text(fields, "displayName"),
            given_name: in_name("givenName"),
            family_name: in_name("familyName"),
            active: field(fields, "active").and_then(truth),
            external_id: text(fields, "externalId"),
            emails: emails(fields),
            created: meta.and_then(|meta| field(meta, "created")).and_then(crate::token::moment),
            attributes: flat(fields),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Resource for Group {
    fn from_value(value: &Value) -> Result<Self, String> {
        let fields = fields(value)?;
        let (id, display_name) = id_and_name(fields, "displayName")?;
        let members = field(fields, "members").and_then(Value::as_array);
        let meta = field(fields, "meta").and_then(Value::as_object);
        Ok(Self {
            id,
            display_name,
            external_id: text(fields, "externalId"),
            members: members.map(|all| all.iter().filter_map(member).collect()),
            modified: meta.and_then(|meta| field(meta, "lastModified")).and_then(crate::token::moment),
        })
    }

    fn id(&self) -> &str {
        &self.id
    }
}

fn fields(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| "an entry is not an object".to_owned())
}

/// Both, each standing in for the other where one is missing.
fn id_and_name(fields: &Map<String, Value>, key: &str) -> Result<(String, String), String> {
    let id = text(fields, "id");
    let name = text(fields, key);
    match (id, name) {
        (Some(id), Some(name)) => Ok((id, name)),
        (Some(only), None) | (None, Some(only)) => Ok((only.clone(), only)),
        (None, None) => Err(format!("an entry has neither “id” nor “{key}”")),
    }
}

/// Attribute names are compared without letter case (RFC 7643 2.1).
fn field<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    fields.get(key).or_else(|| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

fn text(fields: &Map<String, Value>, key: &str) -> Option<String> {
    field(fields, key).and_then(shown)
}

/// A value as text; nothing for null, empty texts, objects and arrays.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => cut(&one_line(text), LONGEST),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn emails(fields: &Map<String, Value>) -> Vec<String> {
    let all = field(fields, "emails").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<(bool, String)> = all.iter().take(50).filter_map(email).collect();
    found.sort_by_key(|(primary, _)| !primary);
    found.into_iter().map(|(_, address)| address).collect()
}

fn email(value: &Value) -> Option<(bool, String)> {
    match value.as_object() {
        Some(fields) => Some((field(fields, "primary").and_then(truth) == Some(true), text(fields, "value")?)),
        None => Some((false, shown(value)?)),
    }
}

fn member(value: &Value) -> Option<Member> {
    match value.as_object() {
        Some(fields) => Some(Member { value: text(fields, "value")?, display: text(fields, "display") }),
        None => Some(Member { value: shown(value)?, display: None }),
    }
}

fn flat(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    flatten_object(fields, "", 0, &mut all);
    all
}

fn flatten(value: &Value, path: String, depth: usize, all: &mut Vec<(String, String)>) {
    if depth > DEPTH || all.len() >= MOST {
        return;
    }
    match value {
        Value::Object(fields) => flatten_object(fields, &path, depth, all),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(item, format!("{path}[{}]", selector(items, index)), depth + 1, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            if let Some(text) = shown(value) {
                all.push((path, text));
            }
        }
    }
}

fn flatten_object(fields: &Map<String, Value>, path: &str, depth: usize, all: &mut Vec<(String, String)>) {
    for (key, value) in fields {
        let key = cut(&one_line(key), 200);
        let joint = if path.starts_with("urn:") && !path.contains('[') { ":" } else { "." };
        let below = if path.is_empty() { key } else { format!("{path}{joint}{key}") };
        flatten(value, below, depth + 1, all);
    }
}

/// `type eq "work"` where only one item has that type, else the position.
fn selector(items: &[Value], index: usize) -> String {
    let kind = |item: &Value| item.get("type").and_then(Value::as_str).map(|kind| cut(&one_line(kind), 50));
    match items.get(index).and_then(kind) {
        Some(own) if items.iter().filter(|item| kind(item).as_ref() == Some(&own)).count() == 1 => {
            format!("type eq \"{own}\"")
        }
        _ => index.to_string(),
    }
}

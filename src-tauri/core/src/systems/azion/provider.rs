//! Reads identity providers out of whatever shape they come in (facts/targets.md C1, C5).

use std::collections::HashSet;

use serde_json::{Map, Value};
use url::Url;

use crate::{
    http::redact::{cut, is_invisible, redact},
    secret::Secret,
    systems::scim::BaseUrl,
};

/// Entries that are looked at. Accounts have a handful.
const MOST: usize = 200;
/// Characters of a name, a protocol or a uuid.
const LENGTH: usize = 200;
/// Characters of a SCIM URL.
const URL_LENGTH: usize = 2_000;
/// Lists inside lists that are opened, such as `{"data":{"results":[…]}}`.
const DEPTH: u8 = 2;
/// Any of these makes an object an identity provider; `uuid` alone can be missing.
const FIELDS: [&str; 5] = ["uuid", "name", "is_active", "scim_integration", "scim_url"];

/// One identity provider of the account, as the API lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its identifier at Azion: opaque, exactly as it came.
    pub uuid: String,
    /// What the account calls it, made safe to show; the uuid if it has no name.
    pub name: String,
    /// `SAML`, as the list says. Without a word: `SAML` when it was asked for by its uuid, else empty.
    pub protocol: String,
    /// Whether it is active. Both documented answers say so; where one does not, it counts as active, because Azion
    /// itself refuses an inactive one, and a fault that nobody saw should not stop the setup.
    pub active: bool,
    /// Whether SCIM is on; where the answer does not say so, whether there is a SCIM URL.
    pub scim: bool,
    /// The SCIM URL as it came, once SCIM is on. Only one that a token may be sent to: https, or http to loopback.
    pub scim_url: Option<String>,
}

/// An identity provider and what could not be taken over from its answer.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) provider: IdentityProvider,
    /// A SCIM URL that no token may be sent to, made safe to show.
    pub(super) unusable_url: Option<String>,
}

/// The entries of a list in any of its shapes, at most 200; `None` if it is no list at all.
pub(super) fn entries(value: Value) -> Option<Vec<Value>> {
    unwrap(value, DEPTH)
}

fn unwrap(value: Value, depth: u8) -> Option<Vec<Value>> {
    match value {
        Value::Array(mut items) => {
            items.truncate(MOST);
            Some(items)
        }
        Value::Object(mut fields) if !is_provider(&fields) => {
            match ["results", "data"].iter().find_map(|key| fields.remove(*key)) {
                Some(Value::Null) => Some(Vec::new()),
                Some(inner) => unwrap(inner, depth.checked_sub(1)?),
                None => Some(vec![Value::Object(fields)]),
            }
        }
        object @ Value::Object(_) => Some(vec![object]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn is_provider(fields: &Map<String, Value>) -> bool {
    FIELDS.iter().any(|key| fields.contains_key(*key))
}

/// Those that can be asked for by their uuid, each once. Without a uuid nothing can be done with an entry.
pub(super) fn usable(entries: &[Value], token: &Secret) -> Vec<IdentityProvider> {
    let mut seen = HashSet::new();
    entries
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|fields| Some((fields, uuid(fields)?)))
        .filter(|(_, uuid)| seen.insert(uuid.clone()))
        .map(|(fields, uuid)| entry(fields, uuid, "", token).provider)
        .collect()
}

/// The one that was asked for. It need not repeat its uuid, but must not have another.
pub(super) fn asked_for(value: Value, asked: &str, token: &Secret) -> Option<Entry> {
    let entries = entries(value)?;
    let alone = entries.len() == 1;
    let found = entries.iter().filter_map(Value::as_object).filter(|fields| is_provider(fields)).find(|fields| {
        match uuid(fields) {
            Some(uuid) => uuid.eq_ignore_ascii_case(asked),
            None => alone,
        }
    })?;
    Some(entry(found, asked.to_owned(), "SAML", token))
}

fn entry(fields: &Map<String, Value>, uuid: String, protocol: &str, token: &Secret) -> Entry {
    let shown = |key: &str| {
        let text = redact(fields.get(key)?.as_str()?, std::slice::from_ref(token), LENGTH);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let url = fields.get("scim_url").and_then(Value::as_str).map(str::trim).filter(|url| !url.is_empty());
    let usable = url.filter(|url| is_usable_url(url));
    let provider = IdentityProvider {
        name: shown("name").unwrap_or_else(|| uuid.clone()),
        protocol: shown("protocol").unwrap_or_else(|| protocol.to_owned()),
        active: flag(fields, "is_active").unwrap_or(true),
        scim: flag(fields, "scim_integration").unwrap_or(url.is_some()),
        scim_url: usable.map(str::to_owned),
        uuid,
    };
    let unusable_url = match usable {
        Some(_) => None,
        None => url.map(|url| redact(url, std::slice::from_ref(token), LENGTH)),
    };
    Entry { provider, unusable_url }
}

/// As a string or a number; anything that cannot be one segment of a path is none.
fn uuid(fields: &Map<String, Value>) -> Option<String> {
    let uuid = match fields.get("uuid")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    is_usable_uuid(&uuid).then_some(uuid)
}

/// `.` and `..` would name another path, and URLs drop tabs and line ends without a word.
pub(super) fn is_usable_uuid(uuid: &str) -> bool {
    !uuid.trim().is_empty()
        && !matches!(uuid, "." | "..")
        && cut(uuid, LENGTH) == uuid
        && !uuid.chars().any(|character| character.is_control() || is_invisible(character))
}

/// As a boolean, or as the word for one.
fn flag(fields: &Map<String, Value>, key: &str) -> Option<bool> {
    match fields.get(key)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) => word.trim().to_lowercase().parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `BaseUrl` forgives what a person pastes; an answer has to be a URL as it stands.
fn is_usable_url(url: &str) -> bool {
    cut(url, URL_LENGTH) == url
        && !url.chars().any(|character| character.is_control() || is_invisible(character))
        && Url::parse(url).is_ok()
        && BaseUrl::parse(url).is_ok()
}

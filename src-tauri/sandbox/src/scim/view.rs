//! How stored resources are shown: with id, meta and schemas, in pages, filtered, sorted, and cut to the attributes asked for.

use serde_json::{Map, Value, json};

use super::{
    filter, schema,
    store::{Kind, Refused, Resource, Store},
};
use crate::{fault::Fault, world::World};

/// What a list or search asks for.
#[derive(Default)]
pub(crate) struct Query {
    pub filter: Option<String>,
    pub start_index: usize,
    pub count: Option<usize>,
    /// RFC 9865; empty asks for the first page. For servers that page this way.
    pub cursor: Option<String>,
    pub sort_by: Option<String>,
    pub descending: bool,
    pub shown: Shown,
}

/// `attributes` and `excludedAttributes`.
#[derive(Default)]
pub(crate) struct Shown {
    pub only: Vec<String>,
    pub without: Vec<String>,
}

/// As the server answers it.
pub(crate) fn resource(world: &World, one: &Resource, base: &str) -> Value {
    finish(world, one.kind, whole(world, one, base))
}

pub(crate) fn finish(world: &World, kind: Kind, whole: Value) -> Value {
    let Value::Object(mut whole) = whole else { return whole };
    (world.profile().finish)(kind, &mut whole);
    Value::Object(whole)
}

/// With all that can be asked about it, even if the server keeps that to itself.
pub(crate) fn whole(world: &World, one: &Resource, base: &str) -> Value {
    let (store, switches) = (&world.scim, &world.switches);
    let location = |kind: Kind, id: &str| format!("{base}/{}/{id}", kind.endpoint());
    let mut object = Map::new();
    let mut schemas = vec![match one.kind {
        Kind::User => schema::USER,
        Kind::Group => schema::GROUP,
    }];
    let extension = schema::extension(world.profile(), one.kind).filter(|(urn, _)| one.body.contains_key(*urn));
    schemas.extend(extension.map(|(urn, _)| urn));
    object.insert("schemas".to_owned(), json!(schemas));
    object.insert("id".to_owned(), json!(one.id));
    object.extend(one.body.clone());
    if one.kind == Kind::User {
        let groups: Vec<Value> = store
            .all(Kind::Group)
            .filter(|group| group.members().any(|id| id == one.id))
            .map(|group| {
                json!({ "value": group.id, "$ref": location(Kind::Group, &group.id), "display": group.text("displayName"), "type": "direct" })
            })
            .collect();
        if !groups.is_empty() && !switches.has(Fault::MembersLost) {
            object.insert("groups".to_owned(), Value::Array(groups));
        }
    }
    if switches.has(Fault::MembersLost) {
        object.shift_remove("members");
    }
    if let Some(Value::Array(members)) = object.get_mut("members") {
        members.iter_mut().for_each(|member| complete_member(store, member, &location));
    }
    object.insert(
        "meta".to_owned(),
        json!({
            "resourceType": one.kind.name(),
            "created": one.created,
            "lastModified": one.modified,
            "location": location(one.kind, &one.id),
        }),
    );
    Value::Object(object)
}

fn complete_member(store: &Store, member: &mut Value, location: &impl Fn(Kind, &str) -> String) {
    let id = member["value"].as_str().unwrap_or_default().to_owned();
    let kind = if store.get(Kind::Group, &id).is_ok() { Kind::Group } else { Kind::User };
    if member.get("$ref").is_none() {
        member["$ref"] = json!(location(kind, &id));
    }
    if member.get("type").is_none() {
        member["type"] = json!(kind.name());
    }
}

pub(crate) fn list(world: &World, kinds: &[Kind], query: &Query, base: &str) -> Result<Value, Refused> {
    let (store, switches) = (&world.scim, &world.switches);
    let wanted = query.filter.as_deref().map(filter::parse).transpose()?;
    let wanted = wanted.filter(|_| !switches.has(Fault::FilterIgnored));
    let mut found: Vec<Value> = kinds
        .iter()
        .flat_map(|kind| store.all(*kind))
        .map(|one| resource(world, one, base))
        .filter(|one| wanted.as_ref().is_none_or(|filter| filter::matches(filter, one)))
        .collect();
    if let Some(path) = &query.sort_by {
        sort(&mut found, &schema::segments(path), query.descending);
    }
    let mut total = found.len();
    if switches.has(Fault::TotalsLie) && wanted.is_none() {
        total += 25;
    }
    let mut start_index = query.start_index.max(1);
    let count = query.count.unwrap_or(usize::MAX).min(world.profile().most_results);
    let mut page: Vec<Value> = if switches.has(Fault::PagingIgnored) {
        start_index = 1;
        found
    } else {
        found.into_iter().skip(start_index - 1).take(count).collect()
    };
    if switches.has(Fault::IdsRepeat)
        && let Some(id) = page.first().map(|one| one["id"].clone())
    {
        page.iter_mut().for_each(|one| one["id"] = id.clone());
    }
    let page: Vec<Value> = page.into_iter().map(|one| cut(one, &query.shown)).collect();
    Ok(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": page.len(),
        "Resources": page,
    }))
}

fn sort(resources: &mut [Value], path: &[String], descending: bool) {
    let key = |resource: &Value| {
        let mut found = Vec::new();
        filter::collect(resource, path, &mut found);
        let first = found.first().map(|value| value.get("value").unwrap_or(value));
        first.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_lowercase))
    };
    // RFC 7644 3.4.2.3: resources without a value come last when ascending.
    resources.sort_by_cached_key(|resource| key(resource).map_or((1, String::new()), |text| (0, text)));
    if descending {
        resources.reverse();
    }
}

/// Keeps what is asked for; id and schemas always stay (RFC 7643, returned "always").
pub(crate) fn cut(resource: Value, shown: &Shown) -> Value {
    let Value::Object(mut whole) = resource else { return resource };
    if !shown.only.is_empty() {
        let mut kept = Map::new();
        for name in ["schemas", "id"] {
            kept.extend(whole.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        shown.only.iter().for_each(|path| copy(&whole, &schema::segments(path), &mut kept));
        return Value::Object(kept);
    }
    for path in &shown.without {
        let names = schema::segments(path);
        if !matches!(names.as_slice(), [one] if one.eq_ignore_ascii_case("id") || one.eq_ignore_ascii_case("schemas")) {
            strike(&mut whole, &names);
        }
    }
    Value::Object(whole)
}

fn copy(from: &Map<String, Value>, path: &[String], into: &mut Map<String, Value>) {
    let Some((name, rest)) = path.split_first() else { return };
    let Some((key, value)) = from.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)) else { return };
    let inside = |object: &Map<String, Value>| {
        let mut kept = Map::new();
        copy(object, rest, &mut kept);
        kept
    };
    match value {
        Value::Object(object) if !rest.is_empty() => {
            let kept = into.entry(key.clone()).or_insert_with(|| json!({}));
            if let Value::Object(kept) = kept {
                kept.extend(inside(object));
            }
        }
        Value::Array(values) if !rest.is_empty() => {
            let kept = values.iter().filter_map(Value::as_object).map(|one| Value::Object(inside(one))).collect();
            into.insert(key.clone(), Value::Array(kept));
        }
        value => {
            into.insert(key.clone(), value.clone());
        }
    }
}

fn strike(from: &mut Map<String, Value>, path: &[String]) {
    let Some((name, rest)) = path.split_first() else { return };
    let Some(key) = from.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned() else { return };
    if rest.is_empty() {
        from.shift_remove(&key);
        return;
    }
    match from.get_mut(&key) {
        Some(Value::Object(object)) => strike(object, rest),
        Some(Value::Array(values)) => {
            values.iter_mut().filter_map(Value::as_object_mut).for_each(|one| strike(one, rest))
        }
        _ => {}
    }
}

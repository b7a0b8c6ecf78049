//! How stored resources are shown: with id, meta and schemas, in pages, filtered, sorted, and cut to the attributes asked for.

use std::borrow::Cow;

use scim_v2::filter::{AttrExp, CompValue, CompareOp, Filter};
use serde_json::{Map, Value, json};

use super::{
    filter,
    found::Found,
    schema,
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
    if one.kind == Kind::User && !switches.has(Fault::MembersLost) {
        let groups: Vec<Value> = store
            .groups_of(&one.id)
            .into_iter()
            .map(|(id, name)| {
                json!({ "value": id, "$ref": location(Kind::Group, &id), "display": name, "type": "direct" })
            })
            .collect();
        if !groups.is_empty() {
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
    let found = find(world, kinds, wanted.as_ref(), query, base);
    let mut total = found.count(store);
    let mut start_index = query.start_index.max(1);
    let count = query.count.unwrap_or(usize::MAX).min(world.profile().most_results);
    let page = if switches.has(Fault::PagingIgnored) {
        start_index = 1;
        found.page(store, 0, total)
    } else {
        found.page(store, start_index - 1, count)
    };
    if switches.has(Fault::TotalsLie) && wanted.is_none() {
        total += 25;
    }
    let mut page: Vec<Value> = page.iter().map(|one| resource(world, one, base)).collect();
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

fn find<'a>(world: &World, kinds: &'a [Kind], wanted: Option<&Filter>, query: &Query, base: &str) -> Found<'a> {
    let likely = |kind: &Kind| wanted.and_then(|filter| likely(&world.scim, *kind, filter));
    let all = kinds.iter().flat_map(|kind| -> Box<dyn Iterator<Item = Cow<'_, Resource>>> {
        match likely(kind) {
            Some(some) => Box::new(some.into_iter()),
            None => Box::new(world.scim.all(*kind)),
        }
    });
    let matching = all.filter(|one| wanted.is_none_or(|filter| filter::matches(filter, &resource(world, one, base))));
    match &query.sort_by {
        None if wanted.is_none() => Found::All(kinds),
        None => Found::those(matching),
        Some(path) => {
            let path = schema::segments(path);
            let keyed = matching.map(|one| (sort_key(&resource(world, &one, base), &path), one.kind, one.id.clone()));
            Found::Some(sorted(keyed.collect(), query.descending))
        }
    }
}

/// All whom a filter can find, where it says enough about them: looking at everybody takes long in a large company.
fn likely<'a>(store: &'a Store, kind: Kind, filter: &Filter) -> Option<Vec<Cow<'a, Resource>>> {
    match filter {
        Filter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) => {
            store.like(kind, &filter::names(path).join(".").to_lowercase(), text)
        }
        Filter::And(all) => all.iter().find_map(|one| likely(store, kind, one)),
        Filter::Attr(_) | Filter::Or(_) | Filter::Not(_) | Filter::ValuePath(_) => None,
    }
}

fn sort_key(resource: &Value, path: &[String]) -> (u8, String) {
    let mut found = Vec::new();
    filter::collect(resource, path, &mut found);
    let first = found.first().map(|value| value.get("value").unwrap_or(value));
    let text = first.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_lowercase));
    // RFC 7644 3.4.2.3: resources without a value come last when ascending.
    text.map_or((1, String::new()), |text| (0, text))
}

fn sorted(mut keyed: Vec<((u8, String), Kind, String)>, descending: bool) -> Vec<(Kind, String)> {
    keyed.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    if descending {
        keyed.reverse();
    }
    keyed.into_iter().map(|(_, kind, id)| (kind, id)).collect()
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

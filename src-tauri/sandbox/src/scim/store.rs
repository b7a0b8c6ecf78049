//! Users and groups in memory: create, replace, change, delete. Time and ids come from outside. A made-up company stands
//! behind those that are kept; whoever of it is changed is kept from then on.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    filter, patch,
    profile::{Occasion, Person, Profile},
    schema,
};
use crate::{company::Company, greenlake::ADMIN_ID};

const MOST_RESOURCES: usize = 20_000;
const MOST_MEMBERS: usize = 10_000;
const COLLEAGUE_ID: &str = "0b7a4f0e-6f5c-4c55-8d0c-4a7f3a1c9b02";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    User,
    Group,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::User => "User",
            Kind::Group => "Group",
        }
    }

    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Kind::User => "Users",
            Kind::Group => "Groups",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub kind: Kind,
    pub id: String,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// In the schema's normal form, without id, meta and schemas.
    pub body: Map<String, Value>,
}

impl Resource {
    /// Whether it was there before anything was provisioned.
    pub(crate) fn is_native(&self) -> bool {
        [ADMIN_ID, COLLEAGUE_ID].contains(&self.id.as_str())
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &str> {
        let members = self.body.get("members").and_then(Value::as_array);
        members.into_iter().flatten().filter_map(|member| member["value"].as_str())
    }
}

/// A SCIM error before it is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub status: u16,
    pub scim_type: Option<&'static str>,
    pub detail: String,
}

impl Refused {
    pub(crate) fn new(status: u16, scim_type: Option<&'static str>, detail: &str) -> Refused {
        Refused { status, scim_type, detail: detail.to_owned() }
    }

    pub(crate) fn absent(kind: Kind, id: &str) -> Refused {
        Refused::new(404, None, &format!("There is no {} with the id {id}.", kind.name().to_lowercase()))
    }
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Store {
    resources: Vec<Resource>,
    /// Never part of what is saved.
    #[serde(skip)]
    company: Option<Company>,
}

impl Store {
    /// Two people who were there before anything is provisioned: a store without users would hide a server that ignores filters.
    pub(crate) fn with_people(profile: &Profile, now: Timestamp) -> Store {
        let resource = |(person, id): (&Person, &str)| Resource {
            kind: Kind::User,
            id: id.to_owned(),
            created: now,
            modified: now,
            body: object(json!({
                "userName": person.user_name,
                "name": { "familyName": person.family, "givenName": person.given },
                "displayName": format!("{} {}", person.given, person.family),
                "active": true,
                "emails": [{ "value": person.email, "type": "work", "primary": true }],
            })),
        };
        let resources = profile.people.iter().zip([ADMIN_ID, COLLEAGUE_ID]).map(resource).collect();
        Store { resources, company: None }
    }

    /// Nobody but a company that has arrived.
    pub(crate) fn with_company(company: Company, now: Timestamp) -> Store {
        Store { resources: Vec::new(), company: Some(company.arrived(now)) }
    }

    fn kept(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |one| one.kind == kind)
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.kept(kind).count() + self.company.as_ref().map_or(0, |company| company.count(kind))
    }

    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = Cow<'_, Resource>> {
        self.page(kind, 0, usize::MAX)
    }

    /// So many of the list, after the first ones. Those before and after take no time.
    pub(crate) fn page(&self, kind: Kind, skip: usize, take: usize) -> impl Iterator<Item = Cow<'_, Resource>> {
        let before = self.kept(kind).count();
        let made_up = self.company.as_ref().map(|company| {
            let taken = before.saturating_sub(skip).min(take);
            company.page(kind, skip.saturating_sub(before), take - taken).map(Cow::Owned)
        });
        self.kept(kind).skip(skip).take(take).map(Cow::Borrowed).chain(made_up.into_iter().flatten())
    }

    /// All who can have this text at this path (in lower case), and perhaps some others; `None` if that can be anybody.
    pub(crate) fn like(&self, kind: Kind, path: &str, text: &str) -> Option<Vec<Cow<'_, Resource>>> {
        let made_up = self.company.as_ref()?.like(kind, path, text)?;
        Some(self.kept(kind).map(Cow::Borrowed).chain(made_up.into_iter().map(Cow::Owned)).collect())
    }

    pub(crate) fn get(&self, kind: Kind, id: &str) -> Result<Cow<'_, Resource>, Refused> {
        let made_up = || self.company.as_ref().and_then(|company| company.get(kind, id)).map(Cow::Owned);
        let found = self.kept(kind).find(|one| one.id == id).map(Cow::Borrowed).or_else(made_up);
        found.ok_or_else(|| Refused::absent(kind, id))
    }

    /// Id and name of every group that has this user.
    pub(crate) fn groups_of(&self, user: &str) -> Vec<(String, String)> {
        let mine = self.kept(Kind::Group).filter(|group| group.members().any(|id| id == user));
        let mut groups: Vec<_> = mine.map(|group| (group.id.clone(), group.text("displayName").to_owned())).collect();
        groups.extend(self.company.iter().flat_map(|company| company.groups_of(user)));
        groups
    }

    /// Those of the company that are about to be changed are kept from here on.
    fn keep(&mut self, kind: Kind, id: &str) {
        let taken = self.company.as_mut().and_then(|company| company.take(kind, id));
        self.resources.extend(taken);
    }

    #[expect(clippy::expect_used, reason = "the list is not empty by then")]
    pub(crate) fn create(
        &mut self,
        profile: &Profile,
        kind: Kind,
        body: &Value,
        id: String,
        now: Timestamp,
    ) -> Result<&Resource, Refused> {
        if self.resources.len() >= MOST_RESOURCES {
            return Err(Refused::new(507, None, "The practice world is full."));
        }
        let body = as_object(body)?;
        (profile.check)(kind, body, Occasion::Created)?;
        let body = self.checked(profile, kind, body, &id)?;
        self.resources.push(Resource { kind, id, created: now, modified: now, body });
        Ok(self.resources.last().expect("BUG: one was just added"))
    }

    pub(crate) fn replace(
        &mut self,
        profile: &Profile,
        kind: Kind,
        id: &str,
        body: &Value,
        now: Timestamp,
    ) -> Result<&Resource, Refused> {
        self.get(kind, id)?;
        let body = as_object(body)?;
        (profile.check)(kind, body, Occasion::Replaced)?;
        let body = self.checked(profile, kind, body, id)?;
        self.put(kind, id, body, now)
    }

    /// All operations of a PATCH or none of them.
    pub(crate) fn patch(
        &mut self,
        profile: &Profile,
        kind: Kind,
        id: &str,
        change: &Value,
        now: Timestamp,
    ) -> Result<&Resource, Refused> {
        let mut body = self.get(kind, id)?.body.clone();
        (profile.check_change)(kind, change)?;
        patch::apply(profile, kind, &mut body, change)?;
        (profile.check)(kind, &body, Occasion::Changed(change))?;
        let body = self.checked(profile, kind, &body, id)?;
        self.put(kind, id, body, now)
    }

    /// A deleted user or group leaves every group.
    pub(crate) fn delete(&mut self, kind: Kind, id: &str, now: Timestamp) -> Result<(), Refused> {
        self.get(kind, id)?;
        let groups: Vec<String> = self.groups_of(id).into_iter().map(|(group, _)| group).collect();
        groups.iter().for_each(|group| self.keep(Kind::Group, group));
        self.keep(kind, id);
        self.resources.retain(|one| one.id != id);
        for group in self.resources.iter_mut().filter(|one| one.kind == Kind::Group) {
            let Some(Value::Array(members)) = group.body.get_mut("members") else { continue };
            let before = members.len();
            members.retain(|member| member["value"] != id);
            if members.len() < before {
                group.modified = now;
            }
            if members.is_empty() {
                group.body.shift_remove("members");
            }
        }
        Ok(())
    }

    fn put(&mut self, kind: Kind, id: &str, body: Map<String, Value>, now: Timestamp) -> Result<&Resource, Refused> {
        self.keep(kind, id);
        let place = self.resources.iter_mut().find(|one| one.kind == kind && one.id == id);
        let resource = place.ok_or_else(|| Refused::absent(kind, id))?;
        resource.body = body;
        resource.modified = now;
        Ok(resource)
    }

    fn checked(
        &self,
        profile: &Profile,
        kind: Kind,
        body: &Map<String, Value>,
        id: &str,
    ) -> Result<Map<String, Value>, Refused> {
        let body = schema::normal(profile, kind, body)?;
        self.unique(profile, kind, &body, id)?;
        self.members(profile, &body)?;
        Ok(body)
    }

    fn unique(&self, profile: &Profile, kind: Kind, body: &Map<String, Value>, id: &str) -> Result<(), Refused> {
        for path in (profile.unique)(kind) {
            let wanted = texts(body, path);
            let same = |one: &Resource| one.id != id && texts(&one.body, path).iter().any(|text| wanted.contains(text));
            let lower = path.to_lowercase();
            let made_up = |text: &String| {
                let company = self.company.as_ref();
                let like = company.map(|company| {
                    company.like(kind, &lower, text).unwrap_or_else(|| company.page(kind, 0, usize::MAX).collect())
                });
                like.into_iter().flatten().any(|one| same(&one))
            };
            if self.kept(kind).any(same) || wanted.iter().any(made_up) {
                return Err(Refused::new(409, Some("uniqueness"), &(profile.duplicate)(kind, path)));
            }
        }
        Ok(())
    }

    fn members(&self, profile: &Profile, body: &Map<String, Value>) -> Result<(), Refused> {
        let Some(Value::Array(members)) = body.get("members") else { return Ok(()) };
        if members.len() > MOST_MEMBERS {
            return Err(Refused::new(400, Some("tooMany"), "A group holds at most 10,000 members here."));
        }
        for member in members.iter().filter(|_| profile.known_members) {
            let id = member["value"].as_str().unwrap_or_default();
            if self.get(Kind::User, id).is_err() && self.get(Kind::Group, id).is_err() {
                let detail = format!("The member {id} does not exist.");
                return Err(Refused::new(400, Some("invalidValue"), &detail));
            }
        }
        Ok(())
    }
}

/// What stands at a path, in lower case.
fn texts(body: &Map<String, Value>, path: &str) -> Vec<String> {
    let names: Vec<String> = path.split('.').map(str::to_owned).collect();
    let mut found = Vec::new();
    if let Some((first, rest)) = names.split_first()
        && let Some(value) = body.get(first)
    {
        filter::collect(value, rest, &mut found);
    }
    found.into_iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
}

pub(crate) fn as_object(value: &Value) -> Result<&Map<String, Value>, Refused> {
    value.as_object().ok_or_else(|| Refused::new(400, Some("invalidSyntax"), "The body must be a JSON object."))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use jiff::SignedDuration;

    use super::{
        super::profile::{self, GENERIC},
        *,
    };
    use crate::Target;

    fn create(store: &mut Store, kind: Kind, id: &str, body: Value) -> Result<(), Refused> {
        store.create(&GENERIC, kind, &body, id.to_owned(), Timestamp::UNIX_EPOCH).map(|_| ())
    }

    #[test]
    fn a_user_needs_a_user_name_and_a_family_name_and_must_be_the_only_one() {
        let mut store = Store::default();
        let nameless = json!({ "userName": "sukarno@example.com" });
        let strict = profile::of(Target::HpeGreenlake);
        let refusal =
            store.create(strict, Kind::User, &nameless, "1".to_owned(), Timestamp::UNIX_EPOCH).expect_err("no surname");
        assert_eq!(
            (refusal.status, refusal.detail.as_str()),
            (400, "Required property 'name.familyName' not found in JSON.")
        );
        let user =
            json!({ "USERNAME": "a@example.com", "name": { "familyName": "A" }, "active": "False", "title": null });
        create(&mut store, Kind::User, "1", user.clone()).expect("complete");
        let kept = store.get(Kind::User, "1").expect("there").into_owned().body;
        assert_eq!(
            Value::Object(kept),
            json!({ "userName": "a@example.com", "name": { "familyName": "A" }, "active": false })
        );
        assert_eq!(create(&mut store, Kind::User, "2", user).expect_err("twice").scim_type, Some("uniqueness"));
    }

    #[test]
    fn a_deleted_user_leaves_the_groups() {
        let mut store = Store::default();
        create(&mut store, Kind::User, "1", json!({ "userName": "a", "name": { "familyName": "A" } })).expect("user");
        create(&mut store, Kind::Group, "2", json!({ "displayName": "G", "members": [{ "value": "1" }] }))
            .expect("group");
        let stranger = json!({ "displayName": "H", "members": [{ "value": "9" }] });
        let strict = profile::of(Target::HpeGreenlake);
        let refusal = store.create(strict, Kind::Group, &stranger, "3".to_owned(), Timestamp::UNIX_EPOCH);
        assert_eq!(refusal.expect_err("nobody").status, 400);
        create(&mut store, Kind::Group, "4", json!({ "displayName": "Empty" })).expect("group");
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
        store.delete(Kind::User, "1", later).expect("there");
        assert_eq!(store.delete(Kind::User, "1", later).expect_err("gone").status, 404);
        let group = store.get(Kind::Group, "2").expect("there");
        assert_eq!((group.members().count(), group.modified), (0, later));
        assert_eq!(store.get(Kind::Group, "4").expect("there").modified, Timestamp::UNIX_EPOCH);
    }
}

//! Users and groups in memory: create, replace, change, delete. Time and ids come from outside.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{patch, schema};
use crate::greenlake::{ADMIN_EMAIL, ADMIN_ID, ADMIN_NAME};

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

    fn absent(kind: Kind, id: &str) -> Refused {
        Refused::new(404, None, &format!("There is no {} with the id {id}.", kind.name().to_lowercase()))
    }
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Store {
    resources: Vec<Resource>,
}

impl Store {
    /// Two people who were there before anything is provisioned: a store without users would hide a server that ignores filters.
    pub(crate) fn with_people(now: Timestamp) -> Store {
        let person = |id: &str, email: &str, name: &str, given: &str, family: &str| Resource {
            kind: Kind::User,
            id: id.to_owned(),
            created: now,
            modified: now,
            body: object(json!({
                "userName": email,
                "name": { "familyName": family, "givenName": given },
                "displayName": name,
                "active": true,
                "emails": [{ "value": email, "type": "work", "primary": true }],
            })),
        };
        Store {
            resources: vec![
                person(ADMIN_ID, ADMIN_EMAIL, ADMIN_NAME, "Alex", "Admin"),
                person(COLLEAGUE_ID, "sam.field@greenlake.example", "Sam Field", "Sam", "Field"),
            ],
        }
    }

    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |one| one.kind == kind)
    }

    pub(crate) fn get(&self, kind: Kind, id: &str) -> Result<&Resource, Refused> {
        self.all(kind).find(|one| one.id == id).ok_or_else(|| Refused::absent(kind, id))
    }

    #[expect(clippy::expect_used, reason = "the list is not empty by then")]
    pub(crate) fn create(
        &mut self,
        kind: Kind,
        body: &Value,
        id: String,
        now: Timestamp,
    ) -> Result<&Resource, Refused> {
        if self.resources.len() >= MOST_RESOURCES {
            return Err(Refused::new(507, None, "The practice world is full."));
        }
        let body = self.checked(kind, as_object(body)?, &id)?;
        self.resources.push(Resource { kind, id, created: now, modified: now, body });
        Ok(self.resources.last().expect("BUG: one was just added"))
    }

    pub(crate) fn replace(&mut self, kind: Kind, id: &str, body: &Value, now: Timestamp) -> Result<&Resource, Refused> {
        self.get(kind, id)?;
        let body = self.checked(kind, as_object(body)?, id)?;
        self.put(kind, id, body, now)
    }

    /// All operations of a PATCH or none of them.
    pub(crate) fn patch(&mut self, kind: Kind, id: &str, change: &Value, now: Timestamp) -> Result<&Resource, Refused> {
        let mut body = self.get(kind, id)?.body.clone();
        patch::apply(kind, &mut body, change)?;
        let body = self.checked(kind, &body, id)?;
        self.put(kind, id, body, now)
    }

    /// A deleted user or group leaves every group.
    pub(crate) fn delete(&mut self, kind: Kind, id: &str) -> Result<(), Refused> {
        self.get(kind, id)?;
        self.resources.retain(|one| one.id != id);
        for group in self.resources.iter_mut().filter(|one| one.kind == Kind::Group) {
            let Some(Value::Array(members)) = group.body.get_mut("members") else { continue };
            members.retain(|member| member["value"] != id);
            if members.is_empty() {
                group.body.shift_remove("members");
            }
        }
        Ok(())
    }

    fn put(&mut self, kind: Kind, id: &str, body: Map<String, Value>, now: Timestamp) -> Result<&Resource, Refused> {
        let place = self.resources.iter_mut().find(|one| one.kind == kind && one.id == id);
        let resource = place.ok_or_else(|| Refused::absent(kind, id))?;
        resource.body = body;
        resource.modified = now;
        Ok(resource)
    }

    fn checked(&self, kind: Kind, body: &Map<String, Value>, id: &str) -> Result<Map<String, Value>, Refused> {
        let body = schema::normal(kind, body)?;
        self.unique(kind, &body, id)?;
        self.members_exist(&body)?;
        Ok(body)
    }

    /// userName is unique whatever its case; Entra expects the same of a group's displayName (facts D2).
    fn unique(&self, kind: Kind, body: &Map<String, Value>, id: &str) -> Result<(), Refused> {
        let name = match kind {
            Kind::User => "userName",
            Kind::Group => "displayName",
        };
        let wanted = body.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        if self.all(kind).any(|one| one.id != id && one.text(name).to_lowercase() == wanted) {
            let detail = format!("A {} with this {name} exists already.", kind.name().to_lowercase());
            return Err(Refused::new(409, Some("uniqueness"), &detail));
        }
        Ok(())
    }

    fn members_exist(&self, body: &Map<String, Value>) -> Result<(), Refused> {
        let Some(Value::Array(members)) = body.get("members") else { return Ok(()) };
        if members.len() > MOST_MEMBERS {
            return Err(Refused::new(400, Some("tooMany"), "A group holds at most 10,000 members here."));
        }
        for member in members {
            let id = member["value"].as_str().unwrap_or_default();
            if !self.resources.iter().any(|one| one.id == id) {
                let detail = format!("The member {id} does not exist.");
                return Err(Refused::new(400, Some("invalidValue"), &detail));
            }
        }
        Ok(())
    }
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
    use super::*;

    fn create(store: &mut Store, kind: Kind, id: &str, body: Value) -> Result<(), Refused> {
        store.create(kind, &body, id.to_owned(), Timestamp::UNIX_EPOCH).map(|_| ())
    }

    #[test]
    fn a_user_needs_a_user_name_and_a_family_name_and_must_be_the_only_one() {
        let mut store = Store::default();
        let refusal =
            create(&mut store, Kind::User, "1", json!({ "userName": "sukarno@example.com" })).expect_err("no surname");
        assert_eq!(
            (refusal.status, refusal.detail.as_str()),
            (400, "Required property 'name.familyName' not found in JSON.")
        );
        let user =
            json!({ "USERNAME": "a@example.com", "name": { "familyName": "A" }, "active": "False", "title": null });
        create(&mut store, Kind::User, "1", user.clone()).expect("complete");
        let kept = &store.get(Kind::User, "1").expect("there").body;
        assert_eq!(
            Value::Object(kept.clone()),
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
        assert_eq!(
            create(&mut store, Kind::Group, "3", json!({ "displayName": "H", "members": [{ "value": "9" }] }))
                .expect_err("nobody")
                .status,
            400
        );
        store.delete(Kind::User, "1").expect("there");
        assert_eq!(store.delete(Kind::User, "1").expect_err("gone").status, 404);
        assert_eq!(store.get(Kind::Group, "2").expect("there").members().count(), 0);
    }
}

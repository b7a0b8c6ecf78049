//! The JSON that Okta's client sends (facts D3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    catalog::AppKind,
    mapping::{self, USER, Values},
};

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Facts B3: AWS takes no more changes of members at a time.
const MOST_MEMBERS: usize = 100;

/// What is mapped, and what Okta always adds.
pub(crate) fn new_user(kind: AppKind, user_name: &str, okta_id: &str, values: &Values) -> Value {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([USER]));
    body.insert("userName".to_owned(), json!(user_name));
    mapping::place(kind, values, &mut body);
    body.insert("externalId".to_owned(), json!(okta_id));
    if kind.sends_groups_and_password() {
        body.insert("groups".to_owned(), json!([]));
        body.insert("password".to_owned(), json!(password()));
    }
    body.insert("active".to_owned(), json!(true));
    Value::Object(body)
}

/// Nobody gets to know it.
fn password() -> String {
    let mut bytes = [0; 12];
    // Without randomness there is no world either; an empty array would still be a password of its own kind.
    let _ = getrandom::fill(&mut bytes);
    format!("{}aA1!", STANDARD.encode(bytes))
}

/// The whole user as the target has it, with what is mapped for updates put over it.
pub(crate) fn whole_user(kind: AppKind, there: &Value, user_name: &str, values: &Values) -> Value {
    let mut body = there.as_object().cloned().unwrap_or_default();
    body.remove("meta");
    body.remove("groups");
    body.entry("schemas").or_insert_with(|| json!([USER]));
    body.insert("userName".to_owned(), json!(user_name));
    mapping::place(kind, values, &mut body);
    body.insert("active".to_owned(), json!(true));
    Value::Object(body)
}

/// Without a path, as the apps of the catalogue do it.
pub(crate) fn activity(active: bool) -> Value {
    patch(vec![json!({ "op": "replace", "value": { "active": active } })])
}

pub(crate) fn new_group(name: &str) -> Value {
    json!({ "schemas": [GROUP], "displayName": name, "members": [] })
}

/// Who joins and who leaves: id and name at the target.
pub(crate) struct Membership<'a> {
    pub joining: Vec<(&'a str, &'a str)>,
    pub leaving: Vec<&'a str>,
}

/// The requests a change of members takes, one after the other.
pub(crate) fn membership(kind: AppKind, id: &str, name: &str, change: &Membership<'_>) -> Vec<Value> {
    if kind.members_by_path_only() {
        return by_path(change);
    }
    // Facts D3: the name comes along with every change of members.
    let mut operations = vec![json!({ "op": "replace", "value": { "id": id, "displayName": name } })];
    for id in &change.leaving {
        operations.push(json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }));
    }
    if !change.joining.is_empty() {
        operations.push(json!({ "op": "add", "path": "members", "value": people(&change.joining) }));
    }
    vec![patch(operations)]
}

fn by_path(change: &Membership<'_>) -> Vec<Value> {
    let request = |op: &str, value: Value| patch(vec![json!({ "op": op, "path": "members", "value": value })]);
    let removals = change.leaving.chunks(MOST_MEMBERS).map(|some| {
        let some: Vec<Value> = some.iter().map(|id| json!({ "value": id })).collect();
        request("remove", json!(some))
    });
    let additions = change.joining.chunks(MOST_MEMBERS).map(|some| request("add", people(some)));
    removals.chain(additions).collect()
}

fn people(some: &[(&str, &str)]) -> Value {
    some.iter().map(|(id, name)| json!({ "value": id, "display": name })).collect()
}

fn patch(operations: Vec<Value>) -> Value {
    json!({ "schemas": [PATCH], "Operations": operations })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[(&str, &str)]) -> Values {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_user_holds_what_is_mapped_and_what_okta_adds() {
        let mapped = values(&[
            ("givenName", "A"),
            ("familyName", "B"),
            ("email", "a@x"),
            ("emailType", "work"),
            ("country", "DE"),
            ("department", "D"),
        ]);
        insta::assert_snapshot!(new_user(AppKind::Aws, "a@x", "00u1", &mapped), @r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"a@x","name":{"givenName":"A","familyName":"B"},"emails":[{"primary":true,"value":"a@x","type":"work"}],"addresses":[{"primary":true,"country":"DE"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"},"externalId":"00u1","active":true}"#);
        let tested = new_user(AppKind::ScimTest, "a@x", "00u1", &mapped);
        assert_eq!(tested["groups"], json!([]));
        assert!(tested["password"].as_str().is_some_and(|text| text.len() > 12));
    }

    #[test]
    fn an_update_keeps_what_the_target_has() {
        let there = json!({ "schemas": [USER], "id": "7", "userName": "old", "emails": [{ "primary": true, "type": "work", "value": "old" }], "nickName": "N", "meta": {} });
        insta::assert_snapshot!(whole_user(AppKind::ScimTest, &there, "new", &values(&[("email", "new")])), @r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","userName":"new","emails":[{"primary":true,"type":"work","value":"new"}],"nickName":"N","active":true}"#);
    }

    #[test]
    fn members_of_the_two_apps() {
        let change = Membership { joining: vec![("7", "a@x")], leaving: vec!["8"] };
        let told = |kind| {
            let requests = membership(kind, "1", "G", &change);
            requests.iter().map(|one| one["Operations"].to_string()).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told(AppKind::ScimTest), @r#"[{"op":"replace","value":{"id":"1","displayName":"G"}},{"op":"remove","path":"members[value eq \"8\"]"},{"op":"add","path":"members","value":[{"value":"7","display":"a@x"}]}]"#);
        insta::assert_snapshot!(told(AppKind::Aws), @r#"
        [{"op":"remove","path":"members","value":[{"value":"8"}]}]
        [{"op":"add","path":"members","value":[{"value":"7","display":"a@x"}]}]
        "#);
        insta::assert_snapshot!(activity(false)["Operations"], @r#"[{"op":"replace","value":{"active":false}}]"#);
    }
}

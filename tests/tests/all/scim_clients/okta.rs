//! Okta's "SCIM 2.0 SPEC Test", step by step under its own names, then what Okta's client sends in operation (facts D3).
//! Its limit of 600 ms is left out: here it would measure this computer.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use usher_sandbox::{Fault, Target};

use super::World;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// What an answer must hold, at a JSON pointer; `{words}` in braces are remembered values.
enum Want {
    NotEmpty(&'static str),
    Number(&'static str),
    Is(&'static str, &'static str),
    /// Among `schemas`.
    Schema(&'static str),
    /// An empty list, or nothing.
    Nothing(&'static str),
}
use Want::{Is, NotEmpty, Nothing, Number, Schema};

struct Step {
    /// In the words of the suite, without its "Required Test".
    name: &'static str,
    ask: (Method, &'static str),
    body: Value,
    status: &'static [u16],
    wants: Vec<Want>,
    /// Name and place of what is remembered.
    remember: Option<(&'static str, &'static str)>,
}

fn get(name: &'static str, path: &'static str, status: u16, wants: Vec<Want>) -> Step {
    let status = match status {
        404 => &[404],
        401 => &[401],
        _ => [200].as_slice(),
    };
    Step { name, ask: (Method::GET, path), body: Value::Null, status, wants, remember: None }
}

fn send(
    name: &'static str,
    ask: (Method, &'static str),
    body: Value,
    status: &'static [u16],
    wants: Vec<Want>,
) -> Step {
    Step { name, ask, body, status, wants, remember: None }
}

/// 200 with the changed resource or 204 without: both are right (facts D3).
const CHANGED: &[u16] = &[200, 204];

impl Step {
    fn remember(self, name: &'static str, at: &'static str) -> Self {
        Self { remember: Some((name, at)), ..self }
    }
}

fn new_user() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "{user}",
        "name": { "givenName": "{given}", "familyName": "{family}" },
        "emails": [{ "primary": true, "value": "{user}", "type": "work" }],
        "displayName": "{given} {family}",
        "active": true,
    })
}

fn patch(operations: Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
}

fn suite() -> Vec<Step> {
    let nobody = || vec![Schema(LIST), Is("/totalResults", "0")];
    let refused = |status| vec![NotEmpty("/detail"), Is("/status", status), Schema(ERROR)];
    vec![
        get(
            "Test Users endpoint",
            "/Users?count=1&startIndex=1",
            200,
            vec![
                NotEmpty("/Resources"),
                Schema(LIST),
                Number("/itemsPerPage"),
                Number("/startIndex"),
                Number("/totalResults"),
                NotEmpty("/Resources/0/id"),
                NotEmpty("/Resources/0/name/familyName"),
                NotEmpty("/Resources/0/name/givenName"),
                NotEmpty("/Resources/0/userName"),
                NotEmpty("/Resources/0/active"),
                NotEmpty("/Resources/0/emails/0/value"),
            ],
        )
        .remember("somebody", "/Resources/0/id"),
        get(
            "Get Users/{{id}}",
            "/Users/{somebody}",
            200,
            vec![
                Is("/id", "{somebody}"),
                NotEmpty("/name/familyName"),
                NotEmpty("/name/givenName"),
                NotEmpty("/userName"),
                NotEmpty("/active"),
                NotEmpty("/emails/0/value"),
            ],
        ),
        get("Test invalid User by username", "/Users?filter=userName eq \"nobody@nowhere.example\"", 200, nobody()),
        get("Test invalid User by ID", "/Users/no-such-id", 404, vec![NotEmpty("/detail"), Schema(ERROR)]),
        get("Make sure random user doesn't exist", "/Users?filter=userName eq \"{user}\"", 200, nobody()),
        send(
            "Create Okta user with realistic values",
            (Method::POST, "/Users"),
            new_user(),
            &[201],
            vec![
                Is("/active", "true"),
                NotEmpty("/id"),
                Is("/name/familyName", "{family}"),
                Is("/name/givenName", "{given}"),
                Schema("urn:ietf:params:scim:schemas:core:2.0:User"),
                Is("/userName", "{user}"),
            ],
        )
        .remember("id", "/id"),
        get(
            "Verify that user was created",
            "/Users/{id}",
            200,
            vec![Is("/userName", "{user}"), Is("/name/familyName", "{family}"), Is("/name/givenName", "{given}")],
        ),
        send(
            "Expect failure when recreating user with same values",
            (Method::POST, "/Users"),
            new_user(),
            &[409],
            vec![Schema(ERROR)],
        ),
        get(
            "Username Case Sensitivity Check",
            "/Users?filter=userName eq \"{USER}\"",
            200,
            vec![Is("/totalResults", "1"), Is("/Resources/0/id", "{id}")],
        ),
        get("Verify Groups endpoint", "/Groups", 200, vec![Number("/totalResults"), Schema(LIST)]),
        get("Check status 401", "/Users?filter=userName eq \"{USER}\"", 401, refused("401")),
        get("Check status 404", "/Users/00919288221112222", 404, refused("404")),
    ]
}

/// What Okta's client sends once it is set up. It never deletes a user.
fn operation() -> Vec<Step> {
    let mut steps = people();
    steps.extend(groups());
    steps
}

fn people() -> Vec<Step> {
    let mut changed = new_user();
    changed["name"]["givenName"] = "Renamed".into();
    changed["id"] = "{id}".into();
    let mut deactivated = changed.clone();
    deactivated["active"] = false.into();
    let switch = |active: bool| patch(json!([{ "op": "replace", "value": { "active": active } }]));
    let put = |name, body, wants| send(name, (Method::PUT, "/Users/{id}"), body, &[200], wants);
    vec![
        get(
            "Test API Credentials",
            "/Users?startIndex=1&count=2",
            200,
            vec![
                Is("/itemsPerPage", "2"),
                Is("/startIndex", "1"),
                NotEmpty("/Resources/1/id"),
                Nothing("/Resources/2"),
            ],
        ),
        get(
            "Lookup",
            "/Users?filter=userName eq \"{user}\"&startIndex=1&count=100",
            200,
            vec![Is("/totalResults", "1"), Is("/Resources/0/id", "{id}")],
        ),
        put("Update by PUT", changed.clone(), vec![Is("/name/givenName", "Renamed"), Is("/id", "{id}")]),
        put("Deactivate by PUT (custom apps)", deactivated, vec![Is("/active", "false")]),
        put("Reactivate by PUT", changed, vec![Is("/active", "true")]),
        send("Deactivate by PATCH (catalogue apps)", (Method::PATCH, "/Users/{id}"), switch(false), CHANGED, vec![]),
        get("A deactivated user is still there", "/Users/{id}", 200, vec![Is("/active", "false")]),
        get(
            "A deactivated user is still found",
            "/Users?filter=userName eq \"{user}\"&startIndex=1&count=100",
            200,
            vec![Is("/totalResults", "1"), Is("/Resources/0/active", "false")],
        ),
        send("Reactivate by PATCH", (Method::PATCH, "/Users/{id}"), switch(true), CHANGED, vec![]),
        get("A reactivated user is active", "/Users/{id}", 200, vec![Is("/active", "true")]),
    ]
}

fn groups() -> Vec<Step> {
    let schemas = json!(["urn:ietf:params:scim:schemas:core:2.0:Group"]);
    let group = json!({ "schemas": schemas, "displayName": "Pushed", "members": [] });
    let change = |name, operations| send(name, (Method::PATCH, "/Groups/{group}"), patch(operations), CHANGED, vec![]);
    let look = |name, wants| get(name, "/Groups/{group}", 200, wants);
    let member = json!([{ "value": "{id}", "display": "{user}" }]);
    vec![
        send("Push a group", (Method::POST, "/Groups"), group, &[201], vec![Is("/displayName", "Pushed")])
            .remember("group", "/id"),
        change(
            "Rename and add a member",
            json!([
                { "op": "replace", "value": { "id": "{group}", "displayName": "Renamed" } },
                { "op": "add", "path": "members", "value": member },
            ]),
        ),
        look("It has both", vec![Is("/displayName", "Renamed"), Is("/members/0/value", "{id}"), Nothing("/members/1")]),
        change("Remove the member", json!([{ "op": "remove", "path": "members[value eq \"{id}\"]" }])),
        look("Nobody is left", vec![Nothing("/members")]),
        change("Replace all members", json!([{ "op": "replace", "path": "members", "value": member }])),
        look("The member is back", vec![Is("/members/0/value", "{id}")]),
        send(
            "Update by PUT (custom apps)",
            (Method::PUT, "/Groups/{group}"),
            json!({ "schemas": schemas, "id": "{group}", "displayName": "Put", "members": [] }),
            &[200],
            vec![Is("/displayName", "Put"), Nothing("/members")],
        ),
        get(
            "Import groups",
            "/Groups?startIndex=1&count=100",
            200,
            vec![Schema(LIST), Number("/totalResults"), Number("/itemsPerPage"), Is("/startIndex", "1")],
        ),
        send("Unlink and delete", (Method::DELETE, "/Groups/{group}"), Value::Null, &[204], vec![]),
        get("The group is gone", "/Groups/{group}", 404, vec![Schema(ERROR)]),
    ]
}

/// Puts remembered values in for `{words}`.
fn filled(text: &str, values: &BTreeMap<&str, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unmet(want: &Want, answer: &Value, values: &BTreeMap<&str, String>) -> Option<String> {
    let at = |pointer: &str| answer.pointer(pointer).unwrap_or(&Value::Null);
    let empty = |value: &Value| value.is_null() || *value == "" || value.as_array().is_some_and(Vec::is_empty);
    match want {
        NotEmpty(pointer) => empty(at(pointer)).then(|| format!("{pointer} is empty")),
        Nothing(pointer) => (!empty(at(pointer))).then(|| format!("{pointer} is not empty")),
        Number(pointer) => (!at(pointer).is_u64()).then(|| format!("{pointer} is not a number")),
        Is(pointer, wanted) => {
            let wanted = filled(wanted, values);
            (shown(at(pointer)) != wanted).then(|| format!("{pointer} is not {wanted}"))
        }
        Schema(wanted) => {
            let schemas = at("/schemas").as_array().is_some_and(|all| all.iter().any(|schema| schema == wanted));
            (!schemas).then(|| format!("{wanted} is not among the schemas"))
        }
    }
}

/// One step after the other; the first that fails is the error.
async fn run(world: &World, steps: Vec<Step>, values: &mut BTreeMap<&'static str, String>) -> Result<(), String> {
    for step in steps {
        let path = filled(step.ask.1, values);
        let body: Value = serde_json::from_str(&filled(&step.body.to_string(), values)).expect("it stays JSON");
        let body = (!body.is_null()).then_some(&body);
        // The suite's own wrong token: a word without its scheme.
        let authorization =
            if step.status == [401] { "non-token".to_owned() } else { format!("Bearer {}", world.token) };
        let (status, answer) = world.send_as(&authorization, step.ask.0, &path, body).await;
        let mut faults: Vec<String> = step.wants.iter().filter_map(|want| unmet(want, &answer, values)).collect();
        if !step.status.contains(&status) {
            faults.push(format!("the status is {status}"));
        }
        if !faults.is_empty() {
            return Err(format!("{}: {faults:?}\n{answer:#}", step.name));
        }
        if let Some((name, at)) = step.remember {
            values.insert(name, answer.pointer(at).map(shown).expect("it was wanted above"));
        }
    }
    Ok(())
}

fn grace() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("user", "grace.okta@example.com".to_owned()),
        ("USER", "GRACE.OKTA@EXAMPLE.COM".to_owned()),
        ("given", "Grace".to_owned()),
        ("family", "Okta".to_owned()),
    ])
}

#[tokio::test]
async fn okta_finds_the_server_fit() {
    for target in [Target::Generic, Target::HpeGreenlake] {
        let world = World::start(target).await;
        let mut values = grace();
        run(&world, suite(), &mut values).await.unwrap_or_else(|fault| panic!("{target}: {fault}"));
        run(&world, operation(), &mut values).await.unwrap_or_else(|fault| panic!("{target}: {fault}"));
    }
}

/// As the suite itself does, against a server that finds everybody.
#[tokio::test]
async fn okta_notices_an_ignored_filter() {
    let world = World::with(Target::Generic, vec![Fault::FilterIgnored]).await;
    let fault = run(&world, suite(), &mut grace()).await.expect_err("everybody is found");
    assert!(fault.starts_with("Test invalid User by username: [\"/totalResults is not 0\"]"), "{fault}");
}

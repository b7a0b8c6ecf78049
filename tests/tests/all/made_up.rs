//! A target that is made up on the spot: one TOML text of manual steps. It is offered with the others, can be practised
//! and is walked to the end, without a line of code for it. The test plays the identity provider over SCIM.

use usher_core::{
    Action, App, Phase, Secret,
    recipe::Recipes,
    view::{Block, CheckState, Screen, SecretState},
};
use usher_sandbox::{Options, Sandbox, Target};

use crate::support::{
    look,
    stage::{Home, until},
};

const TARGET: &str = r#"
name = "Lantern Archive"
short = "Lantern"
summary = "Users and groups for the archive of the Lantern Society."
docs = "https://docs.lantern.example/scim"

[values]
scim = ""
form = "https://{{tenant}}.lantern.example/scim/v2"
tenant = ""

[practice]
sandbox = "generic"
values = { form = "{api_base_url}/scim/{{tenant}}" }

[slots.scim-token]
label = "Reading-room key"
kind = "scim-token"

[phases]
role = { title = "Librarian" }
access-token = { title = "Personal token", not_needed = "Lantern has no such token." }
scim-token = { title = "Reading-room key" }
idp-credentials = { title = "IdP credentials" }
mappings = { title = "Attribute mappings" }
provisioning = { title = "Provisioning start" }

[[step]]
phase = "role"
title = "Become a librarian"
why = "Only librarians hand out keys."
proven_by = "scim.test_connection"
proof = "The key works, so a librarian made it."
blocks = [
  { text = "Ask at the **front desk**." },
  { id = "is-librarian", confirm = "The desk has confirmed it." },
]

[[step]]
phase = "scim-token"
title = "Take a key"
why = "{idp} opens the door with it."
blocks = [
  { text = "Open **Keys** and choose **New key**." },
  { id = "endpoint", input = { label = "Address of the door", gives = "scim", form = "{form}" } },
  { secret = { slot = "scim-token", fill = true } },
  { check = "scim.test_connection", label = "The key opens the door", button = "Try it" },
]

[[idp.entra.insert]]
at = "create-app"
blocks = [{ text = "Create a **non-gallery** app for {target}." }]

[idp.entra.mapping.users]
actions = ["Create"]
rows = [
  { target = "userName", source = "userPrincipalName", matching = 1 },
  { target = "name.givenName", source = "givenName" },
  { target = "name.familyName", source = "surname" },
]
"#;

/// Does what the blocks of the open step ask for.
async fn work(app: &App, world: &Sandbox) {
    let at = world.addresses();
    for block in look::step(&app.view()).blocks.clone() {
        let action = match block {
            Block::Confirm { id, done: false, .. } => Action::Tick { block: id, row: String::new(), done: true },
            Block::Input { id, value, .. } if value.is_empty() => {
                let value = match id.as_str() {
                    "endpoint" => at.scim_base_url.clone(),
                    "sample-group" => "Lantern readers".to_owned(),
                    "sample-user" => "ada@lantern.example".to_owned(),
                    other => panic!("nobody said what to type into {other}"),
                };
                Action::Type { block: id, value }
            }
            Block::Secret { id, fillable: true, state: SecretState::Empty, .. } => {
                let token = at.scim_token.clone().expect("the world is prepared");
                Action::FillSecret { block: id, secret: Secret::new(token) }
            }
            Block::Choice { id, options, .. } => Action::Choose { block: id, option: options[0].id.clone() },
            Block::Mapping { id, tables, .. } => {
                let rows = tables.into_iter().flat_map(|table| {
                    let rows = table.rows.into_iter().map(|row| row.id);
                    rows.chain(table.actions.into_iter().map(|action| action.id)).collect::<Vec<_>>()
                });
                for row in rows {
                    app.act(Action::Tick { block: id.clone(), row, done: true }).await;
                }
                continue;
            }
            _ => continue,
        };
        app.act(action).await;
    }
}

/// What an identity provider would do: one person, one group with that person in it.
async fn provision(world: &Sandbox) {
    let (at, client) = (world.addresses(), reqwest::Client::new());
    let token = at.scim_token.clone().expect("the world is prepared");
    let create = async |path: &str, body: serde_json::Value| {
        let url = format!("{}/{path}", at.scim_base_url);
        let answer = client.post(url).bearer_auth(&token).json(&body).send().await.expect("it answers");
        let created: serde_json::Value = answer.json().await.expect("JSON");
        created["id"].as_str().unwrap_or_else(|| panic!("{created}")).to_owned()
    };
    let user = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ada@lantern.example",
        "name": { "givenName": "Ada", "familyName": "Lantern" },
    });
    let user = create("Users", user).await;
    let group = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Lantern readers",
        "members": [{ "value": user }],
    });
    create("Groups", group).await;
}

#[tokio::test]
async fn one_file_of_manual_steps_is_offered_and_walked_to_the_end() {
    let options = Options { target: Target::Generic, prepared: true, ..Options::default() };
    let world = Sandbox::start(options).await.expect("it starts");
    let home = Home::new();
    let app = home.open_with(world.addresses().places(), |config| {
        config.recipes = || Recipes::builtin_and("lantern", TARGET);
    });
    let view = app.act(Action::NewSetup { practice: true }).await;
    let Screen::NewSetup(choice) = &view.screen else { panic!("{:#?}", view.screen) };
    let offered = choice.targets.iter().find(|target| target.id == "lantern").expect("it is offered");
    assert!(offered.available && offered.name == "Lantern Archive", "{offered:?}");
    assert!(choice.targets.len() > 1, "beside the others");

    app.act(Action::ChooseTarget { target: "lantern".into() }).await;
    app.act(Action::ChooseIdp { idp: "entra".into() }).await;
    app.act(Action::Continue).await;
    app.act(Action::Continue).await;
    for phase in Phase::ALL {
        let shown = app.view();
        assert_eq!(look::step(&shown).phase, phase, "{:#?}", look::step(&shown));
        if phase == Phase::Provisioning {
            provision(&world).await;
        }
        work(&app, &world).await;
        app.act(Action::Continue).await;
        let gone_on = |view: &usher_core::View| match &view.screen {
            Screen::Step(step) => {
                let failed = step.blocks.iter().find_map(|block| match block {
                    Block::Check { state: CheckState::Failed { problem, .. }, .. } => Some(problem.to_string()),
                    _ => None,
                });
                assert_eq!(failed, None, "in step {}", phase.number());
                step.phase != phase
            }
            _ => true,
        };
        until(&app, &format!("the end of step {}", phase.number()), gone_on).await;
    }
    let view = app.view();
    let Screen::Finish(finish) = &view.screen else { panic!("{:#?}", view.screen) };
    assert!(finish.proofs.iter().all(|proof| proof.proven), "{:#?}", finish.proofs);
    assert!(finish.proofs[5].proof.contains("Lantern readers"), "{}", finish.proofs[5].proof);

    let view = app.act(Action::Home).await;
    let Screen::Home(shown) = &view.screen else { panic!("{:#?}", view.screen) };
    assert!(shown.setups[0].target.contains("Lantern"), "{:?}", shown.setups[0]);
}

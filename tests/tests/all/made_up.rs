//! A target that is made up on the spot: one TOML text of manual steps. It is offered with the others, can be practised
//! and is walked to the end, without a line of code for it.

use usher_core::{Action, recipe::Recipes, view::Screen};
use usher_sandbox::{Options, Sandbox, Target};

use crate::support::{stage::Home, walk::Walk};

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
  { id = "endpoint", input = { label = "Address of the door", placeholder = "https://reading-room.lantern.example/scim/v2", gives = "scim", form = "{form}" } },
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
    Walk::new(&app, &world, &mut |_| {}).go().await;
    let view = app.view();
    let Screen::Finish(finish) = &view.screen else { panic!("{:#?}", view.screen) };
    assert!(finish.proofs.iter().all(|proof| proof.proven), "{:#?}", finish.proofs);
    assert!(finish.proofs[5].proof.contains("SCIM pilot"), "{}", finish.proofs[5].proof);

    let view = app.act(Action::Home).await;
    let Screen::Home(shown) = &view.screen else { panic!("{:#?}", view.screen) };
    assert!(shown.setups[0].target.contains("Lantern"), "{:?}", shown.setups[0]);
}

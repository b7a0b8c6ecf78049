//! A practice world that is resumed may listen on another port than before.

use std::collections::BTreeMap;

use usher_core::{Action, App, view::Block};

use crate::support::{look, stage::Home};

fn world(port: u16) -> BTreeMap<String, String> {
    let names = ["api_base_url", "scim_base_url", "entra_url", "okta_url", "portal_url"];
    names.map(|name| (name.to_owned(), format!("http://127.0.0.1:{port}/{name}"))).into()
}

fn typed(app: &App) -> String {
    let view = app.view();
    let found = look::step(&view).blocks.iter().find_map(|block| match block {
        Block::Input { id, value, .. } if id == "base-url" => Some(value.clone()),
        _ => None,
    });
    found.expect("the step asks for the address")
}

/// A plain service, at the step that asks for its address.
async fn at_the_address(app: &App) {
    app.act(Action::NewSetup { practice: true }).await;
    app.act(Action::ChooseTarget { target: "generic-scim".into() }).await;
    app.act(Action::ChooseIdp { idp: "entra".into() }).await;
    // What is needed, and two steps that are not.
    for _ in 0..4 {
        app.act(Action::Continue).await;
    }
}

#[tokio::test]
async fn what_was_typed_moves_with_its_practice_world() {
    let home = Home::new();
    let app = home.open(world(41_111));
    at_the_address(&app).await;
    let value = "http://127.0.0.1:41111/scim/v2".to_owned();
    app.act(Action::Type { block: "base-url".into(), value }).await;
    assert_eq!(typed(&app), "http://127.0.0.1:41111/scim/v2");
    let setup = home.setup();
    drop(app);

    let app = home.open(world(42_222));
    app.act(Action::OpenSetup { setup }).await;
    assert_eq!(typed(&app), "http://127.0.0.1:42222/scim/v2");
    let tenant_url = app.copyable("tenant-url").await.expect("it is for copying").value;
    assert_eq!(tenant_url.expose(), "http://127.0.0.1:42222/scim/v2");
}

#[tokio::test]
async fn practice_takes_no_real_address() {
    let home = Home::new();
    let app = home.open(world(41_111));
    at_the_address(&app).await;
    let value = "https://scim.example.com/v2".to_owned();
    let view = app.act(Action::Type { block: "base-url".into(), value }).await;
    let problem = look::step(&view).blocks.iter().find_map(|block| match block {
        Block::Input { id, problem, .. } if id == "base-url" => problem.clone(),
        _ => None,
    });
    let problem = problem.expect("it is refused");
    assert!(problem.message.contains("practice"), "{problem}");
}

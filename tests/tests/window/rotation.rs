//! A token is replaced by another one, from Home to Home, with a look at every step; the rotation is stopped half-way,
//! and it is interrupted in every step.

use std::collections::BTreeSet;

use fantoccini::key::Key;
use usher_core::view::{Block, CheckState, Screen};

use crate::{
    desktop::{Desktop, Scheme},
    hands::{self, Hands},
    keyring::SERVICE,
    picture::{self, Findings},
    program::Program,
    window::Window,
    words::Pair,
};

const AWS: Pair<'static> = ("aws-identity-center", "entra");
const GREENLAKE: Pair<'static> = ("hpe-greenlake", "entra");

#[tokio::test]
async fn aws_identity_center_with_entra_on_a_light_desktop() {
    rotate(AWS, Scheme::Light).await;
}

#[tokio::test]
async fn hpe_greenlake_with_entra_on_a_dark_desktop() {
    rotate(GREENLAKE, Scheme::Dark).await;
}

#[tokio::test]
async fn aws_identity_center_with_okta() {
    rotate(("aws-identity-center", "okta"), Scheme::Light).await;
}

/// From Home to Home, with a look at every screen.
async fn rotate(pair: Pair<'_>, scheme: Scheme) {
    let (target, idp) = pair;
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| {
        picture::look(window, scheme, &format!("{target}-{idp}-rotation-{name}"), Some(pair), &mut found).await;
    };
    let mut hands = Hands::new(&desktop, pair);
    let setup = hands.set_up(window).await;
    let tokens = Tokens::of(&desktop, &setup);
    let old = tokens.in_use();
    window.press("home").await;
    look("home").await;

    window.press("rotate").await;
    window.see("[data-rotation]").await;
    let mut noted: Option<String> = None;
    for number in 1.. {
        let Some(step) = hands::step(window).await else { break };
        let phase = step.phase.id();
        window.heading_has_focus().await;
        let (bar, all) = (step.rotation.expect("a rotation says so"), step.rail.len());
        assert!(bar.text.contains(last_four(&old)), "{}", bar.text);
        assert!(window.text().await.contains(&format!("Step {number} of {all}")));
        look(&number.to_string()).await;
        hands.work(window, phase).await;
        if phase == "old-token" && target == AWS.0 {
            // Which token may be deleted, as it was noted in the first step.
            let noted = noted.take().expect("the first step has asked for it");
            let shown = window.words_of("[data-block='delete-this']").await;
            assert!(shown.contains(&noted), "{noted}: {shown}");
        }
        noted = noted.or(window.value_of("old-token-id").await);
        assert_eq!(tokens.in_use(), old, "the token stays in its place to the end");
        look(&format!("{number}-done")).await;
        picture::look_at_the_end(window, scheme, &format!("{target}-{idp}-rotation-{number}")).await;
        if number == 2 {
            window.press("cancel-rotation").await;
            window.has_focus("[data-do='cancel-rotation-no']").await;
            look("stop").await;
            window.press("cancel-rotation-no").await;
            window.has_focus("[data-do='cancel-rotation']").await;
        }
        go_on(window, phase).await;
    }
    window.screen("finish").await;
    window.heading_has_focus().await;
    look("finish").await;
    picture::look_at_the_end(window, scheme, &format!("{target}-{idp}-rotation-finish")).await;

    let new = tokens.in_use();
    assert_ne!(new, old);
    window.says(".lead", last_four(&new)).await;
    let history = window.words_of("[data-history]").await;
    let replaced =
        format!("The token ending in {} was replaced by the one ending in {}", last_four(&old), last_four(&new));
    assert!(history.contains(&replaced), "{history}");
    window.press("home").await;
    let card = window.words_of("[data-setup]").await;
    assert!(card.contains(&format!("Token ending in {}", last_four(&new))), "{card}");
    assert_eq!(window.words_of("[data-do='rotate']").await, "Rotate token");
    look("home-after").await;
    assert_eq!(tokens.of_the_rotation(), BTreeSet::new());
    assert_eq!(answers(&hands, &old).await, 401);
    assert_eq!(answers(&hands, &new).await, 200);
    usher.close().await;
    desktop.no_file_holds(&[old, new]);
    found.must_be_none();
}

#[tokio::test]
async fn a_rotation_is_left_gone_on_with_and_stopped() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut hands = Hands::new(&desktop, AWS);
    let setup = hands.set_up(window).await;
    let tokens = Tokens::of(&desktop, &setup);
    let old = tokens.in_use();

    // By keyboard where there is a choice.
    window.press("home").await;
    window.screen("home").await;
    window.run("document.querySelector('[data-do=rotate]').focus()", vec![]).await;
    window.keys(&Key::Enter.to_string()).await;
    window.step("role").await;
    hands.work(window, "role").await;
    window.keys(&format!("{}{}", Key::Control, Key::Enter)).await;
    window.step("scim-token").await;
    window.heading_has_focus().await;
    window.press("home").await;
    let card = window.words_of("[data-setup]").await;
    assert!(card.contains("Rotation: step 2 of 5, New token"), "{card}");
    assert!(card.contains(&format!("Token ending in {}", last_four(&old))), "{card}");
    assert_eq!(window.words_of("[data-do='rotate']").await, "Go on with the rotation");
    window.press("rotate").await;
    window.step("scim-token").await;
    hands.work(window, "scim-token").await;
    let new = tokens.in_rotation("scim-token").expect("the new token is kept beside the old one");
    assert_ne!(new, old);

    window.press("cancel-rotation").await;
    window.has_focus("[data-do='cancel-rotation-no']").await;
    window.keys(&Key::Escape.to_string()).await;
    window.has_focus("[data-do='cancel-rotation']").await;
    window.press("cancel-rotation").await;
    window.press("cancel-rotation-yes").await;
    window.screen("finish").await;
    let mut found = Findings::default();
    picture::look(window, Scheme::Light, "rotation-stopped", Some(AWS), &mut found).await;
    let said = window.words_of("[data-notice]").await;
    assert!(said.contains("The old token stays in use") && said.contains(last_four(&new)), "{said}");
    let history = window.words_of("[data-history]").await;
    assert!(history.contains("The rotation was stopped."), "{history}");

    assert_eq!(tokens.in_use(), old);
    assert_eq!(tokens.of_the_rotation(), BTreeSet::new());
    assert_eq!(answers(&hands, &old).await, 200);
    window.press("home").await;
    let card = window.words_of("[data-setup]").await;
    assert!(card.contains(&format!("Token ending in {}", last_four(&old))), "{card}");
    assert_eq!(window.words_of("[data-do='rotate']").await, "Rotate token");
    usher.close().await;
    desktop.no_file_holds(&[old, new]);
    found.must_be_none();
}

#[tokio::test]
async fn a_rotation_whose_old_token_has_ended_goes_on() {
    let desktop = Desktop::start(Scheme::Dark);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut hands = Hands::new(&desktop, GREENLAKE);
    hands.set_up(window).await;
    window.press("rotate").await;
    // GreenLake ends the old token when the new one is used.
    for phase in ["access-token", "scim-token", "idp-credentials"] {
        window.step(phase).await;
        hands.work(window, phase).await;
        go_on(window, phase).await;
    }
    window.step("provisioning").await;
    window.press("cancel-rotation").await;
    window.press("cancel-rotation-yes").await;
    let said = window.words_of("[data-notice]").await;
    assert!(said.contains("no longer accepts the old token"), "{said}");
    window.has_focus("[data-do='cancel-rotation']").await;
    let mut found = Findings::default();
    picture::look(window, Scheme::Dark, "rotation-not-stopped", Some(GREENLAKE), &mut found).await;

    finish(&mut hands, window).await;
    usher.close().await;
    found.must_be_none();
}

#[tokio::test]
async fn a_power_failure_in_every_step_at_aws_identity_center() {
    interrupt(AWS).await;
}

#[tokio::test]
async fn a_power_failure_in_every_step_at_hpe_greenlake() {
    interrupt(GREENLAKE).await;
}

async fn interrupt(pair: Pair<'_>) {
    let desktop = Desktop::start(Scheme::Light);
    let mut usher = Program::start(&desktop).await;
    let mut hands = Hands::new(&desktop, pair);
    let setup = hands.set_up(&usher.window).await;
    let tokens = Tokens::of(&desktop, &setup);
    let old = tokens.in_use();
    usher.window.press("rotate").await;
    usher.window.see("[data-rotation]").await;
    let mut number = 1;
    while let Some(step) = hands::step(&usher.window).await {
        let phase = step.phase.id();
        hands.work(&usher.window, phase).await;
        // What is typed counts after a short rest.
        usher.window.see("[data-do='continue']:not(:disabled)").await;
        let before = state_of(&usher.window).await;
        let new = tokens.in_rotation("scim-token");
        usher.kill();

        usher = Program::start(&desktop).await;
        usher.window.screen("home").await;
        let card = usher.window.words_of("[data-setup]").await;
        let all = step.rail.len();
        assert!(card.contains(&format!("Rotation: step {number} of {all}")), "{card}");
        assert_eq!(usher.window.words_of("[data-do='rotate']").await, "Go on with the rotation");
        usher.window.press("rotate").await;
        usher.window.step(phase).await;
        assert_eq!(state_of(&usher.window).await, before, "{phase}");
        assert_eq!(tokens.in_rotation("scim-token"), new);
        assert_eq!(tokens.in_use(), old);
        go_on(&usher.window, phase).await;
        number += 1;
    }
    usher.window.screen("finish").await;
    let new = tokens.in_use();
    assert_ne!(new, old);
    assert_eq!(tokens.of_the_rotation(), BTreeSet::new());
    assert_eq!(answers(&hands, &old).await, 401);
    usher.close().await;
    desktop.no_file_holds(&[old, new]);
}

/// What is done on a step: nothing of it may be lost.
async fn state_of(window: &Window) -> Vec<String> {
    let blocks = hands::step(window).await.expect("a step").blocks;
    let done = blocks.into_iter().filter_map(|block| match block {
        Block::Secret { id, state, .. } => Some(format!("{id}: {state:?}")),
        Block::Input { id, value, .. } => Some(format!("{id}: {value}")),
        Block::Confirm { id, done, .. } => Some(format!("{id}: {done}")),
        Block::Choice { id, options, .. } => {
            let chosen = options.into_iter().find(|option| option.chosen);
            Some(format!("{id}: {:?}", chosen.map(|option| option.id)))
        }
        Block::Check { id, state, .. } => Some(format!("{id}: {}", matches!(state, CheckState::Passed { .. }))),
        _ => None,
    });
    done.collect()
}

/// Everything that is left of a rotation.
async fn finish(hands: &mut Hands<'_>, window: &Window) {
    while let Some(step) = hands::step(window).await {
        hands.work(window, step.phase.id()).await;
        go_on(window, step.phase.id()).await;
    }
    assert!(matches!(hands::view(window).await.screen, Screen::Finish(_)));
}

/// Continue, to whatever comes after this step.
async fn go_on(window: &Window, phase: &str) {
    window.press("continue").await;
    window.see(&format!("[data-screen]:not([data-phase='{phase}'])")).await;
}

fn last_four(token: &str) -> &str {
    &token[token.len() - 4..]
}

/// The tokens of a connection as any other program finds them in the keyring.
struct Tokens<'a> {
    desktop: &'a Desktop,
    setup: &'a str,
}

impl<'a> Tokens<'a> {
    fn of(desktop: &'a Desktop, setup: &'a str) -> Self {
        Self { desktop, setup }
    }

    fn in_use(&self) -> String {
        self.desktop.kept(SERVICE, &format!("{}/scim-token", self.setup)).expect("the token in use is kept")
    }

    fn in_rotation(&self, slot: &str) -> Option<String> {
        self.desktop.kept(SERVICE, &format!("{}.rotation/{slot}", self.setup))
    }

    /// What the rotation alone has kept.
    fn of_the_rotation(&self) -> BTreeSet<String> {
        let all = self.desktop.kept_names(SERVICE);
        assert!(all.contains(&format!("{}/scim-token", self.setup)), "{all:?}");
        all.into_iter().filter(|name| !name.starts_with(&format!("{}/", self.setup))).collect()
    }
}

/// The status with which the target answers to somebody with this token.
async fn answers(hands: &Hands<'_>, token: &str) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/Users?count=1", hands.tenant_url().trim_end_matches('/'));
    client.get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
}

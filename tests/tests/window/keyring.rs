//! Secrets rest in the system's keyring. When it refuses, they are still there to be copied.

use crate::{
    desktop::{Desktop, Scheme},
    program::Program,
    walk::Walk,
};

/// Under which the secrets of practice are kept.
pub(crate) const SERVICE: &str = "usher-practice";

#[tokio::test]
async fn a_secret_is_in_the_keyring_and_leaves_with_its_setup() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut walk = Walk::new(&desktop);
    walk.begin(window).await;
    for phase in ["role", "access-token"] {
        walk.work(window, phase).await;
        walk.go_on(window, phase).await;
    }
    walk.work(window, "scim-token").await;
    let token = walk.copied(window, "proxy-token").await;

    window.press("home").await;
    let setup = window.see("[data-setup]").await.attr("data-setup").await.unwrap().unwrap();
    let username = format!("{setup}/scim-token");
    assert_eq!(desktop.kept(SERVICE, &username).as_ref(), Some(&token));
    assert_eq!(desktop.kept("usher", &username), None, "practice and real secrets never mix");

    window.press("remove").await;
    window.press("remove-yes").await;
    window.until("the connection is gone", "return document.querySelector('[data-setup]') === null").await;
    assert_eq!(desktop.kept(SERVICE, &username), None);
    usher.close().await;
}

#[tokio::test]
async fn a_locked_keyring_costs_no_token() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut walk = Walk::new(&desktop);
    walk.begin(window).await;
    walk.work(window, "role").await;
    walk.go_on(window, "role").await;

    desktop.lock_keyring();
    walk.work(window, "access-token").await;
    walk.go_on(window, "access-token").await;
    walk.run(window, "greenlake-create-token").await;
    window.block("proxy-token", "filled").await;
    let token = walk.copied(window, "proxy-token").await;
    assert!(!token.is_empty());
    let said = window.text_of("[data-block='proxy-token']").await;
    assert!(said.to_lowercase().contains("not saved"), "{said}");

    desktop.unlock_keyring();
    window.press_in("proxy-token", "save").await;
    let saved = "return document.querySelector('[data-block=proxy-token] [data-do=save]') === null";
    window.until("the token is saved", saved).await;
    usher.close().await;
}

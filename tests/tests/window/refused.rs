//! What the window says when the target refuses, and the click that leads to what mends it.

use crate::{
    desktop::{Desktop, Scheme},
    picture::{self, Findings},
    program::Program,
    walk::{PAIR, Walk},
};

#[tokio::test]
async fn a_missing_role_leads_back_to_the_step_that_mends_it() {
    let desktop = Desktop::start(Scheme::Dark);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut walk = Walk::new(&desktop);
    walk.begin(window).await;
    walk.tick(window, "role-assigned").await;
    walk.go_on(window, "role").await;
    walk.work(window, "access-token").await;
    walk.go_on(window, "access-token").await;

    window.press_in("greenlake-create-token", "run").await;
    window.block("greenlake-create-token", "failed").await;
    let mut found = Findings::default();
    picture::look(window, Scheme::Dark, "refused", Some(PAIR), &mut found).await;
    let said = window.text_of("[data-block='greenlake-create-token']").await;
    assert!(said.contains("SCIM Proxy Token Contributor"), "{said}");

    // To the page that explains it, and back to the failure.
    window.press_in("greenlake-create-token", "doctor").await;
    window.see("[data-page='role-missing']").await;
    window.press("back").await;
    window.step("scim-token").await;
    window.block("greenlake-create-token", "failed").await;

    // For support: what was asked and answered.
    window.press_in("greenlake-create-token", "copy-details").await;
    window.says("[data-live]", "Details for support").await;
    let copied = desktop.clipboard();
    assert!(copied.contains("403") && copied.contains("POST") && copied.contains("Class: role-missing"), "{copied}");

    window.press_in("greenlake-create-token", "go").await;
    window.step("role").await;
    window.heading_has_focus().await;
    walk.work(window, "role").await;
    walk.go_on(window, "role").await;
    walk.go_on(window, "access-token").await;
    walk.work(window, "scim-token").await;
    found.must_be_none();
    usher.close().await;
}

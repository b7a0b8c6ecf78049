//! From Home to Finish in practice, with a look at every screen on the way: on a light desktop and on a dark one.

use crate::{
    desktop::{Desktop, Scheme},
    picture::{self, Findings},
    program::Program,
    walk::{PAIR, PHASES, Walk},
};

#[tokio::test]
async fn a_rehearsal_on_a_light_desktop() {
    rehearse(Scheme::Light).await;
}

#[tokio::test]
async fn a_rehearsal_on_a_dark_desktop() {
    rehearse(Scheme::Dark).await;
}

/// Screens that may speak of systems which are not of this pair.
const OF_EVERY_PAIR: [&str; 2] = ["home-first", "new-setup"];

async fn rehearse(scheme: Scheme) {
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| {
        let pair = (!OF_EVERY_PAIR.contains(&name)).then_some(PAIR);
        picture::look(window, scheme, name, pair, &mut found).await;
    };
    let mut walk = Walk::new(&desktop);

    window.screen("home").await;
    look("home-first").await;
    walk.choose_pair(window).await;
    look("new-setup").await;
    window.press("continue").await;
    window.screen("needs").await;
    look("needs").await;
    window.press("continue").await;

    for (index, phase) in PHASES.into_iter().enumerate() {
        window.step(phase).await;
        window.heading_has_focus().await;
        look(&format!("step-{}", index + 1)).await;
        walk.work(window, phase).await;
        look(&format!("step-{}-done", index + 1)).await;
        walk.go_on(window, phase).await;
    }

    look("finish").await;
    window.press("runbook").await;
    let path = window.text_of("[data-runbook] .mono").await;
    let runbook = std::fs::read_to_string(&path).unwrap();
    assert!(runbook.contains("HPE GreenLake"), "{runbook}");
    window.press("home").await;
    window.see("[data-setup]").await;
    look("home-later").await;
    usher.close().await;
    walk.no_secret_is_in_a_file();
    found.must_be_none();
}

//! Usher is killed in the middle of each step, and opens again where it was.

use crate::{
    desktop::{Desktop, Scheme},
    program::Program,
    walk::{PHASES, Walk},
};

#[tokio::test]
async fn a_power_failure_in_every_step_loses_nothing() {
    let desktop = Desktop::start(Scheme::Light);
    let mut walk = Walk::new(&desktop);
    let mut usher = Program::start(&desktop).await;
    walk.begin(&usher.window).await;
    for phase in PHASES {
        walk.work(&usher.window, phase).await;
        usher.kill();

        usher = Program::start(&desktop).await;
        usher.window.screen("home").await;
        usher.window.click("[data-setup] [data-do='open']").await;
        usher.window.step(phase).await;
        walk.go_on(&usher.window, phase).await;
    }
    usher.close().await;
    walk.no_secret_is_in_a_file();
}

//! A second Usher beside the first one.

use crate::{
    desktop::{Desktop, Scheme},
    program::Program,
};

#[tokio::test]
async fn the_second_window_says_that_there_is_a_first() {
    let desktop = Desktop::start(Scheme::Light);
    let first = Program::start(&desktop).await;
    first.window.screen("home").await;

    let second = Program::start(&desktop).await;
    second.window.screen("blocked").await;
    let said = second.window.text().await;
    assert!(said.contains("already open"), "{said}");

    first.close().await;
    second.window.press("try-again").await;
    second.window.screen("home").await;
    second.close().await;
}

//! The first start.

use crate::{desktop::Desktop, picture, program::Program};

#[tokio::test]
async fn the_window_opens_on_home() {
    let desktop = Desktop::start();
    let usher = Program::start(&desktop).await;
    usher.window.screen("home").await;
    picture::look(&usher.window, "home-first").await;
    usher.close().await;
}

//! What Copy, Paste and Show do with a secret.

use std::time::{Duration, Instant};

use crate::{
    desktop::{Desktop, Scheme},
    program::Program,
    walk::Walk,
    window::Window,
};

/// A minute, and what a slow machine needs.
const LONGEST: Duration = Duration::from_secs(90);

#[tokio::test]
async fn a_copied_secret_leaves_the_clipboard_and_nothing_else_does() {
    let (here, there) = (Desktop::start(Scheme::Light), Desktop::start(Scheme::Light));
    let (left_alone, replaced) = (Program::start(&here).await, Program::start(&there).await);

    copy_the_access_token(&there, &replaced.window).await;
    there.copy_elsewhere("what the admin copied next");
    let token = copy_the_access_token(&here, &left_alone.window).await;
    // By this, clipboard managers know what to keep out of their histories.
    assert_eq!(here.clipboard_as("x-kde-passwordManagerHint"), "secret");
    let begin = Instant::now();
    while here.clipboard() == token {
        assert!(begin.elapsed() < LONGEST, "the secret is still on the clipboard");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(here.clipboard(), "");
    assert_eq!(there.clipboard(), "what the admin copied next");
    left_alone.close().await;
    replaced.close().await;
}

#[tokio::test]
async fn what_is_no_token_is_refused_in_words() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    to_the_access_token(&desktop, window).await;
    for (copied, says) in [("  \n", "no text"), (&"x".repeat(70_000), "longer than any token")] {
        desktop.copy_elsewhere(copied);
        window.press_in("access-token", "paste").await;
        let script = "return document.querySelector('[data-block=access-token]').innerText.includes(arguments[0])";
        window.until_with(&format!("it says \"{says}\""), script, vec![says.into()]).await;
    }
    usher.close().await;
}

#[tokio::test]
async fn show_shows_and_hides() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let token = copy_the_access_token(&desktop, window).await;
    assert!(!window.html().await.contains(&token), "the page holds the secret before anybody asked");
    window.press_in("access-token", "reveal").await;
    assert_eq!(window.text_of("[data-block='access-token'] [data-secret]").await, token);
    window.press_in("access-token", "reveal").await;
    window.until("it is hidden again", "return document.querySelector('[data-secret]') === null").await;
    assert!(!window.html().await.contains(&token));
    usher.close().await;
}

async fn to_the_access_token<'a>(desktop: &'a Desktop, window: &Window) -> Walk<'a> {
    let mut walk = Walk::new(desktop);
    walk.begin(window).await;
    walk.work(window, "role").await;
    walk.go_on(window, "role").await;
    walk
}

async fn copy_the_access_token(desktop: &Desktop, window: &Window) -> String {
    let mut walk = to_the_access_token(desktop, window).await;
    walk.work(window, "access-token").await;
    walk.copied(window, "access-token").await
}

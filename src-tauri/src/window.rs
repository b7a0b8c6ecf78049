//! The one window: opened hidden, shown once its page is drawn, and told of every new view.

use std::time::Duration;

use tauri::{AppHandle, Emitter, Manager, Runtime, Url, WebviewWindow, WebviewWindowBuilder};
use usher_core::App;

/// A page that has not drawn itself by then is shown as it is: a window that never comes cannot even be closed.
const LATEST_SHOW: Duration = Duration::from_secs(3);
/// Views in quick succession are drawn at most this often.
const BETWEEN_VIEWS: Duration = Duration::from_millis(30);

/// Opens the window that tauri.conf.json describes.
pub(crate) fn open<R: Runtime>(handle: &AppHandle<R>) -> tauri::Result<()> {
    let description = handle.config().app.windows.first().ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(handle, description)?.on_navigation(is_own_page).build()?;
    tauri::async_runtime::spawn(announce_views(handle.clone()));
    tauri::async_runtime::spawn(show_at_last(window));
    Ok(())
}

/// The webview shows Usher's own page and nothing else; links open in the browser.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How Windows spells the same.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

async fn announce_views<R: Runtime>(handle: AppHandle<R>) {
    let app = handle.state::<App>();
    let mut changes = app.changes();
    while changes.changed().await.is_ok() {
        if let Err(error) = handle.emit("view-changed", app.view()) {
            tracing::warn!(%error, "a view did not reach the window");
        }
        tokio::time::sleep(BETWEEN_VIEWS).await;
    }
}

async fn show_at_last<R: Runtime>(window: WebviewWindow<R>) {
    tokio::time::sleep(LATEST_SHOW).await;
    if !window.is_visible().unwrap_or(false) && window.show().is_err() {
        tracing::warn!("the window could not be shown");
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::is_own_page;

    #[test]
    fn only_the_own_page_is_shown() {
        for (url, own) in [
            ("tauri://localhost/", true),
            ("http://tauri.localhost/index.html", true),
            ("https://tauri.localhost/", true),
            ("https://example.com/", false),
            ("http://tauri.localhost.example.com/", false),
            ("http://127.0.0.1:8080/entra/", false),
            ("tauri://elsewhere/", false),
            ("file:///etc/hosts", false),
            ("data:text/html,hello", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own_page(&url.parse().unwrap()), own, "{url}");
        }
    }
}

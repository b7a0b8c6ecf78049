//! The system's notifications, while Usher runs: a token that ends soon. What is due is the core's to say.

use tauri::{AppHandle, Manager, Runtime};
use usher_core::{App, app::Notification};

/// Shows what is due now, and whenever something has changed. One that the system does not take is tried again with the
/// next change, at the latest in an hour.
pub(crate) async fn show_due<R: Runtime>(handle: AppHandle<R>) {
    let app = handle.state::<App>();
    let mut changes = app.changes();
    loop {
        for notification in app.notifications() {
            if show(notification.clone()).await {
                app.notified(&notification);
            }
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// On a thread that may wait: a system without a notification service answers late or not at all.
async fn show(Notification { title, body, .. }: Notification) -> bool {
    let shown = tauri::async_runtime::spawn_blocking(move || {
        let mut wanted = notify_rust::Notification::new();
        wanted.appname("Usher").summary(&title).body(&body).show().map(drop)
    });
    match shown.await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the system did not show a notification");
            false
        }
        Err(_) => false,
    }
}

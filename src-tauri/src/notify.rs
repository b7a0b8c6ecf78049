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
            if show(notification.clone(), handle.config().identifier.clone()).await {
                app.notified(&notification);
            }
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// On a thread that may wait: a system without a notification service answers late or not at all.
async fn show(Notification { title, body, .. }: Notification, program: String) -> bool {
    let shown = tauri::async_runtime::spawn_blocking(move || {
        let mut wanted = notify_rust::Notification::new();
        wanted.appname("Usher").summary(&title).body(&body);
        sign(&mut wanted, &program);
        wanted.show().map(drop)
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

/// Under the name that the installer gave to the shortcut; without it Windows shows nothing, and what was not installed is
/// shown in the name of another program.
#[cfg(windows)]
fn sign(wanted: &mut notify_rust::Notification, program: &str) {
    let uninstaller =
        |exe: std::path::PathBuf| exe.parent().is_some_and(|folder| folder.join("uninstall.exe").is_file());
    if std::env::current_exe().is_ok_and(uninstaller) {
        wanted.app_id(program);
    }
}

/// Once for all of them; else macOS shows them in the name of the Finder.
#[cfg(target_os = "macos")]
fn sign(_: &mut notify_rust::Notification, program: &str) {
    if let Err(error) = notify_rust::set_application(program) {
        tracing::debug!(%error, "notifications have their name already, or this program is not installed");
    }
}

/// By the name alone.
#[cfg(not(any(windows, target_os = "macos")))]
fn sign(_: &mut notify_rust::Notification, _: &str) {}

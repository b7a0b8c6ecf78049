//! What the core cannot know of the place where it runs: what draws the window, how large, and what was installed beside
//! the program.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use tauri::{AppHandle, Manager, Runtime, WebviewWindow};
use usher_core::App;

/// How every file with the notices of other people's parts begins.
const NOTICES: &str = "THIRD-PARTY-NOTICES";

/// Tells the core, for the screen that says it: until then nobody needs to know.
pub(crate) fn tell<R: Runtime>(window: &WebviewWindow<R>) {
    let handle = window.app_handle();
    let webview = tauri::webview_version().ok().map(|version| format!("{} {version}", webview_name()));
    let (scale, notices) = (window.scale_factor().ok(), places(handle).iter().find_map(|folder| notices_in(folder)));
    handle.state::<App>().surrounded_by(|around| {
        around.webview = webview;
        around.scale = scale;
        around.notices = notices;
    });
}

/// The window has moved to another screen, or this one was set differently.
pub(crate) fn scaled<R: Runtime>(handle: &AppHandle<R>, scale: f64) {
    handle.state::<App>().surrounded_by(|around| around.scale = Some(scale));
}

fn webview_name() -> &'static str {
    if cfg!(windows) {
        "WebView2"
    } else if cfg!(target_os = "macos") {
        "WebKit"
    } else {
        "WebKitGTK"
    }
}

/// Where a package puts them: with the resources, or as Linux does, beside the folder of the programs.
fn places<R: Runtime>(handle: &AppHandle<R>) -> Vec<PathBuf> {
    let resources = handle.path().resource_dir().ok();
    let program = env::current_exe().ok().and_then(|program| program.canonicalize().ok());
    let documents = program.as_deref().and_then(|program| Some(program.parent()?.parent()?.join("share/doc/usher")));
    resources.into_iter().chain(documents).collect()
}

/// The first one by name.
fn notices_in(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(NOTICES))).min()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::fs;

    use super::notices_in;

    #[test]
    fn notices_are_found_whatever_they_end_in() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(notices_in(folder.path()), None);
        fs::write(folder.path().join("copyright"), "").unwrap();
        assert_eq!(notices_in(folder.path()), None);
        for name in ["THIRD-PARTY-NOTICES.html", "THIRD-PARTY-NOTICES.gz"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(notices_in(folder.path()), Some(folder.path().join("THIRD-PARTY-NOTICES.gz")));
        assert_eq!(notices_in(&folder.path().join("nowhere")), None);
    }
}

//! What is true of this program and of this computer: for the screen that says it, and as text for whoever helps. In the
//! text are no secret, no person, no host and no address: everything in it is a number, a date, or a word out of a list
//! that stands in this program, but for the few words in which the system describes itself, which are kept short.

mod computer;
mod diagnostics;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use self::computer::Computer;
pub(crate) use self::diagnostics::{Connection, Known, Trouble, text};
use crate::{
    places,
    vault::KeyringVault,
    view::{About, AboutPoint, CopyField},
};

/// The one place for the version is the workspace's `Cargo.toml`.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Set by whoever builds a release; a build at the desk does not depend on what else is going on in its repository.
const COMMIT: Option<&str> = option_env!("USHER_COMMIT");
/// For `copy`.
pub(crate) const DIAGNOSTICS: &str = "diagnostics";
/// For `open_link`.
pub(crate) const DATA_FOLDER: &str = "data-folder";

/// What only the shell around the core knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// What draws the window, and which version of it.
    pub webview: Option<String>,
    /// Points of the screen for one of the page.
    pub scale: Option<f64>,
    /// The notices about the parts that others made, where they are installed.
    pub notices: Option<PathBuf>,
}

/// The commit, as far as it is one.
pub(crate) fn build() -> Option<String> {
    let commit = COMMIT?;
    let hexadecimal = commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| commit[..commit.len().min(12)].to_owned())
}

/// The screen.
pub(crate) fn screen(data_dir: &Path, documents_dir: &Path, around: &Surroundings, diagnostics: String) -> About {
    About {
        version: VERSION.to_owned(),
        build: build(),
        points: points(data_dir, documents_dir, around),
        diagnostics: CopyField { id: DIAGNOSTICS.into(), label: "Diagnostics".into(), value: diagnostics },
    }
}

fn points(data_dir: &Path, documents_dir: &Path, around: &Surroundings) -> Vec<AboutPoint> {
    let point = |name: &str, text: String| AboutPoint { name: name.into(), text, path: None, open: None };
    let at = |path: &Path| Some(path.display().to_string());
    let notices = match &around.notices {
        Some(_) => "The licences of the parts that others made stand in:",
        None => "The licences of the parts that others made come with the installed package.",
    };
    vec![
        AboutPoint {
            path: around.notices.as_deref().and_then(at),
            ..point("Licence", format!("MIT or Apache-2.0, as you prefer. {notices}"))
        },
        AboutPoint {
            path: at(data_dir),
            open: Some(DATA_FOLDER.into()),
            ..point(
                "Data folder",
                "One file for each connection and for each rotation under way: what is done, without a secret. In `practice` stands the state of practice worlds.".into(),
            )
        },
        AboutPoint {
            path: at(documents_dir),
            ..point("Documents", "Runbooks and reminders, when you save one.".into())
        },
        point(
            "Secrets",
            format!(
                "Only in {}, under the service `{}`; those of practice under `{}`.",
                keyring(),
                KeyringVault::SERVICE,
                KeyringVault::PRACTICE_SERVICE
            ),
        ),
        point(
            "Logs",
            "Usher writes no log file. Where the variable `USHER_LOG` is set when it starts, for example to `usher_core=debug`, it writes what it does to standard error, without secrets.".into(),
        ),
        point(
            "What leaves this computer",
            "Requests to the services that you connect, through the proxy of this system where it has one. Pages open in your browser. There is no telemetry and no search for updates.".into(),
        ),
    ]
}

/// As the system calls it.
fn keyring() -> &'static str {
    if cfg!(windows) {
        "the **Credential Manager** of Windows"
    } else if cfg!(target_os = "macos") {
        "the login **Keychain** of macOS"
    } else {
        "your system's keyring, such as **GNOME Keyring** or **KWallet**"
    }
}

/// Where the data folder is, without the person's name: its home is shortened, and a folder that somebody has chosen is
/// not named.
pub(crate) fn data_folder(data_dir: &Path) -> String {
    match places::usual_data_dir() {
        Some(usual) if usual == data_dir => places::below_home(&usual).unwrap_or_else(|| "as usual".into()),
        _ => "another one than usual".into(),
    }
}

//! Where the window keeps things: the platform's own directories and keyring, each movable by the environment for tests.

use std::{env, path::PathBuf, sync::Arc};

use directories::{BaseDirs, ProjectDirs, UserDirs};
use usher_core::{app::Config, vault::KeyringVault};

use crate::practice;

/// The directories and vaults of the person at this computer.
pub(crate) fn config() -> Config {
    Config {
        practice: Some(practice::start()),
        ..Config::new(
            from_env("USHER_DATA_DIR").unwrap_or_else(data_dir),
            from_env("USHER_DOCUMENTS_DIR").unwrap_or_else(documents_dir),
            Arc::new(KeyringVault::new(KeyringVault::SERVICE)),
            Arc::new(KeyringVault::new(KeyringVault::PRACTICE_SERVICE)),
        )
    }
}

fn from_env(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Without a home directory there is nowhere to keep anything; the core says so on the first screen when it cannot
/// write here.
fn data_dir() -> PathBuf {
    ProjectDirs::from("", "", "usher").map_or_else(|| PathBuf::from("usher-data"), |dirs| dirs.data_dir().to_owned())
}

fn documents_dir() -> PathBuf {
    UserDirs::new()
        .and_then(|dirs| dirs.document_dir().map(PathBuf::from))
        .or_else(|| BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()))
        .unwrap_or_else(|| PathBuf::from("."))
}

//! Where things are kept on this computer: the platform's own folders, each movable by the environment.

use std::{env, path::PathBuf};

use directories::{BaseDirs, ProjectDirs, UserDirs};

/// One JSON file for each setup. Without a home directory there is nowhere to keep anything; the first screen says so
/// when it cannot be written here.
pub fn data_dir() -> PathBuf {
    from_env("USHER_DATA_DIR").unwrap_or_else(|| {
        ProjectDirs::from("", "", "usher")
            .map_or_else(|| PathBuf::from("usher-data"), |dirs| dirs.data_dir().to_owned())
    })
}

/// For what the person wants to find again.
pub fn documents_dir() -> PathBuf {
    from_env("USHER_DOCUMENTS_DIR").unwrap_or_else(|| {
        UserDirs::new()
            .and_then(|dirs| dirs.document_dir().map(PathBuf::from))
            .or_else(|| BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()))
            .unwrap_or_else(|| PathBuf::from("."))
    })
}

fn from_env(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

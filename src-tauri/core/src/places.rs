//! Where things are kept on this computer: the platform's own folders, each movable by the environment.

use std::{
    env,
    path::{Path, PathBuf},
};

use directories::{BaseDirs, ProjectDirs, UserDirs};

/// One JSON file for each setup. Without a home directory there is nowhere to keep anything; the first screen says so
/// when it cannot be written here.
pub fn data_dir() -> PathBuf {
    from_env("USHER_DATA_DIR").or_else(usual_data_dir).unwrap_or_else(|| PathBuf::from("usher-data"))
}

/// The platform's own folder for it; `None` without a home directory.
pub(crate) fn usual_data_dir() -> Option<PathBuf> {
    ProjectDirs::from("", "", "usher").map(|dirs| dirs.data_dir().to_owned())
}

/// A path with `~` in the place of the person's home directory; `None` if it is not below it.
pub(crate) fn below_home(path: &Path) -> Option<String> {
    let dirs = BaseDirs::new()?;
    let rest = path.strip_prefix(dirs.home_dir()).ok()?;
    Some(Path::new("~").join(rest).display().to_string())
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

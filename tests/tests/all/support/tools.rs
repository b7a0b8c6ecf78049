//! Programs that are not ours, and ours as it was built.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace").to_owned()
}

/// A tool that `make test` installs; the variable names another place.
pub(crate) fn installed(variable: &str, usual: &str) -> PathBuf {
    let path = env::var_os(variable).map_or_else(|| root().join(usual), PathBuf::from);
    assert!(path.is_file(), "{} is missing: `make test` installs it, or set {variable}.", path.display());
    path
}

/// A program of this workspace, from the folder that this test was built into.
pub(crate) fn built(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a running program has a place");
    let folder = test.parent().and_then(Path::parent).expect("tests are built into deps/");
    let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "{} is missing: `make test` builds it, or run cargo build -p {name}.", path.display());
    path
}

/// For loopback: no proxy of the system in between.
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("there is a trust store")
}

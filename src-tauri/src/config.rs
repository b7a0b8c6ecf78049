//! What the window works with: the folders and the keyring of the person at this computer.

use std::sync::Arc;

use usher_core::{app::Config, places, vault::KeyringVault};

use crate::practice;

/// The directories and vaults of the person at this computer.
pub(crate) fn config() -> Config {
    Config {
        practice: Some(practice::start()),
        ..Config::new(
            places::data_dir(),
            places::documents_dir(),
            Arc::new(KeyringVault::new(KeyringVault::SERVICE)),
            Arc::new(KeyringVault::new(KeyringVault::PRACTICE_SERVICE)),
        )
    }
}

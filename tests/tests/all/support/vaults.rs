//! A vault that can refuse, as a locked keyring does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use usher_core::{
    Code, Problem, Secret,
    vault::{MemoryVault, Vault},
};

/// Memory behind a lock.
#[derive(Default)]
pub(crate) struct Lockable {
    inner: MemoryVault,
    locked: AtomicBool,
}

impl Lockable {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// What it holds, whether it is locked or not.
    pub(crate) fn holds(&self, key: &str) -> Option<String> {
        self.inner.get(key).expect("memory does not refuse").map(|secret| secret.expose().to_owned())
    }

    fn open(&self) -> Result<&MemoryVault, Problem> {
        if self.locked.load(Ordering::SeqCst) {
            return Err(Problem::new(Code::Vault, "Your system's keyring is locked.").hint("Unlock it."));
        }
        Ok(&self.inner)
    }
}

impl Vault for Lockable {
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem> {
        self.open()?.put(key, secret)
    }

    fn get(&self, key: &str) -> Result<Option<Secret>, Problem> {
        self.open()?.get(key)
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        self.open()?.remove(key)
    }
}

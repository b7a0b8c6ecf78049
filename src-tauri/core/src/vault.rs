//! Where secrets rest: the operating system's keyring, or memory. The one trait of the crate, because it is a real seam.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use keyring::v1::{Entry, Error};

use crate::{
    error::{Code, Problem},
    secret::Secret,
};

/// A place for secrets, each under `<setup>/<slot>`. Calls block (milliseconds; longer when the system asks the person
/// to unlock), so async callers use a blocking thread.
pub trait Vault: Send + Sync {
    /// Stores or replaces.
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem>;
    /// Reads; `None` when it was never stored.
    fn get(&self, key: &str) -> Result<Option<Secret>, Problem>;
    /// Removes; fine when it is not there.
    fn remove(&self, key: &str) -> Result<(), Problem>;
    /// The keyring's service name, where an admin can look with the system's own tool; `None` where there is nothing
    /// to look at.
    fn service(&self) -> Option<&'static str> {
        None
    }
}

/// The operating system's keyring, under one service name.
pub struct KeyringVault {
    service: &'static str,
}

impl KeyringVault {
    /// For real setups. `secret-tool lookup service usher username <setup>/<slot>` finds them on Linux.
    pub const SERVICE: &'static str = "usher";
    /// For practice setups, so that they never mix with real ones.
    pub const PRACTICE_SERVICE: &'static str = "usher-practice";

    /// Nothing is asked of the system before the first use.
    pub fn new(service: &'static str) -> Self {
        Self { service }
    }

    fn entry(&self, key: &str) -> Result<Entry, Problem> {
        Entry::new(self.service, key).map_err(|error| refused(&error))
    }
}

impl Vault for KeyringVault {
    // Bytes and not a "password": Windows would store that as UTF-16 and hold only half as much.
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem> {
        self.entry(key)?.set_secret(secret.expose().as_bytes()).map_err(|error| refused(&error))
    }

    fn get(&self, key: &str) -> Result<Option<Secret>, Problem> {
        match self.entry(key)?.get_secret() {
            Ok(bytes) => String::from_utf8(bytes)
                .map(|text| Some(Secret::new(text)))
                .map_err(|_| Problem::new(Code::Vault, "What the keyring holds for this connection is not text.")),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        match self.entry(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }

    fn service(&self) -> Option<&'static str> {
        Some(self.service)
    }
}

/// The keyring's refusal in words. The platform's own text is left out: it may quote what was stored.
fn refused(error: &Error) -> Problem {
    match error {
        Error::NoStorageAccess(_) => Problem::new(Code::Vault, "Your system's keyring is locked.")
            .hint("Unlock it, on Linux for example in **Passwords and Keys**."),
        Error::NoDefaultStore => Problem::new(Code::Vault, "This system offers no keyring.")
            .hint("On Linux, start a Secret Service such as **GNOME Keyring** or **KWallet**, then start Usher again."),
        Error::TooLong(_, limit) => {
            Problem::new(Code::Vault, format!("The token is longer than this system's keyring holds ({limit} bytes)."))
                .hint("Keep it in your password manager instead.")
        }
        Error::PlatformFailure(_) => Problem::new(Code::Vault, "Your system's keyring did not do it.")
            .hint("If it is asking you something, answer it."),
        Error::BadEncoding(_)
        | Error::BadDataFormat(..)
        | Error::BadStoreFormat(_)
        | Error::Invalid(..)
        | Error::Ambiguous(_)
        | Error::NotSupportedByStore(_) => unexpected(),
        // The list is open-ended in keyring.
        _ => unexpected(),
    }
}

fn unexpected() -> Problem {
    Problem::new(Code::Vault, "Your system's keyring answered in a way Usher does not know.")
        .hint("Look at the keyring with your system's own tool.")
}

/// What a vault refused in a row while many secrets are read. After two it is asked no more: one that is locked would ask
/// the person anew for each. A single refusal may be about a damaged secret.
#[derive(Default)]
pub(crate) struct Refusals(Vec<Problem>);

impl Refusals {
    /// What it said last, if that was enough.
    pub(crate) fn enough(&self) -> Option<Problem> {
        self.0.last().filter(|_| self.0.len() > 1).cloned()
    }

    /// Takes note of an answer.
    pub(crate) fn hear<T>(&mut self, answer: &Result<T, Problem>) {
        match answer {
            Ok(_) => self.0.clear(),
            Err(problem) => self.0.push(problem.clone()),
        }
    }
}

/// Secrets in memory only: for rehearsals, which leave nothing behind, and for tests.
#[derive(Default)]
pub struct MemoryVault {
    secrets: Mutex<BTreeMap<String, Secret>>,
}

impl MemoryVault {
    fn secrets(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for MemoryVault {
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem> {
        self.secrets().insert(key.to_owned(), secret.clone());
        Ok(())
    }

    fn get(&self, key: &str) -> Result<Option<Secret>, Problem> {
        Ok(self.secrets().get(key).cloned())
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        self.secrets().remove(key);
        Ok(())
    }
}

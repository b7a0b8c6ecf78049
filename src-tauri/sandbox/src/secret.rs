//! A token that was pasted at a practice console.

use serde::{Deserialize, Serialize};

use crate::{Target, tokens::Seed, world::World};

/// A pasted token. On disk it is the serial number of the token it matches, or a note that it matches none.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Secret {
    text: String,
    serial: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stored {
    Empty,
    Serial(u64),
    Unrecognised,
}

impl From<Secret> for Stored {
    fn from(secret: Secret) -> Stored {
        match secret.serial {
            Some(serial) => Stored::Serial(serial),
            None if secret.text.is_empty() => Stored::Empty,
            None => Stored::Unrecognised,
        }
    }
}

impl From<Stored> for Secret {
    fn from(stored: Stored) -> Secret {
        match stored {
            Stored::Empty => Secret::default(),
            Stored::Serial(serial) => Secret { text: String::new(), serial: Some(serial) },
            Stored::Unrecognised => Secret { text: "unrecognised".to_owned(), serial: None },
        }
    }
}

impl Secret {
    /// `world` says which of its tokens this is, if it is one.
    pub(crate) fn new(text: &str, seed: &Seed, world: &World) -> Secret {
        Secret { text: text.to_owned(), serial: world.serial_of(seed, text) }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text again, in a world that was resumed.
    pub(crate) fn recall(&mut self, seed: &Seed, target: Target) {
        if let Some(serial) = self.serial {
            self.text = crate::tokens::scim_token(seed, target, serial);
        }
    }
}

//! The long-lived tokens of targets whose console shows them for copying. No HTTP here, and no rule of one target.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Target,
    tokens::{self, Seed},
};

/// Tokens, oldest first.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Bearers {
    pub issued: Vec<Bearer>,
    /// The serial number of the one that was just made at a console: the only one that can be seen there.
    #[serde(default)]
    pub fresh: Option<u64>,
    last: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Bearer {
    pub serial: u64,
    pub name: String,
    pub issued_at: Timestamp,
    /// `None` lives for ever.
    pub expires_at: Option<Timestamp>,
}

impl Bearer {
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

impl Bearers {
    pub(crate) fn issue(&mut self, name: &str, now: Timestamp, life: Option<SignedDuration>) -> Bearer {
        self.last += 1;
        let issued_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let bearer = Bearer {
            serial: self.last,
            name: name.to_owned(),
            issued_at,
            expires_at: life.map(|life| issued_at + life),
        };
        self.issued.push(bearer.clone());
        bearer
    }

    pub(crate) fn remove(&mut self, serial: u64) -> bool {
        let before = self.issued.len();
        self.issued.retain(|one| one.serial != serial);
        self.issued.len() < before
    }

    /// The token that this text is, if it still counts.
    pub(crate) fn accepts(&self, seed: &Seed, target: Target, token: &str, now: Timestamp) -> Option<&Bearer> {
        self.issued.iter().find(|one| one.is_live(now) && tokens::scim_token(seed, target, one.serial) == token)
    }

    /// The serial number of a token of ours, whether or not it still counts.
    pub(crate) fn serial(&self, seed: &Seed, target: Target, token: &str) -> Option<u64> {
        (1..=self.last).rev().take(1000).find(|serial| tokens::scim_token(seed, target, *serial) == token)
    }

    /// Every token that was made last, whether or not it still counts.
    pub(crate) fn texts(&self, seed: &Seed, target: Target) -> impl Iterator<Item = String> {
        (1..=self.last).rev().take(100).map(move |serial| tokens::scim_token(seed, target, serial))
    }

    pub(crate) fn newest(&self) -> Option<&Bearer> {
        self.issued.last()
    }
}

//! A value that must not leak. It can come in (`Deserialize`) and cannot go out: there is no `Serialize`,
//! `Debug` prints a placeholder, and the bytes are wiped when it is dropped.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A token or password. Read it with [`Secret::expose`], and only at a door that is meant for it.
///
/// ```compile_fail
/// serde_json::to_string(&usher_core::Secret::new("a")).unwrap(); // a secret cannot be serialised
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a value; the caller's own copy is the caller's to forget.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The bytes themselves. Each call is a door through the wall: keyring, Authorization header, clipboard, reveal.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes; Windows' keyring and some consoles have limits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last four characters, for recognising a token again; fewer of a short one, so that it stays a secret.
    pub fn last_four(&self) -> String {
        let total = self.0.chars().count();
        let shown = if total >= 12 { 4 } else { 0 };
        self.0.chars().skip(total - shown).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Some(Secret::new("canary-4711"))), "Some([redacted])");
    }

    #[test]
    fn last_four_of_a_short_one_is_nothing() {
        for (value, shown) in
            [("", ""), ("abc", ""), ("abcdefghijk", ""), ("abcdefghijkl", "ijkl"), ("ääääääääääöü", "ääöü")]
        {
            assert_eq!(Secret::new(value).last_four(), shown, "{value}");
        }
    }
}

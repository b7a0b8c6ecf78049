//! Finds people again by their matching attribute: letter case aside where RFC 7643 says so, blanks around it aside.

use std::{
    borrow::Cow,
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, RandomState},
};

use crate::people::AsIs;

/// Numbers by hashes.
pub(super) type Hashed = HashMap<u64, u32, BuildHasherDefault<AsIs>>;

/// Rows by a key. Only hashes are kept; who looks something up compares the texts.
#[derive(Debug, Default)]
pub(super) struct Keys {
    hasher: RandomState,
    exact: bool,
    rows: Hashed,
}

impl Keys {
    pub(super) fn new(exact: bool) -> Self {
        Self { exact, ..Self::default() }
    }

    pub(super) fn hash(&self, key: &str) -> u64 {
        self.hasher.hash_one(folded(key, self.exact).as_bytes())
    }

    /// Notes a row; `false` if the key has one already.
    pub(super) fn add(&mut self, key: &str, row: u32) -> bool {
        let hash = self.hash(key);
        match self.rows.entry(hash) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
                true
            }
            std::collections::hash_map::Entry::Occupied(_) => false,
        }
    }

    pub(super) fn find(&self, key: &str) -> Option<u32> {
        self.rows.get(&self.hash(key)).copied()
    }
}

/// Without blanks around it, and in small letters unless letter case counts.
fn folded(key: &str, exact: bool) -> Cow<'_, str> {
    let key = key.trim();
    match exact || !key.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        true => Cow::Borrowed(key),
        false => Cow::Owned(key.to_lowercase()),
    }
}

/// Whether two values are the same to a SCIM server.
pub(super) fn same(one: &str, other: &str, exact: bool) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one == other
        || !exact
            && match one.is_ascii() && other.is_ascii() {
                true => one.eq_ignore_ascii_case(other),
                false => one.to_lowercase() == other.to_lowercase(),
            }
}

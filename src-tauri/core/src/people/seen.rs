//! Who was in the list already, by hashes: the names themselves are not kept.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState},
};

/// Names without letter case, each with the line on which it came first.
pub(super) struct Seen {
    /// Keyed anew in each check, so that no list can be made to collide.
    hasher: RandomState,
    first: HashMap<u64, First, BuildHasherDefault<AsIs>>,
    folded: String,
}

/// Where, and how it was written there.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub(super) line: u32,
    exact: u32,
}

/// Somebody who was there before.
pub(super) struct Again {
    pub(super) line: u32,
    /// Written the same, letter by letter.
    pub(super) same: bool,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), first: HashMap::default(), folded: String::new() }
    }

    /// Notes a name; says if it was there before.
    pub(super) fn note(&mut self, name: &[u8], line: u32) -> Option<Again> {
        let exact = short(self.hasher.hash_one(name));
        fold(name, &mut self.folded);
        let key = self.hasher.hash_one(self.folded.as_bytes());
        match self.first.entry(key) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(First { line, exact });
                None
            }
            std::collections::hash_map::Entry::Occupied(first) => {
                let First { line, exact: before } = *first.get();
                Some(Again { line, same: before == exact })
            }
        }
    }

    /// The name noted last, in small letters.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }
}

fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// In small letters. Most names are ASCII.
pub(super) fn fold(name: &[u8], folded: &mut String) {
    folded.clear();
    if name.is_ascii() {
        folded.extend(name.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        folded.extend(String::from_utf8_lossy(name).chars().flat_map(char::to_lowercase));
    }
}

/// Keys are hashes already.
#[derive(Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

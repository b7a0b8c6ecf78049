//! Who was in the list already, by hashes: the names themselves are not kept.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState},
};

/// Makes keys of names. Keyed anew in each check, so that no list can be made to collide.
pub(super) struct Keys {
    hasher: RandomState,
    folded: String,
}

/// A name without its letters.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// The same for all ways to write it in capitals.
    name: u64,
    /// Which of its letters are capitals.
    capitals: u32,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self { hasher: RandomState::new(), folded: String::new() }
    }

    pub(super) fn key(&mut self, name: &[u8]) -> Key {
        fold(name, &mut self.folded);
        let capitals = match name.is_ascii() {
            true => name.iter().fold(0_u32, |bits, byte| bits.rotate_left(1) ^ u32::from(byte.is_ascii_uppercase())),
            false => (self.hasher.hash_one(name) >> 32) as u32,
        };
        Key { name: self.hasher.hash_one(self.folded.as_bytes()), capitals }
    }
}

/// Names without letter case, each with the line on which it came first.
#[derive(Default)]
pub(super) struct Seen(HashMap<u64, First, BuildHasherDefault<AsIs>>);

/// Where, and how it was written there.
struct First {
    line: u32,
    capitals: u32,
}

/// Somebody who was there before.
pub(super) struct Again {
    pub(super) line: u32,
    /// Written the same, letter by letter.
    pub(super) same: bool,
}

impl Seen {
    /// Notes a name; says if it was there before.
    pub(super) fn note(&mut self, key: Key, line: u32) -> Option<Again> {
        match self.0.entry(key.name) {
            Entry::Vacant(place) => {
                place.insert(First { line, capitals: key.capitals });
                None
            }
            Entry::Occupied(first) => {
                let First { line, capitals } = first.get();
                Some(Again { line: *line, same: *capitals == key.capitals })
            }
        }
    }
}

/// In small letters. Most names are ASCII.
pub(super) fn fold(name: &[u8], folded: &mut String) {
    folded.clear();
    let text = String::from_utf8_lossy(name);
    if name.is_ascii() {
        folded.push_str(&text);
        folded.make_ascii_lowercase();
    } else {
        folded.extend(text.chars().flat_map(char::to_lowercase));
    }
}

/// Keys are hashes already.
#[derive(Default)]
pub(crate) struct AsIs(u64);

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

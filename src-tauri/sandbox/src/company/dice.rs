//! Numbers that look thrown and are the same for the same seed, and identifiers made of them that lead back to the number.

use uuid::Uuid;

/// The step and the finish of SplitMix64 (public domain; Steele, Lea and Flood 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn finish(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number for each purpose and serial number.
pub(super) fn mix(seed: u64, purpose: Purpose, number: u32) -> u64 {
    let place = (u64::from(number) << 8) | purpose as u64;
    finish(finish(seed.wrapping_add(STEP)).wrapping_add(place.wrapping_mul(STEP)))
}

/// What a number is for; each gets its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Names = 1,
    Titles,
    Groups,
    Gaps,
    Person,
    Leaver,
    UserId,
    GroupId,
    UserObjectId,
    GroupObjectId,
}

pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64, purpose: Purpose) -> Dice {
        Dice(mix(seed, purpose, 0))
    }

    /// Below `sides`, which is at least one. The bias of a modulus does not matter here.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(STEP);
        below(finish(self.0), sides)
    }

    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.roll(last + 1));
        }
    }
}

pub(super) fn below(bits: u64, sides: usize) -> usize {
    // What is left of a division by an usize fits into one.
    usize::try_from(bits % sides as u64).unwrap_or(0)
}

/// A UUID that looks random. Its first four bytes hide the number, so that no table is needed to find it again.
pub(super) fn id(seed: u64, purpose: Purpose, number: u32) -> Uuid {
    let mut bytes = [0; 16];
    bytes[4..12].copy_from_slice(&mix(seed, purpose, number).to_be_bytes());
    bytes[12..].copy_from_slice(&mix(!seed, purpose, number).to_be_bytes()[..4]);
    bytes = *uuid::Builder::from_random_bytes(bytes).as_uuid().as_bytes();
    let hidden = number ^ mask(seed, &bytes);
    bytes[..4].copy_from_slice(&hidden.to_be_bytes());
    Uuid::from_bytes(bytes)
}

/// The number of an id that [`id`] made, written as it was made.
pub(super) fn number(seed: u64, purpose: Purpose, text: &str) -> Option<u32> {
    let bytes = *Uuid::try_parse(text).ok()?.as_bytes();
    let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) ^ mask(seed, &bytes);
    (id(seed, purpose, number).to_string() == text).then_some(number)
}

fn mask(seed: u64, bytes: &[u8; 16]) -> u32 {
    let seen = bytes[4..12].iter().fold(0, |all, byte| (all << 8) | u64::from(*byte));
    let [a, b, c, d, ..] = finish(seen ^ seed).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_leads_back_to_its_number_and_to_no_other() {
        let mut seen = HashSet::new();
        for made in (0..2_000).chain([1_000_000, u32::MAX]) {
            let text = id(7, Purpose::UserId, made).to_string();
            assert_eq!(number(7, Purpose::UserId, &text), Some(made));
            assert_eq!(number(7, Purpose::GroupId, &text), None);
            assert_eq!(number(8, Purpose::UserId, &text), None);
            assert!(seen.insert(text));
        }
        for foreign in ["", "u1", "0b7a4f0e-6f5c-4c55-8d0c-4a7f3a1c9b02"] {
            assert_eq!(number(7, Purpose::UserId, foreign), None);
        }
        let text = id(7, Purpose::UserId, 1).to_string().to_uppercase();
        assert_eq!(number(7, Purpose::UserId, &text), None, "ids are compared to the letter");
    }
}

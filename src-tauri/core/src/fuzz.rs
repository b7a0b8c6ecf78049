//! Wrong input of every kind against whatever reads something from outside. Each test goes on for `USHER_FUZZ_SECONDS`
//! (by default for a second), and each single input has to be done within [`LONGEST`].

use std::{
    fmt::Debug,
    time::{Duration, Instant},
};

use proptest::{
    prelude::{Strategy, any, prop},
    test_runner::{Config, TestRunner},
};

mod answers;
mod recipes;
mod tokens;

/// What one small input may take on a slow and busy machine. A loop that does not end takes longer.
const LONGEST: Duration = Duration::from_secs(10);

/// Tries values until the time is over. A failure names the value in its smallest form that was found.
pub(crate) fn for_a_while<T: Debug + Clone>(strategy: impl Strategy<Value = T>, look: impl Fn(&T)) {
    let seconds = std::env::var("USHER_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0);
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    let mut runner = TestRunner::new(Config::default());
    let mut tried = 0_u64;
    while Instant::now() < until {
        let tree =
            strategy.new_tree(&mut runner).unwrap_or_else(|why| panic!("BUG: the strategy makes nothing: {why}"));
        let begun = Instant::now();
        let once = runner.run_one(tree, |value| {
            look(&value);
            Ok(())
        });
        if let Err(why) = once {
            panic!("after {tried} tries: {why}");
        }
        assert!(begun.elapsed() < LONGEST, "one input took {:?}", begun.elapsed());
        tried += 1;
    }
    assert!(tried > 0, "nothing was tried");
    // Shown with --nocapture, for who wants to know what the time was good for.
    tracing::info!(tried, seconds, "fuzzed");
}

/// What happens to a file on its way: bytes are lost, doubled, changed, cut off, and put in from elsewhere.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// Everything after this place is gone.
    Cut(prop::sample::Index),
    /// A stretch is gone.
    Lose(prop::sample::Index, usize),
    /// A stretch is there twice.
    Double(prop::sample::Index, usize),
    /// A byte is another.
    Change(prop::sample::Index, u8),
    /// Something is put in.
    Insert(prop::sample::Index, Vec<u8>),
}

/// Some damage to one of these originals.
pub(crate) fn damaged(originals: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let place = || any::<prop::sample::Index>();
    let piece = prop::collection::vec(
        prop::sample::select(b"\0\"'{}[],:;=\\\n\r\t<>&%#@ \x1b\xef\xbb\xbf\xff\xfe09aZ".to_vec()),
        1..12,
    );
    let damage = proptest::prop_oneof![
        place().prop_map(Damage::Cut),
        (place(), 1..200_usize).prop_map(|(at, length)| Damage::Lose(at, length)),
        (place(), 1..200_usize).prop_map(|(at, length)| Damage::Double(at, length)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Change(at, byte)),
        (place(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece)),
    ];
    (prop::sample::select(originals), prop::collection::vec(damage, 0..6))
        .prop_map(|(original, damages)| damages.iter().fold(original, harm))
}

fn harm(mut bytes: Vec<u8>, damage: &Damage) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let stretch = |at: &prop::sample::Index, length: usize| {
        let from = at.index(bytes.len());
        from..(from + length).min(bytes.len())
    };
    match damage {
        Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Damage::Lose(at, length) => {
            let range = stretch(at, *length);
            bytes.drain(range);
        }
        Damage::Double(at, length) => {
            let range = stretch(at, *length);
            let again = bytes[range.clone()].to_vec();
            bytes.splice(range.start..range.start, again);
        }
        Damage::Change(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Damage::Insert(at, piece) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, piece.iter().copied());
        }
    }
    bytes
}

//! Wrong input of every kind against whatever reads something from outside. Each test goes on for `USHER_FUZZ_SECONDS`
//! (by default for a second) and tries at least [`AT_LEAST`] inputs. Each of them has to be done within [`LONGEST`]; one
//! that is never done is named by [`Watch`], as a test that hangs says nothing.

use std::{
    fmt::Debug,
    io::Write as _,
    sync::{Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use proptest::{
    prelude::{Strategy, any, prop},
    test_runner::{Config, TestCaseError, TestRunner},
};

mod answers;
mod recipes;
mod tokens;

/// What one small input may take on a slow and busy machine.
const LONGEST: Duration = Duration::from_secs(10);
/// What takes so long will not end.
const HANGS: Duration = Duration::from_secs(120);
/// However short the time is.
const AT_LEAST: u64 = 20;

/// Tries values until the time is over. A failure names the value in its smallest form that was found.
pub(crate) fn for_a_while<T>(strategy: impl Strategy<Value = T>, look: impl Fn(&T))
where
    T: Debug + Clone + Send,
{
    let until = Instant::now() + budget();
    let mut runner = TestRunner::new(quick_to_fail());
    let watch = Watch::default();
    let (over, ended) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| watch.until(ended));
        // Dropped on a failure too: the watch ends, and the scope with it.
        let _over = over;
        let mut tried = 0;
        while tried < AT_LEAST || Instant::now() < until {
            let tree =
                strategy.new_tree(&mut runner).unwrap_or_else(|why| panic!("BUG: the strategy makes nothing: {why}"));
            let once = runner.run_one(tree, |value| {
                let took = watch.over(&value, || look(&value));
                if took < LONGEST { Ok(()) } else { Err(TestCaseError::fail(format!("it took {took:?}"))) }
            });
            if let Err(why) = once {
                panic!("after {tried} tries: {why}");
            }
            tried += 1;
        }
        // Shown with --nocapture, for who wants to know what the time was good for.
        tracing::info!(tried, "fuzzed");
    });
}

fn budget() -> Duration {
    let Some(given) = std::env::var_os("USHER_FUZZ_SECONDS") else { return Duration::from_secs(1) };
    let seconds = given.to_str().and_then(|text| text.parse().ok()).map(Duration::try_from_secs_f64);
    seconds.and_then(Result::ok).unwrap_or_else(|| panic!("USHER_FUZZ_SECONDS is a number, not {given:?}"))
}

/// The smallest form of a failure is looked for, but not for long: each of the steps may be as slow as the failure.
fn quick_to_fail() -> Config {
    Config { failure_persistence: None, max_shrink_iters: 2_000, max_shrink_time: 60_000, ..Config::default() }
}

/// Which value is being looked at, and since when.
struct Watch<T>(Mutex<Option<(T, Instant)>>);

impl<T> Default for Watch<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Debug + Clone> Watch<T> {
    /// Does it, and says how long that took.
    fn over(&self, value: &T, look: impl FnOnce()) -> Duration {
        let begun = Instant::now();
        self.set(Some((value.clone(), begun)));
        look();
        self.set(None);
        begun.elapsed()
    }

    fn set(&self, now: Option<(T, Instant)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Looks around until the other end of the channel is gone. A loop without an end cannot be stopped from outside, so
    /// the whole run ends, with the value on the real standard error.
    fn until(&self, ended: mpsc::Receiver<()>) {
        while ended.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
            let now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((value, begun)) = now.as_ref()
                && begun.elapsed() > HANGS
            {
                let _ = writeln!(std::io::stderr(), "not done after {HANGS:?}: {value:?}");
                std::process::abort();
            }
        }
    }
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
    damaged_with(originals, prop::collection::vec(any::<u8>(), 1..12))
}

/// Some damage, with pieces put in that mean something to the reader.
pub(crate) fn damaged_with(
    originals: Vec<Vec<u8>>,
    meaningful: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<u8>> {
    let place = || any::<prop::sample::Index>();
    let marks = prop::collection::vec(
        prop::sample::select(b"\0\"'{}[],:;=\\\n\r\t<>&%#@ \x1b\xef\xbb\xbf\xff\xfe09aZ".to_vec()),
        1..12,
    );
    let damage = proptest::prop_oneof![
        place().prop_map(Damage::Cut),
        (place(), 1..400_usize).prop_map(|(at, length)| Damage::Lose(at, length)),
        (place(), 1..400_usize).prop_map(|(at, length)| Damage::Double(at, length)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Change(at, byte)),
        (place(), marks).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (place(), meaningful).prop_map(|(at, piece)| Damage::Insert(at, piece)),
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

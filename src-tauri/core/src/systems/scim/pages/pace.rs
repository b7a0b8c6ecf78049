//! How many pages are under way at once, and when nothing may be asked at all: shared by all that read one server.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// Pages under way to begin with; more do not help on a fast line.
const FEW: usize = 4;
/// On a slow line.
const MANY: usize = 12;
/// From here on, an answer waits on the line more than on a processor.
const SLOW: Duration = Duration::from_millis(20);
/// Bytes of the pages under way.
const BYTES: usize = 64 << 20;
/// The longest wait that a server may ask for, and the waits for one page all together.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    window: usize,
    most: usize,
    /// The shortest time that an answer took.
    fastest: Duration,
    largest: usize,
    silent_until: Option<Instant>,
}

impl Pace {
    pub(crate) fn new() -> Self {
        let state = State { window: FEW, most: MANY, fastest: Duration::MAX, largest: 0, silent_until: None };
        Self(Mutex::new(state))
    }

    /// How many pages may be under way.
    pub(super) fn window(&self) -> usize {
        self.with(|state| state.window.min(BYTES / state.largest.max(1)).max(1))
    }

    /// How long the server still asks to wait.
    pub(crate) fn waits(&self) -> Option<Duration> {
        self.with(|state| state.silent_until?.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero()))
    }

    /// Waits until something may be asked.
    pub(super) async fn ready(&self) {
        while let Some(until) = self.with(|state| state.silent_until.filter(|until| *until > Instant::now())) {
            sleep_until(until).await;
        }
    }

    /// An answer took so long: more at once as long as they do not stand in each other's way.
    pub(super) fn answered(&self, took: Duration, bytes: usize) {
        self.with(|state| {
            state.largest = state.largest.max(bytes);
            state.fastest = state.fastest.min(took);
            if took > state.fastest * 4 {
                state.window = (state.window - 1).max(FEW.min(state.most));
            } else if state.fastest >= SLOW && took < state.fastest * 2 {
                state.window = (state.window + 1).min(state.most);
            }
        });
    }

    /// The server asks to wait: nobody asks until then, and fewer at once from then on.
    pub(super) fn slow_down(&self, wait: Duration) {
        self.with(|state| {
            let now = Instant::now();
            // The others under way are refused for the same reason; once is enough.
            if state.silent_until.is_none_or(|until| until <= now) {
                state.most = (state.window / 2).max(1);
                state.window = state.most;
            }
            state.silent_until = state.silent_until.max(Some(now + wait));
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

//! End to end in the real window: the program as built, a WebDriver, a screen in memory, a real Secret Service and the
//! real clipboard. `make e2e` runs it; the tools it needs are named in the Makefile.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in a test, a surprise is a failure")]

mod arrived;
mod axe;
mod clipboard;
mod console;
mod desktop;
mod handed;
mod hands;
mod interrupted;
mod journey;
mod keyboard;
mod keyring;
mod ledger;
mod pairs;
mod picture;
mod program;
mod refused;
mod rotation;
mod screen_reader;
mod small;
mod twice;
mod walk;
mod window;
mod words;

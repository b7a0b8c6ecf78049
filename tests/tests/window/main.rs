//! End to end in the real window: the program as built, a WebDriver, a screen in memory, a real Secret Service and the
//! real clipboard. `make e2e` runs it; the tools it needs are named in the Makefile.

mod axe;
mod desktop;
mod first;
mod picture;
mod program;
mod window;

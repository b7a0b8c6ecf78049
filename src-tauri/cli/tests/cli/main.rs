//! The command line as a process: what goes in, what comes out, and the exit code.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod check;
mod classes;
mod diagnose;
mod documents;
mod faults;
mod lint;
mod people;
mod program;
mod rehearse;
mod sandbox;
mod server;
mod status;
mod verify;

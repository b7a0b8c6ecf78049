//! The command line as a process: what goes in, what comes out, and the exit code.

mod check;
mod program;
mod rehearse;
mod sandbox;
mod server;

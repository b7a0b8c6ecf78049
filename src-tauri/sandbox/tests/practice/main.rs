//! The practice world from outside: everything here goes over real HTTP.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod aws;
mod azion;
mod company;
mod consoles;
mod entra_apps;
mod export;
mod faults;
mod generic;
mod okta;
mod rotation;
mod secrets;
mod support;
mod trouble;
mod world;

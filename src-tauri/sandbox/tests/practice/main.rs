//! The practice world from outside: everything here goes over real HTTP.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod faults;
mod support;
mod world;

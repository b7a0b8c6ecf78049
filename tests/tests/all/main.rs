//! What no single crate can prove, without the window: the app against servers that misbehave, against a vault and a
//! disk that refuse, against servers that nobody here wrote; and that no secret leaks anywhere.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod about;
mod arrived;
mod canary;
mod data_dir;
mod found_again;
mod handed_over;
mod issuing;
mod killed;
mod ledger;
mod made_up;
mod package;
mod pasting;
#[cfg(target_os = "linux")]
mod preflight;
mod real_servers;
mod refusals;
mod rehearsal;
mod reminders;
mod resumed;
mod rotation;
mod running;
mod scim_clients;
mod seeded;
mod structure;
mod support;
mod vault;
mod verified;

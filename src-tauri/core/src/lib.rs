//! Everything Usher knows: recipes, the step machine, the clients of the vendors' APIs, the vault and the files.
//! No window, no clipboard, no browser: those live in the shell, and the command line uses this crate as it is.

pub mod about;
pub mod action;
pub mod app;
pub mod class;
pub mod doctor;
pub mod error;
mod examine;
pub mod groups;
mod guard;
pub mod health;
pub mod http;
pub mod lint;
pub mod mapping;
pub mod number;
pub mod operation;
pub mod people;
pub mod places;
mod present;
pub mod recipe;
mod reminder;
mod runbook;
pub mod secret;
pub mod session;
pub mod setup;
pub mod status;
pub mod store;
mod support;
pub mod systems;
mod table;
mod task;
mod template;
pub mod token;
pub mod vault;
pub mod verify;
pub mod view;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod types;

pub use action::Action;
pub use app::App;
pub use class::Class;
pub use error::{Code, Details, Hint, Phase, Problem};
pub use secret::Secret;
pub use view::View;

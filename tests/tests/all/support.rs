//! What the tests stand on: a target that answers as told, an app on it, and ways to look at its view.

pub(crate) mod look;
pub(crate) mod remote;
pub(crate) mod rotation;
pub(crate) mod stage;
pub(crate) mod target;
pub(crate) mod tools;
pub(crate) mod vaults;
pub(crate) mod walk;

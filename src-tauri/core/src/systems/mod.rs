//! Thin clients of the systems that Usher talks to, all over the one [`crate::http`] module.

pub mod azion;
pub mod greenlake;
pub mod probe;
pub mod scim;

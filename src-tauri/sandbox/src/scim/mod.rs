//! The target's SCIM 2.0 server: schema, store, filters and PATCH are plain functions; `profile` says in what one target's differs from
//! another's; `routes` is the HTTP edge.

pub(crate) mod filter;
pub(crate) mod found;
pub(crate) mod patch;
pub(crate) mod profile;
pub(crate) mod routes;
pub(crate) mod schema;
pub(crate) mod store;
mod trouble;
pub(crate) mod view;

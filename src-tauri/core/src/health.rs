//! Whether a target accepts a token: asked as the identity provider's own test will ask, and only reading.

use jiff::Timestamp;

use crate::{
    error::Problem,
    http::{Http, Limits},
    recipe::Guide,
    secret::Secret,
    systems::{probe, scim::BaseUrl},
};

/// Asks once.
///
/// # Errors
/// Who refused, and why; or that nobody answered within the limits.
pub async fn ask(guide: &Guide, scim: &str, token: &Secret, limits: Limits, now: Timestamp) -> Result<(), Problem> {
    let http = Http::with(limits)?;
    let base = BaseUrl::parse(scim)?;
    match probe::probe_as_given(&http, &base, token, guide.asks_like, now).await.problem {
        None => Ok(()),
        Some(problem) => Err(problem),
    }
}

//! Whether a target accepts a token: asked as the identity provider's own test will ask, and only reading.

use jiff::Timestamp;

use crate::{
    error::{Code, Problem},
    http::{Http, Journal, Limits},
    recipe::Guide,
    secret::Secret,
    systems::{
        probe,
        scim::{BaseUrl, Scim},
    },
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

/// Whether the endpoint lets this token in: one question, whatever else may be wrong there. Only 401 says no: a 403 can
/// come from something in between.
///
/// # Errors
/// That it could not be found out.
pub async fn lets_in(http: &Http, scim: &str, token: &Secret, journal: &Journal) -> Result<bool, Problem> {
    match Scim::new(http, scim, token, journal)?.list_users(1, 1).await {
        Ok(_) => Ok(true),
        Err(problem) if problem.code == Code::Unauthorized => Ok(false),
        Err(problem) => Err(problem),
    }
}

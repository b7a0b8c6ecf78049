//! Azion's management API: which identity providers an account has, and switching SCIM on for one of them. The guide
//! contradicts the console's own code (facts/targets.md C5), so answers are read tolerantly and the PATCH is a real one.
//! The SCIM endpoint itself is asked by [`crate::systems::scim`].

use serde_json::{Value, json};
use url::Url;

use crate::{
    error::{Code, Phase, Problem},
    http::{Answer, Http, Journal, Request},
    secret::Secret,
};

mod provider;
mod refusal;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_refusals;

pub use provider::IdentityProvider;
use provider::{Entry, is_usable_uuid};

/// The word of the API for a token (facts/targets.md C1); Entra says `Bearer`, but only to the SCIM endpoint.
const SCHEME: &str = "Token";

/// The link to Azion's guide that stands behind every problem from here.
const GUIDE: &str = "docs-target";

/// The identity providers of the account: `GET {api}/iam/identity_providers`. The list may be an array, one object, or
/// stand under `results` or `data` (facts/targets.md C5). An account without any gives an empty list; an entry without
/// a usable uuid is left out, as is one that repeats a uuid, and everything behind the 200th.
///
/// # Errors
/// [`Code::Unauthorized`], [`Code::RoleMissing`], [`Code::NotFound`] (the address is not offered), [`Code::NotScim`]
/// (no entry has a uuid, or it is no list), [`Code::RateLimited`], [`Code::ServerError`], [`Code::Refused`], and those
/// of [`Http::send`].
pub async fn list_identity_providers(
    http: &Http,
    api: &Url,
    token: &Secret,
    journal: &Journal,
) -> Result<Vec<IdentityProvider>, Problem> {
    let request = Request::get(endpoint(api, &[]));
    let (answer, value) = ask(http, request, token, journal, Call::List).await.map_err(with_guide)?;
    let entries = provider::entries(value).ok_or_else(|| refusal::no_list(&answer)).map_err(with_guide)?;
    let usable = provider::usable(&entries, token);
    if usable.is_empty() && !entries.is_empty() {
        return Err(with_guide(refusal::none_usable(&answer, token)));
    }
    Ok(usable)
}

/// One identity provider: `GET {api}/iam/identity_providers/saml2/<uuid>`.
///
/// # Errors
/// As [`list_identity_providers`]; [`Code::NotFound`] means that this identity provider is no longer there, and
/// [`Code::WrongInput`] that `uuid` cannot be one (nothing is sent then).
pub async fn identity_provider(
    http: &Http,
    api: &Url,
    token: &Secret,
    uuid: &str,
    journal: &Journal,
) -> Result<IdentityProvider, Problem> {
    one(http, Request::get, api, token, uuid, journal, Call::Read)
        .await
        .map(|(_, entry)| entry.provider)
        .map_err(with_guide)
}

/// Switches SCIM on: `PATCH {api}/iam/identity_providers/saml2/<uuid>` with `{"scim_integration":true}`. Sent once; a
/// second time only after 429. What comes back has SCIM on and a SCIM URL.
///
/// # Errors
/// As [`identity_provider`]; [`Code::Refused`] if the answer says that SCIM is still off or names no SCIM URL, and
/// [`Code::WrongPath`] if that URL is none that a token may be sent to. After a timeout, a broken line or a 5xx a hint
/// says that SCIM may be on.
pub async fn enable_scim(
    http: &Http,
    api: &Url,
    token: &Secret,
    uuid: &str,
    journal: &Journal,
) -> Result<IdentityProvider, Problem> {
    let patch = |url| Request::patch(url).json(&json!({ "scim_integration": true }));
    let (answer, entry) = one(http, patch, api, token, uuid, journal, Call::Enable).await.map_err(with_guide)?;
    enabled(&answer, entry).map_err(with_guide)
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    List,
    Read,
    Enable,
}

/// The uuid is opaque and becomes exactly one segment of the path.
fn endpoint(api: &Url, below: &[&str]) -> Url {
    let mut url = api.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(["iam", "identity_providers"]).extend(below);
    }
    url
}

async fn one(
    http: &Http,
    request: impl Fn(Url) -> Request,
    api: &Url,
    token: &Secret,
    uuid: &str,
    journal: &Journal,
    call: Call,
) -> Result<(Answer, Entry), Problem> {
    if !is_usable_uuid(uuid) {
        return Err(no_identifier());
    }
    let (answer, value) = ask(http, request(endpoint(api, &["saml2", uuid])), token, journal, call).await?;
    let entry =
        provider::asked_for(value, uuid, token).ok_or_else(|| unsure(refusal::another_one(&answer, token), call))?;
    Ok((answer, entry))
}

async fn ask(
    http: &Http,
    request: Request,
    token: &Secret,
    journal: &Journal,
    call: Call,
) -> Result<(Answer, Value), Problem> {
    match http.send_keeping(request.authorized(SCHEME, token), journal).await {
        Ok(answer) if answer.is_success() => read(answer).map_err(|problem| unsure(problem, call)),
        Ok(answer) if answer.status >= 500 => Err(unsure(refusal::refusal(&answer, token, call), call)),
        Ok(answer) => Err(refusal::refusal(&answer, token, call)),
        Err(unanswered) if unanswered.maybe_processed => Err(unsure(unanswered.problem, call)),
        Err(unanswered) => Err(unanswered.problem),
    }
}

fn read(answer: Answer) -> Result<(Answer, Value), Problem> {
    let answer = answer.whole()?;
    let value = answer.json().map_err(refusal::not_from_azion)?;
    Ok((answer, value))
}

/// Looks at what a PATCH answered; its 2xx alone proves nothing.
fn enabled(answer: &Answer, entry: Entry) -> Result<IdentityProvider, Problem> {
    let Entry { provider, unusable_url } = entry;
    if !provider.scim {
        return Err(refusal::still_off(answer, &provider));
    }
    match (&provider.scim_url, unusable_url) {
        (Some(_), _) => Ok(provider),
        (None, Some(url)) => Err(refusal::unusable_url(answer, &provider, &url)),
        (None, None) => Err(refusal::no_url(answer, &provider)),
    }
}

/// Adds to a change without a clear answer that it may have happened.
fn unsure(problem: Problem, call: Call) -> Problem {
    match call {
        Call::List | Call::Read => problem,
        Call::Enable => problem.hint_go(
            "Azion may have switched SCIM on all the same. Look at the list of identity providers again: it shows whether SCIM is on.",
            Phase::ScimToken,
        ),
    }
}

fn no_identifier() -> Problem {
    Problem::new(
        Code::WrongInput,
        "The identifier (uuid) of the identity provider is empty or has characters that none has. Usher did not send anything.",
    )
    .hint_go("Look at the list of identity providers again and choose one.", Phase::ScimToken)
}

fn with_guide(problem: Problem) -> Problem {
    problem.docs(GUIDE)
}

//! Tells a wrong token from a wrong path, and finds the right path where a likely correction answers.

use super::{
    Finding,
    ask::{Kind, Prober},
};
use crate::{
    error::{Code, Phase, Problem},
    http::{Answer, redact::cut},
    systems::scim::{self, BaseUrl, Listing},
};

/// The base URL names an endpoint. Whatever the server says to it, the identity provider adds the same word once more.
pub(super) fn endpoint_in_url(given: &BaseUrl, shorter: &BaseUrl) -> Finding {
    let corrected = shorter.text();
    let last = given.text().rsplit('/').next().map(|last| cut(last, 40)).unwrap_or_default();
    let problem = Problem::new(
        Code::WrongPath,
        format!("The base URL ends in /{last}. The identity provider adds /Users and /Groups itself and would ask for /{last}/Users."),
    )
    .hint(format!("Use {corrected} instead."));
    Finding { problem, corrected_url: Some(corrected) }
}

/// 401: one more request, to the part of SCIM that often answers without a token (RFC 7644, section 4).
pub(super) async fn unauthorized(prober: &mut Prober<'_>, answer: &Answer) -> Finding {
    let problem = scim::refusal(answer);
    let base = prober.base;
    let Ok(config) = prober.get(base, &["ServiceProviderConfig"], &[]).await else {
        return problem.into();
    };
    let is_config = config.is_success()
        && !config.is_html()
        && config.json::<serde_json::Value>().is_ok_and(|value| value.is_object());
    let hint = if is_config || config.status == 404 {
        "The path is right: the server tells /Users from other paths. It is the token that it refuses.".to_owned()
    } else if config.is_success() {
        format!(
            "Another path below the base URL shows a web page, so the path may be wrong as well. Compare {} with the one in the console.",
            prober.base.text()
        )
    } else {
        format!(
            "This server refuses every path with this token, so a wrong path cannot be told from a wrong token. Compare {} letter by letter with the one in the console, too.",
            prober.base.text()
        )
    };
    problem.hint(hint).into()
}

/// 404 for the list of users: tries likely corrections on the same host.
pub(super) async fn not_found(prober: &mut Prober<'_>, answer: &Answer) -> Finding {
    for candidate in corrections(prober.base) {
        if !prober.may_ask() {
            break;
        }
        if answers_as_scim(prober, &candidate).await {
            return corrected(prober, &candidate, answer);
        }
    }
    Problem::new(Code::NotFound, format!("{} has no SCIM at {} (404 Not Found).{}", prober.host(), cut(&prober.base.text(), 300), answer.quote()))
        .hint_go("Compare the base URL letter by letter with the one that the console shows for SCIM.", Phase::IdpCredentials)
        .hint("Usher also tried the usual corrections (/scim/v2, /v2, /scim, without the last part); none of them answered as SCIM.")
        .details(answer.details())
        .into()
}

fn corrected(prober: &Prober<'_>, candidate: &BaseUrl, answer: &Answer) -> Finding {
    let corrected = candidate.text();
    let problem = Problem::new(
        Code::WrongPath,
        format!("{} has no SCIM at this path (404 Not Found), but it answers at {corrected}.", prober.host()),
    )
    .hint_go(format!("Use {corrected} as the base URL."), Phase::IdpCredentials)
    .details(answer.details());
    Finding { problem, corrected_url: Some(corrected) }
}

async fn answers_as_scim(prober: &mut Prober<'_>, base: &BaseUrl) -> bool {
    let asked = prober.get(base, &[Kind::Users.path()], &[("startIndex", "1"), ("count", "1")]).await;
    asked.is_ok_and(|answer| answer.is_success() && Listing::read(&answer).is_ok())
}

/// Likely intended base URLs, likeliest first, each once.
fn corrections(base: &BaseUrl) -> Vec<BaseUrl> {
    let mut all = vec![base.child(&["scim", "v2"]), base.child(&["v2"]), base.child(&["scim"])];
    if let Some(parent) = base.parent() {
        all.extend([parent.clone(), parent.child(&["scim", "v2"]), parent.child(&["v2"])]);
    }
    let mut seen = vec![base.text()];
    all.retain(|candidate| {
        let text = candidate.text();
        let fresh = !seen.contains(&text);
        seen.push(text);
        fresh
    });
    all
}

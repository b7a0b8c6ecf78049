//! Tells a wrong token from a wrong path, and finds the right path where a likely correction answers.

use url::Url;

use super::{
    ask::{Kind, Prober},
    report::Finding,
    stage::Stage,
};
use crate::{
    class::Class,
    error::{Code, Phase, Problem},
    http::{Answer, redact::cut},
    systems::scim::{self, BaseUrl, Listing},
};

/// The base URL as it is written at a stage.
pub(super) fn shown(base: &BaseUrl) -> String {
    cut(&base.text(), 120)
}

/// The base URL names an endpoint. Whatever the server says to it, the identity provider adds the same word once more. The
/// URL without it is offered if it answers.
pub(super) async fn endpoint_in_url(prober: &Prober<'_>, given: &BaseUrl, hints: &mut Vec<String>) -> Finding {
    let corrected = prober.base.text();
    let last = given.text().rsplit('/').next().map(|last| cut(last, 40)).unwrap_or_default();
    let problem = Problem::new(
        Code::WrongPath,
        format!(
            "The base URL ends in /{last}. The identity provider adds /Users and /Groups itself and would ask for /{last}/Users."
        ),
    );
    let words = format!("ends in /{last}, which the identity provider adds itself");
    let answer = match prober.first(prober.page(Kind::Users, 1, 1), hints).await {
        Ok(answer) => answer,
        Err(unanswered) => {
            let why = super::first_sentence(&unanswered.problem.message);
            let hint = format!("Without it, it is {corrected}. Usher tried that, too: {why}.");
            return Finding::from(problem.hint(hint)).in_words(words);
        }
    };
    if answer.is_success() && Listing::read(&answer).is_ok() {
        let problem =
            problem.hint_go(format!("Use {corrected} instead. Usher tried it, and it answers."), Phase::IdpCredentials);
        return Finding { corrected_url: Some(corrected), ..Finding::from(problem).in_words(words) };
    }
    let why = answer.named_status();
    let hint = format!(
        "Without it, it is {corrected}. Usher tried that, too, and it does not answer as SCIM ({why}): compare the rest of the URL, and the token, as well."
    );
    Finding::from(problem.hint(hint).details(answer.details())).in_words(words)
}

/// The base URL was given with doubled slashes, which Usher leaves out and the identity provider does not.
pub(super) async fn doubled_slashes(prober: &Prober<'_>, given: &str) -> Option<Finding> {
    let mut asked = Url::parse(given.trim()).ok().filter(|url| url.path().trim_end_matches('/').contains("//"))?;
    let path = format!("{}/{}", asked.path().trim_end_matches('/'), Kind::Users.path());
    asked.set_path(&path);
    asked.set_query(Some("startIndex=1&count=1"));
    let corrected = shown(prober.base);
    match prober.get_url(asked).await {
        Ok(answer) if answer.is_success() && Listing::read(&answer).is_ok() => None,
        answer => {
            let status = answer.as_ref().map_or_else(|_| "no answer".to_owned(), Answer::named_status);
            let problem = Problem::new(
                Code::WrongPath,
                format!(
                    "The base URL has a slash too many: {} answers at {corrected}, but not as it was given ({status}).",
                    prober.host()
                ),
            )
            .hint_go(format!("Use {corrected} as the base URL."), Phase::IdpCredentials);
            Some(Finding {
                corrected_url: Some(prober.base.text()),
                ..Finding::from(problem).in_words("a slash too many")
            })
        }
    }
}

/// A web page where data belongs: a console's page, or the page that a site shows at every wrong path.
pub(super) async fn web_page(prober: &Prober<'_>, answer: &Answer, problem: Problem) -> Finding {
    match correction(prober).await {
        Some(candidate) => corrected(prober, &candidate, answer, "a web page"),
        None => problem.into(),
    }
}

/// 401: one more request, to the part of SCIM that often answers without a token (RFC 7644, section 4).
pub(super) async fn unauthorized(prober: &Prober<'_>, answer: &Answer) -> Finding {
    let mut problem = scim::refusal(answer);
    let ended = answer.said().is_some_and(|said| said.to_lowercase().contains("expired"));
    let class = if ended { Class::TokenExpired } else { Class::BadCredentials };
    if let Some(region) = super::consoles::about_the_region(prober.base.url(), Code::Unauthorized) {
        problem = problem.hint(region);
    }
    let base = prober.base;
    let Ok(config) = prober.get(base, &["ServiceProviderConfig"], &[]).await else {
        return Finding::from(problem).at(Stage::Authorised, class);
    };
    let is_config = config.is_success()
        && !config.is_html()
        && config.json::<serde_json::Value>().is_ok_and(|value| value.is_object());
    let hint = if is_config || config.status == 404 {
        prober.board.pass(Stage::Path, format!("{} tells users from other paths", shown(base)));
        "The path is right: the server tells /Users from other paths. It is the token that it refuses.".to_owned()
    } else if config.is_success() {
        format!(
            "Another path below the base URL shows a web page, so the path may be wrong as well. Compare {} with the one in the console.",
            base.text()
        )
    } else {
        format!(
            "This server refuses every path with this token, so a wrong path cannot be told from a wrong token. Compare {} letter by letter with the one in the console, too.",
            base.text()
        )
    };
    let words = format!("refused ({}){}", answer.named_status(), if ended { ": it has expired" } else { "" });
    Finding::from(problem.hint(hint)).at(Stage::Authorised, class).in_words(words)
}

/// 404 for the list of users: tries likely corrections on the same host.
pub(super) async fn not_found(prober: &Prober<'_>, answer: &Answer) -> Finding {
    if let Some(candidate) = correction(prober).await {
        return corrected(prober, &candidate, answer, "404 Not Found");
    }
    Problem::new(Code::NotFound, format!("{} has no SCIM at {} (404 Not Found).{}", prober.host(), cut(&prober.base.text(), 300), answer.quote()))
        .hint_go("Compare the base URL letter by letter with the one that the console shows for SCIM.", Phase::IdpCredentials)
        .hint("Usher also tried the usual corrections (/scim/v2, /v2, /scim, without the last part); none of them answered as SCIM.")
        .details(answer.details())
        .into()
}

fn corrected(prober: &Prober<'_>, candidate: &BaseUrl, answer: &Answer, instead: &str) -> Finding {
    let corrected = candidate.text();
    let problem = Problem::new(
        Code::WrongPath,
        format!("{} has no SCIM at this path ({instead}), but it answers at {corrected}.", prober.host()),
    )
    .hint_go(format!("Use {corrected} as the base URL."), Phase::IdpCredentials)
    .details(answer.details());
    let words = format!("no SCIM here ({instead}), but at {}", shown(candidate));
    Finding { corrected_url: Some(corrected), ..Finding::from(problem).in_words(words) }
}

/// The first likely correction that answers as SCIM.
async fn correction(prober: &Prober<'_>) -> Option<BaseUrl> {
    for candidate in corrections(prober.base) {
        if !prober.may_ask() {
            break;
        }
        if answers_as_scim(prober, &candidate).await {
            return Some(candidate);
        }
    }
    None
}

async fn answers_as_scim(prober: &Prober<'_>, base: &BaseUrl) -> bool {
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

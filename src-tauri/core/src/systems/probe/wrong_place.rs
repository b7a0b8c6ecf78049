//! Tells a wrong token from a wrong path, and finds the right path where a likely correction answers.

use url::Url;

use super::{
    ask::{Kind, Pace, Prober},
    report::Finding,
    stage::Stage,
};
use crate::{
    class::Class,
    error::{Code, Hint, Phase, Problem},
    http::{Answer, redact::cut},
    systems::scim::{self, BaseUrl, Listing},
    token::{self, Form},
};

/// The base URL as it is written at a stage.
pub(super) fn shown(base: &BaseUrl) -> String {
    cut(&base.text(), 120)
}

/// The base URL names an endpoint. Whatever the server says to it, the identity provider adds the same word once more. The
/// URL without it is offered if it answers; the URL itself, asked in the same way, is right where only it answers (Azion
/// documents such a one).
pub(super) async fn endpoint_in_url(
    prober: &Prober<'_>,
    given: &BaseUrl,
    hints: &mut Vec<String>,
) -> Result<(), Finding> {
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
            return Err(Finding::from(problem.hint(hint)).in_words(words));
        }
    };
    if let Some(right) = base_that_answered(&answer, prober.base) {
        let right = right.text();
        let problem =
            problem.hint_go(format!("Use {right} instead. Usher tried it, and it answers."), Phase::IdpCredentials);
        return Err(Finding { corrected_url: Some(right), ..Finding::from(problem).in_words(words) });
    }
    if answers_as_scim(prober, given).await.is_ok_and(|right| right.as_ref() == Some(given)) {
        hints.push(format!("The base URL ends in /{last}, which is unusual: the identity provider asks for /{last}/Users. The server answers there, and not without /{last}, so that the URL is right as it is."));
        return Ok(());
    }
    let why = answer.named_status();
    let hint = format!(
        "Without it, it is {corrected}. Usher tried that, too, and it does not answer as SCIM ({why}): compare the rest of the URL, and the token, as well."
    );
    Err(Finding::from(problem.hint(hint).details(answer.details())).in_words(words))
}

/// What answers only after a redirect on the same host: clients drop the token on the way, or turn a POST into a GET.
pub(super) fn redirected(prober: &Prober<'_>, answer: &Answer) -> Finding {
    let leads = cut(answer.url.path(), 200);
    let problem = Problem::new(
        Code::WrongPath,
        format!(
            "{} answers at this path only with a redirect, to {leads}. Identity providers do not follow it, or lose the token on the way.",
            prober.host()
        ),
    )
    .details(answer.details());
    match base_that_answered(answer, prober.base).filter(|right| right != prober.base) {
        Some(right) => {
            let words = format!("a redirect, to {}", shown(&right));
            let right = right.text();
            let problem = problem.hint_go(format!("Use {right} as the base URL: it answers."), Phase::IdpCredentials);
            Finding { corrected_url: Some(right), ..Finding::from(problem).in_words(words) }
        }
        None => {
            let hint = "Compare the base URL with the one in the console; if it is right, tell the team that runs the server that it must answer at the path that is asked.";
            Finding::from(problem.hint(hint)).in_words(format!("a redirect, to {leads}"))
        }
    }
}

/// The base URL at which a list of users was read: the one that was asked, or the one to which it led.
fn base_that_answered(answer: &Answer, asked: &BaseUrl) -> Option<BaseUrl> {
    if !answer.is_success() || Listing::read(answer).is_err() {
        return None;
    }
    if answer.redirected_from.is_none() {
        return Some(asked.clone());
    }
    let mut leads = answer.url.clone();
    leads.set_query(None);
    let leads = BaseUrl::parse(leads.as_str()).ok()?;
    leads.url().path().to_lowercase().ends_with("/users").then(|| leads.parent()).flatten()
}

/// The base URL was given with doubled slashes, which Usher leaves out and the identity provider does not.
pub(super) async fn doubled_slashes(prober: &Prober<'_>, given: &str) -> Option<Finding> {
    let mut asked = with_slashes(given)?;
    let path = format!("{}/{}", without_last_slash(&asked), Kind::Users.path());
    asked.set_path(&path);
    asked.set_query(Some("startIndex=1&count=1"));
    let corrected = shown(prober.base);
    match prober.get_url(asked).await {
        Ok(answer) if answer.redirected_from.is_none() && answer.is_success() && Listing::read(&answer).is_ok() => None,
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

/// The URL as it was given, if there are slashes that Usher leaves out. One at the very end is usual.
pub(super) fn with_slashes(given: &str) -> Option<Url> {
    let url = Url::parse(given.trim()).ok()?;
    let path = without_last_slash(&url);
    (path.contains("//") || path.ends_with('/')).then_some(url)
}

fn without_last_slash(url: &Url) -> &str {
    url.path().strip_suffix('/').unwrap_or_else(|| url.path())
}

/// A web page where data belongs: a console's page, or the page that a site shows at every wrong path.
pub(super) async fn web_page(prober: &Prober<'_>, answer: &Answer, problem: Problem) -> Finding {
    match correction(prober).await {
        Ok(candidate) => corrected(prober, &candidate, answer, "a web page"),
        Err(_) => problem.into(),
    }
}

/// 401: one more request, to the part of SCIM that often answers without a token (RFC 7644, section 4).
pub(super) async fn unauthorized(prober: &Prober<'_>, answer: &Answer) -> Finding {
    let mut problem = scim::refusal(answer);
    let end = ended(prober);
    let ended = end.is_some() || answer.said().is_some_and(|said| said.to_lowercase().contains("expired"));
    if let Some(end) = &end {
        problem.hints.insert(
            0,
            Hint {
                text: format!("The token itself says that it ended on {end}. Make a new one in the console."),
                go: Some(Phase::ScimToken),
            },
        );
    }
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
    let why = match (end, ended) {
        (Some(end), _) => format!(": it ended on {end}"),
        (None, true) => ": it has expired".to_owned(),
        (None, false) => String::new(),
    };
    let words = format!("refused ({}){why}", answer.named_status());
    Finding::from(problem.hint(hint)).at(Stage::Authorised, class).in_words(words)
}

/// When the token ended, if it says so.
fn ended(prober: &Prober<'_>) -> Option<String> {
    match token::read(prober.token, prober.now).form {
        Form::Jwt { expires_at: Some(end), .. } => (end <= prober.now).then(|| super::way::day(end)),
        Form::Jwt { .. } | Form::Opaque => None,
    }
}

/// 404 for the list of users: tries likely corrections on the same host.
pub(super) async fn not_found(prober: &Prober<'_>, answer: &Answer) -> Finding {
    let tried = match correction(prober).await {
        Ok(candidate) => return corrected(prober, &candidate, answer, "404 Not Found"),
        Err(tried) => tried,
    };
    let problem = Problem::new(
        Code::NotFound,
        format!(
            "{} has no SCIM at {} (404 Not Found).{}",
            prober.host(),
            cut(&prober.base.text(), 300),
            answer.quote()
        ),
    )
    .hint_go(
        "Compare the base URL letter by letter with the one that the console shows for SCIM.",
        Phase::IdpCredentials,
    )
    .details(answer.details());
    match tried.as_slice() {
        [] => problem.into(),
        tried => problem
            .hint(format!(
                "Usher also tried the usual corrections ({}); none of them answered as SCIM.",
                tried.join(", ")
            ))
            .into(),
    }
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

/// The first likely correction that answers as SCIM; else the paths that were tried. One that does not answer at all is
/// the last: the others would only take as long.
async fn correction(prober: &Prober<'_>) -> Result<BaseUrl, Vec<String>> {
    let prober = &Prober { pace: Pace::OneByOne, ..*prober };
    let mut tried = Vec::new();
    for candidate in corrections(prober.base) {
        if !prober.may_ask() {
            break;
        }
        tried.push(format!("`{}`", cut(candidate.url().path(), 80)));
        match answers_as_scim(prober, &candidate).await {
            Ok(Some(right)) => return Ok(right),
            Ok(None) => {}
            Err(problem) if problem.code == Code::Timeout => break,
            Err(_) => {}
        }
    }
    Err(tried)
}

async fn answers_as_scim(prober: &Prober<'_>, base: &BaseUrl) -> Result<Option<BaseUrl>, Problem> {
    let answer = prober.get(base, &[Kind::Users.path()], &[("startIndex", "1"), ("count", "1")]).await?;
    Ok(base_that_answered(&answer, base))
}

/// Likely intended base URLs, likeliest first, each once.
fn corrections(base: &BaseUrl) -> Vec<BaseUrl> {
    let mut all = Vec::new();
    all.extend(in_small_letters(base));
    all.extend([base.child(&["scim", "v2"]), base.child(&["v2"]), base.child(&["scim"])]);
    if let Some(parent) = base.parent() {
        all.extend([parent.clone(), parent.child(&["scim", "v2"]), parent.child(&["v2"])]);
    }
    all.extend(
        std::iter::successors(Some(base.clone()), BaseUrl::parent).last().map(|root| root.child(&["scim", "v2"])),
    );
    let mut seen = vec![base.text()];
    all.retain(|candidate| {
        let text = candidate.text();
        let fresh = !seen.contains(&text);
        seen.push(text);
        fresh
    });
    all
}

fn in_small_letters(base: &BaseUrl) -> Option<BaseUrl> {
    let mut url = base.url().clone();
    url.set_path(&base.url().path().to_lowercase());
    BaseUrl::parse(url.as_str()).ok()
}

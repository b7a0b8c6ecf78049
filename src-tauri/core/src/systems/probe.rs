//! The preflight: asks a SCIM server what the identity provider's own test will ask, stage by stage, and says in words
//! what is wrong. It only reads, makes at most 20 requests, and lists each of them. It asks from this computer: what a
//! firewall does to the identity provider's requests cannot be seen from here (facts/failures.md 16).

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    class::Class,
    error::{Code, Phase, Problem},
    http::{Http, Journal},
    secret::Secret,
    systems::scim::BaseUrl,
    token,
};

mod ask;
mod checks;
mod consoles;
mod course;
mod inspecting;
mod later;
mod paging;
mod report;
mod stage;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hostile;
#[cfg(test)]
mod tests_later;
#[cfg(test)]
mod tests_places;
#[cfg(test)]
mod tests_stages;
#[cfg(test)]
mod tests_way;
mod way;
mod wrong_place;

pub use report::{Report, ReportCode};
pub use stage::{Stage, StageLine, State, Watch};

use ask::{Pace, Prober};
use course::Course;
use report::{Facts, Finding};
use stage::Board;

/// Requests that one probe may make, retries included.
const BUDGET: usize = 20;

/// Whose test is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdpStyle {
    /// Microsoft Entra ID: "Test Connection" (facts/targets.md D2).
    Entra,
    /// Okta: "Test API Credentials" (facts/targets.md D3).
    Okta,
}

impl IdpStyle {
    fn name(self) -> &'static str {
        match self {
            Self::Entra => "Microsoft Entra ID",
            Self::Okta => "Okta",
        }
    }
}

/// Asks. At most 20 requests, all GET, none to another host than that of `base_url`. `now` is this computer's clock.
pub async fn probe(http: &Http, base_url: &str, token: &Secret, style: IdpStyle, now: Timestamp) -> Report {
    preflight(http, base_url, token, style, now, &|_| {}).await
}

/// As [`probe`], also under a base URL that ends like an endpoint: for one that a vendor documents like that. One request
/// at a time: many endpoints may be asked like this at once, in the background.
pub async fn probe_as_given(http: &Http, base: &BaseUrl, token: &Secret, style: IdpStyle, now: Timestamp) -> Report {
    let board = Board::new(&|_| {});
    judge(http, Given::Known { base }, token, (style, Pace::OneByOne), now, board).await
}

/// As [`probe`]; `watch` hears of each stage as it passes.
pub async fn preflight(
    http: &Http,
    base_url: &str,
    token: &Secret,
    style: IdpStyle,
    now: Timestamp,
    watch: &Watch<'_>,
) -> Report {
    let board = Board::new(watch);
    let base = match BaseUrl::parse(base_url) {
        Ok(base) => base,
        Err(problem) => return not_asked(board, problem.into(), style),
    };
    let shorter = base.without_endpoint();
    let given = match &shorter {
        Some(shorter) => Given::WithEndpoint { base: shorter, given: &base },
        None => Given::Raw { base: &base, given: base_url },
    };
    judge(http, given, token, (style, Pace::Together), now, board).await
}

/// As [`preflight`], also under a base URL that ends like an endpoint: for one that a vendor documents like that.
pub async fn preflight_as_given(
    http: &Http,
    base: &BaseUrl,
    token: &Secret,
    style: IdpStyle,
    now: Timestamp,
    watch: &Watch<'_>,
) -> Report {
    judge(http, Given::Known { base }, token, (style, Pace::Together), now, Board::new(watch)).await
}

/// How the base URL was given, and what is asked.
#[derive(Clone, Copy)]
enum Given<'a> {
    /// By somebody who typed it.
    Raw { base: &'a BaseUrl, given: &'a str },
    /// With `/Users` or the like at its end; `base` is without it.
    WithEndpoint { base: &'a BaseUrl, given: &'a BaseUrl },
    /// By a recipe.
    Known { base: &'a BaseUrl },
}

async fn judge(
    http: &Http,
    given: Given<'_>,
    token: &Secret,
    (style, pace): (IdpStyle, Pace),
    now: Timestamp,
    board: Board<'_>,
) -> Report {
    let token = match cleaned(token) {
        Ok(token) => token,
        Err(finding) => return not_asked(board, finding, style),
    };
    let (Given::Raw { base, .. } | Given::WithEndpoint { base, .. } | Given::Known { base }) = given;
    if let Some(finding) = consoles::recognised(base.url()) {
        return not_asked(board, finding, style);
    }
    let journal = Journal::bounded(BUDGET);
    let course = Course::of(http.longest_answer());
    let mut hints: Vec<String> = token.hint.into_iter().collect();
    let prober = Prober {
        http,
        base,
        token: &token.secret,
        journal: &journal,
        now,
        board: &board,
        pace,
        course: &course,
        has_slashes: matches!(given, Given::Raw { given, .. } if wrong_place::with_slashes(given).is_some()),
    };
    if let Given::Raw { base, given } = given {
        hints.extend(consoles::about_the_slash(base.url(), given, style));
    }
    let outcome = asked(&prober, given, style, &mut hints).await;
    hints.extend(closed(&prober, outcome.as_ref().err()));
    let (stages, ms) = board.finished();
    let facts = Facts { hints, stages, ms, seen_from: consoles::seen_from(style), requests: journal.lines() };
    match outcome {
        Ok(()) => Report::passed(passed_message(base, style, &facts.hints), facts),
        Err(finding) => Report::failed(finding, facts),
    }
}

async fn asked(prober: &Prober<'_>, given: Given<'_>, style: IdpStyle, hints: &mut Vec<String>) -> Result<(), Finding> {
    let prober = match given {
        Given::WithEndpoint { given, .. } => {
            Box::pin(wrong_place::endpoint_in_url(prober, given, hints)).await?;
            &Prober { base: given, ..*prober }
        }
        Given::Raw { .. } | Given::Known { .. } => prober,
    };
    match style {
        IdpStyle::Entra => Box::pin(checks::entra(prober, hints)).await?,
        IdpStyle::Okta => Box::pin(checks::okta(prober, hints)).await?,
    }
    if let Given::Raw { given, .. } = given
        && let Some(finding) = wrong_place::doubled_slashes(prober, given).await
    {
        return Err(finding);
    }
    if prober.has_slashes {
        prober.path_is_good();
    }
    Ok(())
}

/// Decides every stage that is still open. Returns what the clock and the region have to say.
fn closed(prober: &Prober<'_>, failed: Option<&Finding>) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some(finding) = failed {
        show_failure(prober.board, finding);
        if finding.problem.code == Code::Dns {
            hints.extend(consoles::about_the_region(prober.base.url(), Code::Dns));
        }
    }
    if let Some(name) = prober.http.unreadable_proxy(prober.base.url()) {
        hints.push(format!("The variable {name} is set, but what stands in it is not the address of a proxy, so that Usher asked without one. Write it like http://proxy.example.com:3128, or take the variable away."));
        if prober.board.has_passed(Stage::Connection) {
            let words = format!("without a proxy: what stands in {name} is not the address of one");
            prober.board.warn(Stage::Connection, Some(Class::Proxy), words);
        }
    }
    hints.extend(prober.judge_clock());
    prober.board.skip_the_rest("not looked at");
    hints
}

fn show_failure(board: &Board<'_>, finding: &Finding) {
    let words = finding.words.clone().unwrap_or_else(|| first_sentence(&finding.problem.message));
    // What has passed stays: what fails after it is the next thing that was not proven.
    let open = Stage::ALL.into_iter().find(|stage| *stage >= finding.stage && board.is_open(*stage));
    let failed = if board.is_open(finding.stage) { finding.stage } else { open.unwrap_or(finding.stage) };
    board.fail(failed, finding.class, words);
    for stage in Stage::ALL.into_iter().filter(|stage| *stage < failed && board.is_open(*stage)) {
        board.skip(stage, "cannot be told from this answer");
    }
}

/// A report of what was given, before anything was asked.
fn not_asked(board: Board<'_>, finding: Finding, style: IdpStyle) -> Report {
    show_failure(&board, &finding);
    board.skip_the_rest("not asked");
    let (stages, ms) = board.finished();
    let facts = Facts { hints: Vec::new(), stages, ms, seen_from: consoles::seen_from(style), requests: Vec::new() };
    Report::failed(finding, facts)
}

/// Up to the first full stop that ends a sentence, without it.
fn first_sentence(message: &str) -> String {
    let first = message.split_once(". ").map_or(message, |(first, _)| first);
    crate::http::redact::cut(first.trim_end_matches('.'), 300)
}

fn passed_message(base: &BaseUrl, style: IdpStyle, hints: &[String]) -> String {
    let host = crate::http::host(base.url());
    let read = match (style, hints.is_empty()) {
        (IdpStyle::Entra, true) => "users and groups can be read and searched.",
        (IdpStyle::Okta, true) => "users and groups can be read, and users searched.",
        (IdpStyle::Entra | IdpStyle::Okta, false) => "users and groups can be read. Something else is worth knowing.",
    };
    format!("{host} answers as the test of {} expects: the token is accepted, {read}", style.name())
}

/// The token as it is sent.
struct Cleaned {
    secret: Secret,
    hint: Option<String>,
}

fn cleaned(token: &Secret) -> Result<Cleaned, Finding> {
    let secret = token::clean(token.expose());
    if secret.is_empty() {
        let problem = Problem::new(Code::WrongInput, "There is no token to ask with.")
            .hint_go("Copy the SCIM token again and pass it on.", Phase::ScimToken);
        return Err(Finding::from(problem).at(Stage::Authorised, Class::BadCredentials));
    }
    let hint = (secret != *token).then(|| "There were blanks, quotes or words such as “Bearer” around the token; Usher left them out. Give the identity provider the token alone.".to_owned());
    Ok(Cleaned { secret, hint })
}

//! What Azion refuses, in words. Its error bodies have four shapes (facts/targets.md C4); what they say is kept.

use serde_json::{Map, Value};

use super::{Call, IdentityProvider};
use crate::{
    error::{Code, Phase, Problem},
    http::{Answer, redact},
    secret::Secret,
};

const WHO: &str = "Azion";
/// Sentences of an error body that are quoted.
const SENTENCES: usize = 3;
/// Characters of them.
const LENGTH: usize = 300;

/// What a status that says no means, and what to do next.
pub(super) fn refusal(answer: &Answer, token: &Secret, call: Call) -> Problem {
    let quote = quote(answer, token);
    let problem = match answer.status {
        401 => unauthorized(&quote),
        403 => not_allowed(&quote, call),
        404 | 410 if call == Call::List => not_offered(answer, &quote),
        404 | 410 => gone(answer, &quote),
        407 | 429 => answer.refusal(WHO),
        500..=599 => Problem::new(Code::ServerError, format!("{WHO} failed ({}).{quote}", answer.named_status()))
            .hint("Try again in a few minutes; check Azion's status page if it goes on."),
        _ => Problem::new(Code::Refused, format!("{WHO} did not {} ({}).{quote}", work(call), answer.named_status()))
            .hint("Look at the details for what Azion says about it."),
    };
    page_or(answer, problem.details(answer.details()))
}

fn work(call: Call) -> &'static str {
    match call {
        Call::List => "list the identity providers",
        Call::Read => "show the identity provider",
        Call::Enable => "switch SCIM on",
    }
}

fn unauthorized(quote: &str) -> Problem {
    Problem::new(Code::Unauthorized, format!("{WHO} does not accept the personal token (401 Unauthorized): it is wrong, has ended, or belongs to another account.{quote}"))
        .hint_go("Copy the personal token again, whole: a missing first or last character is enough to make it wrong.", Phase::AccessToken)
        .hint_go("A personal token ends on the date that was chosen when it was made, and cannot be renewed. If the date has passed, make a new one under **Account menu → Personal Tokens** and paste it.", Phase::AccessToken)
        .hint_go("Make it in the Azion account that has the identity provider.", Phase::AccessToken)
}

fn not_allowed(quote: &str, call: Call) -> Problem {
    let what = match call {
        Call::List | Call::Read => "show",
        Call::Enable => "change",
    };
    let problem = Problem::new(
        Code::RoleMissing,
        format!(
            "{WHO} knows the personal token, but refuses to {what} the identity providers with it (403 Forbidden).{quote}"
        ),
    );
    let plan = "SCIM needs the support plan **Enterprise** or **Mission-Critical**. Ask whoever holds the contract with Azion, or Azion itself, which plan the account has.";
    // What Azion says about the plan is not about the person.
    if quote.to_lowercase().contains("plan") {
        return problem.hint_go(plan, Phase::Role);
    }
    problem
        .hint_go(
            "Only the **Account Owner** configures identity providers. Use a personal token of the Account Owner.",
            Phase::Role,
        )
        .hint_go(plan, Phase::Role)
        .hint_go("If this token is of someone else, paste one of the Account Owner.", Phase::AccessToken)
}

fn not_offered(answer: &Answer, quote: &str) -> Problem {
    Problem::new(Code::NotFound, format!("{WHO} does not offer the list of identity providers at the address that its guide names ({}).{quote}", answer.named_status()))
        .hint("The account may have been migrated to Azion's API v4, where older addresses no longer work. It is not documented whether that covers this one: ask Azion's support for the address of the identity providers.")
        .hint_go("Check with Azion that the support plan of the account includes SCIM: **Enterprise** or **Mission-Critical**.", Phase::Role)
}

fn gone(answer: &Answer, quote: &str) -> Problem {
    Problem::new(
        Code::NotFound,
        format!(
            "{WHO} has no SAML identity provider with this identifier any more ({}).{quote}",
            answer.named_status()
        ),
    )
    .hint_go("Look at the list of identity providers again and choose one that is there.", Phase::ScimToken)
    .hint("Only SAML identity providers can be asked for here. Azion keeps those of other protocols apart.")
}

/// A web page with this status comes from a gateway rather than from Azion's API.
fn page_or(answer: &Answer, problem: Problem) -> Problem {
    if answer.is_html() {
        problem.hint("The answer is a web page, so a proxy or firewall in between may have refused, not Azion. Ask your network team.")
    } else {
        problem
    }
}

/// The admin does not choose this URL, so the general hints about it would mislead.
pub(super) fn not_from_azion(mut problem: Problem) -> Problem {
    problem.hints.clear();
    problem
        .hint("Try again in a minute.")
        .hint("If it happens again, a proxy or firewall that wants a login may be answering in Azion's place. Ask your network team.")
        .hint("If there is none, send the details to Azion's support.")
}

/// JSON that cannot be a list.
pub(super) fn no_list(answer: &Answer) -> Problem {
    not_from_azion(Problem::new(Code::NotScim, format!("What {WHO} answered is not a list of identity providers.")))
        .details(answer.details())
}

/// A list with entries of which none can be asked for.
pub(super) fn none_usable(answer: &Answer, token: &Secret) -> Problem {
    Problem::new(
        Code::NotScim,
        format!(
            "{WHO} answered, but there is no usable identity provider in it: nothing in it has an identifier (uuid).{}",
            quote(answer, token)
        ),
    )
    .hint("Send the details to Azion's support: each identity provider in the list should have a **uuid**.")
    .details(answer.details())
}

/// JSON that is not about the identity provider that was asked for.
pub(super) fn another_one(answer: &Answer, token: &Secret) -> Problem {
    Problem::new(
        Code::NotScim,
        format!("{WHO} answered, but not about the identity provider that was asked for.{}", quote(answer, token)),
    )
    .hint_go("Look at the list of identity providers again and choose one that is there.", Phase::ScimToken)
    .hint("If it happens again, send the details to Azion's support.")
    .details(answer.details())
}

/// A yes to the change after which nothing has changed.
pub(super) fn still_off(answer: &Answer, provider: &IdentityProvider) -> Problem {
    let problem = Problem::new(
        Code::Refused,
        format!("{WHO} took the change, but says that SCIM is still off for “{}”.", provider.name),
    );
    inactive_or(provider, problem)
        .hint_go(
            "SCIM needs the support plan **Enterprise** or **Mission-Critical**. Ask Azion which plan the account has.",
            Phase::Role,
        )
        .hint_go("Look at the list of identity providers again: the change may take a moment.", Phase::ScimToken)
        .details(answer.details())
}

/// SCIM is on, but where is not said.
pub(super) fn no_url(answer: &Answer, provider: &IdentityProvider) -> Problem {
    let problem = Problem::new(
        Code::Refused,
        format!("{WHO} says that SCIM is on for “{}”, but gives no SCIM URL for it.", provider.name),
    );
    inactive_or(provider, problem)
        .hint_go("Look at the list of identity providers again in a minute: the URL may come later.", Phase::ScimToken)
        .hint("If there is still none, send the details to Azion's support.")
        .details(answer.details())
}

/// SCIM is on at a place that no token may be sent to.
pub(super) fn unusable_url(answer: &Answer, provider: &IdentityProvider, url: &str) -> Problem {
    Problem::new(Code::WrongPath, format!("{WHO} says that SCIM is on for “{}”, but its SCIM URL is not an https URL that a token may be sent to: “{url}”. Usher does not use it.", provider.name))
        .hint("Send the details to Azion's support: the SCIM URL should start with https://.")
        .details(answer.details())
}

fn inactive_or(provider: &IdentityProvider, problem: Problem) -> Problem {
    if provider.active {
        problem
    } else {
        problem.hint_go("This identity provider is not active. Make it active in Azion first, and check that it is linked to the right SAML app in Entra.", Phase::Role)
    }
}

/// " It says: “…”", or nothing.
fn quote(answer: &Answer, token: &Secret) -> String {
    said(answer, token).map_or(String::new(), |words| format!(" It says: “{words}”"))
}

/// Azion's own words, with the field that they are about; redacted, one line.
fn said(answer: &Answer, token: &Secret) -> Option<String> {
    let sentences = match serde_json::from_slice(&answer.body) {
        Ok(Value::Object(body)) => sentences(&body),
        _ => Vec::new(),
    };
    if sentences.is_empty() {
        return answer.said();
    }
    let words = redact(&sentences.join("; "), std::slice::from_ref(token), LENGTH);
    Some(words.trim().to_owned()).filter(|words| !words.is_empty())
}

fn sentences(body: &Map<String, Value>) -> Vec<String> {
    match body.get("errors").and_then(Value::as_array) {
        Some(errors) => errors.iter().filter_map(error_object).take(SENTENCES).collect(),
        None => body.iter().filter_map(|(name, value)| field(name, value)).take(SENTENCES).collect(),
    }
}

/// `{status, code, title, detail, source: {pointer}}`
fn error_object(error: &Value) -> Option<String> {
    let words = ["detail", "title"].iter().find_map(|key| texts(error.get(key)?))?;
    Some(match error.pointer("/source/pointer").and_then(Value::as_str).filter(|pointer| !pointer.is_empty()) {
        Some(pointer) => format!("{words} ({pointer})"),
        None => words,
    })
}

/// `"detail": "…"`, `"detail": ["…"]` or `"<field>": ["…"]`
fn field(name: &str, value: &Value) -> Option<String> {
    match name {
        "detail" | "non_field_errors" => texts(value),
        _ if value.is_array() => texts(value).map(|words| format!("{name}: {words}")),
        _ => None,
    }
}

fn texts(value: &Value) -> Option<String> {
    let words: Vec<&str> = match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).take(SENTENCES).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let words = words.join("; ");
    (!words.trim().is_empty()).then_some(words)
}

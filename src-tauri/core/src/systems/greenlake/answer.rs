//! Finds the token in an answer whose form nobody documented (facts/targets.md A2: "tolerant client").

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    secret::Secret,
    token::{Form, clean, moment, read},
};

/// Names under which a token may stand, likeliest first.
const TOKEN: [&str; 7] = ["token", "proxyToken", "proxy_token", "access_token", "accessToken", "bearerToken", "value"];
/// Names under which its end may stand.
const END: [&str; 5] = ["expiresAt", "expires_at", "expiry", "expiration", "exp"];
/// Names under which its remaining seconds may stand.
const REMAINING: [&str; 2] = ["expires_in", "expiresIn"];
/// Objects and arrays inside each other that are looked into.
const DEPTH: usize = 4;
/// Shorter texts are words, not tokens.
const SHORTEST: usize = 16;
/// Parts that are offered for choosing.
const MOST: usize = 10;

/// A part of an answer that may be the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it stands, as `data.key` or `items[0].key`; free of control characters.
    pub path: String,
    /// The value.
    pub secret: Secret,
}

/// What was read from a 2xx answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A token.
    Token {
        /// The token.
        secret: Secret,
        /// Its end, if known.
        expires_at: Option<Timestamp>,
    },
    /// No part of it is known to be the token.
    Unrecognised {
        /// Parts that may be it, likeliest first, at most ten.
        candidates: Vec<Candidate>,
        /// The whole answer.
        raw: Secret,
    },
}

/// Reads a 2xx answer: an object with the token under a usual name, also nested; a JSON string; or plain text without
/// blanks. Web pages and broken JSON give no token, but what is whole inside broken JSON becomes a candidate.
pub fn read_answer(body: &str, content_type: Option<&str>, now: Timestamp) -> Answer {
    let text = body.trim().trim_start_matches('\u{feff}');
    let unrecognised = |candidates| Answer::Unrecognised { candidates, raw: Secret::new(body) };
    if content_type.is_some_and(|kind| kind.contains("html")) || text.starts_with('<') {
        return unrecognised(Vec::new());
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::String(token)) if is_token(&token) => found(&token, None, now),
        Ok(value @ (Value::Object(_) | Value::Array(_))) => match hit(&value) {
            Some(token) => found(&token, end_of(&value, now), now),
            None => unrecognised(candidates(&value)),
        },
        Ok(_) => unrecognised(Vec::new()),
        Err(_) if text.starts_with(['{', '[', '"']) => unrecognised(whole_strings(text)),
        Err(_) if is_token(text) => found(text, None, now),
        Err(_) => unrecognised(long_words(text)),
    }
}

fn found(token: &str, end: Option<Timestamp>, now: Timestamp) -> Answer {
    let secret = clean(token);
    let by_itself = match read(&secret, now).form {
        Form::Jwt { expires_at, .. } => expires_at,
        Form::Opaque => None,
    };
    Answer::Token { secret, expires_at: end.or(by_itself) }
}

/// One printable piece of some length that is no address.
fn is_token(text: &str) -> bool {
    let cleaned = clean(text);
    let token = cleaned.expose();
    token.len() >= SHORTEST
        && token.bytes().all(|byte| byte.is_ascii_graphic())
        && !token.contains("://")
        && !token.starts_with(['<', '{', '['])
}

/// The token under a usual name: the level nearest to the top decides; two different ones on it are no answer.
fn hit(value: &Value) -> Option<String> {
    let mut level = vec![("", value)];
    for _ in 0..=DEPTH {
        let mut tokens: Vec<String> =
            level.iter().filter_map(|(name, value)| named_token(name, value.as_object()?)).collect();
        tokens.dedup();
        match tokens.len() {
            0 => level = level.into_iter().flat_map(|(name, value)| children(name, value)).collect(),
            1 => return tokens.pop(),
            _ => return None,
        }
    }
    None
}

/// `value` says little: it counts at the top, under `data` and under a token's name.
fn named_token(name: &str, fields: &Map<String, Value>) -> Option<String> {
    let trusted = name.is_empty() || name == "data" || TOKEN.contains(&name);
    TOKEN
        .iter()
        .filter(|key| trusted || **key != "value")
        .filter_map(|key| fields.get(*key)?.as_str())
        .find(|text| is_token(text))
        .map(str::to_owned)
}

/// What is one level below; items of an array have the array's name.
fn children<'a>(name: &'a str, value: &'a Value) -> Vec<(&'a str, &'a Value)> {
    match value {
        Value::Object(fields) => fields.iter().map(|(key, inner)| (key.as_str(), inner)).collect(),
        Value::Array(items) => items.iter().map(|inner| (name, inner)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The end, from the level nearest to the top that names one.
fn end_of(value: &Value, now: Timestamp) -> Option<Timestamp> {
    let mut level = vec![("", value)];
    for _ in 0..=DEPTH {
        if let Some(end) = level.iter().find_map(|(_, value)| named_end(value.as_object()?, now)) {
            return Some(end);
        }
        level = level.into_iter().flat_map(|(name, value)| children(name, value)).collect();
    }
    None
}

fn named_end(fields: &Map<String, Value>, now: Timestamp) -> Option<Timestamp> {
    let at = END.iter().find_map(|key| moment(fields.get(*key)?));
    at.or_else(|| REMAINING.iter().find_map(|key| after(fields.get(*key)?, now)))
}

fn after(value: &Value, now: Timestamp) -> Option<Timestamp> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    now.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// Every text that could be it, with its place.
fn candidates(value: &Value) -> Vec<Candidate> {
    let mut all = Vec::new();
    collect(value, "", 0, &mut all);
    ranked(all)
}

fn collect(value: &Value, path: &str, depth: usize, all: &mut Vec<Candidate>) {
    if depth > DEPTH * 2 || all.len() > 200 {
        return;
    }
    match value {
        Value::String(text) if is_candidate(text) => all.push(candidate(path, text)),
        Value::Object(fields) => {
            for (key, inner) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                collect(inner, &format!("{path}{dot}{key}"), depth + 1, all);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, &format!("{path}[{index}]"), depth + 1, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn candidate(path: &str, text: &str) -> Candidate {
    use crate::http::redact::{cut, one_line};
    Candidate { path: cut(&one_line(path), 80), secret: clean(text) }
}

/// Not an address, an id or a moment.
fn is_candidate(text: &str) -> bool {
    is_token(text)
        && !crate::http::redact::is_uuid(text)
        && moment(&Value::from(text)).is_none()
        && !text.starts_with("urn:")
}

/// JWTs first, then the longest.
fn ranked(mut all: Vec<Candidate>) -> Vec<Candidate> {
    all.sort_by_key(|candidate| {
        (!candidate.secret.expose().starts_with("eyJ"), std::cmp::Reverse(candidate.secret.len()))
    });
    all.truncate(MOST);
    all
}

/// The strings of broken JSON that have both their quotes. `"key": "value"` gives its key as the place.
fn whole_strings(text: &str) -> Vec<Candidate> {
    let mut all = Vec::new();
    let mut key = "";
    let mut rest = text;
    while let Some((_, after_quote)) = rest.split_once('"') {
        let Some((inside, after)) = after_quote.split_once('"') else {
            break;
        };
        if after.trim_start().starts_with(':') {
            key = inside;
        } else if is_candidate(inside) {
            all.push(candidate(key, inside));
        }
        rest = after;
    }
    ranked(all)
}

/// Long pieces in a sentence.
fn long_words(text: &str) -> Vec<Candidate> {
    let mixed = |word: &str| {
        word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    ranked(
        text.split_whitespace()
            .filter(|word| is_candidate(word) && mixed(word))
            .take(200)
            .map(|word| candidate("text", word))
            .collect(),
    )
}

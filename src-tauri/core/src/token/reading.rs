//! What a token says about itself.

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Form, Reading, left};
use crate::{
    http::redact::{cut, one_line},
    secret::Secret,
};

const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Longest name that is shown, in characters.
const NAME: usize = 80;

const SUBJECT: [&str; 6] = ["name", "preferred_username", "email", "upn", "unique_name", "sub"];
const TENANT: [&str; 11] = [
    "tenant",
    "tenant_name",
    "tenantName",
    "tenant_id",
    "tenantId",
    "tid",
    "org",
    "organization",
    "org_id",
    "workspace",
    "workspace_id",
];

/// Reads what a token says about itself, without verifying any of it.
pub fn read(token: &Secret, now: Timestamp) -> Reading {
    let Some(claims) = claims(token.expose()) else {
        return Reading { form: Form::Opaque, left: None };
    };
    let expires_at = claims.get("exp").and_then(moment);
    let form = Form::Jwt {
        subject: first_name(&claims, &SUBJECT),
        tenant: first_name(&claims, &TENANT),
        issuer: first_name(&claims, &["iss"]),
        issued_at: claims.get("iat").and_then(moment),
        not_before: claims.get("nbf").and_then(moment),
        expires_at,
    };
    Reading { form, left: expires_at.map(|end| left(end, now)) }
}

/// The payload of a JWT.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let segments: Vec<&str> = token.split('.').collect();
    let [head, payload, signature] = segments[..] else {
        return None;
    };
    if head.is_empty() || !is_base64url(head) || !is_base64url(signature) {
        return None;
    }
    serde_json::from_slice(&BASE64URL.decode(payload).ok()?).ok()
}

fn is_base64url(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='))
}

fn first_name(claims: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().filter_map(|key| claims.get(*key)).find_map(name)
}

/// A string, or the name or id inside an object such as `"org": {"id": …, "name": …}`.
fn name(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Object(fields) => fields.get("name").or_else(|| fields.get("id")).and_then(Value::as_str)?,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => return None,
    };
    let clean = cut(one_line(text).trim(), NAME);
    (!clean.is_empty()).then_some(clean)
}

/// A moment as APIs write it: seconds or milliseconds since 1970 (also as text), or an RFC 3339 text.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => epoch(number.as_f64()?),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| epoch(text.parse().ok()?)).or_else(|| date_time(text))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A date and time without a zone is taken for UTC.
fn date_time(text: &str) -> Option<Timestamp> {
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Values beyond the year 5138 in seconds are milliseconds.
fn epoch(number: f64) -> Option<Timestamp> {
    if !number.is_finite() || number <= 0.0 {
        return None;
    }
    let seconds = if number >= 1e11 { number / 1_000.0 } else { number };
    #[expect(clippy::cast_possible_truncation, reason = "positive, finite, and jiff checks the range")]
    Timestamp::from_second(seconds as i64).ok()
}

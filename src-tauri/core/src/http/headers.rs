//! The few headers that are read, with bounds.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use url::Url;

/// No server is believed to ask for more.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The media type without parameters, lower case, at most 100 characters.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(super::redact::cut(value.split(';').next()?.trim(), 100).to_lowercase())
}

/// The server's clock.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(headers.get(header::DATE)?.to_str().ok()?).ok()?;
    Timestamp::try_from(time).ok()
}

/// `Retry-After` in seconds or as a date; a date is taken against the server's own clock, so that ours does not matter.
pub(super) fn retry_after(headers: &HeaderMap, server: Option<Timestamp>) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(A_DAY, Duration::from_secs).min(A_DAY));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = server.map_or_else(SystemTime::now, SystemTime::from);
    Some(until.duration_since(now).unwrap_or_default().min(A_DAY))
}

/// Where a redirect points to; `None` if it is none or cannot be read.
pub(super) fn redirect(status: StatusCode, location: Option<&HeaderValue>, from: &Url) -> Option<Url> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(std::str::from_utf8(location?.as_bytes()).ok()?.trim()).ok()
}

//! Time spans as a person says them.

use jiff::{SignedDuration, Timestamp};

/// Time left until `expires_at`; negative once it has ended.
pub fn left(expires_at: Timestamp, now: Timestamp) -> SignedDuration {
    expires_at.duration_since(now)
}

/// [`left`] in words: "12 minutes", "363 days", "ended 3 minutes ago".
pub fn left_in_words(left: SignedDuration) -> String {
    if left.is_positive() {
        words(left)
    } else if left.unsigned_abs().as_secs() == 0 {
        "ended just now".to_owned()
    } else {
        format!("ended {} ago", words(left))
    }
}

/// A span without its sign, in the one unit that fits, rounded down, days to the nearest: "45 seconds", "90 minutes", "36 hours", "363 days".
pub fn words(span: SignedDuration) -> String {
    let seconds = span.unsigned_abs().as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        // A year that began a second ago has 365 days left.
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

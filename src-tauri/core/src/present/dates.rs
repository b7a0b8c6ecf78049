//! Dates and times as a person reads them, in the system's time zone.

use jiff::{Timestamp, tz::TimeZone};

/// "22 November 2027".
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

/// "11:02".
pub(crate) fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// "today, 11:02", or the day with the time.
pub(crate) fn day_and_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let clock = time(at, zone);
    if then.date() == today.date() { format!("today, {clock}") } else { format!("{}, {clock}", day(at, zone)) }
}

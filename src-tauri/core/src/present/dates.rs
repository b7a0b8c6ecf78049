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

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

    use jiff::{Timestamp, tz::TimeZone};

    use super::{day, day_and_time, time};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("BUG: a moment")
    }

    #[test]
    fn a_day_is_that_of_the_persons_own_zone() {
        let (utc, tokyo) = (TimeZone::UTC, TimeZone::fixed(jiff::tz::offset(9)));
        assert_eq!(day(at("2027-11-05T20:00:00Z"), &utc), "5 November 2027");
        assert_eq!(day(at("2027-11-05T20:00:00Z"), &tokyo), "6 November 2027");
        assert_eq!(time(at("2027-11-05T09:02:59Z"), &utc), "09:02");
        assert_eq!(time(at("2027-11-05T20:02:00Z"), &tokyo), "05:02");
    }

    #[test]
    fn today_is_said_as_today() {
        let utc = TimeZone::UTC;
        let now = at("2026-11-22T23:59:00Z");
        assert_eq!(day_and_time(at("2026-11-22T00:01:00Z"), now, &utc), "today, 00:01");
        assert_eq!(day_and_time(at("2026-11-21T23:59:00Z"), now, &utc), "21 November 2026, 23:59");
        // The same two moments on one day further east.
        let east = TimeZone::fixed(jiff::tz::offset(9));
        assert_eq!(day_and_time(at("2026-11-22T16:00:00Z"), now, &east), "today, 01:00");
        assert_eq!(day_and_time(at("2026-11-22T00:01:00Z"), now, &east), "22 November 2026, 09:01");
    }
}

//! The reminder: an `.ics` file (RFC 5545) that tells the administrator's own calendar when a SCIM token ends.
//!
//! The event stands at 09:00 of the last morning that is wholly before the token's end; the alarms ring at 09:00 of
//! earlier mornings. Four decisions make that hold in the calendars people have:
//!
//! - **DTSTART is UTC.** Every importer reads it alike. A TZID needs a VTIMEZONE or Outlook refuses the file or is an
//!   hour off, floating time becomes another moment in another zone, and an all-day DATE rings at each client's own
//!   idea of morning (Nextcloud: counted from midnight UTC).
//! - **TRIGGER is relative, in minutes, counted across the change of the clock here.** `-P90D` is 90 local days to one
//!   client and 129600 minutes to another (Exchange stores minutes), which differ by an hour for half of the year. A
//!   number of minutes is the same moment for both. An absolute trigger would be too, but is less understood: khal
//!   ignores it, for Exchange it is a SHOULD. What is not understood never rings.
//! - **Alarms that were due before the file was written are left out.** Thunderbird and others ring everything missed
//!   at once, and where only one alarm is kept (Exchange), it must not be one that is over.
//! - **One event, its UID made from the setup's id alone**, SEQUENCE growing: the file for the next token moves the old
//!   entry instead of adding a second one.

use icalendar::{Alarm, Calendar, CalendarDateTime, Component, Event, EventLike};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// How many days before the end the calendar reminds.
pub(crate) const DAYS: [i64; 6] = [90, 60, 30, 14, 7, 1];

/// Long enough to be drawn and to be clicked. DTEND must lie after DTSTART, so it cannot be nothing.
const LENGTH: SignedDuration = SignedDuration::from_mins(15);

/// The end of one token, and for whom it is said.
pub(crate) struct Reminder<'a> {
    /// The setup's id. It stays the same when the token is rotated.
    pub(crate) setup: &'a str,
    /// The target's name, as the administrator knows it.
    pub(crate) target: &'a str,
    /// The identity provider's name.
    pub(crate) idp: &'a str,
    /// Which token, without giving it away: "SCIM access token ending in 3f9c".
    pub(crate) token: &'a str,
    /// When the token stops working.
    pub(crate) ends: Timestamp,
    /// The administrator's time zone.
    pub(crate) zone: &'a TimeZone,
    /// When the file is written.
    pub(crate) written: Timestamp,
    /// Higher in each file for this setup: a calendar keeps the highest.
    pub(crate) sequence: u32,
    /// Whether this is a rehearsal.
    pub(crate) practice: bool,
}

/// The text of the `.ics` file.
pub(crate) fn calendar(reminder: &Reminder<'_>) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Usher//Token reminder//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .push(reminder.event());
    folded(&calendar.to_string())
}

impl Reminder<'_> {
    fn event(&self) -> Event {
        let morning = self.last_morning();
        let start = morning.and_then(|day| self.nine(day)).unwrap_or(self.ends);
        let mut event = Event::new();
        event
            .uid(&self.uid("token"))
            .sequence(self.sequence)
            .summary(&self.summary())
            .description(&self.description())
            .categories(["Usher"])
            // Nobody is busy because a token ends.
            .add_property("TRANSP", "TRANSPARENT")
            .add_property("DTSTAMP", utc(self.written))
            .add_property("LAST-MODIFIED", utc(self.written))
            .add_property("DTSTART", utc(start))
            .add_property("DTEND", utc(after(start)));
        for days in DAYS {
            if let Some(alarm) = morning.and_then(|day| self.alarm(days, day, start)) {
                event.alarm(alarm);
            }
        }
        event.done()
    }

    /// The alarm so many days before the event, unless that is over already.
    fn alarm(&self, days: i64, morning: Date, start: Timestamp) -> Option<Alarm> {
        let rings = self.nine(morning.checked_sub(days.days()).ok()?)?;
        if rings <= self.written {
            return None;
        }
        let moment: CalendarDateTime = utc(rings).parse().ok()?;
        let mut alarm = Alarm::display(&self.days_left(days), moment);
        alarm
            // The crate writes a moment or thousands of seconds. See above why it is minutes.
            .add_property("TRIGGER", format!("-PT{}M", start.duration_since(rings).as_mins()))
            // Without these two the crate would write the computer's clock and a random number.
            .add_property("DTSTAMP", utc(self.written))
            .uid(&self.uid(&format!("alarm-{days}")));
        Some(alarm.done())
    }

    /// The last day on which the event still fits between 09:00 and the token's end.
    fn last_morning(&self) -> Option<Date> {
        let day = self.ends.to_zoned(self.zone.clone()).date();
        let fits = |day: &Date| self.nine(*day).is_some_and(|nine| after(nine) <= self.ends);
        [Some(day), day.yesterday().ok()].into_iter().flatten().find(fits)
    }

    /// 09:00 by the administrator's clock.
    fn nine(&self, day: Date) -> Option<Timestamp> {
        day.at(9, 0, 0, 0).to_zoned(self.zone.clone()).ok().map(|nine| nine.timestamp())
    }

    fn uid(&self, what: &str) -> String {
        format!("{}-{what}@usher", one_line(self.setup))
    }

    fn summary(&self) -> String {
        let practice = if self.practice { "Practice: " } else { "" };
        format!("{practice}Replace the token: {}", self.pair())
    }

    fn pair(&self) -> String {
        format!("{} ← {}", one_line(self.target), one_line(self.idp))
    }

    fn description(&self) -> String {
        let Self { target, idp, token, .. } = *self;
        let (target, idp, token) = (one_line(target), one_line(idp), one_line(token));
        let practice = if self.practice { "This is practice: nothing here is a real system.\n\n" } else { "" };
        let end = self.end();
        format!(
            "{practice}The {token} stops working on {end}. {idp} uses it to send users and groups to {target}.\n\n\
             What happens then: users and groups stop travelling. Joiners and leavers do not arrive at {target}: \
             who is new gets no account there, who has left keeps it.\n\n\
             What to do before: open Usher, choose this setup and press Rotate token. Whoever does it needs the rights \
             at {target} and at {idp}; Usher's runbook says which.\n\n\
             This reminder does nothing by itself. After the rotation save the reminder again: the new file moves this \
             entry to the new end."
        )
    }

    /// What an alarm says: it is often all that is seen, so it holds everything.
    fn days_left(&self, days: i64) -> String {
        let practice = if self.practice { "Practice: " } else { "" };
        let unit = if days == 1 { "day" } else { "days" };
        let (token, end) = (one_line(self.token), self.end());
        format!("{practice}{days} {unit} left: replace the {token} ({}). It stops working on {end}.", self.pair())
    }

    /// "22 November 2027 at 11:02 (Europe/Berlin, UTC+01:00)": it may be read in another zone than it was written in.
    fn end(&self) -> String {
        let end = self.ends.to_zoned(self.zone.clone());
        let zone = match self.zone.iana_name() {
            Some("UTC") => "UTC".to_owned(),
            Some(name) if !self.zone.is_unknown() => format!("{name}, UTC{}", end.strftime("%:z")),
            _ => format!("UTC{}", end.strftime("%:z")),
        };
        format!("{} ({zone})", end.strftime("%-d %B %Y at %H:%M"))
    }
}

/// When an event that starts then is over.
fn after(start: Timestamp) -> Timestamp {
    start.checked_add(LENGTH).unwrap_or(Timestamp::MAX)
}

/// The crate (0.17) leaves 76 octets in the last line of some values; RFC 5545 wants 75 at most.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for mut line in text.split_inclusive("\r\n") {
        let mut room = 75;
        while line.len() > room + "\r\n".len() {
            let (head, tail) = line.split_at(line.floor_char_boundary(room));
            folded.push_str(head);
            folded.push_str("\r\n ");
            line = tail;
            // The space takes one.
            room = 74;
        }
        folded.push_str(line);
    }
    folded
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A name is typed by somebody. The crate escapes it, but a line break in a title shows badly, and the control
/// characters that RFC 5545 forbids have no escape.
fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

    use jiff::{Timestamp, ToSpan, civil::Time, tz::TimeZone};

    use super::{DAYS, LENGTH, Reminder, calendar};

    /// Half an hour of summer time, a quarter of an hour off, south and north, none at all.
    const ZONES: [&str; 6] =
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"];

    fn at(text: &str) -> Timestamp {
        text.parse().expect("BUG: a moment")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("BUG: a time zone")
    }

    fn reminder<'a>(ends: &str, written: &str, zone: &'a TimeZone) -> Reminder<'a> {
        Reminder {
            setup: "aws-identity-center-entra-1a2b3c4d",
            target: "AWS IAM Identity Center",
            idp: "Microsoft Entra ID",
            token: "SCIM access token ending in 3f9c",
            ends: at(ends),
            zone,
            written: at(written),
            sequence: 0,
            practice: false,
        }
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    /// The values of one property in the order of the file.
    fn values(text: &str, property: &str) -> Vec<String> {
        let start = format!("{property}:");
        unfolded(text).lines().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
    }

    fn value(text: &str, property: &str) -> String {
        values(text, property).first().cloned().expect("BUG: the property is there")
    }

    fn moment(text: &str) -> Timestamp {
        let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).expect("BUG: a moment in UTC");
        civil.to_zoned(TimeZone::UTC).expect("BUG: UTC has no gaps").timestamp()
    }

    /// When the alarms ring for a client that counts in minutes.
    fn rings(text: &str) -> Vec<Timestamp> {
        let start = moment(&value(text, "DTSTART"));
        let minutes = |trigger: &String| -> i64 {
            let number = trigger.strip_prefix("-PT").and_then(|rest| rest.strip_suffix('M'));
            number.and_then(|number| number.parse().ok()).expect("BUG: -PT…M")
        };
        values(text, "TRIGGER").iter().map(|trigger| start - minutes(trigger).minutes()).collect()
    }

    #[test]
    fn the_whole_file() {
        let berlin = zone("Europe/Berlin");
        let text = calendar(&reminder("2027-11-22T10:02:00Z", "2027-11-10T09:00:00Z", &berlin));
        insta::assert_snapshot!(unfolded(&text).replace("\r\n", "\n"), @r"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Usher//Token reminder//EN
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        BEGIN:VEVENT
        DESCRIPTION:The SCIM access token ending in 3f9c stops working on 22 November 2027 at 11:02 (Europe/Berlin\, UTC+01:00). Microsoft Entra ID uses it to send users and groups to AWS IAM Identity Center.\n\nWhat happens then: users and groups stop travelling. Joiners and leavers do not arrive at AWS IAM Identity Center: who is new gets no account there\, who has left keeps it.\n\nWhat to do before: open Usher\, choose this setup and press Rotate token. Whoever does it needs the rights at AWS IAM Identity Center and at Microsoft Entra ID\; Usher's runbook says which.\n\nThis reminder does nothing by itself. After the rotation save the reminder again: the new file moves this entry to the new end.
        DTEND:20271122T081500Z
        DTSTAMP:20271110T090000Z
        DTSTART:20271122T080000Z
        LAST-MODIFIED:20271110T090000Z
        SEQUENCE:0
        SUMMARY:Replace the token: AWS IAM Identity Center ← Microsoft Entra ID
        TRANSP:TRANSPARENT
        UID:aws-identity-center-entra-1a2b3c4d-token@usher
        CATEGORIES:Usher
        BEGIN:VALARM
        ACTION:DISPLAY
        DESCRIPTION:7 days left: replace the SCIM access token ending in 3f9c (AWS IAM Identity Center ← Microsoft Entra ID). It stops working on 22 November 2027 at 11:02 (Europe/Berlin\, UTC+01:00).
        DTSTAMP:20271110T090000Z
        TRIGGER:-PT10080M
        UID:aws-identity-center-entra-1a2b3c4d-alarm-7@usher
        END:VALARM
        BEGIN:VALARM
        ACTION:DISPLAY
        DESCRIPTION:1 day left: replace the SCIM access token ending in 3f9c (AWS IAM Identity Center ← Microsoft Entra ID). It stops working on 22 November 2027 at 11:02 (Europe/Berlin\, UTC+01:00).
        DTSTAMP:20271110T090000Z
        TRIGGER:-PT1440M
        UID:aws-identity-center-entra-1a2b3c4d-alarm-1@usher
        END:VALARM
        END:VEVENT
        END:VCALENDAR
        ");
    }

    #[test]
    fn all_alarms_ring_at_nine_whatever_the_clock_does_meanwhile() {
        for name in ZONES {
            let zone = zone(name);
            for ends in ["2027-06-15T14:30:00Z", "2027-12-15T14:30:00Z", "2028-01-20T02:00:00Z", "2027-04-20T23:59:59Z"]
            {
                let text = calendar(&reminder(ends, "2026-11-22T10:00:00Z", &zone));
                let start = moment(&value(&text, "DTSTART")).to_zoned(zone.clone());
                let alarms = rings(&text);
                assert_eq!(alarms.len(), DAYS.len(), "{name}, {ends}");
                for (days, alarm) in DAYS.into_iter().zip(alarms) {
                    let alarm = alarm.to_zoned(zone.clone());
                    assert_eq!(alarm.time(), Time::constant(9, 0, 0, 0), "{name}, {ends}, {days} days");
                    assert_eq!(alarm.date(), start.date() - days.days(), "{name}, {ends}");
                }
            }
        }
    }

    #[test]
    fn the_event_is_the_last_one_that_is_over_before_the_token_is() {
        for name in ZONES {
            let zone = zone(name);
            for minutes in (0..3 * 24 * 60).step_by(5) {
                let ends = at("2027-10-30T00:00:00Z") + i64::from(minutes).minutes();
                let text =
                    calendar(&Reminder { ends, ..reminder("2027-10-30T00:00:00Z", "2026-11-22T10:00:00Z", &zone) });
                let end = moment(&value(&text, "DTEND"));
                assert!(end <= ends, "{name}: {end} is after {ends}");
                let next = (end - LENGTH).to_zoned(zone.clone()) + 1.day();
                assert!(next.timestamp() + LENGTH > ends, "{name}: {next} would still do for {ends}");
            }
        }
    }

    #[test]
    fn nine_in_the_morning_is_too_late_for_a_token_that_ends_at_three() {
        let berlin = zone("Europe/Berlin");
        let start = |ends| value(&calendar(&reminder(ends, "2026-11-22T10:00:00Z", &berlin)), "DTSTART");
        assert_eq!(start("2027-11-22T02:00:00Z"), "20271121T080000Z");
        assert_eq!(start("2027-11-22T08:14:59Z"), "20271121T080000Z");
        assert_eq!(start("2027-11-22T08:15:00Z"), "20271122T080000Z");
        // The clock was set back in between.
        assert_eq!(start("2027-10-31T02:00:00Z"), "20271030T070000Z");
    }

    #[test]
    fn what_was_due_before_the_file_was_written_is_left_out() {
        let berlin = zone("Europe/Berlin");
        let left = |written| values(&calendar(&reminder("2027-11-22T10:02:00Z", written, &berlin)), "TRIGGER").len();
        assert_eq!(left("2026-11-22T10:00:00Z"), 6);
        assert_eq!(left("2027-10-23T06:59:59Z"), 4, "30 days before is in one second");
        assert_eq!(left("2027-10-23T07:00:00Z"), 3, "30 days before is now");
        assert_eq!(left("2027-11-21T09:00:00Z"), 0, "the last day");
        assert_eq!(left("2027-11-23T09:00:00Z"), 0, "it has ended");
    }

    #[test]
    fn the_file_for_the_next_token_is_a_newer_one_of_the_same_entry() {
        let berlin = zone("Europe/Berlin");
        let first = calendar(&reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &berlin));
        let second = calendar(&Reminder {
            token: "SCIM access token ending in 77aa",
            sequence: 1,
            ..reminder("2028-10-05T10:02:00Z", "2027-10-06T10:02:00Z", &berlin)
        });
        assert_eq!(values(&first, "UID"), values(&second, "UID"), "of the event and of the six alarms");
        assert_eq!((value(&first, "SEQUENCE"), value(&second, "SEQUENCE")), ("0".to_owned(), "1".to_owned()));
        assert_eq!(value(&second, "LAST-MODIFIED"), "20271006T100200Z");
        assert_ne!(value(&first, "DTSTART"), value(&second, "DTSTART"));
    }

    #[test]
    fn the_same_reminder_makes_the_same_file() {
        let berlin = zone("Europe/Berlin");
        let reminder = reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &berlin);
        assert_eq!(calendar(&reminder), calendar(&reminder));
    }

    #[test]
    fn practice_says_so_wherever_it_is_seen() {
        let utc = TimeZone::UTC;
        let practice = Reminder { practice: true, ..reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &utc) };
        let text = calendar(&practice);
        assert!(value(&text, "SUMMARY").starts_with("Practice: Replace the token: "), "{text}");
        let descriptions = values(&text, "DESCRIPTION");
        assert_eq!(descriptions.len(), 7);
        assert!(descriptions.iter().all(|text| text.to_lowercase().contains("practice:")), "{descriptions:?}");
    }

    #[test]
    fn a_typed_name_breaks_neither_the_lines_nor_the_values() {
        let utc = TimeZone::UTC;
        let odd = Reminder {
            target: "Büro, Köln; \"Wiki\"\nX\r\nBEGIN:VEVENT\u{7} \\ 🗓️🗓️🗓️🗓️🗓️🗓️🗓️🗓️🗓️🗓️ 東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京",
            ..reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &utc)
        };
        let text = calendar(&odd);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
            assert!(!line.contains(char::is_control), "{line:?}");
        }
        let summary = value(&text, "SUMMARY");
        assert!(summary.contains(r#"Büro\, Köln\; "Wiki" X BEGIN:VEVENT \\ 🗓️"#), "{summary}");
        assert_eq!(unfolded(&text).matches("\r\nBEGIN:VEVENT\r\n").count(), 1);
    }

    #[test]
    fn no_line_is_too_long_for_a_name_of_any_length() {
        let utc = TimeZone::UTC;
        for length in 0..160 {
            let target = "ö".repeat(length);
            let target = &format!("{}{target}", if length % 2 == 0 { "" } else { "x" });
            let text = calendar(&Reminder { target, ..reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &utc) });
            assert!(text.split("\r\n").all(|line| line.len() <= 75), "{length}: {text}");
            assert!(value(&text, "SUMMARY").contains(target), "{length}: {text}");
        }
    }

    #[test]
    fn the_end_is_said_with_the_zone_it_is_meant_in() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(
            reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &berlin).end(),
            "22 November 2027 at 11:02 (Europe/Berlin, UTC+01:00)"
        );
        let end = |zone: &TimeZone| reminder("2027-06-02T20:02:00Z", "2026-11-22T10:02:00Z", zone).end();
        assert_eq!(end(&zone("Asia/Kathmandu")), "3 June 2027 at 01:47 (Asia/Kathmandu, UTC+05:45)");
        assert_eq!(end(&TimeZone::UTC), "2 June 2027 at 20:02 (UTC)");
        assert_eq!(end(&TimeZone::fixed(jiff::tz::offset(-3))), "2 June 2027 at 17:02 (UTC-03:00)");
        assert_eq!(end(&TimeZone::unknown()), "2 June 2027 at 20:02 (UTC+00:00)");
    }

    #[test]
    fn the_ends_of_time_make_a_file_too() {
        let berlin = zone("Europe/Berlin");
        for ends in [Timestamp::MIN, Timestamp::MAX] {
            let text =
                calendar(&Reminder { ends, ..reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &berlin) });
            assert!(text.contains("BEGIN:VEVENT"), "{ends}");
        }
    }
}

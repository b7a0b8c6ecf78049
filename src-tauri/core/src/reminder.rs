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
mod tests;

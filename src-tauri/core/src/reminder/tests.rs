//! The file as calendars read it, and when its alarms ring.
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
        for ends in ["2027-06-15T14:30:00Z", "2027-12-15T14:30:00Z", "2028-01-20T02:00:00Z", "2027-04-20T23:59:59Z"] {
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
            let text = calendar(&Reminder { ends, ..reminder("2027-10-30T00:00:00Z", "2026-11-22T10:00:00Z", &zone) });
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
        let text = calendar(&Reminder { ends, ..reminder("2027-11-22T10:02:00Z", "2026-11-22T10:02:00Z", &berlin) });
        assert!(text.contains("BEGIN:VEVENT"), "{ends}");
    }
}

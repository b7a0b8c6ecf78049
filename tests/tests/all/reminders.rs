//! Reminders as the app saves them, read by somebody else's calendar: when they ring, and that the file for the next
//! token moves the old entry.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use usher_core::{
    Action, App, Secret, View,
    vault::Vault,
    view::{Finish, Reminders, Screen},
};

use crate::{
    ledger::{Clock, connection, facts, save},
    support::{
        stage::{Home, at},
        tools::{installed, root},
    },
};

const ID: &str = "generic-scim-entra-1a2b3c4d";
const TOKEN: &str = "wiki-AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ3f9c";
const NEXT_TOKEN: &str = "wiki-KKKKLLLLMMMMNNNNOOOOPPPPQQQQRRRRSSSSTTTT77aa";
/// Two that change the clock in opposite seasons, one of them by half an hour; one on the other side of the sea; one
/// that never does.
const ZONES: [&str; 4] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];
/// Set where the test runs inside a zone.
const ZONE: &str = "USHER_TEST_ZONE";

/// A finished connection, whose window is opened at a moment.
struct Window {
    home: Home,
    clock: Clock,
    app: Option<App>,
}

impl Window {
    /// With a token that ends then, or whose end nobody knows.
    async fn open(now: &str, ends: Option<&str>) -> Self {
        let mut window = Self { home: Home::new(), clock: Clock::at(now), app: None };
        let setup = connection(ID, "http://127.0.0.1:9/scim", facts(TOKEN, at(now), ends.map(at)));
        save(&window.home, &setup);
        window.keep(TOKEN);
        window.reopen().await;
        window
    }

    fn keep(&self, token: &str) {
        let key = format!("{ID}/scim-token");
        self.home.vault.put(&key, &Secret::new(token)).expect("it is not locked");
    }

    async fn reopen(&mut self) {
        self.app = None;
        let clock = self.clock.clone();
        let app = self.home.open_with([].into(), |config| config.now = clock.for_app());
        app.act(Action::OpenSetup { setup: ID.into() }).await;
        self.app = Some(app);
    }

    async fn act(&self, action: Action) -> View {
        self.app.as_ref().expect("it is open").act(action).await
    }

    /// Saves reminders and returns where they are.
    async fn save(&self) -> PathBuf {
        let view = self.act(Action::SaveReminders).await;
        let reminders = reminders(&view);
        assert!(reminders.current, "{reminders:#?}");
        let path = PathBuf::from(reminders.saved.expect("they were saved"));
        assert!(path.starts_with(self.home.folder.path().join("documents")), "{}", path.display());
        path
    }

    /// The connection gets another token, and the window is opened then.
    async fn replace(&mut self, now: &str, ends: &str) {
        self.app = None;
        self.clock.set(now);
        let path = self.home.setups().remove(0);
        let text = fs::read_to_string(&path).expect("it is there");
        let mut setup: usher_core::setup::Setup = serde_json::from_str(&text).expect("it is a setup");
        setup.slots.insert("scim-token".into(), facts(NEXT_TOKEN, at(now), Some(at(ends))));
        save(&self.home, &setup);
        self.keep(NEXT_TOKEN);
        self.reopen().await;
    }
}

fn finish(view: &View) -> &Finish {
    match &view.screen {
        Screen::Finish(finish) => finish,
        other => panic!("not the last page but {other:#?}"),
    }
}

fn reminders(view: &View) -> Reminders {
    finish(view).reminders.clone().expect("there is something to remind of")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it was saved")
}

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

/// The values of one property.
fn values(text: &str, property: &str) -> Vec<String> {
    let start = format!("{property}:");
    unfolded(text).lines().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
}

/// That of the event, which comes before its alarms.
fn value(text: &str, property: &str) -> String {
    values(text, property).first().cloned().unwrap_or_else(|| panic!("there is no {property} in {text}"))
}

fn start(text: &str) -> Timestamp {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", value(text, "DTSTART")).expect("a moment in UTC");
    civil.to_zoned(TimeZone::UTC).expect("UTC has no gaps").timestamp()
}

/// The moments at which it rings for whoever counts in minutes, the earliest first.
fn rings(text: &str) -> Vec<Timestamp> {
    let minutes = |trigger: &String| -> i64 {
        let number = trigger.strip_prefix("-PT").and_then(|rest| rest.strip_suffix('M'));
        number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{trigger} is no number of minutes"))
    };
    values(text, "TRIGGER").iter().map(|trigger| start(text) - minutes(trigger).minutes()).collect()
}

fn sequence(text: &str) -> u32 {
    value(text, "SEQUENCE").parse().expect("a number")
}

/// Begins itself again inside each zone: the app takes that of its process.
#[tokio::test]
async fn alarms_ring_at_nine_in_every_zone_and_the_next_file_moves_the_entry() {
    if let Some(zone) = std::env::var_os(ZONE) {
        return two_tokens_in(zone.to_str().expect("a name")).await;
    }
    for zone in ZONES {
        let output = Command::new(std::env::current_exe().expect("a running program has a place"))
            .args(["--exact", "reminders::alarms_ring_at_nine_in_every_zone_and_the_next_file_moves_the_entry"])
            .env(ZONE, zone)
            .env("TZ", zone)
            .output()
            .expect("it was started once already");
        let said = String::from_utf8_lossy(&output.stdout);
        let ended_well = output.status.success() && said.contains("1 passed");
        assert!(ended_well, "{zone}: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

async fn two_tokens_in(name: &str) {
    let zone = TimeZone::get(name).expect("it is known here");
    assert_eq!(TimeZone::system().iana_name(), Some(name));
    // The first token's reminders reach over the change of March and April, the second's over that of autumn.
    let mut window = Window::open("2026-11-22T10:00:00Z", Some("2027-04-20T14:30:00Z")).await;
    let first = window.save().await;
    window.replace("2027-04-01T10:00:00Z", "2027-12-15T14:30:00Z").await;
    let second = window.save().await;
    assert_ne!(first, second, "the older file stays");

    let mut changes = Vec::new();
    for (path, written) in [(&first, "2026-11-22T10:00:00Z"), (&second, "2027-04-01T10:00:00Z")] {
        let text = read(path);
        let rings = rings(&text);
        assert_eq!(rings.len(), 6, "{text}");
        assert!(rings.iter().all(|ring| *ring > at(written)), "{rings:?}");
        let day = start(&text).to_zoned(zone.clone()).date();
        for (ring, days) in rings.iter().zip([90, 60, 30, 14, 7, 1]) {
            assert_eq!(ring.to_zoned(zone.clone()).datetime(), (day - days.days()).at(9, 0, 0, 0), "{name}");
        }
        let offset = |at: Timestamp| zone.to_offset(at).seconds();
        changes.push((offset(start(&text)) - offset(rings[0])).signum());
    }
    let wanted = match name {
        "UTC" => [0, 0],
        "Australia/Lord_Howe" => [-1, 1],
        _ => [1, -1],
    };
    assert_eq!(changes, wanted, "{name}: the clock is changed in between, both ways");

    let (one, other) = (read(&first), read(&second));
    assert_eq!(value(&one, "UID"), value(&other, "UID"));
    assert!(sequence(&other) > sequence(&one), "{one}{other}");
    let output = Command::new(installed("USHER_ICALENDAR", "target/tools/icalendar/bin/python"))
        .arg(root().join("tests/tools/reminders.py"))
        .arg(name)
        .args([&first, &second])
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // What khal shows after both is the second token's.
    let last: serde_json::Value = said.lines().last().and_then(|line| serde_json::from_str(line).ok()).expect("JSON");
    let moved = start(&other).to_zoned(zone).strftime("%Y-%m-%d 09:00").to_string();
    assert_eq!(last["khal"][1][0]["start-long"], moved, "{said}");
}

#[tokio::test]
async fn of_a_token_that_ends_soon_only_what_is_still_to_come_rings() {
    for (days, count) in [(100, 6), (61, 5), (32, 4), (20, 3), (9, 2), (3, 1), (1, 0)] {
        let now = at("2027-01-10T12:00:00Z");
        let ends = (now + (24 * days).hours()).to_string();
        let window = Window::open("2027-01-10T12:00:00Z", Some(&ends)).await;
        let text = read(&window.save().await);
        let rings = rings(&text);
        assert_eq!(rings.len(), count, "{days} days: {text}");
        assert!(rings.iter().all(|ring| *ring > now), "{rings:?}");
        assert!(start(&text) < at(&ends), "{text}");
    }
}

#[tokio::test]
async fn nothing_secret_is_in_the_file() {
    let window = Window::open("2027-01-10T12:00:00Z", Some("2027-10-10T12:00:00Z")).await;
    let path = window.save().await;
    let text = unfolded(&read(&path));
    assert!(text.contains("SCIM token ending in 3f9c"), "it can be recognised: {text}");
    assert!(!text.contains("127.0.0.1"), "{text}");
    // Not even a part of it that would help.
    let parts: Vec<&str> = TOKEN.as_bytes().windows(8).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    let said = [text, path.display().to_string(), format!("{:?}", window.act(Action::Home).await)];
    for part in parts {
        assert!(said.iter().all(|said| !said.contains(part)), "{part}");
    }
}

#[tokio::test]
async fn a_corrected_end_moves_the_reminder() {
    let window = Window::open("2027-01-10T12:00:00Z", None).await;
    let view = window.act(Action::SaveReminders).await;
    assert_eq!(reminders(&view).saved, None, "there is nothing to remind of");
    assert!(reminders(&view).note.text.contains("not known"), "{view:#?}");
    assert!(!window.home.folder.path().join("documents").exists());

    let set_end = |day: &str| Action::SetEnd { setup: ID.into(), day: day.into() };
    window.act(set_end("2027-10-10")).await;
    let first = read(&window.save().await);
    let view = window.act(set_end("2027-11-11")).await;
    assert!(!reminders(&view).current);
    assert!(reminders(&view).note.text.contains("another end"), "{:#?}", reminders(&view));
    let second = read(&window.save().await);
    assert_eq!(value(&first, "UID"), value(&second, "UID"));
    assert_eq!((sequence(&first), sequence(&second)), (0, 1));
    assert_eq!(start(&second).duration_since(start(&first)).as_hours() / 24, 32);
    assert_eq!(values(&first, "UID").len(), 7, "six alarms have their own");
    let said = finish(&window.act(Action::SaveReminders).await).history.clone();
    assert_eq!(said.iter().filter(|line| line.text.starts_with("Reminders were saved")).count(), 3, "{said:#?}");
}

#[tokio::test]
async fn a_token_that_has_ended_has_nothing_to_remind_of() {
    let window = Window::open("2027-01-10T12:00:00Z", Some("2027-02-10T12:00:00Z")).await;
    window.clock.set("2027-02-10T12:00:01Z");
    let view = window.act(Action::SaveReminders).await;
    assert_eq!(finish(&view).reminders, None);
    assert!(!window.home.folder.path().join("documents").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_and_saving_can_be_tried_again() {
    let window = Window::open("2027-01-10T12:00:00Z", Some("2027-10-10T12:00:00Z")).await;
    let documents = window.home.folder.path().join("documents");
    fs::write(&documents, "in the way").expect("there is room");
    let view = window.act(Action::SaveReminders).await;
    assert!(view.notices.iter().any(|notice| notice.id == "reminders"), "{:#?}", view.notices);
    assert_eq!(reminders(&view).saved, None);
    fs::remove_file(&documents).expect("it was there");
    let text = read(&window.save().await);
    assert_eq!(sequence(&text), 0, "nobody has seen an older one");
    assert!(window.act(Action::Home).await.notices.is_empty());
}

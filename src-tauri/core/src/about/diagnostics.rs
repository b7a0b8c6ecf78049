//! The text that "Copy diagnostics" copies.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use super::{Computer, Surroundings, VERSION, build};
use crate::{
    class::Class,
    error::{Code, Phase, Problem},
    status::State,
};

/// Errors that are told at most, the newest.
const TROUBLES: usize = 10;
/// The longest version of a webview.
const LONGEST_VERSION: usize = 40;

/// All that is told.
pub(crate) struct Known {
    pub(crate) now: Timestamp,
    pub(crate) computer: Computer,
    pub(crate) around: Surroundings,
    pub(crate) data_folder: String,
    /// `None` while it is asked.
    pub(crate) keyring: Option<Result<(), Problem>>,
    pub(crate) proxy: String,
    pub(crate) log: bool,
    pub(crate) connections: Vec<Connection>,
    pub(crate) rotations: usize,
    pub(crate) unreadable: usize,
    pub(crate) practice_worlds: usize,
    pub(crate) troubles: Vec<Trouble>,
    /// What the whole window is told of.
    pub(crate) notices: Vec<Code>,
}

/// A connection without anything by which it could be told from another one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Connection {
    /// The recipes' own ids.
    pub(crate) target: String,
    pub(crate) idp: String,
    pub(crate) practice: bool,
    /// A word out of [`State`], with the step that is open where not all are done.
    pub(crate) state: String,
    /// Whole days until its token ends; negative once it has ended.
    pub(crate) days_left: Option<i64>,
}

impl Connection {
    /// How far it is, in a word or two.
    pub(crate) fn state(state: State, phase: Phase) -> String {
        match state {
            State::Unfinished => format!("{} at {}", state.slug(), phase.id()),
            other => other.slug().to_owned(),
        }
    }
}

/// Something that went wrong.
pub(crate) struct Trouble {
    pub(crate) at: Timestamp,
    pub(crate) code: Code,
    pub(crate) class: Option<Class>,
    /// The recipes' own ids.
    pub(crate) target: String,
    pub(crate) idp: String,
}

/// A line for each fact.
pub(crate) fn text(known: &Known) -> String {
    let mut lines =
        vec![build().map_or_else(|| format!("Usher {VERSION}"), |build| format!("Usher {VERSION} ({build})"))];
    let mut say = |name: &str, value: String| lines.push(format!("{name}: {value}"));
    let Known { computer, around, .. } = known;
    let unknown = || "unknown".to_owned();
    say("Time", known.now.strftime("%Y-%m-%d %H:%M UTC").to_string());
    say("Time zone", zone(computer, known.now));
    say("System", format!("{}, {}", computer.system, computer.processor));
    if let Some(session) = &computer.session {
        say("Session", session.clone());
    }
    say("Webview", around.webview.as_deref().map_or_else(unknown, version));
    say(
        "Display scale",
        around.scale.filter(|scale| scale.is_finite()).map_or_else(unknown, |scale| scale.to_string()),
    );
    say("Language", computer.locale.clone().unwrap_or_else(unknown));
    say("Keyring", keyring(known.keyring.as_ref()));
    say("Proxy", known.proxy.clone());
    say("Data folder", known.data_folder.clone());
    say("Log", if known.log { "on" } else { "off" }.into());
    say("Connections", known.connections.len().to_string());
    lines.extend(counted(&known.connections));
    let mut say = |name: &str, value: String| lines.push(format!("{name}: {value}"));
    say("Rotations under way", known.rotations.to_string());
    say("Practice worlds running", known.practice_worlds.to_string());
    say("Files that cannot be read", known.unreadable.to_string());
    say("Notices", listed(known.notices.iter().map(|code| slug(*code))));
    say("Last errors", if known.troubles.is_empty() { "none".into() } else { String::new() });
    lines.extend(troubles(&known.troubles, known.now));
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn zone(computer: &Computer, now: Timestamp) -> String {
    let offset = TimeZone::system().to_offset(now);
    format!("{} (UTC{offset})", computer.zone.as_deref().unwrap_or("unknown"))
}

/// Of a library, in the characters of a version.
fn version(text: &str) -> String {
    let usual = |character: &char| character.is_ascii_alphanumeric() || " .-+()".contains(*character);
    text.chars().filter(usual).take(LONGEST_VERSION).collect()
}

fn keyring(answer: Option<&Result<(), Problem>>) -> String {
    match answer {
        None => "being asked".into(),
        Some(Ok(())) => "answers".into(),
        // The vault's own words; what the system said is not in them.
        Some(Err(problem)) => format!("does not answer as it should. {}", problem.message),
    }
}

/// `  2 × … from …: well, 41 and 300 days left`.
fn counted(connections: &[Connection]) -> Vec<String> {
    let mut alike: BTreeMap<(&str, &str, bool, &str), Vec<Option<i64>>> = BTreeMap::new();
    for Connection { target, idp, practice, state, days_left } in connections {
        alike.entry((target, idp, *practice, state)).or_default().push(*days_left);
    }
    let line = |((target, idp, practice, state), mut days): ((&str, &str, bool, &str), Vec<Option<i64>>)| {
        days.sort_unstable();
        let practice = if practice { ", practice" } else { "" };
        let left = days.iter().map(|days| days.map_or_else(|| "?".to_owned(), |days| days.to_string()));
        format!("  {} × {target} from {idp}{practice}: {state}; days left: {}", days.len(), listed(left))
    };
    alike.into_iter().map(line).collect()
}

fn troubles(troubles: &[Trouble], now: Timestamp) -> Vec<String> {
    let mut newest: Vec<&Trouble> = troubles.iter().collect();
    newest.sort_by_key(|trouble| std::cmp::Reverse(trouble.at));
    let line = |Trouble { at, code, class, target, idp }: &Trouble| {
        let class = class.map_or_else(String::new, |class| format!(" ({class})"));
        format!("  {}{class}, {target} from {idp}, {}", slug(*code), age(*at, now))
    };
    newest.into_iter().take(TROUBLES).map(line).collect()
}

fn age(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_hours() / 24 {
        ..=0 => "less than a day ago".into(),
        1 => "a day ago".into(),
        days => format!("{days} days ago"),
    }
}

/// As in JSON.
fn slug(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

//! The exports on their way in: each is read once to see what it holds, and kept as it is until it is compared.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    ops::ControlFlow,
    sync::{Arc, Weak},
};

use tokio::{sync::mpsc, task::spawn_blocking};

use super::{
    super::intake::{Fed, Order, Shelf, broke_off, telling},
    App, Arrived, GROUPS, Handed, PEOPLE, Place, State,
};
use crate::{
    app::Inner,
    error::{Code, Problem},
    examine::Reading,
    number::{counted, grouped},
    people::{Progress, Rules},
    recipe::Guide,
    verify::Expected,
    view::{GroupFileState, IntakeState, Sheet, Tone, Toned},
};

/// Bytes of all files of one setup; 100,000 people are about 10 MB.
const MOST_BYTES: usize = 512 << 20;
/// Files of groups of one setup.
const MOST_FILES: usize = 10_000;
/// Characters of a group's name that are kept.
const LONGEST_NAME: usize = 256;

/// A file that was read.
struct ReadFile {
    bytes: Vec<u8>,
    sheet: Sheet,
    names_groups: bool,
}

/// From the first piece to what is in it.
pub(in crate::app) async fn read(app: Weak<Inner>, order: Order, place: Place, receiver: mpsc::Receiver<Vec<u8>>) {
    let open = || app.upgrade().map(|inner| App { inner });
    let Some(room) = open().map(|app| app.state().room(&place)) else { return };
    let mut tell = telling(app.clone(), &order);
    let Order { serial, shelf, name, guide, stop, .. } = order;
    let fed = Fed::new(receiver, stop.clone());
    let guide = guide.filter(|_| place.file.is_none());
    let looked = spawn_blocking(move || look(fed, room, guide.as_deref(), &mut tell)).await;
    let Some(app) = open() else { return };
    let state = match looked {
        // Half a list would make differences of those who stand in the other half.
        _ if stop.is_cancelled() => IntakeState::Empty,
        Ok(Ok(file)) => {
            let sheet = file.sheet.clone();
            app.state().hold(serial, &place, file);
            IntakeState::Done { name, at: app.now(), sheet }
        }
        Ok(Err(problem)) => IntakeState::Failed { name, problem },
        Err(_) => IntakeState::Failed { name, problem: broke_off() },
    };
    app.finished(serial, &shelf, state, &BTreeMap::new());
}

/// `guide`: for a list of people; without one, it is a list of groups.
fn look(
    input: impl Read,
    room: usize,
    guide: Option<&Guide>,
    tell: &mut dyn FnMut(&Reading) -> ControlFlow<()>,
) -> Result<ReadFile, Problem> {
    let mut copied = Copied { input, bytes: Vec::new(), room, full: false };
    let mut watch = |progress: &Progress| {
        tell(&Reading { bytes: progress.bytes, rows: progress.rows.into(), ..Reading::default() })
    };
    let read = match guide {
        Some(guide) => Expected::read_people(&mut copied, &Rules::of(guide), None, &mut watch).map(|all| {
            let remarks =
                vec![format!("Compared: {}. People are matched by {}.", all.compared().join(", "), all.matching())];
            (counted(all.people().into(), "person", "people"), remarks, false)
        }),
        None => {
            let mut all = Expected::nobody();
            all.read_groups(&mut copied, "the group", &mut watch).map(|()| {
                let members = counted(all.memberships(), "member", "members");
                let holds = match all.names_groups() {
                    true => format!("{} with {members}", counted(all.groups().into(), "group", "groups")),
                    false => members,
                };
                (holds, Vec::new(), all.names_groups())
            })
        }
    };
    if copied.full {
        return Err(too_large());
    }
    let (holds, remarks, names_groups) = read?;
    let verdict = Toned { text: holds, tone: Tone::Neutral };
    Ok(ReadFile { bytes: copied.bytes, sheet: Sheet { verdict, remarks, sections: Vec::new() }, names_groups })
}

/// Keeps what is read through it.
struct Copied<R> {
    input: R,
    bytes: Vec<u8>,
    room: usize,
    full: bool,
}

impl<R: Read> Read for Copied<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if self.bytes.len() + read > self.room {
            self.full = true;
            return Err(io::Error::other("too large"));
        }
        self.bytes.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}

impl Arrived {
    fn group_mut(&mut self, serial: u32) -> Option<&mut Handed> {
        self.groups.iter_mut().find(|group| group.serial == serial)
    }
}

impl State {
    /// Where a file of the comparison's screen belongs.
    pub(in crate::app) fn place_of_export(&self, setup: &str, id: &str) -> Option<Place> {
        let full = || self.arrived.get(setup).is_some_and(|arrived| arrived.groups.len() >= MOST_FILES);
        let file = match id {
            PEOPLE => None,
            GROUPS if !full() => Some(self.examined + 1),
            _ => return None,
        };
        Some(Place { setup: setup.to_owned(), file })
    }

    /// A file that has no place is not passed over without a word.
    pub(in crate::app) fn refuse_export(&mut self, id: &str) {
        if id == GROUPS && self.arrived_setup().is_some() {
            self.notices.insert("groups".into(), too_many());
        }
    }

    /// A line for a file of groups, as soon as it begins to come.
    pub(in crate::app) fn begin_file(&mut self, shelf: &Shelf, file: &str) {
        let Shelf::Export(Place { setup, file: Some(serial) }) = shelf else { return };
        let group = Handed {
            serial: *serial,
            file: file.to_owned(),
            name: group_name(file),
            names_groups: false,
            state: GroupFileState::Reading { serial: *serial, doing: String::new() },
            bytes: Arc::default(),
        };
        self.arrived.entry(setup.clone()).or_default().groups.push(group);
    }

    /// How it stands with a file.
    pub(in crate::app) fn shelve_export(&mut self, place: &Place, state: IntakeState) {
        let arrived = self.arrived.entry(place.setup.clone()).or_default();
        let Some(serial) = place.file else {
            if !matches!(state, IntakeState::Done { .. }) && arrived.list.take().is_some() {
                arrived.version += 1;
            }
            arrived.people = state;
            return;
        };
        let state = match state {
            // Stopped, or put away.
            IntakeState::Empty => {
                arrived.groups.retain(|group| group.serial != serial);
                return;
            }
            IntakeState::Reading { serial, doing, .. } => GroupFileState::Reading { serial, doing },
            IntakeState::Done { sheet, .. } => {
                GroupFileState::Done { holds: sheet.verdict.text, remarks: sheet.remarks }
            }
            IntakeState::Failed { problem, .. } => GroupFileState::Failed { problem },
        };
        if let Some(group) = arrived.group_mut(serial) {
            group.state = state;
        }
    }

    /// Keeps a file, unless it was replaced or taken away meanwhile.
    fn hold(&mut self, serial: u32, place: &Place, file: ReadFile) {
        if !self.examinations.contains_key(&serial) {
            return;
        }
        let arrived = self.arrived.entry(place.setup.clone()).or_default();
        arrived.version += 1;
        let bytes = Arc::new(file.bytes);
        match place.file {
            None => arrived.list = Some(bytes),
            Some(serial) => {
                if let Some(group) = arrived.group_mut(serial) {
                    (group.bytes, group.names_groups) = (bytes, file.names_groups);
                }
            }
        }
    }

    /// What is left for one more file; the list of people is replaced by another.
    fn room(&self, place: &Place) -> usize {
        let Some(arrived) = self.arrived.get(&place.setup) else { return MOST_BYTES };
        let groups = arrived.groups.iter().map(|group| group.bytes.len()).sum::<usize>();
        let list = arrived.list.as_ref().filter(|_| place.file.is_some()).map_or(0, |list| list.len());
        MOST_BYTES.saturating_sub(groups + list)
    }

    pub(in crate::app) fn file_name(&self, place: &Place) -> String {
        let Some(arrived) = self.arrived.get(&place.setup) else { return String::new() };
        match (place.file, &arrived.people) {
            (Some(serial), _) => {
                arrived.groups.iter().find(|group| group.serial == serial).map(|group| group.file.clone())
            }
            (None, IntakeState::Reading { name, .. }) => Some(name.clone()),
            (None, _) => None,
        }
        .unwrap_or_default()
    }

    /// Takes one file of groups away, or all of them. Whether it was about groups.
    pub(in crate::app) fn put_away_groups(&mut self, intake: &str) -> bool {
        let Some(rest) = intake.strip_prefix(GROUPS) else { return false };
        let Some(setup) = self.arrived_setup().map(str::to_owned) else { return true };
        let one: Option<u32> = rest.strip_prefix('/').and_then(|serial| serial.parse().ok());
        if !rest.is_empty() && one.is_none() {
            return true;
        }
        let Some(arrived) = self.arrived.get_mut(&setup) else { return true };
        let (gone, kept) = std::mem::take(&mut arrived.groups)
            .into_iter()
            .partition(|group| one.is_none_or(|serial| group.serial == serial));
        arrived.groups = kept;
        let gone: Vec<Handed> = gone;
        arrived.version += u32::from(!gone.is_empty());
        for group in gone {
            self.stop_examining(&Shelf::Export(Place { setup: setup.clone(), file: Some(group.serial) }));
        }
        true
    }

    /// What the admin says a group is called.
    pub(in crate::app) fn name_group(&mut self, file: &str, name: &str) {
        let Some(setup) = self.arrived_setup().map(str::to_owned) else { return };
        let serial = file.strip_prefix(GROUPS).and_then(|rest| rest.strip_prefix('/')?.parse().ok());
        let arrived = self.arrived.get_mut(&setup);
        let Some((arrived, serial)) = arrived.zip(serial) else { return };
        let name: String = crate::http::redact::one_line(name).chars().take(LONGEST_NAME).collect();
        let changed = arrived.group_mut(serial).filter(|group| group.name != name);
        if let Some(group) = changed {
            group.name = name;
            arrived.version += 1;
        }
    }
}

fn too_many() -> Problem {
    Problem::new(Code::TooLarge, format!("These are more than {} files of groups.", grouped(MOST_FILES as u64)))
        .hint("Hand over one file of many groups instead: it needs a column for the group's name.")
}

/// A group by the name of its file: without its ending, the day of the export, and the number of a second download.
/// Empty where the name is that of every such file.
fn group_name(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = match stem.rsplit_once(" (") {
        Some((before, number)) if number.trim_end_matches(')').parse::<u8>().is_ok() => before,
        _ => stem,
    };
    let day = stem.char_indices().find(|(at, _)| starts_with_a_day(&stem[*at..])).map_or(stem.len(), |(at, _)| at);
    let name = stem[..day].trim_end_matches(['_', '-', ' ']).trim();
    let usual = ["exportgroupmembers", "groupmembers", "group members", "members", "pasted text"];
    if usual.contains(&name.to_lowercase().as_str()) { String::new() } else { name.to_owned() }
}

/// "2026-11-26", also with one digit for the month or the day.
fn starts_with_a_day(text: &str) -> bool {
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    let year = parts.next().is_some_and(|year| year.len() == 4 && year.starts_with("20"));
    let short = |part: Option<&str>| part.is_some_and(|part| matches!(part.len(), 1 | 2));
    year && text.as_bytes().get(4).is_some_and(|mark| matches!(mark, b'-' | b'_' | b'.'))
        && short(parts.next())
        && short(parts.next())
}

fn too_large() -> Problem {
    Problem::new(Code::TooLarge, "The files are larger together than 512 MB, which is more than Usher keeps in memory.")
        .hint("Export fewer columns, or compare a part of the people at a time. `usher-cli verify` reads larger lists.")
}

#[cfg(test)]
mod tests {
    use super::group_name;

    #[test]
    fn a_group_is_named_after_its_file() {
        for (file, name) in [
            ("Sales.csv", "Sales"),
            ("Sales EMEA_2026-11-26.csv", "Sales EMEA"),
            ("Sales-EMEA 2026-1-6T09-30.csv", "Sales-EMEA"),
            ("Sales (2).csv", "Sales"),
            ("Team (North).csv", "Team (North)"),
            ("exportGroupMembers_2026-11-26.csv", ""),
            ("members.csv", ""),
            ("Plan 2026.csv", "Plan 2026"),
            ("Müller & Söhne v1.2.csv", "Müller & Söhne v1.2"),
            ("", ""),
        ] {
            assert_eq!(group_name(file), name, "{file}");
        }
    }
}

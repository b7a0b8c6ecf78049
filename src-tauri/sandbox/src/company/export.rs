//! What the administrator would download from the identity provider, and beside it the gaps, for whoever compares.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use serde::Serialize;

use super::{
    Company,
    dice::{self, Purpose},
    gaps,
    people::Person,
};
use crate::{entra::lists, table};

/// Okta has no such download for everybody; its scripts and reports name the profile's attributes.
const OKTA: [&str; 11] = [
    "login",
    "firstName",
    "lastName",
    "email",
    "displayName",
    "title",
    "department",
    "primaryPhone",
    "countryCode",
    "city",
    "status",
];
/// Neither console has all groups with their members in one file; this is what scripts make: a line for each member.
const GROUP: &str = "group";

/// Whose export it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idp {
    Entra,
    Okta,
}

/// Why the files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("There is a file {path} already, and it was left as it is. Name another folder, or move the file away.")]
    Exists { path: PathBuf },
    #[error("There is no folder {path}. Make it first, or name another one.")]
    NoFolder { path: PathBuf },
    #[error("{path} could not be written: {source}. What was begun was removed.")]
    Write { path: PathBuf, source: io::Error },
    #[error("The export was stopped. What was begun was removed.")]
    Stopped,
}

/// One difference, as gaps.json has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Gap {
    kind: gaps::Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The user name; empty if it is about the group itself.
    who: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
}

impl Gap {
    fn new(kind: gaps::Kind, who: String) -> Gap {
        Gap { kind, group: None, who, attribute: None, expected: None, found: None }
    }
}

/// Removes a file that was begun, unless it came to its end.
struct Begun(Vec<PathBuf>);

impl Drop for Begun {
    fn drop(&mut self) {
        for path in &self.0 {
            // It is on its way out with an error already.
            let _ = fs::remove_file(path);
        }
    }
}

impl Company {
    /// Writes `people.csv`, `groups.csv` and `gaps.json` into a folder, all of them or none. It ends early once `stop` is set.
    ///
    /// # Errors
    /// If one of them is there already, or cannot be written.
    pub fn export(&self, folder: &Path, idp: Idp, stop: &AtomicBool) -> Result<(), ExportError> {
        if !folder.is_dir() {
            return Err(ExportError::NoFolder { path: folder.to_owned() });
        }
        let mut begun = Begun(Vec::new());
        let mut file = |name: &str, fill: &dyn Fn(&mut BufWriter<File>) -> io::Result<()>| {
            let path = folder.join(name);
            let file = File::create_new(&path).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists => ExportError::Exists { path: path.clone() },
                _ => ExportError::Write { path: path.clone(), source },
            })?;
            begun.0.push(path.clone());
            let mut file = BufWriter::new(file);
            fill(&mut file).and_then(|()| file.flush()).map_err(|source| match source.kind() {
                io::ErrorKind::Interrupted => ExportError::Stopped,
                _ => ExportError::Write { path, source },
            })
        };
        file("gaps.json", &|file| self.write_gaps(file))?;
        file("groups.csv", &|file| self.write_groups(file, idp, stop))?;
        file("people.csv", &|file| self.write_people(file, idp, stop))?;
        begun.0.clear();
        Ok(())
    }

    fn write_people(&self, file: &mut impl io::Write, idp: Idp, stop: &AtomicBool) -> io::Result<()> {
        let mut table = table::writer(file);
        match idp {
            Idp::Entra => table.write_record(lists::USERS.iter().map(|(heading, _)| heading))?,
            Idp::Okta => table.write_record(OKTA)?,
        }
        for number in 0..self.plan.people {
            go_on(stop)?;
            let mut person = self.names.person(number);
            if self.gaps.nameless.contains(&number) {
                (person.family, person.display) = ("", person.given.to_owned());
            }
            match idp {
                Idp::Entra => table.write_record(self.entra_row(number, &person))?,
                Idp::Okta => table.write_record(self.okta_row(number, &person))?,
            }
        }
        table.flush()
    }

    /// A cell for each of Entra's headings; those that nobody here has are at the end.
    fn entra_row(&self, number: u32, person: &Person) -> [String; lists::USERS.len()] {
        let enabled = if self.is_enabled(number) { "True" } else { "False" };
        let id = dice::id(self.plan.seed, Purpose::UserObjectId, number).to_string();
        let cells = [
            &person.written,
            &person.display,
            person.family,
            &person.email,
            person.given,
            &id,
            "Member",
            person.title,
            person.department,
            enabled,
            person.place.code,
            "",
            "",
            person.place.country,
            "",
            person.city,
            "",
            &person.phone,
        ];
        std::array::from_fn(|place| cells.get(place).copied().unwrap_or_default().to_owned())
    }

    fn okta_row(&self, number: u32, person: &Person) -> [String; 11] {
        let status = if self.is_enabled(number) { "ACTIVE" } else { "DEPROVISIONED" };
        let cells = [
            &person.written,
            person.given,
            person.family,
            &person.email,
            &person.display,
            person.title,
            person.department,
            &person.phone,
            person.place.code,
            person.city,
            status,
        ];
        cells.map(str::to_owned)
    }

    /// A group without members has a line with nobody in it.
    fn write_groups(&self, file: &mut impl io::Write, idp: Idp, stop: &AtomicBool) -> io::Result<()> {
        let mut table = table::writer(file);
        let member = match idp {
            Idp::Entra => lists::USERS[0].0,
            Idp::Okta => OKTA[0],
        };
        table.write_record([GROUP, member])?;
        for group in 0..self.plan.groups {
            go_on(stop)?;
            let name = self.titles.name(group);
            let mut members = self.roster.members(group).peekable();
            if members.peek().is_none() {
                table.write_record([&name, ""])?;
            }
            for member in members {
                table.write_record([&name, &self.names.person(member).written])?;
            }
        }
        table.flush()
    }

    fn write_gaps(&self, file: &mut impl io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *file, &self.list_gaps())?;
        writeln!(file)
    }

    fn list_gaps(&self) -> BTreeSet<Gap> {
        let (gaps, plan) = (&self.gaps, &self.plan);
        let here = |number: u32| self.names.person(number).written;
        let there = |number: u32| self.names.person(number).user_name;
        let active = |number: u32, expected: bool| Gap {
            attribute: Some("active"),
            expected: Some(expected.to_string()),
            found: Some((!expected).to_string()),
            ..Gap::new(gaps::Kind::Disabled, here(number))
        };
        let member = |kind: gaps::Kind, group: u32, who: String| Gap {
            group: Some(self.titles.name(group)),
            ..Gap::new(kind, who)
        };
        let group = |kind: gaps::Kind, number: u32| member(kind, number, String::new());
        let mut all = BTreeSet::new();
        all.extend(gaps.missing.iter().map(|one| Gap::new(gaps::Kind::Missing, here(*one))));
        let strangers = plan.people..plan.people + gaps.unexpected;
        all.extend(strangers.map(|one| Gap::new(gaps::Kind::Unexpected, there(one))));
        all.extend(gaps.attributes.iter().map(|(number, attribute)| {
            let person = self.names.person(*number);
            Gap {
                attribute: Some(attribute.path()),
                expected: Some(attribute.value(&person)),
                found: Some(attribute.former(&person, self.names.other(*number))),
                ..Gap::new(gaps::Kind::Attribute, person.written)
            }
        }));
        all.extend(gaps.off_there.iter().map(|one| active(*one, true)));
        all.extend(gaps.off_here.iter().map(|one| active(*one, false)));
        all.extend(gaps.groups_missing.iter().map(|one| group(gaps::Kind::GroupMissing, *one)));
        let strange = plan.groups..plan.groups + gaps.groups_unexpected;
        all.extend(strange.map(|one| group(gaps::Kind::GroupUnexpected, one)));
        all.extend(
            gaps.members_missing.iter().map(|(group, one)| member(gaps::Kind::MemberMissing, *group, here(*one))),
        );
        let more = gaps.members_unexpected.iter();
        all.extend(more.map(|(group, one)| member(gaps::Kind::MemberUnexpected, *group, here(*one))));
        all
    }
}

fn go_on(stop: &AtomicBool) -> io::Result<()> {
    if stop.load(Ordering::Relaxed) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
}

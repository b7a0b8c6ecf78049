//! What should be at the target: the people and groups of the identity provider's exports, kept in little room.

use std::{collections::HashMap, io::Read, ops::ControlFlow};

use super::{keys::Keys, texts::Texts};
use crate::{
    class::Class,
    error::{Code, Problem},
    number::counted,
    people::{self, Listed, Progress, Rules, Sources, Who},
    systems::scim::pages::{Path, cut},
};

/// Watched while a file is read, as [`crate::people::check`] is.
pub type Watch<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<()>;

/// People and groups as they should be.
#[derive(Debug)]
pub struct Expected {
    pub(super) rules: Rules,
    /// What is compared, in the order of the columns of `rows` after the user name.
    pub(super) sent: Vec<Sent>,
    pub(super) matching: Path,
    /// Column of `rows` that holds the matching attribute.
    pub(super) key: usize,
    /// The user name, then the attributes.
    pub(super) rows: Texts,
    pub(super) flags: Vec<Flags>,
    /// Why people would fail, and the class of trouble that it is.
    pub(super) reasons: Vec<(String, Class)>,
    pub(super) keys: Keys,
    /// By user name, where people are matched by something else.
    names: Option<Keys>,
    pub(super) groups: Vec<ExpectedGroup>,
    group_places: HashMap<String, usize>,
    /// A file with a column for the group says which groups there are.
    pub(super) all_groups: bool,
    /// Members that stand in no list of people.
    outsiders: u32,
    pub(super) notes: Vec<String>,
    pub(super) complete: bool,
}

/// An attribute that is compared.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) path: Path,
    pub(super) exact: bool,
}

/// What is known about a person of the export.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) disabled: bool,
    pub(super) guest: bool,
    /// Stands only in the list of a group's members.
    pub(super) only_member: bool,
    /// Place in `reasons` and one, if the person would fail.
    pub(super) reason: u8,
}

/// A group of the export.
#[derive(Debug, Clone, Default)]
pub(super) struct ExpectedGroup {
    pub(super) name: String,
    /// Rows of people, in order after [`Expected::settle`].
    pub(super) members: Vec<u32>,
    /// Names of groups that are in it.
    pub(super) inner: Vec<String>,
}

impl Expected {
    /// Reads the list of people. `matching` names the SCIM attribute by which they are found again, if it is another than
    /// that of the mapping: `userName`, `externalId`, `emails`.
    ///
    /// # Errors
    /// What is no list of people; [`Code::WrongInput`] if the list has no column for the matching attribute;
    /// [`Code::Cancelled`] if `watch` says so.
    pub fn read_people(
        input: impl Read,
        rules: &Rules,
        matching: Option<&str>,
        watch: Watch<'_>,
    ) -> Result<Self, Problem> {
        let mut expected = Self::empty(rules, path(matching.unwrap_or(&rules.matching))?);
        let mut twice = 0_u32;
        let (sources, stopped) = people::each(input, rules, watch, |sources, listed| {
            if expected.sent.is_empty() {
                expected.name_columns(sources);
            }
            twice += u32::from(!expected.person(sources, listed));
        })?;
        if let Some(problem) = stopped {
            return Err(problem);
        }
        if expected.key == usize::MAX {
            return Err(no_key(&expected.matching, &sources));
        }
        expected.say(&sources, twice);
        expected.rows.shrink();
        Ok(expected)
    }

    fn empty(rules: &Rules, matching: Path) -> Self {
        Self {
            rules: rules.clone(),
            sent: Vec::new(),
            keys: Keys::new(matching.is_case_exact()),
            matching,
            key: usize::MAX,
            rows: Texts::default(),
            flags: Vec::new(),
            reasons: Vec::new(),
            names: None,
            groups: Vec::new(),
            group_places: HashMap::new(),
            all_groups: false,
            outsiders: 0,
            notes: Vec::new(),
            complete: true,
        }
    }

    /// What of the list is compared.
    fn name_columns(&mut self, sources: &Sources) {
        for source in &sources.sent {
            if let Some(path) = Path::parse(&source.path) {
                self.sent.push(Sent { exact: path.is_case_exact(), path });
            }
        }
        let key = self.sent.iter().position(|sent| self.matches_by(&sent.path));
        self.key = key.map_or(usize::MAX, |place| place + 1);
        let by_name = key.is_some_and(|place| sources.sent[place].index == sources.user_name);
        self.names = (!by_name).then(|| Keys::new(false));
        self.rows = Texts::new(1 + self.sent.len());
    }

    /// `--match emails` means the work address too.
    fn matches_by(&self, path: &Path) -> bool {
        *path == self.matching || (self.matching.is_whole() && self.matching.is_of(path))
    }

    /// Adds a person; `false` if there is somebody with this key already.
    fn person(&mut self, sources: &Sources, listed: &Listed<'_>) -> bool {
        let Who::Person { disabled, guest, flaw } = listed.who else { return true };
        if self.key == usize::MAX || !self.rows.has_room() {
            return true;
        }
        let row = u32::try_from(self.rows.rows()).unwrap_or(u32::MAX);
        let name = listed.cell(sources.user_name);
        let key = listed.cell(sources.sent[self.key - 1].index);
        if !key.is_empty() && !self.keys.add(&key, row) {
            return false;
        }
        if let Some(names) = &mut self.names {
            names.add(&name, row);
        }
        if let Some(plain) = guest.then(|| without_mark(&key)).flatten() {
            self.keys.add(&plain, row);
        }
        self.rows.push(cut(&name));
        for source in &sources.sent {
            self.rows.push(cut(&listed.cell(source.index)));
        }
        let reason = flaw.map_or(0, |flaw| self.reason(people::title(flaw, &self.rules)));
        self.flags.push(Flags { disabled, guest, only_member: false, reason });
        true
    }

    fn reason(&mut self, title: (String, Class)) -> u8 {
        let place = self.reasons.iter().position(|known| *known == title).unwrap_or_else(|| {
            self.reasons.push(title);
            self.reasons.len() - 1
        });
        u8::try_from(place + 1).unwrap_or(u8::MAX - 1)
    }

    fn say(&mut self, sources: &Sources, twice: u32) {
        self.notes.extend(sources.notes.iter().cloned());
        if twice > 0 {
            self.notes.push(format!(
                "{} of the export have a `{}` that stands on an earlier line already; the first one was compared.",
                counted(twice.into(), "row", "rows"),
                self.matching
            ));
        }
        let absent: Vec<&str> = sources.absent.iter().map(|(path, _)| path.as_str()).collect();
        if self.rules.mapped && !absent.is_empty() {
            self.notes.push(format!("Not compared, because the export has no column for it: {}.", absent.join(", ")));
        }
        if !self.rules.computed.is_empty() {
            self.notes.push(format!(
                "Not compared, because the mapping makes it by an expression: {}.",
                self.rules.computed.join(", ")
            ));
        }
    }

    /// Reads a list of members: of many groups if it has a column for the group, else of the one that `name` names, such as
    /// the name of the file. The people are to be read before.
    ///
    /// # Errors
    /// As [`Expected::read_people`].
    pub fn read_groups(&mut self, input: impl Read, name: &str, watch: Watch<'_>) -> Result<(), Problem> {
        let rules = Rules::usual();
        let mut nameless = 0_u32;
        let (sources, stopped) = people::each(input, &rules, watch, |sources, listed| {
            let group = match sources.group {
                Some(index) => listed.cell(index),
                None => name.into(),
            };
            if group.trim().is_empty() {
                nameless += 1;
                return;
            }
            let place = self.group(group.trim());
            self.member(place, sources, listed);
        })?;
        if let Some(problem) = stopped {
            return Err(problem);
        }
        self.all_groups |= sources.group.is_some();
        if nameless > 0 {
            self.notes.push(format!(
                "{} of the export of groups name no group, and were left out.",
                counted(nameless.into(), "row", "rows")
            ));
        }
        Ok(())
    }

    fn group(&mut self, name: &str) -> usize {
        let folded = name.to_lowercase();
        if let Some(place) = self.group_places.get(&folded) {
            return *place;
        }
        self.groups.push(ExpectedGroup { name: name.to_owned(), ..ExpectedGroup::default() });
        self.group_places.insert(folded, self.groups.len() - 1);
        self.groups.len() - 1
    }

    fn member(&mut self, place: usize, sources: &Sources, listed: &Listed<'_>) {
        let name = listed.cell(sources.user_name);
        if listed.who == Who::Group {
            let shown = sources.display_name.map(|index| listed.cell(index)).filter(|shown| !shown.is_empty());
            self.groups[place].inner.push(shown.unwrap_or(name).into_owned());
            return;
        }
        if name.is_empty() {
            return;
        }
        let row = self.named(&name).unwrap_or_else(|| self.outsider(&name));
        self.groups[place].members.push(row);
    }

    pub(super) fn named(&self, name: &str) -> Option<u32> {
        self.names.as_ref().unwrap_or(&self.keys).find(name)
    }

    /// Somebody who is in a group and not in the list of people.
    fn outsider(&mut self, name: &str) -> u32 {
        let row = u32::try_from(self.rows.rows()).unwrap_or(u32::MAX);
        self.rows.push(cut(name));
        for place in 0..self.sent.len() {
            self.rows.push(if place + 1 == self.key && self.names.is_none() { cut(name) } else { "" });
        }
        self.flags.push(Flags { only_member: true, ..Flags::default() });
        self.names.as_mut().unwrap_or(&mut self.keys).add(name, row);
        self.outsiders += 1;
        row
    }

    /// How many people it has.
    pub fn people(&self) -> u32 {
        u32::try_from(self.rows.rows()).unwrap_or(u32::MAX) - self.outsiders
    }

    /// How many groups it has.
    pub fn groups(&self) -> u32 {
        u32::try_from(self.groups.len()).unwrap_or(u32::MAX)
    }

    /// Nobody, to look at a list of groups alone.
    pub fn nobody() -> Self {
        Self::empty(&Rules::usual(), Path::of_name("userName"))
    }

    /// How many memberships its groups have.
    pub fn memberships(&self) -> u64 {
        self.groups.iter().map(|group| group.members.len() as u64).sum()
    }

    /// Whether a file said itself which groups there are.
    pub fn names_groups(&self) -> bool {
        self.all_groups
    }

    /// The SCIM attribute by which people are found again.
    pub fn matching(&self) -> String {
        self.matching.to_string()
    }

    /// The SCIM attributes that are compared.
    pub fn compared(&self) -> Vec<String> {
        self.sent.iter().map(|sent| sent.path.to_string()).collect()
    }

    /// Sorts the members, so that they can be compared.
    pub(super) fn settle(&mut self) {
        for group in &mut self.groups {
            group.members.sort_unstable();
            group.members.dedup();
        }
        if self.outsiders > 0 {
            self.notes.push(format!(
                "{} of the export of groups are not in the export of people; only their memberships were compared.",
                counted(self.outsiders.into(), "person", "people")
            ));
        }
    }

    pub(super) fn group_place(&self, name: &str) -> Option<usize> {
        self.group_places.get(&name.trim().to_lowercase()).copied()
    }
}

fn path(matching: &str) -> Result<Path, Problem> {
    Path::parse(matching).ok_or_else(|| {
        let shown: String = matching.chars().take(80).collect();
        Problem::new(Code::WrongInput, format!("“{shown}” is not an attribute."))
            .hint("People are usually found again by `userName`; `externalId` and `emails` are possible too.")
    })
}

/// Provisioning takes the mark of a guest out of the user name.
fn without_mark(name: &str) -> Option<String> {
    let at = name.to_ascii_uppercase().find("#EXT#")?;
    Some(format!("{}{}", &name[..at], &name[at + 5..]))
}

fn no_key(matching: &Path, sources: &Sources) -> Problem {
    let headers: Vec<String> = sources.sent.iter().map(|source| format!("`{}`", source.header)).collect();
    Problem::new(
        Code::WrongInput,
        format!(
            "People are to be matched by `{matching}`, and the export has no column for it. What it has: {}.",
            headers.join(", ")
        ),
    )
    .hint("Export the list with this attribute, or match by another one: `userName` is usual.")
}

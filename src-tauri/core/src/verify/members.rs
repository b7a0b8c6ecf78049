//! Groups and who is in them.

use std::collections::{HashMap, HashSet};

use super::{
    Expected,
    comparison::{Comparison, There},
    keys::same,
    kind::{Cause, Kind},
    outcome::About,
};
use crate::{
    number::counted,
    systems::scim::pages::{GroupRow, MemberRow},
};

/// People who are asked for one by one where groups come without members.
pub(super) const MOST_ASKED: usize = 2_000;

/// What is known about groups by now.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Groups of the export that are at the target: whether they came with members.
    seen: HashMap<usize, bool>,
    /// Ids at the target of the groups of the export.
    pub(super) group_ids: HashMap<String, usize>,
    /// People who are in a group of the export; none if these are too many to be asked for.
    wanted: HashSet<u32>,
    pub(super) too_many: bool,
    /// Their ids at the target.
    pub(super) person_ids: HashMap<u32, String>,
    /// Groups at the target that are in no export.
    unlisted: u32,
}

impl Members {
    pub(super) fn new(expected: &Expected) -> Self {
        let wanted: HashSet<u32> =
            expected.groups.iter().flat_map(|group| group.members.iter().copied()).take(MOST_ASKED * 50).collect();
        let too_many = wanted.len() > MOST_ASKED;
        Self { wanted: if too_many { HashSet::new() } else { wanted }, too_many, ..Self::default() }
    }

    pub(super) fn note_id(&mut self, row: u32, id: &str) {
        if self.wanted.contains(&row) {
            self.person_ids.insert(row, id.to_owned());
        }
    }

    /// People who are in groups that are inside other groups.
    pub(super) fn in_inner_groups(&self, expected: &Expected) -> HashSet<u32> {
        let names = expected.groups.iter().flat_map(|group| &group.inner);
        let inner: HashSet<usize> = names.filter_map(|name| expected.group_place(name)).collect();
        inner.into_iter().flat_map(|place| expected.groups[place].members.iter().copied()).collect()
    }

    /// Whether groups that should have members all came without.
    pub(super) fn none_sent(&self, expected: &Expected) -> bool {
        let mut should = self.seen.iter().filter(|(place, _)| !expected.groups[**place].members.is_empty()).peekable();
        should.peek().is_some() && should.all(|(_, with)| !with)
    }
}

impl Comparison<'_> {
    pub(super) fn group(&mut self, group: &GroupRow<'_>) {
        self.counts.found_groups += 1;
        let Some(place) = self.expected.group_place(group.name()) else {
            self.members.unlisted += 1;
            if self.expected.all_groups {
                let about = About { group: group.name(), found: group.name(), ..About::default() };
                self.found.add(Kind::GroupUnexpected, Cause::ByHand, &about);
            }
            return;
        };
        let members = group.members().filter(|members| members.len() > 0);
        let with = members.is_some();
        if self.members.seen.insert(place, with).is_some() {
            let about = About { group: group.name(), found: group.id(), expected: group.name(), ..About::default() };
            return self.found.add(Kind::Duplicate, Cause::Twice, &about);
        }
        self.members.group_ids.insert(group.id().to_owned(), place);
        self.counts.matched_groups += 1;
        if let Some(members) = members {
            self.members_of(place, members.collect());
        }
    }

    fn members_of(&mut self, place: usize, members: Vec<MemberRow<'_>>) {
        let expected = self.expected;
        let group = &expected.groups[place];
        let mut found: Vec<u32> = Vec::with_capacity(members.len());
        for member in &members {
            match self.ids.get(&member.hash).copied() {
                Some(row) => found.push(row),
                None if group.inner.iter().any(|inner| same(inner, member.display, false)) => {}
                None => {
                    let who = if member.display.is_empty() { member.value } else { member.display };
                    let about = About { who, group: &group.name, found: member.value, expected: "" };
                    self.found.add(Kind::MemberUnexpected, Cause::LeftGroup, &about);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        for row in found.iter().filter(|row| group.members.binary_search(row).is_err()) {
            let stranger = (*row as usize).checked_sub(expected.rows.rows());
            let who = match stranger {
                Some(stranger) => self.strangers.get(stranger, 0),
                None => expected.rows.get(*row as usize, 0),
            };
            let about = About { who, group: &group.name, found: who, expected: "" };
            self.found.add(Kind::MemberUnexpected, Cause::LeftGroup, &about);
        }
        for row in group.members.iter().filter(|row| found.binary_search(row).is_err()) {
            self.lacks(place, *row);
        }
        for inner in &group.inner {
            if !members.iter().any(|member| same(inner, member.display, false)) {
                let about = About { who: inner, group: &group.name, expected: inner, found: "" };
                self.found.add(Kind::MemberMissing, Cause::NestedGroup, &about);
            }
        }
    }

    /// Somebody is not in the group at the target.
    pub(super) fn lacks(&mut self, place: usize, row: u32) {
        let expected = self.expected;
        let (flags, there) = (expected.flags[row as usize], self.there[row as usize]);
        // Who is disabled need not be there at all.
        if flags.disabled && there == There::No {
            return;
        }
        let cause = if there == There::No { Cause::PersonMissing } else { Cause::ChangedSince };
        let who = expected.rows.get(row as usize, 0);
        let about = About { who, group: &expected.groups[place].name, expected: who, found: "" };
        self.found.add(Kind::MemberMissing, cause, &about);
    }

    /// Nothing can be said about members.
    pub(super) fn without_members(&mut self, why: &str) {
        self.notes.push(format!("The target lists its groups without members, and {why}: members were not compared."));
        self.complete = false;
    }

    /// The target says of one person in which groups they are, or some of these: what that says against the export.
    pub(super) fn is_in(&mut self, row: u32, ids: &[String], whole: bool) {
        let expected = self.expected;
        let there: Vec<usize> = ids.iter().filter_map(|id| self.members.group_ids.get(id).copied()).collect();
        let seen: Vec<usize> = self.members.seen.keys().copied().collect();
        for place in seen {
            let should = expected.groups[place].members.binary_search(&row).is_ok();
            let who = expected.rows.get(row as usize, 0);
            match (should, there.contains(&place)) {
                (true, false) if whole => self.lacks(place, row),
                (false, true) => {
                    let about = About { who, group: &expected.groups[place].name, found: who, expected: "" };
                    self.found.add(Kind::MemberUnexpected, Cause::LeftGroup, &about);
                }
                (true, true | false) | (false, false) => {}
            }
        }
    }

    pub(super) fn missing_groups(&mut self) {
        let expected = self.expected;
        for (place, group) in expected.groups.iter().enumerate() {
            match self.members.seen.get(&place) {
                None => {
                    let about = About { group: &group.name, expected: &group.name, ..About::default() };
                    self.found.add(Kind::GroupMissing, Cause::GroupNotAssigned, &about);
                }
                Some(true) => {}
                // One group without members among others that have some is empty.
                Some(false) if !self.members.none_sent(expected) => self.members_of(place, Vec::new()),
                Some(false) => {}
            }
        }
        if !expected.all_groups && self.members.unlisted > 0 && !expected.groups.is_empty() {
            self.notes.push(format!(
                "{} at the target are not among the files of members; they were not compared.",
                counted(self.members.unlisted.into(), "group", "groups")
            ));
        }
    }
}

//! Compares, a page at a time, what is at the target with what should be there. Pure: pages go in, differences come out;
//! of who is there as expected, only the id is kept.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Expected,
    keys::{Hashed, Keys, same},
    kind::{Cause, Kind},
    members::Members,
    outcome::{About, Counts, Found, Mark, NONE, Outcome},
    texts::Texts,
    words::Words,
};
use crate::systems::scim::pages::{ACTIVE, GroupsPage, ID, PeoplePage, Plan, USER_NAME, WANTED};

/// So many minutes after the newest person, the cycle may go on still.
const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub(super) expected: &'a Expected,
    plan: Arc<Plan>,
    now: Timestamp,
    pub(super) found: Found,
    /// What is known of each person of the export by now.
    pub(super) there: Vec<There>,
    /// Rows by the ids at the target; strangers come after all rows of the export.
    pub(super) ids: Hashed,
    /// Names of those who are in no export.
    pub(super) strangers: Texts,
    /// Keys of those.
    stranger_keys: Keys,
    /// For each attribute: compared, different, and there at all.
    tallies: Vec<Tally>,
    pub(super) counts: Counts,
    newest: Option<Timestamp>,
    pub(super) members: Members,
    pub(super) notes: Vec<String>,
    pub(super) complete: bool,
    /// Who came or went while it was read.
    changed: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum There {
    #[default]
    No,
    Active,
    Off,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    compared: u32,
    differ: u32,
    there: u32,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(expected: &'a Expected, plan: Arc<Plan>, now: Timestamp) -> Self {
        let sent = expected.sent.iter().map(|sent| sent.path.to_string());
        let attributes = sent.chain(["active".to_owned()]).collect();
        Self {
            expected,
            plan,
            now,
            found: Found::new(attributes, expected.reasons.clone()),
            there: vec![There::No; expected.rows.rows()],
            ids: Hashed::with_capacity_and_hasher(expected.rows.rows(), Default::default()),
            strangers: Texts::new(1),
            stranger_keys: Keys::new(expected.matching.is_case_exact()),
            tallies: vec![Tally::default(); expected.sent.len()],
            counts: Counts {
                expected_people: expected.people(),
                expected_groups: expected.groups(),
                ..Counts::default()
            },
            newest: None,
            members: Members::new(expected),
            notes: expected.notes.clone(),
            complete: expected.complete,
            changed: false,
        }
    }

    pub(super) fn people(&mut self, page: &PeoplePage) {
        for row in 0..page.len() {
            self.person(page, row);
        }
        let newest = page.newest().and_then(|created| created.parse::<Timestamp>().ok());
        self.newest = self.newest.max(newest);
    }

    fn person(&mut self, page: &PeoplePage, at: usize) {
        let id = self.plan.hash(page.value(at, ID));
        let key = page.value(at, WANTED + self.expected.key - 1);
        let place = self.expected.keys.find(key).filter(|row| self.is_the_key_of(*row, key));
        let next = self.expected.rows.rows() + self.strangers.rows();
        let next = u32::try_from(next).unwrap_or(u32::MAX);
        // An entry that is listed again was compared already.
        match self.ids.entry(id) {
            std::collections::hash_map::Entry::Occupied(_) => return,
            std::collections::hash_map::Entry::Vacant(free) => free.insert(place.unwrap_or(next)),
        };
        self.counts.found_people += 1;
        let off = page.value(at, ACTIVE).eq_ignore_ascii_case("false");
        let name = page.value(at, USER_NAME);
        let Some(row) = place else { return self.stranger(name, key, off) };
        if self.there[row as usize] != There::No {
            let about = About { who: self.who(row), found: name, expected: key, ..About::default() };
            return self.found.add(Kind::Duplicate, Cause::Twice, &about);
        }
        self.there[row as usize] = if off { There::Off } else { There::Active };
        self.members.note_id(row, page.value(at, ID));
        if self.expected.flags[row as usize].only_member {
            return;
        }
        self.counts.matched_people += 1;
        self.state(row, off);
        self.attributes(page, at, row);
    }

    /// Hashes can meet by chance.
    fn is_the_key_of(&self, row: u32, key: &str) -> bool {
        let flags = self.expected.flags[row as usize];
        let column = if flags.only_member && self.expected.matching.is("userName") { 0 } else { self.expected.key };
        flags.guest || same(self.expected.rows.get(row as usize, column), key, self.expected.matching.is_case_exact())
    }

    fn stranger(&mut self, name: &str, key: &str, off: bool) {
        self.strangers.push(name);
        let place = u32::try_from(self.strangers.rows() - 1).unwrap_or(u32::MAX);
        if !key.is_empty() && !self.stranger_keys.add(key, place) {
            let about = About { who: name, found: key, ..About::default() };
            return self.found.add(Kind::Duplicate, Cause::Twice, &about);
        }
        let cause = if off { Cause::OutOfScope } else { Cause::ByHand };
        self.found.add(Kind::Unexpected, cause, &About { who: name, found: name, ..About::default() });
    }

    /// Whether both sides say that the person may sign in.
    fn state(&mut self, row: u32, off: bool) {
        let (expected, found, cause) = match (self.expected.flags[row as usize].disabled, off) {
            (true, false) => ("false", "true", Cause::LeaverActive),
            (false, true) => ("true", "false", Cause::SwitchedOff),
            (true, true) | (false, false) => return,
        };
        let about = About { who: self.who(row), expected, found, ..About::default() };
        let attribute = u8::try_from(self.expected.sent.len()).unwrap_or(NONE);
        self.found.add_marked(Mark { kind: Kind::Disabled, cause, attribute, reason: NONE }, &about);
    }

    fn attributes(&mut self, page: &PeoplePage, at: usize, row: u32) {
        let expected = self.expected;
        for (place, sent) in expected.sent.iter().enumerate() {
            if place + 1 == expected.key {
                continue;
            }
            let (wanted, value) = (expected.rows.get(row as usize, place + 1), page.value(at, WANTED + place));
            let tally = &mut self.tallies[place];
            tally.there += u32::from(!value.is_empty());
            if wanted.is_empty() && value.is_empty() {
                continue;
            }
            tally.compared += 1;
            if same(wanted, value, sent.exact) {
                continue;
            }
            tally.differ += 1;
            let cause = if wanted.is_empty() { Cause::NotCleared } else { Cause::ChangedSince };
            let attribute = u8::try_from(place).unwrap_or(NONE);
            let about = About { who: expected.rows.get(row as usize, 0), expected: wanted, found: value, group: "" };
            self.found.add_marked(Mark { kind: Kind::Attribute, cause, attribute, reason: NONE }, &about);
        }
    }

    pub(super) fn who(&self, row: u32) -> &'a str {
        let rows = self.expected.rows.rows();
        match (row as usize) < rows {
            true => self.expected.rows.get(row as usize, 0),
            false => "",
        }
    }

    pub(super) fn groups(&mut self, page: &GroupsPage) {
        for group in page.rows() {
            self.group(&group);
        }
    }

    /// The list changed while it was read, or was odd in another way.
    pub(super) fn heard(&mut self, notes: Vec<String>, changed: bool) {
        self.notes.extend(notes);
        self.changed |= changed;
    }

    /// Everything was read.
    pub(super) fn finish(mut self) -> Outcome {
        self.missing();
        self.missing_groups();
        self.never_there();
        self.find_causes();
        let words = Words::of(&self.expected.rules);
        Outcome::new(words, self.counts, self.found, self.notes, self.complete)
    }

    fn missing(&mut self) {
        let nested = self.members.in_inner_groups(self.expected);
        for row in 0..self.expected.rows.rows() {
            let flags = self.expected.flags[row];
            // Nobody who is disabled is created, so nobody misses them.
            if self.there[row] != There::No || flags.disabled || flags.only_member {
                continue;
            }
            let row32 = u32::try_from(row).unwrap_or(u32::MAX);
            let cause = match () {
                () if flags.reason > 0 => Cause::WouldFail,
                () if flags.guest => Cause::Guest,
                () if nested.contains(&row32) => Cause::NestedGroup,
                () => Cause::NotAssigned,
            };
            let reason = flags.reason.checked_sub(1).unwrap_or(NONE);
            let about = About {
                who: self.who(row32),
                expected: self.expected.rows.get(row, self.expected.key),
                ..About::default()
            };
            self.found.add_marked(Mark { kind: Kind::Missing, cause, attribute: NONE, reason }, &about);
        }
    }

    /// Without a mapping, what nobody has there is probably not sent at all.
    fn never_there(&mut self) {
        if self.expected.rules.mapped {
            return;
        }
        let never: Vec<usize> = (0..self.tallies.len())
            .filter(|place| self.tallies[*place].there == 0 && self.tallies[*place].differ > 0)
            .collect();
        if never.is_empty() {
            return;
        }
        self.found.retain(|mark| mark.kind != Kind::Attribute || !never.contains(&usize::from(mark.attribute)));
        let names: Vec<String> = never.iter().map(|place| self.expected.sent[*place].path.to_string()).collect();
        self.notes.push(format!(
            "Not compared, because nobody at the target has it, so the mapping probably does not send it: {}.",
            names.join(", ")
        ));
    }

    /// What only shows when all is known.
    fn find_causes(&mut self) {
        let missing = self.found.marks.iter().filter(|mark| mark.kind == Kind::Missing).count();
        let many = missing >= 5 && missing * 20 >= self.expected.rows.rows();
        let fresh = self.newest.is_some_and(|newest| self.now.duration_since(newest) < FRESH);
        let running = many && (fresh || self.changed);
        let nearly_all = |tally: &Tally| tally.differ >= 5 && tally.differ as u64 * 10 >= tally.compared as u64 * 9;
        let wrong: Vec<bool> = self.tallies.iter().map(nearly_all).collect();
        let pushes = Words::of(&self.expected.rules).pushes_groups();
        for mark in &mut self.found.marks {
            match mark.cause {
                Cause::NotAssigned if running => mark.cause = Cause::CycleRunning,
                Cause::ChangedSince | Cause::NotCleared
                    if wrong.get(usize::from(mark.attribute)).copied().unwrap_or_default() =>
                {
                    mark.cause = Cause::WrongSource;
                }
                Cause::GroupNotAssigned if pushes => mark.cause = Cause::GroupPush,
                Cause::ChangedSince if mark.kind == Kind::MemberMissing && pushes => mark.cause = Cause::GroupPush,
                _ => {}
            }
        }
    }
}

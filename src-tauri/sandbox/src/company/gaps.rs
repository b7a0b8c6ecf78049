//! The differences that are there on purpose: as many as were asked for, of all kinds, and none that brings another one along.
//! Whoever differs differs in one thing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Plan, Roster,
    dice::{Dice, Purpose},
    shape::Attribute,
};
use crate::Target;

/// In the order in which what does not divide evenly is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Missing,
    Unexpected,
    Attribute,
    Disabled,
    GroupMissing,
    GroupUnexpected,
    MemberMissing,
    MemberUnexpected,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Missing,
        Kind::Unexpected,
        Kind::Attribute,
        Kind::Disabled,
        Kind::GroupMissing,
        Kind::GroupUnexpected,
        Kind::MemberMissing,
        Kind::MemberUnexpected,
    ];
    /// Those that need no group.
    const OF_PEOPLE: usize = 4;
}

/// By the numbers of people and groups.
#[derive(Default)]
pub(super) struct Gaps {
    pub(super) missing: BTreeSet<u32>,
    /// Some of those who are missing, where the target takes nobody without a family name.
    pub(super) nameless: BTreeSet<u32>,
    /// How many there are beyond those whom the identity provider has.
    pub(super) unexpected: u32,
    pub(super) attributes: BTreeMap<u32, Attribute>,
    /// Disabled at the target only.
    pub(super) off_there: BTreeSet<u32>,
    /// Disabled at the identity provider only.
    pub(super) off_here: BTreeSet<u32>,
    pub(super) groups_missing: BTreeSet<u32>,
    pub(super) groups_unexpected: u32,
    /// Group and person.
    pub(super) members_missing: BTreeSet<(u32, u32)>,
    pub(super) members_unexpected: BTreeSet<(u32, u32)>,
}

/// There are not enough people or groups.
pub(super) struct NoRoom;

impl Gaps {
    fn share(plan: &Plan, kind: Kind) -> u32 {
        let kinds = if plan.groups == 0 { Kind::OF_PEOPLE } else { Kind::ALL.len() };
        let Some(place) = Kind::ALL.iter().take(kinds).position(|one| *one == kind) else { return 0 };
        let even = plan.gaps as usize / kinds;
        let more = usize::from(place < plan.gaps as usize % kinds);
        u32::try_from(even + more).unwrap_or(u32::MAX)
    }

    /// Those of people and groups. Members come afterwards, when it is known who can be one.
    pub(super) fn plan(plan: &Plan, target: Target, is_leaver: impl Fn(u32) -> bool) -> Result<Gaps, NoRoom> {
        let mut dice = Dice::new(plan.seed, Purpose::Gaps);
        let mut taken = BTreeSet::new();
        let mut someone = || {
            let from = dice.roll(plan.people.max(1) as usize) as u32;
            let all = (from..plan.people).chain(0..from);
            let found = all.into_iter().find(|one| !taken.contains(one) && !is_leaver(*one)).ok_or(NoRoom)?;
            taken.insert(found);
            Ok(found)
        };
        let mut gaps = Gaps {
            unexpected: Gaps::share(plan, Kind::Unexpected),
            groups_unexpected: Gaps::share(plan, Kind::GroupUnexpected),
            ..Gaps::default()
        };
        let names_needed = matches!(target, Target::HpeGreenlake | Target::AwsIdentityCenter);
        for turn in 0..Gaps::share(plan, Kind::Missing) {
            let person = someone()?;
            gaps.missing.insert(person);
            if names_needed && turn % 2 == 1 {
                gaps.nameless.insert(person);
            }
        }
        for attribute in Attribute::of(target).iter().cycle().take(Gaps::share(plan, Kind::Attribute) as usize) {
            gaps.attributes.insert(someone()?, *attribute);
        }
        for turn in 0..Gaps::share(plan, Kind::Disabled) {
            let off = if turn % 2 == 0 { &mut gaps.off_there } else { &mut gaps.off_here };
            off.insert(someone()?);
        }
        gaps.groups_missing = spread(&mut dice, plan.groups, Gaps::share(plan, Kind::GroupMissing))?;
        Ok(gaps)
    }

    /// One group after the other loses a member and gets one too many.
    pub(super) fn plan_members(&mut self, plan: &Plan, roster: &Roster) -> Result<(), NoRoom> {
        let groups: Vec<u32> = (0..plan.groups).filter(|group| !self.groups_missing.contains(group)).collect();
        let mut dice = Dice::new(!plan.seed, Purpose::Gaps);
        let turn = |turn: u32| {
            let round = (turn as usize).checked_div(groups.len()).ok_or(NoRoom)?;
            Ok((groups[turn as usize % groups.len()], round))
        };
        for number in 0..Gaps::share(plan, Kind::MemberMissing) {
            let (group, round) = turn(number)?;
            self.members_missing.insert((group, roster.members(group).nth(round).ok_or(NoRoom)?));
        }
        for number in 0..Gaps::share(plan, Kind::MemberUnexpected) {
            let (group, _) = turn(number)?;
            let members: BTreeSet<u32> = roster.members(group).collect();
            let from = dice.roll(roster.staff.len().max(1));
            let mut others = (from..roster.staff.len()).chain(0..from).map(|place| roster.staff[place]);
            let fresh = |one: &u32| !members.contains(one) && !self.members_unexpected.contains(&(group, *one));
            let stranger = others.find(fresh).ok_or(NoRoom)?;
            self.members_unexpected.insert((group, stranger));
        }
        Ok(())
    }
}

/// Some of the numbers below `all`.
fn spread(dice: &mut Dice, all: u32, wanted: u32) -> Result<BTreeSet<u32>, NoRoom> {
    let mut numbers: Vec<u32> = (0..all).collect();
    dice.shuffle(&mut numbers);
    let found: BTreeSet<u32> = numbers.into_iter().take(wanted as usize).collect();
    if found.len() == wanted as usize { Ok(found) } else { Err(NoRoom) }
}

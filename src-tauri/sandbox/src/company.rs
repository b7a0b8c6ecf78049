//! A made-up company of any size, as the target holds it after the identity provider has sent everybody, and as the identity
//! provider exports it. Next to nothing is kept: who number so-and-so is, is worked out when somebody asks. Between the two
//! sides are the gaps that were asked for.

mod dice;
mod export;
mod gaps;
mod names;
mod people;
mod series;
mod shape;

use jiff::Timestamp;
use uuid::Uuid;

pub use self::export::{ExportError, Idp};
use self::{
    dice::{Dice, Purpose},
    gaps::{Gaps, NoRoom},
    people::Names,
    series::Series,
};
use crate::{
    Target,
    scim::store::{Kind, Resource},
};

/// Members of a group, if there are so many people.
const MEMBERS: usize = 20;
/// One in so many has left: disabled at both sides.
const LEAVERS: u64 = 50;

/// What is to be made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub people: u32,
    pub groups: u32,
    /// Differences between the two sides, spread evenly over their kinds; without groups, over those of people.
    pub gaps: u32,
    /// The same company for the same number.
    pub seed: u64,
}

impl Plan {
    /// One group for twenty people, and no gaps.
    pub fn of(people: u32) -> Plan {
        Plan { people, groups: people.div_ceil(20), gaps: 0, seed: 1 }
    }
}

/// Why there can be no such company.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} gaps do not fit into a company of {} people and {} groups: each person and each group takes one at most. Ask for fewer gaps, or for more people and groups.",
    .0.gaps, .0.people, .0.groups
)]
pub struct TooManyGaps(Plan);

/// One that can be given to a world, and exported before.
pub struct Company {
    plan: Plan,
    target: Target,
    names: Names,
    titles: Series,
    gaps: Gaps,
    roster: Roster,
    /// Who is at the target, and which groups: their numbers, in order.
    users: Vec<u32>,
    groups: Vec<u32>,
    /// Person and group at the target, in order.
    belongs: Vec<(u32, u32)>,
    since: Timestamp,
}

/// Who can be in a group: who is at both sides, and active at the identity provider.
struct Roster {
    staff: Vec<u32>,
}

impl Roster {
    fn members(&self, group: u32) -> impl Iterator<Item = u32> {
        let size = MEMBERS.min(self.staff.len());
        let begin = group as usize * MEMBERS;
        (begin..begin + size).map(|place| self.staff[place % self.staff.len()])
    }
}

impl Company {
    /// # Errors
    /// If the gaps do not fit in.
    pub fn new(plan: Plan, target: Target) -> Result<Company, TooManyGaps> {
        Company::planned(&plan, target).map_err(|NoRoom| TooManyGaps(plan))
    }

    fn planned(plan: &Plan, target: Target) -> Result<Company, NoRoom> {
        let mut gaps = Gaps::plan(plan, target, |number| is_leaver(plan.seed, number))?;
        let last = |all: u32, more: u32| all.checked_add(more).ok_or(NoRoom);
        let (last_user, last_group) = (last(plan.people, gaps.unexpected)?, last(plan.groups, gaps.groups_unexpected)?);
        let gone = |number: &u32| gaps.missing.contains(number) || gaps.off_here.contains(number);
        let mut staff: Vec<u32> =
            (0..plan.people).filter(|number| !gone(number) && !is_leaver(plan.seed, *number)).collect();
        Dice::new(plan.seed, Purpose::Groups).shuffle(&mut staff);
        let roster = Roster { staff };
        gaps.plan_members(plan, &roster)?;
        let mut company = Company {
            names: Names::new(plan.seed),
            titles: titles(plan.seed),
            users: (0..last_user).filter(|number| !gaps.missing.contains(number)).collect(),
            groups: (0..last_group).filter(|number| !gaps.groups_missing.contains(number)).collect(),
            belongs: Vec::new(),
            since: Timestamp::UNIX_EPOCH,
            plan: plan.clone(),
            target,
            gaps,
            roster,
        };
        company.belongs = company.belonging();
        Ok(company)
    }

    fn belonging(&self) -> Vec<(u32, u32)> {
        let pairs = |group: u32| self.members(group).map(move |person| (person, group));
        let mut all: Vec<(u32, u32)> = self.groups.iter().copied().flat_map(pairs).collect();
        all.sort_unstable();
        all
    }

    pub(crate) fn arrived(self, since: Timestamp) -> Company {
        Company { since, ..self }
    }

    pub(crate) fn target(&self) -> Target {
        self.target
    }

    /// At the target.
    fn members(&self, group: u32) -> impl Iterator<Item = u32> {
        let lost = move |person: &u32| !self.gaps.members_missing.contains(&(group, *person));
        let more = self.gaps.members_unexpected.range((group, 0)..=(group, u32::MAX)).map(|(_, person)| *person);
        self.roster.members(group).filter(lost).chain(more)
    }

    fn is_active(&self, person: u32) -> bool {
        !self.gaps.off_there.contains(&person) && !is_leaver(self.plan.seed, person)
    }

    fn is_enabled(&self, person: u32) -> bool {
        !self.gaps.off_here.contains(&person) && !is_leaver(self.plan.seed, person)
    }

    fn id(&self, kind: Kind, number: u32) -> Uuid {
        dice::id(self.plan.seed, purpose(kind), number)
    }

    fn here(&self, kind: Kind) -> &[u32] {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// The number of an id, whether or not it is here still.
    fn number(&self, kind: Kind, id: &str) -> Option<u32> {
        dice::number(self.plan.seed, purpose(kind), id)
    }

    fn resource(&self, kind: Kind, number: u32) -> Resource {
        let body = match kind {
            Kind::User => {
                let person = self.names.person(number);
                let differs = self
                    .gaps
                    .attributes
                    .get(&number)
                    .map(|attribute| (*attribute, attribute.former(&person, self.names.other(number))));
                shape::user(self.target, &person, self.is_active(number), differs)
            }
            Kind::Group => {
                let members: Vec<String> =
                    self.members(number).map(|person| self.id(Kind::User, person).to_string()).collect();
                let object_id = dice::id(self.plan.seed, Purpose::GroupObjectId, number).to_string();
                shape::group(&self.titles.name(number), &object_id, &members)
            }
        };
        Resource { kind, id: self.id(kind, number).to_string(), created: self.since, modified: self.since, body }
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.here(kind).len()
    }

    /// So many of the list, after the first ones.
    pub(crate) fn page(&self, kind: Kind, skip: usize, take: usize) -> impl Iterator<Item = Resource> {
        let rest = self.here(kind).get(skip..).unwrap_or_default();
        rest.iter().take(take).map(move |number| self.resource(kind, *number))
    }

    pub(crate) fn get(&self, kind: Kind, id: &str) -> Option<Resource> {
        let number = self.number(kind, id)?;
        self.here(kind).binary_search(&number).ok().map(|_| self.resource(kind, number))
    }

    /// From now on it is kept elsewhere, or nowhere.
    pub(crate) fn take(&mut self, kind: Kind, id: &str) -> Option<Resource> {
        let number = self.number(kind, id)?;
        let place = self.here(kind).binary_search(&number).ok()?;
        let resource = self.resource(kind, number);
        match kind {
            Kind::User => self.users.remove(place),
            Kind::Group => self.groups.remove(place),
        };
        Some(resource)
    }

    /// Id and name of every group of this user that is here.
    pub(crate) fn groups_of(&self, user: &str) -> Vec<(String, String)> {
        let named = |group: u32| (self.id(Kind::Group, group).to_string(), self.titles.name(group));
        self.group_numbers(user).into_iter().map(named).collect()
    }

    fn group_numbers(&self, user: &str) -> Vec<u32> {
        let Some(person) = self.number(Kind::User, user) else { return Vec::new() };
        let from = self.belongs.partition_point(|(one, _)| *one < person);
        let groups = self.belongs[from..].iter().take_while(|(one, _)| *one == person).map(|(_, group)| *group);
        groups.filter(|group| self.groups.binary_search(group).is_ok()).collect()
    }

    /// All who can have this text at this path (in lower case), and perhaps some others; `None` if that can be anybody.
    pub(crate) fn like(&self, kind: Kind, path: &str, text: &str) -> Option<Vec<Resource>> {
        let numbers: Vec<u32> = match (kind, path) {
            (_, "id") => Vec::from_iter(self.number(kind, text)),
            (Kind::User, "username" | "emails" | "emails.value") => Vec::from_iter(self.names.number(text)),
            (Kind::User, "externalid") => Vec::from_iter(self.names.nicknamed(text)),
            (Kind::User, "groups" | "groups.value") => {
                self.number(Kind::Group, text).map(|group| self.members(group).collect()).unwrap_or_default()
            }
            (Kind::Group, "displayname") => Vec::from_iter(self.titles.number(text)),
            (Kind::Group, "externalid") => Vec::from_iter(dice::number(self.plan.seed, Purpose::GroupObjectId, text)),
            (Kind::Group, "members" | "members.value") => self.group_numbers(text),
            (Kind::User | Kind::Group, _) => return None,
        };
        let here = numbers.into_iter().filter(|number| self.here(kind).binary_search(number).is_ok());
        Some(here.map(|number| self.resource(kind, number)).collect())
    }
}

fn purpose(kind: Kind) -> Purpose {
    match kind {
        Kind::User => Purpose::UserId,
        Kind::Group => Purpose::GroupId,
    }
}

fn is_leaver(seed: u64, person: u32) -> bool {
    dice::mix(seed, Purpose::Leaver, person).is_multiple_of(LEAVERS)
}

/// What groups are called.
fn titles(seed: u64) -> Series {
    let site = |site| names::PURPOSES.iter().map(move |purpose| format!("{purpose} {site}"));
    let mut titles: Vec<String> = names::SITES.iter().flat_map(site).collect();
    Dice::new(seed, Purpose::Titles).shuffle(&mut titles);
    Series::new(titles, " ")
}

//! The group plan: which group is assigned and which pushed, and what of it does not work at this target. Pure; what is
//! known of a target's groups stands in its recipe.

mod names;

use serde::Serialize;

use crate::{
    class::Class,
    people::Severity,
    recipe::{Guide, IdpStyle},
};

/// Members of one group that are usual; more take a while to arrive.
const MANY: u32 = 5_000;

/// What the administrator means to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The groups that are assigned to the app.
    pub assigned: Vec<Group>,
    /// The groups that are pushed; only Okta has them.
    pub pushed: Vec<Group>,
}

/// One group, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// As the console shows it.
    pub name: String,
    /// How many members.
    pub members: Option<u32>,
    /// Whether there are groups in it.
    pub nested: Answer,
}

/// What was answered to a question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It was not asked, or nobody knows.
    #[default]
    Unknown,
}

/// Something about the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Stable: `everyone`.
    pub id: String,
    /// The class of trouble.
    pub class: Class,
    /// How bad.
    pub severity: Severity,
    /// The group, with everything in its name that cannot be seen written out.
    pub group: Option<String>,
    /// What it is.
    pub says: String,
    /// What to do.
    pub fix: String,
}

/// Everything that is to be said about a plan, the worst first. Nothing means that nothing is known against it.
pub fn plan(plan: &Plan, guide: &Guide) -> Vec<Verdict> {
    let judge = Judge { guide, pushes: guide.asks_like == IdpStyle::Okta };
    let mut all = judge.absent(plan);
    for (group, use_) in judge.uses(plan) {
        all.extend(judge.everyone(group, use_));
        all.extend(judge.size(group, use_));
        all.extend(judge.nested(group));
        all.extend(judge.name(group, use_));
    }
    all.extend(judge.same_group(plan));
    all.extend(judge.twice(&plan.assigned));
    all.extend(judge.twice(&plan.pushed));
    all.sort_by_key(|verdict| verdict.severity);
    let mut seen: Vec<Verdict> = Vec::new();
    for verdict in all {
        // A group that is both assigned and pushed is told once.
        if !seen.contains(&verdict) {
            seen.push(verdict);
        }
    }
    seen
}

/// What a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Assigned,
    Pushed,
}

struct Judge<'a> {
    guide: &'a Guide,
    /// Whether groups are pushed apart from being assigned.
    pushes: bool,
}

impl Judge<'_> {
    fn uses<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = (&'p Group, Use)> {
        let pushed = if self.pushes { plan.pushed.as_slice() } else { &[] };
        let assigned = plan.assigned.iter().map(|group| (group, Use::Assigned));
        assigned
            .chain(pushed.iter().map(|group| (group, Use::Pushed)))
            .filter(|(group, _)| !group.name.trim().is_empty())
    }

    fn verdict(&self, id: &str, class: Class, severity: Severity, says: String, fix: String) -> Verdict {
        Verdict { id: id.to_owned(), class, severity, group: None, says, fix }
    }

    fn about(&self, group: &Group, id: &str, class: Class, severity: Severity, says: String, fix: String) -> Verdict {
        Verdict { group: Some(names::shown(&group.name)), ..self.verdict(id, class, severity, says, fix) }
    }

    fn absent(&self, plan: &Plan) -> Vec<Verdict> {
        let (target, idp) = (&self.guide.target_short, &self.guide.idp_short);
        let named = |groups: &[Group]| groups.iter().any(|group| !group.name.trim().is_empty());
        let mut all = Vec::new();
        if !named(&plan.assigned) {
            all.push(self.verdict(
                "nothing-assigned",
                Class::NotAssigned,
                Severity::WouldFail,
                format!("No group is assigned to the app, so {idp} provisions nobody."),
                "Make a group of those who need access, and assign it to the app.".into(),
            ));
        }
        if self.pushes && named(&plan.assigned) && !named(&plan.pushed) {
            all.push(self.verdict(
                "nothing-pushed",
                Class::GroupPush,
                Severity::Warn,
                format!("No group is pushed: people arrive at {target} without any group, and groups are what access is given to."),
                "Choose a group under **Push Groups**, after its members have been provisioned.".into(),
            ));
        }
        if !self.pushes && named(&plan.pushed) {
            all.push(self.verdict(
                "no-push-here",
                Class::GroupPush,
                Severity::Warn,
                format!(
                    "{idp} has no push of its own: it provisions the groups that are assigned, with their members."
                ),
                "Assign the group to the app.".into(),
            ));
        }
        all
    }

    /// The identity provider's group of all people.
    fn everyone(&self, group: &Group, use_: Use) -> Option<Verdict> {
        let (target, idp) = (&self.guide.target_short, &self.guide.idp_short);
        let everyone = match self.guide.asks_like {
            IdpStyle::Okta => names::is_oktas_everyone(&group.name),
            IdpStyle::Entra => names::is_entras_all_users(&group.name),
        };
        let known = self
            .guide
            .groups
            .everyone
            .as_deref()
            .unwrap_or("Everybody would get an account, leavers' accounts and service accounts among them.");
        everyone.then(|| {
            self.about(
                group,
                "everyone",
                Class::GroupPush,
                if use_ == Use::Pushed { Severity::WouldFail } else { Severity::Warn },
                format!("This is {idp}'s group of all people. {known}"),
                format!("Make a group of those who need {target}, and use that one."),
            )
        })
    }

    fn size(&self, group: &Group, use_: Use) -> Option<Verdict> {
        let idp = &self.guide.idp_short;
        let groups = &self.guide.groups;
        let members = group.members?;
        let sent = use_ == Use::Pushed || !self.pushes;
        match members {
            0 => Some(self.about(
                group,
                "empty-group",
                Class::NotAssigned,
                Severity::Warn,
                "Nobody is in this group.".into(),
                format!("Add its members at {idp} first: otherwise there is nothing to be seen at the first cycle."),
            )),
            _ if sent && groups.most_members.is_some_and(|most| members > most) => Some(self.about(
                group,
                "group-too-large",
                Class::GroupTooLarge,
                Severity::Warn,
                format!("More than {} members. {}", groups.most_members.unwrap_or_default(), groups.too_many.as_deref().unwrap_or_default()),
                "Begin with a smaller group, and compare the members at both sides after the first cycle. If some are missing, split the group.".into(),
            )),
            _ if members > MANY => Some(self.about(
                group,
                "many-members",
                Class::FirstCycleRunning,
                Severity::Warn,
                "Thousands of members: the first cycle takes hours.".into(),
                "Begin with a group of a few people, and assign the large one when they have arrived.".into(),
            )),
            _ => None,
        }
    }

    fn nested(&self, group: &Group) -> Option<Verdict> {
        let idp = &self.guide.idp_short;
        match (group.nested, self.guide.asks_like) {
            (Answer::Yes, IdpStyle::Entra) => Some(self.about(
                group,
                "nested-group",
                Class::NestedGroup,
                // The people of the group itself arrive.
                Severity::Warn,
                format!("There are groups in this group. {idp} reads only the people who are in it themselves: those of the inner groups do not arrive."),
                "Assign the inner groups themselves, or make a dynamic group of the same people.".into(),
            )),
            (Answer::Unknown, IdpStyle::Entra) => Some(self.about(
                group,
                "nested-unknown",
                Class::NestedGroup,
                Severity::Warn,
                format!("If there are groups in this group, their members do not arrive: {idp} reads only the people who are in it themselves."),
                "Open the group's **Members** and look for groups among them.".into(),
            )),
            // Okta's own groups hold people only; those that it imports arrive flat.
            (Answer::Yes, IdpStyle::Okta) => Some(self.about(
                group,
                "nested-group",
                Class::NestedGroup,
                Severity::Warn,
                format!("{idp} has no groups in groups. In one that it imports, such as from Active Directory, it depends on the import whether the people of the inner groups are in it."),
                format!("Compare the members that {idp} shows with those that you expect."),
            )),
            (Answer::No, _) | (Answer::Unknown, IdpStyle::Okta) => None,
        }
    }

    fn name(&self, group: &Group, use_: Use) -> Vec<Verdict> {
        if self.pushes && use_ == Use::Assigned {
            // Its name stays here: only pushed groups are made at the target.
            return Vec::new();
        }
        let (target, idp, groups) = (&self.guide.target_short, &self.guide.idp_short, &self.guide.groups);
        let rename = format!("Rename the group at {idp}.");
        let mut all = Vec::new();
        if let Some(oddity) = names::odd_character(&group.name, &self.guide.forbidden_characters) {
            let says = format!("{oddity} {target} refuses names with it.");
            all.push(self.about(
                group,
                "group-name-refused",
                Class::ForbiddenCharacter,
                Severity::WouldFail,
                says,
                rename.clone(),
            ));
        }
        if let Some(known) = &groups.name_characters
            && let Some(character) = names::outside(&group.name, known)
        {
            let says = format!("{character} in the name. {}", groups.name_note.as_deref().unwrap_or_default());
            all.push(self.about(
                group,
                "group-name-note",
                Class::ForbiddenCharacter,
                Severity::Warn,
                says,
                rename.clone(),
            ));
        }
        if groups.reserved_names.iter().any(|reserved| names::same(reserved, &group.name)) {
            let says = format!("{target} reserves this name.");
            all.push(self.about(
                group,
                "group-name-reserved",
                Class::TargetRejected,
                Severity::WouldFail,
                says,
                rename,
            ));
        }
        all
    }

    /// One group for assignment and push.
    fn same_group(&self, plan: &Plan) -> Vec<Verdict> {
        let Some(known) = self.guide.groups.same_group.as_ref().filter(|_| self.pushes) else { return Vec::new() };
        let severity = if self.guide.groups.same_group_fails { Severity::WouldFail } else { Severity::Warn };
        let both = plan.pushed.iter().filter(|pushed| {
            !pushed.name.trim().is_empty()
                && plan.assigned.iter().any(|assigned| names::same(&assigned.name, &pushed.name))
        });
        let fix = "Make a second group with the same people under **Directory › Groups**: assign one, push the other.";
        both.map(|group| self.about(group, "same-group", Class::GroupPush, severity, known.clone(), fix.into()))
            .collect()
    }

    /// Two names that are one for the target.
    fn twice(&self, groups: &[Group]) -> Vec<Verdict> {
        let (target, idp) = (&self.guide.target_short, &self.guide.idp_short);
        let again = groups.iter().enumerate().filter(|(place, group)| {
            !group.name.trim().is_empty()
                && groups[..*place].iter().any(|before| names::same(&before.name, &group.name))
        });
        again
            .map(|(_, group)| {
                self.about(
                    group,
                    "group-twice",
                    Class::Duplicate,
                    Severity::WouldFail,
                    format!("There is another group of this name in the plan, letter case aside. Groups are found again by their names at {target}: the two would become one, or the second is refused."),
                    format!("Rename one of the two at {idp}, or take it out."),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;

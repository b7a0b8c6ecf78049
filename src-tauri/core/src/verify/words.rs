//! The sentences of a comparison. What is only likely is called so.

use super::{
    kind::{Cause, Kind},
    outcome::Counts,
};
use crate::{
    number::{counted, grouped},
    people::Rules,
    recipe::IdpStyle,
};

/// The words that need the names of both sides.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) target: String,
    pub(super) idp: String,
    /// Whose console it is, if that is known.
    pub(super) style: Option<IdpStyle>,
}

impl Words {
    /// Without a mapping, nothing is known about the console either.
    pub(super) fn of(rules: &Rules) -> Self {
        Self { target: rules.target.clone(), idp: rules.idp.clone(), style: rules.mapped.then_some(rules.style) }
    }

    /// Whether a group arrives only if it is pushed, whoever is assigned.
    pub(super) fn pushes_groups(&self) -> bool {
        self.style == Some(IdpStyle::Okta)
    }

    pub(super) fn heading(&self, kind: Kind) -> String {
        let target = &self.target;
        match kind {
            Kind::Missing => format!("In the export, not at {target}"),
            Kind::Unexpected => format!("At {target}, not in the export"),
            Kind::Duplicate => format!("Twice at {target}"),
            Kind::Disabled => "Switched off on one side only".to_owned(),
            Kind::Attribute => "An attribute differs".to_owned(),
            Kind::GroupMissing => format!("Groups of the export that are not at {target}"),
            Kind::GroupUnexpected => format!("Groups at {target} that are not in the export"),
            Kind::MemberMissing => format!("In the group by the export, not at {target}"),
            Kind::MemberUnexpected => format!("In the group at {target}, not by the export"),
        }
    }

    pub(super) fn verdict(&self, counts: &Counts, complete: bool) -> String {
        let target = &self.target;
        let groups = match counts.expected_groups {
            0 => String::new(),
            count => format!(" and {}", counted(count.into(), "group", "groups")),
        };
        let compared = format!("{}{groups}", counted(counts.expected_people.into(), "person", "people"));
        let between = format!("between the export ({compared}) and {target}");
        let mut text = match counts.differences {
            0 if complete => format!("Nothing differs {between}."),
            0 => format!("As far as could be compared, nothing differs {between}."),
            1 => format!("1 difference {between}."),
            more => format!("{} differences {between}.", grouped(more.into())),
        };
        if !complete {
            text.push_str(" Not everything could be compared; the notes say what.");
        }
        text
    }

    pub(super) fn says(&self, kind: Kind, cause: Cause) -> String {
        let (target, idp) = (&self.target, &self.idp);
        match cause {
            Cause::NotAssigned => format!("Probably not assigned to the app at {idp}, or left out by its scope: nothing else is known against this person."),
            Cause::WouldFail => format!("Probably skipped by {idp} or refused by {target}: the people check says that this row would fail."),
            Cause::CycleRunning => format!("Probably on the way still: many are missing, and {target} has got new people in the last minutes."),
            Cause::NestedGroup => "Probably because of a group inside a group: only direct members of the assigned group are sent.".to_owned(),
            Cause::Guest => format!("A guest: probably not assigned, or named otherwise at {target} than in the export."),
            Cause::ByHand => format!("Probably made at {target} by hand or by another system before, such as the service's own administrators."),
            Cause::OutOfScope => format!("Switched off at {target}: probably taken out of scope at {idp}, and not deleted there yet."),
            Cause::LeaverActive => format!("Disabled at {idp} and active at {target}: probably {idp} may not update people there, or the cycle has not run since."),
            Cause::SwitchedOff => format!("Not disabled by the export, and switched off at {target}: probably taken out of scope at {idp}, disabled there since the export, or switched off by hand."),
            Cause::ChangedSince => format!("Probably changed at {idp} since the last cycle, or at {target} by hand."),
            Cause::NotCleared => format!("Empty at {idp}, and an older value at {target}: probably emptied since. Empty attributes are not sent."),
            Cause::WrongSource => "The same attribute differs for nearly everybody: probably the mapping takes it from another source, or the export has another column for it.".to_owned(),
            Cause::Twice => format!("Two accounts at {target} have the same matching attribute: {idp} can tell them apart no more, and stops at both."),
            Cause::PersonMissing => format!("The person is not at {target}, and so cannot be in the group there."),
            Cause::GroupPush => match kind {
                Kind::MemberMissing => format!("Probably the group was pushed before this person had arrived at {target}, or its memberships were not pushed since."),
                _ => "Probably not pushed: assigning a group to the app sends its people, not the group.".to_owned(),
            },
            Cause::GroupNotAssigned => format!("Probably not assigned to the app at {idp}, or groups are not provisioned at all."),
            Cause::LeftGroup => format!("Probably taken out of the group at {idp} since the last cycle, or added at {target} by hand."),
        }
    }

    pub(super) fn next(&self, kind: Kind, cause: Cause) -> String {
        let (target, idp) = (&self.target, &self.idp);
        let (assign, rerun, logs) = match self.style {
            None => (
                "At the identity provider, assign them to the app",
                "send the person on demand",
                "the provisioning log",
            ),
            Some(IdpStyle::Entra) => (
                "In the enterprise application, open **Users and groups › Add user/group**",
                "run **Provision on demand**",
                "**Provisioning logs**",
            ),
            Some(IdpStyle::Okta) => (
                "In the application, open **Assignments › Assign**",
                "open **Assignments** and choose **Force Sync** or **Apply Sync**",
                "**Reports › System Log**",
            ),
        };
        match cause {
            Cause::NotAssigned => format!("{assign}. If the person is assigned, look the name up in {logs}."),
            Cause::WouldFail => format!("Fill in at {idp} what the people check names, then {rerun}."),
            Cause::CycleRunning => "Wait until the cycle has ended, then compare again.".to_owned(),
            Cause::NestedGroup => format!("{assign} and assign the inner group itself, or use a dynamic group."),
            Cause::Guest => format!("{assign} if guests are to have an account; else leave them out of the export."),
            Cause::ByHand => format!("Look at {target} who it is. If it is one of yours, assign the person at {idp}; administrators of the service stay."),
            Cause::OutOfScope => format!("Nothing to do if the person has left. Else assign the person again at {idp}."),
            Cause::LeaverActive => match self.style {
                None => format!("Check at {idp} that the app may update and deactivate people, then send this person on demand."),
                Some(IdpStyle::Entra) => "Check that **Update** is ticked under **Target Object Actions** of the user mapping, then run **Provision on demand** for this person.".to_owned(),
                Some(IdpStyle::Okta) => "Check that **Deactivate Users** is enabled under **Provisioning › To App**, then unassign the person.".to_owned(),
            },
            Cause::SwitchedOff => format!("Look the person up in {logs}. If the person is to sign in, assign the person again, then {rerun}."),
            Cause::ChangedSince => format!("Wait for the next cycle, or {rerun}; then compare again."),
            Cause::NotCleared => format!("Clear the value at {target} by hand, if the service lets you."),
            Cause::WrongSource => match self.style {
                None => "Open the attribute mapping and compare the source of this attribute with the column of the export.".to_owned(),
                Some(IdpStyle::Entra) => "Open **Attribute mapping** and compare the source of this attribute with the column of the export.".to_owned(),
                Some(IdpStyle::Okta) => "Open **Provisioning › To App** and compare the source of this attribute with the column of the export.".to_owned(),
            },
            Cause::Twice => format!("Delete or rename one of the two at {target}, then {rerun}."),
            Cause::PersonMissing => "See to the person first; the group follows with the next cycle.".to_owned(),
            Cause::GroupPush => match kind {
                Kind::MemberMissing => "Open **Push Groups**, and choose **Push now** at this group.".to_owned(),
                _ => "Open **Push Groups › Push Groups › Find groups by name**, and push this group.".to_owned(),
            },
            Cause::GroupNotAssigned => format!("{assign} and choose the group. Check that the mapping of groups is enabled."),
            Cause::LeftGroup => format!("Wait for the next cycle and compare again. If the person is still in it, take the person out of the group at {target}."),
        }
    }
}

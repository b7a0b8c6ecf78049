//! What the target says about people and groups, with every placeholder filled.

use super::Joiner;
use crate::{
    recipe::{ExportsGuide, GroupsGuide, PeopleGuide, RecipeError},
    template,
};

impl Joiner<'_> {
    pub(super) fn people(&self) -> Result<PeopleGuide, RecipeError> {
        let Some(people) = &self.target.raw.people else { return Ok(PeopleGuide::default()) };
        let (span, raw) = (people.span(), people.get_ref());
        let fill = |text: &Option<String>| {
            text.as_ref().map(|text| self.fill(text, &self.target.file, span.clone())).transpose()
        };
        Ok(PeopleGuide {
            missing: fill(&raw.missing)?,
            email_user_name: fill(&raw.email_user_name)?,
            longest_user_name: raw.longest_user_name,
            reserved_user_names: raw.reserved_user_names.clone(),
            shared_email: fill(&raw.shared_email)?,
            already_there: fill(&raw.already_there)?,
            clash_refused: raw.clash_refused,
        })
    }

    pub(super) fn exports(&self) -> Result<ExportsGuide, RecipeError> {
        let (span, raw) = (self.idp.raw.exports.span(), self.idp.raw.exports.get_ref());
        let fill = |text: &str| Ok(template::spans(&self.fill(text, &self.idp.file, span.clone())?));
        Ok(ExportsGuide { people: fill(&raw.people)?, groups: fill(&raw.groups)? })
    }

    pub(super) fn groups(&self) -> Result<GroupsGuide, RecipeError> {
        let Some(groups) = &self.target.raw.groups else { return Ok(GroupsGuide::default()) };
        let (span, raw) = (groups.span(), groups.get_ref());
        let fill = |text: &Option<String>| {
            text.as_ref().map(|text| self.fill(text, &self.target.file, span.clone())).transpose()
        };
        Ok(GroupsGuide {
            most_members: raw.most_members,
            too_many: fill(&raw.too_many)?,
            same_group: fill(&raw.same_group)?,
            same_group_fails: raw.same_group_fails,
            everyone: fill(&raw.everyone)?,
            name_characters: raw.name_characters.clone(),
            name_note: fill(&raw.name_note)?,
            reserved_names: raw.reserved_names.clone(),
        })
    }
}

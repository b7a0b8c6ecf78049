//! What a target makes of people and groups, as its recipe says it: facts for the people check and the group plan. And where the
//! console exports both.

use crate::view::Span;

/// What the target makes of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleGuide {
    /// What it says to somebody without a required attribute, or that this is not documented.
    pub missing: Option<String>,
    /// Why the userName has to be an e-mail address; `None` if it need not.
    pub email_user_name: Option<String>,
    /// Characters of a userName.
    pub longest_user_name: Option<usize>,
    /// Names that nobody can have.
    pub reserved_user_names: Vec<String>,
    /// What happens to an e-mail address that two people have; `None` if that is not documented.
    pub shared_email: Option<String>,
    /// What happens to somebody who is there already.
    pub already_there: Option<String>,
    /// Whether another letter case of the userName, or the same e-mail address alone, is refused.
    pub clash_refused: bool,
}

/// Where the identity provider's console exports who should arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportsGuide {
    /// The people.
    pub people: Vec<Span>,
    /// The groups with their members.
    pub groups: Vec<Span>,
}

/// What the target makes of groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupsGuide {
    /// Members in one request.
    pub most_members: Option<u32>,
    /// What is to be said about more.
    pub too_many: Option<String>,
    /// What is known about one group for assignment and push.
    pub same_group: Option<String>,
    /// Whether that fails.
    pub same_group_fails: bool,
    /// What is known about the identity provider's group of all people.
    pub everyone: Option<String>,
    /// Characters of a group's name, beside letters, digits and the blank; `None` if that is not documented.
    pub name_characters: Option<String>,
    /// Where that is from.
    pub name_note: Option<String>,
    /// Names that no group can have.
    pub reserved_names: Vec<String>,
}

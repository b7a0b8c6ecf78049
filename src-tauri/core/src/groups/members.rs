//! The members of a group as a console exports them: how many, and whether there are groups among them.

use std::io::Read;

use csv::ByteRecord;

use super::Answer;
use crate::{error::Problem, people::is_yes, table};

/// What a list of members tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembersList {
    /// People.
    pub people: u32,
    /// Groups.
    pub groups: u32,
    /// Whether there are groups; unknown if the list does not say what its members are.
    pub nested: Answer,
}

/// Reads a list of members: Entra's has the columns `isUser` and `isGroup`, lists of Graph `@odata.type`.
///
/// # Errors
/// What is no table.
pub fn read(input: impl Read) -> Result<MembersList, Problem> {
    let mut table = table::open(input)?;
    let named = |names: &[&str]| {
        table.headers().iter().position(|header| {
            let header: String = header.chars().filter(char::is_ascii_alphanumeric).collect();
            names.iter().any(|name| name.eq_ignore_ascii_case(&header))
        })
    };
    let is_group = named(&["isGroup"]);
    let kind = named(&["odatatype", "objectType", "type", "memberType"]);
    let mut list = MembersList { people: 0, groups: 0, nested: Answer::Unknown };
    let mut row = ByteRecord::new();
    while table.read(&mut row)? {
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let cell = |index: Option<usize>| index.and_then(|index| row.get(index)).map(table::shown).unwrap_or_default();
        let group = is_yes(&cell(is_group)) || cell(kind).to_ascii_lowercase().ends_with("group");
        let count = if group { &mut list.groups } else { &mut list.people };
        *count = count.saturating_add(1);
    }
    list.nested = match (list.groups, is_group.or(kind)) {
        (1.., _) => Answer::Yes,
        (0, Some(_)) => Answer::No,
        (0, None) => Answer::Unknown,
    };
    Ok(list)
}

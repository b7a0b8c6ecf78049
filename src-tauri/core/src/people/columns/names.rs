//! What the columns of a list are called, and what stands in them for yes, no and guest. The words are data:
//! `recipes/columns.toml`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::people::rules::Attribute;

const FILE: &str = include_str!("../../../recipes/columns.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Words {
    user_name: Vec<String>,
    email: Vec<String>,
    given_name: Vec<String>,
    family_name: Vec<String>,
    display_name: Vec<String>,
    enabled: Vec<String>,
    user_type: Vec<String>,
    r#true: Vec<String>,
    r#false: Vec<String>,
    guest: Vec<String>,
}

/// Every word, by its [`key`].
struct Known {
    columns: HashMap<String, (Attribute, usize)>,
    truths: HashMap<String, bool>,
    guests: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the file is compiled in, and a test reads it")]
static KNOWN: LazyLock<Known> =
    LazyLock::new(|| Known::of(toml::from_str(FILE).expect("BUG: recipes/columns.toml has the words of `Words`")));

impl Known {
    fn of(words: Words) -> Self {
        let columns = [
            (Attribute::UserName, words.user_name),
            (Attribute::Email, words.email),
            (Attribute::GivenName, words.given_name),
            (Attribute::FamilyName, words.family_name),
            (Attribute::DisplayName, words.display_name),
            (Attribute::Enabled, words.enabled),
            (Attribute::UserType, words.user_type),
        ];
        let ranked = columns.into_iter().flat_map(|(attribute, names)| {
            names.into_iter().enumerate().map(move |(rank, name)| (key(&name), (attribute, rank)))
        });
        let truths = [(true, words.r#true), (false, words.r#false)];
        Self {
            columns: ranked.collect(),
            truths: truths
                .into_iter()
                .flat_map(|(truth, all)| all.into_iter().map(move |word| (key(&word), truth)))
                .collect(),
            guests: words.guest.iter().map(|word| key(word)).collect(),
        }
    }
}

/// What a name means, and how vague it is.
pub(super) fn attribute(header: &str) -> Option<(Attribute, usize)> {
    let last = header.rsplit_once('.').map(|(_, last)| last);
    let keys = [bracketed(header), Some(header), last].into_iter().flatten().map(key);
    keys.into_iter().find_map(|key| KNOWN.columns.get(&key).copied())
}

/// Entra's templates: `User name [userPrincipalName] Required`.
fn bracketed(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once('[')?;
    rest.split_once(']').map(|(inside, _)| inside)
}

/// A name without what differs from one console to the next: letter case, blanks, punctuation, accents that were typed
/// apart.
pub(super) fn key(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase);
    // Turkish has an i without a dot, whose capital is everybody else's I.
    letters.filter(|c| c.is_alphanumeric()).map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// "Name" alone, which is the whole name or the surname.
pub(super) fn is_bare_name(header: &str) -> bool {
    ["name", "naam", "nazwa"].contains(&key(header).as_str())
}

/// Yes or no, as consoles and Excel write it.
pub(super) fn truth(text: &str) -> Option<bool> {
    KNOWN.truths.get(&key(text)).copied()
}

/// Lists of members: Entra's have `isGroup`, those of Graph and PowerShell the kind of object.
pub(super) fn tells_groups(header: &str) -> bool {
    ["isgroup", "odatatype", "objecttype", "membertype"].contains(&key(header).as_str())
}

/// What stands in such a column for a group: yes, or the kind of object.
pub(super) fn is_group(text: &str) -> bool {
    truth(text) == Some(true) || key(text).ends_with("group")
}

pub(super) fn is_guest(text: &str) -> bool {
    KNOWN.guests.contains(&key(text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{FILE, KNOWN, key, truth};

    #[test]
    fn no_word_means_two_things() {
        let raw: BTreeMap<String, Vec<String>> = toml::from_str(FILE).unwrap_or_else(|error| panic!("{error}"));
        let lists = |wanted: &dyn Fn(&str) -> bool| {
            let mut owner: BTreeMap<String, &str> = BTreeMap::new();
            for (list, words) in raw.iter().filter(|(list, _)| wanted(list)) {
                for word in words {
                    let other = owner.insert(key(word), list);
                    assert!(other.is_none_or(|other| other == list), "{word}: {list} and {other:?}");
                }
            }
            owner.len()
        };
        let values = ["true", "false", "guest"];
        assert_eq!(lists(&|list| !values.contains(&list)), KNOWN.columns.len());
        lists(&|list| values.contains(&list));
        assert_eq!(
            (truth("WAHR"), truth("Faux"), truth("ACTIVE"), truth("NE-2")),
            (Some(true), Some(false), Some(true), None)
        );
    }
}

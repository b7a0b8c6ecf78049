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
    user_name_vague: Vec<String>,
    email: Vec<String>,
    given_name: Vec<String>,
    family_name: Vec<String>,
    display_name: Vec<String>,
    enabled: Vec<String>,
    user_type: Vec<String>,
    r#true: Vec<String>,
    r#false: Vec<String>,
    guest: Vec<String>,
    remarks: Vec<String>,
    group: Vec<String>,
}

/// Every word, by its [`key`].
struct Known {
    columns: HashMap<String, (Attribute, usize)>,
    truths: HashMap<String, bool>,
    guests: Vec<String>,
    remarks: Vec<String>,
    groups: Vec<String>,
    /// From this rank on, a user name is vague.
    vague: usize,
}

#[expect(clippy::expect_used, reason = "the file is compiled in, and a test reads it")]
static KNOWN: LazyLock<Known> =
    LazyLock::new(|| Known::of(toml::from_str(FILE).expect("BUG: recipes/columns.toml has the words of `Words`")));

impl Known {
    fn of(words: Words) -> Self {
        let vague = words.user_name.len();
        let columns = [
            (Attribute::UserName, [words.user_name, words.user_name_vague].concat()),
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
            remarks: words.remarks.iter().map(|word| key(word)).collect(),
            groups: words.group.iter().map(|word| key(word)).collect(),
            vague,
        }
    }
}

/// What a name means, and how vague it is.
pub(super) fn attribute(header: &str) -> Option<(Attribute, usize)> {
    let last = header.rsplit_once('.').map(|(_, last)| last);
    let keys = [bracketed(header), Some(header), last, without_remark(header)].into_iter().flatten().map(key);
    keys.into_iter().find_map(|key| KNOWN.columns.get(&key).copied())
}

/// Entra's templates: `User name [userPrincipalName] Required`.
fn bracketed(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once('[')?;
    rest.split_once(']').map(|(inside, _)| inside)
}

/// `Email Address [Required]`, `First name (optional)`.
fn without_remark(header: &str) -> Option<&str> {
    let (name, rest) = header.split_once(['[', '('])?;
    let (inside, _) = rest.split_once([']', ')'])?;
    KNOWN.remarks.contains(&key(inside)).then_some(name)
}

/// "Account", "User ID": often a number, and not what people sign in with.
pub(super) fn is_vague(header: &str) -> bool {
    attribute(header).is_some_and(|(attribute, rank)| attribute == Attribute::UserName && rank >= KNOWN.vague)
}

/// A name without what differs from one console to the next: letter case, blanks, punctuation, accents, whether they
/// were left out or typed apart.
pub(super) fn key(name: &str) -> String {
    let letters = name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.filter(|c| c.is_alphanumeric()).flat_map(bare).collect()
}

/// A letter without its accent, and a Korean syllable as its letters: what is left of them where they come in pieces.
fn bare(letter: char) -> impl Iterator<Item = char> {
    let number = letter as u32;
    let pieces = match letter {
        _ if letter.is_ascii() => [Some(letter), None, None],
        '가'..='힣' => {
            let (first, vowel, last) = ((number - 0xac00) / 588, (number - 0xac00) % 588 / 28, (number - 0xac00) % 28);
            let last = (last > 0).then(|| char::from_u32(0x11a7 + last)).flatten();
            [char::from_u32(0x1100 + first), char::from_u32(0x1161 + vowel), last]
        }
        _ => [Some(BARE.get(&letter).copied().unwrap_or(letter)), None, None],
    };
    pieces.into_iter().flatten()
}

/// Each letter, and what it is without its accent. Turkish has an i without a dot, whose capital is everybody else's I.
const ACCENTS: &str = "àaáaâaãaäaåaāaăaąaçcćcčcċcďdđdèeéeêeëeēeęeěeėeğgìiíiîiïiīiįiıiłlñnńnňnòoóoôoõoöoøoőoŕrřrśsşsšsșsťtţtțt\
    ùuúuûuüuūuůuűuųuýyÿyźzżzžzạaảaấaầaẩaẫaậaắaằaẳaẵaặaẹeẻeẽeếeềeểeễeệeỉiịiọoỏoốoồoổoỗoộoơoớoờoởoỡoợoụuủuưuứuừuửuữuựuỳyỵyỷyỹy\
    йиёеїіάαέεήηίιόούυώωϊιϋυأاإاآاؤوئيがかぎきぐくげけごこざさじしずすぜせぞそだたぢちづつでてどとばはびひぶふべへぼほぱはぴひぷふぺへぽほ\
    ガカギキグクゲケゴコザサジシズスゼセゾソダタヂチヅツデテドトバハビヒブフベヘボホパハピヒプフペヘポホヴウ";

static BARE: LazyLock<HashMap<char, char>> =
    LazyLock::new(|| ACCENTS.chars().step_by(2).zip(ACCENTS.chars().skip(1).step_by(2)).collect());

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

/// The name of the group that the row's person is in, in a list of the members of many groups.
pub(super) fn names_the_group(header: &str) -> bool {
    KNOWN.groups.contains(&key(header))
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
                    let same = |other: &str| other.trim_end_matches("-vague") == list.trim_end_matches("-vague");
                    assert!(other.is_none_or(same), "{word}: {list} and {other:?}");
                }
            }
            owner.len()
        };
        let values = ["true", "false", "guest", "remarks", "group"];
        assert_eq!(lists(&|list| !values.contains(&list)), KNOWN.columns.len());
        lists(&|list| values.contains(&list));
        assert_eq!(
            (truth("WAHR"), truth("Faux"), truth("ACTIVE"), truth("NE-2")),
            (Some(true), Some(false), Some(true), None)
        );
    }
}

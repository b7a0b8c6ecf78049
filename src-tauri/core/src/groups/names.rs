//! Names of groups: the group of all people, characters, and when two names are one.

use crate::people::{describe_character, show_value};

/// Okta's own group is called so in every language.
pub(super) fn is_oktas_everyone(name: &str) -> bool {
    key(name) == "everyone"
}

/// Entra makes this dynamic group under **All users**, in the language of the console at that time.
const ALL_USERS: [&str; 16] = [
    "all users",
    "everyone",
    "alle benutzer",
    "tous les utilisateurs",
    "todos los usuarios",
    "tutti gli utenti",
    "todos os usuários",
    "todos os utilizadores",
    "alle gebruikers",
    "すべてのユーザー",
    "所有用户",
    "所有使用者",
    "모든 사용자",
    "wszyscy użytkownicy",
    "alla användare",
    "все пользователи",
];

pub(super) fn is_entras_all_users(name: &str) -> bool {
    ALL_USERS.contains(&key(name).as_str())
}

/// Names are compared without letter case.
pub(super) fn same(one: &str, other: &str) -> bool {
    key(one) == key(other)
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// With everything that cannot be seen written out.
pub(super) fn shown(name: &str) -> String {
    show_value(name.trim(), "")
}

/// The first character that the target refuses, or that cannot be seen.
pub(super) fn odd_character(name: &str, forbidden: &str) -> Option<String> {
    describe_character(name.trim(), forbidden)
}

/// The first character beside letters, digits, the blank and the ones given.
pub(super) fn outside(name: &str, known: &str) -> Option<String> {
    let odd = name.trim().chars().find(|c| !c.is_ascii_alphanumeric() && *c != ' ' && !known.contains(*c))?;
    Some(format!("“{}” (U+{:04X})", show_value(&odd.to_string(), ""), odd as u32))
}

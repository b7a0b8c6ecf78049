//! Which way a rule of a schema goes: by the names of its two sides, and where they are others, by the attributes.

use super::NON_GALLERY;
use crate::{
    lint::{document::Node, path},
    recipe::Guide,
};

/// What the directory's name begins with in older and newer exports.
const OWN: [&str; 3] = ["azure active directory", "azure ad", "microsoft entra"];
/// A directory that Entra fills, and no app.
const OTHER_DIRECTORY: &str = "active directory";

/// What a person has at an app, and what in a directory of Microsoft's.
const AT_AN_APP: [&str; 4] = ["userName", "name.givenName", "name.familyName", "externalId"];
const IN_THE_DIRECTORY: [&str; 6] =
    ["userPrincipalName", "mailNickname", "accountEnabled", "objectId", "surname", "sAMAccountName"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    ToApp,
    FromApp,
    Unknown,
}

pub(super) fn of(rule: &Node, guide: &Guide) -> Direction {
    let is = |name: &Option<String>, test: &dyn Fn(&str) -> bool| name.as_deref().is_some_and(test);
    let (source, target) = (&rule.source_directory, &rule.target_directory);
    let app = |name: &str| is_app(name, guide);
    match () {
        () if is(source, &is_own) => Direction::ToApp,
        () if is(target, &is_own) || is(target, &|name| name.eq_ignore_ascii_case(OTHER_DIRECTORY)) => {
            Direction::FromApp
        }
        () if is(target, &app) => Direction::ToApp,
        () if is(source, &app) => Direction::FromApp,
        // It does not say, and what an app is filled from is Entra.
        () if source.is_none() => Direction::ToApp,
        () => by_attributes(rule),
    }
}

fn is_own(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    OWN.iter().any(|own| name.starts_with(own))
}

fn is_app(name: &str, guide: &Guide) -> bool {
    let wanted = guide.mappings.iter().filter_map(|mapping| mapping.rules.directory.as_deref());
    wanted.chain(NON_GALLERY).any(|app| name.eq_ignore_ascii_case(app))
}

fn by_attributes(rule: &Node) -> Direction {
    let mappings = rule.object_mappings.iter().flatten();
    let rows = mappings.flat_map(|mapping| mapping.attribute_mappings.iter().flatten());
    let targets: Vec<&str> = rows.filter_map(|row| row.target_attribute_name.as_deref()).collect();
    let has = |names: &[&str]| targets.iter().any(|target| names.iter().any(|name| path::same(name, target)));
    match (has(&AT_AN_APP), has(&IN_THE_DIRECTORY)) {
        (true, false) => Direction::ToApp,
        (false, true) => Direction::FromApp,
        (true, true) | (false, false) => Direction::Unknown,
    }
}

//! Which ticks of the list follow from what was handed over, and which stay the admin's own.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use serde_json::{Value, json};

use crate::{
    examine::{Known, examine},
    mapping,
    recipe::{Guide, Purpose, Recipes, Subject},
};

const NON_GALLERY: &str = include_str!("../../../lint/fixtures/entra-non-gallery.json");
const AWS_GALLERY: &str = include_str!("../../../lint/fixtures/entra-aws-gallery.json");
const ENTRA_PAGE: &str = include_str!("../../../lint/fixtures/entra-page.txt");
const OKTA: &str = include_str!("../../../lint/fixtures/okta-scim2testapp.json");

fn guide(target: &str, idp: &str) -> Guide {
    let recipes = Recipes::builtin().expect("BUG: the recipes hold");
    recipes.guide(target, idp, Purpose::Setup, None, &BTreeMap::new()).expect("BUG: the recipes hold")
}

fn ticks(input: &str, target: &str, idp: &str) -> BTreeMap<String, bool> {
    let guide = guide(target, idp);
    let go_on = |_: &_| ControlFlow::Continue(());
    let found = examine(Subject::Mapping, Some(&guide), input.as_bytes(), &Known::NotAsked, go_on);
    found.unwrap_or_else(|problem| panic!("{problem:#?}")).ticks
}

/// The fixture with its users' rows changed.
fn with_rows(fixture: &str, change: impl Fn(&mut Vec<Value>)) -> Value {
    let mut schema: Value = serde_json::from_str(fixture).expect("the fixture is JSON");
    let mappings = schema["synchronizationRules"][0]["objectMappings"].as_array_mut().expect("a list");
    let users = mappings.iter_mut().find(|mapping| mapping["sourceObjectName"] == "User").expect("it is there");
    change(users["attributeMappings"].as_array_mut().expect("a list"));
    schema
}

fn is(row: &Value, name: &str) -> bool {
    row["targetAttributeName"] == name
}

fn without(fixture: &str, names: &[&str]) -> String {
    with_rows(fixture, |rows| rows.retain(|row| !names.iter().any(|name| is(row, name)))).to_string()
}

#[test]
fn the_default_rows_leave_the_ones_to_delete_open() {
    let ticks = ticks(NON_GALLERY, "hpe-greenlake", "entra");
    for (id, done) in [
        ("users-userName", true),
        ("users-displayName", true),
        ("users-title", false),
        ("users-active", false),
        ("groups-members", true),
        ("users-action-Create", true),
        ("users-action-Update", false),
    ] {
        assert_eq!(ticks.get(id), Some(&done), "{id}");
    }
}

#[test]
fn a_deleted_row_is_done_when_the_whole_was_seen() {
    let ticks = ticks(&without(NON_GALLERY, &["title"]), "hpe-greenlake", "entra");
    assert_eq!((ticks.get("users-title"), ticks.get("users-active")), (Some(&true), Some(&false)));
}

#[test]
fn names_in_another_case_are_the_same_rows() {
    let louder = with_rows(NON_GALLERY, |rows| {
        for row in rows {
            row["targetAttributeName"] = row["targetAttributeName"].as_str().expect("a name").to_uppercase().into();
        }
    });
    for target in ["hpe-greenlake", "azion", "aws-identity-center", "generic-scim"] {
        assert_eq!(ticks(&louder.to_string(), target, "entra"), ticks(NON_GALLERY, target, "entra"), "{target}");
    }
}

#[test]
fn a_row_that_is_there_twice_is_not_done() {
    let twice = |name: &'static str| {
        with_rows(NON_GALLERY, |rows| {
            let mut row = rows.iter().find(|row| is(row, name)).expect("it is there").clone();
            row["targetAttributeName"] = name.to_uppercase().into();
            rows.push(row);
        })
        .to_string()
    };
    for name in ["userName", "displayName", "title"] {
        assert_eq!(ticks(&twice(name), "hpe-greenlake", "entra").get(&format!("users-{name}")), Some(&false), "{name}");
    }
}

/// A row that AWS takes and does not need is no work, whether it is there, is missing, or is filled from something else.
#[test]
fn a_row_that_may_be_left_out_keeps_the_ticks_of_the_admin() {
    let ids = |name: &str| format!("users-{name}");
    let missing = ticks(&without(AWS_GALLERY, &["title", "preferredLanguage"]), "aws-identity-center", "entra");
    for name in ["title", "preferredLanguage"] {
        assert_eq!(missing.get(&ids(name)), None, "{name}");
    }
    let emptied = with_rows(AWS_GALLERY, |rows| {
        rows.iter_mut().filter(|row| is(row, "title")).for_each(|row| row["source"] = json!(null));
    });
    assert_eq!(ticks(&emptied.to_string(), "aws-identity-center", "entra").get("users-title"), None);
    let fine = ticks(AWS_GALLERY, "aws-identity-center", "entra");
    assert!(!fine.is_empty() && fine.values().all(|done| *done), "nothing to do unticks nothing: {fine:?}");
    // What is required is work.
    let required = ticks(&without(AWS_GALLERY, &["displayName"]), "aws-identity-center", "entra");
    assert_eq!(required.get("users-displayName"), Some(&false));
}

#[test]
fn a_row_beside_the_list_is_no_tick_of_it() {
    let guide = guide("aws-identity-center", "entra");
    let of_list: BTreeSet<String> = guide
        .mappings
        .iter()
        .flat_map(|mapping| {
            let actions = mapping.actions.iter().map(|name| format!("{}-action-{name}", mapping.id));
            mapping::work(mapping).into_iter().map(|row| format!("{}-{}", mapping.id, row.id)).chain(actions)
        })
        .collect();
    // `locale` of the gallery's app is welcome and in no guide.
    let ticks = ticks(AWS_GALLERY, "aws-identity-center", "entra");
    assert!(!ticks.contains_key("users-locale") && ticks.keys().all(|id| of_list.contains(id)), "{ticks:?}");
}

#[test]
fn an_export_of_users_only_says_nothing_of_groups() {
    let mut schema: Value = serde_json::from_str(NON_GALLERY).expect("the fixture is JSON");
    let mappings = schema["synchronizationRules"][0]["objectMappings"].as_array_mut().expect("a list");
    mappings.retain(|mapping| mapping["sourceObjectName"] == "User");
    let ticks = ticks(&schema.to_string(), "azion", "entra");
    assert!(ticks.keys().all(|id| id.starts_with("users-")) && ticks.contains_key("users-userName"), "{ticks:?}");
}

/// The headings and some rows: what is not among them may be there all the same.
#[test]
fn of_a_part_of_the_table_only_what_is_in_it_is_told() {
    for wanted in [["userName", "title"], ["displayName", "active"]] {
        let heading = |line: &&str| line.contains("Attribute\t") || wanted.iter().any(|name| line.starts_with(name));
        let part: Vec<&str> = ENTRA_PAGE.lines().filter(heading).collect();
        assert_eq!(part.len(), 3, "{part:?}");
        for target in ["hpe-greenlake", "azion", "aws-identity-center", "generic-scim"] {
            let ticks = ticks(&part.join("\n"), target, "entra");
            let allowed = wanted.map(|name| format!("users-{name}"));
            assert!(!ticks.is_empty() && ticks.keys().all(|id| allowed.contains(id)), "{target}: {ticks:?}");
        }
    }
    let rows: Value = with_rows(NON_GALLERY, |rows| rows.retain(|row| is(row, "userName")));
    let rows = &rows["synchronizationRules"][0]["objectMappings"][1]["attributeMappings"];
    let ticks = ticks(&rows.to_string(), "hpe-greenlake", "entra");
    assert_eq!(ticks, BTreeMap::from([("users-userName".to_owned(), true)]));
}

/// Okta's user name stands in another place, and its row may be missing in what was copied.
#[test]
fn of_a_part_of_oktas_table_only_what_is_in_it_is_told() {
    let part = "| givenName | user.firstName |\n| title | user.title |\n";
    let ticks = ticks(part, "hpe-greenlake", "okta");
    assert_eq!(ticks.keys().collect::<Vec<_>>(), ["users-givenName", "users-title"], "{ticks:?}");
    let whole = super::tests::ticks(OKTA, "hpe-greenlake", "okta");
    assert_eq!((whole.get("users-userName"), whole.get("users-title")), (Some(&true), Some(&false)));
}

#[test]
fn a_row_that_cannot_be_read_keeps_the_tick_of_the_admin() {
    let cut = json!({ "expression": null, "name": "Not", "type": "Function", "parameters": [] });
    let text = with_rows(NON_GALLERY, |rows| {
        rows.iter_mut().filter(|row| is(row, "active")).for_each(|row| row["source"] = cut.clone());
    });
    let kept = ticks(&text.to_string(), "azion", "entra");
    assert_eq!((kept.get("users-active"), kept.get("users-userName")), (None, Some(&true)));
    // Where it has to go, its source does not matter.
    assert_eq!(ticks(&text.to_string(), "hpe-greenlake", "entra").get("users-active"), Some(&false));
}

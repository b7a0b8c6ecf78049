//! Which rows stay, go, change or are added: the real tables, and each case alone.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;

use super::work;
use crate::{
    recipe::{MappingGuide, MappingRow, MappingRules, Purpose, Recipes},
    view::Verb,
};

#[test]
fn hpe_greenlake_keeps_four_attributes_of_users_and_three_of_groups() {
    let guide = Recipes::builtin()
        .and_then(|recipes| recipes.guide("hpe-greenlake", "entra", Purpose::Setup, None, &BTreeMap::new()));
    let guide = guide.expect("BUG: the recipes hold");
    let table = guide.mappings.iter().flat_map(|mapping| {
        let head = format!("{}: {:?} of {:?}", mapping.title, mapping.wanted_actions, mapping.actions);
        let rows = work(mapping).into_iter().map(|row| {
            let verb = format!("{:?}", row.verb);
            let note = row.note.map_or_else(String::new, |note| format!(" ({note})"));
            format!("{verb:6} {} <- {}{note}", row.target, row.source)
        });
        std::iter::once(head).chain(rows).collect::<Vec<_>>()
    });
    assert_snapshot!("hpe-greenlake-entra", table.collect::<Vec<_>>().join("\n"));
}

#[test]
fn ids_of_rows_are_unique_and_can_be_part_of_a_copy_id() {
    let guide = Recipes::builtin()
        .and_then(|recipes| recipes.guide("hpe-greenlake", "entra", Purpose::Setup, None, &BTreeMap::new()));
    for mapping in guide.expect("BUG: the recipes hold").mappings {
        let rows = work(&mapping);
        let ids: BTreeSet<_> = rows.iter().map(|row| row.id.clone()).collect();
        assert_eq!(ids.len(), rows.len());
        assert!(ids.iter().all(|id| !id.is_empty() && !id.contains('/')), "{ids:?}");
    }
}

#[test]
fn each_case_alone() {
    let (plain, first) = (row("userName", "upn", None), row("userName", "upn", Some(1)));
    let mail = row("userName", "mail", Some(1));
    let cases = [
        ("the same", vec![first.clone()], vec![first.clone()], vec![(Verb::Keep, "upn", Some("matching 1"))]),
        ("the same, no key", vec![plain.clone()], vec![plain.clone()], vec![(Verb::Keep, "upn", None)]),
        ("another source", vec![first.clone()], vec![mail], vec![(Verb::Change, "mail", Some("was upn; matching 1"))]),
        ("another key", vec![plain.clone()], vec![first.clone()], vec![(Verb::Change, "upn", Some("matching 1"))]),
        ("only wanted", vec![], vec![first.clone()], vec![(Verb::Add, "upn", Some("matching 1"))]),
        ("only there", vec![plain.clone()], vec![], vec![(Verb::Delete, "upn", None)]),
        ("another case", vec![row("USERNAME", "upn", None)], vec![plain], vec![(Verb::Keep, "upn", None)]),
    ];
    for (name, defaults, wanted, expected) in cases {
        let found = work(&guide(defaults, wanted));
        let found: Vec<_> = found.iter().map(|row| (row.verb, row.source.as_str(), row.note.as_deref())).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn rows_keep_the_consoles_order_and_added_ones_come_last() {
    let defaults = vec![row("b", "1", None), row("a", "2", None), row("c", "3", None)];
    let wanted = vec![row("z", "9", None), row("a", "2", None)];
    let found: Vec<_> = work(&guide(defaults, wanted)).into_iter().map(|row| (row.target, row.verb)).collect();
    let expected = [("b", Verb::Delete), ("a", Verb::Keep), ("c", Verb::Delete), ("z", Verb::Add)];
    assert_eq!(found, expected.map(|(target, verb)| (target.to_owned(), verb)));
}

fn row(target: &str, source: &str, matching: Option<u8>) -> MappingRow {
    MappingRow {
        target: target.into(),
        source: source.into(),
        matching,
        apply: None,
        path: target.into(),
        optional: false,
    }
}

fn guide(defaults: Vec<MappingRow>, wanted: Vec<MappingRow>) -> MappingGuide {
    MappingGuide {
        apply_heading: None,
        id: "users",
        title: "Users".into(),
        target_heading: "target".into(),
        source_heading: "source".into(),
        actions: vec!["Create".into()],
        wanted_actions: BTreeSet::from(["Create".into()]),
        defaults,
        wanted,
        rules: MappingRules::default(),
    }
}

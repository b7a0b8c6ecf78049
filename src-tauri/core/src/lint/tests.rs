//! The check on real shapes: what remains for each target, what each mistake is called, and what is no mapping.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod fuzz;
mod inputs;
mod mistakes;
mod reader;
mod remaining;

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Action, Note, Report, Row, check};
use crate::{
    error::Problem,
    recipe::{Guide, Purpose, Recipes},
};

pub(super) const NON_GALLERY: &str = include_str!("fixtures/entra-non-gallery.json");
pub(super) const AWS_GALLERY: &str = include_str!("fixtures/entra-aws-gallery.json");
pub(super) const OKTA: &str = include_str!("fixtures/okta-scim2testapp.json");
pub(super) const OKTA_LIST: &str = include_str!("fixtures/okta-list.json");
pub(super) const ENTRA_PAGE: &str = include_str!("fixtures/entra-page.txt");
pub(super) const OKTA_PAGE: &str = include_str!("fixtures/okta-page.txt");

pub(super) fn guide(target: &str, idp: &str) -> Guide {
    let guide =
        Recipes::builtin().and_then(|recipes| recipes.guide(target, idp, Purpose::Setup, None, &BTreeMap::new()));
    guide.expect("BUG: the recipes hold")
}

pub(super) fn checked(input: &str, target: &str, idp: &str) -> Report {
    check(input.as_bytes(), &guide(target, idp)).unwrap_or_else(|problem| panic!("{problem:#?}"))
}

pub(super) fn refused(input: impl AsRef<[u8]>, idp: &str) -> Problem {
    check(input.as_ref(), &guide("generic-scim", idp)).expect_err("it is no mapping")
}

/// `users userName` and so on, of what is there once the advice was followed.
pub(super) fn remaining(report: &Report) -> Vec<String> {
    report.remaining().map(|(table, row)| format!("{} {}", table.id, row.attribute)).collect()
}

pub(super) fn row<'a>(report: &'a Report, id: &str) -> &'a Row {
    let rows = report.tables.iter().flat_map(|table| &table.rows);
    rows.clone()
        .find(|row| row.id == id)
        .unwrap_or_else(|| panic!("{id} among {:?}", rows.map(|row| &row.id).collect::<Vec<_>>()))
}

pub(super) fn action<'a>(report: &'a Report, id: &str) -> &'a Action {
    report.tables.iter().flat_map(|table| &table.actions).find(|action| action.id == id).expect("it is there")
}

pub(super) fn note<'a>(report: &'a Report, id: &str) -> Option<&'a Note> {
    report.notes.iter().chain(report.tables.iter().flat_map(|table| &table.notes)).find(|note| note.id == id)
}

/// A schema with something changed in it.
pub(super) struct Schema(Value);

impl Schema {
    pub(super) fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("the fixture is JSON"))
    }

    pub(super) fn mapping(&mut self, object: &str) -> &mut Value {
        let mappings = self.0["synchronizationRules"][0]["objectMappings"].as_array_mut().expect("a list");
        mappings.iter_mut().find(|mapping| mapping["sourceObjectName"] == object).expect("it is there")
    }

    pub(super) fn rows(&mut self, object: &str) -> &mut Vec<Value> {
        self.mapping(object)["attributeMappings"].as_array_mut().expect("a list")
    }

    pub(super) fn row(&mut self, object: &str, target: &str) -> &mut Value {
        let row = self.rows(object).iter_mut().find(|row| row["targetAttributeName"] == target);
        row.unwrap_or_else(|| panic!("{target}"))
    }

    /// Another expression as the source.
    pub(super) fn source(mut self, target: &str, expression: &str) -> Self {
        self.row("User", target)["source"] =
            serde_json::json!({ "expression": expression, "name": "changed", "type": "Function", "parameters": [] });
        self
    }

    pub(super) fn add(mut self, target: &str, expression: &str) -> Self {
        let mut row = self.row("User", "userName").clone();
        row["targetAttributeName"] = target.into();
        row["matchingPriority"] = 0.into();
        self.rows("User").push(row);
        self.source(target, expression)
    }

    pub(super) fn without(mut self, target: &str) -> Self {
        let before = self.rows("User").len();
        self.rows("User").retain(|row| row["targetAttributeName"] != target);
        assert_eq!(self.rows("User").len() + 1, before, "{target}");
        self
    }

    pub(super) fn set(mut self, object: &str, field: &str, value: impl Into<Value>) -> Self {
        self.mapping(object)[field] = value.into();
        self
    }

    pub(super) fn set_row(mut self, target: &str, field: &str, value: impl Into<Value>) -> Self {
        self.row("User", target)[field] = value.into();
        self
    }

    pub(super) fn only(mut self, object: &str, targets: &[&str]) -> Self {
        self.rows(object).retain(|row| targets.iter().any(|target| row["targetAttributeName"] == *target));
        assert_eq!(self.rows(object).len(), targets.len(), "{targets:?}");
        self
    }

    pub(super) fn text(&self) -> String {
        self.0.to_string()
    }

    pub(super) fn value(&self) -> &Value {
        &self.0
    }
}

/// What the seed of HPE GreenLake keeps, with Update off: right as it is.
pub(super) fn right_for_greenlake() -> Schema {
    Schema::of(NON_GALLERY).only("User", &["userName", "displayName", "name.givenName", "name.familyName"]).set(
        "User",
        "flowTypes",
        "Add, Delete",
    )
}

/// The four of Azion's guide.
pub(super) fn right_for_azion() -> Schema {
    Schema::of(NON_GALLERY).only("User", &["userName", "active", "name.givenName", "name.familyName"])
}

/// The core attributes.
pub(super) fn right_for_generic() -> Schema {
    let core = [
        "userName",
        "active",
        "displayName",
        "emails[type eq \"work\"].value",
        "name.givenName",
        "name.familyName",
        "name.formatted",
        "externalId",
    ];
    Schema::of(NON_GALLERY).only("User", &core)
}

/// Each target with a schema that is right for it.
pub(super) fn right() -> [(&'static str, Schema); 4] {
    [
        ("hpe-greenlake", right_for_greenlake()),
        ("azion", right_for_azion()),
        ("aws-identity-center", Schema::of(AWS_GALLERY)),
        ("generic-scim", right_for_generic()),
    ]
}

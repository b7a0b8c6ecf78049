//! What the mapping check knows beside the rows: what a target does with attributes that it does not expect, and what an
//! omission means. Written in the recipes, so that a target's peculiarities are data.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a target says about attributes of users or of groups: `[attributes.users]` in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeRules {
    /// What becomes of rows that are not in the list.
    pub others: Others,
    /// Why.
    pub why: String,
    /// Without these, the target refuses everybody.
    #[serde(default)]
    pub required: Rule,
    /// At most one value each, however many the SCIM standard allows.
    #[serde(default)]
    pub one_value: Rule,
    /// All that the target takes, where others are welcome; empty if it takes anything. `name` stands for its parts too.
    #[serde(default)]
    pub known: Vec<String>,
    /// Refused whatever stands in them. `emails.display` stands for that part of every e-mail address.
    #[serde(default)]
    pub unsupported: Rule,
    /// Once one of them is sent, the others belong to it.
    #[serde(default)]
    pub complete: Rule,
}

/// Some attributes, and why they are special.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// SCIM paths.
    pub attributes: Vec<String>,
    /// The reason, in a sentence.
    pub why: String,
}

/// What becomes of rows that are not in the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Others {
    /// They can make every user fail.
    #[default]
    Refused,
    /// They are better left out.
    Unneeded,
    /// They may stay.
    Welcome,
}

/// All that is known about the mapping of users, or of groups, for one pair. Every placeholder is filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingRules {
    /// What the target says.
    pub attributes: AttributeRules,
    /// What the identity provider's console is like.
    pub console: ConsoleRules,
    /// What it means that a row is missing, or an object action off, by the name of either.
    pub without: BTreeMap<String, String>,
    /// Sources that are as good as the wanted one, by attribute.
    pub also: BTreeMap<String, Vec<String>>,
    /// What an export calls the app that the guide works with.
    pub directory: Option<String>,
}

/// What an identity provider's console is like, for users or for groups: `[mapping.users.console]` in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsoleRules {
    /// Rows that are set in another place and cannot be deleted.
    #[serde(default)]
    pub fixed: Rule,
    /// SCIM paths of attributes that are in no default mapping and are called something else.
    #[serde(default)]
    pub paths: BTreeMap<String, String>,
    /// Sources that name a person at sign-in.
    #[serde(default)]
    pub identifies: Vec<String>,
    /// What it means that an object action is off.
    #[serde(default)]
    pub off: BTreeMap<String, String>,
}

//! A part of a step, as written: one table for all kinds, with what belongs to each.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{
    class::Class,
    error::{Code, Phase},
    recipe::Subject,
};

/// Exactly one kind (text, note, link …), with that kind's extras.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    pub(crate) id: Option<Spanned<String>>,
    // Kinds.
    pub(crate) heading: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) link: Option<Link>,
    pub(crate) copy: Option<Copy>,
    pub(crate) secret: Option<SecretField>,
    pub(crate) choice: Option<Choice>,
    pub(crate) input: Option<Input>,
    pub(crate) confirm: Option<String>,
    pub(crate) mapping: Option<bool>,
    pub(crate) intake: Option<Intake>,
    pub(crate) check: Option<Spanned<String>>,
    pub(crate) insert: Option<Spanned<String>>,
    /// In a rotation: the block of the setup's steps with this id, once more.
    pub(crate) repeat: Option<Spanned<String>>,
    // Extras.
    /// With `text`: what the same thing is called on another version of the console.
    pub(crate) older: Option<String>,
    /// With `text`: what another guide says instead.
    pub(crate) contradiction: Option<Contradiction>,
    /// With `note`.
    pub(crate) warn: Option<bool>,
    /// With `check`.
    pub(crate) label: Option<String>,
    pub(crate) button: Option<String>,
    pub(crate) remark: Option<String>,
    /// With `check`: what to do next, by the code it failed with. Shown before the check's own hints.
    #[serde(default)]
    pub(crate) hints: BTreeMap<Code, Vec<RawHint>>,
    /// With a `check` that watches: what the admin should know meanwhile.
    pub(crate) waiting: Option<String>,
    /// With `check`: passing counts for that check too.
    pub(crate) stands_for: Option<Spanned<String>>,
    /// With `check`: the confirmation that can take its place.
    pub(crate) or: Option<Spanned<String>>,
    /// Shown only after that check failed with that code.
    pub(crate) after: Option<After>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contradiction {
    pub(crate) text: String,
    pub(crate) source: Spanned<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub(crate) url: Spanned<String>,
    pub(crate) label: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Copy {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretField {
    pub(crate) slot: Spanned<String>,
    /// The admin fills it here; else it is only copied.
    #[serde(default)]
    pub(crate) fill: bool,
    pub(crate) label: Option<String>,
    pub(crate) note: Option<String>,
    /// Offers to use the token of that slot.
    pub(crate) or_from: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Intake {
    pub(crate) subject: Subject,
    pub(crate) label: String,
    pub(crate) note: String,
    pub(crate) placeholder: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) options: Vec<ChoiceOption>,
    /// The options are what this operation found.
    pub(crate) from: Option<Spanned<String>>,
    /// With `from`: why an option that the operation marks cannot be taken.
    pub(crate) unusable: Option<OptionProblem>,
    /// Forgotten when this slot gets another token.
    pub(crate) about: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceOption {
    pub(crate) id: String,
    pub(crate) label: String,
    /// Why this answer does not let the admin go on.
    pub(crate) problem: Option<OptionProblem>,
    /// What else there is to say about it.
    pub(crate) note: Option<String>,
    /// Chosen before the admin chooses.
    #[serde(default)]
    pub(crate) default: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionProblem {
    pub(crate) message: String,
    /// The doctor's page that says more.
    pub(crate) class: Option<Class>,
    #[serde(default)]
    pub(crate) hints: Vec<RawHint>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawHint {
    Plain(String),
    Go { text: String, go: Phase },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) placeholder: String,
    pub(crate) note: Option<String>,
    /// It is a name, and fills this value.
    pub(crate) names: Option<Spanned<String>>,
    /// It is an address, and fills this value.
    pub(crate) gives: Option<Spanned<String>>,
    /// With `gives`: how the address is built, with `{names}` that fill values of theirs.
    pub(crate) form: Option<String>,
    /// It is a name that will be sent to the target.
    #[serde(default)]
    pub(crate) arrives: bool,
    /// What a wrong entry looks like. The first that fits counts.
    #[serde(default)]
    pub(crate) clues: Vec<Clue>,
}

/// Exactly one of `contains`, `is`, `same_as`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clue {
    pub(crate) contains: Option<String>,
    pub(crate) is: Option<Vec<String>>,
    pub(crate) same_as: Option<Spanned<String>>,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) hints: Vec<RawHint>,
    /// It does not keep the admin from going on.
    #[serde(default)]
    pub(crate) warn: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    pub(crate) check: Spanned<String>,
    pub(crate) code: Code,
}

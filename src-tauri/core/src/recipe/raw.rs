//! The shape of a recipe file, as written. Every table refuses unknown keys, so that a typo is an error with a place.

mod block;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(crate) use block::{Block, ChoiceOption, Clue, Input, OptionProblem, RawHint};

use super::rules::{AttributeRules, ConsoleRules};
use crate::error::Phase;

/// `targets/<id>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    pub(crate) name: String,
    /// The full name in a setup, if it differs from the one in the list of targets; may have placeholders.
    pub(crate) called: Option<String>,
    /// For headings and sentences; may have placeholders.
    pub(crate) short: String,
    pub(crate) summary: String,
    pub(crate) docs: Spanned<String>,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Spanned<String>>,
    pub(crate) practice: Option<TargetPractice>,
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, Source>,
    #[serde(default)]
    pub(crate) slots: BTreeMap<String, Slot>,
    #[serde(default, rename = "need")]
    pub(crate) needs: Vec<Spanned<Need>>,
    pub(crate) request: Option<Spanned<Request>>,
    /// Characters that the target refuses in names.
    #[serde(default)]
    pub(crate) forbidden_characters: String,
    pub(crate) people: Option<Spanned<People>>,
    pub(crate) groups: Option<Spanned<Groups>>,
    /// What it does with attributes that it does not expect.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<ObjectKind, AttributeRules>,
    pub(crate) phases: BTreeMap<Phase, PhaseName>,
    #[serde(default, rename = "step")]
    pub(crate) steps: Vec<Spanned<Step>>,
    /// How its token is replaced; what is missing stands in `rotation.toml`.
    #[serde(default)]
    pub(crate) rotation: Vec<Spanned<Step>>,
    #[serde(default)]
    pub(crate) idp: BTreeMap<String, PairPart>,
}

/// `rotation.toml`: how a token is replaced where the target's own file says nothing else.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    #[serde(rename = "rotation")]
    pub(crate) steps: Vec<Spanned<Step>>,
}

/// `idps/<id>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Idp {
    pub(crate) name: String,
    pub(crate) short: String,
    pub(crate) summary: String,
    pub(crate) docs: Spanned<String>,
    /// How its Test button asks: `entra` or `okta`.
    pub(crate) asks_like: IdpStyle,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Spanned<String>>,
    pub(crate) practice: Option<IdpPractice>,
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, Source>,
    #[serde(default, rename = "need")]
    pub(crate) needs: Vec<Spanned<Need>>,
    #[serde(default, rename = "step")]
    pub(crate) steps: Vec<Spanned<Step>>,
    /// What is done here when a target's token is replaced.
    #[serde(default)]
    pub(crate) rotation: Vec<Spanned<Step>>,
    pub(crate) mapping: BTreeMap<ObjectKind, DefaultMapping>,
    /// What an export of the mapping calls an app of the usual kind.
    pub(crate) directory: Option<String>,
    /// Where its console exports who should arrive.
    pub(crate) exports: Spanned<Exports>,
}

/// Where a console exports people and groups.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exports {
    pub(crate) people: String,
    pub(crate) groups: String,
}

/// What differs for one pair: stands in the target's file under `[idp.<id>]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairPart {
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Spanned<String>>,
    #[serde(default, rename = "need")]
    pub(crate) needs: Vec<Spanned<Need>>,
    #[serde(default, rename = "insert")]
    pub(crate) inserts: Vec<Insert>,
    #[serde(default)]
    pub(crate) mapping: BTreeMap<ObjectKind, WantedMapping>,
    /// What an export of the mapping calls this pair's app, if it is not of the usual kind.
    pub(crate) directory: Option<String>,
}

/// Blocks for the place that the identity provider's recipe names with `{ insert = "…" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Insert {
    pub(crate) at: Spanned<String>,
    pub(crate) blocks: Vec<Spanned<Block>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum IdpStyle {
    Entra,
    Okta,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ObjectKind {
    Users,
    Groups,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetPractice {
    /// The sandbox's id of this target.
    pub(crate) sandbox: String,
    /// Values in the practice world; placeholders name the sandbox's addresses.
    pub(crate) values: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdpPractice {
    pub(crate) values: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) title: String,
    pub(crate) date: String,
    pub(crate) url: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    pub(crate) label: String,
    pub(crate) kind: SlotKind,
    /// Life after pasting, when the token itself does not say.
    pub(crate) lifetime_minutes: Option<u32>,
    /// Life from its creation, where that is documented and the token does not say: offered to the admin, not assumed.
    pub(crate) lifetime_days: Option<u32>,
    /// The check after which it is no longer needed.
    pub(crate) needed_until: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SlotKind {
    /// Short-lived; belongs to the admin's own account.
    AccessToken,
    /// Long-lived; the identity provider uses it.
    ScimToken,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    pub(crate) what: String,
    pub(crate) place: String,
    pub(crate) how_long: String,
    pub(crate) who: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) label: String,
    pub(crate) text: String,
}

/// What the target makes of people, for the check of a list of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct People {
    /// What it says to somebody without a required attribute, or that this is not documented.
    pub(crate) missing: Option<String>,
    /// Why the userName has to be an e-mail address; absent, if it need not.
    pub(crate) email_user_name: Option<String>,
    /// Characters of a userName.
    pub(crate) longest_user_name: Option<usize>,
    #[serde(default)]
    pub(crate) reserved_user_names: Vec<String>,
    /// What happens to an e-mail address that two people have; absent, if that is not documented.
    pub(crate) shared_email: Option<String>,
    /// What happens to somebody who is there already with the same userName, in other letter case too.
    pub(crate) already_there: Option<String>,
    /// Another letter case, or only the same e-mail address, is refused.
    #[serde(default)]
    pub(crate) clash_refused: bool,
}

/// What the target makes of groups, for the group plan.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Groups {
    /// Members in one request, and what is to be said about more.
    pub(crate) most_members: Option<u32>,
    pub(crate) too_many: Option<String>,
    /// What is known about one group for assignment and push.
    pub(crate) same_group: Option<String>,
    #[serde(default)]
    pub(crate) same_group_fails: bool,
    /// What is known about the identity provider's group of all people.
    pub(crate) everyone: Option<String>,
    /// Beside letters, digits and the blank: characters that a group's name may have, and where that is from.
    pub(crate) name_characters: Option<String>,
    pub(crate) name_note: Option<String>,
    #[serde(default)]
    pub(crate) reserved_names: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhaseName {
    pub(crate) title: String,
    /// Why this target has no need for the step; then it counts as done.
    pub(crate) not_needed: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) phase: Phase,
    /// Name in the rail of a rotation; that of a setup's step stands in `[phases]`.
    pub(crate) name: Option<String>,
    pub(crate) title: String,
    pub(crate) why: String,
    #[serde(default)]
    pub(crate) sources: Vec<Spanned<String>>,
    /// The check of a later phase that proves this one.
    pub(crate) proven_by: Option<Spanned<String>>,
    /// What it means for this step that the check passed.
    pub(crate) proof: Option<String>,
    pub(crate) blocks: Vec<Spanned<Block>>,
}

/// The identity provider's default rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultMapping {
    pub(crate) title: String,
    pub(crate) target_heading: String,
    pub(crate) source_heading: String,
    /// What the console calls the choice of when a row is sent, if it has one.
    pub(crate) apply_heading: Option<String>,
    pub(crate) actions: Vec<String>,
    pub(crate) rows: Vec<MappingRow>,
    /// What the mapping check has to know of the console.
    #[serde(default)]
    pub(crate) console: ConsoleRules,
}

/// What the target wants of one identity provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedMapping {
    /// Object actions to be ticked, by the console's words.
    pub(crate) actions: Vec<Spanned<String>>,
    /// What this pair's app has by default, if that is not what the identity provider's file says.
    pub(crate) defaults: Option<Vec<MappingRow>>,
    pub(crate) rows: Vec<MappingRow>,
    /// What it means that a row is missing, or an object action off.
    #[serde(default)]
    pub(crate) without: BTreeMap<String, Spanned<String>>,
    /// Sources that are as good as the wanted one, by attribute.
    #[serde(default)]
    pub(crate) also: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappingRow {
    pub(crate) target: String,
    pub(crate) source: String,
    /// 1 for the attribute by which people or groups are found again.
    #[serde(default)]
    pub(crate) matching: Option<u8>,
    /// When it is sent, in the console's words.
    pub(crate) apply: Option<String>,
    /// The SCIM path, if the console calls the attribute something else; empty if it cannot be seen at the target.
    pub(crate) path: Option<String>,
    /// May be empty for a person.
    #[serde(default)]
    pub(crate) optional: bool,
}

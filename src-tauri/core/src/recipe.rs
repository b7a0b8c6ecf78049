//! Recipes are data: one file for each target and each identity provider, compiled in. A [`Guide`] is one target
//! joined with one identity provider, every placeholder filled. What is wrong in a file is an error with file, line,
//! column and what to write instead.

mod block;
mod form;
mod join;
mod load;
mod people;
pub(crate) mod raw;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::{error::Phase, operation::Operation, view::Span};

pub use crate::systems::probe::IdpStyle;
pub use block::{
    BlockGuide, BlockKind, Clue, InputGuide, IntakeGuide, OptionGuide, SecretGuide, Sign, Subject, VariantGuide,
};
pub(crate) use form::Fit;
pub use form::Form;
pub(crate) use join::OLD_TOKEN;
pub(crate) use load::File;
pub use load::{Purpose, RecipeError, Recipes};
pub use people::{ExportsGuide, GroupsGuide, PeopleGuide};
pub use rules::{AttributeRules, ConsoleRules, MappingRules, Others, Rule};

/// A target or identity provider, as shown when choosing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// File name without `.toml`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// One line.
    pub summary: String,
}

/// One target joined with one identity provider.
#[derive(Debug, Clone)]
pub struct Guide {
    /// The target's id.
    pub target: String,
    /// The identity provider's id.
    pub idp: String,
    /// Full name of the target.
    pub target_name: String,
    /// Short name of the target, for headings and sentences.
    pub target_short: String,
    /// Full name of the identity provider.
    pub idp_name: String,
    /// Short name of the identity provider.
    pub idp_short: String,
    /// How the identity provider's Test button asks.
    pub asks_like: IdpStyle,
    /// Characters that the target refuses in names.
    pub forbidden_characters: String,
    /// What it makes of people.
    pub people: PeopleGuide,
    /// What it makes of groups.
    pub groups: GroupsGuide,
    /// Where the identity provider's console exports who should arrive.
    pub exports: ExportsGuide,
    /// Filled values.
    pub values: BTreeMap<String, String>,
    /// Slots for secrets.
    pub slots: BTreeMap<String, SlotGuide>,
    /// What the admin needs.
    pub needs: Vec<NeedGuide>,
    /// A request to another person: label and text.
    pub request: Option<(String, String)>,
    /// The phases, in order: six of a setup, fewer of a rotation.
    pub phases: Vec<PhaseGuide>,
    /// Users and groups.
    pub mappings: Vec<MappingGuide>,
    /// Every address that may be opened, by link id.
    pub links: BTreeMap<String, Url>,
}

/// A named secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotGuide {
    /// What it is called.
    pub label: String,
    /// Short-lived or long-lived.
    pub kind: SlotKind,
    /// Life in minutes after pasting, when the token does not say.
    pub lifetime_minutes: Option<u32>,
    /// Documented life from its creation, in days, where the token does not say.
    pub lifetime_days: Option<u32>,
    /// The check after which it is no longer needed.
    pub needed_until: Option<Operation>,
}

/// What kind of token a slot holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SlotKind {
    /// Short-lived; belongs to the admin's own account.
    AccessToken,
    /// Long-lived; the identity provider uses it.
    #[default]
    ScimToken,
}

/// One right or thing that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedGuide {
    /// The right.
    pub what: Vec<Span>,
    /// At which console.
    pub place: String,
    /// For how long.
    pub how_long: String,
    /// Who has or gives it.
    pub who: String,
}

/// One of the six, for this pair.
#[derive(Debug, Clone)]
pub struct PhaseGuide {
    /// Which.
    pub phase: Phase,
    /// Name in the rail, in the target's words.
    pub name: String,
    /// Why the target has no need for it.
    pub not_needed: Option<String>,
    /// Heading of the page.
    pub title: String,
    /// One sentence.
    pub why: Vec<Span>,
    /// Where the words come from: link id (if there is a page), title, date.
    pub sources: Vec<SourceGuide>,
    /// The check of a later step that proves this one.
    pub proven_by: Option<Operation>,
    /// What it means for this step that the check passed.
    pub proof: Option<String>,
    /// Top to bottom.
    pub blocks: Vec<BlockGuide>,
}

/// Where words come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceGuide {
    /// Id in [`Guide::links`].
    pub link: Option<String>,
    /// Title.
    pub title: String,
    /// `YYYY-MM-DD`.
    pub date: String,
}

/// The mapping of users or of groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingGuide {
    /// `users` or `groups`.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Head of the target's column.
    pub target_heading: String,
    /// Head of the source's column.
    pub source_heading: String,
    /// What the console calls the choice of when a row is sent.
    pub apply_heading: Option<String>,
    /// All object actions of the console.
    pub actions: Vec<String>,
    /// Those to be ticked.
    pub wanted_actions: BTreeSet<String>,
    /// The console's default rows.
    pub defaults: Vec<MappingRow>,
    /// The rows that must remain.
    pub wanted: Vec<MappingRow>,
    /// What the mapping check knows beside them.
    pub rules: MappingRules,
}

/// One row of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Attribute at the target.
    pub target: String,
    /// Attribute or expression at the identity provider.
    pub source: String,
    /// 1 for the attribute by which people or groups are found again.
    pub matching: Option<u8>,
    /// When it is sent, in the console's words.
    pub apply: Option<String>,
    /// The SCIM path; empty if it cannot be seen at the target.
    pub path: String,
    /// May be empty for a person.
    pub optional: bool,
}

impl PhaseGuide {
    fn empty(phase: Phase, name: String, not_needed: Option<String>) -> Self {
        Self {
            phase,
            title: name.clone(),
            name,
            not_needed,
            why: Vec::new(),
            sources: Vec::new(),
            proven_by: None,
            proof: None,
            blocks: Vec::new(),
        }
    }
}

impl Guide {
    /// The guide of one phase; of the first one, if this guide does not have it.
    pub fn phase(&self, phase: Phase) -> &PhaseGuide {
        &self.phases[self.place(phase).unwrap_or_default()]
    }

    /// Whether it has this phase.
    pub fn has(&self, phase: Phase) -> bool {
        self.place(phase).is_some()
    }

    /// From 1, as the admin counts.
    pub fn number(&self, phase: Phase) -> u8 {
        u8::try_from(self.place(phase).unwrap_or_default()).unwrap_or(u8::MAX).saturating_add(1)
    }

    /// The phase after this one.
    pub fn next(&self, phase: Phase) -> Option<Phase> {
        self.phases.get(self.place(phase)? + 1).map(|guide| guide.phase)
    }

    /// The phase before this one.
    pub fn previous(&self, phase: Phase) -> Option<Phase> {
        self.phases.get(self.place(phase)?.checked_sub(1)?).map(|guide| guide.phase)
    }

    fn place(&self, phase: Phase) -> Option<usize> {
        self.phases.iter().position(|guide| guide.phase == phase)
    }

    /// All blocks, from the first step to the last.
    pub fn blocks(&self) -> impl Iterator<Item = &BlockGuide> {
        self.phases.iter().flat_map(|guide| &guide.blocks)
    }

    /// What an input block asks, if the id is that of one.
    pub fn input(&self, id: &str) -> Option<&InputGuide> {
        match self.block(id)? {
            (_, BlockGuide { kind: BlockKind::Input(input), .. }) => Some(input),
            _ => None,
        }
    }

    /// A block by its id, with its phase.
    pub fn block(&self, id: &str) -> Option<(Phase, &BlockGuide)> {
        self.phases
            .iter()
            .flat_map(|guide| guide.blocks.iter().map(|block| (guide.phase, block)))
            .find(|(_, block)| block.id == id)
    }

    /// All checks with their phase and block.
    pub fn checks(&self) -> impl Iterator<Item = (Phase, &BlockGuide, Operation, Option<Operation>)> {
        self.phases.iter().flat_map(|guide| {
            guide.blocks.iter().filter_map(|block| match &block.kind {
                BlockKind::Check { operation, stands_for, .. } => Some((guide.phase, block, *operation, *stands_for)),
                _ => None,
            })
        })
    }
}

#[cfg(test)]
mod tests;

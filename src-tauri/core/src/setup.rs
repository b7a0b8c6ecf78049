//! A setup as it rests on disk: one target × identity provider connection. No type in here can hold a secret;
//! what is typed is refused by the session when it looks like one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Phase, Problem},
    view::Finding,
};

/// One connection, as far as it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// Of this file's shape; see [`Setup::VERSION`].
    pub version: u32,
    /// File name without `.json`, and the first part of the keyring's keys.
    pub id: String,
    /// The target's recipe.
    pub target: String,
    /// The identity provider's recipe.
    pub idp: String,
    /// In the practice world.
    pub practice: bool,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When something last happened to it.
    pub touched_at: Timestamp,
    /// Which screen is open.
    pub place: Place,
    /// Which step is open, or was last.
    pub phase: Phase,
    /// The steps that were open once.
    pub reached: BTreeSet<Phase>,
    /// Inputs and choices by block.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Values of the recipe that were typed or answered: addresses, never a secret.
    #[serde(default)]
    pub learned: BTreeMap<String, String>,
    /// What an operation found to choose from, by the choice's block.
    #[serde(default)]
    pub offers: BTreeMap<String, Vec<Offer>>,
    /// Ticked rows by block; a ticked confirmation has the empty row.
    #[serde(default)]
    pub ticks: BTreeMap<String, BTreeSet<String>>,
    /// What checks proved, by block.
    #[serde(default)]
    pub proofs: BTreeMap<String, Proof>,
    /// What is known of the secrets, by slot.
    #[serde(default)]
    pub slots: BTreeMap<String, SlotFacts>,
    /// When all six were proven; in a rotation, when everything was done.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// Where the runbook was saved.
    #[serde(default)]
    pub runbook: Option<String>,
    /// This is the rotation of that setup's token, and no setup of its own.
    #[serde(default)]
    pub rotates: Option<String>,
    /// Since when a phase is open, for those that look for what has happened since.
    #[serde(default)]
    pub open_since: BTreeMap<Phase, Timestamp>,
    /// What the last check of the token in use said.
    #[serde(default)]
    pub checked: Option<Checked>,
    /// When its token was last replaced by another.
    #[serde(default)]
    pub rotated_at: Option<Timestamp>,
    /// The reminders that were saved last.
    #[serde(default)]
    pub reminders: Option<SavedReminders>,
    /// The last notification: for which end, and how many days before it.
    #[serde(default)]
    pub notified: Option<(Timestamp, i64)>,
    /// Slots whose secret was lost with a window; what the vault may still have is older.
    #[serde(default)]
    pub lost: BTreeSet<String>,
    /// What happened, the oldest first.
    #[serde(default)]
    pub journal: Vec<Event>,
}

/// The slot of the token that the identity provider uses.
pub const TOKEN_SLOT: &str = "scim-token";

/// The slot of a rotation that stands for the token in use until then. Its secret rests with the setup.
pub const OLD_TOKEN_SLOT: &str = "old-token";

/// Lines of a journal that are kept.
const KEPT_EVENTS: usize = 500;

/// One thing that happened. Nobody's name and no secret stands in it, but the last four characters of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, in words.
    pub text: String,
}

/// What a check of the token in use said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// When.
    pub at: Timestamp,
    /// When it last said that the token works.
    pub worked_at: Option<Timestamp>,
    /// Why it does not; `None` if it does.
    pub problem: Option<Problem>,
}

/// Reminders that were saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedReminders {
    /// Where.
    pub path: String,
    /// For which end of a token.
    pub ends: Timestamp,
    /// How many were saved before; a calendar takes the greater one for the newer.
    pub sequence: u32,
}

/// Which screen of a setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// What the admin needs.
    Needs,
    /// A step.
    Step,
    /// The end.
    Finish,
}

/// Something to choose that an operation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The system's own id.
    pub id: String,
    /// For the admin.
    pub label: String,
    /// Whether it can be taken.
    pub usable: bool,
}

/// What a check proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// In words.
    pub text: String,
    /// Line by line. Not on disk: values of a person's attributes stand in it.
    #[serde(skip)]
    pub findings: Vec<Finding>,
    /// It holds, but says nothing about the steps before it: the person was at the target already.
    #[serde(default)]
    pub weak: bool,
}

impl Proof {
    /// In words only.
    pub fn new(at: Timestamp, text: String) -> Self {
        Self { at, text, findings: Vec::new(), weak: false }
    }
}

/// What is known of a secret, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotFacts {
    /// For recognising it.
    pub last_four: String,
    /// When it came in.
    pub entered_at: Timestamp,
    /// Its end, if known.
    pub expires_at: Option<Timestamp>,
    /// Whether the admin entered the end, because nothing tells it.
    #[serde(default)]
    pub end_entered: bool,
    /// Whether the vault holds it.
    pub saved: bool,
    /// "for ada@example.com".
    #[serde(default)]
    pub about: Vec<String>,
}

impl SlotFacts {
    /// Whether they are about the same token, as far as can be told without it.
    pub fn same_token(&self, other: &Self) -> bool {
        self.last_four == other.last_four && self.entered_at == other.entered_at
    }
}

impl Setup {
    /// The shape written today. A file with a greater one is left alone.
    pub const VERSION: u32 = 1;

    /// A new one, at the screen that says what is needed.
    pub fn new(id: String, target: String, idp: String, practice: bool, now: Timestamp) -> Self {
        Self {
            version: Self::VERSION,
            id,
            target,
            idp,
            practice,
            created_at: now,
            touched_at: now,
            place: Place::Needs,
            phase: Phase::Role,
            reached: BTreeSet::new(),
            answers: BTreeMap::new(),
            learned: BTreeMap::new(),
            offers: BTreeMap::new(),
            ticks: BTreeMap::new(),
            proofs: BTreeMap::new(),
            slots: BTreeMap::new(),
            finished_at: None,
            runbook: None,
            rotates: None,
            open_since: BTreeMap::new(),
            checked: None,
            rotated_at: None,
            reminders: None,
            notified: None,
            lost: BTreeSet::new(),
            journal: Vec::new(),
        }
    }

    /// The setup that this belongs to: itself, or the one whose token is rotated.
    pub fn owner(&self) -> &str {
        self.rotates.as_deref().unwrap_or(&self.id)
    }

    /// Whose token the identity provider uses: that of the rotation, once it has been entered there.
    pub fn in_use<'a>(&'a self, rotation: Option<&'a Self>) -> &'a Self {
        let entered = |rotation: &&Self| {
            let there = rotation.place == Place::Finish || rotation.reached.contains(&Phase::Provisioning);
            there && rotation.slots.contains_key(TOKEN_SLOT)
        };
        rotation.filter(entered).filter(|rotation| !self.took_over(rotation)).unwrap_or(self)
    }

    /// Whether the identity provider uses this setup's own token, and not that of its rotation.
    pub fn uses_own_token(&self, rotation: Option<&Self>) -> bool {
        std::ptr::eq(self.in_use(rotation), self)
    }

    /// Whether this setup has what its rotation brought.
    pub fn took_over(&self, rotation: &Self) -> bool {
        rotation.finished_at.zip(self.rotated_at).is_some_and(|(done, at)| at >= done)
    }

    /// What is known of the token in use; `None` where there is none.
    pub fn token(&self) -> Option<&SlotFacts> {
        self.slots.get(TOKEN_SLOT)
    }

    /// Whether there is something to ask its endpoint for.
    pub fn can_be_asked(&self) -> bool {
        self.finished_at.is_some() && self.slots.contains_key(TOKEN_SLOT)
    }

    /// The id of the rotation of a setup's token.
    pub fn rotation_id(setup: &str) -> String {
        format!("{setup}.rotation")
    }

    /// Writes down that something happened.
    pub fn note(&mut self, at: Timestamp, text: impl Into<String>) {
        self.journal.push(Event { at, text: text.into() });
        let surplus = self.journal.len().saturating_sub(KEPT_EVENTS);
        self.journal.drain(..surplus);
    }
}

//! A setup as it rests on disk: one target × identity provider connection. No type in here can hold a secret;
//! what is typed is refused by the session when it looks like one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{error::Phase, view::Finding};

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
    /// When all six were proven.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// Where the runbook was saved.
    #[serde(default)]
    pub runbook: Option<String>,
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
    /// Whether the vault holds it.
    pub saved: bool,
    /// "for ada@example.com".
    #[serde(default)]
    pub about: Vec<String>,
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
        }
    }
}

//! What the machine wants done, what runs, and how it ends.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    error::Problem,
    operation::Operation,
    secret::Secret,
    setup::{Offer, Proof, SlotFacts},
    systems::probe::StageLine,
    view::{Candidate, Finding},
};

/// A check that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Tells a result from that of an earlier run.
    pub serial: u32,
    /// What it does.
    pub operation: Operation,
    /// What it is doing, in words.
    pub doing: String,
    /// Since when.
    pub since: Timestamp,
    /// How far a preflight is.
    pub stages: Vec<StageLine>,
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// In words.
    pub problem: Problem,
    /// When.
    pub at: Timestamp,
    /// Line by line.
    pub findings: Vec<Finding>,
    /// Parts of an unknown answer.
    pub candidates: Vec<Candidate>,
    /// The base URL that was tried instead and answered.
    pub corrected: Option<String>,
}

impl Failure {
    /// One of which nothing is known but why.
    pub fn new(problem: Problem, at: Timestamp) -> Self {
        Self { problem, at, findings: Vec::new(), candidates: Vec::new(), corrected: None }
    }
}

/// What the machine wants done.
#[derive(Debug, Clone)]
pub enum Task {
    /// Run an operation and report with [`Session::finished`].
    Run {
        /// The block.
        block: String,
        /// To be handed back.
        serial: u32,
        /// What to do.
        operation: Operation,
    },
    /// Stop waiting for a run.
    Stop {
        /// The block.
        block: String,
    },
    /// Put a secret into the vault and report with [`Session::kept`].
    Keep {
        /// The slot.
        slot: String,
        /// The secret.
        secret: Secret,
    },
    /// Fill a block with the secret of another slot, as if it had been pasted.
    UseFrom {
        /// The block of the slot to be filled.
        block: String,
        /// The slot that has it.
        from: String,
    },
    /// Take a secret out of the vault.
    Forget {
        /// The slot.
        slot: String,
    },
    /// Try again to put a secret from memory into the vault.
    KeepAgain {
        /// The slot.
        slot: String,
    },
    /// Take a candidate as the token.
    Adopt {
        /// The block whose answer it is from.
        block: String,
        /// The candidate.
        candidate: String,
    },
}

/// The end of a run.
#[derive(Debug, Clone)]
pub struct Ended {
    /// What was proved, or why not.
    pub result: Result<Proof, Failure>,
    /// A token that was issued; it is in the vault or in memory by now.
    pub issued: Option<(String, SlotFacts)>,
    /// Values that were learnt.
    pub learned: BTreeMap<String, String>,
    /// What there is to choose from, if the run found out.
    pub offers: Option<Vec<Offer>>,
}

impl Ended {
    /// A run that proved something or did not, and brought nothing else.
    pub fn new(result: Result<Proof, Failure>) -> Self {
        Self { result, issued: None, learned: BTreeMap::new(), offers: None }
    }
}

/// What is still missing before Continue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Something that the admin must do.
    Deed(String),
    /// A check that Continue can run.
    Check(String),
}

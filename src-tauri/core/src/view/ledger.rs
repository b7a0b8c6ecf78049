//! The ledger of connections, the page of each, and what a rotation says about itself.

use serde::{Deserialize, Serialize};

use super::{CompareDoor, Tone, Toned};
use crate::error::{Phase, Problem};

/// The list of connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Home {
    /// Heading.
    pub title: String,
    /// One sentence: what Usher does (first start) or what the list is.
    pub lead: String,
    /// Connections, the most urgent first.
    pub setups: Vec<SetupCard>,
    /// Files that could not be read; they are kept.
    pub unreadable: Vec<Problem>,
    /// "Check all now", where there is something to check.
    pub check: Option<CheckAll>,
}

/// "Check all now": asks every SCIM endpoint whether it accepts the token in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CheckAll {
    /// While it runs: how far it is.
    pub running: Option<Progress>,
    /// What came of the last one.
    pub result: Option<Toned>,
}

/// How far something is that is done many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// Done.
    pub done: u32,
    /// In all.
    pub total: u32,
}

/// One connection on Home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetupCard {
    /// For [`crate::Action::OpenSetup`].
    pub id: String,
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// In the practice world.
    pub practice: bool,
    /// Step reached, or that all six are proven, or how far a rotation is.
    pub status: String,
    /// Days left, or that the end is not known.
    pub token: Toned,
    /// For how long the token has been in use.
    pub age: Option<String>,
    /// When it was last proven to work, or that it is refused.
    pub health: Option<Toned>,
    /// Why the last check failed.
    pub problem: Option<Problem>,
    /// Whether it is being checked right now.
    pub checking: bool,
    /// A field for the token's end, where nothing tells it.
    pub end: Option<EndField>,
    /// "Rotate token" or "Go on with the rotation", where that can be done: [`crate::Action::Rotate`].
    pub rotate: Option<String>,
    /// "Continue" or "Open".
    pub open: String,
    /// Whether who arrived can be compared with who should have: [`crate::Action::Arrived`].
    pub comparable: bool,
}

/// A field for the day on which a token ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EndField {
    /// What was entered, as `YYYY-MM-DD`, also if it cannot be it; empty if nothing was.
    pub value: String,
    /// Whether a day is known.
    pub known: bool,
    /// Where the admin finds it.
    pub note: String,
    /// A day that is offered, never assumed.
    pub offer: Option<EndOffer>,
    /// Why what was entered cannot be it.
    pub problem: Option<Problem>,
}

/// A day that may be the end of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EndOffer {
    /// As `YYYY-MM-DD`.
    pub value: String,
    /// "One year after it was entered here: 22 November 2027".
    pub label: String,
}

/// The end of a set-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finish {
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// The setup, for [`crate::Action::Rotate`].
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub lead: String,
    /// Whether the last check failed: then the token is to be seen to first.
    pub attention: bool,
    /// The six steps with what proved each.
    pub proofs: Vec<ProvenStep>,
    /// By which token, until when, the next date to act on.
    pub facts: Vec<Fact>,
    /// Where the runbook was saved.
    pub runbook: Option<String>,
    /// "Rotate token" or "Go on with the rotation".
    pub rotate: String,
    /// The way to the comparison of who arrived.
    pub compare: Option<CompareDoor>,
    /// Reminders for the calendar, where the token's end is known.
    pub reminders: Option<Reminders>,
    /// What happened, the newest first.
    pub history: Vec<HistoryLine>,
}

/// Reminders for the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reminders {
    /// What they are, or that the saved ones are for an older token.
    pub note: Toned,
    /// Where the newest ones were saved.
    pub saved: Option<String>,
    /// Whether those that were saved are for the token in use.
    pub current: bool,
    /// Whether they can be made now: the token's end is known.
    pub possible: bool,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HistoryLine {
    /// When, in words.
    pub at: String,
    /// What.
    pub text: String,
}

/// A step and what proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProvenStep {
    /// Which.
    pub phase: Phase,
    /// Its name.
    pub title: String,
    /// Whether something proved it; what is not proven is said to be so.
    pub proven: bool,
    /// Whether the target has no need for it; then there was nothing to prove.
    pub not_needed: bool,
    /// What proved it, or why it is not needed.
    pub proof: String,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Soon to act on?
    pub tone: Tone,
}

/// That a token is being rotated, and what stopping does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rotation {
    /// "Replaces the token ending in 3f9c".
    pub text: String,
    /// What [`crate::Action::CancelRotation`] does now.
    pub cancel: String,
}

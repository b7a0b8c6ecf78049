//! About Usher: its version, where it keeps what, and what can be handed to whoever helps.

use serde::{Deserialize, Serialize};

use super::CopyField;

/// The screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct About {
    /// "0.1.0".
    pub version: String,
    /// The commit that this was built from, where whoever built it said so.
    pub build: Option<String>,
    /// What there is to know, in the order in which it is shown.
    pub points: Vec<AboutPoint>,
    /// Shown as it is copied: no secret, no person and no host is in it.
    pub diagnostics: CopyField,
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AboutPoint {
    /// What it is about.
    pub name: String,
    /// In words.
    pub text: String,
    /// The place on this computer.
    pub path: Option<String>,
    /// Opens that place, for `open_link`.
    pub open: Option<String>,
}

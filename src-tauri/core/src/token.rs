//! Tokens as they are pasted: cleaned, read and judged. Pure: `now` is an argument, nothing is asked over the network,
//! and nothing that a token says about itself is verified.

use jiff::{SignedDuration, Timestamp};

use crate::secret::Secret;

mod clean;
mod judge;
mod reading;
mod shape;
#[cfg(test)]
mod tests;
mod words;

pub use clean::clean;
pub use judge::{judge_access_token, judge_scim_token};
pub(crate) use reading::moment;
pub use reading::read;
pub use words::{left, left_in_words, words};

/// How long a personal access token of HPE GreenLake lives after it was made (facts/targets.md A1: documented).
pub const ACCESS_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// What can be read from a token without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Whether it is a JWT, and then what it says.
    pub form: Form,
    /// Time until the end it names; negative if it has ended, `None` if it names none.
    pub left: Option<SignedDuration>,
}

/// What a token looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Three base64url segments with a JSON object in the middle. Names are cut to 80 characters and free of control
    /// characters.
    Jwt {
        /// Whose it is: name, e-mail or id.
        subject: Option<String>,
        /// For which organisation.
        tenant: Option<String>,
        /// Who issued it.
        issuer: Option<String>,
        /// `iat`.
        issued_at: Option<Timestamp>,
        /// `nbf`.
        not_before: Option<Timestamp>,
        /// `exp`.
        expires_at: Option<Timestamp>,
    },
    /// Nothing can be read from it; that is normal (facts/targets.md: no vendor promises a JWT).
    Opaque,
}

/// A personal access token that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The cleaned token.
    pub secret: Secret,
    /// What it says about itself.
    pub reading: Reading,
    /// Its end: from the token if it says so, else `now` + lifetime, if such tokens have one.
    pub expires_at: Option<Timestamp>,
}

/// A long-lived SCIM token that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimToken {
    /// The cleaned token.
    pub secret: Secret,
    /// What it says about itself.
    pub reading: Reading,
    /// Its end, if the token says so.
    pub expires_at: Option<Timestamp>,
}

//! What reaches a person when something goes wrong: who refused, what, why, and the next click.

use serde::{Deserialize, Serialize};

use crate::class::Class;

/// The six phases of a setup, and one that only a rotation has. Their order is the order of the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Phase {
    /// The right to create the token, given at the target.
    Role,
    /// The short-lived token that the admin's own account has.
    AccessToken,
    /// The long-lived token that the identity provider will use.
    ScimToken,
    /// URL and token handed to the identity provider.
    IdpCredentials,
    /// Which attribute goes where.
    Mappings,
    /// The first people arrive; in a rotation, a cycle with the new token.
    Provisioning,
    /// In a rotation only: the old token is deleted.
    OldToken,
}

impl Phase {
    /// The six of a setup, in order.
    pub const ALL: [Self; 6] =
        [Self::Role, Self::AccessToken, Self::ScimToken, Self::IdpCredentials, Self::Mappings, Self::Provisioning];

    /// Those that a rotation can have, in order.
    pub const ROTATION: [Self; 6] =
        [Self::Role, Self::AccessToken, Self::ScimToken, Self::IdpCredentials, Self::Provisioning, Self::OldToken];

    /// 1 to 6 in a setup, as the admin counts.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The name in recipes, JSON and the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::AccessToken => "access-token",
            Self::ScimToken => "scim-token",
            Self::IdpCredentials => "idp-credentials",
            Self::Mappings => "mappings",
            Self::Provisioning => "provisioning",
            Self::OldToken => "old-token",
        }
    }
}

/// What kind of trouble it is. A variant exists only if something acts on it: a hint, an exit code, a link back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Code {
    // The line.
    /// The host name does not resolve.
    Dns,
    /// Nobody listens there, or the line broke.
    Connect,
    /// No trustworthy TLS connection.
    Tls,
    /// No answer in time.
    Timeout,
    /// The answer points to another host.
    Redirect,
    /// The company's proxy refused or wants a password.
    Proxy,
    // The answer.
    /// 401: the token is not accepted.
    Unauthorized,
    /// 403: the token is known and not allowed to.
    Forbidden,
    /// 404: nothing at this path.
    NotFound,
    /// The base URL has a path too much, too little, or an http scheme.
    WrongPath,
    /// Not JSON, cut off, or JSON of another kind.
    NotScim,
    /// The answer is larger than anything that belongs here.
    TooLarge,
    /// 409: it exists already.
    Conflict,
    /// 429.
    RateLimited,
    /// 5xx.
    ServerError,
    /// Any other refusal of the request.
    Refused,
    // What the answer means.
    /// A filter finds everybody: the identity provider would overwrite the wrong people.
    FilterIgnored,
    /// /Groups does not work.
    GroupsBroken,
    /// Pages repeat or never end.
    PagingBroken,
    /// The role for creating tokens is missing.
    RoleMissing,
    /// A 2xx answer in which no token was found.
    TokenNotRecognised,
    /// The person or group did not arrive.
    NotArrived,
    /// Attributes arrived that the mapping should not send, or wanted ones are missing.
    MappingDiffers,
    /// Groups arrived without their members.
    MembersMissing,
    /// The old token is still good for signing in.
    StillAccepted,
    /// The identity provider's console said no.
    ConsoleRefused,
    // This side.
    /// What was typed or pasted is something else.
    WrongInput,
    /// The token's end has passed.
    Expired,
    /// The keyring is locked, absent, or refuses.
    Vault,
    /// The data directory cannot be written.
    Disk,
    /// The clocks of this machine and the server differ.
    ClockSkew,
    /// Another window holds the setups.
    AlreadyOpen,
    /// A file of a newer version or a broken one.
    UnreadableFile,
    /// The admin pressed Cancel.
    Cancelled,
    /// The practice world could not be started.
    Practice,
}

/// A failure in words for the admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// For code that acts on it.
    pub code: Code,
    /// The doctor's page that says more, if the cause is known better than by the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub class: Option<Class>,
    /// Who refused, what, and why. One or two sentences.
    pub message: String,
    /// What to do next, best first.
    pub hints: Vec<Hint>,
    /// Id of the link to the guide of the system that refused, for `open_link`.
    pub docs: Option<String>,
    /// What was asked and answered, redacted, for those who want to see it.
    pub details: Option<Box<Details>>,
}

/// One thing to do next; `go` offers it as a click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hint {
    /// A sentence; `**bold**` marks a console's own words.
    pub text: String,
    /// The step that mends it.
    pub go: Option<Phase>,
}

/// The evidence behind a problem or a proof. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Details {
    /// `GET`, `POST` …
    pub method: String,
    /// Host and path, without secrets.
    pub url: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The beginning of the answer, redacted, control characters removed.
    pub body: String,
}

impl Problem {
    /// A problem with its sentence; add hints with [`Problem::hint`].
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, class: None, message: message.into(), hints: Vec::new(), docs: None, details: None }
    }

    /// Adds a next step.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(Hint { text: text.into(), go: None });
        self
    }

    /// Adds a next step that is a click to another phase.
    #[must_use]
    pub fn hint_go(mut self, text: impl Into<String>, phase: Phase) -> Self {
        self.hints.push(Hint { text: text.into(), go: Some(phase) });
        self
    }

    /// Adds the link to a guide.
    #[must_use]
    pub fn docs(mut self, link: &str) -> Self {
        self.docs = Some(link.to_owned());
        self
    }

    /// Names the doctor's page.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.class = Some(class);
        self
    }

    /// Adds the evidence.
    #[must_use]
    pub fn details(mut self, details: Details) -> Self {
        self.details = Some(Box::new(details));
        self
    }
}

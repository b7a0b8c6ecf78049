//! What goes wrong between an identity provider and a target, sorted by cause: one word for each, the same in the
//! window, on the command line and in the rules of the doctor.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($($(#[doc = $note:literal])+ $variant:ident $slug:literal,)+) => {
        /// A class of trouble, or of what only looks like it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum Class { $($(#[doc = $note])+ #[serde(rename = $slug)] $variant,)+ }

        impl Class {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in rules, JSON and the command line.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }
        }
    };
}

classes! {
    /// The token's end has passed, or it was revoked or replaced.
    TokenExpired "token-expired",
    /// The token ends soon.
    TokenExpiring "token-expiring",
    /// Token or address are not those of this endpoint.
    BadCredentials "bad-credentials",
    /// No answer: name, connection, firewall.
    Unreachable "unreachable",
    /// No trustworthy TLS connection.
    Tls "tls",
    /// A proxy on the way refuses.
    Proxy "proxy",
    /// The clocks of the two sides differ.
    ClockSkew "clock-skew",
    /// The base URL has something too much or too little.
    WrongPath "wrong-path",
    /// What answers is not SCIM.
    NotScim "not-scim",
    /// The endpoint belongs to another region.
    RegionMismatch "region-mismatch",
    /// A search finds everybody.
    FilterIgnored "filter-ignored",
    /// Lists repeat, lie about totals or stop at a page.
    PagingBroken "paging-broken",
    /// A required attribute is empty or not mapped.
    MissingAttribute "missing-attribute",
    /// An attribute is sent that the target does not take, or more values than it takes.
    UnsupportedAttribute "unsupported-attribute",
    /// A character that the target refuses.
    ForbiddenCharacter "forbidden-character",
    /// The mapping itself is not valid.
    MappingInvalid "mapping-invalid",
    /// Changes are worded in a way that the target does not understand.
    PatchDialect "patch-dialect",
    /// The object action Update is off, and leavers are not disabled.
    UpdateOff "update-off",
    /// The person or group is not assigned, or out of scope.
    NotAssigned "not-assigned",
    /// It is there already, or twice.
    Duplicate "duplicate",
    /// Okta does not find the person at the target.
    MatchingUserNotFound "matching-user-not-found",
    /// A group inside a group.
    NestedGroup "nested-group",
    /// A group is pushed in a way that does not work.
    GroupPush "group-push",
    /// More members at once than the target takes.
    GroupTooLarge "group-too-large",
    /// The link between a group and its copy at the target is broken.
    StaleGroupMapping "stale-group-mapping",
    /// The name at sign-in differs from the one that was provisioned.
    NameidMismatch "nameid-mismatch",
    /// Too many requests.
    RateLimited "rate-limited",
    /// The identity provider slowed the job down or stopped it.
    Quarantine "quarantine",
    /// So many would be deleted that the identity provider waits for a word.
    TooManyDeletes "too-many-deletes",
    /// The first cycle is not over yet.
    FirstCycleRunning "first-cycle-running",
    /// The secret is longer than the field takes.
    SecretTooLarge "secret-too-large",
    /// Two tokens are there already.
    TwoTokenLimit "two-token-limit",
    /// The app is of a kind that cannot provision.
    WrongAppType "wrong-app-type",
    /// A setting of the app is off.
    AppSetting "app-setting",
    /// The administrator's account lacks a role or permission.
    RoleMissing "role-missing",
    /// A licence or plan is missing, or used up.
    LicenceMissing "licence-missing",
    /// Signing in is blocked by a policy.
    SignInBlocked "sign-in-blocked",
    /// The sign-in has ended.
    SignInExpired "sign-in-expired",
    /// An administrator has to consent.
    ConsentNeeded "consent-needed",
    /// The app registration is not a public client.
    PublicClientOff "public-client-off",
    /// The client id is not known in this tenant.
    ClientIdWrong "client-id-wrong",
    /// The session in the AWS console has ended.
    AwsSessionExpired "aws-session-expired",
    /// The target failed.
    TargetError "target-error",
    /// The target refused, for a reason that the text does not give.
    TargetRejected "target-rejected",
    /// All is well, or nothing had to be done.
    Success "success",
    /// Nothing that is known.
    Unrecognised "unrecognised",
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(given: &str) -> Result<Self, UnknownClass> {
        Self::ALL.iter().copied().find(|class| class.slug() == given).ok_or(UnknownClass)
    }
}

/// A word that names no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such class")]
pub struct UnknownClass;

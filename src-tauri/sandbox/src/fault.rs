//! What the world can be told to do wrong: lasting faults, hiccups that heal, and the shapes of a token answer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A name that is not one of the known ones; its text lists those.
#[derive(Debug, Clone, thiserror::Error)]
#[error("\"{given}\" is not a known {kind}; known are: {}", .known.join(", "))]
pub struct UnknownName {
    pub kind: &'static str,
    pub given: String,
    pub known: Vec<&'static str>,
}

/// An enum whose variants have a kebab-case name and one sentence for an administrator.
macro_rules! named {
    ($(#[$meta:meta])* $enum:ident, $kind:literal, { $($(#[$note:meta])* $variant:ident $name:literal $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $enum { $($(#[$note])* #[doc = $text] #[serde(rename = $name)] $variant,)+ }

        impl $enum {
            pub const ALL: &[$enum] = &[$($enum::$variant,)+];

            pub fn name(self) -> &'static str {
                match self { $($enum::$variant => $name,)+ }
            }

            pub fn description(self) -> &'static str {
                match self { $($enum::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $enum {
            type Err = UnknownName;

            fn from_str(given: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|one| one.name() == given).ok_or_else(|| UnknownName {
                    kind: $kind,
                    given: given.chars().take(80).collect(),
                    known: Self::ALL.iter().map(|one| one.name()).collect(),
                })
            }
        }
    };
}

named! {
    /// The target this world plays.
    Target, "target", {
        HpeGreenlake "hpe-greenlake" "HPE GreenLake Flex Solutions: its token API, its SCIM endpoint and a small portal.",
        AwsIdentityCenter "aws-identity-center" "AWS IAM Identity Center: its SCIM endpoint with the documented limits, and the pages of its console.",
        Azion "azion" "Azion: the API of its identity providers, its SCIM endpoint and a small console.",
        Generic "generic" "A service that keeps to the SCIM standard, with one page that shows the base URL and a token.",
    }
}

named! {
    /// Something that stays wrong until it is switched off.
    Fault, "fault", {
        RoleMissing "role-missing" "The administrator's role or permission does not count: whatever needs it is refused.",
        TokenExists "token-exists" "The token API says that a SCIM proxy token exists already.",
        AccessTokenExpired "access-token-expired" "Every personal access token has expired by the time it is shown.",
        ApiNotFound "api-not-found" "The token API answers 404 to everything.",
        ApiHtml "api-html" "The token API answers with a web page instead of JSON.",
        ApiTruncated "api-truncated" "The token API's answer breaks off in the middle.",
        ApiHuge "api-huge" "The token API's answer never seems to end (up to 1 GB).",
        ApiSilent "api-silent" "The token API accepts the connection and never answers.",
        ApiRedirect "api-redirect" "The token API sends the caller on to another host.",
        ApiServerError "api-server-error" "The token API always answers with an internal error.",
        ApiRateLimited "api-rate-limited" "The token API asks to wait for an hour, given in seconds.",
        ApiRateLimitedDate "api-rate-limited-date" "The token API asks to wait for an hour, given as a date.",
        ApiRateLimitedBare "api-rate-limited-bare" "The token API always says that there were too many requests and never for how long.",
        TokenOdd "token-odd" "The token API reports success, but its answer holds no recognisable token.",
        ScimUnauthorized "scim-unauthorized" "The SCIM endpoint accepts no token, not even a new one.",
        ScimForbidden "scim-forbidden" "The SCIM endpoint knows the token and forbids every request.",
        ScimNotFound "scim-not-found" "The SCIM endpoint answers 404 to everything.",
        ScimHtml "scim-html" "The SCIM endpoint answers with a web page instead of JSON.",
        ScimTruncated "scim-truncated" "The SCIM endpoint's answers break off in the middle.",
        ScimHuge "scim-huge" "The SCIM endpoint's answers never seem to end (up to 1 GB).",
        ScimSilent "scim-silent" "The SCIM endpoint accepts the connection and never answers.",
        ScimRedirect "scim-redirect" "The SCIM endpoint sends the caller on to another host.",
        ScimServerError "scim-server-error" "The SCIM endpoint always answers with an internal error.",
        ScimRateLimited "scim-rate-limited" "The SCIM endpoint asks to wait for an hour.",
        FilterIgnored "filter-ignored" "The SCIM endpoint ignores filters: every search finds everybody.",
        GroupsBroken "groups-broken" "The SCIM endpoint works for users and fails for groups.",
        PagingIgnored "paging-ignored" "The SCIM endpoint ignores startIndex and count.",
        TotalsLie "totals-lie" "The SCIM endpoint announces more users and groups than it has.",
        IdsRepeat "ids-repeat" "The SCIM endpoint gives every user and every group in a list the same id.",
        UsersRefused "users-refused" "The target refuses every new user for a required property it does not find.",
        ConsoleRefuses "console-refuses" "The identity provider's own test of the connection always reports invalid credentials.",
        NothingArrives "nothing-arrives" "Provisioning runs, but nobody counts as assigned to the application.",
        MembersLost "members-lost" "Groups arrive without their members.",
        MappingIgnored "mapping-ignored" "The console says that the mapping is saved and goes on sending the default attributes.",
        ScimTokenExpired "scim-token-expired" "Every long-lived token has expired by the time the target's console shows it.",
        TokenLimit "token-limit" "IAM Identity Center has two access tokens already and generates no third one.",
        WrongRegion "wrong-region" "The AWS console shows the SCIM endpoint with another region than the one where it is.",
        PlanMissing "plan-missing" "Azion refuses its identity providers to this account: its support plan has no SCIM integration.",
        IdpInactive "idp-inactive" "The identity provider at Azion is not active.",
        IdpMissing "idp-missing" "There is no identity provider at Azion.",
        ScimUrlLiteral "scim-url-literal" "Azion's SCIM endpoint answers only below the scim_url as it stands, with /Users at its end.",
        EveryoneChosen "everyone-chosen" "The group Everyone is assigned to the app and pushed.",
        SameGroup "same-group" "The group that is assigned to the app is pushed as well.",
        NestedGroup "nested-group" "The assigned group has no people of its own, only another group.",
        Quarantine "quarantine" "The credentials are refused right after Start, and the job is put in quarantine.",
        TokenEndsSoon "token-ends-soon" "Every long-lived token ends in ten days.",
        ScimUnreachable "scim-unreachable" "The target's console shows a SCIM address at which nobody answers.",
        ScimTls "scim-tls" "The target's console shows a SCIM address whose certificate expired and is trusted by nobody.",
        ProxyRefuses "proxy-refuses" "A proxy stands before the target and asks everybody to sign in.",
        ClockSkew "clock-skew" "The target's clock is three hours slow: its answers carry an old date, and its API takes a new token for one from the future.",
        AttributesRefused "attributes-refused" "The target refuses new users with a phone number, an address or an enterprise attribute, and names it.",
        CharacterRefused "character-refused" "The target refuses new users with an apostrophe in a name.",
        UsersExist "users-exist" "The target refuses every new user, because there is one of this name already that no search finds.",
        UsersRejected "users-rejected" "The target refuses every new user and does not say why.",
        PatchStrict "patch-strict" "The SCIM endpoint takes no capitalised operation and no active that is not a boolean.",
        GroupTooLarge "group-too-large" "The target takes no more than two members of a group at once.",
        GroupGone "group-gone" "Every group that arrived is deleted at the target, behind the identity provider's back.",
        MappingInvalid "mapping-invalid" "The mapping names an attribute that the schema of the app does not have.",
        UpdateOff "update-off" "The object action Update does not count for users, whatever the console shows.",
        ManyDeletes "many-deletes" "Accidental deletion prevention is on: a cycle that has somebody to remove waits for a word.",
        FirstCycleSlow "first-cycle-slow" "The first cycle runs on and on.",
        SecretTooLarge "secret-too-large" "The secret token is larger than the identity provider can save.",
        AppTypeWrong "app-type-wrong" "Every new application turns out to be an app registration, which cannot provision.",
        GroupsUnlicensed "groups-unlicensed" "The tenant has no licence that lets groups be assigned to an application.",
        IntegrationOff "integration-off" "The app's API integration is off again after it was saved.",
        NameidDiffers "nameid-differs" "At sign-in the identity provider sends another name than the one it provisioned.",
        IdpRoleMissing "idp-role-missing" "The administrator lacks the role to change anything at the identity provider.",
        SignInBlocked "sign-in-blocked" "A Conditional Access policy blocks the sign-in to the identity provider's console.",
        SignInExpired "sign-in-expired" "The sign-in to the identity provider's console has ended.",
        ConsentNeeded "consent-needed" "Signing in to the identity provider needs an administrator's consent first.",
        PublicClientOff "public-client-off" "The app registration used for signing in is not a public client.",
        ClientIdWrong "client-id-wrong" "The application used for signing in is not known in this tenant.",
        SessionExpired "session-expired" "The session in the AWS console has ended.",
        OddError "odd-error" "The identity provider's test of the connection fails with a text that nobody knows.",
    }
}

impl Fault {
    /// Whether it can show at all between this target and this identity provider, `entra` or `okta`.
    pub fn fits(self, target: Target, idp: &str) -> bool {
        let is = |one: Target| target == one;
        match self {
            Fault::TokenExists | Fault::TokenOdd => is(Target::HpeGreenlake),
            Fault::ApiNotFound
            | Fault::ApiHtml
            | Fault::ApiTruncated
            | Fault::ApiHuge
            | Fault::ApiSilent
            | Fault::ApiRedirect
            | Fault::ApiServerError
            | Fault::ApiRateLimited
            | Fault::ApiRateLimitedDate
            | Fault::ApiRateLimitedBare
            | Fault::AccessTokenExpired => is(Target::HpeGreenlake) || is(Target::Azion),
            Fault::RoleMissing => !is(Target::Generic),
            Fault::TokenLimit | Fault::WrongRegion | Fault::SessionExpired => is(Target::AwsIdentityCenter),
            Fault::PlanMissing | Fault::IdpInactive | Fault::IdpMissing | Fault::ScimUrlLiteral => is(Target::Azion),
            Fault::EveryoneChosen | Fault::SameGroup | Fault::IntegrationOff => idp == "okta",
            // The mapping that AWS wants is the default one, so nothing differs.
            Fault::MappingIgnored => !is(Target::AwsIdentityCenter),
            // AWS names its forbidden characters, and an apostrophe is none of them (facts B4).
            Fault::CharacterRefused => !is(Target::AwsIdentityCenter),
            // Okta's groups hold no groups, it has no jobs, and its changes are worded as the standard words them.
            Fault::NestedGroup
            | Fault::Quarantine
            | Fault::PatchStrict
            | Fault::MappingInvalid
            | Fault::UpdateOff
            | Fault::ManyDeletes
            | Fault::FirstCycleSlow
            | Fault::SecretTooLarge
            | Fault::AppTypeWrong
            | Fault::GroupsUnlicensed
            | Fault::SignInBlocked
            | Fault::SignInExpired
            | Fault::ConsentNeeded
            | Fault::PublicClientOff
            | Fault::ClientIdWrong => idp == "entra",
            Fault::ConsoleRefuses
            | Fault::NothingArrives
            | Fault::ScimUnauthorized
            | Fault::ScimForbidden
            | Fault::ScimNotFound
            | Fault::ScimHtml
            | Fault::ScimTruncated
            | Fault::ScimHuge
            | Fault::ScimSilent
            | Fault::ScimRedirect
            | Fault::ScimServerError
            | Fault::ScimRateLimited
            | Fault::ScimTokenExpired
            | Fault::FilterIgnored
            | Fault::GroupsBroken
            | Fault::PagingIgnored
            | Fault::TotalsLie
            | Fault::IdsRepeat
            | Fault::UsersRefused
            | Fault::MembersLost
            | Fault::TokenEndsSoon
            | Fault::ScimUnreachable
            | Fault::ScimTls
            | Fault::ProxyRefuses
            | Fault::ClockSkew
            | Fault::AttributesRefused
            | Fault::UsersExist
            | Fault::UsersRejected
            | Fault::GroupTooLarge
            | Fault::GroupGone
            | Fault::NameidDiffers
            | Fault::IdpRoleMissing
            | Fault::OddError => true,
        }
    }
}

named! {
    /// Something that goes wrong once, at the next request to the token API or the SCIM endpoint, and then heals.
    Hiccup, "hiccup", {
        ServerErrorOnce "server-error-once" "The next request meets an internal error; the one after it succeeds.",
        RateLimitedOnce "rate-limited-once" "The next request is asked to wait for one second.",
        Slow "slow" "The next answer takes three seconds.",
    }
}

named! {
    /// How the token API writes a token it has just issued (facts A2: the real shape is not documented).
    #[derive(Default)]
    TokenShape, "token shape", {
        #[default] Object "object" "A JSON object with id, token, created_at and expires_at.",
        CamelCase "camel-case" "The same in camelCase: proxyToken, createdAt, expiresAt.",
        Nested "nested" "The object, nested under data.",
        JsonString "json-string" "The token alone, as a JSON string.",
        PlainText "plain-text" "The token alone, as plain text.",
        UnknownKey "unknown-key" "A JSON object that holds the token under a name nobody announced.",
        ExpiresIn "expires-in" "A JSON object with expires_in seconds instead of a date.",
        WithoutExpiry "without-expiry" "A JSON object with the token and nothing else.",
    }
}

named! {
    /// What a personal access token looks like.
    #[derive(Default)]
    AccessTokenForm, "access token form", {
        #[default] Jwt "jwt" "Three dotted parts whose middle says whose it is and when it ends.",
        Opaque "opaque" "A string without a readable meaning.",
    }
}

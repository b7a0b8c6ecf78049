//! What a recipe's check can do. A name in a recipe is one arm here; an unknown one is an error at load.

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Reads the pasted access token: form, owner, end. Asks nobody.
    ReadToken,
    /// `POST …/proxytoken`.
    GreenlakeCreateToken,
    /// `POST …/proxytoken/rotate`.
    GreenlakeRotateToken,
    /// `GET …/iam/identity_providers`.
    AzionListIdentityProviders,
    /// `PATCH …/iam/identity_providers/saml2/<uuid>`.
    AzionEnableScim,
    /// Finds out under which of two base URLs the SCIM endpoint answers.
    ScimFindBaseUrl,
    /// Asks the SCIM endpoint what the identity provider's Test button will ask.
    ScimTestConnection,
    /// Looks one person up at the target and compares the attributes that arrived.
    ScimFindUser,
    /// Waits until a group and its members are there.
    ScimWatchArrivals,
    /// Waits until a group has changed since the identity provider got the new token.
    ScimWatchChange,
    /// Asks once with the old token, which has to be refused.
    ScimOldTokenRefused,
    /// Says what of the chosen groups will not work at the target. Asks nobody.
    GroupsPlan,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::ReadToken,
        Self::GreenlakeCreateToken,
        Self::GreenlakeRotateToken,
        Self::AzionListIdentityProviders,
        Self::AzionEnableScim,
        Self::ScimFindBaseUrl,
        Self::ScimTestConnection,
        Self::ScimFindUser,
        Self::ScimWatchArrivals,
        Self::ScimWatchChange,
        Self::ScimOldTokenRefused,
        Self::GroupsPlan,
    ];

    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadToken => "token.read",
            Self::GreenlakeCreateToken => "greenlake.create_token",
            Self::GreenlakeRotateToken => "greenlake.rotate_token",
            Self::AzionListIdentityProviders => "azion.list_identity_providers",
            Self::AzionEnableScim => "azion.enable_scim",
            Self::ScimFindBaseUrl => "scim.find_base_url",
            Self::ScimTestConnection => "scim.test_connection",
            Self::ScimFindUser => "scim.find_user",
            Self::ScimWatchArrivals => "scim.watch_arrivals",
            Self::ScimWatchChange => "scim.watch_change",
            Self::ScimOldTokenRefused => "scim.old_token_refused",
            Self::GroupsPlan => "groups.plan",
        }
    }

    /// The operation of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether it changes something at the target: then it runs only on its own button and is never cancelled half-way.
    pub fn changes(self) -> bool {
        self.issues() || self == Self::AzionEnableScim
    }

    /// Whether it issues a token: then it is not done a second time without a reason.
    pub fn issues(self) -> bool {
        matches!(self, Self::GreenlakeCreateToken | Self::GreenlakeRotateToken)
    }

    /// The slots that it reads.
    pub fn reads(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken
            | Self::GreenlakeCreateToken
            | Self::GreenlakeRotateToken
            | Self::AzionListIdentityProviders
            | Self::AzionEnableScim => &["access-token"],
            Self::ScimFindBaseUrl
            | Self::ScimTestConnection
            | Self::ScimFindUser
            | Self::ScimWatchArrivals
            | Self::ScimWatchChange => &["scim-token"],
            Self::ScimOldTokenRefused => &["old-token"],
            Self::GroupsPlan => &[],
        }
    }

    /// The slot that it fills.
    pub fn fills(self) -> Option<&'static str> {
        self.issues().then_some("scim-token")
    }

    /// The recipe values that it needs.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken | Self::GroupsPlan => &[],
            Self::GreenlakeCreateToken
            | Self::GreenlakeRotateToken
            | Self::AzionListIdentityProviders
            | Self::AzionEnableScim => &["api"],
            Self::ScimFindBaseUrl => &["scim_documented"],
            Self::ScimTestConnection
            | Self::ScimFindUser
            | Self::ScimWatchArrivals
            | Self::ScimWatchChange
            | Self::ScimOldTokenRefused => &["scim"],
        }
    }

    /// Whether it finds the options of a choice.
    pub fn offers(self) -> bool {
        self == Self::AzionListIdentityProviders
    }

    /// The inputs and choices that it reads, by block id.
    pub fn answers(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken
            | Self::GreenlakeCreateToken
            | Self::AzionListIdentityProviders
            | Self::ScimFindBaseUrl
            | Self::ScimTestConnection
            | Self::ScimOldTokenRefused => &[],
            Self::AzionEnableScim => &["identity-provider"],
            Self::GreenlakeRotateToken => &["rotate-mode"],
            Self::ScimFindUser => &["sample-user"],
            Self::ScimWatchArrivals | Self::ScimWatchChange => &["sample-group"],
            Self::GroupsPlan => &["sample-group", "group-inner", "group-size"],
        }
    }

    /// The inputs that it reads if the recipe asks for them.
    pub fn also_reads(self) -> &'static [&'static str] {
        match self {
            Self::ScimWatchArrivals => &["sample-user"],
            Self::GroupsPlan => &["assigned-group"],
            _ => &[],
        }
    }

    /// What it is doing, while it does it.
    pub fn doing(self, target: &str) -> String {
        match self {
            Self::ReadToken => "Reading the token".into(),
            Self::GreenlakeCreateToken => format!("Asking {target} for a token"),
            Self::GreenlakeRotateToken => format!("Asking {target} to replace the token"),
            Self::AzionListIdentityProviders => format!("Asking {target} for its identity providers"),
            Self::AzionEnableScim => format!("Asking {target} to turn SCIM on"),
            Self::ScimFindBaseUrl => format!("Asking {target} under both addresses"),
            Self::ScimTestConnection => {
                format!("Asking {target}'s SCIM endpoint for users and groups")
            }
            Self::ScimFindUser => format!("Looking for the person at {target}"),
            Self::ScimWatchArrivals | Self::ScimWatchChange => format!("Watching {target}"),
            Self::GroupsPlan => "Looking at the plan".into(),
            Self::ScimOldTokenRefused => format!("Asking {target}'s SCIM endpoint with the old token"),
        }
    }
}

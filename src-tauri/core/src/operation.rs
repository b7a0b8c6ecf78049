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
    /// Asks the SCIM endpoint what the identity provider's Test button will ask.
    ScimTestConnection,
    /// Looks one person up at the target and compares the attributes that arrived.
    ScimFindUser,
    /// Waits until a group and its members are there.
    ScimWatchArrivals,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ReadToken,
        Self::GreenlakeCreateToken,
        Self::GreenlakeRotateToken,
        Self::ScimTestConnection,
        Self::ScimFindUser,
        Self::ScimWatchArrivals,
    ];

    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadToken => "token.read",
            Self::GreenlakeCreateToken => "greenlake.create_token",
            Self::GreenlakeRotateToken => "greenlake.rotate_token",
            Self::ScimTestConnection => "scim.test_connection",
            Self::ScimFindUser => "scim.find_user",
            Self::ScimWatchArrivals => "scim.watch_arrivals",
        }
    }

    /// The operation of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// Whether it issues something: then it runs only on its own button and is never cancelled half-way.
    pub fn issues(self) -> bool {
        matches!(self, Self::GreenlakeCreateToken | Self::GreenlakeRotateToken)
    }

    /// The slots that it reads.
    pub fn reads(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken | Self::GreenlakeCreateToken | Self::GreenlakeRotateToken => &["access-token"],
            Self::ScimTestConnection | Self::ScimFindUser | Self::ScimWatchArrivals => &["scim-token"],
        }
    }

    /// The slot that it fills.
    pub fn fills(self) -> Option<&'static str> {
        self.issues().then_some("scim-token")
    }

    /// The recipe values that it needs.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken => &[],
            Self::GreenlakeCreateToken | Self::GreenlakeRotateToken => &["api"],
            Self::ScimTestConnection | Self::ScimFindUser | Self::ScimWatchArrivals => &["scim"],
        }
    }

    /// The inputs and choices that it reads, by block id.
    pub fn answers(self) -> &'static [&'static str] {
        match self {
            Self::ReadToken | Self::GreenlakeCreateToken | Self::ScimTestConnection => &[],
            Self::GreenlakeRotateToken => &["rotate-mode"],
            Self::ScimFindUser => &["sample-user"],
            Self::ScimWatchArrivals => &["sample-group"],
        }
    }

    /// What it is doing, while it does it.
    pub fn doing(self, target: &str) -> String {
        match self {
            Self::ReadToken => "Reading the token".into(),
            Self::GreenlakeCreateToken => format!("Asking {target} for a token"),
            Self::GreenlakeRotateToken => format!("Asking {target} to replace the token"),
            Self::ScimTestConnection => {
                format!("Asking {target}'s SCIM endpoint for users and groups")
            }
            Self::ScimFindUser => format!("Looking for the person at {target}"),
            Self::ScimWatchArrivals => format!("Watching {target}"),
        }
    }
}

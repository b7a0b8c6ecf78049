//! Azion: its identity providers, its personal tokens, and where its SCIM endpoint is. `api` is the management API, `endpoint` the
//! way into its SCIM server, `pages` its console.

mod api;
mod endpoint;
mod pages;

use std::sync::Arc;

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    bearers::Bearer,
    fault::Fault,
    scim::{
        profile::Occasion,
        schema::ENTERPRISE,
        store::{Kind, Refused},
    },
    tokens::{self, Seed},
    world::{Shared, World},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The identity providers of this account; the first one is Entra's.
const PROVIDERS: [Provider; 3] = [
    Provider { number: 0, name: "Microsoft Entra IdP", protocol: Protocol::Saml, active_at_first: true },
    Provider { number: 1, name: "Okta (old)", protocol: Protocol::Saml, active_at_first: false },
    Provider { number: 2, name: "Partner sign-in", protocol: Protocol::Oidc, active_at_first: true },
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Saml,
    Oidc,
}

impl Protocol {
    fn name(self) -> &'static str {
        match self {
            Protocol::Saml => "SAML",
            Protocol::Oidc => "OIDC",
        }
    }
}

struct Provider {
    number: usize,
    name: &'static str,
    protocol: Protocol,
    active_at_first: bool,
}

impl Provider {
    fn uuid(&self, seed: &Seed) -> String {
        seed.uuid("azion-idp", self.number as u64)
    }

    /// Where its SCIM endpoint is, without a slash at the end.
    fn scim_path(&self, seed: &Seed) -> String {
        format!("/v4/users/scim/{}", self.uuid(seed))
    }
}

/// What Azion remembers of its identity providers, by their number.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Azion {
    /// What the administrator made of it; `None` is as it was at first.
    active: [Option<bool>; PROVIDERS.len()],
    scim: [bool; PROVIDERS.len()],
}

/// Why somebody may not see the identity providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Barred {
    /// Facts C2: only the Account Owner configures them.
    Role,
    /// Facts C2: they belong to the support plans Enterprise and Mission-Critical.
    Plan,
}

impl Barred {
    /// Assumption: the wording of both is not documented.
    fn text(self) -> &'static str {
        match self {
            Barred::Role => {
                "You do not have permission to perform this action. Identity providers are configured by the Account Owner."
            }
            Barred::Plan => {
                "SSO Management is not part of your support plan. It is available with Enterprise and Mission-Critical."
            }
        }
    }
}

pub(crate) fn router() -> Router<Arc<Shared>> {
    api::router().merge(endpoint::router()).merge(pages::router())
}

/// SCIM integration on and a personal token made, unless a usable one is there.
pub(crate) fn prepare(world: &mut World, now: Timestamp) {
    world.azion.scim[0] = true;
    if !world.bearers.issued.iter().any(|one| one.is_live(now)) {
        issue(world, "Prepared", YEAR);
    }
}

pub(crate) fn issue_personal_token(shared: &Shared) -> String {
    shared.change(|world| {
        let bearer = issue(world, "Made for the rehearsal", YEAR);
        tokens::scim_token(&shared.seed, world.target, bearer.serial)
    })
}

/// A personal token (facts C3). The same one opens the API and the SCIM endpoint, so either fault lets it end beforehand.
fn issue(world: &mut World, name: &str, life: SignedDuration) -> Bearer {
    if world.switches.has(Fault::AccessTokenExpired) {
        let long_ago = world.now() - life - DAY;
        return world.bearers.issue(name, long_ago, Some(life));
    }
    world.issue_bearer(name, Some(life))
}

/// Without the `/Users` that the guide's scim_url ends in (facts C5).
pub(crate) fn scim_path(seed: &Seed) -> String {
    PROVIDERS[0].scim_path(seed)
}

/// Facts C4: there is no enterprise schema. Assumption: its attributes are refused and not dropped, so that a mapping that still has
/// them shows.
pub(crate) fn check(kind: Kind, body: &Map<String, Value>, _: Occasion<'_>) -> Result<(), Refused> {
    let inner = body.iter().find(|(name, _)| kind == Kind::User && name.eq_ignore_ascii_case(ENTERPRISE));
    let first = inner.and_then(|(_, inner)| inner.as_object()).and_then(|inner| inner.keys().next());
    match first {
        Some(name) => {
            Err(Refused::new(400, Some("invalidValue"), &format!("Unsupported user attribute: {ENTERPRISE}:{name}")))
        }
        None => Ok(()),
    }
}

impl World {
    /// Those that there are.
    fn identity_providers(&self) -> &'static [Provider] {
        if self.switches.has(Fault::IdpMissing) { &[] } else { &PROVIDERS }
    }

    fn identity_provider(&self, seed: &Seed, uuid: &str) -> Option<&'static Provider> {
        self.identity_providers().iter().find(|one| one.uuid(seed) == uuid)
    }

    fn is_active(&self, provider: &Provider) -> bool {
        let usual = provider.active_at_first && !(provider.number == 0 && self.switches.has(Fault::IdpInactive));
        self.azion.active[provider.number].unwrap_or(usual)
    }

    fn has_scim(&self, provider: &Provider) -> bool {
        self.azion.scim[provider.number]
    }

    fn barred(&self) -> Option<Barred> {
        match (self.switches.has(Fault::RoleMissing), self.switches.has(Fault::PlanMissing)) {
            (true, _) => Some(Barred::Role),
            (false, true) => Some(Barred::Plan),
            (false, false) => None,
        }
    }
}

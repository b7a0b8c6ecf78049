//! AWS IAM Identity Center: automatic provisioning, its access tokens, and where its SCIM endpoint is. No HTTP here.
//! `rules` is what its SCIM server refuses, `list` how it lists, `pages` its console.

mod list;
mod pages;
mod rules;

use std::sync::Arc;

use axum::{Router, routing::any};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use self::rules::PROFILE;
use crate::{
    bearers::Bearer,
    fault::Fault,
    scim::routes,
    tokens::Seed,
    world::{Shared, World},
};

/// Facts B2: a year, and no more than two of them.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
const MOST_TOKENS: usize = 2;
/// Facts B2: the console's banner appears this long before a token ends.
const REMINDER: SignedDuration = SignedDuration::from_hours(90 * 24);

const REGION: &str = "eu-central-1";
/// What the console shows with the fault: a region where this tenant is not.
const WRONG_REGION: &str = "eu-west-1";

/// What its console remembers.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Aws {
    enabled: bool,
}

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/regions/{*rest}", any(routes::answer)).merge(pages::router())
}

/// Automatic provisioning enabled and an access token generated, unless a usable one is there. Tokens that ended are
/// deleted: two of them would leave no room.
pub(crate) fn prepare(world: &mut World) {
    let now = world.now();
    world.aws.enabled = true;
    world.bearers.issued.retain(|one| one.is_live(now));
    if world.bearers.issued.is_empty() {
        world.issue_bearer("", Some(TOKEN_LIFE));
    }
}

/// As many tokens as there can be.
pub(crate) fn fill(world: &mut World) {
    world.aws.enabled = true;
    while world.bearers.issued.len() < MOST_TOKENS {
        world.issue_bearer("", Some(TOKEN_LIFE));
    }
}

/// `/regions/<region>/<tenant>/scim/v2`: in place of `https://scim.<region>.amazonaws.com/<tenant>/scim/v2/`.
pub(crate) fn scim_path(seed: &Seed) -> String {
    path_in(REGION, seed)
}

fn path_in(region: &str, seed: &Seed) -> String {
    format!("/regions/{region}/{}/scim/v2", seed.uuid("aws-tenant", 0))
}

/// As the console shows it: with the slash at the end (facts B1).
fn shown_endpoint(shared: &Shared, world: &World) -> String {
    let region = if world.switches.has(Fault::WrongRegion) { WRONG_REGION } else { REGION };
    format!("{}{}/", shared.scim_origin(world), path_in(region, &shared.seed))
}

/// Why the console says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    NotPermitted(&'static str),
    TwoTokens,
    TokensLeft,
    NotConfirmed(&'static str),
    NoToken,
}

impl Refusal {
    /// Assumption: the console's own wording is not documented; the first follows that of other AWS consoles.
    fn text(self) -> String {
        match self {
            Refusal::NotPermitted(action) => format!(
                "You don't have permission to do this. User: arn:aws:sts::111122223333:assumed-role/Practice/alex.admin is not \
                 authorized to perform: {action}"
            ),
            Refusal::TwoTokens => {
                "You can have two access tokens at a time, and two exist. Delete the one that is not in use \
                 before you generate another."
                    .to_owned()
            }
            Refusal::TokensLeft => {
                "Delete the access tokens first; then automatic provisioning can be disabled.".to_owned()
            }
            Refusal::NotConfirmed(word) => format!("To confirm, type {word} in the field."),
            Refusal::NoToken => "This access token is not there any more.".to_owned(),
        }
    }
}

fn enable(world: &mut World) -> Result<Bearer, Refusal> {
    if world.switches.has(Fault::RoleMissing) {
        return Err(Refusal::NotPermitted(
            "sso-directory:CreateProvisioningTenant and sso-directory:CreateBearerToken",
        ));
    }
    let bearer = generate(world)?;
    world.aws.enabled = true;
    Ok(bearer)
}

fn generate(world: &mut World) -> Result<Bearer, Refusal> {
    world.bearers.fresh = None;
    if world.switches.has(Fault::RoleMissing) {
        return Err(Refusal::NotPermitted("sso-directory:CreateBearerToken"));
    }
    if world.bearers.issued.len() >= MOST_TOKENS {
        return Err(Refusal::TwoTokens);
    }
    let bearer = world.issue_bearer("", Some(TOKEN_LIFE));
    world.bearers.fresh = Some(bearer.serial);
    Ok(bearer)
}

fn delete(world: &mut World, serial: u64, confirmation: &str) -> Result<(), Refusal> {
    if confirmation != "DELETE" {
        return Err(Refusal::NotConfirmed("DELETE"));
    }
    if world.bearers.remove(serial) { Ok(()) } else { Err(Refusal::NoToken) }
}

fn disable(world: &mut World, confirmation: &str) -> Result<(), Refusal> {
    if !world.bearers.issued.is_empty() {
        return Err(Refusal::TokensLeft);
    }
    if confirmation != "DISABLE" {
        return Err(Refusal::NotConfirmed("DISABLE"));
    }
    world.aws.enabled = false;
    Ok(())
}

/// Facts B2: the event that AWS Health sends along with the console's reminder.
const HEALTH_EVENT: &str = "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION";

/// The console's reminder, from 90 days before a token ends.
fn reminder(world: &World, now: Timestamp) -> Option<String> {
    let first = world.bearers.issued.iter().filter_map(|one| one.expires_at).min()?;
    let day = first.strftime("%Y-%m-%d");
    if first <= now {
        Some(format!("An access token expired on {day}. Generate a new one and put it into your identity provider."))
    } else {
        (first <= now + REMINDER).then(|| {
            format!("An access token expires on {day}. Generate a new one and put it into your identity provider before then.")
        })
    }
}

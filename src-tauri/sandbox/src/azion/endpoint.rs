//! The way into the SCIM server: `/v4/users/scim/<uuid>/…`. What it answers stands in `scim`.
//! Assumptions, as nothing of it is documented (facts C4): any live personal token, sent as `Bearer`, opens it; it answers 403 while the
//! identity provider is inactive or its SCIM integration off; every identity provider leads to the same users and teams.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::any,
};

use crate::{
    fault::Fault,
    scim::{routes, store::Refused},
    tokens,
    world::{Shared, World},
};

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/v4/users/scim/{*rest}", any(answer))
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = tokens::bearer(&headers);
    if !token.is_some_and(|token| shared.read(|world| world.lets_in(&shared.seed, token))) {
        return routes::unauthorized(&shared);
    }
    match shared.read(|world| prefix(world, &shared, uri.path())) {
        Ok(prefix) => routes::answer_below(&shared, &prefix, &method, &uri, &headers, &body),
        Err(refusal) => routes::error(&shared, &refusal),
    }
}

/// The address of the endpoint that a path is below of. Facts C5: whether it ends in the `/Users` of scim_url is not known; here it does
/// not, except with the fault.
fn prefix(world: &World, shared: &Shared, path: &str) -> Result<String, Refused> {
    let nothing = || Refused::new(404, None, "There is nothing at this path.");
    let uuid = path.split('/').nth(4).unwrap_or_default();
    let one = world.identity_provider(&shared.seed, uuid).ok_or_else(nothing)?;
    if !world.has_scim(one) {
        return Err(Refused::new(403, None, "SCIM integration is not enabled for this identity provider."));
    }
    if !world.is_active(one) {
        return Err(Refused::new(403, None, "This identity provider is not active."));
    }
    let bare = one.scim_path(&shared.seed);
    let literal = format!("{bare}/Users");
    let below = |base: &str| {
        let rest = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    let doubled = ["Users", "Groups"].contains(&below(&literal).as_str());
    match (world.switches.has(Fault::ScimUrlLiteral), doubled) {
        (false, false) => Ok(bare),
        (true, _) if !below(&literal).is_empty() => Ok(literal),
        (true, _) | (false, true) => Err(nothing()),
    }
}

//! Who is at the target, read over SCIM by the core's own client: once before anybody can have arrived, once at the end.

use std::{collections::BTreeSet, time::Duration};

use usher_core::{
    Problem, Secret,
    http::{Http, Journal, Limits},
    systems::scim::Scim,
};

use super::results::Arrived;

/// The practice world is on this machine; whoever keeps silent longer does so on purpose.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ids of users and groups.
#[derive(Debug, Default)]
pub(crate) struct Present {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Present {
    pub(crate) async fn read(base_url: &str, token: &Secret) -> Result<Self, Problem> {
        let http = Http::with(Limits { total: PATIENCE, retries: 0, ..Limits::default() })?;
        let scim = Scim::new(&http, base_url, token, &Journal::new())?;
        let users = scim.all_users().await?.into_iter().map(|user| user.id).collect();
        let groups = scim.all_groups().await?.into_iter().map(|group| group.id).collect();
        Ok(Self { users, groups })
    }

    /// Who is here and was not there `before`.
    pub(crate) fn since(&self, before: &Self) -> Arrived {
        let new = |now: &BTreeSet<String>, then: &BTreeSet<String>| now.difference(then).count() as u64;
        Arrived { users: new(&self.users, &before.users), groups: new(&self.groups, &before.groups) }
    }
}

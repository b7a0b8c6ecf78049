//! Who is at the target, read back over SCIM by the core's own client: once before anybody can have arrived, once at
//! the end. Page by page, and small pages: a list whose pages do not hold together proves nobody's arrival.

use std::{collections::BTreeSet, time::Duration};

use usher_core::{
    Code, Problem, Secret,
    http::{Http, Journal, Limits},
    systems::scim::Scim,
};

use super::results::Arrived;

/// The practice world is on this machine; whoever keeps silent longer does so on purpose.
const PATIENCE: Duration = Duration::from_secs(5);
/// Okta's first question has this size; it is less than what arrives.
const PAGE: u64 = 2;

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
        let users = pages("users", async |start| {
            let page = scim.list_users(start, PAGE).await?;
            Ok((page.items.into_iter().map(|user| user.id).collect(), page.total))
        });
        let users = users.await?;
        let groups = pages("groups", async |start| {
            let page = scim.list_groups(start, PAGE).await?;
            Ok((page.items.into_iter().map(|group| group.id).collect(), page.total))
        });
        Ok(Self { users, groups: groups.await? })
    }

    /// Who is here and was not there `before`.
    pub(crate) fn since(&self, before: &Self) -> Arrived {
        let new = |now: &BTreeSet<String>, then: &BTreeSet<String>| now.difference(then).count() as u64;
        Arrived { users: new(&self.users, &before.users), groups: new(&self.groups, &before.groups) }
    }
}

type Page = (Vec<String>, Option<u64>);

/// The ids of all pages. It ends, because each page must bring somebody new.
async fn pages(what: &str, ask: impl AsyncFn(u64) -> Result<Page, Problem>) -> Result<BTreeSet<String>, Problem> {
    let mut all = BTreeSet::new();
    loop {
        let (ids, total) = ask(all.len() as u64 + 1).await?;
        if ids.len() as u64 > PAGE {
            return Err(broken(&format!("asked for {PAGE} {what}, it sends {}: it ignores \"count\"", ids.len())));
        }
        if let Some(total) = total.filter(|total| ids.is_empty() && *total > all.len() as u64) {
            return Err(broken(&format!("it says that there are {total} {what}, and sends only {}", all.len())));
        }
        if ids.is_empty() {
            return Ok(all);
        }
        for id in ids {
            if !all.insert(id) {
                return Err(broken(&format!("several {what} have the same id, or the pages repeat")));
            }
        }
        if total.is_some_and(|total| all.len() as u64 >= total) {
            return Ok(all);
        }
    }
}

fn broken(what: &str) -> Problem {
    Problem::new(
        Code::PagingBroken,
        format!("What arrived cannot be read back from the SCIM endpoint page by page: {what}."),
    )
    .hint("Tell the team that runs the server (RFC 7644, section 3.4.2.4).")
}

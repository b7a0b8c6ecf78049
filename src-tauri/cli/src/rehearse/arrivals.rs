//! Who is at the target, read back over SCIM by the core's own client: once before anybody can have arrived, once at
//! the end. Whole lists first, then page by page with small pages: a list whose pages do not hold together proves
//! nobody's arrival.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use usher_core::{
    Code, Problem, Secret,
    http::{Http, Journal, Limits, Request},
    systems::scim::{BaseUrl, Scim},
};

use super::results::Arrived;

/// The practice world is on this machine; whoever keeps silent longer does so on purpose.
const PATIENCE: Duration = Duration::from_secs(5);
/// Okta's first question has this size; it is less than what arrives.
const PAGE: usize = 2;
/// Pages after which a list counts as endless; the practice world has a dozen people.
const MOST_PAGES: usize = 200;

/// The target's directory, as the identity provider's address and token open it.
pub(crate) struct Directory {
    http: Http,
    scim: Scim,
    base: BaseUrl,
    token: Secret,
}

/// Ids of users and groups.
#[derive(Debug, Default)]
pub(crate) struct Present {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Directory {
    pub(crate) fn new(base_url: &str, token: &Secret) -> Result<Self, Problem> {
        let http = Http::with(Limits { total: PATIENCE, retries: 0, ..Limits::default() })?;
        let (base, scim) = (BaseUrl::parse(base_url)?, Scim::new(&http, base_url, token, &Journal::new())?);
        Ok(Self { http, scim, base, token: token.clone() })
    }

    pub(crate) async fn present(&self) -> Result<Present, Problem> {
        let users = self.scim.all_users().await?.into_iter().map(|user| user.id).collect();
        let groups = self.scim.all_groups().await?.into_iter().map(|group| group.id).collect();
        self.hold_together("Users", &users).await?;
        self.hold_together("Groups", &groups).await?;
        Ok(Present { users, groups })
    }

    /// Who is here `now` and was not there `before`.
    pub(crate) async fn arrived(&self, before: &Present, now: &Present) -> Result<Arrived, Problem> {
        let new = |now: &BTreeSet<String>, then: &BTreeSet<String>| now.difference(then).cloned().collect::<Vec<_>>();
        let (users, groups) = (new(&now.users, &before.users), new(&now.groups, &before.groups));
        let mut members = 0;
        for group in &groups {
            members += self.members(group, &users).await?;
        }
        Ok(Arrived { users: users.len() as u64, groups: groups.len() as u64, members })
    }

    /// As the group lists them; where it lists none, by a search for each who arrived (facts B3).
    async fn members(&self, group: &str, users: &[String]) -> Result<u64, Problem> {
        let listed = self.scim.group(group).await?.and_then(|group| group.members).unwrap_or_default();
        if !listed.is_empty() {
            return Ok(listed.len() as u64);
        }
        let mut found = 0;
        for user in users {
            match self.scim.is_member(user, group).await {
                Ok(is) => found += u64::from(is),
                // Not every server can be searched by members; then there is nothing to count.
                Err(Problem { code: Code::Refused | Code::NotFound, .. }) => return Ok(0),
                Err(problem) => return Err(problem),
            }
        }
        Ok(found)
    }

    /// Whether small pages make up the whole list: by index, or by cursor where the index counts for nothing.
    async fn hold_together(&self, path: &str, whole: &BTreeSet<String>) -> Result<(), Problem> {
        let what = path.to_lowercase();
        let mut all = BTreeSet::new();
        let mut next = Next::Index(1);
        for _ in 0..MOST_PAGES {
            let page = self.page(path, &next).await?;
            if page.ids.len() > PAGE {
                let sent = page.ids.len();
                return Err(broken(&format!("asked for {PAGE} {what}, it sends {sent}: it ignores \"count\"")));
            }
            let again = page.ids.iter().any(|id| all.contains(id));
            if again && matches!(next, Next::Index(_)) && self.page(path, &Next::first()).await?.cursor.is_some() {
                (all, next) = (BTreeSet::new(), Next::first());
                continue;
            }
            let before = all.len();
            all.extend(page.ids.iter().cloned());
            if all.len() < before + page.ids.len() {
                return Err(broken(&format!("several {what} have the same id, or the pages repeat")));
            }
            next = match (page.cursor, next) {
                (Some(cursor), Next::Cursor(_)) => Next::Cursor(cursor),
                (_, Next::Index(_)) if !page.ids.is_empty() && all.len() < whole.len() => Next::Index(all.len() + 1),
                (None, Next::Cursor(_)) | (_, Next::Index(_)) if all == *whole => return Ok(()),
                (None, Next::Cursor(_)) | (_, Next::Index(_)) => {
                    let (pieces, all) = (all.len(), whole.len());
                    return Err(broken(&format!("it has {all} {what}, and its pages hold only {pieces}")));
                }
            };
        }
        Err(broken(&format!("the pages of its {what} do not end")))
    }

    async fn page(&self, path: &str, next: &Next) -> Result<Page, Problem> {
        let (name, value) = match next {
            Next::Index(index) => ("startIndex", index.to_string()),
            Next::Cursor(cursor) => ("cursor", cursor.clone()),
        };
        let url = self.base.with_query(&[path], &[(name, &value), ("count", &PAGE.to_string())]);
        let request = Request::get(url).bearer(&self.token).accept("application/scim+json, application/json");
        let answer: Value = self.http.send(request, &Journal::new()).await?.json()?;
        let id = |one: &Value| one["id"].as_str().map(str::to_owned);
        Ok(Page {
            ids: answer["Resources"].as_array().into_iter().flatten().filter_map(id).collect(),
            cursor: answer["nextCursor"].as_str().filter(|cursor| !cursor.is_empty()).map(str::to_owned),
        })
    }
}

/// Where a page begins.
enum Next {
    Index(usize),
    Cursor(String),
}

impl Next {
    /// An empty cursor asks for the first page (RFC 9865).
    fn first() -> Self {
        Self::Cursor(String::new())
    }
}

struct Page {
    ids: Vec<String>,
    cursor: Option<String>,
}

fn broken(what: &str) -> Problem {
    Problem::new(
        Code::PagingBroken,
        format!("What arrived cannot be read back from the SCIM endpoint page by page: {what}."),
    )
    .hint("Tell the team that runs the server (RFC 7644, section 3.4.2.4).")
}

//! A SCIM 2.0 client that reads, tolerant of what real servers do differently (facts/measured.md, "Real SCIM servers").
//! What the identity provider's own test asks stands in [`crate::systems::probe`].

use serde_json::Value;
use url::Url;

use crate::{
    error::{Code, Phase, Problem},
    http::{Answer, Http, Journal, Request, host},
    secret::Secret,
};

mod base_url;
mod inspect;
mod listing;
mod model;
pub(crate) mod pages;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_listing;
mod watch;

pub use base_url::BaseUrl;
pub use inspect::{Inspection, compare, inspect_user};
pub use listing::ListPage;
pub(crate) use listing::Listing;
pub use model::{Group, Member, User};
pub use watch::{Arrivals, arrivals};

/// What SCIM servers are asked to answer with. Many answer `application/json`; that is fine.
pub(crate) const ACCEPT: &str = "application/scim+json, application/json";

/// Client of one SCIM server. It only reads.
#[derive(Debug, Clone)]
pub struct Scim {
    http: Http,
    base: BaseUrl,
    token: Secret,
    journal: Journal,
}

impl Scim {
    /// `base` as pasted, see [`BaseUrl::parse`]; `journal` lists the requests of every call. No request is made here.
    ///
    /// # Errors
    /// Those of [`BaseUrl::parse`].
    pub fn new(http: &Http, base: &str, token: &Secret, journal: &Journal) -> Result<Self, Problem> {
        Ok(Self { http: http.clone(), base: BaseUrl::parse(base)?, token: token.clone(), journal: journal.clone() })
    }

    /// The base URL, without a slash at its end.
    pub fn base(&self) -> String {
        self.base.text()
    }

    /// One page of users. `start_index` counts from 1; the server may send fewer or more than `count`.
    ///
    /// # Errors
    /// [`Code::Unauthorized`], [`Code::Forbidden`], [`Code::NotFound`], [`Code::NotScim`] and those of [`Http::send`].
    pub async fn list_users(&self, start_index: u64, count: u64) -> Result<ListPage<User>, Problem> {
        self.list("Users", start_index, count).await
    }

    /// One page of groups, without their members where the server can leave them out.
    ///
    /// # Errors
    /// As [`Scim::list_users`].
    pub async fn list_groups(&self, start_index: u64, count: u64) -> Result<ListPage<Group>, Problem> {
        self.list("Groups", start_index, count).await
    }

    /// All users, page by page.
    ///
    /// # Errors
    /// [`Code::PagingBroken`] if `startIndex` is ignored, ids repeat, the total is wrong or the pages do not end (more
    /// than 100,000 users); else as [`Scim::list_users`].
    pub async fn all_users(&self) -> Result<Vec<User>, Problem> {
        self.all("Users").await
    }

    /// All groups, page by page.
    ///
    /// # Errors
    /// As [`Scim::all_users`].
    pub async fn all_groups(&self) -> Result<Vec<Group>, Problem> {
        self.all("Groups").await
    }

    /// By `userName`, letter case aside (RFC 7643 4.1.1); `None` if nobody has it.
    ///
    /// # Errors
    /// [`Code::FilterIgnored`] if the server answers with other people; else as [`Scim::list_users`].
    pub async fn find_user(&self, user_name: &str) -> Result<Option<User>, Problem> {
        self.find("Users", "userName", user_name, |user: &User| &user.user_name).await
    }

    /// By `displayName`, letter case aside; `None` if no group has it.
    ///
    /// # Errors
    /// As [`Scim::find_user`].
    pub async fn find_group(&self, display_name: &str) -> Result<Option<Group>, Problem> {
        self.find("Groups", "displayName", display_name, |group: &Group| &group.display_name).await
    }

    /// By id; `None` if there is none.
    ///
    /// # Errors
    /// As [`Scim::list_users`].
    pub async fn user(&self, id: &str) -> Result<Option<User>, Problem> {
        self.one("Users", id).await
    }

    /// By id, with its members if the server tells them (AWS never does: facts/targets.md B3).
    ///
    /// # Errors
    /// As [`Scim::list_users`].
    pub async fn group(&self, id: &str) -> Result<Option<Group>, Problem> {
        self.one("Groups", id).await
    }

    /// Whether a search by members finds the group for this person, and not for somebody made up: for servers that
    /// list no members (AWS: facts/targets.md B3).
    ///
    /// # Errors
    /// As [`Scim::list_users`]; [`Code::Refused`] where members cannot be searched.
    pub async fn is_member(&self, user: &str, group: &str) -> Result<bool, Problem> {
        let nobody = uuid::Uuid::new_v4().to_string();
        let found = async |member: &str| self.groups_of(member).await.map(|(ids, _)| ids.iter().any(|id| id == group));
        Ok(found(user).await? && !found(&nobody).await?)
    }

    /// The ids of the groups that a search by this member finds, and whether these are all; a member that is not known is
    /// in none.
    pub(crate) async fn groups_of(&self, user: &str) -> Result<(Vec<String>, bool), Problem> {
        let answer = self.get(self.base.with_query(&["Groups"], &[("filter", &equals("members.value", user))])).await?;
        // AWS says 404 of a member that it does not know.
        if answer.status == 404 {
            return Ok((Vec::new(), true));
        }
        let page = self.page::<Group>(&answer)?;
        let whole = page.next_cursor.is_none() && page.total.is_none_or(|total| total <= page.items.len() as u64);
        Ok((page.items.into_iter().map(|group| group.id).collect(), whole))
    }

    async fn find<T: Resource>(
        &self,
        path: &str,
        attribute: &str,
        wanted: &str,
        name: fn(&T) -> &String,
    ) -> Result<Option<T>, Problem> {
        let answer = self.get(self.base.with_query(&[path], &[("filter", &equals(attribute, wanted))])).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let page = self.page::<T>(&answer)?;
        if page.items.iter().any(|item| !same(name(item), wanted)) {
            return Err(filter_ignored(&host(&answer.url), path).details(answer.details()));
        }
        Ok(page.items.into_iter().next())
    }

    async fn one<T: Resource>(&self, path: &str, id: &str) -> Result<Option<T>, Problem> {
        let answer = self.get(self.base.join(&[path, id])).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        if !answer.is_success() {
            return Err(refusal(&answer));
        }
        let value: Value = answer.json()?;
        T::from_value(&value).map(Some).map_err(|why| not_scim(&answer, &why))
    }

    fn page<T: Resource>(&self, answer: &Answer) -> Result<ListPage<T>, Problem> {
        if !answer.is_success() {
            return Err(refusal(answer));
        }
        Listing::read(answer)?.typed(|why| not_scim(answer, &why))
    }

    async fn get(&self, url: Url) -> Result<Answer, Problem> {
        self.http.send(Request::get(url).bearer(&self.token).accept(ACCEPT), &self.journal).await
    }
}

/// What a list can hold.
pub(crate) trait Resource: Sized {
    /// Reads one; the error says where and what.
    fn from_value(value: &Value) -> Result<Self, String>;
    /// The server's id.
    fn id(&self) -> &str;
}

/// `attribute eq "value"` with the value as a JSON string (RFC 7644 3.4.2.2).
pub(crate) fn equals(attribute: &str, value: &str) -> String {
    format!("{attribute} eq {}", Value::from(value))
}

/// Letter case aside, as `userName` and `displayName` are compared.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A refusal by a SCIM server, with the step that mends it.
pub(crate) fn refusal(answer: &Answer) -> Problem {
    let problem = answer.refusal(&who(answer));
    match problem.code {
        Code::Unauthorized => Problem { hints: Vec::new(), ..problem }
            .hint_go("Copy the token again, whole. If it has ended or was deleted, get a new one.", Phase::ScimToken)
            .hint_go("Check that token and URL belong together: both come from the same place.", Phase::IdpCredentials),
        Code::Forbidden => Problem { hints: Vec::new(), ..problem }.hint_go(
            "Check that this is the token made for SCIM, and the rights of the account that made it.",
            Phase::ScimToken,
        ),
        _ => problem,
    }
}

/// "The SCIM server at sps.us1.greenlake-hpe.com".
pub(crate) fn who(answer: &Answer) -> String {
    format!("The SCIM server at {}", host(&answer.url))
}

/// A 2xx answer of another kind.
pub(crate) fn not_scim(answer: &Answer, why: &str) -> Problem {
    let why = crate::http::redact::cut(&crate::http::redact::one_line(why), 300);
    Problem::new(Code::NotScim, format!("What {} answered is not SCIM: {why}.", host(&answer.url)))
        .hint("Compare the URL letter by letter with the one that the console shows for SCIM.")
        .details(answer.details())
}

/// A search that finds people who were not asked for.
pub(crate) fn filter_ignored(host: &str, path: &str) -> Problem {
    let whom = if path == "Groups" { "groups" } else { "people" };
    Problem::new(Code::FilterIgnored, format!("{host} ignores the filter of a search in /{path}: asked for one name, it answers with other {whom}."))
        .hint(format!("Do not start provisioning: the identity provider would take the wrong {whom} for the right ones and overwrite them."))
        .hint("Tell the team that runs the server that filters with “eq” must be honoured (RFC 7644, section 3.4.2.2).")
}

//! Who has arrived: numbers and the newest names, with as few requests as the server's honesty allows.

use super::{ListPage, Scim, User};
use crate::error::{Code, Problem};

/// Names that are shown.
const NEWEST: u64 = 5;
/// Small directories are read in one go.
const SMALL: u64 = 100;

/// Who is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrivals {
    /// Users.
    pub users: u64,
    /// Groups.
    pub groups: u64,
    /// Up to five userNames, newest first as far as the server says when they were made.
    pub newest: Vec<String>,
}

/// Counts users and groups. Two to four requests where totals can be trusted, else everything is listed.
///
/// # Errors
/// As [`Scim::all_users`].
pub async fn arrivals(scim: &Scim) -> Result<Arrivals, Problem> {
    let page = scim.list_users(1, SMALL).await?;
    let (users, newest) = match trusted(page.total, page.items.len(), SMALL) {
        Some(users) if users > page.items.len() as u64 => {
            let last = scim.list_users(users.saturating_sub(NEWEST - 1), NEWEST).await?;
            // A server that ignores startIndex (AWS: facts B3) sends its first ones again; those are not the newest.
            let newest = if begin(&last) == begin(&page) { Vec::new() } else { last.items };
            (users, newest)
        }
        Some(users) => (users, page.items),
        None => match scim.all_users().await {
            Ok(all) => (all.len() as u64, all),
            Err(problem) => (only_page(scim, &page, problem).await?, page.items),
        },
    };
    Ok(Arrivals { users, groups: groups(scim).await?, newest: newest_names(newest) })
}

async fn groups(scim: &Scim) -> Result<u64, Problem> {
    let page = scim.list_groups(1, 1).await?;
    // A total of 1 for a page of 1 may be the page's own length.
    match trusted(page.total, page.items.len(), 1).filter(|total| *total != 1) {
        Some(total) => Ok(total),
        None => Ok(scim.all_groups().await?.len() as u64),
    }
}

/// How many there are at a server that sends the same page whatever is asked for; people arrive there all the same. Its
/// total is the best that there is, unless its page contradicts it.
async fn only_page(scim: &Scim, page: &ListPage<User>, problem: Problem) -> Result<u64, Problem> {
    let sent = page.items.len() as u64;
    let Some(total) = page.total.filter(|total| problem.code == Code::PagingBroken && *total > sent) else {
        return Err(problem);
    };
    let next = scim.list_users(sent + 1, SMALL).await?;
    if begin(&next).is_some() && begin(&next) == begin(page) { Ok(total) } else { Err(problem) }
}

fn begin(page: &ListPage<User>) -> Option<&str> {
    page.items.first().map(|user| user.id.as_str())
}

/// A total that its own page does not contradict: a page that is not full holds all there is.
fn trusted(total: Option<u64>, sent: usize, asked: u64) -> Option<u64> {
    let sent = sent as u64;
    total.filter(|total| if sent < asked { *total == sent } else { *total >= sent })
}

/// The latest `created` first; without it, the last of the list first.
fn newest_names(mut users: Vec<User>) -> Vec<String> {
    users.reverse();
    users.sort_by_key(|user| std::cmp::Reverse(user.created));
    users.into_iter().take(5).map(|user| user.user_name).collect()
}

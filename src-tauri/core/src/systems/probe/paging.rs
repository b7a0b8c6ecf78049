//! Whether the pages of the user list hold together. What does not break the identity provider's test is a hint.

use serde_json::Value;

use super::{
    ask::{Kind, Prober},
    later,
    report::Finding,
    stage::Stage,
};
use crate::{
    class::Class,
    error::{Code, Problem},
    http::{Answer, host},
    systems::scim::Listing,
};

/// What is asked for by the first page.
const COUNT: usize = 2;

/// What wrong totals and repeated ids mean: Okta counts and imports with them, Entra only searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    Hint,
    Fail,
}

/// Looks at the first page, and at a second one if there is more than one user: the stage that says whether it is SCIM.
pub(super) async fn judge(
    prober: &Prober<'_>,
    first: &Listing,
    answer: &Answer,
    strictness: Strictness,
    hints: &mut Vec<String>,
) -> Result<(), Finding> {
    pages(prober, first, answer, strictness, hints).await?;
    let count = first.total.map_or_else(
        || "a list of users".to_owned(),
        |total| match total {
            0 => "an empty list of users".to_owned(),
            1 => "a list of 1 user".to_owned(),
            more => format!("a list of {more} users"),
        },
    );
    match hints.is_empty() {
        true => prober.board.pass(Stage::Scim, count),
        false => prober.board.warn(
            Stage::Scim,
            Some(Class::PagingBroken),
            format!("{count}, but its pages do not hold together"),
        ),
    }
    Ok(())
}

async fn pages(
    prober: &Prober<'_>,
    first: &Listing,
    answer: &Answer,
    strictness: Strictness,
    hints: &mut Vec<String>,
) -> Result<(), Finding> {
    if let Some(fault) = fault(first) {
        let sentence = format!("{} {fault}.", host(&answer.url));
        match strictness {
            Strictness::Fail => return Err(broken(sentence, answer)),
            Strictness::Hint => hints
                .push(format!("{sentence} The test passes all the same; importing from this server will not work.")),
        }
    }
    if first.items.len() > COUNT {
        hints.push(format!("The server ignores “count”: asked for {COUNT} users, it sent {}. The test passes all the same; large lists will be slow.", first.items.len()));
    }
    if first.total.is_some_and(|total| total > 1) && first.items.len() > 1 {
        second_page(prober, first, hints).await?;
    }
    Ok(())
}

/// What contradicts itself in one page.
fn fault(page: &Listing) -> Option<String> {
    let ids: Vec<&str> = page.items.iter().filter_map(id).collect();
    let repeated = ids.iter().enumerate().any(|(index, id)| ids[..index].contains(id));
    if repeated {
        return Some("lists the same id twice".to_owned());
    }
    match page.total {
        None => Some("does not say how many users there are (“totalResults” is missing)".to_owned()),
        Some(_) if !page.total_is_integer => Some("sends “totalResults” as a text instead of a number".to_owned()),
        Some(total) if total < page.items.len() as u64 => {
            Some(format!("gives a total of {total}, but sends {} users", page.items.len()))
        }
        Some(total) if total > 0 && page.items.is_empty() => {
            Some(format!("gives a total of {total}, but sends nobody"))
        }
        Some(_) => None,
    }
}

/// The page from the second user on must begin with the second user.
async fn second_page(prober: &Prober<'_>, first: &Listing, hints: &mut Vec<String>) -> Result<(), Finding> {
    let answer = prober.later(later::USERS, prober.page(Kind::Users, 2, 1)).await?;
    let second = later::USERS.list(&answer)?;
    let begin = |page: &Listing| page.items.first().and_then(id).map(str::to_owned);
    // Some page by cursor only, and only when asked for one (AWS: facts/targets.md B3).
    if begin(&second).is_some() && begin(&second) == begin(first) && !by_cursor(prober).await {
        hints.push("The server cannot page: it ignores “startIndex”, so that the second page begins with the same user as the first. The test passes all the same and people are found by name; importing more than one page from this server will not work.".to_owned());
    }
    Ok(())
}

async fn by_cursor(prober: &Prober<'_>) -> bool {
    let base = prober.base;
    let asked = prober.get(base, &[Kind::Users.path()], &[("cursor", ""), ("count", "1")]).await;
    asked
        .ok()
        .filter(Answer::is_success)
        .and_then(|answer| Listing::read(&answer).ok())
        .is_some_and(|page| page.has_next())
}

fn id(item: &Value) -> Option<&str> {
    item.get("id").and_then(Value::as_str)
}

fn broken(sentence: String, answer: &Answer) -> Finding {
    Problem::new(Code::PagingBroken, sentence)
        .hint("Okta reads lists page by page and needs unique ids and a “totalResults” that is a number and right.")
        .hint("Tell the team that runs the server (RFC 7644, section 3.4.2.4).")
        .details(answer.details())
        .into()
}

//! What Entra's and Okta's own tests ask, in their order (facts/targets.md D2, D3).

use super::{
    Finding,
    ask::{Kind, Prober, expect_nobody, nobody},
    paging::{self, Strictness},
};
use crate::{
    error::{Code, Problem},
    http::{Answer, host},
    systems::scim::{self, Listing},
};

/// A user search for a random GUID, which must be 200 with an empty list; then lists and groups likewise.
pub(super) async fn entra(prober: &mut Prober<'_>) -> Result<(), Finding> {
    let answer = prober.search(Kind::Users, &nobody(), &[]).await?;
    if answer.status == 404 {
        return Err(miss_is_404(prober, answer).await);
    }
    let found = prober.list(&answer).await?;
    expect_nobody(&found, &answer, Kind::Users)?;
    users(prober, Strictness::Hint).await?;
    group_search(prober).await?;
    let first = group_list(prober, 1, 2).await?;
    known_group(prober, &first).await
}

/// The first two users; a search, where 404 is allowed; the groups as an import asks for them.
pub(super) async fn okta(prober: &mut Prober<'_>) -> Result<(), Finding> {
    users(prober, Strictness::Fail).await?;
    let answer = prober.search(Kind::Users, &nobody(), &[]).await?;
    if answer.status != 404 {
        let found = prober.list(&answer).await?;
        expect_nobody(&found, &answer, Kind::Users)?;
    }
    group_list(prober, 1, 100).await.map(|_| ())
}

/// 404 for a search: either the path is wrong, or the server says "nobody" in a way that Entra does not accept.
async fn miss_is_404(prober: &mut Prober<'_>, answer: Answer) -> Finding {
    let listed = match prober.page(Kind::Users, 1, 2).await {
        Ok(listed) => listed,
        Err(problem) => return problem.into(),
    };
    if let Err(finding) = prober.list(&listed).await {
        return finding;
    }
    Problem::new(Code::NotFound, format!("{} answers 404 Not Found when a search finds nobody. Microsoft Entra ID needs 200 with an empty list; its test fails here.", host(&answer.url)))
        .hint("The base URL is right: the list of users can be read.")
        .hint("Tell the team that runs the server that a search without a hit must be answered with 200 and an empty list (RFC 7644, section 3.4.2).")
        .details(answer.details())
        .into()
}

/// The list of users, whether its pages hold together, and whether an existing person is found.
async fn users(prober: &mut Prober<'_>, strictness: Strictness) -> Result<(), Finding> {
    let answer = prober.page(Kind::Users, 1, 2).await?;
    let first = prober.list(&answer).await?;
    paging::judge(prober, &first, &answer, strictness).await?;
    known_person(prober, &first).await
}

/// Looks the first listed person up: found alone is good, not found is worth a hint.
async fn known_person(prober: &mut Prober<'_>, first: &Listing) -> Result<(), Finding> {
    let Some(name) = first.items.first().and_then(|user| name(user, Kind::Users)) else {
        if first.items.is_empty() {
            prober.hints.push("There are no users yet, so it cannot be seen whether the server honours filters. Check once more when the first person has arrived.".to_owned());
        }
        return Ok(());
    };
    let answer = prober.search(Kind::Users, &name, &[]).await?;
    let found = if answer.status == 404 { None } else { Some(prober.list(&answer).await?) };
    match found {
        Some(found) if finds_others(&found, Kind::Users, &name) => {
            Err(scim::filter_ignored(&prober.host(), Kind::Users.path()).details(answer.details()).into())
        }
        Some(found) if !found.items.is_empty() => Ok(()),
        _ => {
            prober.hints.push("The server does not find a person that it lists when searched by userName. The identity provider would try to create everybody again; expect conflicts (409).".to_owned());
            Ok(())
        }
    }
}

/// Looks the first listed group up, as Entra does before it creates one: not found is worth a hint. Some servers search
/// users and answer every search for a group with an empty list (facts/measured.md, django-scim2).
async fn known_group(prober: &mut Prober<'_>, first: &Listing) -> Result<(), Finding> {
    let Some(name) = first.items.first().and_then(|group| name(group, Kind::Groups)) else {
        return Ok(());
    };
    let answer = prober.search(Kind::Groups, &name, &[("excludedAttributes", "members")]).await?;
    let found = if answer.status == 404 { None } else { Some(groups(&answer)?) };
    match found {
        Some(found) if finds_others(&found, Kind::Groups, &name) => {
            Err(scim::filter_ignored(&prober.host(), Kind::Groups.path()).details(answer.details()).into())
        }
        Some(found) if !found.items.is_empty() => Ok(()),
        _ => {
            prober.hints.push("The server does not find a group that it lists when searched by displayName. The identity provider would try to create groups that are there already; expect conflicts (409) or groups twice.".to_owned());
            Ok(())
        }
    }
}

/// Whether a search for one name finds entries of another.
fn finds_others(found: &Listing, kind: Kind, wanted: &str) -> bool {
    found.items.iter().filter_map(|item| name(item, kind)).any(|other| !scim::same(&other, wanted))
}

/// What an entry is searched by, if it can be written into a filter.
fn name(item: &serde_json::Value, kind: Kind) -> Option<String> {
    let name = item.get(kind.name())?.as_str()?;
    (!name.is_empty() && name.len() <= 500 && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

async fn group_search(prober: &mut Prober<'_>) -> Result<(), Finding> {
    let answer = prober.search(Kind::Groups, &nobody(), &[("excludedAttributes", "members")]).await?;
    let found = groups(&answer)?;
    expect_nobody(&found, &answer, Kind::Groups)
}

async fn group_list(prober: &mut Prober<'_>, start: u64, count: u64) -> Result<Listing, Finding> {
    let answer = prober.page(Kind::Groups, start, count).await?;
    groups(&answer)
}

/// The list in an answer of a group request. Users work at this point, so what fails here are the groups.
fn groups(answer: &Answer) -> Result<Listing, Finding> {
    let refused = match (answer.is_success(), answer.status) {
        (true, _) => match Listing::read(answer) {
            Ok(listing) => return Ok(listing),
            Err(problem) => problem,
        },
        (false, 429) => return Err(scim::refusal(answer).into()),
        (false, _) => scim::refusal(answer),
    };
    let mut problem = Problem::new(
        Code::GroupsBroken,
        format!("Users can be read, but groups cannot. {}", refused.message),
    )
    .hint("If you want to provision groups, tell the team that runs the server that /Groups must work.")
    .hint("If you provision users only, leave groups out in the identity provider; its test may fail all the same.");
    problem.details = refused.details;
    Err(problem.into())
}

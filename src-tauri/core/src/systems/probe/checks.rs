//! What Entra's and Okta's own tests ask (facts/targets.md D2, D3). Where somebody waits for it, what does not depend on
//! another answer is asked at the same time: the whole of it should take seconds on a slow line, too.

use super::{
    ask::{Kind, Prober, expect_nobody, ignored, nobody},
    later::{GROUP_SEARCH, GROUPS, USER_SEARCH, USERS, refused_search, refuses_search},
    paging::{self, Strictness},
    report::Finding,
    stage::Stage,
};
use crate::{
    class::Class,
    error::{Code, Problem},
    http::{Answer, host},
    systems::scim::{self, Listing},
};

/// A user search for a random GUID, which must be 200 with an empty list; then lists and groups likewise.
pub(super) async fn entra(prober: &Prober<'_>, hints: &mut Vec<String>) -> Result<(), Finding> {
    let somebody = nobody();
    let answer = prober.first(prober.search(Kind::Users, &somebody, &[]), hints).await?;
    if answer.status == 404 || refuses_search(&answer) {
        return Err(search_failed(prober, answer).await);
    }
    let found = prober.list(&answer).await?;
    begin_the_rest(prober);
    expect_nobody(&found, &answer, Kind::Users)?;
    let (mut about_users, mut about_groups) = (Vec::new(), Vec::new());
    let (users, groups) = prober
        .both(users(prober, Strictness::Hint, &mut about_users), searched_groups(prober, &mut about_groups))
        .await;
    hints.extend(about_users.into_iter().chain(about_groups));
    users.and(groups)
}

/// The first two users; a search, where 404 is allowed; the groups as an import asks for them.
pub(super) async fn okta(prober: &Prober<'_>, hints: &mut Vec<String>) -> Result<(), Finding> {
    let answer = prober.first(prober.page(Kind::Users, 1, 2), hints).await?;
    let first = prober.list(&answer).await?;
    begin_the_rest(prober);
    let people = async {
        let users = judge_users(prober, &first, &answer, Strictness::Fail, hints);
        let (users, nobody) = prober.both(users, nobody_is_found(prober)).await;
        let seen = users?;
        nobody?;
        seen.show(prober);
        Ok(())
    };
    let (people, groups) = prober.both(people, listed_groups(prober)).await;
    Result::and(people, groups)
}

fn begin_the_rest(prober: &Prober<'_>) {
    for stage in [Stage::Scim, Stage::Filter, Stage::Groups] {
        prober.board.begin(stage);
    }
}

async fn nobody_is_found(prober: &Prober<'_>) -> Result<(), Finding> {
    let name = nobody();
    let answer = prober.later(USER_SEARCH, prober.search(Kind::Users, &name, &[])).await?;
    if answer.status == 404 {
        return Ok(());
    }
    let found = searched(&answer)?;
    expect_nobody(&found, &answer, Kind::Users)
}

/// The list that a search for a user found.
fn searched(answer: &Answer) -> Result<Listing, Finding> {
    if refuses_search(answer) {
        return Err(refused_search(answer, Kind::Users));
    }
    USER_SEARCH.list(answer)
}

/// Groups as Okta reads them. It makes groups without looking for them first.
async fn listed_groups(prober: &Prober<'_>) -> Result<(), Finding> {
    let listed = group_list(prober, 1, 100).await?;
    prober.board.pass(Stage::Groups, format!("{} listed; they are not searched", counted(&listed)));
    Ok(())
}

/// Groups as Entra looks for them.
async fn searched_groups(prober: &Prober<'_>, hints: &mut Vec<String>) -> Result<(), Finding> {
    let (nobody, first) = prober.both(group_search(prober), group_list(prober, 1, 2)).await;
    let (nobody, first) = (nobody?, first?);
    if refuses_search(&nobody) {
        return Err(refused_search(&nobody, Kind::Groups));
    }
    expect_nobody(&groups(&nobody)?, &nobody, Kind::Groups)?;
    known_group(prober, &first, hints).await
}

fn counted(listed: &Listing) -> String {
    match listed.total.unwrap_or(listed.items.len() as u64) {
        0 => "no groups yet".to_owned(),
        1 => "1 group".to_owned(),
        more => format!("{more} groups"),
    }
}

/// The first search fails: either the path is wrong or the server out of order, which a list shows, or it refuses the
/// filter, or it says "nobody" in a way that Entra does not accept.
async fn search_failed(prober: &Prober<'_>, answer: Answer) -> Finding {
    let listed = match prober.later(USERS, prober.page(Kind::Users, 1, 2)).await {
        Ok(listed) => listed,
        Err(finding) => return finding,
    };
    if let Err(finding) = prober.list(&listed).await {
        return finding;
    }
    if answer.status != 404 {
        return refused_search(&answer, Kind::Users);
    }
    let problem = Problem::new(Code::NotFound, format!("{} answers 404 Not Found when a search finds nobody. Microsoft Entra ID needs 200 with an empty list; its test fails here.", host(&answer.url)))
        .hint("The base URL is right: the list of users can be read.")
        .hint("Tell the team that runs the server that a search without a hit must be answered with 200 and an empty list (RFC 7644, section 3.4.2).")
        .details(answer.details());
    Finding::from(problem)
        .at(Stage::Filter, Class::NotScim)
        .in_words("a search without a hit is answered with 404 instead of an empty list")
}

/// The list of users, whether its pages hold together, and whether an existing person is found.
async fn users(prober: &Prober<'_>, strictness: Strictness, hints: &mut Vec<String>) -> Result<(), Finding> {
    let answer = prober.later(USERS, prober.page(Kind::Users, 1, 2)).await?;
    let first = USERS.list(&answer)?;
    judge_users(prober, &first, &answer, strictness, hints).await?.show(prober);
    Ok(())
}

/// What a search for a person who is there has shown; it counts if one for nobody finds nobody.
struct Seen {
    warns: bool,
    class: Option<Class>,
    words: &'static str,
}

impl Seen {
    fn good(words: &'static str) -> Self {
        Self { warns: false, class: None, words }
    }

    fn odd(class: Option<Class>, words: &'static str) -> Self {
        Self { warns: true, class, words }
    }

    fn show(&self, prober: &Prober<'_>) {
        match self.warns {
            true => prober.board.warn(Stage::Filter, self.class, self.words),
            false => prober.board.pass(Stage::Filter, self.words),
        }
    }
}

async fn judge_users(
    prober: &Prober<'_>,
    first: &Listing,
    answer: &Answer,
    strictness: Strictness,
    hints: &mut Vec<String>,
) -> Result<Seen, Finding> {
    let (mut about_pages, mut about_people) = (Vec::new(), Vec::new());
    let asked = prober.both(
        paging::judge(prober, first, answer, strictness, &mut about_pages),
        known_person(prober, first, &mut about_people),
    );
    let (pages, person) = asked.await;
    hints.extend(about_pages.into_iter().chain(about_people));
    pages.and(person)
}

/// Looks the first listed person up: found alone is good, not found is worth a hint.
async fn known_person(prober: &Prober<'_>, first: &Listing, hints: &mut Vec<String>) -> Result<Seen, Finding> {
    let Some(name) = first.items.first().and_then(|user| name(user, Kind::Users)) else {
        if first.items.is_empty() {
            hints.push("There are no users yet, so it cannot be seen whether the server honours filters. Check once more when the first person has arrived.".to_owned());
        }
        return Ok(Seen::good("a name that nobody has finds nobody; there is no name yet to find"));
    };
    let answer = prober.later(USER_SEARCH, prober.search(Kind::Users, &name, &[])).await?;
    let found = if answer.status == 404 { None } else { Some(searched(&answer)?) };
    Ok(match found {
        Some(found) if finds_others(&found, Kind::Users, &name) => {
            let problem = scim::filter_ignored(&prober.host(), Kind::Users.path()).details(answer.details());
            return Err(ignored(problem, Kind::Users));
        }
        Some(found) if found.items.len() > 1 => {
            hints.push(format!("The server has {} people of the same userName. The identity provider would not know which one to update.", found.items.len()));
            Seen::odd(Some(Class::Duplicate), "one name finds several people of that name")
        }
        Some(found) if !found.items.is_empty() => {
            Seen::good("a name that nobody has finds nobody, a real one finds that one person")
        }
        _ => {
            hints.push("The server does not find a person that it lists when searched by userName. The identity provider would try to create everybody again; expect conflicts (409).".to_owned());
            Seen::odd(None, "a person that is listed is not found by userName")
        }
    })
}

/// Looks the first listed group up, as Entra does before it creates one: not found is worth a hint. Some servers search
/// users and answer every search for a group with an empty list (facts/measured.md, django-scim2).
async fn known_group(prober: &Prober<'_>, first: &Listing, hints: &mut Vec<String>) -> Result<(), Finding> {
    let Some(name) = first.items.first().and_then(|group| name(group, Kind::Groups)) else {
        prober.board.pass(Stage::Groups, format!("{}; a name that no group has finds none", counted(first)));
        return Ok(());
    };
    let answer =
        prober.later(GROUP_SEARCH, prober.search(Kind::Groups, &name, &[("excludedAttributes", "members")])).await?;
    if refuses_search(&answer) {
        return Err(refused_search(&answer, Kind::Groups));
    }
    let found = if answer.status == 404 { None } else { Some(groups(&answer)?) };
    match found {
        Some(found) if finds_others(&found, Kind::Groups, &name) => {
            let problem = scim::filter_ignored(&prober.host(), Kind::Groups.path()).details(answer.details());
            return Err(ignored(problem, Kind::Groups));
        }
        Some(found) if !found.items.is_empty() => {
            prober
                .board
                .pass(Stage::Groups, format!("{}; a real name finds that one, another finds none", counted(first)));
        }
        _ => {
            hints.push("The server does not find a group that it lists when searched by displayName. The identity provider would try to create groups that are there already; expect conflicts (409) or groups twice.".to_owned());
            prober.board.warn(Stage::Groups, None, "a group that is listed is not found by displayName");
        }
    }
    Ok(())
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

async fn group_search(prober: &Prober<'_>) -> Result<Answer, Finding> {
    let name = nobody();
    prober.later(GROUP_SEARCH, prober.search(Kind::Groups, &name, &[("excludedAttributes", "members")])).await
}

async fn group_list(prober: &Prober<'_>, start: u64, count: u64) -> Result<Listing, Finding> {
    let answer = prober.later(GROUPS, prober.page(Kind::Groups, start, count)).await?;
    groups(&answer)
}

/// The list in an answer of a group request. Users work at this point, so what fails here are the groups.
fn groups(answer: &Answer) -> Result<Listing, Finding> {
    let refused = match (answer.is_success(), answer.status) {
        (true, _) => match Listing::read(answer) {
            Ok(listing) => return Ok(listing),
            Err(problem) => problem,
        },
        (false, 429) => return Err(Finding::from(scim::refusal(answer)).at(Stage::Groups, Class::RateLimited)),
        (false, _) => scim::refusal(answer),
    };
    let mut problem = Problem::new(
        Code::GroupsBroken,
        format!("Users can be read, but groups cannot. {}", refused.message),
    )
    .hint("If you want to provision groups, tell the team that runs the server that /Groups must work.")
    .hint("If you provision users only, leave groups out in the identity provider; its test may fail all the same.");
    let class = match refused.code {
        Code::ServerError => Class::TargetError,
        Code::Forbidden | Code::RoleMissing => Class::RoleMissing,
        Code::Unauthorized => Class::BadCredentials,
        Code::Refused => Class::TargetRejected,
        _ => Class::NotScim,
    };
    let words = super::first_sentence(&refused.message);
    problem.details = refused.details;
    Err(Finding::from(problem).at(Stage::Groups, class).in_words(words))
}

//! The whole of it over HTTP, against servers that are odd.

use std::ops::ControlFlow;

use tokio_util::sync::CancellationToken;

use super::{now, told};
use crate::{
    error::Problem,
    http::{
        Http, Journal,
        hostile::{Ask, Hostile, Reply, json, status},
    },
    people::Rules,
    secret::Secret,
    systems::scim::Scim,
    verify::{Expected, Outcome, Progress, Stage, run},
};

async fn compare(
    people: &str,
    groups: &str,
    answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static,
) -> (Result<Outcome, Problem>, Vec<Progress>, Vec<Ask>) {
    let go_on = &mut |_: &_| ControlFlow::Continue(());
    let mut expected = Expected::read_people(people.as_bytes(), &Rules::usual(), None, go_on).unwrap();
    expected.read_groups(groups.as_bytes(), "all", go_on).unwrap();
    let server = Hostile::start(answer).await;
    let base = server.base();
    // In a task of its own, as the window runs it.
    let task = tokio::spawn(async move {
        let scim = Scim::new(&Http::new().unwrap(), &base, &Secret::new("t"), &Journal::new()).unwrap();
        let mut seen = Vec::new();
        let outcome =
            run(&scim, expected, now(), &mut |progress| seen.push(progress.clone()), &CancellationToken::new()).await;
        (outcome, seen)
    });
    let (outcome, seen) = task.await.unwrap();
    (outcome, seen, server.asks())
}

const PEOPLE: &str = "userPrincipalName\na@example.com\nb@example.com\nc@example.com\n";
const GROUPS: &str = "group,login\nSales,a@example.com\nSales,b@example.com\nStaff,c@example.com\n";

fn users() -> String {
    let entry = |id: &str| format!(r#"{{"id":"id-{id}","userName":"{id}@example.com","active":true}}"#);
    format!(r#"{{"totalResults":3,"Resources":[{},{},{}]}}"#, entry("a"), entry("b"), entry("c"))
}

/// Like AWS (facts/targets.md B3): groups are listed without members, and found by them.
fn aws(ask: &Ask) -> Reply {
    let group = |id: &str, name: &str| format!(r#"{{"id":"{id}","displayName":"{name}","members":[]}}"#);
    let (sales, staff) = (group("g1", "Sales"), group("g2", "Staff"));
    let listed =
        |groups: &[&str]| json(&format!(r#"{{"totalResults":{},"Resources":[{}]}}"#, groups.len(), groups.join(",")));
    match ask.path.as_str() {
        path if path.contains("/Users") => json(&users()),
        path if path.contains("id-a") => listed(&[&sales]),
        path if path.contains("id-b") => listed(&[]),
        path if path.contains("id-c") => listed(&[&sales, &staff]),
        path if path.contains("filter=") => listed(&[]),
        _ => listed(&[&sales, &staff]),
    }
}

#[tokio::test]
async fn members_that_are_not_listed_are_asked_for() {
    let (outcome, seen, asks) = compare(PEOPLE, GROUPS, aws).await;
    let outcome = outcome.unwrap();
    let differs: Vec<_> = told(&outcome).into_iter().map(|(kind, who, group, _)| (kind, who, group)).collect();
    let member = |kind, who: &str| (kind, who.to_owned(), "Sales".to_owned());
    assert_eq!(differs, [member("member-missing", "b@example.com"), member("member-unexpected", "c@example.com")]);
    assert!(outcome.complete() && outcome.notes().iter().any(|note| note.contains("without members")));
    assert_eq!(
        asks.iter().filter(|ask| ask.path.contains("filter=")).count(),
        4,
        "three people, and one who is nobody"
    );
    let stages: Vec<Stage> = seen.iter().map(|progress| progress.stage).collect();
    assert!(stages.is_sorted_by_key(|stage| *stage as u8) && stages.last() == Some(&Stage::Done), "{stages:?}");
    let last = seen.last().unwrap();
    assert_eq!((last.people.read, last.groups.read, last.members.read), (3, 2, 3));
}

#[tokio::test]
async fn members_that_cannot_be_asked_for_leave_it_incomplete() {
    // Refused, or every group found for anybody.
    let refuses: fn(&Ask) -> Reply = |_| status(400, r#"{"scimType":"invalidFilter"}"#);
    let finds_all: fn(&Ask) -> Reply = |ask| aws(&Ask { path: ask.path.replace("filter=", "x="), ..ask.clone() });
    for answer in [refuses, finds_all] {
        let (outcome, ..) =
            compare(PEOPLE, GROUPS, move |ask| if ask.path.contains("filter=") { answer(ask) } else { aws(ask) }).await;
        let outcome = outcome.unwrap();
        assert!(outcome.is_empty() && !outcome.complete() && !outcome.ok());
        assert!(outcome.verdict().contains("Not everything"), "{}", outcome.verdict());
    }
}

#[tokio::test]
async fn groups_that_are_not_served_end_it() {
    let (outcome, ..) = compare(PEOPLE, GROUPS, |ask| match ask.path.contains("/Groups") {
        true => status(404, "{}"),
        false => json(&users()),
    })
    .await;
    assert!(outcome.is_err());
}

//! Our client and its checks against SCIM servers that nobody here wrote, each started for real (facts/measured.md, "Real
//! SCIM servers"). One user hides a server that ignores filters or pages, so each holds many.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{process::Command, time::timeout};
use usher_core::{
    Code, Secret,
    http::{Http, Journal},
    systems::{
        probe::{IdpStyle, Report, ReportCode, probe},
        scim::{Scim, arrivals},
    },
};

use crate::support::tools::built;

pub(crate) mod server;

use server::{GROUP, Kind, Server, TOKEN, name};

const WRONG: &str = "another-token-0123456789abcdef";
const STYLES: [IdpStyle; 2] = [IdpStyle::Entra, IdpStyle::Okta];

/// More than one page of 100.
const MANY: u32 = 120;

async fn ask(http: &Http, url: &str, token: &str, style: IdpStyle) -> Report {
    let report = probe(http, url, &Secret::new(token), style, jiff::Timestamp::now()).await;
    assert!(report.requests.len() <= 20 && report.requests.iter().all(|line| line.method == "GET"), "{report:#?}");
    assert!(report.ok == (report.code == ReportCode::Ok) && report.ok != report.problem.is_some(), "{report:#?}");
    report
}

/// Passes with so many requests, and with hints that hold these words, one each.
async fn passes(server: &Server, style: IdpStyle, requests: usize, hints: &[&str]) {
    let report = ask(&server.http, &server.base, TOKEN, style).await;
    assert_eq!((report.code, report.requests.len()), (ReportCode::Ok, requests), "{style:?}: {report:#?}");
    assert_eq!(report.hints.len(), hints.len(), "{style:?}: {report:#?}");
    for (hint, words) in report.hints.iter().zip(hints) {
        assert!(hint.contains(words), "{style:?}, {words}: {report:#?}");
    }
}

/// A wrong token is one, whatever the server's way to say so; a wrong path is one, and the right one is found.
async fn refuses(server: &Server) {
    for style in STYLES {
        let wrong = ask(&server.http, &server.base, WRONG, style).await;
        assert_eq!((wrong.code, wrong.requests.len()), (ReportCode::Unauthorized, 2), "{wrong:#?}");
        assert!(wrong.message.contains("does not accept the token (401 Unauthorized)"), "{wrong:#?}");
        assert!(!format!("{wrong:?}").contains(WRONG), "the token stands in the report");
        let root = server.base.trim_end_matches("/scim/v2");
        for path in ["", "/scim", "/scim/v1"] {
            let lost = ask(&server.http, &format!("{root}{path}"), TOKEN, style).await;
            assert_eq!(lost.code, ReportCode::WrongPath, "{path}: {lost:#?}");
            assert_eq!(lost.corrected_url.as_ref(), Some(&server.base), "{path}: {lost:#?}");
        }
        let twice = ask(&server.http, &format!("{}/Users", server.base), TOKEN, style).await;
        assert_eq!((twice.code, twice.requests.len()), (ReportCode::WrongPath, 1), "{twice:#?}");
        assert_eq!(twice.corrected_url.as_ref(), Some(&server.base), "{twice:#?}");
    }
}

/// A client with a list of its requests.
fn scim(server: &Server) -> (Scim, Journal) {
    let journal = Journal::new();
    (Scim::new(&server.http, &server.base, &Secret::new(TOKEN), &journal).expect("the address is whole"), journal)
}

/// Everybody is listed once, page by page, in as many requests as there are pages.
async fn lists_everybody(server: &Server, people: u32) {
    let (scim, journal) = scim(server);
    let mut names: Vec<_> = scim.all_users().await.expect("it lists").into_iter().map(|user| user.user_name).collect();
    names.sort();
    assert_eq!(names, (1..=people).map(name).collect::<Vec<_>>());
    assert_eq!(journal.lines().len(), people.div_ceil(100) as usize);
    let page = scim.list_users(people as u64 - 1, 10).await.expect("it lists");
    assert_eq!((page.items.len(), page.total), (2, Some(u64::from(people))), "the last page");
}

/// The group with its two members, by its id.
async fn has_the_group(server: &Server, ids: &[String]) {
    let (scim, _) = scim(server);
    let groups = scim.all_groups().await.expect("it lists");
    assert_eq!(groups.iter().map(|group| group.display_name.as_str()).collect::<Vec<_>>(), [GROUP]);
    let group = scim.group(&groups[0].id).await.expect("it reads").expect("it is there");
    let mut members: Vec<_> = group.members.expect("it tells them").into_iter().map(|member| member.value).collect();
    members.sort();
    let mut wanted = ids[..2].to_vec();
    wanted.sort();
    assert_eq!(members, wanted);
}

#[tokio::test]
async fn scim2_server_passes() {
    let server = Server::start(Kind::Scim2Server).await;
    for style in STYLES {
        let report = ask(&server.http, &server.base, TOKEN, style).await;
        assert!(report.ok && report.hints[0].contains("no users yet"), "{report:#?}");
    }
    let ids = server.fill(MANY).await;
    passes(&server, IdpStyle::Entra, 7, &[]).await;
    passes(&server, IdpStyle::Okta, 5, &[]).await;
    let slash = format!("{}/", server.base);
    assert!(ask(&server.http, &slash, TOKEN, IdpStyle::Entra).await.ok, "a slash at the end is understood");
    lists_everybody(&server, MANY).await;
    has_the_group(&server, &ids).await;
    let (scim, _) = scim(&server);
    let found = scim.find_user(&name(7).to_uppercase()).await.expect("it searches").expect("letter case is no matter");
    assert_eq!(found.id, ids[6]);
    assert!(scim.find_user("nobody@example.com").await.expect("it searches").is_none());
    assert!(scim.find_group(GROUP).await.expect("it searches").is_some());
    let there = arrivals(&scim).await.expect("it counts");
    assert_eq!((there.users, there.groups, there.newest.len()), (u64::from(MANY), 1, 5));
}

#[tokio::test]
async fn scim2_server_refuses_in_words() {
    let server = Server::start(Kind::Scim2Server).await;
    let wrong = ask(&server.http, &server.base, WRONG, IdpStyle::Entra).await;
    assert_eq!(wrong.code, ReportCode::Unauthorized, "{wrong:#?}");
    for path in ["/v3", "/scim/v2", "/v2/Users"] {
        let url = server.base.replace("/v2", path);
        let lost = ask(&server.http, &url, TOKEN, IdpStyle::Entra).await;
        assert!(matches!(lost.code, ReportCode::WrongPath | ReportCode::NotFound), "{url}: {lost:#?}");
        assert!(!lost.hints.is_empty(), "{url}");
    }
    let http = server.http.clone();
    let base = server.stop().await;
    let dead = ask(&http, &base, TOKEN, IdpStyle::Entra).await;
    assert_eq!(dead.code, ReportCode::Connect, "{dead:#?}");
    assert!(dead.requests.iter().all(|line| line.status.is_none()));
}

#[tokio::test]
async fn scimmy_on_express_4_passes() {
    let server = Server::start(Kind::ScimmyExpress4).await;
    let ids = server.fill(MANY).await;
    passes(&server, IdpStyle::Entra, 7, &[]).await;
    passes(&server, IdpStyle::Okta, 5, &[]).await;
    refuses(&server).await;
    lists_everybody(&server, MANY).await;
    has_the_group(&server, &ids).await;
    let (scim, journal) = scim(&server);
    let found = scim.find_user(&name(7)).await.expect("it searches").expect("it is there");
    assert_eq!((found.id.as_str(), found.emails), (ids[6].as_str(), vec![name(7)]));
    assert!(scim.find_user(&name(7).to_uppercase()).await.expect("it searches").is_none(), "it minds letter case");
    assert!(scim.find_group(GROUP).await.expect("it searches").is_some());
    // A page behind the last one begins anew here; nothing may rest on its being empty.
    let behind = scim.list_users(u64::from(MANY) + 1, 5).await.expect("it lists");
    assert_eq!((behind.items.len(), behind.start_index), (5, Some(u64::from(MANY) + 1)));
    let before = journal.lines().len();
    let there = arrivals(&scim).await.expect("it counts");
    assert_eq!((there.users, there.groups, there.newest[0].as_str()), (u64::from(MANY), 1, name(MANY).as_str()));
    assert!(journal.lines().len() - before <= 4, "{:#?}", journal.lines());
}

/// Its test passes and people are found, so provisioning works; whoever lists must notice that pages cannot be had.
#[tokio::test]
async fn scimmy_on_express_5_is_recognised_as_unable_to_page() {
    let server = Server::start(Kind::ScimmyExpress5).await;
    let ids = server.fill(45).await;
    let hints = ["ignores “count”: asked for 2 users, it sent 20", "cannot page: it ignores “startIndex”"];
    // One request more than elsewhere: whether it pages by cursor.
    passes(&server, IdpStyle::Entra, 8, &hints).await;
    passes(&server, IdpStyle::Okta, 6, &hints).await;
    refuses(&server).await;
    has_the_group(&server, &ids).await;
    let (scim, journal) = scim(&server);
    let page = scim.list_users(21, 100).await.expect("it lists");
    assert_eq!((page.items.len(), page.start_index, page.total), (20, Some(1), Some(45)));
    assert_eq!(page.items[0].id, ids[0]);
    let before = journal.lines().len();
    let problem = scim.all_users().await.expect_err("20 of 45 are not all");
    assert_eq!(problem.code, Code::PagingBroken, "{problem:?}");
    assert!(problem.message.contains("sends the first page of /Users again"), "{problem:?}");
    assert!(problem.hints.iter().any(|hint| hint.text.contains("Provisioning may work all the same")), "{problem:?}");
    assert_eq!(journal.lines().len() - before, 3, "two pages, and one look for a cursor");
    assert_eq!(scim.find_user(&name(44)).await.expect("it searches").expect("it is there").id, ids[43]);
    let before = journal.lines().len();
    let there = arrivals(&scim).await.expect("it counts as far as it can");
    assert_eq!((there.users, there.groups), (45, 1));
    assert!(journal.lines().len() - before <= 7, "{:#?}", journal.lines());
}

/// `usher-cli check` as a script meets it.
async fn check(server: &Server, token: &str, idp: &str) -> (Option<i32>, Value) {
    let output = Command::new(built("usher-cli"))
        .args(["check", "--url", &server.base, "--idp", idp, "--json"])
        .env("USHER_TOKEN", token)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_secs(60), output).await.expect("it ends").expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains(token), "the token is printed");
    (output.status.code(), serde_json::from_str(&said).unwrap_or_else(|error| panic!("no JSON ({error}): {said}")))
}

#[tokio::test]
async fn the_command_line_says_which_server_cannot_page() {
    let server = Server::start(Kind::ScimmyExpress5).await;
    server.fill(45).await;
    for idp in ["entra", "okta"] {
        let (code, finding) = check(&server, TOKEN, idp).await;
        assert_eq!((code, &finding["ok"], &finding["code"]), (Some(0), &true.into(), &"ok".into()), "{finding:#}");
        let hints = finding["hints"].as_array().expect("there are hints");
        assert!(hints.iter().any(|hint| hint.as_str().is_some_and(|hint| hint.contains("cannot page"))), "{finding:#}");
    }
}

#[tokio::test]
async fn django_scim2_passes_and_never_finds_a_group() {
    let server = Server::start(Kind::DjangoScim2).await;
    let ids = server.fill(MANY).await;
    passes(&server, IdpStyle::Entra, 7, &["does not find a group that it lists"]).await;
    passes(&server, IdpStyle::Okta, 5, &[]).await;
    // 401 as a web page without a word on it.
    refuses(&server).await;
    lists_everybody(&server, MANY).await;
    has_the_group(&server, &ids).await;
    let (scim, _) = scim(&server);
    let found = scim.find_user(&name(7).to_uppercase()).await.expect("it searches").expect("letter case is no matter");
    assert_eq!(found.id, ids[6]);
    assert!(scim.find_user("nobody@example.com").await.expect("it searches").is_none());
    // A filter on an attribute that it does not know is 200 and nobody.
    assert!(scim.find_group(GROUP).await.expect("it searches").is_none());
    assert!(scim.user("no-such-id").await.expect("it reads").is_none());
    // The status of its errors is a number, not a text.
    let problem = scim.list_users(0, 5).await.expect_err("lists begin with 1");
    assert!(problem.code == Code::Refused && problem.message.contains("Invalid startIndex"), "{problem:?}");
    let there = arrivals(&scim).await.expect("it counts");
    assert_eq!((there.users, there.groups, there.newest.len()), (u64::from(MANY), 1, 5));
    let (code, finding) = check(&server, WRONG, "entra").await;
    assert_eq!((code, &finding["code"]), (Some(1), &"unauthorized".into()), "{finding:#}");
}

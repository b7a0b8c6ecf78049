//! The stages of the preflight: which one a fault belongs to, that each is shown as it passes, and how long all of them
//! take on a slow line.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{sync::Mutex, time::Duration};

use super::{
    Class, IdpStyle, Report, Stage, StageLine, State, preflight,
    tests::{EMPTY, STYLES, TOKEN, good, list, now},
};
use crate::{
    Secret,
    http::{
        Http, Limits,
        hostile::{Ask, Hostile, Reply, json, status},
    },
};

async fn watched(base: &str, style: IdpStyle) -> (Report, Vec<Vec<StageLine>>) {
    let limits = Limits { total: Duration::from_millis(1_500), pause: Duration::from_millis(1), ..Limits::default() };
    let seen = Mutex::new(Vec::new());
    let watch = |lines: &[StageLine]| seen.lock().unwrap().push(lines.to_vec());
    let report = preflight(&Http::with(limits).unwrap(), base, &Secret::new(TOKEN), style, now(), &watch).await;
    assert_eq!(report.stages.iter().map(|line| line.stage).collect::<Vec<_>>(), Stage::ALL, "{report:#?}");
    let open = |line: &StageLine| matches!(line.state, State::Waiting | State::Running);
    assert!(!report.stages.iter().any(open), "{report:#?}");
    assert!(report.stages.iter().all(|line| !line.words.is_empty() && line.words.chars().count() < 500), "{report:#?}");
    assert_eq!(report.ok, failed_at(&report).is_none(), "{report:#?}");
    (report, seen.into_inner().unwrap())
}

async fn ask(base: &str, style: IdpStyle) -> Report {
    watched(base, style).await.0
}

fn failed_at(report: &Report) -> Option<Stage> {
    report.stages.iter().find(|line| line.state == State::Failed).map(|line| line.stage)
}

fn state(report: &Report, stage: Stage) -> State {
    report.stages.iter().find(|line| line.stage == stage).unwrap().state
}

/// As `good`, with its clock.
fn good_with_clock(ask: &Ask, date: &str) -> Reply {
    match good(ask) {
        Reply::Http(status, mut headers, body) => {
            headers.push(("date", date.to_owned()));
            Reply::Http(status, headers, body)
        }
        other => other,
    }
}

#[tokio::test]
async fn every_stage_of_a_good_server_passes_and_is_shown() {
    let server = Hostile::start(|ask| good_with_clock(ask, "Sun, 22 Nov 2026 12:00:30 GMT")).await;
    for style in STYLES {
        let (report, seen) = watched(&server.base(), style).await;
        for line in &report.stages {
            let expected = if line.stage == Stage::Tls { State::Skipped } else { State::Passed };
            assert_eq!(line.state, expected, "{report:#?}");
        }
        assert_eq!(report.class, None);
        assert_eq!(seen.last(), Some(&report.stages), "the last that is shown is what is reported");
        for stage in [Stage::Connection, Stage::Path, Stage::Scim, Stage::Filter, Stage::Groups] {
            let states: Vec<State> = seen.iter().map(|lines| lines[stage as usize].state).collect();
            let waited = states.iter().position(|state| *state == State::Running);
            let passed = states.iter().position(|state| *state == State::Passed);
            assert!(waited.is_some() && waited < passed, "{stage:?} is under way before it passes: {states:?}");
        }
        let shown = |stage: Stage| seen.iter().position(|lines| lines[stage as usize].state == State::Passed);
        assert!(shown(Stage::Name) < shown(Stage::Authorised) && shown(Stage::Authorised) < shown(Stage::Groups));
        assert!(report.seen_from.starts_with("Tested from this computer"), "{}", report.seen_from);
    }
}

#[tokio::test]
async fn each_fault_fails_at_its_stage() {
    type Case = (&'static str, fn(&Ask) -> Reply, Stage, Class);
    let cases: [Case; 15] = [
        ("silent", |_| Reply::Silent, Stage::Path, Class::Unreachable),
        ("closes", |_| Reply::Close, Stage::Path, Class::Unreachable),
        ("not HTTP", |_| Reply::Raw(b"SSH-2.0-OpenSSH\r\n".to_vec()), Stage::Scim, Class::NotScim),
        ("404", |_| status(404, "{}"), Stage::Path, Class::WrongPath),
        (
            "elsewhere",
            |_| Reply::Http(302, vec![("location", "https://login.example.com/".to_owned())], String::new()),
            Stage::Path,
            Class::WrongPath,
        ),
        ("401", |_| status(401, "{}"), Stage::Authorised, Class::BadCredentials),
        ("401 expired", |_| status(401, r#"{"detail":"Token has expired"}"#), Stage::Authorised, Class::TokenExpired),
        ("403", |_| status(403, "{}"), Stage::Authorised, Class::RoleMissing),
        (
            "429",
            |_| Reply::Http(429, vec![("retry-after", "600".to_owned())], "{}".to_owned()),
            Stage::Authorised,
            Class::RateLimited,
        ),
        ("500", |_| status(500, "{}"), Stage::Scim, Class::TargetError),
        ("other JSON", |_| json(r#"{"hello":"world"}"#), Stage::Scim, Class::NotScim),
        (
            "filter ignored",
            |ask| if ask.path.contains("Groups") { json(EMPTY) } else { json(&list(&["ada", "ben"], 2)) },
            Stage::Filter,
            Class::FilterIgnored,
        ),
        (
            "filter of groups ignored",
            |ask| if ask.path.contains("Groups") { json(&list(&["staff", "guests"], 2)) } else { good(ask) },
            Stage::Groups,
            Class::FilterIgnored,
        ),
        (
            "groups fail",
            |ask| if ask.path.contains("Groups") { status(500, "{}") } else { good(ask) },
            Stage::Groups,
            Class::TargetError,
        ),
        (
            "no groups",
            |ask| if ask.path.contains("Groups") { status(404, "{}") } else { good(ask) },
            Stage::Groups,
            Class::NotScim,
        ),
    ];
    for (name, answer, stage, class) in cases {
        let server = Hostile::start(answer).await;
        for style in STYLES {
            if name == "filter of groups ignored" && style == IdpStyle::Okta {
                continue;
            }
            let report = ask(&server.base(), style).await;
            assert_eq!((failed_at(&report), report.class), (Some(stage), Some(class)), "{name} {style:?}: {report:#?}");
            assert_eq!(state(&report, Stage::Connection), State::Passed, "{name}: {report:#?}");
        }
    }
}

#[tokio::test]
async fn a_slow_line_stays_under_five_seconds() {
    let server = Hostile::start(|ask| Reply::Late(Duration::from_millis(300), Box::new(good(ask)))).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.ok && report.requests.len() >= 5, "{report:#?}");
        assert!((600..5_000).contains(&report.ms), "{} ms: {report:#?}", report.ms);
    }
}

#[tokio::test]
async fn the_address_of_a_console_is_never_asked() {
    for (url, word) in [
        ("https://d-9067729b3d.awsapps.com/start", "Manage provisioning"),
        ("https://eu-central-1.console.aws.amazon.com/singlesignon/identity/home", "scim.<region>.amazonaws.com"),
        ("https://client.greenlake.hpe.com/session/hub/choose", "sps.us1.greenlake-hpe.com/v1alpha1/scimproxy"),
        ("https://common.cloud.hpe.com", "scimproxy"),
        ("https://console.azion.com/identity-providers", "scim_url"),
        ("https://entra.microsoft.com/", "service that the accounts go to"),
        ("https://example-admin.okta.com/admin/apps/active", "service that the accounts go to"),
    ] {
        let report = ask(url, IdpStyle::Entra).await;
        assert_eq!((failed_at(&report), report.class), (Some(Stage::Path), Some(Class::WrongPath)), "{url}");
        assert_eq!((report.requests.len(), report.corrected_url.as_ref()), (0, None), "{url}");
        assert!(report.hints.iter().any(|hint| hint.contains(word)), "{report:#?}");
    }
}

#[tokio::test]
async fn a_slash_too_many_is_tried_as_it_was_given() {
    let strict = Hostile::start(good).await;
    let lenient = Hostile::start(|ask| good(&Ask { path: ask.path.replace("//", "/"), ..ask.clone() })).await;
    for style in STYLES {
        let doubled = strict.base().replace("/scim/v2", "/scim//v2/");
        let report = ask(&doubled, style).await;
        assert_eq!((failed_at(&report), report.class), (Some(Stage::Path), Some(Class::WrongPath)), "{report:#?}");
        assert_eq!(report.corrected_url, Some(strict.base()));
        assert!(ask(&lenient.base().replace("/scim/v2", "//scim/v2"), style).await.ok);
    }
}

#[tokio::test]
async fn a_site_that_shows_its_page_at_every_wrong_path_is_corrected() {
    let page = || Reply::Http(200, vec![("content-type", "text/html".to_owned())], "<html>Welcome".to_owned());
    let server = Hostile::start(move |ask| if ask.path.starts_with("/scim/v2/") { good(ask) } else { page() }).await;
    for style in STYLES {
        for wrong in ["", "app", "scim/v1"] {
            let report = ask(&format!("{}{wrong}", server.url), style).await;
            if wrong == "app" {
                assert_eq!(report.corrected_url, Some(server.base()), "{report:#?}");
            }
            assert_eq!((failed_at(&report), report.class), (Some(Stage::Path), Some(Class::WrongPath)), "{report:#?}");
        }
    }
}

#[tokio::test]
async fn a_clock_an_hour_off_is_a_warning_and_no_failure() {
    let server = Hostile::start(|ask| good_with_clock(ask, "Sun, 22 Nov 2026 13:00:00 GMT")).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.ok && report.class == Some(Class::ClockSkew), "{report:#?}");
        let clock = &report.stages[Stage::Clock as usize];
        assert_eq!(
            (clock.state, clock.words.as_str()),
            (State::Warned, "this computer is 60 minutes behind the server")
        );
    }
}

#[tokio::test]
async fn a_refused_token_says_whether_the_path_could_be_told() {
    let knows = Hostile::start(|ask| match ask.path.contains("ServiceProviderConfig") {
        true => json(r#"{"patch":{}}"#),
        false => status(401, "{}"),
    })
    .await;
    assert_eq!(state(&ask(&knows.base(), IdpStyle::Entra).await, Stage::Path), State::Passed);
    let hides = Hostile::start(|_| status(401, "{}")).await;
    assert_eq!(state(&ask(&hides.base(), IdpStyle::Entra).await, Stage::Path), State::Skipped);
}

#[tokio::test]
async fn people_of_one_name_are_a_warning() {
    let twice = r#"{"totalResults":2,"Resources":[{"id":"1","userName":"ada"},{"id":"2","userName":"Ada"}]}"#;
    let server = Hostile::start(move |ask| match (ask.path.contains("Users"), ask.path.contains("%22ada%22")) {
        (true, true) => json(twice),
        _ => good(ask),
    })
    .await;
    let report = ask(&server.base(), IdpStyle::Entra).await;
    assert!(report.ok && report.class == Some(Class::Duplicate), "{report:#?}");
    assert_eq!(state(&report, Stage::Filter), State::Warned);
}

#[tokio::test]
async fn a_refused_connection_and_a_name_without_address() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = format!("http://{}/scim/v2", free.local_addr().unwrap());
    drop(free);
    for (url, stage) in [(dead.as_str(), Stage::Connection), ("https://does-not-exist.invalid/scim/v2", Stage::Name)] {
        let report = ask(url, IdpStyle::Okta).await;
        assert_eq!((failed_at(&report), report.class), (Some(stage), Some(Class::Unreachable)), "{report:#?}");
    }
}

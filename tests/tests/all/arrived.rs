//! Who arrived, in the app: exports are handed over, the target is read, and what differs can be looked through, searched
//! and saved; stopped, refused, replaced, removed. That the comparison itself is right is shown elsewhere.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;
use usher_core::{
    Action, App, Code, Phase, Secret, View,
    vault::Vault,
    view::{Arrived, Compared, Comparison, GroupFileState, IntakeState, RowFilter, Screen, Tone},
};
use usher_sandbox::{Options, Sandbox, Target as SandboxTarget};

use crate::{
    ledger::{connection, facts, save},
    support::{
        look,
        stage::{Home, at, until},
        target::{Asked, Reply, Target, json},
        tools::client,
        walk::Walk,
    },
};

const SETUP: &str = "wiki";
const TOKEN: &str = "wiki-AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ3f9c";
const PEOPLE: &str = "arrived-people";
const GROUPS: &str = "arrived-groups";
/// As the page sends them.
const PIECE: usize = 256 * 1024;

/// A window on one finished connection, at the screen of who arrived.
struct Scene {
    home: Home,
    app: App,
    target: Target,
}

impl Scene {
    async fn at(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let (home, target) = (Home::new(), Target::start(answer).await);
        save(&home, &connection(SETUP, &target.address, facts(TOKEN, at("2026-11-01T08:00:00Z"), None)));
        home.vault.put(&format!("{SETUP}/scim-token"), &Secret::new(TOKEN)).expect("it is not locked");
        let app = home.open(Default::default());
        let view = app.act(Action::Arrived { setup: SETUP.into() }).await;
        assert!(matches!(view.screen, Screen::Arrived(_)), "{:#?}", view.screen);
        Self { home, app, target }
    }

    async fn act(&self, action: Action) -> View {
        self.app.act(action).await
    }

    fn shown(&self) -> Arrived {
        arrived(&self.app.view()).clone()
    }

    /// Hands a file over and waits until it was read.
    async fn hand(&self, intake: &str, name: &str, text: &str) -> Arrived {
        let view =
            self.act(Action::Examine { intake: intake.into(), name: name.into(), size: Some(text.len() as u64) }).await;
        let serial = serial(arrived(&view), intake);
        for piece in text.as_bytes().chunks(PIECE) {
            if !self.app.feed(serial, piece.to_vec()).await {
                break;
            }
        }
        self.app.feed(serial, Vec::new()).await;
        let reads = |view: &View| !is_reading(arrived(view));
        arrived(&until(&self.app, "the end of reading", reads).await).clone()
    }

    async fn compare(&self) -> Arrived {
        self.act(Action::Compare).await;
        let ended = |view: &View| !matches!(arrived(view).comparison, Comparison::Running { .. });
        arrived(&until(&self.app, "the end of the comparison", ended).await).clone()
    }

    async fn rows(&self, serial: u32, kinds: &[&str], text: &str, from: u32, count: u32) -> (u32, Vec<String>) {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let rows = self.app.rows(serial, RowFilter { kinds, text: text.into() }, from, count).await;
        let rows = rows.expect("the comparison is on the screen");
        assert_eq!(rows.from, from);
        (rows.total, rows.rows.into_iter().map(|row| row.who).collect())
    }
}

fn arrived(view: &View) -> &Arrived {
    match &view.screen {
        Screen::Arrived(arrived) => arrived,
        other => panic!("another screen is shown: {other:#?}"),
    }
}

fn is_reading(arrived: &Arrived) -> bool {
    matches!(arrived.people.state, IntakeState::Reading { .. })
        || arrived.groups.files.iter().any(|file| matches!(file.state, GroupFileState::Reading { .. }))
}

fn serial(arrived: &Arrived, intake: &str) -> u32 {
    match (intake, &arrived.people.state, arrived.groups.files.last().map(|file| &file.state)) {
        (PEOPLE, IntakeState::Reading { serial, .. }, _) | (_, _, Some(GroupFileState::Reading { serial, .. })) => {
            *serial
        }
        other => panic!("nothing is read: {other:?}"),
    }
}

fn compared(arrived: &Arrived) -> &Compared {
    match &arrived.comparison {
        Comparison::Done(compared) => compared,
        other => panic!("it was not compared: {other:#?}"),
    }
}

fn counts(compared: &Compared) -> Vec<(&str, u32)> {
    compared.kinds.iter().map(|kind| (kind.kind.as_str(), kind.count)).collect()
}

fn address(number: usize) -> String {
    format!("person{number:06}@example.com")
}

/// A list as Entra's console exports it.
fn export(count: usize) -> String {
    let mut text = String::from("userPrincipalName,displayName,givenName,surname,mail\r\n");
    for number in 0..count {
        let who = address(number);
        text.push_str(&format!("{who},Person {number},Given{number},Canary,{who}\r\n"));
    }
    text
}

fn members(numbers: &[usize]) -> String {
    let rows = numbers.iter().map(|number| format!("{},Person {number}\r\n", address(*number)));
    format!("userPrincipalName,displayName\r\n{}", rows.collect::<String>())
}

/// A target with these people, and groups with these members, page by page (RFC 7644 section 3.4.2.4).
fn directory(people: Vec<usize>, groups: Vec<(&'static str, Vec<usize>)>) -> impl Fn(&Asked) -> Reply + Send + Sync {
    let user = |number: &usize| {
        let who = address(*number);
        format!(
            r#"{{"id":"u{number}","userName":"{who}","displayName":"Person {number}","active":true,"name":{{"givenName":"Given{number}","familyName":"Canary"}},"emails":[{{"value":"{who}","type":"work","primary":true}}]}}"#
        )
    };
    let group = |(name, members): &(&str, Vec<usize>)| {
        let members: Vec<String> = members.iter().map(|number| format!(r#"{{"value":"u{number}"}}"#)).collect();
        format!(r#"{{"id":"g-{name}","displayName":"{name}","members":[{}]}}"#, members.join(","))
    };
    let people: Vec<String> = people.iter().map(user).collect();
    let groups: Vec<String> = groups.iter().map(group).collect();
    move |asked| {
        let all = if asked.path.contains("/Groups") { &groups } else { &people };
        page(all, asked)
    }
}

fn page(all: &[String], asked: &Asked) -> Reply {
    let number = |name: &str, otherwise: usize| {
        let found = asked.path.split(['?', '&']).find_map(|part| part.strip_prefix(&format!("{name}=")));
        found.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
    };
    let (start, count) = (number("startIndex", 1).max(1), number("count", 100).min(1_000));
    let shown: Vec<&str> = all.iter().skip(start - 1).take(count).map(String::as_str).collect();
    json(
        200,
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{},"startIndex":{start},"itemsPerPage":{},"Resources":[{}]}}"#,
            all.len(),
            shown.len(),
            shown.join(",")
        ),
    )
}

#[tokio::test]
async fn who_is_there_as_exported_is_said_to_be() {
    let scene = Scene::at(directory((0..250).collect(), vec![("Sales", vec![1, 2, 3])])).await;
    let shown = scene.shown();
    assert!(shown.missing.as_ref().is_some_and(|missing| missing.contains("list of people")), "{shown:#?}");
    let view = scene.act(Action::Compare).await;
    assert_eq!(arrived(&view).comparison, Comparison::Waiting, "nothing is compared with nothing");

    let shown = scene.hand(PEOPLE, "people.csv", &export(250)).await;
    let IntakeState::Done { sheet, .. } = &shown.people.state else { panic!("{:#?}", shown.people.state) };
    assert_eq!(sheet.verdict.text, "250 people");
    let shown = scene.hand(GROUPS, "Sales_2026-11-26.csv", &members(&[1, 2, 3])).await;
    assert_eq!(shown.groups.files[0].name.as_deref(), Some("Sales"));
    assert_eq!(shown.missing, None);
    let shown = scene.compare().await;
    let compared = compared(&shown);
    assert_eq!((compared.total, compared.verdict.tone), (0, Tone::Good), "{compared:#?}");
    assert!(compared.verdict.text.contains("250 people and 1 group"), "{}", compared.verdict.text);
    assert_eq!(scene.rows(compared.serial, &[], "", 0, 100).await, (0, vec![]));
    let view = scene.app.view();
    assert!(view.announcement.is_some_and(|said| said.text == compared.verdict.text), "the end is announced");
}

#[tokio::test]
async fn what_differs_is_counted_and_handed_out_in_parts() {
    // Of 2,000 people, each hundredth is not there; and two are there whom nobody sent.
    let there = (0..2_000).filter(|number| number % 100 != 7).chain([5_000, 5_001]).collect();
    let scene = Scene::at(directory(there, vec![("Sales", vec![1, 2, 9])])).await;
    scene.hand(PEOPLE, "people.csv", &export(2_000)).await;
    scene.hand(GROUPS, "Sales.csv", &members(&[1, 2, 3])).await;
    let shown = scene.compare().await;
    let found = compared(&shown);
    let wanted = [("missing", 20), ("unexpected", 2), ("member-missing", 1), ("member-unexpected", 1)];
    assert_eq!((counts(found).as_slice(), found.total), (&wanted[..], 24));
    assert_eq!(found.verdict.tone, Tone::Bad);

    let serial = found.serial;
    let (total, rows) = scene.rows(serial, &[], "", 0, 100).await;
    assert_eq!((total, rows.len(), rows[0].as_str()), (24, 24, address(7).as_str()));
    let (total, rows) = scene.rows(serial, &["unexpected"], "", 0, 100).await;
    assert_eq!((total, rows), (2, vec![address(5_000), address(5_001)]));
    let (total, rows) = scene.rows(serial, &["missing", "unexpected"], "", 19, 2).await;
    assert_eq!((total, rows), (22, vec![address(1_907), address(5_000)]));
    let (total, rows) = scene.rows(serial, &[], "PERSON000107", 0, 100).await;
    assert_eq!((total, rows), (1, vec![address(107)]), "a search does not mind the letter case");
    assert_eq!(scene.rows(serial, &["unexpected"], "000107", 0, 100).await, (0, vec![]));
    assert_eq!(scene.rows(serial, &[], "sales", 0, 100).await.0, 2, "groups are searched too");
    // Bounds.
    assert_eq!(scene.rows(serial, &[], "", 24, 100).await, (24, vec![]), "from beyond the end");
    assert_eq!(scene.rows(serial, &[], "", u32::MAX, u32::MAX).await, (24, vec![]));
    assert_eq!(scene.rows(serial, &[], "", 0, 0).await, (24, vec![]), "none is none");
    assert_eq!(scene.rows(serial, &[], &"x".repeat(100_000), 0, 10).await, (0, vec![]));
    let unknown = RowFilter { kinds: vec!["no-such-kind".into()], text: String::new() };
    assert_eq!(scene.app.rows(serial, unknown, 0, 10).await.map_err(|problem| problem.code), Err(Code::WrongInput));

    // A row says what to do.
    let rows = scene.app.rows(serial, RowFilter::default(), 0, 1).await.expect("it is on the screen").rows;
    assert_eq!((rows[0].kind.as_str(), rows[0].tone), ("Missing", Tone::Bad));
    assert!(rows[0].points.iter().any(|point| point.label == "Next" && !point.text.is_empty()), "{:#?}", rows[0]);
}

#[tokio::test]
async fn not_more_rows_are_handed_out_at_once_than_a_window_needs() {
    let scene = Scene::at(directory(vec![], vec![])).await;
    scene.hand(PEOPLE, "people.csv", &export(3_000)).await;
    let shown = scene.compare().await;
    let (total, rows) = scene.rows(compared(&shown).serial, &[], "", 0, u32::MAX).await;
    assert_eq!((total, rows.len()), (3_000, 500));
}

#[tokio::test]
async fn a_comparison_is_stopped_in_the_middle_and_the_earlier_one_stays() {
    let (gate, closed) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let answer = directory((0..2_500).collect(), vec![]);
    let scene = {
        let (gate, closed) = (gate.clone(), closed.clone());
        // The first comparison is answered; of the second one, the first two pages.
        Scene::at(move |request| {
            let reply = answer(request);
            let held = closed.load(Ordering::SeqCst) && request.path.contains("startIndex=2001&");
            if held { Reply::Gated(gate.clone(), Box::new(reply)) } else { reply }
        })
        .await
    };
    scene.hand(PEOPLE, "people.csv", &export(2_510)).await;
    let first = scene.compare().await;
    let serial = compared(&first).serial;
    assert_eq!(counts(compared(&first)), [("missing", 10)]);
    closed.store(true, Ordering::SeqCst);

    scene.act(Action::Compare).await;
    let halfway = |view: &View| match &arrived(view).comparison {
        Comparison::Running { doing, percent, .. } => doing.contains("2,000 of 2,500 people") && *percent == Some(80),
        other => panic!("it ended without an answer: {other:#?}"),
    };
    until(&scene.app, "how far it is", halfway).await;
    let view = scene.act(Action::Compare).await;
    assert!(matches!(arrived(&view).comparison, Comparison::Running { .. }), "one at a time");
    let view = scene.act(Action::StopComparing).await;
    assert_eq!(compared(arrived(&view)).serial, serial, "what was found before is shown again");
    assert_eq!(scene.rows(serial, &[], "", 0, 1).await.0, 10);
    // What is answered late changes nothing.
    gate.notify_waiters();
    let view = scene.act(Action::StopComparing).await;
    assert_eq!(compared(arrived(&view)).serial, serial);
}

#[tokio::test]
async fn one_that_is_stopped_first_leaves_nothing() {
    let scene = Scene::at(|_| Reply::Silence).await;
    scene.hand(PEOPLE, "people.csv", &export(3)).await;
    scene.act(Action::Compare).await;
    // Elsewhere and back, it still runs.
    scene.act(Action::Home).await;
    let view = scene.act(Action::Arrived { setup: SETUP.into() }).await;
    assert!(matches!(arrived(&view).comparison, Comparison::Running { .. }));
    let view = scene.act(Action::StopComparing).await;
    assert_eq!(arrived(&view).comparison, Comparison::Waiting);
    assert!(matches!(arrived(&view).people.state, IntakeState::Done { .. }), "the files stay");
}

#[tokio::test]
async fn a_target_that_refuses_is_named_with_the_next_click() {
    let scene = Scene::at(|_| json(401, r#"{"detail":"Unauthorized"}"#)).await;
    scene.hand(PEOPLE, "people.csv", &export(3)).await;
    let shown = scene.compare().await;
    let Comparison::Failed { problem, .. } = &shown.comparison else { panic!("{:#?}", shown.comparison) };
    assert_eq!(problem.code, Code::Unauthorized);
    assert!(problem.class.is_some(), "there is a page about it");
    assert!(problem.hints.iter().any(|hint| hint.text.contains("Rotate token") && hint.go.is_none()), "{problem:#?}");
    let copied = scene.app.copyable("details/arrived").await.expect("it is for support");
    assert!(copied.value.expose().contains("401") && !copied.value.expose().contains(TOKEN));
    // Once it answers again, the same files are compared.
    assert_eq!(shown.missing, None);
}

#[tokio::test]
async fn what_is_no_scim_and_who_does_not_answer_are_told_apart() {
    for (reply, code) in [("<html>Sign in</html>", Code::NotScim), ("", Code::Connect)] {
        let scene = Scene::at(move |_| match reply {
            "" => Reply::HangUp,
            text => Reply::Whole(200, vec![("content-type", "text/html".into())], text.into()),
        })
        .await;
        scene.hand(PEOPLE, "people.csv", &export(3)).await;
        let shown = scene.compare().await;
        let Comparison::Failed { problem, .. } = &shown.comparison else { panic!("{:#?}", shown.comparison) };
        assert_eq!(problem.code, code, "{problem:#?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_removed_meanwhile_takes_all_of_it_along() {
    let gate = Arc::new(Notify::new());
    let answer = directory((0..3).collect(), vec![]);
    let scene = {
        let gate = gate.clone();
        Scene::at(move |request| Reply::Gated(gate.clone(), Box::new(answer(request)))).await
    };
    scene.hand(PEOPLE, "people.csv", &export(3)).await;
    scene.act(Action::Compare).await;
    scene.act(Action::Home).await;
    let view = scene.act(Action::RemoveSetup { setup: SETUP.into() }).await;
    assert!(matches!(&view.screen, Screen::Home(home) if home.setups.is_empty()), "{:#?}", view.screen);
    gate.notify_waiters();
    let view = scene.act(Action::Arrived { setup: SETUP.into() }).await;
    assert!(matches!(view.screen, Screen::Home(_)), "there is nothing to compare any more: {:#?}", view.screen);
    assert!(scene.app.rows(1, RowFilter::default(), 0, 10).await.is_err());
}

#[tokio::test]
async fn a_second_comparison_takes_the_place_of_the_first() {
    let scene = Scene::at(directory((0..10).collect(), vec![])).await;
    scene.hand(PEOPLE, "people.csv", &export(12)).await;
    let first = compared(&scene.compare().await).clone();
    assert_eq!(first.total, 2);
    let shown = scene.hand(PEOPLE, "more people.csv", &export(13)).await;
    let stale = compared(&shown);
    assert!(stale.remarks.iter().any(|remark| remark.contains("compare again")), "{stale:#?}");
    let second = compared(&scene.compare().await).clone();
    assert!(second.serial > first.serial && second.total == 3, "{second:#?}");
    assert!(!second.remarks.iter().any(|remark| remark.contains("compare again")));
    let old = scene.app.rows(first.serial, RowFilter::default(), 0, 10).await;
    assert_eq!(old.map_err(|problem| problem.code), Err(Code::WrongInput));
}

#[tokio::test]
async fn groups_are_named_corrected_and_taken_away() {
    let scene = Scene::at(directory((0..10).collect(), vec![("Sales EMEA", vec![1]), ("Finance", vec![2])])).await;
    scene.hand(PEOPLE, "people.csv", &export(10)).await;
    let shown = scene.hand(GROUPS, "exportGroupMembers_2026-11-26.csv", &members(&[1])).await;
    let file = &shown.groups.files[0];
    assert_eq!(
        (file.name.as_deref(), &file.state),
        (Some(""), &GroupFileState::Done { holds: "1 member".into(), remarks: vec![] })
    );
    assert!(
        shown.missing.as_ref().is_some_and(|missing| missing.contains("exportGroupMembers")),
        "{:?}",
        shown.missing
    );
    let view = scene.act(Action::NameGroup { file: file.id.clone(), name: "Sales EMEA".into() }).await;
    assert_eq!(arrived(&view).missing, None);

    // Of many groups at once, with their names in it; and one that cannot be read.
    let report = format!("Group name,Okta username\r\nFinance,{}\r\nNobody knows it,{}\r\n", address(2), address(3));
    let shown = scene.hand(GROUPS, "report.csv", &report).await;
    assert_eq!(shown.groups.files[1].name, None, "its names are in it");
    let shown = scene.hand(GROUPS, "groups.xlsx", "PK\u{3}\u{4}\u{14}\u{0}\u{6}\u{0}[Content_Types].xml").await;
    let broken = shown.groups.files[2].clone();
    assert!(matches!(&broken.state, GroupFileState::Failed { problem } if !problem.hints.is_empty()), "{broken:#?}");
    assert!(shown.missing.is_some_and(|missing| missing.contains("groups.xlsx")));
    let view = scene.act(Action::PutAway { intake: broken.id }).await;
    assert_eq!((arrived(&view).groups.files.len(), &arrived(&view).missing), (2, &None));

    let shown = scene.compare().await;
    assert_eq!(counts(compared(&shown)), [("group-missing", 1)], "{shown:#?}");
    let view = scene.act(Action::PutAway { intake: GROUPS.into() }).await;
    assert!(arrived(&view).groups.files.is_empty());
    assert!(matches!(arrived(&view).people.state, IntakeState::Done { .. }), "the people stay");
}

#[tokio::test]
async fn what_is_no_list_or_breaks_off_is_not_compared() {
    let scene = Scene::at(directory(vec![], vec![])).await;
    for (text, word) in [("<!doctype html><html><body>Sign in</body></html>", "web page"), ("", "nothing in it")] {
        let shown = scene.hand(PEOPLE, "people.csv", text).await;
        let IntakeState::Failed { problem, .. } = &shown.people.state else { panic!("{:#?}", shown.people.state) };
        assert!(problem.message.to_lowercase().contains(word), "{problem}");
        assert!(shown.missing.is_some());
    }
    // A good one that is replaced by a bad one is gone: what is compared is what is shown.
    scene.hand(PEOPLE, "people.csv", &export(3)).await;
    let shown = scene.hand(PEOPLE, "other.csv", "").await;
    assert!(shown.missing.is_some(), "{shown:#?}");
    let begin = Action::Examine { intake: GROUPS.into(), name: "Sales.csv".into(), size: None };
    let view = scene.act(begin).await;
    let serial = serial(arrived(&view), GROUPS);
    scene.app.feed(serial, members(&[1]).into_bytes()).await;
    let view = scene.act(Action::BreakOff { serial }).await;
    let GroupFileState::Failed { problem } = &arrived(&view).groups.files[0].state else { panic!("{view:#?}") };
    assert!(problem.message.starts_with("Sales.csv"), "{problem}");
    // A list of people that is stopped half-way is not taken for the whole.
    let begin = Action::Examine { intake: PEOPLE.into(), name: "people.csv".into(), size: None };
    let view = scene.act(begin).await;
    let serial = self::serial(arrived(&view), PEOPLE);
    scene.app.feed(serial, export(3).into_bytes()).await;
    scene.act(Action::PutAway { intake: PEOPLE.into() }).await;
    let view = until(&scene.app, "the end of reading", |view| !is_reading(arrived(view))).await;
    assert_eq!(arrived(&view).people.state, IntakeState::Empty);
    assert!(arrived(&view).missing.is_some());
}

#[tokio::test]
async fn what_was_found_is_saved_and_nothing_else() {
    let scene = Scene::at(directory((0..10).collect(), vec![])).await;
    scene.hand(PEOPLE, "people.csv", &export(12)).await;
    let shown = scene.compare().await;
    assert_eq!(compared(&shown).saved, None);
    assert_eq!(holding(scene.home.folder.path(), "person000011"), Vec::<String>::new(), "nothing of it is on the disk");
    let mut paths = Vec::new();
    for _ in 0..2 {
        let view = scene.act(Action::SaveDifferences).await;
        paths.push(compared(arrived(&view)).saved.clone().expect("it is said where"));
    }
    assert_ne!(paths[0], paths[1], "an older file is never replaced");
    let text = fs::read_to_string(&paths[0]).expect("it is there");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("kind,person,") && lines[1].starts_with(&format!("missing,{},", address(10))),
        "{text}"
    );
    let held = holding(scene.home.folder.path(), "person000011");
    assert_eq!(held.len(), 2, "only the files that were saved: {held:?}");

    // A folder that cannot be written is said, and what was found stays.
    let documents = Path::new(&paths[0]).parent().expect("it is in a folder").to_owned();
    fs::remove_dir_all(&documents).expect("it can be removed");
    fs::write(&documents, "no folder").expect("there is room");
    let view = scene.act(Action::SaveDifferences).await;
    assert!(view.notices.iter().any(|notice| notice.id == "differences"), "{:#?}", view.notices);
    assert_eq!(compared(arrived(&view)).total, 2);
}

#[tokio::test]
async fn the_way_there_and_back() {
    let scene = Scene::at(directory((0..3).collect(), vec![])).await;
    scene.hand(PEOPLE, "people.csv", &export(4)).await;
    scene.compare().await;
    let view = scene.act(Action::Back).await;
    let Screen::Home(home) = &view.screen else { panic!("{:#?}", view.screen) };
    assert!(home.setups[0].comparable);
    let view = scene.act(Action::OpenSetup { setup: SETUP.into() }).await;
    let Screen::Finish(finish) = &view.screen else { panic!("{:#?}", view.screen) };
    let door = finish.compare.clone().expect("there is a way");
    assert!(door.last.as_ref().is_some_and(|last| last.text.starts_with("1 difference")), "{door:#?}");
    let view = scene.act(Action::Arrived { setup: door.setup }).await;
    assert_eq!(compared(arrived(&view)).total, 1, "all is as it was");
    // To the page of a cause, and back to the rows.
    scene.act(Action::Doctor { class: Some("not-assigned".into()) }).await;
    let view = scene.act(Action::Back).await;
    assert_eq!(compared(arrived(&view)).total, 1);
    let view = scene.act(Action::Back).await;
    assert!(matches!(view.screen, Screen::Finish(_)), "{:#?}", view.screen);
    assert!(scene.app.rows(1, RowFilter::default(), 0, 10).await.is_err(), "rows are of what is on the screen");
    assert!(!scene.target.asked().is_empty());
}

#[tokio::test]
async fn the_way_there_stands_below_the_watch_once_it_was_begun() {
    let options = Options { target: SandboxTarget::AwsIdentityCenter, prepared: true, ..Options::default() };
    let world = Sandbox::start(options).await.expect("it starts");
    let home = Home::new();
    let app = home.open(world.addresses().places());
    app.act(Action::NewSetup { practice: true }).await;
    app.act(Action::ChooseTarget { target: "aws-identity-center".into() }).await;
    app.act(Action::ChooseIdp { idp: "entra".into() }).await;
    app.act(Action::Continue).await;
    app.act(Action::Continue).await;
    Walk::new(&app, &world, &mut |_| {}).to(Phase::Provisioning).await;
    assert_eq!(look::step(&app.view()).compare, None, "nobody can have arrived yet");
    for (block, value) in [("sample-group", "SCIM pilot"), ("sample-user", "ada@example.com")] {
        app.act(Action::Type { block: block.into(), value: value.into() }).await;
    }
    let view = app.act(Action::Run { block: "scim-watch-arrivals".into() }).await;
    let door = look::step(&view).compare.clone().unwrap_or_else(|| panic!("{:#?}", look::step(&view).blocks));
    assert_eq!(door.below, "scim-watch-arrivals");
    let view = app.act(Action::Arrived { setup: door.setup }).await;
    assert!(matches!(view.screen, Screen::Arrived(_)) && view.banner.is_some(), "it is practice there too: {view:#?}");
    let view = app.act(Action::Back).await;
    assert_eq!(look::step(&view).phase, Phase::Provisioning);
}

#[tokio::test]
async fn what_the_practice_consoles_export_is_read() {
    let world = Sandbox::start(Options { target: SandboxTarget::HpeGreenlake, ..Options::default() }).await;
    let world = world.expect("it starts");
    let page = async |base: &str, path: &str| {
        let answer = client().get(format!("{}{path}", base.trim_end_matches('/'))).send().await.expect("it answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.expect("it is text")
    };
    let (entra, okta) = (world.addresses().entra_url.clone(), world.addresses().okta_url.clone());
    let scene = Scene::at(directory(vec![], vec![])).await;
    let people = |shown: &Arrived| match &shown.people.state {
        IntakeState::Done { sheet, .. } => sheet.verdict.text.clone(),
        other => panic!("{other:#?}"),
    };
    let shown = scene.hand(PEOPLE, "exportUsers.csv", &page(&entra, "/directory/users.csv").await).await;
    assert_eq!(people(&shown), "8 people");
    let shown = scene
        .hand(GROUPS, "GreenLake Users_2026-11-26.csv", &page(&entra, "/directory/groups/g1/members.csv").await)
        .await;
    let holds = |shown: &Arrived| match &shown.groups.files.last().expect("one was handed over").state {
        GroupFileState::Done { holds, .. } => holds.clone(),
        other => panic!("{other:#?}"),
    };
    assert_eq!((holds(&shown).as_str(), shown.groups.files[0].name.as_deref()), ("5 members", Some("GreenLake Users")));

    let shown = scene.hand(PEOPLE, "user_accounts.csv", &page(&okta, "/directory/people.csv").await).await;
    assert_eq!(people(&shown), "8 people");
    let shown = scene.hand(GROUPS, "group_membership.csv", &page(&okta, "/directory/groups.csv").await).await;
    assert!(holds(&shown).starts_with("4 groups with "), "{}", holds(&shown));
    assert_eq!(shown.groups.files[1].name, None);
}

/// Every file below a folder that holds this.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).contains(text) {
            found.push(path.display().to_string());
        }
    }
    found
}

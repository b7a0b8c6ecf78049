//! Files and texts that the admin hands over: piece by piece, while everything else goes on; stopped, replaced, left
//! alone; and nothing of them is kept.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use tokio::time::timeout;
use usher_core::{
    Action, App, Phase, View,
    view::{Block, Intake, IntakeState, Screen, Section, Sheet, Tone},
};
use usher_sandbox::{Options, Sandbox, Target};

use crate::support::{
    look,
    stage::{Home, until},
    walk::Walk,
};

const UNAUTHORIZED: &str = "SystemForCrossDomainIdentityManagementCredentialValidationFailure. Response Status Code: \
    Unauthorized. Web Response: {\"errors\":[{\"code\":\"401\",\"message\":\"Unauthorized\"}]}. This operation was \
    retried 0 times.";

/// As the page sends them.
const PIECE: usize = 256 * 1024;

fn intake<'a>(view: &'a View, id: &str) -> &'a Intake {
    let found = match &view.screen {
        Screen::Doctor(doctor) => Some(&doctor.intake),
        Screen::Step(step) => step.blocks.iter().find_map(|block| match block {
            Block::Intake(intake) if intake.id == id => Some(intake),
            _ => None,
        }),
        _ => None,
    };
    found.unwrap_or_else(|| panic!("there is no intake {id} on {:#?}", view.screen))
}

/// The ticks of the first mapping table, by attribute.
fn ticks(view: &View) -> BTreeMap<String, bool> {
    let tables = look::step(view).blocks.iter().find_map(|block| match block {
        Block::Mapping { tables, .. } => Some(tables),
        _ => None,
    });
    tables.expect("there is a list")[0].rows.iter().map(|row| (row.target.clone(), row.done)).collect()
}

fn serial(view: &View, id: &str) -> u32 {
    match intake(view, id).state {
        IntakeState::Reading { serial, .. } => serial,
        ref other => panic!("nothing is read: {other:?}"),
    }
}

fn sheet<'a>(view: &'a View, id: &str) -> &'a Sheet {
    match &intake(view, id).state {
        IntakeState::Done { sheet, .. } => sheet,
        other => panic!("it was not read: {other:#?}"),
    }
}

fn section<'a>(sheet: &'a Sheet, id: &str) -> &'a Section {
    sheet.sections.iter().find(|section| section.id == id).unwrap_or_else(|| panic!("no {id} in {sheet:#?}"))
}

async fn begin(app: &App, id: &str, name: &str, size: u64) -> u32 {
    serial(&app.act(Action::Examine { intake: id.into(), name: name.into(), size: Some(size) }).await, id)
}

/// All of it, and then what was found.
async fn hand_over(app: &App, id: &str, name: &str, bytes: &[u8]) -> View {
    let serial = begin(app, id, name, bytes.len() as u64).await;
    for piece in bytes.chunks(PIECE) {
        if !app.feed(serial, piece.to_vec()).await {
            break;
        }
    }
    app.feed(serial, Vec::new()).await;
    read(app, id).await
}

async fn read(app: &App, id: &str) -> View {
    until(app, "the end of reading", |view| !matches!(intake(view, id).state, IntakeState::Reading { .. })).await
}

/// At step 6 of AWS and Entra, in a practice world that somebody hand-made an account in.
async fn at_step_6(home: &Home) -> (App, Sandbox) {
    let options = Options { target: Target::AwsIdentityCenter, prepared: true, ..Options::default() };
    let world = Sandbox::start(options).await.expect("it starts");
    let app = home.open(world.addresses().places());
    app.act(Action::NewSetup { practice: true }).await;
    app.act(Action::ChooseTarget { target: "aws-identity-center".into() }).await;
    app.act(Action::ChooseIdp { idp: "entra".into() }).await;
    app.act(Action::Continue).await;
    app.act(Action::Continue).await;
    Walk::new(&app, &world, &mut |_| {}).to(Phase::Provisioning).await;
    (app, world)
}

/// A list as Entra's console exports it, with so many people of whom each hundredth has no surname.
fn people(count: usize) -> String {
    let mut text = String::from("userPrincipalName,displayName,givenName,surname,mail\r\n");
    for number in 1..=count {
        let surname = if number % 100 == 0 { "" } else { "Canary" };
        text.push_str(&format!(
            "person{number}@example.com,Person {number},Given{number},{surname},person{number}@example.com\r\n"
        ));
    }
    text
}

#[tokio::test]
async fn an_error_text_is_explained_without_any_connection() {
    let home = Home::new();
    let app = home.open(Default::default());
    let view = app.act(Action::Doctor { class: None }).await;
    assert_eq!(intake(&view, "doctor").state, IntakeState::Empty);
    let view = hand_over(&app, "doctor", "Pasted text", UNAUTHORIZED.as_bytes()).await;
    let state = intake(&view, "doctor").state.clone();
    let sheet = sheet(&view, "doctor");
    let first = &sheet.sections[0];
    let class = ["token-expired", "bad-credentials"].into_iter().find(|class| first.id.starts_with(class));
    let class = class.unwrap_or_else(|| panic!("{sheet:#?}"));
    assert!(first.points.iter().any(|point| point.label == "What to do"), "{first:#?}");

    // Its page, and back to where the text was handed over.
    let view = app.act(Action::Doctor { class: Some(class.into()) }).await;
    let Screen::Doctor(doctor) = &view.screen else { panic!("{:#?}", view.screen) };
    assert_eq!(doctor.page.as_ref().map(|page| page.id.as_str()), Some(class));
    let view = app.act(Action::Back).await;
    assert_eq!(intake(&view, "doctor").state, state, "back to what was found");
    let view = app.act(Action::Back).await;
    assert!(matches!(view.screen, Screen::Home(_)), "{:#?}", view.screen);
    let view = app.act(Action::Doctor { class: Some("no such class".into()) }).await;
    assert!(matches!(&view.screen, Screen::Doctor(doctor) if doctor.page.is_none()));
}

#[tokio::test]
async fn what_nobody_knows_is_said_to_be_unknown() {
    let home = Home::new();
    let app = home.open(Default::default());
    app.act(Action::Doctor { class: None }).await;
    let view = hand_over(&app, "doctor", "Pasted text", b"The flux capacitor is at 1.21 gigawatts.").await;
    let sections = &sheet(&view, "doctor").sections;
    assert!(sections.iter().all(|section| section.class.is_none()), "{sections:#?}");
}

#[tokio::test]
async fn a_long_list_is_read_while_everything_else_goes_on() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let list = people(100_000);
    let serial = begin(&app, "people", "people.csv", list.len() as u64).await;
    let feeding = {
        let (app, list) = (app.clone(), list.clone());
        tokio::spawn(async move {
            for piece in list.as_bytes().chunks(PIECE) {
                assert!(app.feed(serial, piece.to_vec()).await);
            }
            app.feed(serial, Vec::new()).await
        })
    };
    let halfway = |view: &View| match &intake(view, "people").state {
        IntakeState::Reading { percent, doing, .. } => {
            percent.is_some_and(|percent| percent > 10) && doing.contains("rows read")
        }
        other => panic!("it was read without a word: {other:?}"),
    };
    until(&app, "a word on how far it is", halfway).await;
    // What is typed meanwhile arrives, and the reading goes on.
    let view = app.act(Action::Type { block: "sample-user".into(), value: "person1@example.com".into() }).await;
    assert!(
        matches!(intake(&view, "people").state, IntakeState::Reading { .. }),
        "it was over before anything was typed"
    );
    assert!(!feeding.await.expect("it was fed"));
    let view = read(&app, "people").await;
    let sheet = sheet(&view, "people");
    assert!(sheet.verdict.text.contains("1,000") || sheet.verdict.text.contains("1000"), "{}", sheet.verdict.text);
    let missing = sheet.sections.iter().find(|section| section.class.as_deref() == Some("missing-attribute"));
    let missing = missing.unwrap_or_else(|| panic!("{sheet:#?}"));
    assert_eq!(missing.badge, "1,000");
    assert!(missing.rows.len() <= 50 && missing.more.is_some(), "{} rows", missing.rows.len());
    assert_eq!(missing.rows[0].cells[0], "101", "the line in the file");
}

#[tokio::test]
async fn who_is_at_the_target_already_is_named() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let base = app.copyable("tenant-url").await.expect("it is for copying").value;
    let token = app.copyable("secret-token").await.expect("it is for copying").value;
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "Person7@Example.com",
        "displayName": "Made by hand",
        "name": { "givenName": "By", "familyName": "Hand" },
    });
    let url = format!("{}/Users", base.expose().trim_end_matches('/'));
    let made = crate::support::tools::client().post(url).bearer_auth(token.expose()).header("user-agent", "a test");
    let made = made.header("content-type", "application/scim+json").body(body.to_string()).send().await;
    assert!(made.expect("the sandbox answers").status().is_success());
    let view = hand_over(&app, "people", "people.csv", people(20).as_bytes()).await;
    let found = sheet(&view, "people").sections.iter().find(|section| {
        section.rows.iter().any(|row| row.cells.iter().any(|cell| cell.to_lowercase().contains("person7@")))
    });
    let found = found.unwrap_or_else(|| panic!("{:#?}", sheet(&view, "people")));
    assert_eq!(found.class.as_deref(), Some("duplicate"), "{found:#?}");
}

#[tokio::test]
async fn stopping_shows_what_was_found_until_then() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let list = people(50_000);
    let serial = begin(&app, "people", "people.csv", list.len() as u64 * 10).await;
    for piece in list.as_bytes().chunks(PIECE).take(6) {
        assert!(app.feed(serial, piece.to_vec()).await);
    }
    until(&app, "some rows", |view| match &intake(view, "people").state {
        IntakeState::Reading { doing, .. } => doing.contains("rows read"),
        other => panic!("{other:?}"),
    })
    .await;
    app.act(Action::PutAway { intake: "people".into() }).await;
    let view = read(&app, "people").await;
    let said = &sheet(&view, "people").remarks;
    assert!(said[0].starts_with("Stopped before the end"), "{said:?}");
    assert!(!app.feed(serial, vec![b'x']).await, "nothing more is wanted");
    let view = app.act(Action::PutAway { intake: "people".into() }).await;
    assert_eq!(intake(&view, "people").state, IntakeState::Empty);
}

#[tokio::test]
async fn a_second_file_takes_the_place_of_the_first() {
    let home = Home::new();
    let app = home.open(Default::default());
    app.act(Action::Doctor { class: None }).await;
    let first = begin(&app, "doctor", "first.log", 100).await;
    app.feed(first, b"HTTP 500 Internal Server".to_vec()).await;
    let second = begin(&app, "doctor", "second.log", 100).await;
    assert!(first != second && !app.feed(first, b" Error".to_vec()).await);
    app.feed(second, UNAUTHORIZED.as_bytes().to_vec()).await;
    app.feed(second, Vec::new()).await;
    let view = read(&app, "doctor").await;
    let IntakeState::Done { name, sheet, .. } = &intake(&view, "doctor").state else { panic!("{view:#?}") };
    assert_eq!(name, "second.log");
    assert!(sheet.sections.iter().all(|section| section.class.as_deref() != Some("target-error")), "{sheet:#?}");
}

#[tokio::test]
async fn a_file_that_never_ends_keeps_nobody_waiting() {
    let home = Home::new();
    let app = home.open(Default::default());
    app.act(Action::Doctor { class: None }).await;
    let serial = begin(&app, "doctor", "endless", 100).await;
    app.feed(serial, b"half a li".to_vec()).await;
    let view = timeout(Duration::from_secs(10), app.act(Action::Home)).await.expect("the window goes on");
    assert!(matches!(view.screen, Screen::Home(_)));
    app.act(Action::Doctor { class: None }).await;
    app.act(Action::PutAway { intake: "doctor".into() }).await;
    let view = read(&app, "doctor").await;
    assert!(!matches!(intake(&view, "doctor").state, IntakeState::Failed { .. }), "stopping is no failure");
}

#[tokio::test]
async fn what_is_no_list_is_named_as_what_it_is() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let cases: [(&str, &[u8], &str); 4] = [
        ("people.xlsx", b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "Excel"),
        ("people.html", b"<!doctype html><html><body>Sign in</body></html>", "web page"),
        ("people.csv", b"", "nothing in it"),
        ("people.json", b"[{\"userPrincipalName\":\"ada@example.com\"}]", "JSON"),
    ];
    for (name, bytes, word) in cases {
        let view = hand_over(&app, "people", name, bytes).await;
        let IntakeState::Failed { problem, .. } = &intake(&view, "people").state else { panic!("{name}: {view:#?}") };
        assert!(problem.message.to_lowercase().contains(&word.to_lowercase()), "{name}: {}", problem.message);
        assert!(!problem.hints.is_empty(), "{name} says what to hand over instead");
    }
}

#[tokio::test]
async fn nothing_that_is_handed_over_is_kept() {
    let home = Home::new();
    let (app, world) = at_step_6(&home).await;
    let list = "userPrincipalName,displayName,givenName,surname\r\nkanarienvogel@example.com,Kanarienvogel,,\r\n";
    let view = hand_over(&app, "people", "people.csv", list.as_bytes()).await;
    assert!(format!("{:?}", view.screen).contains("kanarienvogel"), "it is shown");
    app.act(Action::Home).await;
    let mut looked_at = 0;
    nowhere(home.folder.path(), "kanarienvogel", &mut looked_at);
    assert!(looked_at > 0, "there were files to look at");
    let setup = home.setup();
    drop(app);
    let again = home.open(world.addresses().places());
    let view = again.act(Action::OpenSetup { setup }).await;
    assert_eq!(look::step(&view).phase, Phase::Provisioning);
    assert_eq!(intake(&view, "people").state, IntakeState::Empty, "a new window knows nothing of it");
    assert!(!format!("{view:?}").contains("kanarienvogel"));
}

#[tokio::test]
async fn a_log_that_was_stopped_is_not_called_fine() {
    let home = Home::new();
    let app = home.open(Default::default());
    app.act(Action::Doctor { class: None }).await;
    let serial = begin(&app, "doctor", "log.json", 1 << 30).await;
    let row = |number: usize| {
        format!(
            r#"{{"id":"{number}","provisioningAction":"update","provisioningStatusInfo":{{"status":"success","errorInformation":null}}}},"#
        )
    };
    let rows: String = (0..1_000).map(row).collect();
    assert!(app.feed(serial, format!("[{rows}").into_bytes()).await);
    app.act(Action::PutAway { intake: "doctor".into() }).await;
    let view = read(&app, "doctor").await;
    match &intake(&view, "doctor").state {
        IntakeState::Empty => {}
        IntakeState::Done { sheet, .. } => {
            assert_ne!(sheet.verdict.tone, Tone::Good, "{sheet:#?}");
            assert!(sheet.remarks[0].starts_with("Stopped before the end"), "{sheet:#?}");
        }
        other => panic!("{other:#?}"),
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_says_so_whatever_screen_is_in_front() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let serial = begin(&app, "people", "people.csv", 1_000).await;
    app.feed(serial, people(2).into_bytes()).await;
    app.act(Action::Home).await;
    app.act(Action::BreakOff { serial }).await;
    assert!(!app.feed(serial, vec![b'x']).await, "nothing more is wanted");
    let view = app.act(Action::OpenSetup { setup: home.setup() }).await;
    let IntakeState::Failed { problem, .. } = &intake(&view, "people").state else { panic!("{view:#?}") };
    assert!(problem.message.contains("people.csv"), "{}", problem.message);
    // A serial of long ago changes nothing.
    let view = app.act(Action::BreakOff { serial: serial + 7 }).await;
    assert!(matches!(intake(&view, "people").state, IntakeState::Failed { .. }));
}

#[tokio::test]
async fn a_connection_that_is_removed_takes_its_files_along() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let serial = begin(&app, "people", "people.csv", 1_000).await;
    app.feed(serial, people(2).into_bytes()).await;
    app.act(Action::Home).await;
    let view = app.act(Action::RemoveSetup { setup: home.setup() }).await;
    assert!(matches!(&view.screen, Screen::Home(home) if home.setups.is_empty()), "{:#?}", view.screen);
    assert!(!app.feed(serial, people(2).into_bytes()).await, "nobody reads it any more");
}

#[test]
fn a_window_that_is_closed_in_the_middle_of_a_file_ends() {
    let runtime = tokio::runtime::Runtime::new().expect("it starts");
    let home = Home::new();
    runtime.block_on(async {
        let app = home.open(Default::default());
        app.act(Action::Doctor { class: None }).await;
        let serial = begin(&app, "doctor", "half.log", 1_000).await;
        app.feed(serial, b"half a li".to_vec()).await;
    });
    // Waits for every thread: one that still reads would be waited for in vain.
    let (done, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        drop(runtime);
        done.send(())
    });
    ended.recv_timeout(Duration::from_secs(20)).expect("the reading has ended with the window");
}

#[tokio::test]
async fn what_is_not_in_sight_takes_no_files() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    let view = app.act(Action::Examine { intake: "mapping-export".into(), name: "x".into(), size: None }).await;
    assert_eq!(look::step(&view).phase, Phase::Provisioning);
    let view = app.act(Action::GoTo { phase: Phase::Mappings }).await;
    assert_eq!(intake(&view, "mapping-export").state, IntakeState::Empty);
}

fn nowhere(folder: &Path, canary: &str, looked_at: &mut usize) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        if entry.path().is_dir() {
            nowhere(&entry.path(), canary, looked_at);
            continue;
        }
        let bytes = fs::read(entry.path()).unwrap_or_default();
        *looked_at += 1;
        assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains(canary), "{}", entry.path().display());
    }
}

#[tokio::test]
async fn a_mapping_is_read_row_by_row() {
    let home = Home::new();
    let (app, _world) = at_step_6(&home).await;
    app.act(Action::GoTo { phase: Phase::Mappings }).await;
    let view = app.view();
    let before = ticks(&view);
    let before = |target: &str| before.get(target).copied();
    let pasted = "AWSSingleSignon Attribute\tMicrosoft Entra ID Attribute\tMatching precedence\n\
        userName\tuserPrincipalName\t1\ndisplayName\tdisplayName\t\nname.givenName\tgivenName\t\nname.familyName\tgivenName\t\n";
    let view = hand_over(&app, "mapping-export", "Pasted text", pasted.as_bytes()).await;
    let users = section(sheet(&view, "mapping-export"), "users");
    let tag = |attribute: &str| {
        users.rows.iter().find(|row| row.cells[0] == attribute).map(|row| row.tag.clone()).unwrap_or_default()
    };
    assert_eq!((tag("userName"), tag("name.familyName")), ("Keep".into(), "Wrong source".into()), "{users:#?}");

    // The list above is ticked off accordingly.
    let rows = ticks(&view);
    let done = |target: &str| rows.get(target).copied();
    assert_eq!((done("userName"), done("name.familyName")), (Some(true), Some(false)), "{rows:#?}");
    // A part of the page says nothing about what is not on it.
    assert_eq!(done("externalId"), before("externalId"), "{rows:#?}");
}

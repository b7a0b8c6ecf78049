//! What the admin hands over in the real window: an error text, a file from the disk, a list of 100,000 people.

use std::fmt::Write as _;

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    desktop::{Desktop, Scheme},
    picture::{self, Findings},
    program::Program,
    walk::{PAIR, PHASES, Walk},
    window::{Window, of_block},
};

const UNAUTHORIZED: &str = "We received this unexpected response from your application: Message: Processing of the HTTP \
    request resulted in an exception. Response Status Code: Unauthorized. Reason: Unauthorized. Web Response: \
    {\"errors\":[{\"code\":\"401\",\"message\":\"Unauthorized\"}]}. Request-Id: 0b6a3c1e";

#[tokio::test]
async fn the_doctor_on_a_light_desktop() {
    doctor(Scheme::Light).await;
}

#[tokio::test]
async fn the_doctor_on_a_dark_desktop() {
    doctor(Scheme::Dark).await;
}

async fn doctor(scheme: Scheme) {
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| picture::look(window, scheme, &format!("doctor-{name}"), None, &mut found).await;
    window.screen("home").await;
    window.press("doctor").await;
    window.screen("doctor").await;
    window.heading_has_focus().await;
    look("empty").await;
    window.click("[data-class='quarantine']").await;
    window.see("[data-page='quarantine']").await;
    window.heading_has_focus().await;
    look("page").await;
    window.press("back").await;
    window.see("[data-screen='doctor'] textarea").await;

    // Pasted and looked at by keyboard alone.
    window.run("document.querySelector('[data-intake=doctor] textarea').focus()", vec![]).await;
    window.keys(UNAUTHORIZED).await;
    window.keys(&format!("{}{}", Key::Control, Key::Enter)).await;
    window.see("[data-intake='doctor'][data-state='done'] [data-section]").await;
    let said = window.words_of("[data-intake='doctor']").await;
    assert!(said.contains("What to do") && said.contains("Cause"), "{said}");
    look("found").await;

    window.click("[data-intake='doctor'] [data-do='put-away']").await;

    // A file from the disk, as the file chooser would give it.
    let log = desktop.path().join("a log.json");
    std::fs::write(&log, log_of(300)).unwrap();
    choose(window, "doctor", &log).await;
    window.see("[data-intake='doctor'][data-state='done']").await;
    let said = window.words_of("[data-intake='doctor']").await;
    assert!(said.contains("300") || said.contains("299"), "the rows are counted: {said}");
    window.keys(&format!("{}{}", Key::Alt, Key::Left)).await;
    window.screen("home").await;
    found.must_be_none();
    usher.close().await;
}

/// A provisioning log as Microsoft Graph gives it (provisioningObjectSummary).
fn log_of(rows: usize) -> String {
    let row = |number: usize| {
        json!({
            "id": format!("00000000-0000-4000-8000-{number:012}"),
            "activityDateTime": "2026-11-26T08:00:00Z",
            "provisioningAction": "create",
            "provisioningStatusInfo": { "status": "failure", "errorInformation": {
                "errorCode": "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
                "reason": UNAUTHORIZED,
                "errorCategory": "failure",
            } },
            "sourceIdentity": { "id": "1", "displayName": format!("Person {number}"), "identityType": "User" },
        })
    };
    json!({ "value": (0..rows).map(row).collect::<Vec<_>>() }).to_string()
}

#[tokio::test]
async fn a_hundred_thousand_people_and_a_window_that_goes_on() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut walk = Walk::new(&desktop);
    walk.begin(window).await;
    for phase in &PHASES[..5] {
        walk.work(window, phase).await;
        if *phase == "mappings" {
            mapping(window).await;
        }
        walk.go_on(window, phase).await;
    }
    let list = desktop.path().join("people.csv");
    std::fs::write(&list, people(100_000)).unwrap();

    // Read to its end, while the window draws its frames and takes what is typed.
    window.run(COUNT_FRAMES, vec![]).await;
    choose(window, "people", &list).await;
    window.write("sample-user", "ada@example.com").await;
    let done = "[data-intake='people'][data-state='done']";
    window.see(done).await;
    assert_eq!(window.value_of("sample-user").await.as_deref(), Some("ada@example.com"));
    let said = window.words_of("[data-intake='people']").await;
    assert!(said.contains("1,000") || said.contains("1000"), "{said}");
    let frames = window.run("return [window.frames_drawn, Math.round(window.longest_frame)]", vec![]).await;
    let drawn = frames[0].as_u64().unwrap_or_default();
    assert!(drawn > 2, "while it was read, only {drawn} frames were drawn; longest pause {} ms", frames[1]);
    let mut found = Findings::default();
    picture::look(window, Scheme::Light, "people-found", Some(PAIR), &mut found).await;

    // Once more, and stopped on the way.
    window.click("[data-intake='people'] [data-do='put-away']").await;
    std::fs::write(&list, people(1_000_000)).unwrap();
    choose(window, "people", &list).await;
    window.says("[data-intake='people']", "rows read").await;
    window.click("[data-intake='people'] [data-do='put-away']").await;
    window.says("[data-intake='people']", "Stopped before the end").await;
    found.must_be_none();
    usher.close().await;
}

/// Counts the frames that are drawn, and keeps the longest time between two.
const COUNT_FRAMES: &str = "window.frames_drawn = 0; window.longest_frame = 0; let before = performance.now(); \
    const tick = (now) => { window.frames_drawn += 1; window.longest_frame = Math.max(window.longest_frame, now - before); \
    before = now; requestAnimationFrame(tick); }; requestAnimationFrame(tick)";

/// Pastes tables, as copied from the console's page: a wrong one takes ticks off the list above, the right one sets them.
async fn mapping(window: &Window) {
    let wrong = "customappsso Attribute\tMicrosoft Entra ID Attribute\tMatching precedence\nuserName\tuserPrincipalName\t1\n\
        displayName\tdisplayName\t\nname.givenName\tgivenName\t\nname.familyName\tgivenName\t\nactive\tNot([IsSoftDeleted])\t";
    paste(window, wrong).await;
    let said = window.words_of(&of_block("mapping-export")).await;
    assert!(said.contains("Wrong source") && said.contains("name.familyName"), "{said}");
    window.says("#missing", "2 ticks are missing").await;
    let mut found = Findings::default();
    picture::look(window, Scheme::Light, "mapping-found", Some(PAIR), &mut found).await;
    found.must_be_none();
    window.press_in("mapping-export", "put-away").await;
    window.block("mapping-export", "empty").await;
    let right = "customappsso Attribute\tMicrosoft Entra ID Attribute\tMatching precedence\nuserName\tuserPrincipalName\t1\n\
        displayName\tdisplayName\t\nname.givenName\tgivenName\t\nname.familyName\tsurname\t";
    paste(window, right).await;
    window.says("#missing", "One tick is missing").await;
    // A page that was copied may be a part of it: what is not on it is ticked by hand.
    let row = "const row = [...document.querySelectorAll('[data-block=mapping] tbody tr')].find((row) => \
        row.querySelector('th .mono').innerText === 'active'); row.querySelector('input').click()";
    window.run(row, vec![]).await;
    window.see("[data-do='continue']:enabled").await;
}

async fn paste(window: &Window, table: &str) {
    let field = format!("{} textarea", of_block("mapping-export"));
    if window.run("return document.querySelector(arguments[0]) === null", vec![json!(field)]).await == json!(true) {
        window.press_in("mapping-export", "type").await;
    }
    let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    window.run(script, vec![json!(field), json!(table)]).await;
    window.press_in("mapping-export", "look").await;
    window.block("mapping-export", "done").await;
}

/// As the file chooser would give it.
pub(crate) async fn choose(window: &Window, intake: &str, file: &std::path::Path) {
    let field = format!("[data-intake='{intake}'] input[type=file]");
    let path = file.to_str().unwrap();
    window.see(&field).await.send_keys(path).await.unwrap();
}

/// A list as Entra's console exports it, with so many people of whom each hundredth has no surname.
fn people(count: usize) -> String {
    let mut text = String::from("userPrincipalName,displayName,givenName,surname,mail\r\n");
    for number in 1..=count {
        let surname = if number % 100 == 0 { "" } else { "Miller" };
        let _ = write!(
            text,
            "person{number}@example.com,Person {number},Given{number},{surname},person{number}@example.com\r\n"
        );
    }
    text
}

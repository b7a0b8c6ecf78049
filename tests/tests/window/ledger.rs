//! Home as a ledger: what is known of a token's end, whether it works, and what is written down for later.

use fantoccini::key::Key;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::{
    desktop::{Desktop, Scheme},
    hands::{self, Hands},
    picture::{self, Findings},
    program::Program,
    walk::{PAIR, PHASES},
    window::Window,
    words::Pair,
};

#[tokio::test]
async fn the_ledger_on_a_light_desktop() {
    ledger(Scheme::Light).await;
}

#[tokio::test]
async fn the_ledger_on_a_dark_desktop() {
    ledger(Scheme::Dark).await;
}

const AWS: Pair<'static> = ("aws-identity-center", "entra");

async fn ledger(scheme: Scheme) {
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str, pair: Option<Pair<'_>>| {
        picture::look(window, scheme, &format!("ledger-{name}"), pair, &mut found).await;
    };
    let mut hands = Hands::new(&desktop, AWS);
    let setup = hands.set_up(window).await;
    let card = &format!("[data-setup='{setup}']");
    look("connection-without-an-end", Some(AWS)).await;
    window.press("home").await;
    window.screen("home").await;
    look("home", Some(AWS)).await;

    // A day that nobody entered, one that cannot be, the one that is offered, one of the admin's own.
    window.press("end").await;
    window.has_focus("[data-end]").await;
    look("end", Some(AWS)).await;
    window.press("end-save").await;
    window.says(card, "Enter the day first.").await;
    enter_day(window, -1).await;
    window.says(card, "This day lies before the token was entered here.").await;
    look("end-wrong", Some(AWS)).await;
    window.run("document.querySelector('[data-end]').focus()", vec![]).await;
    window.keys(&Key::Escape.to_string()).await;
    window.has_focus("[data-do='end']").await;
    window.press("end").await;
    window.press("end-offer").await;
    window.until("the field is closed", "return document.querySelector('[data-end]') === null").await;
    let text = window.words_of(card).await;
    assert!(text.contains("365 days left") || text.contains("364 days left"), "{text}");
    look("home-offered", Some(AWS)).await;
    window.press("end").await;
    enter_day(window, 21).await;
    window.until("the field is closed", "return document.querySelector('[data-end]') === null").await;
    // To the morning of that day: how many whole days that are depends on the hour.
    let text = window.words_of(card).await;
    assert!(text.contains("20 days left") || text.contains("21 days left"), "{text}");

    // Another connection beside it, only just begun.
    hands::choose(window, PAIR).await;
    window.press("continue").await;
    window.step(PHASES[0]).await;
    window.press("home").await;
    window.see(card).await;
    window.press("check-all").await;
    window.says("[data-result]", "The connection works.").await;
    window.says(card, "last proven").await;
    look("home-checked", None).await;

    desktop.lock_keyring();
    window.press("check-all").await;
    window.says("[data-result]", "The connection was not confirmed.").await;
    look("home-locked", None).await;
    desktop.unlock_keyring();
    window.press("check-all").await;
    window.says("[data-result]", "The connection works.").await;
    delete_the_token(&hands.tenant_url()).await;
    window.press("check-all").await;
    window.says("[data-result]", "The connection was not confirmed.").await;
    window.says(card, "Rotate token").await;
    look("home-refused", None).await;

    window.click(&format!("{card} [data-do='open']")).await;
    window.screen("finish").await;
    let text = window.text().await;
    assert!(text.contains("does not accept the token") && !text.contains("arrive by themselves"), "{text}");
    look("connection", Some(AWS)).await;
    window.press("reminders").await;
    let path = window.text_of("[data-saved] .mono").await;
    assert!(path.starts_with(&desktop.path().join("documents").display().to_string()), "{path}");
    let calendar = std::fs::read_to_string(&path).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.contains("BEGIN:VALARM"), "{calendar}");
    window.press("runbook").await;
    let path = window.text_of("[data-runbook] .mono").await;
    let runbook = std::fs::read_to_string(&path).unwrap();
    assert!(runbook.contains("What happened") && runbook.contains("Reminders were saved"), "{runbook}");
    look("connection-saved", Some(AWS)).await;
    picture::look_at_the_end(window, scheme, "ledger-connection").await;
    let history = window.words_of("[data-history]").await;
    assert!(history.contains("was not confirmed"), "{history}");
    window.press("home").await;
    window.see(card).await;
    usher.close().await;
    found.must_be_none();
}

/// Types a day into the field, so many from today, and presses Enter.
async fn enter_day(window: &Window, days: i64) {
    let day = Timestamp::now().to_zoned(TimeZone::UTC).date().checked_add(days.days()).unwrap();
    window.run("document.querySelector('[data-end]').select()", vec![]).await;
    window.keys(&day.to_string()).await;
    let typed = window.run("return document.querySelector('[data-end]').value", vec![]).await;
    assert_eq!(typed.as_str(), Some(day.to_string().as_str()));
    window.keys(&Key::Enter.to_string()).await;
}

/// In the practice console of AWS, behind this address.
async fn delete_the_token(tenant_url: &str) {
    let origin: String = tenant_url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let tokens = format!("{origin}/aws/settings/provisioning");
    let page = client.get(&tokens).send().await.unwrap().text().await.unwrap();
    let serial = page.split("data-token=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token is listed");
    let confirmed = [("confirm", "DELETE")];
    let answer = client.post(format!("{tokens}/tokens/{serial}/delete")).form(&confirmed).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("data-result=\"success\""));
}

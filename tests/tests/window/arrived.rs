//! Who arrived, in the real window: the practice console's own exports compared with the practice target, by mouse and by
//! keyboard; then 100,000 differences in a table that goes on scrolling.

use std::{fmt::Write as _, fs};

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::{
    desktop::{Desktop, Scheme},
    handed::choose,
    hands::Hands,
    picture::{self, Findings},
    program::Program,
    walk::PAIR,
    window::Window,
};

#[tokio::test]
async fn who_arrived_in_practice_and_a_hundred_thousand_who_did_not() {
    let desktop = Desktop::start(Scheme::Light);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| {
        picture::look(window, Scheme::Light, &format!("arrived-{name}"), Some(PAIR), &mut found).await;
    };
    let mut hands = Hands::new(&desktop, PAIR);
    let setup = hands.set_up(window).await;
    window.press("arrived").await;
    window.screen("arrived").await;
    window.heading_has_focus().await;
    window.says("#missing", "Hand over the list of people first.").await;
    look("empty").await;

    // As the console exports them.
    let origin: String = hands.tenant_url().splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let people = download(&desktop, &format!("{origin}/entra/directory/users.csv"), "people.csv").await;
    let console = reqwest::get(format!("{origin}/entra/directory")).await.unwrap().text().await.unwrap();
    let group = console.split("/entra/directory/groups/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let members = format!("{origin}/entra/directory/groups/{group}/members.csv");
    let members = download(&desktop, &members, "exportGroupMembers_2026-11-26.csv").await;
    choose(window, "arrived-people", &people).await;
    window.see("[data-intake='arrived-people'][data-state='done']").await;
    choose(window, "arrived-groups", &members).await;
    window.says("#missing", "Enter the name of the group").await;
    let field = window.see("[data-intake='arrived-groups'] [data-file] input[type=text]").await;
    field.send_keys("GreenLake Users").await.unwrap();
    look("handed").await;
    window.press("compare").await;
    window.see("[data-verdict]").await;
    window.see("[data-row='0'] [role=gridcell]:nth-child(2)").await;
    look("found").await;

    // By kind, by a search, and one of them explained: by keyboard.
    let all = rows(window).await;
    assert!(all > 2, "the export has people who are not assigned: {all}");
    window.click("[data-kind='missing']").await;
    window.see("[data-kind='missing'][aria-pressed='true']").await;
    window.until("fewer are shown", &format!("return Number({ROWS}) < {all}")).await;
    window.run("document.querySelector('[data-search]').focus()", vec![]).await;
    window.keys("sukarno").await;
    window.until("one is shown", &format!("return {ROWS} === '1'")).await;
    window.run("document.querySelector('[role=grid]').focus()", vec![]).await;
    window.keys(&Key::Down.to_string()).await;
    window.see("[data-row='0'][aria-selected='true']").await;
    window.says("[data-detail]", "sukarno").await;
    window.says("[data-detail]", "Next").await;
    look("explained").await;

    // Elsewhere and back: the filter is as it was. And saved.
    window.press("back").await;
    window.screen("finish").await;
    window.says("[data-door='arrived']", "The last comparison").await;
    window.press("arrived").await;
    window.until("one is shown", &format!("return {ROWS} === '1'")).await;
    window.press("save-differences").await;
    let path = window.text_of("[data-saved] .mono").await;
    assert!(path.starts_with(&desktop.path().join("documents").display().to_string()), "{path}");
    let saved = fs::read_to_string(&path).unwrap();
    assert_eq!(saved.lines().count() as u64, all + 1, "{saved}");

    hundred_thousand(window, &desktop).await;
    look("hundred-thousand").await;
    window.press("home").await;
    window.see(&format!("[data-setup='{setup}'] [data-do='arrived']")).await;
    usher.close().await;
    found.must_be_none();
}

/// What the table says it has.
const ROWS: &str = "document.querySelector('[data-rows]')?.dataset.rows";

async fn rows(window: &Window) -> u64 {
    let rows = window.until("there are rows", &format!("return {ROWS} || false")).await;
    rows.as_str().and_then(|rows| rows.parse().ok()).unwrap()
}

async fn download(desktop: &Desktop, address: &str, name: &str) -> std::path::PathBuf {
    let text = reqwest::get(address).await.unwrap().error_for_status().unwrap().text().await.unwrap();
    let path = desktop.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// A list of people whom nobody sent: scrolled through frame by frame, and to the end by keyboard.
#[expect(clippy::print_stderr, reason = "the figures are worth reading, whether they are good enough or not")]
async fn hundred_thousand(window: &Window, desktop: &Desktop) {
    let mut text = String::from("userPrincipalName,displayName,givenName,surname\r\n");
    for number in 0..100_000 {
        let _ = write!(text, "person{number:06}@example.com,Person {number},Given{number},Miller\r\n");
    }
    let list = desktop.path().join("everybody.csv");
    fs::write(&list, text).unwrap();
    window.click("[data-exports] summary").await;
    window.click("[data-intake='arrived-groups'] [data-do='remove']").await;
    window.click("[data-intake='arrived-people'] [data-do='put-away']").await;
    choose(window, "arrived-people", &list).await;
    window.see("[data-intake='arrived-people'][data-state='done']").await;
    window.press("compare").await;
    window.until("all are there", &format!("return Number({ROWS}) >= 100000")).await;
    window.see("[data-row='0'] [role=gridcell]:nth-child(2)").await;
    let drawn = window.run("return document.querySelectorAll('[data-row]').length", vec![]).await;
    assert!(drawn.as_u64().unwrap() < 60, "only what is in sight is in the page: {drawn}");

    let gaps = window.run_async(SCROLL, vec![]).await;
    eprintln!("scrolling through 100,000 rows, frame by frame: {gaps}");
    let figure = |name: &str| gaps[name].as_f64().unwrap();
    // A machine without a graphics card, and with others at work on it, is slow at rest too.
    assert!(figure("median") <= 100.0 + 2.0 * figure("at_rest"), "the table does not keep up: {gaps}");
    assert_eq!(figure("without_a_row"), 0.0, "{gaps}");

    window.run("document.querySelector('[role=grid]').focus()", vec![]).await;
    window.keys(&Key::End.to_string()).await;
    let last = rows(window).await - 1;
    window.see(&format!("[data-row='{last}'][aria-selected='true']")).await;
    let in_sight = "const row = document.querySelector(arguments[0]).getBoundingClientRect(); \
        const grid = document.querySelector('[role=grid]').getBoundingClientRect(); \
        return row.bottom <= grid.bottom + 1 && row.top >= grid.top";
    window.until_with("the last row is in sight", in_sight, vec![json!(format!("[data-row='{last}']"))]).await;
    window.says("[data-detail]", "@").await;
    window.keys(&Key::Home.to_string()).await;
    window.see("[data-row='0'][aria-selected='true']").await;

    // A search through all of them.
    let begin = std::time::Instant::now();
    window.run("document.querySelector('[data-search]').focus()", vec![]).await;
    window.keys("person09999").await;
    window.until("ten are shown", &format!("return {ROWS} === '10'")).await;
    eprintln!("a search through 100,000 rows, typing and waiting included: {:?}", begin.elapsed());
    window.press("show-all").await;
    assert_ne!(window.run("return document.querySelector('[data-search]').value", vec![]).await, Value::Null);
}

/// Four seconds at rest, then four in which each frame scrolls half a screen further: how long a frame takes, and how often
/// there was no row yet where one has to be.
const SCROLL: &str = "const done = arguments[arguments.length - 1]; const grid = document.querySelector('[role=grid]'); \
    const [rest, gaps] = [[], []]; const begin = performance.now(); let before = begin; let empty = 0; \
    const at = (all, part) => Math.round(all.sort((a, b) => a - b)[Math.floor((all.length - 1) * part)] ?? -1); \
    const step = (now) => { \
      const moving = now - begin > 4000; (moving ? gaps : rest).push(now - before); before = now; \
      if (moving) { \
        const box = grid.getBoundingClientRect(); \
        const it = document.elementFromPoint(box.left + box.width / 2, box.top + 60); \
        if (!it?.closest('[data-row]')) empty += 1; \
        grid.scrollTop += 180; } \
      if (now - begin < 8000) requestAnimationFrame(step); \
      else done({ frames_at_rest: rest.length, at_rest: at(rest, 0.5), frames: gaps.length, median: at(gaps, 0.5), \
        p95: at(gaps, 0.95), longest: at(gaps, 1), without_a_row: empty, scrolled: grid.scrollTop }); }; \
    requestAnimationFrame(step)";

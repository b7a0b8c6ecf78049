//! What must not be on any screen: words of a system that this pair has nothing to do with, empty headings, and buttons
//! whose words break over two lines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::window::Window;

/// Target and identity provider, by their ids.
pub(crate) type Pair<'a> = (&'a str, &'a str);

/// Words that only a guide with this system has.
const OF_ONE_SYSTEM: [(&str, &[&str]); 5] = [
    ("hpe-greenlake", &["greenlake", "hpe", "flex"]),
    ("aws-identity-center", &["aws", "amazon", "awsapps"]),
    ("azion", &["azion", "rtm", "teams"]),
    ("entra", &["entra", "microsoft", "quarantine"]),
    ("okta", &["okta", "push", "oin"]),
];

/// Words on the present screen that belong to neither system of the pair, each with the text around it.
pub(crate) async fn leftover(window: &Window, (target, idp): Pair<'_>) -> Vec<String> {
    let others = OF_ONE_SYSTEM.iter().filter(|(system, _)| *system != target && *system != idp);
    let foreign: BTreeSet<&str> = others.flat_map(|(_, words)| words.iter().copied()).collect();
    let mut found = Vec::new();
    for text in strings(&window.run(TEXTS, vec![]).await) {
        let lower = text.to_lowercase();
        let words = lower.split(|character: char| !character.is_alphanumeric());
        let left: BTreeSet<&str> = words.filter(|word| foreign.contains(word)).collect();
        if !left.is_empty() {
            found.push(format!("{target} × {idp} speaks of {left:?}: {text}"));
        }
    }
    found
}

/// Headings, list entries and labels without a word, buttons of more than one line, a frame that has moved.
pub(crate) async fn misshapen(window: &Window) -> Vec<String> {
    let empty = strings(&window.run(&format!("{SHOWN} {EMPTY}"), vec![]).await);
    let wrapped = strings(&window.run(&format!("{SHOWN} {WRAPPED}"), vec![json!(BUTTONS)]).await);
    let found = empty.into_iter().map(|html| format!("empty: {html}"));
    let moved = strings(&window.run(MOVED, vec![]).await);
    found.chain(wrapped.into_iter().map(|words| format!("a button breaks its words: {words}"))).chain(moved).collect()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().expect("a list of texts").iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// All texts of the page, folded up ones too, but those that the practice world itself offers to choose from.
const TEXTS: &str = "const page = document.body.cloneNode(true); \
    page.querySelectorAll('[data-option], script, style').forEach((it) => it.remove()); \
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT); const all = []; \
    while (texts.nextNode()) all.push(texts.currentNode.data.trim()); \
    return all.filter((text) => text !== '')";

/// In front of the two scripts below: what is neither hidden nor folded up.
const SHOWN: &str =
    "const shown = (it) => it.checkVisibility() && it.closest('details:not([open]) > :not(summary)') === null;";

/// The frame stays where it is; only the part with the page scrolls.
const MOVED: &str = "const page = document.scrollingElement; \
    return page.scrollTop > 0 || page.scrollHeight > innerHeight ? ['the whole window scrolls by ' + page.scrollTop + ' of ' + (page.scrollHeight - innerHeight)] : []";

const EMPTY: &str = "return [...document.querySelectorAll('main h1, main h2, main h3, main h4, main li, main label')] \
    .filter((it) => shown(it) && it.textContent.trim() === '').map((it) => it.outerHTML.slice(0, 120))";

/// Those of the rail, of the list of causes, and the ones that cite a source hold a whole sentence, and may break it.
const BUTTONS: &str = "button:not([data-go], [data-class], [data-do=open-source])";
/// By where the lines of their words begin.
const WRAPPED: &str = "\
    const lines = (it) => { const texts = document.createTreeWalker(it, NodeFilter.SHOW_TEXT); const tops = []; \
        while (texts.nextNode()) { const range = document.createRange(); range.selectNodeContents(texts.currentNode); \
            for (const line of range.getClientRects()) \
                if (line.width > 2 && !tops.some((top) => Math.abs(top - line.top) < 10)) tops.push(line.top); } \
        return tops.length; }; \
    return [...document.querySelectorAll(arguments[0])] \
        .filter((it) => shown(it) && lines(it) > 1).map((it) => it.innerText)";

//! The rules' own examples, whole and mangled as they arrive in the field; and what the file may not say.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod failures;

mod field;
mod fuzz;
mod logs;

use std::{ops::ControlFlow, time::Instant};

use super::{
    Confidence, Diagnosis, Progress, diagnose, examine,
    judge::{holding, judge_by},
    page,
    rules::{RULES, Rules},
};
use crate::Class;

/// Reads bytes that nobody watches.
fn read(bytes: &[u8]) -> Diagnosis {
    let mut nobody = |_: &Progress| ControlFlow::Continue(());
    examine(bytes, &mut nobody).expect("it can be read")
}

fn classes(text: &str) -> Vec<(Class, Confidence)> {
    judge_by(&RULES, text).iter().map(|number| (RULES.rules[*number].class, RULES.rules[*number].confidence)).collect()
}

#[test]
fn the_rules_that_are_compiled_in_hold() {
    if let Err(error) = Rules::load(include_str!("../../recipes/doctor.toml")) {
        panic!("{error}");
    }
}

#[test]
fn every_class_has_a_page_with_something_to_do() {
    for class in Class::ALL {
        let page = page(*class);
        assert_eq!(page.class, *class);
        for text in [&page.title, &page.cause, &page.fix, &page.next, &page.source.title] {
            assert!(!text.trim().is_empty(), "{class}");
        }
    }
}

#[test]
fn every_rule_holds_for_its_examples_and_not_for_its_counter_examples() {
    let mut wrong = Vec::new();
    for rule in &RULES.rules {
        for example in &rule.examples {
            let ids: Vec<&str> = holding(&RULES, example).iter().map(|(_, rule)| rule.id.as_str()).collect();
            if !ids.contains(&rule.id.as_str()) {
                wrong.push(format!("{} does not hold for {example:?}; those that do: {ids:?}", rule.id));
            }
            if !classes(example).iter().any(|(class, _)| *class == rule.class) {
                wrong.push(format!("{} is not said for {example:?}, but {:?}", rule.id, classes(example)));
            }
        }
        for example in &rule.counter_examples {
            if holding(&RULES, example).iter().any(|(_, holds)| holds.id == rule.id) {
                wrong.push(format!("{} holds for its counter example {example:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As it looks after a mail, a terminal, a chat, a log or a spreadsheet.
fn mangled(text: &str) -> Vec<(&'static str, String)> {
    let characters: Vec<char> = text.chars().collect();
    let wrapped = |width: usize, with: &str| {
        characters.chunks(width).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join(with)
    };
    let json = serde_json::Value::from(text).to_string();
    let html = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;");
    vec![
        ("wrapped", wrapped(40, "\n")),
        ("quoted mail", format!("> {}", wrapped(56, "\n> "))),
        ("in JSON", format!("{{\"message\":{json}}}")),
        ("in JSON in JSON", format!("{{\"log\":{}}}", serde_json::Value::from(json.as_str()))),
        ("HTML entities", format!("<div class=\"toast\"><b>{html}</b><br/></div>")),
        ("coloured", format!("\u{1b}[1;31m{text}\u{1b}[0m")),
        ("upper case", text.to_uppercase()),
        ("lower case", text.to_lowercase()),
        ("invisible characters", text.replace(' ', "\u{200b} ")),
        (
            "surrounded",
            format!("Guten Tag,\nwir sehen seit heute Folgendes (Ticket 4711):\n\n{text}\n\nDanke und Gruss\nAda"),
        ),
    ]
}

#[test]
fn an_example_is_recognised_however_it_was_mangled() {
    let mut wrong = Vec::new();
    for rule in &RULES.rules {
        for example in &rule.examples {
            let whole = classes(example);
            for (how, text) in mangled(example) {
                let now = classes(&text);
                if whole.first().map(|(class, _)| class) != now.first().map(|(class, _)| class) {
                    wrong.push(format!("{} {how}: {whole:?} became {now:?}: {text:?}", rule.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// A part of a text may say less than the whole, and may not say something else for certain.
#[test]
fn an_example_that_is_cut_off_is_never_something_else_for_certain() {
    let mut wrong = Vec::new();
    for rule in &RULES.rules {
        for example in &rule.examples {
            let whole: Vec<Class> = classes(example).into_iter().map(|(class, _)| class).collect();
            let characters: Vec<char> = example.chars().collect();
            for (from, to) in [(0, 60), (0, 80), (20, 100), (40, 100), (10, 90), (25, 75)] {
                let part: String =
                    characters[characters.len() * from / 100..characters.len() * to / 100].iter().collect();
                for (class, confidence) in classes(&part) {
                    if confidence == Confidence::Certain && !whole.contains(&class) {
                        wrong.push(format!("{} {from}-{to}: {class} instead of {whole:?}: {part:?}", rule.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_not_known_is_said_to_be_not_recognised() {
    for text in [
        "",
        " \n\t ",
        "Hello, how are you?",
        "lorem ipsum dolor sit amet",
        "12345",
        "Bonjour tout le monde",
        "\u{202e}\u{0}\u{1b}[2J",
        "Server listening on port 8080",
        "The quick brown fox jumps over the lazy dog.",
        "npm install finished in 3s",
        "Meeting at 10:00 about the budget for 2027",
        "SELECT * FROM users WHERE id = 401",
        "https://example.com/",
    ] {
        let findings = diagnose(text);
        assert_eq!(findings.iter().map(|finding| finding.class).collect::<Vec<_>>(), [Class::Unrecognised], "{text:?}");
        assert_ne!(findings[0].confidence, Confidence::Certain);
    }
}

#[test]
fn a_finding_has_exactly_the_six_keys_that_scripts_read() {
    let value = serde_json::to_value(diagnose("HTTP/1.1 429 Too Many Requests")).expect("it is data");
    let keys: Vec<&str> = value[0].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["class", "cause", "fix", "next", "source", "confidence"]);
    assert_eq!(value[0]["class"], "rate-limited");
    assert_eq!(value[0]["confidence"], "certain");
    assert!(value[0]["source"].is_string());
}

#[test]
fn an_error_in_the_file_names_the_rule_and_the_place() {
    let good = include_str!("../../recipes/doctor.toml");
    let with = |rule: &str| Rules::load(&format!("{good}\n{rule}")).map(|_| ()).map_err(|error| error.to_string());
    for (rule, says) in [
        (
            "[[rule]]\nid = \"x\"\nclass = \"no-such\"\nany = [\"some phrase\"]\nexamples = [\"a\"]",
            "there is no class \"no-such\"",
        ),
        ("[[rule]]\nid = \"x\"\nclass = \"tls\"\nexamples = [\"a\"]", "rule x: it would hold for every text"),
        ("[[rule]]\nid = \"x\"\nclass = \"tls\"\nany = [\"some phrase\"]", "rule x: it has no example"),
        ("[[rule]]\nid = \"x\"\nclass = \"tls\"\nany = ['/(/']\nexamples = [\"a\"]", "rule x: not a pattern"),
        (
            "[[rule]]\nid = \"x\"\nclass = \"tls\"\nany = ['tls']\nexamples = [\"a\"]",
            "rule x: the phrase \"tls\" is too short",
        ),
        ("[[rule]]\nid = \"x\"\nclass = \"tls\"\nany = ['#9xx']\nexamples = [\"a\"]", "rule x: #9xx is no HTTP status"),
        (
            "[[rule]]\nid = \"x\"\nclass = \"tls\"\nany = ['@nobody']\nexamples = [\"a\"]",
            "rule x: there is no list \"nobody\"",
        ),
        (
            "[[rule]]\nid = \"s-401\"\nclass = \"tls\"\nany = ['@graph']\nexamples = [\"a\"]",
            "rule s-401: this id is there twice",
        ),
        ("[[rule]]\nid = \"x\"\nclass = \"tls\"\nsometimes = 1", "unknown field `sometimes`"),
    ] {
        let error = with(rule).expect_err(rule);
        assert!(error.contains(says), "{error}");
        let line: usize = error
            .strip_prefix("doctor.toml:")
            .and_then(|rest| rest.split(':').next())
            .and_then(|line| line.parse().ok())
            .expect(&error);
        assert!(line > good.lines().count(), "{error}");
    }
}

#[test]
fn a_hostile_text_takes_no_longer_than_another() {
    // Once before, so that building the patterns does not count.
    diagnose("warm");
    for text in [
        "(".repeat(200_000),
        "a@".repeat(100_000),
        "401 ".repeat(50_000),
        "token ".repeat(40_000),
        "%25".repeat(60_000),
        "\\\\\\\"".repeat(50_000),
        "&amp;".repeat(40_000),
        "{\"a\":".repeat(40_000),
        "{\"totalResults\":[".repeat(20_000),
        "{\"totalResults\":1} ".repeat(20_000),
        "\"id\":\"a\",".repeat(20_000),
        "\u{e4}".repeat(100_000),
    ] {
        let began = Instant::now();
        let findings = diagnose(&text);
        assert!(findings.len() <= 8);
        assert!(began.elapsed().as_secs() < 20, "{:?} for {:?}", began.elapsed(), &text[..8]);
    }
}

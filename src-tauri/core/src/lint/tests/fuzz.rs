//! Anything at all as input: an answer or a refusal in words, soon, and never a panic. `USHER_FUZZ_SECONDS` says for how
//! long it is tried.

use std::time::{Duration, Instant};

use proptest::{
    prelude::{Just, Strategy, any, prop},
    prop_oneof,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::{AWS_GALLERY, ENTRA_PAGE, NON_GALLERY, OKTA, OKTA_LIST, OKTA_PAGE, guide};
use crate::lint::check;

/// The longest that one input may take, in a build without optimisation on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

fn seconds() -> u64 {
    std::env::var("USHER_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn fixture() -> impl Strategy<Value = Vec<u8>> {
    let texts = [NON_GALLERY, AWS_GALLERY, OKTA, OKTA_LIST, ENTRA_PAGE, OKTA_PAGE];
    prop::sample::select(texts.to_vec()).prop_map(|text| text.as_bytes().to_vec())
}

/// Pieces of what the readers look for, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\t",
        "\n",
        "  ",
        "|",
        "null",
        "1",
        "true",
        "userName",
        "displayName",
        "members",
        "\"value\"",
        "\"schema\"",
        "\"synchronizationRules\"",
        "\"objectMappings\"",
        "\"attributeMappings\"",
        "\"properties\"",
        "\"source\"",
        "\"expression\"",
        "\"[a]\"",
        "\"Switch([a], , \"",
        "\"targetAttributeName\"",
        "\"emails[type\"",
        "customappsso Attribute",
        "Microsoft Entra ID Attribute",
        "Personal",
        "Create",
        "user.email",
        "(",
        ")",
        "Join(",
        "\u{1b}[31m",
        "\u{202e}",
        "=cmd()",
        "ü",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..200).prop_map(|words| words.concat().into_bytes())
}

/// A fixture with some of it cut out, doubled or replaced.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let damage = (any::<prop::sample::Index>(), 0usize..400, prop_oneof![Just(Vec::new()), pieces(), any::<Vec<u8>>()]);
    (fixture(), prop::collection::vec(damage, 1..6)).prop_map(|(mut bytes, damages)| {
        for (at, length, instead) in damages {
            let begin = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (begin + length).min(bytes.len());
            bytes.splice(begin..end, instead);
        }
        bytes
    })
}

/// An expression inside an expression inside …
fn nested() -> impl Strategy<Value = Vec<u8>> {
    (0usize..3_000, prop::sample::select(vec!["Join(", "(", "[", "\"", "Switch([a],,"])).prop_map(|(depth, open)| {
        let source = serde_json::Value::from(open.repeat(depth));
        format!(r#"{{"attributeMappings":[{{"targetAttributeName":"userName","source":{{"expression":{source}}}}}]}}"#)
            .into_bytes()
    })
}

#[test]
fn whatever_comes_it_answers_soon_and_does_not_panic() {
    let guides = ["hpe-greenlake", "azion", "aws-identity-center", "generic-scim"].map(|target| guide(target, "entra"));
    let okta = ["hpe-greenlake", "aws-identity-center", "generic-scim"].map(|target| guide(target, "okta"));
    let guides: Vec<_> = guides.into_iter().chain(okta).collect();
    let strategy = prop_oneof![any::<Vec<u8>>(), pieces(), damaged(), damaged(), nested()];
    let mut runner = TestRunner::new(Config::default());
    let (began, limit) = (Instant::now(), Duration::from_secs(seconds()));
    let mut tried = 0;
    while began.elapsed() < limit || tried < guides.len() {
        let input = strategy.new_tree(&mut runner).expect("there is always an input").current();
        let guide = &guides[tried % guides.len()];
        let at = Instant::now();
        match check(input.as_slice(), guide) {
            Ok(report) => {
                assert!(!report.verdict.text.is_empty() && !report.tables.is_empty(), "{report:?}");
                assert!(report.remaining().count() <= report.tables.iter().map(|table| table.rows.len()).sum());
            }
            Err(problem) => assert!(!problem.message.is_empty() && !problem.hints.is_empty(), "{problem:?}"),
        }
        assert!(at.elapsed() < LONGEST, "{:?} for {} bytes", at.elapsed(), input.len());
        tried += 1;
    }
}

//! Anything at all as input: an answer or a refusal in words, soon, and never a panic.

use proptest::{
    prelude::{Strategy, any, prop},
    prop_oneof,
};

use super::{AWS_GALLERY, ENTRA_PAGE, NON_GALLERY, OKTA, OKTA_LIST, OKTA_PAGE, guide};
use crate::{
    fuzz::{damaged_with, for_a_while},
    lint::check,
};

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
    let fixtures = [NON_GALLERY, AWS_GALLERY, OKTA, OKTA_LIST, ENTRA_PAGE, OKTA_PAGE];
    let damaged = damaged_with(fixtures.map(|text| text.as_bytes().to_vec()).to_vec(), pieces());
    let input = prop_oneof![1 => any::<Vec<u8>>(), 1 => pieces(), 2 => damaged, 1 => nested()];
    for_a_while((input, 0..guides.len()), |(input, which)| match check(input.as_slice(), &guides[*which]) {
        Ok(report) => {
            assert!(!report.verdict.text.is_empty() && !report.tables.is_empty(), "{report:?}");
            assert!(report.remaining().count() <= report.tables.iter().map(|table| table.rows.len()).sum());
        }
        Err(problem) => assert!(!problem.message.is_empty() && !problem.hints.is_empty(), "{problem:?}"),
    });
}

/// Cells as short as they can be, and so as many as fit into a third of the longest page.
#[test]
fn a_long_page_of_short_cells_is_answered_soon() {
    let begins = ["", "userName\tuserPrincipalName\n", "userName\nPersonal\nuser.login\n"];
    let cells =
        ["a\tb\n", "a\n", "Personal\n", "userName\n", "userName\tuser.x\n", "a\nPersonal\n", "a  b\n", "|a|b|\n"];
    let heads = "Source Attribute\tmicrosoft entra id attribute\ncustomappsso Attribute\tSource Attribute\n";
    let begins = prop::sample::select(begins.to_vec());
    let cells = prop::sample::select([&cells[..], &[heads]].concat());
    let guides = [guide("aws-identity-center", "entra"), guide("aws-identity-center", "okta")];
    for_a_while((begins, cells, 0..guides.len()), |(begin, cell, which)| {
        let page = format!("{begin}{}", cell.repeat(350_000 / cell.len()));
        let answer = check(page.as_bytes(), &guides[*which]);
        assert!(
            answer.is_err() || answer.is_ok_and(|report| report.tables.iter().all(|table| table.rows.len() < 2_100))
        );
    });
}

//! What is wrong in a recipe is said with file, line, column, and what to write instead.

use insta::assert_snapshot;

use super::{ENTRA, EXAMPLE};
use crate::recipe::Recipes;

/// One mistake: the text that is replaced, and by what.
const MISTAKES: [(&str, &str, &str); 25] = [
    ("unknown key", "short = \"Example\"", "shrot = \"Example\""),
    ("unknown key in a block", "{ text = \"Open", "{ txet = \"Open"),
    ("not TOML", "[values]", "[values"),
    ("a number for a text", "region = \"eu\"", "region = 1"),
    ("unknown operation", "\"scim.test_connection\"", "\"scim.test_conection\""),
    ("an operation that is like none", "\"scim.test_connection\"", "\"make.coffee\""),
    ("unfillable placeholder in a text", "**Users › API** in {target}", "**Users › API** in {tagret}"),
    ("unfillable placeholder in a value", "https://{region}.example", "https://{regoin}.example"),
    ("unfillable placeholder in not_needed", "{target} has no such", "{tagret} has no such"),
    ("http link", "\"https://console.example.com/{region}\"", "\"http://console.example.com/{region}\""),
    ("a link that is none", "\"https://console.example.com/{region}\"", "\"console\""),
    ("http documentation", "docs = \"https://", "docs = \"http://"),
    ("two kinds in one block", "{ text = \"Open", "{ note = \"Also\", text = \"Open"),
    ("no kind", "{ text = \"Open **Users › API** in {target}.\" }", "{ label = \"Nothing\" }"),
    ("duplicate id", "{ secret = {", "{ id = \"sample-user\", secret = {"),
    ("an id that cannot be one", "{ secret = {", "{ id = \"API token\", secret = {"),
    ("missing slot", "slot = \"scim-token\"", "slot = \"scim-tokne\""),
    ("missing phase", "mappings = { title = \"Attribute mappings\" }\n", ""),
    ("missing step", ", not_needed = \"Every owner may do this.\"", ""),
    ("unknown source", "sources = [\"guide\"]", "sources = [\"giude\"]"),
    ("circular value", "region = \"eu\"", "region = \"{zone}\"\nzone = \"{region}\""),
    ("unclosed brace", "in {target}.", "in {target."),
    ("same value in both files", "region = \"eu\"", "region = \"eu\"\nidp_console = \"https://example.com\""),
    ("wrong object action", "actions = [\"Create\"]", "actions = [\"Creat\"]"),
    ("missing value", "scim = \"https://{region}.example.com/scim/v2\"\n", ""),
];

#[test]
fn each_mistake_is_named_with_its_place_and_the_remedy() {
    let said = MISTAKES.map(|(name, right, wrong)| {
        assert_eq!(EXAMPLE.matches(right).count(), 1, "{name}: the text to replace stands there once");
        let broken = EXAMPLE.replace(right, wrong);
        match Recipes::load(&[("example", &broken)], &[("entra", ENTRA)]) {
            Ok(_) => format!("{name}\n  ACCEPTED\n"),
            Err(error) => {
                let (line, column) = (error.line, error.column);
                let text = if error.file == "targets/example.toml" { &*broken } else { ENTRA };
                let at = text.lines().nth(line - 1).unwrap_or_default();
                let rest: String = at.chars().skip(column - 1).take(32).collect();
                let place = format!("{}:{line}:{column} at `{rest}`", error.file);
                format!("{name}\n  {place}\n  {}\n  {}\n", error.message, error.instead)
            }
        }
    });
    assert_snapshot!("mistakes", said.join("\n"));
    assert!(!said.iter().any(|text| text.contains("ACCEPTED")), "{}", said.join("\n"));
}

#[test]
fn the_example_itself_has_no_mistake() {
    if let Err(error) = Recipes::load(&[("example", EXAMPLE)], &[("entra", ENTRA)]) {
        panic!("{error}");
    }
}

#[test]
fn a_mistake_in_the_identity_providers_file_is_named_there() {
    let broken =
        ENTRA.replacen("{ insert = \"create-app\" }", "{ insert = \"create-app\", warn = true, txt = \"x\" }", 1);
    let error = Recipes::load(&[("example", EXAMPLE)], &[("entra", &broken)]).expect_err("BUG: there is a mistake");
    assert_eq!(error.file, "idps/entra.toml");
    assert!(broken.lines().nth(error.line - 1).is_some_and(|line| line.contains("txt")), "{error}");
}

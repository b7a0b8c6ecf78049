//! What was found in the input, whichever console it came from, and which of the readers it is for.

use std::collections::BTreeSet;

use super::{document::Node, entra, mapped::Rows, okta, pasted, report::Severity, unknown};
use crate::{
    error::Problem,
    recipe::{Guide, IdpStyle},
};

/// A mapping as found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What was read, in words.
    pub(super) what: String,
    pub(super) tables: Vec<FoundTable>,
    /// Whether a table that is missing here is missing in the console: not so for one that was copied from a page.
    pub(super) whole: bool,
    /// What the export calls the app.
    pub(super) directory: Option<String>,
    pub(super) remarks: Vec<(&'static str, Severity, String)>,
}

#[derive(Debug)]
pub(super) struct FoundTable {
    pub(super) kind: Kind,
    pub(super) enabled: bool,
    /// Those that are on, in the console's words; nothing if the input does not say.
    pub(super) actions: Option<BTreeSet<&'static str>>,
    /// People or groups are filtered by their attributes.
    pub(super) scoped: bool,
    /// Whether the input says what is matched on.
    pub(super) says_matching: bool,
    pub(super) rows: Vec<FoundRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundRow {
    pub(super) target: String,
    /// Nothing, if it is not filled.
    pub(super) source: Option<String>,
    /// Whether the source is all of it: of a function, an export can leave out what it works on.
    pub(super) readable: bool,
    /// The lowest decides.
    pub(super) matching: Option<u32>,
    pub(super) apply: Apply,
}

/// When a row is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apply {
    Always,
    OnCreate,
    /// The input does not say.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Users,
    Groups,
}

impl Kind {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
        }
    }
}

/// Rows of a table. A console has less than a hundred.
pub(super) const MOST_ROWS: usize = 2_000;
/// Bytes of a page that was copied. A real one has a few thousand.
const LONGEST_PAGE: usize = 1024 * 1024;

/// Whichever reader understands it, as long as it is the identity provider that was asked for.
pub(super) fn recognise(text: &str, guide: &Guide) -> Result<Found, Problem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(unknown::not_this("There is nothing in it.", guide));
    }
    if text.starts_with('<') {
        return Err(unknown::markup(text, guide));
    }
    let found = if looks_like_json(text) { json(text, guide) } else { page(text, guide) }?;
    match found.tables.iter().find(|table| table.rows.len() > MOST_ROWS) {
        None => Ok(found),
        Some(table) => {
            let text = format!("The mapping of {} has more rows than any console shows.", table.kind.id());
            Err(unknown::not_this(&text, guide))
        }
    }
}

/// A log can begin with a bracket too, before its first date.
fn looks_like_json(text: &str) -> bool {
    let inside = text.strip_prefix('[').map(|rest| rest.trim_start().chars().next());
    match inside {
        None => text.starts_with('{'),
        Some(None | Some('{' | '[' | ']' | '"')) => true,
        Some(Some(_)) => text.ends_with(']'),
    }
}

fn page(text: &str, guide: &Guide) -> Result<Found, Problem> {
    if text.len() > LONGEST_PAGE {
        return Err(unknown::not_this("This text is longer than any page of a console.", guide));
    }
    match guide.asks_like {
        IdpStyle::Entra => pasted::entra(text, guide),
        IdpStyle::Okta => pasted::okta(text, guide),
    }
    .ok_or_else(|| unknown::text(text, guide))
}

fn json(text: &str, guide: &Guide) -> Result<Found, Problem> {
    let mut document: Node = unknown::parse(text, guide)?;
    match guide.asks_like {
        IdpStyle::Entra => {
            if document.lists_rows() {
                document.attribute_mappings = Some(unknown::parse::<Rows>(text, guide)?.0);
            }
            entra::read(&document, guide)
        }
        IdpStyle::Okta => okta::read(&document, guide),
    }
}

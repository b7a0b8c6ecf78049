//! The table of a console's mapping page, as copying it from the browser gives it: a line for each row with tabs or
//! blanks between its cells, a line for each cell, or the bars of a table in Markdown.

use std::collections::HashSet;

use super::{
    found::{Apply, Found, FoundRow, FoundTable, Kind, MOST_ROWS},
    path,
};
use crate::recipe::Guide;

/// One more row than is allowed is read, so that it is noticed.
const ENOUGH: usize = MOST_ROWS + 1;
/// Bytes of an attribute's name that can be one of a guide.
const LONGEST_NAME: usize = 500;

/// Words of buttons and links in a row.
const BUTTONS: [&str; 9] = ["actions", "edit", "delete", "remove", "save", "cancel", "add new mapping", "✕", "x"];

/// The attributes of the guide, to tell what is one.
struct Known(HashSet<String>);

impl Known {
    fn of(guide: &Guide) -> Self {
        let rows = guide.mappings.iter().flat_map(|mapping| mapping.defaults.iter().chain(&mapping.wanted));
        Self(rows.map(|row| path::plain(&row.target)).collect())
    }

    fn has(&self, target: &str) -> bool {
        // The longest has less than a hundred letters.
        target.len() < LONGEST_NAME && self.0.contains(&path::plain(target))
    }
}

/// The table of Entra's page, or those of both its pages, one after the other.
pub(super) fn entra(text: &str, guide: &Guide) -> Option<Found> {
    let known = &Known::of(guide);
    let cells: Vec<String> = text.lines().filter(|line| !is_rule(line)).flat_map(with_its_source).collect();
    let mut tables: Vec<FoundTable> = Vec::new();
    let mut rest = cells.as_slice();
    while let Some(head) = Head::find(rest) {
        let body = &rest[head.end..];
        let end = Head::find(body).map_or(body.len(), |next| next.begin);
        let rows = entra_rows(&body[..end], &head);
        push(&mut tables, rows, head.says_matching, known);
        rest = &body[end..];
    }
    if tables.is_empty() {
        push(&mut tables, without_headings(text, &cells, known), false, known);
    }
    found("The table of Entra's mapping page, as copied", tables)
}

/// Without headings, or with those of another language: what is at the target has to be known.
fn without_headings(text: &str, cells: &[String], known: &Known) -> Vec<FoundRow> {
    let head = |source_first| Head { source_first, says_matching: false, begin: 0, end: 0 };
    let those_known = |rows: Vec<FoundRow>| rows.into_iter().filter(|row| known.has(&row.target)).collect::<Vec<_>>();
    let by_line = |source_first| {
        let lines = text.lines().map(with_its_source).filter(|cells| cells.len() > 1);
        let rows = lines.filter_map(|cells| entra_rows(&cells, &head(source_first)).into_iter().next());
        rows.filter(|row| known.has(&row.target)).take(ENOUGH).collect::<Vec<_>>()
    };
    let (target_first, source_first) = (by_line(false), by_line(true));
    match (target_first.len(), source_first.len()) {
        (0, 0) => {
            let begin = cells.iter().position(|cell| known.has(cell)).unwrap_or(cells.len());
            those_known(entra_rows(&cells[begin..], &head(false)))
        }
        (one, other) if one >= other => target_first,
        _ => source_first,
    }
}

/// The headings of Entra's table.
struct Head {
    /// The older page has Entra's own attribute first.
    source_first: bool,
    says_matching: bool,
    begin: usize,
    /// After the last heading.
    end: usize,
}

impl Head {
    fn find(cells: &[String]) -> Option<Self> {
        let own = |cell: &String| {
            let cell = cell.to_ascii_lowercase();
            let name = cell.strip_suffix(" attribute")?;
            Some(name == "microsoft entra id" || name == "azure active directory" || name == "source")
        };
        let begin = cells
            .windows(2)
            .position(|pair| own(&pair[0]).zip(own(&pair[1])).is_some_and(|(first, second)| first != second))?;
        let more = cells[begin + 2..].iter().take_while(|cell| is_heading(cell));
        let more: Vec<_> = more.map(|cell| cell.to_ascii_lowercase()).collect();
        Some(Self {
            source_first: own(&cells[begin]) == Some(true),
            says_matching: more.iter().any(|cell| cell.contains("precedence")),
            begin,
            end: begin + 2 + more.len(),
        })
    }
}

/// Whether it stands beside the two headings that tell the table.
fn is_heading(cell: &str) -> bool {
    let cell = cell.to_ascii_lowercase();
    cell.contains("precedence") || cell.contains("mapping") || BUTTONS.contains(&cell.as_str())
}

fn entra_rows(cells: &[String], head: &Head) -> Vec<FoundRow> {
    let mut cells = cells.iter().filter(|cell| !is_button(cell)).peekable();
    let mut rows = Vec::new();
    while rows.len() < ENOUGH
        && let (Some(one), Some(other)) = (cells.next(), cells.next())
    {
        let number = cells.next_if(|cell| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit()));
        let (target, source) = if head.source_first { (other, one) } else { (one, other) };
        rows.push(FoundRow {
            target: target.clone(),
            source: Some(source.clone()).filter(|source| !source.is_empty()),
            readable: true,
            matching: number.and_then(|number| number.parse().ok()).filter(|number| *number > 0),
            apply: Apply::Unknown,
        });
    }
    rows
}

/// The table under Okta's **To App**: what stands before and after the kind of an attribute tells its name and value.
pub(super) fn okta(text: &str, guide: &Guide) -> Option<Found> {
    let known = &Known::of(guide);
    let cells = cells(text);
    let mut rows = Vec::new();
    let kinds: Vec<usize> = (1..cells.len()).filter(|index| is_kind(&cells[*index])).collect();
    for (place, at) in kinds.iter().enumerate().take(ENOUGH) {
        // Before the next kind stands the name of the next attribute.
        let end = kinds.get(place + 1).map_or(cells.len(), |next| next - 1);
        let after = cells.get(at + 1..end).unwrap_or_default();
        rows.push(okta_row(&cells[at - 1], after, known));
    }
    if rows.is_empty() {
        rows = okta_rows_without_kinds(&cells, known);
    }
    let mut tables = Vec::new();
    if rows.iter().any(|row| known.has(&row.target)) {
        push(&mut tables, rows, false, known);
    }
    found("The table of Okta's mapping page, as copied", tables)
}

fn okta_row(name: &str, after: &[String], known: &Known) -> FoundRow {
    let apply = after.iter().find_map(|cell| when(cell));
    let value = after.iter().find(|cell| when(cell).is_none() && !is_button(cell) && !cell.is_empty());
    let nothing = |value: &String| ["not mapped", "unmapped", "-", "—"].contains(&value.to_ascii_lowercase().as_str());
    // Without a value, what follows is the next attribute's name for people.
    let value = value.filter(|value| !nothing(value) && (apply.is_some() || looks_like_a_source(value)));
    FoundRow {
        target: variable(name, known),
        source: value.cloned(),
        readable: true,
        matching: None,
        apply: apply.unwrap_or(Apply::Unknown),
    }
}

/// Attribute and value only, as some guides print them.
fn okta_rows_without_kinds(cells: &[String], known: &Known) -> Vec<FoundRow> {
    let mut rows = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let name = variable(cell, known);
        let Some(value) = cells.get(index + 1).filter(|_| known.has(&name)) else { continue };
        if rows.len() < ENOUGH && looks_like_a_source(value) {
            rows.push(okta_row(cell, &cells[index + 1..cells.len().min(index + 3)], known));
        }
    }
    rows
}

fn looks_like_a_source(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.starts_with("configured in")
        || value.contains("user.")
        || value.contains("source.")
        || value.contains(['?', '"'])
}

/// The attribute's own name, which stands after or under the one for people: `Given name`, `givenName`.
fn variable(cell: &str, known: &Known) -> String {
    let together: String = cell.split_whitespace().collect();
    if known.has(&together) {
        return together;
    }
    cell.split_whitespace().last().unwrap_or_default().trim_matches(['(', ')']).to_owned()
}

fn is_kind(cell: &str) -> bool {
    cell.eq_ignore_ascii_case("personal") || cell.eq_ignore_ascii_case("group")
}

fn when(cell: &str) -> Option<Apply> {
    match cell.to_ascii_lowercase().as_str() {
        "create" => Some(Apply::OnCreate),
        "create and update" => Some(Apply::Always),
        _ => None,
    }
}

/// Some consoles name the row in the button, for those who hear the page.
fn is_button(cell: &str) -> bool {
    let cell = cell.to_ascii_lowercase();
    BUTTONS.contains(&cell.as_str()) || cell.starts_with("edit ") || cell.starts_with("delete ")
}

fn push(tables: &mut Vec<FoundTable>, rows: Vec<FoundRow>, says_matching: bool, known: &Known) {
    // Headings of something else, or nothing under them.
    if !rows.iter().any(|row| known.has(&row.target)) {
        return;
    }
    let kind = if rows.iter().any(|row| path::same(&row.target, "members")) { Kind::Groups } else { Kind::Users };
    if tables.iter().any(|table| table.kind == kind) {
        return;
    }
    tables.push(FoundTable { kind, enabled: true, actions: None, scoped: false, says_matching, rows });
}

fn found(what: &str, tables: Vec<FoundTable>) -> Option<Found> {
    (!tables.is_empty()).then(|| Found { what: what.to_owned(), tables, ..Found::default() })
}

/// Cell after cell. Blanks that stand by two or more divide cells, single ones belong to them.
fn cells(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !is_rule(line));
    lines.flat_map(line_cells).collect()
}

fn line_cells(line: &str) -> Vec<String> {
    let line = line.trim().replace('\u{a0}', " ");
    let line = line.trim();
    let divided: Vec<&str> = match () {
        () if line.contains('\t') => line.split('\t').collect(),
        () if line.starts_with('|') => line.trim_matches('|').split('|').collect(),
        () => line.split("  ").collect(),
    };
    let clean = |cell: &str| cell.trim().trim_matches('`').trim().to_owned();
    divided.into_iter().map(clean).filter(|cell| !cell.is_empty()).collect()
}

/// The cells of a line; of a row that is filled from nothing, an empty one for its source, or every row after it would
/// begin with the wrong cell.
fn with_its_source(line: &str) -> Vec<String> {
    let mut cells = line_cells(line);
    let beside = |cell: &String| is_button(cell) || cell.chars().all(|c| c.is_ascii_digit());
    let divided = line.trim_start().starts_with('|') || line.trim_start().contains("\t\t");
    if let [target, rest @ ..] = cells.as_slice()
        && divided
        && !beside(target)
        && !is_heading(target)
        && !target.to_ascii_lowercase().ends_with(" attribute")
        && rest.iter().all(beside)
    {
        cells.insert(1, String::new());
    }
    cells
}

/// The line under the headings of a table in Markdown.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+'))
}

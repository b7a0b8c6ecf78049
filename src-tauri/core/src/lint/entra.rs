//! Entra's export: a synchronization schema, or the part of one that somebody cut out, in the names of Microsoft Graph.

mod direction;

use std::collections::BTreeSet;

use direction::Direction;

use super::{
    document::Node,
    found::{Apply, Found, FoundRow, FoundTable, Kind},
    mapped::{self, AttributeMapping},
    path,
    report::Severity,
    unknown,
};
use crate::{
    error::Problem,
    http::redact::{cut, one_line},
    recipe::Guide,
};

/// What exports call an app that is not from the gallery: by its schema, and by its template.
const NON_GALLERY: [&str; 2] = ["customappsso", "scim"];

pub(super) fn read(document: &Node, guide: &Guide) -> Result<Found, Problem> {
    let mut found = Found { whole: true, ..Found::default() };
    let mappings = mappings(document, guide, &mut found)?;
    for mapping in mappings {
        let Some(kind) = kind(mapping) else { continue };
        if found.tables.iter().any(|table| table.kind == kind) {
            if !found.remarks.iter().any(|(id, ..)| *id == "several-mappings") {
                let text = format!("There is more than one mapping of {}; the first one was checked.", kind.id());
                found.remarks.push(("several-mappings", Severity::Should, text));
            }
            continue;
        }
        found.tables.push(table(mapping, kind));
    }
    if found.tables.is_empty() {
        return Err(unknown::not_this(no_table(document), guide));
    }
    found.tables.sort_by_key(|table| table.kind.id() == "groups");
    if found.what.is_empty() {
        "Entra's schema, as exported".clone_into(&mut found.what);
    }
    Ok(found)
}

/// The object mappings of the rule that sends from Entra to the app.
fn mappings<'a>(document: &'a Node, guide: &Guide, found: &mut Found) -> Result<Vec<&'a Node>, Problem> {
    if document.properties.is_some() {
        let text = "This is Okta's profile mapping, and the check was asked for Microsoft Entra ID.";
        return Err(unknown::not_this(text, guide));
    }
    if document.attribute_mappings.is_some() {
        found.whole = false;
        return Ok(vec![document]);
    }
    let rules = rules(document);
    if rules.is_empty() {
        let entries = document.entries.iter().flatten().filter(|entry| entry.attribute_mappings.is_some());
        let parts: Vec<&Node> = document.object_mappings.iter().flatten().chain(entries).collect();
        found.whole = document.object_mappings.is_some();
        return if parts.is_empty() { Err(unknown::document(document, guide)) } else { Ok(parts) };
    }
    let directions: Vec<Direction> = rules.iter().map(|rule| direction::of(rule, guide)).collect();
    let sends = |(rule, direction): (&&'a Node, &Direction)| (*direction == Direction::ToApp).then_some(*rule);
    let mut outbound: Vec<&Node> = rules.iter().zip(&directions).filter_map(sends).collect();
    // Rules are tried from the lowest priority on; the sorting keeps the order of equal ones.
    outbound.sort_by_key(|rule| rule.priority.unwrap_or(i64::MAX));
    let Some(rule) = outbound.iter().find(|rule| has_mappings(rule)).or(outbound.first()) else {
        let name = |name: &Option<String>| short(name.as_deref().unwrap_or("another directory"));
        let (from, to) = (name(&rules[0].source_directory), name(&rules[0].target_directory));
        let text = match directions[0] {
            Direction::ToApp | Direction::FromApp => format!(
                "This schema works in the other direction: from {from} to {to}. What is checked here goes from Microsoft Entra ID to an app."
            ),
            Direction::Unknown => format!(
                "This schema goes from {from} to {to}, and it cannot be told which of them is Microsoft Entra ID and which is the app."
            ),
        };
        return Err(unknown::not_this(&text, guide));
    };
    if outbound.len() > 1 {
        let text = "The schema has several rules that send to the app; the one with the lowest priority was checked.";
        found.remarks.push(("several-rules", Severity::Note, text.to_owned()));
    }
    found.directory = rule.target_directory.as_deref().map(kind_of_app);
    if let Some(directory) = rule.target_directory.as_deref().map(short) {
        found.what = format!("Entra's schema of an app of the kind {directory}");
    }
    Ok(rule.object_mappings.iter().flatten().collect())
}

/// Of a schema, a template or job with one, a list of any of these, or a rule by itself.
fn rules(node: &Node) -> Vec<&Node> {
    if let Some(rules) = &node.rules {
        return rules.iter().collect();
    }
    if let Some(schema) = &node.schema {
        return rules(schema);
    }
    if node.object_mappings.is_some() && (node.source_directory.is_some() || node.target_directory.is_some()) {
        return vec![node];
    }
    node.entries.iter().flatten().flat_map(rules).collect()
}

fn has_mappings(rule: &Node) -> bool {
    rule.object_mappings.as_ref().is_some_and(|mappings| mappings.iter().any(|mapping| kind(mapping).is_some()))
}

/// By the object at the source; the mapping's own name differs from tenant to tenant.
fn kind(mapping: &Node) -> Option<Kind> {
    let ends = |name: &Option<String>, end: &str| name.as_deref().is_some_and(|name| name.ends_with(end));
    match mapping.source_object.as_deref() {
        Some(name) if name.eq_ignore_ascii_case("user") => Some(Kind::Users),
        Some(name) if name.eq_ignore_ascii_case("group") => Some(Kind::Groups),
        Some(_) => None,
        None if ends(&mapping.target_object, ":Group") => Some(Kind::Groups),
        None if ends(&mapping.target_object, ":User") => Some(Kind::Users),
        None => by_its_rows(mapping),
    }
}

/// Only groups have members; a name and an external id alone can be those of either.
fn by_its_rows(mapping: &Node) -> Option<Kind> {
    let rows = mapping.attribute_mappings.iter().flatten();
    let targets: Vec<&str> = rows.filter_map(|row| row.target_attribute_name.as_deref()).collect();
    let of_both = |target: &&str| ["displayName", "externalId", ""].iter().any(|name| path::same(name, target));
    match () {
        () if targets.iter().any(|target| path::same(target, "members")) => Some(Kind::Groups),
        () if targets.iter().all(of_both) => None,
        () => Some(Kind::Users),
    }
}

fn no_table(document: &Node) -> &'static str {
    let cut_out = document.attribute_mappings.as_ref().is_some_and(|rows| !rows.is_empty());
    match (cut_out, &document.source_object, &document.target_object) {
        (true, None, None) => {
            "It cannot be told whether these rows are of users or of groups. Take them whole: those of users have `userName` among them, those of groups `members`."
        }
        _ => "No mapping of users or groups is in this schema.",
    }
}

fn table(mapping: &Node, kind: Kind) -> FoundTable {
    FoundTable {
        kind,
        enabled: mapping.enabled.unwrap_or(true),
        actions: mapping.flow_types.as_deref().map(actions),
        scoped: mapping.scope.as_ref().is_some_and(|scope| scope.filter_groups > 0),
        says_matching: true,
        rows: mapping.attribute_mappings.iter().flatten().map(row).collect(),
    }
}

/// `Add, Update, Delete` in the console's words.
fn actions(flow_types: &str) -> BTreeSet<&'static str> {
    let word = |flow: &str| match flow.trim().to_ascii_lowercase().as_str() {
        "add" => Some("Create"),
        "update" => Some("Update"),
        "delete" => Some("Delete"),
        _ => None,
    };
    flow_types.split([',', '|']).filter_map(word).collect()
}

fn row(mapping: &AttributeMapping) -> FoundRow {
    let (source, readable) = source(mapping);
    FoundRow {
        target: mapping.target_attribute_name.clone().unwrap_or_default(),
        source,
        readable,
        matching: mapping.matching_priority.and_then(|priority| u32::try_from(priority).ok()).filter(|one| *one > 0),
        apply: match mapping.flow_type.as_deref() {
            Some(flow) if flow.eq_ignore_ascii_case("ObjectAddOnly") => Apply::OnCreate,
            Some(_) => Apply::Always,
            None => Apply::Unknown,
        },
    }
}

/// As the console shows it: an attribute by its name, a constant in quotes, a function as it is. And whether that is all.
fn source(mapping: &AttributeMapping) -> (Option<String>, bool) {
    let from_default = || mapping.default_value.as_deref().filter(|text| !text.is_empty()).map(mapped::constant);
    let Some(source) = &mapping.source else { return (from_default(), true) };
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let is = |kind: &str| source.kind.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(kind));
    match (filled(&source.expression), filled(&source.name)) {
        (Some(expression), _) => (Some(without_brackets(expression)), true),
        (None, None) => (from_default(), true),
        (None, Some(name)) if is("Constant") => (Some(mapped::constant(&name)), true),
        (None, Some(name)) => match source.call() {
            Some(call) => (Some(call), true),
            None if is("Function") => (Some(format!("{name}(…)")), false),
            None => (Some(without_brackets(name)), true),
        },
    }
}

fn without_brackets(expression: String) -> String {
    let attribute = expression.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match attribute {
        Some(name) if !name.contains(['[', ']']) => name.to_owned(),
        _ => expression,
    }
}

/// One name for those of the non-gallery app.
fn kind_of_app(name: &str) -> String {
    let non_gallery = NON_GALLERY.iter().any(|other| name.eq_ignore_ascii_case(other));
    if non_gallery { NON_GALLERY[0].to_owned() } else { short(name) }
}

fn short(name: &str) -> String {
    cut(&one_line(name), 60)
}

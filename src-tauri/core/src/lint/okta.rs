//! Okta's profile mapping as its API answers it: from the user to the app.

use super::{
    document::Node,
    found::{Apply, Found, FoundRow, FoundTable, Kind},
    report::Severity,
    unknown,
};
use crate::{
    error::Problem,
    http::redact::{cut, one_line},
    recipe::Guide,
};

pub(super) fn read(document: &Node, guide: &Guide) -> Result<Found, Problem> {
    if document.rules.is_some()
        || document.schema.is_some()
        || document.object_mappings.is_some()
        || document.lists_rows()
    {
        let text = "This is Entra's schema, and the check was asked for Okta.";
        return Err(unknown::not_this(text, guide));
    }
    let entries: Vec<&Node> = document.entries.as_ref().map_or(vec![document], |entries| entries.iter().collect());
    let mappings: Vec<&Node> = entries.into_iter().filter(|entry| is_mapping(entry)).collect();
    if mappings.is_empty() {
        return Err(unknown::document(document, guide));
    }
    let to_app: Vec<&Node> = mappings.iter().copied().filter(|mapping| goes_to_an_app(mapping)).collect();
    if to_app.is_empty() {
        let from = mappings[0].source.as_ref().and_then(|source| source.name.as_deref()).unwrap_or("an app");
        let text = format!(
            "This mapping goes the other way: from {} to Okta. What is checked here goes from Okta's user to the app.",
            cut(&one_line(from), 60)
        );
        return Err(unknown::not_this(&text, guide));
    }
    let Some((mapping, properties)) = to_app.iter().find_map(|mapping| Some((mapping, mapping.properties.as_ref()?)))
    else {
        let text = "This is Okta's list of mappings. It names them, and leaves out their attributes: the one to take has the type `appuser` in its `target`.";
        return Err(unknown::not_this(text, guide));
    };
    let app = mapping.target.as_ref().and_then(|target| target.name.as_deref()).map(|name| cut(&one_line(name), 60));
    let mut found = Found {
        what: app
            .map_or_else(|| "Okta's profile mapping".into(), |app| format!("Okta's profile mapping to the app {app}")),
        tables: vec![table(properties)],
        whole: true,
        ..Found::default()
    };
    if to_app.len() > 1 {
        let text = "There are several mappings to an app in it; the first one was checked.";
        found.remarks.push(("several-mappings", Severity::Should, text.to_owned()));
    }
    Ok(found)
}

fn is_mapping(node: &Node) -> bool {
    let properties = node.properties.as_deref().unwrap_or_default();
    let maps = |(_, property): &(String, Node)| property.expression.is_some() || property.push_status.is_some();
    // The request to change a mapping has properties only.
    (node.source.is_some() && node.target.is_some()) || properties.iter().any(maps)
}

/// Its target's users are those of an app, and not Okta's own.
fn goes_to_an_app(mapping: &Node) -> bool {
    let kind = |end: &Option<Box<Node>>| end.as_ref().and_then(|end| end.kind.clone());
    match (kind(&mapping.target), kind(&mapping.source)) {
        (Some(target), _) => target.eq_ignore_ascii_case("appuser"),
        (None, Some(source)) => !source.eq_ignore_ascii_case("appuser"),
        (None, None) => true,
    }
}

fn table(properties: &[(String, Node)]) -> FoundTable {
    let row = |(target, property): &(String, Node)| FoundRow {
        target: target.clone(),
        source: property.expression.clone().filter(|text| !text.trim().is_empty()),
        readable: true,
        matching: None,
        apply: match property.push_status.as_deref() {
            Some("PUSH") => Apply::Always,
            Some("DONT_PUSH") => Apply::OnCreate,
            Some(_) | None => Apply::Unknown,
        },
    };
    FoundTable {
        kind: Kind::Users,
        enabled: true,
        actions: None,
        scoped: false,
        says_matching: false,
        rows: properties.iter().map(row).collect(),
    }
}

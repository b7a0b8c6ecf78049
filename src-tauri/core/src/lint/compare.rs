//! The whole comparison: table by table, and what concerns all of it.

use super::{
    actions,
    found::{Found, FoundTable, Kind},
    report::{Note, Report, Row, Severity, Table},
    row::Judge,
    verdict,
};
use crate::{
    class::Class,
    recipe::{Guide, MappingGuide, Others},
};

pub(super) fn report(found: &Found, guide: &Guide) -> Report {
    let mut notes: Vec<Note> = found.remarks.iter().map(remark).collect();
    let mut tables = Vec::new();
    for mapping in &guide.mappings {
        match found.tables.iter().find(|table| table.kind.id() == mapping.id) {
            Some(table) => tables.push(compared(table, mapping, guide)),
            None => notes.push(no_table(mapping, found, guide)),
        }
    }
    notes.extend(guide.mappings.first().and_then(|mapping| other_app(mapping, found, guide)));
    let mut report = Report {
        target: guide.target_name.clone(),
        idp: guide.idp_name.clone(),
        source: found.what.clone(),
        whole: found.whole,
        verdict: verdict::nothing_yet(),
        tables,
        notes,
    };
    report.verdict = verdict::of(&report, guide);
    report
}

fn remark((id, severity, text): &(&'static str, Severity, String)) -> Note {
    Note { id, severity: *severity, text: text.clone(), class: Some(Class::MappingInvalid) }
}

fn compared(found: &FoundTable, mapping: &MappingGuide, guide: &Guide) -> Table {
    let judge = Judge::new(found, mapping, guide);
    let rows = judge.rows();
    let mut notes = Vec::new();
    if !found.enabled {
        notes.push(disabled(found.kind, mapping, guide));
    }
    if found.scoped {
        notes.push(scoped(found.kind, guide));
    }
    notes.extend(incomplete(&rows, &judge));
    notes.extend(left_out(mapping, &rows));
    Table {
        id: mapping.id,
        title: mapping.title.clone(),
        target_heading: mapping.target_heading.clone(),
        source_heading: mapping.source_heading.clone(),
        actions: actions::compared(found, mapping, guide),
        rows,
        notes,
    }
}

fn no_table(mapping: &MappingGuide, found: &Found, guide: &Guide) -> Note {
    let (idp, target, title) = (&guide.idp_short, &guide.target_short, mapping.title.to_lowercase());
    if !found.whole {
        let text = format!("The table of {title} was not in the text. It can be checked by itself in the same way.");
        return Note { id: "not-pasted", severity: Severity::Note, text, class: None };
    }
    let severity = if mapping.id == "users" { Severity::Must } else { groups_matter(mapping) };
    let text = format!("There is no mapping of {title}: {idp} sends none of them to {target}.");
    Note { id: "no-mapping", severity, text, class: Some(Class::MappingInvalid) }
}

/// A target with a list of its own names the groups in it.
fn groups_matter(mapping: &MappingGuide) -> Severity {
    match mapping.rules.attributes.others {
        Others::Refused => Severity::Must,
        Others::Unneeded | Others::Welcome => Severity::Should,
    }
}

fn disabled(kind: Kind, mapping: &MappingGuide, guide: &Guide) -> Note {
    let severity = match kind {
        Kind::Users => Severity::Must,
        Kind::Groups => groups_matter(mapping),
    };
    let text = format!(
        "The mapping of {} is not enabled: {} sends none of them to {}. The switch **Enabled** stands at the top of the mapping; on the new pages, under **Manage › Scoping filters**.",
        kind.id(),
        guide.idp_short,
        guide.target_short
    );
    Note { id: "disabled", severity, text, class: Some(Class::AppSetting) }
}

fn scoped(kind: Kind, guide: &Guide) -> Note {
    let text = format!(
        "There is a scoping filter: only {} that pass it are sent, even if others are assigned. {} calls the others skipped.",
        kind.id(),
        guide.idp_short
    );
    Note { id: "scoped", severity: Severity::Note, text, class: Some(Class::NotAssigned) }
}

/// Some parts of an attribute are sent, and the target wants all or none.
fn incomplete(rows: &[Row], judge: &Judge<'_>) -> Option<Note> {
    let rule = &judge.rules().complete;
    let stays = |row: &&Row| row.found.is_some() && row.remains();
    let staying: Vec<_> = rows.iter().filter(stays).map(|row| judge.path(&row.attribute)).collect();
    let has = |attribute: &&String| staying.iter().any(|path| path.is(attribute));
    let missing: Vec<String> =
        rule.attributes.iter().filter(|attribute| !has(attribute)).map(|attribute| format!("`{attribute}`")).collect();
    if missing.is_empty() || missing.len() == rule.attributes.len() {
        return None;
    }
    let text = format!("{} Not mapped: {}. Add them, or delete the others.", rule.why, missing.join(", "));
    Some(Note { id: "incomplete", severity: Severity::Should, text, class: Some(Class::MissingAttribute) })
}

/// What the guide leaves out on purpose, and what that means for those who leave. A row that has to go says it itself.
fn left_out(mapping: &MappingGuide, rows: &[Row]) -> Option<Note> {
    let text = mapping.rules.without.get("active")?;
    let named = rows.iter().any(|row| row.attribute.eq_ignore_ascii_case("active"));
    let note = Note { id: "leavers", severity: Severity::Note, text: text.clone(), class: Some(Class::UpdateOff) };
    (!named).then_some(note)
}

/// The export is that of another kind of app than the one in the guide.
fn other_app(mapping: &MappingGuide, found: &Found, guide: &Guide) -> Option<Note> {
    let (wanted, found) = (mapping.rules.directory.as_ref()?, found.directory.as_ref()?);
    if wanted.eq_ignore_ascii_case(found) {
        return None;
    }
    let severity = match mapping.rules.attributes.others {
        Others::Refused | Others::Welcome => Severity::Should,
        Others::Unneeded => Severity::Note,
    };
    let text = format!(
        "This export is of an app of the kind `{found}`. The guide for {} works with one whose export says `{wanted}`: see that it is the right app.",
        guide.target_short
    );
    Some(Note { id: "other-app", severity, text, class: Some(Class::WrongAppType) })
}

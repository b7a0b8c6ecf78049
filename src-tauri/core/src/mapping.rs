//! Which rows of the identity provider's default mapping stay, go, change or are added for a target. Pure.

use crate::{
    recipe::{MappingGuide, MappingRow},
    view::Verb,
};

/// One row of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowWork {
    /// Stable id: the target attribute made safe for ids.
    pub id: String,
    /// The attribute at the target.
    pub target: String,
    /// Its source as it must be in the end; of a deleted row, as it is by default.
    pub source: String,
    /// What to do.
    pub verb: Verb,
    /// A remark for the admin.
    pub note: Option<String>,
    /// The SCIM path; empty if it cannot be seen at the target.
    pub path: String,
    /// May be empty for a person.
    pub optional: bool,
}

/// Compares the defaults with what is wanted. Rows keep the console's order; added ones come last.
pub fn work(guide: &MappingGuide) -> Vec<RowWork> {
    let apply = guide.apply_heading.as_deref();
    let defaults = guide.defaults.iter().map(|row| {
        let wanted = guide.wanted.iter().find(|wanted| same_attribute(wanted, row));
        wanted.map_or_else(|| row_work(row, Verb::Delete, None), |wanted| kept(row, wanted, apply))
    });
    let added = guide.wanted.iter().filter(|wanted| !guide.defaults.iter().any(|row| same_attribute(wanted, row)));
    defaults.chain(added.map(|wanted| row_work(wanted, Verb::Add, remark(wanted, apply)))).collect()
}

fn row_work(row: &MappingRow, verb: Verb, note: Option<String>) -> RowWork {
    RowWork {
        id: row_id(row),
        target: row.target.clone(),
        source: row.source.clone(),
        verb,
        note,
        path: row.path.clone(),
        optional: row.optional,
    }
}

fn kept(row: &MappingRow, wanted: &MappingRow, apply: Option<&str>) -> RowWork {
    let changed = row.source != wanted.source || row.matching != wanted.matching || row.apply != wanted.apply;
    let was = (row.source != wanted.source).then(|| format!("was {}", row.source));
    let remarks: Vec<String> = was.into_iter().chain(remark(wanted, apply)).collect();
    let note = (!remarks.is_empty()).then(|| remarks.join("; "));
    row_work(wanted, if changed { Verb::Change } else { Verb::Keep }, note)
}

fn remark(row: &MappingRow, apply: Option<&str>) -> Option<String> {
    let matching = row.matching.map(|priority| format!("matching {priority}"));
    let apply = apply.zip(row.apply.as_deref()).map(|(heading, when)| format!("{heading}: {when}"));
    let remarks: Vec<String> = matching.into_iter().chain(apply).collect();
    (!remarks.is_empty()).then(|| remarks.join("; "))
}

/// Attribute names ignore case (RFC 7643 section 2.1).
fn same_attribute(a: &MappingRow, b: &MappingRow) -> bool {
    a.target.eq_ignore_ascii_case(&b.target)
}

fn row_id(row: &MappingRow) -> String {
    row.target.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests;

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
}

/// Compares the defaults with what is wanted. Rows keep the console's order; added ones come last.
pub fn work(guide: &MappingGuide) -> Vec<RowWork> {
    let defaults = guide.defaults.iter().map(|row| {
        guide.wanted.iter().find(|wanted| same_attribute(wanted, row)).map_or_else(
            || RowWork {
                id: row_id(row),
                target: row.target.clone(),
                source: row.source.clone(),
                verb: Verb::Delete,
                note: None,
            },
            |wanted| kept(row, wanted),
        )
    });
    let added = guide.wanted.iter().filter(|wanted| !guide.defaults.iter().any(|row| same_attribute(wanted, row))).map(
        |wanted| RowWork {
            id: row_id(wanted),
            target: wanted.target.clone(),
            source: wanted.source.clone(),
            verb: Verb::Add,
            note: matching(wanted),
        },
    );
    defaults.chain(added).collect()
}

fn kept(row: &MappingRow, wanted: &MappingRow) -> RowWork {
    let changed = row.source != wanted.source || row.matching != wanted.matching;
    let note = if row.source == wanted.source { matching(wanted) } else { Some(format!("was {}", row.source)) };
    RowWork {
        id: row_id(wanted),
        target: wanted.target.clone(),
        source: wanted.source.clone(),
        verb: if changed { Verb::Change } else { Verb::Keep },
        note,
    }
}

fn matching(row: &MappingRow) -> Option<String> {
    row.matching.map(|priority| format!("matching {priority}"))
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

//! A list of people row by row, each as the check judges it: for whoever compares the list with what arrived.

use std::{io::Read, ops::ControlFlow};

use csv::ByteRecord;

use super::{
    Progress, columns,
    columns::Columns,
    open, read,
    report::Flaw,
    row::{Checker, Fate},
    rules::Rules,
    words::{self, Words},
};
use crate::{class::Class, error::Problem, table::shown};

/// Which columns matter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    pub(crate) user_name: usize,
    pub(crate) display_name: Option<usize>,
    /// What the mapping sends as it is, and stands in the file.
    pub(crate) sent: Vec<Source>,
    /// What the mapping sends, and the file does not have: path and source.
    pub(crate) absent: Vec<(String, String)>,
    /// The name of the group that each row is about.
    pub(crate) group: Option<usize>,
    /// What had to be assumed about the file.
    pub(crate) notes: Vec<String>,
}

/// An attribute and the column that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) header: String,
    pub(crate) index: usize,
}

/// One row of a list.
pub(crate) struct Listed<'a> {
    cells: &'a ByteRecord,
    pub(crate) who: Who,
}

/// Who it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A group.
    Group,
    /// A person, and why the person would fail, if so.
    Person { disabled: bool, guest: bool, flaw: Option<Flaw> },
}

impl Listed<'_> {
    /// A cell without blanks around it.
    pub(crate) fn cell(&self, index: usize) -> std::borrow::Cow<'_, str> {
        shown(self.cells.get(index).unwrap_or_default().trim_ascii())
    }
}

/// Reads a list as [`super::check`] does, and hands each person and group on. Why it was not read to its end, if so.
pub(crate) fn each(
    input: impl Read,
    rules: &Rules,
    watch: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    mut see: impl FnMut(&Sources, &Listed<'_>),
) -> Result<(Sources, Option<Problem>), Problem> {
    let (mut table, columns) = open(input, rules)?;
    let sources = sources(&columns, table.headers(), rules);
    let mut checker = Checker::new(rules, &columns, table.separator());
    let mut people = 0_u64;
    let stopped = read(&mut table, &mut checker, watch, |checker, cells| {
        let who = match checker.last {
            Fate::Nobody => return,
            Fate::Group => Who::Group,
            Fate::Person { disabled, guest, flaw } => Who::Person { disabled, guest, flaw },
        };
        people += 1;
        see(&sources, &Listed { cells, who });
    });
    if people == 0 {
        return Err(stopped.unwrap_or_else(words::nobody_in_it));
    }
    Ok((sources, stopped))
}

/// "No surname", and the class of trouble that this is.
pub(crate) fn title(flaw: Flaw, rules: &Rules) -> (String, Class) {
    let kind = Words { rules }.kind(flaw, 1, Vec::new());
    (kind.title, kind.class)
}

fn sources(columns: &Columns, headers: &[String], rules: &Rules) -> Sources {
    let mut sources = Sources {
        user_name: columns.user_name,
        display_name: columns.display_name,
        notes: columns.notes.clone(),
        ..Sources::default()
    };
    if !columns.first_is_a_row {
        sources.group = headers.iter().position(|header| columns::names_the_group(header));
    }
    for wanted in &rules.wanted {
        // The column of the very name, else the one that was taken for the attribute.
        let named =
            headers.iter().position(|header| !columns.first_is_a_row && columns::same_name(header, &wanted.source));
        let judged = || columns.judged.iter().find(|judged| judged.path.as_ref() == Some(&wanted.path));
        let known = sources.sent.iter().any(|source| source.path == wanted.path);
        match named.or_else(|| judged().map(|judged| judged.index)) {
            Some(_) if known => {}
            Some(index) => {
                let header = match headers.get(index).map(|header| header.trim()).filter(|header| !header.is_empty()) {
                    Some(header) if !columns.first_is_a_row => words::short(header),
                    _ => format!("column {}", index + 1),
                };
                sources.sent.push(Source { path: wanted.path.clone(), header, index });
            }
            None if known => {}
            None => sources.absent.push((wanted.path.clone(), wanted.source.clone())),
        }
    }
    let sent = &sources.sent;
    sources.absent.retain(|(path, _)| !sent.iter().any(|source| source.path == *path));
    sources
}

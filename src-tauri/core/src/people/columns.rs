//! Which column is which: by its name, in the languages of the consoles, or by what stands in it where there are no
//! names.

mod content;
mod names;

use content::Content;

use super::{
    report::Column,
    rules::{Attribute, Rules},
    words,
};
use crate::{
    error::{Code, Problem},
    recipe::IdpStyle,
};

/// A column that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) index: usize,
    pub(super) attribute: Attribute,
    /// As the file names it.
    pub(super) header: String,
    /// The attribute at the identity provider.
    pub(super) source: Option<String>,
    /// Where it stands at the target, if the mapping sends it.
    pub(super) path: Option<String>,
    /// A row without it is refused, or counts as such.
    pub(super) required: bool,
}

impl Judged {
    /// The person is told by it.
    pub(super) fn identifies(&self) -> bool {
        matches!(self.attribute, Attribute::UserName | Attribute::Email)
    }
}

/// All that are looked at, and what had to be assumed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) user_name: usize,
    pub(super) judged: Vec<Judged>,
    pub(super) email: Option<usize>,
    pub(super) display_name: Option<usize>,
    pub(super) user_type: Option<usize>,
    /// Says whether the row is a group: the members of a group may be groups.
    pub(super) groups: Vec<usize>,
    /// Where it stands, and whether the column says that somebody is blocked.
    pub(super) enabled: Option<(usize, bool)>,
    /// Needed, and not in the file.
    pub(super) absent: Vec<(Attribute, String)>,
    pub(super) notes: Vec<String>,
    /// Nothing but addresses, several in a row: each is a person.
    pub(super) addresses_only: bool,
    /// The first row is a person.
    pub(super) first_is_a_row: bool,
    /// Cells of a row.
    pub(super) width: usize,
    pub(super) shown: Vec<Column>,
}

/// Which of the rows after the first one names the columns: some exports begin with a title and a date.
pub(super) fn names_below(first: &[String], ahead: &[Vec<String>]) -> Option<usize> {
    let known = by_name(first).len();
    let names_people = |cells: &Vec<String>| {
        let found = by_name(cells);
        let identifies = found.iter().any(|(_, known)| matches!(known, Attribute::UserName | Attribute::Email));
        let alone = known == 0 && cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
        identifies && (found.len() > 1 || alone) && !cells.iter().any(|cell| is_address(cell.as_bytes()))
    };
    let alone = first.len() == 1 && is_address(first[0].trim().as_bytes());
    if known > 1 || alone { None } else { ahead.iter().position(names_people) }
}

/// Finds them, or says why the list cannot be read as one of people.
pub(super) fn find(headers: &[String], ahead: &[Vec<String>], rules: &Rules) -> Result<Columns, Problem> {
    let mut found = by_name(headers);
    let mut columns = Columns { width: headers.len(), ..Columns::default() };
    if found.iter().all(|(_, attribute)| *attribute == Attribute::Other) {
        let content = Content::of(headers, ahead).ok_or_else(|| nobody(headers, rules))?;
        (columns.addresses_only, columns.width) = (content.addresses_only, content.width);
        found = content.found;
        columns.first_is_a_row = true;
        columns.notes.push(if columns.addresses_only {
            words::ADDRESSES_ONLY.into()
        } else {
            words::no_header(&found)
        });
    }
    let has_address = |index: usize| ahead.iter().any(|row| row.get(index).is_some_and(|cell| cell.contains('@')));
    let place = |wanted: Attribute| found.iter().find(|(_, attribute)| *attribute == wanted).map(|(index, _)| *index);
    columns.user_name = match (place(Attribute::UserName), place(Attribute::Email)) {
        // A "User ID" of numbers beside a column of addresses is not what people sign in with.
        (Some(vague), Some(index))
            if !columns.first_is_a_row
                && names::is_vague(&headers[vague])
                && !has_address(vague)
                && has_address(index) =>
        {
            columns.notes.push(words::email_stands_in(&headers[index], rules));
            index
        }
        (Some(index), _) => index,
        (None, Some(index)) => {
            columns.notes.push(words::email_stands_in(&headers[index], rules));
            index
        }
        (None, None) => return Err(nobody(headers, rules)),
    };
    columns.email = place(Attribute::Email).filter(|index| *index != columns.user_name);
    columns.display_name = place(Attribute::DisplayName);
    columns.user_type = place(Attribute::UserType);
    if !columns.first_is_a_row {
        columns.groups = (0..headers.len()).filter(|index| names::tells_groups(&headers[*index])).collect();
    }
    columns.enabled = place(Attribute::Enabled).map(|index| (index, says_blocked(&headers[index])));
    judge(&mut columns, headers, rules, &found);
    Ok(columns)
}

/// What of the mapping stands in the file, and what does not.
fn judge(columns: &mut Columns, headers: &[String], rules: &Rules, found: &[(usize, Attribute)]) {
    let header = |index: usize| match columns.first_is_a_row || headers[index].trim().is_empty() {
        true => format!("column {}", index + 1),
        false => words::short(headers[index].trim()),
    };
    for wanted in &rules.wanted {
        let index = match wanted.attribute {
            Attribute::UserName => Some(columns.user_name),
            Attribute::Email => columns.email,
            Attribute::Other => headers
                .iter()
                .position(|name| !columns.first_is_a_row && names::key(name) == names::key(&wanted.source)),
            other => found.iter().find(|(_, attribute)| *attribute == other).map(|(index, _)| *index),
        };
        match index {
            // It stands in for the user name, and is looked at as such.
            None if wanted.attribute == Attribute::Email && found.contains(&(columns.user_name, Attribute::Email)) => {}
            Some(index) if columns.judged.iter().any(|judged| judged.index == index) => {}
            Some(index) => columns.judged.push(Judged {
                index,
                attribute: wanted.attribute,
                header: header(index),
                source: Some(wanted.source.clone()),
                path: Some(wanted.path.clone()),
                required: wanted.required,
            }),
            None if wanted.required && wanted.attribute != Attribute::Other => {
                columns.absent.push((wanted.attribute, wanted.source.clone()));
            }
            None => {}
        }
    }
    columns.judged.sort_by_key(|judged| judged.attribute);
    // The address is looked at even if the mapping does not send it: people sign in with it, and share it.
    if let Some(index) = columns.email.filter(|index| !columns.judged.iter().any(|judged| judged.index == *index)) {
        let attribute = Attribute::Email;
        let judged = Judged { index, attribute, header: header(index), source: None, path: None, required: false };
        columns.judged.push(judged);
    }
    let more = [
        columns.enabled.map(|(index, _)| (index, Attribute::Enabled)),
        columns.user_type.map(|index| (index, Attribute::UserType)),
    ];
    let judged = columns.judged.iter().map(|judged| Column {
        header: judged.header.clone(),
        attribute: judged.attribute.words().to_owned(),
        source: judged.source.clone(),
    });
    let beside = more.into_iter().flatten().map(|(index, attribute)| Column {
        header: header(index),
        attribute: attribute.words().to_owned(),
        source: None,
    });
    columns.shown = judged.chain(beside).collect();
}

/// The first column of the best name for each attribute.
fn by_name(headers: &[String]) -> Vec<(usize, Attribute)> {
    let mut best: Vec<(usize, Attribute, usize)> = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let Some((attribute, rank)) = names::attribute(header) else { continue };
        match best.iter_mut().find(|(_, known, _)| *known == attribute) {
            Some((place, _, best)) if rank < *best => (*place, *best) = (index, rank),
            Some(_) => {}
            None => best.push((index, attribute, rank)),
        }
    }
    let has = |wanted| best.iter().any(|(_, attribute, _)| *attribute == wanted);
    // "Vorname; Name": a name beside the first name is the surname.
    if has(Attribute::GivenName) && !has(Attribute::FamilyName) {
        let bare = best.iter_mut().find(|(index, attribute, _)| {
            *attribute == Attribute::DisplayName && names::is_bare_name(&headers[*index])
        });
        if let Some((_, attribute, _)) = bare {
            *attribute = Attribute::FamilyName;
        }
    }
    best.into_iter().map(|(index, attribute, _)| (index, attribute)).collect()
}

/// Entra's template asks whether signing in is to be blocked, under the name of the opposite.
fn says_blocked(header: &str) -> bool {
    let header = header.to_lowercase();
    ["block", "gesperrt", "sperr", "bloqu", "blocc", "spärr", "zablok"].iter().any(|part| header.contains(part))
}

/// One @, something before it, a domain with a dot inside it. Looks at each byte once.
pub(super) fn is_address(cell: &[u8]) -> bool {
    let (mut at, mut dot, mut before) = (None, false, b'.');
    for (place, byte) in cell.iter().copied().enumerate() {
        match byte {
            b'@' if at.is_some() || before == b'.' => return false,
            b'@' => at = Some(place),
            b'.' if at.is_some() && matches!(before, b'.' | b'@') => return false,
            b'.' => dot |= at.is_some(),
            0..=32 | 127 | b'<' | b'>' | b',' | b';' | b'"' | b'(' | b')' => return false,
            _ => {}
        }
        before = byte;
    }
    at.is_some() && dot && !matches!(before, b'.' | b'@')
}

fn nobody(headers: &[String], rules: &Rules) -> Problem {
    let source = rules.source(Attribute::UserName).unwrap_or("userName");
    let named: Vec<String> =
        headers.iter().take(12).map(|header| format!("`{}`", words::short(header.trim()))).collect();
    let more = if headers.len() > named.len() { " …" } else { "" };
    let export = match rules.style {
        IdpStyle::Entra => {
            "In Microsoft Entra, **Users › All users › Download users** makes such a file; its column is called `userPrincipalName`."
        }
        IdpStyle::Okta => {
            "Okta's own columns are called `login`, `firstName`, `lastName` and `email`: a CSV with these in its first row will do."
        }
    };
    Problem::new(
        Code::WrongInput,
        format!(
            "No column is recognised as the user name (`{source}`). The first row has: {}{more}.",
            named.join(", ")
        ),
    )
    .hint(export)
    .hint(format!("If it is there under another name, write `{source}` above it in the file."))
}

/// A row of Entra's template that shows what is to be entered.
pub(super) fn is_sample(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii_start();
    cell.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"example:"))
}

pub(super) fn truth(text: &str) -> Option<bool> {
    names::truth(text)
}

pub(super) fn is_group(text: &str) -> bool {
    names::is_group(text)
}

/// Whether two names mean the same column.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    names::key(one) == names::key(other)
}

pub(super) fn names_the_group(header: &str) -> bool {
    names::names_the_group(header)
}

pub(super) fn is_guest(text: &str) -> bool {
    names::is_guest(text)
}

//! The sentences of the people check about a row, a file and the whole.

mod kinds;

use csv::ByteRecord;

use super::{
    characters::{self, Oddity},
    columns::{Columns, Judged, is_address},
    quote::Taken,
    report::{Finding, Flaw, Kind},
    rules::{Attribute, Rules},
};
use crate::{
    error::{Code, Problem},
    guard,
    http::redact::cut,
    number::grouped,
    recipe::IdpStyle,
    table::shown,
};
use kinds::id_and_class;
pub(super) use kinds::severity;

/// Characters of a person's name or a column's.
const LONGEST_NAME: usize = 80;

pub(super) const BLANKS: &str = "A blank at the beginning or the end, or one that is not the usual blank.";
pub(super) const FORMULA: &str = "It begins with “=”, like a formula of a spreadsheet.";
pub(super) const COMPOSED: &str = "A letter in it is made of two characters (a letter and an accent). It looks the same as the letter in one piece, and is another name.";
pub(super) const LOOKALIKE: &str = "Letters of two alphabets are mixed, such as a Cyrillic “а” among Latin letters: it looks like a name that it is not.";
pub(super) const NOT_AN_ADDRESS: &str = "The user name is not an e-mail address.";
pub(super) const ODD_EMAIL: &str = "This is not an e-mail address.";
pub(super) const RESERVED: &str = "Nobody can have this user name there.";
pub(super) const DISABLED: &str = "The account is disabled.";
pub(super) const GUEST: &str = "A guest.";
pub(super) const ANOTHER_ENCODING: &str =
    "One letter became two, as “Ã¼” for “ü”: the file was saved in another encoding than it was read in before.";
pub(super) const ADDRESSES_ONLY: &str = "There is nothing in it but e-mail addresses, several on a line. Each address was read as the user name of one person.";
pub(super) const INNER_GROUP: &str = "A group, not a person.";

/// Values that stand for nothing.
const PLACEHOLDERS: [&str; 11] = ["null", "n/a", "#n/a", "na", "nil", "none", "-", "--", "?", "undefined", "unknown"];
pub(super) const LONGEST_PLACEHOLDER: usize = 9;

pub(super) fn begins_a_placeholder(byte: u8) -> bool {
    matches!(byte, b'n' | b'N' | b'#' | b'-' | b'?' | b'u' | b'U')
}

/// In small letters "na" is a name; consoles write NA.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    PLACEHOLDERS.iter().any(|known| text.eq_ignore_ascii_case(known)) && !matches!(text, "na" | "Na")
}

/// The words that need the pair's names.
pub(crate) struct Words<'a> {
    pub(super) rules: &'a Rules,
}

impl Words<'_> {
    pub(crate) fn kind(&self, flaw: Flaw, count: u32, examples: Vec<Finding>) -> Kind {
        let (id, class) = id_and_class(flaw);
        let (title, why, fix) = self.text(flaw);
        Kind { id, class, title, count, severity: severity(flaw), why, fix, examples }
    }

    pub(super) fn export(&self) -> String {
        match self.rules.style {
            IdpStyle::Entra => "Export the list again with this column. In Microsoft Entra, **Users › All users › Download users** writes all of them; the list of a group's members has fewer.".into(),
            IdpStyle::Okta => "Export the list again with this column, or with the attributes `login`, `email`, `firstName`, `lastName` and `displayName`.".into(),
        }
    }

    pub(super) fn no_column(&self, attribute: Attribute, source: &str) -> Finding {
        Finding {
            line: 0,
            other_line: None,
            who: String::new(),
            column: Some(source.to_owned()),
            value: None,
            says: format!("This file has no column for the {}: export it with `{source}`.", attribute.words()),
        }
    }

    pub(super) fn verdict(
        &self,
        (rows, would_fail, warned): (u32, u32, u32),
        absent: &[(Attribute, String)],
        inner_groups: u32,
        stopped: Option<&Problem>,
    ) -> String {
        let target = &self.rules.target;
        let of = |count: u32| format!("{} of {}", grouped(count.into()), people(rows));
        let mut text = match would_fail {
            0 => format!("None of {} would fail at {target}, as far as this list shows.", people(rows)),
            count if count == rows => format!("All of {} would fail at {target}.", people(rows)),
            count => format!("{} would fail at {target}.", of(count)),
        };
        if warned > 0 {
            text.push_str(&format!(" {} more should be looked at.", grouped(warned.into())));
        }
        if !absent.is_empty() {
            let names: Vec<&str> = absent.iter().map(|(attribute, _)| attribute.words()).collect();
            text.push_str(&format!(" Not looked at, because the file has no column for it: {}.", names.join(", ")));
        }
        match inner_groups {
            0 => {}
            1 => text.push_str(" There is a group among them; who is in it is not in this list."),
            more => text.push_str(&format!(
                " There are {} groups among them; who is in those is not in this list.",
                grouped(more.into())
            )),
        }
        match stopped {
            Some(problem) if problem.code == Code::Cancelled => {
                text.push_str(" The check was stopped before the end of the list.")
            }
            Some(_) => text.push_str(" The list could not be read to its end."),
            None => {}
        }
        text
    }
}

pub(super) fn people(rows: u32) -> String {
    if rows == 1 { "1 person".to_owned() } else { format!("{} people", grouped(rows.into())) }
}

fn spaced(characters: &str) -> String {
    characters.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// A name of a column or person, harmless and not too long.
pub(super) fn short(text: &str) -> String {
    cut(&characters::shown(text, |_| false), LONGEST_NAME)
}

/// The person of a row: the user name, or else the display name.
pub(super) fn who(cells: &ByteRecord, columns: &Columns) -> String {
    let cell = |index: usize| cells.get(index).map(<[u8]>::trim_ascii).filter(|cell| !cell.is_empty());
    let name = cell(columns.user_name)
        .or_else(|| columns.display_name.and_then(cell))
        .or_else(|| columns.email.and_then(cell));
    name.map(|name| safe(&shown(name), short)).unwrap_or_default()
}

/// A value as a finding shows it.
pub(super) fn value(text: &str, forbidden: &str) -> String {
    safe(text, |text| characters::shown(text, |character| forbidden.contains(character)))
}

/// A list can have a column of first passwords or keys in the wrong place.
fn safe(text: &str, show: impl Fn(&str) -> String) -> String {
    // A long address is one long run of letters, too; a password before a host would have a colon.
    let address = is_address(text.trim().as_bytes()) && !text.contains([':', '/']);
    match text.len() < 320 && !address && guard::looks_like_a_secret(text).is_some() {
        true => "(not shown: it looks like a token)".to_owned(),
        false => show(text),
    }
}

pub(super) fn missing(judged: &Judged) -> String {
    match &judged.source {
        Some(source) => format!("No {} (`{source}`).", judged.attribute.words()),
        None => format!("No {}.", judged.attribute.words()),
    }
}

pub(super) fn placeholder(text: &str) -> String {
    format!("It says “{}”.", text.trim())
}

pub(super) fn character(character: char, text: &str, oddity: Oddity) -> String {
    let before: String = text.chars().take_while(|other| *other != character).collect();
    let place = match (before.trim().is_empty(), text.trim_end_matches(character).len() < text.len()) {
        (true, _) => "at the beginning".to_owned(),
        (_, true) => "at the end".to_owned(),
        (false, false) => format!("at place {}", before.chars().count() + 1),
    };
    let name = characters::name(character);
    match oddity {
        Oddity::Forbidden | Oddity::Invisible | Oddity::Joiner | Oddity::Blank => format!("{name} {place}."),
        Oddity::Lost => format!("A letter {place} was lost ({name})."),
    }
}

pub(super) fn twice(attribute: Attribute, line: u32, same: bool) -> String {
    let how = if same { "the same" } else { "the same but for letter case" };
    format!("This {} is {how} as on line {line}.", attribute.words())
}

pub(super) fn guest(name: &str) -> String {
    let at = name.to_ascii_uppercase().find("#EXT#").unwrap_or(name.len());
    format!(
        "A guest: `#EXT#` is taken out when provisioning, which leaves `{}`.",
        short(&format!("{}{}", &name[..at], name.get(at + 5..).unwrap_or_default()))
    )
}

pub(super) fn too_long(length: usize, most: usize) -> String {
    format!("{length} characters; {most} are the most.")
}

pub(super) fn not_the_email(user_name: &str) -> String {
    format!("The user name is `{}`, the e-mail address another one.", short(user_name))
}

pub(super) fn there(there: &str, same: bool) -> String {
    match same {
        true => "Somebody with this user name is there.".to_owned(),
        false => format!("Somebody is there as `{}`, in another letter case.", short(there)),
    }
}

pub(super) fn email_there(owner: &str) -> String {
    format!("This e-mail address belongs to `{}` there.", short(owner))
}

pub(super) fn extra_cells(has: usize, wants: usize, lines: u64) -> String {
    let quote =
        if lines > 1 { format!(" The row takes {lines} lines: a quote may not be closed.") } else { String::new() };
    format!("{has} cells under {wants} columns.{quote}")
}

pub(super) fn rows_taken_in(taken: &Taken) -> String {
    let rows = match taken.first == taken.last {
        true => format!("what looks like row {}", taken.first),
        false => format!("what look like rows {}–{}", taken.first, taken.last),
    };
    format!("In one of the cells, the quote opened on line {} takes in {rows}.", taken.opened)
}

pub(super) fn many_lines(lines: u64) -> String {
    format!("The row takes {lines} lines: a quote may not be closed.")
}

pub(super) fn few_cells(has: usize, wants: usize) -> String {
    format!("{has} cells under {wants} columns.")
}

pub(super) fn no_header(found: &[(usize, Attribute)]) -> String {
    let taken: Vec<String> =
        found.iter().map(|(index, attribute)| format!("column {} as {}", index + 1, attribute.words())).collect();
    format!("The first row does not name the columns, so it was read as a person. Usher took {}.", taken.join(", "))
}

pub(super) fn names_below(line: u64) -> String {
    format!("The names of the columns stand on line {line}; what is above was left out.")
}

pub(super) fn email_stands_in(header: &str, rules: &Rules) -> String {
    let source = rules.source(Attribute::UserName).unwrap_or("userName");
    format!(
        "There is no column `{source}`. Usher took `{}` as the user name; where the two differ, the result does not hold.",
        short(header.trim())
    )
}

pub(super) fn separator(separator: char) -> &'static str {
    match separator {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "vertical bar",
        _ => "other",
    }
}

pub(super) fn nobody_in_it() -> Problem {
    Problem::new(Code::WrongInput, "There are rows, but nobody in them: all are empty, examples or groups.")
        .hint("Export the users again in the console of the identity provider.")
}

pub(super) fn too_many_rows(most: u32) -> Problem {
    Problem::new(Code::TooLarge, format!("Usher checks at most {} people at a time; the rest was not looked at.", grouped(most.into())))
        .hint("Split the file and check the parts one after the other. Who stands twice in different parts is not found like that.")
}

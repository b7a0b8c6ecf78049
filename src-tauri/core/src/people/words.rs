//! The words of the people check: what each kind of trouble is called, why it matters and what to do about it.

use csv::ByteRecord;

use super::{
    characters::{self, Oddity},
    columns::{Columns, Judged},
    report::{Finding, Flaw, Kind, Severity},
    rules::{Attribute, Rules},
};
use crate::{
    class::Class,
    error::{Code, Problem},
    guard,
    http::redact::cut,
    recipe::IdpStyle,
    table::shown,
};

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

pub(super) fn severity(flaw: Flaw) -> Severity {
    match flaw {
        Flaw::NoColumn
        | Flaw::Missing(_)
        | Flaw::DuplicateUserName
        | Flaw::DuplicateEmail
        | Flaw::ForbiddenInName
        | Flaw::Invisible
        | Flaw::NotAnAddress
        | Flaw::TooLong
        | Flaw::Reserved
        | Flaw::Clash
        | Flaw::ExtraCells => Severity::WouldFail,
        Flaw::SharedEmail
        | Flaw::ForbiddenElsewhere
        | Flaw::InvisibleElsewhere
        | Flaw::LostLetter
        | Flaw::Blanks
        | Flaw::Guest
        | Flaw::NotTheEmail
        | Flaw::OddEmail
        | Flaw::AlreadyThere
        | Flaw::Disabled
        | Flaw::Lookalike
        | Flaw::Composed
        | Flaw::Placeholder
        | Flaw::Formula
        | Flaw::FewCells
        | Flaw::EmptyRow
        | Flaw::Sample => Severity::Warn,
    }
}

fn id_and_class(flaw: Flaw) -> (String, Class) {
    let (id, class) = match flaw {
        Flaw::Missing(attribute) => return (format!("missing-{}", attribute.slug()), Class::MissingAttribute),
        Flaw::NoColumn => ("no-column", Class::MissingAttribute),
        Flaw::DuplicateUserName => ("duplicate-user-name", Class::Duplicate),
        Flaw::DuplicateEmail => ("duplicate-email", Class::Duplicate),
        Flaw::SharedEmail => ("shared-email", Class::Duplicate),
        Flaw::Clash => ("clash-at-target", Class::Duplicate),
        Flaw::AlreadyThere => ("already-there", Class::Duplicate),
        Flaw::ForbiddenInName => ("forbidden-character", Class::ForbiddenCharacter),
        Flaw::ForbiddenElsewhere => ("forbidden-character-elsewhere", Class::ForbiddenCharacter),
        Flaw::Invisible => ("invisible-character", Class::ForbiddenCharacter),
        Flaw::InvisibleElsewhere => ("invisible-character-elsewhere", Class::ForbiddenCharacter),
        Flaw::LostLetter => ("lost-letter", Class::ForbiddenCharacter),
        Flaw::Blanks => ("blanks", Class::ForbiddenCharacter),
        Flaw::Composed => ("composed-letter", Class::ForbiddenCharacter),
        Flaw::Lookalike => ("lookalike", Class::ForbiddenCharacter),
        Flaw::Formula => ("formula", Class::ForbiddenCharacter),
        Flaw::NotAnAddress => ("user-name-not-an-email", Class::NameidMismatch),
        Flaw::NotTheEmail => ("user-name-differs-from-email", Class::NameidMismatch),
        Flaw::Guest => ("guest", Class::NameidMismatch),
        Flaw::TooLong => ("too-long", Class::TargetRejected),
        Flaw::Reserved => ("reserved-name", Class::TargetRejected),
        Flaw::OddEmail => ("email-not-an-address", Class::TargetRejected),
        Flaw::Placeholder => ("placeholder", Class::MissingAttribute),
        Flaw::Disabled => ("disabled", Class::NotAssigned),
        Flaw::ExtraCells => ("cells-do-not-fit", Class::Unrecognised),
        Flaw::FewCells => ("cells-missing", Class::Unrecognised),
        Flaw::EmptyRow => ("empty-row", Class::Unrecognised),
        Flaw::Sample => ("example-row", Class::Unrecognised),
    };
    (id.to_owned(), class)
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

    /// Title, why it matters, what to do.
    fn text(&self, flaw: Flaw) -> (String, String, String) {
        let (target, idp, people) = (&self.rules.target, &self.rules.idp, &self.rules.people);
        let said = |known: &Option<String>, else_: &str| known.clone().unwrap_or_else(|| else_.to_owned());
        let (title, why, fix): (String, String, String) = match flaw {
            Flaw::NoColumn => (
                "The file lacks a column".into(),
                "The mapping needs this attribute, and the file does not show whether people have it.".into(),
                self.export(),
            ),
            Flaw::Missing(attribute) => (
                format!("No {}", attribute.words()),
                match attribute {
                    Attribute::UserName => format!("{idp} finds people again by it: somebody without one is skipped."),
                    _ => said(&people.missing, "The mapping needs it."),
                },
                format!("Fill it in at {idp}, or give the mapping a default for it."),
            ),
            Flaw::DuplicateUserName => (
                "The same user name twice".into(),
                format!("User names do not differ by letter case (RFC 7643): at {target} both rows are one person. The second one is refused as a duplicate, or overwrites the first."),
                format!("Give one of the two another user name at {idp}, or take one of them out of the assignment."),
            ),
            Flaw::DuplicateEmail => (
                "The same e-mail address twice".into(),
                said(&people.shared_email, "An address can belong to one person only."),
                format!("Give one of the two another e-mail address at {idp}, or take one of them out of the assignment."),
            ),
            Flaw::SharedEmail => (
                "The same e-mail address twice".into(),
                format!("Many services let an e-mail address be used by one person only. Whether {target} does is not documented."),
                format!("Look whether both rows are one person; if not, give one of them another address at {idp}."),
            ),
            Flaw::ForbiddenInName => (
                "A character that is refused".into(),
                format!("{target} refuses names with one of `{}` in them.", spaced(&self.rules.forbidden)),
                format!("Change the name at {idp}."),
            ),
            Flaw::ForbiddenElsewhere => (
                "A character that may be refused".into(),
                format!("{target} refuses `{}`; in which attributes beside names is not documented.", spaced(&self.rules.forbidden)),
                format!("Change the value at {idp}, or delete the row from the mapping if {target} does not need it."),
            ),
            Flaw::Invisible => (
                "A character that cannot be seen".into(),
                "Hidden characters come along when a name is copied from a web page or a document. A name with one is another name: it is refused, or the person cannot sign in.".into(),
                format!("Delete the name at {idp} and type it again; copying it would bring the character back."),
            ),
            Flaw::InvisibleElsewhere => (
                "A hidden character in another attribute".into(),
                format!("Whether {target} takes it is not documented. Line breaks and tabs in addresses are common."),
                format!("Type the value again at {idp}, or delete the row from the mapping if {target} does not need it."),
            ),
            Flaw::LostLetter => (
                "A letter was lost".into(),
                "The sign � stands where a letter could not be read: the file was saved in an encoding that does not have it, or cut in the middle of it.".into(),
                format!("Look at the name at {idp}. If it is right there, export again as UTF-8."),
            ),
            Flaw::Blanks => (
                "A blank that is easily overlooked".into(),
                "A user name with a blank around it is another one than that at sign-in; elsewhere it is only untidy.".into(),
                format!("Take it out at {idp}."),
            ),
            Flaw::NotAnAddress => (
                "The user name is not an e-mail address".into(),
                said(&people.email_user_name, "People sign in with their e-mail address."),
                format!("Make the user name at {idp} the e-mail address, or map the userName from the attribute that holds the address."),
            ),
            Flaw::NotTheEmail => (
                "User name and e-mail address differ".into(),
                said(&people.email_user_name, "People sign in with their e-mail address."),
                format!("Compare with what is sent at sign-in (the **NameID** of the SAML app): it has to be the same as the userName. Map both from the same attribute of {idp}."),
            ),
            Flaw::Guest => (
                "Guests".into(),
                match self.rules.style {
                    IdpStyle::Entra => format!("{idp} takes `#EXT#` out of a guest's userPrincipalName when it provisions, so the user name at {target} is another one than in this list, and may be another one than at sign-in."),
                    IdpStyle::Okta => format!("Whether guests may sign in at {target} is decided there."),
                },
                "Leave guests out of the assigned groups if they need no access. To keep the whole name, map the userName from `originalUserPrincipalName`.".into(),
            ),
            Flaw::TooLong => (
                "Too long".into(),
                format!("{target} takes user names of at most {} characters.", people.longest_user_name.unwrap_or_default()),
                format!("Shorten it at {idp}, or map the userName from a shorter attribute."),
            ),
            Flaw::Reserved => (
                "A reserved name".into(),
                format!("{target} reserves {}.", people.reserved_user_names.join(", ")),
                format!("Rename the account at {idp}, or leave it out of the assignment."),
            ),
            Flaw::OddEmail => (
                "Not an e-mail address".into(),
                "A service that checks addresses refuses it, and notices do not reach the person.".into(),
                format!("Correct it at {idp}."),
            ),
            Flaw::AlreadyThere => (
                "Already there".into(),
                said(&people.already_there, "By the standard, the person is found by userName and taken over."),
                format!("If it is the same person, nothing has to be done. If not, rename one of the two. Look at the access that the account at {target} has before {idp} takes it over."),
            ),
            Flaw::Clash => (
                "Somebody else's, or the same in another letter case".into(),
                format!("{target} answers 409 (`Refused to create a new, duplicate resource`) where userName or e-mail address are there already, written in another way or with another person."),
                format!("Delete or rename the account at {target}, or write the name at {idp} as it is there. Then try this person again."),
            ),
            Flaw::Disabled => (
                "Disabled accounts".into(),
                match self.rules.style {
                    IdpStyle::Entra => format!("{idp} creates nobody whose account is disabled, and disables those who are there already."),
                    IdpStyle::Okta => format!("{idp} provisions active people only."),
                },
                "Nothing has to be done for people who have left. Enable the others before the first cycle.".into(),
            ),
            Flaw::Lookalike => (
                "Letters of two alphabets".into(),
                "A name that only looks like another one is a known trick, and a frequent slip of the keyboard.".into(),
                format!("Type it again at {idp}."),
            ),
            Flaw::Composed => (
                "A letter made of two characters".into(),
                "What looks the same is not the same for a computer: signing in, or finding the person again, can fail.".into(),
                format!("Type it again at {idp}."),
            ),
            Flaw::Placeholder => (
                "A word that stands for nothing".into(),
                "It may be somebody's name; more often a program wrote it where there was none.".into(),
                format!("Look at the person at {idp}."),
            ),
            Flaw::Formula => (
                "It looks like a formula".into(),
                "A spreadsheet would compute it instead of showing it, and somebody may have meant that.".into(),
                format!("Look at the person at {idp}, and do not open the file in a spreadsheet before."),
            ),
            Flaw::ExtraCells => (
                "Rows that do not fit the columns".into(),
                "Nothing can be said about such a person: the values do not stand under the names of their columns.".into(),
                "Look at the line: most often a separator or a quote inside a value is not quoted. Export again instead of editing by hand.".into(),
            ),
            Flaw::FewCells => (
                "Rows with too few cells".into(),
                "The missing ones count as empty.".into(),
                "Look whether the line was cut off.".into(),
            ),
            Flaw::EmptyRow => ("Empty rows".into(), "They are no people and were left out.".into(), "Nothing has to be done.".into()),
            Flaw::Sample => (
                "The template's example".into(),
                "It is no person and was left out.".into(),
                "Delete the row before you upload the file anywhere.".into(),
            ),
        };
        (title, why, fix)
    }

    fn export(&self) -> String {
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
        rows: u32,
        would_fail: u32,
        warned: u32,
        absent: &[(Attribute, String)],
        stopped: Option<&Problem>,
    ) -> String {
        let target = &self.rules.target;
        let of = |count: u32| format!("{count} of {}", people(rows));
        let mut text = match would_fail {
            0 => format!("None of {} would fail at {target}, as far as this list shows.", people(rows)),
            count if count == rows => format!("All of {} would fail at {target}.", people(rows)),
            count => format!("{} would fail at {target}.", of(count)),
        };
        if warned > 0 {
            text.push_str(&format!(" {warned} more should be looked at."));
        }
        if !absent.is_empty() {
            let names: Vec<&str> = absent.iter().map(|(attribute, _)| attribute.words()).collect();
            text.push_str(&format!(" Not looked at, because the file has no column for it: {}.", names.join(", ")));
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

fn people(rows: u32) -> String {
    if rows == 1 { "1 person".to_owned() } else { format!("{rows} people") }
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
    name.map(|name| safe(&shown(name), |text| short(text))).unwrap_or_default()
}

/// A value as a finding shows it.
pub(super) fn value(text: &str, forbidden: &str) -> String {
    safe(text, |text| characters::shown(text, |character| forbidden.contains(character)))
}

/// A list can have a column of first passwords or keys in the wrong place.
fn safe(text: &str, show: impl Fn(&str) -> String) -> String {
    match text.len() < 320 && guard::looks_like_a_secret(text).is_some() {
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
        Oddity::Forbidden | Oddity::Invisible | Oddity::Blank => format!("{name} {place}."),
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
    Problem::new(Code::WrongInput, "There are rows, but nobody in them: all are empty or examples.")
        .hint("Export the users again in the console of the identity provider.")
}

pub(super) fn too_many_rows(most: u32) -> Problem {
    Problem::new(Code::TooLarge, format!("Usher checks at most {most} people at a time; the rest was not looked at."))
        .hint("Split the file and check the parts one after the other. Who stands twice in different parts is not found like that.")
}

//! One row: what is wrong with each of its cells, and with the person as a whole. This is the part that runs a hundred
//! thousand times: a cell that is plain is looked at once, byte by byte, and nothing is allocated for it.

use csv::ByteRecord;

use super::{
    characters::{self, CONTROL, FORBIDDEN, Glance, HASH, HIGH, Oddity},
    columns::{self, Columns, Judged},
    known::Remembered,
    quote,
    report::{Finding, Flaw, Severity, Tally},
    rules::{Attribute, Rules},
    seen::{Again, Key, Keys, Seen, fold},
    words::{self, severity},
};
use crate::table::shown;

/// Lines that a row may take before that is worth a word: addresses have some.
const LINES: u64 = 20;

pub(super) struct Checker<'a> {
    pub(super) rules: &'a Rules,
    pub(super) columns: &'a Columns,
    pub(super) rows: u32,
    pub(super) would_fail: u32,
    pub(super) warned: u32,
    pub(super) tally: Tally,
    /// What came of the row looked at last.
    pub(super) last: Fate,
    separator: char,
    glance: Glance,
    keys: Keys,
    user_names: Seen,
    emails: Seen,
    enabled: Remembered<Option<bool>>,
    user_types: Remembered<bool>,
    groups: Remembered<bool>,
}

/// Blanks that are usual inside a value; the other one is that of Chinese and Japanese.
const BLANKS: [char; 2] = [' ', '\u{3000}'];

/// The row being looked at.
struct Row<'a> {
    cells: &'a ByteRecord,
    line: u32,
    fails: bool,
    warns: bool,
    /// That of its user name.
    key: Option<Key>,
    /// The user name stands on an earlier line too.
    again: bool,
    /// Why the person fails first of all.
    flaw: Option<Flaw>,
    guest: bool,
    disabled: bool,
}

/// What comes of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nobody: it is empty, or an example.
    #[default]
    Nobody,
    /// It is a group.
    Group,
    /// A person, disabled or a guest or neither, and why the person would fail.
    Person { disabled: bool, guest: bool, flaw: Option<Flaw> },
}

impl<'a> Checker<'a> {
    pub(super) fn new(rules: &'a Rules, columns: &'a Columns, separator: char) -> Self {
        Self {
            rules,
            columns,
            rows: 0,
            would_fail: 0,
            warned: 0,
            tally: Tally::default(),
            last: Fate::default(),
            separator,
            glance: Glance::new(&rules.forbidden),
            keys: Keys::new(),
            user_names: Seen::default(),
            emails: Seen::default(),
            enabled: Remembered::new(),
            user_types: Remembered::new(),
            groups: Remembered::new(),
        }
    }

    pub(super) fn row(&mut self, cells: &ByteRecord, line: u64, last_line: u64) {
        let mut row = Row {
            cells,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            fails: false,
            warns: false,
            key: None,
            again: false,
            flaw: None,
            guest: false,
            disabled: false,
        };
        self.last = Fate::Nobody;
        if cells.iter().all(|cell| cell.trim_ascii().is_empty()) {
            let finding = || finding(row.line, String::new(), "The row is empty.".to_owned());
            return self.tally.add(Flaw::EmptyRow, finding);
        }
        if cells.get(self.columns.user_name).is_some_and(columns::is_sample) {
            let says = "The template's row with examples is still there.".to_owned();
            return self.tally.add(Flaw::Sample, || finding(row.line, words::who(cells, self.columns), says));
        }
        let mut kinds = self.columns.groups.iter().filter_map(|index| cells.get(*index)).map(<[u8]>::trim_ascii);
        if kinds.any(|kind| self.groups.meaning(kind, columns::is_group)) {
            let who = || words::who(cells, self.columns);
            self.last = Fate::Group;
            return self.tally.add(Flaw::InnerGroup, || finding(row.line, who(), words::INNER_GROUP.to_owned()));
        }
        self.rows += 1;
        if self.fits(&mut row, last_line) {
            self.person(&mut row);
        }
        self.would_fail += u32::from(row.fails);
        self.warned += u32::from(row.warns && !row.fails);
        let disabled = row.disabled;
        self.last = Fate::Person { disabled, guest: row.guest, flaw: row.flaw };
    }

    /// Whether the cells stand under their columns.
    fn fits(&mut self, row: &mut Row<'_>, last_line: u64) -> bool {
        let (has, wants) = (row.cells.len(), self.columns.width);
        let lines = last_line.saturating_sub(u64::from(row.line)) + 1;
        if lines > 1
            && let Some(taken) = quote::rows_taken_in(row.cells, row.line, self.separator, self.columns)
        {
            self.add_with(row, Flaw::Quote, None, Some(taken.first), || words::rows_taken_in(&taken));
            return false;
        }
        if has > wants && row.cells.iter().skip(wants).any(|cell| !cell.trim_ascii().is_empty()) {
            self.add(row, Flaw::ExtraCells, None, || words::extra_cells(has, wants, lines));
            return false;
        }
        if lines > LINES {
            self.add(row, Flaw::ExtraCells, None, || words::many_lines(lines));
            return false;
        }
        if has < wants {
            self.add(row, Flaw::FewCells, None, || words::few_cells(has, wants));
        }
        true
    }

    fn person(&mut self, row: &mut Row<'_>) {
        let columns = self.columns;
        // Nobody who is disabled is created: nothing else about them can fail, and they are in nobody's way.
        if self.is_disabled(row.cells) {
            row.disabled = true;
            return self.add(row, Flaw::Disabled, None, || words::DISABLED.to_owned());
        }
        for judged in &columns.judged {
            let cell = row.cells.get(judged.index).unwrap_or_default();
            if cell.is_empty() && !judged.required {
                continue;
            }
            let bits = self.glance.at(cell);
            let odd_end = matches!(cell, [] | [b' ' | b'=', ..] | [.., b' ']);
            let odd = odd_end || cell.len() <= words::LONGEST_PLACEHOLDER && words::begins_a_placeholder(cell[0]);
            let plain = !odd
                && (bits & !HASH == 0 || bits & !HASH == HIGH && !judged.identifies() && characters::is_plain(cell));
            if !plain {
                self.odd_cell(row, judged, cell, bits);
            }
            match judged.attribute {
                Attribute::UserName => self.user_name(row, judged, cell, bits),
                Attribute::Email => self.email(row, judged, cell),
                Attribute::GivenName | Attribute::FamilyName | Attribute::DisplayName => {}
                Attribute::Enabled | Attribute::UserType | Attribute::Other => {}
            }
        }
        self.kind(row);
    }

    /// A cell that is empty, has something unusual in it, or is so short that it may stand for nothing.
    fn odd_cell(&mut self, row: &mut Row<'_>, judged: &Judged, cell: &[u8], bits: u8) {
        let text = shown(cell);
        if text.trim().is_empty() {
            if judged.required {
                self.add(row, Flaw::Missing(judged.attribute), Some((judged, "")), || words::missing(judged));
            }
            return;
        }
        if bits & (FORBIDDEN | CONTROL | HIGH) != 0 {
            self.characters(row, judged, &text);
        }
        if text.starts_with(BLANKS) || text.ends_with(BLANKS) {
            self.add(row, Flaw::Blanks, Some((judged, &text)), || words::BLANKS.to_owned());
        }
        if judged.attribute != Attribute::Other && words::is_placeholder(&text) {
            self.add(row, Flaw::Placeholder, Some((judged, &text)), || words::placeholder(&text));
        }
        if text.starts_with('=') {
            self.add(row, Flaw::Formula, Some((judged, &text)), || words::FORMULA.to_owned());
        }
    }

    fn characters(&mut self, row: &mut Row<'_>, judged: &Judged, text: &str) {
        let in_name = judged.attribute != Attribute::Other;
        let other_encoding = characters::is_of_another_encoding(text);
        if other_encoding {
            self.add(row, Flaw::LostLetter, Some((judged, text)), || words::ANOTHER_ENCODING.to_owned());
        }
        // A name is only shown; with the others people sign in and are found.
        let only_shown = in_name && !judged.identifies();
        let mut told: [Option<Oddity>; 5] = [None; 5];
        for (place, character) in text.char_indices() {
            let Some(mut oddity) = characters::oddity(character, &self.rules.forbidden) else { continue };
            if other_encoding && matches!(character, '\u{80}'..='\u{bf}') {
                continue;
            }
            if oddity == Oddity::Invisible && only_shown && characters::joins(text, place, character) {
                oddity = Oddity::Joiner;
            }
            if told.contains(&Some(oddity)) {
                continue;
            }
            if let Some(free) = told.iter_mut().find(|told| told.is_none()) {
                *free = Some(oddity);
            }
            let flaw = match (oddity, in_name) {
                (Oddity::Forbidden, true) => Flaw::ForbiddenInName,
                (Oddity::Forbidden, false) => Flaw::ForbiddenElsewhere,
                (Oddity::Joiner, _) => Flaw::InvisibleInName,
                // Where nothing is documented, a name with one is odd, and no more is known.
                (Oddity::Invisible, true) if only_shown && self.rules.forbidden.is_empty() => Flaw::InvisibleInName,
                (Oddity::Invisible, true) => Flaw::Invisible,
                (Oddity::Blank, true) if judged.attribute == Attribute::UserName => Flaw::Invisible,
                (Oddity::Invisible, false) => Flaw::InvisibleElsewhere,
                (Oddity::Blank, _) => Flaw::Blanks,
                (Oddity::Lost, _) => Flaw::LostLetter,
            };
            self.add(row, flaw, Some((judged, text)), || words::character(character, text, oddity));
        }
        let identifies = judged.identifies();
        if identifies && text.chars().any(characters::is_mark) {
            self.add(row, Flaw::Composed, Some((judged, text)), || words::COMPOSED.to_owned());
        }
        if identifies && characters::mixes_alphabets(text) {
            self.add(row, Flaw::Lookalike, Some((judged, text)), || words::LOOKALIKE.to_owned());
        }
    }

    fn user_name(&mut self, row: &mut Row<'_>, judged: &Judged, cell: &[u8], bits: u8) {
        let name = cell.trim_ascii();
        if name.is_empty() {
            return;
        }
        let key = self.keys.key(name);
        row.key = Some(key);
        if let Some(again) = self.user_names.note(key, row.line) {
            row.again = true;
            self.twice(row, judged, name, &again, Flaw::DuplicateUserName);
        }
        self.there_already(row, judged, name);
        let people = &self.rules.people;
        if people.email_user_name.is_some() && !columns::is_address(name) {
            self.add(row, Flaw::NotAnAddress, Some((judged, &shown(name))), || words::NOT_AN_ADDRESS.to_owned());
        }
        if bits & HASH != 0 && contains_ext(name) {
            self.add(row, Flaw::Guest, Some((judged, &shown(name))), || words::guest(&shown(name)));
        }
        if let Some(most) = people.longest_user_name.filter(|most| name.len() > *most) {
            let length = shown(name).chars().count();
            if length > most {
                self.add(row, Flaw::TooLong, Some((judged, &shown(name))), || words::too_long(length, most));
            }
        }
        if people.reserved_user_names.iter().any(|reserved| reserved.as_bytes().eq_ignore_ascii_case(name)) {
            self.add(row, Flaw::Reserved, Some((judged, &shown(name))), || words::RESERVED.to_owned());
        }
    }

    fn email(&mut self, row: &mut Row<'_>, judged: &Judged, cell: &[u8]) {
        let email = cell.trim_ascii();
        if email.is_empty() {
            return;
        }
        let user_name = row.cells.get(self.columns.user_name).unwrap_or_default().trim_ascii();
        if !columns::is_address(email) {
            self.add(row, Flaw::OddEmail, Some((judged, &shown(email))), || words::ODD_EMAIL.to_owned());
        }
        let same = email.eq_ignore_ascii_case(user_name);
        if !same && self.rules.people.email_user_name.is_some() && columns::is_address(user_name) {
            self.add(row, Flaw::NotTheEmail, Some((judged, &shown(email))), || words::not_the_email(&shown(user_name)));
        }
        let key = match row.key {
            Some(key) if email == user_name => key,
            _ => self.keys.key(email),
        };
        // Who is there twice with the userName too has been told so.
        if let Some(again) = self.emails.note(key, row.line).filter(|_| !(same && row.again)) {
            let refused = self.rules.people.shared_email.is_some();
            self.twice(row, judged, email, &again, if refused { Flaw::DuplicateEmail } else { Flaw::SharedEmail });
        }
        self.email_there_already(row, judged, user_name);
    }

    fn twice(&mut self, row: &mut Row<'_>, judged: &Judged, name: &[u8], again: &Again, flaw: Flaw) {
        let (line, same) = (again.line, again.same);
        let text = shown(name);
        self.add_with(row, flaw, Some((judged, &text)), Some(line), || words::twice(judged.attribute, line, same));
    }

    fn there_already(&mut self, row: &mut Row<'_>, judged: &Judged, name: &[u8]) {
        let Some(existing) = &self.rules.existing else { return };
        let Some(there) = existing.user_names.get(&folded(name)) else { return };
        let same = there.as_bytes() == name;
        let flaw = if same || !self.rules.people.clash_refused { Flaw::AlreadyThere } else { Flaw::Clash };
        self.add(row, flaw, Some((judged, &shown(name))), || words::there(there, same));
    }

    fn email_there_already(&mut self, row: &mut Row<'_>, judged: &Judged, user_name: &[u8]) {
        let Some(existing) = &self.rules.existing else { return };
        let Some(owner) = existing.emails.get(&folded(row.cells.get(judged.index).unwrap_or_default().trim_ascii()))
        else {
            return;
        };
        if owner.to_lowercase() == folded(user_name) {
            return;
        }
        let flaw = if self.rules.people.clash_refused { Flaw::Clash } else { Flaw::AlreadyThere };
        let text = shown(row.cells.get(judged.index).unwrap_or_default());
        self.add(row, flaw, Some((judged, &text)), || words::email_there(owner));
    }

    fn is_disabled(&mut self, cells: &ByteRecord) -> bool {
        let Some((index, inverse)) = self.columns.enabled else { return false };
        let cell = cells.get(index).unwrap_or_default();
        self.enabled.meaning(cell.trim_ascii(), columns::truth) == Some(inverse)
    }

    /// Guests that only their kind tells.
    fn kind(&mut self, row: &mut Row<'_>) {
        if let Some(index) = self.columns.user_type {
            let cell = row.cells.get(index).unwrap_or_default();
            let guest = self.user_types.meaning(cell.trim_ascii(), columns::is_guest);
            let name = row.cells.get(self.columns.user_name).unwrap_or_default();
            if guest && !contains_ext(name) {
                self.add(row, Flaw::Guest, None, || words::GUEST.to_owned());
            }
        }
    }

    fn add(&mut self, row: &mut Row<'_>, flaw: Flaw, at: Option<(&Judged, &str)>, says: impl FnOnce() -> String) {
        self.add_with(row, flaw, at, None, says);
    }

    fn add_with(
        &mut self,
        row: &mut Row<'_>,
        flaw: Flaw,
        at: Option<(&Judged, &str)>,
        other_line: Option<u32>,
        says: impl FnOnce() -> String,
    ) {
        row.guest |= flaw == Flaw::Guest;
        match severity(flaw) {
            Severity::WouldFail => {
                row.fails = true;
                row.flaw.get_or_insert(flaw);
            }
            Severity::Warn => row.warns = true,
        }
        let (line, cells, columns, forbidden) = (row.line, row.cells, self.columns, &self.rules.forbidden);
        self.tally.add(flaw, || Finding {
            other_line,
            column: at.map(|(judged, _)| judged.header.clone()),
            value: at.filter(|(_, value)| !value.is_empty()).map(|(_, value)| words::value(value, forbidden)),
            ..finding(line, words::who(cells, columns), says())
        });
    }
}

fn finding(line: u32, who: String, says: String) -> Finding {
    Finding { line, other_line: None, who, column: None, value: None, says }
}

/// The mark of a guest in a userPrincipalName.
fn contains_ext(name: &[u8]) -> bool {
    name.windows(5).any(|window| window.eq_ignore_ascii_case(b"#EXT#"))
}

/// In small letters.
fn folded(name: &[u8]) -> String {
    let mut folded = String::new();
    fold(name, &mut folded);
    folded
}

//! What a comparison found: counts, and every difference in little room, to be looked through a page at a time.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;

use super::{
    kind::{Cause, Kind},
    texts::Texts,
    words::Words,
};
use crate::class::Class;

/// Differences that are kept; the counts are of all.
const MOST: usize = 2_000_000;
/// Bytes of a cell that are kept.
const LONGEST: usize = 400;

/// How the two sides differ.
#[derive(Debug)]
pub struct Outcome {
    pub(super) words: Words,
    pub(super) counts: Counts,
    pub(super) notes: Vec<String>,
    pub(super) complete: bool,
    pub(super) found: Found,
    /// The places of the differences in the order in which they are told.
    order: Vec<u32>,
    /// What was asked for last: a table asks for one page after the other.
    last: Mutex<Option<(Filter, Arc<[u32]>)>>,
}

/// How many of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Counts {
    /// People in the export.
    pub expected_people: u32,
    /// People at the target.
    pub found_people: u32,
    /// People of the export who are there.
    pub matched_people: u32,
    /// Groups in the export.
    pub expected_groups: u32,
    /// Groups at the target.
    pub found_groups: u32,
    /// Groups of the export that are there.
    pub matched_groups: u32,
    /// Differences of all kinds.
    pub differences: u32,
    /// By kind, in the order of [`Kind::ALL`]; those that there are none of are left out.
    pub kinds: Vec<KindCount>,
    /// By cause, the most frequent first.
    pub causes: Vec<CauseCount>,
}

/// How many of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KindCount {
    /// Which.
    pub kind: Kind,
    /// How many.
    pub count: u32,
}

/// How many with one cause, what is to be said about it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CauseCount {
    /// Of which kind.
    pub kind: Kind,
    /// Which.
    pub cause: Cause,
    /// How many.
    pub count: u32,
    /// What probably lies behind it, in one or two sentences.
    pub says: String,
    /// What to do about it, with the next click.
    pub next: String,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Difference {
    /// Its place among all; stable within one outcome.
    pub id: u32,
    /// What differs.
    pub kind: Kind,
    /// The person, as far as it is about one.
    pub who: String,
    /// The group, as far as it is about one.
    pub group: String,
    /// The SCIM attribute that differs.
    pub attribute: Option<String>,
    /// What the export says.
    pub expected: String,
    /// What the target has.
    pub found: String,
    /// What probably lies behind it.
    pub cause: Cause,
    /// More about the cause: "No surname" where the people check knows why.
    pub reason: Option<String>,
    /// The class of trouble, where one fits: the doctor has a page about it.
    pub class: Option<Class>,
}

/// Which differences are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these kinds; of all if empty.
    pub kinds: Vec<Kind>,
    /// With one of these causes; with any if empty.
    pub causes: Vec<Cause>,
    /// With this in one of their texts, letter case aside; blank for all.
    pub text: String,
}

/// A part of the differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Page {
    /// How many the filter lets through.
    pub total: u32,
    /// The part of them that was asked for.
    pub rows: Vec<Difference>,
}

/// All differences.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) marks: Vec<Mark>,
    /// Who, group, expected, found.
    texts: Texts,
    /// Paths of the attributes.
    pub(super) attributes: Vec<String>,
    pub(super) reasons: Vec<(String, Class)>,
    /// Those beyond what is kept, by kind and cause.
    pub(super) beyond: Vec<(Kind, Cause, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    pub(super) cause: Cause,
    /// Place in `attributes`; [`NONE`] if it is about none.
    pub(super) attribute: u8,
    /// Place in `reasons`; [`NONE`] if there is none.
    pub(super) reason: u8,
}

pub(super) const NONE: u8 = u8::MAX;

/// What a difference is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'a> {
    pub(super) who: &'a str,
    pub(super) group: &'a str,
    pub(super) expected: &'a str,
    pub(super) found: &'a str,
}

impl Found {
    pub(super) fn new(attributes: Vec<String>, reasons: Vec<(String, Class)>) -> Self {
        Self { attributes, reasons, texts: Texts::new(4), ..Self::default() }
    }

    pub(super) fn add(&mut self, kind: Kind, cause: Cause, about: &About<'_>) {
        self.add_marked(Mark { kind, cause, attribute: NONE, reason: NONE }, about);
    }

    pub(super) fn add_marked(&mut self, mark: Mark, about: &About<'_>) {
        if self.marks.len() >= MOST {
            match self.beyond.iter_mut().find(|(kind, cause, _)| (*kind, *cause) == (mark.kind, mark.cause)) {
                Some((_, _, count)) => *count += 1,
                None => self.beyond.push((mark.kind, mark.cause, 1)),
            }
            return;
        }
        self.marks.push(mark);
        for text in [about.who, about.group, about.expected, about.found] {
            self.texts.push(&text[..text.floor_char_boundary(LONGEST)]);
        }
    }

    /// Keeps those of which `keep` says so.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Mark) -> bool) {
        if self.marks.iter().all(&mut keep) {
            return;
        }
        let mut kept = Self::new(std::mem::take(&mut self.attributes), std::mem::take(&mut self.reasons));
        kept.beyond = std::mem::take(&mut self.beyond);
        for (row, mark) in self.marks.iter().enumerate().filter(|(_, mark)| keep(mark)) {
            let [who, group, expected, found] = self.cells(row);
            kept.add_marked(*mark, &About { who, group, expected, found });
        }
        *self = kept;
    }

    fn cells(&self, row: usize) -> [&str; 4] {
        [0, 1, 2, 3].map(|column| self.texts.get(row, column))
    }

    fn difference(&self, row: u32) -> Difference {
        let mark = self.marks[row as usize];
        let [who, group, expected, found] = self.cells(row as usize).map(str::to_owned);
        let reason = self.reasons.get(usize::from(mark.reason));
        Difference {
            id: row,
            kind: mark.kind,
            who,
            group,
            attribute: self.attributes.get(usize::from(mark.attribute)).cloned(),
            expected,
            found,
            cause: mark.cause,
            reason: reason.map(|(title, _)| title.clone()),
            class: reason.map(|(_, class)| *class).or(mark.cause.class()),
        }
    }
}

impl Outcome {
    pub(super) fn new(words: Words, mut counts: Counts, found: Found, notes: Vec<String>, complete: bool) -> Self {
        let mut order: Vec<u32> = (0..u32::try_from(found.marks.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|row| found.marks[*row as usize].kind);
        count(&mut counts, &found, &words);
        Self { words, counts, notes, complete, found, order, last: Mutex::new(None) }
    }

    /// Nothing differs, and everything could be compared.
    pub fn ok(&self) -> bool {
        self.complete && self.counts.differences == 0
    }

    /// Whether everything could be compared; if not, the notes say what not.
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// The result in one or two sentences.
    pub fn verdict(&self) -> String {
        self.words.verdict(&self.counts, self.complete)
    }

    /// How many of what.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What was assumed, and what could not be compared.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Differences that are kept; [`Counts::differences`] may be more.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The kind in words: "not at the target".
    pub fn heading(&self, kind: Kind) -> String {
        self.words.heading(kind)
    }

    /// What probably lies behind a difference of this kind.
    pub fn says(&self, kind: Kind, cause: Cause) -> String {
        self.words.says(kind, cause)
    }

    /// What to do about it, with the next click.
    pub fn next(&self, kind: Kind, cause: Cause) -> String {
        self.words.next(kind, cause)
    }

    /// Rows `from` to `from + count` of those that the filter lets through. The same filter again costs nothing more.
    pub fn page(&self, filter: &Filter, from: usize, count: usize) -> Page {
        let rows = self.selected(filter);
        Page {
            total: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            rows: rows.iter().skip(from).take(count).map(|row| self.found.difference(*row)).collect(),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Difference> {
        self.order.iter().map(|row| self.found.difference(*row))
    }

    fn selected(&self, filter: &Filter) -> Arc<[u32]> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rows)) = last.as_ref().filter(|(known, _)| known == filter) {
            return Arc::clone(rows);
        }
        let wanted = filter.text.trim().to_lowercase();
        let rows: Arc<[u32]> = self.order.iter().copied().filter(|row| self.passes(*row, filter, &wanted)).collect();
        *last = Some((filter.clone(), Arc::clone(&rows)));
        rows
    }

    fn passes(&self, row: u32, filter: &Filter, wanted: &str) -> bool {
        let mark = self.found.marks[row as usize];
        (filter.kinds.is_empty() || filter.kinds.contains(&mark.kind))
            && (filter.causes.is_empty() || filter.causes.contains(&mark.cause))
            && (wanted.is_empty() || {
                let attribute = self.found.attributes.get(usize::from(mark.attribute)).map_or("", String::as_str);
                let cells = self.found.cells(row as usize);
                cells.into_iter().chain([attribute]).any(|text| contains(text, wanted))
            })
    }

    /// All of them as a table for a spreadsheet. What a spreadsheet would take for a formula has an apostrophe before it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record([
            "kind",
            "person",
            "group",
            "attribute",
            "expected",
            "found",
            "cause",
            "reason",
            "what to do",
        ])?;
        for difference in self.iter() {
            let Difference { kind, who, group, attribute, expected, found, cause, reason, .. } = &difference;
            let next = self.next(*kind, *cause).replace("**", "").replace('`', "");
            let cells = [
                kind.slug(),
                &harmless(who),
                &harmless(group),
                attribute.as_deref().unwrap_or_default(),
                &harmless(expected),
                &harmless(found),
                cause.slug(),
                reason.as_deref().unwrap_or_default(),
                &next,
            ];
            out.write_record(cells)?;
        }
        out.flush()
    }
}

/// `wanted` is in small letters.
fn contains(text: &str, wanted: &str) -> bool {
    match text.is_ascii() {
        true => {
            let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
            text.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted))
        }
        false => text.to_lowercase().contains(wanted),
    }
}

/// An apostrophe makes a spreadsheet take the cell for text.
fn harmless(cell: &str) -> std::borrow::Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}").into(),
        false => cell.into(),
    }
}

fn count(counts: &mut Counts, found: &Found, words: &Words) {
    let mut by_cause: std::collections::BTreeMap<(Kind, Cause), u32> = std::collections::BTreeMap::new();
    for mark in &found.marks {
        *by_cause.entry((mark.kind, mark.cause)).or_default() += 1;
    }
    for (kind, cause, more) in &found.beyond {
        *by_cause.entry((*kind, *cause)).or_default() += more;
    }
    let of = |wanted: Kind| by_cause.iter().filter(|((kind, _), _)| *kind == wanted).map(|(_, count)| count).sum();
    counts.kinds = Kind::ALL
        .iter()
        .map(|kind| KindCount { kind: *kind, count: of(*kind) })
        .filter(|kind| kind.count > 0)
        .collect();
    counts.differences = by_cause.values().sum();
    counts.causes = by_cause
        .iter()
        .map(|((kind, cause), count)| CauseCount {
            kind: *kind,
            cause: *cause,
            count: *count,
            says: words.says(*kind, *cause),
            next: words.next(*kind, *cause),
        })
        .collect();
    counts.causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
}

//! Reads a log that a console exported as CSV. Which column means what is found by its name, in several languages; where
//! none is known, the rules read the whole row.

use std::io::Read;

use csv::ByteRecord;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::row::{Outcome, Row, Shape, is_held_back, okta_outcome, outcome};
use crate::{Problem, table};

/// Words in the names of columns that a log has.
const USUAL: &[&str] = &[
    "status",
    "result",
    "outcome",
    "error",
    "reason",
    "action",
    "event",
    "date",
    "time",
    "identity",
    "source",
    "target",
    "activity",
    "job",
    "cycle",
    "message",
    "severity",
    "ergebnis",
    "fehler",
    "datum",
    "quelle",
    "ziel",
    "aktion",
    "\u{e9}tat",
    "statut",
    "erreur",
    "cible",
    "estado",
    "fecha",
    "origen",
    "destino",
    "resultado",
    "stato",
    "errore",
    "\u{72b6}\u{614b}",
    "\u{65e5}\u{4ed8}",
    "\u{72b6}\u{6001}",
];

/// Columns that name the person and could be mistaken for an error.
const PEOPLE: &[&str] = &[
    "displayname",
    "display name",
    "identity",
    "actor",
    "alternateid",
    "username",
    "user name",
    "client.",
    "useragent",
];

/// Columns that say what to do, in words of every kind of trouble.
const ADVICE: &[&str] =
    &["recommend", "empfohlen", "empfehlung", "recommand", "recomendad", "consigliat", "aanbevolen"];

/// Whether the first line names the columns of a log.
pub(super) fn looks_like_log(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let Some(mut first) = lines.next() else { return false };
    // One line alone has no rows, and a name of a column is not written like this.
    let is_sentence = |line: &str| line.contains(['{', '[', '<', '=']) || line.contains(": ");
    if first.to_ascii_lowercase().starts_with("sep=") {
        let Some(next) = lines.next() else { return false };
        first = next;
    }
    if first.len() > 20_000 || is_sentence(first) || lines.next().is_none() {
        return false;
    }
    let Some(separator) = [',', ';', '\t', '|'].into_iter().max_by_key(|separator| first.matches(*separator).count())
    else {
        return false;
    };
    let names: Vec<String> = first.split(separator).map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
    let usual = names.iter().filter(|name| name.len() < 60 && USUAL.iter().any(|word| name.contains(word))).count();
    let prose = names.iter().any(|name| name.split_whitespace().count() > 7);
    names.len() >= 3 && usual >= 2 && !prose
}

/// Which column is what.
struct Columns {
    status: Option<usize>,
    event: Option<usize>,
    time: Option<usize>,
    /// Columns that the rules read; all of them where no name is known.
    text: Vec<usize>,
}

impl Columns {
    fn of(names: &[String]) -> Self {
        let names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        let find = |words: &[&str]| {
            words
                .iter()
                .find_map(|word| names.iter().position(|name| name == word))
                .or_else(|| words.iter().find_map(|word| names.iter().position(|name| name.contains(word))))
        };
        let said = |name: &String| {
            [
                "error",
                "reason",
                "detail",
                "message",
                "step",
                "fehler",
                "grund",
                "beschreibung",
                "erreur",
                "raison",
                "motivo",
                "errore",
                "description",
                "skip",
                "event_type",
                "eventtype",
                "action",
                "aktion",
            ]
            .iter()
            .any(|word| name.contains(word))
        };
        let other = |name: &String| PEOPLE.iter().chain(ADVICE).any(|word| name.contains(word));
        let text: Vec<usize> = (0..names.len()).filter(|at| said(&names[*at]) && !other(&names[*at])).collect();
        Self {
            status: find(&[
                "outcome.result",
                "status",
                "result",
                "ergebnis",
                "statut",
                "\u{e9}tat",
                "estado",
                "resultado",
                "stato",
                "\u{72b6}\u{614b}",
                "\u{72b6}\u{6001}",
            ]),
            event: find(&["event_type", "eventtype", "event type"]),
            time: find(&[
                "timestamp",
                "published",
                "activitydatetime",
                "date (utc)",
                "date",
                "datum",
                "fecha",
                "data",
                "time",
            ]),
            text: if text.is_empty() { (0..names.len()).filter(|at| !other(&names[*at])).collect() } else { text },
        }
    }

    fn row(&self, cells: &ByteRecord) -> Row {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map(table::shown).unwrap_or_default();
        let word = cell(self.status).trim().to_lowercase();
        let event = cell(self.event);
        let mut outcome = match self.event {
            Some(_) if event.contains('.') => okta_outcome(event.trim(), &word),
            _ if word.len() < 40 => outcome(&word),
            _ => Outcome::Open,
        };
        if self.text.iter().any(|at| is_held_back(&cell(Some(*at)))) {
            outcome = outcome.held_back();
        }
        let shape = if self.event.is_some() { Shape::Okta } else { Shape::Entra };
        let mut text = self
            .text
            .iter()
            .map(|at| cell(Some(*at)))
            .filter(|cell| !cell.trim().is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        if self.text.is_empty() || (text.is_empty() && outcome == Outcome::Failed) {
            text = cells.iter().map(table::shown).collect::<Vec<_>>().join("\n");
        }
        Row { shape, outcome, at: time(cell(self.time).trim()), text }
    }
}

/// Reads to the end, or to what cannot be read; `Some` says why.
pub(super) fn read(input: impl Read, mut each: impl FnMut(Row)) -> Result<Option<String>, Problem> {
    let mut table = table::open(input)?;
    let columns = Columns::of(table.headers());
    let mut cells = ByteRecord::new();
    let mut any = false;
    loop {
        match table.read(&mut cells) {
            Ok(true) => each(columns.row(&cells)),
            Ok(false) => return Ok(None),
            Err(problem) if any => return Ok(Some(problem.message)),
            Err(problem) => return Err(problem),
        }
        any = true;
    }
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let civil: DateTime = text.trim_end_matches(" UTC").parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

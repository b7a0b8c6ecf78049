//! The outcome as a table: filters, parts of it, and the file that is saved.

use super::Sides;
use crate::{
    people::Rules,
    verify::{Filter, Kind, Outcome},
};

fn outcome(people: usize) -> Outcome {
    let rows = (0..people).map(|index| format!("p{index}@example.com,=HYPERLINK({index})\n"));
    let people = std::iter::once("userPrincipalName,displayName\n".to_owned()).chain(rows).collect();
    let users = vec![
        super::user("1", "p0@example.com", r#","displayName":"+49 170 123""#),
        super::user("2", "-Stranger", ""),
        super::user("3", "ÜBER@example.com", ""),
    ];
    Sides { people, users, ..Sides::default() }.compare(&Rules::usual(), None)
}

#[test]
fn a_filter_lets_through_what_it_says() {
    let outcome = outcome(100);
    let ask = |kinds: &[Kind], text: &str, from, count| {
        outcome.page(&Filter { kinds: kinds.to_vec(), text: text.to_owned(), ..Filter::default() }, from, count)
    };
    assert_eq!((ask(&[], "", 0, 10).total, ask(&[], "", 0, 10).rows.len(), outcome.len()), (102, 10, 102));
    assert_eq!(ask(&[], "", 98, 10).rows.len(), 4);
    assert!(ask(&[], "", 5_000, 10).rows.is_empty());
    assert_eq!(ask(&[Kind::Missing], "", 0, 0).total, 99);
    assert_eq!(ask(&[Kind::Unexpected, Kind::Attribute], "", 0, 9).total, 3);
    assert_eq!(ask(&[], "P55@EXAMPLE", 0, 9).rows[0].who, "p55@example.com");
    assert_eq!(ask(&[], "über", 0, 9).total, 1, "letter case of any alphabet");
    assert_eq!(ask(&[], "DISPLAYNAME", 0, 9).total, 1, "the attribute counts too");
    assert_eq!(ask(&[Kind::Missing], "über", 0, 9).total, 0);
    let all: Vec<Kind> = outcome.iter().map(|one| one.kind).collect();
    assert!(all.is_sorted(), "kind by kind");
}

#[test]
fn a_saved_file_holds_everything_and_no_formula() {
    let outcome = outcome(3);
    let mut file = Vec::new();
    outcome.write_csv(&mut file).unwrap();
    let mut table = csv::Reader::from_reader(file.as_slice());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), outcome.len());
    for cell in rows.iter().flat_map(|row| row.iter()) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let differs = rows.iter().find(|row| &row[0] == "attribute").unwrap();
    assert_eq!((&differs[4], &differs[5]), ("'=HYPERLINK(0)", "'+49 170 123"));
}

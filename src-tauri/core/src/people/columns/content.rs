//! What the columns are, by what stands in the first rows: people paste rows without names of columns.

use std::collections::BTreeMap;

use super::is_address;
use crate::people::rules::Attribute;

/// So many addresses in one row are a list; two can be a user name and an e-mail address.
const A_LIST: usize = 3;

/// What the rows show.
pub(super) struct Content {
    pub(super) found: Vec<(usize, Attribute)>,
    /// Nothing but addresses, several in a row.
    pub(super) addresses_only: bool,
    /// Cells of most rows.
    pub(super) width: usize,
}

impl Content {
    /// `None` if the first row does not look like a person's.
    pub(super) fn of(first: &[String], ahead: &[Vec<String>]) -> Option<Self> {
        let first: Vec<String> = first.iter().map(|cell| cell.trim().to_owned()).collect();
        let rows: Vec<&[String]> = std::iter::once(first.as_slice()).chain(ahead.iter().map(Vec::as_slice)).collect();
        if is_a_list_of_addresses(&rows) {
            return Some(Self { found: vec![(0, Attribute::UserName)], addresses_only: true, width: 1 });
        }
        let width = usual_width(&rows);
        let found = roles(&rows, width);
        // Above addresses stands the name of their column, unless it is a person without one.
        let user_name = found.first().filter(|(_, attribute)| *attribute == Attribute::UserName)?.0;
        let is_a_row =
            first.iter().any(|cell| is_address(cell.as_bytes())) || first.get(user_name).is_some_and(String::is_empty);
        is_a_row.then_some(Self { found, addresses_only: false, width })
    }
}

/// `ada@example.com; grace@example.com; alan@example.com`, as it is copied from a mail.
fn is_a_list_of_addresses(rows: &[&[String]]) -> bool {
    let filled = || rows.iter().map(|row| row.iter().filter(|cell| !cell.is_empty()));
    let most = filled().map(Iterator::count).max().unwrap_or_default();
    let local = |cell: &String| cell.split('@').next().unwrap_or_default().to_lowercase();
    let two_people = || {
        let locals: Vec<String> = filled().flatten().map(local).collect();
        rows.len() == 1 && locals.len() == 2 && locals[0] != locals[1]
    };
    filled().flatten().all(|cell| is_address(cell.as_bytes())) && (most >= A_LIST || two_people())
}

/// How many cells most of the rows have; of two numbers, the larger.
fn usual_width(rows: &[&[String]]) -> usize {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *widths.entry(row.len()).or_default() += 1);
    widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

/// The column of addresses that is filled most is the user name, another one the e-mail address; then come the names.
fn roles(rows: &[&[String]], width: usize) -> Vec<(usize, Attribute)> {
    let filled = |index: usize| rows.iter().filter_map(move |row| row.get(index)).filter(|cell| !cell.is_empty());
    let mostly = |index: usize, is: &dyn Fn(&String) -> bool| {
        let count = filled(index).filter(|cell| is(cell)).count();
        count > 0 && count * 2 >= filled(index).count()
    };
    let mut addresses: Vec<usize> =
        (0..width).filter(|index| mostly(*index, &|cell| is_address(cell.as_bytes()))).collect();
    let rest: Vec<usize> = (0..width)
        .filter(|index| !addresses.contains(index) && mostly(*index, &|cell| looks_like_a_name(cell)))
        .collect();
    addresses.sort_by_key(|index| std::cmp::Reverse(filled(*index).count()));
    let names: &[Attribute] = match rest.len() {
        0 => &[],
        1 => &[Attribute::DisplayName],
        _ => &[Attribute::GivenName, Attribute::FamilyName, Attribute::DisplayName],
    };
    let of_addresses = addresses.into_iter().zip([Attribute::UserName, Attribute::Email]);
    of_addresses.chain(rest.into_iter().zip(names.iter().copied())).collect()
}

fn looks_like_a_name(cell: &str) -> bool {
    cell.chars().any(char::is_alphabetic) && !cell.chars().any(|character| character.is_ascii_digit())
}

//! What is wrong with a SCIM list that stands in a text: entries that repeat, numbers that contradict what is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::Value;

use super::forms::Forms;

/// Lists of one text that are read: the pages of a walk.
const LISTS: usize = 50;

/// A fault of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The same entry twice, on one page or on two.
    Repeats,
    /// `itemsPerPage` or `totalResults` contradict the entries.
    Miscounts,
}

impl Fault {
    /// By its name in the rules.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "repeats" => Some(Self::Repeats),
            "miscounts" => Some(Self::Miscounts),
            _ => None,
        }
    }
}

/// What is wrong with the lists of a text.
pub(super) fn faults(forms: &Forms) -> BTreeSet<Fault> {
    let mut faults = BTreeSet::new();
    // In lower case and on one line: a wrap inside a value is mended there, and case differs between servers anyway.
    if !forms.glued.contains("\"totalresults\"") {
        return faults;
    }
    let lists: Vec<Value> = lists(&forms.glued);
    if lists.is_empty() {
        return cut_off(&forms.glued);
    }
    // Two answers to the same question repeat rightly; two pages that begin at different places do not.
    let mut seen: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    for list in &lists {
        let entries = list["resources"].as_array().map_or(&[][..], Vec::as_slice);
        if contradicts(list, entries.len()) {
            faults.insert(Fault::Miscounts);
        }
        let start = number(list, "startindex");
        let mut here = BTreeSet::new();
        for id in entries.iter().filter_map(|entry| entry["id"].as_str()) {
            let elsewhere = seen.insert(id, start).is_some_and(|before| before != start);
            if !here.insert(id) || elsewhere {
                faults.insert(Fault::Repeats);
            }
        }
    }
    faults
}

/// What can be told of a list of which an end is missing: people by their id, where their user name follows it.
fn cut_off(text: &str) -> BTreeSet<Fault> {
    static PERSON: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the pattern is compiled by the tests")]
        Regex::new(r#""id": ?"([^"]{1,100})",[^{}\[\]]{0,200}"username""#).expect("BUG: the pattern is valid")
    });
    let mut seen = BTreeSet::new();
    let repeats = PERSON.captures_iter(text).filter_map(|found| found.get(1)).any(|id| !seen.insert(id.as_str()));
    if repeats { BTreeSet::from([Fault::Repeats]) } else { BTreeSet::new() }
}

/// Whether the numbers of a list do not fit what it holds.
fn contradicts(list: &Value, entries: usize) -> bool {
    let (Ok(entries), Some(total)) = (i64::try_from(entries), number(list, "totalresults")) else { return false };
    let start = number(list, "startindex").unwrap_or(1).max(1);
    let wrong_page = number(list, "itemsperpage").is_some_and(|page| page != entries);
    let too_few = entries > 0 && total < start.saturating_add(entries).saturating_sub(1);
    // Somebody is there and none of them on the first page.
    let nobody = entries == 0 && total > 0 && start == 1;
    wrong_page || too_few || nobody
}

fn number(list: &Value, name: &str) -> Option<i64> {
    let value = &list[name];
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The lists, wherever they begin in the text; what is cut off is none.
fn lists(text: &str) -> Vec<Value> {
    let (mut all, mut from) = (Vec::new(), 0);
    // Only where an object begins that is a list by one of its first names: a text is not parsed at each brace.
    while let Some(at) = text[from..].find('{').map(|at| at + from) {
        from = at + 1;
        let named = text[from..].trim_start();
        let may_be = ["\"totalresults", "\"itemsperpage", "\"startindex", "\"schemas", "\"resources", "\"id\":null"];
        if !may_be.iter().any(|name| named.starts_with(name)) {
            continue;
        }
        let mut read = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        if let Some(Ok(value)) = read.next()
            && value.get("totalresults").is_some()
        {
            from = at + read.byte_offset();
            all.push(value);
        }
        if all.len() == LISTS {
            break;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Fault, faults};
    use crate::doctor::forms::Forms;

    fn of(text: &str) -> Vec<Fault> {
        faults(&Forms::of(text)).into_iter().collect()
    }

    #[test]
    fn a_list_that_holds_what_it_says_has_no_fault() {
        for text in [
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#,
            r#"{"totalResults":2,"Resources":[{"id":"a"},{"id":"b"}]}"#,
            r#"{"totalResults":7,"startIndex":3,"itemsPerPage":1,"Resources":[{"id":"a","groups":[{"id":"a"}]}]}"#,
            r#"{"totalResults":2,"startIndex":3,"itemsPerPage":0,"Resources":[]}"#,
            r#"{"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"a"}]} again {"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"a"}]}"#,
            r#"{"totalResults":9,"itemsPerPage":9,"Resources":[{"id":"a"},{"id":"#,
            "the numbers totalResults and itemsPerPage",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_found_wrapped_and_escaped_too() {
        let twice =
            r#"GET /Users {"totalResults":2,"startIndex":1,"itemsPerPage":2,"Resources":[{"id":"a"},{"id":"a"}]}"#;
        assert_eq!(of(twice), [Fault::Repeats]);
        assert_eq!(of(&serde_json::Value::from(twice).to_string()), [Fault::Repeats]);
        let cut = r#"{"totalResults":2,"Resources":[{"id":"a","userName":"x"},{"id":"a","userName":"y"},{"id":"#;
        assert_eq!(of(cut), [Fault::Repeats]);
        assert_eq!(of("> {\"totalResults\":1,\"itemsPer\n> Page\":0,\"startIndex\":1}"), [Fault::Miscounts]);
        assert_eq!(
            of(r#"{"totalResults":1,"itemsPerPage":2,"Resources":[{"id":"a"},{"id":"b"}]}"#),
            [Fault::Miscounts]
        );
        let pages = r#"{"totalResults":2,"startIndex":1,"Resources":[{"id":"a"}]}
            {"totalResults":2,"startIndex":2,"Resources":[{"id":"a"}]}"#;
        assert_eq!(of(pages), [Fault::Repeats]);
    }
}

//! The exports: which columns are compared, how people are found again, and what is no list.

use std::ops::ControlFlow;

use super::{Sides, rules, told, user};
use crate::{
    error::{Code, Problem},
    people::Rules,
    verify::Expected,
};

fn read(people: &str, matching: Option<&str>) -> Result<Expected, Problem> {
    Expected::read_people(people.as_bytes(), &Rules::usual(), matching, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn names_are_found_again_however_they_are_written() {
    for (export, there) in [
        ("Ada@Example.com", "ada@example.COM"),
        (" ada@example.com ", "ada@example.com"),
        ("JÜRGEN@example.com", "jürgen@example.com"),
        ("ada@example.com", " ada@example.com"),
        ("a_home.com#EXT#@example.com", "a_home.com@example.com"),
        ("a_home.com#EXT#@example.com", "a_home.com#ext#@example.com"),
    ] {
        let people = format!("userPrincipalName,displayName\n{export},X\n");
        let sides = Sides { people, users: vec![user("1", there, "")], ..Sides::default() };
        let outcome = sides.compare(&Rules::usual(), None);
        assert!(outcome.ok(), "{export} and {there}: {:?}", told(&outcome));
    }
}

#[test]
fn ids_mind_letter_case_and_names_do_not() {
    let export = "userPrincipalName,externalId\na@example.com,AbC\n".to_owned();
    let there = |id: &str| vec![user("1", "other@example.com", &format!(r#","externalId":"{id}""#))];
    let by_id = |id: &str| {
        Sides { people: export.clone(), users: there(id), ..Sides::default() }
            .compare(&Rules::usual(), Some("externalId"))
    };
    let same = told(&by_id("AbC"));
    assert_eq!(
        same.into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>(),
        ["attribute"],
        "only the user name differs"
    );
    let other = told(&by_id("abc"));
    assert_eq!(other.into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>(), ["missing", "unexpected"]);
    let problem = read("userPrincipalName,mail\na@example.com,a@example.com\n", Some("externalId")).unwrap_err();
    assert!(problem.code == Code::WrongInput && problem.message.contains("no column for it"), "{problem:?}");
    assert_eq!(read("userPrincipalName\na@example.com\n", Some("\"; drop")).unwrap_err().code, Code::WrongInput);
}

#[test]
fn what_the_export_does_not_have_is_not_compared_and_said() {
    let people = "userPrincipalName,givenName\na@example.com,Ada\n".to_owned();
    let there = user("1", "a@example.com", r#","displayName":"Other","name":{"givenName":"Ada","familyName":"Other"}"#);
    let sides = Sides { people, users: vec![there], ..Sides::default() };
    let outcome = sides.compare(&rules("hpe-greenlake", "entra"), None);
    assert!(outcome.ok(), "{:?}", told(&outcome));
    assert!(
        outcome.notes().iter().any(|note| note.contains("displayName") && note.contains("name.familyName")),
        "{:?}",
        outcome.notes()
    );
}

#[test]
fn an_export_in_another_language_and_encoding_is_the_same() {
    let german =
        "\u{feff}Benutzerprinzipalname;Anzeigename;Vorname;Nachname;Konto aktiviert\r\na@example.com;J Ü;J;Ü;Wahr\r\n";
    let there = user("1", "a@example.com", r#","displayName":"J Ü","name":{"givenName":"J","familyName":"Ü"}"#);
    let outcome =
        Sides { people: german.to_owned(), users: vec![there], ..Sides::default() }.compare(&Rules::usual(), None);
    assert!(outcome.ok(), "{:?}", told(&outcome));
    assert_eq!(
        read(german, None).unwrap().compared(),
        ["userName", "displayName", "name.givenName", "name.familyName"]
    );
}

#[test]
fn groups_are_of_the_file_or_of_a_column() {
    let mut expected = read("userPrincipalName\na@example.com\nb@example.com\n", None).unwrap();
    let go_on = &mut |_: &_| ControlFlow::Continue(());
    for (file, name) in [
        (
            "id,userPrincipalName,displayName,isGroup\n1,a@example.com,A,False\n2,,Inner,True\n",
            "exportGroupMembers_2026-11-1",
        ),
        ("Group name,Okta username\nSales,a@example.com\nSALES,c@example.com\nEmpty,\n,b@example.com\n", "report"),
        ("group,member\r\nStaff,a@example.com\r\n", "groups"),
    ] {
        expected.read_groups(file.as_bytes(), name, go_on).unwrap();
    }
    expected.settle();
    let groups: Vec<_> =
        expected.groups.iter().map(|group| (group.name.as_str(), group.members.len(), group.inner.len())).collect();
    assert_eq!(groups, [("exportGroupMembers_2026-11-1", 1, 1), ("Sales", 2, 0), ("Empty", 0, 0), ("Staff", 1, 0)]);
    assert_eq!((expected.people(), expected.groups()), (2, 4));
    assert!(expected.notes.iter().any(|note| note.contains("name no group")));
    assert!(
        expected.notes.iter().any(|note| note.contains("1 person of the export of groups")),
        "{:?}",
        expected.notes
    );
}

#[test]
fn what_is_no_list_is_told() {
    for (file, words) in [
        ("", "nothing in it"),
        ("<!doctype html><html>", "web page"),
        ("{\"a\":1}", "JSON"),
        ("a,b\n1,2\n", "recognised as the user name"),
        ("userPrincipalName\n", "no row"),
    ] {
        let problem = read(file, None).expect_err(words);
        assert!(problem.message.contains(words), "{file}: {problem:?}");
        let mut expected = read("userPrincipalName\na@example.com\n", None).unwrap();
        let problem = expected.read_groups(file.as_bytes(), "g", &mut |_| ControlFlow::Continue(())).expect_err(words);
        assert!(!problem.message.is_empty());
    }
    let many: String = std::iter::once("userPrincipalName\n".to_owned())
        .chain((0..5_000).map(|index| format!("p{index}@example.com\n")))
        .collect();
    let stopped = Expected::read_people(many.as_bytes(), &Rules::usual(), None, &mut |_| ControlFlow::Break(()));
    assert_eq!(stopped.unwrap_err().code, Code::Cancelled);
}

#[test]
fn a_row_that_stands_twice_counts_once() {
    let people = "userPrincipalName,displayName\na@example.com,Ada\nA@example.com,Other\n".to_owned();
    let sides =
        Sides { people, users: vec![user("1", "a@example.com", r#","displayName":"Ada""#)], ..Sides::default() };
    let outcome = sides.compare(&Rules::usual(), None);
    assert!(outcome.ok() && outcome.notes().iter().any(|note| note.contains("1 row")), "{:?}", outcome.notes());
}

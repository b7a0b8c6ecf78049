//! What is taken out of an answer, however servers write it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use super::{
    ACTIVE, CREATED, GroupsPage, ID, Path, PeoplePage, Plan, USER_NAME, WANTED,
    decode::{Page, read},
    entries::Entries,
};
use crate::http::Answer;

fn page<E: Entries>(plan: &Plan, body: &str) -> Page<E> {
    read(&Answer::of_test(200, body.as_bytes().to_vec()), plan).unwrap_or_else(|problem| panic!("{body}: {problem:?}"))
}

/// One person, read for one attribute.
fn value(path: &str, person: &str) -> String {
    let plan = Plan::new(&[Path::parse(path).unwrap()]);
    let page: Page<PeoplePage> = page(&plan, &format!(r#"{{"Resources":[{person}]}}"#));
    page.entries.value(0, WANTED).to_owned()
}

#[test]
fn attributes_are_found_however_they_are_written() {
    const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    const WORK: &str = r#"emails[type eq "work"].value"#;
    for (path, person, wanted) in [
        ("displayName", r#"{"id":"1","displayName":"Ada"}"#, "Ada"),
        ("displayName", r#"{"id":"1","DISPLAYNAME":"Ada"}"#, "Ada"),
        ("displayname", r#"{"id":"1","displayName":" Ada "}"#, "Ada"),
        ("displayName", r#"{"id":"1","displayName":null}"#, ""),
        ("displayName", r#"{"id":"1","displayName":""}"#, ""),
        ("displayName", r#"{"id":"1","displayName":{"odd":"object"}}"#, ""),
        ("displayName", r#"{"id":"1","displayName":4711}"#, "4711"),
        ("displayName", r#"{"id":"1","displayName":"J\u00fcrgen \ud83d\ude00"}"#, "Jürgen 😀"),
        ("name.familyName", r#"{"id":"1","name":{"formatted":"x","familyName":"Lovelace"}}"#, "Lovelace"),
        ("name.familyName", r#"{"id":"1","Name":{"FamilyName":"Lovelace"}}"#, "Lovelace"),
        ("name.familyName", r#"{"id":"1","name":"Ada Lovelace"}"#, ""),
        (WORK, r#"{"id":"1","emails":[{"type":"home","value":"h"},{"value":"w","type":"work"}]}"#, "w"),
        (WORK, r#"{"id":"1","emails":[{"type":"home","primary":true,"value":"h"},{"value":"w","type":"Work"}]}"#, "w"),
        (WORK, r#"{"id":"1","emails":[{"value":"a"},{"value":"b","primary":true}]}"#, "b"),
        (WORK, r#"{"id":"1","emails":[{"value":"a"},{"value":"b","primary":"True"}]}"#, "b"),
        (WORK, r#"{"id":"1","emails":[{"value":"a"},{"value":"b"}]}"#, "a"),
        (WORK, r#"{"id":"1","emails":["a","b"]}"#, "a"),
        (WORK, r#"{"id":"1","emails":"a"}"#, "a"),
        (WORK, r#"{"id":"1","emails":{"value":"a","type":"work"}}"#, "a"),
        (WORK, r#"{"id":"1","emails":[]}"#, ""),
        (WORK, r#"{"id":"1","emails":[{"value":"a","type":"home"}]}"#, "a"),
        (
            "emails",
            r#"{"id":"1","emails":[{"value":"a","type":"home"},{"value":"b","type":"work","primary":true}]}"#,
            "b",
        ),
        (
            r#"addresses[type eq "work"].locality"#,
            r#"{"id":"1","addresses":[{"type":"work","locality":"Ulm"}]}"#,
            "Ulm",
        ),
        (
            DEPARTMENT,
            r#"{"id":"1","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"R&D"}}"#,
            "R&D",
        ),
        (
            DEPARTMENT,
            r#"{"id":"1","URN:ietf:params:scim:schemas:extension:enterprise:2.0:user":{"Department":"R&D"}}"#,
            "R&D",
        ),
        (
            MANAGER,
            r#"{"id":"1","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"7","displayName":"x"}}}"#,
            "7",
        ),
        ("urn:ietf:params:scim:schemas:core:2.0:User:title", r#"{"id":"1","title":"Dr"}"#, "Dr"),
        ("title", r#"{"id":"1","groups":[{"value":"g","title":"not this"}],"title":"Dr"}"#, "Dr"),
    ] {
        assert_eq!(value(path, person), wanted, "{path} of {person}");
    }
}

#[test]
fn what_every_person_has_is_read() {
    let plan = Plan::new(&[]);
    for (person, id, name, active) in [
        (r#"{"id":"1","userName":"ada","active":true}"#, "1", "ada", "true"),
        (r#"{"id":1,"userName":"ada","active":"False"}"#, "1", "ada", "False"),
        (r#"{"userName":"ada"}"#, "ada", "ada", ""),
        (r#"{"id":"1"}"#, "1", "1", ""),
    ] {
        let page: Page<PeoplePage> = page(&plan, &format!(r#"{{"totalResults":"1","Resources":[{person}]}}"#));
        let value = |column| page.entries.value(0, column);
        assert_eq!((page.total, value(ID), value(USER_NAME), value(ACTIVE)), (Some(1), id, name, active), "{person}");
    }
    let two = r#"{"Resources":[{"id":"1","meta":{"created":"2026-03-01T00:00:00Z"}},{"id":"2","meta":{"created":"2026-02-01T00:00:00Z"}}]}"#;
    let page: Page<PeoplePage> = page(&plan, two);
    assert_eq!(
        (page.entries.newest(), page.entries.value(1, CREATED)),
        (Some("2026-03-01T00:00:00Z"), "2026-02-01T00:00:00Z")
    );
}

#[test]
fn members_are_read_in_every_form() {
    let plan = Plan::new(&[]);
    for (members, wanted) in [
        (r#","members":[{"value":"1","display":"Ada","$ref":"x"},{"value":2}]"#, Some(vec![("1", "Ada"), ("2", "")])),
        (r#","MEMBERS":["1",2]"#, Some(vec![("1", ""), ("2", "")])),
        (r#","members":{"value":"1"}"#, Some(vec![("1", "")])),
        (r#","members":[{"display":"nobody"},null]"#, Some(vec![])),
        (r#","members":[]"#, Some(vec![])),
        (r#","members":null"#, None),
        ("", None),
    ] {
        let page: Page<GroupsPage> =
            page(&plan, &format!(r#"{{"Resources":[{{"id":"g","displayName":"G"{members}}}]}}"#));
        let group = page.entries.rows().next().unwrap();
        let found = group.members().map(|all| all.map(|member| (member.value, member.display)).collect::<Vec<_>>());
        assert_eq!((group.id(), group.name(), found), ("g", "G", wanted), "{members}");
    }
}

#[test]
fn hostile_bodies_are_bounded_and_told() {
    let plan = Plan::new(&[Path::of_name("displayName")]);
    let deep = format!(r#"{{"Resources":[{{"id":"1","x":{}1{}}}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let found: Page<PeoplePage> = page(&plan, &deep);
    assert_eq!(found.entries.len(), 1, "what is not wanted is skipped, however deep");
    let deep =
        format!(r#"{{"Resources":[{{"id":"1","displayName":{}1{}}}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
    match read::<PeoplePage>(&Answer::of_test(200, deep.into_bytes()), &plan) {
        Ok(page) => assert_eq!(page.entries.value(0, WANTED), ""),
        Err(problem) => assert!(problem.message.contains("not JSON"), "{problem:?}"),
    }
    let giant = format!(r#"{{"Resources":[{{"id":"1","displayName":"{}"}}]}}"#, "ü".repeat(5_000_000));
    let found: Page<PeoplePage> = page(&plan, &giant);
    assert_eq!(found.entries.value(0, WANTED).chars().count(), 1_000);
    for (body, words) in [
        ("", "with nothing"),
        ("{\"Resources\":[{\"id\":\"1\"}", "ends in the middle"),
        ("{\"Resources\":[{}]}", "neither “id” nor “userName” (Resources[0])"),
        ("{\"Resources\":[[]]}", "not an object (Resources[0])"),
        ("{\"Resources\":5}", "“Resources” is not a list"),
        ("{\"Resources\":{\"a\":1}}", "“Resources” is not a list"),
        ("5", "not"),
        ("{\"totalResults\":1} trailing", "not JSON"),
        ("<!doctype html><html>", "web page"),
    ] {
        let problem = read::<PeoplePage>(&Answer::of_test(200, body.as_bytes().to_vec()), &plan).expect_err(body);
        assert!(problem.message.contains(words), "{body}: {}", problem.message);
    }
}

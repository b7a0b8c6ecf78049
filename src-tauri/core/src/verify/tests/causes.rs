//! What lies behind a difference, as far as it can be known.

use super::{Sides, rules, user};
use crate::{
    class::Class,
    people::Rules,
    verify::{Cause, Kind, Outcome},
};

const HEAD: &str = "userPrincipalName,givenName,surname,displayName,mail,accountEnabled,userType,jobTitle\n";

fn row(name: &str) -> String {
    format!("{name}@example.com,Ada,Lovelace,Ada Lovelace,{name}@example.com,True,Member,Engineer\n")
}

fn whole(id: &str, name: &str) -> String {
    user(
        id,
        &format!("{name}@example.com"),
        &format!(
            r#","name":{{"givenName":"Ada","familyName":"Lovelace"}},"displayName":"Ada Lovelace","emails":[{{"value":"{name}@example.com","type":"work"}}]"#
        ),
    )
}

fn causes(outcome: &Outcome) -> Vec<(Kind, Cause, String)> {
    outcome.iter().map(|one| (one.kind, one.cause, format!("{}{}", one.who, one.group))).collect()
}

#[test]
fn who_is_missing_has_a_reason() {
    let people = [
        HEAD.to_owned(),
        row("a"),
        // AWS wants a surname.
        row("b").replace(",Lovelace,", ",,"),
        "c_home.com#EXT#@example.com,Ada,Lovelace,Ada Lovelace,c@home.com,True,Guest,x\n".to_owned(),
        row("d").replace("True", "False"),
        row("e"),
        row("f").replace("Engineer", ""),
    ];
    let sides = Sides {
        people: people.concat(),
        groups: vec![
            (
                "All".to_owned(),
                "userPrincipalName,displayName,isGroup\nf@example.com,F,False\n,Inner,True\n".to_owned(),
            ),
            ("Inner".to_owned(), "userPrincipalName,displayName,isGroup\ne@example.com,E,False\n".to_owned()),
        ],
        users: vec![whole("1", "f")],
        at_target: vec![r#"{"id":"g","displayName":"All","members":[{"value":"1"}]}"#.to_owned()],
    };
    let outcome = sides.compare(&rules("aws-identity-center", "entra"), None);
    let named = |name: &str| format!("{name}@example.com");
    let expected = vec![
        (Kind::Missing, Cause::NotAssigned, named("a")),
        (Kind::Missing, Cause::WouldFail, named("b")),
        (Kind::Missing, Cause::Guest, "c_home.com#EXT#@example.com".to_owned()),
        (Kind::Missing, Cause::NestedGroup, named("e")),
        (Kind::GroupMissing, Cause::GroupNotAssigned, "Inner".to_owned()),
        (Kind::MemberMissing, Cause::NestedGroup, "InnerAll".to_owned()),
    ];
    assert_eq!(causes(&outcome), expected);
    let reasons: Vec<_> = outcome.iter().filter_map(|one| Some((one.reason?, one.class?))).collect();
    assert_eq!(reasons, [("No surname".to_owned(), Class::MissingAttribute)]);
}

#[test]
fn a_cycle_that_still_runs_is_told_from_people_who_are_not_assigned() {
    let people: String =
        std::iter::once(HEAD.to_owned()).chain((0..40).map(|index| row(&format!("p{index}")))).collect();
    for (created, missing, cause) in [
        ("2026-11-27T11:55:00Z", 20, Cause::CycleRunning),
        ("2026-11-27T09:00:00Z", 20, Cause::NotAssigned),
        ("2026-11-27T11:55:00Z", 1, Cause::NotAssigned),
    ] {
        let users = (missing..40).map(|index| {
            whole(&index.to_string(), &format!("p{index}")).replacen(
                '{',
                &format!(r#"{{"meta":{{"created":"{created}"}},"#),
                1,
            )
        });
        let sides = Sides { people: people.clone(), users: users.collect(), ..Sides::default() };
        let outcome = sides.compare(&Rules::usual(), None);
        assert_eq!(outcome.len(), missing);
        assert!(outcome.iter().all(|one| one.cause == cause), "{created} {missing}: {:?}", outcome.counts());
    }
}

#[test]
fn one_attribute_that_differs_for_nearly_everybody_is_the_mapping() {
    let people: String =
        std::iter::once(HEAD.to_owned()).chain((0..20).map(|index| row(&format!("p{index}")))).collect();
    let users = |wrong: usize| {
        (0..20).map(move |index| {
            let user = whole(&index.to_string(), &format!("p{index}"));
            if index < wrong { user.replace("\"Ada Lovelace\"", "\"Lovelace, Ada\"") } else { user }
        })
    };
    for (wrong, cause) in [(20, Cause::WrongSource), (19, Cause::WrongSource), (2, Cause::ChangedSince)] {
        let sides = Sides { people: people.clone(), users: users(wrong).collect(), ..Sides::default() };
        let outcome = sides.compare(&Rules::usual(), None);
        assert_eq!(outcome.len(), wrong);
        assert!(outcome.iter().all(|one| one.cause == cause && one.attribute.as_deref() == Some("displayName")));
    }
}

#[test]
fn what_nobody_has_is_only_compared_if_the_mapping_sends_it() {
    let sides =
        Sides { people: [HEAD.to_owned(), row("a")].concat(), users: vec![whole("1", "a")], ..Sides::default() };
    let usual = sides.compare(&Rules::usual(), None);
    assert!(usual.ok() && usual.notes().iter().any(|note| note.contains("title")), "{:?}", usual.notes());
    let mapped = sides.compare(&rules("aws-identity-center", "entra"), None);
    let told: Vec<_> = mapped.iter().map(|one| (one.attribute.unwrap_or_default(), one.expected, one.found)).collect();
    assert_eq!(told, [("title".to_owned(), "Engineer".to_owned(), String::new())]);
}

#[test]
fn two_accounts_with_one_key_are_told_once() {
    let sides = Sides {
        people: [HEAD.to_owned(), row("a")].concat(),
        users: vec![
            whole("1", "a"),
            user(
                "2",
                "other@example.com",
                r#","name":{"givenName":"Ada","familyName":"Lovelace"},"emails":[{"value":"A@Example.com"}]"#,
            ),
        ],
        ..Sides::default()
    };
    let outcome = sides.compare(&Rules::usual(), Some("emails"));
    assert_eq!(causes(&outcome), [(Kind::Duplicate, Cause::Twice, "a@example.com".to_owned())]);
    // By userName they are two people.
    let by_name = sides.compare(&Rules::usual(), None);
    assert_eq!(causes(&by_name), [(Kind::Unexpected, Cause::ByHand, "other@example.com".to_owned())]);
    // The same entry listed again is the same account.
    let again = Sides { users: vec![whole("1", "a"), whole("1", "a")], ..sides };
    assert!(again.compare(&Rules::usual(), None).ok());
}

#[test]
fn okta_has_words_of_its_own() {
    let sides = Sides {
        people: "login,firstName,lastName,displayName,email,status\na@example.com,Ada,Lovelace,Ada Lovelace,a@example.com,ACTIVE\n".to_owned(),
        groups: vec![(String::new(), "Group name,Okta username\nSales,a@example.com\nStaff,a@example.com\n".to_owned())],
        users: vec![whole("1", "a").replace("true", "false")],
        at_target: vec![r#"{"id":"g","displayName":"staff","members":[{"value":"9","display":"Nobody"}]}"#.to_owned()],
    };
    let outcome = sides.compare(&rules("aws-identity-center", "okta"), None);
    let expected = [
        (Kind::Disabled, Cause::SwitchedOff, "a@example.com".to_owned()),
        (Kind::GroupMissing, Cause::GroupPush, "Sales".to_owned()),
        (Kind::MemberMissing, Cause::GroupPush, "a@example.comStaff".to_owned()),
        (Kind::MemberUnexpected, Cause::LeftGroup, "NobodyStaff".to_owned()),
    ];
    assert_eq!(causes(&outcome), expected);
    for cause in &outcome.counts().causes {
        assert!(cause.says.len() > 20 && !cause.next.contains("Entra"), "{cause:?}");
    }
    assert!(outcome.counts().causes.iter().any(|cause| cause.next.contains("**Push Groups")));
}

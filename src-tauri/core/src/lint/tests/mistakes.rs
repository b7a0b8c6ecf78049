//! Each kind of mistake, for each target.

use serde_json::json;

use super::{
    super::{Severity, Verb},
    AWS_GALLERY, OKTA, Schema, action, checked, note, remaining, right, right_for_azion, right_for_generic,
    right_for_greenlake, row,
};
use crate::class::Class;

/// Makes the mistake in the right schema of every target.
fn everywhere(change: impl Fn(Schema) -> Schema, id: &str) -> Vec<(Verb, Severity, Option<Class>)> {
    let found = right().map(|(target, schema)| {
        let report = checked(&change(schema).text(), target, "entra");
        assert!(!report.is_fine(), "{target}");
        let row = row(&report, id);
        assert!(row.why.ends_with('.'), "{target}: {}", row.why);
        (row.verb, row.severity, row.class)
    });
    found.to_vec()
}

#[test]
fn a_missing_row_is_to_be_added() {
    let found = everywhere(|schema| schema.without("name.familyName"), "users-name-familyName");
    let must = (Verb::Add, Severity::Must, Some(Class::MissingAttribute));
    let should = (Verb::Add, Severity::Should, Some(Class::MissingAttribute));
    // To a service that nobody knows it is a recommendation.
    assert_eq!(found, [must, must, must, should]);
    assert_eq!(everywhere(|schema| schema.without("userName"), "users-userName"), vec![must; 4]);
    let report = checked(&right_for_azion().without("userName").text(), "azion", "entra");
    assert!(row(&report, "users-userName").why.contains("matching attribute with the precedence 1"));
}

#[test]
fn a_wrong_source_is_named() {
    let found = everywhere(|schema| schema.source("name.familyName", "[department]"), "users-name-familyName");
    let verbs: Vec<_> = found.iter().map(|(verb, severity, _)| (*verb, *severity)).collect();
    let (must, should) = ((Verb::WrongSource, Severity::Must), (Verb::WrongSource, Severity::Should));
    assert_eq!(verbs, [must, must, should, should]);
}

#[test]
fn a_user_name_from_something_else_is_no_sign_in() {
    let of = |source| everywhere(|schema| schema.source("userName", source), "users-userName");
    let all = |severity, class| vec![(Verb::WrongSource, severity, Some(class)); 4];
    assert_eq!(of("[mail]"), all(Severity::Should, Class::NameidMismatch));
    assert_eq!(of("[originalUserPrincipalName]"), all(Severity::Should, Class::NameidMismatch));
    assert_eq!(of("[employeeId]"), all(Severity::Must, Class::NameidMismatch));
    assert_eq!(of(r##"Append([mailNickname], "#")"##), all(Severity::Should, Class::NameidMismatch));
    assert_eq!(of("\"everybody\""), all(Severity::Must, Class::MappingInvalid));
}

#[test]
fn without_the_matching_attribute_nobody_is_found() {
    let found = everywhere(|schema| schema.set_row("userName", "matchingPriority", 0), "users-userName");
    assert_eq!(found, vec![(Verb::WrongMatching, Severity::Must, Some(Class::MappingInvalid)); 4]);
}

#[test]
fn another_attribute_that_matches_first_is_wrong() {
    let change = |schema: Schema| {
        schema.set_row("userName", "matchingPriority", 2).set_row("name.givenName", "matchingPriority", 1)
    };
    let found = everywhere(change, "users-userName");
    assert_eq!(found, vec![(Verb::WrongMatching, Severity::Must, Some(Class::MappingInvalid)); 4]);
    let found = everywhere(change, "users-name-givenName");
    assert_eq!(found, vec![(Verb::WrongMatching, Severity::Should, Some(Class::MappingInvalid)); 4]);
}

#[test]
fn a_row_that_matches_cannot_just_be_deleted() {
    let schema = Schema::of(super::NON_GALLERY).set_row("externalId", "matchingPriority", 1).set_row(
        "userName",
        "matchingPriority",
        0,
    );
    let report = checked(&schema.text(), "azion", "entra");
    let row = row(&report, "users-externalId");
    assert!(row.verb == Verb::Delete && row.why.contains("first make `userName` the one"), "{}", row.why);
}

#[test]
fn sent_on_creation_only_is_wrong_where_changes_are_sent() {
    for (target, schema) in right() {
        let report = checked(&schema.set_row("name.givenName", "flowType", "ObjectAddOnly").text(), target, "entra");
        // Without updates there is nothing but creating.
        let verb = if target == "hpe-greenlake" { Verb::Keep } else { Verb::WrongApply };
        assert_eq!(row(&report, "users-name-givenName").verb, verb, "{target}");
    }
    let report = checked(&right_for_azion().set_row("active", "flowType", "ObjectAddOnly").text(), "azion", "entra");
    let active = row(&report, "users-active");
    assert_eq!(
        (active.verb, active.severity, active.class),
        (Verb::WrongApply, Severity::Must, Some(Class::UpdateOff))
    );
}

#[test]
fn a_row_that_is_filled_from_nothing_is_named() {
    let found = everywhere(|schema| schema.set_row("name.givenName", "source", json!(null)), "users-name-givenName");
    let verbs: Vec<_> = found.iter().map(|(verb, ..)| *verb).collect();
    assert_eq!(verbs, vec![Verb::Unmapped; 4]);
}

#[test]
fn a_second_row_for_the_same_attribute_is_to_go() {
    let found = everywhere(|schema| schema.add("NAME.givenName", "[mail]"), "users-name-givenName-2");
    assert_eq!(found, vec![(Verb::Duplicate, Severity::Must, Some(Class::MappingInvalid)); 4]);
}

#[test]
fn an_attribute_beside_the_guide_is_to_go_or_may_stay() {
    let verbs = right().map(|(target, schema)| {
        let report = checked(&schema.add("nickName", "[mailNickname]").text(), target, "entra");
        let row = row(&report, "users-nickName");
        (row.verb, row.severity)
    });
    let (must, should) = ((Verb::Delete, Severity::Must), (Verb::Delete, Severity::Should));
    assert_eq!(verbs, [must, must, (Verb::Keep, Severity::Note), should]);
}

#[test]
fn object_actions_are_compared_for_each_target() {
    for (target, schema) in right() {
        let report = checked(&schema.set("User", "flowTypes", "Update").text(), target, "entra");
        let of = |name: &str| {
            let action = action(&report, &format!("users-action-{name}"));
            (action.found, action.severity)
        };
        let update = if target == "hpe-greenlake" { Severity::Should } else { Severity::Note };
        assert_eq!(of("Create"), (Some(false), Severity::Must), "{target}");
        assert_eq!(of("Update"), (Some(true), update), "{target}");
        assert_eq!(of("Delete"), (Some(false), Severity::Should), "{target}");
    }
}

#[test]
fn without_update_leavers_keep_their_access() {
    for (target, schema) in right().into_iter().filter(|(target, _)| *target != "hpe-greenlake") {
        let report = checked(&schema.set("User", "flowTypes", "Add,Delete").text(), target, "entra");
        let update = action(&report, "users-action-Update");
        assert_eq!((update.severity, update.class), (Severity::Must, Some(Class::UpdateOff)), "{target}");
        assert!(update.why.contains("was disabled"), "{}", update.why);
    }
    let report = checked(&right_for_greenlake().set("Group", "flowTypes", "Add").text(), "hpe-greenlake", "entra");
    let update = action(&report, "groups-action-Update");
    assert!(update.severity == Severity::Must && update.why.contains("no member is added"), "{}", update.why);
}

#[test]
fn a_missing_active_is_told_where_it_matters() {
    for (target, schema, severity) in [
        ("azion", right_for_azion(), Severity::Must),
        ("aws-identity-center", Schema::of(AWS_GALLERY), Severity::Should),
        ("generic-scim", right_for_generic(), Severity::Should),
    ] {
        let report = checked(&schema.without("active").text(), target, "entra");
        let active = row(&report, "users-active");
        assert_eq!((active.verb, active.severity), (Verb::Add, severity), "{target}");
        assert!(active.why.contains("left"), "{}", active.why);
    }
    let report = checked(&right_for_azion().source("active", "\"True\"").text(), "azion", "entra");
    assert_eq!(row(&report, "users-active").severity, Severity::Must, "it would never change");
}

#[test]
fn a_mapping_that_is_off_or_filtered_is_told() {
    for (target, schema) in right() {
        let scope =
            json!({ "categoryFilterGroups": [], "groups": [{ "clauses": [], "name": "x" }], "inputFilterGroups": [] });
        let schema = schema.set("User", "enabled", false).set("Group", "scope", scope);
        let report = checked(&schema.text(), target, "entra");
        assert_eq!(note(&report, "disabled").map(|note| note.severity), Some(Severity::Must), "{target}");
        assert_eq!(note(&report, "scoped").map(|note| note.severity), Some(Severity::Note), "{target}");
    }
    let empty = json!({ "categoryFilterGroups": [], "groups": [], "inputFilterGroups": [] });
    let report = checked(&right_for_azion().set("User", "scope", empty).text(), "azion", "entra");
    assert_eq!(note(&report, "scoped"), None);
}

#[test]
fn a_missing_mapping_of_groups_is_told() {
    for (target, schema) in right() {
        let mut value = schema.value().clone();
        let mappings = value["synchronizationRules"][0]["objectMappings"].as_array_mut().expect("a list");
        mappings.retain(|mapping| mapping["sourceObjectName"] != "Group");
        let report = checked(&value.to_string(), target, "entra");
        let severity = note(&report, "no-mapping").map(|note| note.severity);
        assert!(severity > Some(Severity::Note), "{target}");
    }
}

#[test]
fn aws_takes_one_value_of_each() {
    let home = "emails[type eq \"home\"].value";
    let schema =
        Schema::of(AWS_GALLERY).add(home, "[otherMails]").add("addresses[type eq \"home\"].locality", "[city]");
    let report = checked(&schema.text(), "aws-identity-center", "entra");
    let kept = remaining(&report);
    assert!(kept.contains(&"users emails[type eq \"work\"].value".to_owned()), "the guide's row stays");
    assert!(!kept.iter().any(|name| name.contains("\"home\"")), "{kept:?}");
    // A mobile number alone is one number.
    let schema = Schema::of(AWS_GALLERY)
        .without("phoneNumbers[type eq \"work\"].value")
        .add("phoneNumbers[type eq \"mobile\"].value", "[mobile]");
    let report = checked(&schema.text(), "aws-identity-center", "entra");
    assert!(report.is_fine(), "{report:#?}");
}

#[test]
fn aws_refuses_some_attributes_whatever_stands_in_them() {
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName";
    for attribute in ["photos[type eq \"photo\"].value", "entitlements", "emails[type eq \"work\"].display", manager] {
        let report = checked(&Schema::of(AWS_GALLERY).add(attribute, "[mail]").text(), "aws-identity-center", "entra");
        let row = report.tables[0].rows.iter().find(|row| row.attribute == attribute).expect("it is there");
        assert_eq!((row.verb, row.class), (Verb::Delete, Some(Class::UnsupportedAttribute)), "{attribute}");
    }
}

#[test]
fn aws_refuses_some_characters() {
    for (source, severity) in [
        ("\"R&D; Sales\"", Some(Severity::Must)),
        ("\"a\tb\"", Some(Severity::Must)),
        ("Join(\" | \", [jobTitle], [department])", Some(Severity::Should)),
        ("Replace([jobTitle], \";\", , , \"\", , )", None),
        ("\"Sales\"", None),
    ] {
        let report = checked(&Schema::of(AWS_GALLERY).source("title", source).text(), "aws-identity-center", "entra");
        let row = row(&report, "users-title");
        let expected = severity.map_or((Verb::Keep, Severity::Note), |severity| (Verb::WrongSource, severity));
        assert_eq!((row.verb, row.severity), expected, "{source}: {}", row.why);
        assert_eq!(row.class == Some(Class::ForbiddenCharacter), severity.is_some(), "{source}");
        // The others say nothing of characters.
        let elsewhere = checked(&right_for_azion().source("name.givenName", source).text(), "azion", "entra");
        assert_ne!(self::row(&elsewhere, "users-name-givenName").class, Some(Class::ForbiddenCharacter), "{source}");
    }
}

#[test]
fn aws_wants_an_address_whole() {
    let schema = Schema::of(AWS_GALLERY).without("addresses[type eq \"work\"].region");
    let report = checked(&schema.text(), "aws-identity-center", "entra");
    let note = note(&report, "incomplete").expect("there is a note");
    assert!(note.text.contains("`addresses.region`") && !note.text.contains("`addresses.locality`"), "{}", note.text);
    let mut schema = Schema::of(AWS_GALLERY);
    schema
        .rows("User")
        .retain(|row| !row["targetAttributeName"].as_str().is_some_and(|name| name.starts_with("addresses")));
    let report = checked(&schema.text(), "aws-identity-center", "entra");
    assert!(report.is_fine(), "without any part there is no address: {report:#?}");
}

#[test]
fn aws_likes_an_id_that_does_not_change() {
    let report =
        checked(&Schema::of(AWS_GALLERY).source("externalId", "[objectId]").text(), "aws-identity-center", "entra");
    assert!(report.is_fine(), "{report:#?}");
    assert!(row(&report, "users-externalId").why.contains("serves as well"));
}

#[test]
fn what_fills_an_empty_name_is_welcome_at_aws() {
    for source in ["Coalesce([surname], \"-\")", "IIF(IsNullOrEmpty([surname]), \"-\", [surname])", "\"-\""] {
        let report =
            checked(&Schema::of(AWS_GALLERY).source("name.familyName", source).text(), "aws-identity-center", "entra");
        assert!(report.is_fine(), "{source}: {report:#?}");
    }
}

#[test]
fn okta_pushes_at_the_times_of_the_guide() {
    let report = checked(&OKTA.replace("DONT_PUSH", "PUSH"), "hpe-greenlake", "okta");
    let row = row(&report, "users-country");
    assert_eq!((row.verb, row.severity), (Verb::WrongApply, Severity::Should));
    assert!(row.why.contains("**Create**"), "{}", row.why);
    assert!(super::row(&report, "users-userName").why.contains("**Application username format**"));
}

#[test]
fn a_second_address_of_okta_is_too_many_for_aws() {
    let text = OKTA.replace("\"middleName\"", "\"secondEmail\"").replace("DONT_PUSH", "PUSH");
    let report = checked(&text, "aws-identity-center", "okta");
    assert_eq!(row(&report, "users-secondEmail").class, Some(Class::UnsupportedAttribute));
    assert_eq!(row(&report, "users-secondEmail").verb, Verb::Delete);
}

/// What was found is shown, and what looks like a secret in it is not.
#[test]
fn a_secret_in_a_source_is_not_repeated() {
    let secret = "canary4711Zq8Xw2Lp9Rt5Yb3Nc7VdHj6Ks1";
    let text = right_for_azion().source("name.givenName", &format!("\"{secret}\"")).text();
    let report = checked(&text, "azion", "entra");
    let json = serde_json::to_string(&report).expect("a report is data");
    assert!(!json.contains(secret) && json.contains("[redacted]"), "{json}");
}

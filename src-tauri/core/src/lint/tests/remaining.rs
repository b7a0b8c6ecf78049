//! The default rows of Entra's non-gallery app and of Okta's test app: what remains for each target once the advice was
//! followed. The lists are written from the targets' guides, not from the recipes.

use super::{
    super::{Severity, Verb},
    AWS_GALLERY, ENTRA_PAGE, NON_GALLERY, OKTA, OKTA_PAGE, action, checked, note, remaining, right, row,
};
use crate::{class::Class, view::Tone};

const GROUPS: [&str; 3] = ["groups displayName", "groups externalId", "groups members"];

fn sorted(list: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    let mut list: Vec<String> = list.into_iter().map(Into::into).collect();
    list.sort();
    list
}

/// "userName displayName name.givenName name.familyName", and of groups "displayName externalid members"; Update
/// unselected for users.
#[test]
fn greenlake_keeps_what_hpes_guide_keeps() {
    let report = checked(NON_GALLERY, "hpe-greenlake", "entra");
    let users = ["users userName", "users displayName", "users name.givenName", "users name.familyName"];
    assert_eq!(sorted(remaining(&report)), sorted(users.into_iter().chain(GROUPS)));
    assert_eq!(report.verdict.tone, Tone::Bad);
    assert!(report.verdict.text.contains("18 rows to delete, 1 object action to change"), "{}", report.verdict.text);
    let update = action(&report, "users-action-Update");
    assert_eq!((update.found, update.wanted, update.severity), (Some(true), false, Severity::Should));
    assert!(
        ["users-action-Create", "users-action-Delete", "groups-action-Update"]
            .iter()
            .all(|id| action(&report, id).wanted)
    );
    let active = row(&report, "users-active");
    assert_eq!((active.verb, active.severity), (Verb::Delete, Severity::Must));
    assert!(active.why.contains("cannot tell HPE GreenLake that somebody was disabled"), "{}", active.why);
}

/// What a missing `active` and Update off mean for leavers is said also where everything is right.
#[test]
fn greenlake_is_told_what_becomes_of_leavers() {
    let report = checked(&super::right_for_greenlake().text(), "hpe-greenlake", "entra");
    assert!(report.is_fine(), "{report:#?}");
    let update = action(&report, "users-action-Update");
    assert_eq!((update.found, update.wanted, update.class), (Some(false), false, Some(Class::UpdateOff)));
    assert!(update.why.contains("nothing that would disable a leaver"), "{}", update.why);
    let leavers = note(&report, "leavers").expect("there is a note");
    assert!(leavers.text.contains("remove the account there"), "{}", leavers.text);
}

/// "just leave the following fields: userName, active, namegivenName, and name.familyName. Delete the rest"; groups stay.
#[test]
fn azion_keeps_what_its_guide_keeps() {
    let report = checked(NON_GALLERY, "azion", "entra");
    let users = ["users userName", "users active", "users name.givenName", "users name.familyName"];
    assert_eq!(sorted(remaining(&report)), sorted(users.into_iter().chain(GROUPS)));
    assert!(report.tables.iter().flat_map(|table| &table.actions).all(|action| action.severity == Severity::Note));
}

/// The seed says nothing of rows: everything stays that AWS takes, and of the phone numbers one.
#[test]
fn aws_keeps_all_but_the_second_and_third_phone_number() {
    let report = checked(NON_GALLERY, "aws-identity-center", "entra");
    let kept = [
        "userName",
        "active",
        "displayName",
        "title",
        "emails[type eq \"work\"].value",
        "preferredLanguage",
        "name.givenName",
        "name.familyName",
        "name.formatted",
        "addresses[type eq \"work\"].formatted",
        "addresses[type eq \"work\"].streetAddress",
        "addresses[type eq \"work\"].locality",
        "addresses[type eq \"work\"].region",
        "addresses[type eq \"work\"].postalCode",
        "addresses[type eq \"work\"].country",
        "phoneNumbers[type eq \"work\"].value",
        "externalId",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    ];
    let users = kept.map(|name| format!("users {name}"));
    assert_eq!(sorted(remaining(&report)), sorted(users.into_iter().chain(GROUPS.map(str::to_owned))));
    for id in ["users-phoneNumbers-type-eq--mobile---value", "users-phoneNumbers-type-eq--fax---value"] {
        let row = row(&report, id);
        assert_eq!(
            (row.verb, row.severity, row.class),
            (Verb::Delete, Severity::Must, Some(Class::UnsupportedAttribute)),
            "{id}"
        );
    }
    let app = note(&report, "other-app").expect("the guide is for the app of the gallery");
    assert!(app.text.contains("`customappsso`") && app.text.contains("`AWSSingleSignon`"), "{}", app.text);
}

#[test]
fn awss_own_app_is_right_as_it_comes() {
    let report = checked(AWS_GALLERY, "aws-identity-center", "entra");
    assert!(report.is_fine(), "{report:#?}");
    assert!(remaining(&report).contains(&"users locale".to_owned()), "a row beside the guide may stay");
    assert_eq!(note(&report, "other-app"), None);
}

#[test]
fn any_service_keeps_the_core_attributes() {
    let report = checked(NON_GALLERY, "generic-scim", "entra");
    let users = [
        "users userName",
        "users active",
        "users displayName",
        "users emails[type eq \"work\"].value",
        "users name.givenName",
        "users name.familyName",
        "users name.formatted",
        "users externalId",
    ];
    assert_eq!(sorted(remaining(&report)), sorted(users.into_iter().chain(GROUPS)));
    assert_eq!((report.to_do(), report.verdict.tone), ((0, 14), Tone::Warn), "a recommendation forces nothing");
}

/// HPE's picture: userName and six, each applied on Create.
#[test]
fn greenlake_keeps_six_attributes_of_okta() {
    let names = ["userName", "givenName", "familyName", "email", "emailType", "displayName", "country"];
    let report = checked(OKTA, "hpe-greenlake", "okta");
    assert_eq!(sorted(remaining(&report)), sorted(names.map(|name| format!("users {name}"))));
    let update = action(&report, "users-action-Update User Attributes");
    assert_eq!((update.found, update.wanted, update.severity), (None, false, Severity::Note));
    // The page shows one more row that HPE's guide does not have.
    let page = checked(OKTA_PAGE, "hpe-greenlake", "okta");
    assert_eq!(sorted(remaining(&page)), sorted(remaining(&report)));
    assert_eq!(page.to_do(), (1, 0));
    assert_eq!(row(&page, "users-title").verb, Verb::Delete);
}

#[test]
fn any_service_wants_changes_of_okta_to_arrive() {
    let report = checked(OKTA, "generic-scim", "okta");
    let names = ["userName", "givenName", "familyName", "email", "emailType", "displayName"];
    assert_eq!(sorted(remaining(&report)), sorted(names.map(|name| format!("users {name}"))));
    assert_eq!(row(&report, "users-givenName").verb, Verb::WrongApply);
}

/// AWS's own app has Create and update on its rows; the test app's manager's name is not supported there.
#[test]
fn aws_takes_most_of_okta() {
    let report = checked(OKTA, "aws-identity-center", "okta");
    let deleted: Vec<&str> =
        report.tables[0].rows.iter().filter(|row| !row.remains()).map(|row| row.attribute.as_str()).collect();
    assert_eq!(deleted, ["managerDisplayName"]);
}

#[test]
fn the_table_of_the_page_gives_what_the_export_gives() {
    for target in ["hpe-greenlake", "azion", "aws-identity-center", "generic-scim"] {
        let (page, export) = (checked(ENTRA_PAGE, target, "entra"), checked(NON_GALLERY, target, "entra"));
        let mut users = export.tables[0].rows.clone();
        // The page does not say when a row is sent; the default rows are all sent always.
        users.iter_mut().zip(&page.tables[0].rows).for_each(|(one, other)| one.class = other.class);
        assert_eq!(page.tables[0].rows, users, "{target}");
        assert_eq!(page.tables.len(), 1);
        assert!(
            note(&page, "not-pasted").is_some() && page.tables[0].actions.iter().all(|action| action.found.is_none())
        );
    }
}

#[test]
fn what_is_right_is_left_alone() {
    for (target, schema) in right() {
        let report = checked(&schema.text(), target, "entra");
        assert!(report.is_fine() && report.verdict.tone == Tone::Good, "{target}: {report:#?}");
        assert!(report.verdict.text.ends_with("nothing to do."), "{}", report.verdict.text);
        let there: usize =
            report.tables.iter().map(|table| table.rows.iter().filter(|row| row.found.is_some()).count()).sum();
        assert_eq!(remaining(&report).len(), there, "{target}: every row stays, and none is added");
    }
}

/// The same mapping, written otherwise.
#[test]
fn other_ways_to_write_the_same_are_left_alone() {
    for (target, schema) in right() {
        let schema = schema.source("userName", "[UserPrincipalName]").source("name.givenName", " [ givenName ] ");
        let schema = if target == "hpe-greenlake" { schema } else { schema.source("active", "Not([IsSoftDeleted])") };
        let report = checked(&schema.text(), target, "entra");
        assert!(report.is_fine(), "{target}: {report:#?}");
    }
}

//! What a cold reader of the check came across: each of these was answered wrongly once.

use serde_json::{Value, json};

use super::{
    super::{Severity, Verb},
    AWS_GALLERY, NON_GALLERY, OKTA, Schema, action, checked, note, refused, remaining, right_for_azion, row,
};
use crate::{class::Class, lint::Report};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:";

/// What AWS lists as the attributes of a person that can be changed stays, and nothing else of what it does not know.
#[test]
fn aws_takes_the_attributes_of_its_list_only() {
    let enterprise = |name: &str| format!("{ENTERPRISE}{name}");
    for name in ["nickName", "profileUrl", "userType", "timezone", "name.middleName"]
        .map(str::to_owned)
        .into_iter()
        .chain(["division", "costCenter", "organization"].map(enterprise))
    {
        let report = checked(&Schema::of(AWS_GALLERY).add(&name, "[city]").text(), "aws-identity-center", "entra");
        assert!(report.is_fine(), "{name}: {report:#?}");
    }
    let unknown = [
        "favouriteColour",
        "roles[primary eq \"True\"].value",
        "urn:ietf:params:scim:schemas:extension:custom:2.0:User:costCenter",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:badge",
        "namex.givenName",
    ];
    for name in unknown {
        let report = checked(&Schema::of(AWS_GALLERY).add(name, "[city]").text(), "aws-identity-center", "entra");
        let row = report.tables[0].rows.iter().find(|row| row.attribute == name).expect("it is there");
        let found = (row.verb, row.severity, row.class);
        assert_eq!(found, (Verb::Delete, Severity::Must, Some(Class::UnsupportedAttribute)), "{name}");
        assert!(!remaining(&report).contains(&format!("users {name}")));
    }
}

#[test]
fn aws_takes_the_attributes_of_its_list_only_from_okta_too() {
    let whole = |text: &str| checked(text, "aws-identity-center", "okta");
    let report = whole(OKTA);
    for name in ["middleName", "honorificPrefix", "profileUrl", "managerValue"] {
        assert_eq!(row(&report, &format!("users-{name}")).verb, Verb::Keep, "{name}");
    }
    let report = whole(&OKTA.replace("\"middleName\"", "\"favouriteColour\"").replace("\"nickName\"", "\"roles\""));
    for id in ["users-favouriteColour", "users-roles"] {
        let row = row(&report, id);
        let found = (row.verb, row.severity, row.class);
        assert_eq!(found, (Verb::Delete, Severity::Must, Some(Class::UnsupportedAttribute)), "{id}");
    }
}

/// Who signs in gets the value as it is in the directory.
#[test]
fn a_user_name_that_a_function_changes_is_another_one() {
    for source in [
        "NormalizeDiacritics([userPrincipalName])",
        "StripSpaces([userPrincipalName])",
        "ToLower(StripSpaces([userPrincipalName]))",
        "StripSpaces(ToLower([userPrincipalName]))",
        "Coalesce([userPrincipalName], [mail])",
        r#"Replace([userPrincipalName], "@", , , "", , )"#,
    ] {
        let report = checked(&right_for_azion().source("userName", source).text(), "azion", "entra");
        let row = row(&report, "users-userName");
        let found = (row.verb, row.severity, row.class);
        assert_eq!(found, (Verb::WrongSource, Severity::Should, Some(Class::NameidMismatch)), "{source}");
        assert!(row.why.contains("differs from what people sign in with"), "{source}: {}", row.why);
    }
    for source in ["ToLower([userPrincipalName])", "Trim(toupper([userPrincipalName]))"] {
        let report = checked(&right_for_azion().source("userName", source).text(), "azion", "entra");
        assert!(report.is_fine(), "{source}");
    }
    // Elsewhere it is the same value, cleaned.
    let schema = right_for_azion().source("name.givenName", "NormalizeDiacritics([givenName])");
    assert!(checked(&schema.text(), "azion", "entra").is_fine());
}

/// Every name of a field begins with a capital letter, as PowerShell's objects have it.
fn pascal(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| (name[..1].to_ascii_uppercase() + &name[1..], pascal(value));
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(entries) => entries.iter().map(pascal).collect(),
        other => other.clone(),
    }
}

#[test]
fn names_of_fields_are_found_in_any_case() {
    for fixture in [NON_GALLERY, AWS_GALLERY] {
        let value = pascal(Schema::of(fixture).value());
        assert!(value["SynchronizationRules"][0]["ObjectMappings"][0]["AttributeMappings"][0]["Source"].is_object());
        let plain = checked(fixture, "azion", "entra");
        assert_eq!(checked(&value.to_string(), "azion", "entra"), plain);
        assert_eq!(checked(&json!({ "Value": [value] }).to_string(), "azion", "entra"), plain);
    }
}

/// A source in its parts, as Graph gives it beside the expression.
fn parts(name: &str, arguments: &[Value]) -> Value {
    let parameters: Vec<Value> = arguments.iter().map(|value| json!({ "key": "source", "value": value })).collect();
    json!({ "expression": null, "name": name, "type": "Function", "parameters": parameters })
}

fn attribute(name: &str) -> Value {
    json!({ "expression": null, "name": name, "type": "Attribute", "parameters": [] })
}

fn constant(name: &str) -> Value {
    json!({ "expression": null, "name": name, "type": "Constant", "parameters": [] })
}

#[test]
fn a_source_without_its_expression_is_put_together_from_its_parts() {
    let switch = ["", "False", "True", "True", "False"].map(constant);
    let switch: Vec<Value> = [attribute("IsSoftDeleted")].into_iter().chain(switch).collect();
    for active in [parts("Not", &[attribute("IsSoftDeleted")]), parts("Switch", &switch)] {
        let report = checked(&right_for_azion().set_row("active", "source", active).text(), "azion", "entra");
        assert!(report.is_fine(), "{report:#?}");
    }
    let wrong = parts("Append", &[parts("ToLower", &[attribute("mail")]), constant("a \"b\"")]);
    let report = checked(&right_for_azion().set_row("name.givenName", "source", wrong).text(), "azion", "entra");
    let row = row(&report, "users-name-givenName");
    assert_eq!(row.verb, Verb::WrongSource);
    assert_eq!(row.found.as_deref(), Some(r#"Append(ToLower([mail]), "a ""b""")"#));
}

#[test]
fn a_function_without_its_parts_cannot_be_read_and_is_not_called_wrong() {
    let missing = json!({ "expression": null, "name": "Not", "type": "Function" });
    let cut = json!({ "expression": null, "name": "Not", "type": "Function", "parameters": "System.Object[]" });
    let inner = parts("ToLower", std::slice::from_ref(&missing));
    for source in [missing, cut, parts("Not", &[]), inner] {
        for target in ["active", "userName"] {
            let schema = right_for_azion().set_row(target, "source", source.clone());
            let report = checked(&schema.text(), "azion", "entra");
            let row = row(&report, &format!("users-{target}"));
            assert_eq!((row.verb, row.severity), (Verb::Unclear, Severity::Should), "{source}");
            assert!(row.remains() && row.why.contains("cannot be read"), "{}", row.why);
            assert!(report.verdict.text.contains("1 row to look at"), "{}", report.verdict.text);
        }
    }
}

#[test]
fn rows_by_themselves_are_read() {
    let all = Schema::of(NON_GALLERY).rows("User").clone();
    let whole = checked(NON_GALLERY, "azion", "entra");
    let groups = Schema::of(NON_GALLERY).rows("Group").clone();
    for rows in [json!(all), pascal(&json!(all)), json!({ "value": all, "Count": all.len() })] {
        let report = checked(&rows.to_string(), "azion", "entra");
        assert_eq!((report.tables.len(), &report.tables[0].rows), (1, &whole.tables[0].rows));
        // Of the other table nothing can be said.
        assert!(!report.whole && note(&report, "no-mapping").is_none() && note(&report, "not-pasted").is_some());
    }
    let report = checked(&json!(groups).to_string(), "azion", "entra");
    assert_eq!((report.tables[0].id, &report.tables[0].rows), ("groups", &whole.tables[1].rows));
    let names: Vec<&Value> = all.iter().filter(|row| row["targetAttributeName"] == "displayName").collect();
    for rows in [json!(names), json!({ "attributeMappings": names })] {
        let problem = refused(rows.to_string(), "entra");
        assert!(problem.message.contains("of users or of groups"), "{}", problem.message);
    }
    let broken = json!([{ "targetAttributeName": "userName", "source": "Microsoft.Graph.Source" }]);
    assert!(refused(broken.to_string(), "entra").message.contains("`[0].source`"));
    let other = refused(json!(all).to_string(), "okta");
    assert!(other.message.contains("Entra"), "{}", other.message);
}

#[test]
fn an_object_mapping_by_itself_says_nothing_of_the_other_one() {
    let users = Schema::of(NON_GALLERY).mapping("User").clone();
    let report = checked(&users.to_string(), "azion", "entra");
    assert!(!report.whole && note(&report, "no-mapping").is_none(), "{:?}", report.notes);
}

#[test]
fn an_app_that_is_not_of_the_gallery_has_two_names() {
    for name in ["scim", "SCIM", "customappsso"] {
        let text = NON_GALLERY.replace("\"customappsso\"", &format!("\"{name}\""));
        for target in ["hpe-greenlake", "azion", "generic-scim"] {
            assert_eq!(note(&checked(&text, target, "entra"), "other-app"), None, "{name} {target}");
        }
        assert!(note(&checked(&text, "aws-identity-center", "entra"), "other-app").is_some());
    }
}

/// The wrong row, then the right one.
fn twice(target: &str, first: &str, second: &str) -> Report {
    // Another way to write the name, by which the two are told apart here.
    let schema = right_for_azion().source(target, first).add(&target.to_uppercase(), second);
    let key = target == "userName";
    let is = |row: &Value| row["targetAttributeName"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(target));
    let mut value = schema.value().clone();
    let mappings = value["synchronizationRules"][0]["objectMappings"].as_array_mut().expect("a list");
    let users = mappings.iter_mut().find(|mapping| mapping["sourceObjectName"] == "User").expect("it is there");
    for row in users["attributeMappings"].as_array_mut().expect("a list") {
        row["matchingPriority"] = i32::from(key && is(row)).into();
    }
    checked(&value.to_string(), "azion", "entra")
}

#[test]
fn of_two_rows_the_wrong_one_goes() {
    for (first, second) in [("[mail]", "[givenName]"), ("[givenName]", "[mail]")] {
        let report = twice("name.givenName", first, second);
        let (kept, gone) = (row(&report, "users-name-givenName"), row(&report, "users-name-givenName-2"));
        assert_eq!((kept.verb, kept.found.as_deref()), (Verb::Keep, Some("givenName")), "{first}");
        assert_eq!((gone.verb, gone.found.as_deref()), (Verb::Duplicate, Some("mail")), "{first}");
        assert!(gone.why.contains("keep the one that is filled from `givenName`"), "{}", gone.why);
    }
    let report = twice("userName", "[employeeId]", "[userPrincipalName]");
    assert_eq!(row(&report, "users-userName").found.as_deref(), Some("userPrincipalName"));
    let same = twice("name.givenName", "[givenName]", "[givenName]");
    assert_eq!(same.tables[0].rows.last().map(|row| row.verb), Some(Verb::Duplicate), "the later one");
}

fn named(source: &str, target: &str) -> String {
    NON_GALLERY
        .replace("\"sourceDirectoryName\": \"Microsoft Entra ID\"", &format!("\"sourceDirectoryName\": {source:?}"))
        .replace("\"targetDirectoryName\": \"customappsso\"", &format!("\"targetDirectoryName\": {target:?}"))
}

#[test]
fn the_direction_shows_whatever_the_directory_is_called() {
    let whole = checked(NON_GALLERY, "azion", "entra").tables;
    for (source, target) in [
        ("Microsoft Entra", "customappsso"),
        ("Verzeichnis", "scim"),
        ("Verzeichnis", "Contoso"),
        ("Microsoft Entra ID (Contoso)", "Contoso"),
    ] {
        assert_eq!(checked(&named(source, target), "azion", "entra").tables, whole, "{source} {target}");
    }
    for (source, target) in [("customappsso", "Verzeichnis"), ("customappsso", "Microsoft Entra"), ("x", "Azure AD")] {
        let problem = refused(named(source, target), "entra");
        assert!(problem.message.contains("the other direction"), "{source} {target}: {}", problem.message);
    }
    let swapped = |text: String| text.replace("\"userName\"", "\"userPrincipalName\"").replace("\"name.", "\"x.");
    let problem = refused(swapped(named("x", "y")).replace("\"externalId\"", "\"z\""), "entra");
    assert!(problem.message.contains("the other direction: from x to y"), "{}", problem.message);
    let nothing = swapped(named("x", "y")).replace("\"userPrincipalName\"", "\"a\"").replace("\"externalId\"", "\"z\"");
    let problem = refused(nothing, "entra");
    assert!(problem.message.contains("cannot be told"), "{}", problem.message);
}

/// "Create Users, Deactivate Users"; of a page nobody can tell whether they are on.
#[test]
fn greenlake_wants_two_actions_of_okta() {
    let report = checked(OKTA, "hpe-greenlake", "okta");
    let wanted: Vec<_> = report.tables[0].actions.iter().map(|action| (action.name.as_str(), action.wanted)).collect();
    let two = [
        ("Create Users", true),
        ("Update User Attributes", false),
        ("Deactivate Users", true),
        ("Sync Password", false),
    ];
    assert_eq!(wanted, two);
}

#[test]
fn greenlake_and_azion_want_the_actions_of_their_guides() {
    for (target, update) in [("hpe-greenlake", false), ("azion", true)] {
        let report = checked(NON_GALLERY, target, "entra");
        for name in ["Create", "Update", "Delete"] {
            let of = |kind: &str| action(&report, &format!("{kind}-action-{name}")).wanted;
            assert_eq!((of("users"), of("groups")), (update || name != "Update", true), "{target} {name}");
        }
    }
}

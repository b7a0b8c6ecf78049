//! In which shapes a mapping comes, and what everything else is called.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    super::Verb, AWS_GALLERY, ENTRA_PAGE, NON_GALLERY, OKTA, OKTA_LIST, OKTA_PAGE, Schema, checked, guide, note,
    refused, remaining, right_for_greenlake, row,
};
use crate::{
    error::Code,
    lint::{Report, check},
};

fn schema() -> Value {
    Schema::of(NON_GALLERY).value().clone()
}

/// What the message has to say, of an input that is no mapping.
fn says(input: impl AsRef<[u8]>, idp: &str, words: &str) {
    let problem = refused(input, idp);
    assert_eq!(problem.code, Code::WrongInput);
    assert!(problem.message.contains(words), "{words}: {}", problem.message);
    assert!(!problem.hints.is_empty(), "what to export instead");
}

#[test]
fn every_wrapping_of_a_schema_is_read() {
    let schema = schema();
    let rule = schema["synchronizationRules"][0].clone();
    let whole = remaining(&checked(NON_GALLERY, "azion", "entra"));
    for (name, wrapped) in [
        ("the answer's context", {
            let mut one = schema.clone();
            one["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#x".into();
            one
        }),
        ("a list", json!({ "value": [schema] })),
        ("a list of templates", json!({ "value": [{ "id": "scim", "applicationId": "x", "schema": schema }] })),
        (
            "a template",
            json!({ "id": "scim", "default": true, "factoryTag": "scim", "metadata": [], "schema": schema }),
        ),
        ("a job", json!({ "id": "scim.x", "templateId": "scim", "schedule": { "state": "Active" }, "schema": schema })),
        ("rules by themselves", json!([rule])),
        ("a rule", rule.clone()),
        ("object mappings", rule["objectMappings"].clone()),
        ("object mappings with a name", json!({ "objectMappings": rule["objectMappings"] })),
    ] {
        assert_eq!(remaining(&checked(&wrapped.to_string(), "azion", "entra")), whole, "{name}");
    }
    let users = checked(&rule["objectMappings"][1].to_string(), "azion", "entra");
    assert_eq!(users.tables.len(), 1);
    // Somebody cut it out: the other one may be there.
    assert!(note(&users, "no-mapping").is_none() && note(&users, "not-pasted").is_some());
}

#[test]
fn every_encoding_is_read() {
    let utf16 = |order: fn(u16) -> [u8; 2], mark: bool| {
        let text = if mark { format!("\u{feff}{NON_GALLERY}") } else { NON_GALLERY.to_owned() };
        text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let whole = checked(NON_GALLERY, "hpe-greenlake", "entra");
    for bytes in [
        format!("\u{feff}{NON_GALLERY}").into_bytes(),
        utf16(u16::to_le_bytes, true),
        utf16(u16::to_be_bytes, true),
        utf16(u16::to_le_bytes, false),
        utf16(u16::to_be_bytes, false),
        NON_GALLERY.replace('\n', "\r\n").into_bytes(),
        format!("\n\n  {NON_GALLERY}\n\n").into_bytes(),
    ] {
        assert_eq!(check(bytes.as_slice(), &guide("hpe-greenlake", "entra")), Ok(whole.clone()));
    }
}

/// Names of directories and mappings differ from tenant to tenant; what counts is the object at the source.
#[test]
fn names_of_another_age_or_language_do_not_matter() {
    let text =
        NON_GALLERY.replace("Microsoft Entra ID", "Azure Active Directory").replace("Provision ", "Bereitstellen ");
    assert_eq!(checked(&text, "azion", "entra").tables, checked(NON_GALLERY, "azion", "entra").tables);
    let versioned = NON_GALLERY.replace("aaf0ddbee5d8\"", "aaf0ddbee5d8#V2\"");
    assert_eq!(checked(&versioned, "azion", "entra").tables, checked(NON_GALLERY, "azion", "entra").tables);
}

#[test]
fn of_several_rules_the_first_that_sends_is_checked() {
    let mut value = schema();
    let mut second = value["synchronizationRules"][0].clone();
    second["priority"] = 2.into();
    second["objectMappings"] = json!([]);
    let mut inbound = value["synchronizationRules"][0].clone();
    inbound["priority"] = 0.into();
    (inbound["sourceDirectoryName"], inbound["targetDirectoryName"]) =
        ("customappsso".into(), "Microsoft Entra ID".into());
    value["synchronizationRules"].as_array_mut().expect("a list").splice(0..0, [inbound, second]);
    let report = checked(&value.to_string(), "azion", "entra");
    assert_eq!(report.tables, checked(NON_GALLERY, "azion", "entra").tables);
    assert!(note(&report, "several-rules").is_some());
}

#[test]
fn a_schema_of_the_other_direction_is_named() {
    let text = NON_GALLERY
        .replace("\"sourceDirectoryName\": \"Microsoft Entra ID\"", "\"sourceDirectoryName\": \"Workday\"")
        .replace("\"targetDirectoryName\": \"customappsso\"", "\"targetDirectoryName\": \"Active Directory\"");
    says(text, "entra", "the other direction: from Workday to Active Directory");
}

#[test]
fn an_app_of_another_kind_is_named() {
    let report = checked(AWS_GALLERY, "hpe-greenlake", "entra");
    let note = note(&report, "other-app").expect("there is a note");
    assert!(note.text.contains("`AWSSingleSignon`"), "{}", note.text);
    assert!(report.source.contains("AWSSingleSignon"), "{}", report.source);
}

#[test]
fn both_directions_of_okta_and_lists_without_attributes_are_told_apart() {
    says(OKTA_LIST, "okta", "leaves out their attributes");
    let mapping: Value = serde_json::from_str(OKTA).expect("the fixture is JSON");
    let mut reversed = mapping.clone();
    (reversed["source"], reversed["target"]) = (mapping["target"].clone(), mapping["source"].clone());
    says(reversed.to_string(), "okta", "the other way: from scim2testapp to Okta");
    let both = json!([reversed, mapping]).to_string();
    assert_eq!(checked(&both, "generic-scim", "okta").tables, checked(OKTA, "generic-scim", "okta").tables);
    let bare = json!({ "properties": mapping["properties"] }).to_string();
    assert_eq!(checked(&bare, "generic-scim", "okta").tables, checked(OKTA, "generic-scim", "okta").tables);
    says(NON_GALLERY, "okta", "Entra's schema");
    says(OKTA, "entra", "Okta's profile mapping");
}

#[test]
fn an_attribute_that_okta_unmapped_is_not_there() {
    let mut mapping: Value = serde_json::from_str(OKTA).expect("the fixture is JSON");
    mapping["properties"]["title"] = json!({ "expression": null, "pushStatus": null });
    mapping["properties"]["givenName"] = json!(null);
    let report = checked(&mapping.to_string(), "hpe-greenlake", "okta");
    assert!(!report.tables[0].rows.iter().any(|row| row.attribute == "title"));
    assert_eq!(row(&report, "users-givenName").verb, Verb::Unmapped);
}

#[test]
fn a_pasted_table_is_read_however_the_browser_copied_it() {
    let whole = checked(ENTRA_PAGE, "azion", "entra").tables;
    let spaced = ENTRA_PAGE.replace('\t', "    ");
    // An empty cell leaves no line behind.
    let lines = ENTRA_PAGE.replace("\t\t", "\t").replace('\t', "\n");
    let windows = ENTRA_PAGE.replace('\n', "\r\n");
    let older = ENTRA_PAGE.replace("Microsoft Entra ID Attribute", "Azure Active Directory Attribute");
    let named: String =
        ENTRA_PAGE.lines().map(|line| format!("{}\n", line.replace("\tEdit\tDelete", "\tEdit it"))).collect();
    let named = named.replace("precedence\tEdit it", "precedence\tActions");
    assert!(named.contains("Actions"));
    let bars = ENTRA_PAGE.lines().map(|line| {
        if line.contains('\t') { format!("| {} |\n", line.replace('\t', " | ")) } else { format!("{line}\n") }
    });
    for (name, text) in [
        ("spaces", spaced),
        ("a line each", lines),
        ("CRLF", windows),
        ("older", older),
        ("buttons with a name", named),
        ("bars", bars.collect::<String>()),
    ] {
        assert_eq!(checked(&text, "azion", "entra").tables, whole, "{name}");
    }
    // The older page has Entra's own attribute first.
    let swapped = ENTRA_PAGE.lines().map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [target, source, rest @ ..] => format!("{source}\t{target}\t{}\n", rest.join("\t")),
        _ => format!("{line}\n"),
    });
    let swapped: String = swapped.collect();
    assert_eq!(checked(&swapped, "azion", "entra").tables, whole, "swapped");
    let bare: String = ENTRA_PAGE.lines().skip(3).map(|line| format!("{line}\n")).collect();
    let names = |tables: &[crate::lint::Table]| {
        tables[0].rows.iter().map(|row| (row.attribute.clone(), row.found.clone())).collect::<Vec<_>>()
    };
    assert_eq!(names(&checked(&bare, "azion", "entra").tables), names(&whole), "without headings");
    let german = swapped
        .replace("customappsso Attribute", "customappsso-Attribut")
        .replace("Microsoft Entra ID Attribute", "Microsoft Entra ID-Attribut");
    assert_eq!(names(&checked(&german, "azion", "entra").tables), names(&whole), "headings of another language");
}

/// Otherwise each row after it would begin with the source of the one before.
#[test]
fn a_pasted_row_that_is_filled_from_nothing_is_one() {
    let rows = ["userName\tuserPrincipalName\t1", "title\t\t", "active\t\t\tDelete", "displayName\tdisplayName\t"];
    let tabs =
        format!("customappsso Attribute\tMicrosoft Entra ID Attribute\tMatching precedence\n{}", rows.join("\n"));
    let bars = tabs.lines().map(|line| format!("| {} |", line.replace('\t', " | "))).collect::<Vec<_>>().join("\n");
    for text in [tabs, bars] {
        let report = checked(&text, "hpe-greenlake", "entra");
        let rows = &report.tables[0].rows;
        let found: Vec<_> =
            rows.iter().filter_map(|row| Some((row.attribute.as_str(), row.found.as_deref()?))).collect();
        // What is filled from nothing sends nothing: there is nothing to delete.
        assert_eq!(found, [("userName", "userPrincipalName"), ("displayName", "displayName")], "{text}");
    }
}

#[test]
fn what_stands_where_a_name_belongs_is_skipped() {
    let whole = remaining(&checked(NON_GALLERY, "azion", "entra"));
    for odd in [json!([1, { "a": [2] }]), json!({ "a": null }), json!(1.5), json!(true), json!(u64::MAX), Value::Null] {
        let mut one = schema();
        (one["name"], one["key"], one["priority"]) = (odd.clone(), odd.clone(), odd.clone());
        one["synchronizationRules"][0]["priority"] = odd.clone();
        assert_eq!(remaining(&checked(&one.to_string(), "azion", "entra")), whole, "{odd}");
    }
}

#[test]
fn both_of_entras_tables_can_be_pasted_together() {
    let groups = "customappsso Attribute\tMicrosoft Entra ID Attribute\tMatching precedence\ndisplayName\tdisplayName\t1\nexternalId\tobjectId\t\nmembers\tmembers\t\n";
    let report = checked(&format!("{ENTRA_PAGE}\n{groups}"), "azion", "entra");
    assert_eq!(report.tables.iter().map(|table| table.id).collect::<Vec<_>>(), ["users", "groups"]);
    assert_eq!(note(&report, "not-pasted"), None);
    let alone = checked(groups, "azion", "entra");
    assert!(alone.is_fine() && alone.tables[0].id == "groups", "{alone:#?}");
}

#[test]
fn oktas_page_is_read_however_the_browser_copied_it() {
    let whole = checked(OKTA_PAGE, "hpe-greenlake", "okta").tables;
    let spaced = OKTA_PAGE.replace('\t', "   ");
    let lines = OKTA_PAGE.replace('\t', "\n");
    let joined = OKTA_PAGE.replace("Given name\ngivenName", "Given name givenName").replace("Username\n", "Username ");
    for (name, text) in [("spaces", spaced), ("a line each", lines), ("names in one cell", joined)] {
        assert_eq!(checked(&text, "hpe-greenlake", "okta").tables, whole, "{name}");
    }
    let guide = "| Attribute | Value |\n| --- | --- |\n| `userName` | Configured in Sign On settings |\n| `givenName` | `user.firstName` |\n| `familyName` | `user.firstName` |\n";
    let report = checked(guide, "hpe-greenlake", "okta");
    assert_eq!(
        (row(&report, "users-givenName").verb, row(&report, "users-familyName").verb),
        (Verb::Keep, Verb::WrongSource)
    );
}

#[test]
fn what_is_no_mapping_is_named() {
    for idp in ["entra", "okta"] {
        for (input, words) in [
            ("", "nothing in it"),
            ("\u{feff} \n\t ", "nothing in it"),
            ("<!DOCTYPE html><html><body>Sign in</body></html>", "saved web page"),
            ("<?xml version=\"1.0\"?><EntityDescriptor/>", "SAML metadata"),
            ("<a/>", "XML"),
            ("PK\u{3}\u{4}abc", "a ZIP archive or an Office document"),
            ("%PDF-1.7", "a PDF"),
            ("Date,Identity,Action,Status\n2026-11-01,Ada,Create,Failure\n", "log entries"),
            ("[2026-11-01T10:00:00Z] INFO started\n[2026-11-01T10:00:01Z] ERROR 401 Unauthorized\n", "This is a log"),
            ("2026-11-01 10:00:00 provisioning of Ada failed", "This is a log"),
            ("Hello, this is an e-mail about something else", "No table of an attribute mapping"),
            ("[]", "no mapping that is known"),
            ("{}", "no mapping that is known"),
            ("[1,2,3]", "no mapping that is known"),
            (r#"{"value":[{"provisioningAction":"create","provisioningSteps":[]}]}"#, "provisioning log"),
            (r#"[{"eventType":"application.provision.user.push","displayMessage":"x"}]"#, "System Log"),
            (r#"{"error":{"code":"Authorization_RequestDenied","message":"x"}}"#, "error answer of Microsoft Graph"),
            (r#"{"errorCode":"E0000007","errorSummary":"Not found"}"#, "error answer of Okta"),
            (r#"{"value":[{"key":"SecretToken","value":"canary-4711"}]}"#, "stored credentials"),
            (r#"{"id":"scim.x","templateId":"scim","schedule":{"state":"Active"}}"#, "job without its schema"),
            (r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#, "SCIM message"),
            (r#"{"$schema":"http://json-schema.org/draft-04/schema#","definitions":{}}"#, "schema of a profile"),
            (r#"{"a":1} {"a":2}"#, "After the end of the JSON"),
            (r#"{"a":tru"#, "cut off"),
            (r#"{"a":trux}"#, "damaged at line 1, column 9"),
        ] {
            says(input, idp, words);
        }
    }
    let secret = refused(r#"{"value":[{"key":"SecretToken","value":"canary-4711"}]}"#, "entra");
    assert!(!format!("{secret:?}").contains("canary"));
    let token = refused("eyJhbGciOiJIUzI1NiJ9.canary4711.canary", "entra");
    assert!(token.message.contains("a token") && !format!("{token:?}").contains("canary"), "{token:?}");
}

#[test]
fn damage_is_shown_with_its_place() {
    let cut = &NON_GALLERY[..NON_GALLERY.len() / 2];
    says(cut, "entra", "cut off: it ends at line");
    let wrong = NON_GALLERY.replacen("\"matchingPriority\": 1", "\"matchingPriority\": {}", 1);
    says(&wrong, "entra", "`synchronizationRules[0].objectMappings[0].attributeMappings[0].matchingPriority`");
    let wrong = OKTA.replacen("\"properties\"", "\"wrong\"", 1);
    says(&wrong, "okta", "leaves out their attributes");
}

#[test]
fn size_and_depth_are_bounded() {
    says(vec![b' '; 17 * 1024 * 1024], "entra", "larger than 16 MB");
    says("[".repeat(100_000), "entra", "damaged");
    says(format!("{{\"a\":{}", "{\"a\":".repeat(40_000)), "entra", "cut off");
    says(format!("[{}{{}}]", "{},".repeat(60_000)), "entra", "more objects");
    says("userName\tuserPrincipalName\n".repeat(50_000), "entra", "longer than any page");
    let row = r#"{"targetAttributeName":"userName","source":{"expression":"[mail]"}}"#;
    says(format!(r#"{{"attributeMappings":[{row}{}]}}"#, format!(",{row}").repeat(2_000)), "entra", "more rows");
    let properties: String = (0..2_001).map(|number| format!(r#""a{number}":{{"expression":"user.x"}},"#)).collect();
    says(format!(r#"{{"properties":{{{properties}"b":{{"expression":"x"}}}}}}"#), "okta", "more rows");
    says(format!("{{\"scope\":{}1{}}}", "[".repeat(500), "]".repeat(500)), "entra", "damaged");
}

/// Names and sources come from a file that anybody may have written.
#[test]
fn nothing_in_it_reaches_the_screen_that_it_would_act_on() {
    let evil = "x\u{1b}[31m\u{202e}\u{7}y";
    let text = right_for_greenlake().add(evil, evil).text();
    let report = checked(&text, "hpe-greenlake", "entra");
    let json = serde_json::to_string(&report).expect("a report is data");
    assert!(!json.contains("\\u001b") && !json.contains('\u{202e}') && !json.contains("\\u0007"), "{json}");
    let huge = right_for_greenlake().add(&"n".repeat(100_000), &"s".repeat(100_000)).text();
    let report = checked(&huge, "hpe-greenlake", "entra");
    assert!(serde_json::to_string(&report).expect("a report is data").len() < 20_000);
}

fn ids(report: &Report) -> BTreeSet<&String> {
    let ids: BTreeSet<_> = report.tables.iter().flat_map(|table| &table.rows).map(|row| &row.id).collect();
    assert_eq!(ids.len(), report.tables.iter().map(|table| table.rows.len()).sum::<usize>(), "{ids:?}");
    ids
}

#[test]
fn ids_are_unique_whatever_the_attributes_are_called() {
    for names in [["x", "x", "x-2"], ["x-2", "x", "x"], ["x", "x.2", "x"], ["x", "x", "x"]] {
        let text = names.into_iter().fold(right_for_greenlake(), |schema, name| schema.add(name, "[city]")).text();
        let report = checked(&text, "hpe-greenlake", "entra");
        assert!(ids(&report).iter().filter(|id| id.starts_with("users-x")).count() == 3, "{names:?}");
    }
}

#[test]
fn ids_are_unique_and_those_of_the_guides_table() {
    let report = checked(NON_GALLERY, "hpe-greenlake", "entra");
    let ids = ids(&report);
    for mapping in &guide("hpe-greenlake", "entra").mappings {
        for work in crate::mapping::work(mapping) {
            assert!(ids.contains(&format!("{}-{}", mapping.id, work.id)), "{}", work.id);
        }
    }
}

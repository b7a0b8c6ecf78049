//! Logs in the shapes of Microsoft's and Okta's documentation, read row by row.

use std::{
    io::{self, Read},
    ops::ControlFlow,
};

use super::{
    super::{Confidence, Kind, Progress, diagnose, examine},
    read,
};
use crate::{Class, Code};

/// After the sample of Graph's `provisioningObjectSummary`; the names are invented.
pub(super) const ENTRA: &str = r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/provisioning","value":[
{"id":"1","activityDateTime":"2026-05-01T10:00:00Z","provisioningAction":"create","provisioningStatusInfo":{"status":"success","errorInformation":null},"provisioningSteps":[{"name":"EntryExportAdd","provisioningStepType":"export","status":"success","description":"User 'ada@example.com' was created in customappsso","details":{}}],"sourceIdentity":{"id":"a","displayName":"Ada Lovelace","identityType":"User"}},
{"id":"2","activityDateTime":"2026-05-01T10:00:05Z","provisioningAction":"other","provisioningStatusInfo":{"status":"skipped","errorInformation":null},"provisioningSteps":[{"name":"EntrySynchronizationSkip","provisioningStepType":"export","status":"skipped","description":"The User will be skipped.","details":{"SkipReason":"RedundantExport"}}]},
{"id":"3","activityDateTime":"2026-05-01T10:00:09Z","provisioningAction":"other","provisioningStatusInfo":{"status":"skipped","errorInformation":null},"provisioningSteps":[{"name":"EntrySynchronizationSkip","provisioningStepType":"scoping","status":"skipped","description":"The User 'bob@example.com' will be skipped","details":{"SkipReason":"NotEffectivelyEntitled","Assigned":"False"}}]},
{"id":"4","activityDateTime":"2026-05-01T10:01:00Z","provisioningAction":"create","provisioningStatusInfo":{"status":"failure","errorInformation":{"errorCode":"SystemForCrossDomainIdentityManagementServiceIncompatible","reason":"Failed to create User 'carol@example.com' in customappsso; Error: StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. Web Response: {\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"Refused to create a new, duplicate resource.\",\"status\":\"409\"} Authorization: Bearer SECRET","additionalDetails":null,"errorCategory":"nonServiceFailure","recommendedAction":null}},"provisioningSteps":[{"name":"EntryImport","provisioningStepType":"import","status":"success","description":"Received User 'carol@example.com'","details":{}}]},
{"id":"5","activityDateTime":"2026-05-01T10:02:00Z","provisioningAction":"create","provisioningStatusInfo":{"status":"failure","errorInformation":{"errorCode":"SystemForCrossDomainIdentityManagementServiceIncompatible","reason":"Failed to create User 'dave@example.com' in customappsso; Error: StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. Web Response: {\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"Refused to create a new, duplicate resource.\",\"status\":\"409\"}"}}},
{"id":"6","activityDateTime":"2026-05-01T10:03:00Z","provisioningAction":"update","provisioningStatusInfo":{"status":"failure","errorInformation":{"errorCode":"SomethingNobodyKnows","reason":"The frobnicator of 'erin@example.com' is out of alignment."}}}
],"@odata.nextLink":"https://graph.microsoft.com/v1.0/next"}"#;

/// After the LogEvent of Okta's API, and an event that a customer posted in Okta's forum.
pub(super) const OKTA: &str = r#"[
{"uuid":"1","published":"2026-05-01T10:00:00.000Z","eventType":"application.provision.user.push","displayMessage":"Push new user to external application","severity":"INFO","outcome":{"result":"SUCCESS","reason":null},"actor":{"alternateId":"admin@example.com"}},
{"uuid":"2","published":"2026-05-01T10:01:00.000Z","eventType":"user.session.start","displayMessage":"User login to Okta","severity":"WARN","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}},
{"uuid":"3","published":"2026-05-01T10:02:00.000Z","eventType":"application.provision.user.push_profile","displayMessage":"Push user's profile to external application","severity":"ERROR","outcome":{"result":"FAILURE","reason":"Automatic profile push of ada@example.com to app AWS failed: Matching user not found"},"debugContext":{"debugData":{"appname":"scim2testapp","token":"SECRET"}}},
{"uuid":"4","published":"2026-05-01T10:03:00.000Z","eventType":"application.integration.rate_limit_exceeded","displayMessage":"Rate limit exceeded","severity":"WARN","outcome":{"result":"FAILURE","reason":null}},
{"uuid":"5","published":"2026-05-01T10:04:00.000Z","eventType":"application.provision.user.sync","displayMessage":"Sync user in external application","severity":"ERROR","outcome":{"result":"FAILURE","reason":null},"legacyEventType":"app.user_management.provision_user_failed"}
]"#;

/// As captured by a third party with a wrong token.
pub(super) const JOB: &str = r#"{"id":"scim.a80bf6c1.7","templateId":"scim","schedule":{"expiration":null,"interval":"PT40M","state":"Active"},"status":{"code":"Quarantine","countSuccessiveCompleteFailures":1,"lastExecution":{"state":"Failed","timeEnded":"2026-05-01T10:00:00Z","error":{"code":"SystemForCrossDomainIdentityManagementInvalidCredentials","message":"Please provide a valid tenant URL for your application.","tenantActionable":true}},"quarantine":{"currentBegan":"2026-05-01T10:00:00Z","reason":"EncounteredQuarantineException","seriesCount":1,"error":{"code":"SystemForCrossDomainIdentityManagementInvalidCredentials","message":"Please provide a valid tenant URL for your application."}}},"synchronizationJobSettings":[{"name":"QuarantineTooManyDeletesThreshold","value":"500"}]}"#;

pub(super) const ENTRA_CSV: &str = "Date (UTC),Identity,Action,Source System,Target System,Status,Status reason\r\n\
2026-05-01T10:00:00Z,Ada Lovelace,Create,Microsoft Entra ID,customappsso,Success,\r\n\
2026-05-01T10:01:00Z,Bob,Create,Microsoft Entra ID,customappsso,Failure,\"StatusCode: TooManyRequests; Message: slow down, SECRET\"\r\n\
2026-05-01T10:02:00Z,Carol,Update,Microsoft Entra ID,customappsso,Skipped,RedundantExport\r\n";

pub(super) const OKTA_CSV: &str = "timestamp,actor.alternate_id,event_type,display_message,outcome.result,outcome.reason\n\
2026-05-01T10:00:00.000Z,admin@example.com,application.provision.user.push,Push new user,SUCCESS,\n\
2026-05-01T10:01:00.000Z,admin@example.com,application.provision.user.push,Push new user,FAILURE,\"Error while creating user ada@example.com: Conflict. Errors reported by remote server: User already exists. SECRET\"\n\
2026-05-01T10:02:00.000Z,ada@example.com,user.session.start,User login to Okta,FAILURE,INVALID_CREDENTIALS\n";

pub(super) const TEXT_LOG: &str = "2026-05-01 10:00:00 INFO starting SECRET\n2026-05-01 10:00:01 ERROR POST https://scim.us-east-1.amazonaws.com/t/scim/v2/Users\n  status 409 Conflict: Refused to create a new, duplicate resource.\n";

fn counted(text: &str) -> Vec<(Class, u64)> {
    read(text.as_bytes())
        .findings
        .iter()
        .map(|finding| (finding.class, finding.seen.as_ref().map_or(0, |seen| seen.count)))
        .collect()
}

#[test]
fn an_entra_log_is_grouped_by_cause_with_counts() {
    let diagnosis = read(ENTRA.as_bytes());
    assert_eq!(
        (diagnosis.kind, diagnosis.rows, diagnosis.succeeded, diagnosis.nothing_to_do, diagnosis.unrecognised),
        (Kind::EntraLog, 6, 1, 1, 1)
    );
    assert_eq!(
        counted(ENTRA),
        [
            (Class::Duplicate, 2),
            (Class::NotAssigned, 1),
            (Class::Unrecognised, 1),
            (Class::Success, 1),
            (Class::Success, 1)
        ]
    );
    let seen = diagnosis.findings[0].seen.as_ref().expect("it is a log");
    assert_eq!(seen.first.map(|time| time.to_string()).as_deref(), Some("2026-05-01T10:01:00Z"));
    assert_eq!(seen.last.map(|time| time.to_string()).as_deref(), Some("2026-05-01T10:02:00Z"));
    assert!(!seen.excerpt.contains("carol"), "{}", seen.excerpt);
}

#[test]
fn the_same_log_as_the_portal_saves_it_says_the_same() {
    let value: serde_json::Value = serde_json::from_str(ENTRA).expect("it is JSON");
    let rows = value["value"].as_array().expect("rows");
    let bare = serde_json::to_string_pretty(rows).expect("data");
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let capital =
        lines.replace("\"provisioningStatusInfo\"", "\"ProvisioningStatusInfo\"").replace("\"failure\"", "\"Failure\"");
    for text in [bare, lines, capital] {
        assert_eq!(counted(&text), counted(ENTRA), "{}", &text[..80]);
    }
}

#[test]
fn an_okta_log_leaves_sign_ins_aside() {
    let diagnosis = read(OKTA.as_bytes());
    assert_eq!((diagnosis.kind, diagnosis.rows, diagnosis.succeeded, diagnosis.other), (Kind::OktaLog, 5, 1, 1));
    let found: Vec<Class> = diagnosis.findings.iter().map(|finding| finding.class).collect();
    assert_eq!(found, [Class::MatchingUserNotFound, Class::RateLimited, Class::Unrecognised, Class::Success]);
}

#[test]
fn tables_say_the_same_in_any_encoding() {
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(ENTRA_CSV.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [
        ENTRA_CSV.as_bytes(),
        &wide,
        ENTRA_CSV.replace(',', ";").as_bytes(),
        format!("sep=,\r\n{ENTRA_CSV}").as_bytes(),
    ] {
        let diagnosis = read(bytes);
        assert_eq!(
            (diagnosis.kind, diagnosis.rows, diagnosis.succeeded, diagnosis.nothing_to_do),
            (Kind::EntraLog, 3, 1, 1)
        );
        assert_eq!(diagnosis.findings[0].class, Class::RateLimited);
    }
    let okta = read(OKTA_CSV.as_bytes());
    assert_eq!((okta.kind, okta.rows, okta.succeeded, okta.other), (Kind::OktaLog, 3, 1, 1));
    assert_eq!(okta.findings[0].class, Class::Duplicate);
}

#[test]
fn a_table_in_another_language_is_read_too() {
    let text = "Datum (UTC);Identit\u{e4}t;Aktion;Quellsystem;Zielsystem;Status;Fehlerdetails\n2026-05-01T10:00:00Z;Ada;Erstellen;Microsoft Entra ID;customappsso;Erfolg;\n2026-05-01T10:00:00Z;Bob;Erstellen;Microsoft Entra ID;customappsso;Fehler;DuplicateTargetEntries\n";
    assert_eq!(counted(text), [(Class::Duplicate, 1), (Class::Success, 1)]);
}

#[test]
fn a_job_is_judged_by_its_quarantine() {
    let found: Vec<Class> = diagnose(JOB).iter().map(|finding| finding.class).collect();
    assert_eq!(found, [Class::WrongPath, Class::Quarantine]);
    let healthy = r#"{"id":"scim.1","templateId":"scim","schedule":{"state":"Active"},"status":{"code":"Active","lastExecution":{"state":"Succeeded","error":null},"quarantine":null},"synchronizationJobSettings":[{"name":"QuarantineTooManyDeletesThreshold","value":"500"}]}"#;
    assert_eq!(diagnose(healthy)[0].class, Class::Success);
    assert_eq!(
        diagnose(&healthy.replace("\"code\":\"Active\"", "\"code\":\"NotRun\""))[0].class,
        Class::FirstCycleRunning
    );
    assert_eq!(
        diagnose(&healthy.replace("\"state\":\"Active\"", "\"state\":\"Disabled\""))[0].class,
        Class::AppSetting
    );
}

#[test]
fn provision_on_demand_is_judged_by_its_key() {
    let answer =
        |key: &str, value: &str| serde_json::json!({"@odata.context": "x", "key": key, "value": value}).to_string();
    let good =
        answer(r#"{"result":"Success","details":null}"#, r#"{"action":"Create","statusInfo":{"status":"Success"}}"#);
    assert_eq!(diagnose(&good)[0].class, Class::Success);
    let skipped =
        answer(r#"{"result":"Skipped","details":{"errorCode":"RedundantExport","errorMessage":"no change"}}"#, "{}");
    assert_eq!(diagnose(&skipped)[0].class, Class::Success);
    let failed = answer(
        r#"{"result":"Failure","details":{"errorCode":"MissingValues","errorMessage":"required attribute familyName is missing"}}"#,
        "{}",
    );
    assert_eq!(
        (diagnose(&failed)[0].class, diagnose(&failed)[0].confidence),
        (Class::MissingAttribute, Confidence::Certain)
    );
}

#[test]
fn a_text_log_is_grouped_by_entries() {
    let mut text = String::new();
    for minute in 0..30 {
        text.push_str(&format!("2026-05-01T10:{minute:02}:00Z INFO still here\n2026-05-01T10:{minute:02}:01Z ERROR POST /Users\n  409 Conflict: Refused to create a new, duplicate resource.\n"));
    }
    let diagnosis = read(text.as_bytes());
    assert_eq!((diagnosis.kind, diagnosis.rows, diagnosis.other), (Kind::Log, 60, 30));
    assert_eq!(counted(&text), [(Class::Duplicate, 30)]);
}

#[test]
fn a_log_that_is_cut_off_says_so_and_loses_nothing() {
    let cut = &ENTRA[..ENTRA.find("dave").expect("dave")];
    let diagnosis = read(cut.as_bytes());
    assert!(diagnosis.incomplete.is_some());
    assert!(diagnosis.findings.iter().any(|finding| finding.class == Class::Duplicate));
}

#[test]
fn reading_can_be_cancelled_and_what_is_no_text_is_named() {
    let mut stop = |_: &Progress| ControlFlow::Break(());
    assert_eq!(examine(ENTRA.as_bytes(), &mut stop).map_err(|problem| problem.code), Err(Code::Cancelled));
    let mut on = |_: &Progress| ControlFlow::Continue(());
    assert_eq!(examine(&b"PK\x03\x04rest"[..], &mut on).map_err(|problem| problem.code), Err(Code::WrongInput));
}

/// Gives the same row again and again, without ever holding the whole.
struct Endless {
    row: Vec<u8>,
    at: usize,
    left: u64,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = out.len().min(self.row.len() - self.at).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        out[..length].copy_from_slice(&self.row[self.at..self.at + length]);
        self.at = (self.at + length) % self.row.len();
        self.left -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_long_log_is_read_row_by_row_and_its_progress_is_told() {
    let value: serde_json::Value = serde_json::from_str(ENTRA).expect("it is JSON");
    let row = format!("{}\n", value["value"][3]).into_bytes();
    let (length, rows) = (row.len() as u64, 2_000);
    let mut told = Progress::default();
    let mut watch = |progress: &Progress| {
        told = *progress;
        ControlFlow::Continue(())
    };
    let diagnosis =
        examine(Endless { row, at: 0, left: length * rows }, &mut watch).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(diagnosis.rows, rows);
    assert_eq!(told.bytes, length * rows);
    assert_eq!(diagnosis.findings[0].seen.as_ref().map(|seen| seen.count), Some(rows));
}

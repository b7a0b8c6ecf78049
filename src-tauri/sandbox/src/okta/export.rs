//! The System Log as a file: JSON in the shape of Okta's `LogEvent`, and the CSV of Download CSV, whose columns are the same members in
//! snake_case.

use serde_json::{Value, json};

use super::{Okta, system_log::Event};
use crate::table::{self, Column};

const COLUMNS: &[Column] = &[
    ("timestamp", "/published"),
    ("severity", "/severity"),
    ("event_type", "/eventType"),
    ("display_message", "/displayMessage"),
    ("outcome.result", "/outcome/result"),
    ("outcome.reason", "/outcome/reason"),
    ("actor.id", "/actor/id"),
    ("actor.type", "/actor/type"),
    ("actor.display_name", "/actor/displayName"),
    ("actor.alternate_id", "/actor/alternateId"),
    ("client.ip_address", "/client/ipAddress"),
    ("client.user_agent.raw_user_agent", "/client/userAgent/rawUserAgent"),
    ("transaction.id", "/transaction/id"),
    ("transaction.type", "/transaction/type"),
    ("debug_context.debug_data.request_uri", "/debugContext/debugData/requestUri"),
    ("legacy_event_type", "/legacyEventType"),
    ("target0.id", "/target/0/id"),
    ("target0.type", "/target/0/type"),
    ("target0.alternate_id", "/target/0/alternateId"),
    ("target0.display_name", "/target/0/displayName"),
    ("target1.id", "/target/1/id"),
    ("target1.type", "/target/1/type"),
    ("target1.alternate_id", "/target/1/alternateId"),
    ("target1.display_name", "/target/1/displayName"),
    ("uuid", "/uuid"),
    ("version", "/version"),
];

pub(crate) fn json(okta: &Okta, events: &[&Event]) -> String {
    let all: Vec<Value> = events.iter().map(|event| log_event(okta, event)).collect();
    Value::Array(all).to_string()
}

pub(crate) fn csv(okta: &Okta, events: &[&Event]) -> String {
    table::of(COLUMNS, events.iter().map(|event| log_event(okta, event)))
}

fn log_event(okta: &Okta, event: &Event) -> Value {
    let app = okta.app(&event.app);
    let label = app.map_or("", |app| app.label.as_str());
    let instance = json!({
        "id": event.app,
        "type": "AppInstance",
        "alternateId": label,
        "displayName": app.map_or("", |app| app.kind.title()),
        "detailEntry": null,
    });
    let mut target = vec![instance];
    if let Some(whom) = whom(okta, event) {
        target.insert(0, whom);
    }
    // What was asked and answered stands in the second line of the details.
    let (request, answer) = event.details.split_once('\n').unwrap_or((event.details.as_str(), ""));
    let (result, severity) = if event.success { ("SUCCESS", "INFO") } else { ("FAILURE", "WARN") };
    json!({
        "actor": { "id": "spr0practice", "type": "SystemPrincipal", "alternateId": "system@okta.com", "displayName": "Okta System", "detailEntry": null },
        "client": { "userAgent": null, "zone": null, "device": null, "id": null, "ipAddress": null, "geographicalContext": null },
        "authenticationContext": { "authenticationProvider": null, "credentialProvider": null, "credentialType": null, "issuer": null, "interface": null, "authenticationStep": 0, "externalSessionId": null },
        "displayMessage": event.message,
        "eventType": event.kind,
        "outcome": { "result": result, "reason": (!event.reason.is_empty()).then_some(&event.reason) },
        "published": event.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        "securityContext": { "asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null },
        "severity": severity,
        "debugContext": { "debugData": if event.details.is_empty() { json!({ "appname": label }) } else { json!({ "appname": label, "requestUri": request, "response": answer }) } },
        "legacyEventType": event.kind.replacen("application.provision", "app.generic.provision", 1),
        "transaction": { "type": "JOB", "id": event.id, "detail": {} },
        "uuid": event.id,
        "version": "0",
        "request": { "ipChain": [] },
        "target": target,
    })
}

/// The person or the group that an event is about; nobody for one about the app itself.
fn whom(okta: &Okta, event: &Event) -> Option<Value> {
    let person = okta.directory.people().into_iter().find(|one| one.name() == event.about);
    let of = |id: String, kind: &str, alternate: &str| json!({ "id": id, "type": kind, "alternateId": alternate, "displayName": event.about, "detailEntry": null });
    if event.kind.contains("group_push") {
        return Some(of(format!("00g{}", event.about.replace(' ', "").to_lowercase()), "UserGroup", "unknown"));
    }
    let person = person?;
    Some(of(person.okta_id(), "User", &person.attribute("login").unwrap_or_default()))
}

//! The provisioning log as a file: JSON in the shape of Microsoft Graph's `provisioningObjectSummary` (facts 1.5, and the CSDL for the names),
//! and the three CSV files of the portal. Assumption: the columns of the CSV files, which no documentation lists; they are named after the
//! portal's own columns.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    App, AppKind, LogEntry, Status,
    advice::{self, Advice},
    directory::{self, Directory},
};
use crate::{
    table::{self, Column},
    tokens::Seed,
    world::World,
};

const SOURCE: &str = "Microsoft Entra ID";
const TARGET: &str = "customappsso";
const USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// The columns of the three CSV files.
const LOGS: &[Column] = &[
    ("Date", "/activityDateTime"),
    ("Change ID", "/changeId"),
    ("Job ID", "/jobId"),
    ("Cycle ID", "/cycleId"),
    ("Action", "/provisioningAction"),
    ("Identity", "/sourceIdentity/displayName"),
    ("Identity ID", "/sourceIdentity/id"),
    ("Identity type", "/sourceIdentity/identityType"),
    ("Source system", "/sourceSystem/displayName"),
    ("Target system", "/targetSystem/displayName"),
    ("Target identity ID", "/targetIdentity/id"),
    ("Status", "/provisioningStatusInfo/status"),
    ("Error code", "/provisioningStatusInfo/errorInformation/errorCode"),
    ("Status reason", "/provisioningStatusInfo/errorInformation/reason"),
    ("Recommended action", "/provisioningStatusInfo/errorInformation/recommendedAction"),
    ("Service principal", "/servicePrincipal/displayName"),
    ("Duration (ms)", "/durationInMilliseconds"),
];
const STEPS: &[Column] = &[
    ("Change ID", "/changeId"),
    ("Step", "/part/name"),
    ("Type", "/part/provisioningStepType"),
    ("Status", "/part/status"),
    ("Description", "/part/description"),
    ("Details", "/part/details"),
];
const PROPERTIES: &[Column] = &[
    ("Change ID", "/changeId"),
    ("Property", "/part/displayName"),
    ("Old value", "/part/oldValue"),
    ("New value", "/part/newValue"),
];

/// What the entries of one job have in common.
pub(crate) struct Job<'a> {
    app: &'a App,
    directory: Directory,
    /// Identifiers, derived from the seed, so that they stay the same from download to download.
    tenant: String,
    id: String,
    principal: String,
    application: String,
    systems: [String; 2],
    seed: &'a Seed,
    number: u64,
}

impl<'a> Job<'a> {
    pub(crate) fn of(world: &World, app: &'a App, seed: &'a Seed) -> Job<'a> {
        let number = app.id.trim_start_matches('a').parse().unwrap_or(0);
        let tenant = seed.uuid("entra-tenant", 0);
        let template = match app.kind {
            AppKind::AwsIdentityCenter => "aWSSingleSignon",
            AppKind::NonGallery | AppKind::Registration => "scim",
        };
        Job {
            app,
            directory: Directory::of(world),
            // Facts 1.1: how a job's id is made.
            id: format!("{template}.{}.{}", tenant.replace('-', ""), seed.uuid("entra-job", number)),
            tenant,
            principal: seed.uuid("entra-service-principal", number),
            application: seed.uuid("entra-application", number),
            systems: [seed.uuid("entra-source-system", number), seed.uuid("entra-target-system", number)],
            seed,
            number,
        }
    }

    /// Newest first, as the portal has it.
    pub(crate) fn json(&self) -> String {
        let all: Vec<Value> = self.entries().map(|entry| self.summary(entry)).collect();
        Value::Array(all).to_string()
    }

    fn entries(&self) -> impl Iterator<Item = &LogEntry> {
        self.app.job.logs.iter().rev()
    }

    fn summary(&self, entry: &LogEntry) -> Value {
        json!({
            "id": entry.id,
            "activityDateTime": entry.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "tenantId": self.tenant,
            "jobId": self.id,
            "cycleId": self.cycle(entry),
            "changeId": self.change(entry),
            "provisioningAction": lower_first(&entry.action),
            "durationInMilliseconds": 180 + entry.name.len() * 7,
            "provisioningStatusInfo": { "status": status(entry.status), "errorInformation": error(entry) },
            "provisioningSteps": self.steps(entry),
            "modifiedProperties": properties(entry),
            "servicePrincipal": { "id": self.principal, "displayName": self.app.name },
            "sourceSystem": { "id": self.systems[0], "displayName": SOURCE, "details": {} },
            "targetSystem": { "id": self.systems[1], "displayName": TARGET, "details": {
                "ApplicationId": self.application,
                "ServicePrincipalId": self.principal,
                "ServicePrincipalDisplayName": self.app.name,
            } },
            "initiatedBy": { "id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system" },
            "sourceIdentity": self.source(entry),
            "targetIdentity": self.target(entry),
        })
    }

    fn cycle(&self, entry: &LogEntry) -> String {
        self.seed.uuid("entra-cycle", self.number * 1_000_000 + entry.cycle)
    }

    /// Ties the three CSV files together: the entry's own identifier, read backwards.
    fn change(&self, entry: &LogEntry) -> String {
        let digits: String = entry.id.chars().rev().filter(|one| *one != '-').collect();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }

    fn source(&self, entry: &LogEntry) -> Value {
        let group = self.directory.group(&entry.key);
        let person = directory::person(&entry.key);
        let id = person.as_ref().map(|one| one.object_id).or(group.map(|one| one.object_id)).unwrap_or_default();
        let mut details = Map::new();
        details.insert("id".to_owned(), json!(id));
        details.insert("odatatype".to_owned(), json!(entry.kind));
        details.insert("DisplayName".to_owned(), json!(entry.name));
        if let Some(person) = person {
            details.insert("UserPrincipalName".to_owned(), json!(person.user_principal_name));
        }
        json!({ "id": id, "displayName": entry.name, "identityType": entry.kind, "details": details })
    }

    fn target(&self, entry: &LogEntry) -> Value {
        let id = self.app.job.links.get(&entry.key).map(|link| link.id.as_str()).unwrap_or_default();
        let kind = if entry.kind == "Group" { GROUP } else { USER };
        json!({ "id": id, "displayName": "", "identityType": kind, "details": {} })
    }

    /// Facts 1.4: import, scoping, matching where it came to that, and what was done in the end.
    fn steps(&self, entry: &LogEntry) -> Vec<Value> {
        let (kind, who, fine) = (entry.kind.as_str(), self.who(entry), status(Status::Success));
        let received = format!("Received {kind} '{who}' change of type (Add) from {SOURCE}");
        let mut steps = vec![step("EntryImport", "import", fine, &received, json!({}))];
        let entitled = entry.code != "NotEffectivelyEntitled";
        let (scope, word, outcome) =
            if entitled { ("in scope", "True", fine) } else { ("not in scope", "False", status(Status::Skipped)) };
        let scoped = format!("Determined that the {kind} '{who}' is {scope} for provisioning");
        let details = json!({ "Assigned": word, "IsEffectivelyEntitledForProvisioning": word });
        steps.push(step("EntrySynchronizationScoping", "scoping", outcome, &scoped, details));
        if let Some(matched) = entry.matched {
            let found = format!("{} {kind} was found in {TARGET}", if matched { "A matching" } else { "No matching" });
            steps.push(step("EntryImport", "matching", fine, &found, json!({})));
        }
        steps.push(self.last_step(entry, &who));
        steps
    }

    fn last_step(&self, entry: &LogEntry, who: &str) -> Value {
        let name = match (entry.status, entry.action.as_str()) {
            (Status::Skipped, _) => "EntrySynchronizationSkip",
            (_, "Create") => "EntryExportAdd",
            (_, "Delete" | "StagedDelete") => "EntryExportDelete",
            (_, _) => "EntryExportUpdate",
        };
        let (text, details) = match entry.status {
            Status::Success => (entry.reason.clone(), json!({})),
            Status::Failure => (self.failed(entry), json!({})),
            Status::Skipped => {
                (format!("{} '{who}' was skipped. {}", entry.kind, entry.reason), json!({ "SkipReason": entry.code }))
            }
        };
        step(name, "export", status(entry.status), &text, details)
    }

    /// As the service writes it into its log.
    fn failed(&self, entry: &LogEntry) -> String {
        let verb = if entry.action == "Other" { "process".to_owned() } else { entry.action.to_lowercase() };
        format!("Failed to {verb} {} '{}' in {TARGET}", entry.kind, self.who(entry))
    }

    fn who(&self, entry: &LogEntry) -> String {
        directory::person(&entry.key).map_or_else(|| entry.name.clone(), |one| one.user_principal_name.to_owned())
    }

    pub(crate) fn logs_csv(&self) -> String {
        table::of(LOGS, self.entries().map(|entry| self.summary(entry)))
    }

    pub(crate) fn steps_csv(&self) -> String {
        table::of(STEPS, self.parts("provisioningSteps"))
    }

    pub(crate) fn properties_csv(&self) -> String {
        table::of(PROPERTIES, self.parts("modifiedProperties"))
    }

    /// What each entry has several of, with the entry's change.
    fn parts(&self, name: &str) -> impl Iterator<Item = Value> {
        self.entries().flat_map(move |entry| {
            let summary = self.summary(entry);
            let parts = summary[name].as_array().cloned().unwrap_or_default();
            parts.into_iter().map(move |part| json!({ "changeId": summary["changeId"], "part": part }))
        })
    }
}

/// What went wrong, or why nothing was done; null where all is well.
fn error(entry: &LogEntry) -> Value {
    if entry.status == Status::Success {
        return Value::Null;
    }
    let Advice { category, text } = advice::of(entry);
    let next = entry.at + SignedDuration::from_mins(40);
    let reason = match entry.status {
        Status::Failure => format!(
            "{} This operation was retried 0 times. It will be retried again after this date: {} UTC",
            entry.reason,
            utc(next)
        ),
        Status::Success | Status::Skipped => entry.reason.clone(),
    };
    json!({
        "errorCode": entry.code,
        "reason": reason,
        "additionalDetails": null,
        "errorCategory": category,
        "recommendedAction": text,
    })
}

fn step(name: &str, kind: &str, status: &str, description: &str, details: Value) -> Value {
    json!({ "name": name, "provisioningStepType": kind, "status": status, "description": description, "details": details })
}

fn properties(entry: &LogEntry) -> Vec<Value> {
    let property =
        |(name, value): &(String, String)| json!({ "displayName": name, "oldValue": null, "newValue": value });
    entry.changes.iter().map(property).collect()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Success => "success",
        Status::Failure => "failure",
        Status::Skipped => "skipped",
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
}

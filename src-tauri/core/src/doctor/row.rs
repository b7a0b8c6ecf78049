//! What one row of a log says, for the shapes of Microsoft Entra and Okta: its outcome, its time, and the text that the
//! rules are to read. Whatever has another shape is left to the rules as it is.

use jiff::Timestamp;
use serde_json::Value;

/// Characters of one field that are read.
const LONGEST_FIELD: usize = 8_192;

/// How a row ended, by its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It failed.
    Failed,
    /// Nothing was done.
    Skipped,
    /// It worked.
    Succeeded,
    /// It is about something else than provisioning.
    Other,
    /// It does not say.
    Open,
}

impl Outcome {
    /// That a deletion waits for a word is reported as a success, although nothing was deleted.
    pub(super) fn held_back(self) -> Self {
        if self == Self::Succeeded { Self::Skipped } else { self }
    }
}

/// Whether an action is a deletion that waits for a word.
pub(super) fn is_held_back(action: &str) -> bool {
    action.trim().replace([' ', '_', '-'], "").eq_ignore_ascii_case("stagedDelete")
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Entra,
    Okta,
    Job,
    OnDemand,
    Unknown,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) shape: Shape,
    pub(super) outcome: Outcome,
    pub(super) at: Option<Timestamp>,
    pub(super) text: String,
}

impl Row {
    /// Reads a row of JSON.
    pub(super) fn of_json(bytes: &[u8]) -> Self {
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(_) => return Self::unknown(&String::from_utf8_lossy(bytes)),
        };
        entra(&value)
            .or_else(|| okta(&value))
            .or_else(|| job(&value))
            .or_else(|| on_demand(&value))
            .unwrap_or_else(|| Self { at: time(&value), ..Self::unknown(&String::from_utf8_lossy(bytes)) })
    }

    /// A row of no known shape.
    pub(super) fn unknown(text: &str) -> Self {
        Self { shape: Shape::Unknown, outcome: Outcome::Open, at: None, text: text.to_owned() }
    }
}

/// A `provisioningObjectSummary`, as Graph gives it and as the portal saves it. Case differs between the two.
fn entra(value: &Value) -> Option<Row> {
    let status = get(value, "provisioningStatusInfo").or_else(|| get(value, "statusInfo"));
    let steps = get(value, "provisioningSteps");
    if status.is_none() && steps.is_none() {
        return None;
    }
    let mut text = Text::default();
    let mut word = String::new();
    if let Some(status) = status {
        word = string(status, "status").unwrap_or_default().to_lowercase();
        let inner = get(status, "errorInformation").unwrap_or(status);
        for field in ["errorCode", "reason", "additionalDetails"] {
            text.add(string(inner, field));
        }
    }
    for step in steps.and_then(Value::as_array).into_iter().flatten() {
        let failed = string(step, "status").is_some_and(|status| !status.eq_ignore_ascii_case("success"));
        let details = get(step, "details");
        text.add(details.and_then(|details| string(details, "SkipReason")));
        if failed {
            text.add(string(step, "description"));
            for field in ["ErrorCode", "errorMessage", "reason"] {
                text.add(details.and_then(|details| string(details, field)));
            }
        }
    }
    let mut outcome = outcome(&word);
    if let Some(action) = string(value, "provisioningAction").filter(|action| is_held_back(action)) {
        text.add(Some(action));
        outcome = outcome.held_back();
    }
    Some(Row { shape: Shape::Entra, outcome, at: time(value), text: text.0 })
}

/// An event of Okta's system log.
fn okta(value: &Value) -> Option<Row> {
    let kind = string(value, "eventType").or_else(|| string(value, "event_type"))?;
    let result = get(value, "outcome").and_then(|outcome| string(outcome, "result"));
    let result = result.or_else(|| string(value, "outcome.result"))?;
    let reason = get(value, "outcome").and_then(|outcome| string(outcome, "reason"));
    let mut text = Text::default();
    text.add(Some(kind));
    text.add(string(value, "displayMessage"));
    text.add(reason.or_else(|| string(value, "outcome.reason")));
    let debug = get(value, "debugContext").and_then(|context| get(context, "debugData"));
    for field in ["errorMessage", "reason", "message", "warningMessage"] {
        text.add(debug.and_then(|debug| string(debug, field)));
    }
    Some(Row { shape: Shape::Okta, outcome: okta_outcome(kind, result), at: time(value), text: text.0 })
}

/// Sign-ins and the like fail every minute in any organisation and say nothing about provisioning.
pub(super) fn okta_outcome(kind: &str, result: &str) -> Outcome {
    const OURS: &[&str] = &[
        "application.provision",
        "application.integration",
        "application.configuration",
        "application.lifecycle",
        "application.user_membership",
        "app.",
        "system.api_token",
        "system.org.rate_limit",
        "system.agent",
        "group.",
    ];
    if !OURS.iter().any(|ours| kind.starts_with(ours)) {
        return Outcome::Other;
    }
    outcome(&result.to_lowercase())
}

/// A `synchronizationJob`.
fn job(value: &Value) -> Option<Row> {
    let status = get(value, "status").filter(|status| status.is_object())?;
    get(value, "schedule").or_else(|| get(status, "quarantine")).or_else(|| get(status, "lastExecution"))?;
    let code = string(status, "code").unwrap_or_default();
    let schedule = get(value, "schedule").and_then(|schedule| string(schedule, "state")).unwrap_or_default();
    let last = get(status, "lastExecution");
    let quarantine = get(status, "quarantine").filter(|quarantine| quarantine.is_object());
    let mut text = Text::default();
    for holder in [quarantine, last].into_iter().flatten() {
        text.add(string(holder, "reason"));
        let error = get(holder, "error").filter(|error| error.is_object());
        for field in ["code", "message"] {
            text.add(error.and_then(|error| string(error, field)));
        }
    }
    let said = !text.0.is_empty();
    text.add(Some(match (code, schedule) {
        ("Quarantine", _) => "The provisioning job is in quarantine.",
        ("NotRun", _) => "The initial provisioning cycle is still running.",
        ("NotConfigured", _) => "The provisioning job is not configured.",
        ("Paused", _) | (_, "Paused" | "Disabled") => "Provisioning is stopped: the job is paused.",
        _ if said => "",
        _ => "The provisioning job is active.",
    }));
    let healthy = code == "Active" && schedule == "Active" && !said;
    let succeeded = last.and_then(|last| string(last, "state")).is_none_or(|state| state == "Succeeded");
    let outcome = if healthy && succeeded { Outcome::Succeeded } else { Outcome::Failed };
    let at = last.and_then(time);
    Some(Row { shape: Shape::Job, outcome, at, text: text.0 })
}

/// The answer of `provisionOnDemand`: 200 whatever came of it, with the verdict as JSON in a string.
fn on_demand(value: &Value) -> Option<Row> {
    let verdict: Value = serde_json::from_str(string(value, "key")?).ok()?;
    let result = string(&verdict, "result")?.to_lowercase();
    let details = get(&verdict, "details");
    let mut text = Text::default();
    for field in ["errorCode", "errorMessage"] {
        text.add(details.and_then(|details| string(details, field)));
    }
    let inner = string(value, "value").and_then(|inner| serde_json::from_str::<Value>(inner).ok());
    let inner = inner.as_ref().and_then(entra);
    text.add(inner.as_ref().map(|row| row.text.as_str()));
    Some(Row { shape: Shape::OnDemand, outcome: outcome(&result), at: inner.and_then(|row| row.at), text: text.0 })
}

/// What a word of a status column means, in the languages in which the consoles export.
pub(super) fn outcome(word: &str) -> Outcome {
    const GOOD: &[&str] = &[
        "success",
        "succeeded",
        "erfolg",
        "succ\u{e8}s",
        "\u{e9}xito",
        "correcto",
        "sucesso",
        "riuscit",
        "geslaagd",
        "\u{6210}\u{529f}",
        "allow",
    ];
    const BAD: &[&str] = &[
        "fail",
        "error",
        "fehler",
        "\u{e9}chec",
        "echec",
        "erro",
        "non riuscit",
        "mislukt",
        "\u{5931}\u{6557}",
        "\u{5931}\u{8d25}",
        "deny",
        "warning",
    ];
    const NONE: &[&str] = &[
        "skip",
        "\u{fc}bersprungen",
        "ignor",
        "omit",
        "overgeslagen",
        "\u{30b9}\u{30ad}\u{30c3}\u{30d7}",
        "\u{8df3}\u{8fc7}",
        "deferred",
    ];
    let has = |words: &[&str]| words.iter().any(|part| word.contains(part));
    match () {
        () if has(BAD) => Outcome::Failed,
        () if has(NONE) => Outcome::Skipped,
        () if has(GOOD) => Outcome::Succeeded,
        () => Outcome::Open,
    }
}

fn time(value: &Value) -> Option<Timestamp> {
    ["activityDateTime", "published", "timeEnded", "timestamp", "time", "startTime"]
        .iter()
        .find_map(|field| string(value, field)?.parse().ok())
}

/// A field by its name, whose case differs between exports.
fn get<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    let found = fields
        .get(name)
        .or_else(|| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value));
    found.filter(|value| !value.is_null())
}

fn string<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    get(value, name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Fields, one after the other, each of bounded length and none twice.
#[derive(Default)]
struct Text(String);

impl Text {
    fn add(&mut self, field: Option<&str>) {
        let Some(field) = field.filter(|field| !field.is_empty() && !self.0.contains(field)) else { return };
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&field[..field.floor_char_boundary(LONGEST_FIELD)]);
    }
}

//! A failed check as text for somebody else: what was asked and answered, without secrets and without people.
//! Secrets are gone already from every problem; here go names, e-mail addresses, telephone numbers and postal addresses.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use crate::{
    class::Class,
    error::{Details, Problem},
    systems::probe::Stage,
    template::plain,
    view::Finding,
};

/// What stands where something about a person was.
const REMOVED: &str = "[removed]";
/// The shortest name that is looked for: a shorter one would take parts of other words away.
const SHORTEST_NAME: usize = 3;

/// A failed check, as the screen knows it.
pub(crate) struct Case<'a> {
    /// What was checked.
    pub(crate) title: &'a str,
    /// Between whom.
    pub(crate) pair: &'a str,
    pub(crate) at: Option<Timestamp>,
    pub(crate) problem: &'a Problem,
    pub(crate) findings: &'a [Finding],
    /// Names of people that were typed in.
    pub(crate) people: &'a [&'a str],
}

/// The text. Nothing in it names a person, as far as names can be told: by what was typed, by the attributes of SCIM,
/// and by the form of addresses and numbers.
pub(crate) fn text(case: &Case<'_>) -> String {
    let mut lines = vec![format!("Usher {}", env!("CARGO_PKG_VERSION"))];
    lines.extend(Some(case.pair).filter(|pair| !pair.is_empty()).map(|pair| format!("Connection: {pair}")));
    lines.extend(Some(case.title).filter(|title| !title.is_empty()).map(|title| format!("Check: {title}")));
    lines.extend(case.at.map(|at| format!("When: {}", at.strftime("%Y-%m-%d %H:%M:%S UTC"))));
    lines.push(String::new());
    lines.push(plain(&case.problem.message));
    let class = case.problem.class.or_else(|| Class::of(case.problem.code));
    lines.extend(class.map(|class| format!("Class: {class}")));
    lines.extend(case.problem.hints.iter().map(|hint| format!("- {}", plain(&hint.text))));
    if !case.findings.is_empty() {
        lines.push("\nWhat was seen:".into());
        lines.extend(case.findings.iter().map(line));
    }
    if let Some(details) = case.problem.details.as_deref() {
        lines.push("\nThe last question and its answer:".into());
        lines.push(evidence(details));
    }
    without_people(&lines.join("\n"), case.people)
}

/// A request with its status. What was compared is named; its value is a person's.
fn line(finding: &Finding) -> String {
    let Finding { name, value, good, warn } = finding;
    let request = ["GET ", "POST ", "PATCH ", "PUT ", "DELETE "].iter().any(|method| name.starts_with(method));
    let stage = Stage::ALL.iter().any(|stage| stage.title() == name);
    let said = match (request || stage || *warn, good) {
        (true, _) => value.as_str(),
        (false, true) => "as it should be",
        (false, false) => "not as it should be",
    };
    format!("  {name}: {said}")
}

fn evidence(Details { method, url, status, body }: &Details) -> String {
    let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!("{method} {url}\nStatus: {status}\n{body}").trim().to_owned()
}

fn without_people(text: &str, people: &[&str]) -> String {
    let mut clean = PERSONAL.replace_all(text, format!("$key$between\"{REMOVED}\"")).into_owned();
    clean = FILTER.replace_all(&clean, format!("$before{REMOVED}$after")).into_owned();
    for name in people.iter().map(|name| name.trim()).filter(|name| name.chars().count() >= SHORTEST_NAME) {
        for form in [name.to_owned(), url::form_urlencoded::byte_serialize(name.as_bytes()).collect()] {
            clean = replace_ignoring_case(&clean, &form);
        }
    }
    clean = ADDRESS.replace_all(&clean, REMOVED).into_owned();
    NUMBER.replace_all(&clean, REMOVED).into_owned()
}

fn replace_ignoring_case(text: &str, name: &str) -> String {
    match Regex::new(&format!("(?i){}", regex::escape(name))) {
        Ok(pattern) => pattern.replace_all(text, REMOVED).into_owned(),
        Err(_) => text.replace(name, REMOVED),
    }
}

#[expect(clippy::expect_used, reason = "a test looks at every pattern")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("BUG: this pattern is not one")
}

/// The value of an attribute that belongs to a person (RFC 7643, section 4.1), also where the answer breaks off in it.
static PERSONAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?i)(?P<key>\\?"(?:userName|displayName|nickName|givenName|familyName|middleName|honorificPrefix|honorificSuffix|"#,
        r#"formatted|display|externalId|streetAddress|locality|region|postalCode|profileUrl|login|email|mail|"#,
        r#"firstName|lastName|secondEmail|mobilePhone|primaryPhone|principalName|userPrincipalName|employeeNumber|value)\\?")"#,
        r#"(?P<between>\s*:\s*)\\?"(?:[^"\\]|\\.)*"?"#
    ))
});
/// What was searched for.
static FILTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)(?P<before>(?:\b(?:eq|co|sw|ew)|%20eq%20|\+eq\+)\s*(?:\\?"|%22))[^"\n]*?(?P<after>\\?"|%22|$)"#)
});
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[\p{L}\p{N}._%+'-]+(?:@|%40|&#64;|\[at\])[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*"));
/// A telephone number with its plus.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\+\d[\d ()/.-]{6,}\d"));

#[cfg(test)]
mod tests {
    use super::{Case, text};
    use crate::{
        error::{Code, Details, Problem},
        view::Finding,
    };

    const CANARIES: [&str; 9] = [
        "ada.lovelace",
        "Ada Lovelace",
        "Countess",
        "Lovelace",
        "analytical.example",
        "+44 20 7946 0958",
        "St James's Square",
        "grace@navy.example",
        "Zuse",
    ];

    fn problem(body: &str) -> Problem {
        Problem::new(Code::Refused, "The service refused \"ADA.LOVELACE@analytical.example\" (409).")
            .hint("Ask grace@navy.example.")
            .details(Details {
                method: "GET".into(),
                url: "https://scim.example.com/Users?filter=userName%20eq%20%22ada.lovelace%40analytical.example%22"
                    .into(),
                status: Some(409),
                body: body.into(),
            })
    }

    #[test]
    fn people_are_removed_and_what_helps_stays() {
        let bodies = [
            r#"{"userName":"ada.lovelace","name":{"givenName":"Ada","familyName":"Lovelace","formatted":"Ada Lovelace"},"emails":[{"value":"ada.lovelace@analytical.example"}],"phoneNumbers":[{"value":"+44 20 7946 0958"}],"addresses":[{"streetAddress":"St James's Square"}],"nickName":"Countess"}"#,
            r#"{"detail":"User ada.lovelace@analytical.example exists","displayName":"Ada \"Countess\" Lovelace","familyName":"Zus"#,
            r#"{\"displayName\":\"Konrad Zuse\"}"#,
            "filter userName eq \"Zuse\" is not supported; call +44 20 7946 0958",
        ];
        for body in bodies {
            let problem = problem(body);
            let findings = [
                Finding::new("GET /Users?filter=…", "409 in 12 ms", false),
                Finding::new("name.familyName", "Lovelace", true),
            ];
            let shown = text(&Case {
                title: "The person is there",
                pair: "Example ← Okta",
                at: None,
                problem: &problem,
                findings: &findings,
                people: &["ada.lovelace@analytical.example"],
            });
            for canary in CANARIES {
                assert!(!shown.contains(canary), "{canary} in {shown}");
            }
            for kept in [
                "The service refused",
                "409 in 12 ms",
                "name.familyName: as it should be",
                "Status: 409",
                "scim.example.com/Users",
            ] {
                assert!(shown.contains(kept), "{kept} is gone from {shown}");
            }
        }
    }

    #[test]
    fn a_short_name_takes_no_words_apart() {
        let problem = Problem::new(Code::Refused, "The address is not an address of Al.");
        let shown = text(&Case { title: "", pair: "", at: None, problem: &problem, findings: &[], people: &["a", ""] });
        assert!(shown.contains("The address is not an address of Al."), "{shown}");
    }
}

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
    let mut clean = text.to_owned();
    for (pattern, instead) in PATTERNS.iter() {
        clean = pattern.replace_all(&clean, instead.as_str()).into_owned();
    }
    for name in people.iter().flat_map(|name| forms(name)) {
        clean = without_name(&clean, &name);
    }
    clean
}

/// A name as it was typed, the part before its @, and both as they stand in an address.
fn forms(name: &str) -> Vec<String> {
    let name = name.trim();
    let local = name.split_once('@').map(|(local, _)| local);
    let forms = [Some(name), local].into_iter().flatten().filter(|form| form.chars().count() >= SHORTEST_NAME);
    forms
        .flat_map(|form| {
            let encoded: String = url::form_urlencoded::byte_serialize(form.as_bytes()).collect();
            [form.to_owned(), encoded.replace('+', "%20"), encoded]
        })
        .collect()
}

/// Takes a name out where it stands as a word of its own: one that is part of another word is none.
fn without_name(text: &str, name: &str) -> String {
    let pattern = format!(r"(?i)(?P<before>^|[^\p{{L}}\p{{N}}]){}(?P<after>$|[^\p{{L}}\p{{N}}])", regex::escape(name));
    match Regex::new(&pattern) {
        // Twice, because two of them can share the blank between them.
        Ok(pattern) => {
            let instead = format!("${{before}}{REMOVED}${{after}}");
            let once = pattern.replace_all(text, instead.as_str()).into_owned();
            pattern.replace_all(&once, instead.as_str()).into_owned()
        }
        Err(_) => text.replace(name, REMOVED),
    }
}

/// Attributes that belong to a person, as SCIM (RFC 7643, section 4.1), the identity providers and other servers call them.
const PERSONAL: &str = "userName|user_name|displayName|display_name|nickName|givenName|given_name|familyName|family_name|\
    middleName|honorificPrefix|honorificSuffix|formatted|display|externalId|streetAddress|locality|region|postalCode|\
    profileUrl|login|email|emails|mail|firstName|first_name|lastName|last_name|fullName|full_name|surname|secondEmail|\
    mobilePhone|primaryPhone|phone|phoneNumber|telephoneNumber|principalName|userPrincipalName|upn|preferred_username|\
    employeeNumber|title|department|manager|members|member|name|value";

/// What is taken out, in this order, and what stands there instead.
static PATTERNS: LazyLock<Vec<(Regex, String)>> = LazyLock::new(|| {
    let escaped = r#"\\*["']"#;
    // "name.familyName" and "urn:…:User:department" end in a name like the others.
    let key = format!(r"(?P<key>{escaped}(?:[\w.:\-]+[.:])?(?:{PERSONAL}){escaped}\s*[:=]\s*)");
    // A text, also one that the answer breaks off in; a number; a list of texts.
    let text = r#"(?P<open>\\+")(?s:.)*?(?:\\+"|$)|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?"#;
    let value = format!(r"(?:{text}|-?\d[\d.]*|\[\s*(?:{})(?:\s*,\s*(?:{}))*\s*,?\s*\]?)", plain_text(), plain_text());
    [
        (format!("(?im){key}{value}"), format!("${{key}}\"{REMOVED}\"")),
        // What was searched for.
        (
            r#"(?im)(?P<before>(?:\b(?:eq|co|sw|ew)\b|%20(?:eq|co|sw|ew)%20|\+(?:eq|co|sw|ew)\+)\s*(?:\\*["']|%22|%27))[^"'\n]*?(?P<after>\\*["']|%22|%27|$)"#.to_owned(),
            format!("${{before}}{REMOVED}${{after}}"),
        ),
        // One person's or group's own address.
        (r"(?i)(?P<before>/(?:Users|Groups|Me)/)[^\s/?\x22'#,]+".to_owned(), format!("${{before}}{REMOVED}")),
        // Whom a sentence is about.
        (
            r#"(?i)(?P<before>\b(?:user|users|group|person|member|account|login|name|userName|principal)\s+)(?:\\*["'“‘(\[](?P<quoted>[^"'”’)\]\n]{1,200})\\*["'”’)\]])"#.to_owned(),
            format!("${{before}}{REMOVED}"),
        ),
        (
            r"(?i)(?P<before>\b(?:user|person|member|account)\s+)(?P<name>[\p{L}\p{N}][\p{L}\p{N}._-]*[._][\p{L}\p{N}._-]*\p{L})(?P<after>\s)".to_owned(),
            format!("${{before}}{REMOVED}${{after}}"),
        ),
        // Postgres: key (user_name)=(ada).
        (format!(r"(?i)(?P<before>\((?:{PERSONAL})\)\s*=\s*\()[^)\n]*"), format!("${{before}}{REMOVED}")),
        (r"(?i)[\p{L}\p{N}._%+'-]+(?:@|%40|&#64;|\[at\])[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*".to_owned(), REMOVED.to_owned()),
        // A telephone number with its plus.
        (r"\+\d[\d ()/.-]{6,}\d".to_owned(), REMOVED.to_owned()),
    ]
    .into_iter()
    .map(|(pattern, instead)| (compiled(&pattern), instead))
    .collect()
});

fn plain_text() -> &'static str {
    r#""(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?"#
}

#[expect(clippy::expect_used, reason = "a test looks at every pattern")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("BUG: this pattern is not one")
}

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
    fn names_are_removed_in_whatever_form_a_server_repeats_them() {
        for said in [
            "User ada.lovelace already exists",
            "User 'Ada Lovelace' is a duplicate",
            r#"duplicate key: user "Ada Lovelace""#,
            "filter userName eq 'ada.lovelace' is not supported",
            r#"{"name":"Ada Lovelace","surname":"Lovelace","fullName":"Ada Lovelace","upn":"ada.lovelace"}"#,
            r#"{"Operations":[{"op":"Replace","value":{"name.familyName":"Lovelace"}}]}"#,
            r#"{"value":["Ada Lovelace"],"members":["ada.lovelace"],"employeeNumber":4711}"#,
            r"{'userName': 'ada.lovelace', 'displayName': 'Ada Lovelace'}",
            "ERROR: duplicate key value, Key (user_name)=(ada.lovelace) already exists.",
            r#"{"detail":"{\\\"displayName\\\":\\\"Ada Lovelace\\\",\\\"status\\\":\\\"409\\\"}"}"#,
            "GET /Users?filter=displayName%20sw%20%22Ada%20Lovelace%22",
            "GET /scim/v2/Users/ada.lovelace",
            r#"filter=userName eq "ada.lovela"#,
            "filter=userName eq \"Lovelace\nand the next line stays",
            "Sales%20Team%20EMEA has ADA.LOVELACE in it",
        ] {
            let problem =
                Problem::new(Code::Refused, "Refused.").details(Details { body: said.into(), ..Details::default() });
            let people = ["ada.lovelace@analytical.example", "Sales Team EMEA"];
            let shown =
                text(&Case { title: "", pair: "", at: None, problem: &problem, findings: &[], people: &people });
            for canary in ["lovelace", "ada ", "4711", "sales"] {
                assert!(!shown.to_lowercase().contains(canary), "{canary} of {said:?} stays in {shown}");
            }
        }
    }

    #[test]
    fn what_support_needs_stays() {
        let said = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Conflict"}"#;
        let details = Details {
            method: "POST".into(),
            url: "https://scim.example.com/scim/v2/Users".into(),
            status: Some(409),
            body: said.into(),
        };
        let problem = Problem::new(Code::Conflict, "Refused.").details(details);
        let findings = [Finding::new("TLS", "TLS 1.3, certificate of Example CA", true)];
        let people = ["Users", "scim"];
        let shown =
            text(&Case { title: "", pair: "", at: None, problem: &problem, findings: &findings, people: &people });
        for kept in [
            "uniqueness",
            "\"status\":\"409\"",
            "Conflict",
            "TLS: TLS 1.3, certificate of Example CA",
            "POST",
            "Status: 409",
        ] {
            assert!(shown.contains(kept), "{kept} is gone from {shown}");
        }
    }

    #[test]
    fn a_short_name_takes_no_words_apart() {
        let problem = Problem::new(Code::Refused, "The address is not an address of Al.");
        let shown = text(&Case { title: "", pair: "", at: None, problem: &problem, findings: &[], people: &["a", ""] });
        assert!(shown.contains("The address is not an address of Al."), "{shown}");
    }
}

//! Names what the input is when it is no mapping, and what to export instead.

use serde::de::DeserializeOwned;

use super::document::Node;
use crate::{
    error::{Code, Problem},
    http::redact::{cut, one_line},
    recipe::{Guide, IdpStyle},
};

/// Objects in a JSON document. A real schema has a few thousand.
const MOST_OBJECTS: usize = 50_000;
/// Characters of the input that are repeated.
const SHOWN: usize = 60;

/// A refusal, with the way to the right export.
pub(super) fn not_this(message: &str, guide: &Guide) -> Problem {
    let problem = Problem::new(Code::WrongInput, message);
    match guide.asks_like {
        IdpStyle::Entra => problem
            .hint("In the app's **Provisioning**, open **Manage › Attribute mapping › Users**, tick **Show advanced options**, choose **Review your schema here**, then **Download**. One file holds users and groups.")
            .hint("Or copy the table of that page, from its headings to its last row, and paste it here."),
        IdpStyle::Okta => problem
            .hint("In the app, open **Provisioning › To App**, scroll down to the attribute mappings, and copy the table from its headings to its last row.")
            .hint("Or take the answer of `GET /api/v1/mappings/{id}`, with the id from `GET /api/v1/mappings?targetId={id of the app}`."),
    }
}

/// The document, if it is well formed.
pub(super) fn parse<T: DeserializeOwned>(text: &str, guide: &Guide) -> Result<T, Problem> {
    if text.bytes().filter(|byte| *byte == b'{').nth(MOST_OBJECTS).is_some() {
        return Err(not_this("This JSON has more objects in it than any export of a mapping.", guide));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        not_this(&broken(&path, &error), guide)
    })?;
    match reader.end() {
        Ok(()) => Ok(document),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(not_this(&format!("After the end of the JSON there is more text, at {place}."), guide))
        }
    }
}

fn broken(path: &str, error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    // serde_json repeats the place at the end of its words.
    let words = error.to_string();
    let words = cut(&one_line(words.split(" at line ").next().unwrap_or_default()), 200);
    match error.classify() {
        Category::Eof => format!("The JSON is cut off: it ends at {place} in the middle of something."),
        Category::Syntax | Category::Io => format!("The JSON is damaged at {place}: {words}."),
        Category::Data => {
            let path = cut(&one_line(path), 200);
            format!("The JSON is not as Microsoft or Okta writes it, at `{path}` ({place}): {words}.")
        }
    }
}

/// Whether these are no letters at all, by their beginning.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "a ZIP archive or an Office document"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x1f\x8b", "a compressed archive"),
    ];
    known.into_iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, kind)| kind)
}

/// HTML or XML.
pub(super) fn markup(text: &str, guide: &Guide) -> Problem {
    let begin: String = text.chars().take(2_000).collect::<String>().to_ascii_lowercase();
    let message = match () {
        () if begin.contains("entitydescriptor") => "This is SAML metadata, not the export of a mapping.",
        () if begin.contains("<html") || begin.contains("<!doctype html") || begin.contains("<table") => {
            "This is a saved web page (HTML), not the export of a mapping. Copied as text, its table can be read."
        }
        () => "This is XML, not the export of a mapping.",
    };
    not_this(message, guide)
}

/// JSON of another kind.
pub(super) fn document(node: &Node, guide: &Guide) -> Problem {
    let message = kind(node).map_or_else(
        || "This JSON holds no mapping that is known here.".to_owned(),
        |kind| format!("This is {kind}, not the export of a mapping."),
    );
    not_this(&message, guide)
}

fn kind(node: &Node) -> Option<&'static str> {
    let entry = node.entries.as_ref().and_then(|entries| entries.first());
    [Some(node), entry].into_iter().flatten().find_map(|node| {
        let has = |name: &str| node.names.contains(name);
        Some(match () {
            () if has("provisioningSteps") || has("provisioningAction") => "an entry of Entra's provisioning log",
            () if has("eventType") && has("displayMessage") => "an entry of Okta's System Log",
            () if has("errorCode") && has("errorSummary") => "an error answer of Okta",
            () if has("error") => "an error answer of Microsoft Graph",
            () if node.key.as_deref().is_some_and(|key| key == "BaseAddress" || key == "SecretToken") => {
                "a list of stored credentials"
            }
            () if has("schedule") && has("templateId") => "a provisioning job without its schema",
            () if has("definitions") && has("$schema") => "Okta's schema of a profile, which has no sources in it",
            () if has("Resources") || has("Operations") || (has("schemas") && has("userName")) => "a SCIM message",
            () if has("appId") || has("appRoles") => "the description of an Entra app",
            () if has("signOnMode") => "the description of an Okta app",
            () => return None,
        })
    })
}

/// Its first lines begin with a date, or say how grave they are.
fn looks_like_a_log(text: &str) -> bool {
    let dated = |line: &str| {
        let line = line.trim_start_matches(['[', '(', '"', ' ']);
        line.len() > 10
            && line.bytes().take(4).all(|byte| byte.is_ascii_digit())
            && line.as_bytes().get(4) == Some(&b'-')
    };
    let grave = |line: &str| ["INFO", "WARN", "ERROR", "DEBUG"].iter().any(|word| line.contains(word));
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(3).peekable();
    lines.peek().is_some() && lines.all(|line| dated(line) || grave(line))
}

/// Text without a table of the console in it.
pub(super) fn text(text: &str, guide: &Guide) -> Problem {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let lower = first.to_ascii_lowercase();
    let message = match () {
        () if lower.contains(',') && (lower.contains("activity") || lower.contains("status")) => {
            "This is a table of log entries, not the export of a mapping.".to_owned()
        }
        () if looks_like_a_log(text) => "This is a log, not the export of a mapping.".to_owned(),
        () if text.matches('\0').count() > 2 => "This is not text.".to_owned(),
        () if lower.starts_with("eyj") => "This is a token, not the export of a mapping. It was not kept.".to_owned(),
        () => {
            let begin = crate::http::redact::redact(first, &[], SHOWN);
            format!("No table of an attribute mapping was found in this text, which begins with `{begin}`.")
        }
    };
    not_this(&message, guide)
}

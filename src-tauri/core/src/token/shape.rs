//! Tells what was pasted instead of a token.

use crate::http::redact::is_uuid;

/// Shorter values are no token of any system known here.
pub(super) const SHORTEST: usize = 20;
/// Longer ones neither; they do not fit a header.
pub(super) const LONGEST: usize = 16 * 1024;

/// What a pasted text is, when it is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Empty,
    Url,
    Page,
    Json,
    Placeholder,
    Masked,
    Words,
    Strange,
    Email,
    Uuid,
    Short,
    Long,
}

type Test = fn(&str) -> bool;

/// What the cleaned text is; `None`: it may be a token.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let tests: [(Shape, Test); 12] = [
        (Shape::Empty, str::is_empty),
        (Shape::Masked, is_masked),
        (Shape::Placeholder, is_placeholder),
        (Shape::Json, is_json),
        (Shape::Page, |text| text.starts_with('<')),
        (Shape::Url, is_url),
        (Shape::Words, |text| text.contains(char::is_whitespace)),
        (Shape::Strange, |text| !text.bytes().all(|byte| byte.is_ascii_graphic())),
        (Shape::Email, is_email),
        (Shape::Uuid, is_uuid),
        (Shape::Short, |text| text.len() < SHORTEST),
        (Shape::Long, |text| text.len() > LONGEST),
    ];
    tests.iter().find(|(_, is)| is(text)).map(|(shape, _)| *shape)
}

/// Dots or stars that a console shows in place of the value, also before its last characters.
fn is_masked(text: &str) -> bool {
    let hidden = text.chars().filter(|character| matches!(character, '•' | '●' | '∙' | '*' | '…' | '·')).count();
    hidden >= 3 || text.contains("...") || text.contains("[redacted]")
}

/// `<paste token value>`, `$BEARER_TOKEN`, `${TOKEN}`, `{{token}}`, `%TOKEN%`, `YOUR_TOKEN_HERE`, `xxxxxxxx`.
fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = ["your", "paste", "insert", "replace", "example", "placeholder", "bearer_token", "access_token"];
    let named = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' '))
    };
    let bracketed =
        |open: &str, close: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(named);
    bracketed("<", ">")
        || bracketed("${", "}")
        || bracketed("{{", "}}")
        || bracketed("%", "%")
        || bracketed("[", "]")
        || bracketed("{", "}")
        || text.strip_prefix('$').is_some_and(named)
        || (text.len() < 40
            && named(text)
            && words.iter().any(|word| lower.starts_with(word))
            && lower.contains("token"))
        || (text.len() >= 3 && lower.bytes().all(|byte| byte == b'x'))
}

fn is_json(text: &str) -> bool {
    (text.starts_with('{') && text.contains(':')) || (text.starts_with('[') && text.ends_with(']'))
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.")
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@') && text.len() < 120)
}

//! Takes off what copying adds to a token.

use zeroize::Zeroizing;

use crate::{http::redact::is_invisible, secret::Secret};

/// The token alone: without blanks, line ends, quotes (also typographic), backticks, invisible characters,
/// `Authorization: Bearer `, `Bearer `, `Token `, `export NAME=`, `set NAME=`, `$env:NAME=` and the rest of a copied
/// JSON line such as `"token": "…",`. Line breaks inside are joined, blanks inside stay. Idempotent, never panics.
pub fn clean(raw: &str) -> Secret {
    let visible = raw.chars().filter(|character| {
        !is_invisible(*character) && (!character.is_control() || is_line_end(*character) || *character == '\t')
    });
    let mut text: Zeroizing<String> = Zeroizing::new(visible.collect());
    loop {
        let next = Zeroizing::new(join_lines(strip(&text)));
        if next == text {
            return Secret::new(text.as_str());
        }
        text = next;
    }
}

/// Takes prefixes, quotes and ends off until nothing changes.
fn strip(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = one_strip(rest);
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

fn one_strip(text: &str) -> &str {
    let text = text.trim().trim_end_matches([',', ';']).trim_end();
    if let Some(value) = json_pair(text).or_else(|| assigned(text)).or_else(|| after_scheme(text)) {
        return value;
    }
    text.trim_matches(is_quote)
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '´' | '„' | '“' | '”' | '‟' | '‘' | '’' | '‚' | '‛' | '«' | '»' | '‹' | '›')
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// `"token": "value"`, with or without braces around it; not a document with more fields.
fn json_pair(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{').map_or(text, |inner| inner.trim_end_matches('}')).trim();
    let (key, value) = inner.split_once(':')?;
    let key = key.trim();
    let name = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    let value = value.trim().trim_end_matches(',').strip_prefix('"')?.strip_suffix('"')?;
    (is_name(name) && !value.contains('"')).then_some(value)
}

/// `export NAME=value`, `set NAME=value`, `$env:NAME = value`.
fn assigned(text: &str) -> Option<&str> {
    let rest = after(text, "$env:").or_else(|| after_word(text, "export")).or_else(|| after_word(text, "set"))?;
    let (name, value) = rest.trim_start_matches(is_quote).split_once('=')?;
    is_name(name.trim()).then_some(value)
}

fn after_scheme(text: &str) -> Option<&str> {
    after(text, "authorization:").or_else(|| after_word(text, "bearer")).or_else(|| after_word(text, "token"))
}

fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// What follows the word and at least one blank or line end.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    after(text, word).filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim_start)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
}

/// A token that a terminal or a mail wrapped: the pieces become one, with the indentation between them gone.
fn join_lines(text: &str) -> String {
    if !text.contains(is_line_end) {
        return text.to_owned();
    }
    text.split(is_line_end).map(str::trim).collect()
}

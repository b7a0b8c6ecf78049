//! Makes a server's words safe to show: no secrets, no control characters, no tricks with the reading direction,
//! and never longer than asked for.

use crate::secret::Secret;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Characters of an answer that are shown at most.
pub(crate) const SHOWN: usize = 2_000;

/// From this length on, letters mixed with digits are taken for a token. A UUID has 36 characters and is kept.
const TOKEN_LENGTH: usize = 32;

/// One line of plain text: `secrets` and whatever looks like a token are replaced, the rest is cut to `most` characters.
pub fn redact(text: &str, secrets: &[Secret], most: usize) -> String {
    let mut clean = one_line(text);
    for secret in secrets {
        for form in forms(secret.expose()) {
            clean = clean.replace(&form, REDACTED);
        }
    }
    cut(&without_tokens(&clean, most.saturating_mul(8).max(4_096)), most)
}

/// Without control characters, terminal escapes and invisible characters; line ends become blanks.
pub(crate) fn one_line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(8_192));
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_sequence(&mut rest),
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => clean.push(' '),
            other if other.is_control() || is_invisible(other) => {}
            other => clean.push(other),
        }
    }
    clean
}

/// At most `most` characters; an ellipsis says that something is missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Zero-width and direction-changing characters.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// After ESC: `[ … letter`, `] … BEL` or `] … ESC \`, or one character.
fn skip_escape(rest: &mut Characters<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_sequence(rest);
        }
        Some(']') => {
            while let Some(character) = rest.next() {
                if character == '\u{7}' || (character == '\u{1b}' && rest.next_if_eq(&'\\').is_some()) {
                    break;
                }
            }
        }
        Some(_) => {
            rest.next();
        }
        None => {}
    }
}

fn skip_sequence(rest: &mut Characters<'_>) {
    while rest.next_if(|character| (' '..='?').contains(character)).is_some() {}
    rest.next_if(|character| ('@'..='~').contains(character));
}

/// A secret as it is and as it stands in a URL or a JSON string.
fn forms(secret: &str) -> Vec<String> {
    if secret.is_empty() {
        return Vec::new();
    }
    let mut forms = vec![
        secret.to_owned(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        serde_json::Value::from(secret).to_string().trim_matches('"').to_owned(),
    ];
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms
}

/// Replaces runs that look like a token; reads the first `most` bytes at most.
fn without_tokens(text: &str, most: usize) -> String {
    let mut clean = String::new();
    let mut run = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if is_token_character(character) {
            run.push(character);
            continue;
        }
        push_run(&mut clean, &mut run);
        clean.push(character);
        if character == '%'
            && rest.as_str().get(..2).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            clean.extend(rest.by_ref().take(2));
        }
        if clean.len() > most {
            return clean;
        }
    }
    push_run(&mut clean, &mut run);
    clean
}

fn push_run(clean: &mut String, run: &mut String) {
    clean.push_str(if looks_like_token(run) { REDACTED } else { run });
    run.clear();
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '+' | '/' | '=' | '.' | '~')
}

/// A JWT, or one long piece of mixed letters and digits; host names, paths and UUIDs are none.
fn looks_like_token(run: &str) -> bool {
    if run.starts_with("eyJ") && run.len() >= 20 {
        return true;
    }
    run.len() >= TOKEN_LENGTH && run.split(['/', '.', '=']).any(|piece| piece.len() >= 24 && is_mixed(piece))
}

/// Letters and digits, and no UUID: how a token differs from a word.
pub(crate) fn is_mixed(piece: &str) -> bool {
    !is_uuid(piece)
        && piece.bytes().any(|byte| byte.is_ascii_digit())
        && piece.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{REDACTED, cut, one_line, redact};
    use crate::secret::Secret;

    #[test]
    fn secrets_and_what_looks_like_one_are_replaced() {
        let secret = Secret::new("tok/en \"4711");
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
        for (text, shown) in [
            ("is tok/en \"4711 here", "is [redacted] here".to_owned()),
            (r#"{"t":"tok/en \"4711"}"#, r#"{"t":"[redacted]"}"#.to_owned()),
            ("?t=tok%2Fen+%224711&a=1", "?t=[redacted]&a=1".to_owned()),
            (jwt, REDACTED.to_owned()),
            ("Bearer abcdefghij0123456789abcdefghij01.", format!("Bearer {REDACTED}")),
            ("id 0b6a3c1e-8f3e-4b1a-9b3e-0123456789ab kept", "id 0b6a3c1e-8f3e-4b1a-9b3e-0123456789ab kept".to_owned()),
            (
                "https://sps.us1.greenlake-hpe.com/v1alpha1/scimproxy/Users",
                "https://sps.us1.greenlake-hpe.com/v1alpha1/scimproxy/Users".to_owned(),
            ),
            (
                "filter=userName%20eq%20%220b6a3c1e-8f3e-4b1a-9b3e-0123456789ab%22",
                "filter=userName%20eq%20%220b6a3c1e-8f3e-4b1a-9b3e-0123456789ab%22".to_owned(),
            ),
            (
                "urn:ietf:params:scim:api:messages:2.0:ListResponse",
                "urn:ietf:params:scim:api:messages:2.0:ListResponse".to_owned(),
            ),
        ] {
            assert_eq!(redact(text, std::slice::from_ref(&secret), 500), shown);
        }
    }

    #[test]
    fn terminals_and_reading_direction_are_left_alone() {
        for (text, shown) in [
            ("a\u{1b}[31mred\u{1b}[0m", "ared"),
            ("\u{1b}]0;title\u{7}x", "x"),
            ("\u{1b}]8;;http://evil\u{1b}\\link", "link"),
            ("evil\u{202e}gpj.exe", "evilgpj.exe"),
            ("a\r\nb\tc\0d\u{9b}2Je", "a  b cde"),
            ("zero\u{200b}width", "zerowidth"),
        ] {
            assert_eq!(one_line(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_secret_with_invisible_characters_inside_is_found() {
        assert_eq!(redact("can\u{200b}ary-47", &[Secret::new("canary-47")], 100), REDACTED);
    }

    #[test]
    fn length_is_bounded() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert!(redact(&"a b ".repeat(100_000), &[], 50).chars().count() <= 50);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_bounded_and_plain(text in any::<String>(), most in 1usize..200) {
            let shown = redact(&text, &[Secret::new("x1")], most);
            assert!(shown.chars().count() <= most.max(REDACTED.len()));
            assert!(!shown.chars().any(char::is_control));
        }
    }
}

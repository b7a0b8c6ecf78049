//! The forms of a text that rules are matched against: whatever it was wrapped in, escaped with or decorated by is
//! taken off first. Nothing here knows a rule.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use crate::http::redact;

/// Bytes of one text that are looked at. The beginning and the end say most.
pub(crate) const LONGEST: usize = 64 * 1024;

/// Texts are escaped once by each system on the way: a body in a log line in a JSON file is two.
const ESCAPED_AT_MOST: usize = 3;

/// One text in the forms that signals are searched in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forms {
    /// Lower-case ASCII, one line, single blanks.
    pub(crate) spaced: String,
    /// The same, with lines joined without a blank: a word that was wrapped in its middle is whole again.
    pub(crate) glued: String,
    /// `spaced` and `glued` without the dots inside names, so that only the ends of sentences are dots.
    pub(crate) sentences: [String; 2],
    /// Only letters and digits of any script: neither wraps nor punctuation nor markup can break a phrase.
    pub(crate) squeezed: String,
}

impl Forms {
    pub(crate) fn of(text: &str) -> Self {
        let plain = plain(&bounded(text));
        let lines: Vec<&str> = plain.lines().map(without_quote_marks).filter(|line| !line.is_empty()).collect();
        let (spaced, glued) = (ascii(&lines.join(" ")), ascii(&lines.concat()));
        Self {
            sentences: [without_inner_dots(&spaced), without_inner_dots(&glued)],
            spaced,
            glued,
            squeezed: lines.iter().flat_map(|line| squeeze(line)).collect(),
        }
    }
}

/// Only letters and digits, in lower case.
pub(crate) fn squeeze(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The beginning and the end of what is too long.
pub(crate) fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let head = text.floor_char_boundary(LONGEST / 2);
    let tail = text.ceil_char_boundary(text.len() - LONGEST / 2);
    Cow::Owned(format!("{}\n{}", &text[..head], &text[tail..]))
}

/// Without terminal escapes, invisible characters, escapes and markup; lines stay lines.
fn plain(text: &str) -> String {
    let mut plain: String = text.lines().map(redact::one_line).collect::<Vec<_>>().join("\n");
    for _ in 0..ESCAPED_AT_MOST {
        let next = unescape(&plain);
        if next == plain {
            break;
        }
        plain = next;
    }
    without_markup(&plain).into_owned()
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "every pattern here is compiled by the tests")]
    Regex::new(text).expect("BUG: the pattern is valid")
}

/// `\"`, `\/`, `\n`, `\u003c` of JSON; `&quot;`, `&#39;` of HTML; `%20` of URLs.
fn unescape(text: &str) -> String {
    static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\\+(?:u([0-9a-fA-F]{4})|([nrt"'/\\]))|&(?:amp;)*(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));|%([0-7][0-9a-fA-F])"#,
        )
    });
    ESCAPES
        .replace_all(text, |found: &Captures<'_>| replacement(found).unwrap_or_else(|| found[0].to_owned()))
        .into_owned()
}

fn replacement(found: &Captures<'_>) -> Option<String> {
    let number = |group: usize, radix: u32| {
        found.get(group).and_then(|digits| u32::from_str_radix(digits.as_str(), radix).ok()).map(shown)
    };
    if let Some(letter) = found.get(2) {
        let letter = letter.as_str();
        return Some(if matches!(letter, "n" | "r" | "t") { " ".to_owned() } else { letter.to_owned() });
    }
    if let Some(name) = found.get(5) {
        let character = match name.as_str() {
            "quot" => "\"",
            "apos" => "'",
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "nbsp" => " ",
            _ => return None,
        };
        return Some(character.to_owned());
    }
    number(1, 16).or_else(|| number(3, 10)).or_else(|| number(4, 16)).or_else(|| number(6, 16))
}

/// What a number in an escape stands for; nothing that could end a line or hide.
fn shown(number: u32) -> String {
    char::from_u32(number)
        .filter(|character| !character.is_control() && !redact::is_invisible(*character))
        .map_or_else(|| " ".to_owned(), String::from)
}

/// Without tags that only decorate. `<html>` and its like stay: they are what a rule looks for.
fn without_markup(text: &str) -> Cow<'_, str> {
    static TAGS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)</?(?:a|b|i|u|em|strong|span|div|p|br|hr|code|pre|kbd|td|th|tr|li|ul|ol|table|tbody|thead|font|blockquote|details|summary)\b[^<>]{0,300}>|[`*]+",
        )
    });
    TAGS.replace_all(text, "")
}

/// Without the `>` of a quoted mail and the bars of a table.
fn without_quote_marks(line: &str) -> &str {
    line.trim().trim_start_matches(['>', '|', '\u{2502}', ' ']).trim_end_matches(['|', '\u{2502}', ' '])
}

/// A dot before a letter or digit ends no sentence: `name.familyName`, `contoso.com`, `Operations[0].op`.
fn without_inner_dots(text: &str) -> String {
    static INNER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.([a-z0-9_])"));
    INNER.replace_all(text, "~$1").into_owned()
}

/// Lower case, single blanks, nothing but ASCII: patterns then need no tables of Unicode and stay fast on any input.
fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        let next = match character {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' | '\u{b4}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            other if other.is_whitespace() => ' ',
            other if other.is_ascii() => other.to_ascii_lowercase(),
            _ => '?',
        };
        if next != ' ' || !plain.ends_with(' ') {
            plain.push(next);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Forms, LONGEST};

    #[test]
    fn what_a_text_was_wrapped_in_is_taken_off() {
        for (text, spaced) in [
            ("\u{1b}[31mStatus:\u{1b}[0m  401", "status: 401"),
            (r#"{\"detail\":\"It\u0027s gone\"}"#, r#"{"detail":"it's gone"}"#),
            (r#"{\\\"detail\\\":\\\"gone\\\"}"#, r#"{"detail":"gone"}"#),
            ("&lt;html&gt; &amp;quot;x&amp;quot;", "<html> \"x\""),
            ("userName%20eq%20%22ada%22", "username eq \"ada\""),
            ("> > quoted\n> > mail", "quoted mail"),
            ("the **bold** `code`", "the bold code"),
            ("Un<b>author</b>ized<br/>", "unauthorized"),
            ("\u{201c}caf\u{e9}\u{201d} \u{2013} a\u{200b}b", "\"caf?\" - ab"),
        ] {
            assert_eq!(Forms::of(text).spaced, spaced, "{text:?}");
        }
    }

    #[test]
    fn a_word_that_was_wrapped_in_its_middle_is_whole() {
        let forms = Forms::of("SystemForCross\nDomainIdentity\r\n> Management");
        assert_eq!(forms.glued, "systemforcrossdomainidentitymanagement");
        assert_eq!(forms.squeezed, "systemforcrossdomainidentitymanagement");
    }

    #[test]
    fn a_dot_in_a_name_ends_no_sentence() {
        let [spaced, glued] = Forms::of("Required name.familyName\nmissing. Operations[0].op too.").sentences;
        assert_eq!(spaced, "required name~familyname missing. operations[0]~op too.");
        assert_eq!(glued, "required name~familynamemissing. operations[0]~op too.");
    }

    #[test]
    fn of_what_is_too_long_both_ends_stay() {
        let text = format!("begin {} end", "\u{e4} ".repeat(LONGEST));
        let forms = Forms::of(&text);
        assert!(forms.spaced.len() <= LONGEST + 2);
        assert!(forms.spaced.starts_with("begin") && forms.spaced.ends_with("end"));
    }
}

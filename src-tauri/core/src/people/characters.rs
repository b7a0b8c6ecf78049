//! Which characters do not belong into a name, what they are called, and how a value with one is shown.

use crate::http::redact::is_invisible;

/// Longest value in a finding, in characters.
const LONGEST: usize = 100;

/// A row's cell at a glance: one bit for each thing that asks for a closer look.
pub(super) const FORBIDDEN: u8 = 1;
pub(super) const CONTROL: u8 = 2;
pub(super) const HIGH: u8 = 4;
pub(super) const HASH: u8 = 8;

/// For each byte, what it is.
pub(super) struct Glance([u8; 256]);

impl Glance {
    pub(super) fn new(forbidden: &str) -> Self {
        let mut table = [0; 256];
        for (byte, bits) in (0_u8..=255).zip(&mut table) {
            *bits = match byte {
                0..=31 | 127 => CONTROL,
                128.. => HIGH,
                b'#' => HASH,
                _ => 0,
            };
            if forbidden.contains(char::from(byte)) && byte.is_ascii() {
                *bits |= FORBIDDEN;
            }
        }
        Self(table)
    }

    pub(super) fn at(&self, cell: &[u8]) -> u8 {
        cell.iter().fold(0, |bits, byte| bits | self.0[usize::from(*byte)])
    }
}

/// What is wrong with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Oddity {
    /// The target refuses it.
    Forbidden,
    /// It cannot be seen, or it changes what is seen.
    Invisible,
    /// It cannot be seen and is where it belongs: it joins letters or parts of a picture, or says where a name begins.
    Joiner,
    /// A blank that is not the usual one.
    Blank,
    /// A letter that was lost on the way.
    Lost,
}

pub(super) fn oddity(character: char, forbidden: &str) -> Option<Oddity> {
    if is_everyday(character) {
        return None;
    }
    match character {
        '\u{fffd}' => Some(Oddity::Lost),
        _ if forbidden.contains(character) => Some(Oddity::Forbidden),
        _ if is_blank(character) => Some(Oddity::Blank),
        _ if is_unseen(character) => Some(Oddity::Invisible),
        _ => None,
    }
}

/// Whether a cell without refused and control characters has nothing in it that asks for a closer look.
pub(super) fn is_plain(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| text.chars().all(|c| c.is_ascii() || is_everyday(c)))
}

/// Letters of which most names are made: no target forbids one, and they are not looked up one by one. Without `Ã` and
/// `Â`, which can stand for what is left of another letter.
fn is_everyday(character: char) -> bool {
    matches!(character,
        'a'..='z' | 'A'..='Z' | ' ' | '0'..='9' | '\u{c0}' | '\u{c1}' | '\u{c4}'..='\u{24f}' | '\u{400}'..='\u{4ff}' | '\u{3041}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// UTF-8 that was read in the encoding of Western Windows: each accented letter became two, the first of them `Ã` or `Â`.
pub(super) fn is_of_another_encoding(text: &str) -> bool {
    let first = |c: char| matches!(c, 'Ã' | 'Â');
    text.chars().zip(text.chars().skip(1)).any(|(one, next)| {
        first(one) && (matches!(next, '\u{80}'..='\u{bf}') || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘“”•–—˜™š›œžŸ".contains(next))
    })
}

/// Whether a character that cannot be seen is at home where it stands.
pub(super) fn joins(text: &str, place: usize, character: char) -> bool {
    let before = text[..place].chars().next_back();
    let after = text[place + character.len_utf8()..].chars().next();
    match character {
        '\u{200c}' => before.is_some_and(is_joined) && after.is_some_and(is_joined),
        '\u{200d}' => {
            before.is_some_and(is_joined) && after.is_some_and(is_joined)
                || before.is_some_and(is_picture) && after.is_some_and(is_picture)
        }
        '\u{fe0f}' => before.is_some_and(is_picture),
        '\u{200e}' | '\u{200f}' => before.is_none() && after.is_some_and(|after| !is_unseen(after)),
        _ => false,
    }
}

/// Letters and marks of the scripts from Arabic to those of India, and their neighbours, whose shape depends on the next.
fn is_joined(character: char) -> bool {
    matches!(character, '\u{620}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{1820}'..='\u{18aa}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Signs and pictures, and what says that a sign is meant as a picture.
fn is_picture(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '©' | '®' | '™')
}

/// Controls, zero-width and direction-changing characters, private ones, and blanks that are not the usual one.
fn is_unseen(character: char) -> bool {
    let filler = matches!(character,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2028}' | '\u{2029}'
        | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}');
    character.is_control() || is_invisible(character) || filler || is_blank(character) || is_private(character)
}

/// The ideographic space is not among them: it is the usual one between names in Japanese.
fn is_blank(character: char) -> bool {
    matches!(character, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}')
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}')
}

/// A combining mark: the letter before it is made of two characters.
pub(super) fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Letters of the Latin and of a look-alike alphabet in one word.
pub(super) fn mixes_alphabets(text: &str) -> bool {
    let latin = text.chars().any(|c| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}'));
    latin && text.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}'))
}

/// `U+200B ZERO WIDTH SPACE`, or the character itself where it can be seen.
pub(super) fn name(character: char) -> String {
    let number = format!("U+{:04X}", character as u32);
    match word(character) {
        Some(word) => format!("{number} {word}"),
        None if is_unseen(character) => format!("{number} (cannot be seen)"),
        None => format!("“{character}” ({number})"),
    }
}

/// The name in the Unicode standard, for those that are met.
fn word(character: char) -> Option<&'static str> {
    Some(match character {
        '\0' => "NULL",
        '\u{7}' => "BELL",
        '\u{8}' => "BACKSPACE",
        '\t' => "TAB",
        '\n' => "LINE BREAK",
        '\u{b}' => "VERTICAL TAB",
        '\u{c}' => "FORM FEED",
        '\r' => "CARRIAGE RETURN",
        '\u{1b}' => "ESCAPE",
        '\u{7f}' => "DELETE",
        '\u{85}' => "NEXT LINE",
        '\u{a0}' => "NO-BREAK SPACE",
        '\u{ad}' => "SOFT HYPHEN",
        '\u{34f}' => "COMBINING GRAPHEME JOINER",
        '\u{61c}' => "ARABIC LETTER MARK",
        '\u{180e}' => "MONGOLIAN VOWEL SEPARATOR",
        '\u{2002}' => "EN SPACE",
        '\u{2003}' => "EM SPACE",
        '\u{2007}' => "FIGURE SPACE",
        '\u{2009}' => "THIN SPACE",
        '\u{200a}' => "HAIR SPACE",
        '\u{200b}' => "ZERO WIDTH SPACE",
        '\u{200c}' => "ZERO WIDTH NON-JOINER",
        '\u{200d}' => "ZERO WIDTH JOINER",
        '\u{200e}' => "LEFT-TO-RIGHT MARK",
        '\u{200f}' => "RIGHT-TO-LEFT MARK",
        '\u{2028}' => "LINE SEPARATOR",
        '\u{2029}' => "PARAGRAPH SEPARATOR",
        '\u{202a}' => "LEFT-TO-RIGHT EMBEDDING",
        '\u{202b}' => "RIGHT-TO-LEFT EMBEDDING",
        '\u{202c}' => "POP DIRECTIONAL FORMATTING",
        '\u{202d}' => "LEFT-TO-RIGHT OVERRIDE",
        '\u{202e}' => "RIGHT-TO-LEFT OVERRIDE",
        '\u{202f}' => "NARROW NO-BREAK SPACE",
        '\u{2060}' => "WORD JOINER",
        '\u{2066}' => "LEFT-TO-RIGHT ISOLATE",
        '\u{2067}' => "RIGHT-TO-LEFT ISOLATE",
        '\u{2068}' => "FIRST STRONG ISOLATE",
        '\u{2069}' => "POP DIRECTIONAL ISOLATE",
        '\u{3000}' => "IDEOGRAPHIC SPACE",
        '\u{3164}' => "HANGUL FILLER",
        '\u{feff}' => "ZERO WIDTH NO-BREAK SPACE",
        '\u{fffd}' => "REPLACEMENT CHARACTER",
        _ => return None,
    })
}

/// A value with everything in it that cannot be seen written out: `Ada⟨U+200B⟩Lovelace`. What is asked for in `mark`
/// is set off as well, blanks at the ends as `␣`. Long values are cut, around the first mark.
pub(super) fn shown(value: &str, mark: impl Fn(char) -> bool) -> String {
    let start = value.len() - value.trim_start_matches([' ', '\u{3000}']).len();
    let end = value.trim_end_matches([' ', '\u{3000}']).len();
    let characters: Vec<char> = value.chars().take(LONGEST * 50).collect();
    let odd = |character: char| is_unseen(character) || character == '\u{fffd}' || mark(character);
    let first = characters.iter().position(|character| odd(*character)).unwrap_or(0);
    let from = if first > LONGEST / 2 && characters.len() > LONGEST { first - LONGEST / 2 } else { 0 };
    let mut text = if from > 0 { "…".to_owned() } else { String::new() };
    let mut place: usize = characters[..from].iter().map(|character| character.len_utf8()).sum();
    for character in &characters[from..characters.len().min(from + LONGEST)] {
        match *character {
            ' ' if place < start || place >= end => text.push('␣'),
            '\u{3000}' if place < start || place >= end => text.push_str("⟨U+3000⟩"),
            seen if mark(seen) && !is_unseen(seen) => {
                text.push('⟨');
                text.push(seen);
                text.push('⟩');
            }
            other if odd(other) => text.push_str(&format!("⟨U+{:04X}⟩", other as u32)),
            other => text.push(other),
        }
        place += character.len_utf8();
    }
    if characters.len() > from + LONGEST {
        text.push('…');
    }
    text
}

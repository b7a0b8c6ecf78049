//! The way to the terminal: plain text only, and a reader that went away is no error.

use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

use serde::Serialize;

/// Longest message or hint that is shown, in characters.
const LONGEST: usize = 1_000;

/// Whether something that was to be read could not be written, for example because the disk is full.
static LOST: AtomicBool = AtomicBool::new(false);

/// One line to standard output.
pub(crate) fn line(text: &str) {
    written_or_lost(writeln!(io::stdout().lock(), "{text}").and_then(|()| io::stdout().flush()));
}

fn written_or_lost(written: io::Result<()>) {
    if let Err(error) = &written
        && error.kind() != io::ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        note(&format!("The output could not be written: {error}."));
    }
    quiet(written);
}

/// Whether output was lost in another way than by a reader that went away.
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// One JSON object on one line to standard output.
#[expect(clippy::expect_used, reason = "strings and numbers can be written as JSON")]
pub(crate) fn json(value: &impl Serialize) {
    line(&serde_json::to_string(value).expect("BUG: strings and numbers can be written as JSON"));
}

/// Many JSON objects, each on a line. Once nobody reads any more, the rest is left.
#[expect(clippy::expect_used, reason = "strings and numbers can be written as JSON")]
pub(crate) fn json_lines(values: impl Iterator<Item = impl Serialize>) {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    for value in values {
        let text = serde_json::to_string(&value).expect("BUG: strings and numbers can be written as JSON");
        written = writeln!(out, "{text}");
        if written.is_err() {
            break;
        }
    }
    written_or_lost(written.and_then(|()| out.flush()));
}

/// One line to standard error.
pub(crate) fn note(text: &str) {
    quiet(writeln!(io::stderr().lock(), "{text}"));
}

/// A line on standard error that the next one takes the place of; an empty one clears it. Only for a terminal.
pub(crate) fn passing(text: &str) {
    let mut error = io::stderr().lock();
    quiet(write!(error, "\r\u{1b}[K{text}").and_then(|()| error.flush()));
}

/// Whoever read this has gone; there is nobody left to tell.
fn quiet(written: io::Result<()>) {
    if let Err(error) = written {
        tracing::debug!(%error, "nobody reads the output");
    }
}

/// A sentence of the core without its marks, and with nothing in it that a terminal would act on.
pub(crate) fn sentence(text: &str) -> String {
    plain(&text.replace("**", "").replace('`', ""), LONGEST)
}

/// One line of bounded length: control characters and those that change the reading direction or cannot be seen are
/// taken out, whoever sent them.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let mut shown: String = text
        .chars()
        .filter_map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            other => (!other.is_control() && !plays_tricks(other)).then_some(other),
        })
        .take(most + 1)
        .collect();
    if shown.chars().count() > most {
        shown.pop();
        shown.pop();
        shown.push('…');
    }
    shown
}

fn plays_tricks(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{plain, sentence};

    #[test]
    fn nothing_for_the_terminal_to_act_on() {
        for (text, shown) in [
            ("a\u{1b}[31mred", "a[31mred"),
            ("a\u{9b}2Jb", "a2Jb"),
            ("up\r\ndown", "up  down"),
            ("evil\u{202e}gpj", "evilgpj"),
            ("ab\u{200b}c", "abc"),
        ] {
            assert_eq!(plain(text, 20), shown, "{text:?}");
        }
        assert_eq!(plain("abcdef", 4), "abc…");
        assert_eq!(plain("abcd", 4), "abcd");
        assert_eq!(sentence("Press **Start** and type `DELETE`."), "Press Start and type DELETE.");
    }
}

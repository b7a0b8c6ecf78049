//! The bytes of a file as UTF-8 with plain line breaks, piece by piece, whatever encoding they came in.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What is read at a time, and what is looked at before the first row.
pub(super) const CHUNK: usize = 64 * 1024;
/// The longest row, in bytes, a few chunks more or less.
const LONGEST_ROW: usize = 1024 * 1024;

/// Stands behind the last line break. Read as a row of its own, it says that the file is over; read as the end of a cell,
/// that a quote was open until then.
pub(super) const END: &[u8] = b"\n\x01";

/// The end of a text to DOS, which some programs still write.
pub(super) const CTRL_Z: u8 = 0x1a;

/// Reads as UTF-8 without a mark at the beginning, with `\n` for every line break, and with [`END`] behind all.
pub(super) struct Text<R: Read> {
    input: R,
    reading: Reading,
    raw: Vec<u8>,
    first_bytes: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    bytes: u64,
    /// What the row being read may still take.
    left: usize,
    after_return: bool,
    ended: bool,
}

/// How bytes become text.
enum Reading {
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Other(Box<Decoder>),
}

#[derive(Debug, thiserror::Error)]
#[error("a row does not end")]
struct TooLong;

pub(super) fn is_too_long(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<TooLong>())
}

impl<R: Read> Text<R> {
    /// Reads the first piece and finds out the encoding.
    pub(super) fn open(input: R) -> io::Result<Self> {
        let mut text = Self {
            input,
            reading: Reading::Ascii,
            raw: vec![0; CHUNK],
            first_bytes: Vec::new(),
            ready: Vec::new(),
            at: 0,
            bytes: 0,
            left: LONGEST_ROW,
            after_return: false,
            ended: false,
        };
        let length = text.fill_raw()?;
        text.bytes = length as u64;
        let mut head = std::mem::take(&mut text.raw);
        text.first_bytes = head[..length.min(512)].to_vec();
        let (mark, wide) = wide(&head[..length]);
        if let Some(encoding) = wide {
            text.reading = Reading::Other(Box::new(encoding.new_decoder_without_bom_handling()));
        } else if mark > 0 {
            text.reading = Reading::Utf8;
        }
        head.truncate(length);
        head.drain(..mark);
        text.make_ready(head, length < CHUNK);
        Ok(text)
    }

    /// The name of the encoding, as far as it is known by now.
    pub(super) fn encoding(&self) -> &'static str {
        match &self.reading {
            Reading::Ascii | Reading::Utf8 => UTF_8.name(),
            Reading::Other(decoder) => decoder.encoding().name(),
        }
    }

    pub(super) fn first_bytes(&self) -> &[u8] {
        &self.first_bytes
    }

    /// What is decoded and not yet read.
    pub(super) fn decoded(&self) -> &[u8] {
        let end = if self.ended { END.len() } else { 0 };
        &self.ready[self.at..self.ready.len() - end]
    }

    /// Whether that is all there is.
    pub(super) fn is_whole(&self) -> bool {
        self.ended
    }

    pub(super) fn skip(&mut self, length: usize) {
        self.at = (self.at + length).min(self.ready.len());
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn allow_a_row(&mut self) {
        self.left = LONGEST_ROW;
    }

    /// Whether everything was handed on.
    pub(super) fn is_over(&self) -> bool {
        self.ended && self.at == self.ready.len()
    }

    /// As much as fits, unless the input ends: pipes give little at a time.
    fn fill_raw(&mut self) -> io::Result<usize> {
        let mut length = 0;
        while length < self.raw.len() {
            match self.input.read(&mut self.raw[length..]) {
                Ok(0) => break,
                Ok(more) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(length)
    }

    fn refill(&mut self) -> io::Result<()> {
        let length = self.fill_raw()?;
        self.bytes += length as u64;
        let mut raw = std::mem::take(&mut self.raw);
        raw.truncate(length);
        self.make_ready(raw, length < CHUNK);
        Ok(())
    }

    /// Makes the next piece ready, and room for the one after it.
    fn make_ready(&mut self, mut raw: Vec<u8>, last: bool) {
        self.at = 0;
        if matches!(self.reading, Reading::Ascii) && !raw.is_ascii() {
            self.reading = guess(&raw, last);
        }
        match &mut self.reading {
            // As it is, without copying.
            Reading::Ascii | Reading::Utf8 => std::mem::swap(&mut self.ready, &mut raw),
            Reading::Other(decoder) => decode(decoder, &raw, last, &mut self.ready),
        }
        raw.resize(CHUNK, 0);
        self.raw = raw;
        if self.after_return || self.ready.contains(&b'\r') {
            self.after_return = plain_breaks(&mut self.ready, self.after_return);
        }
        if last {
            let end = self.ready.iter().rposition(|byte| *byte != CTRL_Z).map_or(0, |place| place + 1);
            self.ready.truncate(end);
            self.ready.extend_from_slice(END);
        }
        self.ended = last;
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let length = out.len().min(self.ready.len() - self.at);
        let Some(left) = self.left.checked_sub(length) else { return Err(io::Error::other(TooLong)) };
        self.left = left;
        out[..length].copy_from_slice(&self.ready[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// The length of a mark at the beginning, and whether the text has two bytes for each character, with or without one.
fn wide(head: &[u8]) -> (usize, Option<&'static Encoding>) {
    if let Some((encoding, length)) = Encoding::for_bom(head) {
        return (length, (encoding != UTF_8).then_some(encoding));
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Separators and line breaks alone are one in twenty, in any language.
    let many = |zeros: usize, others: usize| zeros * 40 > head.len() && zeros > others * 20;
    match () {
        () if many(odd, even) => (0, Some(UTF_16LE)),
        () if many(even, odd) => (0, Some(UTF_16BE)),
        () => (0, None),
    }
}

/// The encoding of the first bytes that are not ASCII.
fn guess(raw: &[u8], last: bool) -> Reading {
    let is_utf8 = match std::str::from_utf8(raw) {
        Ok(_) => true,
        // The last character may be cut by the end of the piece; a single slip in a long text is a slip.
        Err(error) => error.error_len().is_none() && !last,
    };
    if is_utf8 || mostly_utf8(raw) {
        return Reading::Utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(raw, last);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    match encoding == UTF_8 {
        true => Reading::Utf8,
        false => Reading::Other(Box::new(encoding.new_decoder_without_bom_handling())),
    }
}

/// Many characters that only UTF-8 writes so, and few slips: a name that somebody cut in the middle of a letter.
fn mostly_utf8(raw: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in raw.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 20
}

fn decode(decoder: &mut Decoder, raw: &[u8], last: bool, ready: &mut Vec<u8>) {
    let most = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
    ready.resize(most, 0);
    let (_, _, written, _) = decoder.decode_to_utf8(raw, ready, last);
    ready.truncate(written);
}

/// `\r\n` and `\r` become `\n`. Whether the piece ends in `\r` decides about a `\n` at the beginning of the next one.
fn plain_breaks(text: &mut Vec<u8>, after_return: bool) -> bool {
    let begin = usize::from(after_return && text.first() == Some(&b'\n'));
    let ends_in_return = match text.last() {
        Some(end) => *end == b'\r',
        None => after_return,
    };
    let (mut from, mut to) = (begin, 0);
    while from < text.len() {
        let length = text[from..].iter().position(|byte| *byte == b'\r').unwrap_or(text.len() - from);
        text.copy_within(from..from + length, to);
        (from, to) = (from + length, to + length);
        if from < text.len() {
            text[to] = b'\n';
            to += 1;
            from += if text.get(from + 1) == Some(&b'\n') { 2 } else { 1 };
        }
    }
    text.truncate(to);
    ends_in_return
}

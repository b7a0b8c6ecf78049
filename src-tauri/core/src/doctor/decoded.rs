//! The bytes of a log as they come: counted, watched, cancellable, and as UTF-8 where they are UTF-16.

use std::{
    cell::Cell,
    io::{self, Read},
    ops::ControlFlow,
};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Progress;

/// What is read at a time.
const CHUNK: usize = 64 * 1024;

/// Counts, tells who watches, and ends when that one says so.
pub(super) struct Watched<'a, R> {
    pub(super) input: R,
    pub(super) progress: &'a Cell<Progress>,
    pub(super) watch: &'a mut dyn FnMut(&Progress) -> ControlFlow<()>,
    pub(super) cancelled: &'a Cell<bool>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(out)?;
        let mut progress = self.progress.get();
        progress.bytes += length as u64;
        self.progress.set(progress);
        match (self.watch)(&progress) {
            ControlFlow::Continue(()) => Ok(length),
            ControlFlow::Break(()) => {
                self.cancelled.set(true);
                Err(io::Error::other("cancelled"))
            }
        }
    }
}

/// The first piece of an input, still as it came.
pub(super) fn head(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.by_ref().take(CHUNK as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The decoder that the first bytes call for, if they are not UTF-8; and how many of them are a mark.
fn decoder(head: &[u8]) -> (Option<Decoder>, usize) {
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        return ((encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling()), mark);
    }
    let zeros = |from: usize| head.iter().take(512).skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, enough) = (zeros(0), zeros(1), head.len().min(512) / 4);
    match (enough > 0, odd > enough, even > enough) {
        (true, true, false) => (Some(UTF_16LE.new_decoder_without_bom_handling()), 0),
        (true, false, true) => (Some(UTF_16BE.new_decoder_without_bom_handling()), 0),
        _ => (None, 0),
    }
}

/// The first piece as text, as far as it is text.
pub(super) fn peeked(head: &[u8]) -> String {
    let (decoder, mark) = decoder(head);
    match decoder {
        Some(mut decoder) => decode(&mut decoder, &head[mark..], false).0,
        None => String::from_utf8_lossy(&head[mark..]).into_owned(),
    }
}

/// Gives `each` piece after piece, as UTF-8 as far as it is text.
pub(super) fn pieces(head: &[u8], input: &mut impl Read, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let (mut decoder, mark) = decoder(head);
    let mut give = |raw: &[u8], last: bool| match &mut decoder {
        Some(decoder) => each(decode(decoder, raw, last).0.as_bytes()),
        None => each(raw),
    };
    give(&head[mark..], false);
    let mut raw = vec![0; CHUNK];
    loop {
        match input.read(&mut raw) {
            Ok(0) => break,
            Ok(length) => give(&raw[..length], false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    give(&[], true);
    Ok(())
}

fn decode(decoder: &mut Decoder, raw: &[u8], last: bool) -> (String, bool) {
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16));
    let (_, _, broken) = decoder.decode_to_string(raw, &mut text, last);
    (text, broken)
}

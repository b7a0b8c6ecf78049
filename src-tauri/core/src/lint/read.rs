//! From bytes to text: bounded, in whatever encoding a console's download or an editor left it.

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::unknown;
use crate::{
    error::{Code, Problem},
    recipe::Guide,
};

/// A real export has less than one megabyte.
pub(super) const MOST_BYTES: u64 = 16 * 1024 * 1024;

pub(super) fn text(input: impl Read, guide: &Guide) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    input.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| {
        Problem::new(Code::WrongInput, format!("The file could not be read: {error}.")).hint("Choose the file again.")
    })?;
    if bytes.len() as u64 > MOST_BYTES {
        let text = "The file is larger than 16 MB. An export of a mapping has less than one.";
        return Err(unknown::not_this(text, guide));
    }
    if let Some(kind) = unknown::binary(&bytes) {
        return Err(unknown::not_this(&format!("This is {kind}, not the export of a mapping."), guide));
    }
    let (text, _, _) = encoding(&bytes).decode(&bytes);
    Ok(text.into_owned())
}

fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // Without a mark: of plain text in UTF-16, every other byte is zero.
    match bytes {
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => UTF_16LE,
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Allow)
        }
    }
}

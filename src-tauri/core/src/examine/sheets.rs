//! From what an examination found to a sheet to read.

mod mapping;
mod people;
mod trouble;

use std::{
    io::{self, Read},
    ops::ControlFlow,
};

use super::Reading;
use crate::{
    class::Class,
    view::{Section, Tone},
};

pub(super) use mapping::mapping;
pub(super) use people::people;
pub(super) use trouble::trouble;

/// A section without content.
fn section(id: impl Into<String>, title: impl Into<String>, tone: Tone) -> Section {
    Section {
        id: id.into(),
        title: title.into(),
        tone,
        badge: String::new(),
        points: Vec::new(),
        source: None,
        class: None,
        columns: Vec::new(),
        rows: Vec::new(),
        more: None,
    }
}

/// What has a page that says more.
fn page_of(class: Class) -> Option<String> {
    (!matches!(class, Class::Success | Class::Unrecognised)).then(|| class.slug().to_owned())
}

/// For an examination that reads all before it looks: tells how far it is, and stops where nobody waits any more.
struct Watched<R, W> {
    input: R,
    watch: W,
    bytes: u64,
}

impl<R: Read, W: FnMut(&Reading) -> ControlFlow<()>> Read for Watched<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        match (self.watch)(&Reading { bytes: self.bytes, ..Reading::default() }) {
            ControlFlow::Continue(()) => Ok(read),
            ControlFlow::Break(()) => Err(io::Error::other("stopped")),
        }
    }
}

//! What a command is given to read: a file that was named, or standard input.

use std::{
    fs::File,
    io::{IsTerminal as _, Read},
    path::Path,
};

use usher_core::{Code, Problem};

use crate::out;

/// Something to read, and how many bytes it has, if that is known.
pub(crate) struct Input {
    pub(crate) bytes: Box<dyn Read + Send>,
    pub(crate) size: Option<u64>,
}

/// Whether that means standard input.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Opens the file, or standard input; `what` says to whoever sits before a terminal what is waited for: "the rows".
pub(crate) fn open(path: &Path, what: &str) -> Result<Input, Problem> {
    if is_standard(path) {
        let input = std::io::stdin();
        if input.is_terminal() {
            out::note(&format!("Paste {what}, then press Ctrl-D (on Windows: Ctrl-Z and Enter)."));
        }
        return Ok(Input { bytes: Box::new(input), size: None });
    }
    let named = out::plain(&path.display().to_string(), 200);
    let unreadable = |why: String, hint: &str| Problem::new(Code::UnreadableFile, format!("{named} {why}.")).hint(hint);
    let (file, about) = File::open(path)
        .and_then(|file| file.metadata().map(|about| (file, about)))
        .map_err(|error| unreadable(format!("cannot be read: {error}"), "Check the name, and that you may read it."))?;
    if about.is_dir() {
        return Err(unreadable("is a folder, not a file".to_owned(), "Name a file in it."));
    }
    Ok(Input { bytes: Box::new(file), size: about.is_file().then_some(about.len()) })
}

//! The file that the differences are saved to: made before anything is asked, and put in its place when it is whole.

use std::{
    io::BufWriter,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;
use usher_core::{Code, Problem, verify::Outcome};

use crate::out;

pub(super) struct Save {
    file: NamedTempFile,
    path: PathBuf,
}

impl Save {
    pub(super) fn prepare(path: &Path) -> Result<Self, Problem> {
        if path.is_dir() {
            return Err(refused(path, "it is a folder"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(|error| refused(path, &error.to_string()))?;
        Ok(Self { file, path: path.to_owned() })
    }

    pub(super) fn write(self, outcome: &Outcome) -> Result<(), Problem> {
        let written = outcome.write_csv(BufWriter::new(self.file.as_file()));
        written.map_err(|error| refused(&self.path, &error.to_string()))?;
        self.file.persist(&self.path).map_err(|error| refused(&self.path, &error.error.to_string()))?;
        Ok(())
    }
}

fn refused(path: &Path, why: &str) -> Problem {
    let shown = out::plain(&path.display().to_string(), 200);
    Problem::new(Code::Disk, format!("{shown} cannot be written: {why}."))
        .hint("Name another file in a folder that you may write to.")
}

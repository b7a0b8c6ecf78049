//! Setups on disk: one JSON file each, written whole or not at all, and one lock so that two windows do not
//! overwrite each other. A file that cannot be read is kept and named, never replaced.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::{Code, Problem},
    setup::Setup,
};

/// The largest file that is read; a setup has a few kilobytes.
const LARGEST: u64 = 1024 * 1024;

/// The open data directory. Only one at a time.
pub struct Store {
    folder: PathBuf,
    // Held for as long as the store lives.
    _lock: File,
}

impl Store {
    /// Opens and locks the directory, and creates it when missing.
    pub fn open(folder: &Path) -> Result<Self, Problem> {
        private_folder(folder).map_err(|error| cannot_write(folder, &error))?;
        let path = folder.join("lock");
        let lock = File::create(&path).map_err(|error| cannot_write(folder, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Problem::new(
                Code::AlreadyOpen,
                "Usher is already open in another window, which holds your connections.",
            )
            .hint("Go on in the other window, or close it and press **Try again**.")),
            Err(TryLockError::Error(error)) => Err(cannot_write(folder, &error)),
        }
    }

    /// Every setup, and a problem for each file that cannot be used.
    pub fn load(&self) -> (Vec<Setup>, Vec<Problem>) {
        let (setups, problems) =
            read_only(&self.folder).unwrap_or_else(|problem| (Vec::new(), vec![(String::new(), problem)]));
        (setups, problems.into_iter().map(|(_, problem)| problem).collect())
    }

    /// Writes a setup: into a new file beside the old one, to the disk, then in its place.
    pub fn save(&self, setup: &Setup) -> Result<(), Problem> {
        self.replace(&self.path(&setup.id), setup).map_err(|error| cannot_write(&self.folder, &error))
    }

    /// Removes a setup's file.
    pub fn remove(&self, id: &str) -> Result<(), Problem> {
        for path in [self.path(id), self.practice_state(id)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot_write(&self.folder, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where the practice world of a setup keeps its state.
    pub fn practice_state(&self, id: &str) -> PathBuf {
        self.folder.join("practice").join(format!("{id}.json"))
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn replace(&self, path: &Path, setup: &Setup) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(setup)?;
        let mut file = tempfile::Builder::new().prefix(".saving-").tempfile_in(&self.folder)?;
        file.write_all(&text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

/// Creates a folder that other accounts of this computer cannot look into, and shuts one that an earlier version left open.
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // On a file system without permissions, or in a folder of somebody else's, it stays as it is.
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

/// Setups, and each file that cannot be used by its name.
type Found = (Vec<Setup>, Vec<(String, Problem)>);

/// Every setup of a folder that another program may have open: each file is written whole or not at all, so there is
/// nothing to wait for.
pub(crate) fn read_only(folder: &Path) -> Result<Found, Problem> {
    let entries = fs::read_dir(folder).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "it is not there",
            io::ErrorKind::PermissionDenied => "this account may not read it",
            _ => "the system refused",
        };
        Problem::new(Code::Disk, format!("Usher's data folder {} cannot be read: {why}.", folder.display()))
    })?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    let mut found = Found::default();
    for path in files {
        match read(&path) {
            Ok(setup) => found.0.push(setup),
            Err(problem) => {
                found.1.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), problem))
            }
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Setup, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let broken = |why: &str| {
        Problem::new(
            Code::UnreadableFile,
            format!("The file {name} in Usher's data folder {why}, so its connection is not shown."),
        )
        .hint(
            "The file was left as it is. The connection itself goes on working; set it up again here to watch over it.",
        )
    };
    let length = fs::metadata(path).map_err(|_| broken("cannot be opened"))?.len();
    if length > LARGEST {
        return Err(broken("is far larger than a connection's file"));
    }
    let text = fs::read(path).map_err(|_| broken("cannot be opened"))?;
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(|_| broken("is cut off or damaged"))?;
    if value.get("version").and_then(serde_json::Value::as_u64).is_some_and(|version| version > Setup::VERSION.into()) {
        return Err(Problem::new(
            Code::UnreadableFile,
            format!("The file {name} was written by a newer version of Usher, so its connection is not shown."),
        )
        .hint("Install the newer version to go on with it. The file was left as it is."));
    }
    let setup: Setup = serde_path_to_error::deserialize(value)
        .map_err(|error| broken(&format!("has something unexpected at `{}`", error.path())))?;
    // The id becomes a path and a keyring key; it must be this file's own.
    if path.file_stem().is_some_and(|stem| stem == setup.id.as_str()) {
        Ok(setup)
    } else {
        Err(broken("names another connection inside"))
    }
}

fn cannot_write(folder: &Path, error: &io::Error) -> Problem {
    let why = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full",
        io::ErrorKind::PermissionDenied => "this account may not write there",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a file is in the way",
        _ => "the system refused",
    };
    Problem::new(Code::Disk, format!("Usher cannot save your progress in {}: {why}.", folder.display()))
        .hint("Your progress is kept while this window stays open. Mend the folder; the next step saves all of it.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn setup(id: &str) -> Setup {
        Setup::new(id.into(), "t".into(), "i".into(), true, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_is_saved_is_loaded_and_what_is_broken_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.save(&setup("a")).unwrap();
        let whole = fs::read_to_string(folder.path().join("a.json")).unwrap();
        let broken = [
            ("cut.json", whole[..whole.len() / 2].to_owned(), "cut off"),
            ("newer.json", whole.replace("\"version\": 1", "\"version\": 2"), "newer version"),
            ("shape.json", whole.replace("\"practice\": true", "\"practice\": \"yes\""), "practice"),
            ("other.json", whole.clone(), "another connection"),
            ("empty.json", String::new(), "damaged"),
        ];
        for (name, text, _) in &broken {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let (setups, problems) = store.load();
        assert_eq!(setups, [setup("a")]);
        for (name, text, word) in &broken {
            let problem = problems.iter().find(|problem| problem.message.contains(name)).unwrap();
            assert!(problem.message.contains(word), "{}", problem.message);
            assert_eq!(&fs::read_to_string(folder.path().join(name)).unwrap(), text);
        }
    }

    #[test]
    fn a_second_one_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let first = Store::open(folder.path()).unwrap();
        assert_eq!(Store::open(folder.path()).err().unwrap().code, Code::AlreadyOpen);
        drop(first);
        assert!(Store::open(folder.path()).is_ok());
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "").unwrap();
        let problem = Store::open(&path.join("data")).err().unwrap();
        assert_eq!(problem.code, Code::Disk);
        assert!(problem.message.contains("in the way"), "{}", problem.message);
    }
}

//! The runbook: what was set up and how it is kept alive, as Markdown for colleagues. No secret is in it.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::{Code, Problem},
    view::{Finish, MappingTable, Verb},
};

/// The text.
pub(crate) fn text(finish: &Finish, tables: &[MappingTable], practice: bool) -> String {
    let mut text = format!("# {} ← {}\n\n", finish.target, finish.idp);
    if practice {
        text.push_str("This was practice: nothing here is a real system.\n\n");
    }
    text.push_str("## What keeps it alive\n\n| | |\n|---|---|\n");
    for fact in &finish.facts {
        text.push_str(&format!("| {} | {} |\n", cell(&fact.name), cell(&fact.value)));
    }
    text.push_str("\n## How it was proven\n\n");
    for step in &finish.proofs {
        let proof = match (step.not_needed, step.proven) {
            (true, _) => format!("not needed. {}", step.proof),
            (false, true) => step.proof.clone(),
            (false, false) => "not proven".to_owned(),
        };
        text.push_str(&format!("{}. **{}**: {}\n", step.phase.number(), step.title, one_line(&proof)));
    }
    text.push_str(REPLACING);
    for table in tables {
        text.push_str(&format!("\n## Mapping of {}\n\n", table.title.to_lowercase()));
        let ticked: Vec<&str> =
            table.actions.iter().filter(|action| action.wanted).map(|action| action.name.as_str()).collect();
        if !table.actions.is_empty() {
            text.push_str(&format!("Object actions: {}\n\n", ticked.join(", ")));
        }
        text.push_str(&format!("| {} | {} |\n|---|---|\n", table.target_heading, table.source_heading));
        for row in table.rows.iter().filter(|row| row.verb != Verb::Delete) {
            text.push_str(&format!("| `{}` | `{}` |\n", cell(&row.target), cell(&row.source)));
        }
    }
    if !finish.history.is_empty() {
        text.push_str("\n## What happened\n\n");
        for line in finish.history.iter().rev() {
            text.push_str(&format!("- {}: {}\n", line.at, one_line(&line.text)));
        }
    }
    text
}

/// For whoever is there when the token ends.
const REPLACING: &str = "
## When the token ends

Open Usher, choose **Rotate token** beside this connection, and follow it: a new token is made and tried, entered at the
identity provider, and watched for one cycle; the old one is deleted last. Whoever does it needs the rights at both
consoles. Without Usher, the order is the same.
";

/// Saves a document under a name that is free, so that an older one is never replaced.
pub(crate) fn save(folder: &Path, name: &str, ending: &str, text: &str) -> Result<PathBuf, Problem> {
    save_with(folder, name, ending, |file| file.write_all(text.as_bytes()))
}

/// The same for what is too long to be a text first. Half a document is not left behind.
pub(crate) fn save_with(
    folder: &Path,
    name: &str,
    ending: &str,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<PathBuf, Problem> {
    write(folder, name, ending, fill).map_err(|error| {
        Problem::new(Code::Disk, format!("The file could not be saved in {}: {error}.", folder.display()))
            .hint("Free some space or mend the folder, then save it again.")
    })
}

fn write(
    folder: &Path,
    name: &str,
    ending: &str,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = file_name(name);
    for number in 1..1000 {
        let suffix = if number == 1 { String::new() } else { format!(" {number}") };
        let path = folder.join(format!("{name}{suffix}.{ending}"));
        match create_new(&path) {
            Ok(mut file) => {
                return match fill(&mut file) {
                    Ok(()) => Ok(path),
                    Err(error) => {
                        let _ = fs::remove_file(&path);
                        Err(error)
                    }
                };
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("there are a thousand of them already"))
}

/// Names of people can stand in it: other accounts of this computer have no business with it.
fn create_new(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A service's name is typed by somebody; no system's file names may be left by it.
fn file_name(text: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || " -_()".contains(c) { c } else { '-' };
    text.chars().map(safe).collect()
}

fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;

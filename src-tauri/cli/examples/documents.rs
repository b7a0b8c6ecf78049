//! Writes the man pages and the shell completions of `usher-cli` into a folder, for the packages. They come from the
//! arguments that the program itself reads, and the program does not grow for it.

#[path = "../src/args.rs"]
#[expect(dead_code, reason = "only what can be typed matters here, not what was")]
mod args;

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::{
    Man,
    roff::{Inline, Roff, roman},
};

fn main() -> io::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [folder, date] = &arguments[..] else {
        return Err(io::Error::other("usage: documents FOLDER DATE"));
    };
    let mut command = args::Cli::command().disable_help_subcommand(true);
    command.build();
    write_completions(&command, folder)?;
    write_pages(&command, folder, &date.to_string_lossy())
}

fn write_completions(command: &Command, folder: &Path) -> io::Result<()> {
    for shell in [Shell::Fish, Shell::Zsh] {
        clap_complete::generate_to(shell, &mut shown(command), "usher-cli", folder)?;
    }
    let bash = clap_complete::generate_to(Shell::Bash, &mut shown(command), "usher-cli", folder)?;
    // clap_complete writes a name with a hyphen in two ways, and finds no option then (clap's issue 6421).
    let text = fs::read_to_string(&bash)?.replace("usher__subcmd__cli", "usher__cli");
    fs::write(bash, text)
}

/// The command without what its help does not show: completions would offer that too.
fn shown(command: &Command) -> Command {
    // clap wants names for good, and this program is over in a moment.
    let name: &'static str = command.get_name().to_owned().leak();
    let mut shown = Command::new(name).disable_help_subcommand(true);
    if let Some(about) = command.get_about() {
        shown = shown.about(about.clone());
    }
    let own = ["help", "version"];
    let arguments = command.get_arguments().filter(|it| !it.is_hide_set() && !own.contains(&it.get_id().as_str()));
    let commands = command.get_subcommands().filter(|it| !it.is_hide_set());
    shown.args(arguments.cloned()).subcommands(commands.map(self::shown))
}

/// One page for the command, one for each of its subcommands.
fn write_pages(command: &Command, folder: &Path, date: &str) -> io::Result<()> {
    write_page(command, folder, date)?;
    let mut shown = command.get_subcommands().filter(|it| !it.is_hide_set());
    shown.try_for_each(|it| write_pages(it, folder, date))
}

fn write_page(command: &Command, folder: &Path, date: &str) -> io::Result<()> {
    let source = format!("Usher {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).date(date).source(source).manual("User Commands");
    let mut file = File::create(folder.join(man.get_filename()))?;
    man.render_title(&mut file)?;
    man.render_name_section(&mut file)?;
    man.render_synopsis_section(&mut file)?;
    man.render_description_section(&mut file)?;
    man.render_options_section(&mut file)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut file)?;
    }
    if let Some(notes) = command.get_after_help() {
        as_typed("NOTES", &notes.to_string()).to_writer(&mut file)?;
    }
    file.flush()
}

/// A section whose lines stay lines: there are examples and tables in it.
fn as_typed(heading: &str, text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [heading]).control("nf", []);
    for line in text.lines() {
        roff.text([if line.is_empty() { Inline::LineBreak } else { roman(line) }]);
    }
    roff.control("fi", []);
    roff
}

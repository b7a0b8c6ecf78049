//! The man pages and shell completions of the packages: whatever `--help` lists can be looked up and completed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::program::{program, run};

/// As the packages get them.
fn documents() -> TempDir {
    let folder = tempfile::tempdir().expect("there is a place for files");
    let test = env::current_exe().expect("a running program has a place");
    let built = test.parent().and_then(Path::parent).expect("tests are built into deps/");
    let written = Command::new(built.join("examples/documents")).arg(folder.path()).arg("2026-11-27").output();
    let written = written.expect("cargo builds the examples with the tests");
    assert!(written.status.success(), "{written:?}");
    folder
}

/// The commands and their options, as the help lists them.
fn listed() -> Vec<(String, Vec<String>)> {
    let help = run(program().arg("--help")).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("the help lists commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(|name| (name.to_owned(), options(&run(program().args([name, "--help"])).stdout))).collect()
}

fn options(help: &str) -> Vec<String> {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split([' ', ','])).filter(|word| word.starts_with("--") && word.len() > 2);
    words.map(str::to_owned).collect()
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_command_has_a_page_with_all_its_options() {
    let folder = documents();
    let listed = listed();
    assert!(listed.len() >= 7, "{listed:?}");
    let whole = read(folder.path().join("usher-cli.1")).replace("\\-", "-");
    for (command, options) in listed {
        assert!(whole.contains(&format!("usher-cli-{command}(1)")), "usher-cli.1 does not name {command}");
        let page = read(folder.path().join(format!("usher-cli-{command}.1"))).replace("\\-", "-");
        assert!(page.contains(&format!(" \"Usher {}\" ", env!("CARGO_PKG_VERSION"))), "{page}");
        assert!(options.len() >= 2, "{command} has only {options:?}");
        for option in options {
            assert!(page.contains(&format!("\\fB{option}\\fR")), "the page of {command} does not name {option}");
        }
    }
}

#[test]
fn an_example_in_a_page_stays_on_a_line_of_its_own() {
    let page = read(documents().path().join("usher-cli-rehearse.1"));
    let (_, notes) = page.split_once(".nf\n").expect("its last section is as typed");
    assert!(notes.lines().any(|line| line.trim_start().starts_with("usher\\-cli rehearse azion entra")), "{notes}");
}

/// What bash offers after these words.
#[cfg(unix)]
fn offered(script: &Path, words: &[&str]) -> Vec<String> {
    let asking = r#". "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        function=$(complete -p usher-cli | sed -E 's/.*-F ([^ ]+).*/\1/')
        "$function" usher-cli "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf '%s\n' "${COMPREPLY[@]}""#;
    let answer = Command::new("bash").args(["--norc", "-c", asking, "bash"]).arg(script).args(words).output();
    let answer = answer.expect("there is a bash");
    assert!(answer.stderr.is_empty(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8_lossy(&answer.stdout).lines().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_every_command_and_option() {
    let folder = documents();
    let script = folder.path().join("usher-cli.bash");
    let commands = offered(&script, &["usher-cli", ""]);
    for (command, options) in listed() {
        assert!(commands.contains(&command), "{command} is not among {commands:?}");
        let offered = offered(&script, &["usher-cli", &command, "--"]);
        for option in options {
            assert!(offered.contains(&option), "{option} of {command} is not among {offered:?}");
        }
    }
    assert_eq!(offered(&script, &["usher-cli", "reh"]), ["rehearse"]);
    assert_eq!(offered(&script, &["usher-cli", "check", "--idp", "o"]), ["okta"]);
}

#[test]
fn nothing_offers_to_give_a_token_as_an_argument() {
    for file in fs::read_dir(documents().path()).expect("there are documents").flatten() {
        let text = read(file.path()).replace("\\-", "-");
        for way in ["--token", "-l token", "stray", "crate::"] {
            assert!(!text.contains(way), "{} has {way}", file.path().display());
        }
    }
}

#[test]
fn fish_and_zsh_know_every_command_and_option() {
    let folder = documents();
    let fish = read(folder.path().join("usher-cli.fish"));
    let zsh = read(folder.path().join("_usher-cli"));
    for (command, options) in listed() {
        let of_command = format!("__fish_usher_cli_using_subcommand {command}\" ");
        let (_, of_zsh) = zsh.split_once(&format!("({command})\n_arguments")).expect("zsh knows the command");
        let of_zsh = of_zsh.split("\n;;\n").next().unwrap_or_default();
        for option in options {
            let short = format!(" -l {} ", option.trim_start_matches("--"));
            let line = |line: &str| line.contains(&of_command) && format!("{line} ").contains(&short);
            assert!(fish.lines().any(line), "fish does not know {option} of {command}");
            assert!(of_zsh.contains(&option), "zsh does not know {option} of {command}");
        }
    }
}

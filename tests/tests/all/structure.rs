//! Two arrows of the design that can be read from the files: one door to the shell in the page, no webview in the core.

use std::{fs, path::Path, process::Command};

use crate::support::tools::root;

#[test]
fn one_file_of_the_page_imports_tauri() {
    let mut importing = Vec::new();
    let mut files = 0;
    walk(&root().join("ui/src"), &mut |path| {
        files += 1;
        if fs::read_to_string(path).is_ok_and(|text| text.contains("@tauri-apps")) {
            importing.push(path.strip_prefix(root()).expect("it is inside").display().to_string());
        }
    });
    assert!(files > 20, "the page has only {files} files");
    assert_eq!(importing, ["ui/src/backend/tauri.ts"]);
}

fn walk(folder: &Path, see: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, see);
        } else if path.extension().is_some_and(|end| ["ts", "js", "svelte"].iter().any(|kind| end == *kind)) {
            see(&path);
        }
    }
}

/// Names of the crates that a package is built from, without those of tests.
fn crates(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are text");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_core_and_the_command_line_know_no_webview() {
    let webview = |name: &String| ["tauri", "wry", "tao", "webkit", "gtk"].iter().any(|kind| name.starts_with(kind));
    for package in ["usher-core", "usher-cli"] {
        let found: Vec<_> = crates(package).into_iter().filter(webview).collect();
        assert!(found.is_empty(), "{package} is built from {found:?}");
    }
    assert!(crates("usher").iter().any(|name| name == "tauri"), "the search can find");
}

#[test]
fn the_core_and_the_sandbox_do_not_know_each_other() {
    for (one, other) in [("usher-core", "usher-sandbox"), ("usher-sandbox", "usher-core")] {
        assert!(!crates(one).iter().any(|name| name == other), "{one} is built from {other}");
    }
    assert!(crates("usher-cli").iter().any(|name| name == "usher-sandbox"), "the search can find");
}

/// Where a system may be named in code: its own client, the operations, the classes of trouble, how the two identity
/// providers ask, and what reads the files that their consoles export.
const MAY_NAME: [&str; 17] = [
    "src-tauri/core/src/class.rs",
    "src-tauri/core/src/systems/",
    "src-tauri/core/src/operation.rs",
    "src-tauri/core/src/task.rs",
    "src-tauri/core/src/task/providers.rs",
    "src-tauri/core/src/app/tokens.rs",
    "src-tauri/core/src/recipe/raw.rs",
    "src-tauri/core/src/recipe/join.rs",
    "src-tauri/core/src/recipe/load.rs",
    "src-tauri/core/src/doctor/",
    "src-tauri/core/src/examine/sheets/trouble.rs",
    "src-tauri/core/src/groups",
    "src-tauri/core/src/lint",
    "src-tauri/core/src/people/",
    "src-tauri/core/src/present/doctor.rs",
    "src-tauri/core/src/verify/words.rs",
    "ui/src/backend/",
];

#[test]
fn no_screen_and_no_rule_names_a_system() {
    let mut files = 0;
    let mut naming = Vec::new();
    for folder in ["src-tauri/core/src", "src-tauri/src", "ui/src"] {
        every_file(&root().join(folder), &mut |path| {
            let name = path.strip_prefix(root()).expect("it is inside").display().to_string();
            let source = ["rs", "ts", "svelte"].iter().any(|end| name.ends_with(&format!(".{end}")));
            if !source
                || name.contains("test")
                || name.contains("/fuzz/")
                || MAY_NAME.iter().any(|place| name.starts_with(place))
            {
                return;
            }
            files += 1;
            let text = fs::read_to_string(path).expect("it is text").to_lowercase();
            // The name of a library for cryptography.
            let text = text.replace("aws_lc_rs", "");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let comment =
                |line: &&str| ["//", "*", "/*", "<!--"].iter().any(|sign| line.trim_start().starts_with(sign));
            let words = code.lines().filter(|line| !comment(line));
            let words: String = words.collect::<Vec<_>>().join("\n");
            let named = |system: &&str| {
                words
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(|word| word == *system || word.starts_with(system))
            };
            let systems = ["greenlake", "hpe", "azion", "aws", "amazon", "entra", "azure", "okta"];
            naming.extend(systems.iter().filter(|system| named(system)).map(|system| format!("{name}: {system}")));
        });
    }
    assert!(files > 60, "only {files} files were looked at");
    assert!(naming.is_empty(), "{naming:#?}");
}

fn every_file(folder: &Path, see: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() { every_file(&path, see) } else { see(&path) }
    }
}

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

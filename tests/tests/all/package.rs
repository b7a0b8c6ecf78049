//! What the packages are made of, as far as it can be looked at without making one: `make package-test` does the rest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::Value;
use spdx::{Expression, LicenseReq, Licensee, ParseMode};

use crate::support::tools::{built, root};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn toml(path: &str) -> toml::Table {
    read(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_version_stands_in_one_place() {
    let workspace = toml("Cargo.toml");
    let version = workspace["workspace"]["package"]["version"].as_str().expect("it is a text");
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let members = workspace["workspace"]["members"].as_array().expect("it is a list");
    for member in members.iter().filter_map(|it| it.as_str()) {
        let package = toml(&format!("{member}/Cargo.toml"));
        assert_eq!(package["package"]["version"]["workspace"].as_bool(), Some(true), "{member}");
    }
    // Tauri takes the crate's where its own file has none; nobody installs the page by itself.
    for file in ["src-tauri/tauri.conf.json", "ui/package.json", "ui/package-lock.json"] {
        assert!(json(file).get("version").is_none(), "{file} has a version of its own");
    }
    let heading = read("CHANGELOG.md").lines().find_map(|line| line.strip_prefix("## ").map(str::to_owned));
    let heading = heading.expect("the changelog has a section");
    assert!(heading == "Unreleased" || heading.starts_with(&format!("{version} (2")), "it begins with {heading}");
}

/// Whatever the packages hold beside the programs and what is made from those.
#[cfg(target_os = "linux")]
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is a place for files");
    let mut script = Command::new(root().join(".ci/package-documents"));
    script.arg(folder.path()).arg(built("examples/documents")).env("SOURCE_DATE_EPOCH", "1795000000");
    must_succeed(&mut script);
    folder
}

#[cfg(target_os = "linux")]
fn must_succeed(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: .ci/packages test installs it"));
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    assert!(output.status.success(), "{command:?}: {said}");
}

#[test]
#[cfg(target_os = "linux")]
fn desktops_and_software_centres_take_its_entries() {
    let tree = tree();
    let share = tree.path().join("usr/share");
    must_succeed(Command::new("desktop-file-validate").arg(share.join("applications/usher.desktop")));
    let metainfo = share.join("metainfo/io.github.usher.metainfo.xml");
    must_succeed(Command::new("appstreamcli").args(["validate", "--no-net", "--pedantic"]).arg(&metainfo));
    let metainfo = fs::read_to_string(metainfo).expect("it is text");
    assert!(metainfo.contains(&format!("<release version=\"{}\" date=\"20", env!("CARGO_PKG_VERSION"))), "{metainfo}");
    assert!(metainfo.contains(&format!(
        "<id>{}</id>",
        json("src-tauri/tauri.conf.json")["identifier"].as_str().expect("it has one")
    )));
}

#[test]
#[cfg(target_os = "linux")]
fn the_icon_has_the_size_of_its_folder() {
    let tree = tree();
    let icons = tree.path().join("usr/share/icons/hicolor");
    let mut sizes = BTreeSet::new();
    for folder in fs::read_dir(&icons).expect("there are icons").flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let Some((size, _)) = name.split_once('x') else { continue };
        let size: u32 = size.parse().expect("a folder is named by its size");
        let file = fs::File::open(folder.path().join("apps/usher.png")).expect("there is an icon");
        let picture = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("it is a PNG");
        assert_eq!((picture.info().width, picture.info().height), (size, size));
        sizes.insert(size);
    }
    assert!(sizes.is_superset(&BTreeSet::from([16, 32, 48, 64, 128, 256, 512])), "{sizes:?}");
    assert!(icons.join("scalable/apps/usher.svg").is_file());
}

/// What `about.toml` accepts; cargo-about holds to it when a package is made.
fn accepted() -> Vec<Licensee> {
    let about = toml("src-tauri/package/about.toml");
    let names = about["accepted"].as_array().expect("it is a list").iter().filter_map(|it| it.as_str());
    names.map(|name| Licensee::parse(name).unwrap_or_else(|error| panic!("{name}: {error}"))).collect()
}

/// Whether one may take it under the accepted licences alone.
fn may_be_in(licence: &str, accepted: &[Licensee]) -> bool {
    let expression = Expression::parse_mode(licence, ParseMode::LAX);
    expression.is_ok_and(|it| it.evaluate(|wanted: &LicenseReq| accepted.iter().any(|it| it.satisfies(wanted))))
}

/// Every library in the programs, with its licence.
fn libraries() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for package in ["usher", "usher-cli"] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["tree", "--locked", "--offline", "-p", package, "-e", "normal", "--prefix", "none"]);
        let output = cargo.args(["--format", "{p}\t{l}"]).current_dir(root()).output().expect("cargo is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("names are text");
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        found.extend(pairs.map(|(name, licence)| (name.to_owned(), licence.trim_end_matches(" (*)").to_owned())));
    }
    found
}

#[test]
fn every_library_in_the_programs_may_be_there() {
    let accepted = accepted();
    let libraries = libraries();
    assert!(libraries.len() > 300, "only {} libraries were looked at", libraries.len());
    let refused: Vec<_> = libraries.iter().filter(|(_, licence)| !may_be_in(licence, &accepted)).collect();
    assert!(refused.is_empty(), "not among the licences in src-tauri/package/about.toml: {refused:#?}");
    assert!(!may_be_in("GPL-3.0-only", &accepted) && !may_be_in("", &accepted), "the search can find");
}

#[test]
fn every_library_in_the_page_may_be_there() {
    let accepted = accepted();
    assert!(Path::new(&root()).join("ui/dist/.vite/license.json").is_file(), "`make page` builds the page");
    let page = json("ui/dist/.vite/license.json");
    let libraries: BTreeMap<&str, &Value> =
        page.as_array().expect("it is a list").iter().filter_map(|it| Some((it["name"].as_str()?, it))).collect();
    assert!(libraries.contains_key("svelte") && libraries.contains_key("@tauri-apps/api"), "{libraries:?}");
    for (name, library) in libraries {
        let licence = library["identifier"].as_str().unwrap_or_default();
        assert!(may_be_in(licence, &accepted), "{name} is under {licence:?}");
        assert!(library["text"].as_str().is_some_and(|text| text.len() > 500), "{name} has no text of its licence");
    }
}

//! Compiles every recipe file in, so that adding a system is adding its file.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    let list = format!("({}, {})", folder("targets")?, folder("idps")?);
    fs::write(Path::new(&out).join("recipes.rs"), list)
}

/// `[("id", include_str!("…/id.toml")), …]` of one folder, in order of the ids.
fn folder(name: &str) -> io::Result<String> {
    let root = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("recipes").join(name);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut paths: Vec<_> =
        fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    let entry = |path: &std::path::PathBuf| {
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        format!("({id:?}, include_str!({:?}))", path.display().to_string())
    };
    Ok(format!("&[{}]", paths.iter().map(entry).collect::<Vec<_>>().join(", ")))
}

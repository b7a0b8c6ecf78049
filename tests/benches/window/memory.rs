//! What a program and the web processes that it started take of memory: each page of it by its share (PSS).

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::desktop::Desktop;

const PATIENCE: Duration = Duration::from_secs(20);

/// In KiB.
pub(crate) fn of_all(desktop: &Desktop) -> u64 {
    windows_processes(desktop).iter().map(|process| share(process)).sum()
}

/// Waits until all of them have ended.
pub(crate) fn gone(desktop: &Desktop) {
    let begin = Instant::now();
    while !windows_processes(desktop).is_empty() {
        assert!(begin.elapsed() < PATIENCE, "the program did not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The processes of this desktop that belong to a window, not to the desktop itself.
fn windows_processes(desktop: &Desktop) -> Vec<PathBuf> {
    let ours = format!("USHER_DATA_DIR={}", desktop.path().join("usher").display());
    let belongs = |process: &PathBuf| {
        let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
        let of_a_window = ["usher", "bare"].contains(&name.trim()) || name.starts_with("WebKit");
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        of_a_window && environment.split(|byte| *byte == 0).any(|variable| variable == ours.as_bytes())
    };
    fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path()).filter(belongs).collect()
}

fn share(process: &std::path::Path) -> u64 {
    let rollup = fs::read_to_string(process.join("smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or_default()
}

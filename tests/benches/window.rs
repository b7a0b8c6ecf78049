//! `make bench`: how long Usher's window takes to be usable and what it takes of memory, beside a bare Tauri window with an
//! empty Svelte page. The two take turns in one run; the ratios count, not the times: the machines are noisy.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops at the first surprise"
)]

#[path = "../tests/window/desktop.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod desktop;
#[path = "window/memory.rs"]
mod memory;
#[path = "window/screen.rs"]
mod screen;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use desktop::{Desktop, Running, Scheme};
use screen::Screen;

const RUNS: usize = 10;
/// Until nothing moves any more on the first screen.
const IDLE: Duration = Duration::from_secs(3);

fn main() {
    let desktop = Desktop::start(Scheme::Light);
    let (usher, bare) = (built("usher"), built("examples/bare"));
    // What the system reads from disk at a first start is the same for both, and not what is compared.
    for program in [&usher, &bare] {
        start(&desktop, program);
    }
    let mut starts = [Vec::new(), Vec::new()];
    let mut sizes = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (of, program) in [&usher, &bare].into_iter().enumerate() {
            let Started { usable, memory } = start(&desktop, program);
            starts[of].push(usable.as_secs_f64() * 1_000.0);
            sizes[of].push(memory as f64 / 1_024.0);
        }
    }
    row("start until the first screen is drawn: beside a bare window", "ms", starts);
    row("memory of all processes, idle: beside a bare window", "MiB", sizes);
}

struct Started {
    usable: Duration,
    /// In KiB.
    memory: u64,
}

/// Starts the program, waits until it is drawn and then idle, and ends it.
fn start(desktop: &Desktop, program: &Path) -> Started {
    let screen = Screen::of(desktop);
    let mut command = desktop.command(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let running = Running::start(command);
    let usable = screen.drawn() - begin;
    std::thread::sleep(IDLE);
    let memory = memory::of_all(desktop);
    drop(running);
    memory::gone(desktop);
    Started { usable, memory }
}

/// One line of cells, as `listing` in the core prints them.
fn row(measure: &str, unit: &str, [usher, bare]: [Vec<f64>; 2]) {
    const MOST: f64 = 1.10;
    let (usher, bare) = (median(usher), median(bare));
    let ratio = usher / bare;
    let met = if ratio <= MOST { "met" } else { "not met" };
    println!("{measure}\t{usher:.0} {unit}\t{bare:.0} {unit}\t{ratio:.2}\t≤ {MOST:.1}\t{met}");
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    (figures[middle] + figures[(figures.len() - 1) / 2]) / 2.0
}

fn built(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release").join(name);
    path.canonicalize().unwrap_or_else(|_| panic!("{} is missing: `make bench` builds it", path.display()))
}

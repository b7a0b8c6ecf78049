//! `make bench`: the people check on a made-up list of 100,000 people, beside the bare `csv` crate reading it. Ratios of one
//! run count, not times: the machines are noisy. With `--write FILE` it writes the list, for the command line; with `--tsv`
//! the measure stands in a line of cells as well, as in `listing`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and stops at the first surprise")]

#[path = "../src/people/tests/crowd.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod crowd;

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use usher_core::{
    people::{Rules, check},
    recipe::{Purpose, Recipes},
};

const ROWS: usize = 100_000;
/// At most so many times as long as `csv` alone.
const GOAL: f64 = 3.0;
/// The fastest of so many counts: others work on this machine too.
const TRIES: usize = 15;

fn main() {
    let crowd = crowd::crowd(ROWS, 37, 7);
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let path = arguments.get(at + 1).expect("--write FILE");
        std::fs::write(path, &crowd.csv).expect("it can be written");
        return;
    }
    let recipes = Recipes::builtin().expect("the recipes hold");
    let guide = recipes.guide("aws-identity-center", "entra", Purpose::Setup, None, &BTreeMap::new());
    let rules = Rules::of(&guide.expect("there is such a pair"));
    let bare = || {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&crowd.csv[..]);
        let (mut row, mut rows) = (csv::ByteRecord::new(), 0);
        while reader.read_byte_record(&mut row).expect("a table") {
            rows += 1;
        }
        rows
    };
    let whole = || {
        let report = check(&crowd.csv[..], &rules, &mut |_| ControlFlow::Continue(())).expect("a list");
        assert_eq!(report.would_fail, crowd.fail, "exactly those who were made to fail");
        report.rows as usize
    };
    let (mut least_bare, mut least_whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..TRIES {
        least_bare = least_bare.min(timed(&bare));
        least_whole = least_whole.min(timed(&whole));
    }
    let ratio = least_whole.as_secs_f64() / least_bare.as_secs_f64();
    let a_second = ROWS as f64 / least_whole.as_secs_f64();
    println!(
        "people check of {ROWS} rows, {} KB: {least_whole:.1?}, {a_second:.0} rows a second; csv alone {least_bare:.1?}; {ratio:.2} times as long",
        crowd.csv.len() / 1024
    );
    if arguments.iter().any(|argument| argument == "--tsv") {
        let (figure, against) = (least_whole.as_secs_f64(), least_bare.as_secs_f64());
        let met = if ratio <= GOAL { "met" } else { "not met" };
        println!(
            "people check of {ROWS} rows: times as long as csv\t{figure:.3} s\t{against:.3} s\t{ratio:.2}\t≤ {GOAL}\t{met}"
        );
    }
}

fn timed(work: &dyn Fn() -> usize) -> Duration {
    let begin = Instant::now();
    assert_eq!(work(), ROWS);
    begin.elapsed()
}

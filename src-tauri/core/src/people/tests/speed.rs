//! How long a list of 100,000 people takes, beside reading it and doing nothing.
//! `cargo test --release -p usher-core people::tests::speed -- --ignored --nocapture`

use std::{
    io::Write as _,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::{aws, crowd::crowd};
use crate::people::check;

const ROWS: usize = 100_000;
/// The fastest of so many counts: others work on this machine too.
const TRIES: usize = 9;

#[test]
#[ignore = "measures; in a debug build it would measure the compiler"]
fn a_hundred_thousand_people_take_at_most_three_times_as_long_as_reading_them() {
    let (crowd, rules) = (crowd(ROWS, 37, 7), aws());
    let fastest = |work: &dyn Fn() -> usize| -> Duration {
        let times = (0..TRIES).map(|_| {
            let begin = Instant::now();
            assert_eq!(work(), ROWS);
            begin.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let bare = fastest(&|| {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&crowd.csv[..]);
        let (mut row, mut rows) = (csv::ByteRecord::new(), 0);
        while reader.read_byte_record(&mut row).expect("a table") {
            rows += 1;
        }
        rows
    });
    let whole = fastest(&|| {
        let report = check(&crowd.csv[..], &rules, &mut |_| ControlFlow::Continue(())).expect("a list");
        assert_eq!(report.would_fail, crowd.fail);
        report.rows as usize
    });
    let ratio = whole.as_secs_f64() / bare.as_secs_f64();
    let per_second = ROWS as f64 / whole.as_secs_f64();
    let told = format!(
        "{} KB, {ROWS} rows: csv alone {bare:.1?}, people check {whole:.1?}: {ratio:.2} times, {per_second:.0} rows/s\n",
        crowd.csv.len() / 1024
    );
    std::io::stderr().write_all(told.as_bytes()).expect("it can be told");
    assert!(ratio <= 3.0, "{told}");
}

/// The list for the command line: `USHER_PEOPLE_CSV=people.csv cargo test … writes_the_list -- --ignored`.
#[test]
#[ignore = "writes a file where the variable says"]
fn writes_the_list() {
    let path = std::env::var_os("USHER_PEOPLE_CSV").expect("where to");
    std::fs::write(path, crowd(ROWS, 37, 7).csv).expect("it can be written");
}

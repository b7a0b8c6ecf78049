//! What is measured: the exports are read, then the target is listed and compared with them.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;
use usher_core::{
    Secret,
    http::{Http, Journal, Limits},
    people::Rules,
    systems::scim::Scim,
    verify::{self, Expected},
};

use super::crowd::{GAPS, Size, groups_csv, people_csv};

pub(super) struct Took {
    /// Without the exports, which lie on a disk.
    pub(super) listing: Duration,
}

pub(super) fn read(port: u16, size: Size) -> Took {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let rules = Rules::usual();
        let mut on = |_: &_| ControlFlow::Continue(());
        let mut expected = Expected::read_people(people_csv(size), &rules, None, &mut on).expect("a list of people");
        expected.read_groups(groups_csv(size), "groups.csv", &mut on).expect("a list of members");
        let http = Http::with(Limits::default()).expect("a client");
        let base = format!("http://127.0.0.1:{port}");
        let scim = Scim::new(&http, &base, &Secret::new("token"), &Journal::new()).expect("an address");
        let (now, stop) = (jiff::Timestamp::UNIX_EPOCH, CancellationToken::new());
        let began = Instant::now();
        let outcome =
            verify::run(&scim, expected, now, &mut |_| {}, &stop).await.unwrap_or_else(|problem| panic!("{problem:?}"));
        let listing = began.elapsed();
        let counts = outcome.counts();
        assert_eq!((counts.matched_people, counts.matched_groups), (size.people, size.groups), "{counts:?}");
        assert_eq!(counts.differences, GAPS, "exactly those that were made: {counts:?}");
        Took { listing }
    })
}

/// For the process that asked for it: seconds, and the most memory in MB where the system tells.
pub(super) fn report(port: u32, size: Size) {
    let took = read(u16::try_from(port).expect("a port"), size);
    println!("{} {}", took.listing.as_secs_f64(), memory().map_or_else(String::new, |memory| memory.to_string()));
}

fn memory() -> Option<u32> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u32 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}

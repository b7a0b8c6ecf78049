//! Whatever comes: no panic, no hang, nothing endless, nothing secret. `USHER_FUZZ_SECONDS` sets how long.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::super::{Progress, examine};

const CANARY: &str = "canary4711Zq8Xw2Lp9Rt5Yb3Nc7VdQ8s2";

/// Longest time for one input, on a slow machine in a debug build.
const LONGEST: Duration = Duration::from_secs(20);

fn budget() -> Duration {
    let seconds = std::env::var("USHER_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1.0_f64);
    Duration::from_secs_f64(seconds.clamp(0.1, 3_600.0))
}

/// Draws inputs until the time is over, and at least twenty.
fn for_a_while<S: Strategy>(strategy: &S, check: impl Fn(&S::Value)) {
    let mut runner = TestRunner::new(Config::default());
    let (began, budget) = (Instant::now(), budget());
    let mut drawn = 0;
    while drawn < 20 || began.elapsed() < budget {
        let tree = strategy.new_tree(&mut runner).unwrap_or_else(|reason| panic!("{reason}"));
        check(&tree.current());
        drawn += 1;
    }
}

fn stands_it(bytes: &[u8]) {
    let began = Instant::now();
    let mut last = 0;
    let mut watch = |progress: &Progress| {
        assert!(progress.bytes >= last);
        last = progress.bytes;
        ControlFlow::Continue(())
    };
    let said = match examine(bytes, &mut watch) {
        Ok(diagnosis) => {
            assert!(!diagnosis.findings.is_empty());
            serde_json::to_string(&diagnosis).unwrap_or_else(|error| panic!("{error}"))
        }
        Err(problem) => problem.message,
    };
    assert!(said.len() < 200_000, "{} bytes", said.len());
    assert!(!said.contains(CANARY), "{said}");
    assert!(began.elapsed() < LONGEST, "{:?} for {} bytes", began.elapsed(), bytes.len());
}

#[test]
fn any_bytes() {
    for_a_while(&prop::collection::vec(any::<u8>(), 0..4_000), |bytes| stands_it(bytes));
}

#[test]
fn any_text() {
    for_a_while(&"(\\PC|[\\[\\]{}:,\"\\\\%&;<>@\n\t]|401|token|SCIM|error){0,400}", |text| stands_it(text.as_bytes()));
}

/// Logs as they are, with bytes changed, taken out, doubled and cut off.
#[test]
fn mutated_logs() {
    let logs: Vec<Vec<u8>> = [
        super::logs::ENTRA,
        super::logs::OKTA,
        super::logs::JOB,
        super::logs::ENTRA_CSV,
        super::logs::OKTA_CSV,
        super::logs::TEXT_LOG,
    ]
    .iter()
    .map(|log| log.replace("SECRET", CANARY).into_bytes())
    .collect();
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0_u8..5);
    let strategy = (prop::sample::select(logs), prop::collection::vec(change, 0..30));
    for_a_while(&strategy, |(log, changes)| {
        let mut bytes = log.clone();
        for (place, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            // A change inside the canary would make it another secret.
            if bytes[at].is_ascii_alphanumeric() {
                continue;
            }
            match how {
                0 if !byte.is_ascii_alphanumeric() => bytes[at] = *byte,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[at]),
                3 => bytes.truncate(at.max(bytes.len() / 2)),
                _ => bytes.extend_from_within(at..),
            }
            bytes.truncate(200_000);
        }
        stands_it(&bytes);
    });
}

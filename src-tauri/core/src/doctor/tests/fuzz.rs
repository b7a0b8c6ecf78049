//! Whatever comes: no panic, no hang, nothing endless, nothing secret.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::super::{Progress, examine};
use crate::fuzz::for_a_while;

const CANARY: &str = "canary4711Zq8Xw2Lp9Rt5Yb3Nc7VdQ8s2";

fn stands_it(bytes: &[u8]) {
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
}

#[test]
fn any_bytes() {
    for_a_while(prop::collection::vec(any::<u8>(), 0..4_000), |bytes| stands_it(bytes));
}

#[test]
fn any_text() {
    for_a_while("(\\PC|[\\[\\]{}:,\"\\\\%&;<>@\n\t]|401|token|SCIM|error){0,400}", |text| stands_it(text.as_bytes()));
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
    let mutated = (prop::sample::select(logs), prop::collection::vec(change, 0..30))
        .prop_map(|(log, changes)| changes.iter().fold(log, mutate));
    for_a_while(mutated, |bytes| stands_it(bytes));
}

/// A change inside the canary would make it another secret, and one in a word that says what is secret would leave nothing
/// to know it by: letters and digits stay, unlike in the damage that other readers are tried with.
fn mutate(mut bytes: Vec<u8>, (place, byte, how): &(prop::sample::Index, u8, u8)) -> Vec<u8> {
    let Some(at) = (!bytes.is_empty()).then(|| place.index(bytes.len())) else { return bytes };
    if bytes[at].is_ascii_alphanumeric() {
        return bytes;
    }
    match how {
        0 if !byte.is_ascii_alphanumeric() => bytes[at] = *byte,
        1 => drop(bytes.remove(at)),
        2 => bytes.insert(at, bytes[at]),
        3 => bytes.truncate(at.max(bytes.len() / 2)),
        _ => bytes.extend_from_within(at..),
    }
    bytes.truncate(200_000);
    bytes
}

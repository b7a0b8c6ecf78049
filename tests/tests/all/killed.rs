//! A rotation that is killed at any moment: the old or the new token works, none is lost, and it goes on from the same
//! step.

use usher_sandbox::Target;

use crate::support::{
    remote,
    rotation::{Kill, Rotation},
};

/// The other process; see [`remote::serve`].
#[tokio::test]
async fn the_other_process() {
    remote::serve().await;
}

/// Without a kill, after every action, and in the middle of every action at different moments: one rotation after the
/// other, each with the token that the one before brought.
#[expect(clippy::print_stdout, reason = "where it was killed, with --nocapture")]
async fn every_way(target: &str, plays: Target) {
    let mut rotation = Rotation::of(target, plays).await;
    for kill in [None, Some(Kill::After), Some(Kill::During(0)), Some(Kill::During(4)), Some(Kill::During(15))] {
        rotation.killed.clear();
        rotation.memory.clear();
        rotation.go(kill).await;
        println!("{target}, {kill:?}: killed {} times: {:?}", rotation.killed.len(), rotation.killed);
        assert!(kill.is_none() || rotation.killed.len() > 5, "{:?}", rotation.killed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_hpe_greenlake() {
    every_way("hpe-greenlake", Target::HpeGreenlake).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_aws() {
    every_way("aws-identity-center", Target::AwsIdentityCenter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_azion() {
    every_way("azion", Target::Azion).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_any_service() {
    every_way("generic-scim", Target::Generic).await;
}

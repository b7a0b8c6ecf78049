//! Stopping a rotation, and what gets in its way: the old token for the new one, a locked keyring, a disk that takes
//! nothing. The way through is walked in `killed`.

use serde_json::json;
use usher_core::{
    Phase,
    view::{Block, Screen},
};
use usher_sandbox::Target;

use crate::support::rotation::Rotation;

#[tokio::test(flavor = "multi_thread")]
async fn before_there_is_a_new_token_nothing_is_asked() {
    let mut rotation = Rotation::of("aws-identity-center", Target::AwsIdentityCenter).await;
    let old = rotation.tokens();
    rotation.until(Phase::ScimToken).await;
    assert!(rotation.stop().await.is_none(), "there is nothing left to do");
    assert!(!rotation.goes_on().await);
    assert_eq!(rotation.tokens(), old);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_nobody_uses_yet_is_forgotten_and_the_old_one_stays() {
    let mut rotation = Rotation::of("hpe-greenlake", Target::HpeGreenlake).await;
    let old = rotation.tokens();
    rotation.until(Phase::IdpCredentials).await;
    assert_eq!(rotation.tokens().len(), 2, "the new one lies beside the old one");
    let said = rotation.stop().await.expect("the new one is left at the target");
    assert!(said.hints.iter().any(|hint| hint.text.starts_with("Delete the new token")), "{said:#?}");
    assert!(!rotation.goes_on().await);
    assert_eq!(rotation.tokens(), old);
    assert!(rotation.accepted(&old[0]).await);
    // And it can be begun again.
    rotation.go(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_old_token_has_ended_there_is_no_way_back() {
    let mut rotation = Rotation::of("hpe-greenlake", Target::HpeGreenlake).await;
    rotation.until(Phase::IdpCredentials).await;
    // The first use of the new one.
    rotation.deal_with("test-again").await;
    let said = rotation.stop().await.expect("it says why");
    assert!(said.message.contains("no longer accepts the old token"), "{said}");
    assert!(rotation.goes_on().await);
    assert_eq!(rotation.tokens().len(), 2, "both are kept");
    rotation.walk().await;
    assert_eq!(rotation.tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_console_has_it_the_old_one_is_to_be_entered_again() {
    let mut rotation = Rotation::of("aws-identity-center", Target::AwsIdentityCenter).await;
    let old = rotation.tokens();
    rotation.until(Phase::Provisioning).await;
    let said = rotation.stop().await.expect("there is something left to do");
    assert!(said.hints[0].text.contains("enter the old one there again first"), "{said:#?}");
    assert_eq!(rotation.tokens(), old);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_in_use_is_not_taken_for_the_new_one() {
    let mut rotation = Rotation::of("aws-identity-center", Target::AwsIdentityCenter).await;
    let old = rotation.tokens()[0].clone();
    rotation.until(Phase::ScimToken).await;
    let paste = json!({ "type": "fill-secret", "block": "scim-token", "secret": format!("Bearer {old}") });
    let view = rotation.usher.act(&paste).await;
    let Screen::Step(step) = view.screen else { panic!("the step stays") };
    let problem = step.blocks.into_iter().find_map(|block| match block {
        Block::Secret { id, problem, .. } if id == "scim-token" => problem,
        _ => None,
    });
    assert!(problem.expect("it is refused").message.contains("the token in use"));
    assert_eq!(rotation.tokens(), [old]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_is_locked_at_the_end_loses_nothing() {
    let mut rotation = Rotation::of("azion", Target::Azion).await;
    rotation.until(Phase::OldToken).await;
    rotation.deal_with("scim-old-token-refused").await;
    let before = rotation.tokens();
    rotation.vault().lock(true);
    let view = rotation.usher.act(&json!({ "type": "continue" })).await;
    assert!(view.notices.iter().any(|notice| notice.problem.message.contains("locked")), "{:#?}", view.notices);
    assert!(rotation.goes_on().await, "the last step stays open");
    rotation.vault().lock(false);
    assert_eq!(rotation.tokens(), before);
    rotation.walk().await;
    assert_eq!(rotation.tokens().len(), 1);
    assert!(rotation.accepted(&rotation.tokens()[0]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_at_the_end_loses_nothing() {
    let mut rotation = Rotation::of("generic-scim", Target::Generic).await;
    rotation.until(Phase::OldToken).await;
    rotation.deal_with("scim-old-token-refused").await;
    let before = rotation.tokens();
    let (data, away) = (rotation.folder.path().join("data"), rotation.folder.path().join("away"));
    std::fs::rename(&data, &away).expect("it can be moved");
    std::fs::write(&data, "a file in the way").expect("there is room");
    let view = rotation.usher.act(&json!({ "type": "continue" })).await;
    assert!(view.notices.iter().any(|notice| notice.id == "disk"), "{:#?}", view.notices);
    assert!(rotation.goes_on().await, "the last step stays open");
    assert_eq!(rotation.tokens(), before, "the old token is not overwritten yet");
    std::fs::remove_file(&data).expect("it was there");
    std::fs::rename(&away, &data).expect("it can be moved back");
    rotation.walk().await;
    assert_eq!(rotation.tokens().len(), 1);
}

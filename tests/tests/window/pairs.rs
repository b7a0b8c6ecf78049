//! Every pair with a guide from Home to Finish, each at its own practice consoles, with a look at every step.

use std::collections::BTreeSet;

use usher_core::recipe::Recipes;

use crate::{
    desktop::{Desktop, Scheme},
    hands::{self, Hands},
    picture::{self, Findings},
    program::Program,
    walk::PHASES,
    words::Pair,
};

/// One test for each row, and the table of all rows.
macro_rules! pairs {
    ($($name:ident: $target:literal with $idp:literal, $scheme:ident;)+) => {
        const PAIRS: &[Pair<'static>] = &[$(($target, $idp)),+];
        $(
            #[tokio::test]
            async fn $name() {
                rehearse(($target, $idp), Scheme::$scheme).await;
            }
        )+
    };
}

pairs! {
    aws_identity_center_with_entra: "aws-identity-center" with "entra", Light;
    aws_identity_center_with_okta: "aws-identity-center" with "okta", Dark;
    azion_with_entra: "azion" with "entra", Light;
    a_plain_service_with_entra: "generic-scim" with "entra", Dark;
    a_plain_service_with_okta: "generic-scim" with "okta", Light;
    hpe_greenlake_with_entra: "hpe-greenlake" with "entra", Light;
    hpe_greenlake_with_okta: "hpe-greenlake" with "okta", Dark;
}

#[test]
fn no_pair_is_left_out() {
    let walked: BTreeSet<(String, String)> =
        PAIRS.iter().map(|(target, idp)| ((*target).to_owned(), (*idp).to_owned())).collect();
    assert_eq!(walked, Recipes::builtin().unwrap().pairs().into_iter().collect());
}

async fn rehearse(pair: Pair<'_>, scheme: Scheme) {
    let (target, idp) = pair;
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| {
        picture::look(window, scheme, &format!("{target}-{idp}-{name}"), Some(pair), &mut found).await;
    };
    hands::choose(window, pair).await;
    look("needs").await;
    window.press("continue").await;

    let mut hands = Hands::new(&desktop, pair);
    for (index, phase) in PHASES.into_iter().enumerate() {
        window.step(phase).await;
        look(&format!("step-{}", index + 1)).await;
        hands.work(window, phase).await;
        look(&format!("step-{}-done", index + 1)).await;
        window.press("continue").await;
        match PHASES.get(index + 1) {
            Some(next) => window.step(next).await,
            None => window.screen("finish").await,
        }
    }
    look("finish").await;
    window.press("home").await;
    window.see("[data-setup]").await;
    usher.close().await;
    found.must_be_none();
}

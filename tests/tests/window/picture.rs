//! Pictures of the screens: light and dark, in the usual and in the smallest size, each checked by axe as it is taken.

use std::{fs, path::PathBuf};

use crate::{
    axe::{self, Violations},
    desktop::Scheme,
    window::Window,
};

/// The usual size last, so that the walk goes on in it.
const SIZES: [(u32, u32); 2] = [(800, 600), (1100, 760)];

/// Looks at the present screen in both sizes: leaves pictures in target/screenshots, notes what axe finds.
pub(crate) async fn look(window: &Window, scheme: Scheme, name: &str, found: &mut Violations) {
    let scheme = format!("{scheme:?}").to_lowercase();
    for (width, height) in SIZES {
        window.resize(width, height).await;
        settle(window).await;
        keep(&window.picture().await, &format!("{name}-{scheme}-{width}.png"));
        found.note(&format!("{name}-{width}"), axe::violations(window).await);
    }
}

/// Until everything that moves has arrived, and two frames were drawn.
async fn settle(window: &Window) {
    window
        .run_async(
            "const done = arguments[0]; \
             Promise.allSettled(document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime < Infinity).map((a) => a.finished)) \
                 .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))",
            vec![],
        )
        .await;
}

fn keep(png: &[u8], name: &str) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(name), png).unwrap();
}

//! Pictures of the screens: light and dark, in the usual and in the smallest size, each checked by axe as it is taken.

use std::{fs, path::PathBuf};

use serde_json::json;

use crate::{axe, window::Window};

const SIZES: [(u32, u32); 2] = [(800, 600), (1100, 760)];
const SCHEMES: [&str; 2] = ["dark", "light"];

/// Looks at the present screen in every way, and leaves pictures of it in target/screenshots.
pub(crate) async fn look(window: &Window, name: &str) {
    for (width, height) in SIZES {
        window.resize(width, height).await;
        for scheme in SCHEMES {
            window.run("document.documentElement.style.colorScheme = arguments[0]", vec![json!(scheme)]).await;
            settle(window).await;
            keep(&window.picture().await, &format!("{name}-{scheme}-{width}.png"));
            axe::check(window, &format!("{name} ({scheme}, {width}×{height})")).await;
        }
    }
    window.run("document.documentElement.style.removeProperty('color-scheme')", vec![]).await;
}

/// Until the colours have arrived and two frames were drawn.
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

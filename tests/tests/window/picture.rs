//! Pictures of the screens: light and dark, in the usual and in the smallest size, each checked by axe as it is taken.

use std::{env, fs, path::Path};

use crate::{
    axe::{self, Violations},
    desktop::Scheme,
    small,
    window::Window,
};

/// The usual size last, so that the walk goes on in it.
const SIZES: [(u32, u32); 2] = [(800, 600), (1100, 760)];

/// Those that the README shows.
const CHOSEN: [(&str, &str); 5] = [
    ("home-first-light-1100", "home.png"),
    ("refused-dark-1100", "refused.png"),
    ("step-3-done-light-1100", "step-3.png"),
    ("step-5-done-light-1100", "step-5.png"),
    ("finish-dark-1100", "finish.png"),
];

/// Looks at the present screen in both sizes: leaves pictures in target/screenshots, notes what axe finds.
pub(crate) async fn look(window: &Window, scheme: Scheme, name: &str, found: &mut Violations) {
    let scheme = format!("{scheme:?}").to_lowercase();
    for (width, height) in SIZES {
        window.resize(width, height).await;
        settle(window).await;
        keep(&window.picture().await, &format!("{name}-{scheme}-{width}"));
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

/// All of them go to target/screenshots; with UPDATE_SCREENSHOTS, the chosen ones go to tests/screenshots, made small.
fn keep(png: &[u8], name: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tests.join("../target/screenshots");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(format!("{name}.png")), png).unwrap();
    let chosen = CHOSEN.iter().find(|(from, _)| *from == name);
    if let Some((_, to)) = chosen.filter(|_| env::var_os("UPDATE_SCREENSHOTS").is_some()) {
        fs::create_dir_all(tests.join("screenshots")).unwrap();
        fs::write(tests.join("screenshots").join(to), small::in_256_colours(png)).unwrap();
    }
}

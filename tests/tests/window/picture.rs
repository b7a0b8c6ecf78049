//! Pictures of the screens: light and dark, in the usual and in the smallest size. As each is taken, axe checks the
//! screen, and its words and shapes are looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use crate::{
    axe,
    desktop::Scheme,
    small,
    window::Window,
    words::{self, Pair},
};

/// The usual size last, so that the walk goes on in it.
const SIZES: [(u32, u32); 2] = [(800, 600), (1100, 760)];

/// Those that the README shows.
const CHOSEN: [(&str, &str); 8] = [
    ("home-first-light-1100", "home.png"),
    ("refused-dark-1100", "refused.png"),
    ("step-3-done-light-1100", "step-3.png"),
    ("step-5-done-light-1100", "step-5.png"),
    ("finish-dark-1100", "finish.png"),
    ("doctor-found-light-1100", "doctor.png"),
    ("ledger-home-checked-light-1100", "ledger.png"),
    ("hpe-greenlake-entra-rotation-2-done-dark-1100", "rotation.png"),
];

/// What is wrong, and on which screens.
#[derive(Default)]
pub(crate) struct Findings(BTreeMap<String, BTreeSet<String>>);

impl Findings {
    fn note(&mut self, screen: &str, found: Vec<String>) {
        for finding in found {
            self.0.entry(finding).or_default().insert(screen.to_owned());
        }
    }

    pub(crate) fn must_be_none(&self) {
        let texts: Vec<String> =
            self.0.iter().map(|(finding, screens)| format!("{finding}\n    on {screens:?}")).collect();
        assert!(texts.is_empty(), "the looks at the window find:\n{}", texts.join("\n"));
    }
}

/// Looks at the present screen in both sizes: leaves pictures in target/screenshots, notes what is wrong. A screen of a
/// pair speaks of no other system; one without a pair may speak of all.
pub(crate) async fn look(window: &Window, scheme: Scheme, name: &str, pair: Option<Pair<'_>>, found: &mut Findings) {
    let scheme = format!("{scheme:?}").to_lowercase();
    for (width, height) in SIZES {
        window.resize(width, height).await;
        window.run(TO_THE_TOP, vec![]).await;
        settle(window).await;
        keep(&window.picture().await, &format!("{name}-{scheme}-{width}"));
        let screen = format!("{name}-{width}");
        found.note(&screen, axe::violations(window).await);
        found.note(&screen, words::misshapen(window).await);
        if let Some(pair) = pair {
            found.note(&screen, words::leftover(window, pair).await);
        }
    }
}

/// The same screen from its end, in both sizes. It was looked at already, so that these are pictures only.
pub(crate) async fn look_at_the_end(window: &Window, scheme: Scheme, name: &str) {
    let scheme = format!("{scheme:?}").to_lowercase();
    for (width, height) in SIZES {
        window.resize(width, height).await;
        window.run(TO_THE_END, vec![]).await;
        settle(window).await;
        keep(&window.picture().await, &format!("{name}-end-{scheme}-{width}"));
    }
}

/// A screen is shown from its beginning; that the window itself stays where it is, is looked at elsewhere.
const TO_THE_TOP: &str =
    "document.querySelectorAll('body *').forEach((it) => { if (it.scrollTop > 0) it.scrollTop = 0; })";

const TO_THE_END: &str = "const page = document.querySelector('main'); page.scrollTop = page.scrollHeight";

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

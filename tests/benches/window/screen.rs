//! Looks at the screen from outside: when a window is there, and when there is something on it.

use std::time::{Duration, Instant};

use x11rb::{
    connection::Connection as _,
    protocol::{
        Event,
        xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, Window},
    },
    rust_connection::RustConnection,
};

use crate::desktop::Desktop;

const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);
/// Smaller windows are the toolkit's own helpers.
const LEAST: (u16, u16) = (800, 600);
/// Where both pages have their heading, and lines enough to find it.
const LOOKED_AT: (u16, u16) = (600, 200);

pub(crate) struct Screen {
    connection: RustConnection,
}

impl Screen {
    /// Listens from now on for windows that are shown.
    pub(crate) fn of(desktop: &Desktop) -> Self {
        let command = desktop.command("");
        let display = command.get_envs().find_map(|(name, value)| value.filter(|_| name == "DISPLAY")?.to_str());
        let (connection, screen) = RustConnection::connect(display).unwrap();
        let root = connection.setup().roots[screen].root;
        let windows = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        connection.change_window_attributes(root, &windows).unwrap().check().unwrap();
        Self { connection }
    }

    /// When a window is shown and its page is drawn.
    pub(crate) fn drawn(&self) -> Instant {
        let begin = Instant::now();
        let window = loop {
            assert!(begin.elapsed() < PATIENCE, "no window was shown");
            match self.connection.poll_for_event().unwrap() {
                Some(Event::MapNotify(shown)) if self.is_large(shown.window) => break shown.window,
                Some(_) => {}
                None => std::thread::sleep(BETWEEN_LOOKS),
            }
        };
        while !self.has_a_picture(window) {
            assert!(begin.elapsed() < PATIENCE, "nothing was drawn");
            std::thread::sleep(BETWEEN_LOOKS);
        }
        Instant::now()
    }

    fn is_large(&self, window: Window) -> bool {
        let geometry = self.connection.get_geometry(window).unwrap().reply();
        geometry.is_ok_and(|it| it.width >= LEAST.0 && it.height >= LEAST.1)
    }

    /// Whether not all of it is of one colour.
    fn has_a_picture(&self, window: Window) -> bool {
        let (width, height) = LOOKED_AT;
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, width, height, u32::MAX).unwrap();
        image.reply().is_ok_and(|it| {
            let mut pixels = it.data.chunks_exact(4);
            let first = pixels.next().unwrap_or_default();
            pixels.any(|pixel| pixel != first)
        })
    }
}

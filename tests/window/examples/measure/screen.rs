//! What a display shows, looked at pixel by pixel: the moment in which a player could have seen something.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use muster_window_suite::Desktop;
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, ImageFormat},
    rust_connection::RustConnection,
};

/// How long something may take to be painted.
const LONGEST: Duration = Duration::from_secs(60);
/// Text in any size has more shades than this; an empty page, its frame and placeholders have fewer.
const SHADES_OF_TEXT: usize = 24;

/// A part of a display: left, top, width and height in pixels.
#[derive(Clone, Copy)]
pub struct Part(pub i16, pub i16, pub u16, pub u16);

/// A display to look at.
pub struct Screen {
    connection: RustConnection,
    root: u32,
}

impl Screen {
    pub fn of(desktop: &Desktop) -> Self {
        let (connection, number) = x11rb::connect(Some(desktop.display())).expect("the display answers");
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// The pixels of a part, 32 bits each.
    pub fn look(&self, part: Part) -> Vec<u32> {
        let Part(x, y, width, height) = part;
        let cookie = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)
            .expect("asked");
        let image = cookie.reply().expect("an image");
        image
            .data
            .chunks_exact(4)
            .map(|pixel| u32::from_le_bytes([pixel[0], pixel[1], pixel[2], 0]))
            .collect()
    }

    /// Waits until a part shows text; gives the milliseconds since `since`.
    pub fn shows_text(&self, part: Part, since: Instant) -> f64 {
        self.waits(since, || self.look(part).into_iter().collect::<HashSet<_>>().len() > SHADES_OF_TEXT)
    }

    /// Waits until a part shows something else than `before`; gives the milliseconds since `since`.
    pub fn changes(&self, part: Part, before: &[u32], since: Instant) -> f64 {
        self.waits(since, || self.look(part) != before)
    }

    fn waits(&self, since: Instant, mut seen: impl FnMut() -> bool) -> f64 {
        loop {
            if seen() {
                return since.elapsed().as_secs_f64() * 1000.0;
            }
            assert!(since.elapsed() < LONGEST, "nothing was painted");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

//! Systems whose tray needs an event loop of the main thread: not shown yet, and said so in the log.

use tokio::sync::mpsc::UnboundedSender;

use super::{Choice, Model};

pub(super) struct Icon;

impl Icon {
    pub fn start(_: UnboundedSender<Choice>) -> Result<Self, String> {
        Err("the tray icon is not available on this system yet".into())
    }

    pub fn update(&self, _: Model) {}
}

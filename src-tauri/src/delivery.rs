//! Brings links from the system to the page: from our own command line, from a second start, and on macOS from the
//! system's event.

use std::{
    collections::hash_map::DefaultHasher,
    ffi::OsString,
    hash::{Hash, Hasher},
    sync::Mutex,
    time::Instant,
};

use tauri::{AppHandle, Emitter, Manager, Runtime, State, plugin::TauriPlugin};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::{
    arguments::{self, Arguments},
    error::Refusal,
    links::{LinkInbox, Notice},
    window,
};

/// Event with a well-formed link, as text.
const LINK: &str = "link";
/// Event with the problem document of a link that was refused.
const LINK_REFUSED: &str = "link-refused";

/// The inbox, shared by everything that brings links.
#[derive(Default)]
pub struct Delivery(Mutex<LinkInbox>);

impl Delivery {
    fn with<T>(&self, use_inbox: impl FnOnce(&mut LinkInbox) -> T) -> T {
        use_inbox(&mut self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// The page is being loaded again; links wait for it.
    pub fn page_left(&self) {
        self.with(LinkInbox::page_left);
    }
}

/// The link that was opened before the page listened; its problem document as the error where it was refused. From this
/// call on links arrive as events, so a page listens to those first.
#[tauri::command]
pub fn pending_link(delivery: State<'_, Delivery>) -> Result<Option<String>, Refusal> {
    match delivery.with(LinkInbox::page_listens) {
        None => Ok(None),
        Some(Notice::Link(link)) => Ok(Some(link)),
        Some(Notice::Refused(error)) => Err(Refusal::of(&error)),
    }
}

/// One instance per user and `MUSTER_HOME`; a second start hands its arguments over and ends.
///
/// The arguments are read here, by the rules of our own command line, and not by the deep-link plug-in: that one passes
/// them through a general URL parser, which rewrites what our own parser would refuse (`..`). They can come from any
/// process of the user.
pub fn single_instance<R: Runtime>() -> TauriPlugin<R> {
    let builder = tauri_plugin_single_instance::Builder::new().callback(|app, arguments, _folder| {
        window::raise(app);
        if let Arguments::Link(link) = arguments::parse(arguments.into_iter().skip(1).map(OsString::from)) {
            deliver(app, &link);
        }
    });
    match std::env::var_os("MUSTER_HOME").filter(|home| !home.is_empty()) {
        None => builder.build(),
        Some(home) => {
            let mut hasher = DefaultHasher::new();
            home.hash(&mut hasher);
            builder.dbus_id(format!("io.github.muster-mods.Muster.home{:016x}", hasher.finish())).build()
        }
    }
}

/// Listens to the system's own link events; only macOS has them, elsewhere links are arguments.
pub fn listen<R: Runtime>(app: &AppHandle<R>) {
    if !cfg!(target_os = "macos") {
        return;
    }
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        window::raise(&handle);
        for address in event.urls() {
            deliver(&handle, address.as_str());
        }
    });
}

/// Takes one link from outside.
pub fn deliver<R: Runtime>(app: &AppHandle<R>, link: &str) {
    // Never the link itself: it may hold what only the player should see (T-96).
    tracing::debug!(bytes = link.len(), "a link arrived");
    let notice = app.state::<Delivery>().with(|inbox| inbox.accept(link, Instant::now()));
    if let Some(notice) = notice {
        tell(app, notice);
    }
}

fn tell<R: Runtime>(app: &AppHandle<R>, notice: Notice) {
    // Fails only while the window is being closed.
    let _ = match notice {
        Notice::Link(link) => app.emit_to(window::LABEL, LINK, link),
        Notice::Refused(error) => app.emit_to(window::LABEL, LINK_REFUSED, Refusal::of(&error)),
    };
}

//! StatusNotifierItem over the session bus: no toolkit, no main loop, no display.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use jiff::SignedDuration;
use muster_engine::manners::PauseWish;
use tokio::sync::mpsc::UnboundedSender;
use tray_icon::{
    MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent,
    menu::{IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem},
};

use super::{Choice, Model, model::Picture};

/// Side of the pictures in pixels; the panel scales them.
const SIDE: u32 = 32;

fn pixels(picture: Picture) -> &'static [u8] {
    match picture {
        Picture::Idle => include_bytes!("../../../../icons/tray/idle-32.rgba"),
        Picture::Downloading => include_bytes!("../../../../icons/tray/downloading-32.rgba"),
        Picture::Seeding => include_bytes!("../../../../icons/tray/seeding-32.rgba"),
        Picture::Paused => include_bytes!("../../../../icons/tray/paused-32.rgba"),
        Picture::Attention => include_bytes!("../../../../icons/tray/attention-32.rgba"),
    }
}

fn image(picture: Picture) -> Result<tray_icon::Icon, tray_icon::BadIcon> {
    tray_icon::Icon::from_rgba(pixels(picture).to_vec(), SIDE, SIDE)
}

/// The icon, living on a thread of its own because its menu must stay on one.
pub(super) struct Icon {
    models: mpsc::Sender<Model>,
}

impl Icon {
    pub fn start(choices: UnboundedSender<Choice>) -> Result<Self, String> {
        let (models, updates) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let thread = thread::Builder::new().name("tray".into()).spawn(move || {
            let shown = Shown::build(choices);
            match shown {
                Err(error) => drop(ready.send(Err(error))),
                Ok(shown) => {
                    let _ = ready.send(Ok(()));
                    shown.follow(&updates);
                }
            }
        });
        thread.map_err(|error| error.to_string())?;
        started.recv_timeout(Duration::from_secs(5)).map_err(|error| error.to_string())??;
        Ok(Self { models })
    }

    pub fn update(&self, model: Model) {
        // The thread is gone only when the session bus is.
        let _ = self.models.send(model);
    }
}

struct Shown {
    icon: TrayIcon,
    headline: MenuItem,
    open: MenuItem,
    pause: MenuItem,
    pause_hour: MenuItem,
    pause_tomorrow: MenuItem,
    pause_playing: MenuItem,
    quit: MenuItem,
}

impl Shown {
    fn build(choices: UnboundedSender<Choice>) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| error.to_string();
        let item = |id: &str, enabled| MenuItem::with_id(id, "Muster", enabled, None);
        let (headline, open) = (item("headline", false), item("open", true));
        let (pause, quit) = (item("pause", true), item("quit", true));
        let (pause_hour, pause_tomorrow) = (item("pause-hour", true), item("pause-tomorrow", true));
        let pause_playing = item("pause-playing", true);
        let menu = Menu::new();
        let separators = [PredefinedMenuItem::separator(), PredefinedMenuItem::separator()];
        let pauses: [&dyn IsMenuItem; 4] = [&pause, &pause_hour, &pause_tomorrow, &pause_playing];
        menu.append_items(&[&headline, &separators[0], &open]).map_err(|e| failed(&e))?;
        menu.append_items(&pauses).map_err(|e| failed(&e))?;
        menu.append_items(&[&separators[1], &quit]).map_err(|e| failed(&e))?;
        let icon = TrayIconBuilder::new()
            .with_id("muster")
            .with_title("Muster")
            .with_tooltip("Muster")
            .with_icon(image(Picture::Idle).map_err(|e| failed(&e))?)
            .with_menu(Box::new(menu))
            .with_menu_on_left_click(false)
            .build()
            .map_err(|e| failed(&e))?;
        listen(choices);
        Ok(Self { icon, headline, open, pause, pause_hour, pause_tomorrow, pause_playing, quit })
    }

    fn follow(mut self, updates: &mpsc::Receiver<Model>) {
        loop {
            match updates.recv_timeout(Duration::from_secs(3600)) {
                Ok(model) => self.show(&model),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn show(&mut self, model: &Model) {
        self.headline.set_text(&model.headline);
        self.open.set_text(&model.open);
        self.pause.set_text(&model.pause);
        self.pause_hour.set_text(&model.pause_hour);
        self.pause_tomorrow.set_text(&model.pause_tomorrow);
        self.pause_playing.set_text(&model.pause_playing);
        self.quit.set_text(&model.quit);
        let shown = image(model.picture)
            .map_err(|error| error.to_string())
            .and_then(|image| self.icon.set_icon(Some(image)).map_err(|error| error.to_string()))
            .and_then(|()| self.icon.set_tooltip(Some(&model.headline)).map_err(|error| error.to_string()));
        if let Err(error) = shown {
            tracing::warn!(error, "the tray icon cannot be changed");
        }
    }
}

/// Turns clicks into choices.
fn listen(choices: UnboundedSender<Choice>) {
    let clicks = choices.clone();
    TrayIconEvent::set_event_handler(Some(move |event| {
        let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } =
            event
        else {
            return;
        };
        let _ = clicks.send(Choice::Open);
    }));
    MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
        let choice = match event.id().as_ref() {
            "open" => Choice::Open,
            "pause" => Choice::TogglePause,
            "pause-hour" => Choice::Pause(PauseWish::For(SignedDuration::from_hours(1))),
            "pause-tomorrow" => Choice::Pause(PauseWish::UntilTomorrow),
            "pause-playing" => Choice::Pause(PauseWish::WhilePlaying),
            "quit" => Choice::Quit,
            _ => return,
        };
        let _ = choices.send(choice);
    }));
}

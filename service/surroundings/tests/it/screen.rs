//! Full screen, on an X server of our own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "test files are written plainly")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use muster_surroundings::{Config, Watcher};
use x11rb::{
    COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT,
    connection::Connection as _,
    protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, Window, WindowClass},
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// An X server without a window manager: the test plays it.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn start() -> Option<Self> {
        let started = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "320x200x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut server) = started else {
            println!("skipped: Xvfb is not installed");
            return None;
        };
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, display: format!(":{}", number.trim()) })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

struct Manager {
    server: RustConnection,
    root: Window,
}

impl Manager {
    fn new(screen: &Screen) -> Self {
        let (server, number) = RustConnection::connect(Some(&screen.display)).unwrap();
        let root = server.setup().roots[number].root;
        Self { server, root }
    }

    fn atom(&self, name: &str) -> u32 {
        self.server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    fn window(&self) -> Window {
        let window = self.server.generate_id().unwrap();
        let visual = COPY_FROM_PARENT;
        let wish = CreateWindowAux::new();
        self.server
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                self.root,
                0,
                0,
                10,
                10,
                0,
                WindowClass::INPUT_OUTPUT,
                visual,
                &wish,
            )
            .unwrap()
            .check()
            .unwrap();
        window
    }

    fn set(&self, window: Window, property: &str, kind: AtomEnum, values: &[u32]) {
        let property = self.atom(property);
        self.server
            .change_property32(PropMode::REPLACE, window, property, kind, values)
            .unwrap()
            .check()
            .unwrap();
    }

    fn bring_to_front(&self, window: Window) {
        self.set(self.root, "_NET_ACTIVE_WINDOW", AtomEnum::WINDOW, &[window]);
    }

    fn set_full(&self, window: Window, is_full: bool) {
        let full = self.atom("_NET_WM_STATE_FULLSCREEN");
        let states = if is_full { vec![self.atom("_NET_WM_STATE_ABOVE"), full] } else { Vec::new() };
        self.set(window, "_NET_WM_STATE", AtomEnum::ATOM, &states);
    }
}

fn watch(screen: &Screen, is_wayland: bool) -> Watcher {
    Watcher::start(&Config {
        display: Some(screen.display.clone()),
        is_wayland,
        system_bus: Some("unix:path=/nonexistent/bus".into()),
        poll: Duration::from_secs(600),
        ..Config::default()
    })
}

async fn until(watcher: &Watcher, what: &str, wanted: Option<bool>) {
    let mut facts = watcher.facts();
    let reached = facts.wait_for(|facts| facts.has_looked && facts.full_screen == wanted);
    assert!(tokio::time::timeout(PATIENCE, reached).await.is_ok(), "{what}: {:?}", watcher.facts().borrow());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_in_front_decides() {
    let Some(screen) = Screen::start() else { return };
    let manager = Manager::new(&screen);
    let watcher = watch(&screen, false);
    until(&watcher, "no window", Some(false)).await;
    let (game, chat) = (manager.window(), manager.window());
    manager.set_full(game, true);
    manager.bring_to_front(chat);
    until(&watcher, "a small window", Some(false)).await;
    manager.bring_to_front(game);
    until(&watcher, "a full window", Some(true)).await;
    manager.set_full(game, false);
    until(&watcher, "small again", Some(false)).await;
    manager.set_full(game, true);
    until(&watcher, "full again", Some(true)).await;
    // The window manager puts nothing in front when the window in front goes.
    manager.server.destroy_window(game).unwrap().check().unwrap();
    manager.bring_to_front(x11rb::NONE);
    until(&watcher, "gone", Some(false)).await;
    drop(screen);
    until(&watcher, "no server", None).await;
    tokio::time::timeout(PATIENCE, watcher.close()).await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_wayland_only_a_full_x11_program_is_known() {
    let Some(screen) = Screen::start() else { return };
    let manager = Manager::new(&screen);
    let watcher = watch(&screen, true);
    until(&watcher, "nothing of X11 in front", None).await;
    let game = manager.window();
    manager.set_full(game, true);
    manager.bring_to_front(game);
    until(&watcher, "an X11 game", Some(true)).await;
    manager.bring_to_front(x11rb::NONE);
    until(&watcher, "something else in front", None).await;
}

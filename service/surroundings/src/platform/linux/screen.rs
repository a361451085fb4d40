//! Whether the program in front fills the screen: `_NET_ACTIVE_WINDOW` and `_NET_WM_STATE` of the Extended Window
//! Manager Hints, asked of the X server on a thread of its own, because such a connection may block.

use std::{
    os::{fd::AsFd as _, unix::net::UnixStream},
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;
use x11rb::{
    connection::Connection as _,
    errors::ReplyOrIdError,
    protocol::{
        Event,
        xproto::{Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, Window},
    },
    rust_connection::RustConnection,
};

use crate::{Config, board::Board, watcher::Source};

/// Windows that come and go make many changes; they are looked at together.
const GATHER: Duration = Duration::from_millis(50);
/// States that one window may have.
const MAX_STATES: u32 = 64;

pub(super) fn source(config: &Config, board: &Board) -> Source {
    let (display, poll, is_wayland) = (config.display.clone(), config.poll, config.is_wayland);
    let board = board.clone();
    Box::new(move |mut first| {
        Box::pin(async move {
            let Some(display) = display else { return };
            loop {
                // Dropping our end tells the thread to end, also where this task is dropped.
                let Ok((_ours, theirs)) = UnixStream::pair() else { return };
                let (told, mut looks) = mpsc::channel(1);
                let display = display.clone();
                let thread = std::thread::Builder::new().name("screen".into()).spawn(move || {
                    if let Err(error) = follow(&display, &told, &theirs) {
                        tracing::debug!(%error, "the X server cannot be asked");
                    }
                });
                if thread.is_err() {
                    return;
                }
                while let Some(is_full) = looks.recv().await {
                    // A Wayland compositor shows X11 only what concerns X11 programs.
                    let known = if is_wayland && !is_full { None } else { Some(is_full) };
                    board.update(|facts| facts.full_screen = known);
                    first.done();
                }
                board.update(|facts| facts.full_screen = None);
                first.done();
                tokio::time::sleep(poll).await;
            }
        })
    })
}

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_WM_STATE,
        _NET_WM_STATE_FULLSCREEN,
    }
}

/// Tells the state now and after every change, until nobody listens or the server ends.
fn follow(display: &str, told: &mpsc::Sender<bool>, stop: &UnixStream) -> Result<(), ReplyOrIdError> {
    let (server, screen) = RustConnection::connect(Some(display))
        .inspect_err(|error| tracing::debug!(%error, "no X server"))
        .map_err(|_| ReplyOrIdError::ConnectionError(x11rb::errors::ConnectionError::UnknownError))?;
    let atoms = Atoms::new(&server)?.reply()?;
    let root = server.setup().roots[screen].root;
    listen(&server, root)?;
    let mut listened = None;
    loop {
        let front = front(&server, root, &atoms)?;
        if front != listened
            && let Some(window) = front
        {
            // It may be gone already; that is another change, and told as one.
            listen(&server, window)?;
        }
        listened = front;
        let is_full = front.is_some_and(|window| is_full(&server, window, &atoms));
        if told.blocking_send(is_full).is_err() {
            return Ok(());
        }
        if !changed(&server, &[atoms._NET_ACTIVE_WINDOW, atoms._NET_WM_STATE], stop)? {
            return Ok(());
        }
        std::thread::sleep(GATHER);
    }
}

fn listen(server: &RustConnection, window: Window) -> Result<(), ReplyOrIdError> {
    let wanted = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    server.change_window_attributes(window, &wanted)?.ignore_error();
    Ok(())
}

fn front(server: &RustConnection, root: Window, atoms: &Atoms) -> Result<Option<Window>, ReplyOrIdError> {
    let asked = server.get_property(false, root, atoms._NET_ACTIVE_WINDOW, AtomEnum::WINDOW, 0, 1)?;
    let window = asked.reply()?.value32().and_then(|mut values| values.next());
    Ok(window.filter(|window| *window != x11rb::NONE))
}

fn is_full(server: &RustConnection, window: Window, atoms: &Atoms) -> bool {
    let asked = server.get_property(false, window, atoms._NET_WM_STATE, AtomEnum::ATOM, 0, MAX_STATES);
    // A window that is gone is not in front.
    let Some(reply) = asked.ok().and_then(|asked| asked.reply().ok()) else { return false };
    reply.value32().is_some_and(|mut states| states.any(|state| state == atoms._NET_WM_STATE_FULLSCREEN))
}

/// Waits for a change of one of these properties; `false` if it is time to end.
fn changed(server: &RustConnection, properties: &[Atom], stop: &UnixStream) -> Result<bool, ReplyOrIdError> {
    loop {
        while let Some(event) = server.poll_for_event()? {
            if matches!(&event, Event::PropertyNotify(change) if properties.contains(&change.atom)) {
                // Whatever else has come is seen by looking again.
                while server.poll_for_event()?.is_some() {}
                return Ok(true);
            }
        }
        let stream = server.stream().as_fd();
        let mut ends = [PollFd::new(&stream, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        if poll(&mut ends, None).is_err() {
            continue;
        }
        if !ends[1].revents().is_empty() {
            return Ok(false);
        }
    }
}

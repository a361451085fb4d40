//! Linux: the message bus where it knows, the kernel where it does not.
//!
//! `bus` holds the one connection and asks again whenever a signal says that something changed; `power`, `network` and
//! `session` are questions it carries; `screen` talks to the X server on a thread of its own; `netlink` tells what the
//! kernel changed.

mod bus;
mod files;
mod netlink;
mod network;
mod power;
mod routes;
mod screen;
mod session;

use crate::{Config, board::Board, watcher::Source};

pub(super) fn sources(config: &Config, board: &Board) -> Vec<Source> {
    let (bus, keeper) = bus::connect(config);
    vec![
        keeper,
        bus::source(&bus, power::Power::new(config, board)),
        bus::source(&bus, network::Network::new(config, board)),
        bus::source(&bus, session::Session::new(board)),
        screen::source(config, board),
    ]
}

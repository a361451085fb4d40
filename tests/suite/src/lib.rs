//! Tests of the running programs: the real service, the real terminal program, real games.
//!
//! Every test has a [`World`] of its own: folders, a service, ports. Nothing waits for a fixed time; everything waits
//! for something that can be seen, up to [`PATIENCE`].

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

mod books;
pub mod content;
pub mod crash;
mod disk;
pub mod figures;
mod folder;
mod publisher;
mod server;
mod trace;
mod world;

pub use books::{Books, Ledger};
pub use disk::SmallDisk;
pub use folder::{Content, Files, files, leftovers};
pub use publisher::{Mod, Registry, sha256};
pub use server::Server;
pub use trace::{Calls, Trace};
pub use world::{Run, World, block, minetest_server, muster, root, service, starter, wait_for};

use std::time::Duration;

/// Longest wait for anything, on a machine that is busy with something else.
pub const PATIENCE: Duration = Duration::from_secs(60);

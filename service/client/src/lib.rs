//! Find the Muster service, start it if need be, and talk to it.
//!
//! This is what the window, the terminal and games use; it knows the wire types of [`muster_api`] and nothing of how
//! the service works. Everything goes over a Unix socket (or a named pipe on Windows) that only the user can open.

mod connection;
mod error;
mod events;
mod places;
mod platform;
mod request;
mod start;
mod window;

pub use connection::Client;
pub use error::{CODES, ClientError};
pub use events::EventStream;
pub use places::{Endpoint, PlaceError, Places};
pub use platform::lock_exclusively;
pub use request::Request;
pub use start::{Probe, ServiceProgram, connect_or_start, end, probe};
pub use window::{PLAIN_RENDERER, WindowProgram, needs_plain_renderer};

pub use muster_api as api;

/// Version and commit of this build.
pub const BUILD: &str = env!("MUSTER_BUILD");
/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! Where callers of this user connect, and nobody else can.

use std::{io, path::PathBuf};

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod system;

pub use system::Socket;

/// Why the service cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[cfg(unix)]
    #[error("the folder {0} belongs to another user or is a link")]
    Folder(PathBuf),
    #[cfg(unix)]
    #[error("{0} is in the way and is not a socket of ours")]
    Occupied(PathBuf),
    #[error("cannot listen on {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

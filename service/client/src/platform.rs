//! What differs between systems: connecting, locking, naming the user, going on as another program.

use std::{fs::File, io};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::Endpoint;

/// A connection to the service.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Takes the advisory lock of an open file without waiting; `false` where another process has it. The lock ends with
/// the file, whatever happens to the process.
pub fn lock_exclusively(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(std::fs::TryLockError::WouldBlock) => Ok(false),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(unix)]
pub(crate) async fn connect(endpoint: &Endpoint) -> io::Result<Box<dyn Stream>> {
    use std::os::unix::fs::MetadataExt;

    let Endpoint::Socket(path) = endpoint else { return Err(io::ErrorKind::Unsupported.into()) };
    let stream = tokio::net::UnixStream::connect(path).await?;
    // A socket of another user would be somebody pretending to be the service (security.md T-98).
    let me = rustix::process::getuid().as_raw();
    let peer = stream.peer_cred()?.uid();
    let owner = std::fs::symlink_metadata(path)?.uid();
    if peer != me || owner != me {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the socket belongs to another user"));
    }
    Ok(Box::new(stream))
}

#[cfg(unix)]
pub(crate) fn user_tag() -> String {
    rustix::process::getuid().as_raw().to_string()
}

/// Goes on as another program.
#[cfg(unix)]
pub(crate) fn replace_with(mut command: std::process::Command) -> io::Result<()> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(windows)]
pub(crate) async fn connect(endpoint: &Endpoint) -> io::Result<Box<dyn Stream>> {
    let Endpoint::Pipe(name) = endpoint else { return Err(io::ErrorKind::Unsupported.into()) };
    let client = tokio::net::windows::named_pipe::ClientOptions::new().open(name)?;
    Ok(Box::new(client))
}

#[cfg(windows)]
pub(crate) fn user_tag() -> String {
    std::env::var("USERNAME").unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A process cannot become another program here: that is started, and this one may end.
#[cfg(windows)]
pub(crate) fn replace_with(mut command: std::process::Command) -> io::Result<()> {
    command.spawn().map(drop)
}

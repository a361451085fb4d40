//! A Unix socket: made in a folder of ours, open to us alone, and every peer's uid looked at.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use axum::serve::Listener;
use muster_client::{Endpoint, Places};
use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};

use super::BindError;

/// A listening Unix socket, removed when the service ends.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
    uid: u32,
}

impl Socket {
    /// Binds the endpoint of these places. The caller holds the service lock: a socket that is there is a stale one.
    pub fn bind(places: &Places) -> Result<Self, BindError> {
        let Endpoint::Socket(path) = places.endpoint() else {
            let source = io::Error::from(io::ErrorKind::Unsupported);
            return Err(BindError::Io { path: places.run.clone(), source });
        };
        let failed = |source| BindError::Io { path: path.clone(), source };
        let uid = rustix::process::getuid().as_raw();
        own_folder(&places.socket_folder(), uid)?;
        match fs::symlink_metadata(&path) {
            Ok(found) if is_our_socket(&found, uid) => fs::remove_file(&path).map_err(failed)?,
            Ok(_) => return Err(BindError::Occupied(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let listener = UnixListener::bind(&path).map_err(failed)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self { listener, path, uid })
    }
}

fn is_our_socket(found: &fs::Metadata, uid: u32) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_socket() && found.uid() == uid
}

/// Makes the folder with mode 0700, or checks that the one that is there is ours and nobody else's (T-98).
fn own_folder(folder: &Path, uid: u32) -> Result<(), BindError> {
    let failed = |source| BindError::Io { path: folder.to_owned(), source };
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
        _ => {}
    }
    let found = fs::symlink_metadata(folder).map_err(failed)?;
    if !found.is_dir() || found.uid() != uid {
        return Err(BindError::Folder(folder.to_owned()));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

impl Listener for Socket {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => match stream.peer_cred() {
                    Ok(peer) if peer.uid() == self.uid => return (stream, address),
                    Ok(peer) => tracing::warn!(uid = peer.uid(), "refused a connection of another user"),
                    Err(error) => tracing::warn!(%error, "refused a connection without an identity"),
                },
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Gone already is as good; a stale one is recovered at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_socket_is_ours_alone_and_stale_ones_are_replaced() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        let first = Socket::bind(&places).unwrap();
        let mode = |path: &Path| fs::symlink_metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&first.path), 0o600);
        assert_eq!(mode(&places.run), 0o700);
        std::mem::forget(first);
        assert!(Socket::bind(&places).is_ok(), "a socket left by a killed service is replaced");
    }

    /// T-98
    #[tokio::test]
    async fn refuses_a_folder_or_socket_that_somebody_prepared() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::below(home.path());
        std::os::unix::fs::symlink(home.path(), &places.run).unwrap();
        assert!(matches!(Socket::bind(&places), Err(BindError::Folder(_))));
        fs::remove_file(&places.run).unwrap();
        fs::create_dir(&places.run).unwrap();
        std::os::unix::fs::symlink("/nowhere", places.run.join("service.sock")).unwrap();
        assert!(matches!(Socket::bind(&places), Err(BindError::Occupied(_))));
    }
}

//! A named pipe that only this user can open, on this machine.

use std::{io, path::PathBuf, time::Duration};

use axum::serve::Listener;
use interprocess::os::windows::{
    named_pipe::{
        PipeListenerOptions, PipeMode, pipe_mode,
        tokio::{DuplexPipeStream, PipeListener},
    },
    security_descriptor::SecurityDescriptor,
};
use muster_client::{Endpoint, Places};
use widestring::u16cstr;

use super::BindError;

/// Everything for the owner, which is the user of this process, and nothing for anybody else (security descriptor
/// definition language, MS-DTYP §2.5.1).
const OWNER_ONLY: &widestring::U16CStr = u16cstr!("D:P(A;;GA;;;OW)");

/// A listening pipe; it goes with the process.
pub struct Socket {
    listener: PipeListener<pipe_mode::Bytes, pipe_mode::Bytes>,
    name: String,
}

impl Socket {
    /// Makes the pipe of these places. The first instance of a name is its owner: where somebody else made one before,
    /// this fails.
    pub fn bind(places: &Places) -> Result<Self, BindError> {
        let Endpoint::Pipe(name) = places.endpoint() else {
            let source = io::Error::from(io::ErrorKind::Unsupported);
            return Err(BindError::Io { path: places.run.clone(), source });
        };
        let failed = |source| BindError::Io { path: PathBuf::from(&name), source };
        let descriptor = SecurityDescriptor::deserialize(OWNER_ONLY).map_err(failed)?;
        let listener = PipeListenerOptions::new()
            .path(name.as_str())
            .mode(PipeMode::Bytes)
            .accept_remote(false)
            .security_descriptor(Some(descriptor))
            .create_tokio_duplex::<pipe_mode::Bytes>()
            .map_err(failed)?;
        Ok(Self { listener, name })
    }
}

impl Listener for Socket {
    type Io = DuplexPipeStream<pipe_mode::Bytes>;
    type Addr = String;

    async fn accept(&mut self) -> (Self::Io, String) {
        loop {
            match self.listener.accept().await {
                Ok(stream) => return (stream, self.name.clone()),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<String> {
        Ok(self.name.clone())
    }
}

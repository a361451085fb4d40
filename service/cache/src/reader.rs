//! Reading complete archives for others.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_fsx::ErrorKind;

use crate::{Error, cache::Inner, state::lock};

/// Positional reads of one complete archive; the file is opened when first read and may be closed in between.
#[derive(Clone, Debug)]
pub struct Reader {
    inner: Arc<Inner>,
    sha256: Sha256,
    size: u64,
}

impl Reader {
    pub(crate) fn new(inner: Arc<Inner>, sha256: Sha256, size: u64) -> Self {
        Self { inner, sha256, size }
    }

    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Fills `buffer` from `offset`.
    ///
    /// # Errors
    /// [`Error::Range`]; [`Error::Missing`] after the archive was evicted; [`Error::Corrupt`] if it is damaged.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Error> {
        let length = buffer.len() as u64;
        if offset.checked_add(length).is_none_or(|end| end > self.size) {
            return Err(Error::Range { offset, length, size: self.size });
        }
        self.inner.ensure_verified(&self.sha256)?;
        match self.inner.handle(&self.sha256)?.read_exact_at(buffer, offset) {
            Ok(()) => Ok(()),
            // Shorter than it was when it was verified, or unreadable: find out, and never serve it again if so.
            Err(error) if error.kind() == ErrorKind::Other => {
                self.inner.verify_after_failure(&self.sha256)?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Says that somebody got `bytes` of it.
    pub fn served(&self, bytes: u64, now: Timestamp) {
        let mut state = lock(&self.inner.state);
        if let Some(entry) = state.archives.get_mut(&self.sha256) {
            entry.served = entry.served.saturating_add(bytes);
            state.is_dirty = true;
        }
        state.touch(&self.sha256, now);
    }
}

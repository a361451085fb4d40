//! Hashing an archive from its start while the rest arrives, so that the end costs no second reading of it.
//!
//! Only blocks that match the signed list are taken in: these are final. Should one be taken back all the same, hashing
//! begins again. It saves time and decides nothing: the archive is visible only after the whole hash was compared.

use muster_domain::Sha256;
use muster_fsx::File;
use sha2::{Digest, Sha256 as Hasher};

use crate::Error;

/// Bytes read at once.
const BUFFER: usize = 256 * 1024;

/// The SHA-256 of the first bytes of an archive.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    hasher: Hasher,
    position: u64,
}

impl Ahead {
    /// Bytes that are taken in.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Takes in everything before `end`; nothing if that is behind.
    pub fn advance(&mut self, file: &File, end: u64) -> Result<(), Error> {
        let mut buffer = vec![0; BUFFER.min(end.saturating_sub(self.position) as usize)];
        while self.position < end {
            let length = (end - self.position).min(BUFFER as u64) as usize;
            file.read_exact_at(&mut buffer[..length], self.position)?;
            self.hasher.update(&buffer[..length]);
            self.position += length as u64;
        }
        Ok(())
    }

    /// The byte at this place may change.
    pub fn doubt(&mut self, offset: u64) {
        if offset < self.position {
            *self = Self::default();
        }
    }

    /// The hash of what was taken in; begins again.
    pub fn finish(&mut self) -> Sha256 {
        Sha256(std::mem::take(self).hasher.finalize().into())
    }
}

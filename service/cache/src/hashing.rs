//! Hashing files by positional reads, so that nobody's position moves.

use std::ops::ControlFlow;

use muster_domain::Sha256;
use muster_fsx::File;
use sha2::{Digest, Sha256 as Hasher};

use crate::Error;

const BUFFER: usize = 1 << 20;

/// SHA-256 of the first `size` bytes of a file, telling `pace` the number of bytes after each piece read: it may sleep, or end it.
pub(crate) fn hash_paced<B>(
    file: &File,
    size: u64,
    pace: &mut dyn FnMut(u64) -> ControlFlow<B>,
) -> Result<ControlFlow<B, Sha256>, Error> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; BUFFER];
    let mut offset = 0;
    while offset < size {
        let length = (size - offset).min(BUFFER as u64) as usize;
        file.read_exact_at(&mut buffer[..length], offset)?;
        hasher.update(&buffer[..length]);
        offset += length as u64;
        if let ControlFlow::Break(end) = pace(length as u64) {
            return Ok(ControlFlow::Break(end));
        }
    }
    Ok(ControlFlow::Continue(Sha256(hasher.finalize().into())))
}

/// SHA-256 of bytes in memory.
pub(crate) fn hash_bytes(bytes: &[u8]) -> Sha256 {
    Sha256(Hasher::digest(bytes).into())
}

//! The hash of a file where it lies.

use std::io::Read as _;

use muster_domain::Sha256;
use muster_fsx::Dir;
use sha2::Digest as _;

/// Bytes read at once.
const STEP: usize = 256 * 1024;

/// SHA-256 of a file below a folder; `None` where it cannot be read. Blocks on the disk.
pub(crate) fn hash(dir: &Dir, path: &str) -> Option<Sha256> {
    let mut file = dir.open(path).ok()?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; STEP];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(Sha256(hasher.finalize().into())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

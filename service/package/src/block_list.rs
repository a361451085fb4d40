//! SHA-256 of every 64 KiB block of an archive: names the one bad block of a poisoned download.

use muster_domain::{ArtifactRef, Sha256};
use sha2::Digest as _;

use crate::{Artifact, Error, Result, bytes::Reader, limits::MAX_SIZE};

/// Bytes of every block but the last.
pub const BLOCK_SIZE: u64 = 64 * 1024;

const MAGIC: &[u8] = b"muster-blocks 1\n";

/// The hashes of all blocks of one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockList {
    size: u64,
    blocks: Vec<Sha256>,
}

fn malformed() -> Error {
    Error::Artifact { artifact: Artifact::BlockList }
}

impl BlockList {
    pub(crate) fn new(size: u64, blocks: Vec<Sha256>) -> Self {
        debug_assert_eq!(blocks.len() as u64, size.div_ceil(BLOCK_SIZE));
        Self { size, blocks }
    }

    /// The list of an archive that is in memory.
    pub fn build(archive: &[u8]) -> Self {
        let hash = |block: &[u8]| Sha256(sha2::Sha256::digest(block).into());
        Self::new(archive.len() as u64, archive.chunks(BLOCK_SIZE as usize).map(hash).collect())
    }

    /// Bytes of the archive.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn blocks(&self) -> &[Sha256] {
        &self.blocks
    }

    /// Offset and length of a block.
    pub fn range(&self, index: usize) -> Option<(u64, usize)> {
        self.blocks.get(index)?;
        let start = index as u64 * BLOCK_SIZE;
        Some((start, (self.size - start).min(BLOCK_SIZE) as usize))
    }

    /// Whether `bytes` are the block of this number, complete.
    pub fn verify_block(&self, index: usize, bytes: &[u8]) -> bool {
        self.range(index).is_some_and(|(_, length)| length == bytes.len())
            && self.blocks[index].as_bytes()[..] == sha2::Sha256::digest(bytes)[..]
    }

    /// The form that is published.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.size.to_le_bytes());
        out.extend(self.blocks.iter().flat_map(|hash| hash.0));
        out
    }

    /// Reads the published form of the list of an archive of `archive_size` bytes.
    pub fn parse(bytes: &[u8], archive_size: u64) -> Result<Self> {
        let mut reader = Reader(bytes);
        reader.literal(MAGIC).ok_or_else(malformed)?;
        let size =
            reader.u64().filter(|size| *size == archive_size && *size <= MAX_SIZE).ok_or_else(malformed)?;
        let count = size.div_ceil(BLOCK_SIZE);
        if reader.0.len() as u64 != count * 32 {
            return Err(malformed());
        }
        let (hashes, _) = reader.0.as_chunks::<32>();
        Ok(Self::new(size, hashes.iter().copied().map(Sha256).collect()))
    }

    /// How the list is named in signed metadata.
    pub fn artifact(&self) -> ArtifactRef {
        artifact_of(&self.to_bytes())
    }
}

pub(crate) fn artifact_of(bytes: &[u8]) -> ArtifactRef {
    ArtifactRef { sha256: Sha256(sha2::Sha256::digest(bytes).into()), size: bytes.len() as u64 }
}

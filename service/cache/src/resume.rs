//! The resume map: which blocks of an unfinished archive are safely on disk.
//!
//! Written beside the partial file, always *after* the data it speaks of was synced and before anything it speaks of is
//! overwritten; so a map never claims bytes that a crash could have lost. A map that is torn, foreign or altered is
//! treated as absent: that costs time, nothing else.
//!
//! Layout, little endian: `MUSTERRM`, format `u32`, flags `u32` (bit 0: every claimed block matched the signed block
//! list), SHA-256 of the archive, its size `u64`, one bit per 64 KiB block (lowest bit first), SHA-256 of all before.

use muster_domain::Sha256;
use sha2::{Digest, Sha256 as Hasher};

/// Bytes of one block; the unit of the signed block list.
pub const BLOCK_SIZE: u64 = 64 * 1024;
/// Largest archive, in bytes.
pub const MAX_ARCHIVE: u64 = 1 << 40;

const MAGIC: &[u8; 8] = b"MUSTERRM";
const FORMAT: u32 = 1;
const VERIFIED: u32 = 1;
const HEADER: usize = 8 + 4 + 4 + 32 + 8;
const CHECKSUM: usize = 32;

/// Number of blocks of a file of `size` bytes; an empty file has none.
pub fn block_count(size: u64) -> u64 {
    size.div_ceil(BLOCK_SIZE)
}

/// Length in bytes of one block of a file of `size` bytes.
pub(crate) fn block_length(size: u64, block: u32) -> u64 {
    (size - u64::from(block) * BLOCK_SIZE).min(BLOCK_SIZE)
}

/// One bit per block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    bytes: Vec<u8>,
    count: u32,
}

impl Bits {
    pub fn new(count: u32) -> Self {
        Self { bytes: vec![0; count.div_ceil(8) as usize], count }
    }

    pub fn get(&self, index: u32) -> bool {
        index < self.count && self.bytes[index as usize / 8] & (1 << (index % 8)) != 0
    }

    pub fn set(&mut self, index: u32) {
        self.bytes[index as usize / 8] |= 1 << (index % 8);
    }

    pub fn clear(&mut self, index: u32) {
        self.bytes[index as usize / 8] &= !(1 << (index % 8));
    }

    pub fn ones(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.count).filter(|index| self.get(*index))
    }
}

/// What a map says, after it was found to be whole and to belong to this archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResumeMap {
    pub blocks: Bits,
    /// Every claimed block matched the signed block list when it was claimed.
    pub verified: bool,
}

impl ResumeMap {
    pub fn to_bytes(&self, sha256: &Sha256, size: u64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.blocks.bytes.len() + CHECKSUM);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&u32::from(self.verified).to_le_bytes());
        bytes.extend_from_slice(&sha256.0);
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&self.blocks.bytes);
        let checksum = Hasher::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }

    /// Reads a map of the archive with this hash and size; anything else is `None`.
    pub fn parse(bytes: &[u8], sha256: &Sha256, size: u64) -> Option<Self> {
        let count = u32::try_from(block_count(size)).ok()?;
        let body_length = HEADER + count.div_ceil(8) as usize;
        if bytes.len() != body_length + CHECKSUM {
            return None;
        }
        let (body, checksum) = bytes.split_at(body_length);
        let (header, bits) = body.split_at(HEADER);
        let flags = u32::from_le_bytes(header[12..16].try_into().ok()?);
        let fits = header[..8] == *MAGIC
            && header[8..12] == FORMAT.to_le_bytes()
            && flags <= VERIFIED
            && header[16..48] == sha256.0
            && header[48..56] == size.to_le_bytes()
            && Hasher::digest(body)[..] == *checksum;
        let tail_is_clear =
            count.is_multiple_of(8) || bits.last().is_none_or(|last| last >> (count % 8) == 0);
        (fits && tail_is_clear)
            .then(|| Self { blocks: Bits { bytes: bits.to_vec(), count }, verified: flags & VERIFIED != 0 })
    }

    /// Bytes of the archive in claimed blocks.
    pub fn claimed_bytes(&self, size: u64) -> u64 {
        self.blocks.ones().map(|block| block_length(size, block)).sum()
    }

    /// Largest file a map of an archive of `size` bytes can be.
    pub fn file_limit(size: u64) -> u64 {
        HEADER as u64 + block_count(size).div_ceil(8) + CHECKSUM as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map(size: u64, claimed: &[u32]) -> ResumeMap {
        let mut blocks = Bits::new(u32::try_from(block_count(size)).expect("small"));
        claimed.iter().for_each(|block| blocks.set(*block));
        ResumeMap { blocks, verified: true }
    }

    proptest! {
        #[test]
        fn reads_back_what_was_written(size in 0u64..5_000_000, seed: u64, verified: bool) {
            let count = block_count(size) as u32;
            let claimed: Vec<u32> = (0..count).filter(|b| (seed >> (b % 64)) & 1 == 1).collect();
            let mut one = map(size, &claimed);
            one.verified = verified;
            let hash = Sha256([9; 32]);
            let bytes = one.to_bytes(&hash, size);
            prop_assert_eq!(bytes.len() as u64, ResumeMap::file_limit(size));
            prop_assert_eq!(ResumeMap::parse(&bytes, &hash, size), Some(one.clone()));
            prop_assert_eq!(one.blocks.ones().collect::<Vec<_>>(), claimed);
        }

        #[test]
        fn one_altered_byte_makes_a_map_absent(at in 0usize..100, with in 1u8..) {
            let hash = Sha256([9; 32]);
            let mut bytes = map(1_000_000, &[0, 3]).to_bytes(&hash, 1_000_000);
            let at = at % bytes.len();
            bytes[at] ^= with;
            prop_assert_eq!(ResumeMap::parse(&bytes, &hash, 1_000_000), None);
        }

        #[test]
        fn noise_is_never_a_map(bytes in prop::collection::vec(any::<u8>(), 0..300), size: u64) {
            prop_assert_eq!(ResumeMap::parse(&bytes, &Sha256([1; 32]), size), None);
        }
    }

    #[test]
    fn a_map_of_another_archive_is_absent() {
        let bytes = map(1_000_000, &[1]).to_bytes(&Sha256([9; 32]), 1_000_000);
        assert_eq!(ResumeMap::parse(&bytes, &Sha256([8; 32]), 1_000_000), None);
        assert_eq!(ResumeMap::parse(&bytes, &Sha256([9; 32]), 1_000_001), None);
    }
}

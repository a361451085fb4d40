//! BitTorrent v1 (BEP 3) metainfo of an archive. It follows from the bytes alone, so that everybody who has the archive
//! makes the same swarm; nothing in it is trusted for content, the archive's own hash decides.

use muster_domain::{Archive, Sha1, Sha256, Torrent};
use sha1::Digest as _;

use crate::{Artifact, Error, Result, bytes::Reader};

const MIN_PIECE: u32 = 64 * 1024;
const MAX_PIECE: u32 = 4 * 1024 * 1024;
const MAX_PIECES: u64 = 2_000;

/// The info dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    pub archive: Archive,
    /// Bytes of every piece but the last.
    pub piece_length: u32,
    pub pieces: Vec<Sha1>,
}

/// The smallest power of two from 64 KiB to 4 MiB that gives at most 2,000 pieces, else 4 MiB.
pub fn piece_length(size: u64) -> u32 {
    let mut length = MIN_PIECE;
    while length < MAX_PIECE && size.div_ceil(length.into()) > MAX_PIECES {
        length *= 2;
    }
    length
}

impl Info {
    /// Computes it from the bytes of an archive, which `read` gives from any offset.
    pub fn compute<E>(
        archive: Archive,
        mut read: impl FnMut(u64, &mut [u8]) -> std::result::Result<(), E>,
    ) -> std::result::Result<Self, E> {
        let piece_length = piece_length(archive.size);
        let mut pieces = Vec::new();
        let mut buffer = vec![0; piece_length as usize];
        let mut offset = 0;
        while offset < archive.size {
            let length = (archive.size - offset).min(piece_length.into()) as usize;
            read(offset, &mut buffer[..length])?;
            pieces.push(Sha1(sha1::Sha1::digest(&buffer[..length]).into()));
            offset += length as u64;
        }
        Ok(Self { archive, piece_length, pieces })
    }

    /// The bencoded info dictionary.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = info_prefix(&self.archive, self.pieces.len());
        out.extend(self.pieces.iter().flat_map(|piece| piece.0));
        out.push(b'e');
        out
    }

    /// The name of the swarm.
    pub fn info_hash(&self) -> Sha1 {
        Sha1(sha1::Sha1::digest(self.to_bytes()).into())
    }

    /// A complete `.torrent` file: `info` and nothing else.
    pub fn metainfo(&self) -> Vec<u8> {
        let mut out = b"d4:info".to_vec();
        out.extend(self.to_bytes());
        out.push(b'e');
        out
    }

    /// As signed metadata names it.
    pub fn torrent(&self) -> Torrent {
        Torrent { info_hash: self.info_hash(), piece_length: self.piece_length }
    }

    /// Reads an info dictionary, which must be exactly what `archive` has but for the pieces' hashes (T-111).
    pub fn parse(bytes: &[u8], archive: &Archive) -> Result<Self> {
        let mut reader = Reader(bytes);
        let info = Self::read(&mut reader, archive).filter(|_| reader.is_empty());
        info.ok_or(Error::Artifact { artifact: Artifact::Torrent })
    }

    /// Reads a `.torrent` file under the same rule.
    pub fn parse_metainfo(bytes: &[u8], archive: &Archive) -> Result<Self> {
        let inner = bytes.strip_prefix(b"d4:info").and_then(|rest| rest.strip_suffix(b"e"));
        Self::parse(inner.ok_or(Error::Artifact { artifact: Artifact::Torrent })?, archive)
    }

    fn read(reader: &mut Reader<'_>, archive: &Archive) -> Option<Self> {
        let piece_length = piece_length(archive.size);
        let count = usize::try_from(archive.size.div_ceil(piece_length.into())).ok()?;
        reader.literal(&info_prefix(archive, count))?;
        let (hashes, _) = reader.take(count.checked_mul(20)?)?.as_chunks::<20>();
        reader.literal(b"e")?;
        Some(Self { archive: *archive, piece_length, pieces: hashes.iter().copied().map(Sha1).collect() })
    }
}

/// Everything of the dictionary before the hashes; its keys are in byte order.
fn info_prefix(Archive { sha256, size }: &Archive, pieces: usize) -> Vec<u8> {
    let piece_length = piece_length(*size);
    let hashes = pieces * 20;
    format!("d6:lengthi{size}e4:name64:{sha256}12:piece lengthi{piece_length}e6:pieces{hashes}:").into_bytes()
}

/// Collects the pieces of an archive that passes by in blocks whose size divides the piece length.
pub(crate) struct Pieces {
    piece_length: u32,
    filled: u32,
    hasher: sha1::Sha1,
    pieces: Vec<Sha1>,
}

impl Pieces {
    pub(crate) fn new(size: u64) -> Self {
        Self { piece_length: piece_length(size), filled: 0, hasher: sha1::Sha1::new(), pieces: Vec::new() }
    }

    pub(crate) fn add(&mut self, block: &[u8]) {
        self.hasher.update(block);
        self.filled += block.len() as u32;
        if self.filled >= self.piece_length {
            self.close();
        }
    }

    fn close(&mut self) {
        self.pieces.push(Sha1(self.hasher.finalize_reset().into()));
        self.filled = 0;
    }

    pub(crate) fn finish(mut self, sha256: Sha256, size: u64) -> Info {
        if self.filled > 0 {
            self.close();
        }
        Info { archive: Archive { sha256, size }, piece_length: self.piece_length, pieces: self.pieces }
    }
}

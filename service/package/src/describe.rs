//! Everything about an archive that is published beside it, in one pass over its bytes.

use muster_domain::{Archive, Sha256};
use sha2::Digest as _;

use crate::{
    BLOCK_SIZE, BlockList, Cancel, Entry, EntryMap, Error, MappedEntry, Result, Validated, source::ReadAt,
    torrent,
};

/// What is published beside an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub archive: Archive,
    pub block_list: BlockList,
    pub torrent: torrent::Info,
    /// Only packages have one.
    pub entry_map: Option<EntryMap>,
}

/// Describes a package. The contents' hashes in the entry map are the manifest's: [`crate::verify`] first.
pub fn describe(
    source: &(impl ReadAt + ?Sized),
    package: &Validated,
    cancel: Cancel<'_>,
) -> Result<Description> {
    let mut spans = Spans::new(package.entries());
    let mut description = pass(source, cancel, &mut spans)?;
    let files = package.files().map(|(file, _)| file.sha256);
    let contents = std::iter::once(package.manifest_sha256()).chain(files);
    let entries = package.entries().iter().zip(spans.finish()).zip(contents);
    let mapped = entries.map(|((entry, stored_sha256), sha256)| MappedEntry {
        entry: entry.clone(),
        stored_sha256,
        sha256,
    });
    description.entry_map = Some(EntryMap::new(mapped.collect()));
    Ok(description)
}

/// Describes any file: everything but the entry map.
pub fn describe_archive(source: &(impl ReadAt + ?Sized), cancel: Cancel<'_>) -> Result<Description> {
    pass(source, cancel, &mut Spans::new(&[]))
}

fn pass(source: &(impl ReadAt + ?Sized), cancel: Cancel<'_>, spans: &mut Spans<'_>) -> Result<Description> {
    let size = source.size()?;
    let mut whole = sha2::Sha256::new();
    let mut blocks = Vec::new();
    let mut pieces = torrent::Pieces::new(size);
    let mut buffer = vec![0; BLOCK_SIZE as usize];
    let mut offset = 0;
    while offset < size {
        if cancel() {
            return Err(Error::Cancelled);
        }
        let block = &mut buffer[..(size - offset).min(BLOCK_SIZE) as usize];
        source.read_exact_at(block, offset)?;
        whole.update(&block);
        blocks.push(Sha256(sha2::Sha256::digest(&block).into()));
        pieces.add(block);
        spans.add(block, offset);
        offset += block.len() as u64;
    }
    let sha256 = Sha256(whole.finalize().into());
    Ok(Description {
        archive: Archive { sha256, size },
        block_list: BlockList::new(size, blocks),
        torrent: pieces.finish(sha256, size),
        entry_map: None,
    })
}

/// Hashes the stored bytes of entries that follow each other in the file.
struct Spans<'a> {
    entries: &'a [Entry],
    hasher: sha2::Sha256,
    hashes: Vec<Sha256>,
}

impl<'a> Spans<'a> {
    fn new(entries: &'a [Entry]) -> Self {
        Self { entries, hasher: sha2::Sha256::new(), hashes: Vec::with_capacity(entries.len()) }
    }

    fn add(&mut self, block: &[u8], offset: u64) {
        let block_end = offset + block.len() as u64;
        while let Some(entry) = self.entries.get(self.hashes.len()) {
            let (start, end) = (entry.data_offset, entry.data_offset + entry.compressed);
            if start < block_end {
                let from = start.max(offset) - offset;
                let to = end.clamp(offset, block_end) - offset;
                self.hasher.update(block.get(from as usize..to as usize).unwrap_or_default());
            }
            if end > block_end {
                return;
            }
            self.hashes.push(Sha256(self.hasher.finalize_reset().into()));
        }
    }

    fn finish(self) -> Vec<Sha256> {
        self.hashes
    }
}

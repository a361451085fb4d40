//! What this disk already holds of a new archive: a plan without effects.
//!
//! Older archives are matched by what their directories say of an entry (method, CRC-32 and both sizes), so nothing of
//! them has to be read or remembered before; trees by the hashes that their manifests list. Either is a reason to look,
//! not a proof: whoever takes a span compares its hash.

use std::{collections::HashMap, ops::Range};

use muster_domain::{PortablePath, Sha256};

use crate::{BLOCK_SIZE, Entry, EntryMap, FileEntry, MappedEntry, Method, Result};

/// Bytes of the new archive that need not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where they begin in the new archive.
    pub start: u64,
    /// How many there are; never none.
    pub length: u64,
    pub from: Whence,
}

impl Span {
    pub fn end(&self) -> u64 {
        self.start + self.length
    }
}

/// Where the bytes of a span are. Holders are numbered by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whence {
    /// Headers or the directory: they follow from the map.
    Map(Vec<u8>),
    /// As they are, in an archive from this byte on.
    Archive { holder: usize, offset: u64, sha256: Sha256 },
    /// A file of a tree's payload; `method` says whether it has to be compressed as the packer does. `sha256` is of
    /// the bytes of the span.
    Tree { holder: usize, path: PortablePath, size: u64, method: Method, sha256: Sha256 },
}

/// What a directory tells of an entry's stored bytes.
type Stored = (Method, u32, u64, u64);

fn stored(entry: &Entry) -> Stored {
    (entry.method, entry.crc32, entry.compressed, entry.size)
}

/// Collects what holders have of one new archive. The first that has an entry gives it, so add the best first:
/// archives, then trees, because compressing takes time.
#[derive(Debug)]
pub struct Reuse<'m> {
    map: &'m EntryMap,
    /// Entries by what may match them; an entry of two of these is found once.
    by_stored: HashMap<Stored, Vec<usize>>,
    by_content: HashMap<(Sha256, u64), Vec<usize>>,
    found: Vec<Option<Whence>>,
    /// Stored bytes that nobody has yet.
    missing: u64,
}

impl<'m> Reuse<'m> {
    /// Nobody was asked yet.
    pub fn new(map: &'m EntryMap) -> Self {
        let (mut by_stored, mut by_content) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        let filled = map.entries().iter().enumerate().filter(|(_, mapped)| mapped.entry.compressed > 0);
        let mut missing = 0;
        for (index, MappedEntry { entry, sha256, .. }) in filled {
            by_stored.entry(stored(entry)).or_default().push(index);
            by_content.entry((*sha256, entry.size)).or_default().push(index);
            missing += entry.compressed;
        }
        Self { map, by_stored, by_content, found: vec![None; map.entries().len()], missing }
    }

    /// Adds an archive by its directory; gives how many bytes only it has so far.
    pub fn add_archive(&mut self, holder: usize, entries: &[Entry]) -> u64 {
        let before = self.missing;
        for entry in entries {
            for index in self.by_stored.remove(&stored(entry)).unwrap_or_default() {
                let sha256 = self.map.entries()[index].stored_sha256;
                self.find(index, Whence::Archive { holder, offset: entry.data_offset, sha256 });
            }
        }
        before - self.missing
    }

    /// Adds a tree by the list of its files; gives how many bytes only it has so far.
    pub fn add_tree(&mut self, holder: usize, files: &[FileEntry]) -> u64 {
        let before = self.missing;
        for FileEntry { path, size, sha256 } in files {
            for index in self.by_content.remove(&(*sha256, *size)).unwrap_or_default() {
                let MappedEntry { entry, stored_sha256, .. } = &self.map.entries()[index];
                let (method, sha256) = (entry.method, *stored_sha256);
                self.find(index, Whence::Tree { holder, path: path.clone(), size: *size, method, sha256 });
            }
        }
        before - self.missing
    }

    fn find(&mut self, index: usize, from: Whence) {
        let place = &mut self.found[index];
        if place.is_none() {
            *place = Some(from);
            self.missing -= self.map.entries()[index].entry.compressed;
        }
    }

    /// Whether there is nothing left to look for.
    pub fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// What was found and what follows from the map: ascending, and no two overlap.
    ///
    /// # Errors
    /// [`crate::Error::Artifact`] if the map cannot be that of an archive.
    pub fn spans(mut self) -> Result<Vec<Span>> {
        let mut frame = self.map.frame()?.into_iter();
        let mut spans = Vec::new();
        let mut push = |start, length, from| {
            if length > 0 {
                spans.push(Span { start, length, from });
            }
        };
        for (MappedEntry { entry, .. }, found) in self.map.entries().iter().zip(&mut self.found) {
            if let Some((start, header)) = frame.next() {
                push(start, header.len() as u64, Whence::Map(header));
            }
            if let Some(from) = found.take() {
                push(entry.data_offset, entry.compressed, from);
            }
        }
        for (start, directory) in frame {
            push(start, directory.len() as u64, Whence::Map(directory));
        }
        Ok(spans)
    }
}

/// The 64 KiB blocks that ascending spans cover as a whole, as ranges of bytes; the last block may be short.
pub fn whole_blocks(spans: &[Span], archive_size: u64) -> Vec<Range<u64>> {
    let mut runs: Vec<Range<u64>> = Vec::new();
    for span in spans {
        match runs.last_mut() {
            Some(run) if run.end == span.start => run.end = span.end(),
            _ => runs.push(span.start..span.end()),
        }
    }
    let whole = runs.into_iter().map(|run| {
        let end = if run.end == archive_size { run.end } else { run.end / BLOCK_SIZE * BLOCK_SIZE };
        run.start.next_multiple_of(BLOCK_SIZE)..end
    });
    whole.filter(|run| run.start < run.end).collect()
}

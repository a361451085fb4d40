//! One unfinished archive on disk: `partial/<sha256>.part`, as long as the archive from the first moment, and its map.

use muster_domain::Sha256;
use muster_fsx::{Dir, File, Mode};

use crate::{
    Error,
    hashing::hash_bytes,
    layout,
    progress::{Claimed, Progress},
    resume::{BLOCK_SIZE, Bits, MAX_ARCHIVE, ResumeMap, block_count, block_length},
};

/// An open partial file and what is known to be in it.
#[derive(Debug)]
pub(crate) struct Partial {
    pub dir: Dir,
    pub file: File,
    pub size: u64,
    pub progress: Progress,
}

impl Partial {
    /// Opens or creates the partial file of an archive.
    pub fn open(dir: &Dir, sha256: Sha256, size: u64, blocks: Option<&[Sha256]>) -> Result<Self, Error> {
        if size > MAX_ARCHIVE {
            return Err(Error::TooLarge { size });
        }
        if let Some(blocks) = blocks
            && blocks.len() as u64 != block_count(size)
        {
            return Err(Error::BlockList { size, expected: block_count(size), found: blocks.len() as u64 });
        }
        let part = layout::part_name(&sha256);
        let existing = match dir.metadata_if_exists(&part)? {
            Some(metadata) if metadata.is_file() && metadata.size == size => {
                if metadata.read_only {
                    // A crash between the last two steps of `Writer::finish`.
                    dir.set_mode(&part, Mode::Writable)?;
                }
                Some(dir.open_to_write(&part)?)
            }
            _ => None,
        };
        let is_new = existing.is_none();
        let file = match existing {
            Some(file) => file,
            None => create(dir, &sha256, size)?,
        };
        let mut partial =
            Self { dir: dir.try_clone()?, file, size, progress: Progress::new(size, blocks.is_some()) };
        // There is nothing to find in a file of zeros.
        if !is_new {
            partial.restore(&sha256, blocks)?;
        }
        let needed = size - partial.progress.complete_bytes();
        partial.require_space(needed)?;
        Ok(partial)
    }

    /// Takes over what an earlier run left. Blocks that no map vouches for count only if the list confirms them.
    fn restore(&mut self, sha256: &Sha256, blocks: Option<&[Sha256]>) -> Result<(), Error> {
        let map = self.dir.read_if_exists(&layout::map_name(sha256), ResumeMap::file_limit(self.size));
        let map = map.ok().flatten().and_then(|bytes| ResumeMap::parse(&bytes, sha256, self.size));
        match (map, blocks) {
            (Some(map), None) => self.trust(&map.blocks),
            (Some(map), Some(_)) if map.verified => self.trust(&map.blocks),
            (Some(map), Some(blocks)) => {
                // Its claims are weaker than those of the map that will follow it: they must not mix.
                self.dir.remove_file(&layout::map_name(sha256))?;
                self.dir.sync()?;
                let claimed: Vec<u32> = map.blocks.ones().collect();
                self.confirm(claimed.into_iter(), blocks)?;
            }
            (None, Some(blocks)) => self.confirm(0..blocks.len() as u32, blocks)?,
            (None, None) => {}
        }
        Ok(())
    }

    fn trust(&mut self, claimed: &Bits) {
        claimed.ones().for_each(|block| self.progress.restore(block, Claimed::Yes));
    }

    fn confirm(&mut self, candidates: impl Iterator<Item = u32>, blocks: &[Sha256]) -> Result<(), Error> {
        for block in candidates {
            if hash_block(&self.file, self.size, block)? == blocks[block as usize] {
                self.progress.restore(block, Claimed::No);
            }
        }
        Ok(())
    }

    fn require_space(&self, needed: u64) -> Result<(), Error> {
        let available = self.dir.free_space()?;
        if available < needed { Err(Error::NoSpace { needed, available }) } else { Ok(()) }
    }
}

/// Starts from nothing: an old map goes first, so that it never speaks of the new file.
fn create(dir: &Dir, sha256: &Sha256, size: u64) -> Result<File, Error> {
    let available = dir.free_space()?;
    if available < size {
        return Err(Error::NoSpace { needed: size, available });
    }
    remove(dir, sha256)?;
    let part = layout::part_name(sha256);
    let file = dir.create_new(&part)?;
    if let Err(error) = file.set_size(size) {
        drop(file);
        dir.remove_tree(&part)?;
        return Err(error.into());
    }
    dir.sync()?;
    Ok(file)
}

/// Removes what there is of an unfinished archive.
pub(crate) fn remove(dir: &Dir, sha256: &Sha256) -> Result<(), Error> {
    dir.remove_tree(&layout::map_name(sha256))?;
    dir.sync()?;
    Ok(dir.remove_tree(&layout::part_name(sha256))?)
}

/// SHA-256 of one block as it is on disk.
pub(crate) fn hash_block(file: &File, size: u64, block: u32) -> Result<Sha256, Error> {
    let mut buffer = vec![0; block_length(size, block) as usize];
    file.read_exact_at(&mut buffer, u64::from(block) * BLOCK_SIZE)?;
    Ok(hash_bytes(&buffer))
}

//! Where the bytes of an archive come from.

use crate::{ArchiveRule, Error, Result};

/// Bytes that can be read at any place, by several readers at once.
pub trait ReadAt: Sync {
    /// Bytes.
    fn size(&self) -> Result<u64>;

    /// Fills `buffer` from `offset` on; fewer bytes are an error.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> Result<()>;
}

impl ReadAt for muster_fsx::File {
    fn size(&self) -> Result<u64> {
        Ok(self.size()?)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        Ok(self.read_exact_at(buffer, offset)?)
    }
}

impl ReadAt for [u8] {
    fn size(&self) -> Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.get(start..).and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or(Error::from(ArchiveRule::NotZip))?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> Result<u64> {
        self.as_slice().size()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        self.as_slice().read_exact_at(buffer, offset)
    }
}

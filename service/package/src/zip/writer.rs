//! Writing an archive entry by entry, never holding more than a piece of it.

use std::{
    io::{Read, Seek, SeekFrom},
    ops::ControlFlow,
};

use muster_domain::{PortablePath, Sha256};
use muster_fsx::{File, Operation};
use sha2::Digest as _;

use super::{
    Entry, Method,
    deflate::{PIECE, compress, fill},
    encode_directory, encode_local,
    record::LOCAL_SIZE,
};
use crate::{ArchiveRule, Cancel, EntryRule, Error, Result, limits::is_bomb};

/// Something to pack; read twice if compressing it does not pay.
pub(crate) trait Content: Read + Seek {}
impl<T: Read + Seek> Content for T {}

/// What the packer promised about a file before it read it again.
pub(crate) struct Expected {
    pub(crate) size: u64,
    pub(crate) sha256: Sha256,
}

/// An archive that grows.
pub(crate) struct Writer<'a> {
    file: &'a File,
    position: u64,
    entries: Vec<Entry>,
    cancel: Cancel<'a>,
}

/// Checksums of what went through.
#[derive(Default)]
struct Passed {
    crc: crc32fast::Hasher,
    sha256: sha2::Sha256,
    size: u64,
}

impl Passed {
    fn add(&mut self, bytes: &[u8]) {
        self.crc.update(bytes);
        self.sha256.update(bytes);
        self.size += bytes.len() as u64;
    }
}

impl<'a> Writer<'a> {
    pub(crate) fn new(file: &'a File, cancel: Cancel<'a>) -> Self {
        Self { file, position: 0, entries: Vec::new(), cancel }
    }

    /// Adds one file. It is an error if its content is no longer what was `expected`.
    pub(crate) fn add(
        &mut self,
        path: PortablePath,
        content: &mut dyn Content,
        expected: &Expected,
    ) -> Result<()> {
        let header_offset = self.position;
        let data_offset = header_offset + LOCAL_SIZE + path.as_str().len() as u64;
        let changed = || Error::entry(EntryRule::InputChanged, path.as_str());
        let (method, compressed, passed) = match self.deflate(content, data_offset, expected.size)? {
            Some((compressed, passed)) => (Method::Deflate, compressed, passed),
            None => {
                content.seek(SeekFrom::Start(0)).map_err(|error| self.input_error(error))?;
                let passed = self.store(content, data_offset, expected.size)?;
                (Method::Store, passed.size, passed)
            }
        };
        if passed.size != expected.size || Sha256(passed.sha256.finalize().into()) != expected.sha256 {
            return Err(changed());
        }
        let crc32 = passed.crc.finalize();
        let entry = Entry { path, method, crc32, compressed, size: passed.size, header_offset, data_offset };
        let header = encode_local(&entry).ok_or(ArchiveRule::TooLarge)?;
        self.file.write_all_at(&header, header_offset)?;
        self.position = data_offset + compressed;
        self.entries.push(entry);
        Ok(())
    }

    /// Compressed size, or `None` if compression does not make it smaller, or so small that readers refuse it.
    fn deflate(&self, content: &mut dyn Content, start: u64, size: u64) -> Result<Option<(u64, Passed)>> {
        let (mut passed, mut written) = (Passed::default(), 0);
        let mut fill = |buffer: &mut [u8]| {
            let count = self.fill(content, buffer)?;
            passed.add(&buffer[..count]);
            Ok(count)
        };
        let mut write = |bytes: &[u8]| {
            if written + bytes.len() as u64 >= size {
                return Ok(ControlFlow::Break(()));
            }
            self.file.write_all_at(bytes, start + written)?;
            written += bytes.len() as u64;
            Ok(ControlFlow::Continue(()))
        };
        let pays = compress(&mut fill, &mut write)? && !is_bomb(size, written);
        Ok(pays.then_some((written, passed)))
    }

    fn store(&self, content: &mut dyn Content, start: u64, size: u64) -> Result<Passed> {
        let mut passed = Passed::default();
        let mut input = vec![0; PIECE];
        loop {
            let count = self.fill(content, &mut input)?;
            // A file that grows must not fill the disk.
            if count == 0 || passed.size > size {
                return Ok(passed);
            }
            self.file.write_all_at(&input[..count], start + passed.size)?;
            passed.add(&input[..count]);
        }
    }

    fn fill(&self, content: &mut dyn Content, buffer: &mut [u8]) -> Result<usize> {
        fill(content, buffer, self.file.path(), self.cancel)
    }

    fn input_error(&self, error: std::io::Error) -> Error {
        muster_fsx::Error::recover(error, Operation::Read, self.file.path()).into()
    }

    /// Writes the directory, cuts off what a given-up compression left, and syncs. Gives the size of the archive.
    pub(crate) fn finish(self) -> Result<u64> {
        let directory = encode_directory(&self.entries, self.position).ok_or(ArchiveRule::TooLarge)?;
        let size = self.position + directory.len() as u64;
        self.file.write_all_at(&directory, self.position)?;
        self.file.set_size(size)?;
        self.file.sync()?;
        Ok(size)
    }
}

//! Writing an archive entry by entry, never holding more than a piece of it.

use std::io::{Read, Seek, SeekFrom};

use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    deflate::{
        core::{CompressionStrategy, CompressorOxide},
        stream::deflate,
    },
};
use muster_domain::{PortablePath, Sha256};
use muster_fsx::{File, Operation};
use sha2::Digest as _;

use super::{Entry, Method, encode_directory, encode_local, record::LOCAL_SIZE};
use crate::{ArchiveRule, Cancel, EntryRule, Error, Result, limits::is_bomb};

/// The level of every entry. Changing it, or the version of `miniz_oxide`, changes the bytes of every package.
const LEVEL: u8 = 9;
const WINDOW_BITS: u8 = 15;
/// Content is compressed in pieces of this size.
const PIECE: usize = 64 * 1024;

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
        let mut compressor =
            CompressorOxide::with_params(DataFormat::Raw, LEVEL, CompressionStrategy::Default, WINDOW_BITS);
        let (mut passed, mut written) = (Passed::default(), 0);
        let (mut input, mut output) = (vec![0; PIECE], vec![0; PIECE]);
        loop {
            let count = self.fill(content, &mut input)?;
            passed.add(&input[..count]);
            let flush = if count < PIECE { MZFlush::Finish } else { MZFlush::None };
            let mut rest = &input[..count];
            loop {
                let step = deflate(&mut compressor, rest, &mut output, flush);
                rest = &rest[step.bytes_consumed..];
                if written + step.bytes_written as u64 >= size {
                    return Ok(None);
                }
                self.file.write_all_at(&output[..step.bytes_written], start + written)?;
                written += step.bytes_written as u64;
                let is_full = step.bytes_written == output.len();
                match step.status {
                    Ok(MZStatus::StreamEnd) if is_bomb(size, written) => return Ok(None),
                    Ok(MZStatus::StreamEnd) => return Ok(Some((written, passed))),
                    Ok(_) if is_full || !rest.is_empty() || flush == MZFlush::Finish => {}
                    _ => break,
                }
            }
        }
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

    /// Reads a whole piece; less only at the end.
    fn fill(&self, content: &mut dyn Content, buffer: &mut [u8]) -> Result<usize> {
        if (self.cancel)() {
            return Err(Error::Cancelled);
        }
        let mut filled = 0;
        while filled < buffer.len() {
            match content.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.input_error(error)),
            }
        }
        Ok(filled)
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

//! The content of an entry, piece by piece, with its length and checksum proved.

use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    inflate::stream::{InflateState, inflate},
};

use super::{Entry, Method};
use crate::{Cancel, EntryRule, Error, Result, source::ReadAt};

/// Bytes read and written at a time.
const PIECE: usize = 64 * 1024;

struct Checked<'a> {
    entry: &'a Entry,
    crc: crc32fast::Hasher,
    length: u64,
    sink: &'a mut dyn FnMut(&[u8]) -> Result<()>,
}

impl Checked<'_> {
    fn refuse(&self, rule: EntryRule) -> Error {
        Error::entry(rule, self.entry.path.as_str())
    }

    /// Content beyond the declared size is refused before it is passed on (T-62).
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        if self.length > self.entry.size {
            return Err(self.refuse(EntryRule::Data));
        }
        self.crc.update(bytes);
        (self.sink)(bytes)
    }

    fn finish(self) -> Result<()> {
        if self.length != self.entry.size {
            return Err(self.refuse(EntryRule::Data));
        }
        match self.crc.clone().finalize() == self.entry.crc32 {
            true => Ok(()),
            false => Err(self.refuse(EntryRule::Checksum)),
        }
    }
}

/// Gives the content of `entry` to `sink` in pieces of at most 64 KiB.
///
/// Success means that length and CRC-32 are right; what `sink` got before an error must be thrown away.
pub(crate) fn read_entry(
    source: &(impl ReadAt + ?Sized),
    entry: &Entry,
    cancel: Cancel<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut checked = Checked { entry, crc: crc32fast::Hasher::new(), length: 0, sink };
    match entry.method {
        Method::Store => stored(source, cancel, &mut checked)?,
        Method::Deflate => deflated(source, cancel, &mut checked)?,
    }
    checked.finish()
}

/// Calls `each` with the stored bytes, in order.
fn raw(
    source: &(impl ReadAt + ?Sized),
    entry: &Entry,
    cancel: Cancel<'_>,
    mut each: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut buffer = vec![0; PIECE.min(entry.compressed as usize)];
    let (mut offset, mut left) = (entry.data_offset, entry.compressed);
    while left > 0 {
        if cancel() {
            return Err(Error::Cancelled);
        }
        let piece = &mut buffer[..left.min(PIECE as u64) as usize];
        source.read_exact_at(piece, offset)?;
        each(piece)?;
        offset += piece.len() as u64;
        left -= piece.len() as u64;
    }
    Ok(())
}

fn stored(source: &(impl ReadAt + ?Sized), cancel: Cancel<'_>, checked: &mut Checked<'_>) -> Result<()> {
    raw(source, checked.entry, cancel, |bytes| checked.push(bytes))
}

fn deflated(source: &(impl ReadAt + ?Sized), cancel: Cancel<'_>, checked: &mut Checked<'_>) -> Result<()> {
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut output = vec![0; PIECE];
    let mut ended = false;
    raw(source, checked.entry, cancel, |mut input| {
        loop {
            if ended {
                // Bytes of the entry after the end of its data.
                return if input.is_empty() { Ok(()) } else { Err(checked.refuse(EntryRule::Data)) };
            }
            let step = inflate(&mut state, input, &mut output, MZFlush::None);
            input = &input[step.bytes_consumed..];
            checked.push(&output[..step.bytes_written])?;
            match step.status {
                Ok(MZStatus::StreamEnd) => ended = true,
                Ok(_) if step.bytes_consumed > 0 || step.bytes_written > 0 => {}
                // No progress without more input.
                Ok(_) | Err(miniz_oxide::MZError::Buf) if input.is_empty() => return Ok(()),
                _ => return Err(checked.refuse(EntryRule::Data)),
            }
        }
    })?;
    if ended { Ok(()) } else { Err(checked.refuse(EntryRule::Data)) }
}

/// The whole content of an entry of at most `max` bytes.
pub(crate) fn read_all(
    source: &(impl ReadAt + ?Sized),
    entry: &Entry,
    max: u64,
    cancel: Cancel<'_>,
) -> Result<Vec<u8>> {
    if entry.size > max {
        return Err(Error::entry(EntryRule::TooLarge, entry.path.as_str()));
    }
    let mut content = Vec::new();
    read_entry(source, entry, cancel, &mut |bytes| {
        content.extend_from_slice(bytes);
        Ok(())
    })?;
    Ok(content)
}

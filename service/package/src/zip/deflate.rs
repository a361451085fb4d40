//! The packer's DEFLATE. The same content gives the same bytes on every machine, so a file that was unpacked can be
//! turned back into exactly what its package stores.

use std::{io::Read, ops::ControlFlow, path::Path};

use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    deflate::{
        core::{CompressionStrategy, CompressorOxide},
        stream::deflate,
    },
};

use muster_fsx::{File, Operation};

use crate::{Cancel, Error, Result};

/// The level of every entry. Changing it, or the version of `miniz_oxide`, changes the bytes of every package.
const LEVEL: u8 = 9;
const WINDOW_BITS: u8 = 15;
/// Content is compressed in pieces of this size; another one would give other bytes.
pub(crate) const PIECE: usize = 64 * 1024;

/// Compresses what `fill` gives and hands it to `sink` in pieces of at most 64 KiB, until that has enough.
///
/// `fill` fills the whole buffer and gives less only at the end. Says whether everything went through.
pub(crate) fn compress(
    fill: &mut dyn FnMut(&mut [u8]) -> Result<usize>,
    sink: &mut dyn FnMut(&[u8]) -> Result<ControlFlow<()>>,
) -> Result<bool> {
    let mut compressor =
        CompressorOxide::with_params(DataFormat::Raw, LEVEL, CompressionStrategy::Default, WINDOW_BITS);
    let (mut input, mut output) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let count = fill(&mut input)?;
        let flush = if count < PIECE { MZFlush::Finish } else { MZFlush::None };
        let mut rest = &input[..count];
        loop {
            let step = deflate(&mut compressor, rest, &mut output, flush);
            rest = &rest[step.bytes_consumed..];
            if sink(&output[..step.bytes_written])?.is_break() {
                return Ok(false);
            }
            let is_full = step.bytes_written == output.len();
            match step.status {
                Ok(MZStatus::StreamEnd) => return Ok(true),
                Ok(_) if is_full || !rest.is_empty() || flush == MZFlush::Finish => {}
                _ => break,
            }
        }
    }
}

/// Reads a whole piece; less only at the end. Errors name `path` unless they know better.
pub(crate) fn fill(
    content: &mut (impl Read + ?Sized),
    buffer: &mut [u8],
    path: &Path,
    cancel: Cancel<'_>,
) -> Result<usize> {
    if cancel() {
        return Err(Error::Cancelled);
    }
    let mut filled = 0;
    while filled < buffer.len() {
        match content.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(muster_fsx::Error::recover(error, Operation::Read, path).into()),
        }
    }
    Ok(filled)
}

/// Compresses a file from where it stands as [`crate::pack`] compresses entries. What comes out is what the package
/// stores, if our packer made it.
///
/// `sink` gets pieces of at most 64 KiB and may end it. Says whether everything went through.
pub fn compress_file(
    file: &mut File,
    cancel: Cancel<'_>,
    sink: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<bool> {
    let path = file.path().to_owned();
    compress(&mut |buffer| fill(file, buffer, &path, cancel), &mut |bytes| Ok(sink(bytes)))
}

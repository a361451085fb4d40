//! The three records of a ZIP file.

use crate::{bytes::Reader, zip::Entry, zip::Method};

pub(super) const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
pub(super) const CENTRAL_SIGNATURE: [u8; 4] = *b"PK\x01\x02";
pub(super) const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
pub(super) const DESCRIPTOR_SIGNATURE: [u8; 4] = *b"PK\x07\x08";
pub(super) const LOCAL_SIZE: u64 = 30;
pub(super) const CENTRAL_SIZE: u64 = 46;
pub(super) const END_SIZE: u64 = 22;

pub(super) const FLAG_UTF8: u16 = 0x0800;
pub(super) const FLAG_DESCRIPTOR: u16 = 0x0008;
/// How hard the packer tried; says nothing to a reader.
pub(super) const FLAGS_LEVEL: u16 = 0x0006;
/// Encrypted, strongly encrypted, directory masked.
pub(super) const FLAGS_ENCRYPTED: u16 = 0x2041;

/// 1980-01-01 00:00, the first date there is.
const DOS_DATE: u16 = 0x0021;
const DOS_TIME: u16 = 0;
/// 2.0: DEFLATE.
const VERSION_NEEDED: u16 = 20;
/// Unix, so that other unzippers give files their mode.
const MADE_BY: u16 = 3 << 8 | VERSION_NEEDED;
/// A regular file with mode 0644.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// What the local header and the directory both say; they must say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) version: u16,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) time: u16,
    pub(super) date: u16,
    pub(super) crc32: u32,
    pub(super) compressed: u32,
    pub(super) size: u32,
}

impl Common {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            version: reader.u16()?,
            flags: reader.u16()?,
            method: reader.u16()?,
            time: reader.u16()?,
            date: reader.u16()?,
            crc32: reader.u32()?,
            compressed: reader.u32()?,
            size: reader.u32()?,
        })
    }

    fn of(entry: &Entry) -> Option<Self> {
        Some(Self {
            version: VERSION_NEEDED,
            flags: if entry.path.as_str().is_ascii() { 0 } else { FLAG_UTF8 },
            method: match entry.method {
                Method::Store => 0,
                Method::Deflate => 8,
            },
            time: DOS_TIME,
            date: DOS_DATE,
            crc32: entry.crc32,
            compressed: entry.compressed.try_into().ok()?,
            size: entry.size.try_into().ok()?,
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        for field in [self.version, self.flags, self.method, self.time, self.date] {
            out.extend(field.to_le_bytes());
        }
        for field in [self.crc32, self.compressed, self.size] {
            out.extend(field.to_le_bytes());
        }
    }
}

/// A local header without its name.
pub(super) struct Local {
    pub(super) common: Common,
    pub(super) name_length: u16,
    pub(super) extra_length: u16,
}

impl Local {
    pub(super) fn read(bytes: &[u8; LOCAL_SIZE as usize]) -> Option<Self> {
        let mut reader = Reader(bytes);
        reader.literal(&LOCAL_SIGNATURE)?;
        Some(Self {
            common: Common::read(&mut reader)?,
            name_length: reader.u16()?,
            extra_length: reader.u16()?,
        })
    }
}

/// One record of the directory.
pub(super) struct Central<'a> {
    pub(super) common: Common,
    pub(super) name: &'a [u8],
    pub(super) extra: &'a [u8],
    pub(super) comment: &'a [u8],
    pub(super) disk: u16,
    /// The upper half is the Unix mode, the lower one the DOS attributes.
    pub(super) attributes: u32,
    pub(super) offset: u32,
}

impl<'a> Central<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        reader.literal(&CENTRAL_SIGNATURE)?;
        let _made_by = reader.u16()?;
        let common = Common::read(reader)?;
        let lengths = [reader.u16()?, reader.u16()?, reader.u16()?].map(usize::from);
        let disk = reader.u16()?;
        let _internal = reader.u16()?;
        let attributes = reader.u32()?;
        let offset = reader.u32()?;
        let [name, extra, comment] = lengths;
        Some(Self {
            common,
            name: reader.take(name)?,
            extra: reader.take(extra)?,
            comment: reader.take(comment)?,
            disk,
            attributes,
            offset,
        })
    }
}

/// The last record.
pub(super) struct End {
    pub(super) disks: [u16; 2],
    pub(super) entries: [u16; 2],
    pub(super) directory_size: u32,
    pub(super) directory_offset: u32,
    pub(super) comment_length: u16,
}

impl End {
    pub(super) fn read(bytes: &[u8; END_SIZE as usize]) -> Option<Self> {
        let mut reader = Reader(bytes);
        reader.literal(&END_SIGNATURE)?;
        Some(Self {
            disks: [reader.u16()?, reader.u16()?],
            entries: [reader.u16()?, reader.u16()?],
            directory_size: reader.u32()?,
            directory_offset: reader.u32()?,
            comment_length: reader.u16()?,
        })
    }
}

fn push_name(out: &mut Vec<u8>, name: &str, extra_fields: usize) -> Option<()> {
    out.extend(u16::try_from(name.len()).ok()?.to_le_bytes());
    out.extend(std::iter::repeat_n(0, extra_fields));
    Some(())
}

/// The header of `entry` as our packer writes it; `None` if a number needs ZIP64.
pub(crate) fn encode_local(entry: &Entry) -> Option<Vec<u8>> {
    let mut out = LOCAL_SIGNATURE.to_vec();
    Common::of(entry)?.write(&mut out);
    push_name(&mut out, entry.path.as_str(), 2)?;
    out.extend(entry.path.as_str().as_bytes());
    Some(out)
}

fn encode_central(entry: &Entry, out: &mut Vec<u8>) -> Option<()> {
    out.extend(CENTRAL_SIGNATURE);
    out.extend(MADE_BY.to_le_bytes());
    Common::of(entry)?.write(out);
    // No extra field, no comment, first disk, no internal attributes.
    push_name(out, entry.path.as_str(), 2 + 2 + 2 + 2)?;
    out.extend(ATTRIBUTES.to_le_bytes());
    out.extend(u32::try_from(entry.header_offset).ok()?.to_le_bytes());
    out.extend(entry.path.as_str().as_bytes());
    Some(())
}

/// Directory and end record; `None` if a number needs ZIP64.
pub(crate) fn encode_directory(entries: &[Entry], offset: u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    entries.iter().try_for_each(|entry| encode_central(entry, &mut out))?;
    let size = u32::try_from(out.len()).ok()?;
    let count = u16::try_from(entries.len()).ok().filter(|count| *count != u16::MAX)?;
    out.extend(END_SIGNATURE);
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(u32::try_from(offset).ok()?.to_le_bytes());
    out.extend([0; 2]);
    Some(out)
}

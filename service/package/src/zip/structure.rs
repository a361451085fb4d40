//! The structural validator: `security.md` §4.2, cases T-50 to T-64. It inflates nothing and writes nothing.
//!
//! What is accepted has exactly one reading: one end record that ends the file, the directory directly before it, and
//! entries whose own headers agree with the directory and which fill the file from its first byte without gap or
//! overlap. Every parser that accepts such a file sees the same entries.

use muster_domain::PortablePath;

use super::{Entry, Method, Profile, names::Names, record::*};
use crate::{ArchiveRule, EntryRule, Error, Limits, Result, bytes::Reader, limits::is_bomb, source::ReadAt};

/// Longest directory record that a portable name and harmless extra fields can need.
const MAX_CENTRAL: u64 = 2048;
/// Where an end record with a comment could begin.
const MAX_TAIL: u64 = END_SIZE + 0xffff;
/// File type bits of a Unix mode, and that of a regular file and of a folder.
const MODE_TYPE: u32 = 0o170_000;
const MODE_FILE: u32 = 0o100_000;
const MODE_FOLDER: u32 = 0o040_000;
const MODE_SPECIAL_BITS: u32 = 0o7_000;
const DOS_FOLDER: u32 = 0x10;
/// Volume label, and the bit that some use for links.
const DOS_FORBIDDEN: u32 = 0x08 | 0x400;
/// Extra fields that change sizes, names or contents: ZIP64, strong encryption, AES, Unicode comment and path.
const FORBIDDEN_EXTRAS: [u16; 5] = [0x0001, 0x0017, 0x9901, 0x6375, 0x7075];

/// An entry while it is looked at.
struct Candidate {
    entry: Entry,
    name: String,
    common: Common,
    is_folder: bool,
}

/// Reads the entries of an archive in the order of the directory.
pub(crate) fn read_structure(
    source: &(impl ReadAt + ?Sized),
    limits: &Limits,
    profile: Profile,
) -> Result<Vec<Entry>> {
    let size = source.size()?;
    limits.check_archive(size)?;
    let end = read_end(source, size, profile)?;
    let directory_offset = u64::from(end.directory_offset);
    let directory = read_directory(source, size, &end, limits)?;
    let mut candidates = parse_directory(&directory, usize::from(end.entries[0]), profile)?;
    check_sizes(&candidates, limits)?;
    check_tiling(source, &mut candidates, directory_offset, profile)?;
    Ok(candidates.into_iter().filter(|c| !c.is_folder).map(|c| c.entry).collect())
}

fn read_end(source: &(impl ReadAt + ?Sized), size: u64, profile: Profile) -> Result<End> {
    let Some(offset) = size.checked_sub(END_SIZE) else { return Err(ArchiveRule::NotZip.into()) };
    let mut bytes = [0; END_SIZE as usize];
    source.read_exact_at(&mut bytes, offset)?;
    match End::read(&bytes) {
        Some(end) if end.comment_length == 0 => Ok(end),
        Some(_) => Err(ArchiveRule::EndRecord.into()),
        None => {
            let length = size.min(MAX_TAIL);
            let mut tail = vec![0; length as usize];
            source.read_exact_at(&mut tail, size - length)?;
            match profile {
                Profile::Package => Err(no_end(&tail).into()),
                Profile::Foreign => commented_end(&tail).ok_or_else(|| no_end(&tail).into()),
            }
        }
    }
}

/// Why there is no end record at the end.
fn no_end(tail: &[u8]) -> ArchiveRule {
    let has_end = tail.windows(END_SIGNATURE.len()).any(|window| window == END_SIGNATURE);
    if has_end { ArchiveRule::EndRecord } else { ArchiveRule::NotZip }
}

/// The end record of an archive with a comment, as code hosts write them. There is one reading only: one signature in
/// all of the tail, and a comment that ends with the file.
fn commented_end(tail: &[u8]) -> Option<End> {
    let mut signatures = tail.windows(END_SIGNATURE.len()).enumerate().filter(|(_, w)| *w == END_SIGNATURE);
    let (Some((at, _)), None) = (signatures.next(), signatures.next()) else { return None };
    let (record, comment) = tail.get(at..)?.split_at_checked(END_SIZE as usize)?;
    let end = End::read(record.try_into().ok()?)?;
    (usize::from(end.comment_length) == comment.len()).then_some(end)
}

fn read_directory(source: &(impl ReadAt + ?Sized), size: u64, end: &End, limits: &Limits) -> Result<Vec<u8>> {
    let (offset, length) = (u64::from(end.directory_offset), u64::from(end.directory_size));
    let count = u64::from(end.entries[1]);
    if end.entries.contains(&u16::MAX) || end.directory_size == u32::MAX || end.directory_offset == u32::MAX {
        return Err(ArchiveRule::Zip64.into());
    }
    if end.disks != [0, 0] || end.entries[0] != end.entries[1] {
        return Err(ArchiveRule::MultiDisk.into());
    }
    if count > limits.entries {
        return Err(ArchiveRule::TooManyEntries.into());
    }
    if offset + length + END_SIZE + u64::from(end.comment_length) != size {
        // Something before the archive, after its directory, or a second archive.
        return Err(ArchiveRule::Gap.into());
    }
    if length > count * MAX_CENTRAL || length < count * CENTRAL_SIZE {
        return Err(ArchiveRule::Directory.into());
    }
    let mut directory = vec![0; usize::try_from(length).map_err(|_| ArchiveRule::TooLarge)?];
    source.read_exact_at(&mut directory, offset)?;
    Ok(directory)
}

fn parse_directory(directory: &[u8], count: usize, profile: Profile) -> Result<Vec<Candidate>> {
    let mut reader = Reader(directory);
    let mut names = Names::default();
    let mut candidates = Vec::with_capacity(count);
    for _ in 0..count {
        let record = Central::read(&mut reader).ok_or(ArchiveRule::Directory)?;
        let candidate = parse_record(&record, profile)?;
        match candidate.is_folder {
            true => names.add_folder(&candidate.entry.path)?,
            false => names.add_file(&candidate.entry.path)?,
        }
        candidates.push(candidate);
    }
    if reader.is_empty() { Ok(candidates) } else { Err(ArchiveRule::Directory.into()) }
}

fn parse_record(record: &Central<'_>, profile: Profile) -> Result<Candidate> {
    let shown = String::from_utf8_lossy(record.name);
    let refuse = |rule| Err(Error::entry(rule, &shown));
    let common = record.common;
    let Ok(name) = std::str::from_utf8(record.name) else { return refuse(EntryRule::NameEncoding) };
    if common.flags & FLAGS_ENCRYPTED != 0 {
        return refuse(EntryRule::Encrypted);
    }
    let allowed_flags = match profile {
        Profile::Package => FLAG_UTF8,
        Profile::Foreign => FLAG_UTF8 | FLAG_DESCRIPTOR | FLAGS_LEVEL,
    };
    if common.flags & !allowed_flags != 0 {
        return refuse(EntryRule::Flags);
    }
    if !name.is_ascii() && common.flags & FLAG_UTF8 == 0 {
        return refuse(EntryRule::NameEncoding);
    }
    let method = match common.method {
        0 => Method::Store,
        8 => Method::Deflate,
        _ => return refuse(EntryRule::Method),
    };
    if record.disk != 0 {
        return Err(ArchiveRule::MultiDisk.into());
    }
    if common.compressed == u32::MAX || common.size == u32::MAX || record.offset == u32::MAX {
        return Err(ArchiveRule::Zip64.into());
    }
    if !extras_are_harmless(record, profile) {
        return refuse(EntryRule::ExtraField);
    }
    let is_folder = profile == Profile::Foreign && name.ends_with('/');
    if !attributes_fit(record.attributes, is_folder) || (is_folder && common.size != 0) {
        return refuse(EntryRule::Special);
    }
    let path = name.strip_suffix('/').filter(|_| is_folder).unwrap_or(name);
    let path: PortablePath = path.parse().map_err(|error| Error::path(&shown, error))?;
    let entry = Entry {
        path,
        method,
        crc32: common.crc32,
        compressed: common.compressed.into(),
        size: common.size.into(),
        header_offset: record.offset.into(),
        // Known once its own header was read.
        data_offset: 0,
    };
    Ok(Candidate { entry, name: name.to_owned(), common, is_folder })
}

fn extras_are_harmless(record: &Central<'_>, profile: Profile) -> bool {
    match profile {
        Profile::Package => record.extra.is_empty() && record.comment.is_empty(),
        Profile::Foreign => extra_is_harmless(record.extra),
    }
}

fn extra_is_harmless(extra: &[u8]) -> bool {
    let mut reader = Reader(extra);
    while !reader.is_empty() {
        let Some(id) = reader.u16() else { return false };
        let Some(length) = reader.u16() else { return false };
        if FORBIDDEN_EXTRAS.contains(&id) || reader.take(length.into()).is_none() {
            return false;
        }
    }
    true
}

/// Whether the entry is a plain file or, where allowed, a folder (T-57).
fn attributes_fit(attributes: u32, is_folder: bool) -> bool {
    let mode = attributes >> 16;
    let kind = mode & MODE_TYPE;
    let expected = if is_folder { MODE_FOLDER } else { MODE_FILE };
    (kind == 0 || kind == expected)
        && mode & MODE_SPECIAL_BITS == 0
        && attributes & DOS_FORBIDDEN == 0
        && (is_folder || attributes & DOS_FOLDER == 0)
}

fn check_sizes(candidates: &[Candidate], limits: &Limits) -> Result<()> {
    let mut total = 0;
    for Candidate { entry, name, .. } in candidates {
        let refuse = |rule| Err(Error::entry(rule, name));
        if entry.size > limits.file {
            return refuse(EntryRule::TooLarge);
        }
        if entry.method == Method::Store && entry.size != entry.compressed {
            return refuse(EntryRule::Data);
        }
        if is_bomb(entry.size, entry.compressed) {
            return refuse(EntryRule::Ratio);
        }
        // At most 65,534 numbers below 2^32.
        total += entry.size;
        if total > limits.total {
            return Err(ArchiveRule::TooLarge.into());
        }
    }
    Ok(())
}

/// Entries must fill the file from its first byte to the directory, each once (T-60, T-61).
fn check_tiling(
    source: &(impl ReadAt + ?Sized),
    candidates: &mut [Candidate],
    directory_offset: u64,
    profile: Profile,
) -> Result<()> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&index| candidates[index].entry.header_offset);
    if profile == Profile::Package && !order.is_sorted() {
        return Err(ArchiveRule::Order.into());
    }
    let mut position = 0;
    for index in order {
        let candidate = &mut candidates[index];
        let start = candidate.entry.header_offset;
        if start != position {
            return Err(if start < position { ArchiveRule::Overlap } else { ArchiveRule::Gap }.into());
        }
        position = check_local(source, candidate, directory_offset, profile)?;
    }
    match position == directory_offset {
        true => Ok(()),
        false => Err(ArchiveRule::Gap.into()),
    }
}

/// Compares an entry's own header with the directory and gives where the entry ends.
fn check_local(
    source: &(impl ReadAt + ?Sized),
    candidate: &mut Candidate,
    directory_offset: u64,
    profile: Profile,
) -> Result<u64> {
    let start = candidate.entry.header_offset;
    let mismatch = || Error::entry(EntryRule::HeaderMismatch, &candidate.name);
    if start + LOCAL_SIZE > directory_offset {
        return Err(ArchiveRule::Overlap.into());
    }
    let mut bytes = [0; LOCAL_SIZE as usize];
    source.read_exact_at(&mut bytes, start)?;
    let local = Local::read(&bytes).ok_or_else(mismatch)?;
    let expected = expected_local(&candidate.common);
    let lengths = u64::from(local.name_length) + u64::from(local.extra_length);
    let data_offset = start + LOCAL_SIZE + lengths;
    let data_end = data_offset + candidate.entry.compressed;
    if data_end > directory_offset {
        return Err(ArchiveRule::Overlap.into());
    }
    let mut name = vec![0; lengths as usize];
    source.read_exact_at(&mut name, start + LOCAL_SIZE)?;
    let (name, extra) = name.split_at(local.name_length.into());
    if local.common != expected && local.common != candidate.common || name != candidate.name.as_bytes() {
        return Err(mismatch());
    }
    let harmless = extra.is_empty() || (profile == Profile::Foreign && extra_is_harmless(extra));
    if !harmless {
        return Err(Error::entry(EntryRule::ExtraField, &candidate.name));
    }
    candidate.entry.data_offset = data_offset;
    match candidate.common.flags & FLAG_DESCRIPTOR {
        0 => Ok(data_end),
        _ => check_descriptor(source, candidate, data_end, directory_offset),
    }
}

/// With a data descriptor the header may leave checksum and sizes empty.
fn expected_local(central: &Common) -> Common {
    match central.flags & FLAG_DESCRIPTOR {
        0 => *central,
        _ => Common { crc32: 0, compressed: 0, size: 0, ..*central },
    }
}

fn check_descriptor(
    source: &(impl ReadAt + ?Sized),
    candidate: &Candidate,
    data_end: u64,
    directory_offset: u64,
) -> Result<u64> {
    let mismatch = || Error::entry(EntryRule::HeaderMismatch, &candidate.name);
    let common = candidate.common;
    let values: Vec<u8> =
        [common.crc32, common.compressed, common.size].iter().flat_map(|value| value.to_le_bytes()).collect();
    let available = (directory_offset - data_end).min(16) as usize;
    let mut bytes = [0; 16];
    source.read_exact_at(&mut bytes[..available], data_end)?;
    let mut reader = Reader(&bytes[..available]);
    let marked = reader.literal(&DESCRIPTOR_SIGNATURE).and_then(|()| reader.literal(&values));
    if marked.is_some() {
        return Ok(data_end + 16);
    }
    let mut reader = Reader(&bytes[..available]);
    reader.literal(&values).ok_or_else(mismatch)?;
    Ok(data_end + 12)
}

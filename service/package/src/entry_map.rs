//! Where every entry of an archive lies and what is in it: lets an update take what an older archive or an installed
//! tree already holds.
//!
//! The headers of a package follow from its entries, so with the map a package can be rebuilt from the stored bytes of
//! its entries alone ([`EntryMap::frame`]).

use muster_domain::{ArtifactRef, PortablePath, Sha256};

use crate::{
    Artifact, Entry, Error, MANIFEST_NAME, Method, PAYLOAD_FOLDER, Result,
    block_list::artifact_of,
    bytes::Reader,
    limits::{MAX_ENTRIES, MAX_SIZE},
    zip::{encode_directory, encode_local},
};

const MAGIC: &[u8] = b"muster-entries 1\n";
/// Bytes of a record besides its name.
const RECORD: usize = 2 + 1 + 4 + 4 + 4 + 32 + 32;

/// One entry of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedEntry {
    pub entry: Entry,
    /// Of the stored (compressed) bytes: the same in another archive is the same span.
    pub stored_sha256: Sha256,
    /// Of the file: the same in a tree is the same content.
    pub sha256: Sha256,
}

/// All entries of one archive, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryMap {
    entries: Vec<MappedEntry>,
}

fn malformed() -> Error {
    Error::Artifact { artifact: Artifact::EntryMap }
}

impl EntryMap {
    pub(crate) fn new(entries: Vec<MappedEntry>) -> Self {
        Self { entries }
    }

    pub fn entries(&self) -> &[MappedEntry] {
        &self.entries
    }

    /// The form that is published.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.entries.len() as u32).to_le_bytes());
        for MappedEntry { entry, stored_sha256, sha256 } in &self.entries {
            let name = entry.path.as_str().as_bytes();
            out.extend((name.len() as u16).to_le_bytes());
            out.extend(name);
            out.push(match entry.method {
                Method::Store => 0,
                Method::Deflate => 8,
            });
            for number in [entry.crc32, entry.compressed as u32, entry.size as u32] {
                out.extend(number.to_le_bytes());
            }
            out.extend(stored_sha256.0);
            out.extend(sha256.0);
        }
        out
    }

    /// Reads the published form of the map of an archive of `archive_size` bytes.
    pub fn parse(bytes: &[u8], archive_size: u64) -> Result<Self> {
        let map = Self::read(bytes).ok_or_else(malformed)?;
        let entries = &map.entries;
        let is_manifest = |entry: &MappedEntry| entry.entry.path.as_str() == MANIFEST_NAME;
        let payload = entries.get(1..).unwrap_or_default();
        let fits = entries.first().is_some_and(is_manifest)
            && payload.iter().all(|e| e.entry.path.strip_prefix(PAYLOAD_FOLDER).is_some())
            && payload.is_sorted_by(|a, b| a.entry.path < b.entry.path)
            && map.archive_size() == Some(archive_size);
        if fits { Ok(map) } else { Err(malformed()) }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        reader.literal(MAGIC)?;
        let count = reader.u32()? as usize;
        if count as u64 > MAX_ENTRIES || count > reader.0.len() / RECORD {
            return None;
        }
        let mut entries = Vec::with_capacity(count);
        let mut offset = 0;
        for _ in 0..count {
            let mapped = read_record(&mut reader, offset)?;
            offset = mapped.entry.data_offset + mapped.entry.compressed;
            if offset > MAX_SIZE {
                return None;
            }
            entries.push(mapped);
        }
        reader.is_empty().then_some(Self { entries })
    }

    fn archive_size(&self) -> Option<u64> {
        let (offset, directory) = self.directory()?;
        Some(offset + directory.len() as u64)
    }

    fn directory(&self) -> Option<(u64, Vec<u8>)> {
        let entries: Vec<Entry> = self.entries.iter().map(|mapped| mapped.entry.clone()).collect();
        let offset = entries.last().map_or(0, |last| last.data_offset + last.compressed);
        Some((offset, encode_directory(&entries, offset)?))
    }

    /// Everything of the archive that is not stored content: offsets and bytes of headers and directory.
    pub fn frame(&self) -> Result<Vec<(u64, Vec<u8>)>> {
        let mut frame = Vec::with_capacity(self.entries.len() + 1);
        for MappedEntry { entry, .. } in &self.entries {
            frame.push((entry.header_offset, encode_local(entry).ok_or_else(malformed)?));
        }
        frame.push(self.directory().ok_or_else(malformed)?);
        Ok(frame)
    }

    /// How the map is named in signed metadata.
    pub fn artifact(&self) -> ArtifactRef {
        artifact_of(&self.to_bytes())
    }
}

fn read_record(reader: &mut Reader<'_>, header_offset: u64) -> Option<MappedEntry> {
    let length = reader.u16()?;
    let path: PortablePath = std::str::from_utf8(reader.take(length.into())?).ok()?.parse().ok()?;
    let method = match reader.u8()? {
        0 => Method::Store,
        8 => Method::Deflate,
        _ => return None,
    };
    let (crc32, compressed, size) = (reader.u32()?, reader.u32()?.into(), reader.u32()?.into());
    let data_offset = header_offset + 30 + u64::from(length);
    let entry = Entry { path, method, crc32, compressed, size, header_offset, data_offset };
    Some(MappedEntry { entry, stored_sha256: Sha256(reader.array()?), sha256: Sha256(reader.array()?) })
}

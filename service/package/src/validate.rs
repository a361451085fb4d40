//! Whether a file is a sound package, and what it says.

use std::collections::HashMap;

use muster_domain::{Archive, PortablePath, Sha256};
use sha2::Digest as _;

use crate::{
    Cancel, Entry, EntryRule, Error, FileEntry, Limits, MANIFEST_NAME, Manifest, ManifestProblem,
    PAYLOAD_FOLDER, Profile, Result, describe_archive,
    error::payload_name,
    source::ReadAt,
    zip::{read_all, read_entry, read_structure},
};

/// A package whose structure, names, sizes and manifest are right. Its contents are not read yet.
#[derive(Clone, Debug)]
pub struct Validated {
    manifest: Manifest,
    manifest_bytes: Vec<u8>,
    /// In the order of the archive, the manifest first.
    entries: Vec<Entry>,
    size: u64,
}

impl Validated {
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest as it is in the package.
    pub fn manifest_bytes(&self) -> &[u8] {
        &self.manifest_bytes
    }

    pub fn manifest_sha256(&self) -> Sha256 {
        Sha256(sha2::Sha256::digest(&self.manifest_bytes).into())
    }

    /// All entries in the order of the archive, the manifest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every file of the payload with its entry.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (&FileEntry, &Entry)> {
        // `check_files` has proved that both lists are the same, and both are in byte order.
        self.manifest.files.iter().zip(&self.entries[1..])
    }

    /// Bytes of the archive.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// What a package is, for people.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub archive: Archive,
    pub manifest: Manifest,
    pub manifest_sha256: Sha256,
    /// Files of the payload.
    pub files: usize,
    /// Bytes after unpacking.
    pub unpacked_size: u64,
}

/// Checks everything that can be known without reading the contents. Nothing is written.
pub fn validate(source: &(impl ReadAt + ?Sized), limits: &Limits) -> Result<Validated> {
    let entries = read_structure(source, limits, Profile::Package)?;
    let (manifest_entry, payload) = match entries.split_first() {
        Some((first, payload)) if first.path.as_str() == MANIFEST_NAME => (first, payload),
        _ => return Err(ManifestProblem::Missing.into()),
    };
    check_layout(payload)?;
    if manifest_entry.size > Limits::manifest_size(payload.len() as u64) {
        return Err(ManifestProblem::TooLarge.into());
    }
    let manifest_bytes = read_all(source, manifest_entry, manifest_entry.size, &|| false)?;
    let manifest = Manifest::parse(&manifest_bytes)?;
    check_files(&manifest, payload)?;
    Ok(Validated { manifest, manifest_bytes, size: source.size()?, entries })
}

/// Checks the structure of an archive of another service, and gives its files.
pub fn validate_foreign(source: &(impl ReadAt + ?Sized), limits: &Limits) -> Result<Vec<Entry>> {
    read_structure(source, limits, Profile::Foreign)
}

/// The whole content of one file of an archive of another service, of at most `max` bytes, with its length and checksum
/// proved.
pub fn read_foreign(source: &(impl ReadAt + ?Sized), entry: &Entry, max: u64) -> Result<Vec<u8>> {
    read_all(source, entry, max, &|| false)
}

/// Only the payload, in byte order, follows the manifest.
fn check_layout(payload: &[Entry]) -> Result<()> {
    for entry in payload {
        if entry.path.strip_prefix(PAYLOAD_FOLDER).is_none() {
            return Err(Error::entry(EntryRule::Outside, entry.path.as_str()));
        }
    }
    match payload.is_sorted_by(|a, b| a.path < b.path) {
        true => Ok(()),
        false => Err(crate::ArchiveRule::Order.into()),
    }
}

/// The archive holds exactly the files that the manifest lists (T-65).
fn check_files(manifest: &Manifest, payload: &[Entry]) -> Result<()> {
    let mut listed: HashMap<String, &FileEntry> =
        manifest.files.iter().map(|file| (payload_name(&file.path), file)).collect();
    for entry in payload {
        let name = entry.path.as_str();
        let Some(file) = listed.remove(name) else { return Err(Error::entry(EntryRule::Unlisted, name)) };
        if file.size != entry.size {
            return Err(Error::entry(EntryRule::SizeDiffers, name));
        }
    }
    match listed.keys().min() {
        Some(name) => Err(Error::entry(EntryRule::Missing, name)),
        None => Ok(()),
    }
}

/// Checks the content of every file against the manifest, writing nothing.
pub fn verify(source: &(impl ReadAt + ?Sized), package: &Validated, cancel: Cancel<'_>) -> Result<()> {
    for (file, entry) in package.files() {
        let found = hash_entry(source, entry, cancel, &mut |_| Ok(()))?;
        check_hash(&file.sha256, &found, &entry.path)?;
    }
    Ok(())
}

/// Passes the content of an entry on and gives its hash.
pub(crate) fn hash_entry(
    source: &(impl ReadAt + ?Sized),
    entry: &Entry,
    cancel: Cancel<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<Sha256> {
    let mut hasher = sha2::Sha256::new();
    read_entry(source, entry, cancel, &mut |bytes| {
        hasher.update(bytes);
        sink(bytes)
    })?;
    Ok(Sha256(hasher.finalize().into()))
}

pub(crate) fn check_hash(expected: &Sha256, found: &Sha256, name: &PortablePath) -> Result<()> {
    if expected == found { Ok(()) } else { Err(Error::entry(EntryRule::Hash, name.as_str())) }
}

/// Reads and proves everything about a package file that has no signature to go by, for `muster show` and the like.
pub fn inspect(source: &(impl ReadAt + ?Sized), cancel: Cancel<'_>) -> Result<Inspection> {
    let package = validate(source, &Limits::default())?;
    verify(source, &package, cancel)?;
    Ok(Inspection {
        archive: describe_archive(source, cancel)?.archive,
        manifest_sha256: package.manifest_sha256(),
        files: package.manifest.files.len(),
        unpacked_size: package.manifest.unpacked_size(),
        manifest: package.manifest,
    })
}

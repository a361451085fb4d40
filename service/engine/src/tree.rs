//! What an unpacked tree holds: its list of files, from a package's manifest or from what was found in it.

use muster_cache::ArchiveLease;
use muster_domain::LockedPackage;
use muster_fsx::{Dir, File, Mode};
use muster_package::{
    FileEntry, Limits, MANIFEST_NAME, Manifest, PAYLOAD_FOLDER, unpack, unpack_files, validate,
    validate_foreign,
};

use crate::{EngineError, recipe};

/// The list of files of an archive of another service, beside its payload.
const LISTING_NAME: &str = "listing.json";
/// Largest manifest or listing that is read back, in bytes.
pub(crate) const MAX_LIST: u64 = 32 * 1024 * 1024;

/// The files of a tree. All lie below [`PAYLOAD_FOLDER`].
#[derive(Debug)]
pub(crate) enum TreeList {
    Package(Box<Manifest>),
    /// An archive of another service, with the hashes that were found when it was unpacked.
    Foreign(Vec<FileEntry>),
}

impl TreeList {
    /// Reads the list of a tree.
    pub fn read(tree: &Dir) -> Result<Self, EngineError> {
        if let Some(bytes) = tree.read_if_exists(MANIFEST_NAME, MAX_LIST)? {
            return Ok(Self::Package(Box::new(Manifest::parse(&bytes)?)));
        }
        let bytes = tree.read(LISTING_NAME, MAX_LIST)?;
        let files = serde_json::from_slice(&bytes);
        files.map(Self::Foreign).map_err(|_| EngineError::Internal("the list of a tree cannot be read"))
    }

    pub fn files(&self) -> &[FileEntry] {
        match self {
            Self::Package(manifest) => &manifest.files,
            Self::Foreign(files) => files,
        }
    }

    /// What the author says; archives of other services say nothing that is believed.
    pub fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::Package(manifest) => Some(manifest),
            Self::Foreign(_) => None,
        }
    }
}

/// Unpacks the verified archive of a package into a folder of its own, with its list.
pub(crate) fn unpack_into(
    staging: &Dir,
    package: &LockedPackage,
    archive: &ArchiveLease,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<(), EngineError> {
    let file = archive.open()?;
    if let Some(recipe) = &package.recipe {
        let said = recipe::bytes(recipe)?;
        if let Some(sha512) = &said.sha512 {
            check_sha512(package, &file, sha512)?;
        }
        if said.are_whole {
            return keep_whole(staging, package, &file);
        }
        let entries = validate_foreign(&file, &Limits::default())?;
        let payload = staging.create_dir_all(PAYLOAD_FOLDER)?;
        let unpacked = unpack_files(&file, &entries, &payload, &|| cancelled())?;
        let listing = serde_json::to_vec(&unpacked.files)
            .map_err(|_| EngineError::Internal("the list of a tree cannot be written"))?;
        return Ok(staging.write_atomic(LISTING_NAME, &listing)?);
    }
    let validated = validate(&file, &Limits::default())?;
    check_identity(validated.manifest(), package)?;
    let payload = staging.create_dir_all(PAYLOAD_FOLDER)?;
    unpack(&file, &validated, &payload, &|| cancelled())?;
    Ok(staging.write_atomic(MANIFEST_NAME, validated.manifest_bytes())?)
}

/// Bytes that are read at once.
const AT_ONCE: u64 = 256 * 1024;

/// Gives all bytes of a file to `take`, piece by piece.
fn read_through(
    file: &File,
    mut take: impl FnMut(&[u8]) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let size = file.size()?;
    let mut buffer = vec![0; AT_ONCE.min(size) as usize];
    let mut at = 0;
    while at < size {
        let piece = &mut buffer[..AT_ONCE.min(size - at) as usize];
        file.read_exact_at(piece, at)?;
        take(piece)?;
        at += piece.len() as u64;
    }
    Ok(())
}

/// Keeps an archive as the one file that it is to the game.
fn keep_whole(staging: &Dir, package: &LockedPackage, file: &File) -> Result<(), EngineError> {
    let payload = staging.create_dir_all(PAYLOAD_FOLDER)?;
    let kept = payload.create_new(recipe::WHOLE_FILE)?;
    let mut at = 0;
    read_through(file, |piece| {
        kept.write_all_at(piece, at)?;
        at += piece.len() as u64;
        Ok(())
    })?;
    kept.set_mode(Mode::ReadOnly)?;
    kept.sync()?;
    payload.sync()?;
    let path = recipe::WHOLE_FILE.parse().map_err(|_| EngineError::Internal("the name of a whole file"))?;
    let entry = FileEntry { path, size: package.archive.size, sha256: package.archive.sha256 };
    let listing = serde_json::to_vec(&[entry])
        .map_err(|_| EngineError::Internal("the list of a tree cannot be written"))?;
    Ok(staging.write_atomic(LISTING_NAME, &listing)?)
}

/// Bytes that came first have to be those that their source says, as far as it says anything.
fn check_sha512(package: &LockedPackage, file: &File, expected: &str) -> Result<(), EngineError> {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha512::new();
    read_through(file, |piece| {
        hasher.update(piece);
        Ok(())
    })?;
    let found: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    match found == expected {
        true => Ok(()),
        false => Err(EngineError::ReleaseDiffers { id: package.id.clone(), what: "SHA-512".to_owned() }),
    }
}

/// An archive is what its signed description says, or it is nothing.
fn check_identity(manifest: &Manifest, package: &LockedPackage) -> Result<(), EngineError> {
    let differs = |what: &str| EngineError::ReleaseDiffers { id: package.id.clone(), what: what.to_owned() };
    if muster_domain::PackageId::from(manifest.name.clone()) != package.id {
        return Err(differs("name"));
    }
    if manifest.version != package.version {
        return Err(differs("version"));
    }
    Ok(())
}

//! What an unpacked tree holds: its list of files, from a package's manifest or from what was found in it.

use muster_cache::ArchiveLease;
use muster_domain::LockedPackage;
use muster_fsx::Dir;
use muster_package::{
    FileEntry, Limits, MANIFEST_NAME, Manifest, PAYLOAD_FOLDER, unpack, unpack_files, validate,
    validate_foreign,
};

use crate::EngineError;

/// The list of files of an archive of another service, beside its payload.
const LISTING_NAME: &str = "listing.json";
/// Largest manifest or listing that is read back, in bytes.
pub(crate) const MAX_LIST: u64 = 32 * 1024 * 1024;

/// The files of a tree. All lie below [`PAYLOAD_FOLDER`].
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
    if package.recipe.is_some() {
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

//! Making a package from a folder with `manifest.yaml` and `files/`. The same input gives the same bytes everywhere.

use std::io::{Cursor, Read as _};

use muster_domain::{PortablePath, Sha256};
use muster_fsx::{Dir, EntryKind, File, Operation};
use sha2::Digest as _;

use crate::{
    Cancel, Description, EntryRule, Error, FileEntry, Limits, MANIFEST_NAME, Manifest, ManifestProblem,
    PAYLOAD_FOLDER, Result, describe,
    error::payload_name,
    limits::MAX_MANIFEST_HEAD,
    manifest::with_files,
    validate,
    zip::{Content, Expected, Writer},
};

/// A package that was written.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Name of the file in the folder that was given.
    pub file_name: String,
    pub manifest: Manifest,
    pub manifest_sha256: Sha256,
    pub description: Description,
}

/// The manifest that [`pack`] would write, with the list of files: reads and hashes everything, writes nothing.
pub fn plan_pack(input: &Dir, cancel: Cancel<'_>) -> Result<Manifest> {
    Ok(plan(input, cancel)?.1)
}

/// Packs the folder `input` into a new file in `output`, replacing one of the same name at the end.
///
/// Besides `manifest.yaml` and `files/`, whatever is in `input` is left out.
pub fn pack(input: &Dir, output: &Dir, cancel: Cancel<'_>) -> Result<Packed> {
    let (manifest_bytes, manifest) = plan(input, cancel)?;
    let (temporary, file) = output.create_temporary()?;
    let result = write_and_check(input, manifest, &manifest_bytes, &file, cancel);
    drop(file);
    let result = result.and_then(|packed| {
        output.rename(temporary.as_str(), output, packed.file_name.as_str())?;
        output.sync()?;
        Ok(packed)
    });
    if result.is_err() {
        // The first error is the one to report; the name says that the file may go.
        let _ = output.remove_file(temporary.as_str());
    }
    result
}

fn plan(input: &Dir, cancel: Cancel<'_>) -> Result<(Vec<u8>, Manifest)> {
    let authored = read_authored(input)?;
    Manifest::parse_authored(&authored)?;
    let files = list_payload(input, cancel)?;
    with_files(&authored, &files)
}

fn read_authored(input: &Dir) -> Result<Vec<u8>> {
    match input.read(MANIFEST_NAME, MAX_MANIFEST_HEAD) {
        Err(error) if error.kind() == muster_fsx::ErrorKind::TooLarge => {
            Err(ManifestProblem::TooLarge.into())
        }
        other => Ok(other?),
    }
}

fn list_payload(input: &Dir, cancel: Cancel<'_>) -> Result<Vec<FileEntry>> {
    if input.metadata_if_exists(PAYLOAD_FOLDER)?.is_none() {
        return Ok(Vec::new());
    }
    let payload = input.open_dir(PAYLOAD_FOLDER)?;
    let mut files = Vec::new();
    for found in payload.tree()? {
        match found.metadata.kind {
            EntryKind::Dir => continue,
            EntryKind::File if found.nameable => {}
            _ => return Err(Error::entry(EntryRule::InputSpecial, &found.path)),
        }
        let path: PortablePath = found.path.parse().map_err(|error| Error::path(&found.path, error))?;
        let file = payload.open(&path)?;
        let (size, sha256) = hash_file(file, cancel)?;
        files.push(FileEntry { path, size, sha256 });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn hash_file(mut file: File, cancel: Cancel<'_>) -> Result<(u64, Sha256)> {
    let (mut hasher, mut size) = (sha2::Sha256::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if cancel() {
            return Err(Error::Cancelled);
        }
        let count = file
            .read(&mut buffer)
            .map_err(|error| muster_fsx::Error::recover(error, Operation::Read, file.path()))?;
        if count == 0 {
            return Ok((size, Sha256(hasher.finalize().into())));
        }
        hasher.update(&buffer[..count]);
        size += count as u64;
    }
}

fn write_and_check(
    input: &Dir,
    manifest: Manifest,
    manifest_bytes: &[u8],
    file: &File,
    cancel: Cancel<'_>,
) -> Result<Packed> {
    write(input, &manifest, manifest_bytes, file, cancel)?;
    // What the packer writes is held to the same rules as what others wrote: names that collide show here.
    let package = validate(file, &Limits::default())?;
    let description = describe(file, &package, cancel)?;
    Ok(Packed {
        file_name: manifest.file_name(),
        manifest_sha256: package.manifest_sha256(),
        manifest,
        description,
    })
}

fn write(
    input: &Dir,
    manifest: &Manifest,
    manifest_bytes: &[u8],
    file: &File,
    cancel: Cancel<'_>,
) -> Result<()> {
    let mut writer = Writer::new(file, cancel);
    let expected = Expected {
        size: manifest_bytes.len() as u64,
        sha256: Sha256(sha2::Sha256::digest(manifest_bytes).into()),
    };
    add(&mut writer, MANIFEST_NAME, &mut Cursor::new(manifest_bytes), &expected)?;
    for FileEntry { path, size, sha256 } in &manifest.files {
        let name = payload_name(path);
        let mut content = input.open(name.as_str())?;
        add(&mut writer, &name, &mut content, &Expected { size: *size, sha256: *sha256 })?;
    }
    writer.finish()?;
    Ok(())
}

fn add(writer: &mut Writer<'_>, name: &str, content: &mut dyn Content, expected: &Expected) -> Result<()> {
    let path = name.parse().map_err(|error| Error::path(name, error))?;
    writer.add(path, content, expected)
}

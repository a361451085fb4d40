//! Reads the facts that a plan needs. Changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Read as _,
};

use muster_domain::{FoldedPath, PortablePath, Sha256};
use muster_fsx::{Dir, EntryKind, Metadata, Operation};
use sha2::{Digest as _, Sha256 as Hasher};

use crate::{
    Applied, DeployError, Desired, Key,
    deployment::Places,
    facts::{Found, Obstacle, OnDisk, Stamp},
};

/// Largest text file that is edited, in bytes.
pub(crate) const MAX_TEXT: u64 = 1024 * 1024;

/// What is taken as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A file of the size, time and inode that the books have is the one of the books.
    Stamps,
    /// Every file is read.
    Nothing,
}

/// What is at every path that is wanted or ours.
pub(crate) fn observe(
    (places, backup): (&Places, &Dir),
    desired: &Desired,
    applied: &Applied,
    trust: Trust,
) -> Result<OnDisk, DeployError> {
    let mut disk = OnDisk::default();
    let wanted = desired.files.values().map(|file| (&file.place, &file.path));
    let edits = desired.edits.values().map(|edit| (&edit.place, &edit.path));
    let ours = applied.files.values().map(|file| (&file.place, &file.path));
    let our_edits = applied.edits.values().map(|edit| (&edit.place, &edit.path));
    let brought = desired.brought.values().map(|file| (&file.place, &file.path));
    let hidden = applied.hidden.iter().map(|hidden| (&hidden.place, &hidden.path));
    let all = brought.chain(hidden).chain(ours).chain(our_edits).chain(edits).chain(wanted);
    let paths: BTreeMap<Key, (&String, &PortablePath)> = all.map(|(a, b)| (Key::new(a, b), (a, b))).collect();
    let mut listings: HashMap<&str, Listings<'_>> = HashMap::new();
    for (key, (place, path)) in paths {
        let listing = match listings.get_mut(place.as_str()) {
            Some(listing) => listing,
            None => listings.entry(place).or_insert(Listings::new(places.get(place)?)),
        };
        let known = known(applied, &key).filter(|_| trust == Trust::Stamps);
        let mut found = found(listing, path, known)?;
        let is_edit = desired.edits.contains_key(&key) || applied.edits.contains_key(&key);
        if is_edit && let (Found::File { at, size, .. }, Some(root)) = (&found, listing.root) {
            match *size > MAX_TEXT {
                true => found = Found::Blocked { at: at.clone(), by: Obstacle::Unreadable },
                false => drop(disk.texts.insert(key.clone(), root.read(at, MAX_TEXT)?)),
            }
        }
        if let Some(original) = applied.edits.get(&key).and_then(|edit| edit.original.as_ref()) {
            disk.originals.insert(key.clone(), backup.read(&original.backup, MAX_TEXT)?);
        }
        disk.found.insert(key, found);
    }
    Ok(disk)
}

/// Size, stamp and hash that the books have for a path.
fn known(applied: &Applied, key: &Key) -> Option<(u64, Stamp, Sha256)> {
    let file = applied.files.get(key).and_then(|file| Some((file.size, file.stamp?, file.sha256)));
    file.or_else(|| applied.edits.get(key).and_then(|edit| Some((edit.size, edit.stamp?, edit.sha256))))
}

/// Folders of a place, each read once.
struct Listings<'d> {
    root: Option<&'d Dir>,
    folders: HashMap<String, Listing>,
}

type Listing = BTreeMap<FoldedPath, Vec<(String, Metadata)>>;

impl<'d> Listings<'d> {
    fn new(root: Option<&'d Dir>) -> Self {
        Self { root, folders: HashMap::new() }
    }

    /// The entry that `name` means in a folder: of exactly this name, else one that some system takes for it (T-79).
    fn look(&mut self, folder: &str, name: &str) -> Result<Option<(String, Metadata)>, DeployError> {
        let Some(root) = self.root else { return Ok(None) };
        if !self.folders.contains_key(folder) {
            let opened = if folder.is_empty() { root.try_clone() } else { root.open_dir(folder) };
            let mut listing = Listing::new();
            for entry in opened?.entries()? {
                // A name that is not portable is none that a package could mean.
                let Some(Ok(path)) = entry.name_str().map(str::parse::<PortablePath>) else { continue };
                listing.entry(path.fold()).or_default().push((path.as_str().to_owned(), entry.metadata));
            }
            self.folders.insert(folder.to_owned(), listing);
        }
        let Ok(path) = name.parse::<PortablePath>() else { return Ok(None) };
        let entries = self.folders.get(folder).and_then(|listing| listing.get(&path.fold()));
        let exact = entries.and_then(|entries| entries.iter().find(|(spelled, _)| spelled == name));
        Ok(exact.or_else(|| entries?.first()).cloned())
    }
}

fn found(
    listings: &mut Listings<'_>,
    path: &PortablePath,
    known: Option<(u64, Stamp, Sha256)>,
) -> Result<Found, DeployError> {
    let mut at = String::new();
    let parts: Vec<&str> = path.parts().collect();
    for (depth, part) in parts.iter().enumerate() {
        let is_last = depth + 1 == parts.len();
        let entry = listings.look(&at, part)?;
        let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}/{name}") };
        let Some((name, metadata)) = entry else { return Ok(nothing(&at, &parts[depth..])) };
        at = below(&name);
        match (metadata.kind, is_last) {
            (EntryKind::Dir, false) => {}
            (EntryKind::File, true) => return file(listings, at, &metadata, known),
            (EntryKind::Link, _) => return Ok(Found::Blocked { at, by: Obstacle::Link }),
            (EntryKind::Dir, true) => return Ok(Found::Blocked { at, by: Obstacle::Folder }),
            (EntryKind::File, false) => return Ok(Found::Blocked { at, by: Obstacle::FileAbove }),
            (EntryKind::Special, _) => return Ok(Found::Blocked { at, by: Obstacle::Special }),
        }
    }
    Ok(Found::Blocked { at, by: Obstacle::Folder })
}

/// The path with the folders that exist, and those that do not.
fn nothing(existing: &str, rest: &[&str]) -> Found {
    let mut at = existing.to_owned();
    let mut missing = Vec::new();
    for (index, part) in rest.iter().enumerate() {
        if !at.is_empty() {
            at.push('/');
        }
        at.push_str(part);
        if index + 1 < rest.len() {
            missing.push(at.clone());
        }
    }
    Found::Nothing { at, missing }
}

fn file(
    listings: &Listings<'_>,
    at: String,
    metadata: &Metadata,
    known: Option<(u64, Stamp, Sha256)>,
) -> Result<Found, DeployError> {
    let stamp = Stamp::of(metadata);
    let sha256 = match (known, listings.root) {
        (Some((size, known, sha256)), _) if known == stamp && size == metadata.size => sha256,
        (_, Some(root)) => hash(root, &at)?,
        (_, None) => return Ok(nothing("", &at.split('/').collect::<Vec<_>>())),
    };
    Ok(Found::File { at, size: metadata.size, stamp, sha256 })
}

/// SHA-256 of a file's content.
pub(crate) fn hash(dir: &Dir, at: &str) -> Result<Sha256, DeployError> {
    let mut file = dir.open(at)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file
            .read(&mut buffer)
            .map_err(|error| muster_fsx::Error::recover(error, Operation::Read, file.path()))?;
        if count == 0 {
            return Ok(Sha256(hasher.finalize().into()));
        }
        hasher.update(&buffer[..count]);
    }
}

/// The folder of a path, `""` for the place itself.
pub(crate) fn folder_of(at: &str) -> &str {
    at.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Distinct folders of paths.
pub(crate) fn folders_of<'a>(paths: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeSet<(String, String)> {
    paths.map(|(place, at)| (place.to_owned(), folder_of(at).to_owned())).collect()
}

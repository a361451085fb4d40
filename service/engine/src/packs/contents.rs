//! What is in a pack: read whole, before anything is asked or changed. An archive that breaks one rule is refused as a whole
//! (`muster_package::validate_foreign`); a file that may not come along is shown and stays behind.

use std::collections::{BTreeMap, BTreeSet};

use muster_adapters::{
    modrinth::{self, MAX_PACK_INDEX, OVERRIDES, PACK_INDEX, Pack, PackFile, Support},
    thunderstore::{EXPORT, Export, ExportedMod, MAX_EXPORT},
};
use muster_domain::{PortablePath, Sha256};
use muster_package::{Entry, Limits, ReadAt, read_foreign, validate_foreign};
use sha2::Digest as _;

use super::{
    error::PackError,
    judge::{Judge, Refusal, holds_program},
};
use crate::EngineError;

/// Largest archive of a pack, and most bytes of it unpacked.
pub(super) const MAX_PACK: u64 = 1024 * 1024 * 1024;
/// Largest file that comes along, in bytes: it is looked into whole.
const MAX_CARRIED: u64 = 256 * 1024 * 1024;
/// Bytes that are hashed at once.
const AT_ONCE: u64 = 1024 * 1024;
/// What is at the top of an exported profile for the managers themselves.
const THEIRS: [&str; 2] = [EXPORT, "mods.yml"];
/// The folder that older exports of r2modman leave out.
const LOADER: &str = "BepInEx";

/// Who made a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Modrinth(Pack),
    /// By r2modman, the Thunderstore Mod Manager or Gale.
    Export(Export),
}

impl Made {
    pub fn name(&self) -> &str {
        match self {
            Self::Modrinth(pack) => &pack.name,
            Self::Export(export) => &export.name,
        }
    }

    /// What its author calls this version of it; empty where nothing says it.
    pub fn version(&self) -> &str {
        match self {
            Self::Modrinth(pack) => &pack.version,
            Self::Export(_) => "",
        }
    }

    /// Those mods of it that a player needs.
    pub fn files(&self) -> impl Iterator<Item = &PackFile> {
        let files = match self {
            Self::Modrinth(pack) => pack.files.as_slice(),
            Self::Export(_) => &[],
        };
        files.iter().filter(|file| file.client != Support::Unsupported)
    }

    pub fn mods(&self) -> &[ExportedMod] {
        match self {
            Self::Modrinth(_) => &[],
            Self::Export(export) => &export.mods,
        }
    }

    /// What of its list cannot be used.
    pub fn refused(&self) -> Vec<String> {
        match self {
            Self::Modrinth(pack) => pack.refused.iter().map(|(path, _)| path.clone()).collect(),
            Self::Export(export) => export.refused.clone(),
        }
    }
}

/// A pack, read.
pub(super) struct Contents {
    pub made: Made,
    /// Of the archive.
    pub sha256: Sha256,
    /// Files that are laid over the game's folder, by the path there.
    pub files: Vec<(PortablePath, Entry)>,
}

impl Contents {
    /// Reads an archive.
    pub fn read(source: &(impl ReadAt + ?Sized)) -> Result<Self, EngineError> {
        let size = source.size()?;
        if size > MAX_PACK {
            return Err(PackError::TooLarge { limit: MAX_PACK }.into());
        }
        let limits = Limits { archive: MAX_PACK, file: MAX_PACK, ..Limits::default() };
        let entries = validate_foreign(source, &limits.with_total(4 * MAX_PACK))?;
        let of = |name: &str| entries.iter().find(|entry| entry.path.as_str() == name);
        let (made, files) = match (of(PACK_INDEX), of(EXPORT)) {
            (Some(index), _) => {
                let pack = Pack::parse(&read_foreign(source, index, MAX_PACK_INDEX)?)?;
                (Made::Modrinth(pack), overrides(&entries))
            }
            (None, Some(list)) => {
                let export = Export::parse(&read_foreign(source, list, MAX_EXPORT)?)?;
                (Made::Export(export), profile_files(&entries))
            }
            (None, None) => return Err(PackError::UnknownForm.into()),
        };
        Ok(Self { made, sha256: hash(source, size)?, files })
    }

    /// Every file of it, with where it goes or why it stays behind.
    pub fn judged(
        &self,
        source: &(impl ReadAt + ?Sized),
        judge: &Judge<'_>,
    ) -> Result<Vec<Carried>, EngineError> {
        let mut all = Vec::with_capacity(self.files.len());
        for (path, entry) in &self.files {
            let to = match judge.by_name(path) {
                Ok(_) if entry.size > MAX_CARRIED => Err(Refusal::Program),
                Ok(_) if holds_program(&read_foreign(source, entry, MAX_CARRIED)?) => Err(Refusal::Program),
                judged => judged,
            };
            all.push(Carried { path: path.clone(), entry: entry.clone(), to });
        }
        Ok(all)
    }
}

/// One file of a pack.
pub(super) struct Carried {
    /// Below the folder of the game.
    pub path: PortablePath,
    pub entry: Entry,
    /// Place, and path below it.
    pub to: Result<(String, PortablePath), Refusal>,
}

/// The files below the folders for players; a later folder's takes the place of an earlier one's.
fn overrides(entries: &[Entry]) -> Vec<(PortablePath, Entry)> {
    let mut files = BTreeMap::new();
    for folder in OVERRIDES {
        for entry in entries {
            if let Some(path) = entry.path.strip_prefix(folder) {
                files.insert(path.as_str().to_lowercase(), (path, entry.clone()));
            }
        }
    }
    files.into_values().collect()
}

/// The files of a profile that are no list: settings lie below `config/` in older exports.
fn profile_files(entries: &[Entry]) -> Vec<(PortablePath, Entry)> {
    let mut seen = BTreeSet::new();
    let files = entries.iter().filter(|entry| !THEIRS.contains(&entry.path.as_str()));
    let named = files.filter_map(|entry| {
        let path = match entry.path.as_str().starts_with("config/") {
            true => format!("{LOADER}/{}", entry.path).parse().ok()?,
            false => entry.path.clone(),
        };
        seen.insert(path.as_str().to_lowercase()).then(|| (path, entry.clone()))
    });
    named.collect()
}

fn hash(source: &(impl ReadAt + ?Sized), size: u64) -> Result<Sha256, EngineError> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; AT_ONCE.min(size) as usize];
    let mut at = 0;
    while at < size {
        let piece = &mut buffer[..AT_ONCE.min(size - at) as usize];
        source.read_exact_at(piece, at)?;
        hasher.update(&*piece);
        at += piece.len() as u64;
    }
    Ok(Sha256(hasher.finalize().into()))
}

/// The loader of Minecraft that a pack is for, as sources of Modrinth name it; `None` where it names none.
pub(super) fn loader(pack: &modrinth::Pack) -> Option<&'static str> {
    const LOADERS: [(&str, &str); 4] = [
        ("fabric-loader", "fabric"),
        ("quilt-loader", "quilt"),
        ("neoforge", "neoforge"),
        ("forge", "forge"),
    ];
    LOADERS.iter().find(|(need, _)| pack.needs.contains_key(*need)).map(|(_, loader)| *loader)
}

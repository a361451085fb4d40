//! Files of the player's own that become packages: from folders that are watched, and one by one.
//!
//! A file that is named once is copied into a folder of Muster's own for its game, which is a source like any other
//! folder: what is installed from it can be verified, switched and brought back when the file is gone from where it lay.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use muster_catalog::{DocumentAddress, FolderAddress, file_package, is_package_file};
use muster_domain::{GameId, PackageId, PortablePath, ProfileId, Sha256, SourceId, VersionRange};
use muster_fsx::{Dir, File};
use muster_package::{Limits, validate};
use muster_store::state::NewSource;

use crate::{Engine, EngineError, Key, SourceError, Wish, jobs::blocking};

/// Below the state folder, one folder for each game.
const OWN_FILES: &str = "own-files";
/// Longest file that is fetched from an address, in bytes.
const MAX_FETCHED: u64 = 512 * 1024 * 1024;
/// Bytes that are copied at once.
const AT_ONCE: u64 = 1024 * 1024;
/// How a ZIP archive begins (APPNOTE.TXT 4.3.7); packages and mods of Java are such archives, too.
const ZIP: &[u8] = b"PK\x03\x04";

/// Sites whose files are for people in front of a browser: their pages are opened, not read.
const PAGES: &[(&str, &str)] = &[
    ("moddb.com", "ModDB"),
    ("nexusmods.com", "Nexus Mods"),
    ("curseforge.com", "CurseForge"),
    ("gamebanana.com", "GameBanana"),
    ("mod.io", "mod.io"),
    ("steamcommunity.com", "Steam"),
    ("mediafire.com", "MediaFire"),
    ("drive.google.com", "Google Drive"),
];

/// Where a file is that shall become a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAt {
    /// On this machine.
    Path(PathBuf),
    /// At a web address that gives the file itself.
    Address(String),
}

/// How each folder that is a source looked last.
#[derive(Default)]
pub(crate) struct Folders(Mutex<BTreeMap<SourceId, u64>>);

impl Folders {
    /// Notes how a folder looks, and says whether that is new: also at the first look, because files may have come since it
    /// was read.
    fn is_other(&self, id: &SourceId, looks: u64) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(id.clone(), looks) != Some(looks)
    }
}

impl Engine {
    /// Reads folders anew whose files came, went or changed. By looking, because watches do not reach every volume.
    pub(crate) async fn look_into_folders(&self) {
        for (id, path) in self.catalog().watched() {
            let Ok(looks) = blocking(move || Ok(fingerprint(&path))).await else { continue };
            if self.inner.folders.is_other(&id, looks)
                && let Err(error) = self.sync_now(&id).await
            {
                tracing::info!(source = %id, %error, "a folder cannot be read");
            }
        }
    }

    /// Takes a file in as a package for the game of a profile, and gives the wish that installs it. The file stays where
    /// it is.
    pub async fn take_file_in(&self, at: &FileAt, profile: ProfileId) -> Result<Wish, EngineError> {
        let game = self.profile(profile).await?.game;
        let (name, bytes) = match at {
            FileAt::Path(path) => {
                (path.to_string_lossy().rsplit(['/', '\\']).next().unwrap_or_default().to_owned(), None)
            }
            FileAt::Address(address) => {
                let name = named_in(address)?.to_owned();
                // Nothing is fetched that could not be used.
                file_name(Some(&name))?;
                (name, Some(self.fetch_file(address).await?))
            }
        };
        self.own_file(&game, at.clone(), &name, bytes).await
    }

    /// Keeps a file, or bytes that came for it, as a package of the player's own for a game, and gives the wish that
    /// installs it.
    pub(crate) async fn own_file(
        &self,
        game: &GameId,
        at: FileAt,
        name: &str,
        bytes: Option<Vec<u8>>,
    ) -> Result<Wish, EngineError> {
        let name = file_name(Some(name))?;
        let folder = self.own_folder(game);
        let source = self.own_source_here(game, &folder).await?;
        let kept_as = name.clone();
        let (sha256, id) = blocking(move || keep(&at, bytes.as_deref(), &folder, &kept_as)).await?;
        self.sync_now(&source).await?;
        let key = Key { source, id };
        let detail = self.catalog().package(&key.source, &key.id).await?;
        let release = detail.releases.iter().find(|release| release.archive.sha256 == sha256);
        let release = release.ok_or(SourceError::NotAPackage { name: name.to_string() })?;
        let range = VersionRange::only(&release.version).unwrap_or_default();
        Ok(Wish { key, range, sha256: Some(sha256) })
    }

    fn own_folder(&self, game: &GameId) -> PathBuf {
        self.inner.places.state.join(OWN_FILES).join(game.as_str())
    }

    /// The source that is the player's own files for a game, whether it is there yet or not.
    pub(crate) fn own_source(&self, game: &GameId) -> SourceId {
        FolderAddress::new(game.clone(), self.own_folder(game)).source_id()
    }

    /// The source that is the player's own files for a game; made where it is not there yet.
    async fn own_source_here(&self, game: &GameId, folder: &Path) -> Result<SourceId, EngineError> {
        let made = folder.to_owned();
        blocking(move || Ok(Dir::create_ambient_private(&made).map(drop)?)).await?;
        let address = FolderAddress::new(game.clone(), folder.to_owned());
        let id = address.source_id();
        if self.state().sources().get(&id).await?.is_none() {
            let new = NewSource {
                id: id.clone(),
                kind: address.kind().to_owned(),
                address: address.to_string(),
                alias: Some(format!("own-{game}")).filter(|alias| alias.len() <= 39),
                root: None,
            };
            self.take_up(new).await?;
        }
        Ok(id)
    }

    /// The file at an address. A page that leads to it is none.
    async fn fetch_file(&self, address: &str) -> Result<Vec<u8>, EngineError> {
        let document = DocumentAddress::parse(address)?;
        if self.settings().offline && !document.is_local() {
            return Err(EngineError::Offline);
        }
        let unreadable = |why: String| SourceError::Unreadable { file: address.to_owned(), why };
        let bytes = document.fetch(MAX_FETCHED).await.map_err(|error| unreadable(error.to_string()))?;
        match bytes.starts_with(ZIP) {
            true => Ok(bytes),
            false => Err(SourceError::NotAPackage { name: address.to_owned() }.into()),
        }
    }
}

/// The name of a file that becomes a package, safe on every system.
fn file_name(name: Option<&str>) -> Result<PortablePath, EngineError> {
    let name = name.unwrap_or_default();
    let refuse = || SourceError::NotAPackage { name: name.to_owned() };
    let path = name.parse().ok().filter(|_| is_package_file(name) && !name.contains('/'));
    Ok(path.ok_or_else(refuse)?)
}

/// What the last part of a web address says; a site whose files are handed out in a browser is refused with its name.
fn named_in(address: &str) -> Result<&str, EngineError> {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_of = |site: &str| host == site || host.ends_with(&format!(".{site}"));
    if let Some((_, site)) = PAGES.iter().find(|(domain, _)| is_of(domain)) {
        return Err(SourceError::PageOnly { site, address: address.to_owned() }.into());
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    Ok(path.rsplit('/').next().unwrap_or_default())
}

/// Copies a file into the folder of the player's own, and gives its hash and the package that it is.
fn keep(
    at: &FileAt,
    bytes: Option<&[u8]>,
    folder: &Path,
    name: &PortablePath,
) -> Result<(Sha256, PackageId), EngineError> {
    use sha2::Digest as _;
    let folder = Dir::open_ambient(folder)?;
    let mut hasher = sha2::Sha256::new();
    let (temporary, file) = folder.create_temporary()?;
    let copied = match (at, bytes) {
        (_, Some(bytes)) => {
            hasher.update(bytes);
            file.write_all_at(bytes, 0)
        }
        (FileAt::Path(path), None) => {
            File::open_ambient(path).and_then(|from| copy(&from, &file, &mut hasher))
        }
        (FileAt::Address(_), None) => Ok(()),
    };
    let sha256 = Sha256(hasher.finalize().into());
    let kept = copied.map_err(EngineError::from).and_then(|()| {
        let id = match file_package(name.as_str()) {
            Some(id) => id,
            None => validate(&file, &Limits::default())?.manifest().name.clone().into(),
        };
        file.sync()?;
        folder.rename(temporary.as_str(), &folder, name.as_str())?;
        folder.sync()?;
        Ok(id)
    });
    match kept {
        Ok(id) => Ok((sha256, id)),
        Err(error) => {
            // Nothing of a refused file stays.
            let _ = folder.remove_file(temporary.as_str());
            Err(error)
        }
    }
}

fn copy(from: &File, to: &File, hasher: &mut sha2::Sha256) -> Result<(), muster_fsx::Error> {
    use sha2::Digest as _;
    let size = from.size()?;
    let mut buffer = vec![0; usize::try_from(AT_ONCE.min(size)).unwrap_or(0)];
    let mut at = 0;
    while at < size {
        let piece = &mut buffer[..usize::try_from(AT_ONCE.min(size - at)).unwrap_or(0)];
        from.read_exact_at(piece, at)?;
        hasher.update(&*piece);
        to.write_all_at(piece, at)?;
        at += piece.len() as u64;
    }
    Ok(())
}

/// How a folder looks: names, sizes and times of what lies in it. A folder that is away looks like none.
fn fingerprint(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let entries = Dir::open_ambient(path).and_then(|folder| folder.entries()).unwrap_or_default();
    let mut entries: Vec<_> =
        entries.into_iter().map(|entry| (entry.name, entry.metadata.size, entry.metadata.modified)).collect();
    entries.sort();
    entries.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_sites_are_told_from_files() {
        assert_eq!(named_in("https://a.example/x/glow-1.zip?dl=1#a").expect("a name"), "glow-1.zip");
        for page in [
            "https://www.moddb.com/mods/x/downloads/y",
            "https://NEXUSMODS.com/skyrim/mods/1",
            "http://a.mod.io/x",
        ] {
            assert!(
                matches!(named_in(page), Err(EngineError::Source(SourceError::PageOnly { .. }))),
                "{page}"
            );
        }
        assert!(named_in("https://notmoddb.com/a.zip").is_ok());
    }

    #[test]
    fn names_are_files_that_become_packages() {
        for good in ["glow-1.0.zip", "a.muster", "mod.jar"] {
            assert!(file_name(Some(good)).is_ok(), "{good}");
        }
        for bad in ["", "a.exe", "../a.zip", "con.zip", ".zip", "a.html"] {
            assert!(file_name(Some(bad)).is_err(), "{bad}");
        }
    }
}

//! Archives whose content is known here: in the cache, unpacked, or lying beside the mods.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_domain::{Archive, GameId, LockedPackage, PackageId, Sha256, SourceId, Version};
use muster_games::Definition;
use muster_package::{EXTENSION, FileEntry, Limits, Manifest, validate};

use super::{
    identify::{Known, Listed},
    keep::{keep_archive, local, locked},
    scan::Scan,
};
use crate::{
    Engine, EngineError,
    hashing::hash,
    jobs::blocking,
    placing,
    tree::{MAX_LIST, TreeList},
};

/// Most archives that are looked into for one folder.
const MAX_ARCHIVES: usize = 5_000;

impl Engine {
    /// Every archive that is at hand and whose files could be among those of the scan, as a lock would name it.
    pub(super) async fn candidates(
        &self,
        game: &GameId,
        scan: &Scan,
    ) -> Result<BTreeMap<Sha256, LockedPackage>, EngineError> {
        let mut found = self.beside(scan).await?;
        let mut packages = self.installed_packages().await?;
        for profile in self.state().profiles().all().await? {
            let locks = self.state().profiles().generation_locks(profile.id).await?;
            packages.extend(locks.into_iter().flat_map(|lock| lock.packages));
        }
        for package in packages {
            let asked = LockedPackage { wished: true, enabled: true, rank: None, held: None, ..package };
            found.entry(asked.archive.sha256).or_insert(asked);
        }
        let mut manifests = BTreeMap::new();
        let seeds = self.state().seeds().all().await?;
        let known: Vec<_> = found.values().map(|p| (p.source.clone(), p.archive)).collect();
        let seeds = seeds
            .into_iter()
            .map(|seed| seed.archive)
            .map(|seed| (seed.source, Archive { sha256: seed.sha256, size: seed.size }));
        let seeds = seeds.chain(known);
        for (source, archive) in seeds.take(MAX_ARCHIVES) {
            let engine = self.clone();
            let manifest = blocking(move || Ok(manifest_of(&engine, &archive.sha256))).await?;
            manifests.insert(archive.sha256, (source, archive, manifest));
        }
        let names: BTreeSet<(&str, u64)> =
            scan.files.iter().map(|file| (file.path.file_name(), file.size)).collect();
        let mut candidates = BTreeMap::new();
        // Archives of other services have no manifest; where they are unpacked, their files are known.
        let foreign = found.values().filter(|package| package.recipe.is_some());
        for package in foreign.cloned().collect::<Vec<_>>() {
            let (engine, sha256) = (self.clone(), package.archive.sha256);
            let files = blocking(move || Ok(files_of(&engine, &sha256))).await?;
            if may_be_among(&files, &names) {
                candidates.insert(sha256, package);
            }
        }
        for (sha256, (source, archive, manifest)) in manifests {
            let Some(manifest) = manifest.filter(|manifest| may_be(manifest, game, &names)) else { continue };
            let fresh = || locked(source, &manifest, archive);
            candidates.insert(sha256, found.remove(&sha256).unwrap_or_else(fresh));
        }
        Ok(candidates)
    }

    /// Packages that lie as files among the mods, brought into the cache.
    async fn beside(&self, scan: &Scan) -> Result<BTreeMap<Sha256, LockedPackage>, EngineError> {
        let mut found = BTreeMap::new();
        let is_archive = |file: &&Listed| file.path.as_str().ends_with(&format!(".{EXTENSION}"));
        for file in scan.files.iter().filter(is_archive) {
            let Some(root) = scan.roots.get(&file.place) else { continue };
            let (engine, root, file) = (self.clone(), root.try_clone()?, file.clone());
            let Some((manifest, archive)) = blocking(move || Ok(take_in(&engine, &root, &file))).await?
            else {
                continue;
            };
            let id = PackageId::from(manifest.name.clone());
            let source = match self.publisher_of(&id, &manifest.version, &archive.sha256).await? {
                Some(source) => source,
                None => local()?,
            };
            found.insert(archive.sha256, locked(source, &manifest, archive));
        }
        Ok(found)
    }

    /// The source in whose catalogue a version has exactly these bytes.
    async fn publisher_of(
        &self,
        id: &PackageId,
        version: &Version,
        sha256: &Sha256,
    ) -> Result<Option<SourceId>, EngineError> {
        for source in self.state().sources().all().await? {
            let Ok(detail) = self.catalog().package(&source.id, id).await else { continue };
            let is_it = |release: &muster_domain::Release| {
                release.version == *version && release.archive.sha256 == *sha256
            };
            if detail.releases.iter().any(is_it) {
                return Ok(Some(source.id));
            }
        }
        Ok(None)
    }
}

/// A file that is no package is none.
fn take_in(engine: &Engine, root: &muster_fsx::Dir, listed: &Listed) -> Option<(Manifest, Archive)> {
    let file = root.open(&listed.path).ok()?;
    let manifest = validate(&file, &Limits::default()).ok()?.manifest().clone();
    let archive = Archive { sha256: hash(root, listed.path.as_str())?, size: listed.size };
    keep_archive(engine, &file, archive).ok()?;
    Some((manifest, archive))
}

fn manifest_of(engine: &Engine, sha256: &Sha256) -> Option<Manifest> {
    if let Ok(tree) = engine.stores().lease(sha256) {
        let bytes = tree.dir().ok()?.read(muster_package::MANIFEST_NAME, MAX_LIST).ok()?;
        return Manifest::parse(&bytes).ok();
    }
    let archive = engine.cache().lease(sha256, Timestamp::now()).ok()?;
    Some(validate(&archive.open().ok()?, &Limits::default()).ok()?.manifest().clone())
}

/// The files of a tree that is here; none where it is not.
fn files_of(engine: &Engine, sha256: &Sha256) -> Vec<FileEntry> {
    let read = || TreeList::read(&engine.stores().lease(sha256).ok()?.dir().ok()?).ok();
    read().map(|list| list.files().to_vec()).unwrap_or_default()
}

/// Cheap: whether most of its files are there by name and size.
fn may_be(manifest: &Manifest, game: &GameId, names: &BTreeSet<(&str, u64)>) -> bool {
    let is_for = manifest.games.is_empty() || manifest.games.iter().any(|support| support.game == *game);
    is_for && !manifest.kind.is_collection() && may_be_among(&manifest.files, names)
}

fn may_be_among(files: &[FileEntry], names: &BTreeSet<(&str, u64)>) -> bool {
    let here = files.iter().filter(|file| names.contains(&(file.path.file_name(), file.size)));
    here.count() * 2 > files.len()
}

/// Where the files of the candidates go. Those that are not unpacked yet are.
pub(super) fn known(
    engine: &Engine,
    definition: &Definition,
    scan: &Scan,
    candidates: &BTreeMap<Sha256, LockedPackage>,
) -> Result<Vec<Known>, EngineError> {
    let there: BTreeSet<(&str, &str)> =
        scan.files.iter().map(|file| (file.place.as_str(), file.path.as_str())).collect();
    let mut known = Vec::new();
    for package in candidates.values() {
        let archive = engine.cache().lease(&package.archive.sha256, Timestamp::now()).ok();
        let placed = placing::place_alone(engine, definition, package, archive.as_ref());
        let Ok(placed) = placed else {
            // Not for this game's rules, or not whole: then it is not known.
            continue;
        };
        let files: Vec<_> = placed
            .placements
            .into_iter()
            .map(|file| (file.place, file.path, file.size, file.sha256))
            .collect();
        if files.iter().all(|(place, path, ..)| there.contains(&(place.as_str(), path.as_str()))) {
            known.push(Known { sha256: package.archive.sha256, files });
        }
    }
    Ok(known)
}

//! A profile's own versions of files: taken up before its files are changed, laid over what packages bring.
//!
//! What the player changed in configuration files belongs to the profile. Before anything else happens to the folders it
//! is taken up: two texts (the package's, the player's) by their hash in `overlays/`, and an entry in the profile. Then
//! the file can be replaced, or go with its profile, and nothing is lost. Other files are taken up only when the player
//! decides so.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

use muster_deploy::{AppliedFile, Deployment, Desired, Keep, Key as FileKey, Laid, Own, Sides, lay};
use muster_domain::Sha256;
use muster_fsx::Dir;
use muster_package::PAYLOAD_FOLDER;
use muster_store::state::Profile;
use sha2::Digest as _;

use crate::{
    Engine, EngineError,
    drift::{Decision, Keeping},
    payloads::Payloads,
    tree::TreeList,
};

/// Largest file that a profile has a version of its own of, in bytes.
const MAX_TEXT: u64 = 1024 * 1024;

/// The files of which a profile has its own versions.
pub(crate) fn own_files(profile: &Profile) -> Result<Vec<Own>, EngineError> {
    serde_json::from_value(profile.overlay.clone())
        .map_err(|_| EngineError::Internal("a profile's overlay cannot be read"))
}

fn save(engine: &Engine, profile: &Profile, own: &[Own]) -> Result<(), EngineError> {
    let value = serde_json::to_value(own).map_err(|_| EngineError::Internal("an overlay is not JSON"))?;
    Ok(engine.state().profiles().set_overlay(profile.id, value).wait()?)
}

fn texts(engine: &Engine) -> Result<Dir, EngineError> {
    Ok(Dir::create_ambient_private(&engine.inner.places.state.join("overlays"))?)
}

fn put(texts: &Dir, bytes: &[u8]) -> Result<Sha256, EngineError> {
    let sha256 = Sha256(sha2::Sha256::digest(bytes).into());
    let name = sha256.to_string();
    if texts.metadata_if_exists(name.as_str())?.is_none() {
        texts.write_atomic_private(name.as_str(), bytes)?;
    }
    Ok(sha256)
}

fn get(texts: &Dir, sha256: &Sha256) -> Result<Vec<u8>, EngineError> {
    Ok(texts.read(sha256.to_string().as_str(), MAX_TEXT)?)
}

/// A text that a profile refers to.
pub(crate) fn kept(engine: &Engine, sha256: &Sha256) -> Result<Vec<u8>, EngineError> {
    get(&texts(engine)?, sha256)
}

/// The package's version of a file that was placed, if its tree is still there and has it unchanged: a program that
/// writes into a linked file writes into the tree.
pub(crate) fn packaged(engine: &Engine, file: &AppliedFile) -> Option<Vec<u8>> {
    let tree = engine.stores().lease(&file.tree).ok()?.dir().ok()?;
    let list = TreeList::read(&tree).ok()?;
    let wanted = list.files().iter().find(|packed| packed.path == file.from)?.sha256;
    let bytes = tree.open_dir(PAYLOAD_FOLDER).ok()?.read(&file.from, MAX_TEXT).ok()?;
    (Sha256(sha2::Sha256::digest(&bytes).into()) == wanted).then_some(bytes)
}

/// Takes up what the player changed, and what a decision is about. Gives the files whose present version is kept now,
/// so that something else may take their place.
pub(crate) fn take_up(
    engine: &Engine,
    deployment: &Deployment,
    placed: &Profile,
    decision: Option<&Decision>,
) -> Result<BTreeSet<FileKey>, EngineError> {
    // No text may be tidied away between its writing and the entry that refers to it.
    let _texts = engine.inner.leases.lock().unwrap_or_else(PoisonError::into_inner);
    let before = own_files(placed)?;
    let mut own: BTreeMap<FileKey, Own> = before.iter().map(|own| (own.key(), own.clone())).collect();
    let decided = decision.map(Decision::keys).transpose()?;
    // A decision that names no file is about all of them.
    let is_decided =
        |key: &FileKey| decided.as_ref().is_some_and(|keys| keys.is_empty() || keys.contains(key));
    let known: BTreeSet<FileKey> = own.keys().cloned().collect();
    let which = |key: &FileKey, file: &AppliedFile| file.config || known.contains(key) || is_decided(key);
    let texts = texts(engine)?;
    let mut kept = BTreeSet::new();
    for changed in deployment.find_changed(&which)? {
        let key = changed.key.clone();
        let is_decided = is_decided(&key);
        let keep = match decision.filter(|_| is_decided).map(|decision| decision.keep) {
            Some(Keeping::Theirs) => {
                // Its version goes to the state folder when it is replaced.
                kept.insert(key);
                continue;
            }
            Some(Keeping::Mine) => Keep::Mine,
            Some(Keeping::Both) => Keep::Both,
            None => own.get(&key).map_or(Keep::Both, |own| own.keep),
        };
        let Some(mine) = deployment.read_changed(&changed)? else {
            match is_decided {
                true => return Err(EngineError::TooLargeToKeep { path: changed.at }),
                false => continue,
            }
        };
        let base = packaged(engine, &changed.file);
        kept.insert(key.clone());
        if base.as_ref() == Some(&mine) {
            own.remove(&key);
            continue;
        }
        // Without the package's version there is nothing to merge with.
        let keep = if base.is_some() { keep } else { Keep::Mine };
        let base = put(&texts, base.as_ref().unwrap_or(&mine))?;
        let (place, path) = (changed.file.place, changed.file.path);
        own.insert(key, Own { place, path, base, mine: put(&texts, &mine)?, keep, is_conflict: false });
    }
    if decision.is_some_and(|decision| decision.keep == Keeping::Theirs) {
        let forgotten: Vec<FileKey> = own.keys().filter(|key| is_decided(key)).cloned().collect();
        kept.extend(forgotten.iter().cloned());
        own.retain(|key, _| !forgotten.contains(key));
    }
    let own: Vec<Own> = own.into_values().collect();
    if own != before {
        save(engine, placed, &own)?;
    }
    Ok(kept)
}

/// Puts a profile's own versions in place of what its packages have. Their files are in `payloads`.
pub(crate) fn lay_over(
    engine: &Engine,
    profile: &Profile,
    desired: &mut Desired,
    payloads: &Payloads,
) -> Result<(), EngineError> {
    let before = own_files(profile)?;
    if before.is_empty() {
        return Ok(());
    }
    let texts = texts(engine)?;
    let mut own = before.clone();
    for file in &mut own {
        let key = file.key();
        let Some(wanted) = desired.files.get(&key) else { continue };
        let mine = get(&texts, &file.mine)?;
        let base = get(&texts, &file.base)?;
        let theirs =
            payloads.folder(&wanted.tree).and_then(|folder| folder.read(&wanted.from, MAX_TEXT).ok());
        let laid = match theirs {
            Some(theirs) => lay(file.keep, Sides { base: &base, mine: &mine, theirs: &theirs }),
            // Too large for a text by now: the player's stands.
            None => Laid { text: mine, is_conflict: true },
        };
        file.is_conflict = laid.is_conflict;
        desired.put_own(&key, laid.text);
    }
    if own != before {
        save(engine, profile, &own)?;
    }
    Ok(())
}

impl Engine {
    /// Removes texts that no profile refers to, and what a crash left half written. Blocks on the disk.
    pub(crate) fn remove_unused_texts(&self) -> Result<(), EngineError> {
        let _texts = self.inner.leases.lock().unwrap_or_else(PoisonError::into_inner);
        let mut needed = BTreeSet::new();
        for profile in self.state().profiles().all_and_removed().wait()? {
            needed.extend(own_files(&profile)?.into_iter().flat_map(|own| [own.base, own.mine]));
        }
        let texts = texts(self)?;
        for entry in texts.entries()? {
            let Some(name) = entry.name_str() else { continue };
            let is_unused = name.parse::<Sha256>().is_ok_and(|sha256| !needed.contains(&sha256));
            if is_unused || muster_fsx::is_temporary(name) {
                texts.remove_file(name)?;
            }
        }
        Ok(())
    }
}

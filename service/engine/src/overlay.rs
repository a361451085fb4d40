//! A profile's own versions of files: taken up before its files are changed, laid over what packages bring.
//!
//! What the player changed in configuration files belongs to the profile. Before anything else happens to the folders it
//! is taken up: the player's version by its hash in `overlays/`, the package's beside it where both are texts that can be
//! merged, and an entry in the profile. Then the file can be replaced, or go with its profile, and nothing is lost. Other
//! files are taken up only when the player decides so.
//!
//! Versions are files of any size: they are copied and hashed as they are read, and only texts are ever held in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read as _, Write as _},
    sync::{MutexGuard, PoisonError},
};

use muster_deploy::{AppliedFile, Changed, Deployment, Desired, Keep, Key as FileKey, Laid, Own, Sides, lay};
use muster_domain::Sha256;
use muster_fsx::{Dir, ErrorKind, File, Mode, Operation};
use muster_package::PAYLOAD_FOLDER;
use muster_store::state::Profile;
use sha2::Digest as _;

use crate::{Engine, EngineError, jobs, payloads::Payloads, tree::TreeList, versions};

/// Largest text that is merged, in bytes.
const MAX_TEXT: u64 = 1024 * 1024;
/// Bytes copied at once.
const STEP: usize = 256 * 1024;

/// The files of which a profile has its own versions, by where they are.
pub(crate) type OwnFiles = BTreeMap<FileKey, Own>;

/// The files of which a profile has its own versions.
pub(crate) fn own_files(profile: &Profile) -> Result<Vec<Own>, EngineError> {
    serde_json::from_value(profile.overlay.clone())
        .map_err(|_| EngineError::Internal("a profile's overlay cannot be read"))
}

/// The same by where they are.
pub(crate) fn by_key(own: Vec<Own>) -> OwnFiles {
    own.into_iter().map(|own| (own.key(), own)).collect()
}

/// As a profile keeps them.
pub(crate) fn to_value<'o>(own: impl IntoIterator<Item = &'o Own>) -> Result<serde_json::Value, EngineError> {
    let own: Vec<&Own> = own.into_iter().collect();
    serde_json::to_value(own).map_err(|_| EngineError::Internal("an overlay is not JSON"))
}

/// The folder of versions, each under its hash.
pub(crate) fn texts(engine: &Engine) -> Result<Dir, EngineError> {
    Ok(Dir::create_ambient_private(&engine.inner.places.state.join("overlays"))?)
}

/// No version may be tidied away between its writing and the entry that refers to it.
pub(crate) fn hold_texts(engine: &Engine) -> MutexGuard<'_, ()> {
    engine.inner.leases.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a version is here.
pub(crate) fn has(texts: &Dir, sha256: &Sha256) -> Result<bool, EngineError> {
    Ok(texts.metadata_if_exists(sha256.to_string().as_str())?.is_some())
}

fn put(texts: &Dir, bytes: &[u8]) -> Result<Sha256, EngineError> {
    let sha256 = Sha256(sha2::Sha256::digest(bytes).into());
    if !has(texts, &sha256)? {
        texts.write_atomic_private(sha256.to_string().as_str(), bytes)?;
    }
    Ok(sha256)
}

/// Copies a file into the folder of versions, unless it is there already. False where its bytes are not those that the
/// hash says: somebody wrote to it meanwhile.
pub(crate) fn take_in(texts: &Dir, mut from: File, sha256: &Sha256) -> Result<bool, EngineError> {
    if has(texts, sha256)? {
        return Ok(true);
    }
    let (name, mut to) = texts.create_temporary()?;
    let copied = copy(&mut from, &mut to).and_then(|found| {
        if found != *sha256 {
            return Ok(false);
        }
        to.set_mode(Mode::Private)?;
        to.sync()?;
        texts.rename(name.as_str(), texts, sha256.to_string().as_str())?;
        texts.sync()?;
        Ok(true)
    });
    if !matches!(copied, Ok(true)) {
        // The first error is the one to report; what remains is tidied away by its name.
        let _ = texts.remove_file(name.as_str());
    }
    Ok(copied?)
}

fn copy(from: &mut File, to: &mut File) -> Result<Sha256, muster_fsx::Error> {
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; STEP];
    loop {
        let read = from.read(&mut buffer);
        let count = read.map_err(|error| muster_fsx::Error::recover(error, Operation::Read, from.path()))?;
        if count == 0 {
            return Ok(Sha256(hasher.finalize().into()));
        }
        hasher.update(&buffer[..count]);
        let written = to.write_all(&buffer[..count]);
        written.map_err(|error| muster_fsx::Error::recover(error, Operation::Write, to.path()))?;
    }
}

/// A file that may be merged; `None` where it is gone or too large for a text.
fn text(dir: &Dir, path: &str) -> Result<Option<Vec<u8>>, EngineError> {
    match dir.read_if_exists(path, MAX_TEXT) {
        Err(error) if error.kind() == ErrorKind::TooLarge => Ok(None),
        read => Ok(read?),
    }
}

/// A version that a profile refers to, as a text that can be shown; `None` where it is gone or too large.
pub(crate) fn kept(engine: &Engine, sha256: &Sha256) -> Result<Option<Vec<u8>>, EngineError> {
    text(&texts(engine)?, &sha256.to_string())
}

/// A package's version of a file.
pub(crate) struct Packaged {
    pub sha256: Sha256,
    /// Where it is small enough to be merged.
    pub text: Option<Vec<u8>>,
}

/// The package's version of a file that was placed, if its tree is still there and has it unchanged: a program that
/// writes into a linked file writes into the tree.
pub(crate) fn packaged(engine: &Engine, file: &AppliedFile) -> Option<Packaged> {
    let tree = engine.stores().lease(&file.tree).ok()?.dir().ok()?;
    let list = TreeList::read(&tree).ok()?;
    let sha256 = list.files().iter().find(|packed| packed.path == file.from)?.sha256;
    let text = text(&tree.open_dir(PAYLOAD_FOLDER).ok()?, file.from.as_str()).ok()?;
    let is_whole = |bytes: &Vec<u8>| Sha256(sha2::Sha256::digest(bytes).into()) == sha256;
    if text.as_ref().is_some_and(|bytes| !is_whole(bytes)) {
        return None;
    }
    Some(Packaged { sha256, text })
}

/// Takes a changed file into the folder of versions and gives the entry for it; `None` where it is as the package has it.
pub(crate) fn own_of(
    engine: &Engine,
    (deployment, texts): (&Deployment, &Dir),
    changed: &Changed,
    keep: Keep,
) -> Result<Option<Own>, EngineError> {
    let base = packaged(engine, &changed.file);
    if base.as_ref().is_some_and(|base| base.sha256 == changed.sha256) {
        return Ok(None);
    }
    if !take_in(texts, deployment.open_changed(changed)?, &changed.sha256)? {
        let path = changed.at.clone().into();
        return Err(muster_deploy::DeployError::ChangedMeanwhile { path }.into());
    }
    // Without the package's version there is nothing to merge with.
    let keep = if base.is_some() { keep } else { Keep::Mine };
    if let Some(text) = base.as_ref().and_then(|base| base.text.as_ref()) {
        put(texts, text)?;
    }
    Ok(Some(Own {
        place: changed.file.place.clone(),
        path: changed.file.path.clone(),
        base: base.map_or(changed.sha256, |base| base.sha256),
        mine: changed.sha256,
        keep,
        is_conflict: false,
    }))
}

/// Takes up what the player changed of what belongs to the placed profile. Gives the files whose present version is kept
/// now, so that something else may take their place. Versions are held by the caller.
pub(crate) fn take_up(
    engine: &Engine,
    deployment: &Deployment,
    placed: &Profile,
) -> Result<BTreeSet<FileKey>, EngineError> {
    let before = by_key(own_files(placed)?);
    let mut own = before.clone();
    let which = |key: &FileKey, file: &AppliedFile| file.config || before.contains_key(key);
    let texts = texts(engine)?;
    let mut kept = BTreeSet::new();
    for changed in deployment.find_changed(&which)? {
        let key = changed.key.clone();
        let keep = own.get(&key).map_or(Keep::Both, |own| own.keep);
        match own_of(engine, (deployment, &texts), &changed, keep)? {
            Some(taken) => drop(own.insert(key.clone(), taken)),
            None => drop(own.remove(&key)),
        }
        kept.insert(key);
    }
    if own != before {
        engine.state().profiles().set_overlay(placed.id, to_value(own.values())?).wait()?;
    }
    Ok(kept)
}

/// Puts a profile's own versions in place of what its packages have. Their files are in `payloads`.
pub(crate) fn lay_over(
    texts: &Dir,
    own: &mut OwnFiles,
    desired: &mut Desired,
    payloads: &Payloads,
) -> Result<(), EngineError> {
    for (key, file) in own {
        let Some(wanted) = desired.files.get(key) else { continue };
        let size = texts.metadata(file.mine.to_string().as_str())?.size;
        if file.keep == Keep::Mine || wanted.sha256 == file.base {
            file.is_conflict = false;
            desired.put_kept(key, file.mine, size);
            continue;
        }
        let theirs = text(payloads.folder(&wanted.tree)?, wanted.from.as_str())?;
        if theirs.as_ref().is_some_and(|theirs| Sha256(sha2::Sha256::digest(theirs).into()) != wanted.sha256)
        {
            return Err(EngineError::TreeDamaged { archive: wanted.tree });
        }
        let sides = (text(texts, &file.base.to_string())?, text(texts, &file.mine.to_string())?, theirs);
        match sides {
            (Some(base), Some(mine), Some(theirs)) => {
                let Laid { text, is_conflict } =
                    lay(file.keep, Sides { base: &base, mine: &mine, theirs: &theirs });
                file.is_conflict = is_conflict;
                match text == mine {
                    true => desired.put_kept(key, file.mine, size),
                    false => desired.put_text(key, text),
                }
            }
            // No texts, or not any more: the player's stands.
            _ => {
                file.is_conflict = true;
                desired.put_kept(key, file.mine, size);
            }
        }
    }
    Ok(())
}

impl Engine {
    /// Removes versions that no profile, none of its states and no unfinished job refers to, and what a crash left half
    /// written. Blocks on the disk.
    pub(crate) fn remove_unused_texts(&self) -> Result<(), EngineError> {
        let _held = hold_texts(self);
        let mut needed = BTreeSet::new();
        for profile in self.state().profiles().all_and_removed().wait()? {
            needed.extend(own_files(&profile)?.iter().flat_map(versions::of_own));
            for exchanges in self.state().profiles().exchanges_after(profile.id, 0).wait()? {
                needed.extend(versions::referred(&versions::read(exchanges)?));
            }
        }
        for job in self.state().jobs().unfinished().wait()? {
            needed.extend(jobs::versions(&job));
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

//! Finding what is damaged in the store, so that it is unpacked or fetched again.

use muster_cache::Trees;
use muster_domain::{JobId, Lock, LockedPackage, ProfileId, Sha256};
use muster_fsx::Dir;
use muster_package::PAYLOAD_FOLDER;

use crate::{
    Engine, EngineError,
    hashing::hash,
    jobs::{JobRequest, submit},
    placing::switched_on,
    tree::TreeList,
};

impl Engine {
    /// Reads everything of a profile and puts right what is damaged: placed files, trees, archives. A file that somebody
    /// changed is kept by its hash first; configuration files stay as they are.
    pub async fn mend(&self, id: ProfileId) -> Result<JobId, EngineError> {
        self.profile(id).await?;
        submit(self, Some(id), JobRequest::Mend).await
    }
}

/// Which trees are looked at, and how closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Those of which nothing is remembered; what looks changed is read. The others are looked at when files of them are
    /// about to be placed ([`check`]).
    New,
    /// All of them; what looks changed is read.
    Outside,
    /// Every byte of all of them is read.
    Bytes,
}

/// Takes damaged trees and archives of a lock out of use, and says of which packages. Blocks on the disk.
///
/// A tree is damaged by a disk, or by a game that writes into a file which is linked from it. It is discarded in every
/// store where it is damaged, so that nobody gets what a game wrote.
pub(crate) fn discard_damaged(engine: &Engine, lock: &Lock, how: Look) -> Result<Vec<Sha256>, EngineError> {
    let mut damaged = Vec::new();
    for package in switched_on(lock) {
        let sha256 = package.archive.sha256;
        if how == Look::New && engine.inner.unpacked.knows(&sha256) {
            continue;
        }
        let mut is_damaged = false;
        for (_, trees) in engine.stores().holding(&sha256) {
            if is_good(&trees, &sha256, how)? {
                continue;
            }
            tracing::warn!(archive = %sha256.short(), "a damaged tree is unpacked anew");
            engine.inner.unpacked.forget_tree(&sha256);
            trees.discard(&sha256)?;
            is_damaged = true;
        }
        if is_damaged {
            damaged.push(sha256);
            check_archive(engine, package);
        }
    }
    Ok(damaged)
}

/// Refuses to place files of these trees where one of them is damaged. Blocks on the disk.
///
/// # Errors
/// [`EngineError::TreeDamaged`].
pub(crate) fn check<'t>(engine: &Engine, trees: impl Iterator<Item = &'t Sha256>) -> Result<(), EngineError> {
    for sha256 in trees {
        for (_, store) in engine.stores().holding(sha256) {
            if !is_good(&store, sha256, Look::Outside)? {
                return Err(EngineError::TreeDamaged { archive: *sha256 });
            }
        }
    }
    Ok(())
}

/// Whether a tree holds what it should; takes it as it looks now, where its bytes were read.
fn is_good(trees: &Trees, sha256: &Sha256, how: Look) -> Result<bool, EngineError> {
    if how != Look::Bytes && trees.is_sealed(sha256)? {
        return Ok(true);
    }
    let is_good = is_whole(&trees.lease(sha256)?.dir()?)?;
    if is_good {
        trees.seal_again(sha256)?;
    }
    Ok(is_good)
}

/// An archive that does not verify goes out of sight, and is fetched again.
fn check_archive(engine: &Engine, package: &LockedPackage) {
    let sha256 = package.archive.sha256;
    if engine.cache().contains(&sha256)
        && let Err(error) = engine.cache().verify(&sha256)
    {
        tracing::warn!(archive = %sha256.short(), %error, "a damaged archive is fetched again");
    }
}

/// Whether a tree holds what its list says. A file that cannot be read is as good as none.
fn is_whole(tree: &Dir) -> Result<bool, EngineError> {
    let (Ok(list), Ok(payload)) = (TreeList::read(tree), tree.open_dir(PAYLOAD_FOLDER)) else {
        return Ok(false);
    };
    Ok(list
        .files()
        .iter()
        .all(|file| hash(&payload, file.path.as_str()).is_some_and(|found| found == file.sha256)))
}

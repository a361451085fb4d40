//! The folder that a repository from elsewhere is kept in: a bare repository with the newest commit alone, and archives
//! that were laid out of it. Everything in it can be fetched again.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use gix::{ObjectId, ThreadSafeRepository};
use muster_fsx::Dir;

use crate::transport::FetchError;

const HEAD: &str = "HEAD";
const PACKS: &str = "objects/pack";
const ARCHIVES: &str = "archives";
/// Packs, and bytes of them, after which everything is fetched anew.
const MAX_PACKS: usize = 60;
const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// How long an archive that was laid out is kept for whoever asked for it.
const LAID_OUT: Duration = Duration::from_secs(3600);

pub(super) struct Store {
    path: PathBuf,
}

impl Store {
    /// The folder need not be there yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub fn packs(&self) -> PathBuf {
        self.path.join(PACKS)
    }

    /// The file in which is written where the history that is here begins.
    pub fn shallow(&self) -> PathBuf {
        self.path.join("shallow")
    }

    /// What is here, if something whole is.
    pub fn open(&self) -> Option<(ThreadSafeRepository, ObjectId)> {
        let repository = open_repository(&self.path).ok()?;
        let commit = repository.to_thread_local().head_id().ok()?.detach();
        Some((repository, commit))
    }

    /// Makes the folder ready for a fetch: what one that was cut off left behind goes, and everything where it became
    /// too much.
    pub fn prepare(&self) -> Result<(), FetchError> {
        let dir = self.folder()?;
        let mut packs = Vec::new();
        let mut bytes = 0;
        if let Some(folder) = none_if_missing(dir.open_dir(PACKS))? {
            for entry in folder.entries().map_err(failed)? {
                bytes += entry.metadata.size;
                packs.push(entry.name.to_string_lossy().into_owned());
            }
        }
        if packs.len() > 2 * MAX_PACKS || bytes > MAX_BYTES {
            self.discard()?;
            packs.clear();
        }
        let has = |stem: &str, end: &str| packs.contains(&format!("{stem}.{end}"));
        let is_whole = |name: &String| {
            let stem = name.strip_suffix(".pack").or_else(|| name.strip_suffix(".idx"));
            stem.is_some_and(|stem| stem.starts_with("pack-") && has(stem, "pack") && has(stem, "idx"))
        };
        for name in packs.iter().filter(|name| !is_whole(name)) {
            dir.remove_tree(&format!("{PACKS}/{name}")).map_err(failed)?;
        }
        dir.remove_tree("shallow.lock").map_err(failed)?;
        dir.create_dir_all(PACKS).map_err(failed)?;
        dir.create_dir_all("refs").map_err(failed)?;
        Ok(())
    }

    /// Makes a commit that is here whole the one that is read from now on.
    pub fn keep(&self, commit: ObjectId) -> Result<(), FetchError> {
        self.folder()?.write_atomic(HEAD, format!("{commit}\n").as_bytes()).map_err(failed)
    }

    /// Removes everything of the repository; archives that were laid out stay.
    pub fn discard(&self) -> Result<(), FetchError> {
        let dir = self.folder()?;
        // The head first: without it, nothing of the rest counts.
        for name in [HEAD, "shallow", "objects", "refs"] {
            dir.remove_tree(name).map_err(failed)?;
        }
        Ok(())
    }

    /// Writes an archive down and says where.
    pub fn lay_out(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FetchError> {
        let dir = self.folder()?;
        dir.create_dir_all(ARCHIVES).map_err(failed)?.write_atomic(name, bytes).map_err(failed)?;
        Ok(self.path.join(ARCHIVES).join(name))
    }

    /// Where an archive was laid out, if it still is there.
    pub fn laid_out(&self, name: &str, size: u64) -> Option<PathBuf> {
        let archives = Dir::open_ambient(&self.path).ok()?.open_dir(ARCHIVES).ok()?;
        let is_there = archives.metadata_if_exists(name).ok()??.size == size;
        // Its hour begins anew.
        let is_there = is_there && archives.set_modified(name, SystemTime::now()).is_ok();
        is_there.then(|| self.path.join(ARCHIVES).join(name))
    }

    /// Removes archives that nobody waits for any more.
    pub fn clear_archives(&self) {
        let Ok(archives) = Dir::open_ambient(&self.path).and_then(|dir| dir.open_dir(ARCHIVES)) else {
            return;
        };
        let now = SystemTime::now();
        for entry in archives.entries().unwrap_or_default() {
            let age = now.duration_since(entry.metadata.modified).unwrap_or_default();
            if let Some(name) = entry.name_str().filter(|_| age > LAID_OUT)
                && let Err(error) = archives.remove_tree(name)
            {
                tracing::warn!(%error, "an archive that was laid out stays");
            }
        }
    }

    /// Removes the folder.
    pub fn remove(&self) -> Result<(), FetchError> {
        let (Some(parent), Some(name)) = (self.path.parent(), self.path.file_name()) else { return Ok(()) };
        let Some(parent) = none_if_missing(Dir::open_ambient(parent))? else { return Ok(()) };
        parent.remove_tree(&*name.to_string_lossy()).map_err(failed)
    }

    fn folder(&self) -> Result<Dir, FetchError> {
        Dir::create_ambient_private(&self.path).map_err(failed)
    }
}

/// Opens a repository without anything that a person or a machine configured, besides the repository itself.
pub(super) fn open_repository(path: &Path) -> gix::Result<ThreadSafeRepository> {
    gix::open::Options::isolated().open(path)
}

fn none_if_missing<T>(result: muster_fsx::Result<T>) -> Result<Option<T>, FetchError> {
    match result {
        Err(error) if error.is_missing() => Ok(None),
        other => other.map(Some).map_err(failed),
    }
}

fn failed(error: muster_fsx::Error) -> FetchError {
    FetchError::File { file: error.path().display().to_string(), why: error.to_string() }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "test files are written plainly")]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_off_fetch_left_goes_and_what_is_whole_stays() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::new(folder.path().join("one"));
        store.prepare().expect("made");
        let packs = store.packs();
        for name in ["pack-a.pack", "pack-a.idx", "pack-b.pack", "pack-c.idx", "pack-d.keep", ".tmpX1"] {
            std::fs::write(packs.join(name), b"x").expect("written");
        }
        std::fs::write(folder.path().join("one/shallow.lock"), b"").expect("written");
        store.prepare().expect("cleared");
        let mut left: Vec<String> = std::fs::read_dir(&packs)
            .expect("listed")
            .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(left, ["pack-a.idx", "pack-a.pack"]);
        assert!(!folder.path().join("one/shallow.lock").exists());
        store.discard().expect("gone");
        assert!(!packs.exists() && store.open().is_none());
        store.remove().expect("removed");
        store.remove().expect("again");
        assert!(!folder.path().join("one").exists());
    }

    #[test]
    fn too_many_packs_are_a_reason_to_begin_anew() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::new(folder.path().join("one"));
        store.prepare().expect("made");
        for number in 0..=MAX_PACKS {
            std::fs::write(store.packs().join(format!("pack-{number}.pack")), b"x").expect("written");
            std::fs::write(store.packs().join(format!("pack-{number}.idx")), b"x").expect("written");
        }
        store.prepare().expect("cleared");
        assert_eq!(std::fs::read_dir(store.packs()).expect("listed").count(), 0);
    }

    #[test]
    fn archives_are_found_again_until_their_hour_is_over() {
        let folder = tempfile::tempdir().expect("temp dir");
        let store = Store::new(folder.path().join("one"));
        assert_eq!(store.laid_out("a", 3), None);
        let path = store.lay_out("a", b"abc").expect("written");
        assert_eq!(store.laid_out("a", 3), Some(path.clone()));
        assert_eq!(store.laid_out("a", 4), None, "another file");
        store.clear_archives();
        assert!(path.exists());
        let dir = Dir::open_ambient(path.parent().expect("parent")).expect("opens");
        dir.set_modified("a", SystemTime::now() - LAID_OUT - Duration::from_secs(60)).expect("set");
        store.clear_archives();
        assert!(!path.exists());
    }
}

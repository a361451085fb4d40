//! Watches the folders that files of packages lie in, and tells windows when somebody else changed one.
//!
//! Only folders with files in the books are watched, each by itself, so that the cost follows from what Muster placed and
//! not from how large a game is. Nothing wakes up while nothing changes. What a deployment of ours writes is not told: it
//! holds the turn of its place, and the folders are watched anew from the books that it leaves.
//!
//! Where watching is not possible (too many folders, the system's limit, a network volume) nothing is lost: changed files
//! are found by their size and time whenever somebody looks at them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use muster_deploy::Applied;
use muster_domain::ProfileId;
use muster_store::state::Profile;
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode, ModifyKind},
};
use tokio::{sync::Notify, time::Instant};

use crate::{Engine, EngineError, Signal, jobs::blocking, placing, profiles::Binding};

/// Most folders of one profile that are watched.
const MAX_FOLDERS: usize = 4_000;
/// A change is told when nothing more has changed for this long.
const QUIET: Duration = Duration::from_millis(400);
/// Changes of ours often come one after the other, and windows read what each has done: folders are watched anew this long
/// after one.
const SETTLE: Duration = Duration::from_millis(300);
/// It is told after this time at the latest.
const LATEST: Duration = Duration::from_secs(3);

/// What the task is told by others.
#[derive(Debug, Default)]
pub(crate) struct Watching {
    /// The books changed: everything is watched anew.
    is_stale: AtomicBool,
    wake: Arc<Notify>,
    folders: AtomicUsize,
}

/// The files of a profile and the folders around them, by their whole paths.
#[derive(Clone, Debug, Default)]
struct Watched {
    files: HashSet<PathBuf>,
    folders: HashSet<PathBuf>,
}

impl Watched {
    fn of(applied: &Applied, places: &BTreeMap<String, PathBuf>) -> Self {
        let mut watched = Self::default();
        for file in applied.files.values() {
            let Some(root) = places.get(&file.place) else { continue };
            let path = root.join(&file.at);
            let above = path.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
            watched.folders.extend(above.map(Path::to_owned));
            watched.files.insert(path);
        }
        watched
    }

    /// What an event means for these files.
    fn meaning(&self, event: &Event) -> Meaning {
        let is_folder = |path: &PathBuf| self.folders.contains(path);
        match event.kind {
            // Some events were lost.
            _ if event.need_rescan() => Meaning::Folders,
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => self.files_in(event),
            // The store is tidied behind hard links, and times alone are no change.
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => Meaning::Nothing,
            EventKind::Modify(ModifyKind::Data(_)) => self.files_in(event),
            _ if event.paths.iter().any(is_folder) => Meaning::Folders,
            _ => self.files_in(event),
        }
    }

    fn files_in(&self, event: &Event) -> Meaning {
        match event.paths.iter().any(|path| self.files.contains(path)) {
            true => Meaning::Files,
            false => Meaning::Nothing,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    Nothing,
    Files,
    /// Folders came or went: what is watched is not what should be.
    Folders,
}

/// Profiles of which something changed, from the watcher's thread.
#[derive(Debug, Default)]
struct Changes {
    profiles: Mutex<BTreeMap<ProfileId, Meaning>>,
    wake: Notify,
}

impl Changes {
    fn take(&self) -> BTreeMap<ProfileId, Meaning> {
        std::mem::take(&mut *self.profiles.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, watched: &HashMap<ProfileId, Watched>, event: &Event) {
        for (profile, watched) in watched {
            let meaning = watched.meaning(event);
            if meaning == Meaning::Nothing {
                continue;
            }
            let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
            let noted = profiles.entry(*profile).or_insert(meaning);
            *noted = meaning.max(*noted);
            self.wake.notify_one();
        }
    }
}

impl Engine {
    /// Number of folders that are watched now.
    pub fn watched_folders(&self) -> usize {
        self.inner.watching.folders.load(Ordering::Relaxed)
    }

    /// The books of a place change: called before it is looked through, so that the system need not report that either, and
    /// once more while its turn is still held.
    pub(crate) fn watch_anew(&self) {
        self.inner.watching.is_stale.store(true, Ordering::SeqCst);
        self.inner.watching.wake.notify_one();
    }

    /// Watches until the engine closes.
    pub(crate) async fn watch_places(&self) {
        let watching = &self.inner.watching;
        loop {
            // What was told until here is seen by what follows.
            let _ = watching.wake.notified().now_or_never();
            watching.is_stale.store(false, Ordering::SeqCst);
            let changes = Arc::new(Changes::default());
            let watcher = tokio::select! {
                () = self.closing().cancelled() => return,
                watcher = self.arm(&changes) => watcher,
            };
            let watcher = watcher.unwrap_or_else(|error| {
                tracing::warn!(%error, "folders cannot be watched; changed files are found when somebody looks");
                None
            });
            let pause = tokio::select! {
                () = self.closing().cancelled() => return,
                () = watching.wake.notified() => SETTLE,
                () = self.tell(&changes) => Duration::ZERO,
            };
            watching.folders.store(0, Ordering::Relaxed);
            // Its thread is waited for.
            let ended = blocking(move || {
                drop(watcher);
                Ok(())
            });
            if ended.await.is_err() {
                return;
            }
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Tells of changes until folders have to be watched anew.
    async fn tell(&self, changes: &Changes) {
        loop {
            changes.wake.notified().await;
            let latest = Instant::now() + LATEST;
            // Writing a file is many events; an editor and an unpacker make many files.
            while let Ok(()) = tokio::time::timeout(QUIET, changes.wake.notified()).await {
                if Instant::now() >= latest {
                    break;
                }
            }
            let changed = changes.take();
            let is_stale = changed.values().any(|meaning| *meaning == Meaning::Folders);
            for profile in changed.into_keys() {
                if !self.is_our_own(profile).await {
                    self.signal(Signal::ProfileChanged(profile));
                }
            }
            if is_stale {
                return;
            }
        }
    }

    /// Whether a change is the work of a job: it goes on, or it ended and the folders are about to be watched anew.
    async fn is_our_own(&self, profile: ProfileId) -> bool {
        let Ok(profile) = self.profile(profile).await else { return true };
        let is_busy = self.turn(&profile.place).try_lock().is_err();
        is_busy || self.inner.watching.is_stale.load(Ordering::SeqCst)
    }

    /// Watches the folders of every profile that is placed. The turn of a place is not taken, so that nobody waits for
    /// this: where a job has the books open, it ends with them being read again.
    async fn arm(&self, changes: &Arc<Changes>) -> Result<Option<RecommendedWatcher>, EngineError> {
        let mut watched = HashMap::new();
        for profile in self.state().profiles().all().await?.into_iter().filter(|profile| profile.active) {
            let (engine, id) = (self.clone(), profile.id);
            match blocking(move || engine.watched(&profile)).await {
                Ok(Some(found)) => drop(watched.insert(id, found)),
                Ok(None) | Err(EngineError::Deploy(muster_deploy::DeployError::Busy)) => {}
                Err(error) => tracing::warn!(%error, "the files of a profile cannot be watched"),
            }
        }
        if watched.is_empty() {
            return Ok(None);
        }
        let (engine, changes) = (self.clone(), changes.clone());
        blocking(move || Ok(engine.watch(watched, changes))).await
    }

    fn watched(&self, profile: &Profile) -> Result<Option<Watched>, EngineError> {
        let binding = Binding::of(profile)?;
        if !self.has_deployment(&binding.installation) {
            return Ok(None);
        }
        let deployment = placing::open(self, &binding.installation)?;
        let watched = Watched::of(deployment.applied(), &binding.installation.places);
        if watched.folders.len() > MAX_FOLDERS {
            tracing::info!(folders = watched.folders.len(), "too many folders to watch");
            return Ok(None);
        }
        Ok(Some(watched).filter(|watched| !watched.files.is_empty()))
    }

    fn watch(
        &self,
        watched: HashMap<ProfileId, Watched>,
        changes: Arc<Changes>,
    ) -> Option<RecommendedWatcher> {
        let folders: BTreeSet<PathBuf> =
            watched.values().flat_map(|watched| watched.folders.iter().cloned()).collect();
        let note = move |event: notify::Result<Event>| match event {
            Ok(event) => changes.note(&watched, &event),
            Err(error) => tracing::warn!(%error, "a folder is not watched any more"),
        };
        let mut watcher = notify::recommended_watcher(note)
            .inspect_err(|error| tracing::warn!(%error, "folders cannot be watched here"))
            .ok()?;
        let mut count = 0;
        for folder in folders {
            match watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => count += 1,
                // Whoever brings it back changes the folder above it.
                Err(error) if is_missing(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "changed files are found when somebody looks, not at once");
                    return None;
                }
            }
        }
        self.inner.watching.folders.store(count, Ordering::Relaxed);
        Some(watcher)
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag, MetadataKind, RemoveKind};

    use super::*;

    fn watched() -> Watched {
        Watched {
            files: [PathBuf::from("/mods/lamps/init.lua")].into(),
            folders: [PathBuf::from("/mods"), PathBuf::from("/mods/lamps")].into(),
        }
    }

    fn meaning(kind: EventKind, path: &str) -> Meaning {
        watched().meaning(&Event::new(kind).add_path(path.into()))
    }

    #[test]
    fn only_what_can_change_a_file_of_ours_means_something() {
        let written = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Write));
        for (kind, path, expected) in [
            (written, "/mods/lamps/init.lua", Meaning::Files),
            (closed, "/mods/lamps/init.lua", Meaning::Files),
            (EventKind::Create(CreateKind::File), "/mods/lamps/init.lua", Meaning::Files),
            (EventKind::Remove(RemoveKind::File), "/mods/lamps/init.lua", Meaning::Files),
            (EventKind::Remove(RemoveKind::Folder), "/mods/lamps", Meaning::Folders),
            (EventKind::Create(CreateKind::Folder), "/mods/lamps", Meaning::Folders),
            (written, "/mods/lamps/notes.txt", Meaning::Nothing),
            (EventKind::Create(CreateKind::File), "/mods/lamps/notes.txt", Meaning::Nothing),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), "/mods/lamps/init.lua", Meaning::Nothing),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), "/mods/lamps", Meaning::Nothing),
            (
                EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
                "/mods/lamps/init.lua",
                Meaning::Nothing,
            ),
        ] {
            assert_eq!(meaning(kind, path), expected, "{kind:?} {path}");
        }
    }

    #[test]
    fn lost_events_mean_that_anything_may_have_changed() {
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(watched().meaning(&lost), Meaning::Folders);
        let changes = Changes::default();
        changes.note(&HashMap::from([(ProfileId(uuid::Uuid::nil()), watched())]), &lost);
        assert_eq!(changes.take().into_values().collect::<Vec<_>>(), [Meaning::Folders]);
        assert!(changes.take().is_empty());
    }
}

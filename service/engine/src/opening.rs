//! The books of a game's folders, opened by one part of this program at a time.
//!
//! Many parts look at them, unasked too, and one change does several times. They wait for each other here; the lock of
//! the folder, which refuses after a moment, is for other programs. What the last one read is kept for the next one, so
//! that the journal is read once and not at every look.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use muster_deploy::{Books, Deployment};

use crate::EngineError;

/// Folders whose books are open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Openings(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    folders: Mutex<Folders>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct Folders {
    open: BTreeSet<PathBuf>,
    /// What those said that are closed, and when that was.
    left: BTreeMap<PathBuf, (Books, Instant)>,
}

/// The right to have the books of one folder open.
#[derive(Debug)]
struct Turn {
    openings: Openings,
    folder: PathBuf,
}

impl Openings {
    /// Waits until nobody else has them open, then opens, with what the last one left. Blocks.
    pub fn open(
        &self,
        folder: &Path,
        open: impl FnOnce(Option<Books>) -> Result<Deployment, EngineError>,
    ) -> Result<Opened, EngineError> {
        let turn = self.turn(folder);
        let left = self.folders().left.remove(folder).map(|(books, _)| books);
        Ok(Opened { deployment: open(left)?, turn })
    }

    /// Forgets what nobody wanted to know again since then.
    pub fn forget(&self, before: Instant) {
        self.folders().left.retain(|_, (_, at)| *at >= before);
    }

    fn folders(&self) -> MutexGuard<'_, Folders> {
        self.0.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, folder: &Path) -> Turn {
        let waited = self.0.closed.wait_while(self.folders(), |folders| folders.open.contains(folder));
        waited.unwrap_or_else(PoisonError::into_inner).open.insert(folder.to_owned());
        Turn { openings: self.clone(), folder: folder.to_owned() }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.openings.folders().open.remove(&self.folder);
        self.openings.0.closed.notify_all();
    }
}

/// A deployment that is open. The turn ends after it is closed.
#[derive(Debug)]
pub(crate) struct Opened {
    deployment: Deployment,
    turn: Turn,
}

impl Drop for Opened {
    fn drop(&mut self) {
        if let Some(books) = self.deployment.leave() {
            let left = (books, Instant::now());
            self.turn.openings.folders().left.insert(self.turn.folder.clone(), left);
        }
    }
}

impl Deref for Opened {
    type Target = Deployment;

    fn deref(&self) -> &Deployment {
        &self.deployment
    }
}

impl DerefMut for Opened {
    fn deref_mut(&mut self) -> &mut Deployment {
        &mut self.deployment
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };

    use super::*;

    /// How many had a turn at once at most, when several wanted one of each of these folders.
    fn most_at_once(folders: &[&str]) -> usize {
        let openings = Openings::default();
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for folder in folders {
                scope.spawn(|| {
                    let _turn = openings.turn(Path::new(folder));
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::sleep(Duration::from_millis(50));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert!(openings.folders().open.is_empty());
        most.into_inner()
    }

    #[test]
    fn one_at_a_time_and_others_do_not_wait() {
        assert_eq!(most_at_once(&["/a"; 5]), 1);
        assert_eq!(most_at_once(&["/a", "/b"]), 2);
    }

    #[test]
    fn a_failed_opening_gives_the_turn_back() {
        let openings = Openings::default();
        let folder = Path::new("/a");
        let failed = openings.open(folder, |_| Err(EngineError::Closed));
        assert!(failed.is_err());
        drop(openings.turn(folder));
    }
}

//! The books of a game's folders, opened by one part of this program at a time.
//!
//! Looking at them takes as long as reading their journal, and many parts do, unasked too. They wait for each other here;
//! the lock of the folder, which refuses after a moment, is for other programs.

use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use muster_deploy::Deployment;

use crate::EngineError;

/// Folders whose books are open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Openings(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    open: Mutex<BTreeSet<PathBuf>>,
    closed: Condvar,
}

/// The right to have the books of one folder open.
#[derive(Debug)]
struct Turn {
    openings: Openings,
    folder: PathBuf,
}

impl Openings {
    /// Waits until nobody else has them open, then opens. Blocks.
    pub fn open(
        &self,
        folder: &Path,
        open: impl FnOnce() -> Result<Deployment, EngineError>,
    ) -> Result<Opened, EngineError> {
        let turn = self.turn(folder);
        Ok(Opened { deployment: open()?, _turn: turn })
    }

    fn turn(&self, folder: &Path) -> Turn {
        let open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.closed.wait_while(open, |open| open.contains(folder));
        waited.unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
        Turn { openings: self.clone(), folder: folder.to_owned() }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let shared = &self.openings.0;
        shared.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.folder);
        shared.closed.notify_all();
    }
}

/// A deployment that is open. The turn ends after it is closed.
#[derive(Debug)]
pub(crate) struct Opened {
    deployment: Deployment,
    _turn: Turn,
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
        assert!(openings.0.open.lock().expect("nobody panicked").is_empty());
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
        let failed = openings.open(folder, || Err(EngineError::Closed));
        assert!(failed.is_err());
        drop(openings.turn(folder));
    }
}

//! A registry in a git repository: on another machine, or in a folder of this one.
//!
//! Invariants: everything that belongs to one refresh is read from one commit, so that a state that is half pushed is
//! never mixed with another; a commit that is here already is not fetched; nothing of a repository is executed,
//! configured or followed; what a fetch that was cut off left behind is not used. What is trusted is decided by the
//! signatures alone: git is a way for bytes.

mod address;
mod budget;
mod fetch;
mod gauge;
mod http;
mod repositories;
mod store;
mod tree;

pub use address::GitAddress;
pub use budget::GitLimits;
pub use gauge::{GitStage, GitStep};
pub use repositories::Repositories;

use std::{
    error::Error as StdError,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use gix::ThreadSafeRepository;
use muster_domain::Archive;
use muster_registry::{Fetched, Repository, TransportError};
use tokio::{runtime::Handle, sync::OwnedMutexGuard};

use self::{
    budget::Budget,
    http::Link,
    store::{Store, open_repository},
    tree::Commit,
};
use super::{FetchError, HttpTimes, HttpTransport, is_inside};
use crate::Result;

/// Reads `metadata/` and `targets/` of one branch of a repository.
pub struct GitTransport {
    shared: Arc<Shared>,
    /// One fetch at a time; also what removes the folder waits for it.
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Shared {
    address: GitAddress,
    /// To a repository that is not in a folder of this machine.
    http: Option<Arc<HttpTransport>>,
    store: Store,
    limits: GitLimits,
    chosen: RwLock<Choice>,
    /// Of the fetch that runs.
    running: Mutex<Option<Arc<Budget>>>,
    /// Whether something was missing of what should be here: the next refresh fetches everything anew.
    is_broken: AtomicBool,
}

/// What is read now, and what is read again if the refresh that chose it fails.
#[derive(Default)]
struct Choice {
    now: Option<Arc<Chosen>>,
    before: Option<Arc<Chosen>>,
}

/// A commit, in the repository that has it.
struct Chosen {
    repository: ThreadSafeRepository,
    commit: Commit,
}

/// A fetch that somebody waits for; it ends when nobody does any more.
struct Running(Arc<Shared>, Arc<Budget>);

impl Running {
    fn new(shared: Arc<Shared>) -> Self {
        let budget = Arc::new(Budget::new(shared.limits));
        *shared.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(budget.clone());
        Self(shared, budget)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.1.end();
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        // The next fetch may have begun: it waits for the turn, which the thread of this one gives back.
        running.take_if(|budget| Arc::ptr_eq(budget, &self.1));
    }
}

impl GitTransport {
    /// `folder` is where the repository is kept; it need not be there. No network.
    ///
    /// # Errors
    /// [`Error::Address`] where no HTTP client can be made for it.
    pub fn new(address: GitAddress, folder: PathBuf, limits: GitLimits) -> Result<Self> {
        let http = match address.is_folder() {
            true => None,
            false => {
                let url = address.url().clone();
                Some(Arc::new(HttpTransport::with_bases(url.clone(), url, HttpTimes::default())?))
            }
        };
        let shared = Shared {
            address,
            http,
            store: Store::new(folder),
            limits,
            chosen: RwLock::default(),
            running: Mutex::default(),
            is_broken: AtomicBool::new(false),
        };
        Ok(Self { shared: Arc::new(shared), turn: Arc::default() })
    }

    /// Lays an archive out that lies in the repository, of exactly the size that was signed; `None` where it does not.
    /// Nobody is asked: it is of the commit that was fetched last. It stays for an hour at least.
    ///
    /// # Errors
    /// Whatever keeps it from being read or written.
    pub async fn lay_out(&self, file: &str, archive: Archive) -> Result<Option<PathBuf>, FetchError> {
        let name = archive.sha256.to_string();
        let shared = self.shared.clone();
        let file = inside("targets", file)?;
        let work = move || {
            if let Some(path) = shared.store.laid_out(&name, archive.size) {
                return Ok(Some(path));
            }
            let Some(chosen) = shared.chosen() else { return Ok(None) };
            let max = archive.size.min(shared.limits.file);
            match shared.read(&chosen, &file, max) {
                Ok(Some(bytes)) if bytes.len() as u64 == archive.size => {
                    shared.store.lay_out(&name, &bytes).map(Some)
                }
                Ok(_) => Ok(None),
                Err(error) => Err(error),
            }
        };
        blocking(&self.shared.address, work).await
    }

    /// How far the fetch is that runs now, if one does.
    pub fn step(&self) -> Option<GitStep> {
        let running = self.shared.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|budget| budget.gauge.step())
    }

    /// Removes everything that is kept of the repository.
    pub(crate) async fn forget(&self) {
        let turn = self.turn.clone().lock_owned().await;
        let shared = self.shared.clone();
        let removed = blocking(&self.shared.address, move || {
            let _turn = turn;
            *shared.choice() = Choice::default();
            shared.store.remove()
        });
        if let Err(error) = removed.await {
            tracing::warn!(%error, "what was kept of a repository stays until the next start");
        }
    }

    async fn fetch(&self, folder: &str, name: &str, max_length: u64) -> Result<Fetched, FetchError> {
        let path = inside(folder, name)?;
        if self.shared.peek().is_none() {
            self.take_up().await?;
        }
        let shared = self.shared.clone();
        let work = move || {
            let Some(chosen) = shared.peek() else { return Ok(Fetched::NotFound) };
            Ok(shared.read(&chosen, &path, max_length)?.map_or(Fetched::NotFound, Fetched::Found))
        };
        blocking(&self.shared.address, work).await
    }

    /// Takes up what was fetched before, and fetches only where nothing was.
    async fn take_up(&self) -> Result<(), FetchError> {
        let turn = self.turn.clone().lock_owned().await;
        let shared = self.shared.clone();
        let is_here = blocking(&self.shared.address, move || Ok(shared.chosen().is_some())).await?;
        match is_here {
            true => Ok(()),
            false => self.renew(turn).await,
        }
    }

    /// Chooses the newest commit.
    async fn renew(&self, turn: OwnedMutexGuard<()>) -> Result<(), FetchError> {
        let running = Running::new(self.shared.clone());
        let budget = running.1.clone();
        let (shared, runtime, asked) = (self.shared.clone(), Handle::current(), budget.clone());
        let work = blocking(&self.shared.address, move || {
            let _turn = turn;
            shared.choose(runtime, asked)
        });
        let timeout = FetchError::Timeout { host: self.shared.address.host() };
        tokio::time::timeout_at(budget.deadline, work).await.unwrap_or(Err(timeout))
    }
}

impl Shared {
    fn choice(&self) -> RwLockWriteGuard<'_, Choice> {
        self.chosen.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn peek(&self) -> Option<Arc<Chosen>> {
        self.chosen.read().unwrap_or_else(PoisonError::into_inner).now.clone()
    }

    /// What is read now: what the last refresh chose, also before this start.
    fn chosen(&self) -> Option<Arc<Chosen>> {
        if let Some(chosen) = self.peek() {
            return Some(chosen);
        }
        let (repository, id) = match self.address.path() {
            Some(path) => self.open_folder(path).ok()?,
            None => self.store.open()?,
        };
        let chosen = self.chosen_of(repository, id);
        *self.choice() = Choice { now: Some(chosen.clone()), before: None };
        Some(chosen)
    }

    fn chosen_of(&self, repository: ThreadSafeRepository, id: gix::ObjectId) -> Arc<Chosen> {
        Arc::new(Chosen { repository, commit: Commit { address: self.address.to_string(), id } })
    }

    fn choose(&self, runtime: Handle, budget: Arc<Budget>) -> Result<(), FetchError> {
        self.store.clear_archives();
        // What is read before this is read again if what comes cannot be trusted.
        self.chosen();
        let (repository, id) = match (self.address.path(), &self.http) {
            (Some(path), _) => self.open_folder(path)?,
            (None, Some(http)) => {
                if self.is_broken.swap(false, Ordering::SeqCst) {
                    *self.choice() = Choice::default();
                    self.store.discard()?;
                }
                fetch::bring(&self.address, &Link { http: http.clone(), runtime, budget }, &self.store)?
            }
            (None, None) => return Err(FetchError::NoRepository { address: self.address.to_string() }),
        };
        let before = self.peek();
        *self.choice() = Choice { now: Some(self.chosen_of(repository, id)), before };
        Ok(())
    }

    fn open_folder(&self, path: PathBuf) -> Result<(ThreadSafeRepository, gix::ObjectId), FetchError> {
        let address = self.address.to_string();
        // A volume that is not mounted must not look like a registry without files.
        let opened = open_repository(&path);
        let repository = opened.map_err(|_| FetchError::NoRepository { address: address.clone() })?;
        let local = repository.to_thread_local();
        let missing =
            || FetchError::NoBranch { address: address.clone(), branch: self.address.branch().to_owned() };
        let reference = self.address.reference();
        let found = local.try_find_reference(reference.as_str());
        let mut found = found.map_err(|error| unreadable(&address, &error))?.ok_or_else(missing)?;
        let id = found.peel_to_id().map_err(|_| missing())?.detach();
        Ok((repository, id))
    }

    fn read(&self, chosen: &Chosen, path: &str, max: u64) -> Result<Option<Vec<u8>>, FetchError> {
        let path = self.address.inside(path);
        let read = chosen.commit.read(&chosen.repository.to_thread_local(), &path, max);
        if matches!(read, Err(FetchError::Repository { .. })) {
            self.is_broken.store(true, Ordering::SeqCst);
        }
        read
    }
}

#[async_trait]
impl Repository for GitTransport {
    async fn begin(&self) -> Result<(), TransportError> {
        let turn = self.turn.clone().lock_owned().await;
        Ok(self.renew(turn).await?)
    }

    async fn abandon(&self) {
        let mut choice = self.shared.choice();
        if let Some(before) = choice.before.take() {
            choice.now = Some(before);
        }
    }

    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        Ok(self.fetch("metadata", name, max_length).await?)
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        Ok(self.fetch("targets", path, max_length).await?)
    }
}

fn inside(folder: &str, name: &str) -> Result<String, FetchError> {
    match is_inside(name) {
        true => Ok(format!("{folder}/{name}")),
        false => Err(FetchError::RefusedName { file: name.to_owned() }),
    }
}

async fn blocking<T: Send + 'static>(
    address: &GitAddress,
    work: impl FnOnce() -> Result<T, FetchError> + Send + 'static,
) -> Result<T, FetchError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(FetchError::File { file: address.to_string(), why: error.to_string() }))
}

/// An error of the libraries about a repository, with what is behind it.
fn unreadable(address: &str, error: &impl Reason) -> FetchError {
    FetchError::Repository { address: address.to_owned(), why: error.reason() }
}

/// Says why.
trait Reason {
    fn reason(&self) -> String;
}

impl Reason for &str {
    fn reason(&self) -> String {
        (*self).to_owned()
    }
}

impl Reason for gix::Error {
    fn reason(&self) -> String {
        let mut said = self.to_string();
        let mut cause: Option<&dyn StdError> = StdError::source(self);
        while let Some(error) = cause {
            let text = error.to_string();
            if !said.contains(&text) {
                said = format!("{said}: {text}");
            }
            cause = error.source();
        }
        said
    }
}

//! The folders of all repositories, below one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use muster_fsx::Dir;

use super::{GitAddress, GitLimits, GitTransport};
use crate::{Error, Result};

/// Where repositories are kept, and which are open: one and the same address is one transport, so that two never fetch
/// into one folder. Clones share it.
#[derive(Clone, Default)]
pub struct Repositories {
    folder: Option<PathBuf>,
    limits: GitLimits,
    open: Arc<Mutex<BTreeMap<String, Weak<GitTransport>>>>,
}

impl Repositories {
    /// Below a folder that may be deleted whenever nothing runs. Without one (the default), no repository is opened.
    pub fn below(folder: PathBuf) -> Self {
        Self { folder: Some(folder), ..Self::default() }
    }

    /// The same with other limits.
    pub fn with_limits(self, limits: GitLimits) -> Self {
        Self { limits, ..self }
    }

    /// The repository at an address; no network.
    ///
    /// # Errors
    /// [`Error::Address`] where there is no folder for it, or no HTTP client can be made.
    pub fn open(&self, address: &GitAddress) -> Result<Arc<GitTransport>> {
        let Some(folder) = &self.folder else {
            return Err(Error::Address { address: address.to_string(), why: "no folder for repositories" });
        };
        let key = key(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = open.get(&key).and_then(Weak::upgrade) {
            return Ok(transport);
        }
        open.retain(|_, transport| transport.strong_count() > 0);
        let transport = Arc::new(GitTransport::new(address.clone(), folder.join(&key), self.limits)?);
        open.insert(key, Arc::downgrade(&transport));
        Ok(transport)
    }

    /// Removes what is kept of a repository.
    pub(crate) async fn forget(&self, address: &GitAddress) {
        if let Ok(transport) = self.open(address) {
            transport.forget().await;
        }
    }

    /// Removes what is kept of others than these: of sources that were looked at and never added. To be called before
    /// anything is opened.
    pub(crate) async fn keep_only(&self, addresses: Vec<GitAddress>) {
        let Some(folder) = self.folder.clone() else { return };
        let kept: BTreeSet<String> = addresses.iter().map(key).collect();
        let removal = move || -> muster_fsx::Result<()> {
            let folder = match Dir::open_ambient(&folder) {
                Err(error) if error.is_missing() => return Ok(()),
                opened => opened?,
            };
            for entry in folder.entries()? {
                if let Some(name) = entry.name_str().filter(|name| !kept.contains(*name)) {
                    folder.remove_tree(name)?;
                }
            }
            Ok(())
        };
        match tokio::task::spawn_blocking(removal).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "repositories that nobody has stay"),
            Err(error) => tracing::warn!(%error, "repositories that nobody has stay"),
        }
    }
}

/// The name of an address's folder.
fn key(address: &GitAddress) -> String {
    let mut name = muster_registry::sha256(address.to_string().as_bytes()).to_string();
    name.truncate(32);
    name
}

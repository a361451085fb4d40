//! Looking at an address before it is a source: what a registry says of itself first, and how far its repository is.

use std::sync::{Arc, PoisonError};

use muster_domain::SourceId;
use muster_registry::Fetched;

use super::Catalog;
use crate::{
    Address, Error, Result,
    transport::{self, FetchError, GitTransport},
};

impl Catalog {
    /// What fetches a registry where that can take long: a repository that is not on this machine. While what is given
    /// is held, it is the one that everything else about this address uses.
    ///
    /// # Errors
    /// [`Error::Address`] where nothing can be opened there.
    pub fn repository(&self, address: &Address) -> Result<Option<Arc<GitTransport>>> {
        match address {
            Address::Git(git) if !git.is_folder() => Ok(Some(self.means.repositories.open(git)?)),
            _ => Ok(None),
        }
    }

    /// The same for a source that is open.
    pub fn repository_of(&self, id: &SourceId) -> Option<Arc<GitTransport>> {
        let member = self.members.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()?;
        self.repository(member.registry.as_ref()?.address()).ok()?
    }

    /// The first root of a registry that is not trusted yet, of at most `longest` bytes; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::Address`] where nothing can be opened there, [`Error::Unread`] where it cannot be read.
    pub async fn first_root(&self, address: &Address, longest: u64) -> Result<Option<Vec<u8>>> {
        let files = transport::open(address, &self.means.repositories)?.files;
        match files.metadata("1.root.json", longest).await {
            Ok(Fetched::Found(bytes)) => Ok(Some(bytes)),
            Ok(Fetched::NotFound) => Ok(None),
            Err(error) => Err(Error::Unread(FetchError::of(error, address))),
        }
    }
}

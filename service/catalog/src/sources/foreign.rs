//! Sources that nobody signs, told apart by how a person writes their addresses.
//!
//! A new one is a module of its own and one line in [`KINDS`].

use std::{fmt, sync::Arc};

use muster_domain::SourceId;
use muster_store::CatalogDb;

use super::{
    ckan::IndexAddress, contentdb, folder::FolderAddress, github, modrinth, thunderstore::CommunityAddress,
    workshop::WorkshopAddress,
};
use crate::{
    KeyUse, Keys, Result, Source,
    transport::{Credentials, OfflineSwitch},
};

/// What sources of this machine work with.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub catalog: Arc<CatalogDb>,
    /// Whether sources on other machines may be asked.
    pub offline: OfflineSwitch,
    /// The player's keys for services.
    pub keys: Arc<dyn Keys>,
}

impl Surroundings {
    /// What the service of an address is asked with.
    pub fn credentials(&self, address: &dyn SourceAddress) -> Credentials {
        Credentials { keys: self.keys.clone(), usage: address.key_use() }
    }
}

/// The address of one kind of source.
pub(crate) trait SourceAddress: fmt::Display + fmt::Debug + Send + Sync {
    /// The kind, as it is stored and shown.
    fn kind(&self) -> &'static str;

    /// The identity of its source.
    fn source_id(&self) -> SourceId;

    /// The host that is asked first; `None` for one that is on this machine.
    fn host(&self) -> Option<String>;

    /// How its service can be asked with a key of the player's; `None` for one that has no use for keys.
    fn key_use(&self) -> Option<KeyUse> {
        None
    }

    /// Opens its source; no network.
    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>>;
}

/// Reads an address of one kind; `None` for an address of another one.
type Read = fn(&str) -> Result<Option<Box<dyn SourceAddress>>>;

/// Every kind.
const KINDS: &[Read] = &[
    |text| Ok(IndexAddress::parse(text)?.map(boxed)),
    |text| Ok(CommunityAddress::parse(text)?.map(boxed)),
    |text| Ok(contentdb::parse(text)?.map(boxed)),
    |text| Ok(modrinth::parse(text)?.map(boxed)),
    |text| Ok(FolderAddress::parse(text)?.map(boxed)),
    |text| Ok(github::parse(text)?.map(boxed)),
    |text| Ok(WorkshopAddress::parse(text)?.map(boxed)),
];

fn boxed<A: SourceAddress + 'static>(address: A) -> Box<dyn SourceAddress> {
    Box::new(address)
}

/// The address of a source that nobody signs.
#[derive(Debug)]
pub struct ForeignAddress(Box<dyn SourceAddress>);

impl ForeignAddress {
    /// Reads an address; `None` for one that is no other service's.
    ///
    /// # Errors
    /// [`crate::Error::Address`] for one that begins like a service's and cannot be one.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        for read in KINDS {
            if let Some(address) = read(text)? {
                return Ok(Some(Self(address)));
            }
        }
        Ok(None)
    }

    /// The kind of its source, as it is stored and shown.
    pub fn kind(&self) -> &'static str {
        self.0.kind()
    }

    /// The identity of its source.
    pub fn source_id(&self) -> SourceId {
        self.0.source_id()
    }

    /// The host that is asked first; `None` for a source on this machine. It may lead to others, and archives may lie at others.
    pub fn host(&self) -> Option<String> {
        self.0.host()
    }

    /// How its service can be asked with a key of the player's; `None` for one that has no use for keys.
    pub fn key_use(&self) -> Option<KeyUse> {
        self.0.key_use()
    }

    /// Opens its source; no network.
    pub(crate) fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        self.0.open(surroundings)
    }
}

impl fmt::Display for ForeignAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

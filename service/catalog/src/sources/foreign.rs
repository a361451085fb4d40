//! Sources of other services, told apart by how a person writes their addresses.

use std::{fmt, sync::Arc};

use muster_domain::SourceId;
use muster_store::CatalogDb;

use super::{
    ckan::{CkanSource, IndexAddress},
    thunderstore::{CommunityAddress, ThunderstoreSource},
};
use crate::{Result, Source};

/// The address of a source that nobody signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignAddress {
    Ckan(IndexAddress),
    Thunderstore(CommunityAddress),
}

impl ForeignAddress {
    /// Reads an address; `None` for one that is no other service's.
    ///
    /// # Errors
    /// [`crate::Error::Address`] for one that begins like a service's and cannot be one.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        if let Some(address) = IndexAddress::parse(text)? {
            return Ok(Some(Self::Ckan(address)));
        }
        Ok(CommunityAddress::parse(text)?.map(Self::Thunderstore))
    }

    /// The kind of its source, as it is stored and shown.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Ckan(_) => "ckan",
            Self::Thunderstore(_) => "thunderstore",
        }
    }

    /// The identity of its source.
    pub fn source_id(&self) -> SourceId {
        match self {
            Self::Ckan(address) => address.source_id(),
            Self::Thunderstore(address) => address.source_id(),
        }
    }

    /// Opens its source; no network.
    pub(crate) fn open(self, catalog: Arc<CatalogDb>) -> Result<Arc<dyn Source>> {
        Ok(match self {
            Self::Ckan(address) => Arc::new(CkanSource::open(address, catalog)?),
            Self::Thunderstore(address) => Arc::new(ThunderstoreSource::open(address, catalog)),
        })
    }
}

impl fmt::Display for ForeignAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ckan(address) => address.fmt(f),
            Self::Thunderstore(address) => address.fmt(f),
        }
    }
}

//! Which packages exist: sources, their sync, one search over all of them.
//!
//! Entry point: [`Catalog`]. What it shows ([`Catalog::search`], [`Catalog::package`]) are hints; what may be installed
//! are [`Fact`]s ([`Catalog::facts`]), compared with the hints by [`check_hint`].
//!
//! Invariants: a source fails alone; nothing from a source is trusted beyond what its signatures say; text from outside
//! is cleaned before it is kept.

mod advice;
pub mod breaker;
mod catalog;
mod error;
mod examine;
mod facts;
mod normalize;
pub mod query;
mod search;
mod snapshot;
mod source;
mod sources;
pub mod text;
mod transport;
mod trending;
mod typo;

pub use advice::{Advice, AdviceBook, Asked};
pub use catalog::{Catalog, Health, Means, Patience, Status};
pub use error::{Error, Result};
pub use examine::Examined;
pub use facts::{ArchiveAt, Fact, check_hint, differences};
pub use muster_adapters::{Field, Finding};
pub use muster_registry::{Advisory, Pick, Severity};
pub use muster_store::catalog::{PackageDetail, PackageRow};
pub use normalize::CHANGES;
pub use query::Query;
pub use search::{Correction, FacetCount, MAX_PAGE, Page, SearchContext, SearchResult};
pub use snapshot::Snapshot;
pub use source::{Source, Synced};
pub use sources::{
    ckan::{CkanSource, IndexAddress},
    folder::{ARCHIVE_RECIPE, FILE_RECIPE, FolderAddress, file_package, is_package_file},
    foreign::ForeignAddress,
    registry::RegistrySource,
    service::{ServiceAddress, ServiceKind},
    thunderstore::{CommunityAddress, ThunderstoreSource},
    workshop::{STEAM, WorkshopAddress},
};
pub use transport::{
    Address, DocumentAddress, FetchError, FileTransport, GitAddress, GitLimits, GitStage, GitStep,
    GitTransport, HttpTimes, HttpTransport, KeyHeader, KeyUse, Keys, NoKeys, Obstacle, Repositories,
};
pub use trending::Trending;

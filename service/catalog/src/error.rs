//! What can go wrong with sources and searches, by what the caller can do about it.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{Coded, PackageId, SourceId, clean_line};

use crate::transport::FetchError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A source could not be used, or the catalogue not read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source was not reached or did not answer properly.
    #[error("{source_id} cannot be reached: {error}")]
    Unreachable { source_id: SourceId, error: FetchError },
    /// The same of an address that is no source yet.
    #[error(transparent)]
    Unread(FetchError),
    /// The source failed several times in a row and is left alone for a while.
    #[error("{source_id} is left alone until {until}")]
    Resting { source_id: SourceId, until: Timestamp },
    /// The registry's signed metadata was refused, or a publisher's.
    #[error("{source_id}: {error}")]
    Registry { source_id: SourceId, error: Box<muster_registry::Error> },
    /// A shard of the browse catalogue cannot be read; the others are.
    #[error("{source_id}: {shards} parts of the catalogue cannot be read")]
    Shards { source_id: SourceId, shards: usize },
    /// The index of another service cannot be read; what was known before stays.
    #[error("{source_id}: the index cannot be read: {why}")]
    Index { source_id: SourceId, why: String },
    /// The player has no such source.
    #[error("there is no source {source_id}")]
    UnknownSource { source_id: SourceId },
    /// The source has no such package.
    #[error("{source_id} has no package {id}")]
    UnknownPackage { source_id: SourceId, id: PackageId },
    /// What the publisher signed is not what the catalogue showed.
    #[error("the publisher's signature of {id} {version} differs from the catalogue in {}", fields.join(", "))]
    HintDiffers { id: PackageId, version: String, fields: Vec<&'static str> },
    /// The results of this search are no longer kept; searching again gives them.
    #[error("these search results are no longer kept")]
    ResultGone,
    /// An address that no source can have.
    #[error("{address} is not the address of a source: {why}")]
    Address { address: String, why: &'static str },
    #[error(transparent)]
    Store(#[from] muster_store::Error),
}

impl Error {
    /// Codes of this crate; those of `store` and `registry` pass through unchanged.
    pub const CODES: &[&str] = &[
        "catalog-timeout",
        "catalog-too-long",
        "catalog-redirect-refused",
        "catalog-refused-address",
        "catalog-offline",
        "catalog-switched-off",
        "catalog-busy",
        "catalog-key-refused",
        "catalog-needs-key",
        "catalog-server-error",
        "catalog-file",
        "catalog-no-repository",
        "catalog-no-branch",
        "catalog-repository",
        "catalog-not-a-file",
        "catalog-resting",
        "catalog-shards",
        "catalog-index",
        "catalog-unknown-source",
        "catalog-unknown-package",
        "catalog-hint-differs",
        "catalog-result-gone",
        "catalog-address",
    ];

    /// Whether trying again later, unchanged, can help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { error, .. } | Self::Unread(error) => error.is_temporary(),
            Self::Resting { .. } => true,
            Self::Registry { error, .. } => error.is_temporary(),
            _ => false,
        }
    }

    /// How long the source asked to be left alone.
    pub(crate) fn pause(&self) -> Option<SignedDuration> {
        match self {
            Self::Unreachable { error: FetchError::Busy { seconds, .. }, .. } => {
                i64::try_from(*seconds).ok().map(SignedDuration::from_secs)
            }
            _ => None,
        }
    }

    /// An error of the registry crate: where a transport of ours failed below it, that failure.
    pub(crate) fn registry(source_id: &SourceId, error: muster_registry::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(current) = cause {
            if let Some(fetch) = current.downcast_ref::<FetchError>() {
                return Self::Unreachable { source_id: source_id.clone(), error: fetch.clone() };
            }
            cause = current.source();
        }
        Self::Registry { source_id: source_id.clone(), error: Box::new(error) }
    }
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { error, .. } | Self::Unread(error) => error.code(),
            Self::Resting { .. } => "catalog-resting",
            Self::Registry { error, .. } => error.code(),
            Self::Shards { .. } => "catalog-shards",
            Self::Index { .. } => "catalog-index",
            Self::UnknownSource { .. } => "catalog-unknown-source",
            Self::UnknownPackage { .. } => "catalog-unknown-package",
            Self::HintDiffers { .. } => "catalog-hint-differs",
            Self::ResultGone => "catalog-result-gone",
            Self::Address { .. } => "catalog-address",
            Self::Store(error) => error.code(),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let named = |source_id: &SourceId| ("source", source_id.to_string());
        match self {
            Self::Unreachable { source_id, error } => {
                let mut context = vec![named(source_id)];
                context.extend(error.context());
                context
            }
            Self::Unread(error) => error.context(),
            Self::Resting { source_id, until } => vec![named(source_id), ("until", until.to_string())],
            Self::Registry { source_id, error } => {
                let mut context = vec![named(source_id)];
                context.extend(error.context());
                context
            }
            Self::Shards { source_id, shards } => vec![named(source_id), ("shards", shards.to_string())],
            Self::Index { source_id, why } => vec![named(source_id), ("why", clean_line(why, 200))],
            Self::UnknownSource { source_id } => vec![named(source_id)],
            Self::UnknownPackage { source_id, id } => vec![named(source_id), ("package", id.to_string())],
            Self::HintDiffers { id, version, fields } => vec![
                ("package", id.to_string()),
                ("version", clean_line(version, 80)),
                ("fields", fields.join(", ")),
            ],
            Self::ResultGone => Vec::new(),
            Self::Address { address, .. } => vec![("address", clean_line(address, 200))],
            Self::Store(error) => error.context(),
        }
    }
}

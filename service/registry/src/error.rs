//! What can go wrong, by what the caller can do about it.

use std::borrow::Cow;

use jiff::Timestamp;
use muster_domain::{Coded, Sha256, clean_line};

use crate::ports::{StoreError, TransportError};

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a registry, a key or a signed document was refused.
///
/// Nothing that is refused changes what was trusted before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be fetched; nothing is known about its absence. Try again later.
    #[error("could not fetch {file}")]
    Transport { file: String, source: TransportError },
    /// A file that signed metadata calls for is definitively not there (half-synchronised host, or a registry error).
    #[error("{file} is missing from the registry")]
    MissingFile { file: String },
    /// Longer than its role may be.
    #[error("{file} is longer than {limit} bytes")]
    TooLarge { file: String, limit: u64 },
    /// Not JSON as TUF and this crate allow it, or not the expected document.
    #[error("{file} is malformed: {why}")]
    Malformed { file: String, why: String },
    /// Too few valid signatures of the keys that may sign.
    #[error("{role} is not signed by those who may sign it: {why}")]
    Signature { role: String, why: String },
    /// A version went backwards, or a signed file vanished: somebody shows an older registry than was seen before.
    #[error("{role} went back from version {trusted} to {offered}")]
    Rollback { role: String, trusted: u64, offered: u64 },
    /// Metadata is past its date: the registry is no longer maintained, or somebody withholds the newer one.
    #[error("{role} expired at {expires}")]
    Expired { role: String, expires: Timestamp },
    /// Metadata is so long past its date that this computer's clock is the likelier cause.
    #[error("{role} expired at {expires}, long before this computer's clock ({now})")]
    Clock { role: String, expires: Timestamp, now: Timestamp },
    /// Bytes do not have the signed length or hash.
    #[error("{file} does not have the signed length or hash")]
    HashMismatch { file: String },
    /// More root versions at once than the limit, or a gap in them.
    #[error("the chain of root keys cannot be followed: {why}")]
    RootChain { why: String },
    /// The registry was never fetched and verified here.
    #[error("the registry has not been fetched yet")]
    NotRefreshed,
    /// Asked for without network, and not in the local store.
    #[error("{file} is not stored here")]
    NotCached { file: String },
    /// No role that may list it does.
    #[error("{what} is not in this registry")]
    NotFound { what: String },
    /// A role is delegated, but the signed list of roles does not have it: not published yet, or suppressed.
    #[error("{role} is delegated but missing from the registry's list")]
    DelegatedMissing { role: String },
    /// Valid TUF, but not the layout of a Muster registry.
    #[error("{role} breaks the registry layout: {why}")]
    Layout { role: String, why: String },
    /// A publisher's statement about a release contradicts its path, or cannot be understood.
    #[error("the signed description of {path} is refused: {why}")]
    Description { path: String, why: String },
    /// The publisher's keys are others than the pinned ones, and the pinned ones did not hand over.
    #[error("the keys of {publisher} changed without a hand-over by the pinned keys")]
    KeyChanged { publisher: String, pinned: Sha256, seen: Sha256 },
    /// The owner of the key withdrew it.
    #[error("a key of {publisher} was revoked by its owner")]
    KeyRevoked { publisher: String },
    /// A version that was seen before now has other bytes.
    #[error("{what} was {seen} before and is {offered} now")]
    HashChanged { what: String, seen: Sha256, offered: Sha256 },
    /// The local store of trusted metadata failed.
    #[error("the local store of trusted metadata failed")]
    Store(#[source] StoreError),
    /// A key that cannot protect anything, or whose text is not a key.
    #[error("not a usable key: {why}")]
    Key { why: String },
    /// The key file needs a passphrase, or the one given does not open it.
    #[error("the passphrase does not open this key")]
    Passphrase,
    /// A signed envelope is of another type or format.
    #[error("expected a signed {expected}: {why}")]
    Envelope { expected: String, why: String },
    /// The key does not belong to the role it was asked to sign.
    #[error("this key may not sign {role}")]
    WrongKey { role: String },
    /// The publisher already has keys here.
    #[error("{publisher} is already admitted")]
    AlreadyAdmitted { publisher: String },
    /// The publisher has no keys here.
    #[error("{publisher} is not admitted")]
    NotAdmitted { publisher: String },
    /// Releases are immutable: the same version with other bytes needs another version.
    #[error("{what} is already published with other bytes")]
    AlreadyPublished { what: String },
}

impl Error {
    pub(crate) fn malformed(file: impl Into<String>, why: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed { file: file.into(), why: why.into().into_owned() }
    }

    pub(crate) fn layout(role: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Layout { role: role.into(), why: why.into() }
    }

    pub(crate) fn description(path: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Description { path: path.into(), why: why.into() }
    }

    pub(crate) fn key(why: impl Into<String>) -> Self {
        Self::Key { why: why.into() }
    }

    /// Whether trying again later, unchanged, can help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Transport { .. } | Self::MissingFile { .. })
    }
}

/// Every code of [`Error`], for the test that each has its sentences.
pub const CODES: &[&str] = &[
    "registry-transport",
    "registry-missing-file",
    "registry-too-large",
    "registry-malformed",
    "registry-signature",
    "registry-rollback",
    "registry-expired",
    "registry-clock",
    "registry-hash-mismatch",
    "registry-root-chain",
    "registry-not-refreshed",
    "registry-not-cached",
    "registry-not-found",
    "registry-delegated-missing",
    "registry-layout",
    "registry-description",
    "registry-key-changed",
    "registry-key-revoked",
    "registry-hash-changed",
    "registry-store",
    "registry-key",
    "registry-passphrase",
    "registry-envelope",
    "registry-wrong-key",
    "registry-already-admitted",
    "registry-not-admitted",
    "registry-already-published",
];

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Transport { .. } => "registry-transport",
            Self::MissingFile { .. } => "registry-missing-file",
            Self::TooLarge { .. } => "registry-too-large",
            Self::Malformed { .. } => "registry-malformed",
            Self::Signature { .. } => "registry-signature",
            Self::Rollback { .. } => "registry-rollback",
            Self::Expired { .. } => "registry-expired",
            Self::Clock { .. } => "registry-clock",
            Self::HashMismatch { .. } => "registry-hash-mismatch",
            Self::RootChain { .. } => "registry-root-chain",
            Self::NotRefreshed => "registry-not-refreshed",
            Self::NotCached { .. } => "registry-not-cached",
            Self::NotFound { .. } => "registry-not-found",
            Self::DelegatedMissing { .. } => "registry-delegated-missing",
            Self::Layout { .. } => "registry-layout",
            Self::Description { .. } => "registry-description",
            Self::KeyChanged { .. } => "registry-key-changed",
            Self::KeyRevoked { .. } => "registry-key-revoked",
            Self::HashChanged { .. } => "registry-hash-changed",
            Self::Store(_) => "registry-store",
            Self::Key { .. } => "registry-key",
            Self::Passphrase => "registry-passphrase",
            Self::Envelope { .. } => "registry-envelope",
            Self::WrongKey { .. } => "registry-wrong-key",
            Self::AlreadyAdmitted { .. } => "registry-already-admitted",
            Self::NotAdmitted { .. } => "registry-not-admitted",
            Self::AlreadyPublished { .. } => "registry-already-published",
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        let pairs = match self {
            Self::Transport { file, source } => vec![("file", file.clone()), ("why", source.to_string())],
            Self::MissingFile { file } | Self::HashMismatch { file } | Self::NotCached { file } => {
                vec![("file", file.clone())]
            }
            Self::TooLarge { file, limit } => vec![("file", file.clone()), ("limit", limit.to_string())],
            Self::Malformed { file, why } => vec![("file", file.clone()), ("why", why.clone())],
            Self::Signature { role, why } | Self::Layout { role, why } => {
                vec![("role", role.clone()), ("why", why.clone())]
            }
            Self::Rollback { role, trusted, offered } => {
                vec![
                    ("role", role.clone()),
                    ("trusted", trusted.to_string()),
                    ("offered", offered.to_string()),
                ]
            }
            Self::Expired { role, expires } => vec![("role", role.clone()), ("expires", expires.to_string())],
            Self::Clock { role, expires, now } => {
                vec![("role", role.clone()), ("expires", expires.to_string()), ("now", now.to_string())]
            }
            Self::RootChain { why } | Self::Key { why } => vec![("why", why.clone())],
            Self::NotRefreshed | Self::Passphrase => Vec::new(),
            Self::NotFound { what } | Self::AlreadyPublished { what } => vec![("what", what.clone())],
            Self::DelegatedMissing { role } | Self::WrongKey { role } => vec![("role", role.clone())],
            Self::Description { path, why } => vec![("path", path.clone()), ("why", why.clone())],
            Self::KeyChanged { publisher, pinned, seen } => {
                vec![("publisher", publisher.clone()), ("pinned", pinned.short()), ("seen", seen.short())]
            }
            Self::KeyRevoked { publisher }
            | Self::AlreadyAdmitted { publisher }
            | Self::NotAdmitted { publisher } => {
                vec![("publisher", publisher.clone())]
            }
            Self::HashChanged { what, seen, offered } => {
                vec![("what", what.clone()), ("seen", seen.short()), ("offered", offered.short())]
            }
            Self::Store(source) => vec![("why", source.to_string())],
            Self::Envelope { expected, why } => vec![("expected", expected.clone()), ("why", why.clone())],
        };
        pairs.into_iter().map(|(name, value)| (name, clean_line(&value, 300))).collect()
    }
}

//! The nouns of Muster: identities, versions, hashes, releases, profiles, locks and links.
//!
//! Everything here is pure: it parses, compares and prints. No IO, no async, no SQL, no wire format.
//! Parsers are total: any input gives a value or a typed refusal, never a panic.

mod feature;
mod hash;
mod id;
mod link;
mod lock;
mod path;
mod release;
mod secret;
mod text;
mod text_form;
mod version;

pub use feature::{
    Feature, FeatureChoice, MAX_BROUGHT, MAX_FEATURE_SUMMARY, MAX_FEATURE_TITLE, MAX_FEATURES, Needed,
    PackageFeature,
};
pub use hash::{ParseHashError, Sha1, Sha256};
pub use id::{
    FeatureId, GameId, GenerationNumber, IdError, JobId, PackageId, PackageName, ProfileId, PublishedName,
    Publisher, SourceId,
};
pub use link::{
    InlineTicket, JoinLink, Link, LinkError, LinkSource, MAX_INLINE, MAX_LINK_PEERS, MAX_TICKET, ReturnPage,
    SCHEME as LINK_SCHEME,
};
pub use lock::{LOCK_FORMAT, LeftOut, Lock, LockError, LockedPackage, LockedSource, Mapping, PackageChannel};
pub use path::{FoldedPath, PathError, PortablePath};
pub use release::{
    Archive, ArtifactRef, Channel, Dependency, GameSupport, Kind, Platform, Provided, Recipe, Redistribution,
    Release, Requirement, Side, Torrent, Vouched,
};
pub use secret::Secret;
pub use text::{clean_line, clean_text};
pub use version::{CkanVersion, ListedVersion, Version, VersionError, VersionRange};

use serde::{Deserialize, Serialize};

/// Who asks for bytes, and therefore who waits (`product.md` §6).
///
/// Ordered by urgency: `LobbyUrgent` is the smallest value and goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// An accepted lobby: may use everything, preempts the others.
    LobbyUrgent,
    /// An install, an update, a click.
    User,
    /// Auto-update, pre-download, repair: only when nothing above runs.
    Background,
}

impl Tier {
    /// Stable text form, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LobbyUrgent => "lobby-urgent",
            Self::User => "user",
            Self::Background => "background",
        }
    }
}

/// An error that has a stable code; the sentence for people is looked up by it.
///
/// Every crate's error enum implements this and lists all its codes in a `CODES` constant, so that a test can prove
/// that each code has a sentence in every language.
pub trait Coded: std::error::Error {
    /// Kebab-case, prefixed by area (`package-…`, `registry-…`), never changed once released.
    fn code(&self) -> &'static str;

    /// Named values for the sentence, in display form, already free of control characters.
    fn context(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

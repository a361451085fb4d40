//! Registries: static files under The Update Framework (specification 1.0.34), read and written.
//!
//! Verification is `sigstore-tuf`'s, behind the private module `tuf`; everything of Muster's own (layout, pins,
//! descriptions of releases) is policy above it and lives in the other modules. The crate is pure: bytes come through
//! [`Repository`] and [`MetadataStore`], time and randomness are arguments.
//!
//! Reading starts at [`Client`], writing at [`author`], keys at [`SigningKey`] and [`KeyFile`].

mod advisory;
mod catalogue;
mod changes;
mod client;
mod columns;
mod envelope;
mod error;
mod featured;
pub mod json;
mod keys;
pub mod layout;
pub mod pin;
mod plain;
mod ports;
mod release;
mod roll;
mod shared;
mod ticket;
mod tuf;

pub mod author;

pub use advisory::{Advisory, MAX_ADVISORIES_FILE, Severity, Subject, parse_advisories, write_advisories};
pub use catalogue::{CatalogueEntry, CatalogueVersion, decode_shard, encode_shard};
pub use changes::{Changes, catalogue_state, changes_path, decode_changes, encode_changes, shard_path_of};
pub use client::{Client, PublisherFacts, Refreshed, SignedRelease, Target, Trust, trust_time};
pub use envelope::{sign_envelope, verify_envelope};
pub use error::{CODES, Error, Result};
pub use featured::{MAX_FEATURED_FILE, MAX_PICKS, Pick, parse_featured, write_featured};
pub use keys::{KdfCost, KeyFile, KeySet, PublicKey, SigningKey, sha256, words};
pub use plain::PlainUpdater;
pub use ports::{
    Fetched, MemoryRepository, MemoryStore, MetadataStore, Repository, StoreError, TransportError,
};
pub use release::{Display, RELEASE_FORMAT, ReleaseCustom};
pub use roll::{GuestNote, GuestStep, MAX_GUEST_NAME, MAX_GUESTS, Roll, RollEntry};
pub use shared::{SharedPackage, SharedProfile, SharedSource, SignedProfile, Trusted};
pub use ticket::{OptionalPackage, SignedTicket, Ticket};
pub use tuf::Limits;

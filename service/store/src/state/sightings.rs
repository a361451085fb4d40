//! Since when releases are on offer, as this machine saw it.
//!
//! Beside [`super::FirstSeen`], which says what bytes a version has for ever: here nothing is decided about them. A release
//! is a version with its bytes, and other bytes are another release.

use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId, Version};
use rusqlite::params;

use crate::{
    Reply,
    database::Database,
    row::{Columns, first},
};

/// A release on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub source: SourceId,
    pub package: PackageId,
    pub version: Version,
    /// Its archive's hash, or what stands for it.
    pub sha256: Sha256,
}

/// Handle on the sightings.
pub struct Sightings<'a>(pub(super) &'a Database);

impl Sightings<'_> {
    /// When each of these was seen first: now, for those that never were. A time that lies ahead (the clock went back) is
    /// now as well, so that nothing waits for ever.
    pub fn see(&self, offered: Vec<Offered>, now: Timestamp) -> Reply<Vec<Timestamp>> {
        self.0.write(move |transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO sightings VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET seen_at = min(seen_at, excluded.seen_at) RETURNING seen_at",
            )?;
            let mut times = Vec::with_capacity(offered.len());
            for Offered { source, package, version, sha256 } in &offered {
                let (source, package, version) =
                    (source.to_string(), package.to_string(), version.to_string());
                let row = params![source, package, version, sha256.as_bytes(), now.as_millisecond()];
                let seen = first(&mut insert, row, |row| row.time("seen_at"))?;
                times.push(seen.unwrap_or(now));
            }
            Ok(times)
        })
    }
}

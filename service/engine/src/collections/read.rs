//! Reading what a version of a collection says: its manifest, as its publisher signed it, or out of its archive.

use jiff::Timestamp;
use muster_catalog::{ArchiveAt, Fact};
use muster_domain::{Channel, Version, VersionRange};
use muster_fsx::File;
use muster_package::{Limits, Manifest, validate};
use muster_registry::layout::Sibling;

use super::Member;
use crate::{Engine, EngineError, Key, jobs::blocking};

/// Longest manifest, in bytes.
const MAX_MANIFEST: u64 = 1024 * 1024;

impl Engine {
    /// The packages of a version of a collection, in its order; of the newest where none is named.
    pub(super) async fn members(
        &self,
        key: &Key,
        version: Option<&Version>,
    ) -> Result<(Version, Vec<Member>), EngineError> {
        let fact =
            self.collection_fact(key, |fact| version.is_none_or(|version| fact.release.version == *version));
        let fact = fact.await?;
        if !fact.release.kind.is_collection() {
            return Err(EngineError::NotACollection { id: key.id.clone() });
        }
        let manifest = self.manifest_behind(&fact).await?;
        let member = |entry: muster_package::CollectionEntry| Member {
            key: Key { source: entry.source.unwrap_or_else(|| key.source.clone()), id: entry.package },
            range: entry.version,
            sha256: entry.sha256,
            is_optional: entry.optional,
        };
        Ok((fact.release.version, manifest.packages.into_iter().map(member).collect()))
    }

    /// The newest version in a range.
    pub(super) async fn newest_in(&self, key: &Key, range: &VersionRange) -> Result<Version, EngineError> {
        let fact = self.collection_fact(key, |fact| range.matches(&fact.release.version)).await?;
        Ok(fact.release.version)
    }

    /// The newest version that fits; ripe ones first, and withdrawn ones only where nothing else does.
    async fn collection_fact(&self, key: &Key, fits: impl Fn(&Fact) -> bool) -> Result<Fact, EngineError> {
        let facts = match self.catalog().facts(&key.source, &key.id, Timestamp::now()).await {
            Ok(facts) => facts,
            Err(error) => match self.catalog().stored_facts(&key.source, &key.id).await {
                Ok(stored) if !stored.is_empty() => stored,
                _ => return Err(error.into()),
            },
        };
        let rank = |fact: &Fact| (fact.release.yanked.is_none(), fact.release.channel == Channel::Stable);
        let best = facts.into_iter().filter(fits).reduce(|best, next| {
            let is_better = rank(&next) > rank(&best)
                || (rank(&next) == rank(&best) && next.release.version > best.release.version);
            if is_better { next } else { best }
        });
        best.ok_or_else(|| EngineError::UnknownPackage { id: key.id.clone() })
    }

    async fn manifest_behind(&self, fact: &Fact) -> Result<Manifest, EngineError> {
        if let Some(signed) = &fact.signed {
            let target = signed.sibling(Sibling::Manifest, &signed.custom.manifest);
            let source = &fact.release.source;
            let bytes = self.catalog().small_file(source, &target, MAX_MANIFEST, Timestamp::now()).await?;
            return Ok(Manifest::parse(&bytes)?);
        }
        let (engine, sha256, at) = (self.clone(), fact.release.archive.sha256, fact.archive_at.clone());
        let id = fact.release.id.clone();
        blocking(move || {
            let file = match (engine.cache().lease(&sha256, Timestamp::now()), at) {
                (Ok(lease), _) => lease.open()?,
                (Err(_), Some(ArchiveAt::Folder(path))) => File::open_ambient(&path)?,
                (Err(_), _) => return Err(EngineError::NotACollection { id }),
            };
            Ok(validate(&file, &Limits::default())?.manifest().clone())
        })
        .await
    }
}

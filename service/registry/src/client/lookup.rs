//! Packages, publishers and targets inside a trusted registry.

use jiff::Timestamp;
use muster_domain::{Archive, ArtifactRef, PackageName, PublishedName, Publisher, Release, Sha256};

use super::{Client, speaker::Speaker};
use crate::{
    Error, KeySet, ReleaseCustom, Result, layout,
    pin::{MAX_RECORDS_FILE, Record},
    plain::fetch_target,
    tuf::{Found, Reach, Session},
};

/// Who vouches that a publisher's name belongs to its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// The registry's online key alone: recently arrived.
    New,
    /// The registry's offline keys.
    Admitted,
}

/// A target file that the registry signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Path in the metadata.
    pub path: String,
    /// Path under the registry's targets folder; append it to `<registry>/targets/` to fetch the bytes.
    pub file: String,
    /// Bytes.
    pub size: u64,
    pub sha256: Sha256,
}

/// What is known about a publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublisherFacts {
    pub publisher: Publisher,
    pub keys: KeySet,
    pub trust: Trust,
    /// Names of everything the publisher lists, in order.
    pub packages: Vec<PackageName>,
}

/// A release as its publisher signed it: a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRelease {
    pub release: Release,
    /// Fingerprint of the publisher's key set, to be compared with the pin.
    pub publisher_key: Sha256,
    pub trust: Trust,
    /// The archive in the registry itself, which is an origin like those in the release.
    pub target: Target,
    /// The complete signed description.
    pub custom: ReleaseCustom,
}

impl SignedRelease {
    /// A sibling file of the archive (manifest, entry map, …) in the registry, by what the release says about it.
    pub fn sibling(&self, sibling: layout::Sibling, artifact: &ArtifactRef) -> Target {
        let path = sibling.path(&self.target.path);
        Target {
            file: layout::file_path(&path, &artifact.sha256),
            path,
            size: artifact.size,
            sha256: artifact.sha256,
        }
    }
}

impl Client {
    /// Every release of a package, in order of paths, from the publisher's own role. Fetches the roles in between as
    /// far as they are not stored.
    ///
    /// Fails with the publisher's own error ([`Error::Signature`], [`Error::Expired`], [`Error::DelegatedMissing`], …)
    /// or [`Error::NotFound`]. A release whose description is refused is left out and logged; if none is left, its
    /// error is returned.
    pub async fn releases(&self, now: Timestamp, name: &PublishedName) -> Result<Vec<SignedRelease>> {
        let session = self.session()?;
        let speaker = Speaker::load(&session, &name.publisher, self.trust_now(now), Reach::Network).await?;
        self.releases_of(&speaker, name).await
    }

    /// As [`Self::releases`], but from the store alone and as of the last refresh: what an expired or unreachable
    /// registry still allows (playing, deploying, reinstalling). Fails with [`Error::NotCached`] for publishers that
    /// were never looked at.
    pub async fn stored_releases(&self, name: &PublishedName) -> Result<Vec<SignedRelease>> {
        let session = self.session()?;
        let at = self.verified_at().ok_or(Error::NotRefreshed)?;
        let speaker = Speaker::load(&session, &name.publisher, at, Reach::Store).await?;
        self.releases_of(&speaker, name).await
    }

    async fn releases_of(&self, speaker: &Speaker<'_>, name: &PublishedName) -> Result<Vec<SignedRelease>> {
        let mut releases = Vec::new();
        let mut refused = None;
        for outcome in self.every_release_of(speaker, name).await? {
            match outcome {
                Ok(release) => releases.push(release),
                Err(error) => {
                    tracing::warn!(%error, "a release is left out");
                    refused = Some(error);
                }
            }
        }
        if releases.is_empty() {
            return Err(refused.unwrap_or_else(|| Error::NotFound { what: name.to_string() }));
        }
        Ok(releases)
    }

    /// Every release, or why its description is refused.
    pub(crate) async fn all_releases(
        &self,
        now: Timestamp,
        name: &PublishedName,
    ) -> Result<Vec<Result<SignedRelease>>> {
        let session = self.session()?;
        let speaker = Speaker::load(&session, &name.publisher, self.trust_now(now), Reach::Network).await?;
        self.every_release_of(&speaker, name).await
    }

    async fn every_release_of(
        &self,
        speaker: &Speaker<'_>,
        name: &PublishedName,
    ) -> Result<Vec<Result<SignedRelease>>> {
        let mut releases = Vec::new();
        for path in speaker.session.paths_under(&speaker.role, &layout::package_folder(name)) {
            if !path.ends_with(".muster") {
                continue;
            }
            match self.release_at(speaker, &path).await {
                Err(error) if !matches!(error, Error::Description { .. }) => return Err(error),
                outcome => releases.push(outcome),
            }
        }
        Ok(releases)
    }

    async fn release_at(&self, speaker: &Speaker<'_>, path: &str) -> Result<SignedRelease> {
        let found = speaker.find(path).await?;
        let target = target_of(&found)?;
        let custom = ReleaseCustom::from_custom(path, found.custom.as_ref())?;
        let archive = Archive { sha256: target.sha256, size: target.size };
        Ok(SignedRelease {
            release: custom.release(&self.source_id(), archive),
            publisher_key: speaker.keys.fingerprint(),
            trust: speaker.trust,
            target,
            custom,
        })
    }

    /// A publisher's keys, standing and packages.
    pub async fn publisher(&self, now: Timestamp, publisher: &Publisher) -> Result<PublisherFacts> {
        let session = self.session()?;
        let speaker = Speaker::load(&session, publisher, self.trust_now(now), Reach::Network).await?;
        let paths = session.paths_under(&speaker.role, &layout::publisher_folder(publisher));
        let mut packages: Vec<PackageName> =
            paths.iter().filter_map(|path| layout::package_of(path)).map(|name| name.package).collect();
        packages.sort();
        packages.dedup();
        Ok(PublisherFacts {
            publisher: publisher.clone(),
            keys: speaker.keys,
            trust: speaker.trust,
            packages,
        })
    }

    /// All publishers that the registry names, in no particular order of trust. Loads every shard: for maintainers and
    /// for pages that list publishers, not for installs.
    pub async fn publishers(&self, now: Timestamp) -> Result<Vec<(Publisher, Trust)>> {
        let session = self.session()?;
        let at = self.trust_now(now);
        let mut publishers = std::collections::BTreeMap::new();
        for role in session.delegates("targets") {
            let (trust, shard) = match role.split_once('-') {
                Some(("shard", shard)) => (Trust::Admitted, shard),
                Some(("new", shard)) => (Trust::New, shard),
                _ => continue,
            };
            if !session.is_listed(&role) {
                continue;
            }
            session.find(&format!("p/{shard}/0/0/0"), at, Reach::Network).await?;
            let named = session.delegates(&role).into_iter();
            for publisher in named.filter_map(|role| role.strip_prefix("pub.")?.parse::<Publisher>().ok()) {
                let known = publishers.entry(publisher).or_insert(trust);
                *known = trust.max(*known);
            }
        }
        Ok(publishers.into_iter().collect())
    }

    /// The keys that a name belongs to, also before anything is published under it.
    pub(crate) async fn admitted_keys(&self, now: Timestamp, publisher: &Publisher) -> Result<KeySet> {
        let session = self.session()?;
        let admission = Speaker::admission(&session, publisher, self.trust_now(now), Reach::Network).await;
        admission.map(|(keys, _)| keys)
    }

    /// Every path that a publisher's role lists, if the role was loaded before.
    pub(crate) fn paths_of(&self, publisher: &Publisher) -> Vec<String> {
        let role = layout::publisher_role(publisher);
        self.session().map(|session| session.paths_under(&role, "")).unwrap_or_default()
    }

    /// A publisher's hand-overs and revocations, for [`crate::pin::decide`]; empty if there are none.
    pub async fn rotations(&self, now: Timestamp, publisher: &Publisher) -> Result<Vec<Record>> {
        match self.target(now, &layout::rotations_path(publisher)).await {
            Ok(target) => Record::parse_file(&self.fetch(&target, MAX_RECORDS_FILE).await?),
            Err(Error::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// A target by its path, as the role that the layout names for it signed it.
    pub async fn target(&self, now: Timestamp, path: &str) -> Result<Target> {
        let session = self.session()?;
        let at = self.trust_now(now);
        let missing = || Error::NotFound { what: path.to_owned() };
        if !layout::is_plain_path(path) {
            return Err(missing());
        }
        let mut parts = path.split('/');
        match (parts.next(), parts.nth(1)) {
            (Some("p"), Some(publisher)) => {
                let publisher = publisher.parse().map_err(|_| missing())?;
                let speaker = Speaker::load(&session, &publisher, at, Reach::Network).await?;
                target_of(&speaker.find(path).await?)
            }
            (Some("catalog"), None) => {
                target_of(&find_in_catalogue(&session, path, at).await?.ok_or_else(missing)?)
            }
            _ => Err(missing()),
        }
    }

    /// The bytes of a small target, verified. Archives are fetched elsewhere, by their hash.
    pub async fn fetch(&self, target: &Target, max_length: u64) -> Result<Vec<u8>> {
        let wanted = Found {
            path: target.path.clone(),
            length: target.size,
            sha256: Some(target.sha256),
            sha512: None,
            custom: None,
        };
        fetch_target(self.ports.repository.as_ref(), &wanted, target.file.clone(), max_length).await
    }

    /// The shards of the browse catalogue, in order of paths. A shard whose hash is known need not be fetched again.
    pub async fn catalogue(&self, now: Timestamp) -> Result<Vec<Target>> {
        let session = self.session()?;
        let at = self.trust_now(now);
        find_in_catalogue(&session, "catalog/index", at).await?;
        let mut shards = Vec::new();
        for path in session.paths_under(layout::CATALOG_ROLE, "catalog/") {
            if !crate::catalogue::is_shard(&path) || !layout::is_plain_path(&path) {
                continue;
            }
            if let Some(found) = find_in_catalogue(&session, &path, at).await? {
                shards.push(target_of(&found)?);
            }
        }
        Ok(shards)
    }

    /// The file of everything that changed in the browse catalogue since a state of it ([`crate::catalogue_state`]), if
    /// the registry has one.
    pub async fn catalogue_changes(&self, now: Timestamp, state: &str) -> Result<Option<Target>> {
        let session = self.session()?;
        let path = crate::changes_path(state);
        if !layout::is_plain_path(&path) {
            return Ok(None);
        }
        let found = find_in_catalogue(&session, &path, self.trust_now(now)).await?;
        found.as_ref().map(target_of).transpose()
    }

    /// The list of what the registry advises against, if it has one.
    pub async fn advisories(&self, now: Timestamp) -> Result<Option<Target>> {
        let session = self.session()?;
        let found = find_in_catalogue(&session, layout::ADVISORIES_PATH, self.trust_now(now)).await?;
        found.as_ref().map(target_of).transpose()
    }

    /// The list of what the registry features, if it has one.
    pub async fn featured(&self, now: Timestamp) -> Result<Option<Target>> {
        let session = self.session()?;
        let found = find_in_catalogue(&session, layout::FEATURED_PATH, self.trust_now(now)).await?;
        found.as_ref().map(target_of).transpose()
    }
}

async fn find_in_catalogue(session: &Session, path: &str, at: Timestamp) -> Result<Option<Found>> {
    let delegated = session.delegation("targets", layout::CATALOG_ROLE, path).is_some();
    if delegated && !session.is_listed(layout::CATALOG_ROLE) {
        return Err(Error::DelegatedMissing { role: layout::CATALOG_ROLE.into() });
    }
    session.find(path, at, Reach::Network).await
}

fn target_of(found: &Found) -> Result<Target> {
    let sha256 = found.sha256.ok_or_else(|| Error::HashMismatch { file: found.path.clone() })?;
    Ok(Target {
        file: layout::file_path(&found.path, &sha256),
        path: found.path.clone(),
        size: found.length,
        sha256,
    })
}

//! What an update changes: what the versions from the one that is here to the one that comes say of themselves, joined.
//!
//! Registries have it in each version's signed manifest; other services say it in their lists, as a hint like everything of
//! theirs, or not at all. It is text of strangers, cleaned and bounded wherever it comes from.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use muster_catalog::Fact;
use muster_domain::{Channel, ProfileId, Release, Version, clean_text};
use muster_package::Manifest;
use muster_registry::layout::Sibling;
use muster_store::state::Profile;

use crate::{Engine, EngineError, Key, prose};

/// Most versions whose texts are shown of one update.
const MAX_SHOWN: usize = 20;
/// The same where nothing is installed: what is new lately.
const LATELY: usize = 5;
/// Longest text of one version, in characters.
const MAX_TEXT: usize = 20_000;
/// Longest manifest that is fetched for it, in bytes.
const MAX_MANIFEST: u64 = 2 * 1024 * 1024;
/// Manifests that are fetched at the same time.
const CONCURRENT: usize = 4;
/// How long all of it may take; what was read by then is shown.
const PATIENCE: Duration = Duration::from_secs(8);

/// What one version says is new in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionChanges {
    pub version: Version,
    pub published: Option<Timestamp>,
    /// Markdown, without what cannot be seen; absent where the version says nothing.
    pub text: Option<String>,
    /// The same as HTML that is safe to place.
    pub html: Option<String>,
}

/// What lies between two versions of a package.
#[derive(Clone, Debug)]
pub struct ChangesView {
    pub key: Key,
    pub title: String,
    /// Not part of it; absent where nothing is installed.
    pub from: Option<Version>,
    pub to: Version,
    /// Newest first.
    pub versions: Vec<VersionChanges>,
    /// How many older ones are left out.
    pub more: usize,
    /// Whether the source says such things at all.
    pub is_told: bool,
}

/// The versions that an update brings at once, newest first: what is newer than `from` and no newer than `to`. What is less
/// ripe than the player wants it is left out (unless `to` is so, too), since its changes come again with what it led to.
fn between<'a>(
    releases: &'a [Release],
    (from, to): (Option<&Version>, &Release),
    wanted: Channel,
) -> Vec<&'a Release> {
    let least = wanted.min(to.channel);
    let is_between = |release: &&Release| {
        release.version <= to.version
            && from.is_none_or(|from| release.version > *from)
            && release.channel >= least
    };
    let mut found: Vec<&Release> = releases.iter().filter(is_between).collect();
    found.sort_by(|a, b| b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal));
    found.dedup_by(|later, first| later.version == first.version);
    found
}

impl Engine {
    /// What is new in a package, from the version of the profile (or `from`) to the newest (or `to`), both as people know
    /// them.
    ///
    /// # Errors
    /// [`EngineError::Catalog`] for a package that no source has, or without any version.
    pub async fn changes(
        &self,
        key: &Key,
        profile: Option<ProfileId>,
        (from, to): (Option<&str>, Option<&str>),
    ) -> Result<ChangesView, EngineError> {
        let profile = self.profile_or_current(profile).await?;
        let _ = tokio::time::timeout(
            PATIENCE,
            self.catalog().look_closer(&key.source, &key.id, Timestamp::now()),
        )
        .await;
        let found = self.catalog().package(&key.source, &key.id).await?;
        let labelled = |label: &str| found.releases.iter().find(|release| release.version.label() == label);
        let channel_of = |profile: &Profile| profile.lock.channel_of(&key.source, &key.id);
        let wanted = profile.as_ref().map(channel_of).unwrap_or_default();
        let is_ripe = |release: &&Release| release.channel >= wanted;
        let newest = found.releases.iter().find(is_ripe).or(found.releases.first());
        let unknown =
            || muster_catalog::Error::UnknownPackage { source_id: key.source.clone(), id: key.id.clone() };
        let to = to.and_then(labelled).or(newest).ok_or_else(unknown)?;
        let here = profile.as_ref().and_then(|profile| profile.lock.get(&key.source, &key.id));
        let from = match from {
            Some(label) => labelled(label).map(|release| release.version.clone()),
            None => here.map(|here| here.version.clone()).filter(|here| *here < to.version),
        };
        let mut chosen = between(&found.releases, (from.as_ref(), to), wanted);
        let all = chosen.len();
        chosen.truncate(if from.is_some() { MAX_SHOWN } else { LATELY });
        let said = &found.detail[muster_catalog::CHANGES];
        let is_registry = key.source.registry_root().is_some();
        let texts = match is_registry {
            true => self.signed_changes(key, &chosen).await,
            false => {
                chosen.iter().map(|release| text_of(said[release.version.to_string()].as_str())).collect()
            }
        };
        let versions = chosen.iter().zip(texts).map(|(release, text)| VersionChanges {
            version: release.version.clone(),
            published: release.published,
            html: text.as_deref().map(prose::markdown),
            text,
        });
        Ok(ChangesView {
            title: self.title(key).await,
            key: key.clone(),
            to: to.version.clone(),
            versions: versions.collect(),
            more: all - chosen.len(),
            is_told: is_registry || said.is_object(),
            from,
        })
    }

    /// What the signed manifests of these releases say, each as far as it can be read in time.
    async fn signed_changes(&self, key: &Key, releases: &[&Release]) -> Vec<Option<String>> {
        let now = Timestamp::now();
        let facts = match self.catalog().facts(&key.source, &key.id, now).await {
            Ok(facts) => facts,
            Err(_) => self.catalog().stored_facts(&key.source, &key.id).await.unwrap_or_default(),
        };
        let mut texts: Vec<Option<String>> = vec![None; releases.len()];
        let reads = releases.iter().enumerate().filter_map(|(at, release)| {
            let fact = facts.iter().find(|fact| fact.release.version == release.version)?;
            Some(async move { (at, self.changes_in_manifest(key, fact, now).await) })
        });
        let mut reads = stream::iter(reads.collect::<Vec<_>>()).buffer_unordered(CONCURRENT);
        let all = async {
            while let Some((at, text)) = reads.next().await {
                texts[at] = text;
            }
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::debug!(package = %key.id, "what is new was not read to its end in time");
        }
        texts
    }

    async fn changes_in_manifest(&self, key: &Key, fact: &Fact, now: Timestamp) -> Option<String> {
        let signed = fact.signed.as_deref()?;
        let target = signed.sibling(Sibling::Manifest, &signed.custom.manifest);
        let bytes = self.catalog().small_file(&key.source, &target, MAX_MANIFEST, now).await.ok()?;
        text_of(Some(&Manifest::parse(&bytes).ok()?.changes))
    }
}

/// A text as it may be shown; nothing for an empty one.
fn text_of(text: Option<&str>) -> Option<String> {
    let text = clean_text(text?, MAX_TEXT);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use muster_domain::{Archive, Kind, Redistribution, Sha256, Side, Vouched};
    use proptest::prelude::*;

    use super::*;

    fn release(minor: u64, channel: Channel) -> Release {
        Release {
            source: "modrinth".parse().unwrap(),
            id: "lamp".parse().unwrap(),
            version: Version::semver(&format!("1.{minor}.0")).unwrap(),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([1; 32]), size: 1 },
            vouched: Vouched::Source,
            unpacked_size: 0,
            channel,
            yanked: None,
            games: vec![],
            platforms: vec![],
            side: Side::default(),
            depends: vec![],
            recommends: vec![],
            features: vec![],
            suggests: vec![],
            conflicts: vec![],
            provides: vec![],
            license: None,
            redistribute: Redistribution::default(),
            origins: vec![],
            torrent: None,
            block_list: None,
            entry_map: None,
            published: None,
            recipe: None,
        }
    }

    fn channels() -> impl Strategy<Value = Channel> {
        prop_oneof![Just(Channel::Stable), Just(Channel::Beta)]
    }

    proptest! {
        #[test]
        fn an_update_joins_what_is_newer_than_here_and_no_newer_than_what_comes(
            releases in prop::collection::vec((0u64..9, channels()), 1..12), to in 0usize..12, from in 0u64..9, wanted in channels(),
        ) {
            let releases: Vec<Release> = releases.into_iter().map(|(minor, channel)| release(minor, channel)).collect();
            let to = &releases[to % releases.len()];
            let from = release(from, Channel::Stable).version;
            let joined = between(&releases, (Some(&from), to), wanted);
            let least = wanted.min(to.channel);
            prop_assert!(joined.windows(2).all(|pair| pair[0].version > pair[1].version), "newest first, each once");
            for one in &joined {
                prop_assert!(one.version > from && one.version <= to.version && one.channel >= least);
            }
            let missed = releases.iter().filter(|one| one.version > from && one.version <= to.version && one.channel >= least);
            for one in missed {
                prop_assert!(joined.iter().any(|shown| shown.version == one.version));
            }
            let all = between(&releases, (None, to), wanted);
            prop_assert!(all.len() >= joined.len());
        }
    }

    #[test]
    fn an_empty_text_is_no_text() {
        assert_eq!(text_of(Some(" \u{200b}\n")), None);
        assert_eq!(text_of(None), None);
        assert_eq!(text_of(Some(" Fewer\u{1b} moths\n")).as_deref(), Some("Fewer moths"));
        assert_eq!(text_of(Some(&"x".repeat(50_000))).map(|text| text.len()), Some(MAX_TEXT));
    }
}

//! The browse catalogue: what search runs on. A hint under an online key; before an install every fact is taken from
//! the publisher's own role and compared.
//!
//! Packages are spread over a power of two of shards by the first byte of SHA-256 of `publisher/name`. A shard is zstd
//! over columns (`columns`), in order of names.

use jiff::Timestamp;
use muster_domain::{
    Archive, Channel, Dependency, Feature, GameSupport, Kind, Provided, PublishedName, Redistribution,
    Release, Requirement, Side, SourceId, Version, Vouched,
};
use serde::{Deserialize, Serialize};

use crate::{Display, Error, ReleaseCustom, Result, columns, sha256};

/// Bytes of one shard after decompression.
pub const MAX_SHARD: usize = 16 * 1024 * 1024;
/// Packages and versions that one shard holds on average before the number of shards doubles.
const PACKAGES_PER_SHARD: usize = 2_048;
const VERSIONS_PER_SHARD: usize = 16_384;
/// How the paths of shards end.
const SHARD_ENDING: &str = ".shard.zst";
/// As small as the levels above it for these texts, in half the time.
const LEVEL: i32 = 17;

/// One package with all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CatalogueEntry {
    pub id: PublishedName,
    pub kind: Kind,
    /// Of the newest stable version, else of the newest.
    pub latest: Version,
    #[serde(flatten)]
    pub display: Display,
    /// Games of the latest version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameSupport>,
    /// SPDX expression of the latest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whether the publisher is admitted by the registry's offline keys; a hint like everything here.
    #[serde(default)]
    pub admitted: bool,
    /// Newest first.
    pub versions: Vec<CatalogueVersion>,
}

/// One version, as far as search and a first resolution need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CatalogueVersion {
    pub version: Version,
    #[serde(flatten)]
    pub archive: Archive,
    #[serde(default)]
    pub unpacked_size: u64,
    #[serde(default)]
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yanked: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameSupport>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    #[serde(default, skip_serializing_if = "Side::is_both")]
    pub side: Side,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommends: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggests: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Requirement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<Provided>,
    #[serde(default)]
    pub redistribute: Redistribution,
}

impl CatalogueEntry {
    /// The entry of one package's releases; `None` if there are none.
    pub fn of(mut releases: Vec<(ReleaseCustom, Archive)>, admitted: bool) -> Option<Self> {
        releases.sort_by(|(a, _), (b, _)| b.version.as_semver().cmp(&a.version.as_semver()));
        let ripe = |custom: &ReleaseCustom| {
            custom.channel == Channel::Stable && custom.yanked.is_none() && !custom.version.is_prerelease()
        };
        let (latest, _) = releases.iter().find(|(custom, _)| ripe(custom)).or_else(|| releases.first())?;
        Some(Self {
            id: latest.package.clone(),
            kind: latest.kind.clone(),
            latest: latest.version.clone(),
            display: latest.display.cleaned(),
            games: latest.games.clone(),
            license: latest.license.clone(),
            admitted,
            versions: releases
                .iter()
                .map(|(custom, archive)| CatalogueVersion::of(custom, *archive))
                .collect(),
        })
    }

    /// The hints of every version in the form that the resolver reads, newest first.
    pub fn releases(&self, source: &SourceId) -> impl Iterator<Item = Release> {
        self.versions.iter().map(|version| version.release(self, source))
    }
}

impl CatalogueVersion {
    fn of(custom: &ReleaseCustom, archive: Archive) -> Self {
        Self {
            version: custom.version.clone(),
            archive,
            unpacked_size: custom.unpacked_size,
            channel: custom.channel,
            published: custom.published,
            yanked: custom.yanked.clone(),
            games: custom.games.clone(),
            platforms: custom.platforms.clone(),
            side: custom.side,
            depends: custom.depends.clone(),
            recommends: custom.recommends.clone(),
            features: custom.features.clone(),
            suggests: custom.suggests.clone(),
            conflicts: custom.conflicts.clone(),
            provides: custom.provides.clone(),
            redistribute: custom.redistribute,
        }
    }

    /// This version's hint in the domain's form.
    pub fn release(&self, entry: &CatalogueEntry, source: &SourceId) -> Release {
        Release {
            source: source.clone(),
            id: entry.id.clone().into(),
            version: self.version.clone(),
            kind: entry.kind.clone(),
            archive: self.archive,
            vouched: Vouched::Source,
            unpacked_size: self.unpacked_size,
            channel: self.channel,
            yanked: self.yanked.clone(),
            games: self.games.clone(),
            platforms: self.platforms.clone(),
            side: self.side,
            depends: self.depends.clone(),
            recommends: self.recommends.clone(),
            features: self.features.clone(),
            suggests: self.suggests.clone(),
            conflicts: self.conflicts.clone(),
            provides: self.provides.clone(),
            license: entry.license.clone(),
            redistribute: self.redistribute,
            origins: Vec::new(),
            // What helps to fetch is taken from the publisher's role when something is fetched: hashes cannot be
            // compressed, and nobody searches for them.
            torrent: None,
            block_list: None,
            entry_map: None,
            published: self.published,
            recipe: None,
        }
    }
}

/// How many shards a catalogue of these packages has: 1, 2, 4, … 256.
pub(crate) fn shard_count(packages: usize, versions: usize) -> usize {
    let shards = packages.div_ceil(PACKAGES_PER_SHARD).max(versions.div_ceil(VERSIONS_PER_SHARD));
    shards.max(1).next_power_of_two().min(256)
}

/// The shard of a package, of `count`.
pub(crate) fn shard_index(id: &PublishedName, count: usize) -> usize {
    usize::from(sha256(id.to_string().as_bytes()).0[0]) * count / 256
}

/// `catalog/004-02.shard.zst`: the third of four shards.
pub(crate) fn shard_path(index: usize, count: usize) -> String {
    format!("catalog/{count:03}-{index:02x}{SHARD_ENDING}")
}

/// Whether a target of the catalogue is a shard.
pub(crate) fn is_shard(path: &str) -> bool {
    path.ends_with(SHARD_ENDING)
}

/// Writes a shard. The same entries in the same order give the same bytes with the same zstd release.
pub fn encode_shard(entries: &[CatalogueEntry]) -> Result<Vec<u8>> {
    pack(&columns::write(entries, &[])?)
}

/// Packs a document of columns.
pub(crate) fn pack(document: &[u8]) -> Result<Vec<u8>> {
    if document.len() > MAX_SHARD {
        return Err(Error::malformed("catalogue", "no reader would take so large a file"));
    }
    zstd::bulk::compress(document, LEVEL).map_err(|error| Error::malformed("catalogue", error.to_string()))
}

/// Unpacks a document, at most `limit` bytes of it.
pub(crate) fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>> {
    use std::io::Read;

    let refuse = |why: String| Error::malformed("catalogue", why);
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|error| refuse(error.to_string()))?;
    let mut document = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut document).map_err(|error| refuse(error.to_string()))?;
    match document.len() > limit {
        true => Err(refuse(format!("it is larger than {} MiB", limit >> 20))),
        false => Ok(document),
    }
}

/// Reads a shard within [`MAX_SHARD`] bytes. Packages that are not entries of this format are left out: a newer writer
/// must not hide the packages that an older reader understands.
pub fn decode_shard(bytes: &[u8]) -> Result<Vec<CatalogueEntry>> {
    let read = columns::read(&unpack(bytes, MAX_SHARD)?)?.entries.into_iter();
    let understood = read.filter_map(|entry| {
        entry
            .inspect_err(|error| tracing::debug!(%error, "a package of the catalogue is not understood"))
            .ok()
    });
    Ok(understood.map(cleaned).collect())
}

/// What people read of a package, made safe to show.
pub(crate) fn cleaned(mut entry: CatalogueEntry) -> CatalogueEntry {
    entry.display = entry.display.cleaned();
    for version in &mut entry.versions {
        version.features = std::mem::take(&mut version.features).into_iter().map(Feature::cleaned).collect();
    }
    entry
}

#[cfg(test)]
mod tests {
    use muster_domain::ArtifactRef;

    use super::*;

    fn entry(name: &str, versions: &[&str]) -> CatalogueEntry {
        let name: PublishedName = name.parse().expect("a name");
        let releases = versions.iter().map(|version| {
            let manifest = ArtifactRef { sha256: sha256(b"m"), size: 1 };
            let version = Version::semver(version).expect("a version");
            let archive = Archive { sha256: sha256(version.to_string().as_bytes()), size: 10 };
            (ReleaseCustom::new(name.clone(), version, Kind(Kind::MOD.into()), manifest), archive)
        });
        CatalogueEntry::of(releases.collect(), true).expect("has versions")
    }

    #[test]
    fn the_newest_ripe_version_is_the_latest() {
        let entry = entry("alice/trees", &["1.0.0", "2.0.0-beta.1", "1.10.0", "1.9.0"]);
        assert_eq!(entry.latest.to_string(), "1.10.0");
        let order: Vec<String> = entry.versions.iter().map(|version| version.version.to_string()).collect();
        assert_eq!(order, ["2.0.0-beta.1", "1.10.0", "1.9.0", "1.0.0"]);
    }

    #[test]
    fn shards_read_back_and_skip_what_they_do_not_know() {
        let entries = vec![entry("alice/trees", &["1.0.0"]), entry("bobby/rocks", &["0.1.0", "0.2.0"])];
        let shard = encode_shard(&entries).expect("encodes");
        assert_eq!(decode_shard(&shard).expect("decodes"), entries);
        let mut document: serde_json::Value = serde_json::from_slice(&unpacked(&shard)).expect("JSON");
        document["packages"]["later"] = serde_json::json!([1, {}]);
        document["versions"]["later"] = serde_json::json!("packed in some way");
        document["later"] = 7.into();
        assert_eq!(decode_shard(&packed(&document)).expect("decodes"), entries);
        document["packages"]["kind"][0] = 7.into();
        assert_eq!(decode_shard(&packed(&document)).expect("decodes"), entries[1..]);
    }

    fn unpacked(shard: &[u8]) -> Vec<u8> {
        zstd::bulk::decompress(shard, MAX_SHARD).expect("zstd")
    }

    fn packed(document: &serde_json::Value) -> Vec<u8> {
        zstd::bulk::compress(document.to_string().as_bytes(), 1).expect("zstd")
    }

    #[test]
    fn features_travel_with_the_versions_that_have_them_and_are_made_safe_to_show() {
        let mut written = entry("alice/trees", &["1.0.0", "1.1.0"]);
        written.versions[0].features = vec![Feature {
            id: "speech".parse().expect("a feature"),
            title: "Spoken".into(),
            summary: String::new(),
            default: true,
            depends: vec!["alice/voices".parse().expect("an id")],
        }];
        let shard = encode_shard(std::slice::from_ref(&written)).expect("encodes");
        assert_eq!(decode_shard(&shard).expect("decodes"), [written.clone()]);
        written.versions[0].features[0].title = "Spo\u{202e}ken".into();
        let read = decode_shard(&encode_shard(&[written]).expect("encodes")).expect("decodes");
        assert_eq!(read[0].versions[0].features[0].title, "Spoken");
        assert!(read[0].versions[1].features.is_empty());
    }

    #[test]
    fn columns_whose_values_cannot_be_told_apart_are_refused() {
        let entries = vec![entry("alice/trees", &["1.0.0"]), entry("bobby/rocks", &["0.1.0", "0.2.0"])];
        let shard = encode_shard(&entries).expect("encodes");
        let document: serde_json::Value = serde_json::from_slice(&unpacked(&shard)).expect("JSON");
        let refused = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut changed = document.clone();
            change(&mut changed);
            assert!(decode_shard(&packed(&changed)).is_err(), "{changed}");
        };
        refused(&|document| document["packages"]["title"] = serde_json::json!(["a"]));
        refused(&|document| document["versions"]["size"] = serde_json::json!([1, 2]));
        refused(&|document| document["packages"]["versions"] = serde_json::json!([1, 1]));
        refused(&|document| document["packages"]["versions"] = serde_json::json!([1, 3]));
        refused(&|document| document["packages"]["versions"] = serde_json::json!([1, -2]));
        refused(&|document| document["versions"]["sha256"] = serde_json::json!("AAAA"));
        refused(&|document| document["versions"]["sha256"] = serde_json::json!(["ab", "cd", "ef"]));
        refused(&|document| drop(document["versions"].as_object_mut().and_then(|v| v.remove("sha256"))));
    }

    #[test]
    fn a_bomb_is_cut_at_the_limit() {
        let bomb = zstd::bulk::compress(&vec![b' '; MAX_SHARD + 1], 3).expect("zstd");
        assert!(bomb.len() < 100_000);
        assert!(decode_shard(&bomb).is_err());
        assert!(decode_shard(b"not zstd").is_err());
        let shard = encode_shard(&[entry("alice/trees", &["1.0.0"])]).expect("encodes");
        assert!(decode_shard(&shard[..shard.len() / 2]).is_err());
    }

    #[test]
    fn packages_spread_over_a_power_of_two_of_shards() {
        let counts = [0, 1, 2_048, 2_049, 8_000, 10_000_000].map(|packages| shard_count(packages, packages));
        assert_eq!(counts, [1, 1, 1, 2, 4, 256]);
        assert_eq!(shard_count(100, 100_000), 8);
        let id: PublishedName = "alice/trees".parse().expect("a name");
        for count in [1, 2, 16, 256] {
            assert!(shard_index(&id, count) < count);
        }
        assert_eq!(shard_path(2, 4), "catalog/004-02.shard.zst");
    }
}

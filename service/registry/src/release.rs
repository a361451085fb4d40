//! What a publisher signs about one release: the `custom` value of the archive's target.
//!
//! It is read for its own path only. A role may attach any `custom` to any path it lists, so publisher, name and
//! version inside must spell exactly that path; otherwise the description is refused.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{
    Archive, ArtifactRef, Channel, Dependency, Feature, FeatureId, GameSupport, Kind, MAX_BROUGHT,
    MAX_FEATURES, Provided, PublishedName, Redistribution, Release, Requirement, Side, SourceId, Torrent,
    Version, Vouched, clean_line, clean_text,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, Result, layout};

/// The format this program writes and understands.
pub const RELEASE_FORMAT: u32 = 1;
/// The member of `custom` that is ours.
const MEMBER: &str = "muster";
const MAX_LIST: usize = 256;
const MAX_ORIGINS: usize = 16;

/// The signed description of a release. Unknown members are ignored; a higher `format` is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReleaseCustom {
    pub format: u32,
    pub package: PublishedName,
    pub version: Version,
    pub kind: Kind,
    /// `manifest.yaml` as it is in the archive; a sibling target holds the same bytes.
    pub manifest: ArtifactRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_map: Option<ArtifactRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_list: Option<ArtifactRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub torrent: Option<Torrent>,
    /// The `.torrent` sibling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub torrent_file: Option<ArtifactRef>,
    /// Bytes after unpacking.
    #[serde(default)]
    pub unpacked_size: u64,
    #[serde(default)]
    pub channel: Channel,
    /// Why the version was withdrawn, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yanked: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameSupport>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    #[serde(default)]
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
    /// SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(default)]
    pub redistribute: Redistribution,
    /// Further HTTP(S) addresses of the archive, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// When the publisher says it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    #[serde(default)]
    pub display: Display,
}

/// What people see of a package before they have it; the browse catalogue is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Display {
    pub title: String,
    pub summary: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The `.icon.png` sibling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<ArtifactRef>,
}

impl Display {
    /// The same, without what could mislead or flood: control and invisible characters, overlong text and lists.
    pub fn cleaned(&self) -> Self {
        let lines = |list: &[String], limit| -> Vec<String> {
            list.iter().take(32).map(|text| clean_line(text, limit)).filter(|text| !text.is_empty()).collect()
        };
        Self {
            title: clean_line(&self.title, 100),
            summary: clean_line(&self.summary, 300),
            authors: lines(&self.authors, 80),
            tags: lines(&self.tags, 40),
            homepage: self.homepage.as_deref().filter(|address| is_web(address)).map(str::to_owned),
            icon: self.icon.clone(),
        }
    }
}

impl ReleaseCustom {
    /// As the `custom` value of a target.
    pub fn to_custom(&self) -> Value {
        let own = serde_json::to_value(self).expect("a description holds strings, integers and lists");
        serde_json::json!({ MEMBER: own })
    }

    /// Reads the `custom` value that is attached to `path`, and only for it.
    pub fn from_custom(path: &str, custom: Option<&Value>) -> Result<Self> {
        let refuse = |why: String| Error::description(path, why);
        let own = custom.and_then(|value| value.get(MEMBER)).ok_or_else(|| refuse("there is none".into()))?;
        if own.get("format").and_then(Value::as_u64) != Some(u64::from(RELEASE_FORMAT)) {
            return Err(refuse("its format is not the one this program knows".into()));
        }
        let read: Self = serde_json::from_value(own.clone()).map_err(|error| refuse(error.to_string()))?;
        read.check(path)?;
        Ok(read.cleaned())
    }

    /// Whether the description may be attached to `path`. Authors are refused by the same rules as readers.
    pub fn check(&self, path: &str) -> Result<()> {
        let refuse = |why: &str| Err(Error::description(path, why));
        if self.format != RELEASE_FORMAT {
            return refuse("its format is not the one this program knows");
        }
        if !layout::version_fits(&self.version) {
            return refuse("the version is not semantic, is too long or has build metadata");
        }
        if layout::archive_path(&self.package, &self.version) != path {
            return refuse("publisher, name and version are not those of the path");
        }
        let lists = [self.depends.len(), self.recommends.len(), self.suggests.len(), self.conflicts.len()];
        if lists
            .iter()
            .chain(&[self.provides.len(), self.games.len(), self.platforms.len()])
            .any(|n| *n > MAX_LIST)
        {
            return refuse("a list has more than 256 members");
        }
        if !features_fit(&self.features) {
            return refuse("its features are too many, too large, or named twice");
        }
        if self.origins.len() > MAX_ORIGINS || !self.origins.iter().all(|origin| is_web(origin)) {
            return refuse("an origin is not an http(s) address, or there are more than 16");
        }
        Ok(())
    }

    fn cleaned(mut self) -> Self {
        self.display = self.display.cleaned();
        self.yanked = self.yanked.as_deref().map(|reason| clean_text(reason, 500));
        self.license = self.license.as_deref().map(|license| clean_line(license, 200));
        self.features = self.features.into_iter().map(Feature::cleaned).collect();
        self
    }

    /// The domain's view, once the archive's size and hash are known from the same signed target.
    pub fn release(&self, source: &SourceId, archive: Archive) -> Release {
        Release {
            source: source.clone(),
            id: self.package.clone().into(),
            version: self.version.clone(),
            kind: self.kind.clone(),
            archive,
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
            license: self.license.clone(),
            redistribute: self.redistribute,
            origins: self.origins.clone(),
            torrent: self.torrent,
            block_list: self.block_list.clone(),
            entry_map: self.entry_map.clone(),
            published: self.published,
            recipe: None,
        }
    }
}

/// Within the limits, and each name once. What names nothing that is needed brings nothing: later formats may let features
/// name more than this program knows of.
fn features_fit(features: &[Feature]) -> bool {
    let names: BTreeSet<&FeatureId> = features.iter().map(|feature| &feature.id).collect();
    features.len() <= MAX_FEATURES
        && names.len() == features.len()
        && features.iter().all(|feature| feature.depends.len() <= MAX_BROUGHT)
}

fn is_web(address: &str) -> bool {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let plain = |text: &str| text.chars().all(|c| !c.is_control() && !c.is_whitespace());
    address.len() <= 2048
        && host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && plain(rest))
}

/// A description with nothing but what is needed; for tests and as a start for authors.
impl ReleaseCustom {
    /// Everything that is not given is empty.
    pub fn new(package: PublishedName, version: Version, kind: Kind, manifest: ArtifactRef) -> Self {
        Self {
            format: RELEASE_FORMAT,
            package,
            version,
            kind,
            manifest,
            entry_map: None,
            block_list: None,
            torrent: None,
            torrent_file: None,
            unpacked_size: 0,
            channel: Channel::default(),
            yanked: None,
            games: Vec::new(),
            platforms: Vec::new(),
            side: Side::default(),
            depends: Vec::new(),
            recommends: Vec::new(),
            features: Vec::new(),
            suggests: Vec::new(),
            conflicts: Vec::new(),
            provides: Vec::new(),
            license: None,
            redistribute: Redistribution::default(),
            origins: Vec::new(),
            published: None,
            display: Display::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256;

    fn description() -> ReleaseCustom {
        let manifest = ArtifactRef { sha256: sha256(b"manifest"), size: 8 };
        let name = "alice/trees".parse().expect("a name");
        ReleaseCustom::new(
            name,
            Version::semver("1.0.0").expect("a version"),
            Kind(Kind::MOD.into()),
            manifest,
        )
    }

    #[test]
    fn a_description_holds_for_its_own_path_only() {
        let described = description();
        let path = layout::archive_path(&described.package, &described.version);
        let custom = described.to_custom();
        assert_eq!(ReleaseCustom::from_custom(&path, Some(&custom)).expect("its own path"), described);
        for other in
            [path.replace("1.0.0", "2.0.0"), path.replace("trees", "trees2"), path.replace("alice", "bobby")]
        {
            assert!(ReleaseCustom::from_custom(&other, Some(&custom)).is_err(), "{other}");
        }
        assert!(ReleaseCustom::from_custom(&path, None).is_err());
    }

    #[test]
    fn refuses_newer_formats_and_odd_origins_and_cleans_text() {
        let mut described = description();
        described.display.title = "Tre\u{202e}es\n".into();
        described.display.homepage = Some("javascript:alert(1)".into());
        let path = layout::archive_path(&described.package, &described.version);
        let read = ReleaseCustom::from_custom(&path, Some(&described.to_custom())).expect("reads");
        assert_eq!(read.display.title, "Trees");
        assert_eq!(read.display.homepage, None);
        for origin in ["file:///etc/passwd", "https://", "http:///x", "ftp://a/b", "https://a b"] {
            described.origins = vec![origin.into()];
            assert!(ReleaseCustom::from_custom(&path, Some(&described.to_custom())).is_err(), "{origin}");
        }
        described.origins.clear();
        described.format = 2;
        assert!(ReleaseCustom::from_custom(&path, Some(&described.to_custom())).is_err());
    }

    fn feature(id: &str, depends: &[&str]) -> Feature {
        Feature {
            id: id.parse().expect("a feature"),
            title: "Spoken\u{202e} dialogues".into(),
            summary: "x".repeat(1_000),
            default: true,
            depends: depends.iter().map(|id| id.parse().expect("an id")).collect(),
        }
    }

    fn featured(features: Vec<Feature>) -> (String, ReleaseCustom) {
        let mut described = description();
        let need = |id: &str| {
            let (package, version) = (id.parse().expect("an id"), Default::default());
            Dependency::One(Requirement { package, version, source: None })
        };
        described.depends = vec![need("alice/base"), need("alice/voices")];
        described.features = features;
        (layout::archive_path(&described.package, &described.version), described)
    }

    #[test]
    fn whoever_knows_no_features_takes_everything_for_needed() {
        let (path, described) = featured(vec![feature("speech", &["alice/voices"])]);
        let mut custom = described.to_custom();
        let read = ReleaseCustom::from_custom(&path, Some(&custom)).expect("reads");
        assert_eq!(read.features[0].title, "Spoken dialogues");
        assert_eq!(read.features[0].summary.len(), muster_domain::MAX_FEATURE_SUMMARY);
        // To a program from before features, the list is a member as unknown as this one is here.
        let own = custom[MEMBER].as_object_mut().expect("an object");
        let list = own.remove("features").expect("is written");
        own.insert("parts-of-later".into(), list);
        let old = ReleaseCustom::from_custom(&path, Some(&custom)).expect("reads");
        assert!(old.features.is_empty());
        let source: SourceId = SourceId::registry(&sha256(b"root"));
        let archive = Archive { sha256: sha256(b"archive"), size: 1 };
        let (old, new) = (old.release(&source, archive), read.release(&source, archive));
        assert_eq!(old.depends, new.depends);
        for dependency in &old.depends {
            assert_eq!(old.needed(dependency, None), muster_domain::Needed::Always);
        }
        assert!(matches!(new.needed(&new.depends[1], None), muster_domain::Needed::For(_)));
    }

    #[test]
    fn features_are_bounded_and_each_has_a_name_of_its_own() {
        let fits = |features: Vec<Feature>| {
            let (path, described) = featured(features);
            ReleaseCustom::from_custom(&path, Some(&described.to_custom())).is_ok()
        };
        let many = |count: usize| (0..count).map(|n| feature(&format!("f-{n}"), &["alice/voices"])).collect();
        assert!(fits(many(64)) && !fits(many(65)));
        assert!(!fits(vec![feature("speech", &["alice/base"]), feature("speech", &["alice/voices"])]));
        assert!(fits(vec![feature("speech", &["alice/voices"; 256])]));
        assert!(!fits(vec![feature("speech", &["alice/voices"; 257])]));
        assert!(fits(vec![feature("speech", &["alice/nowhere"])]), "later formats may name more");
    }
}

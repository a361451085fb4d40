//! Versions by scheme, and ranges over them. Versions of different schemes are never compared.

mod ckan;
mod listed;
mod range;

use std::{cmp::Ordering, fmt, str::FromStr};

pub use ckan::CkanVersion;
pub use listed::ListedVersion;
pub use range::VersionRange;

use crate::text_form::text_form;

/// Begins the text form of versions and ranges in CKAN's order.
const CKAN_MARK: &str = "ckan:";
/// Begins the text form of versions in the order of their releases.
const LISTED_MARK: &str = "at:";

/// Why a text is not a version or a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    #[error("{text:?} is not a semantic version: {why}")]
    Version { text: String, why: String },
    #[error("{text:?} is not a version range: {why}")]
    Range { text: String, why: String },
}

/// A version under the ordering rules of its scheme.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Version {
    /// Semantic Versioning 2.0.0.
    Semver(semver::Version),
    /// The order of CKAN.
    Ckan(CkanVersion),
    /// The order in which its source released it.
    Listed(ListedVersion),
    /// A text that is only equal to itself.
    Opaque(String),
}

impl Version {
    /// Parses a semantic version.
    pub fn semver(text: &str) -> Result<Self, VersionError> {
        if text.len() > 128 {
            return Err(VersionError::Version {
                text: text.chars().take(20).collect(),
                why: "too long".into(),
            });
        }
        semver::Version::parse(text)
            .map(Self::Semver)
            .map_err(|e| VersionError::Version { text: text.to_owned(), why: e.to_string() })
    }

    /// Whether the version is marked as not yet stable (`1.0.0-beta`).
    pub fn is_prerelease(&self) -> bool {
        matches!(self, Self::Semver(v) if !v.pre.is_empty())
    }

    /// The semantic version, if that is its scheme.
    pub fn as_semver(&self) -> Option<&semver::Version> {
        match self {
            Self::Semver(version) => Some(version),
            Self::Ckan(_) | Self::Listed(_) | Self::Opaque(_) => None,
        }
    }

    /// The version as people know it, without the mark of its scheme.
    pub fn label(&self) -> String {
        match self {
            Self::Semver(version) => version.to_string(),
            Self::Ckan(version) => version.to_string(),
            Self::Listed(version) => version.label(),
            Self::Opaque(text) => text.clone(),
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Semver(a), Self::Semver(b)) => Some(a.cmp(b)),
            (Self::Ckan(a), Self::Ckan(b)) => Some(a.cmp(b)),
            (Self::Listed(a), Self::Listed(b)) => Some(a.cmp(b)),
            (Self::Opaque(a), Self::Opaque(b)) if a == b => Some(Ordering::Equal),
            _ => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Semver(version) => version.fmt(f),
            Self::Ckan(version) => write!(f, "{CKAN_MARK}{version}"),
            Self::Listed(version) => write!(f, "{LISTED_MARK}{version}"),
            Self::Opaque(text) => write!(f, "={text}"),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

impl FromStr for Version {
    type Err = VersionError;

    /// `1.2.3` is semantic, `ckan:anything` is CKAN's, `at:12:anything` is the release at a place in its source's order,
    /// `=anything` is opaque: the text form of [`Version`] says its scheme.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        if let Some(text) = text.strip_prefix(CKAN_MARK) {
            return text.parse().map(Self::Ckan);
        }
        if let Some(text) = text.strip_prefix(LISTED_MARK) {
            return text.parse().map(Self::Listed);
        }
        match text.strip_prefix('=') {
            Some(opaque) => Ok(Self::Opaque(opaque.to_owned())),
            None => Self::semver(text),
        }
    }
}

text_form!(Version, { "type": "string", "description": "Semantic Versioning 2.0.0" });
text_form!(VersionRange, {
    "type": "string",
    "description": "A semver requirement such as ^1.2 or >=1.0, <3; * is any version",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_never_compared() {
        let semantic: Version = "1.0.0".parse().expect("semver");
        let opaque: Version = "=1.0.0".parse().expect("opaque");
        assert_eq!(semantic.partial_cmp(&opaque), None);
        assert_ne!(semantic, opaque);
        assert_eq!(opaque.to_string(), "=1.0.0");
        let ckan: Version = "ckan:1.0.0".parse().expect("CKAN's");
        assert_eq!((ckan.partial_cmp(&semantic), ckan.partial_cmp(&opaque)), (None, None));
    }

    #[test]
    fn the_text_form_says_the_scheme_and_the_label_does_not() {
        for (text, label) in [
            ("1.0.0-rc.1", "1.0.0-rc.1"),
            ("ckan:1:v2 Beta", "1:v2 Beta"),
            ("=r1", "r1"),
            ("at:7:v2", "v2"),
            ("at:7:", "7"),
        ] {
            let version: Version = text.parse().expect("version");
            assert_eq!((version.to_string().as_str(), version.label().as_str()), (text, label));
        }
        assert!("ckan:".parse::<Version>().is_err());
    }
}

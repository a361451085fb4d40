//! Versions by scheme, and ranges over them. Versions of different schemes are never compared.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

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
            Self::Opaque(_) => None,
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Semver(a), Self::Semver(b)) => Some(a.cmp(b)),
            (Self::Opaque(a), Self::Opaque(b)) if a == b => Some(Ordering::Equal),
            _ => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Semver(version) => version.fmt(f),
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

    /// `1.2.3` is semantic, `=anything` is opaque: the text form of [`Version`] says its scheme.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        match text.strip_prefix('=') {
            Some(opaque) => Ok(Self::Opaque(opaque.to_owned())),
            None => Self::semver(text),
        }
    }
}

/// A set of acceptable versions, written as semver requirements are written in Cargo (`^1.2`, `>=1, <3`, `*`).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VersionRange(semver::VersionReq);

impl VersionRange {
    /// Every version.
    pub fn any() -> Self {
        Self(semver::VersionReq::STAR)
    }

    /// Exactly this version.
    pub fn exactly(version: &semver::Version) -> Self {
        let comparator = semver::Comparator {
            op: semver::Op::Exact,
            major: version.major,
            minor: Some(version.minor),
            patch: Some(version.patch),
            pre: version.pre.clone(),
        };
        Self(semver::VersionReq { comparators: vec![comparator] })
    }

    /// Whether `version` is acceptable. Opaque versions are acceptable only to [`VersionRange::any`].
    pub fn matches(&self, version: &Version) -> bool {
        match version {
            Version::Semver(version) => self.0.matches(version),
            Version::Opaque(_) => self.is_any(),
        }
    }

    /// Whether this is the range of every version.
    pub fn is_any(&self) -> bool {
        self.0.comparators.is_empty()
    }

    /// The requirement as the `semver` crate sees it.
    pub fn as_semver(&self) -> &semver::VersionReq {
        &self.0
    }
}

impl Default for VersionRange {
    fn default() -> Self {
        Self::any()
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionRange({self})")
    }
}

impl FromStr for VersionRange {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let refusal = |why: String| VersionError::Range { text: text.chars().take(60).collect(), why };
        if text.len() > 256 {
            return Err(refusal("too long".into()));
        }
        semver::VersionReq::parse(text).map(Self).map_err(|e| refusal(e.to_string()))
    }
}

macro_rules! text_serde {
    ($name:ident, $what:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $what })
            }
        }
    };
}

text_serde!(Version, "Semantic Versioning 2.0.0");
text_serde!(VersionRange, "A semver requirement such as ^1.2 or >=1.0, <3; * is any version");

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
    }

    #[test]
    fn a_range_accepts_what_it_says() {
        let range: VersionRange = "^1.2".parse().expect("range");
        assert!(range.matches(&Version::semver("1.9.0").expect("v")));
        assert!(!range.matches(&Version::semver("2.0.0").expect("v")));
        assert!(VersionRange::any().matches(&Version::Opaque("x".into())));
        assert!("latest".parse::<VersionRange>().is_err());
    }
}

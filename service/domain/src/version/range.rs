//! Sets of acceptable versions, in the terms of one scheme.

use std::{fmt, str::FromStr};

use super::{CKAN_MARK, CkanVersion, LISTED_MARK, ListedVersion, Version, VersionError};

/// A set of acceptable versions.
///
/// Written as semver requirements are written in Cargo (`^1.2`, `>=1, <3`), as inclusive bounds in CKAN's order
/// (`ckan:>=1.0 <=2.0`, either may be absent, `ckan:=1.0`), as one release of a source's order (`at:=12:1.0`), or `*`
/// for every version of every scheme. Requirements of semver also hold for releases whose label is a semantic version, and
/// `=text` for every version that people know by that text, whatever its scheme.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VersionRange(Range);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Range {
    Semver(semver::VersionReq),
    Ckan {
        min: Option<CkanVersion>,
        max: Option<CkanVersion>,
    },
    Listed(ListedVersion),
    /// Whatever people know by this text.
    Label(String),
}

/// Longest label, in bytes of UTF-8.
const MAX_LABEL: usize = 128;

impl VersionRange {
    /// Every version.
    pub fn any() -> Self {
        Self(Range::Semver(semver::VersionReq::STAR))
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
        Self(Range::Semver(semver::VersionReq { comparators: vec![comparator] }))
    }

    /// Inclusive bounds in CKAN's order; without any, every version.
    pub fn ckan(min: Option<CkanVersion>, max: Option<CkanVersion>) -> Self {
        match (&min, &max) {
            (None, None) => Self::any(),
            _ => Self(Range::Ckan { min, max }),
        }
    }

    /// The versions that count as this one, if its scheme has ranges.
    pub fn only(version: &Version) -> Option<Self> {
        match version {
            Version::Semver(version) => Some(Self::exactly(version)),
            Version::Ckan(version) => Some(Self::ckan(Some(version.clone()), Some(version.clone()))),
            Version::Listed(version) => Some(Self(Range::Listed(version.clone()))),
            Version::Opaque(_) => None,
        }
    }

    /// The one version that the range names (`=1.2.3`), if that is all it says; opaque where only its label is known.
    pub fn sole_version(&self) -> Option<Version> {
        if let Range::Label(label) = &self.0 {
            return Some(Version::Opaque(label.clone()));
        }
        let text = self.to_string();
        let version: Version = match text.strip_prefix(CKAN_MARK) {
            Some(bounds) => format!("{CKAN_MARK}{}", bounds.strip_prefix('=')?).parse().ok()?,
            None => match text.strip_prefix(LISTED_MARK) {
                Some(release) => format!("{LISTED_MARK}{}", release.strip_prefix('=')?).parse().ok()?,
                None => text.strip_prefix('=')?.parse().ok()?,
            },
        };
        (Self::only(&version)? == *self).then_some(version)
    }

    /// The range as people know it, without the mark of its scheme.
    pub fn label(&self) -> String {
        if let Range::Listed(version) = &self.0 {
            return format!("={}", version.label());
        }
        let text = self.to_string();
        text.strip_prefix(CKAN_MARK).map(str::to_owned).unwrap_or(text)
    }

    /// Whether `version` is acceptable. Only [`VersionRange::any`] accepts versions of another scheme.
    pub fn matches(&self, version: &Version) -> bool {
        match (&self.0, version) {
            (Range::Semver(range), Version::Semver(version)) => range.matches(version),
            (Range::Ckan { min, max }, Version::Ckan(version)) => {
                min.as_ref().is_none_or(|min| min.precedence(version).is_le())
                    && max.as_ref().is_none_or(|max| max.precedence(version).is_ge())
            }
            (Range::Listed(only), Version::Listed(version)) => only == version,
            (Range::Label(label), version) => version.label() == *label,
            (Range::Semver(range), Version::Listed(listed)) if !self.is_any() => {
                self.names(version) || listed.as_semver().is_some_and(|version| range.matches(&version))
            }
            (Range::Semver(_), Version::Ckan(_)) if !self.is_any() => self.names(version),
            _ => self.is_any(),
        }
    }

    /// Whether it says `=` and what people call this version.
    fn names(&self, version: &Version) -> bool {
        self.to_string().strip_prefix('=') == Some(version.label().as_str())
    }

    /// Whether this is the range of every version.
    pub fn is_any(&self) -> bool {
        matches!(&self.0, Range::Semver(range) if range.comparators.is_empty())
    }

    /// Whether a package that says to provide a name, but not in which version, is in the range.
    ///
    /// CKAN's provided names have no versions, and its bounds do not ask for any.
    pub fn accepts_unversioned(&self) -> bool {
        self.is_any() || matches!(self.0, Range::Ckan { .. })
    }

    /// The requirement as the `semver` crate sees it, if that is its scheme.
    pub fn as_semver(&self) -> Option<&semver::VersionReq> {
        match &self.0 {
            Range::Semver(range) => Some(range),
            Range::Ckan { .. } | Range::Listed(_) | Range::Label(_) => None,
        }
    }
}

impl Default for VersionRange {
    fn default() -> Self {
        Self::any()
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Range::Semver(range) => range.fmt(f),
            Range::Ckan { min: Some(min), max: Some(max) } if min == max => write!(f, "{CKAN_MARK}={min}"),
            Range::Ckan { min: Some(min), max: Some(max) } => write!(f, "{CKAN_MARK}>={min} <={max}"),
            Range::Ckan { min: Some(min), max: None } => write!(f, "{CKAN_MARK}>={min}"),
            Range::Ckan { min: None, max: Some(max) } => write!(f, "{CKAN_MARK}<={max}"),
            Range::Ckan { min: None, max: None } => f.write_str("*"),
            Range::Listed(version) => write!(f, "{LISTED_MARK}={version}"),
            Range::Label(label) => write!(f, "={label}"),
        }
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
        if text.len() > 300 {
            return Err(refusal("too long".into()));
        }
        if let Some(bounds) = text.strip_prefix(CKAN_MARK) {
            return parse_bounds(bounds).map_err(|e| refusal(e.to_string()));
        }
        if let Some(release) = text.strip_prefix(LISTED_MARK).map(|text| text.strip_prefix('=')) {
            let version =
                release.unwrap_or_default().parse().map_err(|e: VersionError| refusal(e.to_string()))?;
            return Ok(Self(Range::Listed(version)));
        }
        match (semver::VersionReq::parse(text), text.strip_prefix('=')) {
            (Ok(range), _) => Ok(Self(Range::Semver(range))),
            (Err(_), Some(label)) if is_label(label) => Ok(Self(Range::Label(label.to_owned()))),
            (Err(error), _) => Err(refusal(error.to_string())),
        }
    }
}

/// Whether a text can be what people call a version: seen as it is, and not several bounds.
fn is_label(text: &str) -> bool {
    let is_foul =
        |c: char| c.is_control() || crate::text::is_invisible(c) || matches!(c, '<' | '>' | ',' | '=');
    !text.is_empty() && text.len() <= MAX_LABEL && text.trim() == text && !text.contains(is_foul)
}

fn parse_bounds(text: &str) -> Result<VersionRange, VersionError> {
    if let Some(text) = text.strip_prefix('=') {
        let version: CkanVersion = text.parse()?;
        return Ok(VersionRange::ckan(Some(version.clone()), Some(version)));
    }
    // No version contains `<` or `>`.
    let (min, max) = match text.strip_prefix(">=") {
        Some(rest) => match rest.split_once(" <=") {
            Some((min, max)) => (Some(min), Some(max)),
            None => (Some(rest), None),
        },
        None => (None, Some(text.strip_prefix("<=").unwrap_or_default())),
    };
    let bound = |text: Option<&str>| text.map(str::parse::<CkanVersion>).transpose();
    Ok(VersionRange::ckan(bound(min)?, bound(max)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_accepts_what_it_says() {
        let range: VersionRange = "^1.2".parse().expect("range");
        assert!(range.matches(&Version::semver("1.9.0").expect("v")));
        assert!(!range.matches(&Version::semver("2.0.0").expect("v")));
        assert!(VersionRange::any().matches(&Version::Opaque("x".into())));
        assert!("latest".parse::<VersionRange>().is_err());
    }

    #[test]
    fn a_range_that_names_one_version_gives_it() {
        let sole =
            |range: &str| range.parse::<VersionRange>().expect("range").sole_version().map(|v| v.to_string());
        assert_eq!(sole("=1.2.3-rc.1").as_deref(), Some("1.2.3-rc.1"));
        assert_eq!(sole("ckan:=1:1.0 Beta").as_deref(), Some("ckan:1:1.0 Beta"));
        assert_eq!(sole("at:=12:1.0 b").as_deref(), Some("at:12:1.0 b"));
        for range in ["*", "=1.2", "^1.2.3", "=1.2.3, <2", "ckan:>=1.0", "ckan:>=1.0 <=1.1"] {
            assert_eq!(sole(range), None, "{range}");
        }
    }

    #[test]
    fn bounds_go_by_precedence_and_keep_their_text() {
        let rows = [
            ("ckan:>=1.0 <=2.0", "ckan:1.5", true),
            ("ckan:>=1.0 <=2.0", "ckan:2.00", true),
            ("ckan:>=1.0 <=2.0", "ckan:1:1.5", false),
            ("ckan:<=2.0 Beta", "ckan:2.0", true),
            ("ckan:>=2.0", "ckan:1.9", false),
            ("ckan:>=2.1  <=3", "ckan:2.1", false),
            ("ckan:=1.1", "ckan:1.01", true),
            ("ckan:=1.1", "1.1.0", false),
            ("^1", "ckan:1.1", false),
            ("*", "ckan:1.1", true),
            ("at:=12:1.0 b", "at:12:1.0 b", true),
            ("at:=12:1.0", "at:13:1.0", false),
            ("^1.2", "at:13:v1.4.0", true),
            ("^1.2", "at:13:2.0.0", false),
            ("^1.2", "at:13:second", false),
            ("*", "at:13:second", true),
            ("=1.2", "at:13:1.2", true),
            ("=1.2", "at:13:1.3.0", false),
            ("=second try", "at:13:second try", true),
            ("=second try", "at:13:second", false),
            ("=1.01", "ckan:1.01", true),
            ("=1.1", "ckan:1.01", false),
        ];
        for (range, version, expected) in rows {
            let parsed: VersionRange = range.parse().expect("range");
            assert_eq!(parsed.to_string(), range);
            assert_eq!(parsed.matches(&version.parse().expect("version")), expected, "{version} in {range}");
        }
        for text in [
            "ckan:",
            "ckan:1.0",
            "ckan:>=",
            "ckan:>=1 <=",
            "ckan:=>1",
            "at:",
            "at:12:1",
            "at:=12",
            "=",
            "= a",
            "==a",
            "=a, <b",
        ] {
            assert!(text.parse::<VersionRange>().is_err(), "{text}");
        }
    }
}

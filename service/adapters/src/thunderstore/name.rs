//! Names of packages: `Team-Name`, and with a version `Team-Name-1.2.3`.
//!
//! Teams of the early days have hyphens in their names, packages never: what stands behind the last one is the package.

use std::{fmt, str::FromStr};

use muster_domain::Version;
use serde::{Serialize, Serializer};

/// Longest name; the service allows 128 characters to each part, and nothing so long exists.
const MAX: usize = 128;

/// Team and name of a package.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullName {
    text: String,
    /// Length of the team's name.
    team: usize,
}

impl FullName {
    /// As the service writes it, `Team-Name`: also the name of a folder.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn team(&self) -> &str {
        &self.text[..self.team]
    }

    pub fn name(&self) -> &str {
        &self.text[self.team + 1..]
    }
}

impl FromStr for FullName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let why = "a package is named Team-Name, in letters, digits and underscores";
        let (team, name) = text.rsplit_once('-').ok_or(why)?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let is_team = !team.is_empty()
            && !team.starts_with('-')
            && !team.ends_with('-')
            && team.bytes().all(|b| is_plain(b) || b == b'-');
        match is_team && !name.is_empty() && name.bytes().all(is_plain) && text.len() <= MAX {
            true => Ok(Self { text: text.to_owned(), team: team.len() }),
            false => Err(why),
        }
    }
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FullName({self})")
    }
}

impl Serialize for FullName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// A package that another one needs, with the version that its author had.
///
/// The service writes an exact version; its players' programs take the newest one and never an older one than this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Needed {
    pub package: FullName,
    pub at_least: Version,
}

impl FromStr for Needed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let why = "a dependency is named Team-Name-1.2.3";
        let (package, version) = text.rsplit_once('-').ok_or(why)?;
        Ok(Self { package: package.parse()?, at_least: version_number(version).ok_or(why)? })
    }
}

/// Three numbers; the service knows no other versions.
pub(super) fn version_number(text: &str) -> Option<Version> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_plain { Version::semver(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn teams_may_have_hyphens_and_packages_not() {
        let name: FullName = "FunkFrog-and-Sipondo-ShareSuite".parse().expect("a name");
        assert_eq!((name.team(), name.name()), ("FunkFrog-and-Sipondo", "ShareSuite"));
        let needed: Needed = "vis-eyth-UnmoddedClients-2.1.0".parse().expect("a dependency");
        assert_eq!((needed.package.team(), needed.package.name()), ("vis-eyth", "UnmoddedClients"));
        assert_eq!(needed.at_least.to_string(), "2.1.0");
    }

    #[test]
    fn what_could_be_a_path_or_an_option_is_no_name() {
        for bad in
            ["", "a", "-a", "a-", "--a", "a--", "../x-y", "a/b-c", "a-b.c", "a b-c", "ä-b", "a-b\0", "x--y-"]
        {
            assert!(bad.parse::<FullName>().is_err(), "{bad:?}");
        }
        for bad in
            ["A-B", "A-B-1", "A-B-1.2", "A-B-1.2.3-beta", "A-B-1.2.3+x", "A-B-v1.2.3", "A-B-01.2.3", "-1.2.3"]
        {
            assert!(bad.parse::<Needed>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_what_reads_prints_the_same(text in "[-A-Za-z0-9_./ ]{0,24}") {
            if let Ok(name) = text.parse::<FullName>() {
                prop_assert_eq!(name.to_string(), text.clone());
                prop_assert_eq!(format!("{}-{}", name.team(), name.name()), text.clone());
            }
            if let Ok(needed) = text.parse::<Needed>() {
                prop_assert_eq!(format!("{}-{}", needed.package, needed.at_least), text);
            }
        }
    }
}

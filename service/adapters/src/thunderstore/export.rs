//! Profiles as r2modman, the Thunderstore Mod Manager and Gale hand them on: an archive (`.r2z`) with a list of mods and the
//! files of their settings, or a code under which the service keeps such an archive.
//! Shapes: <https://github.com/ebkr/r2modmanPlus> (`ExportFormat`, `ProfileApiClient`).

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use muster_domain::{Version, clean_line};
use serde::Deserialize;
use serde_json::Value;

use super::FullName;
use crate::{Error, Result, lenient};

/// The file in an archive that makes it a profile.
pub const EXPORT: &str = "export.r2x";
/// Largest list that is read, in bytes.
pub const MAX_EXPORT: u64 = 4 * 1024 * 1024;
/// Most mods of one profile.
const MAX_MODS: usize = 5_000;
/// The first line of what the service keeps under a code.
const MARK: &[u8] = b"#r2modman";

/// A profile that somebody handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub name: String,
    /// The community of its game, where the list says it.
    pub community: Option<String>,
    pub mods: Vec<ExportedMod>,
    /// Entries that name no package and version, as they are written.
    pub refused: Vec<String>,
}

/// One mod of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedMod {
    pub package: FullName,
    pub number: Version,
    pub is_on: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    profile_name: String,
    mods: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::optional")]
    community: Option<String>,
}

impl Export {
    /// Reads a list.
    ///
    /// # Errors
    /// [`Error::Syntax`] for what is none, [`Error::TooLarge`] for one of too many mods.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let refuse = |why: String| Error::Syntax { why: clean_line(&why, 200) };
        let text = std::str::from_utf8(bytes).map_err(|error| refuse(error.to_string()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: Raw = serde_saphyr::from_str(text).map_err(|error| refuse(error.to_string()))?;
        if raw.mods.len() > MAX_MODS {
            return Err(Error::TooLarge { limit: MAX_MODS });
        }
        let (mut mods, mut refused) = (Vec::<ExportedMod>::new(), Vec::new());
        for entry in &raw.mods {
            match exported(entry) {
                // Who is named twice is meant once.
                Some(one) if mods.iter().any(|known| known.package == one.package) => {}
                Some(one) => mods.push(one),
                None => refused.push(clean_line(entry["name"].as_str().unwrap_or("?"), 120)),
            }
        }
        let name = clean_line(&raw.profile_name, 80);
        let name = if name.is_empty() { "profile".to_owned() } else { name };
        Ok(Self { name, community: raw.community.map(|text| clean_line(&text, 80)), mods, refused })
    }
}

fn exported(entry: &Value) -> Option<ExportedMod> {
    let part = |name: &str| entry["version"][name].as_u64().or(entry["versionNumber"][name].as_u64());
    let number = format!("{}.{}.{}", part("major")?, part("minor")?, part("patch")?);
    Some(ExportedMod {
        package: entry["name"].as_str()?.parse().ok()?,
        number: Version::semver(&number).ok()?,
        is_on: entry["enabled"].as_bool().unwrap_or(true),
    })
}

/// A code under which the service keeps a profile: a UUID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileCode(String);

impl FromStr for ProfileCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let is_hex = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match is_hex && lengths == [8, 4, 4, 4, 12] {
            true => Ok(Self(text.to_ascii_lowercase())),
            false => Err("a code has 32 hexadecimal digits in five groups"),
        }
    }
}

impl fmt::Display for ProfileCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The archive in what the service keeps under a code: a line that says whose it is, and the archive in base64.
///
/// # Errors
/// [`Error::Syntax`] for everything else.
pub fn unwrap_profile(text: &[u8]) -> Result<Vec<u8>> {
    let refuse = |why: &str| Error::Syntax { why: why.to_owned() };
    let rest = text.trim_ascii().strip_prefix(MARK).ok_or_else(|| refuse("it is no profile of r2modman"))?;
    let digits: Vec<u8> = rest.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64_STANDARD.decode(digits).map_err(|_| refuse("it is not written in base64"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: &str = "profileName: Crew\ncommunity: lethal-company\nignored: [1]\nmods:\n\
        - name: BepInEx-BepInExPack\n  version: {major: 5, minor: 4, patch: 2100}\n  enabled: true\n\
        - name: Ada-Lantern\n  version:\n    major: 1\n    minor: 2\n    patch: 3\n  enabled: false\n\
        - name: Bo-Boots\n  versionNumber: {major: 2, minor: 0, patch: 0}\n\
        - name: Ada-Lantern\n  version: {major: 9, minor: 9, patch: 9}\n\
        - name: ../evil\n  version: {major: 1, minor: 0, patch: 0}\n\
        - name: Ada-Odd\n  version: newest\n- 7\n";

    #[test]
    fn reads_the_mods_of_a_profile_and_names_what_is_none() {
        let export = Export::parse(LIST.as_bytes()).expect("a profile");
        assert_eq!((export.name.as_str(), export.community.as_deref()), ("Crew", Some("lethal-company")));
        let mods: Vec<String> =
            export.mods.iter().map(|one| format!("{} {} {}", one.package, one.number, one.is_on)).collect();
        assert_eq!(
            mods,
            ["BepInEx-BepInExPack 5.4.2100 true", "Ada-Lantern 1.2.3 false", "Bo-Boots 2.0.0 true"]
        );
        assert_eq!(export.refused, ["../evil", "Ada-Odd", "?"]);
    }

    #[test]
    fn what_is_no_profile_is_refused() {
        for bad in ["", "[]", "mods: 7", "profileName: x", "profileName: x\nmods: {a: 1}", "\u{0}"] {
            assert!(Export::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
        let bomb =
            "a: &a [x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nprofileName: x\nmods: [*b, *b, *b]\n";
        let _ = Export::parse(bomb.as_bytes());
    }

    #[test]
    fn codes_are_uuids_and_nothing_that_could_be_a_path() {
        let code: ProfileCode = "018F3D4C-1111-2222-3333-0123456789ab".parse().expect("a code");
        assert_eq!(code.to_string(), "018f3d4c-1111-2222-3333-0123456789ab");
        for bad in
            ["", "crew.r2z", "018f3d4c-1111-2222-3333-0123456789a", "../f3d4c-1111-2222-3333-0123456789ab"]
        {
            assert!(bad.parse::<ProfileCode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_archive_under_a_code_is_unwrapped() {
        assert_eq!(unwrap_profile(b"#r2modman\nUEsD\nBA==\n").expect("unwrapped"), b"PK\x03\x04");
        for bad in [&b""[..], b"UEsDBA==", b"#r2modman\n<html>", b"#r2modman\nUEsDB"] {
            assert!(unwrap_profile(bad).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = (Export::parse(text.as_bytes()), Export::parse(&bytes), unwrap_profile(&bytes));
            let _ = text.parse::<ProfileCode>();
        }
    }
}

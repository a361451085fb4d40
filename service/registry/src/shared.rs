//! Profiles that players hand on: one document that says exactly which packages, signed by its owners where others
//! follow it (`docs/formats/profile.md`). Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{
    FeatureChoice, GameId, MAX_FEATURES, PackageId, Platform, Sha256, Side, SourceId, Version, clean_line,
    clean_text,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Error, PublicKey, Result, SigningKey,
    envelope::{Envelope, sign_envelope},
    sha256,
};

/// The document's type in its envelope.
const KIND: &str = "muster-profile";
/// The only format there is.
const FORMAT: u32 = 1;
/// Longest document, in bytes: some 30,000 packages.
const MAX_DOCUMENT: usize = 8 * 1024 * 1024;
/// Most packages, sources and owners of a profile.
const MAX_PACKAGES: usize = 30_000;
const MAX_SOURCES: usize = 100;
const MAX_OWNERS: usize = 32;
/// Longest name, and longest note of what changed, in characters.
const MAX_NAME: usize = 80;
const MAX_NOTE: usize = 4000;

/// A source that packages of a shared profile come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedSource {
    pub id: SourceId,
    /// Where the writer has it from; a hint for people, never fetched by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One package of a shared profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedPackage {
    pub source: SourceId,
    pub id: PackageId,
    pub version: Version,
    /// The archive that the writer has. It can stop a reader from taking another one; it never vouches for bytes.
    pub sha256: Sha256,
    /// Whether the writer asked for it, as opposed to something else needing it.
    pub wished: bool,
    pub enabled: bool,
    /// Its place in the load order that the writer chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Features of it that the writer switched on or off; others are as its author says.
    #[serde(default, skip_serializing_if = "FeatureChoice::is_empty")]
    pub features: FeatureChoice,
    /// Where it is of use when the game is played over a network: others leave out what they have no use for.
    #[serde(default, skip_serializing_if = "Side::is_both")]
    pub side: Side,
}

/// What a player hands on. No paths, no settings, nothing of the game's folders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedProfile {
    pub name: String,
    pub game: GameId,
    /// Counts up with every change that followers shall see.
    pub version: u64,
    pub written: Timestamp,
    /// What changed, in the owners' words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What the writer's profile is for when the game is played over a network; absent where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// What the game runs on, where the writer chose that; nothing is said of what it was found to run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Whose signature the next version needs: any one of these. Empty where nobody can follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<PublicKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SharedSource>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<SharedPackage>,
}

/// A shared profile as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedProfile {
    pub profile: SharedProfile,
    /// Those of its owners, and of the keys that were asked about, who signed it.
    pub signers: Vec<PublicKey>,
    /// Of the whole document: names this very text.
    pub digest: Sha256,
}

/// What a follower knows of the profile that is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// Owners of the version that was agreed to last.
    pub owners: Vec<PublicKey>,
    pub version: u64,
    pub digest: Sha256,
}

impl SharedProfile {
    /// The document with a signature of each key; without keys it can be applied, not followed.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what readers would refuse.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Vec<u8>> {
        self.check()?;
        let body = serde_json::to_value(self).map_err(|error| refuse(error.to_string()))?;
        let Value::Object(body) = body else { return Err(refuse("it is no object")) };
        sign_envelope(KIND, FORMAT, body, keys)
    }

    /// Reads a document; `known` are keys besides its own owners whose signatures count.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what is not such a document, is too large, or contradicts itself.
    pub fn read(bytes: &[u8], known: &[PublicKey]) -> Result<SignedProfile> {
        let envelope = Envelope::open(bytes, KIND, FORMAT, MAX_DOCUMENT)?;
        let body = Value::Object(envelope.signed.clone());
        let mut profile: Self = serde_json::from_value(body).map_err(|error| refuse(error.to_string()))?;
        profile.name = clean_line(&profile.name, MAX_NAME);
        profile.note = clean_text(&profile.note, MAX_NOTE);
        profile.check()?;
        let asked: BTreeSet<PublicKey> = profile.owners.iter().chain(known).copied().collect();
        let signers = asked.into_iter().filter(|key| envelope.is_signed_by(key)).collect();
        Ok(SignedProfile { profile, signers, digest: sha256(bytes) })
    }

    pub(crate) fn check(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        let sources: BTreeSet<&SourceId> = self.sources.iter().map(|source| &source.id).collect();
        let why = match () {
            () if self.name.trim().is_empty() => "it has no name",
            () if self.packages.len() > MAX_PACKAGES => "it has too many packages",
            () if self.sources.len() > MAX_SOURCES => "it has too many sources",
            () if self.owners.len() > MAX_OWNERS => "it has too many owners",
            () if !self.packages.iter().all(|package| seen.insert((&package.source, &package.id))) => {
                "a package is in it twice"
            }
            () if self.packages.iter().any(|package| package.features.len() > MAX_FEATURES) => {
                "a package has too many features"
            }
            () if !self.packages.iter().all(|package| sources.contains(&package.source)) => {
                "a package is of a source that it does not name"
            }
            () => return Ok(()),
        };
        Err(refuse(why))
    }
}

impl SignedProfile {
    /// Whether it can be followed: one of its own owners signed it.
    ///
    /// # Errors
    /// [`Error::Signature`] where nobody of them did.
    pub fn check_owned(&self) -> Result<()> {
        self.check_signed_by(&self.profile.owners)
    }

    /// Whether it may take the place of what was agreed to before: one of the owners of then signed it, it is not
    /// older, and nothing else was ever signed as the same version.
    ///
    /// # Errors
    /// [`Error::Signature`], [`Error::Rollback`], or [`Error::HashMismatch`] for two texts of one version.
    pub fn check_follows(&self, trusted: &Trusted) -> Result<()> {
        self.check_signed_by(&trusted.owners)?;
        let offered = self.profile.version;
        if offered < trusted.version {
            return Err(Error::Rollback { role: KIND.into(), trusted: trusted.version, offered });
        }
        if offered == trusted.version && self.digest != trusted.digest {
            return Err(Error::HashMismatch { file: KIND.into() });
        }
        Ok(())
    }

    fn check_signed_by(&self, owners: &[PublicKey]) -> Result<()> {
        match self.signers.iter().any(|signer| owners.contains(signer)) {
            true => Ok(()),
            false => {
                let why = format!("none of {} owners signed it", owners.len());
                Err(Error::Signature { role: KIND.into(), why })
            }
        }
    }

    /// What a follower keeps of it once it is agreed to.
    pub fn trusted(&self) -> Trusted {
        let SharedProfile { owners, version, .. } = &self.profile;
        Trusted { owners: owners.clone(), version: *version, digest: self.digest }
    }
}

fn refuse(why: impl Into<String>) -> Error {
    Error::Envelope { expected: KIND.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> [SigningKey; 3] {
        [1, 2, 3].map(|seed| SigningKey::from_seed([seed; 32]))
    }

    fn profile(version: u64, owners: &[&SigningKey]) -> SharedProfile {
        let source: SourceId = "ckan".parse().expect("a source");
        SharedProfile {
            name: "Friday crew".into(),
            game: "minetest".parse().expect("a game"),
            version,
            written: Timestamp::UNIX_EPOCH,
            note: String::new(),
            side: None,
            platform: None,
            owners: owners.iter().map(|key| key.public()).collect(),
            sources: vec![SharedSource { id: source.clone(), address: None }],
            packages: vec![SharedPackage {
                source,
                id: "Tanks".parse().expect("an id"),
                version: Version::semver("1.2.3").expect("a version"),
                sha256: Sha256([7; 32]),
                wished: true,
                enabled: true,
                rank: Some(2),
                features: [("spoken".parse().expect("a feature"), false)].into(),
                side: Side::Both,
            }],
        }
    }

    fn read(profile: &SharedProfile, keys: &[&SigningKey], known: &[PublicKey]) -> SignedProfile {
        SharedProfile::read(&profile.sign(keys).expect("signs"), known).expect("reads")
    }

    #[test]
    fn a_document_says_what_was_written_and_who_signed_it() {
        let [a, b, c] = keys();
        let written = profile(3, &[&a, &b]);
        let found = read(&written, &[&a, &c], &[]);
        assert_eq!((&found.profile, &found.signers), (&written, &vec![a.public()]));
        assert!(found.check_owned().is_ok());
        assert!(read(&written, &[&c], &[]).check_owned().is_err(), "a stranger's signature owns nothing");
        assert!(read(&written, &[], &[]).check_owned().is_err(), "unsigned is for applying only");
    }

    #[test]
    fn what_a_profile_is_for_is_said_where_it_was_chosen_and_what_is_unknown_is_passed_over() {
        let [a, ..] = keys();
        let plain = profile(1, &[&a]);
        let text = String::from_utf8(plain.sign(&[&a]).expect("signs")).expect("text");
        assert!(!text.contains("side") && !text.contains("platform"), "{text}");
        let mut chosen =
            SharedProfile { side: Some(Side::Server), platform: Some(Platform::Linux), ..plain.clone() };
        chosen.packages[0].side = Side::Client;
        assert_eq!(read(&chosen, &[&a], &[]).profile, chosen);
        // Readers of before pass over what they do not know, as this one passes over what later ones write.
        let body = serde_json::to_value(&plain).expect("JSON");
        let Value::Object(mut body) = body else { panic!("an object") };
        body.insert("weather".into(), "rain".into());
        let bytes = sign_envelope(KIND, FORMAT, body, &[&a]).expect("signs");
        assert_eq!(SharedProfile::read(&bytes, &[]).expect("reads").profile, plain);
    }

    #[test]
    fn a_follower_goes_where_the_owners_of_before_say_and_never_back() {
        let [a, b, c] = keys();
        let trusted = read(&profile(5, &[&a, &b]), &[&a], &[]).trusted();
        let follows = |profile: &SharedProfile, keys: &[&SigningKey]| {
            read(profile, keys, &trusted.owners).check_follows(&trusted)
        };
        assert!(follows(&profile(6, &[&a, &b]), &[&b]).is_ok(), "any owner may write the next");
        assert!(follows(&profile(6, &[&c]), &[&a]).is_ok(), "and hand it over");
        assert!(
            matches!(follows(&profile(6, &[&c]), &[&c]), Err(Error::Signature { .. })),
            "nobody takes it"
        );
        assert!(matches!(follows(&profile(4, &[&a]), &[&a]), Err(Error::Rollback { .. })));
        let mut other = profile(5, &[&a, &b]);
        other.note = "another text".into();
        assert!(matches!(follows(&other, &[&a]), Err(Error::HashMismatch { .. })));
        assert!(follows(&profile(5, &[&a, &b]), &[&a]).is_ok(), "the same text is no news");
    }

    #[test]
    fn what_contradicts_itself_is_neither_written_nor_read() {
        let mut twice = profile(1, &[]);
        twice.packages.push(twice.packages[0].clone());
        assert!(twice.sign(&[]).is_err());
        let mut homeless = profile(1, &[]);
        homeless.sources.clear();
        assert!(homeless.sign(&[]).is_err());
        let good = profile(1, &[]).sign(&[]).expect("signs");
        let text = String::from_utf8(good).expect("UTF-8");
        let other = text.replace("muster-profile", "muster-ticket");
        assert!(SharedProfile::read(other.as_bytes(), &[]).is_err());
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics_and_no_changed_text_keeps_its_signature(
            noise in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), flip in 1u8..
        ) {
            let _ = SharedProfile::read(&noise, &[]);
            let [a, ..] = keys();
            let mut bytes = profile(1, &[&a]).sign(&[&a]).expect("signs");
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(found) = SharedProfile::read(&bytes, &[]) {
                prop_assert!(found.check_owned().is_err() || found.profile == profile(1, &[&a]));
            }
        }
    }
}

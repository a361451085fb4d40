//! Versions that the player does not want: they and what is older are not offered as updates of the profile any more, until
//! something newer is.
//!
//! Whoever asks for the package by name gets it nevertheless, and so does a package that needs it: a skipped version is not
//! forbidden, it only does not come with an update of everything, or by itself.

use muster_domain::{Lock, LockedPackage, Release, Version};
use muster_store::state::Profile;
use serde::{Deserialize, Serialize};

use super::upkeep_of;
use crate::{ChangeRequest, Engine, EngineError, Key};

/// What the player says about a version on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    pub key: Key,
    /// As people know it; none means that everything is offered again.
    pub version: Option<String>,
}

/// A version that is not offered, as it is stored with the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Skipped {
    #[serde(flatten)]
    pub key: Key,
    pub version: Version,
}

/// What the catalogue has that is newer than what is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Update(Version),
    Skipped(Version),
}

impl News {
    pub fn update(self) -> Option<Version> {
        match self {
            Self::Update(version) => Some(version),
            Self::Skipped(_) => None,
        }
    }
}

/// What is skipped of a profile; what cannot be read skips nothing.
pub(crate) fn skipped_of(profile: &Profile) -> Vec<Skipped> {
    let Some(stored) = profile.upkeep.get("skipped") else { return Vec::new() };
    serde_json::from_value(stored.clone()).unwrap_or_default()
}

/// Whether an update passes a release over.
pub(crate) fn is_passed_over(skipped: &[Skipped], lock: &Lock, release: &Release) -> bool {
    let is_it = |one: &&Skipped| one.key.source == release.source && one.key.id == release.id;
    let Some(one) = skipped.iter().find(is_it) else { return false };
    let is_newer = lock.get(&release.source, &release.id).is_some_and(|here| release.version > here.version);
    is_newer && release.version <= one.version
}

/// What a request leaves out: an update of everything, or one that nobody asked for, passes over what is skipped.
pub(crate) fn left_out(profile: &Profile, request: &ChangeRequest) -> Vec<Skipped> {
    let mut skipped = match request.update_all || request.unattended.is_some() {
        true => skipped_of(profile),
        false => Vec::new(),
    };
    skipped.retain(|one| request.unattended.is_some() || !request.asks_for(&one.key));
    skipped
}

/// The list after the player said something; what has no meaning any more goes.
pub(super) fn said(
    mut skipped: Vec<Skipped>,
    lock: &Lock,
    key: &Key,
    version: Option<Version>,
) -> Vec<Skipped> {
    skipped.retain(|one| one.key != *key);
    skipped.extend(version.map(|version| Skipped { key: key.clone(), version }));
    let is_ahead =
        |one: &Skipped| lock.get(&one.key.source, &one.key.id).is_some_and(|here| one.version > here.version);
    skipped.retain(is_ahead);
    skipped.sort_by(|a, b| a.key.cmp(&b.key));
    skipped
}

impl Engine {
    /// What is newer than an installed package, and whether the player wants to hear of it.
    pub(crate) async fn news_of(&self, profile: &Profile, package: &LockedPackage) -> Option<News> {
        let newest = self.newest_of(profile, package).await?;
        let key = Key::of(package);
        let is_skipped = skipped_of(profile).iter().any(|one| one.key == key && newest <= one.version);
        Some(if is_skipped { News::Skipped(newest) } else { News::Update(newest) })
    }

    /// The newest version that is an update of an installed package.
    pub(crate) async fn update_of(&self, profile: &Profile, package: &LockedPackage) -> Option<Version> {
        self.news_of(profile, package).await?.update()
    }

    /// Writes down what is skipped.
    ///
    /// # Errors
    /// [`EngineError::NotInstalled`] for a package that is not there; [`EngineError::PlanChanged`] for a version that is not
    /// the one on offer: what the player saw is not what is.
    pub(super) async fn skip(&self, profile: &Profile, wanted: &[Skip]) -> Result<Vec<Skipped>, EngineError> {
        let mut skipped = upkeep_of(profile)?.skipped;
        for Skip { key, version } in wanted {
            let Some(package) = profile.lock.get(&key.source, &key.id) else {
                return Err(EngineError::NotInstalled { id: key.id.clone() });
            };
            let version = match version {
                None => None,
                Some(label) => {
                    let newest = self.newest_of(profile, package).await;
                    let is_shown = newest.filter(|newest| newest.label() == *label);
                    Some(is_shown.ok_or(EngineError::PlanChanged)?)
                }
            };
            skipped = said(skipped, &profile.lock, key, version);
        }
        Ok(skipped)
    }
}

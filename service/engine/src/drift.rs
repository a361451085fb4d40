//! Files of packages that somebody changed by hand: which there are, and what the player decides about them.
//!
//! Until something is decided a changed file stays as it is, also through updates. *Mine* keeps it whatever the package
//! brings, *both* keeps it and merges in what the package changes later, *theirs* puts the package's file back and keeps
//! the changed one by its hash.

use std::collections::BTreeSet;

use muster_deploy::{AppliedFile, Keep, Key as FileKey, Own, Spot};
use muster_domain::{JobId, PackageId, PortablePath, ProfileId, SourceId};
use muster_store::state::Profile;
use serde::{Deserialize, Serialize};

use crate::{
    Engine, EngineError, FileFinding, Item,
    jobs::{JobRequest, blocking, submit},
    overlay::own_files,
    placing,
    profiles::Binding,
};

/// Whose version of a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeping {
    Mine,
    Theirs,
    Both,
}

/// What the player decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub keep: Keeping,
    /// None at all means every file that was changed.
    pub files: Vec<Spot>,
}

impl Decision {
    /// The code of the generation's cause.
    pub(crate) fn cause(&self) -> &'static str {
        match self.keep {
            Keeping::Mine => "keep-mine",
            Keeping::Theirs => "keep-theirs",
            Keeping::Both => "keep-both",
        }
    }

    pub(crate) fn keys(&self) -> Result<BTreeSet<FileKey>, EngineError> {
        let key = |spot: &Spot| {
            let path: PortablePath =
                spot.at.parse().map_err(|_| EngineError::UnknownFile { path: spot.at.clone() })?;
            Ok(FileKey::new(&spot.place, &path))
        };
        self.files.iter().map(key).collect()
    }
}

/// A file of which the profile has a version of its own.
#[derive(Clone, Debug)]
pub struct OwnView {
    pub spot: Spot,
    pub keep: Keeping,
    /// The package changed the same lines; the player's stand.
    pub is_conflict: bool,
}

/// What differs from the packages by hand.
#[derive(Clone, Debug, Default)]
pub struct DriftView {
    /// Nothing is decided; they stay as they are.
    pub undecided: Vec<FileFinding>,
    /// They are gone; a repair brings them back.
    pub missing: Vec<FileFinding>,
    pub own: Vec<OwnView>,
}

impl Engine {
    /// Files that were changed by hand of packages that a change is about: they stay as they are, and whoever agrees to
    /// the change is told so. Nothing while the folders are being changed.
    pub(crate) async fn left_as_they_are(
        &self,
        profile: &Profile,
        items: &[Item],
    ) -> Result<Vec<String>, EngineError> {
        let touched: BTreeSet<(SourceId, PackageId)> = items
            .iter()
            .filter_map(|item| item.before.as_ref())
            .map(|p| (p.source.clone(), p.id.clone()))
            .collect();
        let turn = self.turn(&profile.place);
        let Ok(_turn) = turn.try_lock() else { return Ok(Vec::new()) };
        let (engine, profile) = (self.clone(), profile.clone());
        blocking(move || {
            let binding = Binding::of(&profile)?;
            if touched.is_empty() || !profile.active || !engine.has_deployment(&binding.installation) {
                return Ok(Vec::new());
            }
            let own: BTreeSet<FileKey> = own_files(&profile)?.iter().map(Own::key).collect();
            let which = |key: &FileKey, file: &AppliedFile| {
                let package = (file.package.source.clone(), file.package.id.clone());
                !file.config && !own.contains(key) && touched.contains(&package)
            };
            let changed = placing::open(&engine, &binding.installation)?.find_changed(&which)?;
            Ok(changed.into_iter().map(|changed| format!("{}/{}", changed.file.place, changed.at)).collect())
        })
        .await
    }

    /// What was changed by hand in the files of a profile.
    pub async fn drift(&self, id: ProfileId) -> Result<DriftView, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        blocking(move || {
            let files = own_files(&profile)?;
            let kept: BTreeSet<FileKey> = files.iter().map(Own::key).collect();
            let own = files.into_iter().map(|own| OwnView {
                spot: Spot { place: own.place, at: own.path.to_string() },
                keep: if own.keep == Keep::Mine { Keeping::Mine } else { Keeping::Both },
                is_conflict: own.is_conflict,
            });
            let mut view = DriftView { own: own.collect(), ..DriftView::default() };
            let binding = Binding::of(&profile)?;
            if profile.active && engine.has_deployment(&binding.installation) {
                let deployment = placing::open(&engine, &binding.installation)?;
                let which = |key: &FileKey, _: &_| !kept.contains(key);
                let drifted = deployment.find_drifted(&which)?;
                let finding = |file: AppliedFile, path: String| FileFinding {
                    place: file.place,
                    path,
                    package: file.package.id.to_string(),
                };
                let changed = drifted.changed.into_iter().map(|changed| finding(changed.file, changed.at));
                view.undecided = changed.collect();
                let missing = drifted.missing.into_iter().map(|(_, file)| {
                    let at = file.at.clone();
                    finding(file, at)
                });
                view.missing = missing.collect();
            }
            Ok(view)
        })
        .await
    }

    /// Carries out what the player decided. A file that no package of the profile has is refused: nothing would follow
    /// from the decision, and nobody would be told.
    pub async fn decide_drift(&self, id: ProfileId, decision: Decision) -> Result<JobId, EngineError> {
        let profile = self.profile(id).await?;
        decision.keys()?;
        if !profile.active {
            return Err(EngineError::NotPlaced { profile: profile.name });
        }
        let turn = self.turn(&profile.place);
        {
            let _turn = turn.lock().await;
            let (engine, files) = (self.clone(), decision.files.clone());
            blocking(move || check_known(&engine, &profile, &files)).await?;
        }
        submit(self, Some(id), JobRequest::Decide { decision }).await
    }
}

/// Whether every file is one of a package, or one of which the profile has a version of its own.
fn check_known(engine: &Engine, profile: &Profile, files: &[Spot]) -> Result<(), EngineError> {
    if files.is_empty() {
        return Ok(());
    }
    let own: BTreeSet<FileKey> = own_files(profile)?.iter().map(Own::key).collect();
    let binding = Binding::of(profile)?;
    let is_placed = engine.has_deployment(&binding.installation);
    let deployment = is_placed.then(|| placing::open(engine, &binding.installation)).transpose()?;
    for spot in files {
        let name = || format!("{}/{}", spot.place, spot.at);
        let path: PortablePath = spot.at.parse().map_err(|_| EngineError::UnknownFile { path: name() })?;
        let key = FileKey::new(&spot.place, &path);
        let is_a_packages =
            deployment.as_ref().is_some_and(|deployment| deployment.applied().files.contains_key(&key));
        if !is_a_packages && !own.contains(&key) {
            return Err(EngineError::UnknownFile { path: name() });
        }
    }
    Ok(())
}

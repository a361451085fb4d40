//! Versions of files that Muster set aside: what there is, bringing it back, letting it go.
//!
//! Set aside are files that the player or a game had changed, when something else took their place (a decision, a repair,
//! going back), and what was there before Muster. The latter comes back by itself. A version belongs to the folders where
//! it was, not to a profile: it can be brought back into whichever profile is placed there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_deploy::{Aside, Deployment, Held, KeptFile, Spot};
use muster_domain::{JobId, PortablePath, ProfileId, Sha256};

use crate::{
    Engine, EngineError,
    jobs::{JobRequest, blocking, submit},
    placing,
    profiles::Binding,
    versions::Wanted,
};

/// Why a version was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptWhy {
    /// Something else took the place of a changed file.
    Replaced,
    /// It was there before Muster, and comes back with the last package that has the file.
    Displaced { package: String },
    /// It lay there before its package was in a profile, went with that, and comes back with it or with the original game.
    Hidden { package: String },
    /// It was found after a crash, and where it was is not known any more.
    Found,
}

/// A version of a file that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptView {
    /// Stable name.
    pub id: String,
    pub spot: Option<Spot>,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// When the file was changed last.
    pub modified: Timestamp,
    pub why: KeptWhy,
}

/// What to bring back.
#[derive(Clone, Debug, Default)]
pub struct RestoreKept {
    pub ids: Vec<String>,
    /// Where to, for a single version; where it was otherwise.
    pub to: Option<Spot>,
}

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    pub versions: usize,
    pub bytes: u64,
}

fn name(held: &Held) -> &str {
    match held {
        Held::Backup(name) | Held::Saved(name) => name,
    }
}

/// Versions as they are listed: of equal ones at the same place only the newest, and its id means all of them.
fn distinct(kept: Vec<KeptFile>) -> Vec<KeptFile> {
    let mut seen = BTreeSet::new();
    let mut newest: Vec<KeptFile> = kept
        .into_iter()
        .rev()
        .filter(|kept| seen.insert((kept.spot.clone(), kept.sha256, kept.why.comes_back())))
        .collect();
    newest.sort_by(|a, b| a.spot.cmp(&b.spot));
    newest
}

fn view(kept: KeptFile) -> KeptView {
    KeptView {
        id: name(&kept.held).to_owned(),
        sha256: kept.sha256,
        size: kept.metadata.size,
        modified: Timestamp::try_from(kept.metadata.modified).unwrap_or_default(),
        why: match &kept.why {
            Aside::Replaced => KeptWhy::Replaced,
            Aside::Displaced(package) => KeptWhy::Displaced { package: package.to_string() },
            Aside::Hidden(package) => KeptWhy::Hidden { package: package.to_string() },
            Aside::Found => KeptWhy::Found,
        },
        spot: kept.spot,
    }
}

fn find<'k>(kept: &'k [KeptFile], id: &str) -> Result<&'k KeptFile, EngineError> {
    let found = kept.iter().find(|kept| name(&kept.held) == id);
    found.ok_or_else(|| EngineError::UnknownKept { what: id.to_owned() })
}

fn wanted(kept: &KeptFile, to: Option<&Spot>) -> Result<Wanted, EngineError> {
    let spot = to.or(kept.spot.as_ref());
    let spot = spot.ok_or_else(|| EngineError::UnknownKept { what: name(&kept.held).to_owned() })?;
    let path: PortablePath =
        spot.at.parse().map_err(|_| EngineError::UnknownFile { path: spot.at.clone() })?;
    Ok(Wanted {
        held: kept.held.clone(),
        place: spot.place.clone(),
        path,
        sha256: kept.sha256,
        size: kept.metadata.size,
    })
}

impl Engine {
    /// What was set aside of the folders of a profile.
    pub async fn kept(&self, id: ProfileId) -> Result<Vec<KeptView>, EngineError> {
        self.at_the_folders(id, |deployment| match deployment {
            Some(deployment) => Ok(distinct(deployment.kept()?).into_iter().map(view).collect()),
            None => Ok(Vec::new()),
        })
        .await
    }

    /// Brings versions back where they were, or one to another place, as one change. What is there is set aside first.
    pub async fn restore_kept(&self, id: ProfileId, request: RestoreKept) -> Result<JobId, EngineError> {
        let profile = self.profile(id).await?;
        if !profile.active {
            return Err(EngineError::NotPlaced { profile: profile.name });
        }
        let RestoreKept { ids, to } = request;
        if ids.is_empty() || to.is_some() && ids.len() > 1 {
            return Err(EngineError::NothingAsked);
        }
        let places = self.installation(&profile)?.places;
        if let Some(to) = to.as_ref().filter(|to| !places.contains_key(&to.place)) {
            return Err(EngineError::UnknownFile { path: format!("{}/{}", to.place, to.at) });
        }
        let wanted = self.at_the_folders(id, move |deployment| {
            let kept = deployment.map_or(Ok(Vec::new()), |deployment| deployment.kept())?;
            ids.iter().map(|id| wanted(find(&kept, id)?, to.as_ref())).collect::<Result<Vec<_>, _>>()
        });
        submit(self, Some(id), JobRequest::Bring { wanted: wanted.await? }).await
    }

    /// Lets versions go for good, with all that are equal. What comes back by itself stays.
    pub async fn free_kept(&self, id: ProfileId, ids: Vec<String>) -> Result<Freed, EngineError> {
        self.at_the_folders(id, move |deployment| {
            let Some(deployment) = deployment else { return Ok(Freed::default()) };
            let kept = deployment.kept()?;
            let mut goes = BTreeSet::new();
            for id in &ids {
                let version = find(&kept, id)?;
                let equal = kept.iter().filter(|kept| {
                    !kept.why.comes_back() && (&kept.spot, kept.sha256) == (&version.spot, version.sha256)
                });
                let before = goes.len();
                goes.extend(equal.map(|kept| name(&kept.held).to_owned()));
                if version.why.comes_back() && goes.len() == before {
                    let spot =
                        version.spot.clone().unwrap_or_else(|| Spot { place: String::new(), at: id.clone() });
                    return Err(EngineError::KeptInUse { path: format!("{}/{}", spot.place, spot.at) });
                }
            }
            let bytes = deployment.free_kept(&goes)?;
            Ok(Freed { versions: goes.len(), bytes })
        })
        .await
    }

    /// Does something with the books of a profile's folders, while nobody changes them.
    async fn at_the_folders<T: Send + 'static>(
        &self,
        id: ProfileId,
        work: impl FnOnce(Option<&mut Deployment>) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        blocking(move || {
            let installation = Binding::of(&profile)?.installation;
            match engine.has_deployment(&installation) {
                true => work(Some(&mut *placing::open(&engine, &installation)?)),
                false => work(None),
            }
        })
        .await
    }
}

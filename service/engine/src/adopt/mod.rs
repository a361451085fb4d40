//! Taking over what is there: mods that the player or another manager put into a folder become packages of a profile,
//! where they lie.
//!
//! [`scan`] lists, [`identify`] says what each thing is (pure), [`keep`] makes packages of what only a manifest names.
//! The rest is a change like any other, except that its deployment may write nothing: what is adopted is there already.
//! What nothing identifies stays the player's: it is shown, and never moved or deleted.

mod identify;
mod keep;
mod known;
mod manifests;
mod scan;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_deploy::Key as FileKey;
use muster_domain::{
    Archive, GameId, JobId, Lock, LockedPackage, LockedSource, ProfileId, Sha256, SourceId, Version,
};
use muster_games::Installation;
use muster_store::state::{NewSeed, Profile};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::{
    Engine, EngineError, Key, NewProfile,
    jobs::{JobRequest, blocking, submit},
    placing,
};
use identify::{Finding, Identity, identify, units};
use manifests::Named;
use scan::{OnDisk, Scan, scan};

pub use identify::Yours;
pub(crate) use keep::LOCAL;

/// What to adopt.
#[derive(Clone, Debug, Default)]
pub struct AdoptionRequest {
    /// Absent: the profile whose folders the path means, else the current one.
    pub profile: Option<ProfileId>,
    /// With a path that no profile means: makes a profile of this game for that folder.
    pub game: Option<GameId>,
    /// One mod, a folder of mods, or the folder of another manager's profile. Absent: all places of the profile.
    pub path: Option<PathBuf>,
    /// The digest of the preview that the player agreed to.
    pub agreed: Option<String>,
}

/// Something that is adopted.
#[derive(Clone, Debug)]
pub struct AdoptedView {
    pub place: String,
    /// Of its folder or file.
    pub name: String,
    pub title: String,
    /// Absent where nothing says it.
    pub version: Option<Version>,
    /// The package whose archive it is; absent where only a manifest names it.
    pub package: Option<Key>,
    pub files: usize,
    /// Bytes.
    pub size: u64,
}

/// Something that stays the player's.
#[derive(Clone, Debug)]
pub struct YoursView {
    pub place: String,
    pub name: String,
    pub files: usize,
    /// Bytes.
    pub size: u64,
    pub why: Yours,
}

/// A preview.
#[derive(Clone, Debug)]
pub struct AdoptionView {
    /// Absent where one will be made.
    pub profile: Option<ProfileId>,
    pub game: GameId,
    /// What the player agrees to.
    pub digest: String,
    pub adopted: Vec<AdoptedView>,
    pub yours: Vec<YoursView>,
    /// Things that are packages of the profile already.
    pub managed: usize,
}

/// Part of a job's request; see [`AdoptionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Adoption {
    pub path: Option<PathBuf>,
    pub agreed: String,
}

/// The folders that are meant.
struct Target {
    profile: Option<Profile>,
    game: GameId,
    installation: Installation,
    path: Option<PathBuf>,
}

/// What was found there.
struct Look {
    scan: Scan,
    findings: Vec<Finding>,
    packages: BTreeMap<Sha256, LockedPackage>,
    managed: usize,
}

impl Look {
    /// Stands for everything that would be adopted, and how it lies there.
    fn digest(&self) -> String {
        let mut hasher = sha2::Sha256::new();
        for finding in &self.findings {
            hasher.update(format!("{}\0{}\0{:?}\0", finding.place, finding.name, finding.identity));
            for file in &finding.files {
                hasher.update(format!("{}\0{}\0{}\0{}\0", file.place, file.path, file.size, file.modified));
            }
        }
        Sha256(hasher.finalize().into()).to_string()
    }
}

impl Engine {
    /// What would be adopted as what, and what stays the player's. Changes nothing.
    pub async fn plan_adoption(&self, request: &AdoptionRequest) -> Result<AdoptionView, EngineError> {
        let target = self.adoption_target(request).await?;
        let look = self.look(&target).await?;
        let digest = look.digest();
        let Look { findings, packages, managed, .. } = look;
        let (mut adopted, mut yours) = (Vec::new(), Vec::new());
        for Finding { place, name, identity, files } in findings {
            let size = files.iter().map(|file| file.size).sum();
            let files = files.len();
            let (title, version, package) = match identity {
                Identity::Yours(why) => {
                    yours.push(YoursView { place, name, files, size, why });
                    continue;
                }
                Identity::Manifest(Named { title, version, .. }) => (title, version, None),
                Identity::Archive(sha256) => {
                    let package = &packages[&sha256];
                    let key = Key::of(package);
                    (self.title(&key).await, Some(package.version.clone()), Some(key))
                }
            };
            adopted.push(AdoptedView { place, name, title, version, package, files, size });
        }
        let profile = target.profile.map(|profile| profile.id);
        Ok(AdoptionView { profile, game: target.game, digest, adopted, yours, managed })
    }

    /// Carries an adoption out, as a job of one step. Gives the profile, the job, and what puts it back.
    pub async fn adopt(
        &self,
        request: AdoptionRequest,
    ) -> Result<(ProfileId, JobId, Option<String>), EngineError> {
        let target = self.adoption_target(&request).await?;
        let agreed = request.agreed.ok_or(EngineError::NothingAsked)?;
        let profile = match target.profile {
            Some(profile) if profile.active => profile.id,
            Some(profile) => return Err(EngineError::NotPlaced { profile: profile.name }),
            None => self.profile_for_adoption(&target).await?,
        };
        let adoption = Adoption { path: target.path, agreed };
        let undo = self.undo_token(Some(profile)).await?;
        Ok((profile, submit(self, Some(profile), JobRequest::Adopt { adoption }).await?, undo))
    }

    async fn profile_for_adoption(&self, target: &Target) -> Result<ProfileId, EngineError> {
        let name = target.path.as_deref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        let name = name.unwrap_or(target.game.as_str());
        for number in 1..100 {
            let name = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            let new = NewProfile {
                name,
                game: target.game.clone(),
                installation: None,
                folder: target.path.clone(),
            };
            match self.create_profile(new).await {
                Err(EngineError::ProfileExists { .. }) => {}
                created => return created,
            }
        }
        Err(EngineError::ProfileExists { name: name.to_owned() })
    }

    async fn adoption_target(&self, request: &AdoptionRequest) -> Result<Target, EngineError> {
        let path = request.path.clone();
        let of = |profile: Profile, path| {
            let installation = self.installation(&profile)?;
            Ok(Target { game: profile.game.clone(), installation, profile: Some(profile), path })
        };
        let nowhere = |path: &PathBuf| EngineError::NoModFolder { path: path.display().to_string() };
        let concerns = |profile: &Profile, path: &PathBuf| {
            let definition = self.machine().definition(&profile.game)?;
            Ok::<_, EngineError>(scan::concerns(&definition, &self.installation(profile)?, path))
        };
        let Some(path) = path else {
            let profile = match (request.profile, &request.game) {
                (None, Some(game)) => self.placed_profile_of(game).await?,
                (profile, _) => self.profile_or_current(profile).await?,
            };
            return of(profile.ok_or_else(|| nowhere(&PathBuf::new()))?, None);
        };
        if !path.is_absolute() {
            return Err(nowhere(&path));
        }
        if let Some(id) = request.profile {
            let profile = self.profile(id).await?;
            return if concerns(&profile, &path)? { of(profile, Some(path)) } else { Err(nowhere(&path)) };
        }
        for profile in self.state().profiles().all().await? {
            let is_asked = request.game.as_ref().is_none_or(|game| *game == profile.game);
            if profile.active && is_asked && concerns(&profile, &path)? {
                return of(profile, Some(path));
            }
        }
        let game = request.game.clone().ok_or_else(|| nowhere(&path))?;
        let (engine, folder, of_game) = (self.clone(), path.clone(), game.clone());
        let installation = blocking(move || engine.machine().manual(&of_game, &folder)).await?;
        Ok(Target { profile: None, game, installation, path: Some(path) })
    }

    async fn placed_profile_of(&self, game: &GameId) -> Result<Option<Profile>, EngineError> {
        let profiles = self.state().profiles().all().await?;
        Ok(profiles.into_iter().find(|profile| profile.active && profile.game == *game))
    }

    async fn look(&self, target: &Target) -> Result<Look, EngineError> {
        let definition = self.machine().definition(&target.game)?;
        let (installation, path) = (target.installation.clone(), target.path.clone());
        let found = {
            let definition = definition.clone();
            blocking(move || scan(&definition, &installation, path.as_deref())).await?
        };
        let candidates = self.candidates(&target.game, &found).await?;
        let ours = self.placed_files(target).await?;
        let engine = self.clone();
        blocking(move || {
            let mut units = units(found.files.clone(), &found.odd, &found.list);
            let all = units.len();
            let is_ours = |file: &identify::Listed| ours.contains(&FileKey::new(&file.place, &file.path));
            units.retain(|unit| !unit.files.iter().any(is_ours));
            let managed = all - units.len();
            let known = known::known(&engine, &definition, &found, &candidates)?;
            let facts = OnDisk { scan: &found, definition: &definition };
            let findings = identify(units, &known, &found.list, &facts);
            Ok(Look { scan: found, findings, packages: candidates, managed })
        })
        .await
    }

    /// Files that are in the books of the place already.
    async fn placed_files(&self, target: &Target) -> Result<BTreeSet<FileKey>, EngineError> {
        let (engine, installation) = (self.clone(), target.installation.clone());
        blocking(move || {
            if !engine.has_deployment(&installation) {
                return Ok(BTreeSet::new());
            }
            Ok(placing::open(&engine, &installation)?.applied().files.keys().cloned().collect())
        })
        .await
    }

    /// The title of a package that was made here: what was written down with its archive, else its name.
    pub(crate) async fn local_title(&self, key: &Key) -> String {
        let seeds = self.state().seeds().all().await.unwrap_or_default();
        let known = seeds
            .into_iter()
            .map(|seed| seed.archive)
            .find(|seed| seed.source == key.source && seed.package == key.id);
        let name = || key.id.published().map_or_else(|_| key.id.to_string(), |name| name.package.to_string());
        known.map(|seed| seed.title).unwrap_or_else(name)
    }

    /// The lock with everything that was agreed to, and the titles of what came.
    pub(crate) async fn settle_adoption(
        &self,
        profile: &Profile,
        adoption: &Adoption,
    ) -> Result<(Lock, Vec<String>), EngineError> {
        let target = Target {
            game: profile.game.clone(),
            installation: self.installation(profile)?,
            path: adoption.path.clone(),
            profile: Some(profile.clone()),
        };
        let look = self.look(&target).await?;
        if look.digest() != adoption.agreed {
            return Err(EngineError::PlanChanged);
        }
        let (engine, game, lock) = (self.clone(), profile.game.clone(), profile.lock.clone());
        let mut new = blocking(move || engine.packages_of(&game, &lock, look)).await?;
        new.retain(|(package, _)| profile.lock.get(&package.source, &package.id).is_none());
        if new.is_empty() {
            return Err(EngineError::NothingToAdopt);
        }
        let seed = |(package, title): &(LockedPackage, Option<String>)| {
            let Archive { sha256, size } = package.archive;
            let (source, id, version) = (package.source.clone(), package.id.clone(), package.version.clone());
            let title = title.clone()?;
            Some(NewSeed { sha256, source, package: id, version, title, size })
        };
        let seeds: Vec<NewSeed> = new.iter().filter_map(seed).collect();
        self.state().seeds().remember(seeds, jiff::Timestamp::now()).await?;
        let mut titles = Vec::new();
        let mut lock = profile.lock.clone();
        for (package, _) in new {
            titles.push(self.title(&Key::of(&package)).await);
            lock.packages.push(package);
        }
        let known: BTreeSet<SourceId> = lock.sources.iter().map(|source| source.id.clone()).collect();
        let sources: BTreeSet<SourceId> =
            lock.packages.iter().map(|package| package.source.clone()).collect();
        for id in sources.difference(&known) {
            let address = self.source_address(id).await;
            lock.sources.push(LockedSource { id: id.clone(), address });
        }
        Ok((lock.sorted(), titles))
    }

    /// Packages for everything that is adopted, with the titles of those that are made here.
    fn packages_of(
        &self,
        game: &GameId,
        lock: &Lock,
        look: Look,
    ) -> Result<Vec<(LockedPackage, Option<String>)>, EngineError> {
        let local = lock.packages.iter().filter(|package| package.source.as_str() == LOCAL);
        let mut taken: BTreeSet<String> =
            local.filter_map(|package| Some(package.published()?.package.to_string())).collect();
        let mut packages = Vec::new();
        for finding in &look.findings {
            match &finding.identity {
                Identity::Archive(sha256) => packages.push((look.packages[sha256].clone(), None)),
                Identity::Manifest(named) => {
                    let id = keep::package_id(&named.name, &mut taken)?;
                    let package = keep::keep_files(self, &look.scan, (game, &id, named), &finding.files)?;
                    packages.push((package, Some(named.title.clone())));
                }
                Identity::Yours(_) => {}
            }
        }
        Ok(packages)
    }
}

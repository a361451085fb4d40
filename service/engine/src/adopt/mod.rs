//! Taking over what is there: mods that the player or another manager put into a folder become packages of a profile,
//! where they lie.
//!
//! [`scan`] lists, [`identify`] says what each thing is (pure), [`keep`] makes packages of what only a manifest names.
//! The rest is a change like any other, except that its deployment may write nothing: what is adopted is there already.
//! What nothing identifies stays the player's: it is shown, and never moved or deleted.
//!
//! Where another manager keeps its profile apart from the game's folder, the packages are made of what lies there and placed
//! in the game like any others; the manager's folder stays as it is.

mod copied;
mod identify;
mod keep;
mod known;
mod managers;
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
use muster_games::{Installation, InstallationKind};
use muster_store::state::{NewSeed, Profile};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::{
    Engine, EngineError, Key, NewProfile,
    jobs::{JobRequest, blocking, submit},
    placing,
};
use identify::{Finding, Identity, identify, units};
use managers::Listing;
use manifests::Named;
use scan::{OnDisk, Scan, scan};

pub use identify::Yours;
pub(crate) use keep::{LOCAL, package_name};
pub use managers::{ManagedProfile, ManagedProfileView, Manager};

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
    /// The package of a source that has this name and version; nothing proves that it is the same.
    pub known_as: Option<Key>,
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
    /// Whether they lie in the folder of another manager's profile: then the game gets files of its own.
    pub is_copied: bool,
}

/// Part of a job's request; see [`AdoptionRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Adoption {
    pub path: Option<PathBuf>,
    pub agreed: String,
    /// From another manager's profile apart from the game.
    #[serde(default)]
    pub is_copied: bool,
}

/// The folders that are meant.
struct Target {
    profile: Option<Profile>,
    game: GameId,
    /// Where it would lie; of another manager's profile, as if its folder were the game's.
    installation: Installation,
    path: Option<PathBuf>,
    /// The game's folder of a profile that will be made, where the player chose it by hand.
    by_hand: Option<PathBuf>,
    /// The other manager's profile.
    listing: Option<Listing>,
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
            let (mut package, mut known_as) = (None, None);
            let (title, version) = match identity {
                Identity::Yours(why) => {
                    yours.push(YoursView { place, name, files, size, why });
                    continue;
                }
                Identity::Manifest(Named { title, version, .. }) => {
                    known_as = self.known_as(&name, version.as_ref()).await?;
                    (title, version)
                }
                Identity::Archive(sha256) => {
                    let known = &packages[&sha256];
                    let key = package.insert(Key::of(known));
                    (self.title(key).await, Some(known.version.clone()))
                }
            };
            adopted.push(AdoptedView { place, name, title, version, package, known_as, files, size });
        }
        let (profile, is_copied) = (target.profile.map(|profile| profile.id), target.listing.is_some());
        Ok(AdoptionView { profile, game: target.game, digest, adopted, yours, managed, is_copied })
    }

    /// The package of a source of foreign names that is called like this and has the version.
    async fn known_as(&self, name: &str, version: Option<&Version>) -> Result<Option<Key>, EngineError> {
        let (Ok(id), Some(version)) = (name.parse::<muster_domain::PackageId>(), version) else {
            return Ok(None);
        };
        let sources = self.state().sources().all().await?;
        for source in sources.into_iter().filter(|source| source.kind == "thunderstore") {
            let Ok(detail) = self.catalog().package(&source.id, &id).await else { continue };
            if detail.releases.iter().any(|release| release.version == *version) {
                return Ok(Some(Key { source: source.id, id }));
            }
        }
        Ok(None)
    }

    /// Carries an adoption out, as a job of one step. Gives the profile, the job, and what puts it back.
    pub async fn adopt(
        &self,
        request: AdoptionRequest,
    ) -> Result<(ProfileId, JobId, Option<String>), EngineError> {
        let target = self.adoption_target(&request).await?;
        let agreed = request.agreed.ok_or(EngineError::NothingAsked)?;
        let profile = match target.profile {
            Some(profile) if profile.active || target.listing.is_some() => profile.id,
            Some(profile) => return Err(EngineError::NotPlaced { profile: profile.name }),
            None => self.profile_for_adoption(&target).await?,
        };
        let adoption = Adoption { path: target.path, agreed, is_copied: target.listing.is_some() };
        let undo = self.undo_token(Some(profile)).await?;
        Ok((profile, submit(self, Some(profile), JobRequest::Adopt { adoption }).await?, undo))
    }

    async fn profile_for_adoption(&self, target: &Target) -> Result<ProfileId, EngineError> {
        let name = target.path.as_deref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        let name = name.unwrap_or(target.game.as_str());
        for number in 1..100 {
            let name = if number == 1 { name.to_owned() } else { format!("{name} {number}") };
            let (game, folder) = (target.game.clone(), target.by_hand.clone());
            let new = NewProfile { name, game, installation: None, folder };
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
            let game = profile.game.clone();
            Ok(Target { game, installation, profile: Some(profile), path, by_hand: None, listing: None })
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
        if let Some(target) = self.copied_target(request, &path).await? {
            return Ok(target);
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
        let by_hand = Some(path.clone());
        Ok(Target { profile: None, game, installation, path: Some(path), by_hand, listing: None })
    }

    /// The profile of another manager that a path means, if it means one.
    async fn copied_target(
        &self,
        request: &AdoptionRequest,
        path: &std::path::Path,
    ) -> Result<Option<Target>, EngineError> {
        let profile = match request.profile {
            Some(id) => Some(self.profile(id).await?),
            None => None,
        };
        let game = profile.as_ref().map(|profile| profile.game.clone()).or_else(|| request.game.clone());
        let (engine, folder) = (self.clone(), path.to_owned());
        let listing = blocking(move || Ok(engine.listing_at(&folder, game.as_ref()))).await?;
        let Some(listing) = listing else { return Ok(None) };
        let game = listing.profile.game.clone();
        if profile.as_ref().is_some_and(|profile| profile.game != game) {
            return Err(EngineError::NoModFolder { path: path.display().to_string() });
        }
        let bound = match &profile {
            Some(profile) => Some(profile.clone()),
            None => self.placed_profile_of(&game).await?,
        };
        let (engine, of_game) = (self.clone(), game.clone());
        let installation = blocking(move || match &bound {
            Some(profile) => engine.installation(profile),
            None => engine.machine().installation(&of_game, None),
        });
        let (real, definition) = (installation.await?, self.machine().definition(&game)?);
        let installation = copied::as_if(&definition, &real, path);
        let by_hand = real.folder.filter(|_| real.kind == InstallationKind::Manual);
        let path = Some(path.to_owned());
        Ok(Some(Target { profile, game, installation, path, by_hand, listing: Some(listing) }))
    }

    async fn placed_profile_of(&self, game: &GameId) -> Result<Option<Profile>, EngineError> {
        let profiles = self.state().profiles().all().await?;
        Ok(profiles.into_iter().find(|profile| profile.active && profile.game == *game))
    }

    async fn look(&self, target: &Target) -> Result<Look, EngineError> {
        let definition = self.machine().definition(&target.game)?;
        let (installation, path) = (target.installation.clone(), target.path.clone());
        let listed =
            target.listing.as_ref().map(|listing| (listing.profile.name.clone(), listing.list.clone()));
        let (name, list) = listed.unzip();
        let found = {
            let definition = definition.clone();
            blocking(move || match (list, &path) {
                (Some(list), Some(folder)) => copied::scan(&definition, &installation, folder, list),
                _ => scan(&definition, &installation, path.as_deref()),
            })
            .await?
        };
        let candidates = self.candidates(&target.game, &found).await?;
        let ours = if name.is_some() { BTreeSet::new() } else { self.placed_files(target).await? };
        let engine = self.clone();
        blocking(move || {
            let mut units = units(found.files.clone(), &found.odd, &found.list);
            if name.is_some() {
                units = copied::gathered(units, &found.list);
            }
            let all = units.len();
            let is_ours = |file: &identify::Listed| ours.contains(&FileKey::new(&file.place, &file.path));
            units.retain(|unit| !unit.files.iter().any(is_ours));
            let managed = all - units.len();
            let known = known::known(&engine, &definition, &found, &candidates)?;
            let facts = OnDisk { scan: &found, definition: &definition };
            let mut findings = identify(units, &known, &found.list, &facts);
            if let Some(name) = name {
                findings = copied::with_settings(findings, &name);
            }
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
        let request = AdoptionRequest {
            profile: Some(profile.id),
            path: adoption.path.clone(),
            ..AdoptionRequest::default()
        };
        let target = self.adoption_target(&request).await?;
        if target.listing.is_some() != adoption.is_copied {
            return Err(EngineError::PlanChanged);
        }
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
            local.filter_map(|package| Some(package.id.published().ok()?.package.to_string())).collect();
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

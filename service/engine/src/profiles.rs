//! Profiles: which packages belong together, and where they are deployed.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use muster_catalog::{Query, SearchContext};
use muster_domain::{
    Channel, GameId, GenerationNumber, JobId, LockedPackage, PackageId, Platform, ProfileId, Side, Version,
};
use muster_games::Installation;
use muster_store::state::{NewProfile as StoredNew, Profile};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    AdviceView, Engine, EngineError, Key, PlaceStorage, Reason, Signal,
    jobs::{JobRequest, blocking, submit},
    lifecycle::{name_taken, readable_name},
    machine::{name_of, place_of},
    upkeep::News,
};

/// Setting that names the profile shown first.
const CURRENT: &str = "current-profile";

/// Where a profile is deployed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub installation: Installation,
    /// Name of the world whose settings name the packages.
    #[serde(default)]
    pub world: Option<String>,
}

impl Binding {
    pub fn of(profile: &Profile) -> Result<Self, EngineError> {
        serde_json::from_value(profile.installation.clone())
            .map_err(|_| EngineError::Internal("a profile's installation cannot be read"))
    }

    fn to_value(&self) -> Result<serde_json::Value, EngineError> {
        serde_json::to_value(self).map_err(|_| EngineError::Internal("an installation is not JSON"))
    }
}

/// A profile as lists show it.
#[derive(Clone, Debug)]
pub struct ProfileView {
    pub id: ProfileId,
    pub name: String,
    pub game: GameId,
    pub game_title: String,
    pub installation: String,
    /// Shown first, and meant where none is named.
    pub is_current: bool,
    /// Its files are in the game's folders.
    pub is_placed: bool,
    pub generation: GenerationNumber,
    pub on: usize,
    pub off: usize,
    pub updates: usize,
    pub problems: usize,
    pub world: Option<String>,
    pub side: Side,
    /// What the player says that the game runs on.
    pub chosen_platform: Option<Platform>,
    /// What it runs on.
    pub platform: Platform,
    /// The least ripe releases that the player wants of its packages.
    pub channel: Channel,
}

/// A package in a profile.
#[derive(Clone, Debug)]
pub struct EntryView {
    pub package: LockedPackage,
    /// The least ripe releases that the player wants of it, where that is not the profile's.
    pub channel: Option<Channel>,
    pub title: String,
    pub publisher: String,
    pub is_admitted: bool,
    pub needed_by: Vec<String>,
    pub update: Option<Version>,
    /// A newer version that the player does not want.
    pub skipped: Option<Version>,
    pub problem: Option<Reason>,
    /// What sources say against this version, the worst first.
    pub advice: Vec<AdviceView>,
}

/// A state of a profile.
#[derive(Clone, Debug)]
pub struct GenerationView {
    pub number: GenerationNumber,
    pub at: Timestamp,
    pub cause: Reason,
    pub name: Option<String>,
    pub is_current: bool,
}

/// A profile with everything in it.
#[derive(Clone, Debug)]
pub struct ProfileDetail {
    pub view: ProfileView,
    pub entries: Vec<EntryView>,
    /// Newest first; the last is the state before Muster changed anything.
    pub generations: Vec<GenerationView>,
    pub places: BTreeMap<String, PathBuf>,
    /// How files get there, as far as that was tried out.
    pub storage: Vec<PlaceStorage>,
    pub lock: String,
}

/// A profile to make.
#[derive(Clone, Debug)]
pub struct NewProfile {
    pub name: String,
    pub game: GameId,
    pub installation: Option<String>,
    pub folder: Option<PathBuf>,
}

/// What to change about a profile.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    pub name: Option<String>,
    pub activate: bool,
    /// An empty text unbinds.
    pub world: Option<String>,
}

impl Engine {
    pub(crate) async fn profile(&self, id: ProfileId) -> Result<Profile, EngineError> {
        self.state().profiles().get(id).await?.ok_or(EngineError::UnknownProfile(id))
    }

    /// The profile that is meant where none is named: the one that was chosen, else one with packages, else one whose game
    /// has packages to offer.
    pub async fn current_profile(&self) -> Result<Option<ProfileId>, EngineError> {
        let mut profiles = self.state().profiles().all().await?;
        let chosen = self.state().settings().get(CURRENT).await?;
        let chosen = chosen.and_then(|value| value.as_str()?.parse::<ProfileId>().ok());
        if let Some(chosen) = profiles.iter().find(|profile| Some(profile.id) == chosen) {
            return Ok(Some(chosen.id));
        }
        profiles.sort_by_key(|profile| !profile.active);
        if let Some(used) = profiles.iter().find(|profile| !profile.lock.packages.is_empty()) {
            return Ok(Some(used.id));
        }
        if profiles.len() > 1 {
            for profile in &profiles {
                if self.offers_any(&profile.game).await? {
                    return Ok(Some(profile.id));
                }
            }
        }
        Ok(profiles.first().map(|profile| profile.id))
    }

    /// Whether a source has packages for a game.
    async fn offers_any(&self, game: &GameId) -> Result<bool, EngineError> {
        let query = Query::parse(&format!("game:{game}"));
        let context = SearchContext { now: Timestamp::now(), ..SearchContext::default() };
        Ok(self.catalog().count(&query, context).await? > 0)
    }

    pub(crate) fn installation(&self, profile: &Profile) -> Result<Installation, EngineError> {
        Ok(Binding::of(profile)?.installation)
    }

    pub(crate) async fn store_profile(
        &self,
        id: ProfileId,
        (name, game): (&str, &GameId),
        installation: Installation,
    ) -> Result<(), EngineError> {
        let place = place_of(&installation);
        let is_first_there = !self.state().profiles().all().await?.iter().any(|other| other.place == place);
        let installation = Binding { installation, world: None }.to_value()?;
        let new = StoredNew { id, name: name.to_owned(), game: game.clone(), place, installation };
        let created = self.state().profiles().create(new, Timestamp::now()).await;
        created.map_err(|error| name_taken(error, name))?;
        if is_first_there {
            self.state().profiles().activate(id).await?;
        }
        Ok(())
    }

    /// Makes a profile for a game that was found, or for a folder.
    pub async fn create_profile(&self, new: NewProfile) -> Result<ProfileId, EngineError> {
        let name = readable_name(&new.name)?;
        let (engine, game) = (self.clone(), new.game.clone());
        let installation = blocking(move || match &new.folder {
            Some(folder) => engine.machine().manual(&new.game, folder),
            None => engine.machine().installation(&new.game, new.installation.as_deref()),
        })
        .await?;
        let id = ProfileId(Uuid::now_v7());
        self.create_profile_as(id, (&name, &game), installation).await?;
        Ok(id)
    }

    /// Makes a profile for an installation that is known already, under an id that may have been written down before.
    pub(crate) async fn create_profile_as(
        &self,
        id: ProfileId,
        (name, game): (&str, &GameId),
        installation: Installation,
    ) -> Result<(), EngineError> {
        self.store_profile(id, (&readable_name(name)?, game), installation).await?;
        self.signal(Signal::Profiles);
        Ok(())
    }

    /// The profile that is shown first from now on, if any is chosen.
    pub(crate) async fn set_current_profile(&self, id: Option<ProfileId>) -> Result<(), EngineError> {
        let value = id.map_or(serde_json::Value::Null, |id| json!(id.to_string()));
        self.state().settings().set(CURRENT, value, Timestamp::now()).await?;
        self.signal(Signal::Profiles);
        self.signal(Signal::Status);
        Ok(())
    }

    /// Renames, activates, binds to a world. Gives the job that brings the folders in line, where one is needed.
    pub async fn patch_profile(
        &self,
        id: ProfileId,
        patch: ProfilePatch,
    ) -> Result<Option<JobId>, EngineError> {
        let profile = self.profile(id).await?;
        if let Some(name) = &patch.name {
            let name = readable_name(name)?;
            let renamed = self.state().profiles().rename(id, &name).await;
            renamed.map_err(|error| name_taken(error, &name))?;
        }
        let mut needs_job = false;
        if let Some(world) = patch.world {
            self.bind_world(&profile, world).await?;
            needs_job = profile.active;
        }
        if patch.activate {
            self.set_current_profile(Some(id)).await?;
        }
        self.signal(Signal::Profiles);
        self.signal(Signal::Status);
        // A profile is active once its files are in place: until then the one before is, in the books as in the folder.
        let request = match (patch.activate && !profile.active, needs_job) {
            (true, _) => JobRequest::Activate,
            (false, true) => JobRequest::Repair,
            (false, false) => return Ok(None),
        };
        submit(self, Some(id), request).await.map(Some)
    }

    async fn bind_world(&self, profile: &Profile, world: String) -> Result<(), EngineError> {
        let mut binding = Binding::of(profile)?;
        if !world.is_empty() {
            let (engine, game) = (self.clone(), profile.game.clone());
            let installation = binding.installation.clone();
            let known = blocking(move || {
                let definition = engine.machine().definition(&game)?;
                Ok(engine.machine().describe(&definition, installation).worlds)
            });
            let known = known.await?;
            if !known.contains(&world) {
                return Err(EngineError::InvalidSetting { name: "world" });
            }
        }
        binding.world = Some(world).filter(|world| !world.is_empty());
        Ok(self.state().profiles().set_installation(profile.id, &profile.place, binding.to_value()?).await?)
    }

    /// Goes back to an earlier state, as a new step.
    pub async fn go_back(&self, id: ProfileId, generation: GenerationNumber) -> Result<JobId, EngineError> {
        let profile = self.profile(id).await?;
        let known = self.state().profiles().generation_lock(id, generation).await?;
        if generation != 0 && (known.is_none() || generation >= profile.generation) {
            return Err(EngineError::UnknownGeneration(generation));
        }
        submit(self, Some(id), JobRequest::GoBack { generation }).await
    }

    /// Names the present state of a profile, so that the change that follows can be put back.
    pub async fn undo_token(&self, profile: Option<ProfileId>) -> Result<Option<String>, EngineError> {
        let profile = self.profile_or_current(profile).await?;
        Ok(profile.map(|profile| format!("{}.{}", profile.id, profile.generation)))
    }

    /// Names the profile whose place another one is about to take.
    pub async fn switch_token(&self, id: ProfileId) -> Result<Option<String>, EngineError> {
        let profile = self.profile(id).await?;
        let before = self.active_at(&profile.place).await?.filter(|before| before.id != id);
        Ok(before.map(|before| format!("switch.{}", before.id)))
    }

    /// Puts back the change that the token was given for; with a job where files are placed.
    pub async fn undo(&self, token: &str) -> Result<Option<JobId>, EngineError> {
        let (what, which) = token.split_once('.').ok_or(EngineError::UnknownUndo)?;
        let profile = |text: &str| text.parse::<ProfileId>().map_err(|_| EngineError::UnknownUndo);
        match what {
            "restore" => self.restore_profile(profile(which)?, None).await,
            "switch" => self.switch_to(profile(which)?).await,
            _ => {
                let generation = which.parse().map_err(|_| EngineError::UnknownUndo)?;
                self.go_back(profile(what)?, generation).await.map(Some)
            }
        }
    }

    /// All profiles.
    pub async fn profiles(&self) -> Result<Vec<ProfileView>, EngineError> {
        let current = self.current_profile().await?;
        let mut views = Vec::new();
        for profile in self.state().profiles().all().await? {
            views.push(self.profile_view(&profile, current).await?);
        }
        Ok(views)
    }

    async fn profile_view(
        &self,
        profile: &Profile,
        current: Option<ProfileId>,
    ) -> Result<ProfileView, EngineError> {
        let binding = Binding::of(profile)?;
        self.get_to_know(profile.lock.packages.iter()).await;
        let on = profile.lock.packages.iter().filter(|package| package.enabled).count();
        let mut updates = 0;
        for package in profile.lock.packages.iter().filter(|package| package.held.is_none()) {
            updates += usize::from(self.update_of(profile, package).await.is_some());
        }
        let is_wrong = |package: &&LockedPackage| {
            problem(profile, package).is_some() || (package.enabled && self.is_locked_despite_advice(package))
        };
        let problems = profile.lock.packages.iter().filter(is_wrong).count();
        Ok(ProfileView {
            id: profile.id,
            name: profile.name.clone(),
            game_title: self.machine().definition(&profile.game)?.title.clone(),
            game: profile.game.clone(),
            installation: name_of(&binding.installation),
            is_current: current == Some(profile.id),
            is_placed: profile.active,
            generation: profile.generation,
            on,
            off: profile.lock.packages.len() - on,
            updates,
            problems,
            world: binding.world,
            side: profile.lock.side,
            chosen_platform: profile.lock.platform,
            platform: self.platform(profile),
            channel: profile.lock.channel,
        })
    }

    /// A profile with packages and history.
    pub async fn profile_detail(&self, id: ProfileId) -> Result<ProfileDetail, EngineError> {
        let profile = self.profile(id).await?;
        let view = self.profile_view(&profile, self.current_profile().await?).await?;
        let mut entries = Vec::new();
        for package in &profile.lock.packages {
            entries.push(self.entry(&profile, package).await);
        }
        let stored = self.state().profiles().generations(id).await?;
        let mut generations: Vec<GenerationView> = stored
            .into_iter()
            .map(|generation| GenerationView {
                number: generation.number,
                at: generation.created_at,
                cause: Reason {
                    code: generation.cause,
                    context: serde_json::from_value(generation.params).unwrap_or_default(),
                },
                name: generation.name,
                is_current: generation.number == profile.generation,
            })
            .collect();
        if !generations.iter().any(|generation| generation.number == 0) {
            generations.push(GenerationView {
                number: 0,
                at: profile.created_at,
                cause: Reason::new("created"),
                name: None,
                is_current: profile.generation == 0,
            });
        }
        generations.sort_by_key(|generation| std::cmp::Reverse(generation.number));
        let installation = Binding::of(&profile)?.installation;
        let (storage, places) = (self.storage(&installation), installation.places);
        Ok(ProfileDetail { view, entries, generations, places, storage, lock: profile.lock.to_text() })
    }

    async fn entry(&self, profile: &Profile, package: &LockedPackage) -> EntryView {
        let mut needed_by = Vec::new();
        for other in profile.lock.packages.iter().filter(|other| other.needs.contains(&package.id)) {
            needed_by.push(self.title(&Key::of(other)).await);
        }
        let publisher = package.published().map(|name| name.publisher.to_string()).unwrap_or_default();
        let is_admitted = match package.published() {
            Some(name) => self.is_admitted(&package.source, &name.publisher).await,
            None => false,
        };
        let (update, skipped) = match self.news_of(profile, package).await {
            Some(News::Update(version)) => (Some(version), None),
            Some(News::Skipped(version)) => (None, Some(version)),
            None => (None, None),
        };
        EntryView {
            title: self.title(&Key::of(package)).await,
            publisher,
            is_admitted,
            needed_by,
            update,
            skipped,
            problem: self.advice_problem(package).await.or_else(|| problem(profile, package)),
            advice: self.advice_about_locked(package).await,
            channel: profile.lock.own_channel(&package.source, &package.id),
            package: package.clone(),
        }
    }
}

/// A package that needs one which is switched off does not work.
fn problem(profile: &Profile, package: &LockedPackage) -> Option<Reason> {
    if !package.enabled {
        return None;
    }
    let is_off =
        |id: &&PackageId| profile.lock.packages.iter().any(|other| other.id == **id && !other.enabled);
    let off = package.needs.iter().find(is_off)?;
    Some(Reason::new("needs-disabled").with("package", off))
}

//! What the player made with a game: snapshots of it, by hand or before changes that old saves may not survive.
//!
//! Muster never touches saves by itself. Only bringing a snapshot back writes to them, after what is there was snapshotted
//! too. It goes through a deployment of its own, with a journal: a crash leaves the old saves or the new ones.

mod error;
mod policy;
mod shelf;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jiff::Timestamp;
use muster_deploy::{
    Brought, Choices, Deployment, Desired, Key as FileKey, Room, Source, Trees, Version, Watch,
};
use muster_domain::{GameId, Lock, ProfileId, Sha256};
use muster_fsx::Dir;
use muster_games::{Definition, Installation, LinkChoice, save_folders, save_name};
use muster_store::state::Profile;

use crate::{Engine, EngineError, Reason, jobs::blocking, profiles::Binding};
use policy::is_large;
use shelf::{SavedFile, Scan, Shelf, Snapshot};

pub use error::{SAVES_CODES, SavesError};
pub use policy::{SavesRules, SavesWhen};

/// Key in the settings table: rules by game.
const KEY: &str = "saves";
/// Smallest quota that holds anything.
const MIN_QUOTA: u64 = 1_000_000;
/// Most snapshots that a player can ask for.
const MAX_KEEP: u32 = 1000;

/// A snapshot as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotView {
    pub number: u64,
    pub at: Timestamp,
    pub why: Reason,
    /// Names of the saves in it, by kind.
    pub saves: Vec<(String, String)>,
    pub files: usize,
    /// Bytes.
    pub size: u64,
    /// Files that are not in it, because not every system can have their names.
    pub left_out: usize,
}

/// The saves of a profile's game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavesView {
    pub rules: SavesRules,
    /// By kind; they may not exist yet. None at all: the definition says nothing of saves.
    pub folders: Vec<(String, PathBuf)>,
    /// The newest first.
    pub snapshots: Vec<SnapshotView>,
    /// Bytes of all snapshots together.
    pub used: u64,
}

/// The rules to change; absent ones stay.
#[derive(Clone, Copy, Debug, Default)]
pub struct SavesPatch {
    pub when: Option<SavesWhen>,
    pub quota: Option<u64>,
    pub keep: Option<u32>,
}

impl SnapshotView {
    fn of(snapshot: Snapshot) -> Self {
        let saves: BTreeSet<(String, String)> =
            snapshot.files.iter().map(|file| (file.kind.clone(), save_name(&file.path).to_owned())).collect();
        Self {
            number: snapshot.number,
            at: snapshot.at,
            why: snapshot.why,
            saves: saves.into_iter().collect(),
            files: snapshot.files.len(),
            size: snapshot.files.iter().map(|file| file.size).sum(),
            left_out: snapshot.left_out,
        }
    }
}

/// Only the files of snapshots, by their hash.
struct Objects<'s>(&'s Dir);

impl Trees for Objects<'_> {
    fn tree(&self, _place: &str, _archive: &Sha256) -> Option<&Dir> {
        None
    }

    fn kept(&self) -> Option<&Dir> {
        Some(self.0)
    }
}

/// The saves of one profile's folders, while nobody changes them.
struct Saves {
    definition: std::sync::Arc<Definition>,
    installation: Installation,
    shelf: Shelf,
    rules: SavesRules,
}

impl Saves {
    fn scan(&self) -> Result<Scan, EngineError> {
        Scan::of(&self.definition, &self.installation)
    }

    /// A snapshot of what is there; `None` where nothing is.
    fn take(&self, why: Reason, needed: &BTreeSet<u64>) -> Result<Option<Snapshot>, EngineError> {
        let scan = self.scan()?;
        match scan.paths().next() {
            Some(_) => self.shelf.take(&scan, why, (&self.rules, needed)).map(Some),
            None => Ok(None),
        }
    }

    /// Makes the named saves what they were; all of the snapshot's where none is named. Others stay as they are.
    fn restore(&self, number: u64, names: &[String]) -> Result<Option<Snapshot>, EngineError> {
        let snapshot = self.shelf.snapshot(number)?;
        let is_meant =
            |file: &SavedFile| names.is_empty() || names.iter().any(|name| name == save_name(&file.path));
        let wanted: Vec<&SavedFile> = snapshot.files.iter().filter(|file| is_meant(file)).collect();
        let lost = |name: &&String| !wanted.iter().any(|file| save_name(&file.path) == name.as_str());
        if let Some(name) = names.iter().find(lost) {
            return Err(SavesError::UnknownSave { name: name.clone() }.into());
        }
        let kept = self.take(Reason::new("before-restore").with("number", number), &[number].into())?;
        let units: BTreeSet<(&str, &str)> =
            wanted.iter().map(|file| (file.kind.as_str(), save_name(&file.path))).collect();
        let mut brought = BTreeMap::new();
        for (kind, path) in
            self.scan()?.paths().filter(|(kind, path)| units.contains(&(*kind, save_name(path))))
        {
            let file = Brought { place: kind.to_owned(), path: path.clone(), version: None, room: Room::Any };
            brought.insert(FileKey::new(kind, path), file);
        }
        for file in wanted {
            let version = Version { source: Source::Kept, sha256: file.sha256, size: file.size };
            let (place, path) = (file.kind.clone(), file.path.clone());
            let key = FileKey::new(&place, &path);
            brought.insert(key, Brought { place, path, version: Some(version), room: Room::Any });
        }
        self.put(brought)?;
        Ok(kept)
    }

    fn books(&self) -> Result<Deployment, EngineError> {
        let folders = save_folders(&self.definition, &self.installation).into_iter().collect();
        Ok(Deployment::open(folders, &self.shelf.restore_state())?.0)
    }

    fn put(&self, brought: BTreeMap<FileKey, Brought>) -> Result<(), EngineError> {
        let mut deployment = self.books()?;
        let desired = Desired { brought, ..Desired::default() };
        let plan = deployment.plan(&desired, &Choices::default())?;
        let mut progress = |_| {};
        let mut watch = Watch {
            trees: &Objects(self.shelf.objects()),
            links: &[LinkChoice::Reflink, LinkChoice::Copy],
            progress: &mut progress,
            cancelled: &|| false,
        };
        deployment.apply(&plan, &mut watch)?;
        // What made room is in the snapshot that was taken before.
        let names = deployment.applied().saved.iter().map(|saved| saved.name.clone()).collect();
        deployment.free_kept(&names)?;
        Ok(())
    }
}

impl Engine {
    fn shelf_folder(&self, installation: &Installation) -> PathBuf {
        let deployment = self.deployment_folder(installation);
        let name = deployment.file_name().unwrap_or_default();
        self.inner.places.state.join("saves").join(name)
    }

    async fn all_saves_rules(&self) -> Result<BTreeMap<GameId, SavesRules>, EngineError> {
        let stored = self.state().settings().get(KEY).await?;
        Ok(stored.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
    }

    async fn saves_rules(&self, game: &GameId) -> Result<SavesRules, EngineError> {
        Ok(self.all_saves_rules().await?.remove(game).unwrap_or_default())
    }

    /// Does something with the saves of a profile's game. The caller has the turn of its folders.
    async fn with_saves<T: Send + 'static>(
        &self,
        profile: &Profile,
        work: impl FnOnce(&Saves) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let rules = self.saves_rules(&profile.game).await?;
        let (engine, profile) = (self.clone(), profile.clone());
        blocking(move || {
            let definition = engine.machine().definition(&profile.game)?;
            if definition.saves.is_empty() {
                return Err(SavesError::NoSaves { game: definition.title.clone() }.into());
            }
            let installation = Binding::of(&profile)?.installation;
            let shelf = Shelf::open(&engine.shelf_folder(&installation))?;
            work(&Saves { definition, installation, shelf, rules })
        })
        .await
    }

    /// The same, where nobody may be playing: what is written meanwhile would be half a save.
    async fn with_quiet_saves<T: Send + 'static>(
        &self,
        id: ProfileId,
        work: impl FnOnce(&Saves) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        let engine = self.clone();
        self.with_saves(&profile, move |saves| {
            match engine.machine().is_played(&saves.definition, &saves.installation) {
                true => Err(EngineError::GameRunning { game: saves.definition.title.clone() }),
                false => work(saves),
            }
        })
        .await
    }

    /// The saves of a profile's game, and what there are of snapshots.
    pub async fn saves(&self, id: ProfileId) -> Result<SavesView, EngineError> {
        let profile = self.profile(id).await?;
        let rules = self.saves_rules(&profile.game).await?;
        let found = self.with_saves(&profile, move |saves| {
            let mut snapshots: Vec<_> = saves.shelf.snapshots()?.into_iter().map(SnapshotView::of).collect();
            snapshots.reverse();
            let folders = save_folders(&saves.definition, &saves.installation);
            Ok(SavesView { rules: saves.rules, folders, snapshots, used: saves.shelf.used()? })
        });
        match found.await {
            Err(EngineError::Saves(SavesError::NoSaves { .. })) => {
                Ok(SavesView { rules, folders: Vec::new(), snapshots: Vec::new(), used: 0 })
            }
            found => found,
        }
    }

    /// Changes when the saves of a profile's game are snapshotted and how much of that is kept.
    pub async fn set_saves_rules(&self, id: ProfileId, patch: SavesPatch) -> Result<(), EngineError> {
        let profile = self.profile(id).await?;
        let mut all = self.all_saves_rules().await?;
        let rules = all.entry(profile.game.clone()).or_default();
        let (quota, keep) = (patch.quota.unwrap_or(rules.quota), patch.keep.unwrap_or(rules.keep));
        if quota < MIN_QUOTA {
            return Err(EngineError::InvalidSetting { name: "quota" });
        }
        if keep == 0 || keep > MAX_KEEP {
            return Err(EngineError::InvalidSetting { name: "keep" });
        }
        *rules = SavesRules { when: patch.when.unwrap_or(rules.when), quota, keep };
        let value = serde_json::to_value(&all).map_err(|_| EngineError::Internal("rules are not JSON"))?;
        self.state().settings().set(KEY, value, Timestamp::now()).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        match self.with_saves(&profile, |saves| saves.shelf.tidy(&saves.rules, &BTreeSet::new())).await {
            Err(EngineError::Saves(SavesError::NoSaves { .. })) => Ok(()),
            tidied => tidied,
        }
    }

    /// Takes a snapshot now; gives its number. Where nothing changed since the newest one, that is given.
    pub async fn snapshot_saves(&self, id: ProfileId) -> Result<u64, EngineError> {
        self.with_quiet_saves(id, |saves| {
            let taken = saves.take(Reason::new("by-hand"), &BTreeSet::new())?;
            let none = || EngineError::from(SavesError::NoSaves { game: saves.definition.title.clone() });
            Ok(taken.ok_or_else(none)?.number)
        })
        .await
    }

    /// Brings saves back as they were in a snapshot; those that are named, or all in it. Other saves stay. What is there
    /// is snapshotted first: gives the number of that, where anything was there.
    pub async fn restore_saves(
        &self,
        id: ProfileId,
        number: u64,
        names: Vec<String>,
    ) -> Result<Option<u64>, EngineError> {
        self.with_quiet_saves(id, move |saves| Ok(saves.restore(number, &names)?.map(|kept| kept.number)))
            .await
    }

    /// Lets a snapshot go for good.
    pub async fn free_snapshot(&self, id: ProfileId, number: u64) -> Result<(), EngineError> {
        let profile = self.profile(id).await?;
        let turn = self.turn(&profile.place);
        let _turn = turn.lock().await;
        self.with_saves(&profile, move |saves| saves.shelf.let_go(number)).await
    }

    /// Takes a snapshot before a change that old saves may not survive, where the player wants that. The caller has the
    /// turn. Without the snapshot that was asked for the change does not happen.
    pub(crate) async fn snapshot_before(
        &self,
        profile: &Profile,
        after: &Lock,
        cause: &Reason,
    ) -> Result<(), EngineError> {
        if self.saves_rules(&profile.game).await?.when == SavesWhen::Off {
            return Ok(());
        }
        let before = self.active_at(&profile.place).await?.map(|placed| placed.lock).unwrap_or_default();
        if !is_large(&before, after) {
            return Ok(());
        }
        let (engine, why) =
            (self.clone(), Reason { code: format!("before-{}", cause.code), ..cause.clone() });
        let taken = self.with_saves(profile, move |saves| {
            // The change itself refuses where somebody plays.
            match engine.machine().is_played(&saves.definition, &saves.installation) {
                true => Ok(None),
                false => saves.take(why, &BTreeSet::new()),
            }
        });
        match taken.await {
            Ok(_) | Err(EngineError::Saves(SavesError::NoSaves { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Ends what a crash left of bringing saves back: the old ones or the new ones are there. Blocks on the disk.
    pub(crate) fn recover_saves(&self, installation: &Installation) -> Result<(), EngineError> {
        let folder = self.shelf_folder(installation);
        if !folder.join("restore").is_dir() {
            return Ok(());
        }
        let definition = self.machine().definition(&installation.game)?;
        let (shelf, rules) = (Shelf::open(&folder)?, SavesRules::default());
        let saves = Saves { definition, installation: installation.clone(), shelf, rules };
        saves.books().map(drop)
    }
}

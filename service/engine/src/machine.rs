//! The games of this machine: definitions, installations that were found, and how a profile names one.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
    time::{Duration, Instant},
};

use muster_domain::GameId;
use muster_games::{
    Danger, Definition, Environment, GameError, Installation, InstallationKind, Library, Mute, Origin,
    Packaging, Platform, Process, Running, ThisMachine, detect, loaders, manual, running_among, worlds,
};
use muster_keyring::Keyring;
use sha2::Digest as _;

use crate::{EngineError, PlaceStorage, Watcher};

/// How long an answer about this machine is taken as current.
const FRESH: Duration = Duration::from_secs(30);

/// Lists the programs that run.
pub type Processes = Arc<dyn Fn() -> Vec<Process> + Send + Sync>;

/// What the engine perceives of what happens on the machine while it runs. A value, so that a test can play the machine.
#[derive(Clone)]
pub struct Senses {
    pub watcher: Arc<Watcher>,
    pub processes: Processes,
    /// Has the player's keys for services.
    pub keyring: Keyring,
}

impl Senses {
    /// This machine's processes and keyring beside what the watcher tells.
    pub fn new(watcher: Watcher) -> Self {
        Self {
            watcher: Arc::new(watcher),
            processes: Arc::new(|| ThisMachine.processes()),
            keyring: Keyring::system(),
        }
    }

    /// Knows nothing, sees no game and has no keyring.
    pub fn blind() -> Self {
        Self { watcher: Arc::new(Watcher::blind()), processes: Arc::new(Vec::new), keyring: Keyring::none() }
    }
}

/// A game and where it was found.
#[derive(Clone, Debug)]
pub struct FoundGame {
    pub id: GameId,
    pub title: String,
    pub installations: Vec<FoundInstallation>,
    /// The definition in force is the player's own.
    pub is_own: bool,
}

/// An installation with its name and worlds.
#[derive(Clone, Debug)]
pub struct FoundInstallation {
    /// Stable on this machine: `native`, `flatpak:<application>`, `steam:<application>`, `heroic:<store>-<id>`,
    /// `lutris:<slug>`, the last three with `-flatpak` or `-snap` before the colon where the launcher is one;
    /// `manual:<hash of the folder>`.
    pub name: String,
    pub installation: Installation,
    pub worlds: Vec<String>,
    /// How files get to its places, as far as that was tried out.
    pub storage: Vec<PlaceStorage>,
}

/// Definitions and the machine.
pub(crate) struct Machine {
    library: RwLock<Library>,
    pub environment: Environment,
    platform: ThisMachine,
    found: Mutex<Option<(Instant, Vec<FoundGame>)>>,
    /// What was found last, however long ago: never waits for a look that goes on.
    known: Mutex<Arc<Vec<FoundGame>>>,
    processes: Processes,
}

/// The name of an installation.
pub(crate) fn name_of(installation: &Installation) -> String {
    match &installation.kind {
        InstallationKind::Native => "native".into(),
        InstallationKind::Flatpak { id } => format!("flatpak:{id}"),
        InstallationKind::Steam { app, packaging } => format!("steam{}:{app}", suffix(*packaging)),
        InstallationKind::Heroic { store, id, packaging } => {
            format!("heroic{}:{store}-{id}", suffix(*packaging))
        }
        InstallationKind::Lutris { slug, packaging } => format!("lutris{}:{slug}", suffix(*packaging)),
        InstallationKind::Manual => {
            let roots: Vec<_> = installation.roots.values().map(|root| root.to_string_lossy()).collect();
            let digest = sha2::Sha256::digest(roots.join("\0"));
            format!("manual:{}", muster_domain::Sha256(digest.into()).short())
        }
    }
}

fn suffix(packaging: Packaging) -> &'static str {
    match packaging {
        Packaging::System => "",
        Packaging::Flatpak => "-flatpak",
        Packaging::Snap => "-snap",
    }
}

/// What two profiles share when they are deployed to the same folders.
pub(crate) fn place_of(installation: &Installation) -> String {
    let roots = installation.roots.iter().map(|(name, path)| format!("{name}={}", path.display()));
    roots.collect::<Vec<_>>().join(";")
}

impl Machine {
    pub fn new(mut processes: Processes) -> Result<Self, EngineError> {
        let library = Library::shipped()?;
        let mut environment = ThisMachine::environment();
        // For tests of whole programs, as for everything else that is seen of the machine.
        if let Some(root) = environment.variables.get(muster_surroundings::SYSTEM_ROOT).map(PathBuf::from) {
            environment.root = root;
            // A machine that is made up runs no games, whatever the real one does beside it.
            processes = Arc::new(Vec::new);
        }
        Ok(Self {
            library: RwLock::new(library),
            environment,
            platform: ThisMachine,
            found: Mutex::default(),
            known: Mutex::default(),
            processes,
        })
    }

    fn library(&self) -> RwLockReadGuard<'_, Library> {
        self.library.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The definition in force.
    pub fn definition(&self, game: &GameId) -> Result<Arc<Definition>, EngineError> {
        Ok(self.library().get(game)?.clone())
    }

    /// The definitions in force, of all games.
    pub fn definitions(&self) -> Vec<Arc<Definition>> {
        self.library().iter().cloned().collect()
    }

    /// Who wrote definitions of a game; the last one is in force.
    pub fn origins(&self, game: &GameId) -> Vec<Origin> {
        self.library().origins(game)
    }

    /// Changes the definitions; games are looked for anew after that.
    pub fn change<T>(&self, change: impl FnOnce(&mut Library) -> T) -> T {
        let result = change(&mut self.library.write().unwrap_or_else(PoisonError::into_inner));
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = None;
        result
    }

    /// All games, found ones first. May start programs to ask for their version: call from a blocking thread.
    pub fn games(&self) -> Vec<FoundGame> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match &*found {
            Some((at, games)) if at.elapsed() < FRESH => games.clone(),
            _ => {
                let games = self.look(&self.platform);
                *found = Some((Instant::now(), games.clone()));
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(games.clone());
                games
            }
        }
    }

    /// What can be seen without starting a program: which games are there, not in which version where only their programs say
    /// that. Never an answer for somebody else.
    pub fn glance(&self) -> Arc<Vec<FoundGame>> {
        let games = Arc::new(self.look(&Mute(&self.platform)));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = games.clone();
        games
    }

    fn look(&self, platform: &dyn Platform) -> Vec<FoundGame> {
        let definitions: Vec<Arc<Definition>> = self.library().iter().cloned().collect();
        let mut games: Vec<FoundGame> = definitions
            .iter()
            .map(|definition| {
                let installations = detect(platform, &self.environment, definition);
                let installations =
                    installations.into_iter().map(|found| self.describe(definition, found)).collect();
                let is_own = self.origins(&definition.id).last() == Some(&Origin::User);
                let (id, title) = (definition.id.clone(), definition.title.clone());
                FoundGame { id, title, installations, is_own }
            })
            .collect();
        games.sort_by_key(|game| (game.installations.is_empty(), game.title.clone()));
        games
    }

    /// Whether somebody plays one of the games. Reads the list of processes and starts nothing: call from a blocking
    /// thread.
    pub fn is_playing(&self) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let processes = (self.processes)();
        self.library().iter().any(|definition| {
            let found =
                known.iter().filter(|game| game.id == definition.id).flat_map(|game| &game.installations);
            let installations = found.map(|found| &found.installation);
            running_among(&processes, definition, installations).iter().any(Running::is_played)
        })
    }

    /// Whether somebody plays this game with this installation. Reads the list of processes.
    pub fn is_played(&self, definition: &Definition, installation: &Installation) -> bool {
        running_among(&(self.processes)(), definition, [installation]).iter().any(Running::is_played)
    }

    /// An installation with its name and worlds.
    pub fn describe(&self, definition: &Definition, installation: Installation) -> FoundInstallation {
        let worlds =
            worlds(&self.platform, definition, &installation).into_iter().map(|world| world.name).collect();
        FoundInstallation { name: name_of(&installation), installation, worlds, storage: Vec::new() }
    }

    /// The installation of a game by name, or the preferred one.
    pub fn installation(&self, game: &GameId, name: Option<&str>) -> Result<Installation, EngineError> {
        self.definition(game)?;
        let found = self.games().into_iter().find(|found| found.id == *game);
        let mut installations = found.into_iter().flat_map(|found| found.installations);
        let installation = match name {
            Some(name) => installations.find(|installation| installation.name == name),
            None => installations.next(),
        };
        let missing = || EngineError::GameNotFound { game: game.clone() };
        installation.map(|found| found.installation).ok_or_else(missing)
    }

    /// Mod loaders that are in place.
    pub fn loaders(&self, definition: &Definition, installation: &Installation) -> BTreeSet<String> {
        loaders(&self.platform, definition, installation)
    }

    /// The installation in a folder that the player named; another game's folder is refused.
    pub fn manual(&self, game: &GameId, folder: &Path) -> Result<Installation, EngineError> {
        let installation = manual(&self.platform, &self.environment, &*self.definition(game)?, folder)?;
        let others = self.games().into_iter().filter(|other| other.id != *game);
        let roots: Vec<PathBuf> = others
            .flat_map(|other| other.installations)
            .flat_map(|found| found.installation.roots.into_values())
            .collect();
        match installation.roots.values().any(|root| overlaps(root, &roots)) {
            true => {
                let folder = folder.display().to_string();
                Err(GameError::Dangerous { folder, danger: Danger::OtherGame }.into())
            }
            false => Ok(installation),
        }
    }
}

/// Whether a folder is one of others, inside one, or around one (T-80).
fn overlaps(folder: &Path, others: &[PathBuf]) -> bool {
    others.iter().any(|other| folder.starts_with(other) || other.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-80
    #[test]
    fn another_games_folder_is_known_from_inside_and_outside() {
        let others = ["/games/one".into(), "/games/two/data".into()];
        for folder in ["/games/one", "/games/one/mods", "/games/two", "/games"] {
            assert!(overlaps(Path::new(folder), &others), "{folder}");
        }
        for folder in ["/games/ones", "/games/two/saves", "/home/ada/one"] {
            assert!(!overlaps(Path::new(folder), &others), "{folder}");
        }
    }
}

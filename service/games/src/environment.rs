//! This machine as the detection sees it: facts as values, questions through a trait.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{SteamApp, System};

/// A running program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub id: u32,
    /// The program's file.
    pub program: PathBuf,
}

/// What only the machine can answer.
pub trait Platform {
    /// Whether `path` is a regular file (links followed: a program may be one).
    fn is_file(&self, path: &Path) -> bool;

    /// Whether `path` is a folder (links followed).
    fn is_dir(&self, path: &Path) -> bool;

    /// Names of the entries of a folder, sorted; empty if it cannot be read.
    fn entries(&self, folder: &Path) -> Vec<String>;

    /// What a file holds, if it is no larger than `most` bytes.
    fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>>;

    /// Those of these applications that the Steam in a folder has installed, in all its libraries.
    fn steam_apps(&self, steam: &Path, apps: &[u32]) -> Vec<SteamApp>;

    /// The path without links, if it exists.
    fn canonical(&self, path: &Path) -> Option<PathBuf>;

    /// What a program writes to its output, at most 16 KiB, killed after `timeout`.
    fn output(&self, program: &Path, args: &[String], timeout: Duration) -> Option<String>;

    /// Programs of this user that run now.
    fn processes(&self) -> Vec<Process>;
}

/// The facts that path templates refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub system: System,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// `XDG_DATA_HOME`, `%APPDATA%` or `~/Library/Application Support`.
    pub data: Option<PathBuf>,
    /// `XDG_CONFIG_HOME` or its like.
    pub config: Option<PathBuf>,
    /// Data that stays on the machine: `%LOCALAPPDATA%`; elsewhere the same as `data`.
    pub local: Option<PathBuf>,
    /// The user's documents.
    pub documents: Option<PathBuf>,
    /// The folder of the installation that is looked at, where it has one of its own.
    pub game: Option<PathBuf>,
    /// Folders of `PATH`, absolute ones only.
    pub search_path: Vec<PathBuf>,
    pub variables: BTreeMap<String, String>,
    /// Put before every absolute path of a definition: `/` outside tests.
    pub root: PathBuf,
}

impl Environment {
    /// Nothing is known but the system.
    pub fn empty(system: System) -> Self {
        Self {
            system,
            home: None,
            data: None,
            config: None,
            local: None,
            documents: None,
            game: None,
            search_path: Vec::new(),
            variables: BTreeMap::new(),
            root: PathBuf::from("/"),
        }
    }

    /// From the variables of the process. `variables` is an argument so that nothing here reads global state.
    pub fn from_variables(system: System, variables: BTreeMap<String, String>) -> Self {
        let folder = |name: &str| variables.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = match system {
            System::Windows => folder("USERPROFILE"),
            System::Linux | System::Macos => folder("HOME"),
        };
        let below_home = |rest: &str| home.as_ref().map(|home| home.join(rest));
        let (data, config) = match system {
            System::Linux => (
                folder("XDG_DATA_HOME").or_else(|| below_home(".local/share")),
                folder("XDG_CONFIG_HOME").or_else(|| below_home(".config")),
            ),
            System::Windows => (folder("APPDATA"), folder("APPDATA")),
            System::Macos => {
                (below_home("Library/Application Support"), below_home("Library/Application Support"))
            }
        };
        let local = match system {
            System::Windows => folder("LOCALAPPDATA"),
            System::Linux | System::Macos => data.clone(),
        };
        let documents = below_home("Documents");
        let search_path = variables
            .get("PATH")
            .map(|path| std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect())
            .unwrap_or_default();
        let root = PathBuf::from("/");
        Self { system, home, data, config, local, documents, game: None, search_path, variables, root }
    }

    /// An absolute path of a definition, below [`Environment::root`].
    pub(crate) fn rooted(&self, text: &str) -> PathBuf {
        match text.strip_prefix('/') {
            Some(rest) => self.root.join(rest),
            None => PathBuf::from(text),
        }
    }
}

//! A machine on which no program of a game is started.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{Platform, Process, SteamApp};

/// Answers as another platform does, except for what only a program can say: nothing. Games are found as they are there,
/// without the versions that they would have to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Mute<'a, P>(pub &'a P);

impl<P: Platform> Platform for Mute<'_, P> {
    fn is_file(&self, path: &Path) -> bool {
        self.0.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.0.is_dir(path)
    }

    fn entries(&self, folder: &Path) -> Vec<String> {
        self.0.entries(folder)
    }

    fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        self.0.read(path, most)
    }

    fn steam_apps(&self, steam: &Path, apps: &[u32]) -> Vec<SteamApp> {
        self.0.steam_apps(steam, apps)
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        self.0.canonical(path)
    }

    fn output(&self, _: &Path, _: &[String], _: Duration) -> Option<String> {
        None
    }

    fn processes(&self) -> Vec<Process> {
        self.0.processes()
    }
}

//! A machine made of files.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use muster_games::{Environment, Platform, Process, SteamApp, System, ThisMachine};

/// A real tree, with invented programs.
pub struct Fixture {
    folder: tempfile::TempDir,
    pub processes: Vec<Process>,
}

impl Platform for Fixture {
    fn is_file(&self, path: &Path) -> bool {
        ThisMachine.is_file(path)
    }
    fn is_dir(&self, path: &Path) -> bool {
        ThisMachine.is_dir(path)
    }
    fn entries(&self, folder: &Path) -> Vec<String> {
        ThisMachine.entries(folder)
    }
    fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        ThisMachine.read(path, most)
    }
    fn steam_apps(&self, steam: &Path, apps: &[u32]) -> Vec<SteamApp> {
        ThisMachine.steam_apps(steam, apps)
    }
    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        ThisMachine.canonical(path)
    }
    fn output(&self, program: &Path, args: &[String], _: Duration) -> Option<String> {
        assert_eq!(args.last().map(String::as_str), Some("--version"));
        let name = program.file_name()?.to_str()?;
        (name != "flatpak").then(|| "Minetest 5.6.1 (Linux)\nUsing LuaJIT\n".to_owned())
    }
    fn processes(&self) -> Vec<Process> {
        self.processes.clone()
    }
}

impl Fixture {
    pub fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("temp dir");
        let fixture = Self { folder, processes: Vec::new() };
        files.iter().for_each(|file| fixture.add(file));
        fixture
    }

    pub fn add(&self, file: &str) {
        self.write(file, "");
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("parent")).expect("folders");
        fs::write(path, text).expect("file");
    }

    #[cfg(unix)]
    pub fn link(&self, target: &str, link: &str) {
        let link = self.path(link);
        fs::create_dir_all(link.parent().expect("parent")).expect("folders");
        std::os::unix::fs::symlink(self.path(target), link).expect("link");
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn environment(&self) -> Environment {
        let home = self.path("home/ada");
        Environment {
            data: Some(home.join(".local/share")),
            config: Some(home.join(".config")),
            home: Some(home),
            search_path: vec![self.path("usr/bin")],
            root: self.folder.path().to_owned(),
            ..Environment::empty(System::Linux)
        }
    }
}

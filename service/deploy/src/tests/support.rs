//! A game folder, a store of trees, and what a folder looks like as a value.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use muster_domain::Sha256;
use muster_fsx::Dir;
use muster_games::{LinkChoice, SettingsLines};

use crate::{
    Applied, Choices, DeployError, Deployment, Desired, DesiredEdit, Outcome, PackageKey, Placed,
    PlacedPackage, Placement, Plan, Recovery, Watch, edits::sha256, merge,
};

pub(super) const LINKS: &[LinkChoice] = &[LinkChoice::Reflink, LinkChoice::HardLink, LinkChoice::Copy];

pub(super) struct World {
    _temp: Option<tempfile::TempDir>,
    pub(super) root: PathBuf,
}

/// A package: name and files (path below `mods`, content); a path that begins with `!` is a config file.
pub(super) type Files<'a> = &'a [(&'a str, &'a str)];

impl World {
    pub(super) fn new() -> Self {
        // Waiting for a real disk thousands of times would make these tests slow.
        let memory = Path::new("/dev/shm");
        let temp = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let temp = temp.expect("temp dir");
        let root = temp.path().to_owned();
        fs::create_dir_all(root.join("game/mods")).expect("mods");
        fs::create_dir_all(root.join("game/worlds/home")).expect("world");
        Self { _temp: Some(temp), root }
    }

    /// The world of another process.
    pub(super) fn at(root: PathBuf) -> Self {
        Self { _temp: None, root }
    }

    pub(super) fn write(&self, path: &str, content: &str) {
        let path = self.root.join("game").join(path);
        fs::create_dir_all(path.parent().expect("parent")).expect("folders");
        // A new file, as editors make it: a hard link into the store must not be written through.
        let _ = fs::remove_file(&path);
        fs::write(path, content).expect("file");
    }

    pub(super) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join("game").join(path)).ok()
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join("game").join(path)
    }

    pub(super) fn places(&self) -> BTreeMap<String, PathBuf> {
        ["mods", "worlds"].map(|name| (name.to_owned(), self.root.join("game").join(name))).into()
    }

    pub(super) fn try_open(&self) -> Result<(Deployment, Recovery), DeployError> {
        Deployment::open(self.places(), &self.root.join("state"))
    }

    pub(super) fn open(&self) -> Deployment {
        self.try_open().expect("opens").0
    }

    /// Makes the tree of a package, 0444 as the store does, and says where its files go.
    pub(super) fn package(&self, name: &str, files: Files<'_>) -> PlacedPackage {
        let tree = sha256(format!("{name}{files:?}").as_bytes());
        let folder = self.root.join("store").join(tree.to_string());
        let mut placements = Vec::new();
        for (path, content) in files {
            let (config, path) = path.strip_prefix('!').map_or((false, *path), |path| (true, path));
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("parent")).expect("folders");
            if !file.exists() {
                fs::write(&file, content).expect("file");
                let mut permissions = fs::metadata(&file).expect("metadata").permissions();
                permissions.set_readonly(true);
                fs::set_permissions(&file, permissions).expect("permissions");
            }
            placements.push(Placement {
                from: path.parse().expect("portable"),
                place: "mods".into(),
                path: path.parse().expect("portable"),
                size: content.len() as u64,
                sha256: sha256(content.as_bytes()),
                config,
            });
        }
        let placed = Placed { placements, ..Placed::default() };
        let package = PackageKey {
            source: "folder:test".parse().expect("source"),
            id: format!("ada/{name}").parse().expect("id"),
        };
        PlacedPackage { package, tree, placed: placed.into() }
    }

    pub(super) fn trees(&self) -> BTreeMap<Sha256, Dir> {
        let Ok(entries) = fs::read_dir(self.root.join("store")) else { return BTreeMap::new() };
        let tree = |entry: fs::DirEntry| {
            let hash = entry.file_name().to_str()?.parse().ok()?;
            Some((hash, Dir::open_ambient(&entry.path()).ok()?))
        };
        entries.filter_map(|entry| tree(entry.ok()?)).collect()
    }

    pub(super) fn desired(&self, packages: &[PlacedPackage]) -> Desired {
        merge(packages, Vec::new()).expect("merges")
    }

    /// Packages, and a world that loads these mods.
    pub(super) fn desired_in_world(&self, packages: &[PlacedPackage], mods: &[&str]) -> Desired {
        let lines = mods.iter().map(|name| (format!("load_mod_{name}"), "true".to_owned())).collect();
        let edit = DesiredEdit {
            place: "worlds".into(),
            path: "home/world.mt".parse().expect("portable"),
            lines: SettingsLines(lines).into(),
        };
        merge(packages, vec![edit]).expect("merges")
    }

    pub(super) fn apply(&self, deployment: &mut Deployment, desired: &Desired) -> Result<Plan, DeployError> {
        let plan = deployment.plan(desired, &Choices::default())?;
        self.apply_plan(deployment, &plan).map(|_| plan)
    }

    pub(super) fn apply_plan(
        &self,
        deployment: &mut Deployment,
        plan: &Plan,
    ) -> Result<Outcome, DeployError> {
        let trees = self.trees();
        let mut progress = |_| {};
        let mut watch = Watch { trees: &trees, links: LINKS, progress: &mut progress, cancelled: &|| false };
        deployment.apply(plan, &mut watch)
    }

    pub(super) fn undeploy(&self, deployment: &mut Deployment) -> Plan {
        self.apply(deployment, &Desired::default()).expect("undeploys")
    }

    /// Everything below the game folder.
    pub(super) fn look(&self) -> Tree {
        look(&self.root.join("game"))
    }

    /// No unfinished file anywhere, no trash, and no copy that nothing refers to.
    /// These books are those of the journal.
    pub(super) fn assert_books(&self, applied: &Applied) {
        let journal = fs::read(self.root.join("state/journal")).expect("a journal");
        let contents = crate::journal::read(&journal).expect("reads");
        assert!(contents.begun.is_none());
        assert_eq!(&contents.applied, applied);
    }

    pub(super) fn assert_tidy(&self, deployment: &Deployment) {
        for path in self.look().keys().chain(look(&self.root.join("state")).keys()) {
            assert!(!path.contains(muster_fsx::TEMP_PREFIX), "left behind: {path}");
        }
        assert!(look(&self.root.join("state/trash")).is_empty());
        let backups = look(&self.root.join("state/backup"));
        let kept: Vec<&str> = backups.keys().map(String::as_str).collect();
        assert_eq!(kept, deployment.applied().backups().into_iter().collect::<Vec<_>>());
    }
}

/// Path → content, time and permissions of a file; `None` for a folder.
pub(super) type Tree = BTreeMap<String, Option<(Vec<u8>, std::time::SystemTime, bool)>>;

/// Path → content of a file, `None` for a folder: what is put anew has a new time.
pub(super) type Contents = BTreeMap<String, Option<Vec<u8>>>;

pub(super) fn contents(tree: &Tree) -> Contents {
    tree.iter()
        .map(|(path, file)| (path.clone(), file.as_ref().map(|(content, ..)| content.clone())))
        .collect()
}

pub(super) fn look(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    collect(folder, "", &mut tree);
    tree
}

fn collect(folder: &Path, prefix: &str, tree: &mut Tree) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("entry")) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = fs::symlink_metadata(entry.path()).expect("metadata");
        if metadata.is_dir() {
            tree.insert(name.clone(), None);
            collect(&entry.path(), &format!("{name}/"), tree);
        } else {
            let content = fs::read(entry.path()).unwrap_or_default();
            let time = metadata.modified().expect("time");
            tree.insert(name, Some((content, time, metadata.permissions().readonly())));
        }
    }
}

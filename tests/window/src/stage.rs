//! One Muster on one desktop, with nothing of the user's.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use muster_suite::{Registry, Server, World, muster, root};

use crate::{Desktop, Driver, Process, eventually, processes_with};

/// Program of the window, beside the others.
pub fn app() -> PathBuf {
    let path = muster().with_file_name("muster-app");
    assert!(path.is_file(), "{} is not built: use tests/run", path.display());
    path
}

/// A desktop with a world on it. Everything that was started in this world ends with it.
pub struct Stage {
    pub desktop: Desktop,
    pub world: World,
}

impl Stage {
    /// An empty world; `None` where there can be no desktop.
    pub fn empty() -> Option<Self> {
        let desktop = Desktop::start()?;
        let world = World::new();
        // A game that was played before: its folder is what Muster looks for.
        std::fs::create_dir_all(world.mods()).expect("a folder");
        Some(Self { desktop, world })
    }

    /// With the starter registry as a source, and no service running.
    pub fn with_starter() -> Option<Self> {
        let stage = Self::empty()?;
        stage.world.add_starter();
        stage.world.muster_ok(&["stop"]);
        stage.wait_without("muster-service");
        Some(stage)
    }

    /// With the starter's packages on a web server that can be made slow, and no service running.
    pub fn with_served_starter() -> Option<(Self, Server)> {
        let stage = Self::empty()?;
        let registry = signed_anew(&stage.world.path().join("served"));
        let server = Server::start(&registry.path());
        let words = ["source", "add", server.address(), "--alias", "starter", "--root", &registry.root()];
        stage.world.muster_ok(&words);
        stage.world.muster_ok(&["stop"]);
        stage.wait_without("muster-service");
        Some((stage, server))
    }

    /// Opens the window.
    pub fn window(&self) -> Driver {
        self.start(&app(), &[])
    }

    /// Opens the window by way of another program.
    pub fn start(&self, program: &Path, arguments: &[&str]) -> Driver {
        Driver::start(&self.desktop, program, arguments, |command| {
            for (name, value) in self.world.command(program).get_envs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
        })
    }

    /// A command in this world and on this desktop.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.world.command(program.as_ref());
        self.desktop.dress(&mut command);
        command
    }

    /// Everything that runs in this world.
    pub fn processes(&self) -> Vec<Process> {
        processes_with("MUSTER_HOME", &self.world.path().join("home"))
    }

    /// Whether a program runs in this world. Names are cut at 15 bytes, as the system cuts them.
    pub fn runs(&self, name: &str) -> bool {
        let name = &name[..name.len().min(15)];
        self.processes().iter().any(|process| process.name == name)
    }

    pub fn wait_for(&self, name: &str) {
        eventually(name, Duration::from_secs(15), || self.runs(name).then_some(()));
    }

    pub fn wait_without(&self, name: &str) {
        eventually(&format!("the end of {name}"), Duration::from_secs(15), || {
            (!self.runs(name)).then_some(())
        });
    }

    /// Ids of the packages in the active profile, as the service knows them.
    pub fn installed(&self) -> Vec<String> {
        let list = self.world.muster_json(&["list"]);
        let entries = list["entries"].as_array().cloned().unwrap_or_default();
        entries.iter().filter_map(|entry| entry["id"].as_str().map(str::to_owned)).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The service that the window started is nobody's child any more.
        self.processes().iter().for_each(Process::kill);
    }
}

/// The starter's packages in a registry with keys of its own: the starter's keys are accepted from a folder only.
fn signed_anew(work: &Path) -> Registry {
    let registry = Registry::new(work);
    for publisher in folders(&root().join("installer/starter/packages")) {
        let name = publisher.file_name().and_then(|name| name.to_str()).expect("a name");
        registry.admit(name);
        let versions: Vec<_> = folders(&publisher).iter().flat_map(|package| folders(package)).collect();
        let out = work.join("packed");
        let pack = |version: &PathBuf| {
            registry.run(&["--quiet", "pack", text(version), "--output", text(&out)]).trim().to_owned()
        };
        let packed: Vec<_> = versions.iter().map(pack).collect();
        let (folder, key) = (registry.path(), registry.key(name));
        let mut words =
            vec!["--quiet", "registry", "publish", text(&folder), "--valid-years", "5", "--key", &key];
        words.extend(packed.iter().map(String::as_str));
        registry.run(&words);
    }
    registry.refresh();
    registry
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).expect("a folder").flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

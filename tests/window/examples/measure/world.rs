//! The world that is measured: a catalogue of many packages, and a profile of 500 mods.

use std::path::Path;

use muster_suite::{Mod, Registry};
use muster_window_suite::{Process, Stage};

/// Mods in the profile.
pub const MODS: usize = 500;
/// The service's program, as the kernel names it.
const SERVICE: &str = "muster-service";

/// A desktop with that world; its service runs.
pub struct Prepared {
    stage: Stage,
}

impl Prepared {
    /// Syncs a catalogue and installs the mods. `None`, with a printed reason, where there can be no desktop.
    pub fn new(catalogue: &Path) -> Option<Self> {
        let stage = Stage::empty()?;
        let world = &stage.world;
        let mut mods: Vec<_> = (1..=MODS).map(small).collect();
        mods.push(Mod::new("tester/left-out", "1.0.0"));
        let registry = Registry::with(&world.path().join("mods-registry"), &mods);
        let root = std::fs::read(catalogue.join("metadata/1.root.json")).expect("CATALOGUE is a registry");
        let root = muster_suite::sha256(&root);
        let catalogue = catalogue.canonicalize().expect("CATALOGUE is a folder");
        let text = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
        world.muster_ok(&["--quiet", "source", "add", &text(&catalogue), "--alias", "many", "--root", &root]);
        world.muster_ok(&[
            "--quiet",
            "source",
            "add",
            &text(&registry.path()),
            "--alias",
            "mods",
            "--root",
            &registry.root(),
        ]);
        let ids: Vec<_> = (1..=MODS).map(|number| format!("tester/mod-{number}")).collect();
        let mut words = vec!["--quiet", "install", "--yes"];
        words.extend(ids.iter().map(String::as_str));
        world.muster_ok(&words);
        Some(Self { stage })
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Processes of the window: its program, and those of the engine.
    pub fn window(&self) -> Vec<Process> {
        window_of(&self.stage)
    }
}

/// Processes of the window in a world.
pub fn window_of(stage: &Stage) -> Vec<Process> {
    stage.processes().into_iter().filter(|process| process.name != SERVICE).collect()
}

/// A mod with a few small files.
fn small(number: usize) -> Mod {
    let made = Mod::new(&format!("tester/mod-{number}"), "1.0.0");
    (0..4).fold(made, |made, file| made.noise(&format!("textures/mod_{number}_{file}.png"), 200 + number))
}

//! T-72 for what changes whole profiles: a service that is killed at any system call of a switch, an undo or the way
//! back to the original game leaves exactly the old or exactly the new folder, and carries on what was asked for. What
//! the player had changed in a configuration file is never lost.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{fs, time::Duration};

use muster_api::{Changed, OperationId, Phase, Profile, ProfilePatch, VanillaProof};
use muster_client::Request;
use muster_fsx::is_temporary;
use muster_suite::{Files, Mod, Registry, Trace, World, leftovers, wait_for};

const CONF: &str = "fov = 72\nvolume = 5\nlang = en\n";
const MINE: &str = "fov = 90\nvolume = 5\nlang = en\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Switch,
    Undo,
    Vanilla,
}

/// A profile with alpha and beta, of which alpha's settings are changed, and one with gamma and the same alpha.
struct Scene {
    world: World,
    _registry: Registry,
    first: Profile,
    second: Profile,
    original: Files,
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let mut alpha = Mod::new("tester/alpha", "1.0.0").config("settings.conf", CONF);
        for number in 0..6 {
            alpha = alpha.noise(&format!("textures/alpha_{number}.png"), 900 + number);
        }
        let mods = [alpha, Mod::new("tester/beta", "1.0.0"), Mod::new("tester/gamma", "1.0.0")];
        let registry = Registry::with(&world.path().join("origin"), &mods);
        for (path, text) in [("alpha/init.lua", "-- of the player"), ("mine/init.lua", "-- mine")] {
            let path = world.mods().join(path);
            fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let original = world.placed();
        world.start();
        world.add_registry(&registry, None);
        world.muster_ok(&["install", "tester/alpha", "--yes"]);
        let first = world.profile();
        world.muster_ok(&["profile", "clone", &first.name, "Second"]);
        world.muster_ok(&["install", "tester/gamma", "--yes", "--profile", "Second"]);
        let profiles: Vec<Profile> = world.ask(Request::new(OperationId::Profiles));
        let second = profiles.into_iter().find(|profile| profile.name == "Second").expect("cloned");
        Self { world, _registry: registry, first, second, original }
    }

    /// The first profile is placed, its last change brought beta, and its settings are the player's.
    fn prepare(&mut self) -> Files {
        self.world.kill();
        self.world.start();
        self.world.muster_ok(&["profile", "switch", &self.first.name]);
        if self.world.mods().join("beta").exists() {
            self.world.muster_ok(&["remove", "tester/beta"]);
        }
        self.world.muster_ok(&["install", "tester/beta", "--yes"]);
        let conf = self.world.mods().join("alpha/settings.conf");
        fs::remove_file(&conf).expect("was placed");
        fs::write(&conf, MINE).expect("a file");
        self.world.placed()
    }

    fn ask(&self, verb: Verb) -> Option<String> {
        let request = match verb {
            Verb::Switch => {
                let patch = ProfilePatch { active: Some(true), ..ProfilePatch::default() };
                let request = Request::new(OperationId::PatchProfile).path("profile", &self.second.id);
                request.body(&patch).expect("JSON")
            }
            Verb::Undo => Request::new(OperationId::UndoLast).path("profile", &self.first.id),
            Verb::Vanilla => Request::new(OperationId::Vanilla).path("profile", &self.first.id),
        };
        self.world.try_ask::<Changed>(request)?.job
    }

    /// The folder after the verb, when nobody is killed.
    fn undisturbed(&mut self, verb: Verb) -> Files {
        self.prepare();
        let job = self.ask(verb).expect("a job");
        assert_eq!(self.world.wait_job(&job).phase, Phase::Done);
        self.world.placed()
    }

    /// Starts a service that cannot listen: it recovers, and ends before it carries anything on.
    fn recover_only(&mut self) {
        let socket = self.world.socket();
        let _ = fs::remove_file(&socket);
        fs::create_dir(&socket).expect("a folder in the way");
        let output = self.world.command(&muster_suite::service()).arg("--headless").output();
        assert_eq!(output.expect("it starts").status.code(), Some(1));
        fs::remove_dir(&socket).expect("it was left alone");
    }

    fn judge(&mut self, verb: Verb, (old, new): (&Files, &Files), what: &str) {
        let asked = !self.world.books().unfinished.is_empty();
        self.recover_only();
        let recovered = self.world.placed();
        assert!(recovered == *old || recovered == *new, "{what}: neither old nor new: {recovered:?}");
        assert_eq!(
            leftovers(&self.world.player(), &is_temporary),
            Vec::<std::path::PathBuf>::new(),
            "{what}"
        );
        self.world.start();
        for job in self.world.wait_idle() {
            assert!(matches!(job.phase, Phase::Done), "{what}: {job:?}\n{}", self.world.log());
        }
        let ended = self.world.placed();
        assert!(ended == *new || (!asked && ended == *old), "{what}: {ended:?}");
        if verb == Verb::Vanilla && ended == *new {
            let request = Request::new(OperationId::VanillaProof).path("profile", &self.first.id);
            let proof: VanillaProof = self.world.ask(request);
            assert!(proof.original && proof.counts.equal == 1, "{what}: {proof:?}");
        }
        self.world.muster_ok(&["profile", "switch", &self.first.name]);
        let conf = fs::read_to_string(self.world.mods().join("alpha/settings.conf")).expect("placed");
        assert_eq!(conf, MINE, "{what}: the player's settings");
    }
}

fn killed_everywhere(verb: Verb) {
    let mut scene = Scene::new();
    let new = scene.undisturbed(verb);
    if verb == Verb::Vanilla {
        assert_eq!(new, scene.original);
    }
    let mut killed = 0;
    for (call, counts) in [
        ("linkat", &[1, 4, 9][..]),
        ("renameat,renameat2", &[1, 2, 4, 7]),
        ("unlinkat", &[1, 3, 9]),
        ("mkdirat", &[1, 2]),
        ("fsync,fdatasync", &[1, 3, 5, 8]),
        ("write", &[2, 5, 9]),
        ("pwrite64", &[2, 9]),
    ] {
        for count in counts {
            let old = scene.prepare();
            let injection = format!("{call}:signal=KILL:when={count}");
            let Some(trace) = Trace::attach(scene.world.pid(), &[injection]) else { return };
            let job = scene.ask(verb);
            wait_for("the service or the job to end", || match &job {
                Some(job) => scene.world.try_job(job).is_none_or(|job| job.phase.is_end()).then_some(()),
                None => Some(()),
            });
            drop(trace);
            if scene.world.wait_end(Duration::from_millis(50)).is_some() {
                killed += 1;
            }
            scene.world.kill();
            scene.judge(verb, (&old, &new), &format!("{verb:?} killed at {call} {count}"));
        }
    }
    println!("{verb:?}: {killed} services died");
    assert!(killed >= 8, "only {killed} services died");
}

/// T-73: the system call fails, and the service lives on.
fn failed_everywhere(verb: Verb) {
    let mut scene = Scene::new();
    let new = scene.undisturbed(verb);
    let mut failed = 0;
    for (call, error, counts) in [
        ("linkat", "EIO", &[1, 6][..]),
        ("renameat,renameat2", "EACCES", &[1, 3, 5]),
        ("fsync,fdatasync", "EIO", &[2, 4, 7]),
        // Not `write`: the runtime wakes its threads by it.
        ("pwrite64", "ENOSPC", &[2, 5]),
        ("mkdirat", "ENOSPC", &[1]),
        ("openat", "EMFILE", &[3, 30, 90]),
    ] {
        for count in counts {
            let old = scene.prepare();
            let injection = format!("{call}:error={error}:when={count}");
            let Some(trace) = Trace::attach(scene.world.pid(), &[injection]) else { return };
            let job = scene.ask(verb);
            // The call that fails may be one of the answer.
            let ended = |job| scene.world.try_job(job).filter(|job| job.phase.is_end());
            let ended = job.as_ref().map(|job| wait_for("the job to end", || ended(job)));
            drop(trace);
            let what = format!("{verb:?} with {error} at {call} {count}");
            let now = scene.world.placed();
            match ended.as_ref().map(|job| job.phase) {
                Some(Phase::Done) => assert_eq!(now, new, "{what}"),
                _ => {
                    failed += 1;
                    assert!(now == old || now == new, "{what}: {ended:?} {now:?}");
                }
            }
            scene.world.kill();
            scene.judge(verb, (&old, &new), &what);
        }
    }
    println!("{verb:?}: {failed} did not work");
    assert!(failed >= 4, "only {failed} did not work");
}

#[test]
fn failing_system_calls_of_a_switch_an_undo_and_the_way_back_change_nothing_half() {
    for verb in [Verb::Switch, Verb::Undo, Verb::Vanilla] {
        failed_everywhere(verb);
    }
}

#[test]
fn killed_at_many_system_calls_of_a_switch() {
    killed_everywhere(Verb::Switch);
}

#[test]
fn killed_at_many_system_calls_of_an_undo() {
    killed_everywhere(Verb::Undo);
}

#[test]
fn killed_at_many_system_calls_of_the_way_back() {
    killed_everywhere(Verb::Vanilla);
}

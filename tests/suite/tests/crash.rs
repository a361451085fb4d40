//! Show 5: a service that is killed at any instant of an install or a removal leaves, after the next start, exactly
//! the old or exactly the new state, and what was asked for is carried on.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    process::Command,
    time::{Duration, Instant},
};

use muster_api::{ChangeRequest, Phase};
use muster_fsx::is_temporary;
use muster_suite::{Files, Mod, Registry, Trace, World, leftovers, wait_for};

/// Makes every wait for the disk long enough to be seen from outside.
const SLOW_DISK: &[&str] = &["fsync:delay_enter=60000", "fdatasync:delay_enter=60000"];

/// A mods folder and the lock that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    placed: Files,
    lock: String,
}

impl State {
    fn of(world: &World) -> Self {
        Self { placed: world.placed(), lock: world.books().lock }
    }
}

/// One package that comes and goes, in a folder where the player has files of their own.
struct Scene {
    world: World,
    _registry: Registry,
    without: State,
    with: State,
    install: ChangeRequest,
    remove: ChangeRequest,
    /// How long an undisturbed install takes, fetching included.
    duration: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Install,
    Remove,
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let mut alpha =
            Mod::new("tester/alpha", "1.0.0").needs("tester/beta").noise("sounds/long.ogg", 700_000);
        for number in 0..12 {
            alpha = alpha.noise(&format!("textures/alpha_{number}.png"), 900 + number);
        }
        let mods = [alpha, Mod::new("tester/beta", "1.0.0"), Mod::new("tester/other", "1.0.0")];
        let registry = Registry::with(&world.path().join("origin"), &mods);
        for (path, text) in [("alpha/init.lua", "-- of the player"), ("mine/init.lua", "-- mine")] {
            let path = world.mods().join(path);
            std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        world.start();
        world.add_registry(&registry, None);
        let (install, mut remove) = (world.to_install(&["tester/alpha"]), ChangeRequest::default());
        remove.remove = vec![install.install[0].key.clone()];
        let nothing = State::of(&world);
        let began = Instant::now();
        finish(&world, &install);
        let duration = began.elapsed();
        let with = State::of(&world);
        finish(&world, &remove);
        let without = State::of(&world);
        assert_eq!(without.placed, nothing.placed);
        assert_ne!(without, with);
        Self { world, _registry: registry, without, with, install, remove, duration }
    }

    fn request(&self, way: Way) -> &ChangeRequest {
        match way {
            Way::Install => &self.install,
            Way::Remove => &self.remove,
        }
    }

    fn old(&self, way: Way) -> &State {
        match way {
            Way::Install => &self.without,
            Way::Remove => &self.with,
        }
    }

    fn new_state(&self, way: Way) -> &State {
        match way {
            Way::Install => &self.with,
            Way::Remove => &self.without,
        }
    }

    /// Brings the profile to what a change starts from, with everything to be fetched again before an install.
    fn prepare(&mut self, way: Way) {
        self.world.kill();
        if way == Way::Install {
            for folder in
                [self.world.places().cache.join("packages"), self.world.places().state.join("store")]
            {
                std::fs::remove_dir_all(folder).expect("was used before");
            }
        }
        self.world.start();
        if State::of(&self.world) != *self.old(way) {
            let back = if way == Way::Install { &self.remove } else { &self.install };
            finish(&self.world, back);
        }
        assert_eq!(State::of(&self.world), *self.old(way));
    }

    /// What must hold of a service that has just been killed, of its recovery, and of how it goes on.
    fn judge(&mut self, way: Way, what: &str) {
        let (old, new) = (self.old(way).clone(), self.new_state(way).clone());
        let found = State::of(&self.world);
        assert!(found.lock == old.lock || found.lock == new.lock, "{what}: a lock that nobody asked for");
        if found.lock == new.lock {
            assert_eq!(found.placed, new.placed, "{what}: the books were ahead of the folder");
        }
        for (path, content) in found.placed.iter().filter(|(path, _)| !temporary(path)) {
            let known = [old.placed.get(path), new.placed.get(path)].contains(&Some(content));
            assert!(known, "{what}: {path} was half written");
        }
        for (path, content) in
            old.placed.iter().filter(|(path, content)| new.placed.get(*path) == Some(content))
        {
            assert_eq!(found.placed.get(path), Some(content), "{what}: {path} was touched without need");
        }

        let asked = !self.world.books().unfinished.is_empty();
        self.recover_only();
        let recovered = State::of(&self.world);
        let is_new = recovered.placed == new.placed;
        assert!(
            is_new || recovered.placed == old.placed,
            "{what}: neither old nor new: {:?}",
            recovered.placed
        );
        assert_eq!(recovered.lock, found.lock, "{what}");
        if is_new && recovered.lock == old.lock {
            assert!(asked, "{what}: the folder is ahead of the books, and nothing would bring them up to it");
        }
        assert_eq!(
            leftovers(&self.world.player(), &is_temporary),
            Vec::<std::path::PathBuf>::new(),
            "{what}"
        );

        self.world.start();
        for job in self.world.wait_idle() {
            assert!(matches!(job.phase, Phase::Done), "{what}: {job:?}\n{}", self.world.log());
        }
        let ended = State::of(&self.world);
        match asked || found.lock == new.lock {
            true => assert_eq!(ended, new, "{what}: what was asked for is carried on"),
            false => assert_eq!(ended, old, "{what}: what was never written down is not done"),
        }
        let report = self.world.muster_json(&["verify"]);
        for key in ["changed", "missing", "damaged_archives"] {
            assert_eq!(report[key], serde_json::json!([]), "{what}: {report}");
        }
        // The service that runs now may be writing a file; what the killed one left would stay.
        wait_for(&format!("{what}: leftovers to go"), || {
            leftovers(self.world.path(), &is_temporary).is_empty().then_some(())
        });
    }

    /// Starts a service that cannot listen: it recovers, and ends before it carries anything on.
    fn recover_only(&mut self) {
        let socket = self.world.socket();
        let _ = std::fs::remove_file(&socket);
        std::fs::create_dir(&socket).expect("a folder in the way");
        let output =
            self.world.command(&muster_suite::service()).arg("--headless").output().expect("it starts");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_dir(&socket).expect("it was left alone");
    }
}

fn temporary(path: &str) -> bool {
    path.trim_end_matches('/').split('/').any(is_temporary)
}

fn finish(world: &World, request: &ChangeRequest) {
    let job = world.wait_job(&world.change(request));
    assert_eq!(job.phase, Phase::Done, "{job:?}\n{}", world.log());
}

fn slow(world: &World) -> Option<Trace> {
    Trace::attach(world.pid(), &SLOW_DISK.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

/// Kills at the first sight of each phase.
fn kill_at_every_phase(way: Way) {
    let mut scene = Scene::new();
    for phase in [
        Phase::Resolving,
        Phase::Planning,
        Phase::Fetching,
        Phase::Unpacking,
        Phase::Deploying,
        Phase::Committing,
    ] {
        scene.prepare(way);
        let Some(trace) = slow(&scene.world) else { return };
        let job = scene.world.change(scene.request(way));
        wait_for("the phase", || {
            let now = scene.world.job(&job).phase;
            assert!(now <= phase, "{phase:?} was not seen before {now:?}");
            (now == phase).then_some(())
        });
        scene.world.kill();
        drop(trace);
        // A transaction that was written and not yet forced to the disk counts after a kill, though not after a power cut.
        let written = scene.world.books().unfinished.len();
        assert!(written == 1 || phase == Phase::Committing, "a job in {phase:?} is written down");
        scene.judge(way, &format!("{way:?} killed in {phase:?}"));
    }
}

#[test]
fn killed_in_any_phase_of_an_install() {
    kill_at_every_phase(Way::Install);
}

#[test]
fn killed_in_any_phase_of_a_removal() {
    kill_at_every_phase(Way::Remove);
}

#[test]
fn killed_while_one_job_waits_for_another() {
    let mut scene = Scene::new();
    let other = scene.world.to_install(&["tester/other"]);
    let Some(trace) = slow(&scene.world) else { return };
    let first = scene.world.change(&other);
    let second = scene.world.change(&scene.install);
    wait_for("one to run and one to wait", || {
        let phases = (scene.world.job(&first).phase, scene.world.job(&second).phase);
        (phases.0 > Phase::Waiting && phases.1 == Phase::Waiting).then_some(())
    });
    scene.world.kill();
    drop(trace);
    assert_eq!(scene.world.books().unfinished.len(), 2);
    scene.recover_only();
    assert_eq!(scene.world.placed(), scene.without.placed);
    scene.world.start();
    assert!(scene.world.wait_idle().iter().all(|job| job.phase == Phase::Done));
    let mut expected = scene.with.placed.clone();
    let placed = scene.world.placed();
    expected.extend(
        placed.iter().filter(|(path, _)| path.starts_with("other/")).map(|(p, c)| (p.clone(), c.clone())),
    );
    assert!(placed.contains_key("other/init.lua"));
    assert_eq!(placed, expected);
    let lock = scene.world.books().lock;
    assert!(lock.contains("tester/other") && lock.contains("tester/alpha"), "{lock}");
}

/// Kills after every thirty-second part of the time that an install takes, and of a removal.
#[test]
fn killed_at_many_moments() {
    let mut scene = Scene::new();
    let parts = 16;
    for part in 0..parts {
        for way in [Way::Install, Way::Remove] {
            scene.prepare(way);
            let delay = scene.duration * part / parts;
            let (pid, began) = (scene.world.pid().to_string(), Instant::now());
            let killer = std::thread::spawn(move || {
                std::thread::sleep(delay);
                Command::new("kill").args(["-9", &pid]).status()
            });
            let _ = scene.world.try_change(scene.request(way));
            let _ = killer.join();
            scene.world.kill();
            scene.judge(way, &format!("{way:?} killed after {delay:?} ({:?} in all)", began.elapsed()));
        }
    }
}

/// Kills at the n-th call of everything that changes files.
#[test]
fn killed_at_many_system_calls() {
    let mut scene = Scene::new();
    let mut killed = 0;
    for (call, counts) in [
        ("linkat", &[1, 5][..]),
        ("renameat,renameat2", &[1, 2, 4]),
        ("unlinkat", &[1, 3, 9]),
        ("mkdirat", &[1, 3]),
        ("fsync,fdatasync", &[2, 4, 7]),
        ("write", &[3, 8]),
        ("pwrite64", &[5, 12]),
        ("ioctl,copy_file_range", &[1, 4]),
    ] {
        for count in counts {
            for way in [Way::Install, Way::Remove] {
                scene.prepare(way);
                let injection = format!("{call}:signal=KILL:when={count}");
                let Some(trace) = Trace::attach(scene.world.pid(), &[injection]) else { return };
                let job = scene.world.try_change(scene.request(way));
                wait_for("the service or the job to end", || match &job {
                    Some(job) => scene.world.try_job(job).is_none_or(|job| job.phase.is_end()).then_some(()),
                    None => Some(()),
                });
                drop(trace);
                if scene.world.wait_end(Duration::from_millis(50)).is_some() {
                    killed += 1;
                }
                scene.world.kill();
                scene.judge(way, &format!("{way:?} killed at {call} {count}"));
            }
        }
    }
    assert!(killed >= 20, "only {killed} services died");
}

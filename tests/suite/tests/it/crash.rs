//! Show 5: a service that is killed at any instant of an install or a removal leaves, after the next start, exactly
//! the old or exactly the new state, and what was asked for is carried on.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    process::Command,
    time::{Duration, Instant},
};

use muster_api::{ChangeRequest, Phase};
use muster_suite::{
    Trace, World,
    crash::{Fault, Point, Scene, State, Step, Struck, Verb},
    wait_for,
};

/// Makes every wait for the disk, and every line of the books, long enough to be seen from outside.
const SLOW_DISK: &[&str] =
    &["fsync:delay_enter=60000", "fdatasync:delay_enter=60000", "pwrite64:delay_enter=10000"];

fn slow(world: &World) -> Option<Trace> {
    Trace::attach(world.pid(), &SLOW_DISK.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

/// A death that no system call chose.
fn killed(scene: &mut Scene, verb: Verb, calls: &'static str) {
    scene.world.kill();
    let struck = Struck { died: true, ended: None, now: State::of(&scene.world) };
    scene.judge(&Point { verb, fault: Fault::Kill, step: Step { calls, number: 1 } }, &struck);
}

/// How often a phase may pass between two looks at it before the test gives up.
const LOOKS: usize = 12;

/// Brings a job of the verb to a phase. Whether a short phase is seen is up to the machine: one that has passed before
/// anybody looked lets the job end, and the next one is looked at. `None` where the service cannot be traced.
fn reach(scene: &mut Scene, verb: Verb, phase: Phase) -> Option<Trace> {
    for _ in 0..LOOKS {
        scene.prepare(verb);
        let trace = slow(&scene.world)?;
        let job = scene.ask(verb).expect("a job");
        let is_seen = wait_for("the phase", || {
            let now = scene.world.job(&job).phase;
            (now >= phase).then_some(now == phase)
        });
        if is_seen {
            return Some(trace);
        }
        drop(trace);
        assert_eq!(scene.world.wait_job(&job).phase, Phase::Done);
    }
    panic!("{phase:?} was not seen in {LOOKS} jobs")
}

/// Kills at the first sight of each phase.
fn kill_at_every_phase(verb: Verb) {
    let mut scene = Scene::new();
    if scene.count(verb).is_none() {
        return;
    }
    for (phase, name) in [
        (Phase::Resolving, "resolving"),
        (Phase::Planning, "planning"),
        (Phase::Fetching, "fetching"),
        (Phase::Unpacking, "unpacking"),
        (Phase::Deploying, "deploying"),
        (Phase::Committing, "committing"),
    ] {
        let Some(trace) = reach(&mut scene, verb, phase) else { return };
        scene.world.kill();
        drop(trace);
        // A transaction that was written and not yet forced to the disk counts after a kill, though not after a power cut.
        let written = scene.world.books().unfinished.len();
        assert!(written == 1 || phase == Phase::Committing, "a job in {phase:?} is written down");
        killed(&mut scene, verb, name);
    }
}

#[test]
fn killed_in_any_phase_of_an_install() {
    kill_at_every_phase(Verb::Install);
}

#[test]
fn killed_in_any_phase_of_a_removal() {
    kill_at_every_phase(Verb::Remove);
}

#[test]
fn killed_in_any_phase_of_an_update() {
    kill_at_every_phase(Verb::Update);
}

#[test]
fn killed_while_one_job_waits_for_another() {
    let mut scene = Scene::new();
    if scene.count(Verb::Install).is_none() {
        return;
    }
    scene.prepare(Verb::Install);
    let before = scene.world.placed();
    let other =
        ChangeRequest { profile: Some(scene.first.id.clone()), ..scene.world.to_install(&["tester/gamma"]) };
    let Some(trace) = slow(&scene.world) else { return };
    let first = scene.world.change(&other);
    let second = scene.ask(Verb::Install).expect("a job");
    wait_for("one to run and one to wait", || {
        let phases = (scene.world.job(&first).phase, scene.world.job(&second).phase);
        (phases.0 > Phase::Waiting && phases.1 == Phase::Waiting).then_some(())
    });
    scene.world.kill();
    drop(trace);
    assert_eq!(scene.world.books().unfinished.len(), 2);
    scene.recover_only();
    assert_eq!(scene.world.placed(), before);
    scene.world.start();
    assert!(scene.world.wait_idle().iter().all(|job| job.phase == Phase::Done));
    let placed = scene.world.placed();
    let (_, _, installed) = scene.ends.clone().expect("counted");
    let (gamma, rest): (Vec<_>, Vec<_>) = placed.iter().partition(|(path, _)| path.starts_with("gamma/"));
    assert!(gamma.iter().any(|(path, _)| *path == "gamma/init.lua"));
    assert_eq!(rest, installed.placed.iter().collect::<Vec<_>>());
    let lock = scene.world.books().lock;
    assert!(lock.contains("tester/gamma") && lock.contains("tester/delta"), "{lock}");
}

/// Kills after every sixteenth part of the time that a verb takes.
fn killed_at_many_moments(verb: Verb) {
    let mut scene = Scene::new();
    if scene.count(verb).is_none() {
        return;
    }
    scene.prepare(verb);
    let began = Instant::now();
    let job = scene.ask(verb).expect("a job");
    assert_eq!(scene.world.wait_job(&job).phase, Phase::Done);
    let (duration, parts) = (began.elapsed(), 16);
    for part in 0..parts {
        scene.prepare(verb);
        let delay: Duration = duration * part / parts;
        let pid = scene.world.pid().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(delay);
            Command::new("kill").args(["-9", &pid]).status()
        });
        let _ = scene.ask(verb);
        let _ = killer.join();
        println!("{verb:?} killed after {delay:?} of {duration:?}");
        killed(&mut scene, verb, "a moment");
    }
}

#[test]
fn killed_at_many_moments_of_an_install() {
    killed_at_many_moments(Verb::Install);
}

#[test]
fn killed_at_many_moments_of_a_removal() {
    killed_at_many_moments(Verb::Remove);
}

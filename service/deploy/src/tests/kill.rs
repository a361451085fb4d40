//! The same from outside: a process of its own is killed at every n-th system call that changes something.
#![allow(clippy::disallowed_methods)]

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::support::{World, contents, look};
use crate::{Desired, Recovery};

const VARIABLE: &str = "MUSTER_DEPLOY_TEST_ROOT";
/// Calls that change something. Names that a processor's kernel does not have are skipped (`?`).
const CHANGING: &[&str] = &[
    "?rename",
    "?renameat",
    "renameat2",
    "?link",
    "linkat",
    "?unlink",
    "unlinkat",
    "?mkdir",
    "mkdirat",
    "?rmdir",
    "ftruncate",
    "fsync",
    "fdatasync",
    "write",
    "pwrite64",
    "copy_file_range",
    "fchmod",
    "utimensat",
    "ioctl",
];
/// Far behind the last call.
const NOTHING: &str = "inject=linkat:error=EIO:when=60000";

fn next(world: &World) -> Desired {
    let two =
        world.package("lamps", &[("lamps/init.lua", "v2"), ("lamps/new/y", "v2"), ("!lamps/conf", "c")]);
    let other = world.package("other", &[("core/init.lua", "displaces")]);
    world.desired_in_world(&[two, other], &["lamps"])
}

fn prepare() -> World {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    world.write("mods/lamps/init.lua", "original");
    world.write("worlds/home/world.mt", "gameid = x\n");
    let one = world.package("lamps", &[("lamps/init.lua", "v1"), ("lamps/gone/x", "v1")]);
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[one])).expect("applies");
    // The trees are made here, so that the process under test only deploys.
    next(&world);
    world
}

/// What the process under test does: nothing but when it is told to.
#[test]
fn child_deploys() {
    let Some(root) = env::var_os(VARIABLE) else { return };
    let world = World::at(PathBuf::from(root));
    let mut deployment = world.open();
    world.apply(&mut deployment, &next(&world)).expect("applies");
}

/// Runs the child under strace; false if it was killed.
fn run(world: &World, inject: &str) -> bool {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={}", CHANGING.join(",")), "-e", inject])
        .arg(env::current_exe().expect("own program"))
        .args(["--exact", "tests::kill::child_deploys", "--test-threads=1", "--quiet"])
        .env(VARIABLE, &world.root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace runs");
    status.success()
}

fn strace_works() -> bool {
    let probe =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    probe.is_ok_and(|status| status.success())
}

/// T-72
#[test]
fn killed_at_every_changing_system_call() {
    if !strace_works() {
        println!("skipped: strace is not here or may not trace");
        return;
    }
    let world = prepare();
    assert!(run(&world, NOTHING), "the child works when nothing is injected");
    let after = contents(&world.look());
    let (mut old, mut new) = (0, 0);
    // strace counts each kind of call for itself.
    for call in CHANGING {
        for at in 1..1000 {
            let world = prepare();
            let before = world.look();
            if run(&world, &format!("inject={call}:signal=SIGKILL:when={at}")) {
                break;
            }
            let (deployment, _) = world.try_open().expect("recovers");
            let now = world.look();
            match contents(&now) == after {
                true => new += 1,
                false => {
                    assert_eq!(now, before, "killed at {call} {at}");
                    old += 1;
                }
            }
            world.assert_tidy(&deployment);
            drop(deployment);
            assert_eq!(world.try_open().expect("opens").1, Recovery::Clean);
        }
    }
    assert!(old > 25 && new > 3, "{old} old, {new} new");
}

/// T-73: the system call fails, and the program is still there to clean up.
#[test]
fn errors_of_system_calls_leave_the_old_or_the_new_state() {
    if !strace_works() {
        println!("skipped: strace is not here or may not trace");
        return;
    }
    let world = prepare();
    assert!(run(&world, NOTHING));
    let after = contents(&world.look());
    for (calls, error) in [
        ("linkat", "EIO"),
        ("?renameat,renameat2", "EACCES"),
        ("fsync,fdatasync", "EIO"),
        ("write", "ENOSPC"),
    ] {
        for at in 1..12 {
            let world = prepare();
            let before = world.look();
            run(&world, &format!("inject={calls}:error={error}:when={at}"));
            let (deployment, _) = world.try_open().expect("recovers");
            let now = world.look();
            assert!(now == before || contents(&now) == after, "{calls} {error} at {at}");
            world.assert_tidy(&deployment);
        }
    }
}

/// T-73: a volume that is really full.
#[test]
fn a_full_volume_changes_nothing() {
    let folder = tempfile::tempdir().expect("temp dir");
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m,mode=0700", "muster-test"])
        .arg(folder.path())
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        println!("skipped: a small volume cannot be mounted here");
        return;
    }
    let world = World::at(folder.path().to_owned());
    world.write("mods/lamps/init.lua", "original");
    fs::create_dir_all(world.path("worlds")).expect("worlds");
    let large = "x".repeat(900 * 1024);
    let before = world.look();
    let mut deployment = world.open();
    let small = world.desired(&[world.package("lamps", &[("lamps/init.lua", "v1")])]);
    let full = world.desired(&[world.package("lamps", &[("!lamps/large", &large), ("lamps/b", "b")])]);
    let refused = world.apply(&mut deployment, &full);
    fs::write(folder.path().join("ballast"), vec![0; 1 << 20]).ok();
    let really_full = world.apply(&mut deployment, &small);
    let same = look(&world.root.join("game")) == before;
    drop(deployment);
    let unmounted = Command::new("umount").arg("-l").arg(folder.path()).status();
    assert!(refused.is_err() && really_full.is_err() && same, "{refused:?} {really_full:?}");
    assert!(unmounted.is_ok_and(|status| status.success()));
}

//! What is refused before the first write (T-75).
#![allow(clippy::disallowed_methods)]

use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::support::World;
use crate::{DeployError, Recovery};

fn works(program: &str, arguments: &[&str], path: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(path).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The plan is refused, and the journal never heard of it.
fn refused(world: &World) -> DeployError {
    let desired =
        world.desired(&[world.package("lamps", &[("core/init.lua", "displaces"), ("lamps/x", "v1")])]);
    let mut deployment = world.open();
    let before = world.look();
    let error = world.apply(&mut deployment, &desired).expect_err("refused");
    assert_eq!(world.look(), before);
    assert_eq!(deployment.applied().sequence, 0);
    drop(deployment);
    assert_eq!(world.try_open().expect("opens").1, Recovery::Clean);
    error
}

#[test]
fn an_immutable_file_is_found_before_anything_is_written() {
    // A volume in memory may have no such mark.
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::at(folder.path().to_owned());
    world.write("mods/core/init.lua", "core");
    std::fs::create_dir_all(world.path("worlds")).expect("worlds");
    let file = world.path("mods/core/init.lua");
    if !works("chattr", &["+i"], &file) {
        println!("skipped: files cannot be marked immutable here");
        return;
    }
    let error = refused(&world);
    assert!(works("chattr", &["-i"], &file));
    assert!(matches!(error, DeployError::Locked { path } if path == file));
}

#[test]
fn a_read_only_folder_is_found_before_anything_is_written() {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    let folder = world.path("mods/core");
    let mount = ["-t", "tmpfs", "-o", "ro,size=64k", "muster-test"];
    if !works("mount", &mount, &folder) {
        println!("skipped: a read-only volume cannot be mounted here");
        return;
    }
    let error = refused(&world);
    assert!(works("umount", &["-l"], &folder));
    assert!(matches!(error, DeployError::NotWritable { path } if path == folder));
}

//! A game that writes into a file which is a hard link into the store.
#![allow(clippy::disallowed_methods)]
#![cfg(unix)]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::support::World;
use crate::{Action, Choices, DriftKind, FileState, PlacedPackage};

const LAMPS: &[(&str, &str)] = &[("lamps/init.lua", "light"), ("lamps/other.lua", "other")];

/// Writes as a game does that opens the file that is there: its inode stays.
pub(super) fn write_in_place(path: &Path, content: &str) {
    let mode = fs::metadata(path).expect("there").permissions().mode();
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("permissions");
    let mut file = fs::File::options().write(true).truncate(true).open(path).expect("opens");
    file.write_all(content.as_bytes()).expect("writes");
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    file.set_modified(long_ago).expect("time");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
}

fn in_store(world: &World, package: &PlacedPackage, path: &str) -> PathBuf {
    world.root.join("store").join(package.tree.to_string()).join(path)
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).expect("there").ino()
}

/// A world where the files of a package are links, and one of them was written to.
fn written() -> Option<(World, PlacedPackage)> {
    let world = World::new();
    let package = world.package("lamps", LAMPS);
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(std::slice::from_ref(&package))).expect("applies");
    let (placed, kept) = (world.path("mods/lamps/init.lua"), in_store(&world, &package, "lamps/init.lua"));
    if inode(&placed) != inode(&kept) {
        println!("skipped: files are not hard links here");
        return None;
    }
    write_in_place(&placed, "written by the game");
    assert_eq!(fs::read_to_string(kept).expect("reads"), "written by the game", "the danger");
    Some((world, package))
}

#[test]
fn the_file_keeps_what_was_written_and_shares_nothing_any_more() {
    let Some((world, package)) = written() else { return };
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(std::slice::from_ref(&package));
    let plan = world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(plan.summary.actions, [(Action::Detach, 1)].into());
    assert_eq!(plan.drift.iter().map(|drift| drift.kind).collect::<Vec<_>>(), [DriftKind::Changed]);
    let (placed, kept) = (world.path("mods/lamps/init.lua"), in_store(&world, &package, "lamps/init.lua"));
    assert_ne!(inode(&placed), inode(&kept));
    assert_eq!(world.look(), before, "bytes, time and permissions are as the game left them");
    let other = world.path("mods/lamps/other.lua");
    assert_eq!(inode(&other), inode(&in_store(&world, &package, "lamps/other.lua")), "others stay links");
    world.assert_tidy(&deployment);
    // It is still known as changed, and there is nothing more to do about it.
    assert_eq!(deployment.verify().expect("verifies").count(FileState::Changed), 1);
    let again = deployment.plan(&desired, &Choices::default()).expect("plans");
    assert!(again.is_empty() && again.drift.len() == 1, "{again:?}");
    // The store gets its bytes back from the archive; the player takes them.
    fs::remove_file(&kept).expect("removed");
    fs::write(&kept, "light").expect("written");
    let choices = Choices { replace_all: true, ..Choices::default() };
    let plan = deployment.plan(&desired, &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    let saved = super::support::look(&world.root.join("state/saved"));
    assert!(saved.values().flatten().any(|(content, ..)| content == b"written by the game"));
}

#[test]
fn what_is_no_longer_wanted_stays_with_what_was_written_and_shares_nothing() {
    let Some((world, package)) = written() else { return };
    let mut deployment = world.open();
    let plan = world.undeploy(&mut deployment);
    assert_eq!(plan.summary.actions, [(Action::Detach, 1), (Action::Remove, 1)].into());
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("written by the game"));
    let (placed, kept) = (world.path("mods/lamps/init.lua"), in_store(&world, &package, "lamps/init.lua"));
    assert_ne!(inode(&placed), inode(&kept));
    assert!(deployment.applied().is_empty());
    world.assert_tidy(&deployment);
}

#[test]
fn a_file_that_an_editor_replaced_shares_nothing_and_is_left_alone() {
    let Some((world, package)) = written() else { return };
    world.write("mods/lamps/init.lua", "written by an editor");
    let mut deployment = world.open();
    let placed = world.path("mods/lamps/init.lua");
    let before = inode(&placed);
    let plan = world.apply(&mut deployment, &world.desired(&[package])).expect("applies");
    assert!(plan.steps.is_empty() && plan.drift.len() == 1, "{plan:?}");
    assert_eq!(inode(&placed), before);
}

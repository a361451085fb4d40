//! Files of the player's own: a folder whose files are packages, and single files.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::path::Path;

use muster_suite::{Server, World, wait_for};

/// A plain archive with one mod, made as anybody would.
fn archive(folder: &Path, file: &str, text: &str) {
    let work = folder.join("work");
    std::fs::create_dir_all(work.join("glow")).expect("folders");
    std::fs::write(work.join("glow/mod.conf"), "name = glow\n").expect("written");
    std::fs::write(work.join("glow/init.lua"), text).expect("written");
    let target = folder.join(file);
    let made = std::process::Command::new("python3")
        .args(["-m", "zipfile", "-c"])
        .arg(&target)
        .arg("glow")
        .current_dir(&work)
        .output()
        .expect("python3 runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::remove_dir_all(&work).expect("removed");
}

fn placed(world: &World) -> Option<String> {
    std::fs::read_to_string(world.mods().join("glow/init.lua")).ok()
}

#[test]
fn files_that_are_dropped_into_a_folder_become_packages() {
    let drop = tempfile::tempdir().expect("a folder");
    let world = World::new();
    let address = format!("folder:minetest+{}", drop.path().display());
    world.muster_ok(&["source", "add", &address, "--alias", "drop"]);
    archive(drop.path(), "glow-1.0.zip", "-- one\n");
    std::fs::write(drop.path().join("notes.txt"), "no package").expect("written");
    std::fs::write(drop.path().join("broken-1.muster"), "no package either").expect("written");
    let found =
        || world.muster_json(&["search", "glow"])["rows"].as_array().filter(|rows| !rows.is_empty()).cloned();
    let rows = wait_for("the package", found);
    assert_eq!(
        (rows[0]["id"].as_str(), rows[0]["version"].as_str()),
        (Some("glow"), Some("1.0")),
        "{rows:?}"
    );
    world.muster_ok(&["install", "drop:glow", "--yes"]);
    assert_eq!(placed(&world).as_deref(), Some("-- one\n"));

    // A newer file is an update, and the older one can still be had.
    archive(drop.path(), "glow-1.1.zip", "-- two\n");
    wait_for("the update", || {
        world.muster_json(&["outdated"]).as_array().filter(|list| !list.is_empty()).cloned()
    });
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(placed(&world).as_deref(), Some("-- two\n"));
    world.muster_ok(&["install", "drop:glow@1.0", "--yes"]);
    assert_eq!(placed(&world).as_deref(), Some("-- one\n"));

    // What is installed stays when its file goes.
    std::fs::remove_file(drop.path().join("glow-1.0.zip")).expect("removed");
    world.muster_ok(&["source", "sync", "drop"]);
    world.muster_ok(&["verify"]);
    assert_eq!(placed(&world).as_deref(), Some("-- one\n"));
}

#[test]
fn a_file_is_installed_from_where_it_lies_or_from_an_address() {
    let folder = tempfile::tempdir().expect("a folder");
    archive(folder.path(), "glow-1.0.zip", "-- one\n");
    let world = World::new();
    let file = folder.path().join("glow-1.0.zip");
    world.muster_ok(&["install", file.to_str().expect("text"), "--yes"]);
    assert_eq!(placed(&world).as_deref(), Some("-- one\n"));
    assert!(file.is_file(), "it stays where it was");
    std::fs::remove_file(&file).expect("removed");
    world.muster_ok(&["disable", "glow"]);
    world.muster_ok(&["enable", "glow"]);
    assert_eq!(placed(&world).as_deref(), Some("-- one\n"), "and is not needed any more");

    archive(folder.path(), "glow-2.0.zip", "-- two\n");
    let server = Server::start(folder.path());
    world.muster_ok(&["install", &format!("{}glow-2.0.zip", server.address()), "--yes"]);
    assert_eq!(placed(&world).as_deref(), Some("-- two\n"));
}

#[test]
fn pages_and_other_things_are_no_packages() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("page.zip"), "<html>sign in</html>").expect("written");
    std::fs::write(folder.path().join("tool.exe"), "MZ").expect("written");
    let world = World::new();
    let server = Server::start(folder.path());
    let page = world.muster(&["install", "https://www.moddb.com/mods/x/downloads/y", "--yes"]);
    assert!(page.names("source-page-only"), "{page:?}");
    let page = world.muster(&["install", &format!("{}page.zip", server.address()), "--yes"]);
    assert!(page.names("source-file-not-a-package"), "{page:?}");
    let gone = world.muster(&["install", &format!("{}gone.zip", server.address()), "--yes"]);
    assert!(gone.names("source-file-unreadable"), "{gone:?}");
    let tool = world.muster(&["install", folder.path().join("tool.exe").to_str().expect("text"), "--yes"]);
    assert!(tool.names("source-file-not-a-package"), "{tool:?}");
    assert!(world.placed().is_empty());
}

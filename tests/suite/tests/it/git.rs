//! A registry in a git repository, from the command line to the mod in its folder.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use muster_suite::{Mod, Registry, World};

const LAMP: &str = "tester/lamp";

/// Runs git without anything that this machine or its people configured.
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.org");
    }
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "a state"]);
}

#[test]
fn a_registry_in_a_repository_is_added_searched_installed_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = Mod::new("tester/base", "1.0.0").noise("a.ogg", 9_000);
    let registry = Registry::with(
        folder.path(),
        &[base, Mod::new(LAMP, "1.0.0").needs("tester/base").noise("b.ogg", 50_000)],
    );
    let repository = registry.path();
    git(&repository, &["init", "-q", "-b", "main"]);
    commit(&repository);
    // A bare one, as it lies at a host: there are no files but those in git.
    let bare = folder.path().join("mods.git");
    let from = repository.to_str().expect("a path");
    git(folder.path(), &["clone", "-q", "--bare", from, bare.to_str().expect("a path")]);
    let address = format!("git+file://{}#main", bare.display());

    let world = World::new();
    world.muster_fails(
        &["source", "add", &format!("{address}x"), "--root", &registry.root()],
        1,
        "catalog-no-branch",
    );
    world.muster_fails(&["source", "add", &address, "--root", &"0".repeat(64)], 5, "source-root-differs");
    world.muster_ok(&["source", "add", &address, "--alias", "ours", "--root", &registry.root()]);
    let found = world.muster_json(&["search", "lamp"]);
    assert_eq!(found["rows"][0]["id"], LAMP, "{found}");
    world.muster_ok(&["install", LAMP, "--yes"]);
    assert!(world.mods().join("lamp/b.ogg").is_file() && world.mods().join("base/a.ogg").is_file());
    world.muster_ok(&["verify"]);

    registry.publish(&[Mod::new(LAMP, "1.1.0").needs("tester/base").noise("c.ogg", 20_000)]);
    commit(&repository);
    world.muster_ok(&["source", "sync"]);
    assert!(world.muster_json(&["outdated"]).as_array().expect("a list").is_empty(), "not pushed yet");
    git(&repository, &["push", "-q", bare.to_str().expect("a path"), "main"]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    assert!(world.mods().join("lamp/c.ogg").is_file());
    world.muster_ok(&["verify"]);
    world.muster_ok(&["source", "remove", "ours"]);
    world.muster_ok(&["verify"]);
}

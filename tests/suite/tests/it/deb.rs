//! The Debian package: what it holds, what it needs, and that its programs find each other where they are put.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use muster_suite::{World, muster, root};

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Builds the package of the programs under test, not compressed.
fn build(folder: &Path) -> PathBuf {
    let programs = muster().parent().expect("a folder").to_owned();
    let output = Command::new(root().join("installer/deb/build"))
        .arg("--programs")
        .args([&programs, folder])
        .env("COMPRESSION", "none")
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").lines().last().expect("a path"))
}

#[test]
fn the_package_brings_three_programs_that_find_each_other_and_leaves_nothing_of_the_player_in_it() {
    if !is_there("dpkg-deb")
        || !is_there("dpkg-shlibdeps")
        || !muster().with_file_name("muster-app").is_file()
    {
        eprintln!("skipped: this machine makes no Debian packages, or the window is not built");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (build(&folder.path().join("one")), build(&folder.path().join("two")));
    assert!(std::fs::read(&first).expect("read") == std::fs::read(&second).expect("read"), "the same bytes");

    let package = first.to_str().expect("a path");
    let field = |name: &str| run("dpkg-deb", &["-f", package, name]).trim().to_owned();
    assert!(field("Depends").contains("libwebkit2gtk-4.1-0"), "{}", field("Depends"));
    assert!(field("Version").starts_with(env!("CARGO_PKG_VERSION").trim_end_matches("-dev")));
    let listed = run("dpkg-deb", &["-c", package]);
    assert!(listed.lines().all(|line| line.contains("root/root")), "{listed}");
    let outside = listed.lines().filter(|line| !line.contains(" ./usr/") && !line.ends_with(" ./"));
    assert_eq!(outside.count(), 0, "{listed}");

    let at = folder.path().join("there");
    run("dpkg-deb", &["-x", package, at.to_str().expect("a path")]);
    let entry = std::fs::read_to_string(at.join("usr/share/applications/muster.desktop")).expect("an entry");
    assert!(
        entry.contains("Exec=muster window -- %u") && entry.contains("x-scheme-handler/muster"),
        "{entry}"
    );
    assert!(at.join("usr/share/icons/hicolor/48x48/apps/muster.png").is_file());
    assert!(at.join("usr/share/bash-completion/completions/muster").is_file());

    // The terminal starts the service that lies beside it.
    let world = World::new();
    let installed = |words: &[&str]| {
        let output = world.command(&at.join("usr/bin/muster")).args(words).output().expect("it runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    installed(&["start"]);
    let service = world.holder().expect("a service runs");
    let program = std::fs::read_link(format!("/proc/{service}/exe")).expect("a program");
    assert_eq!(program, at.join("usr/bin/muster-service"));
    installed(&["stop"]);
}

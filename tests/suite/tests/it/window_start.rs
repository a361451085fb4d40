//! `muster window`, which the entry of the menu and so every link goes through.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{os::unix::fs::PermissionsExt, path::Path, process::Command};

use muster_suite::muster;

/// Stands for the window: says what it was given, word by word.
const ECHO: &str = "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\n";

/// The terminal program alone in a folder.
fn alone(folder: &Path) -> std::path::PathBuf {
    let program = folder.join("muster");
    std::fs::copy(muster(), &program).expect("copied");
    program
}

/// T-91
#[test]
fn a_link_reaches_the_window_as_one_word_whatever_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let (program, window) = (alone(folder.path()), folder.path().join("muster-app"));
    std::fs::write(&window, ECHO).expect("written");
    std::fs::set_permissions(&window, std::fs::Permissions::from_mode(0o755)).expect("set");
    let given = |words: &[&str]| {
        let output = Command::new(&program).arg("window").args(words).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    assert_eq!(given(&[]), (Some(0), String::new()));
    for link in ["muster://package/a/b/c", "muster://x --evil $(id) `id`", "--json", "--help", ""] {
        assert_eq!(given(&["--", link]), (Some(0), format!("<{link}>")));
    }
    assert_eq!(given(&["--", "muster://a", "muster://b"]).0, Some(2), "one link at a time");
}

#[test]
fn where_there_is_no_window_it_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        Command::new(alone(folder.path())).arg("window").env("LC_ALL", "C").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("[window-not-found]") && said.contains("muster --help"), "{said}");
}

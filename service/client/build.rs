//! Names the build, so that a window can tell a service of another build from its own.

use std::process::Command;

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn main() {
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let build = match git(&["rev-parse", "--short=12", "HEAD"]) {
        Some(commit) if !commit.is_empty() => format!("{version}+{commit}"),
        _ => version,
    };
    println!("cargo::rustc-env=MUSTER_BUILD={build}");
    println!("cargo::rerun-if-changed=build.rs");
    // A commit moves the branch; an archive without history has neither file.
    if let Some(path) =
        git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|path| std::path::Path::new(path).exists())
    {
        println!("cargo::rerun-if-changed={path}");
    }
}

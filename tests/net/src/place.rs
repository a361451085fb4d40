//! Folders for a while: named by the program they belong to, so that what a killed one left can be removed.

use std::path::Path;

use anyhow::Result;
use muster_fsx::Dir;
use tempfile::{Builder, TempDir};

const PREFIX: &str = "muster-lab-";

/// A new folder below another one (the temporary folder), which is removed when dropped.
///
/// # Errors
/// If it cannot be made.
pub fn make(parent: Option<&Path>) -> Result<TempDir> {
    let temporary = std::env::temp_dir();
    let parent = parent.unwrap_or(&temporary);
    Dir::create_ambient(parent)?;
    sweep(parent);
    Ok(Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir_in(parent)?)
}

/// Removes folders of programs that are gone.
fn sweep(parent: &Path) {
    let Ok(dir) = Dir::open_ambient(parent) else { return };
    for entry in dir.entries().unwrap_or_default() {
        let Some(name) = entry.name_str() else { continue };
        if is_stale(name) {
            // Another program may be sweeping too.
            let _ = dir.remove_tree(name);
        }
    }
}

/// Whether a folder or a namespace of this name belongs to a program that is gone.
pub(crate) fn is_stale(name: &str) -> bool {
    let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
    let pid = owner.and_then(|pid| pid.parse::<u32>().ok());
    pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_is_removed_and_nothing_else_is() -> Result<()> {
        let parent = tempfile::tempdir()?;
        let dir = Dir::open_ambient(parent.path())?;
        // No process can have this number.
        for name in ["muster-lab-4294967295-abc", "muster-lab-x-abc", "muster-lab", "other"] {
            dir.create_dir_new(name)?.write_atomic("file", b"it")?;
        }
        let mine = make(Some(parent.path()))?;
        let other = make(Some(parent.path()))?;
        let left: Vec<_> =
            dir.entries()?.iter().filter_map(|entry| entry.name_str().map(str::to_owned)).collect();
        assert_eq!(left.len(), 5, "{left:?}");
        assert!(!left.iter().any(|name| name.contains("4294967295")) && mine.path() != other.path());
        Ok(())
    }
}

//! A real filesystem that is too small.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A filesystem in memory with a limit, mounted for one test.
pub struct SmallDisk {
    at: PathBuf,
}

impl SmallDisk {
    /// Mounts one; `None` (with the reason printed) where this user may not.
    pub fn mount(at: &Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { at: at.to_owned() }),
            Ok(output) => {
                eprintln!("skipped: cannot mount: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                eprintln!("skipped: no mount: {error}");
                None
            }
        }
    }

    /// Makes room.
    pub fn resize(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.at).status();
        assert!(done.expect("mount was there before").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a service that is being killed may still hold files.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

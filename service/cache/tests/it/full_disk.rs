//! A really full disk: a small tmpfs. Needs root to mount it; elsewhere the test says so and does nothing.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use muster_cache::Error;
use muster_fsx::ErrorKind;

use crate::common::{at, bytes, hash, open, put, writer};

struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("folder");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        let mounted = command.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("skipped: a small disk cannot be mounted here (not root?)");
            return None;
        }
        Some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all space that is left.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = std::fs::File::create(&path).expect("created");
        while file.write_all(&[1; 4096]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.folder.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "the small disk stays mounted");
    }
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_written() {
    let Some(disk) = SmallDisk::mount("2m") else { return };
    let cache = open(disk.path());
    let content = bytes(1, 3_000_000);
    let refused = cache.write(hash(&content), content.len() as u64, None);
    assert!(matches!(refused, Err(Error::NoSpace { needed: 3_000_000, .. })), "{refused:?}");
    assert_eq!(std::fs::read_dir(disk.path().join("partial")).expect("folder").count(), 0);
}

#[test]
fn a_disk_that_fills_up_on_the_way_costs_nothing_that_had_arrived() {
    let Some(disk) = SmallDisk::mount("2m") else { return };
    let cache = open(disk.path());
    let before = put(&cache, b"here before", at(0));
    let content = bytes(1, 1_000_000);
    let writer = writer(&cache, &content, None);
    writer.write_at(0, &content[..300_000]).expect("written");
    writer.checkpoint().expect("checkpoint");
    let filler = disk.fill();
    let full = writer.write_at(300_000, &content[300_000..]).expect_err("full");
    assert!(matches!(&full, Error::Files(error) if error.kind() == ErrorKind::NoSpace), "{full}");
    assert!(writer.complete_bytes() < 1_000_000);
    cache.verify(&before).expect("others are untouched");
    std::fs::remove_file(filler).expect("removed");
    writer.write_at(300_000, &content[300_000..]).expect("written");
    writer.finish(at(1)).expect("finished");
}

//! Rules on real folders.

use std::{
    io::Write as _,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, SystemTime},
};

use muster_domain::{Coded as _, PortablePath};
use tempfile::TempDir;

use crate::*;

fn folder() -> (TempDir, Dir) {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let dir = Dir::open_ambient(temp.path()).expect("it exists");
    (temp, dir)
}

fn write(dir: &Dir, path: &str, bytes: &[u8]) {
    if let Some((above, _)) = path.rsplit_once('/') {
        dir.create_dir_all(above).expect("folders");
    }
    dir.create_new(path).expect("new file").write_all(bytes).expect("written");
}

fn portable(text: &str) -> PortablePath {
    text.parse().expect("portable")
}

#[test]
fn creates_reads_and_lists_below_a_handle() {
    let (_temp, dir) = folder();
    write(&dir, "a/b/c.txt", b"hello");
    assert_eq!(dir.read(&portable("a/b/c.txt"), 5).expect("read"), b"hello");
    let error = dir.read("a/b/c.txt", 4).expect_err("too large");
    assert_eq!(error.code(), "file-too-large");
    let paths: Vec<_> = dir.tree().expect("tree").into_iter().map(|e| e.path).collect();
    assert_eq!(paths, ["a", "a/b", "a/b/c.txt"]);
    let entries = dir.open_dir("a/b").expect("folder").entries().expect("entries");
    assert_eq!(entries[0].name_str(), Some("c.txt"));
    assert_eq!(entries[0].metadata.size, 5);
}

#[test]
fn paths_lead_to_the_same_files_folder_by_folder() {
    let (_temp, dir) = folder();
    let paths = ["a/b/1", "a/b/2", "a/1", "1", "a/b/3", "c/1", "2"];
    paths.iter().for_each(|path| write(&dir, path, path.as_bytes()));
    let mut folders = Folders::new(dir.try_clone().expect("a second handle"));
    for path in paths {
        let (folder, name) = folders.of(path).expect("a folder");
        assert_eq!(folder.read(name, 10).expect("read"), path.as_bytes());
    }
    assert!(folders.of("missing/1").expect_err("no folder").is_missing());
    assert_eq!(folders.of("a/../1").expect_err("no plain name").kind(), ErrorKind::Name);
    assert_eq!(folders.of("a/b/1").expect("still known").0.path(), dir.path().join("a/b"));
}

#[test]
fn refuses_names_that_leave_the_folder() {
    let (_temp, dir) = folder();
    for name in ["", ".", "..", "../x", "a/../x", "/etc/passwd", "a//b", "a/", "a\0b"] {
        let error = dir.create_new(name).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Name, "{name:?}");
        assert!(dir.create_dir_all(name).is_err(), "{name:?}");
        assert!(dir.remove_tree(name).is_err(), "{name:?}");
    }
}

#[test]
fn new_files_never_replace() {
    let (_temp, dir) = folder();
    write(&dir, "x", b"old");
    let error = dir.create_new("x").expect_err("exists");
    assert_eq!(error.code(), "file-exists");
    assert_eq!(error.operation(), Operation::Create);
    assert!(error.path().ends_with("x"));
    assert_eq!(dir.read("x", 10).expect("read"), b"old");
    write(&dir, "y", b"new");
    assert_eq!(dir.rename_new("y", &dir, "x").expect_err("taken").kind(), ErrorKind::Exists);
    dir.rename("y", &dir, "x").expect("replaces");
    assert_eq!(dir.read("x", 10).expect("read"), b"new");
    assert!(dir.metadata_if_exists("y").expect("look").is_none());
}

#[test]
fn atomic_write_replaces_and_leaves_nothing_behind() {
    let (temp, dir) = folder();
    dir.write_atomic("settings", b"1").expect("first");
    dir.write_atomic("settings", b"22").expect("second");
    assert_eq!(dir.read("settings", 10).expect("read"), b"22");
    write_atomic_private(&temp.path().join("key"), b"secret").expect("private");
    let names: Vec<_> = dir.entries().expect("entries").into_iter().map(|e| e.name).collect();
    assert_eq!(names, ["key", "settings"]);
    dir.create_dir_all("folder").expect("folder");
    assert!(dir.write_atomic("folder", b"x").is_err(), "a folder has the name");
    let leftovers = dir.entries().expect("entries");
    assert!(leftovers.iter().all(|e| !is_temporary(e.name_str().unwrap_or(""))));
}

#[test]
fn placing_makes_independent_copies_and_shared_links() {
    let (_temp, dir) = folder();
    write(&dir, "store/file", b"content");
    dir.set_mode("store/file", Mode::ReadOnly).expect("mode");
    let source = dir.open_dir("store").expect("store");
    let method = place(&source, "file", &dir, "shared", LinkPreference::HardLink).expect("placed");
    assert_eq!(method, LinkMethod::HardLink);
    let (a, b) = (dir.metadata("store/file").expect("a"), dir.metadata("shared").expect("b"));
    assert!(a.is_same_file(&b) && b.read_only && b.links == 2);

    let method = place(&source, "file", &dir, "own", LinkPreference::Own).expect("placed");
    assert_ne!(method, LinkMethod::HardLink);
    let mut own = dir.open_to_write("own").expect("a file of its own can be written");
    own.write_all(b"CHANGED").expect("written");
    assert_eq!(dir.read("store/file", 10).expect("read"), b"content");

    assert_eq!(place(&source, "file", &dir, "copy", LinkPreference::Copy).expect("placed"), LinkMethod::Copy);
    let error = place(&source, "file", &dir, "copy", LinkPreference::Share).expect_err("exists");
    assert_eq!(error.kind(), ErrorKind::Exists);
    let error = place(&source, "nothing", &dir, "new", LinkPreference::Share).expect_err("missing");
    assert_eq!(error.kind(), ErrorKind::Missing);
    assert!(dir.metadata_if_exists("new").expect("look").is_none());
}

#[test]
fn modification_times_are_kept() {
    let (_temp, dir) = folder();
    write(&dir, "x", b"1");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    dir.set_modified("x", time).expect("set");
    assert_eq!(dir.metadata("x").expect("metadata").modified, time);
}

#[test]
fn one_process_holds_a_lock_at_a_time() {
    let (temp, dir) = folder();
    let path = temp.path().join("lock");
    let held = FileLock::try_exclusive(&path).expect("works").expect("free");
    assert!(FileLock::try_exclusive(&path).expect("works").is_none());
    assert!(FileLock::try_exclusive_in(&dir, "lock").expect("works").is_none());
    drop(held);
    assert!(FileLock::try_exclusive_in(&dir, "lock").expect("works").is_some());
}

#[test]
fn positions_reservation_and_batches() {
    let (_temp, dir) = folder();
    let file = dir.create_new("x").expect("new");
    file.reserve(10).expect("reserved");
    file.write_all_at(b"end", 7).expect("written");
    let mut buffer = [0; 3];
    file.read_exact_at(&mut buffer, 7).expect("read");
    assert_eq!((&buffer, file.size().expect("size")), (b"end", 10));
    assert!(file.read_exact_at(&mut buffer, 8).is_err());
    let paths: Vec<String> = (0..40).map(|n| format!("d{}/e/{n}", n % 3)).collect();
    paths.iter().for_each(|path| write(&dir, path, b"x"));
    dir.sync_files(&paths).expect("synced");
    assert_eq!(dir.sync_files(&["d0/e/0", "gone"]).expect_err("missing").kind(), ErrorKind::Missing);
    assert!(dir.free_space().expect("space") > 0);
}

#[test]
fn removing_a_tree_is_idempotent() {
    let (_temp, dir) = folder();
    write(&dir, "t/a/b", b"1");
    dir.remove_tree("t").expect("removed");
    dir.remove_tree("t").expect("nothing to do");
    dir.remove_tree("t/a").expect("nothing to do");
    assert!(dir.entries().expect("entries").is_empty());
}

#[test]
fn errors_inside_streams_keep_their_path() {
    let (temp, dir) = folder();
    write(&dir, "x", b"1");
    let mut file = dir.open("x").expect("open");
    let error = file.write_all(b"2").expect_err("opened for reading");
    let error = Error::recover(error, Operation::Sync, temp.path());
    assert_eq!((error.operation(), error.path()), (Operation::Write, temp.path().join("x").as_path()));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn t70_links_are_never_followed_at_any_part() {
        let (outside, outside_dir) = folder();
        let (temp, dir) = folder();
        write(&outside_dir, "victim", b"old");
        write(&dir, "real/file", b"inside");
        symlink(outside.path(), temp.path().join("out")).expect("link");
        symlink("real", temp.path().join("in")).expect("link");
        symlink("real/file", temp.path().join("leaf")).expect("link");
        for path in ["out/victim", "in/file", "leaf"] {
            let code = |error: Error| error.code();
            assert_eq!(dir.open(path).map_err(code).err(), Some("file-link"), "{path}");
            assert_eq!(dir.open_to_write(path).map_err(code).err(), Some("file-link"), "{path}");
            assert_eq!(dir.open_to_append(path).map_err(code).err(), Some("file-link"), "{path}");
        }
        assert_eq!(dir.create_new("out/new").expect_err("link").kind(), ErrorKind::Link);
        assert_eq!(dir.create_dir_all("in/deeper").expect_err("link").kind(), ErrorKind::Link);
        assert_eq!(dir.remove_tree("out/victim").expect_err("link").kind(), ErrorKind::Link);
        assert_eq!(dir.create_new("leaf").expect_err("taken").kind(), ErrorKind::Exists);
        let mut folders = Folders::new(dir.try_clone().expect("a second handle"));
        assert_eq!(folders.of("out/victim").expect_err("link").kind(), ErrorKind::Link);
        let error = place(&dir, "leaf", &dir, "copied", LinkPreference::Share).expect_err("link");
        assert_eq!(error.kind(), ErrorKind::Link);
        assert!(dir.metadata_if_exists("copied").expect("look").is_none());
        dir.write_atomic("leaf", b"plain").expect("replaces the link itself");
        assert_eq!(dir.read("real/file", 10).expect("read"), b"inside");
        dir.remove_tree("out").expect("removes the link");
        assert_eq!(outside_dir.read("victim", 10).expect("read"), b"old");
    }

    #[test]
    fn t70_links_and_special_files_are_listed_as_such() {
        let (temp, dir) = folder();
        symlink("/", temp.path().join("root")).expect("link");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            temp.path().join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o644),
            0,
        )
        .expect("pipe");
        let tree = dir.tree().expect("tree");
        let kinds: Vec<_> = tree.iter().map(|e| (e.path.as_str(), e.metadata.kind)).collect();
        assert_eq!(kinds, [("pipe", EntryKind::Special), ("root", EntryKind::Link)]);
        let error = dir.open("pipe").expect_err("a pipe is not a file, and opening it does not wait");
        assert_eq!(error.kind(), ErrorKind::Link);
    }

    /// T-71: a second thread swaps the folder with a link that leads outside, all the time.
    #[test]
    fn t71_a_folder_swapped_for_a_link_is_not_followed() {
        let (outside, outside_dir) = folder();
        let (temp, dir) = folder();
        dir.create_dir_all("target").expect("folder");
        symlink(outside.path(), temp.path().join("trap")).expect("link");
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let swap = || {
                    let (a, b) = (temp.path().join("target"), temp.path().join("trap"));
                    let flags = rustix::fs::RenameFlags::EXCHANGE;
                    rustix::fs::renameat_with(rustix::fs::CWD, &a, rustix::fs::CWD, &b, flags)
                };
                while !stop.load(Ordering::Relaxed) {
                    swap().expect("swapped");
                }
            });
            let mut written = 0;
            let mut refused = 0;
            for n in 0..20_000 {
                match dir.create_new(format!("target/f{n}").as_str()) {
                    Ok(_) => written += 1,
                    Err(_) => refused += 1,
                }
            }
            stop.store(true, Ordering::Relaxed);
            assert!(written > 0 && refused > 0, "the race did not happen: {written} {refused}");
        });
        assert!(outside_dir.entries().expect("entries").is_empty(), "something escaped");
    }

    #[test]
    fn modes_are_what_they_say() {
        let (temp, dir) = folder();
        let mode = |name: &str| {
            std::fs::metadata(temp.path().join(name)).expect("metadata").permissions().mode() & 0o7777
        };
        dir.write_atomic_private("key", b"x").expect("written");
        assert_eq!(mode("key"), 0o600);
        write(&dir, "file", b"x");
        assert_eq!(mode("file") & !0o644, 0);
        dir.set_mode("file", Mode::ReadOnly).expect("set");
        assert_eq!(mode("file"), 0o444);
        dir.set_mode("file", Mode::Executable).expect("set");
        assert!(dir.metadata("file").expect("metadata").executable);
        let private = temp.path().join("p/q");
        Dir::create_ambient_private(&private).expect("created");
        assert_eq!(mode("p/q"), 0o700);
    }

    #[test]
    fn names_that_are_not_unicode_are_reported() {
        use std::os::unix::ffi::OsStrExt as _;
        let (temp, dir) = folder();
        let name = std::ffi::OsStr::from_bytes(b"a\xff");
        if std::fs::File::create(temp.path().join(name)).is_err() {
            eprintln!("skipped: this volume takes only Unicode names");
            return;
        }
        let tree = dir.tree().expect("tree");
        assert_eq!((tree.len(), tree[0].nameable), (1, false));
    }
}

/// T-73, with a real volume of 1 MB.
#[cfg(target_os = "linux")]
#[test]
fn t73_a_full_volume_is_named_and_leaves_the_old_content() {
    let (temp, _dir) = folder();
    let flags = rustix::mount::MountFlags::empty();
    let options = std::ffi::CString::new("size=1m").expect("no zero");
    if let Err(error) = rustix::mount::mount("tmpfs", temp.path(), "tmpfs", flags, options.as_c_str()) {
        eprintln!("skipped: mounting a small volume is not permitted here ({error})");
        return;
    }
    let dir = Dir::open_ambient(temp.path()).expect("mounted");
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        dir.write_atomic("x", b"old").expect("fits");
        let error = dir.write_atomic("x", &vec![7; 2_000_000]).expect_err("full");
        assert_eq!(error.code(), "file-no-space");
        assert_eq!(dir.read("x", 10).expect("read"), b"old");
        assert_eq!(dir.entries().expect("entries").len(), 1, "the temporary file is gone");
        let (_other_temp, other) = folder();
        write(&other, "y", b"elsewhere");
        let error = other.rename("y", &dir, "y").expect_err("another volume");
        assert_eq!(error.code(), "file-other-volume");
        let method = place(&other, "y", &dir, "y", LinkPreference::HardLink).expect("copied");
        assert_eq!(method, LinkMethod::Copy);
        dir.remove_file("y").expect("removed");
        let error = dir.create_new("big").expect("new").reserve(50_000_000).expect_err("full");
        assert_eq!(error.kind(), ErrorKind::NoSpace);
    }));
    drop(dir);
    rustix::mount::unmount(temp.path(), rustix::mount::UnmountFlags::DETACH).expect("unmounted");
    outcome.expect("the rules hold");
}

#[test]
fn every_kind_has_its_code() {
    let kinds = [
        ErrorKind::NoSpace,
        ErrorKind::Permission,
        ErrorKind::Missing,
        ErrorKind::Exists,
        ErrorKind::ReadOnly,
        ErrorKind::Busy,
        ErrorKind::TooLong,
        ErrorKind::Link,
        ErrorKind::Shape,
        ErrorKind::TooLarge,
        ErrorKind::Name,
        ErrorKind::OtherVolume,
        ErrorKind::Other,
    ];
    let mut codes = kinds.map(|kind| Error::of_kind(kind, Operation::Open, "x", "").code());
    let mut listed: Vec<_> = CODES.to_vec();
    codes.sort_unstable();
    listed.sort_unstable();
    assert_eq!(codes.as_slice(), listed);
    let error = Error::of_kind(ErrorKind::Busy, Operation::Open, "x", "held");
    assert!(CODES.contains(&error.code()));
    assert_eq!(error.to_string(), "cannot open x: held");
    assert!(error.context().iter().any(|(key, value)| *key == "path" && value == "x"));
}

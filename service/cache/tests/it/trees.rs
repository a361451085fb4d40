//! Unpacked trees: complete or not there.

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

use muster_cache::{Error, Trees};
use muster_domain::Sha256;
use muster_fsx::Dir;

const ONE: Sha256 = Sha256([1; 32]);

fn unpack(dir: &Dir) -> Result<(), Error> {
    dir.create_dir_all("files/empty")?;
    dir.write_atomic("files/init.lua", b"print('hello')")?;
    Ok(dir.write_atomic("manifest.yaml", b"format: 1")?)
}

#[test]
fn a_tree_is_unpacked_once_and_is_read_only() {
    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    let calls = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let lease = trees.ensure_tree(&ONE, |dir| {
                    calls.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(std::time::Duration::from_millis(30));
                    unpack(dir)
                });
                let dir = lease.expect("unpacked").dir().expect("opens");
                assert_eq!(dir.read("files/init.lua", 100).expect("read"), b"print('hello')");
                assert!(dir.metadata("files/init.lua").expect("metadata").read_only);
            });
        }
    });
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(trees.sizes().expect("sizes"), [(ONE, 23)].into());
    drop(trees);
    let trees = Trees::open(folder.path()).expect("opens");
    trees.ensure_tree(&ONE, |_| -> Result<(), Error> { panic!("it is there already") }).expect("there");
}

#[test]
fn a_failed_unpacking_leaves_nothing_and_the_next_one_tries_again() {
    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    let failed = trees.ensure_tree(&ONE, |dir| {
        unpack(dir)?;
        Err(Error::Corrupt(ONE))
    });
    assert!(matches!(failed, Err(Error::Corrupt(_))));
    assert!(matches!(trees.lease(&ONE), Err(Error::Missing(_))));
    assert_eq!(fs::read_dir(folder.path().join("staging")).expect("folder").count(), 0);
    trees.ensure_tree(&ONE, unpack).expect("unpacked");
}

#[test]
fn refuses_a_tree_with_links() {
    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    let refused = trees.ensure_tree(&ONE, |dir| {
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link")).expect("link");
        unpack(dir)
    });
    assert!(matches!(refused, Err(Error::ForeignEntry { path }) if path == "link"));
    assert_eq!(trees.list(), []);
}

#[test]
fn what_a_crash_left_half_unpacked_is_gone_after_the_next_start() {
    let folder = tempfile::tempdir().expect("folder");
    drop(Trees::open(folder.path()).expect("opens"));
    fs::create_dir_all(folder.path().join("staging/half/files")).expect("created");
    let trees = Trees::open(folder.path()).expect("opens");
    assert_eq!(fs::read_dir(folder.path().join("staging")).expect("folder").count(), 0);
    assert_eq!(trees.list(), []);
}

#[test]
fn a_tree_goes_only_when_nothing_refers_to_it() {
    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    let lease = trees.ensure_tree(&ONE, unpack).expect("unpacked");
    assert!(matches!(trees.remove_tree(&ONE), Err(Error::NotReady)));
    trees.declare_leases([("generation:1".to_owned(), ONE)]);
    drop(lease);
    assert!(matches!(trees.remove_tree(&ONE), Err(Error::InUse(_))));
    assert_eq!(trees.remove_unused().expect("removes"), []);
    trees.set_leases("generation:1", []);
    let lease = trees.lease(&ONE).expect("there");
    assert!(matches!(trees.remove_tree(&ONE), Err(Error::InUse(_))));
    drop(lease);
    assert_eq!(trees.remove_unused().expect("removes"), [ONE]);
    assert_eq!(trees.list(), []);
    trees.remove_tree(&ONE).expect("missing is success");
    assert!(trees.sizes().expect("sizes").is_empty());
}

#[test]
fn a_damaged_tree_is_unpacked_anew_though_profiles_lease_it() {
    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    trees.declare_leases([("profile".to_owned(), ONE)]);
    let held = trees.ensure_tree(&ONE, unpack).expect("unpacked");
    assert!(matches!(trees.discard(&ONE), Err(Error::InUse(_))), "somebody reads it");
    drop(held);
    assert!(matches!(trees.remove_tree(&ONE), Err(Error::InUse(_))));
    trees.discard(&ONE).expect("gone");
    assert!(matches!(trees.lease(&ONE), Err(Error::Missing(_))));
    trees.ensure_tree(&ONE, unpack).expect("unpacked again");
    assert!(matches!(trees.remove_tree(&ONE), Err(Error::InUse(_))), "the lease means the new one");
}

#[cfg(unix)]
#[test]
fn a_write_into_a_linked_file_breaks_the_seal_of_its_tree() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("folder");
    let trees = Trees::open(folder.path()).expect("opens");
    let dir = trees.ensure_tree(&ONE, unpack).expect("unpacked").dir().expect("opens");
    assert!(trees.is_sealed(&ONE).expect("there"));
    let game = folder.path().join("game");
    fs::create_dir(&game).expect("created");
    dir.hard_link("files/init.lua", &Dir::open_ambient(&game).expect("opens"), "init.lua").expect("linked");
    assert!(trees.is_sealed(&ONE).expect("there"), "a link is no change");
    let placed = game.join("init.lua");
    fs::set_permissions(&placed, fs::Permissions::from_mode(0o644)).expect("permissions");
    assert!(!trees.is_sealed(&ONE).expect("there"), "what may be written to");
    fs::set_permissions(&placed, fs::Permissions::from_mode(0o444)).expect("permissions");
    assert!(trees.is_sealed(&ONE).expect("there"));
    // As many bytes as before.
    fs::set_permissions(&placed, fs::Permissions::from_mode(0o644)).expect("permissions");
    let file = Dir::open_ambient(&game).expect("opens").open_to_write("init.lua").expect("opens");
    file.write_all_at(b"print('HELLO')", 0).expect("written");
    drop(file);
    fs::set_permissions(&placed, fs::Permissions::from_mode(0o444)).expect("permissions");
    assert!(!trees.is_sealed(&ONE).expect("there"));
    drop(trees);
    let trees = Trees::open(folder.path()).expect("opens");
    assert!(!trees.is_sealed(&ONE).expect("there"), "also by the next run");
    trees.seal_again(&ONE).expect("sealed");
    assert!(trees.is_sealed(&ONE).expect("there"));
    trees.discard(&ONE).expect("gone");
    assert!(matches!(trees.is_sealed(&ONE), Err(Error::Missing(_))));
    drop(trees.ensure_tree(&ONE, unpack).expect("unpacked"));
    assert!(trees.is_sealed(&ONE).expect("there"));
}

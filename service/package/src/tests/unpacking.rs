//! Writing what an archive holds.

use std::sync::atomic::{AtomicU32, Ordering};

use muster_domain::Coded as _;
use muster_fsx::EntryKind;

use super::{
    AUTHORED, GO,
    craft::{Craft, Part},
    folder, packed, text,
};
use crate::{Error, Limits, unpack, unpack_files, validate, validate_foreign};

#[test]
fn files_are_read_only_and_what_was_there_is_gone() {
    let archive = packed(AUTHORED, &[("a/b/c", b"1"), ("d", &text(100_000))]);
    let package = validate(&archive, &Limits::default()).expect("sound");
    let (_temp, staging) = folder();
    staging.create_dir_all("left/over").expect("folder");
    staging.write_atomic("left/over/from-a-crash", b"x").expect("written");
    let unpacked = unpack(&archive, &package, &staging, GO).expect("unpacks");
    assert_eq!((unpacked.files.len(), unpacked.size), (2, 100_001));
    let tree = staging.tree().expect("tree");
    let files: Vec<_> = tree.iter().filter(|e| e.metadata.kind == EntryKind::File).collect();
    assert_eq!(files.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["a/b/c", "d"]);
    assert!(files.iter().all(|entry| entry.metadata.read_only));
}

#[test]
fn nothing_stays_after_a_refusal() {
    let good = text(10_000);
    let files: &[(&str, &[u8])] = &[("a", &good), ("b", b"expected")];
    let parts = vec![Part::deflated("files/a", &good), Part::stored("files/b", b"tampered")];
    let archive = Craft::payload(files, parts).build();
    let package = validate(&archive, &Limits::default()).expect("only the content is wrong");
    let (_temp, staging) = folder();
    assert_eq!(unpack(&archive, &package, &staging, GO).expect_err("refused").code(), "package-hash");
    assert!(staging.entries().expect("entries").is_empty());
}

#[test]
fn unpacking_can_be_stopped_at_any_point() {
    let archive = packed(AUTHORED, &[("a/b", &text(300_000)), ("c", b"1")]);
    let package = validate(&archive, &Limits::default()).expect("sound");
    let (_temp, staging) = folder();
    for limit in 0..4 {
        let calls = AtomicU32::new(0);
        let stop = || calls.fetch_add(1, Ordering::Relaxed) >= limit;
        assert!(matches!(unpack(&archive, &package, &staging, &stop), Err(Error::Cancelled)), "{limit}");
        assert!(staging.entries().expect("entries").is_empty());
    }
}

#[test]
fn foreign_archives_are_unpacked_and_hashed() {
    let parts = vec![Part::deflated("mod/init.lua", &text(1_000)), Part::stored("mod/x", b"1")];
    let archive = Craft { parts, ..Craft::default() }.build();
    let entries = validate_foreign(&archive, &Limits::default()).expect("sound");
    let (_temp, staging) = folder();
    let unpacked = unpack_files(&archive, &entries, &staging, GO).expect("unpacks");
    assert_eq!(staging.read("mod/init.lua", 2_000).expect("read"), text(1_000));
    assert_eq!(unpacked.size, 1_001);
}

/// T-57, T-70: a link in the staging folder is never written through.
#[cfg(unix)]
#[test]
fn t57_a_link_planted_in_the_staging_folder_is_removed_first() {
    let (outside, _) = folder();
    let (temp, staging) = folder();
    std::os::unix::fs::symlink(outside.path(), temp.path().join("a")).expect("link");
    let archive = packed(AUTHORED, &[("a/b", b"1")]);
    let package = validate(&archive, &Limits::default()).expect("sound");
    unpack(&archive, &package, &staging, GO).expect("unpacks");
    assert!(std::fs::read_dir(outside.path()).expect("list").next().is_none());
    assert_eq!(staging.read("a/b", 10).expect("read"), b"1");
}

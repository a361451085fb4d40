//! T-69: what our packer writes.

use std::{
    cell::Cell,
    time::{Duration, SystemTime},
};

use muster_domain::{Coded as _, Sha256};
use proptest::prelude::*;
use sha2::Digest as _;

use super::{AUTHORED, GO, folder, input, noise, packed, text};
use crate::{
    Error, Limits, Method, describe, inspect, pack, plan_pack, release_facts, unpack, validate, verify,
};

fn sha256(bytes: &[u8]) -> String {
    Sha256(sha2::Sha256::digest(bytes).into()).to_string()
}

/// These hashes may change only together with the format: published packages are found by their bytes.
#[test]
fn t69_golden_bytes() {
    let small = packed(AUTHORED, &[("init.lua", b"return 1\n")]);
    assert_eq!(sha256(&small), GOLDEN_SMALL);
    let files: &[(&str, &[u8])] = &[
        ("zeros", &[0; 150_000]),
        ("more-zeros", &[0; 1_500_000]),
        ("text.txt", &text(200_000)),
        ("noise.bin", &noise(70_000)),
        ("empty", b""),
        ("Grüße/ä.txt", b"\xc3\xa4"),
    ];
    assert_eq!(sha256(&packed(AUTHORED, files)), GOLDEN_MIXED);
    let collection = AUTHORED.replace("kind: mod", "kind: collection") + "packages: [{package: aa/bb}]\n";
    assert_eq!(sha256(&packed(&collection, &[])), GOLDEN_COLLECTION);
}

const GOLDEN_SMALL: &str = "3a5cf1dccb116da796469aeeceeb2ce21d2e224e663669a161ccb9de00fef36f";
const GOLDEN_MIXED: &str = "9e396c73cf23278be31bea9df0e8533e900a21efd19062c13a45cf0c6cef65a3";
const GOLDEN_COLLECTION: &str = "6d587ea4ea787ee91f51f31a2052ba97f7f6efa2cd9f6303f06582cb584c9b94";

#[test]
fn t69_times_modes_and_order_of_creation_do_not_matter() {
    let files: &[(&str, &[u8])] = &[("b/x", b"1"), ("a", b"2"), ("b.txt", b"3")];
    let first = packed(AUTHORED, files);
    let (_in_temp, dir) = input(AUTHORED, &[files[2], files[0], files[1]]);
    dir.set_modified("files/a", SystemTime::UNIX_EPOCH + Duration::from_secs(77)).expect("set");
    dir.set_mode("files/b.txt", muster_fsx::Mode::Executable).expect("set");
    dir.write_atomic("README.md", b"left out").expect("written");
    let (_out_temp, output) = folder();
    let again = pack(&dir, &output, GO).expect("packs");
    assert_eq!(output.read(again.file_name.as_str(), 1 << 20).expect("read"), first);
    assert_eq!(again.file_name, "ada-cool-mod-1.2.3.muster");
    let paths: Vec<_> = again.manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a", "b.txt", "b/x"], "byte order");
    assert_eq!(plan_pack(&dir, GO).expect("planned"), again.manifest);
    assert_eq!(output.entries().expect("entries").len(), 1, "no temporary file stays");
}

#[test]
fn the_authors_text_stays_as_it_is_and_what_does_not_shrink_is_stored() {
    let archive = packed(AUTHORED, &[("noise", &noise(200_000)), ("text", &text(200_000))]);
    let package = validate(&archive, &Limits::default()).expect("sound");
    assert!(package.manifest_bytes().starts_with(AUTHORED.as_bytes()));
    let methods: Vec<_> = package.files().map(|(_, entry)| entry.method).collect();
    assert_eq!(methods, [Method::Store, Method::Deflate]);
    let inspection = inspect(&archive, GO).expect("sound");
    assert_eq!((inspection.files, inspection.unpacked_size), (2, 400_000));
    assert_eq!(inspection.archive.sha256.to_string(), sha256(&archive));
}

#[test]
fn packing_refuses_what_a_package_cannot_hold() {
    let refused = |files: &[(&str, &[u8])]| {
        let (_in_temp, dir) = input(AUTHORED, files);
        let (_out_temp, output) = folder();
        let code = pack(&dir, &output, GO).expect_err("refused").code();
        assert!(output.entries().expect("entries").is_empty(), "nothing stays");
        code
    };
    assert_eq!(refused(&[("NUL.txt", b"")]), "package-path");
    assert_eq!(refused(&[("a\u{202e}b", b"")]), "package-path");
    assert_eq!(refused(&[("a", b""), ("A", b"")]), "package-name-collision");
    let (_in_temp, dir) =
        input(&format!("{{{}}}", AUTHORED.lines().skip(1).collect::<Vec<_>>().join(", ")), &[]);
    let (_out_temp, output) = folder();
    assert_eq!(pack(&dir, &output, GO).expect_err("flow mapping").code(), "package-manifest-field");
    let (_long_temp, long) = input(&format!("{AUTHORED}# {}\n", "x".repeat(300_000)), &[]);
    assert_eq!(pack(&long, &output, GO).expect_err("too long").code(), "package-manifest-too-large");
    let (_empty_temp, empty) = folder();
    assert_eq!(pack(&empty, &output, GO).expect_err("no manifest").code(), "file-missing");
}

#[cfg(unix)]
#[test]
fn packing_does_not_follow_links() {
    let (temp, dir) = input(AUTHORED, &[("a", b"1")]);
    std::os::unix::fs::symlink("/etc/hostname", temp.path().join("files/leak")).expect("link");
    let (_out_temp, output) = folder();
    assert_eq!(pack(&dir, &output, GO).expect_err("link").code(), "package-input-special");
}

#[test]
fn packing_can_be_stopped_at_any_point() {
    let files: &[(&str, &[u8])] = &[("a", &text(300_000)), ("b", &noise(100_000))];
    let (_in_temp, dir) = input(AUTHORED, files);
    let (_out_temp, output) = folder();
    for limit in 0..10 {
        let calls = std::sync::atomic::AtomicU32::new(0);
        let stop = || calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= limit;
        assert!(matches!(pack(&dir, &output, &stop), Err(Error::Cancelled)), "{limit}");
        assert!(output.entries().expect("entries").is_empty());
    }
}

#[test]
fn a_release_is_described_by_its_package() {
    let (_in_temp, dir) = input(&format!("{AUTHORED}depends: [{{package: ada/base}}]\n"), &[("a", b"12345")]);
    let (_out_temp, output) = folder();
    let packed = pack(&dir, &output, GO).expect("packs");
    let source = "contentdb".parse().expect("a source");
    let release = release_facts(&packed.manifest, &packed.description, source);
    assert_eq!((release.unpacked_size, release.depends.len()), (5, 1));
    assert_eq!(release.archive, packed.description.archive);
    assert_eq!(release.torrent.expect("torrent").piece_length, 65_536);
}

fn arbitrary_files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    // Each part begins with a letter that no name reserved on Windows begins with.
    let name = "q[a-z]{0,2}(/q[a-z0-9]{0,3}){0,2}\\.[a-z]";
    let content = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..3_000),
        (0_usize..200_000).prop_map(text),
        (65_530_usize..65_545).prop_map(noise),
    ];
    proptest::collection::btree_map(name, content, 0..8).prop_map(|files| files.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn t69_round_trip(files in arbitrary_files()) {
        let borrowed: Vec<(&str, &[u8])> = files.iter().map(|(path, content)| (path.as_str(), &content[..])).collect();
        let archive = packed(AUTHORED, &borrowed);
        prop_assert_eq!(&archive, &packed(AUTHORED, &borrowed));
        let package = validate(&archive, &Limits::for_archive(archive.len() as u64)).expect("our own packages are sound");
        verify(&archive, &package, GO).expect("contents are right");
        let (_temp, staging) = folder();
        let unpacked = unpack(&archive, &package, &staging, GO).expect("unpacks");
        prop_assert_eq!(&unpacked.files, &package.manifest().files);
        for (path, content) in &files {
            prop_assert_eq!(&staging.read(path.as_str(), 1 << 20).expect("read"), content);
        }
        let description = describe(&archive, &package, GO).expect("described");
        prop_assert_eq!(description.archive.sha256.to_string(), sha256(&archive));
    }
}

#[test]
fn a_file_that_changes_while_it_is_packed_is_noticed() {
    let (_in_temp, dir) = input(AUTHORED, &[("a", &text(100_000))]);
    let (_out_temp, output) = folder();
    let calls = std::sync::Mutex::new(Cell::new(0));
    // The first pass asks once per 64 KiB and once at the end; then the file is replaced.
    let change = || {
        let calls = calls.lock().expect("not poisoned");
        calls.set(calls.get() + 1);
        if calls.get() == 4 {
            dir.write_atomic("files/a", &noise(100_000)).expect("written");
        }
        false
    };
    assert_eq!(pack(&dir, &output, &change).expect_err("changed").code(), "package-input-changed");
}

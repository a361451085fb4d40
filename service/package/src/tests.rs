//! Rules, case by case. Numbers such as T-58 are those of the design's catalogue of attacks.

mod artifacts;
mod craft;
#[path = "../../registry/tests/it/damage.rs"]
mod damage;
mod differential;
mod features;
mod manifests;
mod mutations;
mod packing;
mod reuse;
mod structure;
mod unpacking;

use muster_fsx::Dir;
use tempfile::TempDir;

/// Never asks to stop.
const GO: crate::Cancel<'static> = &|| false;

/// A manifest as an author writes it.
const AUTHORED: &str = "\
# A comment that survives.
format: 1
name: ada/cool-mod
version: 1.2.3
title: Cool mod
kind: mod
license: MIT
";

fn folder() -> (TempDir, Dir) {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let dir = Dir::open_ambient(temp.path()).expect("it exists");
    (temp, dir)
}

/// A folder to pack.
fn input(manifest: &str, files: &[(&str, &[u8])]) -> (TempDir, Dir) {
    let (temp, dir) = folder();
    dir.write_atomic("manifest.yaml", manifest.as_bytes()).expect("written");
    for (path, content) in files {
        let path = format!("files/{path}");
        let (above, _) = path.rsplit_once('/').expect("below files");
        dir.create_dir_all(above).expect("folder");
        dir.write_atomic(path.as_str(), content).expect("written");
    }
    (temp, dir)
}

/// The bytes of a package made by our packer.
fn packed(manifest: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let (_in_temp, input) = input(manifest, files);
    let (_out_temp, output) = folder();
    let packed = crate::pack(&input, &output, GO).expect("packs");
    output.read(packed.file_name.as_str(), 1 << 30).expect("read")
}

/// Text that compresses, and noise that does not.
fn text(length: usize) -> Vec<u8> {
    (0..length).map(|n| b"abcdefgh\n"[(n + n / 97) % 9]).collect()
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

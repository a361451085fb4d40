//! Any bytes give books or a refusal.
#![allow(clippy::disallowed_methods)]

use std::fs;

use proptest::prelude::*;

use super::support::World;
use crate::{
    DeployError,
    journal::{Refusal, read},
};

fn journal_of_two_changes() -> (World, Vec<u8>) {
    let world = World::new();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("a", &[("a/x", "1")])])).expect("applies");
    world.apply(&mut deployment, &world.desired(&[world.package("a", &[("a/x", "2")])])).expect("applies");
    drop(deployment);
    let bytes = fs::read(world.root.join("state/journal")).expect("journal");
    (world, bytes)
}

#[test]
fn a_torn_end_is_cut_off_and_damage_elsewhere_is_refused() {
    let (world, bytes) = journal_of_two_changes();
    let whole = read(&bytes).expect("reads");
    assert_eq!(whole.applied.sequence, 2);
    let ends: Vec<usize> = (0..bytes.len()).filter(|&n| bytes[n] == b'\n').map(|n| n + 1).collect();
    for cut in 0..=bytes.len() {
        let contents = read(&bytes[..cut]).unwrap_or_else(|refusal| panic!("{cut}: {refusal:?}"));
        let good = ends.iter().copied().filter(|&end| end <= cut).max().unwrap_or(0);
        assert_eq!(contents.length, good as u64, "{cut}");
    }
    let mut damaged = bytes.clone();
    damaged[ends[1] - 5] ^= 1;
    assert_eq!(read(&damaged).err(), Some(Refusal::Damaged("a checksum is wrong")));
    fs::write(world.root.join("state/journal"), &damaged).expect("writes");
    assert!(matches!(world.try_open(), Err(DeployError::Journal { .. })));
    fs::write(world.root.join("state/journal"), "something else").expect("writes");
    assert!(matches!(world.try_open(), Err(DeployError::Journal { .. })));
    let mut zeros = bytes.clone();
    zeros.extend([0; 100]);
    assert_eq!(read(&zeros).expect("reads").length, bytes.len() as u64);
}

#[test]
fn a_newer_format_is_refused_and_nothing_is_changed() {
    let (world, _) = journal_of_two_changes();
    let json = "{\"header\":{\"format\":3}}";
    let line = format!("{} {json}\n", &crate::edits::sha256(json.as_bytes()).to_string()[..16]);
    fs::write(world.root.join("state/journal"), &line).expect("writes");
    assert!(matches!(world.try_open(), Err(DeployError::JournalFormat { .. })));
    assert_eq!(fs::read_to_string(world.root.join("state/journal")).expect("reads"), line);
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[0-9a-f]{16} \\{.{0,40}\\}\n?") {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
    }
}

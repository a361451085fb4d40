//! Any bytes give books or a refusal.
#![allow(clippy::disallowed_methods)]

use std::fs;

use proptest::prelude::*;

use super::support::World;
use crate::{
    DeployError, Deployment,
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

/// Another program wrote to it, or put another one there of the same length.
#[test]
fn books_of_a_journal_that_was_written_since_are_not_believed() {
    let (world, bytes) = journal_of_two_changes();
    let journal = world.root.join("state/journal");
    let leave = || world.open().leave().expect("nothing is left to do");
    let reopen = |books| Deployment::reopen(world.places(), &world.root.join("state"), books);
    let (mut again, _) = reopen(leave()).expect("reopens");
    assert_eq!(again.applied().sequence, 2);
    let books = again.leave().expect("nothing is left to do");
    drop(again);
    let mut other = world.open();
    world.apply(&mut other, &world.desired(&[])).expect("applies");
    drop(other);
    assert_eq!(reopen(books).expect("reopens").0.applied().sequence, 3);
    let books = leave();
    let length = fs::read(&journal).expect("reads").len();
    fs::remove_file(&journal).expect("removes");
    fs::write(&journal, &bytes).expect("writes");
    assert_ne!(length, bytes.len());
    assert_eq!(reopen(books).expect("reopens").0.applied().sequence, 2);
    let books = leave();
    let mut damaged = bytes;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::remove_file(&journal).expect("removes");
    fs::write(&journal, &damaged).expect("writes");
    assert!(
        matches!(reopen(books), Err(DeployError::Journal { .. })),
        "as long as before, and read all the same"
    );
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

//! What must hold for any bytes that a registry, or somebody who shares a profile, sends: read or refused, never a panic. Used by
//! the targets in `fuzz/` and, with a fixed budget, by the crate's own tests.
#![allow(dead_code)]

use muster_registry::{
    GuestNote, Roll, SharedProfile, SigningKey, Ticket, decode_changes, decode_shard, encode_changes,
    encode_shard, parse_advisories, parse_featured, pin::Record, write_advisories, write_featured,
};

/// The document of a shard or of changes, packed here: damage inside of zstd ends in its own checks.
pub fn catalogue(document: &[u8]) {
    let _ = decode_shard(document);
    let Ok(packed) = zstd::bulk::compress(document, 1) else { return };
    if let Ok(entries) = decode_shard(&packed) {
        let again = encode_shard(&entries).and_then(|bytes| decode_shard(&bytes));
        assert_eq!(again.ok(), Some(entries));
    }
    if let Ok(changes) = decode_changes(&packed) {
        let again = encode_changes(&changes).and_then(|bytes| decode_changes(&bytes));
        assert_eq!(again.ok(), Some(changes));
    }
}

/// A list of what is advised against. What is read may be signed again as it is.
pub fn advisories(bytes: &[u8]) {
    let Ok(list) = parse_advisories(bytes) else { return };
    if let Ok(written) = write_advisories(&list) {
        assert_eq!(parse_advisories(&written).ok(), Some(list));
    }
}

/// A list of what is featured. What is read may be signed again as it is.
pub fn featured(bytes: &[u8]) {
    let Ok(list) = parse_featured(bytes) else { return };
    let written = write_featured(&list).expect("what is read may be signed");
    assert_eq!(parse_featured(&written).ok(), Some(list));
}

/// A shared profile, and records of keys that were handed over.
pub fn shared(bytes: &[u8]) {
    let _ = SharedProfile::read(bytes, &[]);
    let _ = Record::parse_file(bytes);
}

/// A ticket of a lobby, as it comes, and signed here: damage inside of a signed one ends at the signature.
pub fn ticket(bytes: &[u8]) {
    let _ = Ticket::read(bytes);
    let Ok(mut ticket) = serde_json::from_slice::<Ticket>(bytes) else { return };
    let key = SigningKey::from_seed([7; 32]);
    ticket.host = key.public();
    ticket.by = None;
    if let Ok(signed) = ticket.sign(&[&key]) {
        assert!(Ticket::read(&signed).is_ok());
    }
}

/// What guests say in a lobby and what its host answers, as it comes, and signed here. What was read says the same when it is
/// signed and read once more.
pub fn notes(bytes: &[u8]) {
    let key = SigningKey::from_seed([7; 32]);
    let _ = GuestNote::read(bytes);
    if let Ok(mut note) = serde_json::from_slice::<GuestNote>(bytes) {
        note.guest = key.public();
        if let Some(read) = note.sign(&key).ok().and_then(|signed| GuestNote::read(&signed).ok()) {
            let again = read.sign(&key).and_then(|signed| GuestNote::read(&signed));
            assert_eq!(again.ok(), Some(read));
        }
    }
    let Ok(roll) = serde_json::from_slice::<Roll>(bytes) else { return };
    let step = muster_registry::GuestStep::Ready;
    let (lobby, number) = (roll.lobby, roll.number);
    let asked = GuestNote { lobby, guest: roll.to, number, name: String::new(), step, done: 0, total: 0 };
    let _ = Roll::read(bytes, &key.public(), &asked);
    let read = |signed: Vec<u8>| Roll::read(&signed, &key.public(), &asked);
    if let Some(roll) = roll.sign(&key).ok().and_then(|signed| read(signed).ok()) {
        assert_eq!(roll.sign(&key).and_then(read).ok(), Some(roll));
    }
}

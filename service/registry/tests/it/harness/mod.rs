//! What must hold for any bytes that a registry, or somebody who shares a profile, sends: read or refused, never a panic. Used by
//! the targets in `fuzz/` and, with a fixed budget, by the crate's own tests.
#![allow(dead_code)]

use muster_domain::{JoinLink, ReturnPage, clean_line};
use muster_registry::{
    GuestNote, Roll, SharedProfile, SignedTicket, SigningKey, Ticket, decode_changes, decode_shard,
    encode_changes, encode_shard, parse_advisories, parse_featured, pin::Record, sha256, sign_envelope,
    write_advisories, write_featured,
};
use serde_json::{Map, Value};

/// Largest file with a ticket that the window takes, in bytes (`docs/formats/ticket.md`).
pub const MAX_TICKET_FILE: usize = 500_000;

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

/// A file with the ticket of a lobby, as the window and the terminal take it: as it comes, and with whatever it says signed
/// here, as a host who means no good would sign it.
pub fn ticket_file(bytes: &[u8]) {
    if bytes.len() > MAX_TICKET_FILE {
        return;
    }
    let is_text = std::str::from_utf8(bytes).is_ok();
    if let Ok(read) = Ticket::read(bytes) {
        assert!(is_text);
        is_sound(&read, bytes);
    }
    // The terminal takes for text what is none.
    let lossy = String::from_utf8_lossy(bytes);
    if let (false, Ok(read)) = (is_text, Ticket::read(lossy.as_bytes())) {
        is_sound(&read, lossy.as_bytes());
    }
    let Some(signed) = signed_by_us(bytes) else { return };
    if let Ok(read) = Ticket::read(&signed) {
        is_sound(&read, &signed);
    }
}

/// The same document under keys of ours, whatever else it says; a key that the host keeps is one of ours, too.
fn signed_by_us(bytes: &[u8]) -> Option<Vec<u8>> {
    let [lobby, host] = [7, 8].map(|seed| SigningKey::from_seed([seed; 32]));
    let mut document: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    let Some(Value::Object(mut body)) = document.remove("signed") else { return None };
    body.retain(|member, _| !["_type", "format"].contains(&member.as_str()));
    body.insert("host".to_owned(), lobby.public().to_string().into());
    if body.contains_key("by") {
        body.insert("by".to_owned(), host.public().to_string().into());
    }
    sign_envelope("muster-ticket", 1, body, &[&lobby, &host]).ok()
}

/// What the dialog of a lobby and a guest's new profile rely on, whoever wrote the ticket.
fn is_sound(SignedTicket { ticket, digest }: &SignedTicket, bytes: &[u8]) {
    assert_eq!(*digest, sha256(bytes));
    for name in [&ticket.name, &ticket.profile.name] {
        assert!(!name.is_empty() && clean_line(name, 80) == **name, "{name:?}");
    }
    assert!(ticket.written < ticket.expires && !ticket.holds_at(ticket.expires));
    assert!(ticket.peers.len() <= 16 && ticket.peers.iter().all(JoinLink::may_be_peer));
    assert!(ticket.back.as_ref().is_none_or(|page| page.parse::<ReturnPage>().is_ok()));
    let profile = &ticket.profile;
    assert!(profile.note.is_empty() && profile.owners.is_empty());
    assert!(profile.packages.iter().all(|package| package.enabled));
    let is_listed =
        |source, id| profile.packages.iter().any(|package| (&package.source, &package.id) == (source, id));
    assert!(ticket.optional.iter().all(|optional| is_listed(&optional.source, &optional.id)));
    // Handed on by another host, it says the same.
    let [lobby, host] = [9, 10].map(|seed| SigningKey::from_seed([seed; 32]));
    let handed = Ticket { host: lobby.public(), by: ticket.by.map(|_| host.public()), ..ticket.clone() };
    let read = handed.sign(&[&lobby, &host]).and_then(|signed| Ticket::read(&signed));
    assert_eq!(read.ok().map(|read| read.ticket), Some(handed));
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

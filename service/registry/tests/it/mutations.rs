//! Samples with random damage: the harness of the targets in `fuzz/`, with a fixed budget. Its own samples are
//! checked in.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use crate::{
    damage::{corpus, damage},
    harness::MAX_TICKET_FILE,
};

#[test]
fn the_corpus_is_what_it_says() {
    use muster_registry::{SharedProfile, decode_changes, parse_advisories, parse_featured};
    let packed = zstd::bulk::compress(&corpus("catalogue")[0], 1).unwrap();
    let changes = decode_changes(&packed).unwrap();
    assert_eq!((changes.entries.len(), changes.gone.len()), (2, 1));
    assert_eq!(parse_advisories(&corpus("advisories")[0]).unwrap()[0].affects.len(), 3);
    assert_eq!(parse_featured(&corpus("featured")[0]).unwrap().len(), 2);
    assert!(SharedProfile::read(&corpus("shared")[0], &[]).is_ok());
    assert!(serde_json::from_slice::<muster_registry::Ticket>(&corpus("ticket")[0]).is_ok());
    let read = |bytes: &Vec<u8>| muster_registry::Ticket::read(bytes).unwrap().ticket;
    let [known, small] = &corpus("ticket_file")[..] else { panic!("two samples") };
    assert!(read(known).by.is_some() && read(known).optional.len() == 1 && read(small).by.is_none());
    let [note, roll] = &corpus("notes")[..] else { panic!("two samples") };
    assert!(serde_json::from_slice::<muster_registry::GuestNote>(note).is_ok());
    assert_eq!(serde_json::from_slice::<muster_registry::Roll>(roll).unwrap().guests.len(), 3);
}

#[test]
fn damaged_catalogues_never_panic() {
    damage(corpus("catalogue"), 20_000, crate::harness::catalogue);
}

#[test]
fn damaged_advisories_never_panic() {
    damage(corpus("advisories"), 20_000, crate::harness::advisories);
}

#[test]
fn damaged_lists_of_what_is_featured_never_panic() {
    damage(corpus("featured"), 20_000, crate::harness::featured);
}

#[test]
fn damaged_shared_profiles_and_records_never_panic() {
    damage(corpus("shared"), 20_000, crate::harness::shared);
}

#[test]
fn damaged_tickets_never_panic() {
    damage(corpus("ticket"), 5_000, crate::harness::ticket);
}

#[test]
fn damaged_files_with_tickets_never_panic_and_what_is_read_is_sound() {
    damage(corpus("ticket_file"), 10_000, crate::harness::ticket_file);
}

#[test]
fn a_file_as_large_as_a_ticket_may_be_is_refused_or_read_whatever_fills_it() {
    let sound = String::from_utf8(corpus("ticket_file").remove(0)).unwrap();
    let fill = |unit: &str| unit.repeat((MAX_TICKET_FILE - sound.len() - 100) / unit.len());
    let deep = format!("{}{}", fill("["), "]");
    let halves = format!("{}0{}", fill("[").split_at(240_000).0, "]".repeat(240_000));
    let text = format!("\"{}\"", fill("\\u0000"));
    let list = format!("[{}0]", fill("0,"));
    let lists = format!("[{}[]]", fill("[],"));
    let members = format!("{{{}\"a\":0}}", fill("\"a\":0,"));
    for filler in [deep, halves, text, list, lists, members] {
        // Among what is signed, beside it, and where the names and packages are.
        for place in ["\"packages\":", "\"optional\":", "\"signatures\":"] {
            let filled = sound.replacen(place, &format!("\"filler\":{filler},{place}"), 1);
            let instead = sound.replacen(place, &format!("{place}{filler},\"filler\":"), 1);
            assert!(filled.len().max(instead.len()) <= MAX_TICKET_FILE);
            crate::harness::ticket_file(filled.as_bytes());
            crate::harness::ticket_file(instead.as_bytes());
        }
    }
}

#[test]
fn damaged_notes_and_rolls_of_lobbies_never_panic() {
    damage(corpus("notes"), 5_000, crate::harness::notes);
}

//! Notes to somebody who shares, and to somebody who does not.
#![allow(clippy::unwrap_used)]

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use muster_domain::{Coded, Sha1};
use muster_transfer::{MAX_ANSWER, MAX_NOTE, NoteReader, SharingPolicy};

use crate::support::Node;

const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const PLACE: Sha1 = Sha1([7; 20]);

/// Answers with as many bytes as the note names, and counts.
#[derive(Debug, Default)]
struct Reader(AtomicUsize);

impl NoteReader for Reader {
    fn answer(&self, from: IpAddr, note: &[u8]) -> Option<Vec<u8>> {
        assert!(from.is_loopback());
        self.0.fetch_add(1, Ordering::Relaxed);
        let length = std::str::from_utf8(note).ok()?.trim().parse().ok()?;
        Some(vec![7; length])
    }
}

#[tokio::test]
async fn a_note_is_answered_where_somebody_reads_it_and_shares() {
    let (here, there) = (Node::start().await, Node::start().await);
    let reader = Arc::new(Reader::default());
    let write = async |to, note: &str| here.transfers.send_note(to, PLACE, note.as_bytes()).await;
    there.transfers.read_notes(PLACE, Some(reader.clone()));
    let policy = SharingPolicy::On { listen: ANY };
    let address = there.transfers.set_sharing(policy).await.unwrap().unwrap();

    assert_eq!(write(address, "3").await.unwrap(), [7; 3]);
    assert_eq!(write(address, &MAX_ANSWER.to_string()).await.unwrap().len(), MAX_ANSWER);
    assert!(write(address, &(MAX_ANSWER + 1).to_string()).await.is_err(), "an answer that is too long");
    assert!(write(address, "nothing").await.is_err(), "no word");
    assert_eq!(reader.0.load(Ordering::Relaxed), 4);
    assert!(write(address, &" ".repeat(MAX_NOTE + 1)).await.is_err(), "a note that is too long");
    let elsewhere = here.transfers.send_note(address, Sha1([8; 20]), b"3").await;
    assert_eq!(elsewhere.unwrap_err().code(), "transfer-swarm");
    assert_eq!(reader.0.load(Ordering::Relaxed), 4, "neither was read");

    // A pause is a pause; what is read afterwards is read by the same.
    there.transfers.pause_all().await;
    assert!(write(address, "3").await.is_err());
    there.transfers.resume_all().await;
    let address = there.transfers.set_sharing(policy).await.unwrap().unwrap();
    assert_eq!(write(address, "1").await.unwrap(), [7]);
    there.transfers.read_notes(PLACE, None);
    assert!(write(address, "3").await.is_err(), "nobody reads them any more");
    tokio::join!(here.transfers.shutdown(), there.transfers.shutdown());
}

//! Where guests of a lobby report to its host, and are told of each other.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use muster_domain::{Sha1, Sha256};
use muster_registry::{GuestNote, RollEntry, SigningKey, sha256};
use muster_transfer::NoteReader;
use tokio::sync::Notify;

use super::guests::Guests;
use crate::{Engine, Signal, signal::Signals};

/// Reads what guests say, for as long as the lobby is open.
#[derive(Debug)]
pub(crate) struct Desk {
    pub lobby: Sha256,
    key: SigningKey,
    guests: Mutex<Guests>,
    signals: Signals,
    /// Told when there is somebody to look after.
    stirred: Arc<Notify>,
}

impl Desk {
    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn entries(&self) -> Vec<RollEntry> {
        self.guests().entries()
    }

    /// Looks at the clock. Gives whether there is anybody for whom that has to be done again.
    pub fn tend(&self, now: Timestamp) -> bool {
        let mut guests = self.guests();
        if guests.tend(now) {
            self.signals.send(Signal::Lobbies);
        }
        !guests.is_empty()
    }
}

impl NoteReader for Desk {
    fn answer(&self, from: IpAddr, note: &[u8]) -> Option<Vec<u8>> {
        let now = Timestamp::now();
        // Reading costs a signature: who says too much is not read.
        if !self.guests().may_speak(from, now) {
            return None;
        }
        let note = GuestNote::read(note).ok()?;
        let mut guests = self.guests();
        let was_empty = guests.is_empty();
        let heard = guests.hear(note.clone(), from, now);
        let roll = guests.roll(&note).filter(|_| heard.is_ok());
        drop(guests);
        if heard == Ok(true) {
            self.signals.send(Signal::Lobbies);
        }
        if was_empty {
            self.stirred.notify_one();
        }
        roll?.sign(&self.key).ok()
    }
}

/// Where notes about a lobby are written to. Not where its ticket is: who only looks at that hash does not see this one.
pub(super) fn place(lobby: &Sha256) -> Sha1 {
    let hash = sha256(&[b"muster lobby notes 1 ", &lobby.0[..]].concat());
    let mut place = [0; 20];
    place.copy_from_slice(&hash.0[..20]);
    Sha1(place)
}

impl Engine {
    /// Guests of a lobby can report from now on.
    pub(super) fn open_desk(&self, lobby: Sha256, seed: [u8; 32]) {
        let mut open = self.inner.lobbies.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_some_and(|desk| desk.lobby == lobby) {
            return;
        }
        let desk = Arc::new(Desk {
            lobby,
            key: SigningKey::from_seed(seed),
            guests: Mutex::new(Guests::new(lobby)),
            signals: self.inner.signals.clone(),
            stirred: self.inner.lobbies.stirred.clone(),
        });
        self.transfers().read_notes(place(&lobby), Some(desk.clone()));
        *open = Some(desk);
    }

    pub(super) fn close_desk(&self) {
        let closed = self.inner.lobbies.desk.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(desk) = closed {
            self.transfers().read_notes(place(&desk.lobby), None);
        }
    }

    pub(super) fn desk(&self) -> Option<Arc<Desk>> {
        self.inner.lobbies.desk.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

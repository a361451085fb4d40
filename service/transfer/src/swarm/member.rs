//! A connected peer as the others see it: what it wants, what it brought, how to reach its conversation.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Instant,
};

use muster_domain::Sha256;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    book::Via,
    choke::Asking,
    outbox::Outbox,
    wire::{Extensions, Outgoing},
};
use crate::{PeerView, flow::Distance, meter::Meter};

/// A connected peer.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub id: u64,
    pub peer_id: [u8; 20],
    /// Where the connection comes from or leads to.
    pub address: SocketAddr,
    pub via: Via,
    pub distance: Distance,
    pub outbox: Arc<Outbox>,
    pub facts: Arc<Facts>,
    /// There may be something to ask it for.
    pub wake: Arc<Notify>,
    pub cancel: CancellationToken,
}

/// What changes about a connected peer.
#[derive(Debug)]
pub(crate) struct Facts {
    /// It wants something of us.
    pub is_interested: AtomicBool,
    /// We give to it.
    pub is_served: AtomicBool,
    /// It gives to us.
    pub serves_us: AtomicBool,
    pub is_seed: AtomicBool,
    pub down: AtomicU64,
    pub up: AtomicU64,
    pub wrong: AtomicU32,
    changing: Mutex<Changing>,
}

#[derive(Debug)]
struct Changing {
    extensions: Extensions,
    /// When it was last begun, or ended, to be served.
    turn: Instant,
    down: Meter,
    up: Meter,
}

impl Facts {
    pub fn new(now: Instant) -> Self {
        let changing = Changing {
            extensions: Extensions::default(),
            turn: now,
            down: Meter::new(now),
            up: Meter::new(now),
        };
        Self {
            is_interested: AtomicBool::new(false),
            is_served: AtomicBool::new(false),
            serves_us: AtomicBool::new(false),
            is_seed: AtomicBool::new(false),
            down: AtomicU64::new(0),
            up: AtomicU64::new(0),
            wrong: AtomicU32::new(0),
            changing: Mutex::new(changing),
        }
    }

    pub fn extensions(&self) -> Extensions {
        self.changing().extensions.clone()
    }

    pub fn set_extensions(&self, extensions: Extensions) {
        self.changing().extensions = extensions;
    }

    pub fn came(&self, bytes: u64, now: Instant) {
        self.down.fetch_add(bytes, Ordering::Relaxed);
        self.changing().down.add(bytes, now);
    }

    pub fn went(&self, bytes: u64, now: Instant) {
        self.up.fetch_add(bytes, Ordering::Relaxed);
        self.changing().up.add(bytes, now);
    }

    /// Bytes per second that it brings, and takes.
    pub fn rates(&self, now: Instant) -> (u64, u64) {
        let mut changing = self.changing();
        (changing.down.short(now), changing.up.short(now))
    }

    /// Bytes per second over the last half minute.
    pub fn brought(&self, now: Instant) -> u64 {
        self.changing().down.long(now)
    }

    fn changing(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    pub fn asking(&self, now: Instant) -> Asking {
        let since = now.saturating_duration_since(self.facts.changing().turn);
        let is_served = self.facts.is_served.load(Ordering::Relaxed);
        Asking {
            id: self.id,
            is_interested: self.facts.is_interested.load(Ordering::Relaxed),
            is_near: self.distance == Distance::Near,
            served_for: is_served.then_some(since),
            waits_for: since,
        }
    }

    /// Begins or ends to give to it.
    pub fn serve(&self, is_served: bool, now: Instant) {
        if self.facts.is_served.swap(is_served, Ordering::Relaxed) == is_served {
            return;
        }
        self.facts.changing().turn = now;
        if !is_served {
            self.outbox.clear_requests();
        }
        self.outbox.send(if is_served { Outgoing::Unchoke } else { Outgoing::Choke });
    }

    /// What of it can be shown.
    pub fn view(&self, sha256: Sha256, now: Instant) -> PeerView {
        let facts = &self.facts;
        let (down_rate, up_rate) = facts.rates(now);
        PeerView {
            sha256,
            address: self.address,
            via: self.via,
            client: facts.extensions().client,
            is_seed: facts.is_seed.load(Ordering::Relaxed),
            is_served: facts.is_served.load(Ordering::Relaxed),
            serves_us: facts.serves_us.load(Ordering::Relaxed),
            down: facts.down.load(Ordering::Relaxed),
            up: facts.up.load(Ordering::Relaxed),
            down_rate,
            up_rate,
            wrong: facts.wrong.load(Ordering::Relaxed),
        }
    }

    /// Where it can be dialled, if it said so.
    pub fn listens_at(&self) -> Option<SocketAddr> {
        match self.via {
            Via::Incoming => {
                self.facts.extensions().port.map(|port| SocketAddr::new(self.address.ip(), port))
            }
            _ => Some(self.address),
        }
    }
}

/// The connected peers of one archive.
#[derive(Debug, Default)]
pub(crate) struct Members(BTreeMap<u64, Member>);

impl Members {
    /// `false` if the same program is connected already.
    pub fn insert(&mut self, member: Member) -> bool {
        if self.0.values().any(|other| other.peer_id == member.peer_id) {
            return false;
        }
        self.0.insert(member.id, member);
        true
    }

    pub fn remove(&mut self, id: u64) {
        self.0.remove(&id);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.0.values()
    }

    pub fn tell(&self, message: &Outgoing) {
        self.0.values().for_each(|member| member.outbox.send(message.clone()));
    }

    pub fn choke_all(&self) {
        let now = Instant::now();
        self.0.values().for_each(|member| member.serve(false, now));
    }

    pub fn end_all(&self) {
        self.0.values().for_each(|member| member.cancel.cancel());
    }

    /// Ends the conversation that brings least.
    pub fn end_one(&self) -> bool {
        let now = Instant::now();
        let least = self.0.values().filter(|m| !m.cancel.is_cancelled()).min_by_key(|m| m.facts.rates(now).0);
        least.inspect(|member| member.cancel.cancel()).is_some()
    }
}

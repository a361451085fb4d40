//! One archive between peers: what we have of it, who is connected, who else is known.
//!
//! Shared by every conversation about the archive. Locks: `inside` first, then the map of the assembly; neither is held
//! over an await or over a file access.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Instant,
};

use muster_cache::Reader;
use muster_domain::Tier;

use super::{
    Exposure, Metainfo,
    bits::Bits,
    book::{Book, Farewell, Via},
    choke::{self, Asking},
    member::{Member, Members},
    picker::{Picker, Proof},
    score::is_slow,
    wire::Outgoing,
};
use crate::{
    Error,
    assembly::{Assembly, Claim, Counters},
};

/// Units whose times are remembered.
const TIMES: usize = 256;

/// What we have of the archive.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// All of it, verified.
    Complete(Reader),
    /// What has arrived.
    Arriving { assembly: Arc<Assembly>, counters: Arc<Counters>, proof: Proof },
    /// Nothing any more; whoever is connected is leaving.
    Gone,
}

/// One archive between peers.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub metainfo: Metainfo,
    inside: Mutex<Inside>,
    tier: AtomicU8,
    /// Bytes passed on since it was added.
    pub uploaded: AtomicU64,
}

#[derive(Debug)]
struct Inside {
    content: Content,
    exposure: Exposure,
    picker: Picker,
    /// Pieces that peers were told about, or would be.
    offered: Bits,
    members: Members,
    book: Book,
    /// Of the last units, in seconds.
    times: VecDeque<f64>,
    wrong_units: u32,
    failure: Option<Error>,
}

/// What is known about an exchange right now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// Connected peers.
    pub peers: u32,
    /// Bytes passed on since it was added.
    pub uploaded: u64,
    /// It could not be read and is given to nobody any more.
    pub is_gone: bool,
}

impl Exchange {
    pub fn new(metainfo: Metainfo, content: Content, exposure: Exposure, seed: u64) -> Self {
        let pieces = metainfo.pieces();
        let proof = match &content {
            Content::Arriving { proof, .. } => *proof,
            Content::Complete(_) | Content::Gone => Proof::Pieces,
        };
        // The counts of a picker matter only to somebody who fetches.
        let counted = if matches!(content, Content::Arriving { .. }) { pieces } else { 0 };
        let offered =
            if matches!(content, Content::Complete(_)) { Bits::empty(0) } else { Bits::empty(pieces) };
        let inside = Inside {
            content,
            exposure,
            picker: Picker::new(counted, proof, seed),
            offered,
            members: Members::default(),
            book: Book::default(),
            times: VecDeque::new(),
            wrong_units: 0,
            failure: None,
        };
        let tier = AtomicU8::new(Tier::Background as u8);
        Self { metainfo, inside: Mutex::new(inside), tier, uploaded: AtomicU64::new(0) }
    }

    pub fn tier(&self) -> Tier {
        match self.tier.load(Ordering::Relaxed) {
            0 => Tier::LobbyUrgent,
            1 => Tier::User,
            _ => Tier::Background,
        }
    }

    pub fn set_tier(&self, tier: Tier) {
        self.tier.store(tier as u8, Ordering::Relaxed);
    }

    pub fn status(&self) -> Status {
        let inside = self.lock();
        Status {
            peers: inside.members.len() as u32,
            uploaded: self.uploaded.load(Ordering::Relaxed),
            is_gone: matches!(inside.content, Content::Gone),
        }
    }

    // What is here

    pub fn content(&self) -> Content {
        self.lock().content.clone()
    }

    pub fn is_complete(&self) -> bool {
        matches!(self.lock().content, Content::Complete(_))
    }

    /// Whether there is nothing to do any more but to pass on.
    pub fn is_over(&self) -> bool {
        match &self.lock().content {
            Content::Complete(_) => false,
            Content::Arriving { assembly, .. } => assembly.is_complete(),
            Content::Gone => true,
        }
    }

    /// The archive is whole and verified: from now on it is read from where it is kept.
    pub fn complete(&self, reader: Reader) {
        let mut inside = self.lock();
        inside.content = Content::Complete(reader);
        inside.exposure = Exposure::Shared;
        let pieces = self.metainfo.pieces();
        if inside.offered.len() == pieces {
            let missing: Vec<usize> = (0..pieces).filter(|piece| !inside.offered.get(*piece)).collect();
            for piece in missing {
                inside.members.tell(&Outgoing::Have(piece as u32));
            }
        }
        inside.offered = Bits::empty(0);
    }

    /// Nothing is offered or fetched any more; everybody is told to leave.
    pub fn close(&self) {
        let mut inside = self.lock();
        inside.content = Content::Gone;
        inside.exposure = Exposure::TakeOnly;
        inside.members.end_all();
    }

    /// Whether what arrives may be passed on at once.
    pub fn set_exposure(&self, exposure: Exposure) {
        let mut inside = self.lock();
        if inside.exposure == exposure {
            return;
        }
        inside.exposure = exposure;
        match exposure {
            Exposure::Shared => {
                let offered: Vec<usize> = inside.offered.ones().collect();
                for piece in offered {
                    inside.members.tell(&Outgoing::Have(piece as u32));
                }
            }
            Exposure::TakeOnly => inside.members.choke_all(),
        }
    }

    pub fn exposure(&self) -> Exposure {
        self.lock().exposure
    }

    /// The pieces that are offered now; `None` if none are.
    pub fn offer(&self) -> Option<Bits> {
        let inside = self.lock();
        match (&inside.content, inside.exposure) {
            (Content::Complete(_), _) => Some(Bits::full(self.metainfo.pieces())),
            (Content::Arriving { .. }, Exposure::Shared) => Some(inside.offered.clone()),
            (Content::Arriving { .. }, Exposure::TakeOnly) | (Content::Gone, _) => None,
        }
    }

    /// Where to read a piece for somebody; `None` if it is not offered.
    pub fn source_of(&self, piece: u32) -> Option<Content> {
        let inside = self.lock();
        match (&inside.content, inside.exposure) {
            (Content::Complete(_), _) => Some(inside.content.clone()),
            (Content::Arriving { .. }, Exposure::Shared) if inside.offered.get(piece as usize) => {
                Some(inside.content.clone())
            }
            _ => None,
        }
    }

    /// A proven unit was stored: if its piece is whole now, everybody hears of it.
    pub fn unit_stored(&self, piece: usize, proof: Proof) {
        let mut inside = self.lock();
        let Content::Arriving { assembly, .. } = &inside.content else { return };
        let is_whole = proof == Proof::Pieces || assembly.with_map(|map| map.all_here(map.piece(piece)));
        if is_whole {
            inside.announce(piece);
        }
    }

    /// Announces pieces that servers, or an earlier run, brought. Only where every block is proven by itself.
    pub fn announce_new(&self) {
        let mut inside = self.lock();
        let Content::Arriving { assembly, proof: Proof::Blocks, .. } = inside.content.clone() else { return };
        let pieces = inside.offered.len();
        let new: Vec<usize> = assembly.with_map(|map| {
            (0..pieces).filter(|p| !inside.offered.get(*p) && map.all_here(map.piece(*p))).collect()
        });
        new.into_iter().for_each(|piece| inside.announce(piece));
    }

    // What is missing

    /// Claims the next unit for a peer that has these pieces; `mine` says what it is asked for already.
    pub fn claim(
        &self,
        have: &Bits,
        last: Option<usize>,
        mine: impl Fn(&std::ops::Range<usize>) -> bool,
    ) -> Option<Claim> {
        let inside = self.lock();
        let Content::Arriving { assembly, .. } = &inside.content else { return None };
        assembly.claim_with(|map| {
            let picker = &inside.picker;
            picker.pick(have, last, map).or_else(|| picker.pick_again(have, map, mine))
        })
    }

    /// Whether a peer with these pieces has something that we need.
    pub fn needs(&self, have: &Bits) -> bool {
        let inside = self.lock();
        let Content::Arriving { assembly, .. } = &inside.content else { return false };
        assembly.with_map(|map| have.ones().any(|piece| !map.all_here(map.piece(piece))))
    }

    pub fn with_picker<T>(&self, work: impl FnOnce(&mut Picker) -> T) -> Option<T> {
        let mut inside = self.lock();
        matches!(inside.content, Content::Arriving { .. }).then(|| work(&mut inside.picker))
    }

    /// Servers, who have everything, begin with what fewest peers have.
    pub fn point_servers(&self) {
        let inside = self.lock();
        let Content::Arriving { assembly, .. } = &inside.content else { return };
        let rarest =
            assembly.with_map(|map| inside.picker.rarest_missing(map).map(|piece| map.piece(piece).start));
        if let Some(block) = rarest {
            assembly.begin_at(block);
        }
    }

    /// How long the last units took, in seconds, with this one among them.
    pub fn unit_took(&self, seconds: f64) {
        let mut inside = self.lock();
        if inside.times.len() >= TIMES {
            inside.times.pop_front();
        }
        inside.times.push_back(seconds);
    }

    /// Whether a unit that has been under way for so long, in seconds, is out of line.
    pub fn is_slow(&self, seconds: f64) -> bool {
        let mut inside = self.lock();
        is_slow(seconds, inside.times.make_contiguous())
    }

    /// Somebody sent a unit that is not what was signed.
    pub fn was_wrong(&self) {
        self.lock().wrong_units += 1;
    }

    pub fn wrong_units(&self) -> u32 {
        self.lock().wrong_units
    }

    /// The disk failed; no peer can help.
    pub fn fail(&self, error: Error) {
        self.lock().failure.get_or_insert(error);
    }

    pub fn failure(&self) -> Option<Error> {
        self.lock().failure.clone()
    }

    // Who is there

    pub fn with_book<T>(&self, work: impl FnOnce(&mut Book) -> T) -> T {
        work(&mut self.lock().book)
    }

    /// Lets a peer in; `false` if it is connected already.
    pub fn join(&self, member: Member) -> bool {
        self.lock().members.insert(member)
    }

    /// A peer with these pieces has left.
    pub fn leave(&self, id: u64, have: Option<&Bits>) {
        let mut inside = self.lock();
        inside.members.remove(id);
        if let Some(have) = have
            && matches!(inside.content, Content::Arriving { .. })
        {
            inside.picker.left(have);
        }
    }

    /// A connection has ended.
    pub fn ended(&self, address: &SocketAddr, farewell: Farewell, brought: Option<u64>) {
        self.lock().book.ended(address, farewell, brought, Instant::now());
    }

    pub fn learn(&self, peers: impl IntoIterator<Item = SocketAddr>, via: Via) {
        let mut inside = self.lock();
        for peer in peers {
            inside.book.learn(peer, via);
        }
    }

    /// Decides anew whom we give to.
    pub fn review(&self, places: usize, may_take: impl Fn(&Member) -> bool) {
        let inside = self.lock();
        let is_offered =
            matches!(inside.content, Content::Complete(_)) || inside.exposure == Exposure::Shared;
        if !is_offered || matches!(inside.content, Content::Gone) {
            return;
        }
        let now = Instant::now();
        let asking: Vec<Asking> = inside
            .members
            .iter()
            .filter(|member| may_take(member))
            .map(|member| member.asking(now))
            .collect();
        let chosen = choke::choose(&asking, places);
        for member in inside.members.iter() {
            member.serve(chosen.contains(&member.id), now);
        }
    }

    pub fn members<T>(&self, view: impl Fn(&Member) -> T) -> Vec<T> {
        self.lock().members.iter().map(view).collect()
    }

    /// Ends one conversation to make room; says whether there was one.
    pub fn end_one(&self) -> bool {
        self.lock().members.end_one()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn announce(&mut self, piece: usize) {
        if self.offered.set(piece) && self.exposure == Exposure::Shared {
            self.members.tell(&Outgoing::Have(piece as u32));
        }
    }
}

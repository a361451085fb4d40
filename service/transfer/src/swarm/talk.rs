//! Listening to one peer, and asking it for what we miss.
//!
//! | we                | leaves to                                                                        |
//! |-------------------|----------------------------------------------------------------------------------|
//! | have nothing of it to ask | Asking, when it serves us and has something                               |
//! | Asking            | Asking (the next unit); Silent (nothing came for a while)                         |
//! | Silent            | Asking (something came); the end, useless                                         |
//!
//! What was asked of a silent peer is given back at once, so that others fetch it; it is asked again when it speaks. How much is asked
//! ahead follows from what it brings. Invariant: a unit's buffer holds bytes of this peer alone.

use std::{
    ops::Range,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use futures::{StreamExt, stream::FuturesUnordered};
use tokio::net::tcp::OwnedReadHalf;

use super::{
    Exposure,
    bits::Bits,
    book::{Farewell, Via},
    exchange::{Content, Exchange},
    fetch::{Fetch, Place, Verdict},
    hub::Hub,
    member::Member,
    picker::Proof,
    wire::{Extensions, Inbox, Incoming, Outgoing, REQUEST_BYTES, Request},
};
use crate::{
    meter::Meter,
    origin::blocking,
    receive_buffer::{ReceiveBuffer, Use},
};

/// Requests under way: at least two units of 64 KiB.
const LEAST_WINDOW: usize = 8;
/// What a peer takes that does not say (BEP 10's `reqq`).
const DEFAULT_QUEUE: u32 = 250;
/// Requests under way at a peer that is far slower than the others.
const SLOW_WINDOW: usize = 2;
const MOST_WINDOW: usize = 1_024;
/// A peer is asked for what it brings in this time.
const AHEAD: Duration = Duration::from_millis(400);
/// Without a byte for this long, others fetch what it was asked for.
const SILENCE: Duration = Duration::from_secs(6);
/// Without anything useful for this long, although it was asked, it makes room.
const USELESS: Duration = Duration::from_secs(30);
/// Without any message (BEP 3 has peers send one every two minutes).
const DEAD: Duration = Duration::from_secs(150);
const TICK: Duration = Duration::from_secs(1);
/// Writes under way, each of what came at once; then nothing is read until one has ended.
const MAX_STORING: usize = 4;
/// Bytes that nobody asked for, before it counts as a flood.
const MAX_UNASKED: u64 = 8 * 1024 * 1024;
/// Addresses of other peers are taken this often.
const EXCHANGE_PAUSE: Duration = Duration::from_secs(20);

/// A unit that was compared, and written if it was right.
struct Unit {
    piece: usize,
    /// Seconds since it was begun.
    took: f64,
    verdict: Verdict,
    proof: Proof,
}

type Written = Result<Vec<Unit>, muster_cache::Error>;

/// Listening to one peer.
pub(crate) struct Talk<'a> {
    hub: &'a Hub,
    exchange: &'a Arc<Exchange>,
    me: &'a Member,
    have: Option<Bits>,
    is_choked: bool,
    is_interested: bool,
    fetches: Vec<Fetch>,
    outstanding: usize,
    last_piece: Option<usize>,
    meter: Meter,
    /// When a byte that was asked for came, or asking began.
    data_at: Instant,
    useful_at: Instant,
    message_at: Instant,
    exchanged_at: Option<Instant>,
    is_silent: bool,
    is_slow: bool,
    unasked: u64,
}

impl<'a> Talk<'a> {
    pub fn new(hub: &'a Hub, exchange: &'a Arc<Exchange>, me: &'a Member) -> Self {
        let now = Instant::now();
        Self {
            hub,
            exchange,
            me,
            have: None,
            is_choked: true,
            is_interested: false,
            fetches: Vec::new(),
            outstanding: 0,
            last_piece: None,
            meter: Meter::new(now),
            data_at: now,
            useful_at: now,
            message_at: now,
            exchanged_at: None,
            is_silent: false,
            is_slow: false,
            unasked: 0,
        }
    }

    /// What it has, as far as it said.
    pub fn have(&self) -> Option<&Bits> {
        self.have.as_ref()
    }

    /// Whether it brought something.
    pub fn was_useful(&self) -> bool {
        self.me.facts.down.load(Ordering::Relaxed) > 0 || self.me.facts.up.load(Ordering::Relaxed) > 0
    }

    /// Goes on until one of the two has had enough.
    pub async fn run(&mut self, stream: &mut OwnedReadHalf) -> Farewell {
        let mut inbox = Inbox::new();
        let mut buffer = ReceiveBuffer::new(self.hub.flow.clone(), self.me.distance, None);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut storing = FuturesUnordered::new();
        loop {
            match self.drain(&mut inbox) {
                Ok(whole) if whole.is_empty() => {}
                Ok(whole) => storing.extend(self.store(whole)),
                Err(farewell) => return farewell,
            }
            self.ask();
            buffer.fit(stream.as_ref(), if self.outstanding > 0 { Use::Expecting } else { Use::Quiet });
            let slice = self.hub.flow.slice_down(self.exchange.tier(), self.me.distance);
            tokio::select! {
                filled = inbox.fill(stream, slice), if storing.len() < MAX_STORING => match filled {
                    Ok(0) | Err(_) => {
                        while let Some(stored) = storing.next().await {
                            if let Err(farewell) = self.stored(stored) { return farewell }
                        }
                        return self.lost();
                    }
                    Ok(bytes) => {
                        buffer.saw(stream.as_ref(), bytes);
                        self.hub.flow.came(self.exchange.tier(), self.me.distance, bytes as u64).await;
                    }
                },
                Some(stored) = storing.next() => {
                    if let Err(farewell) = self.stored(stored) { return farewell }
                }
                () = self.me.wake.notified() => self.sweep(),
                _ = tick.tick() => if let Some(farewell) = self.tick() { return farewell },
            }
        }
    }

    fn lost(&self) -> Farewell {
        if self.was_useful() { Farewell::Lost } else { Farewell::Unreachable }
    }

    /// Acts on every whole message that is here; gives the units that are whole now.
    fn drain(&mut self, inbox: &mut Inbox) -> Result<Vec<Fetch>, Farewell> {
        while let Some((message, length)) = inbox.peek().map_err(|_| self.lost())? {
            self.message_at = Instant::now();
            self.act(message)?;
            inbox.advance(length);
        }
        Ok(self.fetches.extract_if(.., |fetch| fetch.is_whole()).collect())
    }

    fn act(&mut self, message: Incoming<'_>) -> Result<(), Farewell> {
        match message {
            Incoming::KeepAlive | Incoming::Unknown => {}
            Incoming::Choke => {
                self.is_choked = true;
                self.give_back();
            }
            Incoming::Unchoke => {
                self.is_choked = false;
                self.data_at = Instant::now();
            }
            Incoming::Interested => {
                self.me.facts.is_interested.store(true, Ordering::Relaxed);
                self.hub.review(self.exchange);
            }
            Incoming::NotInterested => self.me.facts.is_interested.store(false, Ordering::Relaxed),
            Incoming::Have(piece) => self.gained(piece as usize)?,
            Incoming::Bitfield(bytes) => self.bitfield(bytes)?,
            Incoming::Request(request) => self.requested(request)?,
            Incoming::Cancel(request) => self.me.outbox.cancel(&request),
            Incoming::Data { piece, begin, bytes } => self.data(piece, begin, bytes)?,
            Incoming::Extensions(extensions) => self.introduced(extensions),
            Incoming::Peers(peers) => self.told(peers),
            Incoming::MetadataRequest(part) => self.hub.answer_metadata(self.exchange, self.me, part),
            Incoming::Metadata { .. } => {}
        }
        self.me.facts.serves_us.store(!self.is_choked, Ordering::Relaxed);
        Ok(())
    }

    fn introduced(&mut self, extensions: Extensions) {
        if let (Via::Incoming, Some(port)) = (self.me.via, extensions.port) {
            let listens_at = std::net::SocketAddr::new(self.me.address.ip(), port);
            self.exchange.learn([listens_at], Via::Incoming);
            self.exchange.with_book(|book| book.connected(&listens_at));
        }
        self.me.facts.set_extensions(extensions);
    }

    /// Takes addresses of other peers: public ones, or anything from somebody in the own network.
    fn told(&mut self, peers: Vec<std::net::SocketAddr>) {
        let now = Instant::now();
        if self.exchanged_at.is_some_and(|at| now.duration_since(at) < EXCHANGE_PAUSE) {
            return;
        }
        self.exchanged_at = Some(now);
        self.exchange.learn(super::gossip::taken(peers, self.me.distance), Via::Exchange);
    }

    fn bitfield(&mut self, bytes: &[u8]) -> Result<(), Farewell> {
        let bits = Bits::parse(bytes, self.exchange.metainfo.pieces()).ok_or(Farewell::Useless)?;
        // There are programs that say it again, after single pieces: only what is new counts.
        let have = self.have.get_or_insert_with(|| Bits::empty(bits.len()));
        let new: Vec<usize> = bits.ones().filter(|piece| have.set(*piece)).collect();
        self.exchange.with_picker(|picker| new.into_iter().for_each(|piece| picker.gained(piece)));
        self.changed()
    }

    fn gained(&mut self, piece: usize) -> Result<(), Farewell> {
        let pieces = self.exchange.metainfo.pieces();
        if piece >= pieces {
            return Err(Farewell::Useless);
        }
        let have = self.have.get_or_insert_with(|| Bits::empty(pieces));
        if have.set(piece) {
            self.exchange.with_picker(|picker| picker.gained(piece));
        }
        self.changed()
    }

    /// It has something new.
    fn changed(&mut self) -> Result<(), Farewell> {
        let Some(have) = &self.have else { return Ok(()) };
        if have.is_full() {
            self.me.facts.is_seed.store(true, Ordering::Relaxed);
            self.exchange.with_book(|book| book.is_seed(&self.me.address));
            if self.exchange.is_complete() {
                return Err(Farewell::Useless);
            }
        }
        if !self.is_interested && self.exchange.needs(have) {
            self.is_interested = true;
            self.useful_at = Instant::now();
            self.me.outbox.send(Outgoing::Interested);
        }
        Ok(())
    }

    fn requested(&mut self, request: Request) -> Result<(), Farewell> {
        let metainfo = &self.exchange.metainfo;
        let start = u64::from(request.piece) * u64::from(metainfo.piece_length) + u64::from(request.begin);
        let fits = request.length > 0
            && request.length <= REQUEST_BYTES
            && u64::from(request.begin) + u64::from(request.length) <= u64::from(metainfo.piece_length)
            && start + u64::from(request.length) <= metainfo.length;
        if !fits {
            return Err(Farewell::Useless);
        }
        // A request may cross with a choke; then it is left out, as BEP 3 has it.
        let is_served = self.me.facts.is_served.load(Ordering::Relaxed);
        if is_served && !self.me.outbox.request(request) {
            return Err(Farewell::Useless);
        }
        Ok(())
    }

    fn data(&mut self, piece: u32, begin: u32, bytes: &[u8]) -> Result<(), Farewell> {
        let now = Instant::now();
        let length = bytes.len() as u64;
        self.me.facts.came(length, now);
        self.is_silent = false;
        if !self.fetches.iter_mut().any(|fetch| fetch.piece == piece && fetch.take(begin, bytes)) {
            self.unasked += length;
            return if self.unasked > MAX_UNASKED { Err(Farewell::Useless) } else { Ok(()) };
        }
        self.meter.add(length, now);
        self.outstanding = self.outstanding.saturating_sub(1);
        self.data_at = now;
        Ok(())
    }

    /// Proves units and writes them, while others come. Nothing if the archive is whole.
    fn store(&self, whole: Vec<Fetch>) -> Option<impl Future<Output = Written> + use<>> {
        let Content::Arriving { assembly, counters, proof } = self.exchange.content() else { return None };
        let exchange = self.exchange.clone();
        Some(blocking(move || {
            let store = |fetch: Fetch| {
                let piece = fetch.piece as usize;
                let place = Place { assembly: &assembly, counters: &counters, proof };
                let verdict = place.store(&fetch, exchange.metainfo.piece_hash(piece))?;
                Ok(Unit { piece, took: fetch.begun.elapsed().as_secs_f64(), verdict, proof })
            };
            whole.into_iter().map(store).collect()
        }))
    }

    /// Draws the conclusions from what was written; a wrong unit names its sender.
    fn stored(&mut self, written: Written) -> Result<(), Farewell> {
        let units = written.map_err(|error| {
            self.exchange.fail(error.into());
            Farewell::Ours
        })?;
        let mut result = Ok(());
        for Unit { piece, took, verdict, proof } in units {
            match verdict {
                Verdict::Right => {
                    self.useful_at = Instant::now();
                    self.last_piece = Some(piece);
                    self.exchange.unit_took(took);
                    self.exchange.unit_stored(piece, proof);
                }
                Verdict::Late => {}
                Verdict::Wrong => {
                    self.me.facts.wrong.fetch_add(1, Ordering::Relaxed);
                    self.exchange.was_wrong();
                    tracing::info!(peer = %self.me.address, piece, "a peer sent other bytes than were signed");
                    result = Err(Farewell::Wrong);
                }
            }
        }
        result
    }

    /// Keeps as many requests under way as it answers within a moment.
    fn ask(&mut self) {
        if self.is_choked || !self.is_interested {
            return;
        }
        let window = self.window();
        let Some(have) = &self.have else { return };
        if self.outstanding == 0 && !self.is_silent {
            self.data_at = Instant::now();
        }
        while self.outstanding < window {
            let next = self.fetches.iter_mut().find_map(Fetch::next_request);
            let request = match next {
                Some(request) => request,
                None => {
                    let fetches = &self.fetches;
                    let mine =
                        |unit: &Range<usize>| fetches.iter().any(|fetch| fetch.claim.blocks() == *unit);
                    let Some(claim) = self.exchange.claim(have, self.last_piece, mine) else { return };
                    self.fetches.push(Fetch::new(claim, self.exchange.metainfo.piece_length));
                    continue;
                }
            };
            self.outstanding += 1;
            self.me.outbox.send(Outgoing::Request(request));
        }
    }

    fn window(&mut self) -> usize {
        if self.is_silent {
            return 0;
        }
        if self.is_slow {
            return SLOW_WINDOW;
        }
        let queue = self.me.facts.extensions().queue.unwrap_or(DEFAULT_QUEUE).max(1) as usize;
        let ahead = self.meter.short(Instant::now()) as f64 * AHEAD.as_secs_f64();
        let wanted = (ahead / f64::from(REQUEST_BYTES)).ceil() as usize;
        wanted.clamp(LEAST_WINDOW, MOST_WINDOW).min(queue)
    }

    /// Others may have brought what this peer is asked for.
    fn sweep(&mut self) {
        let mut cancelled = 0;
        for fetch in self.fetches.extract_if(.., |fetch| fetch.claim.is_over()) {
            for request in fetch.outstanding() {
                self.me.outbox.send(Outgoing::Cancel(request));
                cancelled += 1;
            }
        }
        self.outstanding -= cancelled.min(self.outstanding);
    }

    fn give_back(&mut self) {
        self.fetches.clear();
        self.outstanding = 0;
    }

    fn tick(&mut self) -> Option<Farewell> {
        let now = Instant::now();
        if now.duration_since(self.message_at) >= DEAD {
            return Some(self.lost());
        }
        self.sweep();
        let oldest = self.fetches.iter().map(|fetch| fetch.begun).min();
        self.is_slow =
            oldest.is_some_and(|begun| self.exchange.is_slow(now.duration_since(begun).as_secs_f64()));
        if self.outstanding > 0 && now.duration_since(self.data_at) >= SILENCE {
            self.is_silent = true;
            self.give_back();
        }
        if self.is_interested
            && self.fetches.is_empty()
            && self.have.as_ref().is_some_and(|have| !self.exchange.needs(have))
        {
            self.is_interested = false;
            self.me.outbox.send(Outgoing::NotInterested);
        }
        let is_asked = self.is_interested && !self.is_choked && (self.outstanding > 0 || self.is_silent);
        if is_asked && now.duration_since(self.useful_at.max(self.data_at)) >= USELESS {
            return Some(Farewell::Useless);
        }
        if self.exchange.is_complete() && self.have.as_ref().is_some_and(Bits::is_full) {
            return Some(Farewell::Useless);
        }
        if self.exchange.exposure() == Exposure::TakeOnly && self.exchange.is_over() {
            return Some(Farewell::Ours);
        }
        None
    }
}

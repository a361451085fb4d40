//! A BitTorrent peer of our own that says it has everything, and keeps to the protocol or breaks it to order.
//!
//! It shares no code with what is tested: messages are those of librqbit's crates, and what is not a message is bytes.

mod flood;
mod wire;

use std::{
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::{Message, Request, extended::PeerExtendedMessageIds};
use muster_fsx::File;

pub use flood::{Attack, Flood};

use self::wire::{Talk, full_bitfield};
use crate::{
    clients::PORT,
    content::{Content, Noise},
    lab::Host,
};

/// Largest block that is sent.
const MAX_BLOCK: u32 = 128 * 1_024;
/// A peer that says nothing keeps its connections this long.
const SILENCE: Duration = Duration::from_secs(600);

/// How a peer serves its file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    Honest,
    /// Every block is noise.
    Garbage,
    /// One bit of every piece is wrong, in its last block.
    OneBitPerPiece,
    /// The right bytes of the next piece, under the index that was asked for.
    WrongIndex,
    /// After so many blocks it sends half a block and then nothing more.
    Stalls(u32),
    /// Bytes a second, of all its connections together.
    Slow(u64),
    /// It unchokes nobody.
    Chokes,
    /// It serves like an honest one, and asks for every block that it gave as soon as it may.
    Asks,
    /// It serves like an honest one, and asks for every block that it gave although it may not.
    Demands,
    /// It serves like an honest one, and says that others have the file too, at addresses that are none of its business:
    /// [`GOSSIP`].
    Gossips,
    /// It says this about the size of its metadata, and answers requests for it with noise.
    Metadata(u32),
}

/// Where a peer that gossips sends others: this machine, a home network, a cloud's metadata.
pub const GOSSIP: [SocketAddrV4; 3] = [
    SocketAddrV4::new(Ipv4Addr::LOCALHOST, 6_881),
    SocketAddrV4::new(Ipv4Addr::new(192, 168, 1, 1), 80),
    SocketAddrV4::new(Ipv4Addr::new(169, 254, 169, 254), 80),
];

/// What a peer has done so far.
#[derive(Debug, Default)]
pub struct Deeds {
    /// Connections that were taken.
    pub connections: AtomicU64,
    /// Blocks that were asked for.
    pub requests: AtomicU64,
    /// Bytes of blocks that were sent, right or wrong.
    pub given: AtomicU64,
    /// Bytes of blocks among them that were wrong.
    pub wrong: AtomicU64,
}

/// A running peer; it takes no more connections once it is dropped.
#[derive(Debug)]
pub struct Peer {
    pub address: SocketAddr,
    pub deeds: Arc<Deeds>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    file: File,
    size: u64,
    piece_length: u32,
    info_hash: Id20,
    id: Id20,
    manner: Manner,
    deeds: Arc<Deeds>,
    paid_until: Mutex<Instant>,
    has_ended: AtomicBool,
}

impl Peer {
    /// Serves a file on a host.
    ///
    /// # Errors
    /// If the port is taken or the file is not there.
    pub fn start(host: &Host, content: &Content, manner: Manner) -> Result<Self> {
        let listener = host.space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
        Self::serve(listener, host.at(PORT), content, manner)
    }

    /// Serves a file on a listener that others reach at an address.
    ///
    /// # Errors
    /// If the file is not there.
    pub fn serve(
        listener: TcpListener,
        address: SocketAddr,
        content: &Content,
        manner: Manner,
    ) -> Result<Self> {
        let mut id = *b"-LB0001-............";
        Noise::new(u64::from(address.port()) ^ address_number(address)).fill(&mut id[8..]);
        let deeds: Arc<Deeds> = Arc::default();
        let shared = Arc::new(Shared {
            file: File::open_ambient(&content.file)?,
            size: content.archive.size,
            piece_length: content.piece_length,
            info_hash: Id20::new(content.info_hash.0),
            id: Id20::new(id),
            manner,
            deeds: deeds.clone(),
            paid_until: Mutex::new(Instant::now()),
            has_ended: AtomicBool::new(false),
        });
        let peer = Self { address, deeds, shared: shared.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.has_ended.load(Ordering::Relaxed) {
                    return;
                }
                shared.deeds.connections.fetch_add(1, Ordering::Relaxed);
                let shared = shared.clone();
                std::thread::spawn(move || {
                    // Being left is the fate of most of these peers.
                    let _ = shared.converse(stream);
                });
            }
        });
        Ok(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::Relaxed);
    }
}

fn address_number(address: SocketAddr) -> u64 {
    match address {
        SocketAddr::V4(v4) => u32::from(*v4.ip()).into(),
        SocketAddr::V6(v6) => u128::from(*v6.ip()) as u64,
    }
}

impl Shared {
    fn converse(&self, stream: TcpStream) -> Result<()> {
        let mut talk = Talk::answer(stream, self.info_hash, self.id)?;
        if let Manner::Metadata(size) = self.manner {
            talk.send_extended_handshake(Some(size))?;
        }
        if self.manner == Manner::Gossips {
            talk.send_extended_handshake(None)?;
        }
        talk.send(&Message::Bitfield(full_bitfield(self.pieces()).as_slice().into()))?;
        if self.manner == Manner::Chokes {
            std::thread::sleep(SILENCE);
        }
        talk.send(&Message::Unchoke)?;
        if matches!(self.manner, Manner::Asks | Manner::Demands) {
            talk.send(&Message::Interested)?;
        }
        let mut answered = 0;
        loop {
            let introduced = |talk: &mut Talk, numbers| self.gossip(talk, numbers);
            let Some(request) = talk.next_request(introduced)? else { continue };
            self.deeds.requests.fetch_add(1, Ordering::Relaxed);
            if matches!(self.manner, Manner::Stalls(after) if answered >= after) {
                let half = self.read(request)?;
                talk.send_cut_block(request, &half, half.len() / 2)?;
                std::thread::sleep(SILENCE);
            }
            self.give(&mut talk, request)?;
            if self.manner == Manner::Demands || (self.manner == Manner::Asks && talk.is_unchoked) {
                talk.send(&Message::Request(request))?;
            }
            answered += 1;
        }
    }

    /// The other side has told by which numbers it takes extended messages.
    fn gossip(&self, talk: &mut Talk, numbers: PeerExtendedMessageIds) -> Result<()> {
        match (self.manner, numbers.ut_pex, numbers.ut_metadata) {
            (Manner::Gossips, Some(number), _) => talk.send_peers(&GOSSIP, number),
            (Manner::Metadata(_), _, Some(number)) => {
                talk.send_raw(&[0, 0, 0, 5, 20, number, b'x', b'x', b'x'])
            }
            _ => Ok(()),
        }
    }

    fn give(&self, talk: &mut Talk, request: Request) -> Result<()> {
        let truth = self.read(request)?;
        let mut block = truth.clone();
        match self.manner {
            Manner::Garbage => Noise::new(u64::from(request.begin) + 99).fill(&mut block),
            Manner::OneBitPerPiece => {
                let is_last = request.begin + request.length >= self.piece_size(request.index);
                if let Some(byte) = block.last_mut().filter(|_| is_last) {
                    *byte ^= 1;
                }
            }
            Manner::WrongIndex => {
                let next = Request { index: (request.index + 1) % self.pieces(), ..request };
                block = self.read(next)?;
                block.resize(truth.len(), 0);
            }
            Manner::Slow(rate) => {
                let mut paid = self.paid_until.lock().unwrap_or_else(PoisonError::into_inner);
                *paid =
                    (*paid).max(Instant::now()) + Duration::from_secs_f64(block.len() as f64 / rate as f64);
                let wait = paid.saturating_duration_since(Instant::now());
                drop(paid);
                std::thread::sleep(wait);
            }
            Manner::Honest
            | Manner::Stalls(_)
            | Manner::Chokes
            | Manner::Asks
            | Manner::Demands
            | Manner::Gossips
            | Manner::Metadata(_) => {}
        }
        // Before it can be seen, so that whoever has it finds it counted.
        self.deeds.given.fetch_add(block.len() as u64, Ordering::Relaxed);
        if block != truth {
            self.deeds.wrong.fetch_add(block.len() as u64, Ordering::Relaxed);
        }
        talk.send_block(request, &block)
    }

    fn read(&self, request: Request) -> Result<Vec<u8>> {
        let offset = u64::from(request.index) * u64::from(self.piece_length) + u64::from(request.begin);
        let length = u64::from(request.length.min(MAX_BLOCK)).min(self.size.saturating_sub(offset));
        let mut block = vec![0; length as usize];
        self.file.read_exact_at(&mut block, offset)?;
        Ok(block)
    }

    fn pieces(&self) -> u32 {
        self.size.div_ceil(self.piece_length.into()) as u32
    }

    fn piece_size(&self, index: u32) -> u32 {
        let start = u64::from(index) * u64::from(self.piece_length);
        (self.size - start).min(self.piece_length.into()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks a peer for one block over the loopback interface.
    fn ask(content: &Content, manner: Manner, request: Request) -> Result<(Vec<u8>, Peer)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let peer = Peer::serve(listener, address, content, manner)?;
        let stream = TcpStream::connect(address)?;
        let mut talk = Talk::dial(stream, Id20::new(content.info_hash.0), Id20::new([7; 20]))?;
        talk.send(&Message::Interested)?;
        talk.send(&Message::Request(request))?;
        Ok((talk.next_block()?, peer))
    }

    #[test]
    fn a_peer_is_honest_or_wrong_as_it_was_told() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let content = Content::make(folder.path(), 1 << 20, 5)?;
        let bytes = content.bytes()?;
        let request = Request::new(3, 49_152, 16_384);
        let at = 3 * 65_536 + 49_152;
        let right = &bytes[at..at + 16_384];
        let (block, peer) = ask(&content, Manner::Honest, request)?;
        assert!(block == right && peer.deeds.wrong.load(Ordering::Relaxed) == 0);
        let (block, peer) = ask(&content, Manner::Garbage, request)?;
        assert!(block != right && peer.deeds.wrong.load(Ordering::Relaxed) == 16_384);
        let (block, _) = ask(&content, Manner::WrongIndex, request)?;
        assert!(block == bytes[at + 65_536..at + 65_536 + 16_384]);
        let (block, _) = ask(&content, Manner::OneBitPerPiece, request)?;
        assert_eq!(block.iter().zip(right).filter(|(sent, right)| sent != right).count(), 1);
        let (block, _) = ask(&content, Manner::OneBitPerPiece, Request::new(3, 0, 16_384))?;
        assert!(block == bytes[3 * 65_536..3 * 65_536 + 16_384], "only the last block is wrong");
        Ok(())
    }
}

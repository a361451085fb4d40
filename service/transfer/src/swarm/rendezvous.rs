//! Meeting over an archive of which only the hash is known: a package of another service, without a signed torrent.
//!
//! Peers meet under the first 20 bytes of the archive's SHA-256, as if it were an info-hash. Whoever has the archive gives
//! its info dictionary there (BEP 9), which follows from the bytes alone, and nothing else; from then on the two talk about
//! the real torrent. What a peer gives is a hint: it must describe exactly this hash and size, and the whole file decides.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use futures::{StreamExt, stream::FuturesUnordered};
use muster_domain::{Archive, Sha1, Sha256};
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::watch, time::timeout};

use super::{
    KnownPeers, Metainfo,
    converse::greet,
    exchange::Exchange,
    hub::Hub,
    wire::{Extensions, Hello, Inbox, Incoming, Outgoing},
};

/// A conversation about a torrent is short.
const LONGEST: Duration = Duration::from_secs(20);
/// Bytes of an info dictionary: 2,000 pieces are the aim, 4 GB in pieces of 4 MiB have 1,000.
const MAX_INFO: u32 = 256 * 1024;
/// Bytes in one message (BEP 9).
pub(crate) const PART: u32 = 16 * 1024;
/// Peers asked at the same time.
const AT_ONCE: usize = 3;
/// A peer that had nothing is asked again after this.
const ASK_AGAIN: Duration = Duration::from_secs(15);

/// Where peers meet who know an archive's hash only.
pub(crate) fn place(sha256: &Sha256) -> Sha1 {
    let mut place = [0; 20];
    place.copy_from_slice(&sha256.0[..20]);
    Sha1(place)
}

/// A torrent that a peer gave.
#[derive(Clone, Debug)]
pub(crate) struct Hint {
    pub metainfo: Metainfo,
    pub from: SocketAddr,
}

/// Asking peers for the torrent of an archive.
pub(crate) struct Ask<'a> {
    pub hub: &'a Arc<Hub>,
    pub archive: Archive,
    pub peers: watch::Receiver<KnownPeers>,
    /// Torrents that turned out to be wrong, and who gave them.
    pub refused: &'a BTreeSet<Sha1>,
    pub liars: &'a BTreeSet<SocketAddr>,
}

impl Ask<'_> {
    /// Goes on until somebody gives a torrent that fits.
    pub async fn run(mut self) -> Hint {
        let mut asked: std::collections::BTreeMap<SocketAddr, Instant> = std::collections::BTreeMap::new();
        let mut answers = FuturesUnordered::new();
        loop {
            let known = self.peers.borrow_and_update().clone();
            let now = Instant::now();
            let is_due =
                |peer: &SocketAddr| asked.get(peer).is_none_or(|at| now.duration_since(*at) >= ASK_AGAIN);
            let next: Vec<SocketAddr> = known
                .addresses
                .into_keys()
                .filter(|peer| is_due(peer) && !self.liars.contains(peer))
                .take(AT_ONCE - answers.len().min(AT_ONCE))
                .collect();
            for peer in next {
                asked.insert(peer, now);
                answers.push(self.ask(peer));
            }
            tokio::select! {
                Some(answer) = answers.next(), if !answers.is_empty() => {
                    if let Some(hint) = answer {
                        return hint;
                    }
                }
                _ = self.peers.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    fn ask(&self, peer: SocketAddr) -> impl Future<Output = Option<Hint>> + use<> {
        let hello =
            Hello { info_hash: place(&self.archive.sha256), peer_id: self.hub.peer_id, is_extended: true };
        let (archive, refused, hub) = (self.archive, self.refused.clone(), self.hub.clone());
        async move {
            let asked = timeout(LONGEST, fetch(peer, hello, archive));
            let metainfo = hub.cancel.run_until_cancelled(asked).await?.ok().flatten()?;
            (!refused.contains(&metainfo.info_hash)).then_some(Hint { metainfo, from: peer })
        }
    }
}

async fn fetch(peer: SocketAddr, hello: Hello, archive: Archive) -> Option<Metainfo> {
    let (mut stream, theirs) = greet(peer, hello).await.ok()?;
    if !theirs.is_extended {
        return None;
    }
    let mut out = BytesMut::new();
    introduction(None).write(&Extensions::default(), &mut out);
    stream.write_all(&out).await.ok()?;
    let mut inbox = Inbox::new();
    let mut info: Vec<u8> = Vec::new();
    let mut size = None;
    loop {
        let Some((message, length)) = inbox.peek().ok()? else {
            if inbox.fill(&mut stream, usize::MAX).await.ok()? == 0 {
                return None;
            }
            continue;
        };
        match message {
            Incoming::Extensions(said) if size.is_none() => {
                let total = said.metadata_size.filter(|total| (1..=MAX_INFO).contains(total))?;
                size = Some(total);
                let mut out = BytesMut::new();
                (0..total.div_ceil(PART))
                    .for_each(|part| Outgoing::MetadataRequest(part).write(&said, &mut out));
                if out.is_empty() {
                    return None;
                }
                stream.write_all(&out).await.ok()?;
            }
            // They were asked for in order, on one connection.
            Incoming::Metadata { piece, bytes } if piece as usize * PART as usize == info.len() => {
                info.extend_from_slice(&bytes);
                let total = size? as usize;
                if info.len() > total {
                    return None;
                }
                if info.len() == total {
                    return Metainfo::of_info(&info, &archive);
                }
            }
            Incoming::Choke | Incoming::KeepAlive | Incoming::Unknown => {}
            Incoming::Extensions(_) => {}
            _ => return None,
        }
        inbox.advance(length);
    }
}

/// Gives the torrent of an archive to somebody who knows its hash only.
pub(crate) async fn answer(exchange: &Exchange, mut stream: TcpStream) -> std::io::Result<()> {
    let mut said = Extensions::default();
    let mut inbox = Inbox::new();
    let info = exchange.metainfo.info();
    let most = (info.len() as u32).div_ceil(PART) + 8;
    let mut messages = 0;
    let mut out = BytesMut::new();
    introduction(Some(info.len() as u32)).write(&said, &mut out);
    let conversation = async {
        loop {
            stream.write_all(&out).await?;
            out.clear();
            while let Ok(Some((message, length))) = inbox.peek() {
                messages += 1;
                match message {
                    Incoming::Extensions(theirs) => said = theirs,
                    Incoming::MetadataRequest(part) => part_of(info, part).write(&said, &mut out),
                    _ => {}
                }
                inbox.advance(length);
            }
            if inbox.peek().is_err() || messages > most {
                return Ok(());
            }
            if out.is_empty() && inbox.fill(&mut stream, usize::MAX).await? == 0 {
                return Ok(());
            }
        }
    };
    timeout(LONGEST, conversation).await?
}

fn introduction(metadata_size: Option<u32>) -> Outgoing {
    Outgoing::Extensions { port: None, queue: 1, metadata_size, has_exchange: false }
}

/// One part of an info dictionary, or that there is no such part.
pub(crate) fn part_of(info: &[u8], part: u32) -> Outgoing {
    let start = part as usize * PART as usize;
    match info.get(start..).filter(|rest| !rest.is_empty()) {
        Some(rest) => {
            let bytes = rest[..rest.len().min(PART as usize)].to_vec();
            Outgoing::Metadata { piece: part, total: info.len() as u32, bytes }
        }
        None => Outgoing::MetadataReject(part),
    }
}

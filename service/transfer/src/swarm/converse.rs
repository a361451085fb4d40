//! A conversation with one peer, from the first byte to the last.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use muster_domain::Tier;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    book::{Farewell, Via},
    exchange::Exchange,
    give::Give,
    hub::Hub,
    member::{Facts, Member},
    outbox::Outbox,
    talk::Talk,
    wire::{HANDSHAKE, Hello, Outgoing},
};
use crate::flow::Distance;

/// Until the other side has answered.
const CONNECT: Duration = Duration::from_secs(8);
pub(crate) const HELLO: Duration = Duration::from_secs(8);
/// Bytes that a peer may have queued with us: enough for a long line, little enough to be fair.
const QUEUE_FAR: u32 = 64;
const QUEUE_NEAR: u32 = 256;
/// Requests that are taken all the same: there are programs that do not read what they are told, and one that is left out
/// waits a minute for its answer. A request costs a few bytes; data is read only when it is sent.
const TAKEN: usize = 512;

/// Holds a place among the connections that we dialled.
struct Place<'a> {
    hub: &'a Hub,
    tier: Tier,
    is_dialling: bool,
}

impl Place<'_> {
    fn connected(&mut self) {
        if std::mem::take(&mut self.is_dialling) {
            self.hub.dialled();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.connected();
        self.hub.closed(self.tier);
    }
}

/// Connects to a peer and talks to it; its place was taken before.
pub(crate) async fn dial(hub: Arc<Hub>, exchange: Arc<Exchange>, (address, via): (SocketAddr, Via)) {
    let mut place = Place { hub: &hub, tier: exchange.tier(), is_dialling: true };
    let hello = Hello { info_hash: exchange.metainfo.info_hash, peer_id: hub.peer_id, is_extended: true };
    let greeted = hub.cancel.run_until_cancelled(timeout(CONNECT + HELLO, greet(address, hello))).await;
    let (stream, theirs) = match greeted {
        Some(Ok(Ok(greeted))) => greeted,
        _ => return exchange.ended(&address, Farewell::Unreachable, None),
    };
    place.connected();
    if theirs.peer_id == hub.peer_id || hub.is_banned(&theirs.peer_id) {
        return exchange.ended(&address, Farewell::Useless, None);
    }
    exchange.with_book(|book| book.connected(&address));
    let cancel = hub.cancel.child_token();
    converse(&hub, &exchange, stream, Guest { theirs, address, via, cancel }).await;
}

/// Connects and says hello; both must mean the same.
pub(crate) async fn greet(address: SocketAddr, hello: Hello) -> io::Result<(TcpStream, Hello)> {
    let mut stream = timeout(CONNECT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    stream.write_all(&hello.to_bytes()).await?;
    let theirs = read_hello(&mut stream).await?;
    if theirs.info_hash != hello.info_hash {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    Ok((stream, theirs))
}

/// Reads the first 68 bytes of a connection.
pub(crate) async fn read_hello(stream: &mut TcpStream) -> io::Result<Hello> {
    let mut bytes = [0; HANDSHAKE];
    stream.read_exact(&mut bytes).await?;
    Hello::parse(&bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

/// Who is at the other end.
pub(crate) struct Guest {
    pub theirs: Hello,
    pub address: SocketAddr,
    pub via: Via,
    /// Ends the conversation from outside.
    pub cancel: CancellationToken,
}

/// Talks to a peer that has said hello, and was answered.
pub(crate) async fn converse(hub: &Arc<Hub>, exchange: &Arc<Exchange>, stream: TcpStream, guest: Guest) {
    let Guest { theirs, address, via, cancel } = guest;
    let distance = Distance::of(&address);
    let queue = if distance == Distance::Near { QUEUE_NEAR } else { QUEUE_FAR };
    let member = Member {
        id: hub.next_id(),
        peer_id: theirs.peer_id,
        address,
        via,
        distance,
        outbox: Arc::new(Outbox::new(TAKEN)),
        facts: Arc::new(Facts::new(Instant::now())),
        wake: Arc::new(Notify::new()),
        cancel,
    };
    introduce(hub, exchange, &member, (theirs.is_extended, queue));
    if !exchange.join(member.clone()) {
        return exchange.ended(&address, Farewell::Useless, None);
    }
    hub.look_after();
    let mut talk = Talk::new(hub, exchange, &member);
    let give = Give { hub, exchange, me: &member };
    let (mut read, mut write) = stream.into_split();
    let farewell = tokio::select! {
        farewell = talk.run(&mut read) => farewell,
        farewell = give.run(&mut write) => farewell,
        () = member.cancel.cancelled() => Farewell::Ours,
    };
    if farewell == Farewell::Ours {
        // What the system has not sent yet is not sent any more: a pause is a pause.
        let _ = socket2::SockRef::from(read.as_ref()).set_linger(Some(Duration::ZERO));
    }
    let have = talk.have().cloned();
    drop(talk);
    exchange.leave(member.id, have.as_ref());
    tracing::debug!(peer = %address, ?farewell, "a conversation has ended");
    hub.ended(exchange, &member, farewell);
}

/// What comes before everything else: what we have, and what we speak.
fn introduce(hub: &Hub, exchange: &Exchange, member: &Member, (is_extended, queue): (bool, u32)) {
    let offer = exchange.offer().filter(|_| hub.gives_to(member.distance));
    let is_offered = offer.is_some();
    if let Some(bits) = offer.filter(|bits| !bits.is_empty()) {
        member.outbox.send(Outgoing::Bitfield(bits.as_bytes().to_vec()));
    }
    if is_extended {
        let metadata_size = is_offered.then(|| exchange.metainfo.info().len() as u32);
        let port = hub.port().filter(|_| is_offered);
        member.outbox.send(Outgoing::Extensions { port, queue, metadata_size, has_exchange: hub.gossips() });
    }
}

//! Messages on a connection (BEP 3, 9, 10, 11): from bytes to values of ours and back, with bounds.
//!
//! The formats are librqbit's (`librqbit-peer-protocol`); what of them is taken, and how long anything may be, is decided
//! here. Nothing that a peer sends makes us allocate more than one bitfield or one block.

use std::net::SocketAddr;

use bytes::{Buf, BufMut, BytesMut};
use librqbit_buffers::{ByteBuf, ByteBufOwned};
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::{
    Handshake, Message, MessageDeserializeError, Request as WireRequest,
    extended::{ExtendedMessage, PeerExtendedMessageIds, handshake::ExtendedHandshake, ut_metadata, ut_pex},
};
use muster_domain::Sha1;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::metainfo::is_modest;

/// Bytes asked for at once (BEP 3: what everybody uses).
pub(crate) const REQUEST_BYTES: u32 = 16 * 1024;
/// Bytes of a handshake.
pub(crate) const HANDSHAKE: usize = 68;
/// Largest message: a bitfield of 100,000 pieces, a block of data, or an extension message with room.
const MAX_MESSAGE: usize = 32 * 1024;
/// Addresses taken from one exchange of peers.
const MAX_EXCHANGED: usize = 50;
/// Characters kept of what a client calls itself.
const MAX_CLIENT: usize = 40;

/// Bytes of one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    pub piece: u32,
    pub begin: u32,
    pub length: u32,
}

/// What a peer tells about itself (BEP 10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    ids: PeerExtendedMessageIds,
    /// Where it listens.
    pub port: Option<u16>,
    pub client: Option<String>,
    /// Requests it takes at a time.
    pub queue: Option<u32>,
    pub metadata_size: Option<u32>,
}

impl Extensions {
    pub fn has_exchange(&self) -> bool {
        self.ids.ut_pex.is_some()
    }
}

/// A message of a peer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming<'a> {
    KeepAlive,
    Choke,
    Unchoke,
    Interested,
    NotInterested,
    Have(u32),
    Bitfield(&'a [u8]),
    Request(Request),
    Cancel(Request),
    Data {
        piece: u32,
        begin: u32,
        bytes: &'a [u8],
    },
    Extensions(Extensions),
    Peers(Vec<SocketAddr>),
    MetadataRequest(u32),
    Metadata {
        piece: u32,
        bytes: Vec<u8>,
    },
    /// A message of an extension that we do not speak; ignored.
    Unknown,
}

/// A peer that does not keep to the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not speak BitTorrent")]
pub(crate) struct Violation;

/// One message from the front of a buffer, with its length; `None` if more bytes are needed.
pub(crate) fn parse(buffer: &[u8]) -> Result<Option<(Incoming<'_>, usize)>, Violation> {
    let Some(prefix) = buffer.first_chunk::<4>() else { return Ok(None) };
    let length = u32::from_be_bytes(*prefix) as usize;
    if length > MAX_MESSAGE {
        return Err(Violation);
    }
    let total = 4 + length;
    if buffer.len() < total {
        return Ok(None);
    }
    // An extension's message is a value of any depth with numbers of any size, and its reader trusts both.
    if buffer.get(4) == Some(&20) && !is_modest(buffer.get(6..total).unwrap_or_default()) {
        return Ok(Some((Incoming::Unknown, total)));
    }
    let message = match Message::deserialize(&buffer[..total], &[]) {
        Ok((message, _)) => message,
        Err(MessageDeserializeError::UnsupportedMessageId(_)) => return Ok(Some((Incoming::Unknown, total))),
        // What an extension says is not worth a connection.
        Err(_) if buffer.get(4) == Some(&20) => return Ok(Some((Incoming::Unknown, total))),
        Err(_) => return Err(Violation),
    };
    Ok(Some((incoming(message), total)))
}

fn incoming(message: Message<'_>) -> Incoming<'_> {
    let request = |r: WireRequest| Request { piece: r.index, begin: r.begin, length: r.length };
    match message {
        Message::KeepAlive => Incoming::KeepAlive,
        Message::Choke => Incoming::Choke,
        Message::Unchoke => Incoming::Unchoke,
        Message::Interested => Incoming::Interested,
        Message::NotInterested => Incoming::NotInterested,
        Message::Have(piece) => Incoming::Have(piece),
        Message::Bitfield(bits) => Incoming::Bitfield(bits.0),
        Message::Request(asked) => Incoming::Request(request(asked)),
        Message::Cancel(asked) => Incoming::Cancel(request(asked)),
        // Read from one buffer, so the second half is empty.
        Message::Piece(piece) => {
            Incoming::Data { piece: piece.index, begin: piece.begin, bytes: piece.data().0 }
        }
        Message::Extended(ExtendedMessage::Handshake(said)) => Incoming::Extensions(Extensions {
            ids: PeerExtendedMessageIds {
                ut_metadata: said.m.ut_metadata.filter(|id| *id != 0),
                ut_pex: said.m.ut_pex.filter(|id| *id != 0),
            },
            port: said.port().filter(|port| *port != 0),
            client: said.v.as_ref().map(|name| clean(name.as_ref())),
            queue: said.reqq,
            metadata_size: said.metadata_size,
        }),
        Message::Extended(ExtendedMessage::UtPex(exchange)) => {
            Incoming::Peers(exchange.added_peers().map(|peer| peer.addr).take(MAX_EXCHANGED).collect())
        }
        Message::Extended(ExtendedMessage::UtMetadata(ut_metadata::UtMetadata::Request(piece))) => {
            Incoming::MetadataRequest(piece)
        }
        Message::Extended(ExtendedMessage::UtMetadata(ut_metadata::UtMetadata::Data(data))) => {
            let mut bytes = vec![0; data.len()];
            data.copy_to_slice(&mut bytes);
            Incoming::Metadata { piece: data.piece(), bytes }
        }
        Message::Extended(_) => Incoming::Unknown,
    }
}

fn clean(name: &[u8]) -> String {
    muster_domain::clean_line(&String::from_utf8_lossy(name), MAX_CLIENT)
}

/// Bytes read at once: little from most, much from those who bring much.
const LEAST_READ: usize = 32 * 1024;
const MOST_READ: usize = 512 * 1024;

/// Bytes from a peer, message by message.
#[derive(Debug)]
pub(crate) struct Inbox {
    buffer: BytesMut,
    /// Bytes to make room for.
    room: usize,
}

impl Inbox {
    pub fn new() -> Self {
        Self { buffer: BytesMut::new(), room: LEAST_READ }
    }

    /// The next whole message that is here; call [`Inbox::advance`] with its length before the next.
    pub fn peek(&self) -> Result<Option<(Incoming<'_>, usize)>, Violation> {
        parse(&self.buffer)
    }

    pub fn advance(&mut self, length: usize) {
        self.buffer.advance(length);
    }

    /// Takes at most `limit` more bytes from the peer and says how many came; 0 is the end.
    pub async fn fill(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        limit: usize,
    ) -> std::io::Result<usize> {
        // Where all messages were taken, or nearly, this moves a few bytes; it allocates when `room` has grown.
        self.buffer.reserve(self.room);
        let room = self.room.min(limit.max(1));
        let count = stream.read_buf(&mut (&mut self.buffer).limit(room)).await?;
        if count == self.room {
            self.room = (self.room * 2).min(MOST_READ);
        } else if count < self.room / 4 {
            self.room = (self.room / 2).max(LEAST_READ);
        }
        Ok(count)
    }
}

/// The first 68 bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hello {
    pub info_hash: Sha1,
    pub peer_id: [u8; 20],
    pub is_extended: bool,
}

impl Hello {
    pub fn parse(bytes: &[u8; HANDSHAKE]) -> Result<Self, Violation> {
        let (said, _) = Handshake::deserialize(bytes).map_err(|_| Violation)?;
        let is_extended = said.supports_extended();
        Ok(Self { info_hash: Sha1(said.info_hash.0), peer_id: said.peer_id.0, is_extended })
    }

    pub fn to_bytes(self) -> [u8; HANDSHAKE] {
        let mut bytes = [0; HANDSHAKE];
        // It says how many bytes it wrote, which is all of them.
        let _ = Handshake::new(Id20::new(self.info_hash.0), Id20::new(self.peer_id))
            .serialize_unchecked_len(&mut bytes);
        bytes
    }
}

/// A message to a peer, except data, which is written in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    KeepAlive,
    Choke,
    Unchoke,
    Interested,
    NotInterested,
    Have(u32),
    Bitfield(Vec<u8>),
    Request(Request),
    Cancel(Request),
    Extensions { port: Option<u16>, queue: u32, metadata_size: Option<u32>, has_exchange: bool },
    Peers(Vec<SocketAddr>),
    MetadataRequest(u32),
    Metadata { piece: u32, total: u32, bytes: Vec<u8> },
    MetadataReject(u32),
}

/// What we call ourselves.
const CLIENT: &[u8] = concat!("Muster ", env!("CARGO_PKG_VERSION")).as_bytes();

impl Outgoing {
    /// Appends the message; nothing if the peer does not speak the extension it belongs to.
    pub fn write(&self, peer: &Extensions, out: &mut BytesMut) {
        let ids = || peer.ids;
        let wire = |r: &Request| WireRequest::new(r.piece, r.begin, r.length);
        match self {
            Self::KeepAlive => put(&Message::KeepAlive, &ids, out),
            Self::Choke => put(&Message::Choke, &ids, out),
            Self::Unchoke => put(&Message::Unchoke, &ids, out),
            Self::Interested => put(&Message::Interested, &ids, out),
            Self::NotInterested => put(&Message::NotInterested, &ids, out),
            Self::Have(piece) => put(&Message::Have(*piece), &ids, out),
            Self::Bitfield(bits) => put(&Message::Bitfield(ByteBuf(bits)), &ids, out),
            Self::Request(request) => put(&Message::Request(wire(request)), &ids, out),
            Self::Cancel(request) => put(&Message::Cancel(wire(request)), &ids, out),
            Self::Extensions { port, queue, metadata_size, has_exchange } => {
                let mut said = ExtendedHandshake::new();
                if !has_exchange {
                    // Zero is "not spoken" (BEP 10).
                    said.m.ut_pex = Some(0);
                }
                said.p = port.map(u32::from);
                said.v = Some(ByteBuf(CLIENT));
                said.reqq = Some(*queue);
                said.metadata_size = *metadata_size;
                put(&Message::Extended(ExtendedMessage::Handshake(said)), &ids, out);
            }
            Self::Peers(added) => {
                let exchange = ut_pex::UtPex::<ByteBufOwned>::from_addrs(
                    added.iter().copied(),
                    std::iter::empty::<SocketAddr>(),
                );
                put(&Message::Extended(ExtendedMessage::UtPex(exchange.as_borrowed())), &ids, out);
            }
            Self::MetadataRequest(piece) => metadata(ut_metadata::UtMetadata::Request(*piece), &ids, out),
            Self::MetadataReject(piece) => metadata(ut_metadata::UtMetadata::Reject(*piece), &ids, out),
            Self::Metadata { piece, total, bytes } => {
                let data = ut_metadata::UtMetadataData::from_bytes(*piece, *total, ByteBuf(bytes));
                metadata(ut_metadata::UtMetadata::Data(data), &ids, out);
            }
        }
    }
}

fn metadata(
    message: ut_metadata::UtMetadata<ByteBuf<'_>>,
    ids: &dyn Fn() -> PeerExtendedMessageIds,
    out: &mut BytesMut,
) {
    put(&Message::Extended(ExtendedMessage::UtMetadata(message)), ids, out);
}

fn put(message: &Message<'_>, ids: &dyn Fn() -> PeerExtendedMessageIds, out: &mut BytesMut) {
    let start = out.len();
    out.resize(start + room(message), 0);
    // It fails only for an extension that the peer does not speak.
    let written = message.serialize(&mut out[start..], ids).unwrap_or(0);
    out.truncate(start + written);
}

fn room(message: &Message<'_>) -> usize {
    match message {
        Message::Bitfield(bits) => bits.0.len() + 8,
        Message::Extended(_) => REQUEST_BYTES as usize + 2_048,
        _ => 32,
    }
}

/// The 13 bytes before the data of a piece message.
pub(crate) fn data_header(request: &Request) -> [u8; 13] {
    let mut header = [0; 13];
    header[..4].copy_from_slice(&(9 + request.length).to_be_bytes());
    header[4] = 7;
    header[5..9].copy_from_slice(&request.piece.to_be_bytes());
    header[9..].copy_from_slice(&request.begin.to_be_bytes());
    header
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours() -> Extensions {
        Extensions { ids: PeerExtendedMessageIds::my(), ..Extensions::default() }
    }

    fn sent(message: &Outgoing) -> Vec<u8> {
        let mut out = BytesMut::new();
        message.write(&ours(), &mut out);
        out.to_vec()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let request = Request { piece: 3, begin: 16_384, length: 16_384 };
        let address: SocketAddr = "203.0.113.9:6881".parse().unwrap();
        let pairs = [
            (Outgoing::KeepAlive, Incoming::KeepAlive),
            (Outgoing::Unchoke, Incoming::Unchoke),
            (Outgoing::Have(7), Incoming::Have(7)),
            (Outgoing::Bitfield(vec![0xf0, 0x80]), Incoming::Bitfield(&[0xf0, 0x80])),
            (Outgoing::Request(request), Incoming::Request(request)),
            (Outgoing::Cancel(request), Incoming::Cancel(request)),
            (Outgoing::Peers(vec![address]), Incoming::Peers(vec![address])),
            (Outgoing::MetadataRequest(2), Incoming::MetadataRequest(2)),
            (
                Outgoing::Metadata { piece: 0, total: 3, bytes: vec![1, 2, 3] },
                Incoming::Metadata { piece: 0, bytes: vec![1, 2, 3] },
            ),
        ];
        for (outgoing, wanted) in pairs {
            let bytes = sent(&outgoing);
            let (incoming, length) = parse(&bytes).unwrap().expect("whole");
            assert_eq!((incoming, length), (wanted, bytes.len()));
            assert_eq!(parse(&bytes[..bytes.len() - 1]).unwrap(), None, "{outgoing:?}");
        }
        let said = sent(&Outgoing::Extensions {
            port: Some(4_000),
            queue: 64,
            metadata_size: Some(5),
            has_exchange: false,
        });
        let (Incoming::Extensions(read), _) = parse(&said).unwrap().expect("whole") else { panic!() };
        assert_eq!((read.port, read.queue, read.metadata_size), (Some(4_000), Some(64), Some(5)));
        assert!(read.ids.ut_metadata.is_some() && !read.has_exchange());
        assert!(read.client.unwrap().starts_with("Muster "));
    }

    #[test]
    fn an_extension_is_not_used_with_a_peer_that_does_not_speak_it() {
        let mut out = BytesMut::new();
        Outgoing::MetadataRequest(0).write(&Extensions::default(), &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn unknown_messages_are_skipped_and_endless_ones_refused() {
        let port = [0, 0, 0, 3, 9, 1, 2];
        assert_eq!(parse(&port), Ok(Some((Incoming::Unknown, 7))));
        assert_eq!(parse(&[0x7f, 0xff, 0xff, 0xff, 7]), Err(Violation));
        assert_eq!(parse(&[0, 0, 0, 2, 4, 0]), Err(Violation), "a have of one byte");
        let deep = [&[0, 0, 0x75, 0x32, 20, 9][..], &[b'l'; 30_000][..]].concat();
        assert_eq!(parse(&deep), Ok(Some((Incoming::Unknown, 30_006))), "no stack is spent on depth");
        for number in
            ["18446744073709551615", "9223372036854775808", "-9223372036854775809", "4294967296", "-1", "007"]
        {
            for message in [
                format!("d4:reqqi{number}ee"),
                format!("d1:md6:ut_pexi{number}eee"),
                format!("d13:metadata_sizei{number}ee"),
                format!("d8:msg_typei{number}e5:piecei0ee"),
            ] {
                for id in [0, 1, 3] {
                    let mut bytes = (message.len() as u32 + 2).to_be_bytes().to_vec();
                    bytes.extend_from_slice(&[20, id]);
                    bytes.extend_from_slice(message.as_bytes());
                    assert!(
                        parse(&bytes).is_ok_and(|read| read.is_some_and(|(_, length)| length == bytes.len()))
                    );
                }
            }
        }
        let hello = Hello { info_hash: Sha1([3; 20]), peer_id: [4; 20], is_extended: true };
        assert_eq!(Hello::parse(&hello.to_bytes()), Ok(hello));
        assert_eq!(Hello::parse(&[0x16; HANDSHAKE]), Err(Violation));
    }

    proptest! {
        #[test]
        fn noise_never_panics(noise in prop::collection::vec(any::<u8>(), 0..300), id: u8) {
            let mut message = (noise.len() as u32 + 1).to_be_bytes().to_vec();
            message.push(id);
            message.extend_from_slice(&noise);
            if let Ok(Some((_, length))) = parse(&message) {
                prop_assert_eq!(length, message.len());
            }
            let _ = parse(&noise);
        }

        #[test]
        fn extensions_of_any_shape_never_panic(id in 0u8..5, parts in prop::collection::vec(0usize..16, 0..24)) {
            const PARTS: [&str; 16] = [
                "d", "e", "l", "i7e", "i-3e", "i999999999e", "1:m", "6:ut_pex", "11:ut_metadata", "8:msg_type",
                "5:piece", "10:total_size", "5:added", "6:abcdef", "7:added.f", "i1e",
            ];
            let body: String = parts.into_iter().map(|part| PARTS[part]).collect();
            for body in [format!("d{body}e"), body] {
                let mut message = (body.len() as u32 + 2).to_be_bytes().to_vec();
                message.extend_from_slice(&[20, id]);
                message.extend_from_slice(body.as_bytes());
                prop_assert!(parse(&message).is_ok_and(|read| read.is_some()));
            }
        }
    }
}

//! Saying and hearing messages over one connection.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddrV4, TcpStream},
    time::Duration,
};

use anyhow::{Result, bail, ensure};
use librqbit_core::hash_id::Id20;
use librqbit_peer_protocol::{
    Handshake, Message, MessageDeserializeError, Piece, Request,
    extended::{ExtendedMessage, PeerExtendedMessageIds, handshake::ExtendedHandshake},
};

const HANDSHAKE: usize = 68;
/// Whoever is asked something answers in this time, or has left.
const PATIENCE: Duration = Duration::from_secs(60);
/// Largest message that is written, with room for its head.
const MAX_MESSAGE: usize = 1 << 20;
const PIECE: u8 = 7;

/// A bitfield of somebody who has everything.
pub fn full_bitfield(pieces: u32) -> Vec<u8> {
    let mut bits = vec![0xff; pieces.div_ceil(8) as usize];
    if let Some(last) = bits.last_mut().filter(|_| !pieces.is_multiple_of(8)) {
        *last = 0xff << (8 - pieces % 8);
    }
    bits
}

/// One connection after the handshake.
pub struct Talk {
    stream: TcpStream,
    /// Heard and not yet understood.
    heard: Vec<u8>,
    /// They have said that they will answer requests.
    pub is_unchoked: bool,
}

impl Talk {
    /// Waits for a handshake and answers it.
    pub fn answer(stream: TcpStream, info_hash: Id20, id: Id20) -> Result<Self> {
        let mut talk = Self::new(stream)?;
        let theirs = talk.hear_handshake()?;
        ensure!(theirs.info_hash == info_hash, "they want another file");
        talk.say_handshake(info_hash, id)?;
        Ok(talk)
    }

    /// Says a handshake and waits for the answer.
    pub fn dial(stream: TcpStream, info_hash: Id20, id: Id20) -> Result<Self> {
        let mut talk = Self::new(stream)?;
        talk.say_handshake(info_hash, id)?;
        talk.hear_handshake()?;
        Ok(talk)
    }

    /// Says nothing and expects nothing.
    pub fn silent(stream: TcpStream) -> Result<Self> {
        Self::new(stream)
    }

    fn new(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, heard: Vec::new(), is_unchoked: false })
    }

    fn hear_handshake(&mut self) -> Result<Handshake> {
        let mut text = [0; HANDSHAKE];
        self.stream.read_exact(&mut text)?;
        Ok(Handshake::deserialize(&text)?.0)
    }

    fn say_handshake(&mut self, info_hash: Id20, id: Id20) -> Result<()> {
        let mut text = [0; HANDSHAKE];
        let length = Handshake::new(info_hash, id).serialize_unchecked_len(&mut text);
        self.send_raw(&text[..length])
    }

    pub fn send(&mut self, message: &Message<'_>) -> Result<()> {
        let mut text = vec![0; MAX_MESSAGE];
        let length = message.serialize(&mut text, &Default::default)?;
        self.send_raw(&text[..length])
    }

    pub fn send_raw(&mut self, text: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(text)?)
    }

    pub fn send_extended_handshake(&mut self, metadata_size: Option<u32>) -> Result<()> {
        let handshake = ExtendedHandshake { metadata_size, ..ExtendedHandshake::new() };
        self.send(&Message::Extended(ExtendedMessage::Handshake(handshake)))
    }

    /// Says that others have the file too (BEP 11), by the number that the other side gave this message.
    pub fn send_peers(&mut self, peers: &[SocketAddrV4], number: u8) -> Result<()> {
        let mut text = vec![20, number];
        text.extend(format!("d5:added{}:", peers.len() * 6).as_bytes());
        for peer in peers {
            text.extend(peer.ip().octets());
            text.extend(peer.port().to_be_bytes());
        }
        text.extend(format!("7:added.f{}:", peers.len()).as_bytes());
        text.extend(vec![0; peers.len()]);
        text.push(b'e');
        self.send_raw(&(text.len() as u32).to_be_bytes())?;
        self.send_raw(&text)
    }

    pub fn send_block(&mut self, request: Request, block: &[u8]) -> Result<()> {
        self.send(&Message::Piece(Piece::from_data(request.index, request.begin, block)))
    }

    /// Begins to send a block and stops after some bytes of it.
    pub fn send_cut_block(&mut self, request: Request, block: &[u8], after: usize) -> Result<()> {
        let mut text = (block.len() as u32 + 9).to_be_bytes().to_vec();
        text.push(PIECE);
        text.extend(request.index.to_be_bytes());
        text.extend(request.begin.to_be_bytes());
        text.extend(&block[..after]);
        self.send_raw(&text)
    }

    /// Waits for a request; other messages are heard and forgotten, but for the extended handshake (BEP 10), with whose
    /// numbers `introduced` is called.
    pub fn next_request(
        &mut self,
        introduced: impl Fn(&mut Self, PeerExtendedMessageIds) -> Result<()>,
    ) -> Result<Option<Request>> {
        let (heard, used) = match Message::deserialize(&self.heard, &[]) {
            Ok((Message::Request(request), used)) => (Heard::Request(request), used),
            Ok((Message::Extended(ExtendedMessage::Handshake(theirs)), used)) => {
                (Heard::Introduction(theirs.m), used)
            }
            Ok((Message::Unchoke, used)) => (Heard::Unchoke, used),
            Ok((_, used)) => (Heard::Other, used),
            Err(error) => (Heard::Nothing, self.skip_or_hear(error)?),
        };
        self.heard.drain(..used);
        match heard {
            Heard::Request(request) => return Ok(Some(request)),
            Heard::Introduction(numbers) => introduced(self, numbers)?,
            Heard::Unchoke => self.is_unchoked = true,
            Heard::Other | Heard::Nothing => {}
        }
        Ok(None)
    }

    /// Waits for a block.
    #[cfg(test)]
    pub fn next_block(&mut self) -> Result<Vec<u8>> {
        loop {
            let (block, used) = match Message::deserialize(&self.heard, &[]) {
                Ok((Message::Piece(piece), used)) => (Some([piece.data().0, piece.data().1].concat()), used),
                Ok((_, used)) => (None, used),
                Err(error) => (None, self.skip_or_hear(error)?),
            };
            self.heard.drain(..used);
            if let Some(block) = block {
                return Ok(block);
            }
        }
    }

    /// Hears more where a message is not complete, and says how much to skip where it is not known.
    fn skip_or_hear(&mut self, error: MessageDeserializeError) -> Result<usize> {
        if !matches!(error, MessageDeserializeError::NotEnoughData(..)) {
            let (length, _) = self.heard.split_first_chunk::<4>().unzip();
            return Ok(length
                .map_or(0, |length| u32::from_be_bytes(*length) as usize + 4)
                .min(self.heard.len()));
        }
        let mut part = [0; 64 * 1_024];
        match self.stream.read(&mut part) {
            Ok(0) => bail!("they have left"),
            Ok(length) => self.heard.extend(&part[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
        Ok(0)
    }

    /// Waits until the other side closes the connection; says whether it did.
    pub fn is_left_within(&mut self, patience: Duration) -> Result<bool> {
        let deadline = std::time::Instant::now() + patience;
        let mut part = [0; 64 * 1_024];
        loop {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut part) {
                Ok(0) => return Ok(true),
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return Ok(true),
            }
        }
    }
}

enum Heard {
    Request(Request),
    Introduction(PeerExtendedMessageIds),
    Unchoke,
    Other,
    Nothing,
}

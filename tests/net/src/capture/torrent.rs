//! What was said over each connection: its packets put in order, and read as BitTorrent (BEP 3).
//!
//! The question is how many bytes of a file were given away. Whatever can not be read counts as given: a proof that
//! nothing left must not rest on what the reader does not understand.

use std::{collections::BTreeMap, net::SocketAddrV4};

use super::{Kind, Packet};

const HANDSHAKE: &[u8] = b"\x13BitTorrent protocol";
const HANDSHAKE_LENGTH: usize = 68;
const PIECE: u8 = 7;
/// Index and offset of a block.
const PIECE_HEADER: usize = 8;

/// One direction of one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub from: SocketAddrV4,
    pub to: SocketAddrV4,
    /// All bytes that were said.
    pub bytes: u64,
    /// Bytes of a file among them.
    pub given: u64,
    /// How often each kind of message was sent; kind 255 is a keep-alive.
    pub messages: BTreeMap<u8, u32>,
}

pub(super) fn spoken(packets: &[Packet]) -> Vec<Spoken> {
    let mut streams: BTreeMap<(SocketAddrV4, SocketAddrV4), Vec<&Packet>> = BTreeMap::new();
    for packet in packets {
        if matches!(packet.kind, Kind::Tcp { .. }) && packet.payload > 0 {
            streams.entry((packet.from, packet.to)).or_default().push(packet);
        }
    }
    let read = |((from, to), packets): (_, Vec<&Packet>)| {
        let (mut given, mut messages) = (0, BTreeMap::new());
        let text = in_order(&packets);
        let bytes = text
            .as_ref()
            .map_or_else(|| packets.iter().map(|packet| packet.payload).sum(), |text| text.len() as u64);
        match &text {
            Some(text) if text.starts_with(HANDSHAKE) => given = blocks(text, &mut messages),
            Some(text) if is_request(text) => {}
            Some(_) | None => given = bytes,
        }
        Spoken { from, to, bytes, given, messages }
    };
    streams.into_iter().map(read).collect()
}

/// A web request asks; it gives nothing away but what is in its headers.
fn is_request(text: &[u8]) -> bool {
    text.starts_with(b"GET ") || text.starts_with(b"HEAD ")
}

/// The bytes of a stream from its beginning, without repetitions; `None` if something was not kept or is missing.
fn in_order(packets: &[&Packet]) -> Option<Vec<u8>> {
    let sequence = |packet: &Packet| match packet.kind {
        Kind::Tcp { sequence, .. } => sequence,
        Kind::Udp | Kind::Other(_) => 0,
    };
    let start = sequence(packets.first()?);
    let mut parts: Vec<(usize, &[u8])> = Vec::with_capacity(packets.len());
    for packet in packets {
        if packet.data.len() as u64 != packet.payload {
            return None;
        }
        // Sequence numbers wrap around; a stream here is far shorter than half of them.
        let offset = sequence(packet).wrapping_sub(start) as i32;
        parts.push((usize::try_from(offset).ok()?, &packet.data));
    }
    parts.sort_by_key(|(offset, _)| *offset);
    let mut text = Vec::new();
    for (offset, data) in parts {
        let known = text.len().checked_sub(offset)?;
        text.extend(data.get(known..).unwrap_or_default());
    }
    Some(text)
}

/// Bytes of blocks in a stream that begins with a handshake.
fn blocks(text: &[u8], messages: &mut BTreeMap<u8, u32>) -> u64 {
    let mut rest = text.get(HANDSHAKE_LENGTH..).unwrap_or_default();
    let mut given = 0;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let kind = if length == 0 { 255 } else { after.first().copied().unwrap_or(255) };
        *messages.entry(kind).or_default() += 1;
        // The last message may have been cut off.
        let body = &after[..length.min(after.len())];
        if kind == PIECE {
            given += body.len().saturating_sub(1 + PIECE_HEADER) as u64;
        }
        rest = &after[body.len()..];
    }
    given
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use proptest::prelude::*;

    use super::*;

    fn packet(sequence: u32, data: &[u8]) -> Packet {
        Packet {
            at: Duration::ZERO,
            from: SocketAddrV4::new(Ipv4Addr::new(11, 7, 0, 1), 6_881),
            to: SocketAddrV4::new(Ipv4Addr::new(11, 7, 0, 2), 40_000),
            kind: Kind::Tcp { sequence, is_opening: false },
            payload: data.len() as u64,
            data: data.to_vec(),
        }
    }

    fn conversation() -> Vec<u8> {
        let mut text = HANDSHAKE.to_vec();
        text.resize(HANDSHAKE_LENGTH, 1);
        text.extend([0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 5, 4, 0, 0, 0, 3]);
        for _ in 0..2 {
            text.extend([0, 0, 0, 109, PIECE, 0, 0, 0, 3, 0, 0, 0, 0]);
            text.extend([0x55; 100]);
        }
        text
    }

    proptest! {
        #[test]
        fn only_blocks_are_given_however_the_stream_is_cut_and_repeated(cuts in prop::collection::vec(1_usize..60, 1..40), wrap: bool) {
            let text = conversation();
            let start = if wrap { u32::MAX - 50 } else { 7 };
            let (mut at, mut packets) = (0, Vec::new());
            for cut in cuts.iter().cycle() {
                if at >= text.len() {
                    break;
                }
                let end = (at + cut).min(text.len());
                packets.push(packet(start.wrapping_add(at as u32), &text[at..end]));
                if cut % 3 == 0 {
                    packets.push(packet(start.wrapping_add(at as u32), &text[at..end]));
                }
                at = end;
            }
            let length = packets.len();
            if length > 3 {
                packets.swap(length - 2, length - 1);
            }
            let spoken = spoken(&packets);
            prop_assert_eq!(spoken.len(), 1);
            prop_assert_eq!((spoken[0].given, spoken[0].bytes), (200, text.len() as u64));
            prop_assert_eq!(&spoken[0].messages, &BTreeMap::from([(255, 1), (1, 1), (4, 1), (7, 2)]));
        }
    }

    #[test]
    fn what_can_not_be_read_counts_as_given() {
        let given = |packets: &[Packet]| spoken(packets).iter().map(|spoken| spoken.given).sum::<u64>();
        assert_eq!(given(&[packet(0, &[9; 500])]), 500);
        assert_eq!(given(&[packet(0, b"GET /a HTTP/1.1\r\n\r\n")]), 0);
        let text = conversation();
        let hole = [packet(0, &text[..100]), packet(150, &text[150..])];
        assert_eq!(given(&hole), text.len() as u64 - 50, "a hole hides what was said");
        let mut cut = packet(0, &text);
        cut.data.truncate(60);
        assert_eq!(given(&[cut]), text.len() as u64);
    }
}

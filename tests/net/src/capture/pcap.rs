//! Reading what `tcpdump -w` writes: IPv4 packets of Ethernet and TUN devices. Everything else is skipped.

use std::{
    io::{ErrorKind, Read},
    net::{Ipv4Addr, SocketAddrV4},
    time::Duration,
};

use anyhow::{Result, bail, ensure};

/// Largest record: no packet is larger, not even before it is cut up for the wire.
const MAX_RECORD: usize = 1 << 20;

/// One IPv4 packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Since 1970.
    pub at: Duration,
    /// Port 0 where the protocol has none.
    pub from: SocketAddrV4,
    pub to: SocketAddrV4,
    pub kind: Kind,
    /// Bytes inside TCP or UDP, also where not all were kept.
    pub payload: u64,
    /// Those of them that were kept.
    pub data: Vec<u8>,
}

/// Its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Tcp {
        sequence: u32,
        /// A connection is asked for.
        is_opening: bool,
    },
    Udp,
    Other(u8),
}

/// How link headers look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Ethernet,
    Raw,
}

/// Reads to the end, which may lie inside a record when the writer was stopped.
///
/// # Errors
/// If it is no capture.
pub fn read(mut input: impl Read, mut take: impl FnMut(Packet)) -> Result<()> {
    let mut header = [0; 24];
    input.read_exact(&mut header)?;
    let nanoseconds = match u32_at(&header, 0) {
        0xa1b2_c3d4 => 1_000,
        0xa1b2_3c4d => 1,
        other => bail!("not a capture of this machine: {other:x}"),
    };
    let link = match u32_at(&header, 20) & 0xffff {
        1 => Link::Ethernet,
        101 => Link::Raw,
        other => bail!("link type {other} is not read"),
    };
    loop {
        let mut record = [0; 16];
        let mut body = match input.read_exact(&mut record) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            result => result.map(|()| Vec::new())?,
        };
        let length = u32_at(&record, 8) as usize;
        ensure!(length <= MAX_RECORD, "a record of {length} bytes");
        body.resize(length, 0);
        match input.read_exact(&mut body) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            result => result?,
        }
        let fraction = Duration::from_nanos(u64::from(u32_at(&record, 4)) * nanoseconds);
        let at = Duration::from_secs(u32_at(&record, 0).into()) + fraction;
        if let Some(packet) = packet(at, link, &body) {
            take(packet);
        }
    }
}

fn packet(at: Duration, link: Link, frame: &[u8]) -> Option<Packet> {
    let ip = match link {
        Link::Raw => frame,
        Link::Ethernet if frame.get(12..14)? == [8, 0] => frame.get(14..)?,
        Link::Ethernet => return None,
    };
    if ip.len() < 20 || ip[0] >> 4 != 4 {
        return None;
    }
    let header = usize::from(ip[0] & 15) * 4;
    let total = usize::from(u16_at(ip, 2));
    let address = |at: usize| Ipv4Addr::new(ip[at], ip[at + 1], ip[at + 2], ip[at + 3]);
    let inside = ip.get(header..)?;
    let inner_total = total.checked_sub(header)?;
    let (kind, inner_header) = match ip[9] {
        6 if inside.len() >= 20 => {
            let flags = inside[13];
            let is_opening = flags & 0x12 == 0x02;
            (Kind::Tcp { sequence: u32_be(inside, 4), is_opening }, usize::from(inside[12] >> 4) * 4)
        }
        17 if inside.len() >= 8 => (Kind::Udp, 8),
        other => (Kind::Other(other), inner_total),
    };
    let (from, to) = match kind {
        Kind::Other(_) => (0, 0),
        Kind::Tcp { .. } | Kind::Udp => (u16_at(inside, 0), u16_at(inside, 2)),
    };
    let kept = inside.get(inner_header..inner_total.min(inside.len())).unwrap_or_default();
    Some(Packet {
        at,
        from: SocketAddrV4::new(address(12), from),
        to: SocketAddrV4::new(address(16), to),
        kind,
        payload: inner_total.checked_sub(inner_header)? as u64,
        data: kept.to_vec(),
    })
}

/// The file's own numbers are in the order of the machine that wrote it, which is this one.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u32_be(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(frames: &[Vec<u8>]) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 1] {
            out.extend(number.to_ne_bytes());
        }
        for (index, frame) in frames.iter().enumerate() {
            let length = frame.len() as u32;
            for number in [index as u32, 500_000, length, length] {
                out.extend(number.to_ne_bytes());
            }
            out.extend(frame);
        }
        out
    }

    /// An Ethernet frame with a TCP segment, cut after `kept` bytes of its payload.
    fn segment(flags: u8, payload: &[u8], kept: usize) -> Vec<u8> {
        let mut frame = vec![0; 12];
        frame.extend([8, 0, 0x45, 0]);
        frame.extend((40 + payload.len() as u16).to_be_bytes());
        frame.extend([0, 0, 0, 0, 64, 6, 0, 0, 11, 7, 0, 1, 11, 7, 0, 2]);
        frame.extend([0x1a, 0xe1, 0, 80, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
        frame.extend(&payload[..kept]);
        frame
    }

    #[test]
    fn payload_is_counted_also_where_it_was_not_kept() -> Result<()> {
        let mut seen = Vec::new();
        let bytes = file(&[segment(0x02, b"", 0), segment(0x10, b"hello, world", 5)]);
        read(bytes.as_slice(), |packet| seen.push(packet))?;
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].kind, Kind::Tcp { sequence: 9, is_opening: true });
        assert_eq!((seen[1].payload, seen[1].data.as_slice()), (12, b"hello".as_slice()));
        assert_eq!(
            (seen[1].from.to_string(), seen[1].to.to_string()),
            ("11.7.0.1:6881".into(), "11.7.0.2:80".into())
        );
        assert_eq!(seen[1].at, Duration::from_millis(1_500));
        Ok(())
    }

    proptest! {
        #[test]
        fn noise_is_no_panic(noise in prop::collection::vec(any::<u8>(), 0..120), at in 0_usize..100, bits: u8) {
            let mut frame = segment(0x10, b"abc", 3);
            let place = at % frame.len();
            frame[place] ^= bits;
            let mut cut = file(&[frame, noise.clone()]);
            cut.truncate(cut.len() - noise.len() / 2);
            let _ = read(cut.as_slice(), |_| ());
            let _ = read(noise.as_slice(), |_| ());
        }
    }
}

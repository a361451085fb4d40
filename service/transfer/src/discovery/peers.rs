//! Addresses of peers: as BitTorrent packs them, and which of them may be dialled. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::Reach;

/// Most peers that are taken from one answer.
pub(super) const MAX_PEERS: usize = 200;

/// Four bytes and a port each (BEP 23); a broken rest is left out.
pub(super) fn compact_v4(packed: &[u8]) -> impl Iterator<Item = SocketAddr> + '_ {
    packed.chunks_exact(6).map(|peer| {
        let address = Ipv4Addr::new(peer[0], peer[1], peer[2], peer[3]);
        SocketAddr::from((address, u16::from_be_bytes([peer[4], peer[5]])))
    })
}

/// Sixteen bytes and a port each (BEP 7).
pub(super) fn compact_v6(packed: &[u8]) -> impl Iterator<Item = SocketAddr> + '_ {
    packed.chunks_exact(18).map(|peer| {
        let mut octets = [0; 16];
        octets.copy_from_slice(&peer[..16]);
        SocketAddr::from((Ipv6Addr::from(octets), u16::from_be_bytes([peer[16], peer[17]])))
    })
}

/// Peers that somebody at `reach` named, without those nobody can be at and those that lie further inside than the
/// one who named them (`security.md` T-112): a stranger must not make us dial our own router.
pub(super) fn dialable(named: impl IntoIterator<Item = SocketAddr>, reach: Reach) -> Vec<SocketAddr> {
    let mut peers: Vec<SocketAddr> = vec![];
    for peer in named.into_iter().map(plain).filter(|peer| is_dialable(*peer, reach)) {
        if peers.len() >= MAX_PEERS {
            break;
        }
        if !peers.contains(&peer) {
            peers.push(peer);
        }
    }
    peers
}

/// Whether a packet may be sent to an address that somebody at `reach` named.
pub(super) fn is_dialable(peer: SocketAddr, reach: Reach) -> bool {
    let ip = peer.ip();
    let is_somebody = match ip {
        IpAddr::V4(v4) => !v4.is_multicast() && !v4.is_broadcast() && v4.octets()[0] != 0,
        IpAddr::V6(v6) => !v6.is_multicast() && !v6.is_unspecified(),
    };
    peer.port() != 0 && is_somebody && Reach::of(ip) <= reach
}

/// IPv4 written as IPv6 becomes IPv4.
pub(super) fn plain(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, |v4| SocketAddr::from((v4, address.port()))),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_stranger_names_no_peers_inside() {
        let inside = [
            "127.0.0.1:6881",
            "10.0.0.1:80",
            "192.168.0.1:80",
            "169.254.169.254:80",
            "100.64.0.1:1",
            "[::1]:1",
            "[fe80::1]:1",
            "[fd00::1]:1",
            "[::ffff:192.168.0.1]:1",
            "[::ffff:127.0.0.1]:1",
        ];
        let nobody = [
            "1.1.1.1:0",
            "0.0.0.0:1",
            "0.1.2.3:1",
            "224.0.0.1:1",
            "255.255.255.255:1",
            "[ff02::1]:1",
            "[::]:1",
        ];
        for text in inside.iter().chain(&nobody) {
            assert!(dialable([address(text)], Reach::Public).is_empty(), "{text}");
        }
        for text in nobody {
            assert!(dialable([address(text)], Reach::Host).is_empty(), "{text}");
        }
        assert_eq!(
            dialable([address("10.0.0.1:80"), address("127.0.0.1:1")], Reach::Lan),
            [address("10.0.0.1:80")]
        );
        assert_eq!(dialable([address("[::ffff:1.2.3.4]:5")], Reach::Public), [address("1.2.3.4:5")]);
    }

    proptest! {
        #[test]
        fn packed_peers_come_out_once_and_bounded(packed in prop::collection::vec(any::<u8>(), 0..6_000)) {
            for peers in [
                dialable(compact_v4(&packed), Reach::Public), dialable(compact_v6(&packed), Reach::Public),
            ] {
                prop_assert!(peers.len() <= MAX_PEERS);
                let mut once = peers.clone();
                once.sort();
                once.dedup();
                prop_assert_eq!(once.len(), peers.len());
                prop_assert!(peers.iter().all(|peer| Reach::of(peer.ip()) == Reach::Public && peer.port() != 0));
            }
        }
    }

    #[test]
    fn packed_addresses_are_read() {
        let v4: Vec<_> = compact_v4(&[1, 2, 3, 4, 0x1a, 0xe1, 9]).collect();
        assert_eq!(v4, [address("1.2.3.4:6881")]);
        let mut packed = Ipv6Addr::LOCALHOST.octets().to_vec();
        packed.extend([0x1a, 0xe1]);
        assert_eq!(compact_v6(&packed).collect::<Vec<_>>(), [address("[::1]:6881")]);
    }
}

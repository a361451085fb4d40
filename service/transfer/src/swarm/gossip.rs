//! Which addresses peers tell each other (BEP 11). Pure.
//!
//! Nobody from afar learns an address of the own network, and nobody from afar makes us connect into it. Peers of a lobby
//! are never named to anybody.

use std::net::SocketAddr;

use super::book::Via;
use crate::flow::{Distance, is_near};

/// Addresses in one message.
const MOST: usize = 50;

/// What to tell a peer at this distance, out of who is connected: where they listen and how they became known.
pub(crate) fn told(
    connected: impl IntoIterator<Item = (SocketAddr, Via)>,
    to: (SocketAddr, Distance),
) -> Vec<SocketAddr> {
    let is_for_all = |(address, via): &(SocketAddr, Via)| {
        *via != Via::Named && *address != to.0 && (to.1 == Distance::Near || !is_near(address.ip()))
    };
    connected.into_iter().filter(is_for_all).map(|(address, _)| address).take(MOST).collect()
}

/// What to take of what a peer at this distance says.
pub(crate) fn taken(said: Vec<SocketAddr>, from: Distance) -> Vec<SocketAddr> {
    let is_plausible = |address: &SocketAddr| {
        let ip = address.ip().to_canonical();
        address.port() >= 1_024
            && !ip.is_multicast()
            && !ip.is_unspecified()
            && !ip.is_loopback()
            && (from == Distance::Near || !is_near(ip))
    };
    said.into_iter().filter(is_plausible).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_own_network_stays_among_its_own() {
        let connected = [
            (address("203.0.113.1:4000"), Via::Tracker),
            (address("192.168.1.5:4000"), Via::Lan),
            (address("203.0.113.2:4000"), Via::Named),
            (address("203.0.113.3:4000"), Via::Incoming),
        ];
        let far = (address("203.0.113.3:4000"), Distance::Far);
        assert_eq!(told(connected, far), [address("203.0.113.1:4000")]);
        let near = (address("192.168.1.9:4000"), Distance::Near);
        let all = [address("203.0.113.1:4000"), address("192.168.1.5:4000"), address("203.0.113.3:4000")];
        assert_eq!(told(connected, near), all);
    }

    #[test]
    fn nobody_sends_us_into_our_own_network_or_to_ports_of_services() {
        let said =
            ["10.0.0.1:4000", "127.0.0.1:4000", "203.0.113.1:22", "203.0.113.1:4000", "224.0.0.1:4000"];
        let said: Vec<SocketAddr> = said.into_iter().map(address).collect();
        assert_eq!(taken(said.clone(), Distance::Far), [address("203.0.113.1:4000")]);
        assert_eq!(taken(said, Distance::Near), [address("10.0.0.1:4000"), address("203.0.113.1:4000")]);
    }
}

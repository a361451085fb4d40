//! Which networks we are on, and who else is on them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use network_interface::{Addr, NetworkInterface, NetworkInterfaceConfig};

/// Networks that are looked at; more means a machine full of virtual ones.
const MAX_INTERFACES: usize = 16;

/// One network card with addresses of local networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Interface {
    /// The system's number for it, the zone of link-local addresses.
    pub index: u32,
    /// Our addresses, each with its mask.
    pub v4: Vec<(Ipv4Addr, Ipv4Addr)>,
    pub v6: Vec<(Ipv6Addr, Ipv6Addr)>,
}

impl Interface {
    /// Whether somebody is on this network: a local address inside one of our own prefixes.
    pub fn is_neighbour(&self, sender: SocketAddr) -> bool {
        match sender {
            SocketAddr::V4(sender) => {
                let ip = *sender.ip();
                is_local_v4(ip)
                    && self
                        .v4
                        .iter()
                        .any(|(own, mask)| own.to_bits() & mask.to_bits() == ip.to_bits() & mask.to_bits())
            }
            SocketAddr::V6(sender) if sender.ip().is_unicast_link_local() => {
                sender.scope_id() == self.index && !self.v6.is_empty()
            }
            SocketAddr::V6(sender) => {
                let ip = *sender.ip();
                is_local_v6(ip)
                    && self
                        .v6
                        .iter()
                        .any(|(own, mask)| own.to_bits() & mask.to_bits() == ip.to_bits() & mask.to_bits())
            }
        }
    }

    /// Whether this is an address of ours.
    pub fn is_own(&self, ip: IpAddr) -> bool {
        match ip {
            IpAddr::V4(ip) => self.v4.iter().any(|(own, _)| *own == ip),
            IpAddr::V6(ip) => self.v6.iter().any(|(own, _)| *own == ip),
        }
    }

    /// The IPv6 address that messages come from: link-local where there is one, else of the private network. Global
    /// ones would not be listened to.
    pub fn v6_source(&self) -> Option<Ipv6Addr> {
        let own = || self.v6.iter().map(|(own, _)| *own);
        own().find(Ipv6Addr::is_unicast_link_local).or_else(|| own().next())
    }
}

/// Addresses that only a neighbour can have. Public ones are left out even if on-link: they may be a provider's
/// network full of strangers.
fn is_local_v4(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_link_local() || ip.is_loopback()
}

fn is_local_v6(ip: Ipv6Addr) -> bool {
    ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback()
}

/// The networks of this machine right now; none if the system does not say.
pub(super) fn interfaces(only_loopback: bool) -> Vec<Interface> {
    let found = NetworkInterface::show().unwrap_or_else(|error| {
        tracing::debug!(%error, "the networks of this machine are unknown");
        vec![]
    });
    select(&found, only_loopback)
}

/// Cards with a hardware address are local networks; tunnels (VPN, mobile) have none and lead to strangers.
fn select(found: &[NetworkInterface], only_loopback: bool) -> Vec<Interface> {
    let has_hardware = |interface: &NetworkInterface| {
        interface
            .mac_addr
            .as_deref()
            .is_some_and(|mac| mac.chars().any(|c| c.is_ascii_hexdigit() && c != '0'))
    };
    let mut usable: Vec<Interface> = vec![];
    for interface in found {
        let is_loopback =
            interface.internal || interface.addr.iter().any(|address| address.ip().is_loopback());
        if is_loopback != only_loopback || !(is_loopback || has_hardware(interface)) {
            continue;
        }
        // Some systems list a card once per address.
        let known = usable.iter().position(|known| known.index == interface.index);
        let at = known.unwrap_or_else(|| {
            usable.push(Interface { index: interface.index, ..Interface::default() });
            usable.len() - 1
        });
        add_addresses(&mut usable[at], &interface.addr);
    }
    usable.retain(|interface| !interface.v4.is_empty() || !interface.v6.is_empty());
    usable.sort_by_key(|interface| interface.index);
    usable.truncate(MAX_INTERFACES);
    usable
}

fn add_addresses(interface: &mut Interface, addresses: &[Addr]) {
    for address in addresses {
        match address {
            Addr::V4(address) if is_local_v4(address.ip) => {
                interface.v4.push((address.ip, address.netmask.unwrap_or(Ipv4Addr::BROADCAST)));
            }
            Addr::V6(address) if is_local_v6(address.ip) => {
                let exact = Ipv6Addr::from_bits(u128::MAX);
                interface.v6.push((address.ip, address.netmask.unwrap_or(exact)));
            }
            Addr::V4(_) | Addr::V6(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(name: &str, index: u32, mac: Option<&str>, addresses: &[(&str, &str)]) -> NetworkInterface {
        let address = |(ip, mask): &(&str, &str)| match ip.parse().expect("an address") {
            IpAddr::V4(ip) => Addr::V4(network_interface::V4IfAddr {
                ip,
                broadcast: None,
                netmask: Some(mask.parse().expect("a mask")),
            }),
            IpAddr::V6(ip) => Addr::V6(network_interface::V6IfAddr {
                ip,
                broadcast: None,
                netmask: Some(mask.parse().expect("a mask")),
            }),
        };
        NetworkInterface {
            name: name.to_owned(),
            addr: addresses.iter().map(address).collect(),
            mac_addr: mac.map(str::to_owned),
            index,
            internal: name == "lo",
        }
    }

    fn machine() -> Vec<NetworkInterface> {
        let mac = Some("02:fc:00:00:00:01");
        vec![
            card("lo", 1, Some("00:00:00:00:00:00"), &[("127.0.0.1", "255.0.0.0")]),
            card("eth0", 2, mac, &[("192.168.1.7", "255.255.255.0"), ("203.0.113.9", "255.255.255.0")]),
            card(
                "eth0",
                2,
                mac,
                &[("fe80::1", "ffff:ffff:ffff:ffff::"), ("fd12::1", "ffff:ffff:ffff:ffff::")],
            ),
            card("tun0", 3, None, &[("10.8.0.2", "255.255.255.0")]),
            card("wg0", 4, Some("00:00:00:00:00:00"), &[("10.9.0.2", "255.255.255.0")]),
            card(
                "public",
                5,
                mac,
                &[("198.51.100.4", "255.255.255.0"), ("2001:db8::1", "ffff:ffff:ffff:ffff::")],
            ),
        ]
    }

    #[test]
    fn only_local_networks_count() {
        let usable = select(&machine(), false);
        assert_eq!(usable.iter().map(|interface| interface.index).collect::<Vec<_>>(), [2]);
        assert_eq!(usable[0].v4.len(), 1);
        assert_eq!(usable[0].v6_source(), Some("fe80::1".parse().expect("an address")));
        let loopback = select(&machine(), true);
        assert_eq!(loopback.iter().map(|interface| interface.index).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn neighbours_are_local_and_on_the_same_network() {
        let usable = select(&machine(), false);
        let is_neighbour = |text: &str| usable[0].is_neighbour(text.parse().expect("an address"));
        for text in ["192.168.1.9:6771", "[fd12::9]:6771", "[fe80::9%2]:6771"] {
            assert!(is_neighbour(text), "{text}");
        }
        for text in [
            "192.168.2.9:6771",
            "203.0.113.7:6771",
            "8.8.8.8:6771",
            "127.0.0.1:6771",
            "10.8.0.1:6771",
            "[fd13::9]:6771",
            "[fe80::9%3]:6771",
            "[fe80::9]:6771",
            "[2001:db8::9]:6771",
            "[::1]:6771",
        ] {
            assert!(!is_neighbour(text), "{text}");
        }
        assert!(usable[0].is_own("192.168.1.7".parse().expect("an address")));
    }
}

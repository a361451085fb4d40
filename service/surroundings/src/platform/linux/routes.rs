//! Which device packets to the internet leave by, as the kernel decides it: with all of its rules and tables, which the
//! list of routes alone does not show.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    path::Path,
};

use network_interface::{Addr, NetworkInterface, NetworkInterfaceConfig as _};

use super::files;

/// Addresses for documentation (RFC 5737, RFC 3849): they belong to nobody and take the way of everything else.
/// Connecting a datagram socket sends nothing.
const ELSEWHERE: [(&str, &str); 2] = [("0.0.0.0:0", "203.0.113.1:9"), ("[::]:0", "[2001:db8::1]:9")];

/// Whether any of the ways out is a tunnel; `None` if there is no way out, or nothing is known of its device.
pub(super) fn through_tunnel(root: &Path) -> Option<bool> {
    let devices = NetworkInterface::show().ok()?;
    let ways = ELSEWHERE.iter().filter_map(|(from, to)| own_address(from, to));
    let kinds: Vec<bool> =
        ways.filter_map(|address| is_tunnel(root, device_with(&devices, address)?)).collect();
    (!kinds.is_empty()).then(|| kinds.contains(&true))
}

/// The address that packets to `to` would have as their sender.
fn own_address(from: &str, to: &str) -> Option<IpAddr> {
    let socket = UdpSocket::bind(from).ok()?;
    socket.connect(to.parse::<SocketAddr>().ok()?).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn device_with(devices: &[NetworkInterface], address: IpAddr) -> Option<&str> {
    let has = |device: &&NetworkInterface| {
        device.addr.iter().any(|own| match own {
            Addr::V4(own) => address == own.ip,
            Addr::V6(own) => address == own.ip,
        })
    };
    devices.iter().find(has).map(|device| device.name.as_str())
}

/// What `/sys/class/net` says of a device: TUN and TAP have flags of their own, WireGuard says so itself.
fn is_tunnel(root: &Path, name: &str) -> Option<bool> {
    let folder = root.join("sys/class/net").join(name);
    if name.contains('/') || !folder.is_dir() {
        return None;
    }
    let event = files::value(&folder.join("uevent")).unwrap_or_default();
    Some(folder.join("tun_flags").exists() || event.lines().any(|line| line == "DEVTYPE=wireguard"))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes its own devices")]
mod tests {
    use super::*;

    #[test]
    fn devices_tell_what_they_are() {
        let root = tempfile::tempdir().unwrap();
        let device = |name: &str, uevent: &str| {
            let folder = root.path().join("sys/class/net").join(name);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("uevent"), uevent).unwrap();
            folder
        };
        device("eth0", "INTERFACE=eth0\n");
        device("wwan0", "DEVTYPE=wwan\nINTERFACE=wwan0\n");
        device("wg0", "DEVTYPE=wireguard\nINTERFACE=wg0\n");
        std::fs::write(device("tun0", "INTERFACE=tun0\n").join("tun_flags"), "0x1001\n").unwrap();
        let verdict = |name| is_tunnel(root.path(), name);
        assert_eq!(
            ["eth0", "wwan0", "wg0", "tun0"].map(verdict),
            [Some(false), Some(false), Some(true), Some(true)]
        );
        assert_eq!([verdict("none"), verdict("../net/wg0")], [None, None]);
    }

    #[test]
    fn the_loopback_device_is_found_by_its_address() {
        let devices = NetworkInterface::show().unwrap();
        assert_eq!(device_with(&devices, IpAddr::from([127, 0, 0, 1])), Some("lo"));
        assert_eq!(device_with(&devices, IpAddr::from([203, 0, 113, 7])), None);
    }
}

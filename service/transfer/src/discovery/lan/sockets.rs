//! The sockets of the local network: one per family that hears, one per network and family that speaks.

use std::{
    future::pending,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use super::{interfaces::Interface, message::Message};
use crate::discovery::send_now;

/// The groups of BEP 14.
const GROUP_V4: Ipv4Addr = Ipv4Addr::new(239, 192, 152, 143);
const GROUP_V6: Ipv6Addr = Ipv6Addr::new(0xff15, 0, 0, 0, 0, 0, 0xefc0, 0x988f);
/// Routers do not pass it on.
const HOPS: u32 = 1;

/// One open local network.
#[derive(Debug)]
pub(super) struct Sockets {
    hear_v4: Option<UdpSocket>,
    hear_v6: Option<UdpSocket>,
    speak: Vec<(UdpSocket, SocketAddr)>,
}

impl Sockets {
    /// Joins the groups on every network; what can not be joined is left out.
    pub fn open(interfaces: &[Interface], port: u16) -> Self {
        let noted = |what: &str, result: io::Result<UdpSocket>| {
            result.inspect_err(|error| tracing::debug!(%error, what, "no socket for the local network")).ok()
        };
        let has_v4 = interfaces.iter().any(|interface| !interface.v4.is_empty());
        let has_v6 = interfaces.iter().any(|interface| !interface.v6.is_empty());
        let mut speak = vec![];
        for interface in interfaces {
            if let Some((source, _)) = interface.v4.first() {
                let socket = noted("to speak IPv4", speak_v4(*source));
                speak.extend(socket.map(|socket| (socket, SocketAddr::from((GROUP_V4, port)))));
            }
            if let Some(source) = interface.v6_source() {
                let socket = noted("to speak IPv6", speak_v6(source, interface.index));
                speak.extend(socket.map(|socket| (socket, SocketAddr::from((GROUP_V6, port)))));
            }
        }
        Self {
            hear_v4: has_v4.then(|| noted("to hear IPv4", hear_v4(interfaces, port))).flatten(),
            hear_v6: has_v6.then(|| noted("to hear IPv6", hear_v6(interfaces, port))).flatten(),
            speak,
        }
    }

    /// Says something on every network. Datagrams get lost; so do those that can not be sent now.
    pub fn say(&self, message: &Message) {
        for (socket, group) in &self.speak {
            if let Err(error) = send_now(socket, &message.encode(*group), *group) {
                tracing::debug!(%error, %group, "nothing was said on a local network");
            }
        }
    }

    /// The next datagram of anybody: how much of the buffer of its family it fills, and its sender.
    pub async fn hear<'b>(&self, v4: &'b mut [u8], v6: &'b mut [u8]) -> io::Result<(&'b [u8], SocketAddr)> {
        tokio::select! {
            heard = receive(self.hear_v4.as_ref(), v4) => heard.map(|(length, from)| (&v4[..length], from)),
            heard = receive(self.hear_v6.as_ref(), v6) => heard.map(|(length, from)| (&v6[..length], from)),
        }
    }

    /// Whether the groups could be joined at all.
    pub fn hears(&self) -> bool {
        self.hear_v4.is_some() || self.hear_v6.is_some()
    }
}

async fn receive(socket: Option<&UdpSocket>, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    match socket {
        Some(socket) => socket.recv_from(buffer).await,
        None => pending().await,
    }
}

fn speak_v4(source: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = new(Domain::IPV4)?;
    socket.set_multicast_if_v4(&source)?;
    socket.set_multicast_ttl_v4(HOPS)?;
    // Other clients on this machine listen, too.
    socket.set_multicast_loop_v4(true)?;
    bind(socket, SocketAddr::from((source, 0)))
}

fn speak_v6(source: Ipv6Addr, index: u32) -> io::Result<UdpSocket> {
    let socket = new(Domain::IPV6)?;
    socket.set_only_v6(true)?;
    socket.set_multicast_if_v6(index)?;
    socket.set_multicast_hops_v6(HOPS)?;
    socket.set_multicast_loop_v6(true)?;
    let zone = if source.is_unicast_link_local() { index } else { 0 };
    bind(socket, SocketAddrV6::new(source, 0, 0, zone).into())
}

fn hear_v4(interfaces: &[Interface], port: u16) -> io::Result<UdpSocket> {
    let socket = new(Domain::IPV4)?;
    share_port(&socket)?;
    let mut joined: io::Result<()> = Err(io::ErrorKind::AddrNotAvailable.into());
    for (own, _) in interfaces.iter().filter_map(|interface| interface.v4.first()) {
        joined = socket.join_multicast_v4(&GROUP_V4, own).or(joined);
    }
    joined?;
    bind(socket, SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)))
}

fn hear_v6(interfaces: &[Interface], port: u16) -> io::Result<UdpSocket> {
    let socket = new(Domain::IPV6)?;
    socket.set_only_v6(true)?;
    share_port(&socket)?;
    let mut joined: io::Result<()> = Err(io::ErrorKind::AddrNotAvailable.into());
    for interface in interfaces.iter().filter(|interface| !interface.v6.is_empty()) {
        joined = socket.join_multicast_v6(&GROUP_V6, interface.index).or(joined);
    }
    joined?;
    bind(socket, SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)))
}

/// Every BitTorrent client of this machine listens at the same port.
fn share_port(socket: &Socket) -> io::Result<()> {
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    socket.set_reuse_address(true)
}

fn new(domain: Domain) -> io::Result<Socket> {
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn bind(socket: Socket, address: SocketAddr) -> io::Result<UdpSocket> {
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

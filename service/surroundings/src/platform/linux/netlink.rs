//! Word from the kernel that something changed. What changed is looked up elsewhere; the messages are not read.

use std::{io, os::fd::OwnedFd, time::Duration};

use async_io::Async;
use futures::stream::{self, BoxStream, StreamExt as _};
use rustix::{
    io::Errno,
    net::{AddressFamily, Protocol, RecvFlags, SocketFlags, SocketType, bind, netlink, recv, socket_with},
};

/// Links, then routes and rules of both protocols: bit n-1 for group n of `RTNLGRP_*`.
const ROUTE_GROUPS: u32 = 1 << 0 | 1 << 6 | 1 << 7 | 1 << 10 | 1 << 18;
/// Devices' events as the kernel sends them.
const DEVICE_GROUPS: u32 = 1;
/// One change is many messages; all of them within this time are one.
const GATHER: Duration = Duration::from_millis(200);

/// Ends never; says nothing where the kernel does not let us listen.
pub(super) fn routes() -> BoxStream<'static, ()> {
    changes(None, ROUTE_GROUPS)
}

/// Devices that come, go or change, power supplies among them.
pub(super) fn devices() -> BoxStream<'static, ()> {
    changes(Some(netlink::KOBJECT_UEVENT), DEVICE_GROUPS)
}

fn changes(protocol: Option<Protocol>, groups: u32) -> BoxStream<'static, ()> {
    let socket = match open(protocol, groups) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::debug!(%error, "the kernel tells nothing here; it is asked now and then");
            return stream::pending().boxed();
        }
    };
    stream::unfold(socket, |socket| async move {
        let heard = drain(&socket).await;
        if heard.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GATHER).await;
        Some(((), socket))
    })
    .boxed()
}

fn open(protocol: Option<Protocol>, groups: u32) -> io::Result<Async<OwnedFd>> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, protocol)?;
    bind(&socket, &netlink::SocketAddrNetlink::new(0, groups))?;
    Async::new_nonblocking(socket)
}

/// Waits for messages and takes all that are there.
async fn drain(socket: &Async<OwnedFd>) -> io::Result<()> {
    socket.read_with(take).await?;
    loop {
        match take(socket.get_ref()) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Takes one message. That some were lost because there were too many is a change, too.
fn take(socket: &OwnedFd) -> io::Result<()> {
    let mut buffer = [0_u8; 64];
    match recv(socket, &mut buffer[..], RecvFlags::TRUNC) {
        Ok(_) | Err(Errno::NOBUFS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

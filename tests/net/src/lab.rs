//! Machines on one switch: who is connected how.
//!
//! The switch is a bridge in a namespace of its own. A host's uplink is shaped where it leaves the host, its downlink
//! where it leaves the switch. Hosts behind a router reach the switch through its address translation only.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU8, Ordering},
};

use anyhow::{Context, Result};

use crate::{shape::Line, space::Namespace};

/// Name of a host's only interface.
pub const INTERFACE: &str = "eth0";

/// What the addresses look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm {
    /// Addresses that are nobody's neighbour. They never leave the lab.
    Internet,
    /// Addresses of a home network.
    Home,
}

impl Realm {
    fn address(self, number: u8) -> Ipv4Addr {
        match self {
            Self::Internet => Ipv4Addr::new(11, 7, 0, number),
            Self::Home => Ipv4Addr::new(192, 168, 77, number),
        }
    }
}

/// How a host is connected; `None` is as fast as the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    pub up: Option<Line>,
    pub down: Option<Line>,
}

impl Access {
    /// As fast as the machine.
    pub const FAST: Self = Self { up: None, down: None };

    /// So many Mbit/s up and down.
    pub fn mbit(up: u64, down: u64) -> Self {
        Self { up: Some(Line::mbit(up)), down: Some(Line::mbit(down)) }
    }
}

/// A switch, for hosts to be connected to.
#[derive(Debug)]
pub struct Lab {
    switch: Namespace,
    realm: Realm,
    number: AtomicU8,
}

/// One machine.
#[derive(Debug)]
pub struct Host {
    pub space: Namespace,
    /// Where others reach it; behind a router, where its router is.
    pub address: Ipv4Addr,
    /// The end of its line at the switch.
    port: String,
}

impl Lab {
    /// A switch with nobody connected.
    ///
    /// # Errors
    /// See [`crate::unavailable`].
    pub fn new(realm: Realm) -> Result<Self> {
        let switch = Namespace::new("switch")?;
        switch.ip("link add name br0 type bridge")?;
        switch.ip("link set br0 up")?;
        Ok(Self { switch, realm, number: AtomicU8::new(0) })
    }

    /// Connects a new host.
    ///
    /// # Errors
    /// If `ip` or `tc` cannot.
    pub fn host(&self, label: &str, access: Access) -> Result<Host> {
        let host = self.plug(Namespace::new(label)?)?;
        self.reshape(&host, access)?;
        Ok(host)
    }

    /// Changes how a host is connected, while everything runs.
    ///
    /// # Errors
    /// If `tc` cannot.
    pub fn reshape(&self, host: &Host, access: Access) -> Result<()> {
        if let Some(up) = access.up {
            up.apply(&host.space, INTERFACE)?;
        }
        if let Some(down) = access.down {
            down.apply(&self.switch, &host.port)?;
        }
        Ok(())
    }

    /// Connects a new host by a router that translates addresses and lets nobody in who was not asked.
    ///
    /// # Errors
    /// If `ip` or `nft` cannot.
    pub fn host_behind_router(&self, label: &str, access: Access) -> Result<(Host, Namespace)> {
        let router = self.plug(Namespace::new(&format!("{label}-router"))?)?;
        self.reshape(&router, access)?;
        let Host { space: router, address, port } = router;
        router.set("net.ipv4.ip_forward", "1")?;
        let space = Namespace::new(label)?;
        let (inside, outside) = (space.name(), router.name());
        crate::space::run(
            "ip",
            &[
                "link", "add", INTERFACE, "netns", inside, "type", "veth", "peer", "name", "home", "netns",
                outside,
            ],
        )?;
        router.ip("addr add 192.168.1.1/24 dev home")?;
        router.ip("link set home up")?;
        space.ip(&format!("addr add 192.168.1.2/24 dev {INTERFACE}"))?;
        space.ip(&format!("link set {INTERFACE} up"))?;
        space.ip("route add default via 192.168.1.1")?;
        let rules = [
            "add table ip lab",
            "add chain ip lab out { type nat hook postrouting priority srcnat; }",
            "add rule ip lab out oif eth0 masquerade",
            "add chain ip lab in { type filter hook forward priority filter; }",
            "add rule ip lab in iif eth0 ct state new drop",
        ];
        for rule in rules {
            let status = router.command("nft").arg(rule).status().context("nft is not there")?;
            anyhow::ensure!(status.success(), "nft {rule}");
        }
        Ok((Host { space, address, port }, router))
    }

    fn plug(&self, space: Namespace) -> Result<Host> {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let port = format!("port{number}");
        let address = self.realm.address(number);
        let (inside, switch) = (space.name(), self.switch.name());
        crate::space::run(
            "ip",
            &[
                "link", "add", INTERFACE, "netns", inside, "type", "veth", "peer", "name", &port, "netns",
                switch,
            ],
        )?;
        self.switch.ip(&format!("link set {port} master br0 up"))?;
        space.ip(&format!("addr add {address}/24 brd + dev {INTERFACE}"))?;
        space.ip(&format!("link set {INTERFACE} up"))?;
        space.ip(&format!("route add default dev {INTERFACE}"))?;
        Ok(Host { space, address, port })
    }
}

impl Host {
    /// A machine that is connected to something else than a switch, and can be reached there.
    pub fn outside(space: Namespace, address: Ipv4Addr) -> Self {
        Self { space, address, port: String::new() }
    }

    /// Where a program on this host is reached.
    pub fn at(&self, port: u16) -> SocketAddr {
        SocketAddr::new(self.address.into(), port)
    }

    /// Bytes that its interface has sent and received, headers included.
    ///
    /// # Errors
    /// If the interface is gone.
    pub fn wire(&self) -> Result<(u64, u64)> {
        let read = |name: &str| -> Result<u64> {
            let path = format!("/sys/class/net/{INTERFACE}/statistics/{name}");
            // The file system of interfaces shows those of the namespace that mounted it.
            let text = self.space.command("cat").arg(path).output()?.stdout;
            Ok(String::from_utf8_lossy(&text).trim().parse()?)
        };
        Ok((read("tx_bytes")?, read("rx_bytes")?))
    }
}

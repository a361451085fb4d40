//! A way through the player's router, while others should reach us from outside: UPnP (`igd-next`).
//!
//! The mapping is leased, renewed at half of its time, and taken back when it is not wanted any more. A router that
//! leases nothing and only keeps for ever gets a mapping all the same: it is taken back, too. What the router says is
//! believed only as far as its own address; a port outside that differs is what trackers and the DHT are told.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use igd_next::{
    AddPortError,
    PortMappingProtocol::TCP,
    SearchOptions,
    aio::{Gateway, tokio::Tokio, tokio::search_gateway},
};
use tokio::{net::UdpSocket, sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

use super::Plan;
use crate::{Backoff, origin::dice};

const LEASE: Duration = Duration::from_secs(3_600);
/// Longest time for anything a router is asked.
const ASK: Duration = Duration::from_secs(8);
/// Longest time to take a mapping back.
const TAKE_BACK: Duration = Duration::from_secs(2);
/// Waits after a router was not found or refused: networks change.
const RETRY: Backoff =
    Backoff { first: Duration::from_secs(60), longest: Duration::from_secs(1_800), attempts: u32::MAX };
/// What the player reads in the router.
const NAME: &str = "Muster";

/// How the router is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingConfig {
    /// Where routers are asked for; the group of SSDP.
    pub search: SocketAddr,
    /// Accept a router on this machine: for tests.
    pub on_this_machine: bool,
}

impl Default for MappingConfig {
    fn default() -> Self {
        Self { search: SocketAddr::from(([239, 255, 255, 250], 1_900)), on_this_machine: false }
    }
}

/// One port of the router that leads to one of ours.
struct Mapping {
    gateway: Gateway<Tokio>,
    inside: SocketAddr,
    outside: u16,
}

/// Looks after the mapping until everything ends.
pub(super) async fn run(
    config: MappingConfig,
    mut plans: watch::Receiver<Plan>,
    outside_port: watch::Sender<Option<u16>>,
    end: CancellationToken,
) {
    loop {
        let opened = tokio::select! {
            () = end.cancelled() => return,
            opened = plans.wait_for(|plan| wanted(plan).is_some()) => opened.ok().and_then(|plan| wanted(&plan)),
        };
        let Some(port) = opened else { return };
        let mut mapping = None;
        tokio::select! {
            () = end.cancelled() => {}
            _ = plans.wait_for(|plan| wanted(plan) != Some(port)) => {}
            () = keep(config, port, &mut mapping, &outside_port) => {}
        }
        outside_port.send_if_modified(|outside| outside.take().is_some());
        if let Some(mapping) = mapping {
            take_back(&mapping).await;
        }
    }
}

/// The port that should be reached.
fn wanted(plan: &Plan) -> Option<u16> {
    plan.ways.port.filter(|_| plan.wants_mapping())
}

/// Makes a mapping and keeps it, for ever.
async fn keep(
    config: MappingConfig,
    port: u16,
    mapping: &mut Option<Mapping>,
    outside_port: &watch::Sender<Option<u16>>,
) {
    let mut failures = 0;
    loop {
        let started = Instant::now();
        let renewed = match mapping {
            Some(mapping) => timeout(ASK, renew(mapping)).await.is_ok_and(|renewed| renewed.is_ok()),
            None => {
                *mapping = timeout(ASK * 2, open(config, port)).await.ok().flatten();
                mapping.is_some()
            }
        };
        let outside = mapping.as_ref().filter(|_| renewed).map(|mapping| mapping.outside);
        outside_port.send_if_modified(|known| std::mem::replace(known, outside) != outside);
        if renewed {
            failures = 0;
            tracing::debug!(?outside, took = ?started.elapsed(), "the router lets others through");
            tokio::time::sleep(LEASE / 2).await;
        } else {
            *mapping = None;
            failures += 1;
            tracing::debug!(failures, "no router lets others through");
            tokio::time::sleep(RETRY.wait(failures, dice()).unwrap_or(RETRY.longest)).await;
        }
    }
}

async fn open(config: MappingConfig, port: u16) -> Option<Mapping> {
    let mut options = SearchOptions::default();
    options.broadcast_address = config.search;
    options.timeout = Some(ASK);
    if config.on_this_machine {
        options.allowed_gateway_ips = vec![Ipv4Addr::LOCALHOST.into()];
    }
    let found = search_gateway(options).await;
    let gateway = found.inspect_err(|error| tracing::debug!(%error, "no router was found")).ok()?;
    let inside = SocketAddr::new(own_address(gateway.addr).await?, port);
    let mut mapping = Mapping { gateway, inside, outside: port };
    if renew(&mapping).await.is_err() {
        // Somebody else has this port outside: any other will do.
        let lease = LEASE.as_secs() as u32;
        let any = mapping.gateway.add_any_port(TCP, inside, lease, NAME).await;
        mapping.outside = any.inspect_err(|error| tracing::debug!(%error, "the router refuses")).ok()?;
    }
    Some(mapping)
}

async fn renew(mapping: &Mapping) -> Result<(), AddPortError> {
    let Mapping { gateway, inside, outside } = mapping;
    let lease = LEASE.as_secs() as u32;
    match gateway.add_port(TCP, *outside, *inside, lease, NAME).await {
        Err(AddPortError::OnlyPermanentLeasesSupported) => {
            gateway.add_port(TCP, *outside, *inside, 0, NAME).await
        }
        result => result,
    }
}

async fn take_back(mapping: &Mapping) {
    match timeout(TAKE_BACK, mapping.gateway.remove_port(TCP, mapping.outside)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the router keeps the way open"),
        Err(_) => tracing::debug!("the router does not answer; the way closes when its lease ends"),
    }
}

/// Our address as the router sees it. Nothing is sent.
async fn own_address(router: SocketAddr) -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await.ok()?;
    socket.connect(router).await.ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

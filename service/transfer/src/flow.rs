//! How fast bytes may flow, and who goes first: one bucket for each direction, and one for each tier below it.
//!
//! A byte pays the bucket of its tier and the one of its direction; one to or from the own network pays neither where the
//! player exempted it. Rates change while bytes flow: nothing is cut, nothing is refilled.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use muster_domain::Tier;
use tokio::sync::watch;

use crate::{
    RateLimits,
    bucket::Bucket,
    receive_buffer::{self, Fullness},
    uplink::{Sent, Uplink},
};

/// The caps of everything that flows.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    down: Bucket,
    /// By the place of the tier.
    down_of_tier: [Bucket; 3],
    up: Bucket,
    spares_network: AtomicBool,
    /// Payload given to peers since the program started, in bytes.
    given: AtomicU64,
    /// The part of it that the cap was for.
    charged: AtomicU64,
    /// Connections on which something is expected to come.
    expecting: AtomicUsize,
    pub fullness: Fullness,
    uplink: Mutex<Uplink>,
}

/// Where bytes come from or go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// This machine or its own network.
    Near,
    Far,
}

impl Distance {
    pub fn of(address: &SocketAddr) -> Self {
        if is_near(address.ip()) { Self::Near } else { Self::Far }
    }
}

/// Loopback, private (RFC 1918), link-local and unique local (RFC 4193) addresses.
pub(crate) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

impl Flow {
    /// Sets the player's caps.
    pub fn set_limits(&self, limits: &RateLimits) {
        self.down.set_rate(limits.down);
        self.up.set_rate(limits.up);
        self.spares_network.store(limits.spares_network, Ordering::Relaxed);
    }

    /// Sets what each tier may take, in bytes per second.
    pub fn set_shares(&self, shares: Shares) {
        for (bucket, rate) in self.down_of_tier.iter().zip(shares.0) {
            bucket.set_rate(rate);
        }
    }

    /// Waits until bytes that have just come are paid for.
    pub async fn came(&self, tier: Tier, distance: Distance, bytes: u64) {
        let tier = self.down_of_tier[tier as usize].reserve(bytes);
        let all = if self.spares(distance) { Duration::ZERO } else { self.down.reserve(bytes) };
        wait(tier.max(all)).await;
    }

    /// Waits until bytes that have just come are paid for by their tier; the socket paid for all.
    pub async fn came_for(&self, tier: Tier, bytes: u64) {
        wait(self.down_of_tier[tier as usize].reserve(bytes)).await;
    }

    /// Pays for bytes that a socket has just brought, whoever they are for; says how long not to read from it.
    pub fn pay(&self, distance: Distance, bytes: u64) -> Duration {
        if self.spares(distance) { Duration::ZERO } else { self.down.reserve(bytes) }
    }

    /// Bytes to take from a socket at once, whoever they are for.
    pub fn slice(&self, distance: Distance) -> usize {
        if self.spares(distance) { Bucket::default().slice() } else { self.down.slice() }
    }

    /// What may flow in, in bytes per second.
    pub fn down_rate(&self, distance: Distance) -> Option<u64> {
        if self.spares(distance) { None } else { self.down.rate() }
    }

    /// What the system is asked to hold unread for one connection, in bytes; `None` leaves it to the system.
    pub fn receive_buffer(&self, distance: Distance) -> Option<usize> {
        let size = receive_buffer::size(self.down_rate(distance), self.expecting.load(Ordering::Relaxed))?;
        Some(self.fullness.ask_for(size))
    }

    /// So many more, or fewer, connections expect something.
    pub fn expects(&self, change: isize) {
        self.expecting.fetch_add(change as usize, Ordering::Relaxed);
    }

    /// Bytes to take from the network at once.
    pub fn slice_down(&self, tier: Tier, distance: Distance) -> usize {
        let of_tier = self.down_of_tier[tier as usize].slice();
        if self.spares(distance) { of_tier } else { of_tier.min(self.down.slice()) }
    }

    /// Waits until payload may go.
    pub async fn go(&self, distance: Distance, bytes: u64) {
        if !self.spares(distance) {
            wait(self.up.reserve(bytes)).await;
        }
    }

    /// Payload has gone, and had to wait.
    pub fn gave(&self, to: &SocketAddr, sent: Sent) {
        let (distance, bytes) = (Distance::of(to), sent.bytes);
        self.given.fetch_add(bytes, Ordering::Relaxed);
        if distance == Distance::Far {
            self.uplink().note(to.ip(), sent, self.up.rate(), Instant::now());
        }
        if !self.spares(distance) {
            self.charged.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// The part of [`Flow::given`] that was not exempt from the caps when it went.
    pub fn charged(&self) -> u64 {
        self.charged.load(Ordering::Relaxed)
    }

    /// Payload given to peers since the program started, in bytes.
    pub fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    /// What the line carries upwards, in bytes of payload a second, where that was seen lately.
    pub fn measured_uplink(&self, now: Instant) -> Option<u64> {
        self.uplink().measured(now)
    }

    fn uplink(&self) -> MutexGuard<'_, Uplink> {
        self.uplink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes to hand to the network at once.
    pub fn slice_up(&self, distance: Distance) -> usize {
        if self.spares(distance) { Bucket::default().slice() } else { self.up.slice() }
    }

    /// The cap for giving, in bytes per second.
    pub fn up_rate(&self) -> Option<u64> {
        self.up.rate()
    }

    fn spares(&self, distance: Distance) -> bool {
        distance == Distance::Near && self.spares_network.load(Ordering::Relaxed)
    }
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// What one transfer takes from the network is paid here; its tier may change meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Tap {
    pub flow: Arc<Flow>,
    pub tier: watch::Receiver<Tier>,
}

impl Tap {
    /// Waits until bytes that have just come are paid for by the transfer's tier; the socket paid for all.
    pub async fn came(&self, bytes: u64) {
        let tier = *self.tier.borrow();
        self.flow.came_for(tier, bytes).await;
    }
}

/// What each tier may take, in bytes per second, by its place; `None` is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shares(pub [Option<u64>; 3]);

/// Bytes per second that everybody keeps at least, so that nothing times out.
const LEAST: u64 = 32 * 1024;

impl Shares {
    /// Beside a lobby, the player's own transfers keep a small part of the line: of the cap, else of the most that was
    /// measured. Background transfers keep to their part of the cap; beside others the queue does not let them run at all.
    pub fn decide(is_lobby_active: bool, limits: &RateLimits, measured: u64) -> Self {
        let part = |line: u64, percent: u8| (line / 100 * u64::from(percent.min(100))).max(LEAST);
        let user = is_lobby_active.then(|| part(limits.down.unwrap_or(measured), limits.user_share));
        let background = limits
            .down
            .filter(|_| limits.background_share < 100)
            .map(|cap| part(cap, limits.background_share));
        Self([None, user, background])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_lobby_others_keep_a_small_part() {
        let limits = RateLimits::default();
        assert_eq!(Shares::decide(false, &limits, 1), Shares::default());
        assert_eq!(Shares::decide(true, &limits, 20_000_000).0, [None, Some(2_000_000), None]);
        assert_eq!(Shares::decide(true, &limits, 0).0[1], Some(LEAST), "nothing known yet");
        let capped = RateLimits { down: Some(2_000_000), background_share: 25, ..limits };
        assert_eq!(Shares::decide(true, &capped, 0).0, [None, Some(200_000), Some(500_000)]);
    }

    #[test]
    fn near_is_what_does_not_cross_the_internet() {
        for near in [
            "127.0.0.1",
            "192.168.1.2",
            "10.0.0.1",
            "169.254.3.4",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["203.0.113.1", "100.64.0.1", "2001:db8::1", "::ffff:203.0.113.1"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }

    #[tokio::test]
    async fn the_own_network_can_be_exempt() {
        let flow = Flow::default();
        flow.set_limits(&RateLimits { up: Some(1), spares_network: true, ..RateLimits::default() });
        flow.go(Distance::Near, 1 << 30).await;
        assert!(flow.slice_up(Distance::Near) > flow.slice_up(Distance::Far));
        let gave = |to: &str, bytes| flow.gave(&to.parse().unwrap(), Sent { bytes, ..Sent::default() });
        gave("192.168.1.2:1", 1_000);
        gave("203.0.113.1:1", 10);
        assert_eq!((flow.given(), flow.charged()), (1_010, 10));
    }
}

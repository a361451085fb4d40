//! What the owner of the queue tells everybody.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use super::Actor;
use crate::{Snapshot, assembly::Counters, view::view};

impl Actor {
    pub(super) fn publish(&mut self) {
        self.seek();
        let now = Instant::now();
        let unknown = Counters::default();
        let given = self.shared.flow.given();
        self.up.add(given - std::mem::replace(&mut self.given, given), now);
        let mut down_rate = 0;
        let mut transfers = Vec::new();
        for (place, entry) in self.queue.entries().into_iter().enumerate() {
            let counters = self.transfers.get(&entry.sha256).map_or(&unknown, |transfer| &*transfer.counters);
            let fetched = counters.servers.load(Ordering::Relaxed) + counters.peers.load(Ordering::Relaxed);
            let is_running = self.running.contains_key(&entry.sha256);
            let rate = if is_running { self.rates.measure(entry.sha256, fetched, now) } else { 0 };
            down_rate += rate;
            let wait = self.decision.waits.get(&entry.sha256).copied();
            transfers.push(view(entry, place, wait, counters, rate));
        }
        self.best_rate = self.best_rate.max(down_rate);
        let snapshot = Snapshot {
            transfers,
            is_all_paused: self.is_all_paused,
            limits: self.limits,
            sharing: self.sharing.view(),
            down_rate,
            up_rate: self.up.short(now),
            given,
            charged: self.shared.flow.charged(),
            uplink: self.shared.flow.measured_uplink(now),
            connections: self.shared.hub.connections(),
        };
        self.views.send_if_modified(|old| {
            let is_new = **old != snapshot;
            if is_new {
                *old = Arc::new(snapshot);
            }
            is_new
        });
    }
}

//! What happens by and by between connected peers: turns in being given to, and hearing of each other.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{choke, exchange::Exchange, gossip, hub::Hub, wire::Outgoing};

/// How often whom we give to is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often peers hear of each other.
const GOSSIP: Duration = Duration::from_secs(60);

impl Hub {
    /// Decides anew whom an archive is given to.
    pub fn review(&self, exchange: &Exchange) {
        let places = choke::places(self.flow.up_rate());
        exchange.review(places, |member| self.gives_to(member.distance));
    }

    /// Looks after connected peers as long as there are any.
    pub fn look_after(self: &Arc<Self>) {
        let mut inside = self.lock();
        if inside.tick.is_some() || self.cancel.is_cancelled() {
            return;
        }
        let cancel = self.cancel.child_token();
        inside.tick = Some(cancel.clone());
        drop(inside);
        let hub = self.clone();
        self.tasks.spawn(async move {
            let mut told_at = Instant::now();
            while cancel.run_until_cancelled(tokio::time::sleep(TICK)).await.is_some() {
                let tells = told_at.elapsed() >= GOSSIP;
                if tells {
                    told_at = Instant::now();
                }
                if !hub.tick(tells) {
                    return;
                }
            }
        });
    }

    /// Says whether anybody is still there.
    fn tick(&self, tells: bool) -> bool {
        let mut inside = self.lock();
        let busy: Vec<Arc<Exchange>> =
            inside.exchanges.values().filter(|exchange| exchange.status().peers > 0).cloned().collect();
        if busy.is_empty() {
            inside.tick = None;
            return false;
        }
        drop(inside);
        let gossips = tells && self.gossips();
        for exchange in busy {
            self.review(&exchange);
            if gossips {
                self.gossip(&exchange);
            }
        }
        true
    }

    fn gossip(&self, exchange: &Exchange) {
        let members = exchange.members(Clone::clone);
        let connected: Vec<_> =
            members.iter().filter_map(|member| Some((member.listens_at()?, member.via))).collect();
        for member in members.iter().filter(|member| member.facts.extensions().has_exchange()) {
            let to = (member.listens_at().unwrap_or(member.address), member.distance);
            let peers = gossip::told(connected.iter().copied(), to);
            if !peers.is_empty() {
                member.outbox.send(Outgoing::Peers(peers));
            }
        }
    }
}

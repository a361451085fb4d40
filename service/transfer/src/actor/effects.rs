//! What the owner of the queue does to the world: starts and stops runs, says who may pass on what, shares the line.

use jiff::Timestamp;
use muster_domain::{Sha256, Tier};
use tokio::{sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Actor, RUNS_END, Running};
use crate::{
    Error,
    flow::Shares,
    queue::{Action, Facts},
    run::Run,
    swarm::Exposure,
};

impl Actor {
    /// Tells runs whether what they have may be passed on.
    pub(super) fn expose(&mut self) {
        let is_listening = self.sharing.is_listening();
        for (sha256, transfer) in &self.transfers {
            let is_shared = is_listening && self.seeds.contains_key(sha256);
            let exposure = if is_shared { Exposure::Shared } else { Exposure::TakeOnly };
            transfer.exposure.send_if_modified(|old| std::mem::replace(old, exposure) != exposure);
        }
    }

    /// Makes the world equal to what the queue decides.
    pub(super) fn carry_out(&mut self) {
        self.decision = self.queue.decide(&self.facts(), Timestamp::now());
        for action in self.decision.actions.clone() {
            match action {
                Action::Stop(sha256) => {
                    if let Some(running) = self.running.get(&sha256) {
                        running.cancel.cancel();
                    }
                    self.queue.stopping(&sha256);
                }
                // An earlier run of a removed entry may still be ending; its end brings us here again.
                Action::Start(sha256) if self.running.contains_key(&sha256) => {}
                Action::Start(sha256) => self.start(sha256),
            }
        }
        self.tell_tiers();
        self.share_line();
        self.persist.save(self.queue.rows());
    }

    /// Runs follow a change of their tier without beginning again.
    fn tell_tiers(&self) {
        for (sha256, transfer) in &self.transfers {
            let Some(entry) = self.queue.get(sha256) else { continue };
            let tier = entry.tier();
            transfer.tier.send_if_modified(|old| std::mem::replace(old, tier) != tier);
        }
    }

    /// While a lobby waits, it has the line.
    fn share_line(&mut self) {
        let is_lobby_active = self
            .running
            .keys()
            .any(|sha256| self.queue.get(sha256).is_some_and(|entry| entry.tier() == Tier::LobbyUrgent));
        let shares = Shares::decide(is_lobby_active, &self.limits, self.best_rate);
        if shares != self.shares {
            self.shares = shares;
            self.shared.flow.set_shares(shares);
        }
    }

    fn facts(&self) -> Facts {
        let without_source = self.transfers.iter().filter(|(_, transfer)| !transfer.has_source());
        let here = self.transfers.iter().map(|(sha256, transfer)| (*sha256, transfer.done()));
        Facts {
            slots: self.config.slots,
            is_all_paused: self.is_all_paused,
            is_background_held: self.conditions.is_background_held,
            free_bytes: self.conditions.free_bytes,
            without_source: without_source
                .map(|(sha256, _)| *sha256)
                .filter(|sha256| !self.shared.cache.contains(sha256))
                .collect(),
            here: here.collect(),
        }
    }

    fn start(&mut self, sha256: Sha256) {
        let (Some(entry), Some(transfer)) = (self.queue.get(&sha256), self.transfers.get(&sha256)) else {
            return;
        };
        let cancel = CancellationToken::new();
        transfer.counters.reset();
        let run = Run {
            sha256,
            size: entry.size,
            tier: transfer.tier.subscribe(),
            origins: transfer.origins.clone(),
            torrent: transfer.torrent.clone(),
            proof: transfer.proof,
            blocks: transfer.blocks.clone(),
            local: transfer.local.clone(),
            meets: transfer.meets,
            peers: transfer.peers.subscribe(),
            exposure: transfer.exposure.subscribe(),
            counters: transfer.counters.clone(),
            events: self.events.0.clone(),
            cancel: cancel.clone(),
        };
        let task = tokio::spawn(run.go(self.shared.clone()));
        self.running.insert(sha256, Running { cancel, task });
        self.queue.started(&sha256);
        self.seek();
    }

    /// Stops runs, then sharing, then the swarm, then writes the queue down.
    pub(super) async fn end(mut self, finished: Option<oneshot::Sender<()>>) {
        for running in self.running.values() {
            running.cancel.cancel();
        }
        let mut tasks: Vec<JoinHandle<()>> = self.running.drain().map(|(_, running)| running.task).collect();
        // Runs report their end; without a reader they would wait for ever.
        self.events.1.close();
        let all = futures::future::join_all(&mut tasks);
        if tokio::time::timeout(RUNS_END, all).await.is_err() {
            tasks.iter().for_each(JoinHandle::abort);
        }
        self.sharing.end().await;
        self.finder.end().await;
        self.shared.hub.shutdown().await;
        self.persist.end(self.queue.rows()).await;
        for transfer in self.transfers.values() {
            transfer.tell(&Err(Error::Closed));
        }
        if let Some(finished) = finished {
            let _ = finished.send(());
        }
    }
}

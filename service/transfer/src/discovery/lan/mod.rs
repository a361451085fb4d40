//! Peers on the local network: BEP 14 multicast, heard by every BitTorrent client.
//!
//! What is offered is announced in batches, spread over minutes; what is sought is asked for at once, and whoever offers
//! it answers within some 30 ms with a message that names exactly that. Only neighbours are listened to ([`gate`]), and
//! nothing they say is kept.

mod answers;
mod gate;
mod interfaces;
mod message;
mod sockets;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::{
    Inputs, Plan, Via,
    pace::Rate,
    random,
    schedule::{Due, Rhythm, Schedule, Task},
};
use crate::{Backoff, origin::dice};
use answers::Answers;
use gate::Gate;
use interfaces::{Interface, interfaces};
use message::{BATCH, Intent, Message};
use sockets::Sockets;

/// Networks come and go; this often we look.
const LOOK: Duration = Duration::from_secs(30);
/// After an error of a socket they are opened anew, no sooner than this.
const REOPEN: Duration = Duration::from_secs(1);
/// Larger than every message that means something.
const DATAGRAM: usize = 2_048;

const RHYTHM: Rhythm = Rhythm {
    first_by: Duration::from_secs(10),
    after: Duration::from_secs(240),
    by: Duration::from_secs(330),
    seek: Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(300), attempts: u32::MAX },
    seek_again: Duration::from_secs(1),
    // Datagrams are sent and forgotten: nobody knows whom they reached.
    retry_by: Duration::from_secs(60),
    rate: Rate { every: Duration::from_millis(500), burst: 4 },
    reserve: 2,
    batch: BATCH,
};

/// How the local network is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanConfig {
    /// Where everybody listens; 6771 by BEP 14.
    pub port: u16,
    /// Speak with this machine only: for tests.
    pub only_loopback: bool,
}

impl Default for LanConfig {
    fn default() -> Self {
        Self { port: 6_771, only_loopback: false }
    }
}

/// Looks after the local network until everything ends.
pub(super) async fn run(config: LanConfig, mut inputs: Inputs) {
    while inputs.wait_until(|plan| !plan.tasks(Via::Lan).is_empty()).await {
        tracing::debug!("looking for peers on the local network");
        Lan::new(config).work(&mut inputs).await;
        tracing::debug!("not looking for peers on the local network any more");
    }
}

/// The open way.
struct Lan {
    config: LanConfig,
    tasks: BTreeMap<Sha1, Task>,
    /// Where we listen for peers.
    port: Option<u16>,
    cookie: String,
    schedule: Schedule,
    answers: Answers,
    gate: Gate,
    interfaces: Vec<Interface>,
    sockets: Sockets,
    /// When to look at the networks again.
    look: Instant,
}

impl Lan {
    fn new(config: LanConfig) -> Self {
        let now = Instant::now();
        let interfaces = interfaces(config.only_loopback);
        Self {
            config,
            tasks: BTreeMap::new(),
            port: None,
            cookie: format!("{:016x}", u64::from_ne_bytes(random::bytes())),
            schedule: Schedule::new(RHYTHM, now),
            answers: Answers::new(now),
            gate: Gate::new(now),
            sockets: Sockets::open(&interfaces, config.port),
            interfaces,
            look: now + LOOK,
        }
    }

    /// Works until the way is closed or everything ends.
    async fn work(&mut self, inputs: &mut Inputs) {
        let (mut v4, mut v6) = ([0; DATAGRAM], [0; DATAGRAM]);
        self.adopt(&inputs.plan.borrow_and_update());
        while !self.tasks.is_empty() {
            self.speak();
            let wake = self.wake();
            tokio::select! {
                () = inputs.end.cancelled() => return,
                changed = inputs.plan.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.adopt(&inputs.plan.borrow_and_update());
                }
                Some(info_hash) = inputs.again.recv() => self.schedule.seek_again(&info_hash, Instant::now()),
                heard = self.sockets.hear(&mut v4, &mut v6) => match heard {
                    Ok((datagram, from)) => {
                        for (info_hash, peer) in self.heard(datagram, from) {
                            inputs.found.tell(info_hash, vec![peer]);
                        }
                    }
                    Err(error) => self.broken(&error),
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    }

    fn adopt(&mut self, plan: &Plan) {
        self.tasks = plan.tasks(Via::Lan);
        self.port = plan.ways.port;
        self.schedule.set(&self.tasks, Instant::now(), &mut dice);
        self.answers.keep(|info_hash| self.tasks.get(info_hash).is_some_and(|task| task.offer));
    }

    fn wake(&self) -> Instant {
        let now = Instant::now();
        [self.schedule.next(now), self.answers.next(now)].into_iter().flatten().fold(self.look, Instant::min)
    }

    /// Says everything that is due.
    fn speak(&mut self) {
        let now = Instant::now();
        if now >= self.look {
            self.look_around(now);
        }
        loop {
            let due = self.schedule.take(now, &mut dice);
            if due.is_empty() {
                break;
            }
            let intent = if due.iter().any(|due| due.seek) { Intent::Want } else { Intent::Have };
            let offered: Vec<Sha1> = due.iter().filter(|due| due.offer).map(|due| due.info_hash).collect();
            self.answers.said(&offered, now);
            self.say(due.iter().map(|due: &Due| due.info_hash).collect(), intent);
        }
        let answer = self.answers.take(now);
        if !answer.is_empty() {
            self.say(answer, Intent::Have);
        }
    }

    fn say(&self, info_hashes: Vec<Sha1>, intent: Intent) {
        let message = Message { port: self.port, info_hashes, cookie: Some(self.cookie.clone()), intent };
        self.sockets.say(&message);
    }

    /// Reads a datagram; returns who has, or wants, what we are interested in.
    fn heard(&mut self, datagram: &[u8], from: SocketAddr) -> Vec<(Sha1, SocketAddr)> {
        let now = Instant::now();
        if !self.gate.admits(from, &self.interfaces, now) {
            return vec![];
        }
        let Some(message) =
            Message::parse(datagram).filter(|message| message.cookie.as_ref() != Some(&self.cookie))
        else {
            return vec![];
        };
        let is_ourselves =
            message.port == self.port && self.interfaces.iter().any(|own| own.is_own(from.ip()));
        let peer = message.port.filter(|_| !is_ourselves).map(|port| with_port(from, port));
        let mut found = vec![];
        for info_hash in message.info_hashes {
            let task = self.tasks.get(&info_hash).copied().unwrap_or_default();
            if task.offer {
                self.answers.asked(info_hash, message.intent, now, dice());
            }
            // Of two who both have everything, neither needs to dial the other.
            let is_useful = task.seek || (task.offer && message.intent != Intent::Have);
            found.extend(peer.filter(|_| is_useful).map(|peer| (info_hash, peer)));
        }
        found
    }

    /// Opens the sockets anew if the networks are others than before, or could not be joined.
    fn look_around(&mut self, now: Instant) {
        self.look = now + LOOK;
        let interfaces = interfaces(self.config.only_loopback);
        if interfaces != self.interfaces || !self.sockets.hears() {
            tracing::debug!(count = interfaces.len(), "the local networks have changed");
            self.sockets = Sockets::open(&interfaces, self.config.port);
            self.interfaces = interfaces;
        }
    }

    fn broken(&mut self, error: &std::io::Error) {
        tracing::debug!(%error, "a socket of the local network failed");
        self.sockets = Sockets::open(&[], self.config.port);
        self.look = Instant::now() + REOPEN;
    }
}

fn with_port(mut address: SocketAddr, port: u16) -> SocketAddr {
    address.set_port(port);
    address
}

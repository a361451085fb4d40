//! The threads that carry packets between two TUN devices.

use std::{
    collections::VecDeque,
    io::ErrorKind,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tappers::{Interface, linux::Tun};

use super::{Fate, Pipe, Stretch};
use crate::space::Namespace;

/// Largest packet: offloads are off on these devices.
const MAX_PACKET: usize = 2_048;
/// Between looks whether to end.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// Addresses of both ends.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub left: Ipv4Addr,
    pub right: Ipv4Addr,
}

/// A line between two namespaces; it ends when dropped.
#[derive(Debug)]
pub struct DelayLine {
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    lost: Arc<AtomicU64>,
}

impl DelayLine {
    /// Connects two namespaces by a device called `name` in each. `up` leads from left to right.
    ///
    /// # Errors
    /// If there is no `/dev/net/tun`, or the name is taken.
    pub fn connect(
        (left, right): (&Namespace, &Namespace),
        name: &str,
        ends: Ends,
        (up, down): (Stretch, Stretch),
    ) -> Result<Self> {
        let left = Arc::new(open(left, name, ends.left, ends.right)?);
        let right = Arc::new(open(right, name, ends.right, ends.left)?);
        let (ending, lost) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let carry = |from: &Arc<Tun>, to: &Arc<Tun>, stretch| {
            let carrier = Carrier {
                from: from.clone(),
                to: to.clone(),
                pipe: Pipe::new(stretch),
                began: Instant::now(),
                on_the_way: VecDeque::new(),
                ending: ending.clone(),
                lost: lost.clone(),
            };
            std::thread::spawn(move || carrier.run())
        };
        let threads = vec![carry(&left, &right, up), carry(&right, &left, down)];
        Ok(Self { ending, threads, lost })
    }

    /// Packets that were lost or dropped so far, in both directions.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for DelayLine {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // It has nothing to say.
            let _ = thread.join();
        }
    }
}

/// The device stays in the namespace whose thread opened it.
fn open(space: &Namespace, name: &str, own: Ipv4Addr, other: Ipv4Addr) -> Result<Tun> {
    let interface = Interface::new(name)?;
    let tun = space.enter(move || Tun::create_named(interface))?.context("a TUN device can not be made")?;
    tun.set_nonblocking(true)?;
    space.ip(&format!("addr add {own} peer {other} dev {name}"))?;
    // The queue is ours: the kernel's only bridges the time until a thread runs.
    space.ip(&format!("link set {name} txqueuelen 1000 up"))?;
    Ok(tun)
}

/// One direction.
struct Carrier {
    from: Arc<Tun>,
    to: Arc<Tun>,
    pipe: Pipe,
    began: Instant,
    /// In the order of their arrival.
    on_the_way: VecDeque<(Duration, Vec<u8>)>,
    ending: Arc<AtomicBool>,
    lost: Arc<AtomicU64>,
}

impl Carrier {
    fn run(mut self) {
        while !self.ending.load(Ordering::Relaxed) {
            self.deliver();
            let next = self.on_the_way.front().map(|(at, _)| at.saturating_sub(self.began.elapsed()));
            let sleep = next.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP);
            let timeout = Timespec { tv_sec: 0, tv_nsec: sleep.subsec_nanos().into() };
            let mut ready = [PollFd::new(&*self.from, PollFlags::IN)];
            // An interrupted wait is a short one.
            let _ = poll(&mut ready, Some(&timeout));
            if self.take().is_err() {
                return;
            }
        }
    }

    /// Takes all packets that are there.
    fn take(&mut self) -> std::io::Result<()> {
        let mut packet = [0; MAX_PACKET];
        loop {
            let length = match self.from.recv(&mut packet) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            match self.pipe.offer(length as u64, self.began.elapsed()) {
                Fate::Arrives(at) => self.on_the_way.push_back((at, packet[..length].to_vec())),
                Fate::Dropped | Fate::Lost => {
                    self.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// Gives away all packets that have arrived.
    fn deliver(&mut self) {
        let now = self.began.elapsed();
        while self.on_the_way.front().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, packet)) = self.on_the_way.pop_front() {
                // Like a wire, it does not tell who sent it that nobody was there.
                let _ = self.to.send(&packet);
            }
        }
    }
}

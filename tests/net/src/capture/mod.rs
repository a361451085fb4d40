//! What really went over a wire: `tcpdump` on a host's interface, read by our own reader, counted afterwards.

mod pcap;
mod torrent;

use std::{
    io::Read,
    net::{Ipv4Addr, SocketAddrV4},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

pub use pcap::{Kind, Packet};
pub use torrent::Spoken;

use crate::{Host, lab::INTERFACE};

/// For what is still on its way from the kernel to `tcpdump`.
const SETTLE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of each packet is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Enough to count bytes.
    Headers,
    /// Everything, to see what was said.
    Contents,
}

/// A capture that runs; dropped, it just ends.
#[derive(Debug)]
pub struct Capture {
    tcpdump: std::process::Child,
    packets: Arc<Mutex<Vec<Packet>>>,
    reader: Option<JoinHandle<Result<()>>>,
    complaints: JoinHandle<String>,
}

impl Capture {
    /// Starts to watch a host's interface; everything after this is seen.
    ///
    /// # Errors
    /// If `tcpdump` is not there or does not start.
    pub fn start(host: &Host, depth: Depth) -> Result<Self> {
        Self::start_on(host, INTERFACE, depth)
    }

    /// Starts to watch any interface of a host.
    ///
    /// # Errors
    /// If `tcpdump` is not there or does not start.
    pub fn start_on(host: &Host, interface: &str, depth: Depth) -> Result<Self> {
        let mut command = host.space.command("tcpdump");
        let length = match depth {
            Depth::Headers => "96",
            Depth::Contents => "262144",
        };
        command.args([
            "-i",
            interface,
            "-w",
            "-",
            "-U",
            "--immediate-mode",
            "-n",
            "-B",
            "65536",
            "-s",
            length,
        ]);
        let mut tcpdump = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("tcpdump can not be started")?;
        let (output, errors) = (tcpdump.stdout.take(), tcpdump.stderr.take());
        let (output, mut errors) = output.zip(errors).context("both are piped")?;
        let packets: Arc<Mutex<Vec<Packet>>> = Arc::default();
        let sink = packets.clone();
        let reader = std::thread::spawn(move || {
            pcap::read(output, |packet| sink.lock().unwrap_or_else(PoisonError::into_inner).push(packet))
        });
        // It says on its error output when it has begun, and at the end whether it missed something.
        let (begun, has_begun) = std::sync::mpsc::channel();
        let complaints = std::thread::spawn(move || {
            let (mut text, mut part) = (String::new(), [0; 1_024]);
            while let Ok(length @ 1..) = errors.read(&mut part) {
                text.push_str(&String::from_utf8_lossy(&part[..length]));
                if text.contains("listening on") {
                    // Nobody waits any more for the second one.
                    let _ = begun.send(());
                }
            }
            text
        });
        let capture = Self { tcpdump, packets, reader: Some(reader), complaints };
        has_begun.recv_timeout(PATIENCE).context("tcpdump did not begin")?;
        Ok(capture)
    }

    /// What was seen so far.
    pub fn so_far(&self) -> Tally {
        std::thread::sleep(SETTLE);
        Tally(self.packets.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Ends it.
    ///
    /// # Errors
    /// If it has holes.
    pub fn finish(mut self) -> Result<Tally> {
        std::thread::sleep(SETTLE);
        if let Some(pid) = Pid::from_raw(self.tcpdump.id() as i32) {
            kill_process(pid, Signal::INT)?;
        }
        let deadline = Instant::now() + PATIENCE;
        while self.tcpdump.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("tcpdump does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let reader = self.reader.take().context("it is read once")?;
        reader.join().map_err(|_| anyhow::anyhow!("the reader panicked"))??;
        let complaints = std::mem::replace(&mut self.complaints, std::thread::spawn(String::new));
        let complaints = complaints.join().unwrap_or_default();
        ensure!(complaints.contains("\n0 packets dropped by kernel"), "the capture has holes: {complaints}");
        Ok(Tally(std::mem::take(&mut *self.packets.lock().unwrap_or_else(PoisonError::into_inner))))
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.tcpdump.kill();
        let _ = self.tcpdump.wait();
    }
}

/// This moment, as packets count it.
pub fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Packets that were seen, in their order.
#[derive(Clone, Debug, Default)]
pub struct Tally(pub Vec<Packet>);

impl Tally {
    /// Those for which something holds.
    pub fn filter(&self, holds: impl Fn(&Packet) -> bool) -> Self {
        Self(self.0.iter().filter(|packet| holds(packet)).cloned().collect())
    }

    /// Those that a host sent.
    pub fn from(&self, address: Ipv4Addr) -> Self {
        self.filter(|packet| *packet.from.ip() == address)
    }

    /// Those that a host was sent.
    pub fn to(&self, address: Ipv4Addr) -> Self {
        self.filter(|packet| *packet.to.ip() == address)
    }

    /// Those after a moment; see [`now`].
    pub fn after(&self, moment: Duration) -> Self {
        self.filter(|packet| packet.at > moment)
    }

    /// Those of a stretch of time.
    pub fn within(&self, begin: Duration, length: Duration) -> &[Packet] {
        let from = self.0.partition_point(|packet| packet.at < begin);
        let to = self.0.partition_point(|packet| packet.at < begin + length);
        &self.0[from..to]
    }

    /// Bytes inside TCP and UDP, with what was sent twice counted twice.
    pub fn payload(&self) -> u64 {
        self.0.iter().map(|packet| packet.payload).sum()
    }

    /// Bytes inside UDP.
    pub fn datagrams(&self) -> Self {
        self.filter(|packet| packet.kind == Kind::Udp)
    }

    /// Where connections were opened to, each once.
    pub fn dialled(&self) -> Vec<SocketAddrV4> {
        let mut to: Vec<_> = self
            .0
            .iter()
            .filter(|packet| matches!(packet.kind, Kind::Tcp { is_opening: true, .. }))
            .map(|packet| packet.to)
            .collect();
        to.sort();
        to.dedup();
        to
    }

    /// The most payload in any window of this length that begins with a packet.
    pub fn worst_window(&self, length: Duration) -> u64 {
        let (mut end, mut sum, mut worst) = (0, 0, 0);
        for first in &self.0 {
            while let Some(packet) = self.0.get(end).filter(|packet| packet.at < first.at + length) {
                sum += packet.payload;
                end += 1;
            }
            worst = worst.max(sum);
            sum -= first.payload;
        }
        worst
    }

    /// What these packets say when they are put together, by connection and direction. Needs [`Depth::Contents`].
    pub fn spoken(&self) -> Vec<Spoken> {
        torrent::spoken(&self.0)
    }

    /// Bytes of files that were given away by BitTorrent, or by whatever else is not known to be harmless.
    pub fn given(&self) -> u64 {
        self.spoken().iter().map(|spoken| spoken.given).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_window_is_found_wherever_it_lies() {
        let packet = |at, payload| Packet {
            at: Duration::from_millis(at),
            from: SocketAddrV4::new(Ipv4Addr::LOCALHOST, 1),
            to: SocketAddrV4::new(Ipv4Addr::LOCALHOST, 2),
            kind: Kind::Udp,
            payload,
            data: Vec::new(),
        };
        let tally = Tally(vec![
            packet(0, 5),
            packet(95, 10),
            packet(150, 20),
            packet(194, 7),
            packet(195, 100),
            packet(400, 90),
        ]);
        assert_eq!(tally.worst_window(Duration::from_millis(100)), 127);
        assert_eq!(tally.worst_window(Duration::from_millis(101)), 137);
        assert_eq!(tally.payload(), 232);
        assert_eq!(Tally::default().worst_window(Duration::from_secs(1)), 0);
    }
}

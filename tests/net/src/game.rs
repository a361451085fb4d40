//! A player's game: a small packet sixty times a second to a server that sends each one back, and how long that took.

use std::{
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::lab::Host;

const PORT: u16 = 27_015;
/// Between two packets.
const TICK: Duration = Duration::from_nanos(1_000_000_000 / 60);
/// What a game says of its player in one of them, in bytes.
const PACKET: usize = 120;
/// A packet that is not back by then counts as lost.
const LOST: Duration = Duration::from_secs(2);

/// A game's server; its thread ends with the process, its port with its host.
#[derive(Debug)]
pub struct GameServer {
    address: SocketAddr,
}

/// How long packets took there and back.
#[derive(Clone, Debug, Default)]
pub struct Pings {
    /// Sorted.
    pub times: Vec<Duration>,
    pub lost: usize,
}

impl GameServer {
    /// Sends everything back that comes to a host.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn start(host: &Host) -> Result<Self> {
        let socket = host.space.enter(|| UdpSocket::bind(("0.0.0.0", PORT)))??;
        std::thread::spawn(move || {
            let mut packet = [0; 2 * PACKET];
            while let Ok((length, from)) = socket.recv_from(&mut packet) {
                // A player who is gone does not miss it.
                let _ = socket.send_to(&packet[..length], from);
            }
        });
        Ok(Self { address: host.at(PORT) })
    }

    /// Plays on a host for a while.
    ///
    /// # Errors
    /// If the host has no way to the server.
    pub fn play(&self, host: &Host, time: Duration) -> Result<Pings> {
        let socket = host.space.enter(|| UdpSocket::bind(("0.0.0.0", 0)))??;
        socket.connect(self.address)?;
        let (began, count) = (Instant::now(), (time.as_nanos() / TICK.as_nanos()) as u32);
        let echo = socket.try_clone()?;
        let listener = std::thread::spawn(move || listen(&echo, began, count));
        for number in 0..count {
            std::thread::sleep((began + TICK * number).saturating_duration_since(Instant::now()));
            let mut packet = [0; PACKET];
            packet[..4].copy_from_slice(&number.to_be_bytes());
            packet[4..12].copy_from_slice(&(began.elapsed().as_nanos() as u64).to_be_bytes());
            socket.send(&packet).context("no way to the server")?;
        }
        listener.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Listens for what comes back, until all of it is there or lost.
fn listen(socket: &UdpSocket, began: Instant, count: u32) -> Result<Pings> {
    socket.set_read_timeout(Some(LOST))?;
    let (mut packet, mut times) = ([0; 2 * PACKET], Vec::new());
    while times.len() < count as usize {
        let Ok(length) = socket.recv(&mut packet) else { break };
        ensure!(length == PACKET, "{length} bytes came back");
        let sent = u64::from_be_bytes(packet[4..12].try_into()?);
        times.push(began.elapsed().saturating_sub(Duration::from_nanos(sent)));
    }
    times.sort();
    Ok(Pings { lost: count as usize - times.len(), times })
}

impl Pings {
    /// What so large a share of the packets did not exceed; a lost one exceeds everything.
    pub fn quantile(&self, share: f64) -> Duration {
        let all = self.times.len() + self.lost;
        let at = ((all as f64 * share).ceil() as usize).saturating_sub(1);
        self.times.get(at).copied().unwrap_or(LOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_slower_than_everything() {
        let times = (1..=98).map(Duration::from_millis).collect();
        let pings = Pings { times, lost: 2 };
        assert_eq!(pings.quantile(0.5), Duration::from_millis(50));
        assert_eq!(pings.quantile(0.98), Duration::from_millis(98));
        assert_eq!(pings.quantile(0.99), LOST);
        assert_eq!(Pings::default().quantile(0.99), LOST);
    }
}

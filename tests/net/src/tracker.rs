//! A tracker of a few lines (BEP 3, BEP 23): tells everybody about everybody of one swarm, at once.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::lab::Host;

const PORT: u16 = 6969;
/// Seconds until a program asks again.
const INTERVAL: u32 = 30;
/// Longest address of a request that is read.
const MAX_LINE: u64 = 4_096;

/// Bytes that a peer still needs, by where it can be reached.
type Swarm = BTreeMap<SocketAddr, u64>;

/// A running tracker; its thread ends with the process, its port with its host.
#[derive(Clone, Debug)]
pub struct Tracker {
    address: SocketAddr,
    swarm: Arc<Mutex<Swarm>>,
}

impl Tracker {
    /// Serves one swarm on a host.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn start(host: &Host) -> Result<Self> {
        let listener = host.space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
        Ok(Self::serve(listener, host.at(PORT)))
    }

    /// Serves one swarm on a listener that others reach at an address.
    pub fn serve(listener: TcpListener, address: SocketAddr) -> Self {
        let swarm: Arc<Mutex<Swarm>> = Arc::default();
        let shared = swarm.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let swarm = shared.clone();
                std::thread::spawn(move || {
                    // Whoever goes away asks again.
                    let _ = answer(&stream, &swarm);
                });
            }
        });
        Self { address, swarm }
    }

    /// What programs announce themselves to.
    pub fn url(&self) -> Result<Url> {
        Ok(Url::parse(&format!("http://{}/announce", self.address))?)
    }

    /// Tells others of a peer that announces itself nowhere, and of the bytes it needs.
    pub fn introduce(&self, peer: SocketAddr, left: u64) {
        lock(&self.swarm).insert(peer, left);
    }

    /// Waits until so many peers have announced that they have everything.
    ///
    /// # Errors
    /// If that takes longer.
    pub fn wait_for_seeds(&self, count: usize, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while lock(&self.swarm).values().filter(|left| **left == 0).count() < count {
            if Instant::now() > deadline {
                bail!("no {count} seeds within {patience:?}: {:?}", lock(&self.swarm));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

fn answer(stream: &TcpStream, swarm: &Mutex<Swarm>) -> Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let from = stream.peer_addr()?.ip();
    let mut lines = BufReader::new(std::io::Read::take(stream, MAX_LINE)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    // The rest of the request is read, so that closing does not reset the answer away.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let body = match first.split(' ').nth(1).and_then(|path| path.split_once('?')) {
        Some((_, query)) => announce(query, from, &mut lock(swarm)),
        None => b"d14:failure reason8:announcee".to_vec(),
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let mut out = stream;
    out.write_all(head.as_bytes())?;
    out.write_all(&body)?;
    Ok(())
}

fn announce(query: &str, from: IpAddr, swarm: &mut Swarm) -> Vec<u8> {
    let parameter = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| percent_decode_str(value).decode_utf8_lossy())
    };
    let number = |name: &str| parameter(name).and_then(|value| value.parse::<u64>().ok());
    let Some(port) = number("port").and_then(|port| u16::try_from(port).ok()) else {
        return b"d14:failure reason4:porte".to_vec();
    };
    let me = SocketAddr::new(from, port);
    if parameter("event").is_some_and(|event| event == "stopped") {
        swarm.remove(&me);
    } else {
        swarm.insert(me, number("left").unwrap_or(u64::MAX));
    }
    let mut peers = Vec::new();
    for peer in swarm.keys().filter(|peer| **peer != me) {
        if let IpAddr::V4(address) = peer.ip() {
            peers.extend(address.octets());
            peers.extend(peer.port().to_be_bytes());
        }
    }
    let mut body = format!("d8:intervali{INTERVAL}e5:peers{}:", peers.len()).into_bytes();
    body.extend(peers);
    body.push(b'e');
    body
}

fn lock(swarm: &Mutex<Swarm>) -> MutexGuard<'_, Swarm> {
    swarm.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_told_of_everybody_else_until_they_leave() {
        let mut swarm = Swarm::new();
        let mut ask = |last: u8, query: &str| announce(query, IpAddr::from([11, 7, 0, last]), &mut swarm);
        assert_eq!(ask(1, "info_hash=%00x&port=6881&left=0"), b"d8:intervali30e5:peers0:e");
        assert_eq!(ask(2, "port=6882&left=9"), b"d8:intervali30e5:peers6:\x0b\x07\x00\x01\x1a\xe1e");
        assert_eq!(ask(2, "port=6882&left=9").len(), 31, "nobody is told of themselves");
        ask(2, "port=6882&event=stopped");
        assert_eq!(ask(1, "port=6881&left=0"), b"d8:intervali30e5:peers0:e");
        assert!(ask(1, "port=70000").starts_with(b"d14:failure"));
    }
}

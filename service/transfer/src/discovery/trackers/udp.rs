//! Trackers over UDP (BEP 15): a handshake, then as many announcements as a visit has, on one socket.
//!
//! The socket is connected to the one address that was checked, so nobody else is heard and no name is resolved twice.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use muster_domain::clean_line;
use tokio::{
    net::{UdpSocket, lookup_host},
    time::timeout,
};
use url::Url;

use super::announce::{Announce, Answer, Event, Failure, Identity};
use crate::{
    Reach,
    discovery::{
        peers::{self, compact_v4, compact_v6},
        random,
    },
};

/// Says that this is the tracker protocol.
const PROTOCOL: u64 = 0x0417_2710_1980;
const CONNECT: u32 = 0;
const ANNOUNCE: u32 = 1;
const ERROR: u32 = 3;
/// A question is asked this often; each time the wait doubles.
const TRIES: u32 = 3;
/// 200 peers of IPv6 have 3.6 KB.
const DATAGRAM: usize = 4_096;
/// A handshake is good for so long.
const SESSION: Duration = Duration::from_secs(60);
/// Longest wait for the address of a name.
const RESOLVE: Duration = Duration::from_secs(5);

/// A tracker that has shaken hands.
#[derive(Debug)]
pub(super) struct Session {
    socket: UdpSocket,
    connection: [u8; 8],
    is_v4: bool,
    reach: Reach,
    wait: Duration,
    since: Instant,
}

impl Session {
    /// Finds the tracker and shakes hands. `wait` is for the first answer.
    pub async fn open(url: &Url, reach: Reach, wait: Duration) -> Result<Self, Failure> {
        let mut failure = Failure::Unreachable;
        for address in resolve(url, reach).await? {
            match Self::shake_hands(address, reach, wait).await {
                Ok(session) => return Ok(session),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn shake_hands(address: SocketAddr, reach: Reach, wait: Duration) -> Result<Self, Failure> {
        let is_v4 = address.is_ipv4();
        let local: IpAddr = if is_v4 { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = UdpSocket::bind((local, 0)).await.map_err(|_| Failure::Unreachable)?;
        socket.connect(address).await.map_err(|_| Failure::Unreachable)?;
        let body = exchange(&socket, &PROTOCOL.to_be_bytes(), CONNECT, &[], wait).await?;
        let connection = body.first_chunk().copied().ok_or(Failure::Protocol)?;
        Ok(Self { socket, connection, is_v4, reach, wait, since: Instant::now() })
    }

    /// Whether it is time to shake hands again.
    pub fn is_old(&self) -> bool {
        self.since.elapsed() >= SESSION
    }

    /// Tells the tracker, and takes its answer.
    pub async fn announce(&self, announce: &Announce, identity: &Identity) -> Result<Answer, Failure> {
        let told = told(announce, identity);
        let body = exchange(&self.socket, &self.connection, ANNOUNCE, &told, self.wait).await?;
        read(&body, self.is_v4, self.reach)
    }
}

/// Addresses of the tracker that may be asked, at most one of each family.
async fn resolve(url: &Url, reach: Reach) -> Result<Vec<SocketAddr>, Failure> {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let port = url.port().ok_or(Failure::Refused)?;
    let found = match timeout(RESOLVE, lookup_host((host, port))).await {
        Ok(Ok(found)) => found,
        _ => return Err(Failure::Unreachable),
    };
    let allowed = peers::dialable(found, reach);
    let mut first: Vec<SocketAddr> = vec![];
    for address in allowed {
        if !first.iter().any(|other| other.is_ipv4() == address.is_ipv4()) {
            first.push(address);
        }
    }
    if first.is_empty() { Err(Failure::Refused) } else { Ok(first) }
}

/// Asks until an answer to this very question comes; returns it without its head.
async fn exchange(
    socket: &UdpSocket,
    connection: &[u8; 8],
    action: u32,
    told: &[u8],
    wait: Duration,
) -> Result<Vec<u8>, Failure> {
    let transaction: [u8; 4] = random::bytes();
    let question = [connection.as_slice(), &action.to_be_bytes(), &transaction, told].concat();
    let mut buffer = vec![0; DATAGRAM];
    for attempt in 0..TRIES {
        socket.send(&question).await.map_err(|_| Failure::Unreachable)?;
        let answer = async {
            loop {
                let length = socket.recv(&mut buffer).await.map_err(|_| Failure::Unreachable)?;
                if let Some(answer) = judge(&buffer[..length], action, transaction) {
                    return answer;
                }
            }
        };
        if let Ok(answer) = timeout(wait * 2u32.pow(attempt), answer).await {
            return answer;
        }
    }
    Err(Failure::Unreachable)
}

/// Whether a datagram answers a question; `None` if it belongs to another one.
fn judge(datagram: &[u8], action: u32, transaction: [u8; 4]) -> Option<Result<Vec<u8>, Failure>> {
    let (head, body) = datagram.split_first_chunk::<8>()?;
    let (answered, named) = (u32::from_be_bytes([head[0], head[1], head[2], head[3]]), &head[4..]);
    if named != transaction {
        return None;
    }
    match answered {
        ERROR => Some(Err(Failure::Said(clean_line(&String::from_utf8_lossy(body), 200)))),
        answered if answered == action => Some(Ok(body.to_vec())),
        _ => Some(Err(Failure::Protocol)),
    }
}

fn told(announce: &Announce, identity: &Identity) -> Vec<u8> {
    let event: u32 = match announce.event {
        Event::Nothing => 0,
        Event::Completed => 1,
        Event::Started => 2,
        Event::Stopped => 3,
    };
    let [downloaded, uploaded, no_address] = [[0; 8], [0; 8], [0; 8]];
    [
        announce.info_hash.as_bytes().as_slice(),
        &identity.peer_id,
        &downloaded,
        &announce.left.to_be_bytes(),
        &uploaded,
        &event.to_be_bytes(),
        &no_address[..4],
        &identity.key.to_be_bytes(),
        &announce.wanted.to_be_bytes(),
        &announce.port().to_be_bytes(),
    ]
    .concat()
}

fn read(body: &[u8], is_v4: bool, reach: Reach) -> Result<Answer, Failure> {
    let (head, packed) = body.split_first_chunk::<12>().ok_or(Failure::Protocol)?;
    let interval = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let peers = if is_v4 {
        peers::dialable(compact_v4(packed), reach)
    } else {
        peers::dialable(compact_v6(packed), reach)
    };
    Ok(Answer { interval: Some(Duration::from_secs(interval.into())), peers, ..Answer::default() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_told_has_the_form_of_the_protocol() {
        let announce = Announce {
            info_hash: muster_domain::Sha1([1; 20]),
            event: Event::Stopped,
            port: Some(0x1234),
            left: 9,
            wanted: 50,
            tracker_id: None,
        };
        let told = told(&announce, &Identity { peer_id: [2; 20], key: 0x0102_0304 });
        // 98 bytes with the connection, the action and the transaction.
        assert_eq!(told.len(), 82);
        assert_eq!(told[55], 9, "left");
        assert_eq!(told[67], 3, "stopped");
        assert_eq!(told[72..76], [1, 2, 3, 4]);
        assert_eq!(told[80..], [0x12, 0x34]);
    }

    proptest! {
        #[test]
        fn no_datagram_makes_it_panic(datagram in prop::collection::vec(any::<u8>(), 0..200), transaction: [u8; 4]) {
            let _ = judge(&datagram, ANNOUNCE, transaction);
            for is_v4 in [true, false] {
                if let Ok(answer) = read(&datagram, is_v4, Reach::Public) {
                    prop_assert!(answer.peers.iter().all(|peer| Reach::of(peer.ip()) == Reach::Public));
                }
            }
        }
    }

    #[test]
    fn answers_to_other_questions_are_passed_over() {
        let answer = |action: u32, transaction: &[u8; 4]| {
            [action.to_be_bytes().as_slice(), transaction, b"x"].concat()
        };
        assert_eq!(judge(&answer(CONNECT, b"abcd"), CONNECT, *b"efgh"), None);
        assert_eq!(judge(b"short", CONNECT, *b"abcd"), None);
        assert_eq!(judge(&answer(CONNECT, b"abcd"), CONNECT, *b"abcd"), Some(Ok(b"x".to_vec())));
        assert_eq!(judge(&answer(ANNOUNCE, b"abcd"), CONNECT, *b"abcd"), Some(Err(Failure::Protocol)));
        assert_eq!(
            judge(&answer(ERROR, b"abcd"), CONNECT, *b"abcd"),
            Some(Err(Failure::Said("x".to_owned())))
        );
    }

    #[tokio::test]
    async fn a_tracker_inside_is_refused_before_anything_is_sent() {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let port = socket.local_addr().expect("bound").port();
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]"] {
            let url = Url::parse(&format!("udp://{host}:{port}")).expect("valid");
            let opened = Session::open(&url, Reach::Lan, Duration::from_millis(50)).await;
            assert_eq!(opened.err(), Some(Failure::Refused), "{host}");
        }
        assert!(timeout(Duration::from_millis(50), socket.recv(&mut [0; 100])).await.is_err());
    }
}

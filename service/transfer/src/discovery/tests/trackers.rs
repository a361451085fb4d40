//! Trackers of all kinds, good ones and others, on this machine.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::RawQuery,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{net::TcpListener, task::JoinHandle};

use super::*;

/// What trackers were told, in order.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn add(&self, text: String) {
        self.0.lock().expect("not poisoned").push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("not poisoned").clone()
    }

    /// The events of HTTP or UDP, in order.
    fn events(&self) -> Vec<String> {
        let event = |told: &String| {
            told.split('&').find_map(|part| part.strip_prefix("event=")).unwrap_or("nothing").to_owned()
        };
        self.all().iter().map(event).collect()
    }

    async fn wait_for(&self, count: usize) {
        let enough = async {
            while self.all().len() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(SOON, enough).await.unwrap_or_else(|_| panic!("only {:?}", self.all()));
    }
}

struct Server {
    address: SocketAddr,
    told: Told,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn http(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Self {
        let told = Told::default();
        let noted = told.clone();
        let announce = move |RawQuery(query): RawQuery| async move {
            noted.add(query.unwrap_or_default());
            answer()
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a listener");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().route("/announce", get(announce));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        Self { address, told, task }
    }

    async fn udp(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> Self {
        let ear = Ear::new().await;
        let (address, told) = (ear.address(), Told::default());
        let noted = told.clone();
        let task = tokio::spawn(async move {
            let mut buffer = [0; 2_000];
            while let Ok((length, from)) = ear.0.recv_from(&mut buffer).await {
                if length == 98 {
                    let event = ["nothing", "completed", "started", "stopped"][usize::from(buffer[83] % 4)];
                    noted.add(format!("event={event}&port={}", u16::from_be_bytes([buffer[96], buffer[97]])));
                }
                for datagram in answer(&buffer[..length]) {
                    let _ = ear.0.send_to(&datagram, from).await;
                }
            }
        });
        Self { address, told, task }
    }

    fn tracker(&self, scheme: &str) -> Tracker {
        let url = Url::parse(&format!("{scheme}://{}/announce", self.address)).expect("valid");
        Tracker { url, reach: Reach::Host }
    }
}

/// Names one peer on this machine.
fn good() -> Response {
    let body =
        [b"d8:intervali1800e5:peers6:".as_slice(), &[127, 0, 0, 1], &9_100u16.to_be_bytes(), b"e"].concat();
    body.into_response()
}

/// The answers of a good tracker over UDP: any handshake, one peer.
fn good_udp(question: &[u8]) -> Vec<Vec<u8>> {
    let (action, transaction) = (&question[8..12], &question[12..16]);
    let head = [action, transaction].concat();
    vec![if question.len() == 16 {
        [head.as_slice(), b"session!"].concat()
    } else if question[..8] == *b"session!" {
        let peers = [127u8, 0, 0, 1, 0x23, 0x8d];
        [head.as_slice(), &1_800u32.to_be_bytes(), &[0; 8], &peers].concat()
    } else {
        [&3u32.to_be_bytes(), transaction, b"who are you?"].concat()
    }]
}

fn at(tracker: Tracker, role: Role) -> Interest {
    Interest { trackers: vec![tracker], ..interest(role, Scope::Everybody) }
}

fn trackers(port: Option<u16>) -> Ways {
    Ways { trackers: true, port, ..Ways::default() }
}

/// A config that gives up soon on those who do not answer.
fn impatient() -> DiscoveryConfig {
    DiscoveryConfig { trackers: TrackersConfig { patience: Duration::from_millis(700) }, ..config() }
}

#[tokio::test]
async fn the_life_of_a_download_is_told_over_both_protocols() {
    for scheme in ["http", "udp"] {
        let server = if scheme == "http" { Server::http(good).await } else { Server::udp(good_udp).await };
        let started = Instant::now();
        let both = at(server.tracker(scheme), Role::Both);
        let mut peer = Peer::interested(config(), trackers(Some(9_001)), hash(21), both);
        let port = if scheme == "http" { 9_100 } else { 9_101 };
        let found = peer.finds(hash(21), port).await;
        println!("tracker over {scheme}: from the wish to the peer {:?}", started.elapsed());
        assert_eq!((found.via, found.peers.len()), (Via::Tracker, 1));

        let complete = Interest { left: 0, ..at(server.tracker(scheme), Role::Offer) };
        peer.discovery.set_interests(BTreeMap::from([(hash(21), complete)]));
        server.told.wait_for(2).await;
        peer.discovery.end().await;
        assert_eq!(server.told.events(), ["started", "completed", "stopped"], "{scheme}");
        assert!(server.told.all().iter().all(|told| told.contains("port=9001")));
    }
}

#[tokio::test]
async fn withdrawing_and_closing_take_us_off_the_list() {
    let server = Server::http(good).await;
    let peer =
        Peer::interested(config(), trackers(Some(9_002)), hash(22), at(server.tracker("http"), Role::Both));
    server.told.wait_for(1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    peer.discovery.set_interests(BTreeMap::new());
    server.told.wait_for(2).await;
    peer.discovery.set_interests(BTreeMap::from([(hash(22), at(server.tracker("http"), Role::Both))]));
    server.told.wait_for(3).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    peer.discovery.set_ways(Ways::default());
    server.told.wait_for(4).await;
    assert_eq!(server.told.events(), ["started", "stopped", "started", "stopped"]);
}

#[tokio::test]
async fn who_does_not_listen_is_not_left_on_the_list() {
    let server = Server::http(good).await;
    let mut peer =
        Peer::interested(config(), trackers(None), hash(23), at(server.tracker("http"), Role::Seek));
    peer.finds(hash(23), 9_100).await;
    server.told.wait_for(2).await;
    assert_eq!(server.told.events(), ["started", "stopped"]);
    assert!(server.told.all()[0].contains("port=1&"));
    let offer = Peer::interested(config(), trackers(None), hash(24), at(server.tracker("http"), Role::Offer));
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(server.told.all().len(), 2);
    drop(offer);
}

#[tokio::test]
async fn a_tracker_inside_of_a_source_outside_is_not_contacted() {
    let server = Server::http(good).await;
    let port = server.address.port();
    for reach in [Reach::Public, Reach::Lan] {
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1"] {
            let url = Url::parse(&format!("http://{host}:{port}/announce")).expect("valid");
            let mut peer = Peer::interested(
                impatient(),
                trackers(Some(9_003)),
                hash(25),
                at(Tracker { url, reach }, Role::Both),
            );
            timeout(Duration::from_millis(300), peer.found.recv()).await.expect_err("nothing is found");
            drop(peer);
        }
    }
    assert!(server.told.all().is_empty());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inside = Server::http(good).await;
    let target = format!("http://{}/announce", inside.address);
    let redirects = move || (StatusCode::FOUND, [(header::LOCATION, target.clone())]).into_response();
    let server = Server::http(redirects).await;
    let mut peer = Peer::interested(
        impatient(),
        trackers(Some(9_004)),
        hash(26),
        at(server.tracker("http"), Role::Both),
    );
    server.told.wait_for(1).await;
    peer.finds_nothing().await;
    assert!(inside.told.all().is_empty());
}

#[tokio::test]
async fn hostile_answers_over_http_do_no_harm() {
    let endless = || {
        let parts = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'l'; 8_192])));
        Body::from_stream(parts).into_response()
    };
    let silent =
        || Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()).into_response();
    let text = |body: &'static [u8]| move || body.into_response();
    let servers = [
        Server::http(endless).await,
        Server::http(silent).await,
        Server::http(|| "l".repeat(100_000).into_response()).await,
        Server::http(text(b"")).await,
        Server::http(text(b"<html>")).await,
        Server::http(text(b"d8:intervali1800e5:peers6:\x7f")).await,
        Server::http(text(b"d8:interval4:soon5:peersi7ee")).await,
        Server::http(text(b"d8:intervali1800e5:peers6:\x7f\0\0\x01\0\0e")).await,
        Server::http(text(b"d8:intervali1800e5:peers6:\xe0\0\0\x01\0\x09e")).await,
        Server::http(text(b"d14:failure reason9:go away\x1b[e")).await,
        Server::http(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await,
    ];
    let good = Server::http(good).await;
    let mut peer = Peer::new(impatient());
    let all = servers
        .iter()
        .enumerate()
        .map(|(number, server)| (hash(100 + number as u8), at(server.tracker("http"), Role::Both)));
    peer.discovery.set_interests(all.collect());
    peer.discovery.set_ways(trackers(Some(9_005)));
    for server in &servers {
        server.told.wait_for(1).await;
    }
    peer.finds_nothing().await;
    tokio::time::sleep(A_WHILE).await;
    for server in &servers {
        assert_eq!(server.told.all().len(), 1, "asked again at once");
    }
    peer.discovery.set_interests(BTreeMap::from([(hash(27), at(good.tracker("http"), Role::Both))]));
    peer.finds(hash(27), 9_100).await;
    let started = Instant::now();
    peer.discovery.end().await;
    assert!(started.elapsed() < END + Duration::from_secs(2));
}

#[tokio::test]
async fn hostile_answers_over_udp_do_no_harm() {
    let servers = [
        Server::udp(|_| vec![]).await,
        Server::udp(|_| vec![vec![], vec![0; 3], vec![0xff; 1_400]]).await,
        Server::udp(|question| vec![[&question[8..16], b"short"].concat()]).await,
        Server::udp(|question| vec![[&3u32.to_be_bytes(), &question[12..16], b"no"].concat()]).await,
        Server::udp(|question| match question.len() {
            16 => good_udp(question),
            _ => vec![[&question[8..16], &[0; 11]].concat()],
        })
        .await,
        // A forged answer comes first, the right one after it.
        Server::udp(|question| {
            let mut forged = good_udp(question);
            forged[0][4..8].copy_from_slice(b"nope");
            forged.into_iter().chain(good_udp(question)).collect()
        })
        .await,
    ];
    let mut peer = Peer::new(impatient());
    let all = servers
        .iter()
        .enumerate()
        .map(|(number, server)| (hash(120 + number as u8), at(server.tracker("udp"), Role::Both)));
    peer.discovery.set_interests(all.collect());
    peer.discovery.set_ways(trackers(Some(9_006)));
    let found = peer.finds(hash(125), 9_101).await;
    assert_eq!(found.peers.len(), 1);
    peer.finds_nothing().await;
    peer.discovery.end().await;
}

#[tokio::test]
async fn lost_datagrams_are_sent_again() {
    let lost = Arc::new(Mutex::new(0));
    let server = Server::udp(move |question| {
        let mut lost = lost.lock().expect("not poisoned");
        *lost += 1;
        if *lost % 2 == 1 { vec![] } else { good_udp(question) }
    })
    .await;
    let both = at(server.tracker("udp"), Role::Both);
    let mut peer = Peer::interested(impatient(), trackers(Some(9_007)), hash(28), both);
    peer.finds(hash(28), 9_101).await;
}

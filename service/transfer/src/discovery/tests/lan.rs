//! The local network, over multicast on the loopback interface.

use tokio::net::UdpSocket;

use super::*;

/// Whether this machine passes multicast on to itself; says so if not.
async fn has_multicast(config: &DiscoveryConfig) -> bool {
    let mut listener = Neighbour::new(config.lan.port);
    let speaker = Neighbour::new(config.lan.port);
    speaker.say("x");
    let has = listener.hear(Duration::from_secs(2)).await.is_some();
    if !has {
        println!("skipped: this machine has no multicast on its loopback interface");
    }
    has
}

/// Another client on the same network, by hand.
struct Neighbour {
    socket: UdpSocket,
    port: u16,
}

impl Neighbour {
    fn new(port: u16) -> Self {
        use socket2::{Domain, Socket, Type};
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None).expect("a socket");
        socket.set_reuse_address(true).expect("shared");
        #[cfg(unix)]
        socket.set_reuse_port(true).expect("shared");
        socket.set_nonblocking(true).expect("not blocking");
        socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)).into()).expect("bound");
        let _ = socket.join_multicast_v4(&Ipv4Addr::new(239, 192, 152, 143), &Ipv4Addr::LOCALHOST);
        let _ = socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST);
        Self { socket: UdpSocket::from_std(socket.into()).expect("a socket"), port }
    }

    fn say(&self, text: &str) {
        let _ = send_now(&self.socket, text.as_bytes(), SocketAddr::from(([239, 192, 152, 143], self.port)));
    }

    /// What others say; not what it says itself.
    async fn hear(&mut self, within: Duration) -> Option<String> {
        let mut buffer = [0; 2_000];
        let (length, _) = timeout(within, self.socket.recv_from(&mut buffer)).await.ok()?.ok()?;
        Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
    }

    /// The next that names an info-hash.
    async fn hear_of(&mut self, info_hash: Sha1, within: Duration) -> Option<String> {
        timeout(within, async {
            loop {
                let heard = self.hear(within).await?;
                if heard.contains(&info_hash.to_string()) && heard.contains("cookie") {
                    return Some(heard);
                }
            }
        })
        .await
        .ok()?
    }
}

fn lan(port: Option<u16>) -> Ways {
    Ways { lan: true, port, ..Ways::default() }
}

#[tokio::test]
async fn a_pair_finds_each_other_quickly() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let offer = interest(Role::Offer, Scope::Nearby);
    let offering = Peer::interested(config.clone(), lan(Some(7_001)), hash(1), offer);
    tokio::time::sleep(Duration::from_millis(300)).await;

    let mut times = vec![];
    for _ in 0..10 {
        let started = Instant::now();
        let seek = interest(Role::Seek, Scope::Nearby);
        let mut seeking = Peer::interested(config.clone(), lan(None), hash(1), seek);
        let found = seeking.finds(hash(1), 7_001).await;
        times.push(started.elapsed());
        assert_eq!((found.via, found.peers), (Via::Lan, vec![SocketAddr::from(([127, 0, 0, 1], 7_001))]));
        seeking.discovery.end().await;
    }
    println!("LAN: from the wish to the peer {times:?}");
    offering.discovery.end().await;
}

#[tokio::test]
async fn who_does_not_listen_finds_and_is_not_found() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let mut offering =
        Peer::interested(config.clone(), lan(Some(7_002)), hash(2), interest(Role::Both, Scope::Nearby));
    let mut seeking = Peer::interested(config, lan(None), hash(2), interest(Role::Both, Scope::Nearby));
    seeking.finds(hash(2), 7_002).await;
    offering.finds_nothing().await;
}

#[tokio::test]
async fn other_clients_are_answered_and_found() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let mut other = Neighbour::new(config.lan.port);
    let mut peer = Peer::interested(config, lan(Some(7_003)), hash(3), interest(Role::Both, Scope::Nearby));
    let asked = other.hear_of(hash(3), SOON).await.expect("a question");
    assert!(asked.starts_with("BT-SEARCH * HTTP/1.1\r\n") && asked.contains("Port: 7003\r\n"), "{asked}");

    let said = format!("BT-SEARCH * HTTP/1.1\r\nHost: x\r\nPort: 9999\r\nInfohash: {}\r\n\r\n\r\n", hash(3));
    other.say(&said);
    peer.finds(hash(3), 9_999).await;
    other.say(&said.replace("9999", "7003"));
    peer.finds_nothing().await;
}

#[tokio::test]
async fn noise_does_no_harm() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let offer = interest(Role::Offer, Scope::Nearby);
    let peer = Peer::interested(config.clone(), lan(Some(7_004)), hash(4), offer);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut other = Neighbour::new(config.lan.port);
    for number in 0..500 {
        other.say(&"Infohash: 0".repeat(number % 100));
        other.say(&format!(
            "BT-SEARCH * HTTP/1.1\r\nPort: {number}\r\nInfohash: {:040x}\r\nX-Muster: want\r\n\r\n",
            number
        ));
    }
    // The sender was too loud; a moment later it is heard again.
    tokio::time::sleep(Duration::from_secs(4)).await;
    while other.hear(Duration::from_millis(1)).await.is_some() {}
    other.say(&format!("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: {}\r\nX-Muster: want\r\n\r\n", hash(4)));
    let answer = other.hear_of(hash(4), SOON).await.expect("an answer");
    assert!(answer.contains("X-Muster: have") && answer.contains("Port: 7004\r\n"), "{answer}");
    peer.discovery.end().await;
}

#[tokio::test]
async fn hundreds_of_seeds_are_announced_in_few_datagrams() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let mut other = Neighbour::new(config.lan.port);
    let peer = Peer::new(config);
    let hash = |number: u16| {
        Sha1([&[0; 18], number.to_be_bytes().as_slice()].concat().try_into().expect("20 bytes"))
    };
    let offers = (0..500).map(|number| (hash(number), interest(Role::Offer, Scope::Nearby)));
    peer.discovery.set_interests(offers.collect());
    peer.discovery.set_ways(lan(Some(7_005)));
    let (started, mut heard, mut at) = (Instant::now(), std::collections::BTreeSet::new(), vec![]);
    while heard.len() < 500 {
        let said = other.hear(SOON).await.expect("announcements");
        at.push(started.elapsed());
        heard.extend(said.lines().filter_map(|line| line.strip_prefix("Infohash: ").map(str::to_owned)));
    }
    println!("LAN: 500 seeds announced in {} datagrams over {:?}", at.len(), started.elapsed());
    assert!(at.len() <= 60, "{}", at.len());
    peer.discovery.end().await;
}

#[tokio::test]
async fn a_closed_way_answers_nobody() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let port = config.lan.port;
    let offer = interest(Role::Offer, Scope::Nearby);
    let peer = Peer::interested(config, lan(Some(7_006)), hash(6), offer);
    let mut other = Neighbour::new(port);
    let question =
        format!("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: {}\r\nX-Muster: want\r\n\r\n", hash(6));
    tokio::time::sleep(Duration::from_millis(200)).await;
    other.say(&question);
    other.hear_of(hash(6), SOON).await.expect("an answer");
    peer.discovery.set_ways(Ways { port: Some(7_006), ..Ways::default() });
    tokio::time::sleep(Duration::from_secs(1)).await;
    other.say(&question);
    assert_eq!(other.hear_of(hash(6), A_WHILE).await, None);
}

#[tokio::test]
async fn a_search_is_repeated_when_somebody_asks_for_it() {
    let config = config();
    if !has_multicast(&config).await {
        return;
    }
    let mut other = Neighbour::new(config.lan.port);
    let peer = Peer::interested(config, lan(None), hash(7), interest(Role::Seek, Scope::Nearby));
    for _ in 0..3 {
        other.hear_of(hash(7), SOON).await.expect("a question by itself");
    }
    let started = Instant::now();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        peer.discovery.seek_again(hash(7));
        other.hear_of(hash(7), SOON).await.expect("a question on request");
    }
    // By themselves these four would have taken at least half a minute.
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}

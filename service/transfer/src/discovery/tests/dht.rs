//! The DHT, against nodes of another implementation (`mainline`) on this machine.

use mainline::Testnet;

use super::*;

async fn testnet() -> Testnet {
    let built = tokio::task::spawn_blocking(|| Testnet::builder(20).build());
    built.await.expect("no panic").expect("nodes on this machine")
}

fn among(testnet: &Testnet) -> DiscoveryConfig {
    DiscoveryConfig {
        dht: DhtConfig { entries: testnet.bootstrap[..2].to_vec(), reach: Reach::Host },
        ..config()
    }
}

fn dht(port: Option<u16>) -> Ways {
    Ways { dht: true, port, ..Ways::default() }
}

/// Who another implementation finds.
async fn others_find(testnet: &Testnet, info_hash: Sha1) -> Vec<u16> {
    use futures::StreamExt;
    let node = testnet.nodes[7].clone().as_async();
    let id = mainline::Id::from_bytes(info_hash.as_bytes()).expect("20 bytes");
    let found: Vec<_> = timeout(SOON, node.get_peers(id).collect()).await.expect("a walk that ends");
    let mut ports: Vec<u16> =
        found.into_iter().flatten().map(|peer: std::net::SocketAddrV4| peer.port()).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_announces_another_finds() {
    let testnet = testnet().await;
    let started = Instant::now();
    let mut offering = Peer::interested(
        among(&testnet),
        dht(Some(8_001)),
        hash(11),
        interest(Role::Offer, Scope::Everybody),
    );
    while others_find(&testnet, hash(11)).await.is_empty() {
        assert!(started.elapsed() < SOON, "nothing was announced");
    }
    println!(
        "DHT: from the offer to its being found by others {:?} (their walk included)",
        started.elapsed()
    );

    let started = Instant::now();
    let mut seeking =
        Peer::interested(among(&testnet), dht(None), hash(11), interest(Role::Seek, Scope::Everybody));
    let found = seeking.finds(hash(11), 8_001).await;
    println!("DHT: from the wish to the peer {:?}", started.elapsed());
    assert_eq!(found.via, Via::Dht);
    offering.finds_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_seeks_is_not_announced() {
    let testnet = testnet().await;
    let offering =
        Peer::interested(among(&testnet), dht(Some(8_002)), hash(12), interest(Role::Both, Scope::Everybody));
    let deaf = Peer::interested(among(&testnet), dht(None), hash(12), interest(Role::Both, Scope::Everybody));
    let started = Instant::now();
    while others_find(&testnet, hash(12)).await.is_empty() {
        assert!(started.elapsed() < SOON, "nothing was announced");
    }
    let mut seeking =
        Peer::interested(among(&testnet), dht(Some(8_003)), hash(12), interest(Role::Seek, Scope::Everybody));
    seeking.finds(hash(12), 8_002).await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(others_find(&testnet, hash(12)).await, [8_002]);
    drop((offering, deaf));
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_answer_nonsense_end_the_walk() {
    let node = Ear::new().await;
    let mut hostile = config();
    hostile.dht.entries = vec![node.address().to_string()];
    let seek = interest(Role::Seek, Scope::Everybody);
    let mut peer = Peer::interested(hostile, dht(None), hash(13), seek);
    let mut buffer = [0; 1_000];
    let (length, from) =
        timeout(SOON, node.0.recv_from(&mut buffer)).await.expect("a question").expect("a datagram");
    let at = buffer[..length].windows(5).position(|part| part == b"1:t4:").expect("a name") + 5;
    let transaction = buffer[at..at + 4].to_vec();
    let bomb = [b"d1:z".as_slice(), &[b'l'; 1_900]].concat();
    let endless = [b"d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes99999999:".as_slice(), &[0; 1_000]].concat();
    let foreign =
        [b"d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa6:valuesl6:\x01\x02\x03\x04\0\x01ee1:t4:nope1:y1:re".as_slice()]
            .concat();
    for nonsense in [bomb, endless, foreign, vec![], vec![0xff; 1_400]] {
        node.0.send_to(&nonsense, from).await.expect("sent");
    }
    // Nodes and peers at no port, and one that is us.
    let itself = [
        b"d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes52:".as_slice(),
        &[b'b'; 20],
        &[127, 0, 0, 1],
        &from.port().to_be_bytes(),
        &[b'c'; 20],
        &[127, 0, 0, 1, 0, 0],
        b"5:token2:xx6:valuesl6:",
        &[127, 0, 0, 1, 0, 0],
        b"6:",
        &[224, 0, 0, 1, 0, 9],
        b"ee1:t4:",
        &transaction,
        b"1:y1:re",
    ]
    .concat();
    node.0.send_to(&itself, from).await.expect("sent");
    peer.finds_nothing().await;
    peer.discovery.end().await;
}

#[tokio::test]
async fn nodes_and_peers_of_ipv6_are_found_too() {
    let Ok(node) = UdpSocket::bind("[::1]:0").await else {
        println!("skipped: this machine has no IPv6");
        return;
    };
    let mut config = config();
    config.dht.entries = vec![node.local_addr().expect("bound").to_string()];
    let mut peer = Peer::interested(config, dht(None), hash(14), interest(Role::Seek, Scope::Everybody));
    let mut buffer = [0; 1_000];
    let (length, from) =
        timeout(SOON, node.recv_from(&mut buffer)).await.expect("a question").expect("a datagram");
    let at = buffer[..length].windows(5).position(|part| part == b"1:t4:").expect("a name") + 5;
    let loopback = std::net::Ipv6Addr::LOCALHOST.octets();
    let answer = [
        b"d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa6:nodes638:bbbbbbbbbbbbbbbbbbbb".as_slice(),
        &loopback,
        &[0, 9],
        b"6:valuesl18:",
        &loopback,
        &8_004u16.to_be_bytes(),
        b"ee1:t4:",
        &buffer[at..at + 4],
        b"1:y1:re",
    ];
    node.send_to(&answer.concat(), from).await.expect("sent");
    let found = peer.finds(hash(14), 8_004).await;
    assert_eq!(found.peers, ["[::1]:8004".parse().expect("an address")]);
}

//! Peers that lie: noise, the torrent of other bytes, other bytes under an archive's hash. They cost time, and nothing of
//! theirs is ever taken for the archive.
#![allow(clippy::unwrap_used)]

use std::{net::SocketAddr, sync::atomic::Ordering, time::Duration};

use muster_transfer::{SeedSpec, SharingPolicy, TorrentSpec, Want};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

use crate::{
    support::{BLOCK, Manner, Node, Server, content, sha256, torrent, torrent_named, want},
    swarm::{ANY, by_hash, by_torrent, outcome, seeder},
};

/// A peer that knows the torrent's info-hash, says it has everything, and sends noise.
async fn poisoner(spec: TorrentSpec) -> (SocketAddr, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use tokio::io::AsyncWriteExt;
    let listener = TcpListener::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let spec = spec.clone();
            tokio::spawn(async move {
                let mut handshake = [0; 68];
                stream.read_exact(&mut handshake).await?;
                let mut answer = b"\x13BitTorrent protocol\0\0\0\0\0\0\0\0".to_vec();
                answer.extend_from_slice(&spec.info_hash.0);
                answer.extend_from_slice(b"-XX0000-poisonpoison");
                let pieces = bencoded_pieces(&spec.metainfo);
                let field = (pieces as usize).div_ceil(8);
                answer.extend_from_slice(&(field as u32 + 1).to_be_bytes());
                answer.push(5);
                let mut bits = vec![0xff_u8; field];
                if !pieces.is_multiple_of(8) {
                    *bits.last_mut().unwrap() = 0xff << (8 - pieces % 8);
                }
                answer.extend_from_slice(&bits);
                answer.extend_from_slice(&[0, 0, 0, 1, 1]);
                stream.write_all(&answer).await?;
                loop {
                    let length = stream.read_u32().await?;
                    let mut message = vec![0; length as usize];
                    stream.read_exact(&mut message).await?;
                    if message.first() == Some(&6) {
                        let wanted = u32::from_be_bytes(message[9..13].try_into().unwrap()) as usize;
                        let mut piece = (wanted as u32 + 9).to_be_bytes().to_vec();
                        piece.push(7);
                        piece.extend_from_slice(&message[1..9]);
                        piece.extend_from_slice(&vec![0x66; wanted]);
                        stream.write_all(&piece).await?;
                    }
                }
                #[allow(unreachable_code)]
                Ok::<(), std::io::Error>(())
            });
        }
    });
    (address, connections)
}

/// The number of pieces, read from a torrent of our own making.
fn bencoded_pieces(metainfo: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(metainfo);
    let length = text.split("6:pieces").nth(1).unwrap().split(':').next().unwrap();
    length.parse::<u32>().unwrap() / 20
}

#[tokio::test]
async fn a_poisoned_peer_alone_ends_in_a_typed_failure() {
    let bytes = content(6, 4_000_000);
    let (poison, connections) = poisoner(torrent(&bytes)).await;
    let taker = Node::start().await;
    assert_eq!(outcome(&taker, by_torrent(&bytes, &[poison])).await, Err("transfer-wrong-bytes"));
    assert!(!taker.cache.contains(&sha256(&bytes)));
    assert!((1..10).contains(&connections.load(Ordering::Relaxed)), "not asked again and again");
    taker.transfers.shutdown().await;
}

#[tokio::test]
async fn a_poisoned_peer_does_not_keep_others_from_helping() {
    let bytes = content(7, 6_000_000);
    let (poison, _) = poisoner(torrent(&bytes)).await;
    let (giver, address) = seeder(&bytes).await;
    let taker = Node::start().await;
    assert!(outcome(&taker, by_torrent(&bytes, &[poison, address])).await.unwrap() == bytes);

    let other = content(8, 6_000_000);
    let (poison, _) = poisoner(torrent(&other)).await;
    let server = Server::start(&other, Manner::Good).await;
    let with_server = Want { origins: vec![server.origin()], ..by_torrent(&other, &[poison]) };
    assert!(outcome(&taker, with_server).await.unwrap() == other);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn a_torrent_that_lies_about_the_archive_never_gets_past_its_hash() {
    // Every piece matches the torrent, and the torrent is of other bytes (T-110).
    let (good, evil) = (content(9, 6_000_000), content(10, 6_000_000));
    let lying = torrent_named(&evil, &sha256(&good));
    let liar = Node::start().await;
    let evil_name = liar.put(&evil);
    let address = liar.transfers.set_sharing(SharingPolicy::On { listen: ANY }).await.unwrap().unwrap();
    let own = SeedSpec { size: evil.len() as u64, torrent: Some(torrent(&evil)), trackers: Vec::new() };
    liar.transfers.seed(&evil_name, own).await.unwrap();
    let (poison, _) = honest_about_evil(&lying, &evil).await;

    for blocks in [want(&good).blocks, None] {
        let taker = Node::start().await;
        let only_peers =
            Want { torrent: Some(lying.clone()), peers: vec![poison], blocks: blocks.clone(), ..want(&good) };
        assert_eq!(outcome(&taker, only_peers.clone()).await, Err("transfer-wrong-bytes"));
        assert!(!taker.cache.contains(&sha256(&good)));
        let server = Server::start(&good, Manner::Good).await;
        let with_server = Want { origins: vec![server.origin()], ..only_peers };
        assert!(outcome(&taker, with_server).await.unwrap() == good);
        taker.transfers.shutdown().await;
    }
    let _ = address;
    liar.transfers.shutdown().await;
}

/// A peer that serves `bytes` truthfully under the info-hash of a torrent.
async fn honest_about_evil(spec: &TorrentSpec, bytes: &[u8]) -> (SocketAddr, ()) {
    use tokio::io::AsyncWriteExt;
    let listener = TcpListener::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (spec, bytes) = (spec.clone(), bytes.to_vec());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (spec, bytes) = (spec.clone(), bytes.clone());
            tokio::spawn(async move {
                let mut handshake = [0; 68];
                stream.read_exact(&mut handshake).await?;
                let mut answer = b"\x13BitTorrent protocol\0\0\0\0\0\0\0\0".to_vec();
                answer.extend_from_slice(&spec.info_hash.0);
                answer.extend_from_slice(b"-XX0000-honesthonest");
                let pieces = bytes.len().div_ceil(BLOCK);
                let mut bits = vec![0xff_u8; pieces.div_ceil(8)];
                if !pieces.is_multiple_of(8) {
                    *bits.last_mut().unwrap() = 0xff << (8 - pieces % 8);
                }
                answer.extend_from_slice(&(bits.len() as u32 + 1).to_be_bytes());
                answer.push(5);
                answer.extend_from_slice(&bits);
                answer.extend_from_slice(&[0, 0, 0, 1, 1]);
                stream.write_all(&answer).await?;
                loop {
                    let length = stream.read_u32().await?;
                    let mut message = vec![0; length as usize];
                    stream.read_exact(&mut message).await?;
                    if message.first() == Some(&6) {
                        let number =
                            |at: usize| u32::from_be_bytes(message[at..at + 4].try_into().unwrap()) as usize;
                        let (piece, begin, wanted) = (number(1), number(5), number(9));
                        let start = piece * BLOCK + begin;
                        let mut reply = (wanted as u32 + 9).to_be_bytes().to_vec();
                        reply.push(7);
                        reply.extend_from_slice(&message[1..9]);
                        reply.extend_from_slice(&bytes[start..start + wanted]);
                        stream.write_all(&reply).await?;
                    }
                }
                #[allow(unreachable_code)]
                Ok::<(), std::io::Error>(())
            });
        }
    });
    (address, ())
}

/// A peer that gives, for an archive's hash, the torrent of other bytes of the same length, and serves those.
async fn liar(bytes: &[u8], about: &[u8]) -> SocketAddr {
    use tokio::io::AsyncWriteExt;
    let spec = torrent_named(bytes, &sha256(about));
    let (data, _) = honest_about_evil(&spec, bytes).await;
    let info = spec.metainfo[7..spec.metainfo.len() - 1].to_vec();
    let place: [u8; 20] = sha256(about).0[..20].try_into().unwrap();
    let listener = TcpListener::bind(ANY).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let info = info.clone();
            tokio::spawn(async move {
                let mut hello = [0; 68];
                stream.read_exact(&mut hello).await?;
                if hello[28..48] != place {
                    // About the torrent that was given: another process answers.
                    let mut other = TcpStream::connect(data).await?;
                    other.write_all(&hello).await?;
                    tokio::io::copy_bidirectional(&mut stream, &mut other).await?;
                    return Ok(());
                }
                hello[48..].copy_from_slice(b"-XX0000-lyinglyingly");
                stream.write_all(&hello).await?;
                let said = format!("d1:md11:ut_metadatai2ee13:metadata_sizei{}ee", info.len());
                let mut message = (said.len() as u32 + 2).to_be_bytes().to_vec();
                message.extend_from_slice(&[20, 0]);
                message.extend_from_slice(said.as_bytes());
                for (part, bytes) in info.chunks(16 * 1024).enumerate() {
                    let head = format!("d8:msg_typei1e5:piecei{part}e10:total_sizei{}ee", info.len());
                    message.extend_from_slice(&((head.len() + bytes.len() + 2) as u32).to_be_bytes());
                    // The number that we use for the extension.
                    message.extend_from_slice(&[20, 3]);
                    message.extend_from_slice(head.as_bytes());
                    message.extend_from_slice(bytes);
                }
                stream.write_all(&message).await?;
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).await?;
                Ok::<(), std::io::Error>(())
            });
        }
    });
    address
}

#[tokio::test]
async fn a_peer_that_lies_about_the_torrent_is_found_out_by_the_whole_file_and_others_are_asked() {
    let (good, evil) = (content(15, 1_500_000), content(16, 1_500_000));
    let liar = liar(&evil, &good).await;
    let alone = Node::start().await;
    assert_eq!(outcome(&alone, by_hash(&good, &[liar])).await.map(drop), Err("transfer-wrong-bytes"));
    assert!(!alone.cache.contains(&sha256(&good)));

    let giver = Node::start().await;
    let name = giver.put(&good);
    let address = giver.transfers.set_sharing(SharingPolicy::On { listen: ANY }).await.unwrap().unwrap();
    giver
        .transfers
        .seed(&name, SeedSpec { size: good.len() as u64, torrent: None, trackers: Vec::new() })
        .await
        .unwrap();
    giver.wait_until("offered", |s| s.sharing.seeds.iter().any(|seed| seed.is_offered)).await;
    let taker = Node::start().await;
    let mut handle = taker.transfers.want(by_hash(&good, &[liar])).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    taker.transfers.add_peers(&name, vec![address]).await.unwrap();
    handle.outcome().await.unwrap();
    assert!(taker.read(&name) == good);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown(), alone.transfers.shutdown());
}

//! What the tests share: content, nodes with a cache of their own, and a server that misbehaves to order.
#![allow(clippy::unwrap_used)]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use muster_cache::Cache;
use muster_domain::{Sha1, Sha256, Tier};
use muster_transfer::{
    Backoff, Config, Meets, Origin, Patience, Proof, Reach, SwarmPatience, TorrentSpec, Transfers, Want,
    queue::{MemoryStore, QueueStore},
};
use sha2::Digest;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

pub const BLOCK: usize = 64 * 1024;

/// Bytes that look random and are always the same.
pub fn content(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

pub fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

pub fn blocks(bytes: &[u8]) -> Arc<[Sha256]> {
    bytes.chunks(BLOCK).map(sha256).collect()
}

pub fn torrent(bytes: &[u8]) -> TorrentSpec {
    torrent_named(bytes, &sha256(bytes))
}

/// A torrent of some bytes under the name of others.
pub fn torrent_named(bytes: &[u8], name: &Sha256) -> TorrentSpec {
    let pieces: Vec<u8> = bytes.chunks(BLOCK).flat_map(|piece| sha1::Sha1::digest(piece).to_vec()).collect();
    let mut info =
        format!("d6:lengthi{}e4:name64:{name}12:piece lengthi{BLOCK}e6:pieces{}:", bytes.len(), pieces.len())
            .into_bytes();
    info.extend_from_slice(&pieces);
    info.push(b'e');
    let metainfo = [b"d4:info", info.as_slice(), b"e"].concat();
    TorrentSpec { metainfo: metainfo.into(), info_hash: Sha1(sha1::Sha1::digest(&info).into()) }
}

pub fn want(bytes: &[u8]) -> Want {
    Want {
        sha256: sha256(bytes),
        proof: Proof::Hash,
        size: bytes.len() as u64,
        tier: Tier::User,
        name: "a test archive".to_owned(),
        origins: Vec::new(),
        torrent: None,
        blocks: Some(blocks(bytes)),
        peers: Vec::new(),
        meets: Meets::No,
        trackers: Vec::new(),
        local: None,
    }
}

/// Impatient, so that tests are fast.
pub fn config() -> Config {
    Config {
        retry: Backoff { first: Duration::from_millis(200), longest: Duration::from_secs(1), attempts: 2 },
        patience: Patience {
            connect: Duration::from_secs(2),
            answer: Duration::from_secs(2),
            idle: Duration::from_secs(1),
            floor_rate: 20_000,
            floor_window: Duration::from_secs(1),
            backoff: Backoff {
                first: Duration::from_millis(50),
                longest: Duration::from_millis(200),
                attempts: 3,
            },
        },
        swarm_patience: SwarmPatience { stall: Duration::from_secs(4) },
        ..Config::default()
    }
}

/// A program with a cache of its own.
pub struct Node {
    pub dir: tempfile::TempDir,
    pub cache: Cache,
    pub store: Arc<MemoryStore>,
    pub transfers: Transfers,
}

impl Node {
    pub async fn start() -> Self {
        Self::with(config()).await
    }

    pub async fn with(config: Config) -> Self {
        let _ = tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_test_writer()
            .try_init();
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(MemoryStore::default());
        let (cache, transfers) = open(dir.path(), &store, config).await;
        Self { dir, cache, store, transfers }
    }

    /// Ends and starts again on the same files.
    pub async fn restart(self) -> Self {
        let Self { dir, cache, store, transfers } = self;
        transfers.shutdown().await;
        drop((cache, transfers));
        let (cache, transfers) = open(dir.path(), &store, config()).await;
        Self { dir, cache, store, transfers }
    }

    pub fn read(&self, sha256: &Sha256) -> Vec<u8> {
        let lease = self.cache.lease(sha256, Timestamp::now()).unwrap();
        let mut bytes = vec![0; lease.size() as usize];
        lease.open().unwrap().read_exact_at(&mut bytes, 0).unwrap();
        bytes
    }

    /// Puts an archive into the cache.
    pub fn put(&self, bytes: &[u8]) -> Sha256 {
        let sha256 = sha256(bytes);
        match self.cache.write(sha256, bytes.len() as u64, None).unwrap() {
            muster_cache::Opening::Writer(writer) => {
                writer.write_at(0, bytes).unwrap();
                writer.finish(Timestamp::now()).unwrap();
            }
            muster_cache::Opening::Complete(_) => {}
        }
        sha256
    }

    /// Waits until something is true of the snapshot.
    pub async fn wait_until(&self, what: &str, is_true: impl Fn(&muster_transfer::Snapshot) -> bool) {
        let mut snapshot = self.transfers.snapshot();
        let waiting = snapshot.wait_for(|snapshot| is_true(snapshot));
        let result = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        assert!(result.is_ok_and(|r| r.is_ok()), "{what}: {:#?}", self.transfers.snapshot().borrow());
    }
}

async fn open(path: &std::path::Path, store: &Arc<MemoryStore>, config: Config) -> (Cache, Transfers) {
    let cache = Cache::open(&path.join("cache"), Timestamp::now()).unwrap();
    let store: Arc<dyn QueueStore> = store.clone();
    let transfers = Transfers::start(config, cache.clone(), store).await.unwrap();
    (cache, transfers)
}

/// What a server does.
#[derive(Clone, Debug)]
pub enum Manner {
    Good,
    /// Answers every request with the whole file.
    IgnoresRanges,
    /// Closes each connection after so many bytes of a body.
    Cuts(usize),
    /// Every block is wrong.
    WrongBytes,
    /// This byte is wrong.
    WrongByte(usize),
    /// Says the file has another length.
    OtherLength,
    /// Sends other ranges than asked for.
    OtherRange,
    /// Sends more than it announced was asked for.
    TooMuch,
    Status(u16),
    /// Fails so many times, then is good.
    FailsFirst(usize),
    /// A byte now and then.
    Drips,
    /// The headers, and nothing more.
    Stalls,
    Redirects(String),
    Compresses,
    /// Bytes per second of each connection.
    Slow(usize),
    /// After so many body bytes in all it accepts and closes.
    Dies(u64),
}

/// A loopback HTTP server.
pub struct Server {
    pub address: SocketAddr,
    pub requests: Arc<AtomicUsize>,
    pub sent: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn start(bytes: &[u8], manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)));
        let (counted, bytes_sent) = (requests.clone(), sent.clone());
        let bytes: Arc<[u8]> = bytes.into();
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (bytes, manner) = (bytes.clone(), manner.clone());
                let (counted, sent) = (counted.clone(), bytes_sent.clone());
                connections.spawn(async move {
                    let number = counted.fetch_add(1, Ordering::Relaxed);
                    let _ = serve(stream, &bytes, &manner, number, &sent).await;
                });
            }
        });
        Self { address, requests, sent, task }
    }

    pub fn origin(&self) -> Origin {
        Origin { url: Url::parse(&format!("http://{}/a.muster", self.address)).unwrap(), reach: Reach::Host }
    }
}

async fn serve(
    mut stream: TcpStream,
    bytes: &[u8],
    manner: &Manner,
    number: usize,
    sent: &AtomicU64,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            return Ok(());
        }
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).to_lowercase();
    let asked = request.lines().find_map(|line| line.strip_prefix("range: bytes=")).map(|range| {
        let (start, last) = range.split_once('-').unwrap();
        start.parse::<usize>().unwrap()..last.trim().parse::<usize>().unwrap() + 1
    });
    if let Manner::Dies(limit) = manner
        && sent.load(Ordering::Relaxed) >= *limit
    {
        return Ok(());
    }
    let status = match manner {
        Manner::Status(status) => Some(*status),
        Manner::FailsFirst(times) if number < *times => Some(503),
        _ => None,
    };
    if let Some(status) = status {
        let head = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return stream.write_all(head.as_bytes()).await;
    }
    if let Manner::Redirects(to) = manner {
        let head =
            format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return stream.write_all(head.as_bytes()).await;
    }
    let range = asked.clone().filter(|_| !matches!(manner, Manner::IgnoresRanges)).unwrap_or(0..bytes.len());
    let mut total = bytes.len();
    let mut given = range.clone();
    let mut body = bytes[range.clone()].to_vec();
    match manner {
        Manner::OtherLength => total += 1,
        Manner::OtherRange => given = given.start + 1..given.end + 1,
        Manner::TooMuch => body.extend_from_slice(&[7; 5_000]),
        Manner::WrongBytes => body.iter_mut().step_by(1_000).for_each(|byte| *byte ^= 1),
        Manner::WrongByte(at) if range.contains(at) => body[at - range.start] ^= 1,
        _ => {}
    }
    let length = match manner {
        Manner::TooMuch => String::new(),
        _ => format!("Content-Length: {}\r\n", if asked.is_some() { body.len() } else { total }),
    };
    let is_partial = asked.is_some() && !matches!(manner, Manner::IgnoresRanges);
    let status = if is_partial {
        format!("206 Partial Content\r\nContent-Range: bytes {}-{}/{total}", given.start, given.end - 1)
    } else {
        "200 OK".to_owned()
    };
    let encoding = if matches!(manner, Manner::Compresses) { "Content-Encoding: gzip\r\n" } else { "" };
    let head = format!("HTTP/1.1 {status}\r\n{length}{encoding}ETag: \"v1\"\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    if matches!(manner, Manner::Stalls) {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    let step = match manner {
        Manner::Drips => 10,
        Manner::Slow(rate) => rate / 20,
        _ => 16_384,
    };
    let mut done = 0;
    for part in body.chunks(step) {
        if matches!(manner, Manner::Cuts(at) if done >= *at) {
            return Ok(());
        }
        if matches!(manner, Manner::Dies(limit) if sent.load(Ordering::Relaxed) >= *limit) {
            return Ok(());
        }
        if matches!(manner, Manner::Drips | Manner::Slow(_)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stream.write_all(part).await?;
        sent.fetch_add(part.len() as u64, Ordering::Relaxed);
        done += part.len();
    }
    stream.shutdown().await
}

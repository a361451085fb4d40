//! The one place that drives librqbit (9.1, unpatched, pinned).
//!
//! Two sessions on a runtime of their own, because upload and listening are fixed when a session is made: one that takes
//! only (no listener, upload switched off), only while something is downloaded, and, only while sharing is on, one that
//! listens. No DHT, no local discovery, no trackers, TCP only, no files of its own. A session holds one UDP socket that
//! cannot be switched off: its tracker client's, on any free port, never used without trackers.

use std::{
    collections::HashMap,
    net::SocketAddr,
    num::NonZeroU32,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::future::BoxFuture;
use librqbit::{
    AddTorrent, AddTorrentOptions, ConnectionOptions, ListenerMode, ListenerOptions, ManagedTorrent,
    PeerConnectionOptions, Session, SessionOptions, api::TorrentIdOrHash, limits::LimitsConfig,
    storage::StorageFactoryExt,
};
use muster_cache::Reader;
use muster_domain::Sha1;
use tokio::runtime::{Builder, Runtime};

use super::{Exposure, Metainfo, Pieces, Status, Swarm, storage::Storage};
use crate::Error;

/// librqbit's limiter fails below one block a second, and bursts a second's worth.
const LEAST_RATE: u64 = 32 * 1024;
/// Longer than its ten seconds: a slow peer is not a dead one.
const PEER_TIMEOUT: Duration = Duration::from_secs(45);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// Blocks of 16 KiB asked of one peer ahead of time: what may come twice when a server is faster.
const REQUEST_WINDOW: usize = 64;
/// Connections of one seed.
const SEED_PEERS: usize = 24;

/// BitTorrent by librqbit.
#[derive(Debug)]
pub(crate) struct Rqbit {
    runtime: Mutex<Option<Runtime>>,
    handle: tokio::runtime::Handle,
    inside: Arc<Inside>,
}

struct Inside {
    /// Serialises starting and ending sessions; held over awaits on purpose.
    sessions: tokio::sync::Mutex<Sessions>,
    torrents: Mutex<HashMap<Sha1, Torrent>>,
    limits: Mutex<LimitsConfig>,
}

#[derive(Default)]
struct Sessions {
    taking: Option<Arc<Session>>,
    sharing: Option<Arc<Session>>,
    has_ended: bool,
}

#[derive(Clone)]
struct Torrent {
    session: Arc<Session>,
    handle: Arc<ManagedTorrent>,
    exposure: Exposure,
    pieces: Option<Arc<Pieces>>,
}

impl Rqbit {
    /// Starts threads, but no session yet.
    pub fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(16)
            .thread_name("muster-swarm")
            .enable_all()
            .build()
            .map_err(|error| Error::Start { detail: error.to_string() })?;
        let inside = Inside {
            sessions: tokio::sync::Mutex::default(),
            torrents: Mutex::default(),
            limits: Mutex::new(LimitsConfig::default()),
        };
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Mutex::new(Some(runtime)), handle, inside: Arc::new(inside) })
    }

    /// Runs work on the swarm's own runtime: librqbit blocks its threads while it hashes.
    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.handle.spawn(work).await.map_err(|_| Error::Closed)?
    }
}

impl Swarm for Rqbit {
    fn fetch(
        &self,
        torrent: &Metainfo,
        pieces: Arc<Pieces>,
        peers: Vec<SocketAddr>,
        exposure: Exposure,
    ) -> BoxFuture<'_, Result<(), Error>> {
        let (inside, torrent) = (self.inside.clone(), torrent.clone());
        Box::pin(self.run(async move {
            inside.remove(&torrent.info_hash).await;
            let peer_limit = pieces.peer_limit();
            let options = AddTorrentOptions {
                initial_peers: Some(peers),
                peer_limit: Some(peer_limit),
                ..options(Storage::Fetch(pieces.clone()))
            };
            inside.add(&torrent, options, exposure, Some(pieces)).await?;
            Ok(())
        }))
    }

    fn seed(&self, torrent: &Metainfo, reader: Reader) -> BoxFuture<'_, Result<(), Error>> {
        let (inside, torrent) = (self.inside.clone(), torrent.clone());
        Box::pin(self.run(async move {
            inside.remove(&torrent.info_hash).await;
            let options =
                AddTorrentOptions { peer_limit: Some(SEED_PEERS), ..options(Storage::Seed(reader)) };
            let handle = inside.add(&torrent, options, Exposure::Shared, None).await?;
            handle.wait_until_initialized().await.map_err(swarm_error)?;
            if handle.stats().finished {
                return Ok(());
            }
            inside.remove(&torrent.info_hash).await;
            Err(Error::Swarm { detail: "the archive does not match its torrent".to_owned() })
        }))
    }

    fn remove(&self, info_hash: Sha1) -> BoxFuture<'_, ()> {
        let inside = self.inside.clone();
        Box::pin(async move {
            let removed = self.run(async move {
                inside.remove(&info_hash).await;
                inside.end_idle_session().await;
                Ok(())
            });
            let _ = removed.await;
        })
    }

    fn status(&self, info_hash: &Sha1) -> Option<Status> {
        let torrent = self.inside.torrents().get(info_hash)?.clone();
        Some(status(&torrent.handle))
    }

    fn share(&self, listen: Option<SocketAddr>) -> BoxFuture<'_, Result<Option<SocketAddr>, Error>> {
        let inside = self.inside.clone();
        Box::pin(self.run(async move { inside.share(listen).await }))
    }

    fn set_limits(&self, down: Option<u64>, up: Option<u64>) {
        let wanted = LimitsConfig { download_bps: rate(down), upload_bps: rate(up) };
        let old = std::mem::replace(&mut *lock(&self.inside.limits), wanted);
        // Every call refills librqbit's bucket: only when something changed.
        let inside = self.inside.clone();
        self.handle.spawn(async move {
            let sessions = inside.sessions.lock().await;
            for session in [&sessions.taking, &sessions.sharing].into_iter().flatten() {
                if old.download_bps != wanted.download_bps {
                    session.ratelimits.set_download_bps(wanted.download_bps);
                }
                if old.upload_bps != wanted.upload_bps {
                    session.ratelimits.set_upload_bps(wanted.upload_bps);
                }
            }
        });
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        let inside = self.inside.clone();
        Box::pin(async move {
            let ended = self.run(async move {
                inside.end().await;
                Ok(())
            });
            let _ = ended.await;
            let runtime = lock(&self.runtime).take();
            if let Some(runtime) = runtime {
                // A runtime must not be dropped where async code runs; this waits for its blocking threads.
                let _ = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(Duration::from_secs(3)))
                    .await;
            }
        })
    }
}

impl Drop for Rqbit {
    fn drop(&mut self) {
        if let Some(runtime) = lock(&self.runtime).take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inside").field("torrents", &self.torrents().len()).finish_non_exhaustive()
    }
}

impl Inside {
    async fn add(
        &self,
        torrent: &Metainfo,
        options: AddTorrentOptions,
        exposure: Exposure,
        pieces: Option<Arc<Pieces>>,
    ) -> Result<Arc<ManagedTorrent>, Error> {
        // Held until it is in the table, so that its session is not taken for idle.
        let mut sessions = self.sessions.lock().await;
        let session = self.session(&mut sessions, exposure).await?;
        let added = session.add_torrent(AddTorrent::from_bytes(torrent.to_bytes()), Some(options)).await;
        let handle = added
            .map_err(swarm_error)?
            .into_handle()
            .ok_or_else(|| Error::Swarm { detail: "the torrent was not added".to_owned() })?;
        let entry = Torrent { session, handle: handle.clone(), exposure, pieces };
        self.torrents().insert(torrent.info_hash, entry);
        Ok(handle)
    }

    async fn remove(&self, info_hash: &Sha1) {
        let Some(torrent) = self.torrents().remove(info_hash) else {
            return;
        };
        if let Some(pieces) = &torrent.pieces {
            pieces.close();
        }
        let id = TorrentIdOrHash::Id(torrent.handle.id());
        if let Err(error) = torrent.session.delete(id, false).await {
            tracing::debug!(%error, "a torrent could not be removed");
        }
    }

    /// Nothing is downloaded any more: then nothing is left open for it.
    async fn end_idle_session(&self) {
        let mut sessions = self.sessions.lock().await;
        let is_used = self.torrents().values().any(|torrent| torrent.exposure == Exposure::TakeOnly);
        if !is_used && let Some(session) = sessions.taking.take() {
            // Its end takes a second, for which nobody has to wait.
            tokio::spawn(async move { session.stop().await });
        }
    }

    async fn session(&self, sessions: &mut Sessions, exposure: Exposure) -> Result<Arc<Session>, Error> {
        if sessions.has_ended {
            return Err(Error::Closed);
        }
        match exposure {
            Exposure::Shared => {
                sessions.sharing.clone().ok_or_else(|| Error::Swarm { detail: "sharing is off".to_owned() })
            }
            Exposure::TakeOnly => {
                if let Some(session) = &sessions.taking {
                    return Ok(session.clone());
                }
                let session = self.open(None).await?;
                sessions.taking = Some(session.clone());
                Ok(session)
            }
        }
    }

    async fn share(&self, listen: Option<SocketAddr>) -> Result<Option<SocketAddr>, Error> {
        let mut sessions = self.sessions.lock().await;
        if sessions.has_ended {
            return Err(Error::Closed);
        }
        if let Some(session) = sessions.sharing.take() {
            let shared: Vec<Sha1> = {
                let torrents = self.torrents();
                torrents
                    .iter()
                    .filter(|(_, t)| t.exposure == Exposure::Shared)
                    .map(|(hash, _)| *hash)
                    .collect()
            };
            for info_hash in shared {
                self.remove(&info_hash).await;
            }
            session.stop().await;
        }
        let Some(listen) = listen else {
            return Ok(None);
        };
        let session = self.open(Some(listen)).await?;
        let address = session.listen_addr();
        sessions.sharing = Some(session);
        Ok(address)
    }

    async fn open(&self, listen: Option<SocketAddr>) -> Result<Arc<Session>, Error> {
        let ratelimits = *lock(&self.limits);
        let options = SessionOptions {
            dht: None,
            disable_trackers: true,
            disable_local_service_discovery: true,
            disable_upload: listen.is_none(),
            fastresume: false,
            persistence: None,
            listen: listen.map(|listen_addr| ListenerOptions {
                mode: ListenerMode::TcpOnly,
                listen_addr,
                enable_upnp_port_forwarding: false,
                ipv4_only: listen_addr.is_ipv4(),
                ..ListenerOptions::default()
            }),
            connect: Some(ConnectionOptions {
                enable_tcp: true,
                peer_opts: Some(PeerConnectionOptions {
                    connect_timeout: Some(CONNECT_TIMEOUT),
                    read_write_timeout: Some(PEER_TIMEOUT),
                    max_request_window: Some(REQUEST_WINDOW),
                    ..PeerConnectionOptions::default()
                }),
                ..ConnectionOptions::default()
            }),
            runtime_worker_threads: Some(4),
            ratelimits,
            client_name_and_version: Some(concat!("Muster ", env!("CARGO_PKG_VERSION")).to_owned()),
            ..SessionOptions::default()
        };
        Session::new_with_opts(nowhere(), options).await.map_err(swarm_error)
    }

    async fn end(&self) {
        let all: Vec<Sha1> = self.torrents().keys().copied().collect();
        for info_hash in all {
            self.remove(&info_hash).await;
        }
        let mut sessions = self.sessions.lock().await;
        sessions.has_ended = true;
        let stops = [sessions.taking.take(), sessions.sharing.take()].into_iter().flatten();
        futures::future::join_all(stops.map(|session| async move { session.stop().await })).await;
    }

    fn torrents(&self) -> MutexGuard<'_, HashMap<Sha1, Torrent>> {
        lock(&self.torrents)
    }
}

fn options(storage: Storage) -> AddTorrentOptions {
    AddTorrentOptions {
        overwrite: true,
        output_folder: Some(nowhere().to_string_lossy().into_owned()),
        storage_factory: Some(storage.boxed()),
        ..AddTorrentOptions::default()
    }
}

/// librqbit wants a folder; with our own storage it never touches it.
fn nowhere() -> PathBuf {
    PathBuf::from("muster-has-no-torrent-folder")
}

fn status(handle: &ManagedTorrent) -> Status {
    let stats = handle.stats();
    let mut status = Status { uploaded: stats.uploaded_bytes, error: stats.error, ..Status::default() };
    let Some(live) = handle.live() else {
        return status;
    };
    // The filter's type has no public name; the default shows live peers only.
    let Ok(all) = serde_json::from_value(serde_json::json!({ "state": "all" })) else {
        return status;
    };
    for (address, peer) in live.per_peer_stats_snapshot(all).peers {
        if peer.state == "live" {
            status.peers += 1;
        }
        let counters = &peer.counters;
        let is_suspect =
            counters.errors > 0 && counters.fetched_bytes > 0 && counters.downloaded_and_checked_pieces == 0;
        if is_suspect && let Ok(address) = address.parse() {
            status.suspects.push(address);
        }
    }
    status
}

fn rate(bytes_per_second: Option<u64>) -> Option<NonZeroU32> {
    let rate = bytes_per_second?.max(LEAST_RATE).min(u64::from(u32::MAX));
    NonZeroU32::new(rate as u32)
}

fn swarm_error(error: anyhow::Error) -> Error {
    Error::Swarm { detail: format!("{error:#}") }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

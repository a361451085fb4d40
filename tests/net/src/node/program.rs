//! The program itself: transfers with a cache of their own, told what to do on the input, telling on the output.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use jiff::Timestamp;
use muster_cache::{Cache, Opening};
use muster_domain::{Coded, Sha256};
use muster_fsx::{Dir, File};
use muster_package::{BlockList, torrent};
use muster_transfer::{
    Conditions, Config, DhtConfig, DiscoveryConfig, Finding, Meets, Origin, Proof, RateLimits, Reach,
    SeedSpec, SharingPolicy, Snapshot, SourceSplit, TorrentSpec, Tracker, Transfers, Want,
    queue::MemoryStore,
};
use tokio::sync::mpsc;
use url::Url;

use super::{Event, Fetch, Hold, Order, Split, Way};
use crate::{
    content::Content,
    process::{cpu_seconds, peak_memory},
};

const STEP: usize = 1 << 20;
const MAX_SIDECAR: u64 = 64 << 20;
/// A snapshot is renewed four times a second.
const SNAPSHOT_LAG: Duration = Duration::from_secs(2);

/// What it is started with; everything else is ordered later.
#[derive(Clone, Debug)]
pub struct Start {
    pub home: PathBuf,
    /// Consent, and where others connect.
    pub listen: Option<SocketAddr>,
    pub seeds: Vec<PathBuf>,
    pub limits: RateLimits,
    pub fetch: Option<Fetch>,
    /// Nodes of the DHT to begin with, as `host:port`.
    pub dht: Vec<String>,
}

/// Runs until it is told to quit or its input ends.
///
/// # Errors
/// If it cannot start; what goes wrong later is told as an event.
pub async fn run(start: Start) -> Result<()> {
    let began = Instant::now();
    let cache = Cache::open(&start.home.join("cache"), Timestamp::now())?;
    let dht = DhtConfig { entries: start.dht, ..DhtConfig::default() };
    let discovery = DiscoveryConfig { dht, ..DiscoveryConfig::default() };
    let config = Config { discovery, ..Config::default() };
    let transfers = Transfers::start(config, cache.clone(), Arc::new(MemoryStore::default())).await?;
    let mut program = Program { cache, transfers, limits: start.limits, said: Said::default() };
    program.transfers.set_limits(start.limits).await;
    for file in &start.seeds {
        program.seed(file).await?;
    }
    let listen = program.share(start.listen).await?;
    if let Some(fetch) = start.fetch {
        program.fetch(fetch).await?;
    }
    if listen.is_some() {
        let mut snapshot = program.transfers.snapshot();
        let offered = |snapshot: &Arc<Snapshot>| {
            snapshot.sharing.seeds.iter().filter(|seed| seed.is_offered).count() >= start.seeds.len()
        };
        snapshot.wait_for(offered).await?;
    }
    say(&Event::Ready { listen, seconds: began.elapsed().as_secs_f64() });
    program.obey_all(orders()).await
}

/// Orders from the input; its end is an order to quit.
fn orders() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

struct Program {
    cache: Cache,
    transfers: Transfers,
    limits: RateLimits,
    said: Said,
}

impl Program {
    async fn obey_all(mut self, mut orders: mpsc::UnboundedReceiver<String>) -> Result<()> {
        let mut snapshot = self.transfers.snapshot();
        loop {
            tokio::select! {
                line = orders.recv() => {
                    let Some(line) = line else { break };
                    match line.parse::<Order>() {
                        Ok(Order::Quit) => break,
                        Ok(order) => match self.obey(order).await {
                            Ok(listen) => say(&Event::Obeyed { order: line, listen }),
                            Err(error) => say(&Event::Refused { order: line, reason: format!("{error:#}") }),
                        },
                        Err(error) => say(&Event::Refused { order: line, reason: format!("{error:#}") }),
                    }
                }
                changed = snapshot.changed() => {
                    changed?;
                    let now = snapshot.borrow_and_update().clone();
                    self.said.tell(&now);
                }
            }
        }
        self.transfers.shutdown().await;
        self.cache.flush()?;
        Ok(())
    }

    async fn obey(&mut self, order: Order) -> Result<Option<SocketAddr>> {
        match order {
            Order::LimitDown(down) => self.limit(RateLimits { down, ..self.limits }).await,
            Order::LimitUp(up) => self.limit(RateLimits { up, ..self.limits }).await,
            Order::Share(listen) => return self.share(listen).await,
            Order::Seed(file) => self.seed(&file).await?,
            Order::Fetch(fetch) => self.fetch(*fetch).await?,
            Order::Find(ways) => {
                let finding = Finding {
                    lan: ways.contains(&Way::Lan),
                    trackers: ways.contains(&Way::Tracker),
                    dht: ways.contains(&Way::Dht),
                    ..Finding::default()
                };
                self.transfers.set_finding(finding).await;
            }
            Order::Peers(sha256, peers) => self.transfers.add_peers(&sha256, peers).await?,
            Order::Pause => self.transfers.pause_all().await,
            Order::Resume => self.transfers.resume_all().await,
            Order::Hold(hold) => {
                let conditions =
                    Conditions { is_background_held: hold == Hold::Held, ..Conditions::default() };
                self.transfers.set_conditions(conditions).await;
            }
            Order::Quit => {}
        }
        Ok(None)
    }

    async fn limit(&mut self, limits: RateLimits) {
        self.limits = limits;
        self.transfers.set_limits(limits).await;
    }

    async fn share(&mut self, listen: Option<SocketAddr>) -> Result<Option<SocketAddr>> {
        let policy = listen.map_or(SharingPolicy::Off, |listen| SharingPolicy::On { listen });
        Ok(self.transfers.set_sharing(policy).await?)
    }

    /// Takes a file into the cache and allows it to be passed on.
    async fn seed(&mut self, file: &Path) -> Result<()> {
        let content = Content::open(file)?;
        let (cache, archive, path) = (self.cache.clone(), content.archive, content.file.clone());
        tokio::task::spawn_blocking(move || import(&cache, archive, &path)).await??;
        let torrent = TorrentSpec { metainfo: content.torrent.into(), info_hash: content.info_hash };
        self.transfers
            .seed(
                &archive.sha256,
                SeedSpec { size: archive.size, torrent: Some(torrent), trackers: Vec::new() },
            )
            .await?;
        Ok(())
    }

    async fn fetch(&mut self, fetch: Fetch) -> Result<()> {
        let torrent = fetch.torrent.as_deref().map(|file| read_torrent(file, &fetch)).transpose()?;
        let tracker = |url: &Url| Tracker { reach: Reach::of_source(url), url: url.clone() };
        let trackers: Vec<Tracker> = fetch.trackers.iter().map(tracker).collect();
        let blocks = fetch.blocks.as_deref().map(|file| read_blocks(file, fetch.size)).transpose()?;
        if torrent.is_some() && fetch.may_share {
            let spec = SeedSpec { size: fetch.size, torrent: torrent.clone(), trackers: trackers.clone() };
            self.transfers.seed(&fetch.sha256, spec).await?;
        }
        let origins = fetch.origins.into_iter().map(|url| Origin { reach: Reach::of_source(&url), url });
        let want = Want {
            sha256: fetch.sha256,
            proof: Proof::Hash,
            size: fetch.size,
            tier: fetch.tier,
            name: fetch.sha256.short(),
            origins: origins.collect(),
            torrent,
            blocks,
            peers: fetch.peers,
            meets: Meets::No,
            trackers,
            local: None,
        };
        let (began, transfers) = (Instant::now(), self.transfers.clone());
        let mut handle = transfers.want(want).await?;
        tokio::spawn(async move {
            let outcome = handle.outcome().await;
            let seconds = began.elapsed().as_secs_f64();
            match outcome {
                Ok(_) => say(&done(&transfers, fetch.sha256, seconds).await),
                Err(error) => {
                    say(&Event::Failed { sha256: fetch.sha256, code: error.code().to_owned(), seconds });
                }
            }
            // The want is kept, and with it the archive, until the program ends.
            std::future::pending::<()>().await;
        });
        Ok(())
    }
}

/// The snapshot lags a little behind the outcome; where the bytes came from is only known once it agrees.
async fn done(transfers: &Transfers, sha256: Sha256, seconds: f64) -> Event {
    let id = std::process::id();
    let (cpu, peak_memory) = (cpu_seconds(id).unwrap_or_default(), peak_memory(id).unwrap_or_default());
    let mut snapshot = transfers.snapshot();
    let is_done = |snapshot: &Arc<Snapshot>| {
        snapshot.get(&sha256).is_some_and(|view| view.phase == muster_transfer::Phase::Done)
    };
    let split = match tokio::time::timeout(SNAPSHOT_LAG, snapshot.wait_for(is_done)).await {
        Ok(Ok(snapshot)) => snapshot.get(&sha256).map(|view| split(view.split)).unwrap_or_default(),
        Ok(Err(_)) | Err(_) => Split::default(),
    };
    Event::Done { sha256, seconds, cpu, peak_memory, split }
}

fn split(from: SourceSplit) -> Split {
    Split { here: from.here, servers: from.servers, peers: from.peers }
}

/// What was said last, so that only changes are told.
#[derive(Default)]
struct Said {
    transfers: BTreeMap<Sha256, Event>,
    sharing: Option<Event>,
}

impl Said {
    fn tell(&mut self, snapshot: &Snapshot) {
        let here: BTreeSet<Sha256> = snapshot.transfers.iter().map(|view| view.sha256).collect();
        self.transfers.retain(|sha256, _| here.contains(sha256));
        for view in &snapshot.transfers {
            let event = Event::Progress {
                sha256: view.sha256,
                phase: view.phase.as_str().to_owned(),
                wait: view.wait.map(|wait| wait.code().to_owned()),
                size: view.size,
                done: view.done,
                split: split(view.split),
                rate: view.rate,
                connected: view.peers,
            };
            if self.transfers.get(&view.sha256) != Some(&event) {
                say(&event);
                self.transfers.insert(view.sha256, event);
            }
        }
        let sharing = Event::Sharing {
            listen: snapshot.sharing.listen,
            uploaded: snapshot.sharing.seeds.iter().map(|seed| seed.uploaded).sum(),
            connected: snapshot.sharing.seeds.iter().map(|seed| seed.peers).sum(),
            uplink: snapshot.uplink,
        };
        if self.sharing.as_ref() != Some(&sharing) {
            say(&sharing);
            self.sharing = Some(sharing);
        }
    }
}

fn say(event: &Event) {
    let Ok(mut line) = serde_json::to_string(event) else { return };
    line.push('\n');
    // Who started it may be gone; then its input ends too.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}

fn import(cache: &Cache, archive: muster_domain::Archive, path: &Path) -> Result<()> {
    let Opening::Writer(writer) = cache.write(archive.sha256, archive.size, None)? else { return Ok(()) };
    let file = File::open_ambient(path)?;
    let mut buffer = vec![0; STEP];
    let mut offset = 0;
    while offset < archive.size {
        let part = &mut buffer[..(archive.size - offset).min(STEP as u64) as usize];
        file.read_exact_at(part, offset)?;
        writer.write_at(offset, part)?;
        offset += part.len() as u64;
    }
    writer.finish(Timestamp::now())?;
    Ok(())
}

/// The info-hash is taken from the file as it is: what it says about the archive is for the transfers to judge.
fn read_torrent(file: &Path, fetch: &Fetch) -> Result<TorrentSpec> {
    let metainfo = read(file)?;
    let archive = muster_domain::Archive { sha256: fetch.sha256, size: fetch.size };
    let info_hash = match torrent::Info::parse_metainfo(&metainfo, &archive) {
        Ok(info) => info.info_hash(),
        Err(_) => crate::content::info_hash(&metainfo).context("the torrent has no info dictionary")?,
    };
    Ok(TorrentSpec { metainfo: metainfo.into(), info_hash })
}

fn read_blocks(file: &Path, size: u64) -> Result<Arc<[Sha256]>> {
    Ok(BlockList::parse(&read(file)?, size)?.blocks().into())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let folder = file.parent().context("a file lies in a folder")?;
    let name = file.file_name().and_then(|name| name.to_str()).context("a file has a name")?;
    Ok(Dir::open_ambient(folder)?.read(name, MAX_SIDECAR)?)
}

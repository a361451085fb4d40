//! Opening and closing: in which order things come up, what a crash left behind, in which order they go.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use jiff::Timestamp;
use muster_cache::{Cache, Stores};
use muster_catalog::{Catalog, Means, Patience, Repositories};
use muster_domain::JobId;
use muster_store::{CatalogDb, StateDb};
use muster_transfer::{Config, Transfers};
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Engine, EngineError, Inner, Senses, Settings, Signal,
    conduct::Conduct,
    jobs::{Board, Phase, blocking, resume_unfinished},
    keeper::Repairs,
    keys::Keyholder,
    known::Known,
    lobby::{Lobbies, OwnKeys},
    machine::Machine,
    meter::Meter,
    opening::Openings,
    own_files::Folders,
    placing,
    profiles::Binding,
    queue_store::StoredQueue,
    rights::Rights,
    settings,
    signal::Signals,
    unpacked::Unpacked,
    upkeep::Upkeeping,
    watching::Watching,
};

/// How often sources are refreshed in the background.
const SYNC_EVERY: Duration = Duration::from_secs(3600);
/// How long after the start programs of games are asked for their versions, unless somebody wants to know before.
const GAMES_AFTER: Duration = Duration::from_secs(2);
/// How often folders that are sources are looked into for files that came or went.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The engine's folders.
#[derive(Clone, Debug)]
pub struct EnginePlaces {
    /// Precious: database, trees, journals.
    pub state: PathBuf,
    /// Can be deleted: archives, catalog.
    pub cache: PathBuf,
    /// Settings that people edit.
    pub config: PathBuf,
}

impl Engine {
    /// Opens everything and puts right what a crash left behind. Nothing runs before [`Engine::start`]. What the senses
    /// tell of the machine decides when is shared and fetched; the watcher ends with the engine.
    pub async fn open(places: EnginePlaces, senses: Senses) -> Result<Self, EngineError> {
        let (folders, state_folders, catalog_folders) = (places.clone(), places.clone(), places.clone());
        blocking(move || create_folders(&folders)).await?;
        // The largest files by far are the catalogue's, and nothing else waits for them.
        let (catalog_db, (state, cache, stores)) = tokio::try_join!(
            blocking(move || open_catalog(&catalog_folders)),
            blocking(move || open_state(&state_folders)),
        )?;
        let state = Arc::new(state);
        let settings: Settings = match state.settings().get(settings::KEY).await? {
            Some(value) => serde_json::from_value(value).unwrap_or_default(),
            None => Settings::default(),
        };
        let repositories = Repositories::below(places.cache.join("git"));
        let own_keys = OwnKeys::new(places.state.join("keys"), senses.keyring.clone());
        let keys = Arc::new(Keyholder::new(state.clone(), senses.keyring));
        let means = Means { repositories, keys: keys.clone() };
        let catalog = Catalog::open_with(Arc::new(catalog_db), state.clone(), means, Patience::default());
        let queue = Arc::new(StoredQueue(state.clone()));
        let transfers = Transfers::start(Config::default(), cache.clone(), queue);
        let (catalog, transfers, conduct) = tokio::try_join!(
            async { Ok::<_, EngineError>(catalog.await?) },
            async { Ok::<_, EngineError>(transfers.await?) },
            Conduct::open(&state, senses.watcher),
        )?;
        catalog.set_offline(settings.offline);
        let inner = Inner {
            places,
            conduct,
            state,
            catalog,
            cache,
            stores,
            transfers,
            machine: Machine::new(senses.processes)?,
            board: Board::default(),
            signals: Signals::new(),
            settings: RwLock::new(settings),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            turns: Mutex::new(HashMap::new()),
            policy: tokio::sync::Mutex::new(()),
            offering: tokio::sync::Mutex::new(()),
            leases: Mutex::new(()),
            keep: Arc::default(),
            notice: Mutex::default(),
            rights: Rights::default(),
            offers: Mutex::default(),
            repairs: Repairs::default(),
            meter: Meter::default(),
            watching: Watching::default(),
            openings: Openings::default(),
            unpacked: Unpacked::default(),
            known: Known::default(),
            following: tokio::sync::Mutex::new(()),
            lobbies: Lobbies::default(),
            upkeeping: Upkeeping::default(),
            keys,
            own_keys,
            folders: Folders::default(),
        };
        let engine = Self { inner: Arc::new(inner) };
        engine.load_own_games().await?;
        engine.recover_deployments().await?;
        let texts = engine.clone();
        blocking(move || texts.remove_unused_texts()).await?;
        engine.ensure_profiles_at_start().await?;
        engine.declare_pins().await?;
        engine.declare_leases().await?;
        Ok(engine)
    }

    /// Every folder that was being written is brought to exactly its old or its new state, before anything else.
    async fn recover_deployments(&self) -> Result<(), EngineError> {
        // Also of profiles that are not active: one may have been killed while it became so.
        for profile in self.state().profiles().all().await? {
            let engine = self.clone();
            let recovered = blocking(move || {
                let binding = Binding::of(&profile)?;
                if engine.has_deployment(&binding.installation) {
                    placing::open(&engine, &binding.installation)?;
                }
                engine.recover_saves(&binding.installation)
            });
            // A game folder that is away (an unplugged disk) must not keep the service from starting.
            if let Err(error) = recovered.await {
                tracing::warn!(%error, "a deployment cannot be opened; its profile will say so");
            }
        }
        Ok(())
    }

    /// Starts what runs by itself: interrupted jobs, sharing, refreshing, looking after the cache. When this returns, interrupted jobs
    /// have their turns: ask for changes only then.
    pub async fn start(&self) {
        self.carry_out().await;
        if let Err(error) = self.settle_own_keys().await {
            tracing::warn!(%error, "keys of lobbies cannot be brought to where they belong");
        }
        let signals = self.subscribe();
        let resumed = resume_unfinished(self).await.unwrap_or_else(|error| {
            tracing::error!(%error, "interrupted jobs cannot be taken up");
            Vec::new()
        });
        let engine = self.clone();
        self.spawn(async move {
            engine.refresh_sharing().await;
            engine.forget_transfers(&resumed, signals).await;
        });
        let engine = self.clone();
        self.spawn(async move { engine.ask_games_later().await });
        let engine = self.clone();
        self.spawn(async move { engine.relay_transfers().await });
        let engine = self.clone();
        self.spawn(async move { engine.follow_manners().await });
        let engine = self.clone();
        self.spawn(async move { engine.watch_places().await });
        let engine = self.clone();
        self.spawn(async move { engine.follow_lobbies().await });
        let engine = self.clone();
        self.spawn(async move { engine.report_to_host().await });
        let engine = self.clone();
        self.spawn(async move { engine.keep_up().await });
        self.every(LOOK_EVERY, |engine| async move { engine.look_into_folders().await });
        self.every(SYNC_EVERY, |engine| async move {
            engine.sync_all().await;
            engine.look_for_news().await;
            engine.keep_up_soon();
        });
        self.start_keeping();
    }

    /// Asks programs of games for their versions, when whoever started the service has their first answers.
    async fn ask_games_later(&self) {
        tokio::select! {
            () = self.closing().cancelled() => return,
            () = tokio::time::sleep(GAMES_AFTER) => {}
        }
        if let Err(error) = self.games().await {
            tracing::warn!(%error, "games of this machine cannot be looked for");
        }
    }

    /// Once the resumed jobs have what they want, transfers of an earlier run that none of them asked for are dropped.
    /// Before, that would lose a pause or a place in the queue that the player gave to a transfer.
    async fn forget_transfers(&self, resumed: &[JobId], mut signals: broadcast::Receiver<Signal>) {
        let is_past = |id: &JobId| self.board().get(*id).is_none_or(|job| job.phase > Phase::Fetching);
        while !resumed.iter().all(is_past) {
            tokio::select! {
                () = self.closing().cancelled() => return,
                signal = signals.recv() => if signal == Err(broadcast::error::RecvError::Closed) { return },
            }
        }
        self.transfers().forget_unclaimed().await;
    }

    /// Does something now and then until the end.
    fn every<F: Future<Output = ()> + Send + 'static>(
        &self,
        interval: Duration,
        work: impl Fn(Engine) -> F + Send + 'static,
    ) {
        let engine = self.clone();
        self.spawn(async move {
            loop {
                tokio::select! {
                    () = engine.closing().cancelled() => return,
                    () = work(engine.clone()) => {}
                }
                tokio::select! {
                    () = engine.closing().cancelled() => return,
                    () = tokio::time::sleep(interval) => {}
                }
            }
        });
    }

    /// Tells listeners that transfers moved; the transfers themselves say so at most four times a second.
    async fn relay_transfers(&self) {
        let mut snapshots = self.transfers().snapshot();
        loop {
            tokio::select! {
                () = self.closing().cancelled() => return,
                changed = snapshots.changed() => match changed {
                    Ok(()) => {
                        self.inner.meter.observe(&snapshots.borrow_and_update().clone());
                        self.signal(Signal::Transfers);
                    }
                    Err(_) => return,
                },
            }
        }
    }

    /// Ends: no new work, running jobs stop at their next safe point and go on at the next start, then transfers.
    pub async fn close(&self) {
        self.inner.closing.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.transfers().shutdown().await;
        self.end_conduct().await;
        let cache = self.cache().clone();
        let flushed = blocking(move || Ok(cache.close()?));
        if let Err(error) = flushed.await {
            tracing::warn!(%error, "the cache's index could not be written; it will be rebuilt");
        }
    }
}

fn create_folders(places: &EnginePlaces) -> Result<(), EngineError> {
    for folder in [&places.state, &places.cache, &places.config] {
        muster_fsx::Dir::create_ambient_private(folder)?;
    }
    Ok(())
}

fn open_catalog(places: &EnginePlaces) -> Result<CatalogDb, EngineError> {
    Ok(CatalogDb::open(&places.cache.join("catalog.db"))?)
}

fn open_state(places: &EnginePlaces) -> Result<(StateDb, Cache, Stores), EngineError> {
    let state = StateDb::open(&places.state.join("state.db"))?;
    let cache = Cache::open(&places.cache.join("packages"), Timestamp::now())?;
    let stores = Stores::open(&places.state)?;
    Ok((state, cache, stores))
}

//! The player's verbs: install, update, remove, go back, share, look at a link.
//!
//! [`Engine`] is the one entry point. It owns the databases, the cache, the transfers and the deployments, and knows no
//! wire type and no window. What changes is told by [`Signal`]s, which carry names only; state is asked for.
//!
//! Order of locks and waits: one job at a time per place (`turn`), one change of settings or of what follows from them
//! at a time (`policy`), one renewal of what is offered at a time (`offers`); these are the only locks that are held
//! across an await, and never two of them but `turn` around the others.

mod adopt;
mod advice;
mod browse;
mod change;
mod changelog;
mod checks;
mod collections;
mod compare;
mod conduct;
mod contents;
mod disk;
mod drift;
mod error;
mod explain;
mod facts;
mod features;
mod games;
mod hashing;
mod homes;
mod jobs;
mod keeper;
mod keeping;
mod kept;
mod key_history;
mod keys;
mod known;
mod launch;
mod license;
mod lifecycle;
mod links;
mod lobby;
mod machine;
pub mod manners;
mod mend;
mod meter;
mod open;
mod opening;
mod overlay;
mod own_files;
mod packs;
mod payloads;
mod peers;
mod placing;
mod plan;
mod presets;
mod problem;
mod profiles;
mod progress;
mod prose;
mod queue_store;
mod recipe;
mod reuse;
mod rights;
mod room;
mod saves;
mod seeds;
mod settings;
mod settle;
mod shared;
mod sharing;
mod short_name;
mod signal;
mod source_error;
mod sources;
mod suggest;
mod timeline;
mod tree;
mod trust;
mod unpacked;
mod upkeep;
mod vanilla;
mod verify;
mod versions;
mod watching;
mod why;
mod workshop;

pub use adopt::{
    AdoptedView, AdoptionRequest, AdoptionView, ManagedProfile, ManagedProfileView, Manager, Yours, YoursView,
};
pub use advice::{AdviceView, AuditFinding, AuditView};
pub use browse::{Detail, Found, PackageStatus, Row, SearchQuery};
pub use change::{
    Action, ChangeRequest, ChooseFeature, Follow, Hold, Item, Key, RunsOn, Unattended, Urgent, Wish,
};
pub use changelog::{ChangesView, VersionChanges};
pub use collections::{
    CollectionAim, CollectionOffer, CollectionRequest, CollectionView, MemberState, MemberView,
};
pub use compare::FileTexts;
pub use conduct::LimitsView;
pub use contents::{ConflictPage, ConflictView, HandoverView, LoserView, OrderEntry, OrderPlan, OrderView};
pub use disk::{ArchiveSpace, DiskView, PlaceStorage, StoreSpace};
pub use drift::{Decision, DriftView, Keeping, OwnView};
pub use error::{CODES, EngineError, Fault};
pub use features::{FeatureView, PlanFeatures};
pub use games::{GameView, Taken};
pub use jobs::{JobKind, JobMember, JobView, Phase};
pub use kept::{Freed, KeptView, KeptWhy, RestoreKept};
pub use key_history::KeyPeriod;
pub use keys::{GivenKey, KeyView};
pub use launch::LaunchReport;
pub use lifecycle::RemovedView;
pub use links::LinkView;
pub use lobby::{
    GuestView, HostRequest, HostedView, JoinRequest, KnownHost, LOBBY_CODES, LobbiesView, LobbyAt,
    LobbyError, LobbyPhase, LobbyView, OptionalView, RollView,
};
pub use machine::{FoundGame, FoundInstallation, Processes, Senses};
pub use meter::{Figures, Totals};
pub use muster_catalog::query::{Mode as FacetMode, Sort};
pub use muster_catalog::{Field, Finding, GitStage, GitStep};
pub use muster_resolver::Strength;
pub use open::EnginePlaces;
pub use own_files::FileAt;
pub use packs::{
    PACK_CODES, PackAt, PackError, PackFileView, PackForm, PackMod, PackRequest, PackState, PackView, Refusal,
};
pub use peers::{ArchivePeers, PeerState, PeerView, Via};
pub use plan::{PlanItem, PlanOffer, PlanView};
pub use presets::{PresetAnswer, PresetGame, PresetView};
pub use problem::{Explanation, Problem, Reason};
pub use profiles::{EntryView, GenerationView, NewProfile, ProfileDetail, ProfilePatch, ProfileView};
pub use progress::{Group, Progress, Sum};
pub use room::{RoomItem, RoomRequest, RoomView};
pub use saves::{SAVES_CODES, SavesError, SavesPatch, SavesRules, SavesView, SavesWhen, SnapshotView};
pub use seeds::{NotOffered, Pin, SeedView};
pub use settings::{RulesPatch, Settings, SettingsPatch, Sharing, Theme};
pub use shared::{FollowedView, NeededSource, Others, Shared, SharedAt, SharedRequest, SharedView};
pub use signal::Signal;
pub use source_error::{SOURCE_CODES, SourceError};
pub use sources::{SourceAnswer, SourceOffer, SourcePatch, SourceStatus, SourceView};
pub use suggest::TrendView;
pub use timeline::{DifferenceView, Policy};
pub use trust::{TrustView, words};
pub use upkeep::{
    Skip, Subscription, SubscriptionView, UpdatePolicy, UpkeepItem, UpkeepPatch, UpkeepState, UpkeepView,
};
pub use vanilla::VanillaView;
pub use verify::{FileFinding, VerifyReport};
pub use why::{WhyStep, WhyView};

/// How files of packages get to a place.
pub use muster_cache::Way;
/// What crosses from the deployments unchanged.
pub use muster_deploy::{Departure, Spot};
/// What runs on the machine, and what it is doing.
pub use muster_deploy::{OrderReason, OrderStep, WinReason};
pub use muster_games::{Definition, LoadOrder, Origin, Process};
/// Where keys of the player's lie.
pub use muster_keyring::{Keyring, Place as KeyPlace};
/// What a host says of those who joined.
pub use muster_registry::{GuestStep, RollEntry};
pub use muster_surroundings::{Surroundings, Watcher};
/// What crosses from the transfers unchanged.
pub use muster_transfer::{
    Phase as TransferPhase, Snapshot as TransferSnapshot, TransferView, queue::Wait as TransferWait,
};

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use muster_cache::{Cache, Stores};
use muster_catalog::Catalog;
use muster_domain::{JobId, Sha256};
use muster_store::StateDb;
use muster_transfer::Transfers;
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use conduct::Conduct;
use jobs::Board;
use keeper::Repairs;
use keys::Keyholder;
use known::Known;
use lobby::{Lobbies, OwnKeys};
use machine::Machine;
use meter::Meter;
use opening::Openings;
use rights::Rights;
use signal::Signals;
use unpacked::Unpacked;
use upkeep::Upkeeping;
use watching::Watching;

/// The service's heart. Clones share everything.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    places: EnginePlaces,
    state: Arc<StateDb>,
    catalog: Catalog,
    cache: Cache,
    stores: Stores,
    transfers: Transfers,
    machine: Machine,
    board: Board,
    signals: Signals,
    settings: RwLock<Settings>,
    closing: CancellationToken,
    tasks: TaskTracker,
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    conduct: Conduct,
    /// Held while settings, or what they allow, are brought up to date; never for long.
    policy: tokio::sync::Mutex<()>,
    /// Held while it is found out what can be offered.
    offering: tokio::sync::Mutex<()>,
    /// Held while it is read and told which trees and texts are needed; blocking threads only.
    leases: Mutex<()>,
    /// Wakes the task that looks after the cache.
    keep: Arc<tokio::sync::Notify>,
    /// What the player is told about the cache.
    notice: Mutex<Option<Reason>>,
    rights: Rights,
    /// What the transfers were told to offer; changed only with `policy` held.
    offers: Mutex<BTreeSet<Sha256>>,
    repairs: Repairs,
    meter: Meter,
    watching: Watching,
    openings: Openings,
    unpacked: Unpacked,
    known: Known,
    /// Held while it is written down what profiles follow.
    following: tokio::sync::Mutex<()>,
    lobbies: Lobbies,
    upkeeping: Upkeeping,
    keys: Arc<Keyholder>,
    own_keys: OwnKeys,
    /// How the folders that are sources looked last.
    folders: own_files::Folders,
}

/// How much is known and kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Packages in the catalog.
    pub packages: u64,
    /// Bytes of archives.
    pub cache_used: u64,
}

impl Engine {
    pub(crate) fn state(&self) -> &StateDb {
        &self.inner.state
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.inner.cache
    }

    pub(crate) fn stores(&self) -> &Stores {
        &self.inner.stores
    }

    pub(crate) fn transfers(&self) -> &Transfers {
        &self.inner.transfers
    }

    pub(crate) fn machine(&self) -> &Machine {
        &self.inner.machine
    }

    pub(crate) fn board(&self) -> &Board {
        &self.inner.board
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.inner.closing
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.inner.closing.is_cancelled()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        if matches!(signal, Signal::Catalog(_)) {
            self.inner.known.forget();
        }
        self.inner.signals.send(signal);
    }

    /// Runs a task that the engine waits for when it closes.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.tasks.spawn(task);
    }

    /// The turn of everything that is deployed to one place.
    pub(crate) fn turn(&self, place: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.inner.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(place.to_owned()).or_default().clone()
    }

    /// Notices of what changed, from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.inner.signals.subscribe()
    }

    /// The number of the newest change.
    pub fn last_change(&self) -> u64 {
        self.inner.signals.last_change()
    }

    /// A number for a change that is being made.
    pub fn next_change(&self) -> u64 {
        self.inner.signals.next_change()
    }

    /// How much is known and kept.
    pub async fn usage(&self) -> Usage {
        let engine = self.clone();
        let used = jobs::blocking(move || Ok(engine.cache().usage()?)).await;
        let packages = match self.catalog().health(jiff::Timestamp::now()).await {
            Ok(sources) => sources.iter().map(|source| source.packages).sum(),
            Err(_) => 0,
        };
        Usage { packages, cache_used: used.map(|used| used.archive_bytes).unwrap_or_default() }
    }

    /// Unfinished jobs and the last ended ones, newest first.
    pub fn jobs(&self) -> Vec<JobView> {
        self.board().all()
    }

    pub fn job(&self, id: JobId) -> Result<JobView, EngineError> {
        self.board().get(id).ok_or(EngineError::UnknownJob(id))
    }

    /// Asks a job to stop at the next safe point.
    pub fn cancel_job(&self, id: JobId) -> Result<(), EngineError> {
        match self.board().cancel(id) {
            Some(true) => Ok(()),
            Some(false) => Err(EngineError::TooLate),
            None => Err(EngineError::UnknownJob(id)),
        }
    }
}

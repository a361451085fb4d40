//! What is kept and offered, as the player sees it: what, how large, why kept, whether offered and why not, what it
//! gave; and what the player can say about it: keep, do not offer.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use muster_cache::{ArchiveInfo, Protection};
use muster_domain::{Sha256, Version};
use muster_store::state::Seed;
use muster_transfer::Snapshot;

use crate::{Engine, EngineError, Key, Reason, Settings, rights::Right};

/// An archive that is kept.
#[derive(Clone, Debug)]
pub struct SeedView {
    pub sha256: Sha256,
    /// Which package it is, where that is known.
    pub key: Option<Key>,
    pub version: Option<Version>,
    /// Title and version, or the short hash.
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub is_offered: bool,
    /// Why it is not offered, if it is not.
    pub reason: Option<Reason>,
    /// Why it is kept, most important first.
    pub kept: Vec<Reason>,
    pub last_used: Timestamp,
    /// When it goes if nothing uses it until then.
    pub expires: Option<Timestamp>,
    /// Bytes given to others.
    pub given: u64,
    /// Connected peers.
    pub peers: u32,
    /// Other complete copies in the swarm, if anybody asked.
    pub other_seeders: Option<u32>,
    pub is_pinned: bool,
    pub is_paused: bool,
    /// Its bytes are known to be right; otherwise they are being checked.
    pub is_checked: bool,
}

/// Why an archive is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOffered {
    /// The manners hold everything back; their code says why.
    Held(&'static str),
    SeedingPaused,
    /// It cannot be listened for peers.
    Failed,
    Paused,
    Checking,
    NotAllowed,
    Yanked,
    AdvisedAgainst,
    Unknown,
    /// It will be, in a moment.
    Soon,
}

impl NotOffered {
    /// Stable code; the sentence is looked up by it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held(code) => code,
            Self::SeedingPaused => "sharing-seeding-paused",
            Self::Failed => "sharing-failed",
            Self::Paused => "sharing-paused",
            Self::Checking => "sharing-checking",
            Self::NotAllowed => "sharing-not-allowed",
            Self::Yanked => "sharing-yanked",
            Self::AdvisedAgainst => "sharing-advised-against",
            Self::Unknown => "sharing-unknown",
            Self::Soon => "sharing-soon",
        }
    }

    /// Every code but those of the manners.
    pub const CODES: &[&str] = &[
        "sharing-seeding-paused",
        "sharing-failed",
        "sharing-paused",
        "sharing-checking",
        "sharing-not-allowed",
        "sharing-yanked",
        "sharing-advised-against",
        "sharing-unknown",
        "sharing-soon",
    ];
}

/// What the views are made from.
pub(crate) struct Books {
    named: BTreeMap<Sha256, Seed>,
    /// Names of the profiles that use an archive.
    users: BTreeMap<Sha256, BTreeSet<String>>,
    snapshot: Arc<Snapshot>,
    settings: Settings,
    /// Why the manners let nothing be shared, if they do not.
    held: Option<&'static str>,
    now: Timestamp,
}

impl Books {
    /// What an archive is called.
    pub fn name(&self, sha256: &Sha256) -> String {
        match (self.named.get(sha256), self.snapshot.get(sha256)) {
            (Some(seed), _) => format!("{} {}", seed.archive.title, seed.archive.version),
            (None, Some(transfer)) => transfer.name.clone(),
            (None, None) => sha256.short(),
        }
    }

    /// Why an archive is kept.
    pub fn kept(&self, info: &ArchiveInfo) -> Vec<Reason> {
        let mut kept = Vec::new();
        if info.protection == Protection::Needed {
            kept.push(Reason::new("kept-needed"));
        }
        if self.named.get(&info.sha256).is_some_and(|seed| seed.is_pinned) {
            kept.push(Reason::new("kept-pinned"));
        }
        if let Some(users) = self.users.get(&info.sha256) {
            let names = users.iter().cloned().collect::<Vec<_>>().join(", ");
            kept.push(Reason::new("kept-installed").with("profiles", names));
        }
        if info.protection == Protection::LastCopy {
            let others = info.other_seeders.unwrap_or_default();
            kept.push(Reason::new("kept-last-copy").with("others", others));
        }
        if let (true, Some(expires)) = (kept.is_empty(), self.expires(info)) {
            let hours = expires.duration_since(self.now).as_hours().max(0);
            kept.push(Reason::new("kept-for-now").with("days", (hours + 23) / 24));
        }
        kept
    }

    fn expires(&self, info: &ArchiveInfo) -> Option<Timestamp> {
        let ttl = SignedDuration::from_hours(24 * i64::from(self.settings.archive_days));
        let is_free = info.protection == Protection::None;
        is_free.then(|| info.last_used.checked_add(ttl).unwrap_or(Timestamp::MAX))
    }

    /// What keeps everything from being offered.
    fn held_back(&self) -> Option<NotOffered> {
        match self.held {
            Some(code) => Some(NotOffered::Held(code)),
            None if self.settings.seeding_paused => Some(NotOffered::SeedingPaused),
            None if self.snapshot.sharing.failure.is_some() => Some(NotOffered::Failed),
            None => None,
        }
    }
}

impl Engine {
    pub(crate) async fn kept_books(&self) -> Result<Books, EngineError> {
        let named = self.state().seeds().all().await?.into_iter();
        let mut users: BTreeMap<Sha256, BTreeSet<String>> = BTreeMap::new();
        for profile in self.state().profiles().all().await? {
            for package in profile.lock.packages.iter().filter(|package| package.enabled) {
                users.entry(package.archive.sha256).or_default().insert(profile.name.clone());
            }
        }
        Ok(Books {
            named: named.map(|seed| (seed.archive.sha256, seed)).collect(),
            users,
            snapshot: self.transfer_snapshot(),
            settings: self.settings(),
            held: self.conduct().verdict().why_not_shared(),
            now: Timestamp::now(),
        })
    }

    /// What an archive is called.
    pub(crate) async fn kept_name(&self, sha256: &Sha256) -> String {
        match self.state().seeds().get(*sha256).await {
            Ok(Some(seed)) => format!("{} {}", seed.archive.title, seed.archive.version),
            _ => sha256.short(),
        }
    }

    /// Archives that are kept, largest first.
    pub async fn seeds(&self) -> Result<Vec<SeedView>, EngineError> {
        let books = self.kept_books().await?;
        let kept = self.cache().archives();
        self.judge(&books.named.values().cloned().collect::<Vec<_>>()).await?;
        let mut views: Vec<SeedView> = kept.iter().map(|info| self.seed(&books, info)).collect();
        views.sort_by_key(|view| (std::cmp::Reverse(view.size), view.sha256));
        Ok(views)
    }

    fn seed(&self, books: &Books, info: &ArchiveInfo) -> SeedView {
        let sha256 = info.sha256;
        let named = books.named.get(&sha256);
        let offered = books.snapshot.sharing.seeds.iter().find(|seed| seed.sha256 == sha256);
        let is_offered = offered.is_some_and(|seed| seed.is_offered);
        let reason = match is_offered {
            true => None,
            false => Some(Reason::new(self.why_not_offered(books, info).code())),
        };
        SeedView {
            sha256,
            key: named
                .map(|seed| Key { source: seed.archive.source.clone(), id: seed.archive.package.clone() }),
            version: named.map(|seed| seed.archive.version.clone()),
            name: books.name(&sha256),
            size: info.size,
            is_offered,
            reason,
            kept: books.kept(info),
            last_used: info.last_used,
            expires: books.expires(info),
            given: info.served,
            peers: offered.map_or(0, |seed| seed.peers),
            other_seeders: info.other_seeders,
            is_pinned: named.is_some_and(|seed| seed.is_pinned),
            is_paused: named.is_some_and(|seed| seed.is_paused),
            is_checked: info.is_verified,
        }
    }

    fn why_not_offered(&self, books: &Books, info: &ArchiveInfo) -> NotOffered {
        let Some(seed) = books.named.get(&info.sha256) else { return NotOffered::Unknown };
        match (self.inner.rights.get(&info.sha256), books.held_back()) {
            // What no setting changes comes first: it stays true whatever the player chooses.
            (Right::NotAllowed, _) => NotOffered::NotAllowed,
            (Right::Yanked, _) => NotOffered::Yanked,
            _ if self.is_kept_despite_advice(&seed.archive) => NotOffered::AdvisedAgainst,
            (_, Some(held_back)) => held_back,
            (_, None) if seed.is_paused => NotOffered::Paused,
            (_, None) if !info.is_verified => NotOffered::Checking,
            (Right::Unknown, None) => NotOffered::Unknown,
            (Right::Granted(_), None) => NotOffered::Soon,
        }
    }

    /// Keeps an archive whatever else has to go, or lets it go again.
    pub async fn pin_seed(&self, sha256: Sha256, pin: Pin) -> Result<(), EngineError> {
        self.known_kept(&sha256).await?;
        match pin {
            Pin::Keep => self.state().seeds().pin(sha256).await?,
            Pin::LetGo => self.state().seeds().unpin(sha256).await?,
        }
        self.declare_pins().await?;
        self.keep_soon();
        Ok(())
    }

    /// Stops offering an archive, or all of them, until it is resumed; downloads go on.
    pub async fn pause_seeds(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => {
                self.known_kept(&sha256).await?;
                self.state().seeds().pause(sha256).await?;
                self.refresh_sharing().await;
                Ok(())
            }
            None => self.set_seeding_paused(true).await,
        }
    }

    /// Takes [`Self::pause_seeds`] back.
    pub async fn resume_seeds(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => {
                self.known_kept(&sha256).await?;
                self.state().seeds().resume(sha256).await?;
                self.refresh_sharing().await;
                Ok(())
            }
            None => self.set_seeding_paused(false).await,
        }
    }

    async fn known_kept(&self, sha256: &Sha256) -> Result<(), EngineError> {
        self.remember_kept().await?;
        match self.state().seeds().get(*sha256).await? {
            Some(_) => Ok(()),
            None => Err(EngineError::UnknownArchive(*sha256)),
        }
    }
}

/// Whether the player wants an archive kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    Keep,
    LetGo,
}

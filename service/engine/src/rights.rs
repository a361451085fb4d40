//! Whether an archive that is kept may be passed on: what its publisher signed, looked at once and remembered, also over
//! a restart, until its source says something new.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use muster_catalog::Fact;
use muster_domain::{Sha1, Sha256, SourceId};
use muster_registry::{Target, layout::Sibling};
use muster_store::state::{NewSeed, Seed};
use muster_transfer::TorrentSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Engine, EngineError, license::may_pass_on};

/// Longest time that sources are asked in one go.
const LONGEST_ASKING: Duration = Duration::from_secs(60);

/// What is known about passing an archive on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Right {
    /// It may be, as the signed torrent describes it, if there is one.
    Granted(Option<Box<TorrentAt>>),
    /// Neither publisher nor licence allow it.
    NotAllowed,
    /// The publisher withdrew the version.
    Yanked,
    /// Its source is gone or was not asked yet; unknown means no.
    Unknown,
}

/// Where an archive's signed torrent is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TorrentAt {
    path: String,
    file: String,
    size: u64,
    sha256: Sha256,
    info_hash: Sha1,
}

impl Right {
    pub fn of(fact: &Fact) -> Self {
        let release = &fact.release;
        match () {
            // Nobody else can tell the right bytes from wrong ones (`product.md` §5).
            () if !release.vouched.is_source() => Self::NotAllowed,
            () if !may_pass_on(release.redistribute, release.license.as_deref()) => Self::NotAllowed,
            () if release.yanked.is_some() => Self::Yanked,
            () => Self::Granted(torrent_at(fact).map(Box::new)),
        }
    }

    pub fn is_granted(&self) -> bool {
        matches!(self, Self::Granted(_))
    }
}

fn torrent_at(fact: &Fact) -> Option<TorrentAt> {
    let signed = fact.signed.as_deref()?;
    let artifact = signed.custom.torrent_file.as_ref()?;
    let info_hash = fact.release.torrent?.info_hash;
    let Target { path, file, size, sha256 } = signed.sibling(Sibling::TorrentFile, artifact);
    Some(TorrentAt { path, file, size, sha256, info_hash })
}

/// Who was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Everything is known.
    Nobody,
    Sources,
}

/// Rights that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Rights(Mutex<HashMap<Sha256, Right>>);

impl Rights {
    fn known(&self) -> MutexGuard<'_, HashMap<Sha256, Right>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known, without asking anybody.
    pub fn get(&self, sha256: &Sha256) -> Right {
        self.known().get(sha256).cloned().unwrap_or(Right::Unknown)
    }

    fn is_known(&self, sha256: &Sha256) -> bool {
        self.known().contains_key(sha256)
    }

    fn set(&self, sha256: Sha256, right: Right) {
        self.known().insert(sha256, right);
    }
}

impl Engine {
    /// A source says something new: what may be passed on of it is looked at again.
    pub(crate) async fn rights_changed(&self, source: &SourceId) {
        if let Err(error) = self.state().seeds().unjudge(source).await {
            tracing::warn!(%source, %error, "what may be shared cannot be looked at again");
        }
        self.inner.rights.known().clear();
        self.keep_soon();
    }

    /// Judges what is here by what is stored; never waits for a source. What is stored was verified when it came, so
    /// that a restart without a network resumes everything.
    pub(crate) async fn judge(&self, seeds: &[Seed]) -> Result<(), EngineError> {
        let mut judged = Vec::new();
        for Seed { archive, right, .. } in seeds {
            let sha256 = archive.sha256;
            if !self.cache().contains(&sha256) || self.inner.rights.is_known(&sha256) {
                continue;
            }
            let known = right.as_ref().and_then(|right| serde_json::from_value(right.clone()).ok());
            if let Some(known) = known {
                self.inner.rights.set(sha256, known);
            } else if let Ok(facts) = self.catalog().stored_facts(&archive.source, &archive.package).await {
                judged.extend(self.note_right(archive, &facts));
            }
        }
        self.write_rights(judged).await
    }

    async fn write_rights(&self, judged: Vec<(Sha256, Value)>) -> Result<(), EngineError> {
        if judged.is_empty() {
            return Ok(());
        }
        Ok(self.state().seeds().judge(judged).await?)
    }

    /// Remembers what the facts say about an archive, and gives it as it is written down.
    fn note_right(&self, archive: &NewSeed, facts: &[Fact]) -> Option<(Sha256, Value)> {
        let fact = facts.iter().find(|fact| fact.release.archive.sha256 == archive.sha256)?;
        let right = Right::of(fact);
        let written = serde_json::to_value(&right).ok()?;
        self.inner.rights.set(archive.sha256, right);
        Some((archive.sha256, written))
    }

    /// Asks the sources of kept archives about which nothing is stored here, for a while.
    pub(crate) async fn ask_sources(&self) -> Result<Asked, EngineError> {
        let mut unknown: Vec<NewSeed> =
            self.state().seeds().all().await?.into_iter().map(|seed| seed.archive).collect();
        unknown.retain(|archive| {
            self.cache().contains(&archive.sha256) && !self.inner.rights.is_known(&archive.sha256)
        });
        if unknown.is_empty() {
            return Ok(Asked::Nobody);
        }
        let mut judged = Vec::new();
        let asking = async {
            for archive in unknown {
                let facts = self.catalog().facts(&archive.source, &archive.package, Timestamp::now()).await;
                match facts {
                    Ok(facts) => judged.extend(self.note_right(&archive, &facts)),
                    Err(error) => {
                        tracing::info!(package = %archive.package, %error, "it is not known whether it may be shared");
                    }
                }
            }
        };
        if tokio::time::timeout(LONGEST_ASKING, asking).await.is_err() {
            tracing::info!("not every source has said what may be shared; it is asked again later");
        }
        self.write_rights(judged).await?;
        Ok(Asked::Sources)
    }

    /// The signed torrent of an archive; what cannot be had is made from the archive's bytes by the transfers.
    pub(crate) async fn torrent_of(&self, archive: &NewSeed, at: &TorrentAt) -> Option<TorrentSpec> {
        let TorrentAt { path, file, size, sha256, .. } = at;
        let target = Target { path: path.clone(), file: file.clone(), size: *size, sha256: *sha256 };
        let metainfo = self.small_file(&archive.source, &target).await?;
        Some(TorrentSpec { metainfo: metainfo.into(), info_hash: at.info_hash })
    }
}
